-- state: draft, open, closed, archived; an open one takes answers between its dates. Whoever changes a campaign says which
-- revision they saw.
ALTER TABLE campaign ADD COLUMN state text NOT NULL DEFAULT 'open';
ALTER TABLE campaign ADD COLUMN revision bigint NOT NULL DEFAULT 0;

-- Checked questionnaire files that are not yet published. A published version never changes; a draft of it may.
CREATE TABLE questionnaire_draft (
    id text NOT NULL,
    version text NOT NULL,
    document jsonb NOT NULL,
    uploaded_at timestamptz NOT NULL,
    uploaded_by uuid REFERENCES account (id),
    PRIMARY KEY (id, version)
);

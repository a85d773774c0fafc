-- state: draft, open, closed, archived; an open one takes answers between its dates. Whoever changes a campaign says which
-- revision they saw.
ALTER TABLE campaign ADD COLUMN state TEXT NOT NULL DEFAULT 'open';
ALTER TABLE campaign ADD COLUMN revision INTEGER NOT NULL DEFAULT 0;

-- Checked questionnaire files that are not yet published. A published version never changes; a draft of it may.
CREATE TABLE questionnaire_draft (
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    document TEXT NOT NULL,
    uploaded_at TEXT NOT NULL,
    uploaded_by BLOB REFERENCES account (id),
    PRIMARY KEY (id, version)
) STRICT;

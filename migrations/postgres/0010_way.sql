-- Warnings about a submission's answers (instrument §6), and why they are right all the same; no reason: not said.
CREATE TABLE finding (
    submission_id uuid NOT NULL REFERENCES submission (id),
    check_id text NOT NULL,
    reason text,
    PRIMARY KEY (submission_id, check_id)
);

-- full, or quick: only the core items are asked for now. Only full assessments are submitted.
ALTER TABLE assessment ADD COLUMN kind text NOT NULL DEFAULT 'full';

-- What an enterprise decided about an action of its plan; state is accepted, postponed or done. due_on is a date.
CREATE TABLE action (
    id uuid PRIMARY KEY NOT NULL,
    enterprise_id uuid NOT NULL REFERENCES enterprise (id),
    questionnaire_id text NOT NULL,
    item_id text NOT NULL,
    level_then bigint NOT NULL,
    state text NOT NULL,
    reason text,
    person text,
    due_on text,
    decided_at timestamptz NOT NULL,
    decided_by uuid NOT NULL REFERENCES account (id),
    UNIQUE (enterprise_id, questionnaire_id, item_id)
);
CREATE INDEX action_item ON action (questionnaire_id, item_id, state);

-- A link that shows level and date of one assessment to whoever has it; only the SHA-256 of its token is kept.
CREATE TABLE share_link (
    id uuid PRIMARY KEY NOT NULL,
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    token_hash bytea NOT NULL UNIQUE,
    label text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES account (id),
    expires_at timestamptz NOT NULL,
    revoked_at timestamptz,
    views bigint NOT NULL
);
CREATE INDEX share_link_assessment ON share_link (assessment_id, id);

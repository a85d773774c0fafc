-- Warnings about a submission's answers (instrument §6), and why they are right all the same; no reason: not said.
CREATE TABLE finding (
    submission_id BLOB NOT NULL REFERENCES submission (id),
    check_id TEXT NOT NULL,
    reason TEXT,
    PRIMARY KEY (submission_id, check_id)
) STRICT;

-- full, or quick: only the core items are asked for now. Only full assessments are submitted.
ALTER TABLE assessment ADD COLUMN kind TEXT NOT NULL DEFAULT 'full';

-- What an enterprise decided about an action of its plan; state is accepted, postponed or done. due_on is a date.
CREATE TABLE action (
    id BLOB PRIMARY KEY NOT NULL,
    enterprise_id BLOB NOT NULL REFERENCES enterprise (id),
    questionnaire_id TEXT NOT NULL,
    item_id TEXT NOT NULL,
    level_then INTEGER NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    person TEXT,
    due_on TEXT,
    decided_at TEXT NOT NULL,
    decided_by BLOB NOT NULL REFERENCES account (id),
    UNIQUE (enterprise_id, questionnaire_id, item_id)
) STRICT;
CREATE INDEX action_item ON action (questionnaire_id, item_id, state);

-- A link that shows level and date of one assessment to whoever has it; only the SHA-256 of its token is kept.
CREATE TABLE share_link (
    id BLOB PRIMARY KEY NOT NULL,
    assessment_id BLOB NOT NULL REFERENCES assessment (id),
    token_hash BLOB NOT NULL UNIQUE,
    label TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES account (id),
    expires_at TEXT NOT NULL,
    revoked_at TEXT,
    views INTEGER NOT NULL
) STRICT;
CREATE INDEX share_link_assessment ON share_link (assessment_id, id);

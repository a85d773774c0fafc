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

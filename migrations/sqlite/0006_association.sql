-- Associations and who let them see what. four_eyes: whoever takes a submission up may not accept it.
CREATE TABLE association (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL UNIQUE,
    name_sort TEXT NOT NULL,
    four_eyes INTEGER NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX association_name_sort ON association (name_sort, id);

ALTER TABLE account ADD COLUMN association_id BLOB REFERENCES association (id);
CREATE INDEX account_association ON account (association_id);

-- A consent of purpose 'association' says which one.
ALTER TABLE consent ADD COLUMN association_id BLOB REFERENCES association (id);

-- By tax code: an enterprise that registers after it was invited finds the invitation. name and email are what the
-- association wrote down; nothing of the enterprise is seen before state is 'agreed'.
CREATE TABLE membership (
    id BLOB PRIMARY KEY NOT NULL,
    association_id BLOB NOT NULL REFERENCES association (id),
    tax_code TEXT NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    state TEXT NOT NULL,
    invited_at TEXT NOT NULL,
    invited_by BLOB NOT NULL REFERENCES account (id),
    decided_at TEXT,
    decided_by BLOB REFERENCES account (id),
    text_version TEXT,
    stopped_at TEXT,
    UNIQUE (association_id, tax_code)
) STRICT;
CREATE INDEX membership_association ON membership (association_id, id);
CREATE INDEX membership_tax_code ON membership (tax_code);

-- version: number of the last submission; active_at: the last thing that happened besides a save.
ALTER TABLE assessment ADD COLUMN version INTEGER NOT NULL DEFAULT 0;
ALTER TABLE assessment ADD COLUMN active_at TEXT;
ALTER TABLE assessment ADD COLUMN open_questions INTEGER NOT NULL DEFAULT 0;
UPDATE assessment SET version = (SELECT count(*) FROM submission s WHERE s.assessment_id = assessment.id),
    active_at = (SELECT max(s.submitted_at) FROM submission s WHERE s.assessment_id = assessment.id);
CREATE INDEX assessment_queue ON assessment (campaign_id, state, active_at, id);

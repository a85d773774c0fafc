-- Associations and who let them see what. four_eyes: whoever takes a submission up may not accept it.
CREATE TABLE association (
    id uuid PRIMARY KEY NOT NULL,
    name text NOT NULL UNIQUE,
    name_sort text COLLATE "C" NOT NULL,
    four_eyes boolean NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX association_name_sort ON association (name_sort, id);

ALTER TABLE account ADD COLUMN association_id uuid REFERENCES association (id);
CREATE INDEX account_association ON account (association_id);

-- A consent of purpose 'association' says which one.
ALTER TABLE consent ADD COLUMN association_id uuid REFERENCES association (id);

-- By tax code: an enterprise that registers after it was invited finds the invitation. name and email are what the
-- association wrote down; nothing of the enterprise is seen before state is 'agreed'.
CREATE TABLE membership (
    id uuid PRIMARY KEY NOT NULL,
    association_id uuid NOT NULL REFERENCES association (id),
    tax_code text NOT NULL,
    name text NOT NULL,
    email text,
    state text NOT NULL,
    invited_at timestamptz NOT NULL,
    invited_by uuid NOT NULL REFERENCES account (id),
    decided_at timestamptz,
    decided_by uuid REFERENCES account (id),
    text_version text,
    stopped_at timestamptz,
    UNIQUE (association_id, tax_code)
);
CREATE INDEX membership_association ON membership (association_id, id);
CREATE INDEX membership_tax_code ON membership (tax_code);

-- version: number of the last submission; active_at: the last thing that happened besides a save.
ALTER TABLE assessment ADD COLUMN version bigint NOT NULL DEFAULT 0;
ALTER TABLE assessment ADD COLUMN active_at timestamptz;
ALTER TABLE assessment ADD COLUMN open_questions bigint NOT NULL DEFAULT 0;
UPDATE assessment SET version = (SELECT count(*) FROM submission s WHERE s.assessment_id = assessment.id),
    active_at = (SELECT max(s.submitted_at) FROM submission s WHERE s.assessment_id = assessment.id);
CREATE INDEX assessment_queue ON assessment (campaign_id, state, active_at, id);

-- Who reviews the last submission, and what the reviewed levels make of it.
ALTER TABLE assessment ADD COLUMN reviewer_id uuid REFERENCES account (id);
ALTER TABLE submission ADD COLUMN reviewed_overall double precision;
ALTER TABLE submission ADD COLUMN reviewed_level bigint;

-- A question to the enterprise about one of its answers (about: a question id of the questionnaire).
CREATE TABLE question (
    id uuid PRIMARY KEY NOT NULL,
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    about text NOT NULL,
    opened_at timestamptz NOT NULL,
    closed_at timestamptz
);
CREATE INDEX question_assessment ON question (assessment_id, id);

-- Everything that was said and done, in one line of time; rows are only inserted. kind: taken, question, comment, closed,
-- rated, note, evidence, returned, accepted. number: the submission that was the last one then.
CREATE TABLE review_entry (
    id uuid PRIMARY KEY NOT NULL,
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    number bigint NOT NULL,
    kind text NOT NULL,
    about text,
    question_id uuid REFERENCES question (id),
    level bigint,
    text text NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    at timestamptz NOT NULL
);
CREATE INDEX review_entry_assessment ON review_entry (assessment_id, id);

-- file: the random name under which it lies in the data folder; name: what the enterprise called it.
CREATE TABLE evidence (
    id uuid PRIMARY KEY NOT NULL,
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    about text NOT NULL,
    file text NOT NULL UNIQUE,
    name text NOT NULL,
    media text NOT NULL,
    bytes bigint NOT NULL,
    uploaded_by uuid NOT NULL REFERENCES account (id),
    uploaded_at timestamptz NOT NULL
);
CREATE INDEX evidence_assessment ON evidence (assessment_id, id);

-- Who reviews the last submission, and what the reviewed levels make of it.
ALTER TABLE assessment ADD COLUMN reviewer_id BLOB REFERENCES account (id);
ALTER TABLE submission ADD COLUMN reviewed_overall REAL;
ALTER TABLE submission ADD COLUMN reviewed_level INTEGER;

-- A question to the enterprise about one of its answers (about: a question id of the questionnaire).
CREATE TABLE question (
    id BLOB PRIMARY KEY NOT NULL,
    assessment_id BLOB NOT NULL REFERENCES assessment (id),
    about TEXT NOT NULL,
    opened_at TEXT NOT NULL,
    closed_at TEXT
) STRICT;
CREATE INDEX question_assessment ON question (assessment_id, id);

-- Everything that was said and done, in one line of time; rows are only inserted. kind: taken, question, comment, closed,
-- rated, note, evidence, returned, accepted. number: the submission that was the last one then.
CREATE TABLE review_entry (
    id BLOB PRIMARY KEY NOT NULL,
    assessment_id BLOB NOT NULL REFERENCES assessment (id),
    number INTEGER NOT NULL,
    kind TEXT NOT NULL,
    about TEXT,
    question_id BLOB REFERENCES question (id),
    level INTEGER,
    text TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    at TEXT NOT NULL
) STRICT;
CREATE INDEX review_entry_assessment ON review_entry (assessment_id, id);

-- file: the random name under which it lies in the data folder; name: what the enterprise called it.
CREATE TABLE evidence (
    id BLOB PRIMARY KEY NOT NULL,
    assessment_id BLOB NOT NULL REFERENCES assessment (id),
    about TEXT NOT NULL,
    file TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    media TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    uploaded_by BLOB NOT NULL REFERENCES account (id),
    uploaded_at TEXT NOT NULL
) STRICT;
CREATE INDEX evidence_assessment ON evidence (assessment_id, id);

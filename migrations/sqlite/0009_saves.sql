-- Background saves that were stored, by the key that the browser gave them: a save that is sent again, because its
-- answer was lost on the way, is answered as it was the first time.
CREATE TABLE save (
    assessment_id BLOB NOT NULL REFERENCES assessment (id),
    key BLOB NOT NULL,
    revision INTEGER NOT NULL,
    at TEXT NOT NULL,
    PRIMARY KEY (assessment_id, key)
) STRICT;

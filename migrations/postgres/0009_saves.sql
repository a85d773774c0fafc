-- Background saves that were stored, by the key that the browser gave them: a save that is sent again, because its
-- answer was lost on the way, is answered as it was the first time.
CREATE TABLE save (
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    key uuid NOT NULL,
    revision bigint NOT NULL,
    at timestamptz NOT NULL,
    PRIMARY KEY (assessment_id, key)
);

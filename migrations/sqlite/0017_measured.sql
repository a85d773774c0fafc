-- The values of the indicators of the last submission of each assessment, computed once, so that a release does not score a
-- province anew. It can be thrown away: whatever is missing or of another version is computed again.
CREATE TABLE measured (
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    enterprise_id BLOB NOT NULL REFERENCES enterprise (id),
    assessment_id BLOB NOT NULL REFERENCES assessment (id),
    submission_id BLOB NOT NULL REFERENCES submission (id),
    number INTEGER NOT NULL,
    version TEXT NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (campaign_id, enterprise_id)
) STRICT, WITHOUT ROWID;

-- Submissions whose values are still to be computed.
CREATE TABLE unmeasured (
    submission_id BLOB PRIMARY KEY NOT NULL REFERENCES submission (id)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER submission_unmeasured AFTER INSERT ON submission
BEGIN
    INSERT INTO unmeasured (submission_id) VALUES (NEW.id);
END;

INSERT INTO unmeasured (submission_id) SELECT id FROM submission;

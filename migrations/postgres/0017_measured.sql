-- The values of the indicators of the last submission of each assessment, computed once, so that a release does not score a
-- province anew. It can be thrown away: whatever is missing or of another version is computed again.
CREATE TABLE measured (
    campaign_id uuid NOT NULL REFERENCES campaign (id),
    enterprise_id uuid NOT NULL REFERENCES enterprise (id),
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    submission_id uuid NOT NULL REFERENCES submission (id),
    number bigint NOT NULL,
    version text NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (campaign_id, enterprise_id)
);

-- Submissions whose values are still to be computed.
CREATE TABLE unmeasured (
    submission_id uuid PRIMARY KEY NOT NULL REFERENCES submission (id)
);

CREATE FUNCTION submission_unmeasured() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO unmeasured (submission_id) VALUES (NEW.id);
    RETURN NULL;
END
$$;
CREATE TRIGGER submission_unmeasured AFTER INSERT ON submission FOR EACH ROW EXECUTE FUNCTION submission_unmeasured();

INSERT INTO unmeasured (submission_id) SELECT id FROM submission;

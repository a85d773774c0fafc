-- What lists of an association are sorted and filtered by, beside its members: they need not look every member up in the
-- tables of the whole province. It is there as long as the enterprise agrees. Triggers keep it, whoever changes what.
ALTER TABLE membership ADD COLUMN enterprise_name text;
ALTER TABLE membership ADD COLUMN name_sort text COLLATE "C";
ALTER TABLE membership ADD COLUMN name_search text;
ALTER TABLE membership ADD COLUMN industry_code text;
CREATE INDEX membership_name ON membership (association_id, state, name_sort, id);

-- begun: whether it was more than opened. overall and level are those of the last submission.
CREATE TABLE member_progress (
    membership_id uuid NOT NULL REFERENCES membership (id) ON DELETE CASCADE,
    campaign_id uuid NOT NULL REFERENCES campaign (id),
    association_id uuid NOT NULL REFERENCES association (id),
    assessment_id uuid NOT NULL REFERENCES assessment (id) ON DELETE CASCADE,
    state text NOT NULL,
    begun boolean NOT NULL,
    version bigint NOT NULL,
    open_questions bigint NOT NULL,
    overall double precision,
    level bigint,
    active_at timestamptz,
    saved_at timestamptz NOT NULL,
    PRIMARY KEY (membership_id, campaign_id)
);
CREATE INDEX member_progress_queue ON member_progress (association_id, campaign_id, state, active_at, assessment_id);
CREATE INDEX member_progress_assessment ON member_progress (assessment_id);

CREATE FUNCTION membership_agreed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Whoever begins an assessment or changes one at this moment comes before or after.
    PERFORM 1 FROM enterprise WHERE tax_code = NEW.tax_code FOR UPDATE;
    PERFORM 1 FROM assessment a JOIN enterprise e ON e.id = a.enterprise_id WHERE e.tax_code = NEW.tax_code FOR UPDATE OF a;
    UPDATE membership SET enterprise_name = e.name, name_sort = e.name_sort, name_search = e.name_search,
        industry_code = e.industry_code FROM enterprise e WHERE membership.id = NEW.id AND e.tax_code = NEW.tax_code;
    INSERT INTO member_progress (membership_id, campaign_id, association_id, assessment_id, state, begun, version,
        open_questions, overall, level, active_at, saved_at)
        SELECT NEW.id, a.campaign_id, NEW.association_id, a.id, a.state, a.state <> 'draft' OR a.revision > 0, a.version,
            a.open_questions, s.overall, s.level, a.active_at, a.saved_at
        FROM enterprise e JOIN assessment a ON a.enterprise_id = e.id
        LEFT JOIN submission s ON s.assessment_id = a.id AND s.number = a.version WHERE e.tax_code = NEW.tax_code;
    RETURN NULL;
END
$$;
CREATE TRIGGER membership_made AFTER INSERT ON membership
    FOR EACH ROW WHEN (NEW.state = 'agreed') EXECUTE FUNCTION membership_agreed();
CREATE TRIGGER membership_agreed AFTER UPDATE OF state ON membership
    FOR EACH ROW WHEN (NEW.state = 'agreed' AND OLD.state <> 'agreed') EXECUTE FUNCTION membership_agreed();

CREATE FUNCTION membership_ended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM member_progress WHERE membership_id = NEW.id;
    UPDATE membership SET enterprise_name = NULL, name_sort = NULL, name_search = NULL, industry_code = NULL
        WHERE id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER membership_ended AFTER UPDATE OF state ON membership
    FOR EACH ROW WHEN (NEW.state <> 'agreed' AND OLD.state = 'agreed') EXECUTE FUNCTION membership_ended();

CREATE FUNCTION enterprise_renamed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE membership SET enterprise_name = NEW.name, name_sort = NEW.name_sort, name_search = NEW.name_search,
        industry_code = NEW.industry_code WHERE tax_code = NEW.tax_code AND state = 'agreed';
    RETURN NULL;
END
$$;
CREATE TRIGGER enterprise_renamed AFTER UPDATE OF name, name_sort, name_search, industry_code ON enterprise
    FOR EACH ROW EXECUTE FUNCTION enterprise_renamed();

CREATE FUNCTION assessment_begun() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO member_progress (membership_id, campaign_id, association_id, assessment_id, state, begun, version,
        open_questions, active_at, saved_at)
        SELECT m.id, NEW.campaign_id, m.association_id, NEW.id, NEW.state, NEW.state <> 'draft' OR NEW.revision > 0,
            NEW.version, NEW.open_questions, NEW.active_at, NEW.saved_at
        FROM enterprise e JOIN membership m ON m.tax_code = e.tax_code
        WHERE e.id = NEW.enterprise_id AND m.state = 'agreed';
    RETURN NULL;
END
$$;
CREATE TRIGGER assessment_begun AFTER INSERT ON assessment FOR EACH ROW EXECUTE FUNCTION assessment_begun();

CREATE FUNCTION assessment_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE member_progress SET state = NEW.state, begun = NEW.state <> 'draft' OR NEW.revision > 0,
        version = NEW.version, open_questions = NEW.open_questions, active_at = NEW.active_at, saved_at = NEW.saved_at
        WHERE assessment_id = NEW.id;
    RETURN NULL;
END
$$;
CREATE TRIGGER assessment_progress
    AFTER UPDATE OF state, revision, version, open_questions, active_at, saved_at ON assessment
    FOR EACH ROW EXECUTE FUNCTION assessment_progress();

CREATE FUNCTION submission_progress() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE member_progress SET overall = NEW.overall, level = NEW.level
        WHERE assessment_id = NEW.assessment_id AND version = NEW.number;
    RETURN NULL;
END
$$;
CREATE TRIGGER submission_progress AFTER INSERT ON submission FOR EACH ROW EXECUTE FUNCTION submission_progress();

UPDATE membership SET enterprise_name = e.name, name_sort = e.name_sort, name_search = e.name_search,
    industry_code = e.industry_code FROM enterprise e WHERE e.tax_code = membership.tax_code AND membership.state = 'agreed';
INSERT INTO member_progress (membership_id, campaign_id, association_id, assessment_id, state, begun, version,
    open_questions, overall, level, active_at, saved_at)
    SELECT m.id, a.campaign_id, m.association_id, a.id, a.state, a.state <> 'draft' OR a.revision > 0, a.version,
        a.open_questions, s.overall, s.level, a.active_at, a.saved_at
    FROM membership m JOIN enterprise e ON e.tax_code = m.tax_code JOIN assessment a ON a.enterprise_id = e.id
    LEFT JOIN submission s ON s.assessment_id = a.id AND s.number = a.version WHERE m.state = 'agreed';

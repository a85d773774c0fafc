-- What lists of an association are sorted and filtered by, beside its members: they need not look every member up in the
-- tables of the whole province. It is there as long as the enterprise agrees. Triggers keep it, whoever changes what.
ALTER TABLE membership ADD COLUMN enterprise_name TEXT;
ALTER TABLE membership ADD COLUMN name_sort TEXT;
ALTER TABLE membership ADD COLUMN name_search TEXT;
ALTER TABLE membership ADD COLUMN industry_code TEXT;
CREATE INDEX membership_name ON membership (association_id, state, name_sort, id);

-- begun: whether it was more than opened. overall and level are those of the last submission.
CREATE TABLE member_progress (
    membership_id BLOB NOT NULL REFERENCES membership (id) ON DELETE CASCADE,
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    association_id BLOB NOT NULL REFERENCES association (id),
    assessment_id BLOB NOT NULL REFERENCES assessment (id) ON DELETE CASCADE,
    state TEXT NOT NULL,
    begun INTEGER NOT NULL,
    version INTEGER NOT NULL,
    open_questions INTEGER NOT NULL,
    overall REAL,
    level INTEGER,
    active_at TEXT,
    saved_at TEXT NOT NULL,
    PRIMARY KEY (membership_id, campaign_id)
) STRICT;
CREATE INDEX member_progress_queue ON member_progress (association_id, campaign_id, state, active_at, assessment_id);
CREATE INDEX member_progress_assessment ON member_progress (assessment_id);

CREATE TRIGGER membership_made AFTER INSERT ON membership WHEN NEW.state = 'agreed'
BEGIN
    UPDATE membership SET enterprise_name = e.name, name_sort = e.name_sort, name_search = e.name_search,
        industry_code = e.industry_code FROM enterprise e WHERE membership.id = NEW.id AND e.tax_code = NEW.tax_code;
    INSERT INTO member_progress (membership_id, campaign_id, association_id, assessment_id, state, begun, version,
        open_questions, overall, level, active_at, saved_at)
        SELECT NEW.id, a.campaign_id, NEW.association_id, a.id, a.state, a.state <> 'draft' OR a.revision > 0, a.version,
            a.open_questions, s.overall, s.level, a.active_at, a.saved_at
        FROM enterprise e JOIN assessment a ON a.enterprise_id = e.id
        LEFT JOIN submission s ON s.assessment_id = a.id AND s.number = a.version WHERE e.tax_code = NEW.tax_code;
END;
CREATE TRIGGER membership_agreed AFTER UPDATE OF state ON membership
    WHEN NEW.state = 'agreed' AND OLD.state <> 'agreed'
BEGIN
    UPDATE membership SET enterprise_name = e.name, name_sort = e.name_sort, name_search = e.name_search,
        industry_code = e.industry_code FROM enterprise e WHERE membership.id = NEW.id AND e.tax_code = NEW.tax_code;
    INSERT INTO member_progress (membership_id, campaign_id, association_id, assessment_id, state, begun, version,
        open_questions, overall, level, active_at, saved_at)
        SELECT NEW.id, a.campaign_id, NEW.association_id, a.id, a.state, a.state <> 'draft' OR a.revision > 0, a.version,
            a.open_questions, s.overall, s.level, a.active_at, a.saved_at
        FROM enterprise e JOIN assessment a ON a.enterprise_id = e.id
        LEFT JOIN submission s ON s.assessment_id = a.id AND s.number = a.version WHERE e.tax_code = NEW.tax_code;
END;

CREATE TRIGGER membership_ended AFTER UPDATE OF state ON membership
    WHEN NEW.state <> 'agreed' AND OLD.state = 'agreed'
BEGIN
    DELETE FROM member_progress WHERE membership_id = NEW.id;
    UPDATE membership SET enterprise_name = NULL, name_sort = NULL, name_search = NULL, industry_code = NULL
        WHERE id = NEW.id;
END;

CREATE TRIGGER enterprise_renamed AFTER UPDATE OF name, name_sort, name_search, industry_code ON enterprise
BEGIN
    UPDATE membership SET enterprise_name = NEW.name, name_sort = NEW.name_sort, name_search = NEW.name_search,
        industry_code = NEW.industry_code WHERE tax_code = NEW.tax_code AND state = 'agreed';
END;

CREATE TRIGGER assessment_begun AFTER INSERT ON assessment
BEGIN
    INSERT INTO member_progress (membership_id, campaign_id, association_id, assessment_id, state, begun, version,
        open_questions, active_at, saved_at)
        SELECT m.id, NEW.campaign_id, m.association_id, NEW.id, NEW.state, NEW.state <> 'draft' OR NEW.revision > 0,
            NEW.version, NEW.open_questions, NEW.active_at, NEW.saved_at
        FROM enterprise e JOIN membership m ON m.tax_code = e.tax_code
        WHERE e.id = NEW.enterprise_id AND m.state = 'agreed';
END;

CREATE TRIGGER assessment_progress
    AFTER UPDATE OF state, revision, version, open_questions, active_at, saved_at ON assessment
BEGIN
    UPDATE member_progress SET state = NEW.state, begun = NEW.state <> 'draft' OR NEW.revision > 0,
        version = NEW.version, open_questions = NEW.open_questions, active_at = NEW.active_at, saved_at = NEW.saved_at
        WHERE assessment_id = NEW.id;
END;

CREATE TRIGGER submission_progress AFTER INSERT ON submission
BEGIN
    UPDATE member_progress SET overall = NEW.overall, level = NEW.level
        WHERE assessment_id = NEW.assessment_id AND version = NEW.number;
END;

UPDATE membership SET enterprise_name = e.name, name_sort = e.name_sort, name_search = e.name_search,
    industry_code = e.industry_code FROM enterprise e WHERE e.tax_code = membership.tax_code AND membership.state = 'agreed';
INSERT INTO member_progress (membership_id, campaign_id, association_id, assessment_id, state, begun, version,
    open_questions, overall, level, active_at, saved_at)
    SELECT m.id, a.campaign_id, m.association_id, a.id, a.state, a.state <> 'draft' OR a.revision > 0, a.version,
        a.open_questions, s.overall, s.level, a.active_at, a.saved_at
    FROM membership m JOIN enterprise e ON e.tax_code = m.tax_code JOIN assessment a ON a.enterprise_id = e.id
    LEFT JOIN submission s ON s.assessment_id = a.id AND s.number = a.version WHERE m.state = 'agreed';

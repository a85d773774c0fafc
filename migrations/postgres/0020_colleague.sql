-- Whose answer is whose, in a few bytes: 0 is the account that registered the enterprise, colleagues follow. No seat is given
-- twice: whoever gives one holds the row of the enterprise.
ALTER TABLE account ADD COLUMN seat bigint NOT NULL DEFAULT 0;
CREATE INDEX account_seat ON account (enterprise_id, seat);

-- Which colleague is asked to answer which section.
CREATE TABLE assignment (
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    section_id text NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    PRIMARY KEY (assessment_id, section_id)
);
CREATE INDEX assignment_account ON assignment (account_id);

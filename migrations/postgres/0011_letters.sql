-- Letters of associations to their members.
ALTER TABLE membership ADD COLUMN phone text;

-- The link by which a member that has no account yet registers. token_hash is the SHA-256 of its token. All links of an
-- enterprise go when it registers.
CREATE TABLE registration_link (
    token_hash bytea PRIMARY KEY NOT NULL,
    membership_id uuid NOT NULL REFERENCES membership (id),
    expires_at timestamptz NOT NULL
);
CREATE INDEX registration_link_membership ON registration_link (membership_id);

-- Once per member and campaign; again only when the message (a key of outbox) could not be delivered.
CREATE TABLE invitation (
    membership_id uuid NOT NULL REFERENCES membership (id),
    campaign_id uuid NOT NULL REFERENCES campaign (id),
    message_id uuid NOT NULL,
    invited_at timestamptz NOT NULL,
    PRIMARY KEY (membership_id, campaign_id)
);

-- When an enterprise was reminded of a campaign last, whoever did it.
CREATE TABLE reminder (
    campaign_id uuid NOT NULL REFERENCES campaign (id),
    tax_code text NOT NULL,
    reminded_at timestamptz NOT NULL,
    PRIMARY KEY (campaign_id, tax_code)
);

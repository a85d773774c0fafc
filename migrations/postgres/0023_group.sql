-- Groups of enterprises of a campaign's frame that the province invites together. unit_code, district_code, section, size:
-- how they were chosen. fitting: how many were chosen so and in no other group; where fewer are in it, they were drawn by
-- the seed. asked: 'invitation' or 'reminder' while letters are being written.
CREATE TABLE invitation_group (
    id uuid PRIMARY KEY NOT NULL,
    campaign_id uuid NOT NULL REFERENCES campaign (id),
    snapshot_id uuid NOT NULL REFERENCES register_snapshot (id),
    title text NOT NULL,
    unit_code text,
    district_code text,
    section text,
    size text,
    fitting bigint NOT NULL,
    seed text,
    created_at timestamptz NOT NULL,
    created_by uuid NOT NULL REFERENCES account (id),
    asked text,
    asked_at timestamptz,
    asked_by uuid REFERENCES account (id),
    UNIQUE (campaign_id, title)
);

-- message_id: the invitation by mail, a key of outbox. lettered_at: when a code for a printed letter was made.
CREATE TABLE invitation_group_entry (
    id uuid PRIMARY KEY NOT NULL,
    group_id uuid NOT NULL REFERENCES invitation_group (id),
    campaign_id uuid NOT NULL REFERENCES campaign (id),
    tax_code text NOT NULL,
    message_id uuid,
    invited_at timestamptz,
    lettered_at timestamptz,
    UNIQUE (campaign_id, tax_code)
);
CREATE INDEX invitation_group_entry_group ON invitation_group_entry (group_id, tax_code);
CREATE INDEX invitation_group_entry_tax_code ON invitation_group_entry (tax_code);

-- Codes in letters by mail: like claim_code, but a later one leaves the earlier ones as they are, since both letters lie in
-- the same mailbox.
CREATE TABLE mailed_code (
    code_hash bytea PRIMARY KEY NOT NULL,
    tax_code text NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE INDEX mailed_code_tax_code ON mailed_code (tax_code);

-- Enterprises that want no more letters of the province, in any campaign.
CREATE TABLE province_stop (
    tax_code text PRIMARY KEY NOT NULL,
    stopped_at timestamptz NOT NULL
);

-- Groups of enterprises of a campaign's frame that the province invites together. unit_code, district_code, section, size:
-- how they were chosen. fitting: how many were chosen so and in no other group; where fewer are in it, they were drawn by
-- the seed. asked: 'invitation' or 'reminder' while letters are being written.
CREATE TABLE invitation_group (
    id BLOB PRIMARY KEY NOT NULL,
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    snapshot_id BLOB NOT NULL REFERENCES register_snapshot (id),
    title TEXT NOT NULL,
    unit_code TEXT,
    district_code TEXT,
    section TEXT,
    size TEXT,
    fitting INTEGER NOT NULL,
    seed TEXT,
    created_at TEXT NOT NULL,
    created_by BLOB NOT NULL REFERENCES account (id),
    asked TEXT,
    asked_at TEXT,
    asked_by BLOB REFERENCES account (id),
    UNIQUE (campaign_id, title)
) STRICT;

-- message_id: the invitation by mail, a key of outbox. lettered_at: when a code for a printed letter was made.
CREATE TABLE invitation_group_entry (
    id BLOB PRIMARY KEY NOT NULL,
    group_id BLOB NOT NULL REFERENCES invitation_group (id),
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    tax_code TEXT NOT NULL,
    message_id BLOB,
    invited_at TEXT,
    lettered_at TEXT,
    UNIQUE (campaign_id, tax_code)
) STRICT;
CREATE INDEX invitation_group_entry_group ON invitation_group_entry (group_id, tax_code);
CREATE INDEX invitation_group_entry_tax_code ON invitation_group_entry (tax_code);

-- Codes in letters by mail: like claim_code, but a later one leaves the earlier ones as they are, since both letters lie in
-- the same mailbox.
CREATE TABLE mailed_code (
    code_hash BLOB PRIMARY KEY NOT NULL,
    tax_code TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX mailed_code_tax_code ON mailed_code (tax_code);

-- Enterprises that want no more letters of the province, in any campaign.
CREATE TABLE province_stop (
    tax_code TEXT PRIMARY KEY NOT NULL,
    stopped_at TEXT NOT NULL
) STRICT;

-- Times are RFC 3339 text in UTC, ids are UUIDv7 as 16 bytes, booleans are 0 or 1, documents are JSON text.

CREATE TABLE enterprise (
    id BLOB PRIMARY KEY NOT NULL,
    tax_code TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    name_search TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    legal_form TEXT NOT NULL,
    unit_code TEXT NOT NULL,
    industry_code TEXT NOT NULL,
    created_at TEXT NOT NULL
) STRICT;
CREATE INDEX enterprise_name_sort ON enterprise (name_sort, id);

CREATE TABLE account (
    id BLOB PRIMARY KEY NOT NULL,
    role TEXT NOT NULL,
    enterprise_id BLOB REFERENCES enterprise (id),
    full_name TEXT NOT NULL,
    email TEXT UNIQUE,
    phone TEXT UNIQUE,
    password_hash TEXT NOT NULL,
    created_at TEXT NOT NULL,
    disabled_at TEXT,
    CHECK (email IS NOT NULL OR phone IS NOT NULL)
) STRICT;
CREATE INDEX account_enterprise ON account (enterprise_id);

-- Proof of each consent: what was agreed to (purpose and version of its text) and when.
CREATE TABLE consent (
    id BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    purpose TEXT NOT NULL,
    text_version TEXT NOT NULL,
    given_at TEXT NOT NULL,
    withdrawn_at TEXT
) STRICT;
CREATE INDEX consent_account ON consent (account_id);

-- token_hash is the SHA-256 of the cookie: a copy of this table signs nobody in.
CREATE TABLE session (
    token_hash BLOB PRIMARY KEY NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    created_at TEXT NOT NULL,
    seen_at TEXT NOT NULL
) STRICT;
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_seen ON session (seen_at);

-- Wrong passwords in a row, by name and by address (both hashed); survives a restart.
CREATE TABLE attempt (
    key_hash BLOB PRIMARY KEY NOT NULL,
    failures INTEGER NOT NULL,
    last_at TEXT NOT NULL
) STRICT;

-- A published version never changes: rows are only inserted.
CREATE TABLE questionnaire (
    id TEXT NOT NULL,
    version TEXT NOT NULL,
    document TEXT NOT NULL,
    published_at TEXT NOT NULL,
    PRIMARY KEY (id, version)
) STRICT;

CREATE TABLE campaign (
    id BLOB PRIMARY KEY NOT NULL,
    title_vi TEXT NOT NULL,
    title_en TEXT NOT NULL,
    questionnaire_id TEXT NOT NULL,
    questionnaire_version TEXT NOT NULL,
    opens_at TEXT NOT NULL,
    closes_at TEXT NOT NULL,
    created_at TEXT NOT NULL,
    FOREIGN KEY (questionnaire_id, questionnaire_version) REFERENCES questionnaire (id, version)
) STRICT;
CREATE INDEX campaign_opens ON campaign (opens_at);

-- answers: question id to {"v": value, "r": revision of the assessment that wrote it}.
CREATE TABLE assessment (
    id BLOB PRIMARY KEY NOT NULL,
    enterprise_id BLOB NOT NULL REFERENCES enterprise (id),
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    state TEXT NOT NULL,
    answers TEXT NOT NULL,
    revision INTEGER NOT NULL,
    created_at TEXT NOT NULL,
    saved_at TEXT NOT NULL,
    saved_by BLOB REFERENCES account (id),
    UNIQUE (enterprise_id, campaign_id)
) STRICT;
CREATE INDEX assessment_campaign ON assessment (campaign_id, state);

-- What was sent, once per number, with the result computed from it.
CREATE TABLE submission (
    id BLOB PRIMARY KEY NOT NULL,
    assessment_id BLOB NOT NULL REFERENCES assessment (id),
    number INTEGER NOT NULL,
    receipt TEXT NOT NULL UNIQUE,
    answers TEXT NOT NULL,
    score TEXT NOT NULL,
    overall REAL,
    level INTEGER,
    submitted_at TEXT NOT NULL,
    submitted_by BLOB NOT NULL REFERENCES account (id),
    UNIQUE (assessment_id, number)
) STRICT;

CREATE TABLE audit (
    id BLOB PRIMARY KEY NOT NULL,
    at TEXT NOT NULL,
    account_id BLOB,
    action TEXT NOT NULL,
    subject TEXT NOT NULL,
    subject_id BLOB,
    detail TEXT NOT NULL
) STRICT;
CREATE INDEX audit_subject ON audit (subject, subject_id, id);

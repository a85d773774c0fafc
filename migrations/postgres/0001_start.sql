-- Times are timestamptz in UTC, ids are UUIDv7, documents are jsonb.

CREATE TABLE enterprise (
    id uuid PRIMARY KEY NOT NULL,
    tax_code text NOT NULL UNIQUE,
    name text NOT NULL,
    name_search text NOT NULL,
    name_sort text COLLATE "C" NOT NULL,
    legal_form text NOT NULL,
    unit_code text NOT NULL,
    industry_code text NOT NULL,
    created_at timestamptz NOT NULL
);
CREATE INDEX enterprise_name_sort ON enterprise (name_sort, id);

CREATE TABLE account (
    id uuid PRIMARY KEY NOT NULL,
    role text NOT NULL,
    enterprise_id uuid REFERENCES enterprise (id),
    full_name text NOT NULL,
    email text UNIQUE,
    phone text UNIQUE,
    password_hash text NOT NULL,
    created_at timestamptz NOT NULL,
    disabled_at timestamptz,
    CHECK (email IS NOT NULL OR phone IS NOT NULL)
);
CREATE INDEX account_enterprise ON account (enterprise_id);

-- Proof of each consent: what was agreed to (purpose and version of its text) and when.
CREATE TABLE consent (
    id uuid PRIMARY KEY NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    purpose text NOT NULL,
    text_version text NOT NULL,
    given_at timestamptz NOT NULL,
    withdrawn_at timestamptz
);
CREATE INDEX consent_account ON consent (account_id);

-- token_hash is the SHA-256 of the cookie: a copy of this table signs nobody in.
CREATE TABLE session (
    token_hash bytea PRIMARY KEY NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    created_at timestamptz NOT NULL,
    seen_at timestamptz NOT NULL
);
CREATE INDEX session_account ON session (account_id);
CREATE INDEX session_seen ON session (seen_at);

-- Wrong passwords in a row, by name and by address (both hashed); survives a restart.
CREATE TABLE attempt (
    key_hash bytea PRIMARY KEY NOT NULL,
    failures bigint NOT NULL,
    last_at timestamptz NOT NULL
);

-- A published version never changes: rows are only inserted.
CREATE TABLE questionnaire (
    id text NOT NULL,
    version text NOT NULL,
    document jsonb NOT NULL,
    published_at timestamptz NOT NULL,
    PRIMARY KEY (id, version)
);

CREATE TABLE campaign (
    id uuid PRIMARY KEY NOT NULL,
    title_vi text NOT NULL,
    title_en text NOT NULL,
    questionnaire_id text NOT NULL,
    questionnaire_version text NOT NULL,
    opens_at timestamptz NOT NULL,
    closes_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    FOREIGN KEY (questionnaire_id, questionnaire_version) REFERENCES questionnaire (id, version)
);
CREATE INDEX campaign_opens ON campaign (opens_at);

-- answers: question id to {"v": value, "r": revision of the assessment that wrote it}.
CREATE TABLE assessment (
    id uuid PRIMARY KEY NOT NULL,
    enterprise_id uuid NOT NULL REFERENCES enterprise (id),
    campaign_id uuid NOT NULL REFERENCES campaign (id),
    state text NOT NULL,
    answers jsonb NOT NULL,
    revision bigint NOT NULL,
    created_at timestamptz NOT NULL,
    saved_at timestamptz NOT NULL,
    saved_by uuid REFERENCES account (id),
    UNIQUE (enterprise_id, campaign_id)
);
CREATE INDEX assessment_campaign ON assessment (campaign_id, state);

-- What was sent, once per number, with the result computed from it.
CREATE TABLE submission (
    id uuid PRIMARY KEY NOT NULL,
    assessment_id uuid NOT NULL REFERENCES assessment (id),
    number bigint NOT NULL,
    receipt text NOT NULL UNIQUE,
    answers jsonb NOT NULL,
    score jsonb NOT NULL,
    overall double precision,
    level bigint,
    submitted_at timestamptz NOT NULL,
    submitted_by uuid NOT NULL REFERENCES account (id),
    UNIQUE (assessment_id, number)
);

CREATE TABLE audit (
    id uuid PRIMARY KEY NOT NULL,
    at timestamptz NOT NULL,
    account_id uuid,
    action text NOT NULL,
    subject text NOT NULL,
    subject_id uuid,
    detail jsonb NOT NULL
);
CREATE INDEX audit_subject ON audit (subject, subject_id, id);

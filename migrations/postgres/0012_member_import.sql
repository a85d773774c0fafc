-- A file with which an association lists its members. content is gone once state is done; rejected holds the rows that
-- were not taken: [{"line", "tax_code", "name", "problems"}].
CREATE TABLE member_import (
    id uuid PRIMARY KEY NOT NULL,
    association_id uuid NOT NULL REFERENCES association (id),
    file_name text NOT NULL,
    headers jsonb NOT NULL,
    mapping jsonb NOT NULL,
    content bytea,
    state text NOT NULL,
    added bigint NOT NULL,
    changed bigint NOT NULL,
    unchanged bigint NOT NULL,
    rejected jsonb NOT NULL,
    account_id uuid NOT NULL REFERENCES account (id),
    created_at timestamptz NOT NULL,
    finished_at timestamptz
);
CREATE INDEX member_import_association ON member_import (association_id, id);

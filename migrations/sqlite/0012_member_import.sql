-- A file with which an association lists its members. content is gone once state is done; rejected holds the rows that
-- were not taken: [{"line", "tax_code", "name", "problems"}].
CREATE TABLE member_import (
    id BLOB PRIMARY KEY NOT NULL,
    association_id BLOB NOT NULL REFERENCES association (id),
    file_name TEXT NOT NULL,
    headers TEXT NOT NULL,
    mapping TEXT NOT NULL,
    content BLOB,
    state TEXT NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    rejected TEXT NOT NULL,
    account_id BLOB NOT NULL REFERENCES account (id),
    created_at TEXT NOT NULL,
    finished_at TEXT
) STRICT;
CREATE INDEX member_import_association ON member_import (association_id, id);

-- Associations that ask for an account. state: waiting, accepted, declined. lang: the language they asked in.
CREATE TABLE association_application (
    id BLOB PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    full_name TEXT NOT NULL,
    email TEXT NOT NULL,
    phone TEXT,
    note TEXT NOT NULL,
    lang TEXT NOT NULL,
    state TEXT NOT NULL,
    reason TEXT,
    applied_at TEXT NOT NULL,
    decided_at TEXT,
    decided_by BLOB REFERENCES account (id),
    association_id BLOB REFERENCES association (id)
) STRICT;
CREATE INDEX association_application_state ON association_application (state, id);

-- Associations that ask for an account. state: waiting, accepted, declined. lang: the language they asked in.
CREATE TABLE association_application (
    id uuid PRIMARY KEY NOT NULL,
    name text NOT NULL,
    full_name text NOT NULL,
    email text NOT NULL,
    phone text,
    note text NOT NULL,
    lang text NOT NULL,
    state text NOT NULL,
    reason text,
    applied_at timestamptz NOT NULL,
    decided_at timestamptz,
    decided_by uuid REFERENCES account (id),
    association_id uuid REFERENCES association (id)
);
CREATE INDEX association_application_state ON association_application (state, id);

-- Messages to send, queued in the transaction of the change they tell of. The worker counts its attempts here.
-- state: queued, sent, held (no SMTP server: written to a folder), failed.
-- body: what plain text and HTML are made of; secret addresses in it are wiped once it is sent.
-- about, about_id: what it tells of; sender_id: the association on whose behalf, none for the province.
-- stop_hash: SHA-256 of the token of its stop link.
CREATE TABLE outbox (
    id uuid PRIMARY KEY NOT NULL,
    recipient text NOT NULL,
    lang text NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    body jsonb NOT NULL,
    about text NOT NULL,
    about_id uuid,
    sender_id uuid,
    stop_hash bytea UNIQUE,
    state text NOT NULL,
    attempts bigint NOT NULL,
    next_at timestamptz NOT NULL,
    last_error text,
    queued_at timestamptz NOT NULL,
    settled_at timestamptz
);
CREATE INDEX outbox_state ON outbox (state, id);
CREATE INDEX outbox_due ON outbox (state, next_at, id);
CREATE INDEX outbox_about ON outbox (about, about_id, id);
CREATE INDEX outbox_sender ON outbox (sender_id, id);

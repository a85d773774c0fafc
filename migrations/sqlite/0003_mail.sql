-- Messages to send, queued in the transaction of the change they tell of. The worker counts its attempts here.
-- state: queued, sent, held (no SMTP server: written to a folder), failed.
-- body: what plain text and HTML are made of; secret addresses in it are wiped once it is sent.
-- about, about_id: what it tells of; sender_id: the association on whose behalf, none for the province.
-- stop_hash: SHA-256 of the token of its stop link.
CREATE TABLE outbox (
    id BLOB PRIMARY KEY NOT NULL,
    recipient TEXT NOT NULL,
    lang TEXT NOT NULL,
    kind TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    about TEXT NOT NULL,
    about_id BLOB,
    sender_id BLOB,
    stop_hash BLOB UNIQUE,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    next_at TEXT NOT NULL,
    last_error TEXT,
    queued_at TEXT NOT NULL,
    settled_at TEXT
) STRICT;
CREATE INDEX outbox_state ON outbox (state, id);
CREATE INDEX outbox_due ON outbox (state, next_at, id);
CREATE INDEX outbox_about ON outbox (about, about_id, id);
CREATE INDEX outbox_sender ON outbox (sender_id, id);

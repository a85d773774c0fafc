-- origin: the network that the request came from, without the part that names one machine.
-- seq, previous_hash, hash: a row's place in the chain, given shortly after its commit; see server/src/store/chain.rs.
ALTER TABLE audit ADD COLUMN origin TEXT;
ALTER TABLE audit ADD COLUMN seq INTEGER;
ALTER TABLE audit ADD COLUMN previous_hash BLOB;
ALTER TABLE audit ADD COLUMN hash BLOB;
CREATE INDEX audit_unsealed ON audit (id) WHERE hash IS NULL;
CREATE INDEX audit_seq ON audit (seq);
CREATE INDEX audit_at ON audit (at, id);
CREATE INDEX audit_action ON audit (action, at, id);
CREATE INDEX audit_account ON audit (account_id, at, id);
CREATE INDEX audit_account_action ON audit (account_id, action, at, id);

-- The end of the chain: one row, whose lock lets one sealer at a time go on.
CREATE TABLE audit_head (
    name TEXT PRIMARY KEY NOT NULL CHECK (name = 'audit'),
    seq INTEGER NOT NULL,
    hash BLOB NOT NULL
) STRICT;
INSERT INTO audit_head (name, seq, hash) VALUES ('audit', 0, zeroblob(32));

-- How somebody who got an account sets the first password, once. token_hash is the SHA-256 of the link's token.
CREATE TABLE account_invitation (
    account_id BLOB PRIMARY KEY NOT NULL REFERENCES account (id),
    token_hash BLOB NOT NULL UNIQUE,
    expires_at TEXT NOT NULL
) STRICT;
CREATE INDEX account_office ON account (enterprise_id, id);

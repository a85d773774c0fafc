-- The code of the province's letter by which an enterprise of the register registers; one per entry, gone once it was used.
-- code_hash: SHA-256 of tax code and code.
CREATE TABLE claim_code (
    tax_code TEXT PRIMARY KEY NOT NULL,
    code_hash BLOB NOT NULL,
    expires_at TEXT NOT NULL,
    made_at TEXT NOT NULL,
    made_by BLOB NOT NULL REFERENCES account (id)
) STRICT;

-- When it registered by such a code; none where nobody but itself says who it is.
ALTER TABLE enterprise ADD COLUMN claimed_at TEXT;

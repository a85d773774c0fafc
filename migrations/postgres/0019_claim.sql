-- The code of the province's letter by which an enterprise of the register registers; one per entry, gone once it was used.
-- code_hash: SHA-256 of tax code and code.
CREATE TABLE claim_code (
    tax_code text PRIMARY KEY NOT NULL,
    code_hash bytea NOT NULL,
    expires_at timestamptz NOT NULL,
    made_at timestamptz NOT NULL,
    made_by uuid NOT NULL REFERENCES account (id)
);

-- When it registered by such a code; none where nobody but itself says who it is.
ALTER TABLE enterprise ADD COLUMN claimed_at timestamptz;

-- Tax codes are compared bytewise everywhere. The register's are COLLATE "C"; an index in another order cannot be used when one of
-- them is looked up, and PostgreSQL read all enterprises for every page of the call list.
ALTER TABLE claim_code ALTER COLUMN tax_code TYPE text COLLATE "C";
ALTER TABLE enterprise ALTER COLUMN tax_code TYPE text COLLATE "C";
ALTER TABLE invitation_group_entry ALTER COLUMN tax_code TYPE text COLLATE "C";
ALTER TABLE mailed_code ALTER COLUMN tax_code TYPE text COLLATE "C";
ALTER TABLE membership ALTER COLUMN tax_code TYPE text COLLATE "C";
ALTER TABLE province_stop ALTER COLUMN tax_code TYPE text COLLATE "C";
ALTER TABLE reminder ALTER COLUMN tax_code TYPE text COLLATE "C";

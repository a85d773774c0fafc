-- The register of enterprises. The tax code is the key. unit_code is empty where only the former district is known, size is
-- 'unknown' where employees, revenue or capital are missing. division and section are those of VSIC 2025, whatever version
-- the code came in. size stands beside the figures it was computed from.
CREATE TABLE register_import (
    id uuid PRIMARY KEY NOT NULL,
    file_name text NOT NULL,
    format text NOT NULL,
    headers jsonb NOT NULL,
    mapping jsonb NOT NULL,
    state text NOT NULL,
    bytes bigint NOT NULL,
    position bigint NOT NULL,
    lines bigint NOT NULL,
    added bigint NOT NULL,
    changed bigint NOT NULL,
    unchanged bigint NOT NULL,
    rejected bigint NOT NULL,
    failure text,
    account_id uuid REFERENCES account (id),
    created_at timestamptz NOT NULL,
    beat_at timestamptz,
    finished_at timestamptz
);

-- The uploaded file in pieces; gone when the import is done.
CREATE TABLE register_import_part (
    import_id uuid NOT NULL REFERENCES register_import (id),
    number bigint NOT NULL,
    content bytea NOT NULL,
    PRIMARY KEY (import_id, number)
);

-- problems: [{"field", "reason", "value"}]; reasons are codes that the pages put into words.
CREATE TABLE register_rejection (
    import_id uuid NOT NULL REFERENCES register_import (id),
    line bigint NOT NULL,
    tax_code text COLLATE "C" NOT NULL,
    name text NOT NULL,
    problems jsonb NOT NULL,
    PRIMARY KEY (import_id, line)
);

-- Which column is what, remembered for files with the same headers.
CREATE TABLE register_mapping (
    headers_hash bytea PRIMARY KEY NOT NULL,
    mapping jsonb NOT NULL,
    saved_at timestamptz NOT NULL
);

CREATE TABLE register_entry (
    tax_code text COLLATE "C" PRIMARY KEY NOT NULL,
    name text NOT NULL,
    name_sort text COLLATE "C" NOT NULL,
    legal_form text,
    unit_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C" NOT NULL,
    address text,
    industry_version bigint NOT NULL,
    industry_code text NOT NULL,
    division text NOT NULL,
    section text COLLATE "C" NOT NULL,
    employees bigint,
    revenue bigint,
    capital bigint,
    size text COLLATE "C" NOT NULL,
    status text NOT NULL,
    email text,
    phone text,
    fingerprint bytea NOT NULL,
    import_id uuid NOT NULL REFERENCES register_import (id),
    changed_at timestamptz NOT NULL
);
-- One index for every way the list can be filtered: a page costs the same whatever the size of the register.
CREATE INDEX register_entry_all ON register_entry (name_sort, tax_code);
CREATE INDEX register_entry_d ON register_entry (district_code, name_sort, tax_code);
CREATE INDEX register_entry_u ON register_entry (unit_code, name_sort, tax_code);
CREATE INDEX register_entry_i ON register_entry (section, name_sort, tax_code);
CREATE INDEX register_entry_s ON register_entry (size, name_sort, tax_code);
CREATE INDEX register_entry_di ON register_entry (district_code, section, name_sort, tax_code);
CREATE INDEX register_entry_ds ON register_entry (district_code, size, name_sort, tax_code);
CREATE INDEX register_entry_ui ON register_entry (unit_code, section, name_sort, tax_code);
CREATE INDEX register_entry_us ON register_entry (unit_code, size, name_sort, tax_code);
CREATE INDEX register_entry_is ON register_entry (section, size, name_sort, tax_code);
CREATE INDEX register_entry_dis ON register_entry (district_code, section, size, name_sort, tax_code);
CREATE INDEX register_entry_uis ON register_entry (unit_code, section, size, name_sort, tax_code);

-- What is searched: for every word of a name without its legal form, the folded name from that word on.
CREATE TABLE register_name (
    tail text COLLATE "C" NOT NULL,
    tax_code text COLLATE "C" NOT NULL,
    PRIMARY KEY (tail, tax_code)
);

-- How many entries are in each cell; kept in the transaction that changes the entries.
CREATE TABLE register_count (
    district_code text COLLATE "C" NOT NULL,
    unit_code text COLLATE "C" NOT NULL,
    section text COLLATE "C" NOT NULL,
    size text COLLATE "C" NOT NULL,
    status text NOT NULL,
    entries bigint NOT NULL,
    PRIMARY KEY (district_code, unit_code, section, size, status)
);

-- A snapshot never changes: rows are only inserted, all in one transaction. It holds no names and no contacts.
CREATE TABLE register_snapshot (
    id uuid PRIMARY KEY NOT NULL,
    title text NOT NULL,
    entries bigint NOT NULL,
    taken_at timestamptz NOT NULL,
    taken_by uuid REFERENCES account (id)
);

CREATE TABLE register_snapshot_entry (
    snapshot_id uuid NOT NULL REFERENCES register_snapshot (id),
    tax_code text COLLATE "C" NOT NULL,
    unit_code text COLLATE "C" NOT NULL,
    district_code text COLLATE "C" NOT NULL,
    division text NOT NULL,
    section text COLLATE "C" NOT NULL,
    size text COLLATE "C" NOT NULL,
    PRIMARY KEY (snapshot_id, tax_code)
);
CREATE INDEX register_snapshot_entry_cell
    ON register_snapshot_entry (snapshot_id, district_code, section, size, tax_code);

CREATE TABLE register_snapshot_cell (
    snapshot_id uuid NOT NULL REFERENCES register_snapshot (id),
    district_code text COLLATE "C" NOT NULL,
    unit_code text COLLATE "C" NOT NULL,
    section text COLLATE "C" NOT NULL,
    size text COLLATE "C" NOT NULL,
    entries bigint NOT NULL,
    PRIMARY KEY (snapshot_id, district_code, unit_code, section, size)
);

CREATE TABLE campaign_snapshot (
    campaign_id uuid PRIMARY KEY NOT NULL REFERENCES campaign (id),
    snapshot_id uuid NOT NULL REFERENCES register_snapshot (id)
);

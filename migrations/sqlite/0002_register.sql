-- The register of enterprises. The tax code is the key. unit_code is empty where only the former district is known, size is
-- 'unknown' where employees, revenue or capital are missing. division and section are those of VSIC 2025, whatever version
-- the code came in. size stands beside the figures it was computed from.
CREATE TABLE register_import (
    id BLOB PRIMARY KEY NOT NULL,
    file_name TEXT NOT NULL,
    format TEXT NOT NULL,
    headers TEXT NOT NULL,
    mapping TEXT NOT NULL,
    state TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    position INTEGER NOT NULL,
    lines INTEGER NOT NULL,
    added INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    unchanged INTEGER NOT NULL,
    rejected INTEGER NOT NULL,
    failure TEXT,
    account_id BLOB REFERENCES account (id),
    created_at TEXT NOT NULL,
    beat_at TEXT,
    finished_at TEXT
) STRICT;

-- The uploaded file in pieces; gone when the import is done.
CREATE TABLE register_import_part (
    import_id BLOB NOT NULL REFERENCES register_import (id),
    number INTEGER NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (import_id, number)
) STRICT;

-- problems: [{"field", "reason", "value"}]; reasons are codes that the pages put into words.
CREATE TABLE register_rejection (
    import_id BLOB NOT NULL REFERENCES register_import (id),
    line INTEGER NOT NULL,
    tax_code TEXT NOT NULL,
    name TEXT NOT NULL,
    problems TEXT NOT NULL,
    PRIMARY KEY (import_id, line)
) STRICT;

-- Which column is what, remembered for files with the same headers.
CREATE TABLE register_mapping (
    headers_hash BLOB PRIMARY KEY NOT NULL,
    mapping TEXT NOT NULL,
    saved_at TEXT NOT NULL
) STRICT;

CREATE TABLE register_entry (
    tax_code TEXT PRIMARY KEY NOT NULL,
    name TEXT NOT NULL,
    name_sort TEXT NOT NULL,
    legal_form TEXT,
    unit_code TEXT NOT NULL,
    district_code TEXT NOT NULL,
    address TEXT,
    industry_version INTEGER NOT NULL,
    industry_code TEXT NOT NULL,
    division TEXT NOT NULL,
    section TEXT NOT NULL,
    employees INTEGER,
    revenue INTEGER,
    capital INTEGER,
    size TEXT NOT NULL,
    status TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    fingerprint BLOB NOT NULL,
    import_id BLOB NOT NULL REFERENCES register_import (id),
    changed_at TEXT NOT NULL
) STRICT;
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
    tail TEXT NOT NULL,
    tax_code TEXT NOT NULL,
    PRIMARY KEY (tail, tax_code)
) STRICT, WITHOUT ROWID;

-- How many entries are in each cell; kept in the transaction that changes the entries.
CREATE TABLE register_count (
    district_code TEXT NOT NULL,
    unit_code TEXT NOT NULL,
    section TEXT NOT NULL,
    size TEXT NOT NULL,
    status TEXT NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (district_code, unit_code, section, size, status)
) STRICT;

-- A snapshot never changes: rows are only inserted, all in one transaction. It holds no names and no contacts.
CREATE TABLE register_snapshot (
    id BLOB PRIMARY KEY NOT NULL,
    title TEXT NOT NULL,
    entries INTEGER NOT NULL,
    taken_at TEXT NOT NULL,
    taken_by BLOB REFERENCES account (id)
) STRICT;

CREATE TABLE register_snapshot_entry (
    snapshot_id BLOB NOT NULL REFERENCES register_snapshot (id),
    tax_code TEXT NOT NULL,
    unit_code TEXT NOT NULL,
    district_code TEXT NOT NULL,
    division TEXT NOT NULL,
    section TEXT NOT NULL,
    size TEXT NOT NULL,
    PRIMARY KEY (snapshot_id, tax_code)
) STRICT, WITHOUT ROWID;
CREATE INDEX register_snapshot_entry_cell
    ON register_snapshot_entry (snapshot_id, district_code, section, size, tax_code);

CREATE TABLE register_snapshot_cell (
    snapshot_id BLOB NOT NULL REFERENCES register_snapshot (id),
    district_code TEXT NOT NULL,
    unit_code TEXT NOT NULL,
    section TEXT NOT NULL,
    size TEXT NOT NULL,
    entries INTEGER NOT NULL,
    PRIMARY KEY (snapshot_id, district_code, unit_code, section, size)
) STRICT;

CREATE TABLE campaign_snapshot (
    campaign_id BLOB PRIMARY KEY NOT NULL REFERENCES campaign (id),
    snapshot_id BLOB NOT NULL REFERENCES register_snapshot (id)
) STRICT;

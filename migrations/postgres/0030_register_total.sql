-- The counts of the register by former district, and with an empty district those of the whole province: a count reads a
-- few hundred rows however many cells there are. Kept in the transaction that changes the cells.
CREATE TABLE register_total (
    district_code text COLLATE "C" NOT NULL,
    section text COLLATE "C" NOT NULL,
    size text COLLATE "C" NOT NULL,
    status text NOT NULL,
    entries bigint NOT NULL,
    PRIMARY KEY (district_code, section, size, status)
);

INSERT INTO register_total (district_code, section, size, status, entries)
    SELECT district_code, section, size, status, sum(entries) FROM register_count
    GROUP BY district_code, section, size, status;
INSERT INTO register_total (district_code, section, size, status, entries)
    SELECT '', section, size, status, sum(entries) FROM register_count GROUP BY section, size, status;
-- What a ward or commune has is a few cells.
CREATE INDEX register_count_unit ON register_count (unit_code);

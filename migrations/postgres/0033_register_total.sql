-- How many entries there are of each place, section and size, and how many of them are active: whatever the filter, a count is
-- one row. place is a ward or commune, a former district, or empty for the province; section and size are empty for all. Kept in
-- the transaction that changes the entries. The cells that were added up before are of no other use.
DROP TABLE register_total;
CREATE TABLE register_total (
    place text COLLATE "C" NOT NULL,
    section text COLLATE "C" NOT NULL,
    size text COLLATE "C" NOT NULL,
    entries bigint NOT NULL,
    active bigint NOT NULL,
    PRIMARY KEY (place, section, size)
);

INSERT INTO register_total (place, section, size, entries, active)
    SELECT CASE p.n WHEN 0 THEN '' WHEN 1 THEN c.district_code ELSE c.unit_code END AS place,
        CASE s.n WHEN 0 THEN '' ELSE c.section END AS section, CASE z.n WHEN 0 THEN '' ELSE c.size END AS size,
        sum(c.entries), sum(CASE WHEN c.status = 'active' THEN c.entries ELSE 0 END)
    FROM register_count c CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2) p
        CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1) s CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1) z
    WHERE p.n < 2 OR c.unit_code <> ''
    GROUP BY 1, 2, 3;
DROP TABLE register_count;

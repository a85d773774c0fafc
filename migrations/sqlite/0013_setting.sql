-- What the administrator decides for the whole province: one row, made by the first change. Until then the settings of
-- the program count. reminder_days: days between two reminders to an enterprise. four_eyes: whoever takes a submission
-- up for the province may not accept it.
CREATE TABLE province_setting (
    id TEXT PRIMARY KEY NOT NULL,
    owner TEXT NOT NULL,
    email TEXT,
    phone TEXT,
    help_vi TEXT,
    help_en TEXT,
    lang TEXT NOT NULL,
    reminder_days INTEGER NOT NULL,
    four_eyes INTEGER NOT NULL,
    changed_at TEXT NOT NULL,
    changed_by BLOB NOT NULL REFERENCES account (id),
    CHECK (id = 'province')
) STRICT;

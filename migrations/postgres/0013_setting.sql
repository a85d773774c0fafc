-- What the administrator decides for the whole province: one row, made by the first change. Until then the settings of
-- the program count. reminder_days: days between two reminders to an enterprise. four_eyes: whoever takes a submission
-- up for the province may not accept it.
CREATE TABLE province_setting (
    id text PRIMARY KEY NOT NULL,
    owner text NOT NULL,
    email text,
    phone text,
    help_vi text,
    help_en text,
    lang text NOT NULL,
    reminder_days bigint NOT NULL,
    four_eyes boolean NOT NULL,
    changed_at timestamptz NOT NULL,
    changed_by uuid NOT NULL REFERENCES account (id),
    CHECK (id = 'province')
);

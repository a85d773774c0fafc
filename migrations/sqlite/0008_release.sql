-- A computation of a release: parameters in, draft and review out. It is never public; a released draft is in release.
CREATE TABLE release_job (
    id BLOB PRIMARY KEY NOT NULL,
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    snapshot_id BLOB REFERENCES register_snapshot (id),
    corrects INTEGER,
    parameters TEXT NOT NULL,
    state TEXT NOT NULL,
    step TEXT NOT NULL,
    done INTEGER NOT NULL,
    failure TEXT,
    draft TEXT,
    review TEXT,
    note_vi TEXT NOT NULL,
    note_en TEXT NOT NULL,
    created_at TEXT NOT NULL,
    created_by BLOB REFERENCES account (id),
    beat_at TEXT NOT NULL
) STRICT;
CREATE INDEX release_job_campaign ON release_job (campaign_id);

-- The microdata of a job in pieces of text, for verification; never public.
CREATE TABLE release_part (
    job_id BLOB NOT NULL REFERENCES release_job (id),
    number INTEGER NOT NULL,
    content TEXT NOT NULL,
    PRIMARY KEY (job_id, number)
) STRICT;

-- A release never changes: rows are only inserted. The document is kept as text, since its hash is over its bytes.
CREATE TABLE release (
    job_id BLOB PRIMARY KEY NOT NULL REFERENCES release_job (id),
    number INTEGER NOT NULL UNIQUE,
    campaign_id BLOB NOT NULL REFERENCES campaign (id),
    issued_at TEXT NOT NULL,
    issued_by BLOB REFERENCES account (id),
    hash TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT;
CREATE INDEX release_campaign ON release (campaign_id, number);

CREATE TRIGGER release_update BEFORE UPDATE ON release BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
CREATE TRIGGER release_delete BEFORE DELETE ON release BEGIN SELECT RAISE(ABORT, 'a release never changes'); END;
CREATE TRIGGER release_part_update BEFORE UPDATE ON release_part
    BEGIN SELECT RAISE(ABORT, 'the archive of a release never changes'); END;

-- A computation of a release: parameters in, draft and review out. It is never public; a released draft is in release.
CREATE TABLE release_job (
    id uuid PRIMARY KEY NOT NULL,
    campaign_id uuid NOT NULL REFERENCES campaign (id),
    snapshot_id uuid REFERENCES register_snapshot (id),
    corrects bigint,
    parameters jsonb NOT NULL,
    state text NOT NULL,
    step text NOT NULL,
    done bigint NOT NULL,
    failure text,
    draft text,
    review text,
    note_vi text NOT NULL,
    note_en text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid REFERENCES account (id),
    beat_at timestamptz NOT NULL
);
CREATE INDEX release_job_campaign ON release_job (campaign_id);

-- The microdata of a job in pieces of text, for verification; never public.
CREATE TABLE release_part (
    job_id uuid NOT NULL REFERENCES release_job (id),
    number bigint NOT NULL,
    content text NOT NULL,
    PRIMARY KEY (job_id, number)
);

-- A release never changes: rows are only inserted. The document is kept as text, since its hash is over its bytes.
CREATE TABLE release (
    job_id uuid PRIMARY KEY NOT NULL REFERENCES release_job (id),
    number bigint NOT NULL UNIQUE,
    campaign_id uuid NOT NULL REFERENCES campaign (id),
    issued_at timestamptz NOT NULL,
    issued_by uuid REFERENCES account (id),
    hash text NOT NULL,
    document text NOT NULL
);
CREATE INDEX release_campaign ON release (campaign_id, number);

CREATE FUNCTION release_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a release never changes';
END
$$;
CREATE TRIGGER release_update BEFORE UPDATE OR DELETE ON release FOR EACH ROW EXECUTE FUNCTION release_refuse();
CREATE TRIGGER release_part_update BEFORE UPDATE ON release_part FOR EACH ROW EXECUTE FUNCTION release_refuse();

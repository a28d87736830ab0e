-- How far sweepers have come in the buckets, which may be too large to be walked through in one go.
create table bucket_walk (
    walk        text        not null,
    bucket      text        not null,
    after_key   text        not null,           -- behind which the next page begins
    began_at    timestamptz not null,
    finished_at timestamptz,                    -- null while it is under way
    primary key (walk, bucket)
);

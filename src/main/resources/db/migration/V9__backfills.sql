-- Reprocessing of many assets, which the server walks through by itself.
create table backfill (
    id             uuid primary key,
    state          text        not null check (state in ('RUNNING', 'PAUSED', 'DONE', 'CANCELLED')),
    spaces         text[]      not null,
    created_after  timestamptz,
    created_before timestamptz not null,                   -- not after the start: what comes later has the new profile
    sku_prefix     text,
    assets         uuid[],                                 -- null: all that the rest says
    per_minute     int         check (per_minute > 0),     -- null: as fast as others leave room
    in_flight      int         not null check (in_flight > 0),
    position       uuid,                                   -- the last asset that was examined; it goes from new to old
    walked         boolean     not null default false,     -- all were examined
    total          bigint      not null,                   -- counted at the start
    examined       bigint      not null default 0,
    needed         bigint      not null default 0,
    enqueued       bigint      not null default 0,
    done           bigint      not null default 0,
    failed         bigint      not null default 0,
    made           bigint      not null default 0,
    bytes_to_write bigint      not null default 0,
    bytes_freed    bigint      not null default 0,
    next_at        timestamptz not null,                   -- when the throttle lets the next job through
    running_since  timestamptz not null,
    created_by     uuid        not null references api_key (id),
    created_at     timestamptz not null,
    finished_at    timestamptz,
    check ((state in ('DONE', 'CANCELLED')) = (finished_at is not null))
);
create index backfill_open on backfill (id) where state in ('RUNNING', 'PAUSED');

-- The assets of a backfill whose jobs wait or run. A row comes with its job and goes when the end of the job is counted.
create table backfill_item (
    backfill    uuid        not null references backfill (id) on delete cascade,
    asset_id    uuid        not null,
    version     int         not null,
    own         boolean     not null,                      -- false: the job was there before, and is not ours to take back
    enqueued_at timestamptz not null,
    primary key (backfill, asset_id, version)
);
create index backfill_item_version on backfill_item (asset_id, version);

create table backfill_failure (
    backfill  uuid        not null references backfill (id) on delete cascade,
    asset_id  uuid        not null,
    version   int         not null,
    reason    text        not null,
    failed_at timestamptz not null,
    again     boolean     not null default false,          -- somebody wants it tried again
    primary key (backfill, asset_id, version)
);

-- What happened in each stretch of a few seconds, for the rate; only the last minutes are kept.
create table backfill_pace (
    backfill uuid        not null references backfill (id) on delete cascade,
    slot     timestamptz not null,
    examined int         not null,
    ended    int         not null,
    primary key (backfill, slot)
);

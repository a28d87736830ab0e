-- Who may call the API. Only a hash of the secret half of a key is kept.
create table api_key (
    id          uuid primary key,
    name        text        not null,
    secret_hash bytea       not null,
    roles       text[]      not null,
    created_at  timestamptz not null,
    revoked_at  timestamptz
);

-- The logical item. Ids are UUIDv7, so their order is the order of creation.
create table asset (
    id              uuid primary key,
    space           text        not null check (space in ('product', 'user', 'marketing')),
    owner           uuid        not null references api_key (id),
    metadata        jsonb       not null default '{}',
    current_version int,                                   -- the version that is delivered; null until one is READY
    created_at      timestamptz not null
);
create index asset_owner on asset (owner, id);
create index asset_space on asset (space, id);

create table asset_version (
    asset_id       uuid        not null references asset (id) on delete cascade,
    version        int         not null check (version > 0),
    status         text        not null check (status in ('PENDING', 'PROCESSING', 'READY', 'REJECTED', 'FAILED')),
    moderation     text        not null check (moderation in ('pending', 'approved', 'rejected')),
    moderation_reason text,
    reason         text,
    detail         text,
    file_name      text        not null,
    declared_type  text        not null,
    original_key   text        not null unique,
    original_bytes bigint      not null,
    original_etag  text,
    sha256         text,
    facts          jsonb,
    created_at     timestamptz not null,
    ended_at       timestamptz,
    primary key (asset_id, version),
    check ((status in ('REJECTED', 'FAILED')) = (reason is not null))
);

create index asset_version_processing on asset_version (created_at) where status = 'PROCESSING';

create table variant (
    asset_id   uuid        not null,
    version    int         not null,
    name       text        not null,
    format     text        not null,
    width      int         not null,
    height     int         not null,
    bytes      bigint      not null,
    bucket     text        not null,
    key        text        not null unique,
    etag       text        not null,
    recipe     text        not null,
    created_at timestamptz not null,
    primary key (asset_id, version, name, format),
    foreign key (asset_id, version) references asset_version (asset_id, version) on delete cascade
);

-- One granted upload. The row is there before the client can send a byte.
create table upload (
    id              uuid primary key,
    asset_id        uuid        not null,
    version         int         not null,
    owner           uuid        not null references api_key (id),
    idempotency_key text,
    request_hash    text        not null,
    object_key      text        not null unique,
    content_type    text        not null,
    bytes           bigint      not null,
    state           text        not null check (state in ('PENDING', 'RECEIVED', 'EXPIRED')),
    created_at      timestamptz not null,
    expires_at      timestamptz not null,
    received_at     timestamptz,
    checked_at      timestamptz,                           -- when the store was last asked whether the object is there
    foreign key (asset_id, version) references asset_version (asset_id, version) on delete cascade,
    unique (owner, idempotency_key)
);
create index upload_open on upload (owner) where state = 'PENDING';
create index upload_silent on upload (checked_at nulls first, created_at) where state <> 'RECEIVED';
create index upload_asset on upload (asset_id, version);

-- The inbox of the store's events: each is taken in once, however often it is told.
create table store_event (
    id          bigint generated always as identity primary key,
    bucket      text        not null,
    object_key  text        not null,
    object_tag  text        not null,                      -- version id, else entity tag
    sequencer   text        not null,
    received_at timestamptz not null,
    unique (bucket, object_key, object_tag, sequencer)
);
create index store_event_age on store_event (received_at);

-- The table of db-scheduler, as its documentation gives it.
create table scheduled_tasks (
    task_name            text        not null,
    task_instance        text        not null,
    task_data            bytea,
    execution_time       timestamptz not null,
    picked               boolean     not null,
    picked_by            text,
    last_success         timestamptz,
    last_failure         timestamptz,
    consecutive_failures int,
    last_heartbeat       timestamptz,
    version              bigint      not null,
    priority             smallint,
    primary key (task_name, task_instance)
);
create index scheduled_tasks_due on scheduled_tasks (execution_time);
create index scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat);

-- What jobs did: one row for each attempt, written before the attempt begins, so that one that took its process down counts too.
create table job_run (
    id          bigint generated always as identity primary key,
    kind        text        not null,
    instance    text        not null,
    outcome     text        not null check (outcome in ('RUNNING', 'SUCCEEDED', 'RETRYING', 'DEAD', 'LOST')),
    superseded  boolean     not null default false,        -- by a retry by hand: no longer counts as an attempt
    error       text,
    steps       jsonb       not null default '[]',
    started_at  timestamptz not null,
    finished_at timestamptz
);
create index job_run_instance on job_run (kind, instance);
create index job_run_age on job_run (started_at);

create table dead_job (
    kind     text        not null,
    instance text        not null,
    reason   text        not null,
    error    text        not null,
    attempts int         not null,
    died_at  timestamptz not null,
    primary key (kind, instance)
);
create index dead_job_age on dead_job (died_at);

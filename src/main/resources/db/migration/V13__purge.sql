-- Processes with caches of their own. The id belongs to the folder of the caches and outlives restarts, so that a node that
-- was away finds what it missed; one that is not known (any more) empties its caches before it serves from them.
create table node (
    id         uuid primary key,
    name       text        not null,
    run        uuid        not null,                       -- of the process that has the folder now
    started_at timestamptz not null,
    seen_at    timestamptz not null
);

-- Caches that others run in front of delivery, as the workers have them configured.
create table edge (
    name    text primary key,
    kind    text        not null,
    tier    int         not null,                          -- smaller ones are nearer to us, and are purged first
    seen_at timestamptz not null
);

create table purge (
    id         uuid primary key,                           -- ordered by time
    what       text        not null check (what in ('asset', 'sku', 'tag', 'path', 'prefix', 'everything')),
    subjects   text[]      not null,
    assets     uuid[]      not null,                       -- that the caches of nodes drop
    clears_all boolean     not null,                       -- whether the caches of nodes drop everything instead
    cause      text        not null check (cause in ('request', 'withdrawal')),
    created_by uuid references api_key (id),               -- null: nobody asked, an asset was withdrawn
    created_at timestamptz not null,
    check (what = 'everything' or subjects <> '{}')
);
create index purge_clears_all on purge (created_at) where clears_all;
create index purge_created_by on purge (created_by, id);

-- One row for each node that was known when the purge was committed.
create table purge_node (
    purge        uuid not null references purge (id) on delete cascade,
    node         uuid not null references node (id) on delete cascade,
    confirmed_at timestamptz,
    primary key (purge, node)
);
create index purge_node_open on purge_node (node, purge) where confirmed_at is null;

create table purge_edge (
    purge    uuid        not null references purge (id) on delete cascade,
    edge     text        not null,
    state    text        not null check (state in ('WAITING', 'RETRYING', 'DONE', 'FAILED')),
    round    int         not null default 0,               -- grows when it is done once more
    attempts int         not null default 0,
    detail   text,                                         -- why it failed last; names no secret
    next_at  timestamptz not null,
    ended_at timestamptz,
    primary key (purge, edge),
    check ((state in ('DONE', 'FAILED')) = (ended_at is not null))
);
create index purge_edge_open on purge_edge (edge, next_at) where state in ('WAITING', 'RETRYING');

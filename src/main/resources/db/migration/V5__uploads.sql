-- Uploads by presigned PUT and in parts, uploads whose size only the store will tell, and uploads that were given up.
alter table upload add column method text not null default 'POST' check (method in ('POST', 'PUT', 'MULTIPART'));
alter table upload alter column method drop default;
alter table upload add column size_known boolean not null default true;   -- false: bytes is the most that is allowed
alter table upload add column part_bytes bigint;                          -- of every part but the last
alter table upload add column store_upload_id text;                       -- the store's name of an upload in parts
alter table upload drop constraint upload_state_check;
alter table upload add check (state in ('PENDING', 'RECEIVED', 'EXPIRED', 'ABORTED'));
alter table upload add check ((method = 'MULTIPART') = (part_bytes is not null));

-- Parts as the store listed them last; only the store knows what it has now.
create table upload_part (
    upload_id uuid        not null references upload (id) on delete cascade,
    number    int         not null check (number between 1 and 10000),
    bytes     bigint      not null,
    etag      text        not null,
    primary key (upload_id, number)
);

-- What a browser uploads with: a short-lived permission that acts for the key that made it.
create table upload_session (
    id          uuid primary key,
    secret_hash bytea       not null,
    key_id      uuid        not null references api_key (id),
    space       text        not null check (space in ('product', 'user', 'marketing')),
    types       text[],                                    -- null: those of the space
    max_bytes   bigint,
    max_uploads int         not null,
    begun       int         not null default 0,            -- counted here, since uploads are forgotten before their session
    metadata    jsonb       not null default '{}',
    created_at  timestamptz not null,
    expires_at  timestamptz not null
);
create index upload_session_end on upload_session (expires_at);

alter table upload add column session uuid references upload_session (id);
alter table upload add column client_key text;                            -- the name that a browser's uploader made up
create index upload_of_session on upload (session, client_key) where session is not null;

-- What a key has in the store or may still send is summed up for its quota.
alter table upload add column space text;
update upload u set space = a.space from asset a where a.id = u.asset_id;
alter table upload alter column space set not null;
create index upload_use on upload (owner, space) include (bytes, state, method, received_at, expires_at);
create index upload_in_parts on upload (store_upload_id) where store_upload_id is not null;

-- What a key may upload, where that is less than its space allows.
alter table api_key add column limits jsonb not null default '{}';

-- Several versions may share an original whose bytes are the same; the first of them brought it.
alter table asset_version drop constraint asset_version_original_key_key;
create index asset_version_original on asset_version (original_key);
create index asset_version_content on asset_version (sha256, original_bytes) where sha256 is not null and status = 'READY';

-- What was agreed on at the grant and can only be held against the content.
alter table asset_version add column max_pixels bigint;
alter table asset_version add column max_duration_ms bigint;
alter table asset_version add column started_at timestamptz;              -- when a worker took it up

-- Versions up to this one were passed over when somebody went back to an older one: they do not become current by themselves.
alter table asset add column passed_version int not null default 0;

-- Objects that nothing in the catalogue knows, as found by the last scans. Reported first; what is an original stays.
create table orphan (
    bucket      text        not null,
    object_key  text        not null,
    bytes       bigint      not null,
    etag        text        not null,
    modified_at timestamptz not null,
    found_at    timestamptz not null,
    seen_at     timestamptz not null,
    primary key (bucket, object_key)
);

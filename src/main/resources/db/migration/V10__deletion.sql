-- End users of the application, by its own ids for them. The row is the gate of an erasure: from its commit on, nothing of
-- the account is delivered, however many assets it has. The name is forgotten at that moment; a later upload that bears it
-- begins another account.
create table account (
    id         bigint generated always as identity primary key,
    name       text,                                       -- null once erased
    name_hash  bytea       not null,                       -- SHA-256, by which an erasure can be asked for afterwards
    created_at timestamptz not null,
    erased_at  timestamptz,
    check ((name is null) = (erased_at is not null))
);
create unique index account_name on account (name) where name is not null;
create index account_name_hash on account (name_hash, id);

create table erasure (
    account           bigint primary key references account (id),
    originals         boolean     not null,                -- whether they are removed too
    assets            bigint      not null default 0,
    variants          bigint      not null default 0,
    originals_removed bigint      not null default 0,
    uploads_aborted   bigint      not null default 0,
    requested_at      timestamptz not null,
    finished_at       timestamptz
);
create index erasure_unfinished on erasure (account) where finished_at is null;

alter table asset add column account bigint references account (id);
create index asset_account on asset (account, id) where account is not null;

-- Deleted: not delivered, and can be restored. Purged: cannot be restored any more, its variants go. Emptied: they are gone.
alter table asset add column deleted_at timestamptz;
alter table asset add column purged_at timestamptz;
alter table asset add column emptied_at timestamptz;
alter table asset add check (purged_at is null or deleted_at is not null);
alter table asset add check (emptied_at is null or purged_at is not null);
create index asset_deleted on asset (deleted_at, id) where deleted_at is not null and purged_at is null;
create index asset_purged on asset (id) where purged_at is not null and emptied_at is null;

-- What a session uploads is of one account.
alter table upload_session add column account text;
create index upload_session_account on upload_session (account) where account is not null;

-- When the object that an upload brought was removed from the store.
alter table upload add column removed_at timestamptz;

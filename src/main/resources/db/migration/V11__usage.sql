-- What is stored is counted by those who change it: each change adds a line here, in its transaction, and a job sums the
-- lines up every few seconds. So no row is fought over, nothing is lost or counted twice, and no table is ever summed up.
create table usage_delta (
    id        bigint generated always as identity primary key,
    space     text             not null,
    feature   text             not null,
    bytes     bigint           not null default 0,
    objects   bigint           not null default 0,
    processed bigint           not null default 0,
    seconds   double precision not null default 0
);

create table usage_total (
    space   text   not null,
    feature text   not null,
    bytes   bigint not null,
    objects bigint not null,
    primary key (space, feature)
);

-- Days are those of UTC.
create table usage_day (
    day            date             not null,
    space          text             not null,
    feature        text             not null,
    stored_bytes   bigint           not null default 0,    -- at the end of the day, or when it was last counted
    stored_objects bigint           not null default 0,
    counted        boolean          not null default false, -- whether the two above were
    egress_bytes   bigint           not null default 0,
    requests       bigint           not null default 0,
    processed      bigint           not null default 0,
    seconds        double precision not null default 0,
    primary key (day, space, feature)
);

create function usage_space(bucket text) returns text language sql immutable as
$$ select case bucket when 'USER' then 'user' when 'MARKETING' then 'marketing' else 'product' end $$;
create function usage_feature(purpose text) returns text language sql immutable as
$$ select case purpose when 'source' then 'mezzanines' else 'variants' end $$;

create function count_variant() returns trigger language plpgsql as $$
begin
    if tg_op = 'INSERT' then
        insert into usage_delta (space, feature, bytes, objects)
        values (usage_space(new.bucket), usage_feature(new.purpose), new.bytes, 1);
    else
        insert into usage_delta (space, feature, bytes, objects)
        values (usage_space(old.bucket), usage_feature(old.purpose), -old.bytes, -1);
    end if;
    return null;
end $$;
create trigger count_variant after insert or delete on variant for each row execute function count_variant();

create function count_original() returns trigger language plpgsql as $$
declare
    was int := (old.received_at is not null and old.removed_at is null)::int;
    is_now int := 0;
    bytes_now bigint := 0;
begin
    if tg_op = 'UPDATE' then
        is_now := (new.received_at is not null and new.removed_at is null)::int;
        bytes_now := new.bytes;
    end if;
    if is_now * bytes_now <> was * old.bytes or is_now <> was then
        insert into usage_delta (space, feature, bytes, objects)
        values (old.space, 'raw', is_now * bytes_now - was * old.bytes, is_now - was);
    end if;
    return null;
end $$;
create trigger count_original after update of received_at, removed_at, bytes or delete on upload
    for each row execute function count_original();

create function count_processing() returns trigger language plpgsql as $$
begin
    insert into usage_delta (space, feature, processed, seconds)
    select a.space, 'processing', 1, coalesce(extract(epoch from new.ended_at - new.started_at), 0)
    from asset a where a.id = new.asset_id;
    return null;
end $$;
create trigger count_processing after update of status on asset_version
    for each row when (new.status = 'READY' and old.status <> 'READY') execute function count_processing();

-- What is there already, counted once.
insert into usage_delta (space, feature, bytes, objects)
select usage_space(bucket), usage_feature(purpose), sum(bytes), count(*) from variant group by 1, 2;
insert into usage_delta (space, feature, bytes, objects)
select space, 'raw', sum(bytes), count(*) from upload where received_at is not null group by 1;

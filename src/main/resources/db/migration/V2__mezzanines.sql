-- A variant is delivered, or is a source that other pictures are made from and never delivered itself.
alter table variant add column purpose text not null default 'delivery' check (purpose in ('delivery', 'source'));

-- Where the bytes are. The key is the public address and stays; a variant that is made again is stored elsewhere.
alter table variant add column object_key text;
update variant set object_key = key;
alter table variant alter column object_key set not null;
alter table variant add unique (object_key);

-- The focal point that somebody set by hand; what was computed is among the facts.
alter table asset_version add column focal_x double precision check (focal_x between 0 and 1);
alter table asset_version add column focal_y double precision check (focal_y between 0 and 1);
alter table asset_version add check ((focal_x is null) = (focal_y is null));

-- Jobs have a priority from now on: those of db-scheduler's middle one run in the order of their times, as all did before.
update scheduled_tasks set priority = 50 where priority is null;
drop index scheduled_tasks_due;
create index scheduled_tasks_turn on scheduled_tasks (priority desc, execution_time);

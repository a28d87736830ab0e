-- Notifications from a queue that could not be read, however often they were received. Each has a job that reads it again
-- when somebody has it retried.
create table refused_notification (
    id         bigint generated always as identity primary key,
    message_id text        not null unique,                -- as the queue names it
    body       bytea       not null,
    refused_at timestamptz not null
);
create index refused_notification_age on refused_notification (refused_at);

-- When an upload without bytes is looked after next: a round of the sweep reads those that are due, and no others.
alter table upload add column check_at timestamptz not null default now();
drop index upload_silent;
alter table upload drop column checked_at;
create index upload_silent on upload (check_at) where state <> 'RECEIVED';

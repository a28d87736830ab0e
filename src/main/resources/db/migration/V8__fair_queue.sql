-- Jobs of one owner in one space are a flow. A job in a flow has a tag, which is written down as its priority:
-- 2,000,000,000 minus the tag, so that the smallest tag runs first. See job/TurnRepository.java.
alter table scheduled_tasks alter column priority type int;
alter table scheduled_tasks add column flow text;

-- What must not wait for processing stays above all tags. (Reprocessing has 10 and stays below.)
update scheduled_tasks set priority = 2140000000 where task_instance = 'recurring';
update scheduled_tasks set priority = 2100000000 where priority = 50 and task_name <> 'process';
-- Those that wait already were there first.
update scheduled_tasks set priority = 2000000000, flow = 'earlier' where priority = 50 and task_name = 'process';

-- Attempts that were interrupted as their process stopped: nothing failed, and something may be left of them.
alter table job_run drop constraint job_run_outcome_check;
alter table job_run add constraint job_run_outcome_check
    check (outcome in ('RUNNING', 'SUCCEEDED', 'RETRYING', 'DEAD', 'LOST', 'STOPPED'));

create index scheduled_tasks_flow on scheduled_tasks (flow, priority) where flow is not null;
create index scheduled_tasks_tag on scheduled_tasks (priority desc, execution_time) where flow is not null and not picked;
create index scheduled_tasks_served on scheduled_tasks (priority) where flow is not null and picked;

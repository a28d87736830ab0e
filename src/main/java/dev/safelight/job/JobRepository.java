package dev.safelight.job;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import tools.jackson.databind.ObjectMapper;

/// The tables of the queue, of the run history and of the dead jobs.
@Repository
class JobRepository {
    private final JdbcClient jdbc;
    private final ObjectMapper json;

    JobRepository(JdbcClient jdbc, ObjectMapper json) {
        this.jdbc = jdbc;
        this.json = json;
    }

    void enqueue(String kind, String instance, TurnRepository.Band band, Instant when) {
        jdbc.sql("""
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, version, priority)
                values (:kind, :instance, :when, false, 1, :priority)
                on conflict do nothing
                """)
                .param("kind", kind)
                .param("instance", instance)
                .param("priority", band.priority())
                .param("when", when.atOffset(ZoneOffset.UTC))
                .update();
    }

    JobQueue.State state(String kind, String instance) {
        return jdbc.sql("""
                select case
                    when exists (select 1 from scheduled_tasks where task_name = :kind and task_instance = :instance)
                    then 'OPEN'
                    when exists (select 1 from dead_job where kind = :kind and instance = :instance) then 'DEAD'
                    else 'NONE' end
                """)
                .param("kind", kind)
                .param("instance", instance)
                .query((row, number) -> JobQueue.State.valueOf(row.getString(1)))
                .single();
    }

    /// Frees jobs that a process of this name had picked; only right when no such process can be alive.
    int release(String workerName) {
        return jdbc.sql("""
                update scheduled_tasks
                set picked = false, picked_by = null, last_heartbeat = null, version = version + 1
                where picked and picked_by = :worker
                """).param("worker", workerName).update();
    }

    /// Hands the jobs back that this process has picked, as it was told to stop: their attempts count as neither failed
    /// nor lost. Whoever still works on one of them can no longer take it out of the queue.
    int handBack(String workerName) {
        return jdbc.sql("""
                with mine as (
                    update scheduled_tasks
                    set picked = false, picked_by = null, last_heartbeat = null, version = version + 1
                    where picked and picked_by = :worker
                    returning task_name, task_instance
                ), stopped as (
                    update job_run set outcome = 'STOPPED', finished_at = now() from mine
                    where kind = task_name and instance = task_instance and outcome = 'RUNNING'
                )
                select count(*) from mine
                """).param("worker", workerName).query(Integer.class).single();
    }

    /// Marks attempts that never finished: they took their process down.
    ///
    /// @return whether there were any
    boolean markLost(String kind, String instance, Instant now) {
        return jdbc.sql("""
                update job_run set outcome = 'LOST', finished_at = :now
                where kind = :kind and instance = :instance and outcome = 'RUNNING'
                """)
                        .param("kind", kind)
                        .param("instance", instance)
                        .param("now", now.atOffset(ZoneOffset.UTC))
                        .update()
                > 0;
    }

    /// Notes the start of an attempt, before anything of it is done.
    long begin(String kind, String instance, Instant now) {
        return jdbc.sql("""
                insert into job_run (kind, instance, outcome, started_at)
                values (:kind, :instance, 'RUNNING', :now)
                returning id
                """)
                .param("kind", kind)
                .param("instance", instance)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .query(Long.class)
                .single();
    }

    /// Attempts since the job last came to an end.
    Attempts attempts(String kind, String instance) {
        return jdbc.sql("""
                select count(*) filter (where outcome = 'RETRYING') as failed,
                       count(*) filter (where outcome = 'LOST') as lost,
                       count(*) filter (where outcome = 'STOPPED') as stopped
                from job_run
                where kind = :kind and instance = :instance and not superseded
                  and id > coalesce((select max(id) from job_run where kind = :kind and instance = :instance
                                                                   and outcome in ('SUCCEEDED', 'DEAD')), 0)
                """)
                .param("kind", kind)
                .param("instance", instance)
                .query((row, number) -> new Attempts(row.getInt("failed"), row.getInt("lost"), row.getInt("stopped")))
                .single();
    }

    void finish(long runId, Outcome outcome, String error, List<JobRun.TimedStep> steps, Instant now) {
        jdbc.sql("""
                update job_run
                set outcome = :outcome, error = nullif(:error, ''), steps = cast(:steps as jsonb), finished_at = :now
                where id = :id
                """)
                .param("id", runId)
                .param("outcome", outcome.name())
                .param("error", error)
                .param("steps", json.writeValueAsString(steps))
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /// Takes back the note of an attempt that did nothing.
    void forgetRun(long runId) {
        jdbc.sql("delete from job_run where id = :id").param("id", runId).update();
    }

    /// Takes a job out of the queue; false, and nothing is changed, when another execution of it has begun.
    boolean remove(String kind, String instance, long executionVersion) {
        int removed = jdbc.sql("""
                delete from scheduled_tasks
                where task_name = :kind and task_instance = :instance and picked and version = :version
                """)
                .param("kind", kind)
                .param("instance", instance)
                .param("version", executionVersion)
                .update();
        if (removed == 0) {
            return false;
        }
        jdbc.sql("delete from dead_job where kind = :kind and instance = :instance")
                .param("kind", kind)
                .param("instance", instance)
                .update();
        return true;
    }

    void bury(String kind, String instance, JobEnd end, Instant now) {
        jdbc.sql("""
                insert into dead_job (kind, instance, reason, error, attempts, died_at)
                values (:kind, :instance, :reason, :error, :attempts, :now)
                on conflict (kind, instance) do update
                set reason = excluded.reason, error = excluded.error, attempts = excluded.attempts, died_at = excluded.died_at
                """)
                .param("kind", kind)
                .param("instance", instance)
                .param("reason", end.reason().text())
                .param("error", end.error())
                .param("attempts", end.attempts())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .update();
    }

    /// The instances of a kind that are dead, oldest first.
    List<String> deadInstances(String kind, int limit) {
        return jdbc.sql("select instance from dead_job where kind = :kind order by died_at, instance limit :limit")
                .param("kind", kind)
                .param("limit", limit)
                .query(String.class)
                .list();
    }

    /// Takes a job out of the dead ones, and its earlier attempts out of the count.
    boolean exhume(String kind, String instance) {
        jdbc.sql("update job_run set superseded = true where kind = :kind and instance = :instance")
                .param("kind", kind)
                .param("instance", instance)
                .update();
        return jdbc.sql("delete from dead_job where kind = :kind and instance = :instance")
                        .param("kind", kind)
                        .param("instance", instance)
                        .update()
                > 0;
    }

    List<DeadJob> dead(int limit) {
        return jdbc.sql("select * from dead_job order by died_at desc, kind, instance limit :limit")
                .param("limit", limit)
                .query((row, number) -> new DeadJob(
                        row.getString("kind"),
                        row.getString("instance"),
                        row.getString("reason"),
                        row.getString("error"),
                        row.getInt("attempts"),
                        row.getTimestamp("died_at").toInstant()))
                .list();
    }

    int forgetRunsBefore(Instant limit) {
        return jdbc.sql("delete from job_run where started_at < :limit and outcome <> 'RUNNING'")
                .param("limit", limit.atOffset(ZoneOffset.UTC))
                .update();
    }

    int forgetDeadBefore(Instant limit) {
        return jdbc.sql("delete from dead_job where died_at < :limit")
                .param("limit", limit.atOffset(ZoneOffset.UTC))
                .update();
    }

    /// How many jobs wait or run, and how late the oldest due one is.
    QueueState queueState(Instant now) {
        return jdbc.sql("""
                select count(*) filter (where not picked) as waiting, count(*) filter (where picked) as running,
                       min(execution_time) filter (where not picked) as oldest,
                       (select count(*) from dead_job) as dead
                from scheduled_tasks where task_instance <> 'recurring'
                """)
                .query((row, number) -> {
                    var oldest = row.getTimestamp("oldest");
                    Duration late = oldest == null ? Duration.ZERO : Duration.between(oldest.toInstant(), now);
                    return new QueueState(
                            row.getInt("waiting"),
                            row.getInt("running"),
                            row.getInt("dead"),
                            late.isNegative() ? Duration.ZERO : late);
                })
                .single();
    }

    /// How many jobs in line are due, counted up to a limit.
    int countDue(Instant now, int limit) {
        return jdbc.sql("""
                select count(*) from (
                    select from scheduled_tasks where not picked and priority > :last and execution_time <= :now limit :limit) as due
                """)
                .param("last", TurnRepository.Band.LAST.priority())
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("limit", limit)
                .query(Integer.class)
                .single();
    }

    /// How an attempt ended.
    enum Outcome {
        SUCCEEDED,
        RETRYING,
        DEAD,
        STOPPED
    }

    /// Attempts without an end of the job.
    ///
    /// @param stopped because their process was told to stop, which is nobody's fault
    record Attempts(int failed, int lost, int stopped) {
        /// Whether something may be left of an earlier attempt.
        boolean any() {
            return failed + lost + stopped > 0;
        }
    }

    /// A job that was given up; it can be retried by hand.
    record DeadJob(String kind, String instance, String reason, String error, int attempts, Instant diedAt) {}

    record QueueState(int waiting, int running, int dead, Duration late) {}
}

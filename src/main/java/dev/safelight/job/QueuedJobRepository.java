package dev.safelight.job;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/// Looks up many jobs at a time.
@Repository
class QueuedJobRepository {
    private static final int RECENT = 500;

    private final JdbcClient jdbc;

    QueuedJobRepository(JdbcClient jdbc) {
        this.jdbc = jdbc;
    }

    List<String> open(String kind, Collection<String> instances) {
        return jdbc.sql("""
                select task_instance from scheduled_tasks where task_name = :kind and task_instance in (:instances)
                """)
                .param("kind", kind)
                .param("instances", instances)
                .query(String.class)
                .list();
    }

    Map<String, String> deadReasons(String kind, Collection<String> instances) {
        Map<String, String> reasons = new HashMap<>();
        jdbc.sql("select instance, reason from dead_job where kind = :kind and instance in (:instances)")
                .param("kind", kind)
                .param("instances", instances)
                .query(row -> {
                    reasons.put(row.getString("instance"), row.getString("reason"));
                });
        return reasons;
    }

    boolean withdraw(String kind, String instance) {
        return jdbc.sql("""
                delete from scheduled_tasks
                where task_name = :kind and task_instance = :instance and priority = :last and not picked
                """)
                        .param("kind", kind)
                        .param("instance", instance)
                        .param("last", TurnRepository.Band.LAST.priority())
                        .update()
                > 0;
    }

    void supersede(String kind, String instance) {
        jdbc.sql("update job_run set superseded = true where kind = :kind and instance = :instance")
                .param("kind", kind)
                .param("instance", instance)
                .update();
    }

    Optional<Duration> usualDuration(String kind) {
        return jdbc.sql("""
                select avg(extract(epoch from finished_at - started_at)) as seconds from (
                    select started_at, finished_at from job_run where kind = :kind and outcome = 'SUCCEEDED'
                    order by id desc limit :recent) recent
                having count(*) > 0
                """)
                .param("kind", kind)
                .param("recent", RECENT)
                .query((row, number) -> Duration.ofMillis(Math.round(row.getDouble("seconds") * 1000)))
                .optional();
    }
}

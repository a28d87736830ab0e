package dev.safelight.job;

import java.time.Instant;
import java.time.ZoneOffset;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;
import org.springframework.transaction.annotation.Transactional;

/// The order in which jobs run, kept as the priority of their rows.
///
/// Jobs in flows are in an order of fair queueing: a job gets the tag *max(clock, last tag of its flow) + cost*,
/// and the smallest tag runs first, equal ones in the order they came. The clock is the tag that is being served
/// (self-clocked fair queueing: S. J. Golestani, INFOCOM 1994; start-time fair queueing: Goyal, Vin and Cheng,
/// SIGCOMM 1996). So a flow that was idle starts where the others are, neither before them nor behind what they
/// have waiting; as each newcomer starts a step later than what is served, a stream of them cannot keep anybody
/// waiting for ever.
///
/// Everything is read from the waiting jobs: a flow whose jobs are done leaves nothing to forget, and once the
/// queue is empty, tags begin with 0 again. Nothing is locked either. Transactions of one flow that do not see each
/// other may take the same tag, which lends it as many turns as it had transactions open, for once.
@Repository
class TurnRepository {
    /// The priority of the tag 0. Priorities of what goes before all tags are above, of what goes behind are below.
    private static final int BASE = 2_000_000_000;

    /// Later tags are all one, until a rebase.
    private static final int LAST_TAG = BASE - 1_000;

    /// Tags above are brought down; so many jobs in an unbroken line are rare.
    static final int HIGH_TAG = 1_000_000_000;

    /// Rows at most that are passed over to find one that is due: jobs to be tried again later keep their tags.
    private static final int LOOK_AHEAD = 1_000;

    private final JdbcClient jdbc;
    private final FairShare share;

    TurnRepository(JdbcClient jdbc, FairShare share) {
        this.jdbc = jdbc;
        this.share = share;
    }

    /// Adds a job in its flow's turn, or moves there the same one that waits behind all others.
    void enqueue(String kind, String instance, Flow flow, Instant now) {
        jdbc.sql("""
                with served as (
                    select :base - min(priority) as tag from scheduled_tasks where flow is not null and picked
                ), due as (
                    select :base - ahead.priority as tag
                    from (select priority, execution_time from scheduled_tasks where flow is not null and not picked
                          order by priority desc, execution_time limit :lookAhead) ahead
                    where ahead.execution_time <= :now
                    order by ahead.priority desc limit 1
                ), clock as (
                    select coalesce(
                        greatest((select tag from served), (select tag from due)),
                        (select :base - min(priority) from scheduled_tasks where flow is not null and not picked),
                        0) as tag
                ), own as (
                    select :base - min(priority) as tag from scheduled_tasks where flow = :flow
                )
                insert into scheduled_tasks
                    (task_name, task_instance, execution_time, picked, version, priority, flow)
                select :kind, :instance, :now, false, 1,
                       :base - least(greatest(clock.tag, own.tag) + :cost, :lastTag), :flow
                from clock, own
                on conflict (task_name, task_instance) do update
                    set priority = excluded.priority, flow = excluded.flow
                    where scheduled_tasks.priority = :last and not scheduled_tasks.picked
                """)
                .param("base", BASE)
                .param("lookAhead", LOOK_AHEAD)
                .param("now", now.atOffset(ZoneOffset.UTC))
                .param("flow", flow.text())
                .param("kind", kind)
                .param("instance", instance)
                .param("cost", share.cost(flow.space()))
                .param("lastTag", LAST_TAG)
                .param("last", Band.LAST.priority())
                .update();
    }

    /// Brings tags down once even the smallest has become large, which keeps their order.
    ///
    /// @param high the smallest tag that counts as large
    /// @return how many jobs have another tag now
    @Transactional
    public int rebase(int high) {
        Integer smallest = smallestTag();
        if (smallest == null || smallest < high) {
            return 0;
        }
        // Whoever adds a job meanwhile waits: it would take a tag of before.
        jdbc.sql("lock table scheduled_tasks in share row exclusive mode").update();
        return jdbc.sql("update scheduled_tasks set priority = least(:base, priority + :by) where flow is not null")
                .param("base", BASE)
                .param("by", smallest)
                .update();
    }

    private @Nullable Integer smallestTag() {
        return jdbc.sql("select :base - max(priority) from scheduled_tasks where flow is not null")
                .param("base", BASE)
                .query(Integer.class)
                .optional()
                .orElse(null);
    }

    /// What does not take part in turns.
    enum Band {
        /// What is done now and then.
        RECURRING(2_140_000_000),
        /// Short jobs that others wait for.
        IN_LINE(2_100_000_000),
        /// Jobs that give way to all others.
        LAST(10);

        private final int priority;

        Band(int priority) {
            this.priority = priority;
        }

        int priority() {
            return priority;
        }
    }
}

package dev.safelight.event;

import dev.safelight.job.JobEnd;
import dev.safelight.job.JobHandler;
import dev.safelight.job.JobQueue;
import dev.safelight.job.JobRun;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Keeps notifications of a queue that cannot be read, each as a dead job: an operator sees why, and can have it read
/// again once the reason is gone.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
public final class RefusedNotifications implements JobHandler {
    static final String KIND = "read-notification";

    private static final Logger LOG = LoggerFactory.getLogger(RefusedNotifications.class);
    private static final int MOST = 1000;

    private final RefusedNotificationRepository repository;
    private final StoreEventParser parser;
    private final Inbox inbox;
    private final JobQueue jobs;
    private final TransactionTemplate transaction;

    RefusedNotifications(
            RefusedNotificationRepository repository,
            StoreEventParser parser,
            Inbox inbox,
            JobQueue jobs,
            TransactionTemplate transaction) {
        this.repository = repository;
        this.parser = parser;
        this.inbox = inbox;
        this.jobs = jobs;
        this.transaction = transaction;
    }

    /// Keeps a notification durably; false when so many are kept that somebody has to look first.
    ///
    /// @param messageId by which the queue tells it apart
    public boolean keep(String messageId, String body) {
        return Boolean.TRUE.equals(transaction.execute(status -> {
            if (repository.count() >= MOST) {
                return false;
            }
            jobs.enqueue(KIND, String.valueOf(repository.keep(messageId, body)));
            return true;
        }));
    }

    @Override
    public String kind() {
        return KIND;
    }

    @Override
    public void run(JobRun run) {
        long id = Long.parseLong(run.instance());
        Optional<String> body = repository.find(id);
        if (body.isEmpty()) {
            run.foundNothingToDo();
            return;
        }
        inbox.accept(EventSource.SQS, parser.parse(body.get()));
        repository.forget(id);
    }

    @Override
    public void abandon(String instance, JobEnd end) {
        LOG.warn("A notification cannot be read; GET /v1/jobs/dead shows it as {} {}", KIND, instance);
    }
}

package dev.safelight.job;

import java.io.IOException;

/// Does the work of one kind of job.
///
/// A job runs at least once, perhaps on several processes one after the other: a handler must be idempotent. An
/// [IOException] or a failure of kind UNAVAILABLE or BUSY is tried again later; any other exception ends the job.
public interface JobHandler {
    /// A stable name; it is stored with each job.
    String kind();

    void run(JobRun run) throws IOException, InterruptedException;

    /// Called once when the job has ended without success and will not be tried again.
    void abandon(String instance, JobEnd end);
}

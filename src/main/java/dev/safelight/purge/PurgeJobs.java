package dev.safelight.purge;

/// How the jobs are called that tell edges of purges.
public final class PurgeJobs {
    /// The instance is the name of the edge.
    public static final String KIND = "purge-edge";

    private PurgeJobs() {}
}

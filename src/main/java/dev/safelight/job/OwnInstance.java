package dev.safelight.job;

import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Pattern;

/// Names of jobs that run for sure. One that bears the name of a running job would be taken for the same, and that may
/// have read what was before.
public final class OwnInstance {
    private static final Pattern OWN = Pattern.compile("/own-[0-9a-f]+$");

    private OwnInstance() {}

    /// @param subject what the job is about
    public static String of(Object subject) {
        return subject + "/own-" + Long.toHexString(ThreadLocalRandom.current().nextLong());
    }

    /// What a job is about, whether its name is its own or not.
    public static String subject(String instance) {
        return OWN.matcher(instance).replaceFirst("");
    }
}

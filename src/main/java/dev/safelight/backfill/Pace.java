package dev.safelight.backfill;

import java.time.Duration;
import java.util.Optional;

/// How fast a backfill went in the last minutes, and how long it will take if it goes on like that.
record Pace(double examinedPerMinute, double endedPerMinute) {
    static final Pace NONE = new Pace(0, 0);

    /// @param over since when, until now
    static Pace of(long examined, long ended, Duration over) {
        double minutes = over.toMillis() / 60_000.0;
        return minutes <= 0 ? NONE : new Pace(examined / minutes, ended / minutes);
    }

    /// The time that is left; empty while nothing tells. Of the assets that were not examined yet, as many are expected
    /// to need a job as of those that were.
    Optional<Duration> left(Backfill backfill) {
        Backfill.Counts counts = backfill.counts();
        long unexamined = backfill.walked() ? 0 : Math.max(0, counts.total() - counts.examined());
        double share = counts.examined() == 0 ? 1 : (double) counts.needed() / counts.examined();
        double jobs = Math.max(0, counts.needed() - counts.done() - counts.failed()) + unexamined * share;
        double forJobs = minutes(jobs, jobRate(backfill.throttle()));
        double forWalk = jobs > 0 ? 0 : minutes((double) unexamined, examinedPerMinute);
        double minutes = Math.max(forJobs, forWalk);
        return Double.isFinite(minutes)
                ? Optional.of(Duration.ofMillis(Math.round(minutes * 60_000)))
                : Optional.empty();
    }

    private double jobRate(Backfill.Throttle throttle) {
        Integer most = throttle.perMinute();
        if (most == null) {
            return endedPerMinute;
        }
        return endedPerMinute == 0 ? most : Math.min(most, endedPerMinute);
    }

    private static double minutes(double amount, double perMinute) {
        return amount == 0 ? 0 : amount / perMinute;
    }
}

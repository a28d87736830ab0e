package dev.safelight.backfill;

import dev.safelight.asset.AssetId;
import dev.safelight.pipeline.ReprocessPlan;
import org.jspecify.annotations.Nullable;

/// What one transaction does of a backfill, added up while it is done.
final class Step {
    /// The last asset that was examined; null when none was.
    private @Nullable AssetId position;

    private boolean walked;
    private int examined;
    private int needed;
    private int enqueued;
    private int done;
    private int failed;
    private long made;
    private long bytesToWrite;
    private long bytesFreed;

    void examined(AssetId asset) {
        position = asset;
        examined++;
    }

    void needed(ReprocessPlan plan) {
        needed++;
        made += plan.made();
        bytesToWrite += plan.bytesToWrite();
        bytesFreed += plan.bytesFreed();
    }

    void enqueued() {
        enqueued++;
    }

    void done() {
        done++;
    }

    void failed() {
        failed++;
    }

    void walked() {
        walked = true;
    }

    @Nullable
    AssetId position() {
        return position;
    }

    boolean isWalked() {
        return walked;
    }

    int examined() {
        return examined;
    }

    int needed() {
        return needed;
    }

    int enqueuedJobs() {
        return enqueued;
    }

    int doneJobs() {
        return done;
    }

    int failedJobs() {
        return failed;
    }

    int ended() {
        return done + failed;
    }

    long made() {
        return made;
    }

    long bytesToWrite() {
        return bytesToWrite;
    }

    long bytesFreed() {
        return bytesFreed;
    }
}

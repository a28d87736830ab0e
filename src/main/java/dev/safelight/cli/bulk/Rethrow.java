package dev.safelight.cli.bulk;

import java.io.IOException;
import java.util.concurrent.ExecutionException;

/// Throws what ended a task in another thread as if it had happened in this one.
final class Rethrow {
    private Rethrow() {}

    static void cause(ExecutionException failed) throws IOException, InterruptedException {
        switch (failed.getCause()) {
            case IOException io -> throw io;
            case InterruptedException interrupted -> throw interrupted;
            case RuntimeException unchecked -> throw unchecked;
            case Error error -> throw error;
            case null, default -> throw new IllegalStateException(failed);
        }
    }
}

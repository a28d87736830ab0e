package dev.safelight.store.embedded;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;

/// A request body that must keep coming: a timeout for silence alone can be cheated with a byte now and then.
///
/// Only the time spent waiting for the client counts, so that a slow disk of ours is not held against it.
final class PacedStream extends FilterInputStream {
    private static final long BYTES_PER_SECOND = 256;

    private final long window;
    private final long enough;
    private long waited;
    private long received;

    /// @param window of waiting, in each of which enough has to arrive
    PacedStream(InputStream in, Duration window) {
        super(in);
        this.window = window.toNanos();
        this.enough = window.toSeconds() * BYTES_PER_SECOND;
    }

    @Override
    public int read() throws IOException {
        long start = System.nanoTime();
        int one = super.read();
        received(one < 0 ? 0 : 1, start);
        return one;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        long start = System.nanoTime();
        int count = super.read(target, offset, length);
        received(Math.max(count, 0), start);
        return count;
    }

    private void received(int bytes, long start) {
        received += bytes;
        waited += System.nanoTime() - start;
        if (waited < window) {
            return;
        }
        if (received < enough) {
            throw StoreError.REQUEST_TIMEOUT.with("The request body arrives too slowly.");
        }
        waited = 0;
        received = 0;
    }
}

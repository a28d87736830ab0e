package dev.safelight.store.embedded;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.function.Consumer;

/// A request body that must have arrived by a point in time, whatever its pace: for what is read of strangers.
final class DeadlineStream extends FilterInputStream {
    private static final long SHORTEST_MILLIS = 10;

    private final long end;
    private final Duration usual;
    private final Consumer<Duration> silence;
    private boolean lifted;

    /// @param limit how long all reads together may take
    /// @param usual how long a client may be silent when the deadline no longer counts
    /// @param silence sets how long the connection waits for bytes, which is what ends a read that blocks
    DeadlineStream(InputStream in, Duration limit, Duration usual, Consumer<Duration> silence) {
        super(in);
        this.end = System.nanoTime() + limit.toNanos();
        this.usual = usual;
        this.silence = silence;
    }

    /// From here on the client may take its time.
    void lift() {
        lifted = true;
        silence.accept(usual);
    }

    @Override
    public int read() throws IOException {
        limit();
        return super.read();
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        limit();
        return super.read(target, offset, length);
    }

    private void limit() {
        if (lifted) {
            return;
        }
        Duration left = Duration.ofNanos(end - System.nanoTime());
        if (!left.isPositive()) {
            throw StoreError.REQUEST_TIMEOUT.with("The request body arrives too slowly.");
        }
        Duration wait = left.compareTo(usual) < 0 ? left : usual;
        silence.accept(wait.toMillis() < SHORTEST_MILLIS ? Duration.ofMillis(SHORTEST_MILLIS) : wait);
    }

    @Override
    public void close() throws IOException {
        lift();
        super.close();
    }
}

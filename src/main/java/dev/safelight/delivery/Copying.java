package dev.safelight.delivery;

import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;

/// What one reader gets, handed to somebody who copies it, with a bound on how long either waits for the
/// other: a reader for a disk that stalls, the copy for a client that is slow.
///
/// Few chunks lie between the two. Whoever has no more patience ends the copy; the reader goes on without.
final class Copying {
    private static final int LARGEST_CHUNK = 64 * 1024;
    private static final int CHUNKS = 8;
    /// Handed over when no more comes.
    private static final byte[] END = {};

    private final BlockingQueue<byte[]> chunks = new ArrayBlockingQueue<>(CHUNKS);
    private final InputStream original;
    private final long bytes;
    private final long deadline;
    private long patience;
    private volatile boolean ended;

    /// @param bytes of the original
    /// @param longest that the copy may take from now on
    /// @param patience of the reader with the copy, in all
    Copying(InputStream original, long bytes, Duration longest, Duration patience) {
        this.original = original;
        this.bytes = bytes;
        this.deadline = System.nanoTime() + longest.toNanos();
        this.patience = patience.toNanos();
    }

    /// The original; whatever is read from it is handed over.
    InputStream reader() {
        return new Reader();
    }

    /// The same bytes; fails when they do not come to their end in time.
    InputStream copy() {
        return new Copy();
    }

    private void handOver(byte[] chunk) {
        long asked = System.nanoTime();
        try {
            if (!chunks.offer(chunk, patience, TimeUnit.NANOSECONDS)) {
                end();
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            end();
        }
        patience -= System.nanoTime() - asked;
    }

    /// Nothing more is handed over, nor waited for.
    private void end() {
        ended = true;
        chunks.clear();
        chunks.offer(END);
    }

    private final class Reader extends FilterInputStream {
        private long left = bytes;

        Reader() {
            super(original);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = in.read(buffer, offset, Math.min(length, LARGEST_CHUNK));
            if (read > 0 && !ended) {
                left -= read;
                handOver(Arrays.copyOfRange(buffer, offset, offset + read));
            }
            return read;
        }

        @Override
        public void close() throws IOException {
            if (left != 0) {
                end();
            }
            in.close();
        }
    }

    private final class Copy extends InputStream {
        private byte[] chunk = END;
        private int taken;
        private long left = bytes;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            if (left == 0) {
                return -1;
            }
            if (taken == chunk.length) {
                chunk = next();
                taken = 0;
            }
            int count = Math.min(length, chunk.length - taken);
            System.arraycopy(chunk, taken, buffer, offset, count);
            taken += count;
            left -= count;
            return count;
        }

        private byte[] next() throws IOException {
            try {
                long time = deadline - System.nanoTime();
                byte[] next = time <= 0 ? null : chunks.poll(time, TimeUnit.NANOSECONDS);
                if (next == null) {
                    throw new IOException("the reader takes too long, " + left + " bytes before the end");
                }
                if (next.length == 0) {
                    throw new EOFException("the reader stopped " + left + " bytes early");
                }
                return next;
            } catch (InterruptedException stopping) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("stopped");
            }
        }

        @Override
        public void close() {
            end();
        }
    }
}

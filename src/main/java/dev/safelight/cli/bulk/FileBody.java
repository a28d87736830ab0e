package dev.safelight.cli.bulk;

import java.io.EOFException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.concurrent.Flow;
import java.util.function.LongConsumer;

/// A part of a file as the body of a request, with something before and behind it, read as it is sent.
///
/// @param onProgress told the number of bytes of the file handed over since the last call
@SuppressWarnings("ArrayRecordComponent")
record FileBody(byte[] head, Path file, long offset, long length, byte[] tail, LongConsumer onProgress)
        implements BodyPublisher {
    private static final int CHUNK = 1 << 17;
    private static final byte[] NOTHING = {};

    static FileBody of(Path file, long offset, long length, LongConsumer onProgress) {
        return new FileBody(NOTHING, file, offset, length, NOTHING, onProgress);
    }

    @Override
    public long contentLength() {
        return head.length + length + tail.length;
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        subscriber.onSubscribe(new Reading(subscriber));
    }

    /// Hands over the head, chunks of the file and the tail, one for each that is asked for.
    private final class Reading implements Flow.Subscription {
        private final Flow.Subscriber<? super ByteBuffer> subscriber;
        private FileChannel channel;
        private long position = -head.length;
        private long wanted;
        private boolean isBusy;
        private boolean isDone;

        @SuppressWarnings("NullAway.Init")
        Reading(Flow.Subscriber<? super ByteBuffer> subscriber) {
            this.subscriber = subscriber;
        }

        @Override
        public void request(long count) {
            synchronized (this) {
                wanted = wanted + count < 0 ? Long.MAX_VALUE : wanted + count;
                // A subscriber asks for more while it is given something; the loop below does the rest.
                if (isBusy) {
                    return;
                }
                isBusy = true;
            }
            while (takeTurn()) {
                hand();
            }
        }

        private synchronized boolean takeTurn() {
            isBusy = wanted > 0 && !isDone;
            wanted -= isBusy ? 1 : 0;
            return isBusy;
        }

        private void hand() {
            try {
                ByteBuffer chunk = next();
                subscriber.onNext(chunk);
                if (position == length + tail.length) {
                    cancel();
                    subscriber.onComplete();
                }
            } catch (IOException failed) {
                cancel();
                subscriber.onError(failed);
            }
        }

        private ByteBuffer next() throws IOException {
            if (position < 0) {
                position = 0;
                return ByteBuffer.wrap(head).asReadOnlyBuffer();
            }
            if (position >= length) {
                position = length + tail.length;
                return ByteBuffer.wrap(tail).asReadOnlyBuffer();
            }
            if (channel == null) {
                channel = FileChannel.open(file);
            }
            ByteBuffer chunk = ByteBuffer.allocate((int) Math.min(CHUNK, length - position));
            if (channel.read(chunk, offset + position) <= 0) {
                throw new EOFException("the file is shorter than it was");
            }
            position += chunk.position();
            onProgress.accept(chunk.position());
            return chunk.flip();
        }

        @Override
        public void cancel() {
            synchronized (this) {
                isDone = true;
            }
            try {
                if (channel != null) {
                    channel.close();
                }
            } catch (IOException ignored) {
                // It was only read.
            }
        }
    }
}

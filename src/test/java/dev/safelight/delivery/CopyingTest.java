package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class CopyingTest {
    private static final Duration LONG = Duration.ofMinutes(10);
    private static final Duration SHORT = Duration.ofMillis(200);
    private static final byte[] CONTENT = new byte[3_000_000];

    static {
        new Random(1).nextBytes(CONTENT);
    }

    private static Copying copying(Duration longest, Duration patience) {
        return new Copying(new ByteArrayInputStream(CONTENT), CONTENT.length, longest, patience);
    }

    @Test
    void givesTheSameBytesToBoth() throws Exception {
        Copying copying = copying(LONG, LONG);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                InputStream reader = copying.reader()) {
            Future<byte[]> copied = threads.submit(() -> {
                try (InputStream copy = copying.copy()) {
                    return copy.readAllBytes();
                }
            });
            assertThat(reader.read()).isEqualTo(CONTENT[0] & 0xFF);
            assertThat(reader.readAllBytes()).hasSize(CONTENT.length - 1);
            // Before the reader is closed.
            assertThat(copied.get()).isEqualTo(CONTENT);
        }
    }

    /// A disk that stalls: nobody takes anything, or no more after the first bytes.
    @Test
    void aReaderWaitsAMomentForWhoeverCopies() throws IOException {
        Copying copying = copying(LONG, SHORT);
        long asked = System.nanoTime();
        try (InputStream reader = copying.reader()) {
            assertThat(reader.readAllBytes()).isEqualTo(CONTENT);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isBetween(SHORT, Duration.ofSeconds(20));
        try (InputStream copy = copying.copy()) {
            assertThatThrownBy(copy::readAllBytes).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aReaderDoesNotWaitForACopyThatHasEnded() throws IOException {
        Copying copying = copying(LONG, LONG);
        try (InputStream reader = copying.reader()) {
            reader.readNBytes(10);
            copying.copy().close();
            assertThat(reader.readAllBytes()).hasSize(CONTENT.length - 10);
        }
    }

    @Test
    void aCopyWaitsForItsReaderOnlySoLong() throws IOException {
        Copying copying = copying(SHORT, LONG);
        try (InputStream reader = copying.reader();
                InputStream copy = copying.copy()) {
            reader.readNBytes(10);
            assertThatThrownBy(copy::readAllBytes)
                    .isInstanceOf(IOException.class)
                    .hasMessage("the reader takes too long, 2999990 bytes before the end");
        }
    }

    @Test
    void aCopyFailsWhenItsReaderStops() throws IOException {
        Copying copying = copying(LONG, LONG);
        try (InputStream reader = copying.reader()) {
            reader.readNBytes(10);
        }
        try (InputStream copy = copying.copy()) {
            assertThatThrownBy(copy::readAllBytes).isInstanceOf(EOFException.class);
        }
    }

    @Test
    void aCopyFailsWhenThereIsMoreThanWasSaid() throws IOException {
        Copying copying = new Copying(new ByteArrayInputStream(new byte[10]), 9, LONG, LONG);
        try (InputStream reader = copying.reader()) {
            reader.readNBytes(10);
        }
        try (InputStream copy = copying.copy()) {
            assertThatThrownBy(copy::readAllBytes).isInstanceOf(EOFException.class);
        }
    }
}

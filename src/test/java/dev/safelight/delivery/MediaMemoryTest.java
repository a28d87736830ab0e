package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetId;
import dev.safelight.asset.Space;
import dev.safelight.testing.RawHttp;
import java.io.FilterInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class MediaMemoryTest {
    private MediaFixture media;

    @BeforeEach
    void start() throws Exception {
        media = new MediaFixture();
    }

    @AfterEach
    void stop() throws Exception {
        media.close();
    }

    @Test
    void asksTheCatalogueAgainAfterASecondAndTheStoreNever() throws Exception {
        String path = media.publish(Space.PRODUCT, new byte[100]);
        assertThat(media.get(path).status()).isEqualTo(200);
        media.pass(Duration.ofMillis(999));
        assertThat(media.get(path).status()).isEqualTo(200);
        assertThat(media.lookups).hasValue(1);
        media.pass(Duration.ofMillis(1));
        assertThat(media.get(path).status()).isEqualTo(200);
        assertThat(media.get(path).status()).isEqualTo(200);
        assertThat(media.lookups).hasValue(2);
        assertThat(media.store.opened()).isEqualTo(1);
    }

    @Test
    void aRejectionElsewhereStopsDeliveryWithinASecond() throws Exception {
        String path = media.publish(Space.PRODUCT, new byte[100]);
        assertThat(media.get(path).status()).isEqualTo(200);
        media.withdraw(path);
        media.pass(MediaMemory.TRUST);
        assertThat(media.get(path).status()).isEqualTo(404);
        assertThat(media.memory.last(path)).isNull();
    }

    @Test
    void aRejectionHereStopsDeliveryAtOnce() throws Exception {
        String path = media.publish(Space.PRODUCT, new byte[100]);
        assertThat(media.get(path).status()).isEqualTo(200);
        var asset = media.assetAt(path);
        media.withdraw(path);
        media.memory.assetChanged(asset);
        assertThat(media.get(path).status()).isEqualTo(404);
    }

    @Test
    void aLoadThatAChangeOvertookIsNotKept() throws Exception {
        String path = media.publish(Space.PRODUCT, new byte[100]);
        var asset = media.assetAt(path);
        media.store.through(stream -> {
            media.pass(Duration.ofMillis(1));
            media.memory.assetChanged(asset);
            return stream;
        });
        assertThat(media.get(path).status()).isEqualTo(200);
        assertThat(media.memory.last(path)).isNull();
    }

    @Test
    void equalRequestsLoadOnce() throws Exception {
        String path = media.publish(Space.PRODUCT, new byte[100]);
        CountDownLatch release = new CountDownLatch(1);
        media.store.through(stream -> new FilterInputStream(stream) {
            @Override
            public int read(byte[] buffer, int offset, int length) throws IOException {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    throw new IOException(e);
                }
                return super.read(buffer, offset, length);
            }
        });
        try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            Callable<Integer> request = () -> media.get(path).status();
            List<Future<Integer>> answers =
                    List.of(clients.submit(request), clients.submit(request), clients.submit(request));
            await().until(() -> media.count("safelight.delivery.misses") == 3);
            release.countDown();
            for (Future<Integer> answer : answers) {
                assertThat(answer.get()).isEqualTo(200);
            }
        }
        assertThat(media.store.opened()).isEqualTo(1);
    }

    @Test
    void privateMediaNeverEntersTheMemory() throws Exception {
        String path = media.publish(Space.USER, new byte[100]);
        assertThat(media.get(path, "Authorization: Bearer viewer").status()).isEqualTo(200);
        assertThat(media.memory.last(path)).isNull();
    }

    @Test
    void servesUncachedWhileTheJvmHasNoRoomAndCountsNothingForIt() throws Exception {
        AtomicBoolean full = new AtomicBoolean(true);
        MediaMemory memory = new MediaMemory(1_000, 1_000, () -> 0, length -> {
            if (full.get()) {
                throw new OutOfMemoryError("Cannot reserve direct memory");
            }
            return ByteBuffer.allocateDirect(length);
        });
        Representation representation = media.representation(Space.PRODUCT, 1_000);
        Supplier<@Nullable HotVariant> keep = () -> memory.keep(
                "/media/a", Set.of(AssetId.create(MediaFixture.MODIFIED)), representation, new byte[1_000], 0);
        for (int i = 0; i < 5; i++) {
            assertThat(keep.get()).isNull();
        }
        full.set(false);
        assertThat(keep.get()).isNotNull();
    }

    @Test
    void theSettingsMustFitIntoTheJvm() {
        DeliverySettings settings = new DeliverySettings(
                DataSize.ofMegabytes(128),
                DataSize.ofMegabytes(2),
                DataSize.ofMegabytes(0),
                DataSize.ofMegabytes(1),
                Duration.ofDays(1),
                Duration.ZERO,
                AccessBySpace.STANDARD,
                List.of(),
                false,
                Duration.ofSeconds(30),
                List.of());
        settings.requireRoomIn(256L << 20);
        assertThatThrownBy(() -> settings.requireRoomIn(255L << 20))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("safelight.delivery.memory-cache must be at most 127MB");
    }

    @Test
    void slowClientsDoNotHoldUpOthersOnTheSameSelector() throws Exception {
        assertThat(media.server.getInvocationType()).isEqualTo(InvocationType.NON_BLOCKING);
        String small = media.publish(Space.PRODUCT, new byte[100]);
        String wide = media.publish(Space.PRODUCT, new byte[MediaFixture.LARGEST]);
        assertThat(media.get(small).status()).isEqualTo(200);
        assertThat(media.get(wide).status()).isEqualTo(200);
        try (RawHttp upload = RawHttp.connect(media.port());
                RawHttp reader = RawHttp.connect(media.port());
                RawHttp halfHeader = RawHttp.connect(media.port())) {
            upload.send("POST /v1/uploads HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nab");
            reader.send(("GET " + wide + " HTTP/1.1\r\nHost: localhost\r\n\r\n").repeat(8));
            halfHeader.send("GET " + small + " HTTP/1.1\r\nHo");
            for (int i = 0; i < 20; i++) {
                assertThat(media.get(small).status()).isEqualTo(200);
            }
            upload.send("cde");
            assertThat(upload.receive(false).text()).isEqualTo("abcde");
            assertThat(reader.receive(false).content()).hasSize(MediaFixture.LARGEST);
        }
    }
}

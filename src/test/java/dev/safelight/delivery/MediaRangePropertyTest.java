package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.Space;
import dev.safelight.testing.RawHttp.Answer;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

class MediaRangePropertyTest {
    private static final byte[] SMALL = new byte[5_000];
    private static final byte[] LARGE = new byte[MediaFixture.LARGEST + 5_000];

    @SuppressWarnings("NullAway.Init") // by @BeforeContainer
    private static Served served;

    private record Served(MediaFixture media, String small, String large) {}

    @BeforeContainer
    static void start() throws Exception {
        new Random(7).nextBytes(SMALL);
        new Random(8).nextBytes(LARGE);
        MediaFixture media = new MediaFixture();
        served = new Served(media, media.publish(Space.PRODUCT, SMALL), media.publish(Space.PRODUCT, LARGE));
    }

    @AfterContainer
    static void stop() throws Exception {
        served.media().close();
    }

    @Property(tries = 150)
    void anyRangeIsASliceOfTheWhole(
            @ForAll @IntRange(max = 5_100) int first,
            @ForAll @IntRange(max = 5_100) int length,
            @ForAll boolean fromMemory)
            throws Exception {
        byte[] whole = fromMemory ? SMALL : LARGE;
        int from = fromMemory ? first : MediaFixture.LARGEST + first;
        int to = Math.min(from + length, whole.length - 1);
        Answer answer = served.media()
                .get(fromMemory ? served.small() : served.large(), "Range: bytes=" + from + "-" + (from + length));
        if (from >= whole.length) {
            assertThat(answer.status()).isEqualTo(416);
            return;
        }
        assertThat(answer.status()).isEqualTo(206);
        assertThat(answer.fields())
                .containsEntry("content-range", "bytes %d-%d/%d".formatted(from, to, whole.length))
                .containsEntry("content-length", String.valueOf(to - from + 1));
        assertThat(answer.content()).isEqualTo(Arrays.copyOfRange(whole, from, to + 1));
    }
}

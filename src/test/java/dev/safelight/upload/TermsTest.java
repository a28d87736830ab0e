package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.access.Caller;
import dev.safelight.access.KeyLimits;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Space;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.util.unit.DataSize;

class TermsTest {
    private static final UploadSettings.Policy POLICY = new UploadSettings.Policy(
            List.of(MediaType.JPEG, MediaType.PNG),
            DataSize.ofBytes(1000),
            1_000_000,
            Duration.ofSeconds(10),
            DataSize.ofBytes(0),
            false);

    private static Terms terms(KeyLimits limits) {
        return Terms.of(Space.USER, POLICY, new Caller(UUID.randomUUID(), "key", Set.of(Role.UPLOADER), limits));
    }

    private static UploadRequest request(
            String name, String type, @Nullable Long size, @Nullable Long side, @Nullable Double duration) {
        return new UploadRequest(
                name, type, size, null, null, null, null, null, null, null, null, null, side, side, duration, null);
    }

    private static Failure.@Nullable Kind refusal(Terms terms, UploadRequest request) {
        try {
            terms.admit(request);
            return null;
        } catch (Failure refused) {
            return refused.kind();
        }
    }

    @Test
    void takesWhatIsAllowedUpToTheLimitItself() {
        Terms terms = terms(KeyLimits.NONE);

        assertThat(terms.admit(request("a.jpg", "image/jpeg", 1000L, 1000L, 10.0)))
                .isEqualTo(MediaType.JPEG);
        assertThat(terms.admit(request("a", "image/png", 1L, null, null))).isEqualTo(MediaType.PNG);
        assertThat(terms.admit(request("a.jpg", "image/jpeg", null, null, null)))
                .isEqualTo(MediaType.JPEG);
        assertThat(refusal(terms, request("a.jpg", "image/jpeg", 1001L, null, null)))
                .isEqualTo(Failure.Kind.TOO_LARGE);
        assertThat(refusal(terms, request("a.jpg", "image/jpeg", 1L, 1001L, null)))
                .isEqualTo(Failure.Kind.TOO_LARGE);
        assertThat(refusal(terms, request("a.jpg", "image/jpeg", 1L, null, 10.5)))
                .isEqualTo(Failure.Kind.TOO_LARGE);
    }

    @Test
    void saysWhatIsAllowedWhenItRefuses() {
        Terms terms = terms(KeyLimits.NONE);

        assertThatThrownBy(() -> terms.admit(request("a.gif", "image/gif", 1L, null, null)))
                .hasMessageContainingAll("user", "image/gif", "image/jpeg, image/png");
        assertThatThrownBy(() -> terms.admit(request("a.png", "image/jpeg", 1L, null, null)))
                .hasMessageContainingAll("a.png", "image/png", "image/jpeg");
        assertThatThrownBy(() -> terms.admit(request("a.jpg", "image/jpeg", 2000L, null, null)))
                .hasMessageContainingAll("2000", "1000");
        assertThat(refusal(terms, request("a.jpg", "image/jpeg", 0L, null, null)))
                .isEqualTo(Failure.Kind.INVALID);
        assertThat(refusal(terms, request("a.jpg", "image/jpeg", -1L, null, null)))
                .isEqualTo(Failure.Kind.INVALID);
        assertThat(refusal(terms, request("a.jpg", "nonsense", 1L, null, null))).isEqualTo(Failure.Kind.UNSUPPORTED);
        assertThat(refusal(terms, request("a.jpg", "image/jpeg", 1L, Long.MAX_VALUE, null)))
                .isEqualTo(Failure.Kind.TOO_LARGE);
    }

    @Test
    void takesTheStricterOfSpaceAndKey() {
        Terms narrow = terms(new KeyLimits(
                null, Set.of(MediaType.PNG, MediaType.GIF), 10L, 100L, Duration.ofSeconds(1), null, null));
        Terms wide = terms(new KeyLimits(null, null, 1L << 40, 1L << 40, Duration.ofDays(1), null, null));

        assertThat(narrow.types()).containsExactly(MediaType.PNG);
        assertThat(narrow.maxBytes()).isEqualTo(10);
        assertThat(narrow.content().maxPixels()).isEqualTo(100);
        assertThat(narrow.content().maxDuration()).isEqualTo(Duration.ofSeconds(1));
        assertThat(wide).isEqualTo(terms(KeyLimits.NONE));
    }
}

package dev.safelight.asset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Positive;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class AssetWordsTest {
    @Test
    void idsAreVersionSevenAndSortByTime() {
        AssetId earlier = AssetId.create(Instant.ofEpochMilli(1_700_000_000_000L));
        AssetId later = AssetId.create(Instant.ofEpochMilli(1_700_000_000_001L));

        assertThat(earlier.value().version()).isEqualTo(7);
        assertThat(earlier.value().variant()).isEqualTo(2);
        assertThat(earlier).isLessThan(later);
        assertThat(earlier.value().getMostSignificantBits() >>> 16).isEqualTo(1_700_000_000_000L);
    }

    @Test
    void idsHaveOneSpelling() {
        AssetId id = AssetId.create(Instant.now());

        assertThat(AssetId.parse(id.toString())).contains(id);
        assertThat(AssetId.parse(id.toString().toUpperCase(Locale.ROOT))).isEmpty();
        assertThat(AssetId.parse("1-1-1-1-1")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "/a", "a/", "a//b", ".", "..", "a/../b", "a/./b", "a b", "ä", "a%2fb", "a\\b", "a\u0000"})
    void keysThatCouldLeaveTheirPlaceAreRefused(String key) {
        assertThat(BlobKey.isValid(key)).isFalse();
        assertThatThrownBy(() -> new BlobKey(Bucket.RAW, key)).isInstanceOf(IllegalArgumentException.class);
    }

    @Property
    void versionIdsReadWhatTheyWrite(@ForAll long millis, @ForAll @Positive int version) {
        int small = version % 1_000_000_000 + (version % 1_000_000_000 == 0 ? 1 : 0);
        VersionId id = new VersionId(AssetId.create(Instant.ofEpochMilli(millis & 0xFFFFFFFFFFFFL)), small);

        assertThat(VersionId.parse(id.toString())).contains(id);
    }

    @ParameterizedTest
    @EnumSource(MediaType.class)
    void mediaTypesAreFoundByTextAndExtension(MediaType type) {
        assertThat(MediaType.parse(type.text())).contains(type);
        assertThat(MediaType.ofFileName("a.b." + type.extension().toUpperCase(Locale.ROOT)))
                .contains(type);
    }

    @ParameterizedTest
    @EnumSource(Reason.class)
    void reasonsReadWhatTheyWrite(Reason reason) {
        assertThat(Reason.parse(reason.text())).isEqualTo(reason);
        assertThat(reason.text()).matches("[a-z-]+");
    }
}

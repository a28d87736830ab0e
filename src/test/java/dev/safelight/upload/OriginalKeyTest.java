package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.asset.BlobKey;
import java.time.Instant;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.StringLength;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class OriginalKeyTest {
    @Test
    void followsTheLayoutOfOriginals() {
        UUID id = UUID.fromString("01234567-89ab-7def-8123-456789abcdef");

        assertThat(OriginalKey.of(id, "photo.jpg", Instant.parse("2026-03-31T23:59:59Z"))
                        .key())
                .isEqualTo("raw/2026/03/01234567-89ab-7def-8123-456789abcdef/photo.jpg");
    }

    @ParameterizedTest
    @CsvSource({
        "photo.jpg, photo.jpg",
        "Übergrößen Foto.png, Ubergro-en-Foto.png",
        "写真.jpg, jpg",
        "'..', file",
        "'.htaccess', htaccess",
        "'a/../../b.jpg', a-..-..-b.jpg"
    })
    void reducesNamesToWhatIsSafe(String name, String expected) {
        assertThat(OriginalKey.safeName(name)).isEqualTo(expected);
    }

    @Property
    void givesAValidKeyForAnyName(@ForAll @StringLength(max = 300) String name) {
        String key = OriginalKey.of(UUID.randomUUID(), name, Instant.EPOCH).key();

        assertThat(BlobKey.isValid(key)).isTrue();
        assertThat(key.split("/")).hasSize(5);
    }
}

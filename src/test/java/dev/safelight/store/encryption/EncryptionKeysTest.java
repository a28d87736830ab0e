package dev.safelight.store.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.safelight.asset.Failure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncryptionKeysTest {
    private static final String HEX = "0123456789abcdef0123456789abcdef" + "0123456789abcdef0123456789abcdef";
    private static final String BASE64 = "ASNFZ4mrze8BI0VniavN7wEjRWeJq83vASNFZ4mrze8=";

    @Test
    void readsBothSpellingsOfOneKey() {
        EncryptionKeys keys = EncryptionKeys.parse("# ours\n\n 2026 : " + HEX + "\nold:" + BASE64 + "\n", "keys");
        assertThat(keys.ids()).containsExactly("2026", "old");
        assertThat(keys.writer()).contains("2026");
        assertThat(keys.fingerprint("2026")).isEqualTo(keys.fingerprint("old"));
        assertThat(keys.writingWith("old", "w").writer()).contains("old");
        assertThat(keys.writingWith("none", "w").writer()).isEmpty();
        assertThat(keys.toString()).contains("2026").doesNotContain(HEX).doesNotContain(BASE64);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "# nothing",
                HEX,
                "id:",
                "id:" + HEX + "00",
                "id:AAAA",
                "none:" + HEX,
                "a b:" + HEX,
                "k:" + HEX + ",k:" + HEX,
                "k:zz"
            })
    void refusesWhatIsNoKeyWithoutShowingIt(String text) {
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> EncryptionKeys.parse(text, "the-setting"))
                .withMessageStartingWith("the-setting")
                .satisfies(failure -> assertThat(failure.getMessage()).doesNotContain(HEX));
    }

    @Property(tries = 300)
    void answersAnyTextWithKeysOrASentence(@ForAll String text) {
        try {
            assertThat(EncryptionKeys.parse(text, "the-setting").ids()).isNotEmpty();
        } catch (Failure failure) {
            assertThat(failure.kind()).isEqualTo(Failure.Kind.INVALID);
        }
    }

    @Test
    void refusesAFileThatOthersCanRead(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "k:" + HEX);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> EncryptionKeys.read(file, "key-file"))
                .withMessageContaining("chmod 600");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        assertThat(EncryptionKeys.read(file, "key-file").ids()).containsExactly("k");
        assertThatExceptionOfType(Failure.class)
                .isThrownBy(() -> EncryptionKeys.read(folder.resolve("other"), "key-file"))
                .withMessageContaining("there is no file");
    }
}

package dev.safelight.e2e;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.Command;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import dev.safelight.testing.UploadOrder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// A server with encryption, from an upload to the day on which its key is exchanged.
@ExtendWith(ShowServerLog.class)
class EncryptionIT {
    private static final String FIRST = "first:" + "3c".repeat(32);
    private static final String SECOND = "second:" + "7d".repeat(32);

    @TempDir
    Path folder = Path.of("");

    private Path keyFile(String... keys) throws IOException {
        Path file = folder.resolve("keys");
        Files.deleteIfExists(file);
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        return Files.write(file, List.of(keys));
    }

    private static Map<String, String> with(Path keys) {
        return Map.of("SAFELIGHT_EMBEDDED_ENCRYPTION_KEY_FILE", keys.toString());
    }

    /// Some bytes of a picture that stand nowhere else.
    private static String slice(byte[] picture) {
        int middle = picture.length / 2;
        return new String(Arrays.copyOfRange(picture, middle, middle + 24), ISO_8859_1);
    }

    @Test
    void keepsNoPictureInPlainAndExchangesItsKey() throws Exception {
        Path data = folder.resolve("data");
        byte[] picture = Pictures.jpeg(900, 600);
        String url;
        byte[] delivered;
        try (SafelightProcess server = SafelightProcess.serve(data, with(keyFile(FIRST)));
                ApiUser admin = server.admin()) {
            JsonNode asset = admin.upload(UploadOrder.jpeg("secret.jpg", picture.length), picture);
            assertThat(asset.path("variants").size()).isPositive();
            url = asset.path("variants").path(0).path("url").asString();
            delivered = admin.get(url).expect(200).bytes();
            assertThat(delivered)
                    .hasSize(asset.path("variants").path(0).path("bytes").asInt());
            requireAbsent(data.resolve("store"), List.of(slice(picture), slice(delivered), "JFIF", "WEBP"));
            assertThat(Command.run("doctor", "--data", data.toString()).out())
                    .contains("encrypted with the key 'first'");
            assertThat(Command.run(with(folder.resolve("keys")), "rekey", "--data", data.toString())
                            .err())
                    .contains("another Safelight");
        }

        try (SafelightProcess refused = SafelightProcess.launch(data, Map.of())) {
            assertThat(refused.awaitEnd(java.time.Duration.ofSeconds(60))).isEqualTo(3);
            assertThat(refused.log()).contains("'first'").contains("safelight.embedded.encryption.key-file");
        }

        Path both = keyFile(SECOND, FIRST);
        Command rekeyed = Command.run(with(both), "rekey", "--data", data.toString());
        assertThat(rekeyed.exitCode()).as(rekeyed.err()).isZero();
        assertThat(rekeyed.out()).contains("0 failed").contains("'second'");
        Command counted = Command.run("rekey", "--count", "--json", "--data", data.toString());
        assertThat(counted.json().path("files").size()).isEqualTo(1);
        assertThat(counted.json().path("files").path("second").asInt()).isPositive();

        try (SafelightProcess server = SafelightProcess.serve(data, with(keyFile(SECOND)));
                ApiUser admin = server.admin()) {
            String path = java.net.URI.create(url).getRawPath();
            assertThat(admin.get(server.url().resolve(path).toString())
                            .expect(200)
                            .bytes())
                    .isEqualTo(delivered);
        }
    }

    private static void requireAbsent(Path store, List<String> secrets) throws IOException {
        try (Stream<Path> files = Files.walk(store)) {
            List<Path> all = files.filter(Files::isRegularFile).toList();
            assertThat(all).hasSizeGreaterThan(3);
            for (Path file : all) {
                assertThat(Files.readString(file, ISO_8859_1))
                        .as(file.toString())
                        .doesNotContain(secrets.toArray(String[]::new));
            }
        }
    }
}

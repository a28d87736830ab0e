package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// File systems that are full or lack what the store needs, where we may mount such.
class UnsuitableDiskTest {
    private static final ObjectHeaders TEXT = ObjectHeaders.ofType("text/plain");

    @TempDir
    Path mount;

    private boolean mounted;

    private void mount(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of("mount"));
        command.addAll(List.of(options));
        command.add(mount.toString());
        mounted = run(command);
        assumeTrue(mounted, "mounting needs root");
    }

    private static boolean run(List<String> command) throws IOException, InterruptedException {
        return new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start()
                        .waitFor()
                == 0;
    }

    @AfterEach
    void unmount() throws Exception {
        if (mounted) {
            run(List.of("umount", mount.toString()));
        }
    }

    @Test
    void namesTheFolderThatKeepsNoAttributes() throws Exception {
        mount("-t", "ramfs", "ramfs");

        assertThat(UserAttributes.areKeptIn(mount)).isFalse();
        assertThatThrownBy(
                        () -> EmbeddedStore.start(EmbeddedStoreSettings.in(mount), event -> {}, InstantSource.system()))
                .isInstanceOfSatisfying(Failure.class, f -> assertThat(f.kind()).isEqualTo(Failure.Kind.UNAVAILABLE))
                .hasMessageContaining(mount.toString())
                .hasMessageContaining("ext4");
    }

    @Test
    void saysThatTheDiskIsFullAndLeavesNothing() throws Exception {
        mount("-t", "tmpfs", "-o", "size=2m", "tmpfs");
        assumeTrue(UserAttributes.areKeptIn(mount));
        try (StoreFixture fixture = new StoreFixture(mount)) {
            Content tooMuch = new Content.Bytes(new byte[4 << 20]);
            assertThatThrownBy(() -> fixture.worker.put(new BlobKey(Bucket.USER, "large"), tooMuch, TEXT))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("507");

            var answer = fixture.form("large", new byte[4 << 20]).send(HttpClient.newHttpClient());
            assertThat(answer.statusCode()).isEqualTo(507);
            assertThat(answer.body()).contains("<Code>InsufficientStorage</Code>");
            assertThat(fixture.files()).isEmpty();

            fixture.worker.put(new BlobKey(Bucket.USER, "small"), new Content.Bytes("fits".getBytes(UTF_8)), TEXT);
            assertThat(fixture.files()).containsExactly("user/small");
        }
    }
}

package dev.safelight.signing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.springframework.util.FileSystemUtils;

/// Signatures in CloudFront's format of which one character was changed.
class CloudFrontTamperingTest {
    private static final String BASE = "https://media.example.com";
    private static final String PATH = "/media/image/0199d3a4-5b6c-7d8e-9f00-112233445566/v1/medium-800w.webp";
    private static final Instant NOW = Instant.parse("2026-11-29T08:00:00Z");
    private static final Instant END = NOW.plusSeconds(3600);

    /// Made with the first try.
    private static final class Made {
        static final Made ONCE = new Made();

        final CloudFrontVerifier verifier;
        final List<CloudFrontParameters> good;

        private Made() {
            try {
                var folder = Files.createTempDirectory("cloudfront");
                Openssl openssl = Openssl.withKeys(folder);
                CloudFrontPolicy canned = CloudFrontPolicy.canned(BASE + PATH, END);
                CloudFrontPolicy custom = new CloudFrontPolicy(BASE + "/media/*", END, NOW, null);
                this.verifier = openssl.verifier(BASE);
                this.good = List.of(
                        openssl.signer(BASE, "K1RSA", CloudFrontHash.SHA256).sign(canned),
                        openssl.signer(BASE, "K2RSA", CloudFrontHash.SHA1).sign(custom),
                        openssl.signer(BASE, "K3EC", CloudFrontHash.SHA256).sign(custom));
                FileSystemUtils.deleteRecursively(folder);
            } catch (IOException failed) {
                throw new IllegalStateException(failed);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(interrupted);
            }
        }
    }

    @Property(tries = 2000)
    void noCharacterCanBeChanged(
            @ForAll @IntRange(max = 2) int which,
            @ForAll @IntRange(max = 2) int field,
            @ForAll @IntRange(max = 100_000) int place,
            @ForAll char other) {
        CloudFrontParameters good = Made.ONCE.good.get(which);
        Map<String, String> fields = new LinkedHashMap<>(good.byName());
        String name = List.copyOf(fields.keySet()).get(field);
        String value = Objects.requireNonNull(fields.get(name));
        int at = place % value.length();
        char with = place % 3 == 0 ? other : "ABCDwxyz0189-_~".charAt(other % 15);
        if (value.charAt(at) == with) {
            return;
        }
        fields.put(name, value.substring(0, at) + with + value.substring(at + 1));
        assertThat(verify(good)).isEqualTo(new Verdict.Granted(END, null, false));
        assertThat(verify(CloudFrontParameters.of(fields))).isInstanceOf(Verdict.Refused.class);
    }

    private static Verdict verify(CloudFrontParameters given) {
        return Made.ONCE.verifier.verify(given, new Visit(PATH, null, NOW, null, null));
    }
}

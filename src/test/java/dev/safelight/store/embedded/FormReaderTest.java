package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.model.S3Exception;

class FormReaderTest {
    private static final String PART = "Content-Disposition: form-data; name=\"f\"";

    /// Gives out bytes in pieces of random length, as a network does.
    private static final class Trickle extends InputStream {
        private final InputStream in;
        private final Random random;

        Trickle(byte[] bytes, long seed) {
            this.in = new ByteArrayInputStream(bytes);
            this.random = new Random(seed);
        }

        @Override
        public int read() throws IOException {
            return in.read();
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            return in.read(target, offset, Math.min(length, 1 + random.nextInt(9)));
        }
    }

    private static byte[] form(List<byte[]> parts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            out.writeBytes(("--B\r\n" + PART + "\r\n\r\n").getBytes(UTF_8));
            out.writeBytes(part);
            out.writeBytes("\r\n".getBytes(UTF_8));
        }
        out.writeBytes("--B--\r\n".getBytes(UTF_8));
        return out.toByteArray();
    }

    private static List<byte[]> read(InputStream in) throws IOException {
        FormReader form = new FormReader(in, "B");
        List<byte[]> parts = new ArrayList<>();
        for (var part = form.next(); part.isPresent(); part = form.next()) {
            parts.add(part.get().body().readAllBytes());
        }
        return parts;
    }

    private static List<byte[]> read(String body) throws IOException {
        return read(new ByteArrayInputStream(body.getBytes(UTF_8)));
    }

    /// Contents that come close to a delimiter.
    @Provide
    Arbitrary<byte[]> contents() {
        return Arbitraries.of("\r", "\n", "-", "--", "B", "\r\n", "\r\n-", "\r\n--", "--B", "x", "\0")
                .list()
                .ofMaxSize(30)
                .map(pieces -> String.join("", pieces))
                .filter(text -> !text.contains("\r\n--B"))
                .map(text -> text.getBytes(UTF_8));
    }

    @Property(tries = 500)
    void findsEveryPartWhateverItsBytesAndHoweverTheyArrive(
            @ForAll @Size(max = 5) List<@net.jqwik.api.From("contents") byte[]> parts, @ForAll long seed)
            throws IOException {
        assertThat(read(new Trickle(form(parts), seed)))
                .usingRecursiveComparison()
                .isEqualTo(parts);
    }

    @Property(tries = 300)
    void takesMutatedFormsOrRefusesThemInTheStoresOwnWords(
            @ForAll @Size(min = 1, max = 3) List<@net.jqwik.api.From("contents") byte[]> parts,
            @ForAll @IntRange(max = 500) int at,
            @ForAll byte value,
            @ForAll @IntRange(max = 2) int kind)
            throws IOException {
        byte[] body = form(parts);
        int place = at % body.length;
        ByteArrayOutputStream mutated = new ByteArrayOutputStream();
        mutated.write(body, 0, place);
        switch (kind) {
            case 0 -> mutated.write(value);
            case 1 -> {
                mutated.write(value);
                mutated.write(body, place, body.length - place);
            }
            default -> mutated.write(body, place + 1, body.length - place - 1);
        }
        try {
            read(new ByteArrayInputStream(mutated.toByteArray()));
        } catch (S3Exception e) {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("MalformedPOSTRequest");
        }
    }

    @Property(tries = 300)
    void survivesNoise(@ForAll @Size(max = 300) byte[] noise) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes("--B\r\n".getBytes(UTF_8));
        body.writeBytes(noise);
        try {
            read(new ByteArrayInputStream(body.toByteArray()));
        } catch (S3Exception e) {
            assertThat(e.statusCode()).isEqualTo(400);
        }
    }

    @Property(tries = 300)
    void survivesPoliciesOfAnyKind(@ForAll String text) {
        try {
            PostPolicy.parse(text);
        } catch (S3Exception e) {
            assertThat(e.awsErrorDetails().errorCode()).isEqualTo("InvalidPolicyDocument");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "--B",
                "preamble\r\n--B\r\n",
                "\r\n--B--",
                "--B\n" + PART + "\n\nx\n--B--",
                "--B\r\n" + PART + "\n\r\nx\r\n--B--",
                "--B\r\n" + PART + "\r\n\r\nno end",
                "--B\r\n" + PART + "\r\n\r\nx\r\n--B",
                "--B\r\n" + PART + "\r\n\r\nx\r\n--B-",
                "--B\r\n" + PART + "\r\n\r\nx\r\n--Bx\r\n",
                "--B\r\n" + PART + "\r\n continued: yes\r\n\r\nx\r\n--B--",
                "--B\r\n" + PART + "\r\n" + PART + "\r\n\r\nx\r\n--B--",
                "--B\r\n\r\nno headers\r\n--B--",
                "--B\r\nContent-Type: a/b\r\n\r\nno name\r\n--B--",
                "--B\r\nContent-Disposition: attachment; name=\"f\"\r\n\r\nx\r\n--B--",
                "--B\r\nContent-Disposition: form-data; name=\"\"\r\n\r\nx\r\n--B--",
                "--B\r\nContent-Disposition: form-data; name=\"f\"; name=\"g\"\r\n\r\nx\r\n--B--",
                "--B\r\nContent-Disposition: form-data; name=\"f\r\n\r\nx\r\n--B--",
                "--B\r\nContent-Disposition: form-data; name=\"f\" g\r\n\r\nx\r\n--B--",
                "--B\r\nno colon\r\n\r\nx\r\n--B--"
            })
    void refusesMalformedForms(String body) {
        assertThatThrownBy(() -> read(body))
                .isInstanceOfSatisfying(
                        S3Exception.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("MalformedPOSTRequest"));
    }

    @Test
    void refusesEndlessHeadersEarly() {
        String endless = "--B\r\n" + "x".repeat(1_000_000);
        assertThatThrownBy(() -> read(endless)).hasMessageContaining("too long");
    }

    @Test
    void understandsNamesAsBrowsersAndToolsWriteThem() throws IOException {
        for (String name : List.of(
                "name=f",
                "name=\"f\"",
                "NAME=\"f\"",
                "filename=\"a;b=c\"; name=f",
                "name=\"f\"; filename=\"a\\\"b\"",
                "filename=\"C:\\dir\\ä.jpg\"; name=\"f\";")) {
            String body = "--B\r\ncontent-disposition:form-data; " + name + "\r\n\r\nx\r\n--B--";
            FormReader form = new FormReader(new ByteArrayInputStream(body.getBytes(UTF_8)), "B");
            assertThat(form.next().orElseThrow().name()).as(name).isEqualTo("f");
        }
    }
}

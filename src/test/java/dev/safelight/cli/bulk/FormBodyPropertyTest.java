package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;

class FormBodyPropertyTest {

    @Property(tries = 100)
    void isReadBackAsItWasPutIn(
            @ForAll("fields") Map<String, String> fields, @ForAll @Size(max = 400_000) byte[] content)
            throws IOException {
        Path file = Files.createTempFile("form", ".bin");
        try {
            Files.write(file, content);
            AtomicLong progress = new AtomicLong();
            FormBody form = FormBody.of(fields);

            BodyPublisher publisher = form.publisher(file, content.length, progress::addAndGet);
            byte[] body = bytes(publisher);

            assertThat(body).hasSize(Math.toIntExact(publisher.contentLength()));
            assertThat(progress).hasValue(content.length);
            String boundary = form.contentType().replace("multipart/form-data; boundary=", "");
            Map<String, String> parsed = parse(new String(body, StandardCharsets.ISO_8859_1), boundary);
            assertThat(parsed.remove("file; filename=\"file\""))
                    .isEqualTo(new String(content, StandardCharsets.ISO_8859_1));
            assertThat(parsed).containsExactlyEntriesOf(fields);
            assertThat(bytes(form.publisher(content))).isEqualTo(body);
        } finally {
            Files.delete(file);
        }
    }

    @Provide
    Arbitrary<Map<String, String>> fields() {
        Arbitrary<String> names =
                Arbitraries.strings().alpha().numeric().withChars('-').ofMinLength(1);
        Arbitrary<String> values = Arbitraries.strings().ascii().ofMaxLength(300);
        return Arbitraries.maps(names, values).ofMaxSize(8).map(LinkedHashMap::new);
    }

    private static Map<String, String> parse(String body, String boundary) {
        Map<String, String> fields = new LinkedHashMap<>();
        String[] parts = ("\r\n" + body).split("\r\n--" + boundary, -1);
        assertThat(parts[parts.length - 1]).isEqualTo("--\r\n");
        for (String part : java.util.Arrays.copyOfRange(parts, 1, parts.length - 1)) {
            int end = part.indexOf("\r\n\r\n");
            String name = part.lines()
                    .filter(line -> line.startsWith("Content-Disposition"))
                    .findFirst()
                    .orElseThrow()
                    .replaceFirst("^Content-Disposition: form-data; name=\"([^\"]*)\"", "$1");
            fields.put(name, part.substring(end + 4));
        }
        return fields;
    }

    private static byte[] bytes(BodyPublisher publisher) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        CompletableFuture<byte[]> whole = new CompletableFuture<>();
        publisher.subscribe(new Flow.Subscriber<>() {
            @Override
            public void onSubscribe(Flow.Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(ByteBuffer chunk) {
                byte[] copy = new byte[chunk.remaining()];
                chunk.get(copy);
                bytes.writeBytes(copy);
            }

            @Override
            public void onError(Throwable failed) {
                whole.completeExceptionally(failed);
            }

            @Override
            public void onComplete() {
                whole.complete(bytes.toByteArray());
            }
        });
        return whole.join();
    }
}

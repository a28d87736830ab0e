package dev.safelight.store.embedded;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Reads a `multipart/form-data` body (RFC 7578) part by part, in a window of constant size.
///
/// Stricter than the RFC, because both browsers and SDKs are: no preamble, no bare line feeds, no folded headers.
/// Throws the store's MalformedPOSTRequest at whatever else it finds, and at a body that ends too early.
final class FormReader {
    private static final int WINDOW = 64 * 1024;
    private static final int HEADER_BYTES = 4096;
    private static final int BOUNDARY_LENGTH = 70;

    private final InputStream in;
    private final byte[] delimiter;
    private final byte[] window = new byte[WINDOW];
    private int from;
    private int to;
    private long consumed;
    private @Nullable PartBody current;
    private boolean started;
    private boolean ended;

    /// One field or file of a form; its body must be read before the next part.
    record Part(String name, boolean isFile, InputStream body) {}

    FormReader(InputStream in, String boundary) {
        if (boundary.isEmpty()
                || boundary.length() > BOUNDARY_LENGTH
                || !boundary.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
            throw malformed("the boundary is not valid");
        }
        this.in = in;
        this.delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.US_ASCII);
    }

    /// Bytes of the body that belong to parts already read, including their headers and delimiters.
    long consumed() {
        return consumed;
    }

    /// The bytes that end a form after its last part, at least.
    int endLength() {
        return delimiter.length + 2;
    }

    Optional<Part> next() throws IOException {
        if (current != null) {
            current.transferTo(OutputStream.nullOutputStream());
        }
        if (ended) {
            return Optional.empty();
        }
        if (!started) {
            started = true;
            expect(new String(delimiter, 2, delimiter.length - 2, StandardCharsets.US_ASCII));
        }
        int a = read();
        int b = read();
        if (a == '-' && b == '-') {
            ended = true;
            return Optional.empty();
        }
        if (a != '\r' || b != '\n') {
            throw malformed("a boundary is not followed by a line end");
        }
        return Optional.of(readPart());
    }

    private Part readPart() throws IOException {
        HeaderValue disposition = null;
        int budget = HEADER_BYTES;
        for (String line = readLine(budget); !line.isEmpty(); line = readLine(budget)) {
            budget -= line.length() + 2;
            int colon = line.indexOf(':');
            if (colon <= 0 || line.charAt(0) == ' ' || line.charAt(0) == '\t') {
                throw malformed("a part has a malformed header");
            }
            if (line.substring(0, colon).strip().equalsIgnoreCase("content-disposition")) {
                if (disposition != null) {
                    throw malformed("a part has two dispositions");
                }
                disposition = HeaderValue.parse(line.substring(colon + 1))
                        .orElseThrow(() -> malformed("a part has a malformed disposition"));
            }
        }
        String name = disposition == null || !disposition.value().equals("form-data")
                ? null
                : disposition.parameters().get("name");
        if (disposition == null || name == null || name.isEmpty()) {
            throw malformed("a part has no name");
        }
        current = new PartBody();
        return new Part(name, disposition.parameters().containsKey("filename"), current);
    }

    /// A header line, as UTF-8 because browsers send file names so.
    private String readLine(int budget) throws IOException {
        byte[] line = new byte[Math.max(budget, 0)];
        int length = 0;
        for (int c = read(); c != '\r'; c = read()) {
            if (c == '\n' || c == 0) {
                throw malformed("a header contains a control character");
            }
            if (length == line.length) {
                throw malformed("a part's headers are too long");
            }
            line[length++] = (byte) c;
        }
        if (read() != '\n') {
            throw malformed("a header line does not end in CR LF");
        }
        return new String(line, 0, length, StandardCharsets.UTF_8);
    }

    private void expect(String text) throws IOException {
        for (int i = 0; i < text.length(); i++) {
            if (read() != text.charAt(i)) {
                throw malformed("the form does not start with its boundary");
            }
        }
    }

    private int read() throws IOException {
        if (from == to && !fill()) {
            throw malformed("the form ends too early");
        }
        consumed++;
        return window[from++] & 0xff;
    }

    /// Reads more into the window, moving what is left of it to the front; false at the end of the body.
    private boolean fill() throws IOException {
        if (from > 0) {
            System.arraycopy(window, from, window, 0, to - from);
            to -= from;
            from = 0;
        }
        int count = in.read(window, to, window.length - to);
        to += Math.max(count, 0);
        return count > 0;
    }

    private static RuntimeException malformed(String why) {
        return StoreError.MALFORMED_POST.with("The body of your POST request is not well-formed: " + why + ".");
    }

    /// The bytes up to the next delimiter, which it consumes.
    private final class PartBody extends InputStream {
        private int safe;
        private boolean done;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] target, int offset, int length) throws IOException {
            if (length == 0) {
                return 0;
            }
            while (!done && safe == 0) {
                search();
            }
            if (safe == 0) {
                return -1;
            }
            int count = Math.min(length, safe);
            System.arraycopy(window, from, target, offset, count);
            from += count;
            consumed += count;
            safe -= count;
            return count;
        }

        /// Finds how many bytes at the front of the window surely belong to the part.
        private void search() throws IOException {
            int i = from;
            while (i < to && !startsDelimiter(i)) {
                i++;
            }
            safe = i - from;
            if (safe > 0) {
                return;
            }
            if (to - from >= delimiter.length) {
                from += delimiter.length;
                consumed += delimiter.length;
                done = true;
            } else if (!fill()) {
                throw malformed("the form ends too early");
            }
        }

        /// Whether the bytes from here are the delimiter, or could become it with what is still to come.
        private boolean startsDelimiter(int at) {
            int length = Math.min(delimiter.length, to - at);
            for (int i = 0; i < length; i++) {
                if (window[at + i] != delimiter[i]) {
                    return false;
                }
            }
            return true;
        }
    }
}

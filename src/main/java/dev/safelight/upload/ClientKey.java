package dev.safelight.upload;

import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What a browser's uploader calls an upload. It is a name and no address: the server chooses the key
/// of the object.
record ClientKey(String text) {
    /// As long as a key of S3 can be, in UTF-8.
    static final int MOST_BYTES = 1024;

    private static final int LONGEST_NAME = 255;
    private static final String UNKNOWN_TYPE = "application/octet-stream";
    /// Uppy puts one before the name, so that no two keys are the same.
    private static final Pattern RANDOM = Pattern.compile("^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}-(?=.)");

    private static final Pattern UNFIT = Pattern.compile("[\\p{Cc}\\p{Cs}]");

    /// @param name of the field or parameter that it came in
    static ClientKey of(String name, @Nullable String text) {
        if (text == null || text.isBlank()) {
            throw new Failure(Failure.Kind.INVALID, name + " is needed: what the file is called.");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES) {
            throw new Failure(
                    Failure.Kind.INVALID, "%s must have at most %d bytes in UTF-8.".formatted(name, MOST_BYTES));
        }
        if (text.indexOf('\0') >= 0 || text.codePoints().anyMatch(ClientKey::isHalf)) {
            throw new Failure(Failure.Kind.INVALID, name + " must not hold null or half characters.");
        }
        return new ClientKey(text);
    }

    private static boolean isHalf(int point) {
        return Character.getType(point) == Character.SURROGATE;
    }

    /// The name of the file, without folders and without what uploaders put before it; a long one keeps its end.
    String fileName() {
        String plain =
                UNFIT.matcher(RANDOM.matcher(lastSegment()).replaceFirst("")).replaceAll("-");
        String end = end(plain).strip();
        return end.isEmpty() || end.equals(".") || end.equals("..") ? "file" : end;
    }

    private String lastSegment() {
        return text.substring(Math.max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
    }

    private static String end(String name) {
        if (name.length() <= LONGEST_NAME) {
            return name;
        }
        int start = name.length() - LONGEST_NAME;
        return name.substring(Character.isLowSurrogate(name.charAt(start)) ? start + 1 : start);
    }

    /// Whether the uploader made it up for this very file; a name alone can be that of two.
    boolean isRandom() {
        return RANDOM.matcher(lastSegment()).find();
    }

    /// The content type, for which uploaders give a general one, or none, where the browser does not know it.
    String typeOr(@Nullable String given) {
        String plain = given == null ? "" : given.strip();
        return !plain.isEmpty() && !plain.equalsIgnoreCase(UNKNOWN_TYPE)
                ? plain
                : MediaType.ofFileName(fileName()).map(MediaType::text).orElse(UNKNOWN_TYPE);
    }
}

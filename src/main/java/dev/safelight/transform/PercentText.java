package dev.safelight.transform;

import dev.safelight.asset.Failure;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Percent-encoding, read strictly: whole escapes, whole UTF-8, no control characters.
final class PercentText {
    private PercentText() {}

    /// @param what is decoded, for complaints
    static String decode(String what, String text, boolean plusIsSpace) {
        byte[] bytes = new byte[text.length() * 3];
        int length = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '%') {
                if (i + 2 >= text.length() || !isHex(text.charAt(i + 1)) || !isHex(text.charAt(i + 2))) {
                    throw malformed(what, text);
                }
                bytes[length++] = (byte) HexFormat.fromHexDigits(text, i + 1, i + 3);
                i += 2;
            } else if (c < 128) {
                bytes[length++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
            } else {
                throw malformed(what, text);
            }
        }
        String decoded;
        try {
            decoded = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes, 0, length))
                    .toString();
        } catch (CharacterCodingException _) {
            throw malformed(what, text);
        }
        if (decoded.chars().anyMatch(Character::isISOControl)) {
            throw malformed(what, text);
        }
        return decoded;
    }

    private static boolean isHex(char c) {
        return HexFormat.isHexDigit(c);
    }

    private static Failure malformed(String what, String text) {
        return new Failure(
                Failure.Kind.INVALID,
                "%s is not valid percent-encoded UTF-8 without control characters: \"%s\""
                        .formatted(Argument.shown(what), Argument.shown(text)));
    }
}

package dev.safelight.store.encryption;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/// The keys that files are encrypted with: all of them read, one of them, or none, writes.
///
/// No text of this class and no message of its failures shows a key.
public final class EncryptionKeys {
    /// What [#writingWith] takes for a store that is to be plain again.
    public static final String NOTHING = "none";

    private static final int KEY_BYTES = 32;
    private static final int MOST_KEYS = 64;
    private static final long LARGEST_FILE = 64 << 10;
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,31}");
    private static final String FORM = "a line 'id:key' for each key; an id of up to 32 letters, digits and . _ -, and"
            + " 32 random bytes in Base64 or hexadecimal, as from: openssl rand -base64 32";

    private final Map<String, byte[]> keys;
    private final @Nullable String writer;

    private EncryptionKeys(Map<String, byte[]> keys, @Nullable String writer) {
        this.keys = Collections.unmodifiableMap(keys);
        this.writer = writer;
    }

    /// No keys: files are written as they are.
    public static EncryptionKeys none() {
        return new EncryptionKeys(Map.of(), null);
    }

    /// Reads what settings or options say; nothing of it means no keys.
    ///
    /// @param prefix what the names `key-file`, `keys` and `write-with` begin with in messages
    /// @throws Failure INVALID when it is not acceptable
    public static EncryptionKeys read(
            String prefix, @Nullable Path keyFile, @Nullable String keys, @Nullable String writeWith) {
        boolean listed = keys != null && !keys.isBlank();
        if (keyFile != null && listed) {
            throw invalid("Give the keys by " + prefix + "key-file or by " + prefix + "keys, not by both.");
        }
        if (keyFile == null && !listed) {
            if (writeWith != null) {
                throw invalid(prefix + "write-with needs keys: set " + prefix + "key-file.");
            }
            return none();
        }
        EncryptionKeys read = keyFile != null
                ? read(keyFile, prefix + "key-file")
                : parse(Objects.requireNonNull(keys), prefix + "keys");
        return writeWith == null ? read : read.writingWith(writeWith, prefix + "write-with");
    }

    /// Reads keys from a file that only its owner can read; the first of them writes.
    ///
    /// @param setting the name under which the file was given, for messages
    /// @throws Failure INVALID when the file or what it says is not acceptable
    public static EncryptionKeys read(Path file, String setting) {
        try {
            if (Files.isDirectory(file)) {
                throw invalid(setting + ": " + file + " is a folder. Needed is a file with " + FORM);
            }
            if (Files.size(file) > LARGEST_FILE) {
                throw invalid(setting + ": " + file + " is too large for a file of keys.");
            }
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (!Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE)
                    .containsAll(permissions)) {
                throw invalid(
                        setting + ": others than its owner may use " + file + ". Change that with: chmod 600 " + file);
            }
            return parse(Files.readString(file, StandardCharsets.UTF_8), setting + " (" + file + ")");
        } catch (NoSuchFileException e) {
            throw invalid(setting + ": there is no file " + file + ".");
        } catch (IOException e) {
            throw invalid(setting + ": " + file + " cannot be read as a text of keys. Needed is " + FORM);
        }
    }

    /// Reads keys from a text, one a line or separated by commas; the first of them writes.
    ///
    /// @param setting the name under which the text was given, for messages
    /// @throws Failure INVALID when the text is not acceptable
    public static EncryptionKeys parse(String text, String setting) {
        Map<String, byte[]> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.split("[\n,]", -1)) {
            number++;
            String entry = line.strip();
            if (entry.isEmpty() || entry.startsWith("#")) {
                continue;
            }
            int colon = entry.indexOf(':');
            String id = colon < 0 ? "" : entry.substring(0, colon).strip();
            byte[] key = colon < 0 ? null : decode(entry.substring(colon + 1).strip());
            if (!ID.matcher(id).matches() || id.equals(NOTHING) || key == null) {
                throw invalid(setting + ": entry " + number + " is no key. Needed is " + FORM);
            }
            if (keys.put(id, key) != null) {
                throw invalid(setting + ": there are two keys with the id '" + id + "'.");
            }
        }
        if (keys.isEmpty() || keys.size() > MOST_KEYS) {
            throw invalid(setting + ": from 1 to " + MOST_KEYS + " keys are needed: " + FORM);
        }
        return new EncryptionKeys(keys, keys.keySet().iterator().next());
    }

    private static byte @Nullable [] decode(String text) {
        try {
            byte[] key = text.length() == 2 * KEY_BYTES
                    ? HexFormat.of().parseHex(text)
                    : Base64.getDecoder().decode(text.replace('-', '+').replace('_', '/'));
            return key.length == KEY_BYTES ? key : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// The same keys, of which another one writes.
    ///
    /// @param id of one of these keys, or [#NOTHING] if files are to be written as they are
    /// @param setting the name under which the id was given, for messages
    public EncryptionKeys writingWith(String id, String setting) {
        if (!id.equals(NOTHING) && !keys.containsKey(id)) {
            throw invalid(setting + ": there is no key '" + id + "'; there are: " + String.join(", ", keys.keySet())
                    + " (or " + NOTHING + ").");
        }
        return new EncryptionKeys(keys, id.equals(NOTHING) ? null : id);
    }

    public Set<String> ids() {
        return keys.keySet();
    }

    /// The id of the key that writes; empty when files are written as they are.
    public Optional<String> writer() {
        return Optional.ofNullable(writer);
    }

    /// The key that writes itself, for services that are to encrypt with it.
    public byte[] writingKey() {
        return Objects.requireNonNull(keys.get(Objects.requireNonNull(writer))).clone();
    }

    Optional<byte[]> find(String id) {
        return Optional.ofNullable(keys.get(id));
    }

    /// Tells keys apart without telling anything of them.
    String fingerprint(String id) {
        byte[] key = find(id).orElseThrow();
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            byte[] print = mac.doFinal("fingerprint of a key of the embedded store".getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(print, 0, 16);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has HmacSHA256", e);
        }
    }

    static Failure invalid(String message) {
        return new Failure(Failure.Kind.INVALID, message);
    }

    @Override
    public String toString() {
        return "EncryptionKeys[" + String.join(", ", keys.keySet()) + "; writing with " + writer().orElse(NOTHING)
                + "]";
    }
}

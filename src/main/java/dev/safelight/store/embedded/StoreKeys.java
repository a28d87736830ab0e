package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.store.StoreRole;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;

/// The keys of the identities, made at the first start and kept in a file that only its owner can read.
final class StoreKeys {
    private static final SecureRandom RANDOM = new SecureRandom();

    private final Map<StoreRole, Key> keys;

    /// An access key and its secret.
    record Key(StoreRole role, String access, String secret) {
        @Override
        public String toString() {
            return "Key[" + access + "]";
        }
    }

    private StoreKeys(Map<StoreRole, Key> keys) {
        this.keys = keys;
    }

    Key of(StoreRole role) {
        return Objects.requireNonNull(keys.get(role));
    }

    Optional<Key> find(String access) {
        return keys.values().stream().filter(key -> key.access().equals(access)).findFirst();
    }

    static StoreKeys open(Path file) throws IOException {
        Properties saved = new Properties();
        if (Files.exists(file)) {
            try (Reader in = Files.newBufferedReader(file)) {
                saved.load(in);
            }
        }
        Map<StoreRole, Key> keys = new EnumMap<>(StoreRole.class);
        boolean changed = false;
        for (StoreRole role : StoreRole.values()) {
            String name = role.name().toLowerCase(Locale.ROOT);
            changed |= saved.putIfAbsent(name + ".access", newAccess()) == null;
            changed |= saved.putIfAbsent(name + ".secret", newSecret()) == null;
            keys.put(role, new Key(role, saved.getProperty(name + ".access"), saved.getProperty(name + ".secret")));
        }
        if (changed) {
            save(saved, file);
        }
        return new StoreKeys(keys);
    }

    /// Written beside and renamed, so that a crash leaves the old keys or the new ones.
    private static void save(Properties keys, Path file) throws IOException {
        StringWriter text = new StringWriter();
        keys.store(text, "Keys of the embedded object store. Whoever reads this file can read every object.");
        Path draft = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(draft);
        try (var channel = FileChannel.open(
                draft,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer bytes = UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        try (var folder = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static String newAccess() {
        byte[] bytes = new byte[9];
        RANDOM.nextBytes(bytes);
        return "SL" + HexFormat.of().withUpperCase().formatHex(bytes);
    }

    private static String newSecret() {
        byte[] bytes = new byte[30];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}

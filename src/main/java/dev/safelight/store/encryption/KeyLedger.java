package dev.safelight.store.encryption;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.asset.Failure;
import java.io.IOException;
import java.io.Reader;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/// Which keys a store has written with, in a file beside its objects, so that a start without one of them is refused
/// before anybody asks for an object in vain.
///
/// A key is noted before the first byte is written with it. The file holds fingerprints, no keys.
public final class KeyLedger {
    private static final String FILE = "encryption.properties";
    private static final String KEY = "key.";
    private static final String WRITER = "writer";

    private final Path file;
    private final Properties noted;

    private KeyLedger(Path file, Properties noted) {
        this.file = file;
        this.noted = noted;
    }

    public static KeyLedger open(Path folder) throws IOException {
        Properties noted = new Properties();
        Path file = folder.resolve(FILE);
        try (Reader in = Files.newBufferedReader(file)) {
            noted.load(in);
        } catch (NoSuchFileException e) {
            // Nothing was ever encrypted here.
        } catch (IllegalArgumentException e) {
            throw new IOException(file + " is damaged; put it back from a backup, or remove it", e);
        }
        return new KeyLedger(file, noted);
    }

    /// The ids of all keys that files may be encrypted with.
    public Set<String> ids() {
        Set<String> ids = new TreeSet<>();
        for (String name : noted.stringPropertyNames()) {
            if (name.startsWith(KEY)) {
                ids.add(name.substring(KEY.length()));
            }
        }
        return ids;
    }

    /// The id of the key that the store wrote with last, or [EncryptionKeys#NOTHING].
    public String writer() {
        return noted.getProperty(WRITER, EncryptionKeys.NOTHING);
    }

    /// Holds keys against what was written, and notes the one that writes from now on.
    ///
    /// @throws Failure UNAVAILABLE when a key is missing or another one than was written with
    public void admit(EncryptionKeys keys) throws IOException {
        for (String id : ids()) {
            if (keys.find(id).isEmpty()) {
                throw refused("Objects in " + file.getParent() + " are encrypted with the key '" + id
                        + "', which is not among the keys of this start ("
                        + (keys.ids().isEmpty() ? "none" : String.join(", ", keys.ids()))
                        + "). Add it to the file that safelight.embedded.encryption.key-file names, after the key that"
                        + " is to write; without it these objects cannot be read.");
            }
            if (!keys.fingerprint(id).equals(noted.getProperty(KEY + id))) {
                throw refused("The key '" + id + "' is another one than objects in " + file.getParent()
                        + " are encrypted with. Give the former key this id again, and a new key another id.");
            }
        }
        boolean changed = false;
        String writer = keys.writer().orElse(EncryptionKeys.NOTHING);
        if (keys.writer().isPresent()) {
            changed = noted.setProperty(KEY + writer, keys.fingerprint(writer)) == null;
        }
        if (changed || !writer().equals(writer)) {
            noted.setProperty(WRITER, writer);
            save();
        }
    }

    /// Forgets keys that no file is encrypted with any more, so that they may be thrown away.
    public void keepOnly(Set<String> used) throws IOException {
        boolean changed = false;
        for (String id : ids()) {
            if (!used.contains(id) && !id.equals(writer())) {
                noted.remove(KEY + id);
                changed = true;
            }
        }
        if (changed) {
            save();
        }
    }

    private static Failure refused(String message) {
        return new Failure(Failure.Kind.UNAVAILABLE, message);
    }

    /// Written beside and renamed, so that a crash leaves the old list or the new one.
    private void save() throws IOException {
        StringWriter text = new StringWriter();
        noted.store(text, "The keys that objects here are encrypted with, by their fingerprints.");
        Path draft = file.resolveSibling(FILE + ".new");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = UTF_8.encode(text.toString());
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(file.resolveSibling(""), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }
}

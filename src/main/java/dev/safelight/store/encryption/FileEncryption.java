package dev.safelight.store.encryption;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.StandardOpenOption.READ;

import com.google.crypto.tink.subtle.AesGcmHkdfStreaming;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.SeekableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/// How the bytes of an object lie in its file, encrypted or as they are.
///
/// An encrypted file is a header of our own (magic, version, id of the key, zeros), followed by the streaming AEAD of
/// Google Tink: a salt, a nonce prefix, and segments, each of them AES-256-GCM with a tag of its own. This is the
/// STREAM construction (Hoang, Reyhanitabar, Rogaway, Vizár: "Online Authenticated-Encryption and its Nonce-Reuse
/// Misuse-Resistance", CRYPTO 2015), as in age: the nonce of a segment holds its number and whether it is the last, so
/// that segments which are cut off, exchanged, repeated or moved do not open. Every file has a key of its own,
/// derived by HKDF from ours, the salt, our header and the name of the object. So no nonce ever repeats under a
/// key, and the file of one object does not open as that of another.
///
/// The name is the path of the file below the store's folder. It is bound, not hidden: names, sizes, content types,
/// entity tags and other attributes of files are not encrypted.
///
/// Both the magic and an attribute of the file say that it is encrypted. One alone suffices: a file that lost its
/// attributes is still known by its beginning, and one whose beginning was damaged by its attribute.
public final class FileEncryption {
    private static final byte[] MAGIC = HexFormat.of().parseHex("89534c454e430d0a1a0ae1b7409d52c6");
    private static final byte VERSION = 1;
    private static final int HEADER = 64;
    private static final int ID_LENGTH = MAGIC.length + 1;
    private static final int ID = ID_LENGTH + 1;
    private static final int SEGMENT = 64 << 10;
    private static final int TAG = 16;

    /// What comes before the first segment: our header, and Tink's with its length, salt and nonce prefix.
    private static final int OFFSET = HEADER + 1 + 32 + 7;

    private static final String ATTRIBUTE = "safelight.key";

    private final EncryptionKeys keys;

    public FileEncryption(EncryptionKeys keys) {
        this.keys = keys;
    }

    public EncryptionKeys keys() {
        return keys;
    }

    public boolean writesEncrypted() {
        return keys.writer().isPresent();
    }

    /// Whether a name is that of the attribute by which encrypted files are known.
    public static boolean isOwnAttribute(String attribute) {
        return attribute.equals(ATTRIBUTE);
    }

    /// Whether bytes begin as an encrypted file does, and so must not be stored as they are.
    public static boolean isMistakable(byte[] bytes, int length) {
        return length >= MAGIC.length && Arrays.equals(bytes, 0, MAGIC.length, MAGIC, 0, MAGIC.length);
    }

    /// Begins an empty file; what is written to the channel ends up in it, encrypted where a key is to write.
    ///
    /// The file is complete once the channel is closed, which leaves that of the file open.
    ///
    /// @param name of the object
    public WritableByteChannel writer(Path file, FileChannel bytes, String name) throws IOException {
        Open target = new Open(bytes);
        Optional<String> id = keys.writer();
        if (id.isEmpty()) {
            return target;
        }
        byte[] header = header(id.get());
        attributes(file).write(ATTRIBUTE, US_ASCII.encode(id.get()));
        ByteBuffer beginning = ByteBuffer.wrap(header);
        while (beginning.hasRemaining()) {
            bytes.write(beginning);
        }
        try {
            return streaming(keys.find(id.get()).orElseThrow()).newEncryptingChannel(target, bound(header, name));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /// Opens a file, encrypted or not. Its last segment is checked, and so its length.
    ///
    /// @throws UnreadableFile when it is encrypted and cannot be read
    public StoredBytes open(Path file, String name) throws IOException {
        FileChannel bytes = FileChannel.open(file, READ);
        try {
            Optional<Header> found = header(file, bytes, name);
            if (found.isEmpty()) {
                return new StoredBytes(name, bytes, bytes.size(), null);
            }
            Header header = found.get();
            byte[] key = keys.find(header.keyId())
                    .orElseThrow(() -> new UnreadableFile(name, "there is no key '" + header.keyId() + "'"));
            return decrypt(name, bytes, header, key);
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    private static StoredBytes decrypt(String name, FileChannel bytes, Header header, byte[] key) throws IOException {
        byte[] bound = bound(header.bytes(), name);
        try {
            AesGcmHkdfStreaming streaming = streaming(key);
            SeekableByteChannel plain = streaming.newSeekableDecryptingChannel(bytes, bound);
            if (plain.size() == 0) {
                requireEmpty(streaming, bytes, bound);
            } else {
                plain.position(plain.size() - 1);
                if (plain.read(ByteBuffer.allocate(1)) != 1) {
                    throw new IOException("no last byte");
                }
            }
            return new StoredBytes(name, plain, plain.size(), header.keyId());
        } catch (GeneralSecurityException | IOException | RuntimeException e) {
            throw StoredBytes.damaged(name, header.keyId(), e);
        }
    }

    /// A channel that seeks has no reason to look at the only segment of an empty object.
    private static void requireEmpty(AesGcmHkdfStreaming streaming, FileChannel bytes, byte[] bound)
            throws IOException, GeneralSecurityException {
        bytes.position(HEADER);
        if (streaming.newDecryptingChannel(bytes, bound).read(ByteBuffer.allocate(1)) != -1) {
            throw new IOException("not empty");
        }
    }

    /// The id of the key that a file is encrypted with; empty when it is not.
    public Optional<String> keyOf(Path file, String name) throws IOException {
        try (FileChannel bytes = FileChannel.open(file, READ)) {
            return header(file, bytes, name).map(Header::keyId);
        }
    }

    /// Whether a file is encrypted, whatever became of it since.
    public static boolean isEncrypted(Path file) throws IOException {
        if (attributes(file).list().contains(ATTRIBUTE)) {
            return true;
        }
        try (FileChannel bytes = FileChannel.open(file, READ)) {
            return hasMagic(beginning(bytes));
        }
    }

    /// The length of an object by that of its file, which is not checked.
    public static long plainSize(Path file) throws IOException {
        long size = Files.size(file);
        if (!isEncrypted(file)) {
            return size;
        }
        long segments = (size + SEGMENT - 1) / SEGMENT;
        return Math.max(0, size - OFFSET - segments * TAG);
    }

    private record Header(byte[] bytes, String keyId) {}

    private static Optional<Header> header(Path file, FileChannel bytes, String name) throws IOException {
        byte[] found = beginning(bytes);
        if (!hasMagic(found)) {
            if (attributes(file).list().contains(ATTRIBUTE)) {
                throw new UnreadableFile(name, "its beginning is damaged");
            }
            return Optional.empty();
        }
        if (found.length < HEADER) {
            throw new UnreadableFile(name, "it was cut off");
        }
        if (found[MAGIC.length] != VERSION) {
            throw new UnreadableFile(name, "its beginning is damaged, or from a later version of Safelight");
        }
        int length = found[ID_LENGTH];
        if (length < 1 || length > HEADER - ID) {
            throw new UnreadableFile(name, "its beginning is damaged");
        }
        return Optional.of(new Header(found, new String(found, ID, length, US_ASCII)));
    }

    private static byte[] beginning(FileChannel bytes) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER);
        int read = 0;
        while (buffer.hasRemaining() && read >= 0) {
            read = bytes.read(buffer, buffer.position());
        }
        return Arrays.copyOf(buffer.array(), buffer.position());
    }

    private static boolean hasMagic(byte[] beginning) {
        return isMistakable(beginning, beginning.length);
    }

    private static byte[] header(String id) {
        byte[] text = id.getBytes(US_ASCII);
        return ByteBuffer.allocate(HEADER)
                .put(MAGIC)
                .put(VERSION)
                .put((byte) text.length)
                .put(text)
                .array();
    }

    /// Of fixed length first, so that no two pairs have the same text.
    private static byte[] bound(byte[] header, String name) {
        byte[] text = name.getBytes(UTF_8);
        return ByteBuffer.allocate(header.length + text.length)
                .put(header)
                .put(text)
                .array();
    }

    private static AesGcmHkdfStreaming streaming(byte[] key) throws GeneralSecurityException {
        return new AesGcmHkdfStreaming(key, "HmacSha256", key.length, SEGMENT, HEADER);
    }

    private static UserDefinedFileAttributeView attributes(Path file) {
        return Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
    }

    /// A file that stays open when the stream into it is closed.
    private record Open(FileChannel file) implements WritableByteChannel {
        @Override
        public int write(ByteBuffer source) throws IOException {
            return file.write(source);
        }

        @Override
        public boolean isOpen() {
            return file.isOpen();
        }

        @Override
        public void close() {
            // Its owner has it synced first.
        }
    }
}

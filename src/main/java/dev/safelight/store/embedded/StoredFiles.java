package dev.safelight.store.embedded;

import dev.safelight.asset.BlobKey;
import dev.safelight.store.ByteRange;
import dev.safelight.store.encryption.FileEncryption;
import dev.safelight.store.encryption.StoredBytes;
import dev.safelight.store.encryption.UnreadableFile;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Reads objects as they were sent, whether or not their files are encrypted.
///
/// S3Proxy knows headers, entity tags and conditions of all files, and reads those that are not encrypted. It
/// goes to a file by its name more than once; so does this. If another file has taken the name meanwhile, the
/// request begins anew, lest the facts of one file go with the bytes of another.
final class StoredFiles {
    private static final Logger log = LoggerFactory.getLogger(StoredFiles.class);

    private static final Pattern RANGE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");
    private static final int ATTEMPTS = 10;

    private final BlobStore files;
    private final StoreFolder folder;

    StoredFiles(BlobStore files, StoreFolder folder) {
        this.files = files;
        this.folder = folder;
    }

    ListObjectsV2Response list(ListObjectsV2Request request) {
        ListObjectsV2Response page = files.list(request);
        return page.toBuilder()
                .contents(page.contents().stream()
                        .map(object -> sized(request.bucket(), object))
                        .toList())
                .build();
    }

    private S3Object sized(String bucket, S3Object object) {
        if (!BlobKey.isValid(object.key())) {
            return object;
        }
        try {
            long size = FileEncryption.plainSize(folder.file(bucket, object.key()));
            return object.toBuilder().size(size).build();
        } catch (IOException e) {
            // Removed since it was listed, or not even its beginning can be read: who asks for it will see.
            return object;
        }
    }

    HeadObjectResponse head(HeadObjectRequest request) {
        return stable(request.bucket(), request.key(), encrypted -> {
            HeadObjectResponse facts = files.blobMetadata(request);
            if (!encrypted) {
                return facts;
            }
            try (StoredBytes bytes = bytes(request.bucket(), request.key())) {
                return facts.toBuilder().contentLength(bytes.size()).build();
            }
        });
    }

    ResponseInputStream<GetObjectResponse> open(GetObjectRequest request) {
        return stable(
                request.bucket(), request.key(), encrypted -> encrypted ? decrypt(request) : files.getBlob(request));
    }

    private ResponseInputStream<GetObjectResponse> decrypt(GetObjectRequest request) throws IOException {
        GetObjectResponse facts;
        try (var whole = files.getBlob(request.toBuilder().range(null).build())) {
            facts = whole.response();
        }
        StoredBytes bytes = bytes(request.bucket(), request.key());
        try {
            ByteRange range = range(request.range(), bytes.size());
            if (range == null) {
                InputStream stream = bytes.stream();
                return new ResponseInputStream<>(
                        facts.toBuilder().contentLength(bytes.size()).build(), stream);
            }
            GetObjectResponse part = facts.toBuilder()
                    .contentLength(range.length())
                    .contentRange("bytes " + range.first() + "-" + range.last() + "/" + bytes.size())
                    .build();
            return new ResponseInputStream<>(part, bytes.stream(range.first(), range.length()));
        } catch (IOException | RuntimeException e) {
            bytes.close();
            throw e;
        }
    }

    private StoredBytes bytes(String bucket, String key) throws IOException {
        return folder.encryption().open(folder.file(bucket, key), StoreFolder.name(bucket, key));
    }

    /// @return null for the whole object, also where the header is no range (RFC 9110 §14.2)
    private static @Nullable ByteRange range(@Nullable String header, long size) {
        Matcher matcher = RANGE.matcher(header == null ? "" : header);
        if (!matcher.matches()
                || (matcher.group(1).isEmpty() && matcher.group(2).isEmpty())) {
            return null;
        }
        long first = matcher.group(1).isEmpty()
                ? Math.max(0, size - Long.parseLong(matcher.group(2)))
                : Long.parseLong(matcher.group(1));
        boolean open = matcher.group(1).isEmpty() || matcher.group(2).isEmpty();
        long last = open ? size - 1 : Math.min(size - 1, Long.parseLong(matcher.group(2)));
        if (first >= size || last < first) {
            throw StoreError.INVALID_RANGE.with("The object has no such range of bytes.");
        }
        return new ByteRange(first, last);
    }

    @FunctionalInterface
    private interface Reading<T> {
        T read(boolean encrypted) throws IOException;
    }

    /// Reads until the name had one and the same file before and after.
    private <T> T stable(String bucket, String key, Reading<T> reading) {
        try {
            for (int attempt = 1; ; attempt++) {
                Optional<Object> before = identity(bucket, key);
                boolean encrypted = before.isPresent() && isEncrypted(folder.file(bucket, key));
                T result;
                try {
                    result = reading.read(encrypted);
                } catch (UnreadableFile e) {
                    if (attempt < ATTEMPTS && !before.equals(identity(bucket, key))) {
                        continue;
                    }
                    throw e;
                }
                if (before.equals(identity(bucket, key))) {
                    return result;
                }
                if (result instanceof AutoCloseable closeable) {
                    close(closeable);
                }
                if (attempt == ATTEMPTS) {
                    throw StoreError.SLOW_DOWN.with("The object is being replaced all the time; try again.");
                }
            }
        } catch (UnreadableFile e) {
            log.error("{}", e.getMessage());
            throw StoreError.UNREADABLE.with(
                    "The object cannot be decrypted: its key is missing, or its bytes are damaged. See the log.", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isEncrypted(Path file) throws IOException {
        try {
            return FileEncryption.isEncrypted(file);
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /// What tells the file of a name from one that replaces it; empty when it is no file.
    private Optional<Object> identity(String bucket, String key) throws IOException {
        if (!BlobKey.isValid(key)) {
            return Optional.empty();
        }
        try {
            BasicFileAttributes file = Files.readAttributes(folder.file(bucket, key), BasicFileAttributes.class);
            return file.isRegularFile()
                    ? Optional.of(new Identity(file.fileKey(), file.lastModifiedTime(), file.size()))
                    : Optional.empty();
        } catch (java.nio.file.FileSystemException e) {
            return Optional.empty();
        }
    }

    private record Identity(Object inode, Object modified, long size) {}

    private static void close(AutoCloseable closeable) throws IOException {
        try {
            closeable.close();
        } catch (IOException e) {
            throw e;
        } catch (Exception e) {
            throw new IOException(e);
        }
    }
}

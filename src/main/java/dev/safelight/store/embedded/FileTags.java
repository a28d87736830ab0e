package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.UserDefinedFileAttributeView;

/// The tags of objects as extended attributes of their files, beside [KeptHeaders] and within their bound.
final class FileTags {
    static final String ATTRIBUTE = "safelight.tags";

    private FileTags() {}

    /// @throws NoSuchFileException when there is no such object
    static TagSet read(Path file) throws IOException {
        requireObject(file);
        var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        // One request to the system: the size could change between two.
        ByteBuffer bytes = ByteBuffer.allocate(KeptHeaders.LARGEST);
        try {
            view.read(ATTRIBUTE, bytes);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (FileSystemException e) {
            if (!view.list().contains(ATTRIBUTE)) {
                return TagSet.EMPTY;
            }
            throw e;
        }
        return TagSet.parse(UTF_8.decode(bytes.flip()).toString());
    }

    /// Replaces all tags, durable when this returns.
    ///
    /// @throws NoSuchFileException when there is no such object
    /// @throws software.amazon.awssdk.services.s3.model.S3Exception 400 when there is no room for them beside the
    ///     headers of the object
    static void write(Path file, TagSet tags) throws IOException {
        requireObject(file);
        var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        if (!tags.isEmpty()) {
            requireRoom(view, tags);
            view.write(ATTRIBUTE, UTF_8.encode(tags.text()));
        } else if (view.list().contains(ATTRIBUTE)) {
            view.delete(ATTRIBUTE);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    private static void requireRoom(UserDefinedFileAttributeView view, TagSet tags) throws IOException {
        long taken = 0;
        for (String name : view.list()) {
            taken += name.equals(ATTRIBUTE) ? 0 : name.length() + view.size(name);
        }
        if (taken + ATTRIBUTE.length() + tags.text().length() > KeptHeaders.LARGEST) {
            throw StoreError.METADATA_TOO_LARGE.with(
                    "The tags and headers kept with an object may not exceed 2 KB together.");
        }
    }

    private static void requireObject(Path file) throws NoSuchFileException {
        if (!Files.isRegularFile(file)) {
            throw new NoSuchFileException(file.toString());
        }
    }
}

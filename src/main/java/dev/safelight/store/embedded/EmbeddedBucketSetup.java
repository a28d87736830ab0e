package dev.safelight.store.embedded;

import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.store.BucketSetting;
import dev.safelight.store.BucketSetting.Aspect;
import dev.safelight.store.BucketSetup;
import java.nio.file.Files;
import java.nio.file.Path;

/// The setup of the embedded store, which is in its code: looked at without its port, whether it runs or not.
///
/// @param folder as in [EmbeddedStoreSettings]
public record EmbeddedBucketSetup(Path folder) implements BucketSetup {
    @Override
    public String name(Bucket bucket) {
        return bucket.text();
    }

    @Override
    public Presence presence(Bucket bucket) {
        return Files.isDirectory(folder.resolve("objects").resolve(bucket.text())) ? Presence.THERE : Presence.MISSING;
    }

    /// @throws Failure NOT_FOUND where no server has made the store yet
    public void requireThere() {
        if (!Files.isDirectory(folder.resolve("objects"))) {
            throw absent();
        }
    }

    @Override
    public void create(Bucket bucket) {
        throw absent();
    }

    private Failure absent() {
        return new Failure(
                Failure.Kind.NOT_FOUND,
                "There is no embedded store in %s yet: safelight serve creates it, with all of its buckets."
                        .formatted(folder));
    }

    @Override
    public Found read(Bucket bucket, Aspect aspect) {
        return switch (aspect) {
            case PUBLIC_ACCESS -> new Found.BuiltIn("nobody gets anything without a signature");
            case POLICY -> new Found.BuiltIn("each role has the rights of its own, and no other");
            case CORS -> new Found.BuiltIn("pages of safelight.upload.origins and of safelight.public-url may upload");
            case LIFECYCLE, VERSIONING, ENCRYPTION, NOTIFICATION, TAGS ->
                new Found.Unsupported("the embedded store has no such setting");
        };
    }

    @Override
    public void write(Bucket bucket, BucketSetting setting) {
        throw new Failure(Failure.Kind.INVALID, "the embedded store cannot be set up");
    }

    @Override
    public boolean hasStorageClass(Bucket bucket, String storageClass) {
        return false;
    }

    @Override
    public boolean hasObjectTags(Bucket bucket) {
        return true;
    }

    @Override
    public void close() {
        // Nothing is open.
    }
}

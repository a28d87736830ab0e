package dev.safelight.upload;

import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.store.MultipartUploads;
import dev.safelight.store.OpenUpload;
import dev.safelight.store.StoredPart;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// A store that does not let go of one upload in parts.
record StuckAbort(MultipartUploads store, String stuck) implements MultipartUploads {
    @Override
    public String create(BlobKey key, String contentType) throws IOException {
        return store.create(key, contentType);
    }

    @Override
    public Optional<List<StoredPart>> parts(BlobKey key, String uploadId) throws IOException {
        return store.parts(key, uploadId);
    }

    @Override
    public boolean complete(BlobKey key, String uploadId, List<StoredPart> parts) throws IOException {
        return store.complete(key, uploadId, parts);
    }

    @Override
    public void abort(BlobKey key, String uploadId) throws IOException {
        if (uploadId.equals(stuck)) {
            throw new IOException("stuck");
        }
        store.abort(key, uploadId);
    }

    @Override
    public void list(Bucket bucket, String prefix, Consumer<List<OpenUpload>> page) throws IOException {
        store.list(bucket, prefix, page);
    }
}

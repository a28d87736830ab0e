package dev.safelight.upload;

import dev.safelight.asset.Failure;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A request for an upload with where it came from: a client of the API, or a browser's uploader.
///
/// @param clientKey what a browser's uploader calls the upload
/// @param isCutByClient whether the client decides how parts are cut, and whether there are any
record Order(
        UploadRequest request,
        @Nullable UUID sessionId,
        @Nullable String clientKey,
        boolean isCutByClient) {

    static Order of(UploadRequest request) {
        return new Order(request, null, null, false);
    }

    /// How the bytes will travel: as the client asks, else by their size.
    Upload.Transfer transfer(Upload.Promise promise, UploadSettings settings) {
        long most = UploadSettings.LARGEST_REQUEST.toBytes();
        String method = request.method();
        if (method == null) {
            boolean cut = promise.bytes() > settings.multipartAbove().toBytes() && promise.sizeKnown();
            method = cut ? "multipart" : "post";
        }
        if (method.equals("multipart")) {
            if (isCutByClient) {
                return new Upload.Transfer.Parts(PartPlan.clients(promise.bytes()), null);
            }
            requireSize("an upload in parts", promise);
            return new Upload.Transfer.Parts(
                    PartPlan.equal(promise.bytes(), settings.partSize().toBytes()), null);
        }
        if (promise.bytes() > most && promise.sizeKnown()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "One request can hold %d bytes: send larger files with method \"multipart\".".formatted(most));
        }
        if (method.equals("put")) {
            requireSize("a presigned PUT", promise);
            return new Upload.Transfer.Put();
        }
        return new Upload.Transfer.Form();
    }

    private static void requireSize(String what, Upload.Promise promise) {
        if (!promise.sizeKnown()) {
            throw new Failure(Failure.Kind.INVALID, "size is needed for %s.".formatted(what));
        }
    }
}

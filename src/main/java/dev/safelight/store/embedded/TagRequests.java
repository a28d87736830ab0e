package dev.safelight.store.embedded;

import dev.safelight.asset.Bucket;
import dev.safelight.store.Rights;
import dev.safelight.store.s3.SignatureV4;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The requests around the tags of an object: read, replace and remove them.
final class TagRequests {
    private static final String TAGGING = "tagging";
    private static final Set<String> PARAMETERS = Set.of(TAGGING, "x-id");

    /// Enough for ten tags of full length, each character escaped.
    private static final int LARGEST_BODY = 64 << 10;

    private final Map<String, Bucket> buckets;
    private final StoreFolder folder;

    TagRequests(Map<String, Bucket> buckets, StoreFolder folder) {
        this.buckets = buckets;
        this.folder = folder;
    }

    static boolean takes(SignedRequest signed) {
        return signed.query().containsKey(TAGGING);
    }

    void answer(HttpServletRequest request, HttpServletResponse response, SignedRequest signed, InputStream body)
            throws IOException {
        S3Path path = S3Path.of(request);
        Bucket bucket = buckets.get(path.bucket());
        // Whoever may replace an object may tag it, and no client gets a grant for that.
        if (bucket == null
                || signed.granted()
                || !Rights.of(signed.role(), bucket).contains(Rights.WRITE)) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
        if (!PARAMETERS.containsAll(signed.query().keySet())) {
            throw StoreError.NOT_IMPLEMENTED.with("Tags go with no other parameter of the address.");
        }
        GuardedBlobStore.requireStorable(path.key());
        Path file = folder.file(path.bucket(), path.key());
        try {
            switch (request.getMethod()) {
                case "GET" -> show(response, FileTags.read(file));
                case "PUT" -> FileTags.write(file, read(signed, body));
                case "DELETE" -> {
                    FileTags.write(file, TagSet.EMPTY);
                    response.setStatus(HttpServletResponse.SC_NO_CONTENT);
                }
                default -> throw StoreError.METHOD_NOT_ALLOWED.with(request.getMethod() + " means nothing for tags.");
            }
        } catch (NoSuchFileException e) {
            throw StoreError.NO_SUCH_KEY.with("There is no object under this key.", e);
        }
    }

    private static TagSet read(SignedRequest signed, InputStream body) throws IOException {
        byte[] xml = body.readNBytes(LARGEST_BODY + 1);
        if (xml.length > LARGEST_BODY) {
            throw StoreError.ENTITY_TOO_LARGE.with("The tags of an object are longer than 64 KiB.");
        }
        if (!signed.hash().equals(SignatureV4.sha256(xml))) {
            throw StoreError.WRONG_HASH.with("The body does not have the SHA-256 that was signed.");
        }
        return TaggingBody.parse(xml);
    }

    private static void show(HttpServletResponse response, TagSet tags) throws IOException {
        Xml xml = new Xml("Tagging").open("TagSet");
        new TreeMap<>(tags.tags())
                .forEach((name, value) ->
                        xml.open("Tag").add("Key", name).add("Value", value).close());
        Xml.write(response, xml);
    }
}

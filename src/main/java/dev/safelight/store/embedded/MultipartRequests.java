package dev.safelight.store.embedded;

import dev.safelight.asset.Bucket;
import dev.safelight.store.Rights;
import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.SignatureV4;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.InputStream;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The requests around uploads in parts: begin, list, complete, abort. The parts themselves are for [DirectPuts].
final class MultipartRequests {
    /// How many parts or uploads one answer lists.
    private static final int PAGE = 1000;

    /// Enough for a list of as many parts as there may be.
    private static final int LARGEST_BODY = 2 << 20;

    private final Map<String, Bucket> buckets;
    private final Publisher publisher;
    private final PartFolder parts;

    MultipartRequests(Map<String, Bucket> buckets, Publisher publisher, PartFolder parts) {
        this.buckets = buckets;
        this.publisher = publisher;
        this.parts = parts;
    }

    static boolean takes(HttpServletRequest request, SignedRequest signed) {
        return !request.getMethod().equals("PUT")
                && (signed.query().containsKey("uploads") || signed.query().containsKey("uploadId"));
    }

    void answer(HttpServletRequest request, HttpServletResponse response, SignedRequest signed, InputStream body)
            throws IOException {
        S3Path path = S3Path.of(request);
        String id = signed.query().get("uploadId");
        String method = request.getMethod();
        if (id == null) {
            switch (method) {
                case "POST" -> create(request, response, signed.role(), path);
                case "GET" -> listUploads(response, signed, path);
                default -> throw notAllowed(method);
            }
            return;
        }
        switch (method) {
            case "POST" -> complete(request, response, signed, path, id, body);
            case "GET" -> listParts(response, signed, path, id);
            case "DELETE" -> abort(response, signed.role(), path, id);
            default -> throw notAllowed(method);
        }
    }

    private static RuntimeException notAllowed(String method) {
        return StoreError.METHOD_NOT_ALLOWED.with(method + " means nothing for an upload in parts.");
    }

    private void create(HttpServletRequest request, HttpServletResponse response, StoreRole role, S3Path path)
            throws IOException {
        Set<Rights> rights = require(role, path, Rights.CREATE);
        GuardedBlobStore.requireStorable(path.key());
        SentTags.of(request).requireNone();
        publisher.requireAbsent(path.bucket(), path.key(), rights.contains(Rights.WRITE));
        String id = parts.create(path.bucket(), path.key(), DirectPuts.headers(request));
        Xml.write(
                response,
                new Xml("InitiateMultipartUploadResult")
                        .add("Bucket", path.bucket())
                        .add("Key", path.key())
                        .add("UploadId", id));
    }

    private void complete(
            HttpServletRequest request,
            HttpServletResponse response,
            SignedRequest signed,
            S3Path path,
            String id,
            InputStream body)
            throws IOException {
        Set<Rights> rights = require(signed.role(), path, Rights.CREATE);
        byte[] xml = body.readNBytes(LARGEST_BODY + 1);
        if (xml.length > LARGEST_BODY) {
            throw StoreError.ENTITY_TOO_LARGE.with("The list of parts is longer than 2 MiB.");
        }
        if (!signed.hash().equals(SignatureV4.UNSIGNED) && !signed.hash().equals(SignatureV4.sha256(xml))) {
            throw StoreError.WRONG_HASH.with("The body does not have the SHA-256 that was signed.");
        }
        List<PartFolder.Wanted> wanted = CompletionBody.parse(xml);
        PartFolder.Upload upload = parts.find(id, path.bucket(), path.key());
        boolean replace = rights.contains(Rights.WRITE) && request.getHeader("If-None-Match") == null;
        String etag = parts.complete(upload, wanted, replace);
        Xml.write(
                response,
                new Xml("CompleteMultipartUploadResult")
                        .add("Location", request.getRequestURL().toString())
                        .add("Bucket", path.bucket())
                        .add("Key", path.key())
                        .add("ETag", '"' + etag + '"'));
    }

    private void abort(HttpServletResponse response, StoreRole role, S3Path path, String id) throws IOException {
        require(role, path, Rights.CREATE);
        parts.abort(parts.find(id, path.bucket(), path.key()));
        response.setStatus(HttpServletResponse.SC_NO_CONTENT);
    }

    private void listParts(HttpServletResponse response, SignedRequest signed, S3Path path, String id)
            throws IOException {
        require(signed.role(), path, Rights.CREATE, Rights.LIST);
        int after = number(signed.query().get("part-number-marker"), 0, Integer.MAX_VALUE);
        int most = number(signed.query().get("max-parts"), PAGE, PAGE);
        List<PartFolder.Kept> rest = parts.list(parts.find(id, path.bucket(), path.key())).stream()
                .filter(kept -> kept.part().number() > after)
                .toList();
        List<PartFolder.Kept> page = rest.subList(0, Math.min(most, rest.size()));
        Xml xml = new Xml("ListPartsResult")
                .add("Bucket", path.bucket())
                .add("Key", path.key())
                .add("UploadId", id)
                .add("StorageClass", "STANDARD")
                .add("PartNumberMarker", String.valueOf(after))
                .add(
                        "NextPartNumberMarker",
                        String.valueOf(
                                page.isEmpty() ? after : page.getLast().part().number()))
                .add("MaxParts", String.valueOf(most))
                .add("IsTruncated", String.valueOf(page.size() < rest.size()));
        for (PartFolder.Kept kept : page) {
            xml.open("Part")
                    .add("PartNumber", String.valueOf(kept.part().number()))
                    .add(
                            "LastModified",
                            kept.lastModified().truncatedTo(ChronoUnit.MILLIS).toString())
                    .add("ETag", '"' + kept.part().etag() + '"')
                    .add("Size", String.valueOf(kept.part().bytes()))
                    .close();
        }
        Xml.write(response, xml);
    }

    private void listUploads(HttpServletResponse response, SignedRequest signed, S3Path path) throws IOException {
        require(signed.role(), path, Rights.LIST);
        if (!signed.query().getOrDefault("delimiter", "").isEmpty()) {
            throw StoreError.NOT_IMPLEMENTED.with("Uploads in parts are listed without a delimiter only.");
        }
        String prefix = signed.query().getOrDefault("prefix", "");
        String keyMarker = signed.query().getOrDefault("key-marker", "");
        String idMarker = signed.query().getOrDefault("upload-id-marker", "");
        int most = number(signed.query().get("max-uploads"), PAGE, PAGE);
        List<PartFolder.Upload> rest = parts.uploads(path.bucket(), prefix).stream()
                .filter(upload -> isAfter(upload, keyMarker, idMarker))
                .toList();
        List<PartFolder.Upload> page = rest.subList(0, Math.min(most, rest.size()));
        Xml xml = new Xml("ListMultipartUploadsResult")
                .add("Bucket", path.bucket())
                .add("Prefix", prefix)
                .add("KeyMarker", keyMarker)
                .add("UploadIdMarker", idMarker)
                .add(
                        "NextKeyMarker",
                        page.isEmpty() ? "" : page.getLast().about().key())
                .add("NextUploadIdMarker", page.isEmpty() ? "" : page.getLast().id())
                .add("MaxUploads", String.valueOf(most))
                .add("IsTruncated", String.valueOf(page.size() < rest.size()));
        for (PartFolder.Upload upload : page) {
            xml.open("Upload")
                    .add("Key", upload.about().key())
                    .add("UploadId", upload.id())
                    .add("StorageClass", "STANDARD")
                    .add(
                            "Initiated",
                            upload.about()
                                    .startedAt()
                                    .truncatedTo(ChronoUnit.MILLIS)
                                    .toString())
                    .close();
        }
        Xml.write(response, xml);
    }

    private static boolean isAfter(PartFolder.Upload upload, String keyMarker, String idMarker) {
        int order = upload.about().key().compareTo(keyMarker);
        return order > 0 || (order == 0 && !idMarker.isEmpty() && upload.id().compareTo(idMarker) > 0);
    }

    /// @return the rights of the role, of which it has one of those that are needed
    private Set<Rights> require(StoreRole role, S3Path path, Rights... needed) {
        Bucket bucket = buckets.get(path.bucket());
        Set<Rights> rights = bucket == null ? Set.of() : Rights.of(role, bucket);
        for (Rights right : needed) {
            if (rights.contains(right)) {
                return rights;
            }
        }
        throw StoreError.ACCESS_DENIED.with("Access Denied");
    }

    private static int number(@Nullable String text, int absent, int most) {
        if (text == null || text.isEmpty()) {
            return absent;
        }
        if (!text.matches("[0-9]{1,9}")) {
            throw StoreError.INVALID_ARGUMENT.with("Markers and limits must be numbers from 0.");
        }
        return Math.min(Integer.parseInt(text), most);
    }
}

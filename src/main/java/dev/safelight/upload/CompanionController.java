package dev.safelight.upload;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.DirectUpload.PartGrant;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// The S3 routes of a Companion, with which any Uppy of the last years can upload.
///
/// Their answers have the shapes that Uppy reads; the upload id in them is Safelight's.
@RestController
@OnRole({ServerRole.API, ServerRole.WORKER})
@RequestMapping("/v1/uppy/{token}/s3")
final class CompanionController {
    private static final String BUCKET = "raw";
    private static final int BATCH = 100;

    private final SessionUploads uploads;
    private final SessionAddress address;
    private final InstantSource clock;

    CompanionController(SessionUploads uploads, SessionAddress address, InstantSource clock) {
        this.uploads = uploads;
        this.address = address;
        this.clock = clock;
    }

    /// Begins an upload that is sent as one form.
    ///
    /// @param filename for people and for the extension
    /// @param type the content type; may be missing where the name tells it
    @GetMapping("/params")
    @Allow(Role.SESSION)
    ResponseEntity<FormParameters> parameters(
            @RequestParam String filename,
            @RequestParam(required = false) @Nullable String type,
            @RequestParam(required = false) @Nullable String size,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        Map<String, @Nullable Object> metadata = metadataOf(request);
        if (size != null) {
            metadata.put("size", size);
        }
        SessionUploads.Form form = uploads.form(wanted(filename, type, metadata), caller);
        return answer(new FormParameters(
                "POST",
                form.post().url(),
                form.post().fields(),
                seconds(form.post().expires())));
    }

    private static Map<String, @Nullable Object> metadataOf(HttpServletRequest request) {
        Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
        request.getParameterMap().forEach((name, values) -> {
            if (name.startsWith("metadata[") && name.endsWith("]")) {
                metadata.put(name.substring("metadata[".length(), name.length() - 1), values[0]);
            } else if (!List.of("filename", "type", "size").contains(name)) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The parameter \"%s\" is not known here; allowed are filename, type, size and metadata[…]."
                                .formatted(Shown.shortened(name)));
            }
            if (values.length > 1) {
                throw new Failure(
                        Failure.Kind.INVALID,
                        "The parameter \"%s\" may be given once.".formatted(Shown.shortened(name)));
            }
        });
        return metadata;
    }

    /// Begins an upload that Uppy cuts into parts.
    @PostMapping("/multipart")
    @Allow(Role.SESSION)
    ResponseEntity<Begun> begin(@RequestBody Beginning body, Caller caller) {
        Upload upload = uploads.inParts(
                wanted(body.filename(), body.type(), body.metadata() == null ? Map.of() : body.metadata()), caller);
        return answer(new Begun(upload.key().key(), upload.id().toString(), BUCKET));
    }

    private static SessionUploads.Wanted wanted(
            @Nullable String filename, @Nullable String type, Map<String, ? extends @Nullable Object> all) {
        CompanionMetadata metadata = CompanionMetadata.of(all);
        ClientKey name = ClientKey.of("filename", filename);
        String file = metadata.file();
        return new SessionUploads.Wanted(
                name,
                type,
                metadata.size(),
                metadata.kept(),
                file == null ? name.text() : name.text() + '\n' + file,
                file != null);
    }

    /// The parts that have arrived.
    @GetMapping("/multipart/{id}")
    @Allow(Role.SESSION)
    ResponseEntity<List<Part>> list(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String key,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        QueryParameters.allowOnly(request, "key");
        return answer(uploads.stored(uploads.find(id, key, caller)).stream()
                .map(part -> new Part(part.number(), "\"" + part.etag() + "\"", part.bytes()))
                .toList());
    }

    /// Signs one part.
    @GetMapping("/multipart/{id}/{number:[0-9]+}")
    @Allow(Role.SESSION)
    ResponseEntity<PartUrl> sign(
            @PathVariable String id,
            @PathVariable String number,
            @RequestParam(required = false) @Nullable String key,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        QueryParameters.allowOnly(request, "key");
        Standing standing = uploads.find(id, key, caller);
        PartGrant grant = uploads.sign(standing, List.of(partNumber(number))).getFirst();
        return answer(new PartUrl(grant.url(), seconds(grant.expires())));
    }

    /// Signs up to 100 parts.
    @GetMapping("/multipart/{id}/batch")
    @Allow(Role.SESSION)
    ResponseEntity<PartUrls> signAll(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String key,
            @RequestParam String partNumbers,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        QueryParameters.allowOnly(request, "key", "partNumbers");
        Standing standing = uploads.find(id, key, caller);
        String[] wanted = partNumbers.split(",", -1);
        if (wanted.length > BATCH) {
            throw new Failure(Failure.Kind.INVALID, "partNumbers may name at most %d parts.".formatted(BATCH));
        }
        List<Integer> numbers = new ArrayList<>();
        for (String number : wanted) {
            numbers.add(partNumber(number));
        }
        Map<String, URI> urls = new LinkedHashMap<>();
        uploads.sign(standing, numbers).forEach(part -> urls.put(Integer.toString(part.number()), part.url()));
        return answer(new PartUrls(urls));
    }

    private static int partNumber(String text) {
        if (!text.matches("[0-9]{1,5}")) {
            throw new Failure(Failure.Kind.INVALID, "Part numbers are 1 to %d.".formatted(PartPlan.MOST_PARTS));
        }
        return Integer.parseInt(text);
    }

    /// Joins the parts, which must be those that the store has.
    @PostMapping("/multipart/{id}/complete")
    @Allow(Role.SESSION)
    ResponseEntity<Completed> complete(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String key,
            @RequestBody Completing body,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        QueryParameters.allowOnly(request, "key");
        Standing standing = uploads.find(id, key, caller);
        ClaimedParts claimed = new ClaimedParts();
        for (ClaimedPart part : body.parts() == null ? List.<@Nullable ClaimedPart>of() : body.parts()) {
            claimed.add(part == null ? null : part.PartNumber(), part == null ? null : part.ETag());
        }
        uploads.complete(standing, claimed.all());
        Upload upload = standing.upload();
        return answer(new Completed(address.picture(upload), upload.key().key(), BUCKET));
    }

    /// Gives an upload up.
    @DeleteMapping("/multipart/{id}")
    @Allow(Role.SESSION)
    ResponseEntity<Map<String, String>> abort(
            @PathVariable String id,
            @RequestParam(required = false) @Nullable String key,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        QueryParameters.allowOnly(request, "key");
        uploads.abort(uploads.find(id, key, caller));
        return answer(Map.of());
    }

    private long seconds(Instant expires) {
        return Math.max(0, Duration.between(clock.instant(), expires).toSeconds());
    }

    private static <T> ResponseEntity<T> answer(T body) {
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(body);
    }

    /// @param expires in so many seconds
    record FormParameters(String method, URI url, Map<String, String> fields, long expires) {
        @Override
        public String toString() {
            return "FormParameters[" + fields.get("key") + "]";
        }
    }

    /// @param metadata what Uppy knows of the file; `size` or `fileSize` among it makes the size exact
    record Beginning(
            @Nullable String filename,
            @Nullable String type,
            @Nullable Map<String, @Nullable Object> metadata) {}

    record Begun(String key, String uploadId, String bucket) {}

    record Part(int PartNumber, String ETag, long Size) {}

    /// @param expires in so many seconds
    record PartUrl(URI url, long expires) {
        @Override
        public String toString() {
            return "PartUrl[" + url.getRawPath() + "]";
        }
    }

    record PartUrls(Map<String, URI> presignedUrls) {
        @Override
        public String toString() {
            return "PartUrls" + presignedUrls.keySet();
        }
    }

    record Completing(@Nullable List<@Nullable ClaimedPart> parts) {}

    record ClaimedPart(
            @Nullable Integer PartNumber, @Nullable String ETag) {}

    record Completed(String location, String key, String bucket) {}
}

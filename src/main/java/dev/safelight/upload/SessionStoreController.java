package dev.safelight.upload;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.StoredPart;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What `/sign` gives Uppy in place of the store for all that carries no bytes, in the XML of S3.
@RestController
@OnRole({ServerRole.API, ServerRole.WORKER})
@RequestMapping(path = "/v1/uppy/{token}/store/{id}")
final class SessionStoreController {
    private static final String BUCKET = "raw";

    private final SessionUploads uploads;
    private final SessionAddress address;

    SessionStoreController(SessionUploads uploads, SessionAddress address) {
        this.uploads = uploads;
        this.address = address;
    }

    /// Begins an upload in parts, or joins the parts that the body names: as in S3, the query
    /// `uploads` tells which.
    @PostMapping(produces = MediaType.APPLICATION_XML_VALUE)
    @Allow(Role.SESSION)
    ResponseEntity<String> beginOrComplete(
            @PathVariable String id,
            @RequestBody(required = false) byte @Nullable [] body,
            Caller caller,
            HttpServletRequest request)
            throws IOException {
        Standing standing = uploads.find(id, caller);
        if (asksToBegin(request)) {
            return begin(standing);
        }
        uploads.complete(standing, CompletionXml.read(body == null ? new byte[0] : body));
        Upload upload = standing.upload();
        return answer(S3Xml.element(
                "CompleteMultipartUploadResult",
                S3Xml.texts(Map.of(
                        "Location",
                        address.picture(upload),
                        "Bucket",
                        BUCKET,
                        "Key",
                        upload.key().key()))));
    }

    private static boolean asksToBegin(HttpServletRequest request) {
        String query = request.getQueryString();
        return query != null && Arrays.stream(query.split("&")).anyMatch(one -> one.matches("uploads(=.*)?"));
    }

    private static ResponseEntity<String> begin(Standing standing) {
        Upload upload = standing.upload();
        if (!upload.isOpen()) {
            throw new Failure(Failure.Kind.CONFLICT, "The upload is not open any more: begin another one.");
        }
        return answer(S3Xml.element("InitiateMultipartUploadResult", names(upload)));
    }

    /// The parts that have arrived, all on one page.
    @GetMapping(produces = MediaType.APPLICATION_XML_VALUE)
    @Allow(Role.SESSION)
    ResponseEntity<String> list(@PathVariable String id, Caller caller) throws IOException {
        Standing standing = uploads.find(id, caller);
        List<StoredPart> parts = uploads.stored(standing);
        StringBuilder content = new StringBuilder(names(standing.upload()));
        content.append(S3Xml.texts(Map.of("IsTruncated", "false")));
        for (StoredPart part : parts) {
            content.append(S3Xml.element(
                    "Part",
                    S3Xml.texts(Map.of(
                            "PartNumber",
                            Integer.toString(part.number()),
                            "ETag",
                            "\"" + part.etag() + "\"",
                            "Size",
                            Long.toString(part.bytes())))));
        }
        return answer(S3Xml.element("ListPartsResult", content.toString()));
    }

    /// Gives an upload up.
    @DeleteMapping
    @Allow(Role.SESSION)
    ResponseEntity<Void> abort(@PathVariable String id, Caller caller) throws IOException {
        uploads.abort(uploads.find(id, caller));
        return ResponseEntity.noContent().build();
    }

    private static String names(Upload upload) {
        return S3Xml.texts(Map.of(
                "Bucket",
                BUCKET,
                "Key",
                upload.key().key(),
                "UploadId",
                upload.id().toString()));
    }

    private static ResponseEntity<String> answer(String document) {
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(MediaType.APPLICATION_XML)
                .body(S3Xml.DECLARATION + document);
    }
}

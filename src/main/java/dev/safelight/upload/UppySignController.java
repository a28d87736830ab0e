package dev.safelight.upload;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// What Uppy's `signRequest` asks: where to send one request of the S3 protocol.
///
/// Only bytes go to the store. A single file becomes a form, whose policy bounds its size, instead of the
/// PUT that was asked for; and beginning, listing, joining and aborting parts lead back to this server,
/// which keeps the ledger.
@RestController
@OnRole({ServerRole.API, ServerRole.WORKER})
@RequestMapping("/v1/uppy/{token}")
final class UppySignController {
    private final SessionUploads uploads;
    private final SessionAddress address;

    UppySignController(SessionUploads uploads, SessionAddress address) {
        this.uploads = uploads;
        this.address = address;
    }

    @PostMapping("/sign")
    @Allow(Role.SESSION)
    ResponseEntity<Signed> sign(@Valid @RequestBody Wanted wanted, Caller caller, HttpServletRequest request)
            throws IOException {
        Signed signed = wanted.uploadId() == null
                ? begin(wanted, caller, request)
                : goOn(wanted, wanted.uploadId(), caller, request);
        return ResponseEntity.ok().cacheControl(CacheControl.noStore()).body(signed);
    }

    private Signed begin(Wanted wanted, Caller caller, HttpServletRequest request) throws IOException {
        if (wanted.partNumber() != null) {
            throw new Failure(Failure.Kind.INVALID, "partNumber is for uploads in parts: uploadId is needed with it.");
        }
        ClientKey key = ClientKey.of("key", wanted.key());
        SessionUploads.Wanted file = new SessionUploads.Wanted(
                key, wanted.contentType(), wanted.size(), Map.of(), key.text(), key.isRandom());
        return switch (wanted.method()) {
            case "PUT" -> {
                SessionUploads.Form form = uploads.form(file, caller);
                yield new Signed(
                        form.post().url(),
                        form.upload().key().key(),
                        form.post().fields());
            }
            case "POST" -> {
                Upload upload = uploads.inParts(file, caller);
                yield new Signed(
                        URI.create(address.store(request, upload) + "?uploads"),
                        upload.key().key(),
                        null);
            }
            default ->
                throw new Failure(
                        Failure.Kind.INVALID, "Without uploadId, method must be PUT or POST, which begin an upload.");
        };
    }

    private Signed goOn(Wanted wanted, String id, Caller caller, HttpServletRequest request) throws IOException {
        Standing standing = uploads.find(id, wanted.key(), caller);
        Integer partNumber = wanted.partNumber();
        if (wanted.method().equals("PUT")) {
            if (partNumber == null) {
                throw new Failure(Failure.Kind.INVALID, "partNumber is needed to send a part.");
            }
            URI part = uploads.sign(standing, List.of(partNumber)).getFirst().url();
            return new Signed(part, standing.upload().key().key(), null);
        }
        return new Signed(
                URI.create(address.store(request, standing.upload())),
                standing.upload().key().key(),
                null);
    }

    /// @param key what the uploader calls the file; later, what it was answered
    /// @param size of the file in bytes; when given, the store takes no other
    record Wanted(
            @NotNull(message = "is needed")
            @Pattern(regexp = "GET|PUT|POST|DELETE", message = "must be GET, PUT, POST or DELETE")
            String method,

            @Nullable String key,
            @Nullable String contentType,
            @Nullable Long size,
            @Nullable String uploadId,

            @Nullable @Positive(message = "must be positive")
            Integer partNumber) {}

    /// @param key of the object, which the server chose
    /// @param fields of a form to be sent to `url`, before the file
    record Signed(URI url, String key, @Nullable Map<String, String> fields) {
        @Override
        public String toString() {
            return "Signed[" + key + "]";
        }
    }
}

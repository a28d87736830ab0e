package dev.safelight.upload;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.access.UploadSession;
import dev.safelight.access.UploadSessions;
import dev.safelight.asset.Account;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Space;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/// Opens and ends upload sessions, with which web pages upload.
@RestController
@OnRole({ServerRole.API, ServerRole.WORKER})
@RequestMapping("/v1/upload-sessions")
final class UploadSessionController {
    private static final int UPLOADS = 100;
    private static final int MOST_UPLOADS = 1000;
    private static final long LIFETIME = 3600;
    private static final long LONGEST = 86_400;
    /// Fewer than an asset can have: pages add what they know, such as a folder.
    private static final int MOST_METADATA = 24;

    private final UploadSessions sessions;
    private final UploadSettings settings;
    private final SessionAddress address;

    UploadSessionController(UploadSessions sessions, UploadSettings settings, SessionAddress address) {
        this.sessions = sessions;
        this.settings = settings;
        this.address = address;
    }

    /// Opens a session that acts for the key and can only do what is given here. The answer is the only
    /// place where its token ever shows.
    @PostMapping
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<NewSession> create(@Valid @RequestBody SessionRequest request, Caller caller) {
        Space space = Space.parse(request.space())
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "There is no space \"%s\"; allowed are %s."
                                .formatted(Shown.shortened(request.space()), Terms.join(List.of(Space.values())))));
        if (!caller.mayUploadTo(space)) {
            throw new Failure(Failure.Kind.FORBIDDEN, "This key may not upload to the space \"%s\".".formatted(space));
        }
        Terms terms = Terms.of(space, settings.policy(space), caller);
        Map<String, String> metadata = request.metadata() == null ? Map.of() : request.metadata();
        UploadRequest.requireWords(metadata);
        UploadSessions.Limits limits = new UploadSessions.Limits(
                space,
                types(request.types(), terms),
                largest(request.maxBytes(), terms),
                request.maxUploads() == null ? UPLOADS : request.maxUploads(),
                metadata,
                request.account());
        UploadSessions.Issued issued = sessions.create(
                caller, limits, Duration.ofSeconds(request.lifetime() == null ? LIFETIME : request.lifetime()));
        UploadSession session = issued.session();
        return ResponseEntity.status(HttpStatus.CREATED)
                .cacheControl(CacheControl.noStore())
                .body(new NewSession(session.id(), issued.token(), address.of(issued.token()), session.expiresAt()));
    }

    /// Ends a session before its time. What was begun with it stays, and a grant that it was given works until its
    /// own end.
    @DeleteMapping("/{id}")
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING})
    ResponseEntity<Void> end(@PathVariable String id, Caller caller) {
        boolean found = AssetId.parse(id)
                .filter(one -> sessions.end(one.value(), caller))
                .isPresent();
        if (!found) {
            throw new Failure(
                    Failure.Kind.NOT_FOUND, "There is no upload session \"%s\".".formatted(Shown.shortened(id)));
        }
        return ResponseEntity.noContent().build();
    }

    private static @Nullable Set<MediaType> types(@Nullable List<String> texts, Terms terms) {
        if (texts == null) {
            return null;
        }
        Set<MediaType> types = new LinkedHashSet<>();
        for (String text : texts) {
            types.add(MediaType.parse(text)
                    .filter(terms.types()::contains)
                    .orElseThrow(() -> new Failure(
                            Failure.Kind.UNSUPPORTED,
                            Reason.UNSUPPORTED,
                            "A session cannot take \"%s\" to the space \"%s\"; allowed are %s."
                                    .formatted(Shown.shortened(text), terms.space(), Terms.join(terms.types())))));
        }
        return types;
    }

    private static @Nullable Long largest(@Nullable Long maxBytes, Terms terms) {
        if (maxBytes != null && maxBytes > terms.maxBytes()) {
            throw new Failure(
                    Failure.Kind.INVALID,
                    "maxBytes can only narrow what may be uploaded to the space \"%s\": at most %d."
                            .formatted(terms.space(), terms.maxBytes()));
        }
        return maxBytes;
    }

    /// @param space `product`, `user` or `marketing`
    /// @param types the content types that it takes; all of the space when absent
    /// @param maxBytes of the largest file; as the space allows when absent
    /// @param maxUploads how many uploads it may begin, 1 to 1000; 100 when absent
    /// @param metadata up to 24 entries for each asset, which the page cannot change; `sku`, `part` and
    ///     `role` say what it shows
    /// @param lifetime in seconds, 60 to 86400; an hour when absent
    /// @param account of all uploads of the session, as in a request for an upload
    record SessionRequest(
            @NotNull(message = "is needed") String space,

            @Nullable @Size(min = 1, max = 32, message = "must name 1 to 32 types")
            List<@NotNull(message = "must be text") String> types,

            @Nullable @Min(value = 1, message = "must be at least 1")
            Long maxBytes,

            @Nullable
            @Min(value = 1, message = "must be 1 to 1000")
            @Max(value = MOST_UPLOADS, message = "must be 1 to 1000")
            Integer maxUploads,

            @Nullable @Size(max = MOST_METADATA, message = "must have at most 24 entries")
            Map<
                            @Size(min = 1, max = 64, message = "keys must have 1 to 64 characters") String,
                            @NotNull(message = "values must be text")
                            @Size(max = 1024, message = "values must have at most 1024 characters")
                            @Pattern(regexp = "[^\\x00\\p{Cs}]*", message = "must not hold null or half characters")
                            String>
                    metadata,

            @Nullable
            @Min(value = 60, message = "must be 60 to 86400 seconds")
            @Max(value = LONGEST, message = "must be 60 to 86400 seconds")
            Long lifetime,

            @Nullable @Pattern(regexp = Account.FORM, message = Account.NOT_OF_FORM)
            String account) {}

    /// @param token the secret of the session; it stands in `url` already
    /// @param url what a page needs: Uppy's `companionEndpoint`, or where `/sign` is
    record NewSession(UUID sessionId, String token, String url, Instant expiresAt) {
        @Override
        public String toString() {
            return "NewSession[" + sessionId + "]";
        }
    }
}

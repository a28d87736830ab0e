package dev.safelight.upload;

import dev.safelight.access.Caller;
import dev.safelight.asset.AssetId;
import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Failure;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.store.DirectUpload;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionTemplate;

/// Grants uploads: checks a request against the policy of its space, records it, and signs for the store.
@Component
final class Uploads {
    private final UploadRepository ledger;
    private final Catalog catalog;
    private final DirectUpload store;
    private final UploadSettings settings;
    private final TransactionTemplate transaction;
    private final InstantSource clock;

    Uploads(
            UploadRepository ledger,
            Catalog catalog,
            DirectUpload store,
            UploadSettings settings,
            TransactionTemplate transaction,
            InstantSource clock) {
        this.ledger = ledger;
        this.catalog = catalog;
        this.store = store;
        this.settings = settings;
        this.transaction = transaction;
        this.clock = clock;
    }

    /// Grants a new upload, or gives back the one with the same idempotency key.
    Granted grant(UploadRequest request, Caller caller) {
        Space space = spaceOf(request, caller);
        MediaType type = checkContent(request, settings.policy(space), space);
        String hash = hashOf(request, space);
        if (request.idempotencyKey() != null) {
            Optional<Upload> known = ledger.findByIdempotencyKey(caller.keyId(), request.idempotencyKey());
            if (known.isPresent()) {
                return repeat(known.get(), hash);
            }
        }
        if (ledger.countOpen(caller.keyId()) >= settings.maxOpen()) {
            throw new Failure(
                    Failure.Kind.BUSY,
                    "This key has %d open uploads, which is the limit: use or let expire some of them first."
                            .formatted(settings.maxOpen()));
        }
        try {
            Upload upload = transaction.execute(status -> {
                checkQuota(request, space, caller);
                return record(request, space, type, hash, caller);
            });
            return new Granted(upload, Optional.of(sign(upload)), true);
        } catch (DuplicateKeyException race) {
            String key = String.valueOf(request.idempotencyKey());
            return repeat(ledger.findByIdempotencyKey(caller.keyId(), key).orElseThrow(() -> race), hash);
        }
    }

    private void checkQuota(UploadRequest request, Space space, Caller caller) {
        long quota = settings.policy(space).quota().toBytes();
        if (quota == 0) {
            return;
        }
        ledger.lockOwner(caller.keyId());
        long used = ledger.usedBytes(caller.keyId(), space);
        if (used + request.size() > quota) {
            throw new Failure(
                    Failure.Kind.FORBIDDEN,
                    "This key has used %d of its %d bytes in the space \"%s\"; %d more do not fit."
                            .formatted(used, quota, space, request.size()));
        }
    }

    private Upload record(UploadRequest request, Space space, MediaType type, String hash, Caller caller) {
        Instant now = clock.instant();
        UUID uploadId = AssetId.timeOrdered(now);
        AssetId assetId = AssetId.create(now);
        BlobKey key = OriginalKey.of(uploadId, request.fileName(), now);
        String sha256 = request.sha256();
        AssetVersion first = new AssetVersion(
                assetId,
                1,
                space,
                new AssetVersion.Original(
                        key,
                        request.fileName(),
                        type,
                        request.size(),
                        null,
                        sha256 == null ? null : sha256.toLowerCase(Locale.ROOT)),
                Status.PENDING,
                null,
                null,
                List.of());
        catalog.add(first, caller.keyId(), request.metadata() == null ? Map.of() : request.metadata());
        Upload upload = new Upload(
                uploadId,
                new VersionId(assetId, 1),
                caller.keyId(),
                request.idempotencyKey(),
                hash,
                key,
                type.text(),
                request.size(),
                Upload.State.PENDING,
                now,
                expiry(now));
        ledger.insert(upload);
        return upload;
    }

    private Granted repeat(Upload known, String hash) {
        if (!known.requestHash().equals(hash)) {
            throw new Failure(
                    Failure.Kind.CONFLICT,
                    "This idempotency key was used for another upload: use a new key for a different request.");
        }
        if (known.state() == Upload.State.RECEIVED) {
            return new Granted(known, Optional.empty(), false);
        }
        Instant expires = expiry(clock.instant());
        transaction.executeWithoutResult(status -> {
            if (ledger.reopen(known.id(), expires)) {
                catalog.awaitAgain(known.version().asset(), known.version().version());
            }
        });
        Upload extended = new Upload(
                known.id(),
                known.version(),
                known.owner(),
                known.idempotencyKey(),
                known.requestHash(),
                known.key(),
                known.contentType(),
                known.bytes(),
                Upload.State.PENDING,
                known.createdAt(),
                expires);
        return new Granted(extended, Optional.of(sign(extended)), false);
    }

    private Instant expiry(Instant now) {
        return now.plus(settings.grantLifetime()).truncatedTo(ChronoUnit.SECONDS);
    }

    private DirectUpload.PostGrant sign(Upload upload) {
        return store.post(upload.key(), upload.contentType(), upload.bytes(), upload.bytes(), upload.expiresAt());
    }

    private static Space spaceOf(UploadRequest request, Caller caller) {
        String wanted = request.space() == null ? Space.PRODUCT.text() : request.space();
        Space space = Space.parse(wanted)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.INVALID,
                        "There is no space \"%s\"; allowed are %s.".formatted(wanted, join(List.of(Space.values())))));
        if (!caller.mayUploadTo(space)) {
            throw new Failure(Failure.Kind.FORBIDDEN, "This key may not upload to the space \"%s\".".formatted(space));
        }
        return space;
    }

    private static MediaType checkContent(UploadRequest request, UploadSettings.Policy policy, Space space) {
        MediaType type = MediaType.parse(request.contentType())
                .filter(policy.types()::contains)
                .orElseThrow(() -> new Failure(
                        Failure.Kind.UNSUPPORTED,
                        Reason.UNSUPPORTED,
                        "The space \"%s\" does not take \"%s\"; allowed are %s."
                                .formatted(space, request.contentType(), join(policy.types()))));
        MediaType.ofFileName(request.fileName())
                .filter(byName -> byName != type)
                .ifPresent(byName -> {
                    throw new Failure(
                            Failure.Kind.INVALID,
                            Reason.TYPE_MISMATCH,
                            "The name \"%s\" promises %s, but the content type is %s."
                                    .formatted(request.fileName(), byName, type));
                });
        if (request.size() == 0) {
            throw new Failure(Failure.Kind.INVALID, Reason.EMPTY, "The file is empty; at least 1 byte is needed.");
        }
        if (request.size() < 0) {
            throw new Failure(Failure.Kind.INVALID, "size must be a positive number of bytes.");
        }
        if (request.size() > policy.maxBytes().toBytes()) {
            throw new Failure(
                    Failure.Kind.TOO_LARGE,
                    Reason.TOO_LARGE,
                    "The file has %d bytes; the space \"%s\" takes at most %d."
                            .formatted(request.size(), space, policy.maxBytes().toBytes()));
        }
        return type;
    }

    private static String join(List<?> allowed) {
        return allowed.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    private static String hashOf(UploadRequest request, Space space) {
        List<Object> all = Arrays.asList(
                request.fileName(),
                request.contentType(),
                request.size(),
                space,
                request.sha256(),
                request.metadata() == null ? Map.of() : new TreeMap<>(request.metadata()));
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            return HexFormat.of().formatHex(digest.digest(all.toString().getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// An upload and the grant to send its bytes.
    ///
    /// @param grant empty when the bytes are there already, or the grant can no longer be used
    /// @param isNew false when the idempotency key was known
    record Granted(Upload upload, Optional<DirectUpload.PostGrant> grant, boolean isNew) {}
}

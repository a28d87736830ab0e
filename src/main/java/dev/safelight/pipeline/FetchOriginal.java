package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Status;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.OpenObject;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Brings the bytes that were verified on arrival into the workspace, and takes their SHA-256: the only
/// read of the original.
@Component
@OnRole(ServerRole.WORKER)
final class FetchOriginal implements Step {
    private final ObjectStore store;

    FetchOriginal(@Qualifier("worker") ObjectStore store) {
        this.store = store;
    }

    @Override
    public AssetVersion apply(AssetVersion version, Workspace workspace) throws IOException {
        AssetVersion.Original original = version.original();
        Optional<OpenObject> opened = store.open(original.key(), null, original.etag());
        if (opened.isEmpty()) {
            throw new Failure(
                    Failure.Kind.NOT_FOUND,
                    Reason.ORIGINAL_LOST,
                    "The original is gone or was replaced after it was received.");
        }
        MessageDigest sha256 = sha256();
        long copied;
        try (OpenObject object = opened.get();
                InputStream in = new DigestInputStream(object.stream(), sha256);
                OutputStream out = Files.newOutputStream(workspace.original())) {
            copied = in.transferTo(out);
        }
        if (copied != original.bytes()) {
            throw new IOException("read %d of %d bytes of %s".formatted(copied, original.bytes(), original.key()));
        }
        String promised = original.sha256();
        String found = HexFormat.of().formatHex(sha256.digest());
        if (promised != null && !promised.equals(found)) {
            return version.withStatus(
                    Status.REJECTED,
                    new Rejection(Reason.CHECKSUM_MISMATCH, "The bytes do not have the SHA-256 that was promised."));
        }
        return version.withOriginal(original.withSha256(found));
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

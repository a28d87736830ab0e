package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Reason;
import dev.safelight.asset.Rejection;
import dev.safelight.asset.Status;
import dev.safelight.sniff.ContentSniffer;
import java.io.IOException;
import java.nio.file.Files;
import org.springframework.stereotype.Component;

/// Holds the content, by its first bytes and never by its name, against the type that was declared.
@Component
final class ValidateContent implements Step {
    private final ContentSniffer sniffer = new ContentSniffer();

    @Override
    public AssetVersion apply(AssetVersion version, Workspace workspace) throws IOException {
        MediaType declared = version.original().declaredType();
        if (Files.size(workspace.original()) == 0) {
            return reject(version, Reason.EMPTY, "The file is empty.");
        }
        String found = sniffer.sniff(workspace.original());
        if (MediaType.parse(found).filter(declared::equals).isEmpty()) {
            return reject(
                    version,
                    Reason.TYPE_MISMATCH,
                    "The file was declared as %s, but its content is %s.".formatted(declared, found));
        }
        return version;
    }

    private static AssetVersion reject(AssetVersion version, Reason reason, String detail) {
        return version.withStatus(Status.REJECTED, new Rejection(reason, detail));
    }
}

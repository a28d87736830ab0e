package dev.safelight.cli.bulk;

import dev.safelight.asset.MediaType;
import dev.safelight.sniff.ContentSniffer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells the content types of files by their names, or else by their contents.
final class FileTypes {
    private @Nullable ContentSniffer sniffer;

    /// Empty when neither is of a type that any server takes.
    Optional<String> of(Path file) throws IOException {
        Optional<MediaType> byName = MediaType.ofFileName(String.valueOf(file.getFileName()));
        Optional<MediaType> type =
                byName.isPresent() ? byName : MediaType.parse(sniffer().sniff(file));
        return type.map(MediaType::text);
    }

    // Its table takes a while to load, and is hardly ever needed.
    private synchronized ContentSniffer sniffer() {
        ContentSniffer known = sniffer;
        if (known == null) {
            known = new ContentSniffer();
            sniffer = known;
        }
        return known;
    }
}

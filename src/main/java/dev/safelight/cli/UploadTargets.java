package dev.safelight.cli;

import dev.safelight.cli.bulk.NamePattern;
import dev.safelight.cli.bulk.Naming;
import dev.safelight.cli.bulk.Target;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What the files become.
final class UploadTargets {
    @Option(names = "--sku", paramLabel = "SKU", description = "The product that all files belong to.")
    @Nullable
    String sku;

    @Option(names = "--part", paramLabel = "PART", description = "The part of the product that all files show.")
    @Nullable
    String part;

    @Option(names = "--role", paramLabel = "ROLE", description = "What all files are for, such as front or detail.")
    @Nullable
    String role;

    @Option(
            names = "--pattern",
            paramLabel = "PATTERN",
            description = {
                "Reads SKU, part and role from the names, such as '{sku}_{role}.{ext}' or '{sku}/{part}-{any}.{ext}'.",
                "{sku}, {part}, {role} and {any} take what stands before the text that follows them; .{ext} at the end",
                "is the extension. With / folders count as well. {{ and }} are braces. Other files are skipped."
            })
    @Nullable
    String pattern;

    @Option(
            names = "--pattern-optional",
            description = "Uploads files that do not match the pattern without SKU, part and role.")
    boolean patternOptional;

    @Option(
            names = "--metadata",
            paramLabel = "NAME=VALUE",
            description = "Metadata of all files, such as alt. May be repeated.")
    Map<String, String> metadata = new LinkedHashMap<>();

    @Option(
            names = "--asset",
            paramLabel = "ID",
            description = "Makes the file, which must be one, a new version of it.")
    @Nullable
    String asset;

    @Option(
            names = "--account",
            paramLabel = "ID",
            description = "The application's own id of the end user that all files belong to.")
    @Nullable
    String account;

    Naming naming() {
        if (patternOptional && pattern == null) {
            throw new CliException(ExitCode.USAGE, "--pattern-optional goes with --pattern.");
        }
        try {
            return new Naming(
                    new Target(sku, part, role, metadata, asset, account),
                    pattern == null ? null : new NamePattern(pattern),
                    patternOptional);
        } catch (IllegalArgumentException malformed) {
            throw new CliException(ExitCode.USAGE, "--pattern %s: %s".formatted(pattern, malformed.getMessage()));
        }
    }
}

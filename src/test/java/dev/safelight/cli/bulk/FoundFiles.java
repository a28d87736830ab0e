package dev.safelight.cli.bulk;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a source told, for tests.
final class FoundFiles implements Source.Visitor {
    final Map<String, Target> targets = new LinkedHashMap<>();
    final List<Path> files = new ArrayList<>();
    final List<String> unusable = new ArrayList<>();

    static FoundFiles of(Source source) throws IOException, InterruptedException {
        FoundFiles found = new FoundFiles();
        source.visit(found);
        return found;
    }

    @Override
    public void file(Path file, String name, Target target) {
        files.add(file);
        targets.put(name, target);
    }

    @Override
    public void unusable(Path file, String reason, String detail) {
        unusable.add(reason + ": " + file.getFileName() + ": " + detail);
    }
}

package dev.safelight.pipeline;

import dev.safelight.asset.MediaType;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.util.List;
import org.springframework.stereotype.Component;

/// The page to read first: what happens to an upload, by kind of media.
@Component
@OnRole(ServerRole.WORKER)
final class Pipelines {
    private final FetchOriginal fetchOriginal;
    private final ValidateContent validateContent;
    private final ReadFacts readFacts;
    private final RenderVariants renderVariants;
    private final Publish publish;

    Pipelines(
            FetchOriginal fetchOriginal,
            ValidateContent validateContent,
            ReadFacts readFacts,
            RenderVariants renderVariants,
            Publish publish) {
        this.fetchOriginal = fetchOriginal;
        this.validateContent = validateContent;
        this.readFacts = readFacts;
        this.renderVariants = renderVariants;
        this.publish = publish;
    }

    Pipeline of(MediaType type) {
        return switch (type.kind()) {
            case IMAGE -> image();
            case VIDEO, DOCUMENT -> refused();
        };
    }

    private Pipeline image() {
        return new Pipeline("image", List.of(fetchOriginal, validateContent, readFacts, renderVariants, publish));
    }

    // No space takes other media by default; a policy that names one gets a clear answer instead of a stuck upload.
    private Pipeline refused() {
        return new Pipeline("refused", List.of(new RefuseMedium()));
    }
}

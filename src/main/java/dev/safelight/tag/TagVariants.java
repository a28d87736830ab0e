package dev.safelight.tag;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Variant;
import dev.safelight.catalog.StatusTags;
import dev.safelight.store.ObjectTags;
import dev.safelight.store.StatusTag;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Tags the objects of a version, several at a time and within a time for all of them.
@Component
final class TagVariants implements StatusTags {
    private static final Logger LOG = LoggerFactory.getLogger(TagVariants.class);

    private static final int TAGGED_AT_ONCE = 8;

    /// The version is locked meanwhile, and perhaps somebody waits for an answer.
    private static final Duration LONGEST = Duration.ofSeconds(10);

    private final ObjectTags store;
    private volatile boolean unsupported;

    TagVariants(@Qualifier("worker-identity") ObjectTags store) {
        this.store = store;
    }

    /// Whether the store said that it has no tags; asked again after the next start.
    boolean isUnsupported() {
        return unsupported;
    }

    @Override
    public boolean write(List<Variant> objects, Moderation moderation) throws IOException {
        if (unsupported) {
            return false;
        }
        Map<String, String> tags = StatusTag.of(moderation);
        List<ObjectTags.Outcome> outcomes = inParallel(objects.stream()
                .<Callable<ObjectTags.Outcome>>map(one -> () -> write(one, tags))
                .toList());
        unsupported |= outcomes.contains(ObjectTags.Outcome.UNSUPPORTED);
        return !unsupported;
    }

    private ObjectTags.Outcome write(Variant variant, Map<String, String> tags) throws IOException {
        ObjectTags.Outcome outcome = store.setTags(variant.object(), tags);
        if (outcome == ObjectTags.Outcome.MISSING) {
            LOG.warn("{} is catalogued, and the store does not have it", variant.object());
        }
        return outcome;
    }

    private static List<ObjectTags.Outcome> inParallel(List<Callable<ObjectTags.Outcome>> tasks) throws IOException {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                TAGGED_AT_ONCE, Thread.ofVirtual().name("tag-", 0).factory())) {
            List<Future<ObjectTags.Outcome>> futures =
                    threads.invokeAll(tasks, LONGEST.toMillis(), TimeUnit.MILLISECONDS);
            if (futures.stream().anyMatch(Future::isCancelled)) {
                throw new IOException("the store did not tag all objects within " + LONGEST.toSeconds() + " s");
            }
            List<ObjectTags.Outcome> outcomes = new ArrayList<>();
            for (Future<ObjectTags.Outcome> future : futures) {
                outcomes.add(future.get());
            }
            return outcomes;
        } catch (ExecutionException failed) {
            throw failure(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while the store tagged objects");
        }
    }

    private static IOException failure(@Nullable Throwable cause) {
        return switch (cause) {
            case IOException io -> new IOException("an object could not be tagged: " + io.getMessage(), io);
            case Failure refused ->
                new IOException(
                        "the store refuses to tag objects: the identity of the worker needs s3:PutObjectTagging",
                        refused);
            case RuntimeException defect -> throw defect;
            case null, default -> throw new IllegalStateException(cause);
        };
    }
}

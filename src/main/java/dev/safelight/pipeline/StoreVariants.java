package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Variant;
import dev.safelight.image.RenderedVariant;
import dev.safelight.image.VariantSpec;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StatusTag;
import dev.safelight.web.CacheRule;
import java.io.IOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.stereotype.Component;

/// Puts rendered variants into the store, several at a time.
@Component
@OnRole(ServerRole.WORKER)
final class StoreVariants {
    private static final int STORED_AT_ONCE = 8;

    private final ObjectStore store;

    StoreVariants(@Qualifier("worker") ObjectStore store) {
        this.store = store;
    }

    /// Stores the first variants of a version, each where the public finds it.
    AssetVersion first(AssetVersion version, List<RenderedVariant> rendered) throws IOException, InterruptedException {
        return store(version, rendered, false);
    }

    /// Stores variants of a version that has some, away from all that another recipe made.
    ///
    /// @return the version with these derivatives alone
    AssetVersion again(AssetVersion version, List<RenderedVariant> rendered) throws IOException, InterruptedException {
        return store(version, rendered, true);
    }

    private AssetVersion store(AssetVersion version, List<RenderedVariant> rendered, boolean again)
            throws IOException, InterruptedException {
        List<Variant> stored = inParallel(rendered.stream()
                .<Callable<Variant>>map(one -> () -> store(version, one, again))
                .toList());
        List<Variant> variants = new ArrayList<>();
        List<Variant> mezzanines = new ArrayList<>();
        for (int i = 0; i < stored.size(); i++) {
            List<Variant> list = switch (rendered.get(i).spec().purpose()) {
                case DELIVERY -> variants;
                case SOURCE -> mezzanines;
            };
            list.add(stored.get(i));
        }
        return version.withVariants(variants).withMezzanines(mezzanines);
    }

    private static List<Variant> inParallel(List<Callable<Variant>> tasks) throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                STORED_AT_ONCE, Thread.ofVirtual().name("store-", 0).factory())) {
            List<Variant> variants = new ArrayList<>();
            for (Future<Variant> future : threads.invokeAll(tasks)) {
                variants.add(future.get());
            }
            return variants;
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException unchecked) {
                throw unchecked;
            }
            throw new IOException("a variant could not be stored", failed.getCause());
        }
    }

    private Variant store(AssetVersion version, RenderedVariant one, boolean again) throws IOException {
        VariantSpec spec = one.spec();
        BlobKey key = VariantKey.of(version, spec.name(), one.width(), spec.format());
        BlobKey object = again ? VariantKey.madeAgain(key, spec) : key;
        store.put(
                object,
                new Content.Bytes(one.bytes()),
                new ObjectHeaders(spec.format().text(), CacheRule.STORED, StatusTag.ofNew(object.bucket())));
        return new Variant(
                spec.name(),
                spec.format(),
                one.width(),
                one.height(),
                one.bytes().length,
                key,
                object,
                etag(one.bytes()),
                spec.recipe());
    }

    private static String etag(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

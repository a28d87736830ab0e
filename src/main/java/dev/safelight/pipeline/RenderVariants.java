package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Facts;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageRejected;
import dev.safelight.image.Probe;
import dev.safelight.image.RenderedVariant;
import dev.safelight.image.Rendering;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
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

/// Makes all variants of a picture with one decode, then stores them.
///
/// Nothing is stored before everything is rendered, so that a picture which turns out to be damaged leaves no variant.
@Component
final class RenderVariants implements Step {
    private static final String CACHE_CONTROL = "public, max-age=31536000, immutable";
    private static final int STORED_AT_ONCE = 8;

    private final ImageEngine engine;
    private final ImageSettings settings;
    private final ObjectStore store;

    RenderVariants(ImageEngine engine, ImageSettings settings, @Qualifier("worker") ObjectStore store) {
        this.engine = engine;
        this.settings = settings;
        this.store = store;
    }

    @Override
    public AssetVersion apply(AssetVersion version, Workspace workspace) throws IOException, InterruptedException {
        Rendering rendering;
        try {
            rendering = engine.render(workspace.original(), version.original().declaredType(), settings.variants());
        } catch (ImageRejected refused) {
            return version.withStatus(Status.REJECTED, refused.rejection());
        }
        return version.withFacts(facts(rendering)).withVariants(store(version, rendering.variants()));
    }

    private static Facts facts(Rendering rendering) {
        Probe probe = rendering.probe();
        Rendering.Appearance appearance = rendering.appearance();
        return new Facts.Image(
                probe.mediaType(),
                probe.width(),
                probe.height(),
                probe.frames(),
                probe.hasAlpha(),
                appearance.dominantColor(),
                appearance.thumbHash(),
                appearance.perceptualHash(),
                appearance.focalPoint());
    }

    private List<Variant> store(AssetVersion version, List<RenderedVariant> rendered)
            throws IOException, InterruptedException {
        try (ExecutorService threads = Executors.newFixedThreadPool(
                STORED_AT_ONCE, Thread.ofVirtual().name("store-", 0).factory())) {
            List<Future<Variant>> stored = threads.invokeAll(rendered.stream()
                    .<Callable<Variant>>map(one -> () -> store(version, one))
                    .toList());
            List<Variant> variants = new ArrayList<>();
            for (Future<Variant> future : stored) {
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

    private Variant store(AssetVersion version, RenderedVariant one) throws IOException {
        BlobKey key = VariantKey.of(
                version, one.spec().name(), one.width(), one.spec().format());
        store.put(
                key,
                new Content.Bytes(one.bytes()),
                new ObjectHeaders(one.spec().format().text(), CACHE_CONTROL));
        return new Variant(
                one.spec().name(),
                one.spec().format(),
                one.width(),
                one.height(),
                one.bytes().length,
                key,
                etag(one.bytes()),
                one.spec().recipe());
    }

    private static String etag(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 16);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}

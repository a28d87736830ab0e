package dev.safelight.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.MediaType;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.asset.Variant.Slot;
import dev.safelight.asset.VersionId;
import dev.safelight.catalog.Catalog;
import dev.safelight.image.ImageEngine;
import dev.safelight.image.ImageProfile;
import dev.safelight.image.VariantSpec;
import dev.safelight.job.JobQueue;
import dev.safelight.job.JobRun;
import dev.safelight.job.OwnInstance;
import dev.safelight.store.Content;
import dev.safelight.store.ForwardingStore;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.StoredObject;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadedPicture;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;

/// What becomes of a version when the profile changes after it was made, on a whole server.
class ReprocessTest {
    private static final Slot CHANGED = new Slot("thumb", MediaType.WEBP);
    private static final Slot UNLISTED = new Slot("small", MediaType.WEBP);
    private static final Slot ADDED = new Slot("tiny", MediaType.JPEG);
    private static final Slot REMOVED_SOURCE = new Slot("source-640", MediaType.JPEG);
    private static final Slot ADDED_SOURCE = new Slot("source-320", MediaType.JPEG);

    private final TestServer server = TestServer.shared();
    private final Catalog catalog = server.bean(Catalog.class);
    private final ObjectStore store = server.bean("workerStore", ObjectStore.class);
    private final ImageSettings changed = changedProfile(false, List.of());

    @Test
    void makesOnlyWhatTheProfileChangedAndKeepsTheAddresses() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(1500, 1000));
        AssetVersion before = version(id);
        Map<String, Instant> created = created(id);
        String url = url(variant(before, CHANGED));
        assertThat(server.get(url).headers().firstValue("ETag"))
                .hasValue('"' + variant(before, CHANGED).etag() + '"');

        reprocess(id, store);

        AssetVersion after = version(id);
        assertThat(after.variants())
                .extracting(Variant::slot)
                .contains(CHANGED, ADDED, UNLISTED)
                .hasSize(before.variants().size() + 1);
        assertThat(after.mezzanines())
                .extracting(Variant::slot)
                .containsExactlyInAnyOrder(ADDED_SOURCE, new Slot("source-1024", MediaType.JPEG));
        List<Variant> same = new ArrayList<>(before.derivatives());
        same.removeIf(one -> List.of(CHANGED, REMOVED_SOURCE).contains(one.slot()));
        assertThat(after.derivatives()).containsAll(same);
        Map<String, Instant> createdAfter = created(id);
        same.forEach(one -> assertThat(createdAfter.get(name(one))).isEqualTo(created.get(name(one))));
        Variant old = variant(before, CHANGED);
        Variant made = variant(after, CHANGED);
        assertThat(made.key()).isEqualTo(old.key());
        assertThat(made.object().key())
                .contains("." + made.recipe() + ".")
                .isNotEqualTo(old.object().key());
        HttpResponse<String> served = server.get(url);
        assertThat(served.statusCode()).isEqualTo(200);
        assertThat(served.headers().firstValue("ETag")).hasValue('"' + made.etag() + '"');
        assertThat(served.headers().firstValueAsLong("Content-Length")).hasValue(made.bytes());
        assertThat(made.etag()).isNotEqualTo(old.etag());
        assertThat(Rebuild.of(after, changed).isEmpty()).isTrue();
    }

    @Test
    void removesOldObjectsOnceNobodyReadsThem() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(1500, 1000));
        AssetVersion before = version(id);
        reprocess(id, store);
        AssetVersion after = version(id);
        assertThat(store.head(variant(before, CHANGED).object())).isPresent();

        server.bean(RemoveLeftovers.class).run(new JobRun(OwnInstance.of(id), false));

        for (Slot gone : List.of(CHANGED, REMOVED_SOURCE)) {
            assertThat(store.head(variant(before, gone).object()))
                    .as(gone.name())
                    .isEmpty();
        }
        assertThat(server.get(url(variant(before, UNLISTED))).statusCode()).isEqualTo(200);
        for (Variant kept : after.derivatives()) {
            assertThat(store.head(kept.object())).as(kept.name()).isPresent();
        }
    }

    @Test
    void foreseesWhatItWillDo() throws Exception {
        AssetVersion version = version(UploadedPicture.ready(server, Pictures.jpeg(1500, 1000)));

        Rebuild rebuild = Rebuild.of(version, changed);

        assertThat(rebuild.make())
                .extracting(one -> new Slot(one.spec().name(), one.spec().format()))
                .containsExactlyInAnyOrder(CHANGED, ADDED, ADDED_SOURCE);
        assertThat(rebuild.unlisted()).extracting(Variant::slot).containsExactly(UNLISTED);
        assertThat(rebuild.remove()).extracting(Variant::slot).containsExactly(REMOVED_SOURCE);
        assertThat(rebuild.keep()).hasSize(version.derivatives().size() - 3);
        assertThat(rebuild.bytesFreed())
                .isEqualTo(variant(version, CHANGED).bytes()
                        + variant(version, REMOVED_SOURCE).bytes());
        assertThat(rebuild.bytesToWrite())
                .isGreaterThan(variant(version, CHANGED).bytes());
    }

    @Test
    void removesWhatTheProfileNoLongerNamesWhenItIsToldTo() throws Exception {
        ImageSettings pruning = changedProfile(true, List.of());
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(1500, 1000));
        Variant unlisted = variant(version(id), UNLISTED);
        reprocess(id, store, changed);
        Rebuild rebuild = Rebuild.of(version(id), pruning);
        assertThat(rebuild.make()).isEmpty();
        assertThat(rebuild.unlisted()).isEmpty();
        assertThat(rebuild.remove()).containsExactly(unlisted);
        assertThat(rebuild.bytesFreed()).isEqualTo(unlisted.bytes());

        reprocess(id, store, pruning);

        assertThat(version(id).variants()).extracting(Variant::slot).doesNotContain(UNLISTED);
        assertThat(server.get(url(unlisted)).statusCode()).isEqualTo(404);
        assertThat(Rebuild.of(version(id), pruning).isEmpty()).isTrue();
    }

    @Test
    void keepsTheAddressOfAVariantThatHasAnotherWidthFromNowOn() throws Exception {
        ImageSettings wider = changedProfile(false, List.of(entry(UNLISTED, 450)));
        ImageSettings back = changedProfile(false, List.of(entry(UNLISTED, 400)));
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(1500, 1000));
        Variant old = variant(version(id), UNLISTED);
        assertThat(old.width()).isNotEqualTo(450);

        reprocess(id, store, wider);

        assertThat(version(id).variants())
                .filteredOn(one -> one.slot().equals(UNLISTED))
                .extracting(Variant::width)
                .containsExactlyInAnyOrder(old.width(), 450);
        assertThat(version(id).variants()).contains(old);
        assertThat(server.get(url(old)).statusCode()).isEqualTo(200);
        assertThat(Rebuild.of(version(id), wider).isEmpty()).isTrue();
        assertThat(Rebuild.of(version(id), wider).unlisted()).containsExactly(old);
        reprocess(id, store, back);
        assertThat(Rebuild.of(version(id), back).isEmpty()).isTrue();
        assertThat(server.get(url(old)).statusCode()).isEqualTo(200);
    }

    @Test
    void leavesAllAsItWasWhenItIsCutOffAndSucceedsTheNextTime() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(1500, 1000));
        AssetVersion before = version(id);
        ObjectStore failing = new ForwardingStore(store) {
            @Override
            public Optional<StoredObject> head(BlobKey key) throws IOException {
                throw new IOException("cut off");
            }
        };

        assertThatThrownBy(() -> reprocess(id, failing)).hasMessage("cut off");

        assertThat(version(id)).isEqualTo(before);
        reprocess(id, store);
        assertThat(Rebuild.of(version(id), changed).isEmpty()).isTrue();
    }

    @Test
    void startsAgainWhenItsObjectsWereTakenForLeftovers() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(1500, 1000));
        AssetVersion before = version(id);
        ObjectStore raced = new ForwardingStore(store) {
            @Override
            public StoredObject put(BlobKey key, Content content, ObjectHeaders headers) throws IOException {
                StoredObject stored = super.put(key, content, headers);
                server.bean(RemoveLeftovers.class).run(new JobRun(id.toString(), false));
                return stored;
            }
        };

        assertThatThrownBy(() -> reprocess(id, raced)).isInstanceOf(IOException.class);

        assertThat(version(id)).isEqualTo(before);
        for (Variant kept : before.derivatives()) {
            assertThat(store.head(kept.object())).isPresent();
        }
        reprocess(id, store);
        assertThat(Rebuild.of(version(id), changed).isEmpty()).isTrue();
    }

    @Test
    void changesNothingOfAVersionThatIsNoLongerReady() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(1500, 1000));
        AssetVersion before = version(id);
        ObjectStore meanwhile = new ForwardingStore(store) {
            @Override
            public StoredObject put(BlobKey key, Content content, ObjectHeaders headers) throws IOException {
                setStatus(id, Status.PENDING);
                return super.put(key, content, headers);
            }
        };

        reprocess(id, meanwhile);

        assertThat(version(id)).isEqualTo(before.withStatus(Status.PENDING, null));
        setStatus(id, Status.READY);
    }

    private void reprocess(VersionId id, ObjectStore through) throws IOException, InterruptedException {
        reprocess(id, through, changed);
    }

    private void reprocess(VersionId id, ObjectStore through, ImageSettings settings)
            throws IOException, InterruptedException {
        new ReprocessVersion(
                        catalog,
                        settings,
                        server.bean(FetchOriginal.class),
                        server.bean(ImageEngine.class),
                        new StoreVariants(through),
                        through,
                        server.bean(WorkFolder.class),
                        server.bean(JobQueue.class))
                .run(new JobRun(id.toString(), false));
    }

    private void setStatus(VersionId id, Status status) {
        server.bean(JdbcClient.class)
                .sql("update asset_version set status = :status where asset_id = :id")
                .param("status", status.name())
                .param("id", id.asset().value())
                .update();
    }

    private Map<String, Instant> created(VersionId id) {
        Map<String, Instant> created = new TreeMap<>();
        server.bean(JdbcClient.class)
                .sql("select name, format, created_at from variant where asset_id = :id")
                .param("id", id.asset().value())
                .query(row -> {
                    created.put(
                            row.getString("name") + row.getString("format"),
                            row.getTimestamp("created_at").toInstant());
                });
        return created;
    }

    private static String url(Variant variant) {
        return "/media" + variant.key().key().substring("processed".length());
    }

    private static String name(Variant variant) {
        return variant.name() + variant.format().name();
    }

    private AssetVersion version(VersionId id) {
        return catalog.find(id.asset(), id.version()).orElseThrow().version();
    }

    private static Variant variant(AssetVersion version, Slot slot) {
        return version.derivatives().stream()
                .filter(one -> one.slot().equals(slot))
                .findFirst()
                .orElseThrow();
    }

    private static ImageSettings changedProfile(boolean prune, List<ImageSettings.Entry> more) {
        List<ImageSettings.Entry> profile = new ArrayList<>();
        for (VariantSpec spec : ImageProfile.standard()) {
            Slot slot = new Slot(spec.name(), spec.format());
            if (!slot.equals(UNLISTED)) {
                profile.add(entry(spec, slot.equals(CHANGED) ? 40 : spec.quality()));
            }
        }
        profile.add(
                new ImageSettings.Entry(ADDED.name(), ADDED.format(), VariantSpec.Fit.INSIDE, 64, 64, 80, 0, false));
        profile.addAll(more);
        return new ImageSettings(
                100_000_000, 500, 0, Map.of(), profile, new MezzaninePolicy(List.of(2048, 1024, 320), 92), prune);
    }

    private static ImageSettings.Entry entry(Slot slot, int width) {
        return new ImageSettings.Entry(slot.name(), slot.format(), VariantSpec.Fit.INSIDE, width, 0, 75, 2, false);
    }

    private static ImageSettings.Entry entry(VariantSpec spec, int quality) {
        return new ImageSettings.Entry(
                spec.name(),
                spec.format(),
                spec.fit(),
                spec.width(),
                spec.height(),
                quality,
                spec.effort(),
                spec.skipIfLarger());
    }
}

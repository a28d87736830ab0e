package dev.safelight.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.safelight.asset.AssetVersion;
import dev.safelight.asset.BlobKey;
import dev.safelight.asset.Bucket;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Moderation;
import dev.safelight.asset.Space;
import dev.safelight.asset.Status;
import dev.safelight.asset.Variant;
import dev.safelight.asset.VersionId;
import dev.safelight.store.Content;
import dev.safelight.store.ObjectHeaders;
import dev.safelight.store.ObjectStore;
import dev.safelight.store.ObjectTags;
import dev.safelight.store.StatusTag;
import dev.safelight.testing.AtOnce;
import dev.safelight.testing.Pictures;
import dev.safelight.testing.TestServer;
import dev.safelight.testing.UploadedPicture;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/// How the tags of objects and the catalogue stay together, whatever fails in between, on a whole server.
class ModerationTagsTest {
    private final TestServer server = TestServer.shared();
    private final Catalog catalog = server.bean(Catalog.class);
    private final TaggedVersions tagged = server.bean(TaggedVersions.class);
    private final StatusTags real = server.bean(StatusTags.class);
    private final ObjectStore store = server.bean("workerStore", ObjectStore.class);
    private final ObjectTags tags = server.bean("workerIdentity", ObjectTags.class);

    /// The decisions of another node, to which the store is what is given here.
    private Moderations node(StatusTags through) {
        return new Moderations(
                server.bean(AssetRepository.class),
                server.bean(VersionRepository.class),
                server.bean(TagRepository.class),
                through,
                tagged,
                server.bean(Broadcast.class),
                server.bean(PlatformTransactionManager.class));
    }

    private VersionId ready() throws Exception {
        VersionId id = UploadedPicture.ready(server, Space.USER, Pictures.jpeg(300, 200));
        awaitTagged(id, Moderation.PENDING);
        return id;
    }

    private CatalogEntry entry(VersionId id) {
        return catalog.find(id.asset(), id.version()).orElseThrow();
    }

    private AssetVersion version(VersionId id) {
        return entry(id).version();
    }

    private boolean isDue(VersionId id) {
        return server.bean(TagRepository.class).isDue(id);
    }

    private Set<Map<String, String>> tagsOf(VersionId id) throws IOException {
        Set<Map<String, String>> all = new HashSet<>();
        for (Variant one : version(id).derivatives()) {
            all.add(tags.tags(one.object()).orElseThrow());
        }
        return all;
    }

    private void awaitTagged(VersionId id, Moderation moderation) {
        await().atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            assertThat(entry(id).moderation()).isEqualTo(moderation);
            assertThat(tagsOf(id)).containsExactly(StatusTag.of(moderation));
            assertThat(isDue(id)).isFalse();
        });
    }

    private boolean decide(VersionId id, Moderation moderation) {
        return catalog.moderate(id.asset(), id.version(), moderation, null);
    }

    @Test
    void tagsFollowEveryDecision() throws Exception {
        VersionId id = ready();

        assertThat(decide(id, Moderation.APPROVED)).isTrue();
        assertThat(tagsOf(id)).as("at once").containsExactly(StatusTag.of(Moderation.APPROVED));
        awaitTagged(id, Moderation.APPROVED);
        decide(id, Moderation.REJECTED);
        awaitTagged(id, Moderation.REJECTED);
        decide(id, Moderation.APPROVED);
        decide(id, Moderation.PENDING);
        awaitTagged(id, Moderation.PENDING);
    }

    @Test
    void tagsNothingOutsideTheUserSpace() throws Exception {
        VersionId id = UploadedPicture.ready(server, Pictures.jpeg(300, 200));

        decide(id, Moderation.REJECTED);
        decide(id, Moderation.APPROVED);

        assertThat(tagsOf(id)).containsExactly(Map.of());
        assertThat(isDue(id)).isFalse();
    }

    @Test
    void approvesNothingWhileTheStoreCannotBeTold() throws Exception {
        VersionId id = ready();
        StatusTags half = (objects, moderation) -> {
            real.write(objects.subList(0, 1), moderation);
            throw new IOException("the store is away");
        };

        assertThatThrownBy(() -> node(half).decide(id, Moderation.APPROVED, null))
                .isInstanceOfSatisfying(Failure.class, failure -> {
                    assertThat(failure.kind()).isEqualTo(Failure.Kind.UNAVAILABLE);
                    assertThat(failure.publicMessage()).contains("nothing was changed");
                });

        awaitTagged(id, Moderation.PENDING);
    }

    @Test
    void rejectsWhetherOrNotTheStoreCanBeTold() throws Exception {
        VersionId id = ready();
        decide(id, Moderation.APPROVED);
        StatusTags away = (objects, moderation) -> {
            throw new IOException("the store is away");
        };

        assertThat(node(away).decide(id, Moderation.REJECTED, "no")).isTrue();

        assertThat(entry(id).moderation()).isEqualTo(Moderation.REJECTED);
        awaitTagged(id, Moderation.REJECTED);
    }

    @Test
    void findsAnApprovalThatDiedBetweenTheStoreAndItsCommit() throws Exception {
        VersionId id = ready();
        StatusTags dying = (objects, moderation) -> {
            real.write(objects, moderation);
            throw new Killed();
        };

        assertThatThrownBy(() -> node(dying).decide(id, Moderation.APPROVED, null))
                .isInstanceOf(Killed.class);

        assertThat(entry(id).moderation()).isEqualTo(Moderation.PENDING);
        assertThat(tagsOf(id)).containsExactly(StatusTag.of(Moderation.APPROVED));
        assertThat(tagged.due(null, Integer.MAX_VALUE)).contains(id);
        tagged.tag(id);
        awaitTagged(id, Moderation.PENDING);
    }

    @Test
    void notesAgainWhatAJobFoundInOrderMeanwhile() throws Exception {
        VersionId id = ready();
        TransactionTemplate transaction = new TransactionTemplate(server.bean(PlatformTransactionManager.class));
        Thread approval = transaction.execute(_ -> {
            // Whoever approves now has noted it, or waits for this lock to do so.
            server.bean(AssetRepository.class).lock(id.asset(), id.version());
            Thread thread = Thread.ofVirtual().start(() -> node(real).decide(id, Moderation.APPROVED, null));
            server.bean(TagRepository.class).setDone(id);
            return thread;
        });

        approval.join();

        assertThat(entry(id).moderation()).isEqualTo(Moderation.APPROVED);
        awaitTagged(id, Moderation.APPROVED);
    }

    @Test
    void decidesAsBeforeWhereTheStoreHasNoTags() throws Exception {
        VersionId id = ready();

        assertThat(node((objects, moderation) -> false).decide(id, Moderation.APPROVED, null))
                .isTrue();

        assertThat(entry(id).isDeliverable()).isTrue();
    }

    @Test
    void cataloguesNewObjectsOfAnApprovedVersionOnlyOnceTheyAreTagged() throws Exception {
        VersionId id = ready();
        decide(id, Moderation.APPROVED);
        Variant old = version(id).variants().getFirst();
        BlobKey object = new BlobKey(Bucket.USER, old.object().key() + ".again");
        putAsNew(object);
        Variant made = new Variant(
                old.name(),
                old.format(),
                old.width(),
                old.height(),
                old.bytes(),
                old.key(),
                object,
                old.etag(),
                old.recipe());

        catalog.whileLocked(id.asset(), id.version(), current -> {
            catalog.exchange(current, new Catalog.Exchange(Set.of(old.key()), List.of(made), List.of(), null));
            assertThat(tags.tags(object)).as("before the commit").hasValue(StatusTag.of(Moderation.APPROVED));
        });

        assertThat(version(id).variants()).contains(made);
        awaitTagged(id, Moderation.APPROVED);
    }

    @Test
    void tagsAgainWhatAWorkerStoredThatWasOvertaken() throws Exception {
        VersionId id = ready();
        decide(id, Moderation.APPROVED);
        awaitTagged(id, Moderation.APPROVED);
        putAsNew(version(id).variants().getFirst().object());

        catalog.publish(version(id).withStatus(Status.READY, null));

        awaitTagged(id, Moderation.APPROVED);
    }

    private void putAsNew(BlobKey object) throws IOException {
        store.put(
                object,
                new Content.Bytes(new byte[3]),
                new ObjectHeaders("image/webp", null, StatusTag.ofNew(object.bucket())));
    }

    @Test
    void agreesInTheEndWhoeverDecidesWhateverAtOnce() throws Exception {
        VersionId id = ready();
        Moderations other = node((objects, moderation) -> {
            // Dies now and then, before or after the store was told.
            int fate = new Random().nextInt(6);
            if (fate == 0) {
                throw new IOException("the store is away");
            }
            boolean written = real.write(objects, moderation);
            if (fate == 1) {
                throw new Killed();
            }
            return written;
        });

        for (int round = 0; round < 8; round++) {
            int seed = round;
            AtOnce.run(6, client -> {
                Moderation moderation = List.of(Moderation.values()).get((seed + client) % 3);
                try {
                    if (client == 5) {
                        tagged.tag(id);
                    } else if (client % 2 == 0) {
                        decide(id, moderation);
                    } else {
                        other.decide(id, moderation, null);
                    }
                } catch (Failure | IOException | Killed expected) {
                    // The store was away, or the node died.
                }
                return client;
            });
            Moderation decided = entry(id).moderation();
            for (VersionId due : tagged.due(null, Integer.MAX_VALUE)) {
                tagged.tag(due);
            }
            awaitTagged(id, decided);
        }
    }

    /// The end of a process, as far as a test can have it: nothing is done after it.
    private static final class Killed extends Error {
        private static final long serialVersionUID = 1;
    }

    @Test
    void listsWhatIsDueInPages() throws Exception {
        VersionId id = ready();
        server.bean(JdbcClient.class)
                .sql("update asset_version set tags_due = true where asset_id = :id")
                .param("id", id.asset().value())
                .update();
        assertThat(tagged.due(null, Integer.MAX_VALUE)).contains(id);
        assertThat(tagged.due(id, Integer.MAX_VALUE)).doesNotContain(id);

        tagged.tag(id);

        assertThat(tagged.due(null, Integer.MAX_VALUE)).doesNotContain(id);
    }
}

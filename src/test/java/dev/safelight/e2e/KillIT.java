package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.ApiUser;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.ShowServerLog;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/// The promise that killing the server at any instant loses nothing and doubles nothing.
///
/// Some kills come while clients upload and pipelines run, some while the server is still starting up and
/// recovering from the kill before. `-Dsafelight.kill.rounds` makes it longer, `-Dsafelight.kill.seed`
/// draws the same moments again.
@ExtendWith(ShowServerLog.class)
@Tag("slow")
class KillIT {
    private static final int ROUNDS = Integer.getInteger("safelight.kill.rounds", 20);
    private static final int START_KILLED_EACH = 5;
    private static final int LONGEST_LOAD_MILLIS = 1800;
    private static final int LONGEST_START_MILLIS = 3500;

    /// The sweep that finds lost events comes soon, so that the end of the test need not wait for it.
    private static final Map<String, String> QUICK_SWEEP =
            Map.of("SAFELIGHT_UPLOAD_RECONCILEAFTER", "2s", "SAFELIGHT_UPLOAD_RECONCILEPAUSE", "2s");

    @TempDir
    Path folder = Path.of("");

    @Test
    void losesAndDoublesNothingWhenKilled() throws Exception {
        long seed = Long.getLong("safelight.kill.seed", System.nanoTime());
        System.out.println("kill test: seed=" + seed);
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        Path data = folder.resolve("data");
        KilledUploads uploads = new KilledUploads();
        for (int round = 1; round <= ROUNDS; round++) {
            if (round % START_KILLED_EACH == 0) {
                killAtStart(data, random.nextInt(LONGEST_START_MILLIS));
            } else {
                killUnderLoad(data, round, random.nextInt(LONGEST_LOAD_MILLIS), uploads);
            }
        }
        assertThat(uploads.acknowledged())
                .as("uploads that a kill could have lost")
                .hasSizeGreaterThan(ROUNDS);

        try (SafelightProcess server = SafelightProcess.serve(data, QUICK_SWEEP);
                ApiUser admin = server.admin()) {
            Aftermath aftermath = new Aftermath(server, admin, uploads);
            aftermath.awaitRest();
            aftermath.checkOutcomes();
            aftermath.checkDelivery();
            aftermath.checkStore();
            System.out.println("kill test: rounds=%d %s".formatted(ROUNDS, aftermath.summary()));
        }
    }

    private static void killAtStart(Path data, int afterMillis) throws InterruptedException {
        SafelightProcess server = SafelightProcess.launch(data, Map.of());
        Thread.sleep(afterMillis);
        server.kill();
    }

    private static void killUnderLoad(Path data, int round, int afterMillis, KilledUploads uploads)
            throws InterruptedException {
        SafelightProcess server = SafelightProcess.serve(data);
        try (ApiUser admin = server.admin()) {
            uploads.start(round, admin);
            Thread.sleep(afterMillis);
            server.kill();
            uploads.awaitThreads();
        } catch (Throwable failed) {
            server.close();
            throw failed;
        }
    }
}

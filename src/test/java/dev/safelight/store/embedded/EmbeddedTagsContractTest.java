package dev.safelight.store.embedded;

import dev.safelight.store.ObjectStore;
import dev.safelight.store.ObjectTags;
import dev.safelight.store.ObjectTagsContract;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedTagsContractTest extends ObjectTagsContract {
    @SuppressWarnings("NullAway.Init")
    private static StoreFixture fixture;

    @BeforeAll
    static void start(@TempDir Path folder) throws IOException {
        fixture = new StoreFixture(folder);
    }

    @AfterAll
    static void stop() throws IOException {
        fixture.close();
    }

    @Override
    protected ObjectStore store() {
        return fixture.worker;
    }

    @Override
    protected ObjectTags tags() {
        return fixture.worker;
    }
}

package dev.safelight.e2e;

import dev.safelight.testing.Shield;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@Tag("edge")
class VarnishIT extends ShieldContract {
    @Override
    Shield start(Path where, int origin) {
        return Shield.varnish(where, origin);
    }

    @Override
    String kind() {
        return "varnish";
    }

    @Override
    boolean isDurable() {
        return false;
    }
}

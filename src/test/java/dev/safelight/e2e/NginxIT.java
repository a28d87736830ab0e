package dev.safelight.e2e;

import dev.safelight.testing.Shield;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;

@Tag("edge")
class NginxIT extends ShieldContract {
    @Override
    Shield start(Path where, int origin) {
        return Shield.nginx(where, origin);
    }

    @Override
    String kind() {
        return "nginx";
    }

    @Override
    boolean isDurable() {
        return true;
    }
}

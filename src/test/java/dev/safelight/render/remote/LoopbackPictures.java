package dev.safelight.render.remote;

import java.time.Duration;
import java.util.List;
import org.springframework.util.unit.DataSize;

/// Pictures from a host on this machine.
public final class LoopbackPictures {
    private LoopbackPictures() {}

    public static RemotePictures at(int port) {
        return new RemotePictures(new RemoteSettings(
                List.of("127.0.0.1:" + port),
                DataSize.ofMegabytes(1),
                Duration.ofSeconds(20),
                64,
                Duration.ofHours(1),
                true));
    }
}

package dev.safelight.testing;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// A file system in memory that is small enough to be filled; skips the test where mounting one is not allowed.
public final class SmallDisk implements AutoCloseable {
    private final Path folder;
    private final Path filler;

    private SmallDisk(Path folder) {
        this.folder = folder;
        this.filler = folder.resolve("filler");
    }

    public static SmallDisk mount(Path folder, int megabytes) {
        try {
            Files.createDirectories(folder);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + megabytes + "m", "tmpfs", folder.toString());
        assumeTrue(mounted, "only root may mount a small disk");
        SmallDisk disk = new SmallDisk(folder);
        if (!disk.keepsAttributes()) {
            disk.close();
            assumeTrue(false, "this kernel keeps no user attributes in memory");
        }
        return disk;
    }

    private boolean keepsAttributes() {
        try {
            Path probe = Files.createTempFile(folder, "probe", "");
            Files.setAttribute(probe, "user:safelight.probe", new byte[] {1});
            Files.delete(probe);
            return true;
        } catch (IOException | UnsupportedOperationException lacking) {
            return false;
        }
    }

    public Path folder() {
        return folder;
    }

    /// Leaves no byte free.
    public void fill() {
        byte[] block = new byte[64 * 1024];
        try (OutputStream out = Files.newOutputStream(filler)) {
            while (true) {
                out.write(block);
            }
        } catch (IOException full) {
            assumeTrue(folder.toFile().getUsableSpace() < block.length, "the disk did not fill up");
        }
    }

    public void free() {
        try {
            Files.delete(filler);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }

    @Override
    public void close() {
        run("umount", folder.toString());
    }

    private static boolean run(String... command) {
        try {
            return new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}

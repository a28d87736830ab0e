import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the kernel has written down about a process of Linux.
final class KernelAccounts {
    private static final double TICKS_PER_SECOND = 100;

    private KernelAccounts() {}

    /// CPU of a process, user and system; 0 for one that has ended.
    ///
    /// @param withEndedChildren adds that of its children that have ended
    static double cpuMillis(long process, boolean withEndedChildren) throws IOException {
        String stat;
        try {
            stat = Files.readString(Path.of("/proc/" + process + "/stat"));
        } catch (IOException gone) {
            return 0;
        }
        String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
        long ticks = Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
        if (withEndedChildren) {
            ticks += Long.parseLong(fields[13]) + Long.parseLong(fields[14]);
        }
        return ticks / TICKS_PER_SECOND * 1000;
    }

    /// The most memory that a process had resident since its start, or since the last call of [#forgetPeak].
    static long peakMegabytes(long process) throws IOException {
        return megabytes(process, "VmHWM");
    }

    /// @param name of the line, such as VmRSS
    static long megabytes(long process, String name) throws IOException {
        return Files.readAllLines(Path.of("/proc/" + process + "/status")).stream()
                .filter(line -> line.startsWith(name + ":"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElseThrow();
    }

    static void forgetPeak(long process) throws IOException {
        Files.writeString(Path.of("/proc/" + process + "/clear_refs"), "5");
    }
}

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One run of the load generator wrk.
///
/// @param requests answered
/// @param perSecond of them
/// @param p99Millis the latency that one in a hundred exceeds
/// @param failures answers of other statuses than 2xx and 3xx, and broken or silent connections
record Wrk(long requests, double perSecond, double p99Millis, long failures) {
    private static final Pattern REQUESTS = Pattern.compile("(\\d+) requests in");
    private static final Pattern RATE = Pattern.compile("Requests/sec:\\s*([0-9.]+)");
    private static final Pattern P99 = Pattern.compile("99%\\s+([0-9.]+)(us|ms|s)");
    private static final Pattern REFUSED = Pattern.compile("Non-2xx or 3xx responses: (\\d+)");
    private static final Pattern BROKEN =
            Pattern.compile("Socket errors: connect (\\d+), read (\\d+), write (\\d+), timeout (\\d+)");

    static Wrk run(String url, int connections, int seconds, List<String> fields, String... more)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "wrk", "--latency", "-t", "1", "-c", String.valueOf(connections), "-d", seconds + "s", "--timeout", "10s"));
        for (String field : fields) {
            command.addAll(List.of("-H", field));
        }
        command.addAll(List.of(more));
        command.add(url);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("wrk failed: " + said);
        }
        long failures = (long) number(REFUSED, said);
        Matcher broken = BROKEN.matcher(said);
        if (broken.find()) {
            for (int group = 1; group <= 4; group++) {
                failures += Long.parseLong(broken.group(group));
            }
        }
        return new Wrk((long) number(REQUESTS, said), number(RATE, said), millis(said), failures);
    }

    private static double number(Pattern pattern, String said) {
        Matcher found = pattern.matcher(said);
        return found.find() ? Double.parseDouble(found.group(1)) : 0;
    }

    private static double millis(String said) {
        Matcher found = P99.matcher(said);
        if (!found.find()) {
            return Double.NaN;
        }
        double value = Double.parseDouble(found.group(1));
        return switch (found.group(2)) {
            case "us" -> value / 1000;
            case "ms" -> value;
            default -> value * 1000;
        };
    }
}

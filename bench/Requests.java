import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/// A client that asks for many pictures, a bounded number of them at a time, and keeps none.
final class Requests implements AutoCloseable {
    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final ExecutorService threads;

    /// @param atOnce connections
    Requests(int atOnce) {
        threads = Executors.newFixedThreadPool(atOnce);
    }

    /// What became of a number of requests.
    ///
    /// @param cpuMillis of the server, per request
    /// @param latencies in milliseconds
    /// @param refused answers that were not 200
    record Answers(double cpuMillis, double seconds, List<Double> latencies, int refused) {}

    /// Something that counts the CPU of a server.
    interface Meter {
        double cpuMillis() throws Exception;
    }

    Answers send(Meter server, List<URI> addresses) throws Exception {
        double before = server.cpuMillis();
        long began = System.nanoTime();
        List<Double> latencies = new ArrayList<>();
        int refused = 0;
        for (Future<Double> answer : threads.invokeAll(addresses.stream().map(this::task).toList())) {
            double latency = answer.get();
            refused += latency < 0 ? 1 : 0;
            latencies.add(Math.abs(latency));
        }
        double seconds = (System.nanoTime() - began) / 1e9;
        return new Answers((server.cpuMillis() - before) / addresses.size(), seconds, latencies, refused);
    }

    /// The latency, below zero when the answer was not 200.
    private Callable<Double> task(URI address) {
        return () -> {
            long asked = System.nanoTime();
            HttpResponse<byte[]> answer = http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofByteArray());
            double latency = (System.nanoTime() - asked) / 1e6;
            return answer.statusCode() == 200 && answer.body().length > 0 ? latency : -latency;
        };
    }

    /// The picture at an address.
    byte[] get(URI address) throws Exception {
        HttpResponse<byte[]> answer = http.send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IllegalStateException(address + " was answered " + answer.statusCode());
        }
        return answer.body();
    }

    @Override
    public void close() {
        threads.shutdown();
        http.close();
    }
}

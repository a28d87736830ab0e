package dev.safelight.front;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.LoadingCache;
import dev.safelight.asset.AddressRange;
import dev.safelight.web.Problem;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import java.net.InetAddress;
import java.time.Duration;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.springframework.http.HttpStatus;

/// Holds each client to a number of requests per second, whatever they ask for, by a token bucket: 429 says
/// when to come again.
///
/// Each process counts for itself. Clients beyond [#MOST_CLIENTS] displace those seen longest ago, which then
/// begin with a full bucket.
final class RequestRates extends Handler.Wrapper {
    private static final int MOST_CLIENTS = 200_000;

    private final LoadingCache<AddressRange, Bucket> buckets;
    private final ServerProblems problems;

    RequestRates(int perSecond, int burst, ServerProblems problems) {
        this.problems = problems;
        // Long enough for an empty bucket to be full again.
        Duration full = Duration.ofSeconds(Math.max(10, burst / perSecond + 1L));
        this.buckets = Caffeine.newBuilder()
                .maximumSize(MOST_CLIENTS)
                .expireAfterAccess(full)
                .build(_ -> Bucket.builder()
                        .addLimit(limit -> limit.capacity(burst).refillGreedy(perSecond, Duration.ofSeconds(1)))
                        .build());
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        InetAddress address = ClientAddress.of(request);
        if (address != null) {
            ConsumptionProbe taken = buckets.get(ClientAddress.range(address)).tryConsumeAndReturnRemaining(1);
            if (!taken.isConsumed()) {
                refuse(Duration.ofNanos(taken.getNanosToWaitForRefill()), request, response, callback);
                return true;
            }
        }
        return super.handle(request, response, callback);
    }

    private void refuse(Duration wait, Request request, Response response, Callback callback) {
        Problem problem = Problem.of(
                        HttpStatus.TOO_MANY_REQUESTS,
                        "More requests came from this address than one client may make. Ask again later.")
                .withRetryAfter(wait);
        problems.send(problem, request, response, callback);
    }
}

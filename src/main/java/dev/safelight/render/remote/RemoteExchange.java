package dev.safelight.render.remote;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;

import dev.safelight.asset.Failure;
import dev.safelight.asset.Reason;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.client.HttpClient;
import org.eclipse.jetty.client.InputStreamResponseListener;
import org.eclipse.jetty.client.Request;
import org.eclipse.jetty.client.Response;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.jspecify.annotations.Nullable;

/// One request to a foreign host and its answer; closing it gives up what was not read.
final class RemoteExchange implements AutoCloseable {
    private static final long MILLISECOND = 1_000_000;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);
    /// Refusals that may be gone the next time: the host waited too long, or was asked too often.
    private static final Set<Integer> PASSING = Set.of(408, 429);
    private static final int BUFFER = 64 * 1024;

    private final Request request;
    private final InputStreamResponseListener body;
    private final Response response;
    private final @Nullable Validators known;
    private boolean complete;

    /// @param known by what it was asked whether the picture has changed
    private RemoteExchange(
            Request request, InputStreamResponseListener body, Response response, @Nullable Validators known) {
        this.request = request;
        this.body = body;
        this.response = response;
        this.known = known;
    }

    /// @param end of the time for all, in nanoseconds of this machine
    static RemoteExchange send(HttpClient client, RemoteUrl url, @Nullable Validators known, long end) {
        long left = (end - System.nanoTime()) / MILLISECOND;
        if (left <= 0) {
            throw unavailable(null);
        }
        Request request = client.newRequest(url.uri()).timeout(left, TimeUnit.MILLISECONDS);
        request.headers(fields -> {
            fields.put(HttpHeader.ACCEPT, "image/*");
            fields.put(HttpHeader.ACCEPT_ENCODING, "identity");
            if (known != null && known.entityTag() != null) {
                fields.put(HttpHeader.IF_NONE_MATCH, known.entityTag());
            } else if (known != null && known.lastModified() != null) {
                fields.put(HttpHeader.IF_MODIFIED_SINCE, known.lastModified());
            }
        });
        InputStreamResponseListener body = new InputStreamResponseListener();
        try {
            request.send(body);
            return new RemoteExchange(request, body, body.get(left, TimeUnit.MILLISECONDS), known);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            giveUp(request, body);
            throw unavailable(interrupted);
        } catch (ExecutionException | TimeoutException | RuntimeException failed) {
            giveUp(request, body);
            throw unavailable(failed);
        }
    }

    /// Where the answer points to instead of being a picture.
    @Nullable
    String redirect() {
        String location = response.getHeaders().get(HttpHeader.LOCATION);
        if (!REDIRECTS.contains(response.getStatus())) {
            return null;
        }
        if (location == null) {
            throw unavailable(null);
        }
        return location;
    }

    RemoteAnswer receive(Path file, long maxBytes) throws IOException {
        HttpFields headers = response.getHeaders();
        if (response.getStatus() == HttpStatus.NOT_MODIFIED_304 && known != null) {
            return new RemoteAnswer.Unchanged(Validators.confirmed(headers, known));
        }
        requirePicture(headers, maxBytes);
        boolean whole = false;
        try (OutputStream out = Files.newOutputStream(file, CREATE_NEW, WRITE)) {
            long bytes = copy(out, maxBytes);
            complete = true;
            whole = true;
            return new RemoteAnswer.Fetched(bytes, Validators.of(headers));
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
    }

    private void requirePicture(HttpFields headers, long maxBytes) {
        int status = response.getStatus();
        if (status == HttpStatus.NOT_FOUND_404 || status == HttpStatus.GONE_410) {
            throw new Failure(Failure.Kind.NOT_FOUND, "There is no picture at this address");
        }
        if (HttpStatus.isClientError(status) && !PASSING.contains(status)) {
            throw new Failure(Failure.Kind.NOT_FOUND, "The picture's host refuses it with status %d".formatted(status));
        }
        if (status != HttpStatus.OK_200) {
            throw new Failure(Failure.Kind.UNAVAILABLE, "The picture's host answered with status %d".formatted(status));
        }
        boolean encoded = headers.getValuesList(HttpHeader.CONTENT_ENCODING).stream()
                .anyMatch(coding -> !coding.strip().equalsIgnoreCase("identity"));
        if (encoded) {
            throw new Failure(
                    Failure.Kind.UNSUPPORTED, "The picture's host compresses its answer although it was told not to");
        }
        if (headers.getLongField(HttpHeader.CONTENT_LENGTH) > maxBytes) {
            throw tooLarge(maxBytes);
        }
    }

    private long copy(OutputStream out, long maxBytes) throws IOException {
        long bytes = 0;
        byte[] buffer = new byte[BUFFER];
        InputStream in = body.getInputStream();
        for (int count = read(in, buffer); count >= 0; count = read(in, buffer)) {
            bytes += count;
            if (bytes > maxBytes) {
                throw tooLarge(maxBytes);
            }
            out.write(buffer, 0, count);
        }
        if (bytes == 0) {
            throw new Failure(
                    Failure.Kind.UNSUPPORTED, Reason.EMPTY, "The file at the address of the picture is empty");
        }
        return bytes;
    }

    private static int read(InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException failed) {
            throw new Failure(
                    Failure.Kind.UNAVAILABLE, "The picture's host broke off its answer, or took too long", failed);
        }
    }

    private static Failure tooLarge(long maxBytes) {
        return new Failure(
                Failure.Kind.TOO_LARGE, "The picture is larger than the %d bytes allowed".formatted(maxBytes));
    }

    /// One sentence for all that can go wrong on the way: it must not tell what is where in the own network.
    private static Failure unavailable(@Nullable Throwable cause) {
        String message = "The picture's host did not answer, or not in time";
        return cause == null
                ? new Failure(Failure.Kind.UNAVAILABLE, message)
                : new Failure(Failure.Kind.UNAVAILABLE, message, cause);
    }

    @Override
    public void close() {
        if (!complete) {
            giveUp(request, body);
        }
    }

    private static void giveUp(Request request, InputStreamResponseListener body) {
        // Nobody waits for the end of what nobody wants any more.
        var _ = request.abort(new CancellationException());
        try {
            body.close();
        } catch (IOException alreadyOver) {
            // What it held is free again all the same.
        }
    }
}

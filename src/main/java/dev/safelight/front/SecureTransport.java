package dev.safelight.front;

import dev.safelight.web.CacheRule;
import dev.safelight.web.Problem;
import java.time.Duration;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/// Sends whoever came unencrypted to `https:`, and tells browsers to come that way from then on (RFC 6797).
///
/// Only reading is sent there: what a client wrote with a key in it has been seen by others already, and a
/// redirect would hide that. The health of the process is told to anybody, as load balancers ask for it by
/// plain HTTP.
final class SecureTransport extends Handler.Wrapper {
    private static final String HEALTH = "/actuator/health";

    private final boolean required;
    private final int port;
    private final @Nullable HttpField hsts;
    private final ServerProblems problems;

    /// @param port of `https:` as clients see it
    /// @param hsts zero to say nothing
    SecureTransport(boolean required, int port, Duration hsts, ServerProblems problems) {
        this.required = required;
        this.port = port;
        this.hsts = hsts.isZero()
                ? null
                : new PreEncodedHttpField(HttpHeader.STRICT_TRANSPORT_SECURITY, "max-age=" + hsts.toSeconds());
        this.problems = problems;
    }

    @Override
    public InvocationType getInvocationType() {
        return InvocationType.NON_BLOCKING;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (request.isSecure()) {
            if (hsts != null) {
                response.getHeaders().add(hsts);
            }
            return super.handle(request, response, callback);
        }
        String path = request.getHttpURI().getPath();
        if (!required || (path != null && (path.equals(HEALTH) || path.startsWith(HEALTH + "/")))) {
            return super.handle(request, response, callback);
        }
        if (HttpMethod.GET.is(request.getMethod()) || HttpMethod.HEAD.is(request.getMethod())) {
            redirect(request, response, callback);
        } else {
            problems.send(
                    Problem.of(HttpStatus.FORBIDDEN, "This server takes this by https: only."),
                    request,
                    response,
                    callback);
        }
        return true;
    }

    private void redirect(Request request, Response response, Callback callback) {
        HttpURI secure = HttpURI.build(request.getHttpURI())
                .scheme("https")
                .host(Request.getServerName(request))
                .port(port == 443 ? -1 : port)
                .asImmutable();
        response.setStatus(HttpStatus.PERMANENT_REDIRECT.value());
        response.getHeaders().put(HttpHeader.LOCATION, secure.asString());
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, CacheRule.NEVER);
        response.write(true, null, callback);
    }
}

package dev.safelight.delivery;

import dev.safelight.front.ClientAddress;
import dev.safelight.signing.AccessTokens;
import dev.safelight.signing.CloudFrontParameters;
import dev.safelight.signing.CloudFrontVerifier;
import dev.safelight.signing.ReferrerHost;
import dev.safelight.signing.Verdict;
import dev.safelight.signing.Visit;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpCookie;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/// Knows what each space asks of a reader, and holds the signatures of requests against that.
///
/// It decides who may see; whether anything may be seen at all is the catalogue's to say, which is asked each
/// time.
///
/// @param spaces what a read needs
/// @param origins of pages that may read what their cookies give them
record AccessGate(
        AccessBySpace spaces,
        AccessTokens tokens,
        CloudFrontVerifier cloudFront,
        Set<String> origins,
        InstantSource clock) {
    /// Cookies of different paths come together; more than so many are not looked at.
    private static final int MOST_COOKIES = 8;

    AccessGate {
        origins = Set.copyOf(origins);
    }

    /// What became of the signature of a request.
    ///
    /// @param verdict empty when it has none
    record Judgement(Optional<Verdict> verdict, boolean byCookie) {
        private static Judgement ofAddress(Verdict verdict) {
            return new Judgement(Optional.of(verdict), false);
        }

        boolean isGranted() {
            return verdict.filter(Verdict.Granted.class::isInstance).isPresent();
        }
    }

    /// Holds the signature of a request against it. One in the address counts alone, as with CloudFront;
    /// cookies count when there is none.
    Judgement judge(Request request, AccessParameters parameters) {
        String path = request.getHttpURI().getPath();
        Visit visit = new Visit(
                path,
                parameters.rest(),
                clock.instant(),
                ClientAddress.of(request),
                ReferrerHost.in(request.getHeaders().get(HttpHeader.REFERER)).orElse(null));
        if (parameters.isRepeated()) {
            return Judgement.ofAddress(new Verdict.Refused("a parameter of it is given twice"));
        }
        Map<String, String> given = parameters.given();
        String token = given.get(AccessTokens.PARAMETER);
        if (token != null) {
            return Judgement.ofAddress(tokens.verify(token, visit));
        }
        if (!given.isEmpty()) {
            return Judgement.ofAddress(cloudFront.verify(CloudFrontParameters.of(given), visit));
        }
        return new Judgement(judgeCookies(Request.getCookies(request), visit), true);
    }

    private Optional<Verdict> judgeCookies(List<HttpCookie> cookies, Visit visit) {
        Map<String, String> ofCloudFront = new HashMap<>();
        Verdict last = null;
        int seen = 0;
        for (HttpCookie cookie : cookies) {
            String name = cookie.getName();
            if (name.equals(AccessTokens.COOKIE) && seen++ < MOST_COOKIES) {
                last = tokens.verify(cookie.getValue(), visit);
                if (last instanceof Verdict.Granted) {
                    return Optional.of(last);
                }
            } else if (name.startsWith(CloudFrontParameters.COOKIE_PREFIX)) {
                // The first is the one of the longest path (RFC 6265 §5.4).
                ofCloudFront.putIfAbsent(
                        name.substring(CloudFrontParameters.COOKIE_PREFIX.length()), cookie.getValue());
            }
        }
        ofCloudFront.keySet().retainAll(CloudFrontParameters.NAMES);
        if (!ofCloudFront.isEmpty()) {
            last = cloudFront.verify(CloudFrontParameters.of(ofCloudFront), visit);
        }
        return Optional.ofNullable(last);
    }

    /// Whether any cookie can be good.
    boolean takesCookies() {
        return !tokens.isEmpty() || !cloudFront.isEmpty();
    }

    /// What a reader can bring, for those who brought nothing.
    String ways() {
        String own = tokens.isEmpty()
                ? ""
                : "a signed URL (%s=…), a cookie %s, ".formatted(AccessTokens.PARAMETER, AccessTokens.COOKIE);
        return own + (cloudFront.isEmpty() ? "" : "a signed URL or signed cookies of CloudFront, ") + "or an API key";
    }
}

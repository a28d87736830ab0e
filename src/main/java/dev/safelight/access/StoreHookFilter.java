package dev.safelight.access;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.security.authentication.BadCredentialsException;
import org.springframework.security.web.AuthenticationEntryPoint;
import org.springframework.web.filter.OncePerRequestFilter;

/// Makes a store that proves itself with a secret of [WebhookSettings] the caller of a request to [HookPath].
///
/// The secret comes as `Bearer`, which MinIO sends, or as the password of `Basic`, which Ceph makes of the user and
/// password in the address of a topic.
final class StoreHookFilter extends OncePerRequestFilter {
    private static final String BEARER = "Bearer ";
    private static final String BASIC = "Basic ";
    private static final String PARAMETER = "token=";

    /// It owns nothing, since it opens no other endpoint.
    private static final Caller STORE = new Caller(new UUID(0, 0), "store", Set.of(Role.STORE));

    private final List<byte[]> hashes;
    private final boolean secretInAddress;
    private final AuthenticationEntryPoint refuse;

    StoreHookFilter(WebhookSettings settings, AuthenticationEntryPoint refuse) {
        this.hashes = settings.secrets().stream().map(ApiKey::hash).toList();
        this.secretInAddress = settings.secretInAddress();
        this.refuse = refuse;
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return !HookPath.is(request);
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws ServletException, IOException {
        if (hashes.isEmpty()) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
        } else if (secret(request).filter(this::isKnown).isEmpty()) {
            refuse.commence(request, response, new BadCredentialsException("no or a wrong secret of a store"));
        } else {
            ApiKeyFilter.enter(STORE);
            chain.doFilter(request, response);
        }
    }

    /// Looks at all of them, so that the time it takes tells nothing.
    private boolean isKnown(String secret) {
        boolean known = false;
        for (byte[] hash : hashes) {
            known |= ApiKey.matches(secret, hash);
        }
        return known;
    }

    private Optional<String> secret(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        if (header == null) {
            return secretInAddress ? parameter(request.getQueryString()) : Optional.empty();
        }
        if (header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Optional.of(header.substring(BEARER.length()).strip());
        }
        return header.regionMatches(true, 0, BASIC, 0, BASIC.length())
                ? password(header.substring(BASIC.length()).strip())
                : Optional.empty();
    }

    private static Optional<String> password(String encoded) {
        try {
            String pair = new String(Base64.getDecoder().decode(encoded), StandardCharsets.UTF_8);
            int colon = pair.indexOf(':');
            return colon < 0 ? Optional.empty() : Optional.of(pair.substring(colon + 1));
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }

    /// Not by `getParameter`, which would read the body of a form.
    private static Optional<String> parameter(@Nullable String query) {
        return query == null
                ? Optional.empty()
                : Arrays.stream(query.split("&"))
                        .filter(one -> one.startsWith(PARAMETER))
                        .map(one -> one.substring(PARAMETER.length()))
                        .findFirst();
    }
}

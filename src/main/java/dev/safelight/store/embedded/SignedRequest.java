package dev.safelight.store.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.safelight.store.StoreRole;
import dev.safelight.store.s3.SignatureV4;
import jakarta.servlet.http.HttpServletRequest;
import java.net.URI;
import java.net.URLDecoder;
import java.security.MessageDigest;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A request whose signature is good, checked before a byte of its body is read.
///
/// @param role of the key that signed it
/// @param granted whether the address itself is signed, as a client gets it, rather than a header by
///     one of our own
/// @param query without what belongs to the signature
/// @param hash of the body in hexadecimal, or a word that says how the body is signed
record SignedRequest(StoreRole role, boolean granted, SortedMap<String, String> query, String hash) {
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
    private static final Duration SKEW = Duration.ofMinutes(15);
    private static final Duration LONGEST = Duration.ofDays(7);
    private static final int PARAMETERS = 32;
    private static final String AMZ = "x-amz-";

    private static final Pattern AUTHORIZATION = Pattern.compile(SignatureV4.ALGORITHM
            + " Credential=([^,\\s]{1,200}),\\s*SignedHeaders=([a-z0-9;-]{1,2000})," + "\\s*Signature=([0-9a-f]{64})");

    /// What a request says of its signature, before any of it is believed.
    private record Claim(String credential, String time, String signedHeaders, String signature) {}

    /// Who may sign, for which region, and under which address clients reach the store if not under its own.
    record Check(StoreKeys keys, String region, @Nullable URI publicUrl, InstantSource clock) {
        /// @throws software.amazon.awssdk.services.s3.model.S3Exception unless the request is signed as it
        ///     should be
        SignedRequest verify(HttpServletRequest request) {
            SortedMap<String, String> query = parse(request.getQueryString());
            boolean granted = query.containsKey("X-Amz-Algorithm");
            if (granted && request.getHeader("Authorization") != null) {
                throw StoreError.INVALID_ARGUMENT.with("Only one way of signing is allowed: address or header.");
            }
            Claim claim = granted ? inAddress(query) : inHeader(request);
            String date = claim.time().length() == 16 ? claim.time().substring(0, 8) : "";
            String access = claim.credential().split("/", 2)[0];
            if (!claim.credential().equals(SignatureV4.credential(access, date, region))) {
                throw StoreError.INVALID_ARGUMENT.with("The credential of the signature is not of this day and store.");
            }
            requireTime(claim.time(), granted ? query.get("X-Amz-Expires") : null);
            StoreKeys.Key key = keys.find(access)
                    .orElseThrow(() -> StoreError.INVALID_ACCESS_KEY.with("The access key does not exist."));
            String hash = hash(request, granted);
            requireSignature(request, query, claim, key, hash);
            query.keySet().removeIf(name -> name.startsWith("X-Amz-"));
            return new SignedRequest(key.role(), granted, query, hash);
        }

        private void requireTime(String time, @Nullable String lifetime) {
            Instant now = clock.instant();
            Instant signed = instant(time);
            Instant end = signed.plus(lifetime == null ? SKEW : lifetime(lifetime));
            if (signed.minus(SKEW).isAfter(now) || (lifetime == null && end.isBefore(now))) {
                throw StoreError.TIME_SKEWED.with("The request was signed at another time than now.");
            }
            if (!now.isBefore(end)) {
                throw StoreError.ACCESS_DENIED.with("Request has expired");
            }
        }

        private void requireSignature(
                HttpServletRequest request,
                SortedMap<String, String> query,
                Claim claim,
                StoreKeys.Key key,
                String hash) {
            SortedMap<String, String> unsigned = new TreeMap<>(query);
            unsigned.remove("X-Amz-Signature");
            SortedMap<String, String> headers = headers(request, claim.signedHeaders());
            String path = request.getRequestURI();
            String given = claim.signature();
            boolean matches = matches(
                    given, key, claim, new SignatureV4.Request(request.getMethod(), path, unsigned, headers, hash));
            URI outside = publicUrl;
            if (!matches && outside != null) {
                // A proxy may have changed what the client addressed and signed.
                headers.put("host", outside.getRawAuthority());
                String before =
                        outside.getRawPath() == null ? "" : outside.getRawPath().replaceAll("/$", "");
                matches = matches(
                        given,
                        key,
                        claim,
                        new SignatureV4.Request(request.getMethod(), before + path, unsigned, headers, hash));
            }
            if (!matches) {
                throw StoreError.SIGNATURE_MISMATCH.with(
                        "The request is not the one that was signed. Method, address and these headers must be as granted: "
                                + claim.signedHeaders().replace(";", ", ") + ".");
            }
        }

        private boolean matches(String given, StoreKeys.Key key, Claim claim, SignatureV4.Request request) {
            String expected = SignatureV4.sign(key.secret(), claim.time(), region, request);
            return MessageDigest.isEqual(expected.getBytes(UTF_8), given.getBytes(UTF_8));
        }
    }

    private static Claim inAddress(SortedMap<String, String> query) {
        if (!SignatureV4.ALGORITHM.equals(query.get("X-Amz-Algorithm"))) {
            throw StoreError.INVALID_ARGUMENT.with("The algorithm of the signature is not supported.");
        }
        return new Claim(
                parameter(query, "X-Amz-Credential"),
                parameter(query, "X-Amz-Date"),
                parameter(query, "X-Amz-SignedHeaders"),
                parameter(query, "X-Amz-Signature"));
    }

    private static String parameter(SortedMap<String, String> query, String name) {
        String value = query.get(name);
        if (value == null) {
            throw StoreError.ACCESS_DENIED.with("A signed address must have the parameter " + name + ".");
        }
        return value;
    }

    private static Claim inHeader(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        String time = request.getHeader("x-amz-date");
        Matcher parts = AUTHORIZATION.matcher(header == null ? "" : header);
        if (!parts.matches() || time == null) {
            throw StoreError.ACCESS_DENIED.with("Access Denied");
        }
        return new Claim(parts.group(1), time, parts.group(2), parts.group(3));
    }

    private static String hash(HttpServletRequest request, boolean granted) {
        if (granted) {
            return SignatureV4.UNSIGNED;
        }
        String hash = request.getHeader("x-amz-content-sha256");
        if (hash == null) {
            throw StoreError.INVALID_ARGUMENT.with("The header x-amz-content-sha256 is missing.");
        }
        return hash;
    }

    /// An unsigned header of this family could turn one request into another, such as a PUT into a copy.
    private static SortedMap<String, String> headers(HttpServletRequest request, String signed) {
        List<String> names = Arrays.asList(signed.split(";", -1));
        for (String name : Collections.list(request.getHeaderNames())) {
            String lower = name.toLowerCase(Locale.ROOT);
            if (lower.startsWith(AMZ) && !names.contains(lower)) {
                throw StoreError.ACCESS_DENIED.with("The header " + lower + " was not signed.");
            }
        }
        if (!names.contains("host")) {
            throw StoreError.ACCESS_DENIED.with("The header host was not signed.");
        }
        SortedMap<String, String> headers = new TreeMap<>();
        for (String name : names) {
            headers.put(name, String.join(",", Collections.list(request.getHeaders(name))));
        }
        return headers;
    }

    private static Instant instant(String time) {
        try {
            return TIME.parse(time, Instant::from);
        } catch (DateTimeException e) {
            throw StoreError.ACCESS_DENIED.with("The time of the signature is not valid.");
        }
    }

    private static Duration lifetime(String seconds) {
        if (!seconds.matches("[0-9]{1,6}")
                || Duration.ofSeconds(Long.parseLong(seconds)).compareTo(LONGEST) > 0) {
            throw StoreError.INVALID_ARGUMENT.with("X-Amz-Expires must be a number of seconds up to a week.");
        }
        return Duration.ofSeconds(Long.parseLong(seconds));
    }

    /// @return names and values as they were before they were encoded
    static SortedMap<String, String> parse(@Nullable String query) {
        SortedMap<String, String> parameters = new TreeMap<>();
        if (query == null || query.isEmpty()) {
            return parameters;
        }
        String[] pairs = query.split("&", PARAMETERS + 1);
        if (pairs.length > PARAMETERS) {
            throw StoreError.INVALID_ARGUMENT.with("The address has too many parameters.");
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            String name = decode(equals < 0 ? pair : pair.substring(0, equals));
            if (parameters.put(name, equals < 0 ? "" : decode(pair.substring(equals + 1))) != null) {
                throw StoreError.INVALID_ARGUMENT.with("A parameter of the address is given twice.");
            }
        }
        return parameters;
    }

    private static String decode(String text) {
        try {
            return URLDecoder.decode(text, UTF_8);
        } catch (IllegalArgumentException e) {
            throw StoreError.INVALID_ARGUMENT.with("A parameter of the address is not encoded as it should be.");
        }
    }
}

package dev.safelight.signing;

import dev.safelight.asset.AddressRange;
import dev.safelight.asset.Space;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What one of Safelight's own signatures allows.
///
/// Its text is what is signed: lines of a name, a colon and a value, in this order, joined by line feeds.
///
/// ```
/// path:/media/image/0199d3a4-5b6c-7d8e-9f00-112233445566/     one to 20 lines
/// expires:1767229200                                          seconds since 1970
/// not-before:1767225600                                       optional
/// ip:192.0.2.0/24                                             optional
/// referrer:*.example.com                                      optional, up to 10 lines
/// space:user                                                  needed for a private space
/// ```
///
/// @param paths one of them has to cover the path of a request
/// @param expires to the second; the first moment at which it is too late
/// @param notBefore to the second; the first moment at which it holds
/// @param referrers when there are any, the page that asks must be of one of them
/// @param space the only space that it is good for
public record AccessPolicy(
        List<PathPattern> paths,
        Instant expires,
        @Nullable Instant notBefore,
        @Nullable AddressRange ip,
        List<ReferrerHost> referrers,
        @Nullable Space space) {
    public static final int MOST_PATHS = 20;
    public static final int MOST_REFERRERS = 10;

    private static final int MOST_LINES = MOST_PATHS + MOST_REFERRERS + 4;
    private static final List<String> NAMES = List.of("path", "expires", "not-before", "ip", "referrer", "space");

    public AccessPolicy {
        paths = List.copyOf(paths);
        referrers = List.copyOf(referrers);
        expires = expires.truncatedTo(ChronoUnit.SECONDS);
        notBefore = notBefore == null ? null : notBefore.truncatedTo(ChronoUnit.SECONDS);
        if (paths.isEmpty() || paths.size() > MOST_PATHS) {
            throw new IllegalArgumentException("a policy has 1 to " + MOST_PATHS + " paths");
        }
        if (referrers.size() > MOST_REFERRERS) {
            throw new IllegalArgumentException("a policy has at most " + MOST_REFERRERS + " referrers");
        }
        if (notBefore != null && !notBefore.isBefore(expires)) {
            throw new IllegalArgumentException("a policy begins before it expires");
        }
    }

    String text() {
        List<String> lines = new ArrayList<>();
        paths.forEach(path -> lines.add("path:" + path));
        lines.add("expires:" + expires.getEpochSecond());
        if (notBefore != null) {
            lines.add("not-before:" + notBefore.getEpochSecond());
        }
        if (ip != null) {
            lines.add("ip:" + ip);
        }
        referrers.forEach(referrer -> lines.add("referrer:" + referrer));
        if (space != null) {
            lines.add("space:" + space.text());
        }
        return String.join("\n", lines);
    }

    /// Reads a text whose signature is right.
    ///
    /// @throws IllegalArgumentException saying what cannot be read: whoever has a key made a mistake
    static AccessPolicy parse(String text) {
        List<PathPattern> paths = new ArrayList<>();
        List<ReferrerHost> referrers = new ArrayList<>();
        String[] single = new String[NAMES.size()];
        String[] lines = text.split("\n", MOST_LINES + 1);
        int last = 0;
        for (String line : lines) {
            int colon = line.indexOf(':');
            int name = colon < 0 ? -1 : NAMES.indexOf(line.substring(0, colon));
            if (name < last || lines.length > MOST_LINES) {
                throw new IllegalArgumentException("its policy has other lines, or another order, than docs/access.md");
            }
            last = name;
            String value = line.substring(colon + 1);
            switch (NAMES.get(name)) {
                case "path" -> paths.add(new PathPattern(value));
                case "referrer" -> referrers.add(new ReferrerHost(value));
                default -> {
                    if (single[name] != null) {
                        throw new IllegalArgumentException("its policy has a line twice");
                    }
                    single[name] = value;
                }
            }
        }
        if (single[1] == null) {
            throw new IllegalArgumentException("its policy does not say when it expires");
        }
        return new AccessPolicy(
                paths, moment(single[1]), momentOrNull(single[2]), address(single[3]), referrers, space(single[5]));
    }

    private static @Nullable Instant momentOrNull(@Nullable String text) {
        return text == null ? null : moment(text);
    }

    private static Instant moment(String text) {
        try {
            if (text.matches("[1-9][0-9]{0,10}")) {
                return Instant.ofEpochSecond(Long.parseLong(text));
            }
        } catch (DateTimeException beyond) {
            // told below
        }
        throw new IllegalArgumentException("its times are not in seconds since 1970");
    }

    private static @Nullable AddressRange address(@Nullable String text) {
        return text == null
                ? null
                : AddressRange.parse(text)
                        .orElseThrow(() -> new IllegalArgumentException("its ip is no address and no range of them"));
    }

    private static @Nullable Space space(@Nullable String text) {
        return text == null
                ? null
                : Space.parse(text).orElseThrow(() -> new IllegalArgumentException("its space does not exist"));
    }

    /// Whether it allows a request.
    Verdict hold(Visit visit) {
        Optional<String> objection = Conditions.objection(notBefore, expires, ip, visit);
        if (objection.isPresent()) {
            return new Verdict.Refused(objection.get());
        }
        if (paths.stream().noneMatch(path -> path.covers(visit.path()))) {
            return new Verdict.Refused("it is for another path");
        }
        String host = visit.referrer();
        if (!referrers.isEmpty() && (host == null || referrers.stream().noneMatch(referrer -> referrer.covers(host)))) {
            return new Verdict.Refused("it is for pages of other hosts");
        }
        return new Verdict.Granted(expires, space, ip != null || !referrers.isEmpty());
    }
}

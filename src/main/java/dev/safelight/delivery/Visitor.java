package dev.safelight.delivery;

import dev.safelight.access.Caller;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.delivery.AccessBySpace.Mode;
import dev.safelight.delivery.AccessGate.Judgement;
import dev.safelight.signing.Verdict;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/// Who sends one request, as far as that is asked: what is public is given to all without looking.
final class Visitor {
    private static final String BEARER = "Bearer ";

    private final AccessGate gate;
    private final Function<String, Optional<Caller>> keys;
    private final Request request;
    private final AccessParameters parameters;
    private @Nullable Judgement judgement;
    private Optional<Caller> caller = Optional.empty();
    private boolean isCallerKnown;

    /// @param keys verifies the text of an API key
    Visitor(AccessGate gate, Function<String, Optional<Caller>> keys, Request request) {
        this.gate = gate;
        this.keys = keys;
        this.request = request;
        this.parameters = AccessParameters.of(request.getHttpURI().getQuery());
    }

    /// The query without what belongs to signatures of access.
    @Nullable
    String query() {
        return parameters.rest();
    }

    /// Whether the address has a signature, good or not.
    boolean isSigned() {
        return !parameters.given().isEmpty();
    }

    /// The permit to see what an owner has in a space, if there is one.
    Optional<Permit> permit(Space space, UUID owner) {
        Mode mode = gate.spaces().of(space);
        if (mode == Mode.PUBLIC) {
            return Optional.of(new Permit.Everybody());
        }
        if (caller().filter(known -> known.maySee(space, owner)).isPresent()) {
            return Optional.of(new Permit.KeyHolder());
        }
        Judgement judged = judgement();
        return judged.verdict()
                .filter(Verdict.Granted.class::isInstance)
                .map(Verdict.Granted.class::cast)
                // What was signed for one space opens no other; a private one takes nothing else.
                .filter(granted -> granted.space() == null ? mode == Mode.SIGNED : granted.space() == space)
                .map(granted -> new Permit.Signed(
                        granted.expires(), mode == Mode.SIGNED, granted.bound(), judged.byCookie(), origin(judged)));
    }

    private @Nullable String origin(Judgement judged) {
        String origin = judged.byCookie() ? request.getHeaders().get(HttpHeader.ORIGIN) : null;
        return origin != null && gate.origins().contains(origin) ? origin : null;
    }

    /// Why there is nothing to see: one answer for what does not exist and for what this visitor may not see.
    /// It depends on the request alone, so that it tells nothing about what is withheld.
    ///
    /// @param missing what is answered to those who could see it if it existed, and where no signature helps
    Failure refusal(String missing) {
        Judgement judged = judgement();
        if (judged.isGranted() || caller().isPresent()) {
            return new Failure(Failure.Kind.NOT_FOUND, missing);
        }
        Verdict.Refused refused = judged.verdict()
                .filter(Verdict.Refused.class::isInstance)
                .map(Verdict.Refused.class::cast)
                .orElse(null);
        if (refused != null) {
            return new Failure(
                    Failure.Kind.FORBIDDEN,
                    "The signature of this request is of no use: %s. See docs/access.md.".formatted(refused.reason()));
        }
        return gate.spaces().anySigned()
                ? new Failure(
                        Failure.Kind.FORBIDDEN,
                        "Nothing is at this address for everybody. What may be read with permission needs %s; see"
                                        .formatted(gate.ways())
                                + " docs/access.md.")
                : new Failure(Failure.Kind.NOT_FOUND, missing);
    }

    private Judgement judgement() {
        Judgement known = judgement;
        if (known == null) {
            known = gate.judge(request, parameters);
            judgement = known;
        }
        return known;
    }

    private Optional<Caller> caller() {
        String authorization = isCallerKnown ? null : request.getHeaders().get(HttpHeader.AUTHORIZATION);
        if (authorization != null && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            caller = keys.apply(authorization.substring(BEARER.length()).strip());
        }
        isCallerKnown = true;
        return caller;
    }
}

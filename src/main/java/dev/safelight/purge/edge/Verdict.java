package dev.safelight.purge.edge;

import java.time.Duration;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// What became of a request to an edge.
///
/// Reasons are seen by clients of the API: they are our words, a status and at most a code of the edge's,
/// never text that it sent, which may repeat what it was sent.
sealed interface Verdict {
    record Done() implements Verdict {}

    /// The same request may succeed later.
    ///
    /// @param after how long the edge asks to wait
    record Later(String reason, @Nullable Duration after) implements Verdict {}

    /// What the request says is refused, whenever it comes.
    record Refused(String reason) implements Verdict {}

    /// No request of ours is taken until somebody mends the settings here or there.
    record LockedOut(String reason) implements Verdict {}

    Pattern CODE = Pattern.compile("[A-Za-z0-9_.-]{1,60}");

    /// By the status, as HTTP means it.
    static Verdict ofStatus(EdgeReply reply) {
        return ofStatus(reply, "");
    }

    /// @param code the edge's own word or number for what is wrong; empty for none
    static Verdict ofStatus(EdgeReply reply, String code) {
        String reason = reason(reply, code);
        int status = reply.status();
        if (status >= 200 && status < 300) {
            return new Done();
        }
        if (status == 429 || status == 408 || status == 425 || status >= 500) {
            return new Later(reason, reply.retryAfter());
        }
        return switch (status) {
            case 401, 403, 407 -> notAccepted(reply, code);
            case 404, 410 -> new LockedOut(reason + ": there is no such service or zone");
            case 400, 422 -> new Refused(reason);
            // Such as a redirection or a method that is not taken: who answers so has not looked at what it says.
            default -> new LockedOut(reason);
        };
    }

    /// Wrong credentials, also where an edge tells of them by a status that means something else.
    static LockedOut notAccepted(EdgeReply reply, String code) {
        return new LockedOut(reason(reply, code) + ": the credentials are not accepted");
    }

    private static String reason(EdgeReply reply, String code) {
        return "HTTP " + reply.status() + (CODE.matcher(code).matches() ? " (" + code + ")" : "");
    }
}

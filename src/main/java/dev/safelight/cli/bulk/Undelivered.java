package dev.safelight.cli.bulk;

/// Ends one file; the others may well arrive.
final class Undelivered extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;
    private final boolean isLikelyForAll;

    private Undelivered(String reason, String message, boolean isLikelyForAll) {
        super(message);
        this.reason = reason;
        this.isLikelyForAll = isLikelyForAll;
    }

    Undelivered(String reason, String message) {
        this(reason, message, false);
    }

    static Undelivered unreachable(String message) {
        return new Undelivered("unreachable", message, true);
    }

    /// By an answer of the store.
    static Undelivered answered(StoreClient.Answer answer, String before) {
        String reason = answer.isPassing() ? "unavailable" : "refused";
        return new Undelivered(reason, before + answer.text(), answer.isPassing() || answer.isRefusedGrant());
    }

    /// Whether it says more about the store, or about all grants, than about this file.
    boolean isLikelyForAll() {
        return isLikelyForAll;
    }

    String reason() {
        return reason;
    }

    String detail() {
        return String.valueOf(getMessage());
    }

    static Undelivered changed() {
        return new Undelivered("changed", "the file changed while it was sent; run again to send what it is now.");
    }
}

package dev.safelight.cli.bulk;

/// Ends one file; the others may well arrive.
final class Undelivered extends Exception {
    private static final long serialVersionUID = 1;

    private final String reason;

    Undelivered(String reason, String message) {
        super(message);
        this.reason = reason;
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

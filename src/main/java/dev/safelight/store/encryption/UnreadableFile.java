package dev.safelight.store.encryption;

import java.io.IOException;

/// An encrypted file that cannot be read: it was damaged or exchanged, or its key is missing or another one.
public final class UnreadableFile extends IOException {
    private static final long serialVersionUID = 1;

    UnreadableFile(String name, String why) {
        super(name + " cannot be decrypted: " + why);
    }

    UnreadableFile(String name, String why, Throwable cause) {
        super(name + " cannot be decrypted: " + why, cause);
    }
}

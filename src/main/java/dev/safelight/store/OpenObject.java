package dev.safelight.store;

import java.io.IOException;
import java.io.InputStream;

/// An object opened for reading.
///
/// @param stored facts about the whole object, also when only a range of it was asked for
/// @param stream the bytes asked for
public record OpenObject(StoredObject stored, InputStream stream) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        stream.close();
    }
}

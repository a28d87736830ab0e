package dev.safelight.image;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandles;

/// Takes what GLib would print to the standard error stream into the log of the platform.
@SuppressWarnings("restricted")
final class LibraryLog {
    private static final System.Logger LOG = System.getLogger(LibraryLog.class.getName());
    private static final FunctionDescriptor SHAPE = FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, ADDRESS, ADDRESS);
    private static final MemorySegment HANDLER = upcall((_, _, message, _) -> log(message));

    private LibraryLog() {}

    /// The callback as GLib declares it.
    @FunctionalInterface
    @SuppressWarnings("UnusedMethod") // called from C
    private interface GLogFunc {
        void log(MemorySegment domain, int level, MemorySegment message, MemorySegment data);
    }

    /// A `GLogFunc` that lives as long as the process.
    static MemorySegment handler() {
        return HANDLER;
    }

    private static MemorySegment upcall(GLogFunc handler) {
        try {
            return Linker.nativeLinker()
                    .upcallStub(
                            MethodHandles.lookup()
                                    .findVirtual(GLogFunc.class, "log", SHAPE.toMethodType())
                                    .bindTo(handler),
                            SHAPE,
                            Arena.global());
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the log handler", e);
        }
    }

    private static void log(MemorySegment message) {
        try {
            if (!message.equals(MemorySegment.NULL) && LOG.isLoggable(System.Logger.Level.DEBUG)) {
                LOG.log(System.Logger.Level.DEBUG, Vips.string(message));
            }
        } catch (Throwable _) {
            // An exception that leaves an upcall ends the process, and a lost debug line is not worth that.
        }
    }
}

package dev.safelight.image;

import static java.lang.foreign.MemorySegment.NULL;
import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.util.List;

/// One loaded libvips with its own set of functions, locked down to an allow-list of readers.
///
/// Libraries are opened with local symbols, so a prebuilt libvips and the system's live side by side in a process
/// without sharing a type, an error buffer or a cache. A library is never unloaded: GLib does not survive that.
@SuppressWarnings("restricted")
final class Vips {
    /// The picture readers that may open a file; each name covers its subclasses, and everything else stays blocked,
    /// so that a format that a library happens to know is not an open door.
    private static final List<String> ALLOWED_READERS = List.of(
            "VipsForeignLoadJpeg",
            "VipsForeignLoadPng",
            "VipsForeignLoadWebp",
            "VipsForeignLoadNsgif",
            "VipsForeignLoadTiff",
            "VipsForeignLoadHeif",
            "VipsForeignLoadJxl",
            "VipsForeignLoadSvg");

    private final String file;
    private final SymbolLookup symbols;
    private final String version;

    final NativeFunction operationNew;
    final NativeFunction setArgument;
    final NativeFunction setObject;
    final NativeFunction getObject;
    final NativeFunction build;
    final NativeFunction unrefOutputs;
    final NativeFunction unref;
    final NativeFunction blobNew;
    final NativeFunction blobGet;
    final NativeFunction areaUnref;
    final NativeFunction arrayImageNew;
    final NativeFunction free;
    final NativeFunction freeStrings;
    final ImageFunctions image;

    private final NativeFunction threadShutdown;
    private final NativeFunction trackedMemory;
    private final NativeFunction errorCopy;
    private final NativeFunction errorClear;
    private final NativeFunction typeFind;

    /// @param file a path, or a bare name that the dynamic linker looks up
    /// @throws IllegalArgumentException when there is no such library
    /// @throws UnsatisfiedLinkError when it is not a libvips that can be used
    static Vips load(String file) {
        return new Vips(file, SymbolLookup.libraryLookup(file, Arena.global()));
    }

    private Vips(String file, SymbolLookup symbols) {
        this.file = file;
        this.symbols = symbols;
        start();
        operationNew = pointer("vips_operation_new", ADDRESS);
        setArgument = number("vips_object_set_argument_from_string", ADDRESS, ADDRESS, ADDRESS);
        setObject = property("g_object_set");
        getObject = property("g_object_get");
        build = number("vips_object_build", ADDRESS);
        unrefOutputs = nothing("vips_object_unref_outputs", ADDRESS);
        unref = nothing("g_object_unref", ADDRESS);
        blobNew = pointer("vips_blob_new", ADDRESS, ADDRESS, JAVA_LONG);
        blobGet = pointer("vips_blob_get", ADDRESS, ADDRESS);
        areaUnref = nothing("vips_area_unref", ADDRESS);
        arrayImageNew = pointer("vips_array_image_new", ADDRESS, JAVA_INT);
        free = nothing("g_free", ADDRESS);
        freeStrings = nothing("g_strfreev", ADDRESS);
        image = new ImageFunctions(this);
        threadShutdown = nothing("vips_thread_shutdown");
        trackedMemory = size("vips_tracked_get_mem");
        errorCopy = pointer("vips_error_buffer_copy");
        errorClear = nothing("vips_error_clear");
        typeFind = size("vips_type_find", ADDRESS, ADDRESS);
        version = string(pointer("vips_version_string").pointer());
        allowOnlyKnownReaders();
    }

    private void start() {
        try (Arena arena = Arena.ofConfined()) {
            // The first libvips of a process leaves its guessed home behind, where the next one would look for modules.
            nothing("g_unsetenv", ADDRESS).run(arena.allocateFrom("VIPSHOME"));
            nothing("g_log_set_default_handler", ADDRESS, ADDRESS).run(LibraryLog.handler(), NULL);
            if (number("vips_init", ADDRESS).number(arena.allocateFrom("safelight")) != 0) {
                throw new UnsatisfiedLinkError(file + " does not start");
            }
        }
        // A cached operation would outlive the file that it reads, and nothing is ever computed twice here.
        nothing("vips_cache_set_max", JAVA_INT).run(0);
        // Splitting one operation over threads costs the same CPU; the engine runs whole operations side by side.
        nothing("vips_concurrency_set", JAVA_INT).run(1);
    }

    private void allowOnlyKnownReaders() {
        NativeFunction blockUntrusted = nothing("vips_block_untrusted_set", JAVA_INT);
        NativeFunction block = nothing("vips_operation_block_set", ADDRESS, JAVA_INT);
        try (Arena arena = Arena.ofConfined()) {
            blockUntrusted.run(1);
            block.run(arena.allocateFrom("VipsForeignLoad"), 1);
            ALLOWED_READERS.forEach(reader -> block.run(arena.allocateFrom(reader), 0));
        }
    }

    /// The path or name it was loaded by.
    String file() {
        return file;
    }

    String version() {
        return version;
    }

    /// Whether this is at least the given release.
    boolean isAtLeast(int major, int minor) {
        String[] parts = version.split("[.-]", -1);
        int ownMajor = Integer.parseInt(parts[0]);
        return ownMajor > major || (ownMajor == major && Integer.parseInt(parts[1]) >= minor);
    }

    /// Whether an operation of this nickname exists, such as `jxlload`.
    boolean has(String operation) {
        try (Arena arena = Arena.ofConfined()) {
            return typeFind.size(arena.allocateFrom("VipsOperation"), arena.allocateFrom(operation)) != 0;
        }
    }

    Operation operation(String nickname) {
        return new Operation(this, nickname);
    }

    /// Frees what libvips keeps for the calling thread; due before a thread ends.
    void endThread() {
        threadShutdown.run();
    }

    /// Bytes of pixel memory in use in the whole process.
    long pixelMemory() {
        return trackedMemory.size();
    }

    VipsException failure(String operation) {
        MemorySegment text = errorCopy.pointer();
        try {
            return new VipsException(operation, string(text));
        } finally {
            free.run(text);
            errorClear.run();
        }
    }

    NativeFunction number(String name, MemoryLayout... arguments) {
        return NativeFunction.of(symbols, name, FunctionDescriptor.of(JAVA_INT, arguments));
    }

    NativeFunction pointer(String name, MemoryLayout... arguments) {
        return NativeFunction.of(symbols, name, FunctionDescriptor.of(ADDRESS, arguments));
    }

    NativeFunction nothing(String name, MemoryLayout... arguments) {
        return NativeFunction.of(symbols, name, FunctionDescriptor.ofVoid(arguments));
    }

    NativeFunction size(String name, MemoryLayout... arguments) {
        return NativeFunction.of(symbols, name, FunctionDescriptor.of(JAVA_LONG, arguments));
    }

    /// `g_object_set` and `g_object_get` with exactly one property: object, name, value, end of list.
    private NativeFunction property(String name) {
        return NativeFunction.of(
                symbols,
                name,
                FunctionDescriptor.ofVoid(ADDRESS, ADDRESS, ADDRESS, ADDRESS),
                Linker.Option.firstVariadicArg(2));
    }

    static String string(MemorySegment text) {
        return text.reinterpret(Long.MAX_VALUE).getString(0);
    }
}

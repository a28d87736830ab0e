package dev.safelight.image;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodType;

/// One C function, callable with plain arguments.
///
/// Boxing costs nanoseconds and every call here does milliseconds of work, so one spread handle per function is worth
/// more than a typed one at each call site.
@SuppressWarnings("restricted")
record NativeFunction(String name, MethodHandle handle) {

    static NativeFunction of(SymbolLookup library, String name, FunctionDescriptor shape, Linker.Option... options) {
        MethodHandle typed = Linker.nativeLinker().downcallHandle(library.findOrThrow(name), shape, options);
        MethodHandle spread = typed.asSpreader(
                        Object[].class, shape.argumentLayouts().size())
                .asType(MethodType.methodType(Object.class, Object[].class));
        return new NativeFunction(name, spread);
    }

    void run(Object... arguments) {
        invoke(arguments);
    }

    int number(Object... arguments) {
        return (int) invoke(arguments);
    }

    long size(Object... arguments) {
        return (long) invoke(arguments);
    }

    MemorySegment pointer(Object... arguments) {
        return (MemorySegment) invoke(arguments);
    }

    private Object invoke(Object[] arguments) {
        try {
            return (Object) handle.invokeExact(arguments);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(name, e);
        }
    }
}

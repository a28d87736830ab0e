package dev.safelight.cli;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Ends the process in order at the first SIGTERM or SIGINT, and at once at the second, or when the end takes too long.
///
/// The JVM itself ignores all signals but the first. Its class for signals is reached by name, as the compiler warns of
/// it in a way that cannot be silenced.
final class StopSignals {
    private static final Logger LOG = LoggerFactory.getLogger(StopSignals.class);
    private static final int SIGNALLED = 128;

    private StopSignals() {}

    /// @param limit how long an end in order may take
    static void handle(Duration limit) {
        AtomicBoolean told = new AtomicBoolean();
        try {
            Class<?> signal = Class.forName("sun.misc.Signal");
            Class<?> handler = Class.forName("sun.misc.SignalHandler");
            Method number = signal.getMethod("getNumber");
            InvocationHandler stop = (proxy, method, arguments) -> {
                if (method.getDeclaringClass() == Object.class) {
                    return method.invoke(told, arguments);
                }
                stop(told, SIGNALLED + (int) number.invoke(arguments[0]), limit);
                return null;
            };
            Object proxy = Proxy.newProxyInstance(StopSignals.class.getClassLoader(), new Class<?>[] {handler}, stop);
            for (String name : new String[] {"TERM", "INT"}) {
                signal.getMethod("handle", signal, handler)
                        .invoke(null, signal.getConstructor(String.class).newInstance(name), proxy);
            }
        } catch (ReflectiveOperationException | IllegalArgumentException foreign) {
            // Such as a JVM that was told to leave signals alone: it ends as it likes.
            LOG.warn("A second signal will not end the process at once: {}", foreign.toString());
        }
    }

    private static void stop(AtomicBoolean told, int exitCode, Duration limit) {
        if (told.getAndSet(true)) {
            Runtime.getRuntime().halt(exitCode);
        }
        Thread watch = new Thread(() -> haltAfter(limit, exitCode), "stop-limit");
        watch.setDaemon(true);
        watch.start();
        // Not on the thread that signals come on, which the second one needs.
        new Thread(() -> System.exit(exitCode), "stop").start();
    }

    private static void haltAfter(Duration limit, int exitCode) {
        try {
            Thread.sleep(limit);
        } catch (InterruptedException impossible) {
            return;
        }
        LOG.warn("The end takes longer than {}: ending now", limit);
        Runtime.getRuntime().halt(exitCode);
    }
}

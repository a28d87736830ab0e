package dev.safelight.testing;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;
import org.junit.jupiter.api.extension.TestExecutionExceptionHandler;

/// Prints the end of the logs of all servers that a failed test may have talked to.
public final class ShowServerLog implements TestExecutionExceptionHandler, LifecycleMethodExecutionExceptionHandler {
    private static final int LINES = 60;
    private static final Set<Path> LOGS = ConcurrentHashMap.newKeySet();

    static void register(Path log) {
        LOGS.add(log);
    }

    @Override
    public void handleTestExecutionException(ExtensionContext context, Throwable failed) throws Throwable {
        show(context);
        throw failed;
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable failed) throws Throwable {
        show(context);
        throw failed;
    }

    private static void show(ExtensionContext context) throws IOException {
        for (Path log : LOGS) {
            if (Files.exists(log)) {
                List<String> lines = Files.readAllLines(log);
                System.err.println("--- " + context.getDisplayName() + " failed; the end of " + log.getFileName());
                lines.subList(Math.max(0, lines.size() - LINES), lines.size()).forEach(System.err::println);
            }
        }
    }
}

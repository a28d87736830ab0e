package dev.safelight.cli;

import org.springframework.boot.logging.LogLevel;
import org.springframework.boot.logging.LoggingInitializationContext;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.core.env.StandardEnvironment;

/// The log of a command that uses parts of the server without starting one: on stderr, and only what
/// matters.
final class QuietLog {
    private QuietLog() {}

    static void begin() {
        LoggingSystem logging = LoggingSystem.get(QuietLog.class.getClassLoader());
        logging.beforeInitialize();
        logging.initialize(
                new LoggingInitializationContext(new StandardEnvironment()), "classpath:logback-spring.xml", null);
        logging.setLogLevel(LoggingSystem.ROOT_LOGGER_NAME, LogLevel.ERROR);
    }
}

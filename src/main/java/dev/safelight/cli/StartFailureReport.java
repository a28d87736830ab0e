package dev.safelight.cli;

import org.springframework.boot.SpringBootExceptionReporter;

/// Keeps Spring from writing down why a start failed, before the settings of the log are read: the commands
/// say it in one sentence by [StartFailure], or with a stack trace where it is a defect.
final class StartFailureReport implements SpringBootExceptionReporter {
    @Override
    public boolean reportException(Throwable failure) {
        return true;
    }
}

package dev.safelight.cli.bulk;

import java.util.Map;

/// Writes outcomes one after the other, in the order in which the files were found.
public interface OutcomeWriter {
    void told(Outcome outcome);

    /// Called once, also after a run that was cut off.
    void end(Map<String, Object> summary);
}

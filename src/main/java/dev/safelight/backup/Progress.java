package dev.safelight.backup;

/// Is told how far a backup or a restore is, from several threads.
public interface Progress {
    /// @param bytes of all objects, as far as known
    void planned(long bytes);

    void advanced(long bytes);

    Progress NONE = new Progress() {
        @Override
        public void planned(long bytes) {}

        @Override
        public void advanced(long bytes) {}
    };
}

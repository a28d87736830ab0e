package dev.safelight.pipeline;

import dev.safelight.asset.AssetVersion;

/// What reprocessing changes of one version.
///
/// @param made variants and mezzanines that are missing or were made by another recipe
/// @param kept those that are as they should be
/// @param unlisted variants that are kept too, although the profile no longer has them: their addresses stay
/// @param removed those that the profile no longer has, and that do not stay
/// @param addressesEnded how many of the removed ones had an address, under which nothing is found any more
/// @param bytesToWrite an estimate
/// @param bytesFreed of what is replaced and removed
public record ReprocessPlan(
        int made, int kept, int unlisted, int removed, int addressesEnded, long bytesToWrite, long bytesFreed) {
    static ReprocessPlan of(AssetVersion version, Rebuild rebuild) {
        return new ReprocessPlan(
                rebuild.make().size(),
                rebuild.keep().size(),
                rebuild.unlisted().size(),
                rebuild.remove().size(),
                (int) rebuild.remove().stream()
                        .filter(version.variants()::contains)
                        .count(),
                rebuild.bytesToWrite(),
                rebuild.bytesFreed());
    }

    public boolean isNeeded() {
        return made > 0 || removed > 0;
    }
}

package dev.safelight.backfill;

import java.math.BigDecimal;
import org.jspecify.annotations.Nullable;

/// What a backfill would do, before it does any of it, and what that costs.
///
/// @param total assets that would be examined
/// @param examined how many of them were examined for this; where that are fewer, the other counts but this and the
///     total are what is to be expected of all, and `exact` is false
/// @param needed assets that change
/// @param made variants and mezzanines that are missing or were made by another recipe
/// @param kept those that are as they should be
/// @param unlisted variants that are kept too, although the profile no longer has them
/// @param removed those that the profile no longer has, and that do not stay
/// @param addressesEnded how many of the removed ones had an address, under which nothing is found any more
/// @param bytesToWrite an estimate, even where the rest is exact
/// @param bytesFreed of what is replaced and removed
/// @param storagePerMonth what the change in bytes adds to the cost of storage each month, negative where it saves; an
///     estimate from the price table, at the price of variants
/// @param currency of that, three letters
/// @param workSeconds time that workers spend, if assets take as long as those that were reprocessed of late; absent
///     when none was
record Forecast(
        boolean dryRun,
        long total,
        long examined,
        boolean exact,
        long needed,
        long made,
        long kept,
        long unlisted,
        long removed,
        long addressesEnded,
        long bytesToWrite,
        long bytesFreed,
        BigDecimal storagePerMonth,
        String currency,
        @Nullable Long workSeconds) {}

package dev.safelight.usage;

import dev.safelight.asset.Space;
import dev.safelight.usage.UsageRepository.UsageDay;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Usage in periods, priced.
///
/// @param total of all lines
record UsageReport(LocalDate from, LocalDate to, String currency, List<Line> lines, BigDecimal total) {
    private static final int SCALE = 6;

    /// What one line is of.
    private record Heading(String period, Space space, Feature feature) implements Comparable<Heading> {
        @Override
        public int compareTo(Heading other) {
            int byPeriod = period.compareTo(other.period);
            int bySpace = byPeriod == 0 ? space.compareTo(other.space) : byPeriod;
            return bySpace == 0 ? feature.compareTo(other.feature) : bySpace;
        }
    }

    /// @param period a day or a month
    /// @param storedBytes on average of its days that were counted
    /// @param storedObjects on its last day
    /// @param processed versions that became READY
    /// @param processingSeconds from when a worker took them up until then
    record Line(
            String period,
            String space,
            String feature,
            long storedBytes,
            long storedObjects,
            long egressBytes,
            long requests,
            long processed,
            BigDecimal processingSeconds,
            BigDecimal storageCost,
            BigDecimal egressCost,
            BigDecimal requestCost,
            BigDecimal cost) {}

    static UsageReport of(LocalDate from, LocalDate to, boolean byMonth, List<UsageDay> days, PriceTable prices) {
        Map<Heading, List<UsageDay>> groups = new TreeMap<>();
        for (UsageDay day : days) {
            String period =
                    byMonth ? YearMonth.from(day.day()).toString() : day.day().toString();
            groups.computeIfAbsent(new Heading(period, day.space(), day.feature()), heading -> new ArrayList<>())
                    .add(day);
        }
        List<Line> lines = groups.entrySet().stream()
                .map(group -> line(group.getKey(), group.getValue(), prices))
                .toList();
        BigDecimal total = lines.stream().map(Line::cost).reduce(BigDecimal.ZERO.setScale(SCALE), BigDecimal::add);
        return new UsageReport(from, to, prices.currency(), lines, total);
    }

    private static Line line(Heading heading, List<UsageDay> days, PriceTable prices) {
        Space space = heading.space();
        Feature feature = heading.feature();
        long egress = days.stream().mapToLong(UsageDay::egressBytes).sum();
        long requests = days.stream().mapToLong(UsageDay::requests).sum();
        // Each day is its part of the month that it lies in.
        BigDecimal storage = days.stream()
                .map(day -> prices.storagePerMonth(space, feature, BigDecimal.valueOf(day.storedBytes()))
                        .divide(BigDecimal.valueOf(day.day().lengthOfMonth()), MathContext.DECIMAL64))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
        BigDecimal storageCost = rounded(storage);
        BigDecimal egressCost = rounded(prices.egress(space, feature, egress));
        BigDecimal requestCost = rounded(prices.requests(space, feature, requests));
        return new Line(
                heading.period(),
                space.text(),
                feature.text(),
                Math.round(
                        days.stream().mapToLong(UsageDay::storedBytes).average().orElse(0)),
                days.getLast().storedObjects(),
                egress,
                requests,
                days.stream().mapToLong(UsageDay::processed).sum(),
                BigDecimal.valueOf(days.stream().mapToDouble(UsageDay::seconds).sum())
                        .setScale(3, RoundingMode.HALF_UP),
                storageCost,
                egressCost,
                requestCost,
                storageCost.add(egressCost).add(requestCost));
    }

    private static BigDecimal rounded(BigDecimal cost) {
        return cost.setScale(SCALE, RoundingMode.HALF_UP);
    }
}

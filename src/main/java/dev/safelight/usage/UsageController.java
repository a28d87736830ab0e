package dev.safelight.usage;

import dev.safelight.access.Allow;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.asset.Space;
import dev.safelight.web.QueryParameters;
import jakarta.servlet.http.HttpServletRequest;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/// Reports usage and what it costs.
@RestController
@RequestMapping("/v1/usage")
final class UsageController {
    private static final int MOST_DAYS = 400;
    private static final MediaType CSV = MediaType.parseMediaType("text/csv;charset=UTF-8");

    private final UsageRepository usage;
    private final SumUpUsage summing;
    private final PriceTable prices;
    private final InstantSource clock;

    UsageController(UsageRepository usage, SumUpUsage summing, PriceTable prices, InstantSource clock) {
        this.usage = usage;
        this.summing = summing;
        this.prices = prices;
        this.clock = clock;
    }

    /// Usage by space and feature.
    ///
    /// @param from the first day, as 2026-01-31; the first one of this month when not given
    /// @param to the last day, today when not given; at most 400 days
    /// @param space only of this one
    /// @param group `day` (default) or `month`
    /// @param format `json` or `csv`; by `Accept` when not given
    @GetMapping
    @Allow({Role.ADMIN, Role.VIEWER})
    ResponseEntity<Object> report(
            @RequestParam(required = false) @Nullable String from,
            @RequestParam(required = false) @Nullable String to,
            @RequestParam(required = false) @Nullable String space,
            @RequestParam(defaultValue = "day") String group,
            @RequestParam(required = false) @Nullable String format,
            HttpServletRequest request) {
        QueryParameters.allowOnly(request, "from", "to", "space", "group", "format");
        LocalDate today = LocalDate.ofInstant(clock.instant(), ZoneOffset.UTC);
        LocalDate last = to == null ? today : day("to", to);
        LocalDate first = from == null ? last.withDayOfMonth(1) : day("from", from);
        if (first.isAfter(last) || ChronoUnit.DAYS.between(first, last) >= MOST_DAYS) {
            throw invalid("from must not be after to, and the two at most %d days apart.".formatted(MOST_DAYS - 1));
        }
        boolean csv = isCsv(format, request);
        boolean byMonth = oneOf("group", group, "day", "month").equals("month");
        Space only = space == null
                ? null
                : Space.parse(space).orElseThrow(() -> invalid("space must be product, user or marketing."));
        // So that what was stored before the request is in the report.
        summing.run();
        UsageReport report = UsageReport.of(first, last, byMonth, usage.days(first, last, only), prices);
        return ResponseEntity.ok()
                .cacheControl(CacheControl.noStore())
                .contentType(csv ? CSV : MediaType.APPLICATION_JSON)
                .varyBy(HttpHeaders.ACCEPT)
                .body(csv ? csv(report) : report);
    }

    private static boolean isCsv(@Nullable String format, HttpServletRequest request) {
        if (format != null) {
            return oneOf("format", format, "json", "csv").equals("csv");
        }
        String accept = request.getHeader(HttpHeaders.ACCEPT);
        return accept != null && accept.contains("text/csv");
    }

    private static String oneOf(String name, String value, String... allowed) {
        return Stream.of(allowed)
                .filter(value::equals)
                .findFirst()
                .orElseThrow(() -> invalid("%s must be %s.".formatted(name, String.join(" or ", allowed))));
    }

    private static LocalDate day(String name, String text) {
        try {
            if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
                return LocalDate.parse(text);
            }
        } catch (DateTimeParseException noDay) {
            throw new Failure(Failure.Kind.INVALID, notADay(name), noDay);
        }
        throw invalid(notADay(name));
    }

    private static String notADay(String name) {
        return name + " must be a day such as 2026-01-31.";
    }

    private static Failure invalid(String message) {
        return new Failure(Failure.Kind.INVALID, message);
    }

    static String csv(UsageReport report) {
        Csv csv = new Csv()
                .line(List.of(
                        "period",
                        "space",
                        "feature",
                        "stored_bytes",
                        "stored_objects",
                        "egress_bytes",
                        "requests",
                        "processed",
                        "processing_seconds",
                        "storage_cost",
                        "egress_cost",
                        "request_cost",
                        "cost",
                        "currency"));
        for (UsageReport.Line line : report.lines()) {
            csv.line(List.of(
                    line.period(),
                    line.space(),
                    line.feature(),
                    String.valueOf(line.storedBytes()),
                    String.valueOf(line.storedObjects()),
                    String.valueOf(line.egressBytes()),
                    String.valueOf(line.requests()),
                    String.valueOf(line.processed()),
                    line.processingSeconds().toPlainString(),
                    line.storageCost().toPlainString(),
                    line.egressCost().toPlainString(),
                    line.requestCost().toPlainString(),
                    line.cost().toPlainString(),
                    report.currency()));
        }
        return csv.toString();
    }
}

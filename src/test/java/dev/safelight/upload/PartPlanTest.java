package dev.safelight.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.store.StoredPart;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class PartPlanTest {
    private static final long MB = 1L << 20;
    private static final long TB = 1L << 40;

    @Property
    void cutsIntoPartsThatAreTheWhole(
            @ForAll @LongRange(min = 1, max = 5 * TB) long bytes,
            @ForAll @LongRange(min = 5 * MB, max = 64 * MB) long preferred) {
        PartPlan plan = PartPlan.equal(bytes, preferred);

        assertThat(plan.count()).isBetween(1, PartPlan.MOST_PARTS);
        assertThat(plan.partBytes()).isGreaterThanOrEqualTo(preferred).isLessThanOrEqualTo(5L << 30);
        assertThat(plan.partBytes() * (plan.count() - 1)
                        + plan.sizeOf(plan.count()).orElseThrow())
                .isEqualTo(bytes);
        assertThat(plan.sizeOf(plan.count()).orElseThrow()).isBetween(1L, plan.partBytes());
        assertThat(plan.sizeOf(1).orElseThrow()).isEqualTo(Math.min(bytes, plan.partBytes()));
    }

    @Property
    void findsNoFaultInWhatItPlannedAndSomeInAnythingElse(
            @ForAll @LongRange(min = 1, max = 200 * MB) long bytes,
            @ForAll @IntRange(min = 1, max = 40) int number,
            @ForAll @LongRange(min = -3, max = 3) long difference) {
        PartPlan plan = PartPlan.equal(bytes, 5 * MB);
        List<StoredPart> whole = whole(plan);
        assertThat(plan.faults(whole, true)).isEmpty();

        int index = (number - 1) % plan.count();
        List<StoredPart> missing = new ArrayList<>(whole);
        missing.remove(index);
        assertThat(plan.faults(missing, true)).contains("part %d is missing".formatted(index + 1));

        StoredPart part = whole.get(index);
        List<StoredPart> other = new ArrayList<>(whole);
        other.set(index, new StoredPart(part.number(), part.bytes() + difference, "x"));
        assertThat(plan.faults(other, true).isEmpty()).isEqualTo(difference == 0);

        List<StoredPart> more = new ArrayList<>(whole);
        more.add(new StoredPart(plan.count() + 1, 1, "x"));
        assertThat(plan.faults(more, true)).contains("part %d is one too many".formatted(plan.count() + 1));
    }

    private static List<StoredPart> whole(PartPlan plan) {
        return IntStream.rangeClosed(1, plan.count())
                .mapToObj(i -> new StoredPart(i, plan.sizeOf(i).orElseThrow(), "e" + i))
                .toList();
    }

    @Test
    void holdsWhatClientsCutToTheSizeOfTheWhole() {
        PartPlan plan = PartPlan.clients(20 * MB);
        List<StoredPart> parts = List.of(new StoredPart(1, 12 * MB, "a"), new StoredPart(2, 8 * MB, "b"));

        assertThat(plan.isEqual()).isFalse();
        assertThat(plan.count()).isEqualTo(4);
        assertThat(plan.sizeOf(1)).isEmpty();
        assertThat(plan.faults(parts, true)).isEmpty();
        assertThat(plan.faults(parts.subList(0, 1), true))
                .singleElement()
                .asString()
                .contains("instead of 20971520");
        assertThat(plan.faults(parts.subList(0, 1), false)).isEmpty();
        assertThat(plan.faults(parts.subList(1, 2), true)).contains("part 1 is missing");
        assertThat(plan.faults(List.of(), true)).containsExactly("no part has arrived");
        assertThat(plan.faults(List.of(new StoredPart(1, 21 * MB, "a")), false))
                .singleElement()
                .asString()
                .contains("at most");
    }

    @Test
    void makesPartsLargerWhereTenThousandWouldNotDo() {
        assertThat(PartPlan.equal(5 * TB, 16 * MB).partBytes()).isEqualTo(525 * MB);
        assertThat(PartPlan.equal(160_000 * MB, 16 * MB).count()).isEqualTo(10_000);
        assertThat(PartPlan.equal(160_000 * MB + 1, 16 * MB).partBytes()).isEqualTo(17 * MB);
        assertThat(PartPlan.equal(1, 16 * MB).count()).isEqualTo(1);
    }
}

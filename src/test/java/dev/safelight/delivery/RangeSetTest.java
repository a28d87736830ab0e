package dev.safelight.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.store.ByteRange;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Chars;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import net.jqwik.api.constraints.Size;
import net.jqwik.api.constraints.StringLength;

class RangeSetTest {
    private static final RangeSet ALL = new RangeSet.All();
    private static final RangeSet NONE = new RangeSet.None();

    private static RangeSet some(ByteRange... ranges) {
        return new RangeSet.Some(List.of(ranges));
    }

    @Example
    void understandsTheThreeForms() {
        assertThat(RangeSet.select("bytes=0-0", 10)).isEqualTo(some(new ByteRange(0, 0)));
        assertThat(RangeSet.select("bytes=3-", 10)).isEqualTo(some(new ByteRange(3, 9)));
        assertThat(RangeSet.select("bytes=-4", 10)).isEqualTo(some(new ByteRange(6, 9)));
    }

    @Example
    void cutsRangesAtTheEnd() {
        assertThat(RangeSet.select("bytes=3-99", 10)).isEqualTo(some(new ByteRange(3, 9)));
        assertThat(RangeSet.select("bytes=-99", 10)).isEqualTo(some(new ByteRange(0, 9)));
        assertThat(RangeSet.select("bytes=3-99999999999999999999999999", 10)).isEqualTo(some(new ByteRange(3, 9)));
        assertThat(RangeSet.select("bytes=-99999999999999999999999999", 10)).isEqualTo(some(new ByteRange(0, 9)));
    }

    @Example
    void takesUnitsInAnyCaseAndListsWithHoles() {
        assertThat(RangeSet.select("Bytes= 0-1 ,, 4-5,", 10)).isEqualTo(some(new ByteRange(0, 1), new ByteRange(4, 5)));
    }

    @Example
    void selectsNothingBehindTheEnd() {
        assertThat(RangeSet.select("bytes=10-", 10)).isEqualTo(NONE);
        assertThat(RangeSet.select("bytes=10-11, 12-", 10)).isEqualTo(NONE);
        assertThat(RangeSet.select("bytes=-0", 10)).isEqualTo(NONE);
        assertThat(RangeSet.select("bytes=99999999999999999999999999-", 10)).isEqualTo(NONE);
    }

    @Example
    void keepsWhatLiesWithinWhenOtherRangesDoNot() {
        assertThat(RangeSet.select("bytes=20-30, 1-2", 10)).isEqualTo(some(new ByteRange(1, 2)));
    }

    @Example
    void ignoresWhatIsMalformed() {
        for (String field : List.of(
                "",
                "bytes",
                "bytes=",
                "bytes=-",
                "bytes=,",
                "bytes=2-1",
                "bytes=a-b",
                "bytes=1",
                "bytes=1-2-3",
                "bytes=+1-2",
                "bytes=0x1-2",
                "bytes= 1 - 2",
                "items=0-1",
                "bytes =0-1",
                "bytes=0-1;2-3",
                "bytes=0-1,z")) {
            assertThat(RangeSet.select(field, 10)).as(field).isEqualTo(ALL);
        }
    }

    @Example
    void ignoresWhatCostsMoreThanTheWhole() {
        assertThat(RangeSet.select("bytes=0-5, 5-9", 10)).isEqualTo(ALL);
        assertThat(RangeSet.select("bytes=0-,0-,0-", 10)).isEqualTo(ALL);
        assertThat(RangeSet.select("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7", 10)).isInstanceOf(RangeSet.Some.class);
        assertThat(RangeSet.select("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8", 10))
                .isEqualTo(ALL);
    }

    @Property
    void neverFailsAndNeverLeavesTheContent(
            @ForAll @StringLength(max = 60) @Chars({'0', '1', '9', '-', ',', ' ', '=', 'b', '\t'}) String rest,
            @ForAll @LongRange(min = 0, max = 100) long bytes) {
        switch (RangeSet.select("bytes=" + rest, bytes)) {
            case RangeSet.All _, RangeSet.None _ -> {}
            case RangeSet.Some(var ranges) -> {
                assertThat(ranges).isNotEmpty().allMatch(range -> range.last() < bytes);
                assertThat(ranges.stream().mapToLong(ByteRange::length).sum()).isLessThanOrEqualTo(bytes);
            }
        }
    }

    @Property
    void selectsTheVeryBytesOfASlice(
            @ForAll @Size(min = 1, max = 200) byte[] content,
            @ForAll @IntRange(max = 250) int first,
            @ForAll @IntRange(max = 250) int length) {
        RangeSet selected = RangeSet.select("bytes=" + first + "-" + (first + length), content.length);
        if (first >= content.length) {
            assertThat(selected).isEqualTo(NONE);
            return;
        }
        ByteRange range = ((RangeSet.Some) selected).ranges().getFirst();
        assertThat(Arrays.copyOfRange(content, (int) range.first(), (int) range.last() + 1))
                .isEqualTo(Arrays.copyOfRange(content, first, Math.min(first + length + 1, content.length)));
    }
}

package dev.safelight.cli.bulk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class ResultsTest {
    private final List<Long> told = new ArrayList<>();
    private final Results results = new Results(
            null,
            new Listener() {
                @Override
                public void told(Outcome outcome) {
                    told.add(Long.valueOf(outcome.file()));
                }
            },
            new Tally());

    private void ended(LongStream numbers) {
        numbers.forEach(number -> results.ended(
                number, Outcome.unusable(Path.of(Long.toString(number)), Outcome.FAILED, "unreadable", "gone.")));
    }

    private static List<Long> range(long from, long to) {
        return LongStream.range(from, to).boxed().toList();
    }

    @Test
    void tellsOutcomesInTheOrderInWhichTheFilesWereFound() {
        List<Long> shuffled = new ArrayList<>(range(0, 900));
        Collections.shuffle(shuffled, new Random(7));

        ended(shuffled.stream().mapToLong(Long::longValue));

        assertThat(told).isEqualTo(range(0, 900));
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void tellsThoseThatWereHeldBackTooLongAndTheEarlierOnesAsTheyCome() {
        ended(LongStream.range(1001, 2002));
        assertThat(told).as("more than can be held back").isEqualTo(range(1001, 2002));

        ended(LongStream.range(0, 1001));
        assertThat(told.subList(1001, 2002)).isEqualTo(range(0, 1001));

        ended(LongStream.of(2003, 2002));
        assertThat(told.subList(2002, 2004)).containsExactly(2002L, 2003L);
    }

    @Test
    void tellsTheRestAtTheEndInOrder() {
        ended(LongStream.of(5, 2, 9));
        results.flush();
        results.flush();

        assertThat(told).containsExactly(2L, 5L, 9L);
    }
}

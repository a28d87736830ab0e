package dev.safelight.cli;

import static dev.safelight.cli.WatchedBackfill.BACKFILL;
import static dev.safelight.cli.WatchedPurge.PURGE;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class WatchedTest {
    private static JsonNode json(String text) {
        return Json.MAPPER.readTree(text.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "{'state':'RUNNING'};                             false; false",
                "{'state':'PAUSED'};                              false; false",
                "{'state':'CANCELLED','waiting':1};               false; false",
                "{'state':'CANCELLED','waiting':0};               true;  false",
                "{'state':'DONE','failed':1};                     true;  false",
                "{'state':'DONE','failed':0};                     true;  true"
            })
    void knowsWhenABackfillIsOverAndHow(String state, boolean isOver, boolean isFine) {
        assertThat(BACKFILL.isOver(json(state))).isEqualTo(isOver);
        assertThat(BACKFILL.isFine(json(state))).isEqualTo(isFine);
    }

    @Test
    void countsNodesAndEdgesOfAPurgeThatNobodyWaitsForAnyMore() {
        JsonNode purge = json("{'id':'1','state':'RUNNING','by':'tag','values':['a','b'],"
                + "'nodes':[{'name':'one','state':'CONFIRMED'},{'name':'two','state':'AWAY'},"
                + "{'name':'three','state':'WAITING'}],"
                + "'edges':[{'name':'cdn','state':'RETRYING','detail':'HTTP 403'}]}");

        assertThat(PURGE.total(purge)).isEqualTo(4);
        assertThat(PURGE.progress(purge)).isEqualTo(0.5);
        assertThat(PURGE.isOver(purge)).isFalse();
        assertThat(PURGE.details(purge))
                .contains("1  RUNNING  by tag a, b", "node two", "AWAY", "edge cdn", "RETRYING: HTTP 403");
        assertThat(PURGE.isFine(json("{'state':'FAILED'}"))).isFalse();
        assertThat(PURGE.progress(json("{'state':'DONE','nodes':[],'edges':[]}")))
                .isZero();
    }
}

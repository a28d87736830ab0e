package dev.safelight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.safelight.testing.Command;
import dev.safelight.testing.SafelightProcess;
import dev.safelight.testing.SharedServer;
import dev.safelight.testing.ShowServerLog;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/// The command that lists what nothing knows.
@ExtendWith({ShowServerLog.class, SharedServer.class})
class OrphansIT {
    private final SafelightProcess server;

    OrphansIT(SafelightProcess server) {
        this.server = server;
    }

    // Seen last in time to come: the server looks through its buckets meanwhile, and sees neither.
    @BeforeEach
    void report() {
        server.database().sql().sql("""
                insert into orphan (bucket, object_key, bytes, etag, modified_at, found_at, seen_at)
                values ('raw', 'raw/2026/01/a.jpg', 5000000, 'x', now(), '2026-01-01T00:00:00Z', now() + interval '1 day'),
                       ('user', 'stray', 1, 'x', now(), '2026-02-01T00:00:00Z', now() + interval '1 day')
                """).update();
    }

    @AfterEach
    void forget() {
        server.database().sql().sql("delete from orphan").update();
    }

    private Command list(String... options) {
        List<String> arguments =
                new ArrayList<>(List.of("orphans", "--data", server.data().toString()));
        arguments.addAll(List.of(options));
        return Command.run(arguments.toArray(String[]::new));
    }

    @Test
    void listsOrphansForPeopleAndForPrograms() {
        Command all = list();
        assertThat(all.exitCode()).as(all.err()).isZero();
        assertThat(all.out().lines())
                .hasSize(2)
                .first()
                .asString()
                .contains("raw:raw/2026/01/a.jpg", "2026-01-01", "MB");

        JsonNode some = list("--json", "--bucket", "user").json();
        assertThat(some.path("orphans").size()).isEqualTo(1);
        assertThat(some.path("orphans").get(0).path("key").asString()).isEqualTo("stray");

        Command first = list("--limit", "1");
        assertThat(first.err()).contains("More with: --cursor ");
        String cursor = first.err()
                .lines()
                .filter(line -> line.contains("--cursor "))
                .map(line -> line.substring(line.indexOf("--cursor ") + 9))
                .findFirst()
                .orElseThrow();
        assertThat(list("--cursor", cursor).out()).contains("user:stray").doesNotContain("raw:");
        assertThat(list("--before", "2026-01-15T00:00:00Z").out())
                .contains("raw:")
                .doesNotContain("stray");
        assertThat(list("--bucket", "attic").exitCode()).isNotZero();
    }
}

package dev.safelight.cli;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `safelight backfill`: looks after what `safelight asset reprocess` started.
@Command(
        name = "backfill",
        description = "Shows, pauses, resumes and cancels the reprocessing of many assets.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {
            BackfillCommand.ListAll.class,
            BackfillCommand.Show.class,
            BackfillCommand.Watch.class,
            BackfillCommand.Pause.class,
            BackfillCommand.Resume.class,
            BackfillCommand.Retry.class,
            BackfillCommand.Cancel.class
        })
final class BackfillCommand {

    /// `safelight backfill list`.
    @Command(name = "list", description = "Lists backfills, newest first.")
    static final class ListAll implements Callable<Integer> {
        @Option(
                names = "--limit",
                paramLabel = "N",
                defaultValue = "50",
                description = "At most so many, 1 to 200. Default: ${DEFAULT-VALUE}")
        int limit = 50;

        @Option(names = "--cursor", paramLabel = "TEXT", description = "Goes on where a list ended.")
        @Nullable
        String cursor;

        @Option(names = "--json", description = "Prints the list as the API gives it.")
        boolean json;

        @Mixin
        ClientOptions client = new ClientOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Override
        public Integer call() throws IOException, InterruptedException {
            String from = cursor == null ? "" : "&cursor=" + ApiClient.encode(cursor);
            try (ApiClient api = client.connect()) {
                JsonNode page = api.get("/v1/backfills?limit=" + limit + from);
                var out = spec.commandLine().getOut();
                if (json) {
                    out.println(Json.MAPPER.writeValueAsString(page));
                    return ExitCode.OK;
                }
                page.path("backfills").forEach(one -> out.println(BackfillText.line(one)));
                String next = Json.textOrNull(page, "nextCursor");
                if (next != null) {
                    spec.commandLine().getErr().println("More with: --cursor " + next);
                }
            }
            return ExitCode.OK;
        }
    }

    /// `safelight backfill watch ID`.
    @Command(
            name = "watch",
            description = "Shows how a backfill goes on until it is over; Ctrl-C ends only the watching.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:All was done.",
                "1:Something failed, it was cancelled, or --timeout came first.",
                "130:Stopped by Ctrl-C; the server goes on."
            })
    static final class Watch implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The id of the backfill.")
        String id = "";

        @Mixin
        BackfillWatch watch = new BackfillWatch();

        @Mixin
        ClientOptions client = new ClientOptions();

        @Override
        public Integer call() throws IOException, InterruptedException {
            watch.requireUsage();
            try (ApiClient api = client.connect()) {
                return watch.run(api, api.get(BackfillWatch.path(id)));
            }
        }
    }

    /// `safelight backfill show ID`.
    @Command(name = "show", description = "Shows how far a backfill is, and what failed.")
    static final class Show extends One {
        @Override
        JsonNode ask(ApiClient api, String path) throws IOException, InterruptedException {
            return api.get(path);
        }
    }

    /// `safelight backfill pause ID`.
    @Command(name = "pause", description = "Has no more assets reprocessed until it is resumed; what was begun ends.")
    static final class Pause extends One {
        @Override
        JsonNode ask(ApiClient api, String path) throws IOException, InterruptedException {
            return api.post(path + "/pause", Map.of());
        }
    }

    /// `safelight backfill resume ID`.
    @Command(name = "resume", description = "Goes on with a backfill that was paused.")
    static final class Resume extends One {
        @Override
        JsonNode ask(ApiClient api, String path) throws IOException, InterruptedException {
            return api.post(path + "/resume", Map.of());
        }
    }

    /// `safelight backfill retry ID`.
    @Command(name = "retry", description = "Has what failed tried again.")
    static final class Retry extends One {
        @Override
        JsonNode ask(ApiClient api, String path) throws IOException, InterruptedException {
            return api.postOnce(path + "/retry", Map.of());
        }
    }

    /// `safelight backfill cancel ID`.
    @Command(name = "cancel", description = "Ends a backfill: what waits is not done, what runs ends.")
    static final class Cancel extends One {
        @Override
        JsonNode ask(ApiClient api, String path) throws IOException, InterruptedException {
            api.delete(path);
            return api.get(path);
        }
    }

    /// A command that asks for something of one backfill and shows it afterwards.
    abstract static class One implements Callable<Integer> {
        @Parameters(paramLabel = "ID", description = "The id of the backfill.")
        String id = "";

        @Option(names = "--json", description = "Prints the backfill as the API gives it.")
        boolean json;

        @Mixin
        ClientOptions client = new ClientOptions();

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        abstract JsonNode ask(ApiClient api, String path) throws IOException, InterruptedException;

        @Override
        public Integer call() throws IOException, InterruptedException {
            try (ApiClient api = client.connect()) {
                JsonNode backfill = ask(api, BackfillWatch.path(id));
                spec.commandLine()
                        .getOut()
                        .println(json ? Json.MAPPER.writeValueAsString(backfill) : BackfillText.details(backfill));
            }
            return ExitCode.OK;
        }
    }
}

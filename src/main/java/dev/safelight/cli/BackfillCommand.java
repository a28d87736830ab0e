package dev.safelight.cli;

import static dev.safelight.cli.WatchedBackfill.BACKFILL;

import java.io.IOException;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// `safelight backfill`: looks after what `safelight asset reprocess` started.
@Command(
        name = "backfill",
        description = "Shows, pauses, resumes and cancels the reprocessing of many assets.",
        synopsisSubcommandLabel = "COMMAND")
final class BackfillCommand {

    @Command(name = "list", description = "Lists backfills, newest first.")
    int list(@Mixin PageOptions page, @Mixin ClientOptions client, @Mixin Output output)
            throws IOException, InterruptedException {
        try (ApiClient api = client.connect()) {
            return output.printPage(api.get("/v1/backfills" + page.given().query()), "backfills", BackfillText::line);
        }
    }

    @Command(
            name = "watch",
            description = "Shows how a backfill goes on until it is over; Ctrl-C ends only the watching.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:All was done.",
                "1:Something failed, it was cancelled, or --timeout came first.",
                "130:Stopped by Ctrl-C; the server goes on."
            })
    int watch(@Mixin OneWatched one, @Mixin Watch watch) throws IOException, InterruptedException {
        return one.watch(BACKFILL, watch);
    }

    @Command(name = "show", description = "Shows how far a backfill is, and what failed.")
    int show(@Mixin OneWatched one) throws IOException, InterruptedException {
        return one.show(BACKFILL, ApiClient::get);
    }

    @Command(name = "pause", description = "Has no more assets reprocessed until it is resumed; what was begun ends.")
    int pause(@Mixin OneWatched one) throws IOException, InterruptedException {
        return one.show(BACKFILL, (api, path) -> api.post(path + "/pause", Map.of()));
    }

    @Command(name = "resume", description = "Goes on with a backfill that was paused.")
    int resume(@Mixin OneWatched one) throws IOException, InterruptedException {
        return one.show(BACKFILL, (api, path) -> api.post(path + "/resume", Map.of()));
    }

    @Command(name = "retry", description = "Has what failed tried again.")
    int retry(@Mixin OneWatched one) throws IOException, InterruptedException {
        return one.show(BACKFILL, (api, path) -> api.postOnce(path + "/retry", Map.of()));
    }

    @Command(name = "cancel", description = "Ends a backfill: what waits is not done, what runs ends.")
    int cancel(@Mixin OneWatched one) throws IOException, InterruptedException {
        return one.show(BACKFILL, (api, path) -> {
            api.delete(path);
            return api.get(path);
        });
    }
}

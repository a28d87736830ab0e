package dev.safelight.cli;

import java.io.IOException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// What commands share that are about one thing that the server does by itself.
final class OneWatched {
    @Parameters(paramLabel = "ID", description = "Its id.")
    String id = "";

    @Mixin
    Output output = new Output();

    @Mixin
    ClientOptions client = new ClientOptions();

    /// A request, whose answer is the state of it.
    @FunctionalInterface
    interface Ask {
        JsonNode of(ApiClient api, String path) throws IOException, InterruptedException;
    }

    /// Asks for something, and shows how it is then.
    ///
    /// @return the exit code
    int show(Watched what, Ask ask) throws IOException, InterruptedException {
        try (ApiClient api = client.connect()) {
            JsonNode state = ask.of(api, what.path(id));
            return output.print(state, what.details(state));
        }
    }

    /// @return the exit code
    int watch(Watched what, Watch watch) throws IOException, InterruptedException {
        watch.requireUsage();
        try (ApiClient api = client.connect()) {
            return watch.run(what, api, api.get(what.path(id)), output);
        }
    }
}

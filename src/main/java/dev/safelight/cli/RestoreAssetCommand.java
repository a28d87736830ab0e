package dev.safelight.cli;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `safelight asset restore ID…`.
@Command(
        name = "restore",
        description = "Restores deleted assets with all that they had, as long as they are not purged.",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:None of them is deleted any more.",
            "1:Some still are.",
            "2:The command line is wrong.",
            "3:The server cannot be reached.",
            "4:The server refuses the key."
        })
final class RestoreAssetCommand implements Callable<Integer> {
    @Parameters(paramLabel = "ID", arity = "1..*", description = "The ids of the assets.")
    List<String> ids = List.of();

    @Option(names = "--json", description = "Prints what became of each as JSON.")
    boolean json;

    @Mixin
    ClientOptions client = new ClientOptions();

    @Spec
    @SuppressWarnings("NullAway.Init")
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        try (ApiClient api = client.connect()) {
            return new EachAsset(
                            "restored", id -> api.post("/v1/assets/" + ApiClient.encode(id) + "/restore", Map.of()))
                    .run(ids, json, spec.commandLine());
        }
    }
}

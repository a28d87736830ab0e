package dev.safelight.cli;

import dev.safelight.asset.Bucket;
import dev.safelight.server.StoreAdministration;
import dev.safelight.storage.StorageReport;
import dev.safelight.storage.StorageSetup;
import dev.safelight.store.StoreRole;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;

/// `safelight storage`: sets the buckets up and looks whether they still are so.
@Command(
        name = "storage",
        description = "Sets up the buckets of the object store, and looks whether they are as declared.",
        synopsisSubcommandLabel = "COMMAND",
        subcommands = {StorageCommand.Apply.class, StorageCommand.Check.class, StorageCommand.Policy.class})
final class StorageCommand {

    /// Which store it is about; all else comes from the configuration.
    static final class Store {
        @Option(
                names = "--data",
                paramLabel = "DIR",
                defaultValue = "data",
                description = "The data folder, for the embedded store. Default: ${DEFAULT-VALUE}")
        Path data = Path.of("data");

        StoreAdministration open() {
            try {
                return StoreAdministration.open(Map.of(
                        "safelight.data", data.toAbsolutePath().normalize().toString()));
            } catch (RuntimeException failed) {
                throw StartFailure.explain(failed);
            }
        }
    }

    private static StorageSetup setup(StoreAdministration administration) {
        try {
            return administration.setup();
        } catch (RuntimeException failed) {
            throw StartFailure.explain(failed);
        }
    }

    private static void progress(CommandSpec spec, String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println(text + " …");
        err.flush();
    }

    /// `safelight storage apply`.
    @Command(
            name = "apply",
            description = "Creates the buckets and sets them up as declared, after showing what would change.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:All buckets are as declared, as far as the store can; or --dry-run.",
                "1:The store did not take a setting, or you said no.",
                "2:The command line or a setting is wrong.",
                "3:The store cannot be reached.",
                "4:Refused by the store: no permission, or a bucket is somebody else's."
            })
    static final class Apply implements Callable<Integer> {
        @Option(names = "--yes", description = "Does not ask.")
        boolean yes;

        @Option(names = "--dry-run", description = "Only shows what would change.")
        boolean dryRun;

        @Option(names = "--json", description = "Prints JSON; needs --yes or --dry-run.")
        boolean json;

        @Mixin
        Store store = new Store();

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            if (json && !yes && !dryRun) {
                throw new CliException(ExitCode.USAGE, "--json needs --yes or --dry-run: it cannot ask.");
            }
            PrintWriter out = spec.commandLine().getOut();
            try (StoreAdministration administration = store.open()) {
                StorageSetup setup = setup(administration);
                StorageReport plan = setup.inspect(text -> progress(spec, text));
                StorageSetup.requireOurs(plan);
                if (!json) {
                    StorageText.plan(plan).forEach(out::println);
                    out.flush();
                }
                if (dryRun || !plan.differs()) {
                    return finish(plan, out, ExitCode.OK);
                }
                if (!yes && !agrees(out)) {
                    out.println("Nothing was changed.");
                    return ExitCode.NOT_AS_IT_SHOULD;
                }
                StorageReport after = setup.apply(plan, text -> progress(spec, text));
                if (!json) {
                    StorageText.outcome(after).forEach(out::println);
                }
                return finish(after, out, after.wasRefused() ? ExitCode.NOT_AS_IT_SHOULD : ExitCode.OK);
            }
        }

        private int finish(StorageReport report, PrintWriter out, int code) {
            if (json) {
                out.println(Json.MAPPER.writeValueAsString(StorageText.json(report)));
            }
            return code;
        }

        private boolean agrees(PrintWriter out) throws IOException {
            out.print("Apply? [y/N] ");
            out.flush();
            String answer = new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())).readLine();
            if (answer == null) {
                out.println();
                throw new CliException(ExitCode.USAGE, "nobody answers: repeat it with --yes, or with --dry-run.");
            }
            return answer.strip().toLowerCase(Locale.ROOT).matches("y|yes");
        }
    }

    /// `safelight storage check`.
    @Command(
            name = "check",
            description = "Looks whether the buckets are as declared, and names what the store cannot do.",
            exitCodeListHeading = "%nExit codes:%n",
            exitCodeList = {
                "0:All buckets are as declared, as far as the store can.",
                "1:Something differs.",
                "2:The command line or a setting is wrong.",
                "3:The store cannot be reached.",
                "4:Refused by the store: no permission."
            })
    static final class Check implements Callable<Integer> {
        @Option(names = "--json", description = "Prints JSON.")
        boolean json;

        @Mixin
        Store store = new Store();

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Override
        public Integer call() throws IOException {
            PrintWriter out = spec.commandLine().getOut();
            try (StoreAdministration administration = store.open()) {
                StorageReport report = setup(administration).inspect(text -> progress(spec, text));
                StorageSetup.requireOurs(report);
                if (json) {
                    out.println(Json.MAPPER.writeValueAsString(StorageText.json(report)));
                } else {
                    StorageText.check(report).forEach(out::println);
                }
                return report.differs() ? ExitCode.NOT_AS_IT_SHOULD : ExitCode.OK;
            }
        }
    }

    /// `safelight storage policy`.
    @Command(
            name = "policy",
            description = "Prints the policies of the roles, to be attached to their users, or that of a bucket.")
    static final class Policy implements Callable<Integer> {
        @Option(
                names = "--role",
                paramLabel = "ROLE",
                description = "Only that of one role: uploader, worker, delivery, renderer, marketing or admin.")
        @Nullable
        String role;

        @Option(names = "--bucket", paramLabel = "BUCKET", description = "The policy of a bucket instead.")
        @Nullable
        String bucket;

        @Option(
                names = "--ceph",
                paramLabel = "ROLE=USER",
                split = ",",
                description = "Policies of all buckets, or of --bucket, for users of Ceph, such as"
                        + " uploader=up,worker=work,delivery=show,renderer=draw,marketing=mark,admin=owner.")
        Map<String, String> ceph = new LinkedHashMap<>();

        @Mixin
        Store store = new Store();

        @Spec
        @SuppressWarnings("NullAway.Init")
        CommandSpec spec;

        @Override
        public Integer call() {
            StoreRole ofRole = role == null ? null : role(role);
            Bucket ofBucket = bucket == null ? null : bucket(bucket);
            if (ofRole != null && (ofBucket != null || !ceph.isEmpty())) {
                throw new CliException(ExitCode.USAGE, "--role goes with neither --bucket nor --ceph.");
            }
            try (StoreAdministration administration = store.open()) {
                if (administration.isEmbedded()) {
                    throw new CliException(
                            ExitCode.USAGE,
                            "the embedded store knows the rights of each role and takes no policies: set safelight.s3.endpoint.");
                }
                var declaration = administration.declaration(ceph.isEmpty() ? null : users());
                spec.commandLine()
                        .getOut()
                        .println(Json.MAPPER.writeValueAsString(
                                ofRole != null
                                        ? tree(declaration.policyOf(ofRole))
                                        : ofBucket != null
                                                ? tree(declaration.policyOf(ofBucket))
                                                : ceph.isEmpty()
                                                        ? Arrays.stream(StoreRole.values())
                                                                .collect(Collectors.toMap(
                                                                        StoreRole::text,
                                                                        one -> tree(declaration.policyOf(one)),
                                                                        (a, b) -> a,
                                                                        LinkedHashMap::new))
                                                        : Arrays.stream(Bucket.values())
                                                                .collect(Collectors.toMap(
                                                                        Bucket::text,
                                                                        one -> tree(declaration.policyOf(one)),
                                                                        (a, b) -> a,
                                                                        LinkedHashMap::new))));
                return ExitCode.OK;
            } catch (IllegalArgumentException wrongSetting) {
                throw StartFailure.explain(wrongSetting);
            }
        }

        private static JsonNode tree(String document) {
            return Json.MAPPER.readTree(document);
        }

        private Map<StoreRole, String> users() {
            Map<StoreRole, String> users = new EnumMap<>(StoreRole.class);
            ceph.forEach((name, user) -> {
                if (!user.matches("([A-Za-z0-9_]+\\$)?[A-Za-z0-9_.@-]+")) {
                    throw new CliException(ExitCode.USAGE, "no name of a Ceph user: " + Printable.text(user));
                }
                int tenant = user.indexOf('$');
                users.put(
                        role(name),
                        "arn:aws:iam::%s:user/%s"
                                .formatted(tenant < 0 ? "" : user.substring(0, tenant), user.substring(tenant + 1)));
            });
            return users;
        }

        private static StoreRole role(String text) {
            return StoreRole.parse(text)
                    .orElseThrow(() -> new CliException(
                            ExitCode.USAGE,
                            "there is no role \"%s\"; there are %s."
                                    .formatted(
                                            Printable.text(text),
                                            Arrays.stream(StoreRole.values())
                                                    .map(StoreRole::text)
                                                    .collect(Collectors.joining(", ")))));
        }

        private static Bucket bucket(String text) {
            return Arrays.stream(Bucket.values())
                    .filter(one -> one.text().equals(text))
                    .findFirst()
                    .orElseThrow(() -> new CliException(
                            ExitCode.USAGE,
                            "there is no bucket \"%s\"; there are %s."
                                    .formatted(Printable.text(text), StorageSetup.bucketNames())));
        }
    }
}

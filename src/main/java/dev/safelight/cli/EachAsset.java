package dev.safelight.cli;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;

/// Does the same with some assets, one after the other: one that is refused does not hinder the others.
///
/// @param done what they are afterwards
record EachAsset(String done, Work work) {
    /// What is done with one.
    @FunctionalInterface
    interface Work {
        void run(String id) throws IOException, InterruptedException;
    }

    /// @return the exit code
    int run(List<String> ids, boolean json, CommandLine command) throws IOException, InterruptedException {
        List<Map<String, Object>> outcomes = new ArrayList<>();
        boolean allDone = true;
        for (String id : ids) {
            try {
                work.run(id);
                outcomes.add(Map.of("id", id, done, true));
                if (!json) {
                    command.getOut().println(id + " is " + done + ".");
                }
            } catch (ApiProblem problem) {
                if (problem.isAboutKey() && ids.size() == 1) {
                    throw problem;
                }
                if (problem.isPassing()) {
                    throw problem;
                }
                allDone = false;
                outcomes.add(Map.of("id", id, done, false, "status", problem.status(), "detail", problem.detail()));
                if (!json) {
                    command.getErr().println(id + " is not " + done + ": " + problem.detail());
                }
            }
        }
        if (json) {
            command.getOut().println(Json.MAPPER.writeValueAsString(Map.of("assets", outcomes)));
        }
        return allDone ? ExitCode.OK : ExitCode.NOT_AS_IT_SHOULD;
    }
}

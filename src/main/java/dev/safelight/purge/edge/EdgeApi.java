package dev.safelight.purge.edge;

import dev.safelight.purge.edge.EdgeTarget.Way;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Speaks the language of one edge: what requests say and what answers mean. It sends nothing itself and
/// remembers nothing; when, how often and how fast requests are sent is up to [PurgeEdge], for all edges
/// alike.
interface EdgeApi {
    /// What it can be told. For everything but everything, requests may be put together.
    Set<Way> ways();

    /// The requests that purge some targets, as few as its limits allow. Those that name the same target have
    /// addresses of their own, so that target and address tell what was sent.
    ///
    /// @param reference names this work: the same one for the same work, so that a repetition can be told
    ///     from new work
    List<EdgeCall> calls(List<EdgeTarget> targets, String reference);

    /// The documented limits, by the names under which [EdgeCall#charges()] uses them up.
    Map<String, Allowance> allowances();

    /// What an answer means.
    default Verdict judge(EdgeReply reply) {
        return Verdict.ofStatus(reply);
    }
}

package dev.safelight.purge.edge;

import java.time.Duration;

/// One configured edge.
record Edge(String name, EdgeKind kind, EdgeApi api, EdgeLimits limits, Duration timeout) {}

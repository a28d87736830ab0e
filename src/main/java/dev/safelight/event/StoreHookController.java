package dev.safelight.event;

import dev.safelight.access.Allow;
import dev.safelight.access.HookPath;
import dev.safelight.access.Role;
import dev.safelight.asset.Failure;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/// Takes the notifications that a store pushes.
@RestController
@OnRole({ServerRole.API, ServerRole.WORKER})
final class StoreHookController {
    private final StoreEventParser parser;
    private final Inbox inbox;
    private final EventMetrics metrics;

    StoreHookController(StoreEventParser parser, Inbox inbox, EventMetrics metrics) {
        this.parser = parser;
        this.inbox = inbox;
        this.metrics = metrics;
    }

    /// Takes a notification in. Success says that its events are kept durably; after any other answer the
    /// store shall send it again. Whatever the store calls the body is read, but a form, which the container
    /// would read first.
    @PostMapping(path = HookPath.STORE, consumes = "!" + MediaType.APPLICATION_FORM_URLENCODED_VALUE)
    @Allow(Role.STORE)
    ResponseEntity<Void> take(@RequestBody(required = false) byte @Nullable [] body) {
        try {
            String text = body == null ? "" : new String(body, StandardCharsets.UTF_8);
            inbox.accept(EventSource.WEBHOOK, parser.parse(text));
        } catch (Failure refused) {
            metrics.countRefused(EventSource.WEBHOOK);
            throw refused;
        }
        return ResponseEntity.noContent().build();
    }
}

package dev.safelight.upload;

import dev.safelight.access.ApiKeys;
import dev.safelight.access.Caller;
import dev.safelight.access.UploadSession;
import dev.safelight.access.UploadSessions;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import dev.safelight.web.CacheRule;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.springframework.stereotype.Component;
import tools.jackson.databind.json.JsonMapper;

/// Writes what happens to uploads as server-sent events, on the thread of the request, which is a virtual one.
///
/// A client that is gone shows when something is written to it, one that does not read when the connection
/// is silent for too long; either ends its stream alone.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class EventStream {
    private static final String RETRY = "retry: 1000\n\n";
    private static final String HEARTBEAT = ": \n\n";

    private final LiveUploads live;
    private final LiveSettings settings;
    private final UploadSessions sessions;
    private final ApiKeys keys;
    private final JsonMapper json;

    EventStream(LiveUploads live, LiveSettings settings, UploadSessions sessions, ApiKeys keys, JsonMapper json) {
        this.live = live;
        this.settings = settings;
        this.sessions = sessions;
        this.keys = keys;
        this.json = json;
    }

    /// Sends events until there will be no more, the client is gone, or it is time for it to come again.
    void send(Watched watched, Caller caller, HttpServletResponse response) {
        LiveStream stream = live.watch(watched, caller);
        try {
            describe(response);
            write(RETRY, response);
            long end = System.nanoTime() + settings.longest().toNanos();
            boolean over = false;
            while (!over && !stream.isClosed() && System.nanoTime() < end) {
                List<Standing> news = stream.take(settings.heartbeat());
                // Asked after the wait, in which a key or a session may have ended.
                over = !isStillAllowed(caller) || send(news, watched, response);
            }
        } catch (IOException gone) {
            // The client is, which nobody needs to know.
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        } finally {
            live.leave(stream);
        }
    }

    /// The head of an answer that [#send] would give.
    void describe(HttpServletResponse response) {
        response.setContentType("text/event-stream;charset=UTF-8");
        response.setHeader("Cache-Control", CacheRule.NEVER);
        response.setHeader("X-Accel-Buffering", "no");
    }

    /// @return whether that was the end of the only upload that is watched
    private boolean send(List<Standing> news, Watched watched, HttpServletResponse response) throws IOException {
        if (news.isEmpty()) {
            write(HEARTBEAT, response);
            return false;
        }
        StringBuilder events = new StringBuilder();
        for (Standing standing : news) {
            events.append("event: status\nid: ")
                    .append(standing.word())
                    .append("\ndata: ")
                    .append(json.writeValueAsString(UploadView.of(standing)))
                    .append("\n\n");
        }
        write(events.toString(), response);
        return watched instanceof Watched.OneUpload && news.getLast().isFinal();
    }

    private boolean isStillAllowed(Caller caller) {
        UploadSession session = caller.session();
        return (session == null || sessions.isOpen(session.id()))
                && keys.active(caller.keyId()).isPresent();
    }

    private static void write(String text, HttpServletResponse response) throws IOException {
        response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        response.flushBuffer();
    }
}

package dev.safelight.upload;

import dev.safelight.access.Allow;
import dev.safelight.access.Caller;
import dev.safelight.access.Role;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;

/// Tells by server-sent events what becomes of uploads.
@RestController
@OnRole({ServerRole.API, ServerRole.WORKER})
final class UploadEventsController {
    private final UploadFinder finder;
    private final SessionUploads uploads;
    private final EventStream events;

    UploadEventsController(UploadFinder finder, SessionUploads uploads, EventStream events) {
        this.finder = finder;
        this.uploads = uploads;
        this.events = events;
    }

    /// What becomes of an upload: each event `status` holds the upload as `GET /v1/uploads/{id}` answers
    /// it. The stream begins with the present state and ends after the last one; who comes back having seen
    /// that gets 204.
    @GetMapping(path = "/v1/uploads/{id}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Allow({Role.UPLOADER, Role.EDITOR, Role.MARKETING, Role.MODERATOR, Role.VIEWER})
    void ofUpload(
            @PathVariable String id,
            @RequestHeader(name = "Last-Event-ID", required = false) @Nullable String lastSeen,
            Caller caller,
            HttpServletRequest request,
            HttpServletResponse response) {
        Standing standing = finder.find(id, caller);
        if (standing.isFinal() && standing.word().equals(lastSeen)) {
            // EventSource comes again after every end but this one.
            response.setStatus(HttpServletResponse.SC_NO_CONTENT);
            return;
        }
        tell(new Watched.OneUpload(standing.upload().id()), caller, request, response);
    }

    private void tell(Watched watched, Caller caller, HttpServletRequest request, HttpServletResponse response) {
        if (request.getMethod().equals("HEAD")) {
            events.describe(response);
        } else {
            events.send(watched, caller, response);
        }
    }

    /// What becomes of all uploads of a session, also of those that begin later.
    @GetMapping(path = "/v1/uppy/{token}/events", produces = MediaType.TEXT_EVENT_STREAM_VALUE)
    @Allow(Role.SESSION)
    void ofSession(Caller caller, HttpServletRequest request, HttpServletResponse response) {
        tell(new Watched.OfSession(SessionUploads.session(caller).id()), caller, request, response);
    }

    /// How an upload of a session stands.
    @GetMapping("/v1/uppy/{token}/uploads/{id}")
    @Allow(Role.SESSION)
    UploadView get(@PathVariable String id, Caller caller) {
        return UploadView.of(uploads.find(id, caller));
    }
}

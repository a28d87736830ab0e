package dev.safelight.upload;

import dev.safelight.access.SessionPath;
import dev.safelight.asset.AssetId;
import dev.safelight.role.OnRole;
import dev.safelight.role.ServerRole;
import jakarta.servlet.http.HttpServletRequest;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.support.ServletUriComponentsBuilder;

/// Whole addresses for pages, which lie on any server: below the public URL, else where this request came to.
@Component
@OnRole({ServerRole.API, ServerRole.WORKER})
final class SessionAddress {
    private final String publicUrl;

    SessionAddress(@Value("${safelight.public-url:}") String publicUrl) {
        this.publicUrl = publicUrl.strip().replaceFirst("/+$", "");
    }

    private String server() {
        return publicUrl.isEmpty()
                ? ServletUriComponentsBuilder.fromCurrentContextPath().build().toUriString()
                : publicUrl;
    }

    /// Of a session; whoever knows it can use the session.
    String of(String token) {
        return server() + SessionPath.ROOT + token;
    }

    /// Of what a session's uploader takes for the store, with the session's secret.
    String store(HttpServletRequest request, Upload upload) {
        return of(SessionPath.token(request)) + "/store/" + upload.id();
    }

    /// Of the picture that an upload becomes.
    String picture(Upload upload) {
        AssetId asset = upload.version().asset();
        return server() + "/images/" + asset.value();
    }
}

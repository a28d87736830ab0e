package dev.safelight.access;

import java.util.List;
import java.util.regex.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/// What stores prove themselves with that push events to `/v1/hooks/store`, under `safelight.events.webhook`.
///
/// @param secrets any of which opens the endpoint, several while they are exchanged; 32 to 200 letters, digits and
///     `- . _ ~` each. Without one there is no such endpoint
/// @param secretInAddress whether the secret may also be sent as `?token=…`, for gateways of Ceph that are reached
///     without TLS and take no topic with a password then; it shows in the logs of proxies in between
@ConfigurationProperties("safelight.events.webhook")
record WebhookSettings(
        @DefaultValue List<String> secrets,
        @DefaultValue("false") boolean secretInAddress) {
    private static final int MOST = 10;
    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9._~-]{32,200}");

    WebhookSettings {
        secrets = List.copyOf(secrets);
        if (secrets.size() > MOST) {
            throw new IllegalArgumentException("safelight.events.webhook.secrets must be at most " + MOST);
        }
        for (int i = 0; i < secrets.size(); i++) {
            if (!FORM.matcher(secrets.get(i)).matches()) {
                throw new IllegalArgumentException(
                        "safelight.events.webhook.secrets[%d] must be 32 to 200 letters, digits and - . _ ~"
                                .formatted(i));
            }
        }
    }

    @Override
    public String toString() {
        return "WebhookSettings[" + secrets.size() + " secrets]";
    }
}

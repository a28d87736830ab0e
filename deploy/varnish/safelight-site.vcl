# The processes of Safelight that deliver.
backend safelight_origin {
    .host = "127.0.0.1";
    .port = "8080";
    .connect_timeout = 3s;
    .first_byte_timeout = 60s;
    .between_bytes_timeout = 30s;
    .probe = {
        .url = "/actuator/health/readiness";
        .interval = 2s;
        .timeout = 1s;
        .window = 4;
        .threshold = 2;
        .initial = 2;
    }
}

# Workers of Safelight, which purge. They have to know the secret, too.
acl safelight_purgers {
    "127.0.0.1";
    "::1";
}

# The secret that workers of Safelight are given as safelight.purge.edges.NAME.token: at least 16 characters. The file
# holds it alone, without a line break, and is read once: printf %s SECRET > purge.token; chown vcache, chmod 400.
sub safelight_check_token {
    if (!req.http.Safelight-Purge-Token
        || req.http.Safelight-Purge-Token != std.fileread("/etc/varnish/purge.token")) {
        return (synth(403));
    }
}

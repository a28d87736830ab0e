# Varnish as a shield in front of Safelight: one object for what is one thing, ranges, old answers while the origin is
# slow or away, and bans. For Debian's packages varnish (7.1) and varnish-modules. What differs from site to site is in
# safelight-site.vcl. See docs/edges.md.
vcl 4.1;

import std;
import vsthrottle;

include "./safelight-site.vcl";

sub vcl_recv {
    set req.backend_hint = safelight_origin;

    if (req.method == "BAN" || req.method == "PURGE") {
        # Both: an address can be feigned by a careless proxy, a secret can leak.
        if (client.ip !~ safelight_purgers) {
            return (synth(403));
        }
        call safelight_check_token;
    }

    # Nothing that a client makes up may change what others get.
    set req.http.Host = "safelight";
    unset req.http.X-Forwarded-Host;
    unset req.http.X-Forwarded-Proto;
    unset req.http.X-Forwarded-Prefix;
    unset req.http.X-Forwarded-Port;
    unset req.http.X-Original-URL;
    unset req.http.X-Rewrite-URL;
    unset req.http.Forwarded;
    unset req.http.Safelight-Purge-Token;
    # A request in absolute form.
    set req.url = regsub(req.url, "^https?://[^/]*", "");
    # Paths are compared as they are sent, parameters in one order. A signature of CloudFront's holds for the order that
    # it was made for, and its answer is not kept.
    if (req.url !~ "[?&]Signature=") {
        set req.url = std.querysort(req.url);
    }
    call safelight_reduce_accept;

    if (req.method == "PURGE") {
        return (purge);
    }
    if (req.method == "BAN") {
        call safelight_ban;
    }
    if (req.restarts == 0 && vsthrottle.is_denied("safelight:" + client.identity, 2000, 10s)) {
        return (synth(429));
    }
    if (req.url ~ "^/actuator(/|$)") {
        return (synth(404));
    }
    # What a caller may see is not what anybody may see.
    if (req.http.Authorization || req.http.Cookie ~ "(^|;\s*)(CloudFront-|Safelight-Access=)"
        || req.url ~ "[?&](access|Signature)=" || req.url ~ "^/v1(/|$)") {
        return (pass);
    }
    unset req.http.Cookie;
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # While the origin is well, what is old is shown for a minute at most, as it is fetched anew; else, and when it has
    # just failed, for as long as the answer allows.
    set req.grace = 3650d;
    if (req.restarts == 0 && std.healthy(req.backend_hint)) {
        set req.grace = 60s;
    }
    return (hash);
}

# The formats that a client takes beside those that all do; one with the weight 0 is not taken. The origin is sent no
# more than what its answers vary by here.
sub safelight_reduce_accept {
    set req.http.X-Formats = "";
    if (req.http.Accept ~ "(?i)(^|,)\s*image/avif\s*(;|,|$)"
        && req.http.Accept !~ "(?i)(^|,)\s*image/avif\s*;[^,]*q\s*=\s*0(\.0*)?\s*(;|,|$)") {
        set req.http.X-Formats = "image/avif,";
    }
    if (req.http.Accept ~ "(?i)(^|,)\s*image/webp\s*(;|,|$)"
        && req.http.Accept !~ "(?i)(^|,)\s*image/webp\s*;[^,]*q\s*=\s*0(\.0*)?\s*(;|,|$)") {
        set req.http.X-Formats = req.http.X-Formats + "image/webp,";
    }
    if (req.url !~ "^/v1(/|$)") {
        set req.http.Accept = req.http.X-Formats + "*/*";
    }
    unset req.http.X-Formats;
}

# By expressions of objects alone, so that the lurker can do the work.
sub safelight_ban {
    if (req.http.Safelight-Ban-Everything) {
        if (!std.ban("obj.http.X-Safelight-Url ~ .")) {
            return (synth(400, std.ban_error()));
        }
    } elsif (req.http.Safelight-Ban-Tags) {
        if (!std.ban("obj.http.X-Safelight-Tags ~ ,(" + req.http.Safelight-Ban-Tags + "),")) {
            return (synth(400, std.ban_error()));
        }
    } elsif (req.http.Safelight-Ban-Prefixes) {
        if (!std.ban("obj.http.X-Safelight-Url ~ ^(" + req.http.Safelight-Ban-Prefixes + ")")) {
            return (synth(400, std.ban_error()));
        }
    } else {
        return (synth(400));
    }
    return (synth(200, "Banned"));
}

sub vcl_hash {
    # Without the host, which says nothing.
    hash_data(req.url);
    return (lookup);
}

sub vcl_miss {
    # The origin failed, and what there was is too old to be shown.
    if (req.restarts > 0) {
        return (synth(503));
    }
}

sub vcl_backend_fetch {
    # Whatever of it clients ask for, all of it is fetched, and ranges are served from it.
    unset bereq.http.Range;
    unset bereq.http.If-Range;
}

# An old answer is better than none. Where one is kept, the fetch asks whether it has changed.
sub safelight_keep_old {
    if (bereq.is_bgfetch
        || (!bereq.uncacheable && (bereq.http.If-None-Match || bereq.http.If-Modified-Since))) {
        return (abandon);
    }
}

sub vcl_backend_response {
    if (beresp.status >= 500) {
        # Before anything else: failures say that they are not to be stored, which would replace what there is.
        # Where there is nothing, nobody waits for another's answer for a second.
        call safelight_keep_old;
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        set beresp.grace = 0s;
        return (deliver);
    }
    # For bans, which see objects and not requests. The origin names tags in either of two fields.
    set beresp.http.X-Safelight-Url = bereq.url;
    set beresp.http.X-Safelight-Tags = "," + regsuball(beresp.http.Surrogate-Key + "," + beresp.http.Cache-Tag, "[, ]+", ",") + ",";
    if (beresp.http.Content-Type ~ "^(application/(problem\+)?json|text/html)") {
        set beresp.do_gzip = true;
    }
    if (beresp.http.Cache-Control ~ "(?i)(private|no-store|no-cache|max-age=0(,|\s|$))" || beresp.http.Vary ~ "\*"
        || beresp.http.Set-Cookie) {
        set beresp.uncacheable = true;
        set beresp.ttl = 10s;
        set beresp.grace = 0s;
        return (deliver);
    }
    if (beresp.ttl <= 0s
        || (beresp.http.Cache-Control !~ "(?i)(s-maxage|max-age)=" && beresp.http.Expires !~ "[0-9]:[0-9]{2}")) {
        # Nobody says that it may be kept; nobody waits for another's answer meanwhile.
        set beresp.uncacheable = true;
        set beresp.ttl = 1s;
        set beresp.grace = 0s;
        return (deliver);
    }
    # Shown when it is old for as long as it allows itself, while it is fetched anew and while the origin is away. What was
    # banned never is.
    set beresp.grace = 0s;
    if (beresp.http.Cache-Control ~ "(?i)stale-if-error=[0-9]{1,7}(,|\s|$)") {
        set beresp.grace = std.duration(
            regsub(beresp.http.Cache-Control, "(?i)^.*stale-if-error=([0-9]+).*$", "\1s"), 0s);
    }
    set beresp.keep = 1d;
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.X-Safelight-Url;
    unset resp.http.X-Safelight-Tags;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
    if (obj.hits > 0) {
        set resp.http.X-Cache = "HIT";
    } else {
        set resp.http.X-Cache = "MISS";
    }
    return (deliver);
}

sub vcl_synth {
    # A fetch that was given up.
    if (resp.status == 503 && req.restarts == 0 && (req.method == "GET" || req.method == "HEAD")) {
        return (restart);
    }
    if (resp.status == 503) {
        set resp.http.Cache-Control = "no-store";
        set resp.http.Retry-After = "5";
    }
    if (resp.status == 429) {
        set resp.http.Retry-After = "10";
    }
    set resp.http.Content-Type = "text/plain; charset=utf-8";
    set resp.body = "" + resp.status + " " + resp.reason + {"
"};
    return (deliver);
}

sub vcl_backend_error {
    call safelight_keep_old;
    set beresp.http.Content-Type = "text/plain; charset=utf-8";
    set beresp.http.Cache-Control = "no-store";
    set beresp.http.Retry-After = "5";
    set beresp.body = "" + beresp.status + {" The origin cannot be reached right now.
"};
    return (deliver);
}

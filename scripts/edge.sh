# Finds, or installs, what the tests with real shields need: nginx with Lua, and Varnish with its modules. Sourced by ./run.
edge_packages='nginx libnginx-mod-http-lua varnish varnish-modules'
nginx_modules=/usr/lib/nginx/modules

has_edges() {
  [ -x /usr/sbin/nginx ] && [ -x /usr/sbin/varnishd ] && [ -r "$nginx_modules/ngx_http_lua_module.so" ] &&
    ls /usr/lib/*/varnish/vmods/libvmod_vsthrottle.so >/dev/null 2>&1
}

if ! has_edges && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing nginx and Varnish …" >&2
  # Not started: the tests start their own.
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d.safelight
  chmod +x /usr/sbin/policy-rc.d.safelight
  [ -e /usr/sbin/policy-rc.d ] || { ln -s policy-rc.d.safelight /usr/sbin/policy-rc.d && linked=yes; }
  { apt-get update && apt-get install --yes --no-install-recommends $edge_packages; } >/dev/null
  [ -z "${linked:-}" ] || rm -f /usr/sbin/policy-rc.d
  rm -f /usr/sbin/policy-rc.d.safelight
fi
has_edges || {
  echo "The tests with real shields need nginx and Varnish. Install them (Debian: apt-get install $edge_packages)." >&2
  exit 3
}

# The suite of tests for HTTP caches (https://cache-tests.fyi), with no more of what it names than its client needs. Nothing
# of it runs while it is unpacked.
conformance=target/cache-conformance
for program in node npm; do
  command -v "$program" >/dev/null || {
    echo "The tests with real shields need $program. Install it (Debian: apt-get install nodejs npm)." >&2
    exit 3
  }
done
if ! cmp -s scripts/cache-conformance.sha256 $conformance/sha256; then
  rm -rf $conformance
  mkdir -p $conformance/node_modules
  (
    cd $conformance
    while read -r _ archive; do
      package=${archive%-*}
      npm pack --silent --ignore-scripts "$package@$(basename "${archive##*-}" .tgz)" >/dev/null
      grep -F "  $archive" "$project/scripts/cache-conformance.sha256" | sha256sum --quiet --check
      mkdir "node_modules/$package"
      tar -xzf "$archive" --strip-components=1 -C "node_modules/$package"
    done <"$project/scripts/cache-conformance.sha256"
    cp "$project/scripts/cache-conformance.sha256" sha256
  )
fi

# Finds, or installs, the servers and the load generator that others are compared with. Sourced by bench/hit.
missing_peers() {
  local program
  for program in nginx varnishd wrk openssl; do
    PATH=$PATH:/usr/sbin command -v "$program" >/dev/null || echo "${program/varnishd/varnish}"
  done
}

missing=$(missing_peers)
if [ -n "$missing" ] && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing" $missing "…" >&2
  # Only the programs: the services are not to start.
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get update >/dev/null
  # shellcheck disable=SC2086
  RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends $missing >/dev/null
  missing=$(missing_peers)
fi
if [ -n "$missing" ]; then
  echo "This needs" $missing "(Debian: apt-get install" $missing")." >&2
  exit 3
fi
export PATH=$PATH:/usr/sbin

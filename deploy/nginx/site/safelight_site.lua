return {
  -- The secret that workers of Safelight are given as safelight.purge.edges.NAME.token: at least 16 characters. Read by
  -- nobody but root: chmod 600.
  token = assert(os.getenv("SAFELIGHT_PURGE_TOKEN"), "set token in site/safelight_site.lua"),

  -- A file in a folder that belongs to nginx's workers, and to nobody else: what was purged, for the next start.
  generations = "/var/lib/safelight/generations",
}

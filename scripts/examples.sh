# Builds the example pages into examples/*/dist, which is committed so that JDK and Maven suffice. Sourced by ./run.
# With "check", it only tells whether what is committed is what the sources make. Without npm there is nothing to tell,
# which does on somebody's machine, but not with CI=true.
build_examples() {
  local page=examples/uppy kept
  command -v npm >/dev/null || {
    if [ "${1:-}" = check ] && [ "${CI:-}" != true ]; then
      echo "npm was not found: the example pages are not checked." >&2
      return 0
    fi
    echo "The example pages are built with npm, and none was found. Install it (Debian: apt-get install nodejs npm)." >&2
    return 3
  }
  if [ ! $page/node_modules/.package-lock.json -nt $page/package-lock.json ]; then
    if ! npm --prefix $page ci --silent >&2; then
      if [ "${1:-}" = check ] && [ "${CI:-}" != true ]; then
        echo "What the example pages are built with cannot be had: they are not checked." >&2
        return 0
      fi
      echo "What the example pages are built with cannot be had from npm." >&2
      return 1
    fi
    touch $page/node_modules/.package-lock.json
  fi
  if [ "${1:-}" = check ]; then
    kept=$(mktemp -d)
    npm --prefix $page run --silent build -- --outDir "$kept" --emptyOutDir --logLevel error >&2 || return
    diff -rq "$kept" $page/dist >&2 || {
      echo "$page/dist is not what its sources make: run ./run examples and commit it." >&2
      rm -r "$kept"
      return 1
    }
    rm -r "$kept"
  else
    npm --prefix $page run --silent build -- --logLevel error >&2
  fi
}

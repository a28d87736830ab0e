# Records what a start loads and links in target/safelight.aot, which ./safelight uses. Sourced by ./run, after build.sh.
# It is a gain in speed only: where it cannot be made, for example for lack of libvips, nothing is said and nothing fails.
record_start() {
  local project=$PWD folder
  folder=$(mktemp -d "$project/target/training.XXXXXX") || return 0
  # Nothing of the caller's settings: the demo of the training belongs into its own folder, and into no other database.
  (
    cd "$folder" && env -i PATH="$PATH" HOME="${HOME:-/}" MALLOC_ARENA_MAX=2 ${LANG:+LANG="$LANG"} \
      ${XDG_CACHE_HOME:+XDG_CACHE_HOME="$XDG_CACHE_HOME"} ${SAFELIGHT_NATIVES:+SAFELIGHT_NATIVES="$SAFELIGHT_NATIVES"} \
      ${SAFELIGHT_LIBVIPS:+SAFELIGHT_LIBVIPS="$SAFELIGHT_LIBVIPS"} \
      "$JAVA_HOME/bin/java" "${java_memory[@]}" "${java_options[@]}" -XX:AOTCacheOutput="$folder/cache.aot" \
      -jar "$project/target/safelight.jar" demo --once --data "$folder/data" --port 0 >/dev/null 2>&1 &&
      mv cache.aot "$project/$startup_cache"
  ) || true
  rm -rf "$folder"
}

if [ ! "$startup_cache" -nt target/safelight.jar ]; then
  echo "Recording a start, so that later ones are faster …" >&2
  record_start
fi

# Builds target/safelight.jar when a source is newer than it. Sourced by ./run and ./safelight, after java.sh.
jar_is_current() {
  [ -f target/safelight.jar ] && [ -z "$(find pom.xml src/main examples/uppy/dist -newer target/safelight.jar -print -quit)" ]
}

build_jar() {
  command -v mvn >/dev/null || {
    echo "Safelight is built with Maven, and none was found. Install it (Debian: apt-get install maven)." >&2
    exit 3
  }
  echo "Building Safelight (the first time fetches its libraries) …" >&2
  mvn --batch-mode --no-transfer-progress --quiet -Dmaven.test.skip=true package >&2
  touch target/safelight.jar
}

# Who comes second waits for the first, and finds the jar current. The subshell lets go of the lock, which is on this folder.
if ! jar_is_current; then
  (
    ! command -v flock >/dev/null || flock 9 || true
    jar_is_current || build_jar
  ) 9<.
fi

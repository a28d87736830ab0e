# Builds target/safelight.jar when a source is newer than it. Sourced by ./run and ./safelight, after java.sh.
command -v mvn >/dev/null || {
  echo "Safelight is built with Maven, and none was found. Install it (Debian: apt-get install maven)." >&2
  exit 3
}
if [ ! -f target/safelight.jar ] || [ -n "$(find pom.xml src/main -newer target/safelight.jar -print -quit)" ]; then
  echo "Building Safelight (the first time fetches its libraries) …" >&2
  mvn --batch-mode --no-transfer-progress --quiet -Dmaven.test.skip=true package >&2
  touch target/safelight.jar
fi

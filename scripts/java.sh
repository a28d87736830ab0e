# Sets JAVA_HOME to a JDK 25 or newer, or says how to get one. Sourced by ./run and ./safelight.
java_version() {
  "$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p'
}

if [ -z "${SAFELIGHT_JAVA_CHECKED:-}" ]; then
  found=
  default_java=$(command -v java || true)
  for candidate in "${JAVA_HOME:-}" /usr/lib/jvm/*25* /usr/lib/jvm/* /opt/jdk* "$HOME"/.sdkman/candidates/java/* \
    "$(dirname "$(dirname "$(readlink -f "${default_java:-/nowhere/bin/java}")")")"; do
    [ -n "$candidate" ] && [ -x "$candidate/bin/javac" ] || continue
    version=$(java_version "$candidate")
    case "$version" in '' | *[!0-9]*) continue ;; esac
    if [ "$version" -ge 25 ]; then
      found=$candidate
      break
    fi
  done
  if [ -z "$found" ]; then
    echo "Safelight needs a JDK of version 25 or newer, and none was found." >&2
    echo "Install one (for example Debian's openjdk-25-jdk, or Temurin 25), or set JAVA_HOME to it." >&2
    exit 3
  fi
  export JAVA_HOME=$found SAFELIGHT_JAVA_CHECKED=1
fi

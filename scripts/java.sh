# Sets JAVA_HOME to a JDK 25 or newer, or says how to get one. Sourced by ./run and ./safelight.
# Each JDK tells its version in a file; asking the program takes a tenth of a second.
java_version() {
  local version=
  [ ! -r "$1/release" ] || version=$(sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release")
  if [ -z "$version" ]; then
    version=$("$1/bin/java" -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.specification.version = //p')
  fi
  echo "$version"
}

# Maven's own libraries would print warnings that look like faults.
export MAVEN_OPTS="${MAVEN_OPTS:-} --sun-misc-unsafe-memory-access=allow"

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

# How Safelight is run unless SAFELIGHT_JAVA_OPTS says otherwise. A start-up cache serves the options it was made with only.
# Pixels are allocated outside of Java's heap; what the allocator keeps of them for later is given back every ten seconds.
java_memory=(-Xmx384m -XX:+UseSerialGC -XX:TrimNativeHeapInterval=10000)
java_options=(-Djava.awt.headless=true --sun-misc-unsafe-memory-access=allow)
startup_cache=target/safelight.aot

# Finds Debian's awscli, or installs it, and says where as $aws. Sourced by ./run and scripts in bench/.
aws=/usr/bin/aws
if [ ! -x "$aws" ]; then
  echo "Installing awscli …" >&2
  { [ "$(id -u)" = 0 ] && apt-get update >/dev/null 2>&1 && apt-get install --yes --no-install-recommends awscli >/dev/null 2>&1; } || {
    echo "The AWS command line is needed, and $aws was not found. Install it (Debian: apt-get install awscli)." >&2
    exit 3
  }
fi

# Finds Debian's awscli, or installs it, and says where as $aws. Sourced by scripts in bench/.
aws=/usr/bin/aws
if [ ! -x "$aws" ]; then
  echo "Installing awscli to compare with …" >&2
  { [ "$(id -u)" = 0 ] && apt-get install --yes --no-install-recommends awscli >/dev/null 2>&1; } || {
    echo "This benchmark compares with the AWS command line, and $aws was not found. Install it (Debian: apt-get install awscli)." >&2
    exit 3
  }
fi

# Installs what the benchmarks compare with, as bench/peers/package-lock.json pins it. Sourced by scripts in bench/.
for program in node npm; do
  command -v "$program" >/dev/null || {
    echo "This benchmark compares with programs for Node.js 20.9 or newer, and $program was not found. Install it (Debian: apt-get install nodejs npm)." >&2
    exit 3
  }
done
# npm writes the inner file when it is done.
if [ ! bench/peers/node_modules/.package-lock.json -nt bench/peers/package-lock.json ]; then
  echo "Installing the programs to compare with …" >&2
  npm --prefix bench/peers ci --silent >&2
fi

# Finds, or installs, what the tests in a browser need: Chromium, Node.js, and the driver between them. Sourced by ./run.
playwright_version=$(sed -n 's|.*<playwright.version>\(.*\)</playwright.version>.*|\1|p' pom.xml)
playwright=target/playwright-$playwright_version

find_chromium() {
  local name
  for name in "${SAFELIGHT_CHROMIUM:-}" chromium chromium-browser google-chrome; do
    if [ -n "$name" ] && command -v "$name"; then return; fi
  done
  return 1
}

if ! find_chromium >/dev/null && command -v apt-get >/dev/null && [ "$(id -u)" = 0 ]; then
  echo "Installing Chromium …" >&2
  { apt-get update && apt-get install --yes --no-install-recommends chromium; } >/dev/null
fi
SAFELIGHT_CHROMIUM=$(find_chromium) || {
  echo "The tests in a browser need Chromium. Install it (Debian: apt-get install chromium), or set SAFELIGHT_CHROMIUM." >&2
  exit 3
}
for program in node npm; do
  command -v "$program" >/dev/null || {
    echo "The tests in a browser need $program. Install it (Debian: apt-get install nodejs npm)." >&2
    exit 3
  }
done

# The driver looks for its own Node.js beside its package.
if [ ! -x "$playwright/node" ]; then
  mkdir -p "$playwright"
  (
    cd "$playwright"
    npm pack --silent "playwright-core@$playwright_version" >/dev/null
    tar -xzf "playwright-core-$playwright_version.tgz"
    ln -sf "$(command -v node)" node
  )
fi
export SAFELIGHT_CHROMIUM SAFELIGHT_PLAYWRIGHT=$PWD/$playwright

#!/usr/bin/env bash
# lighthouse.sh DIR [PATH...]: Lighthouse's figures for pages of a built site, as on a phone with a
# slow network, from a server that compresses. Fails below 100 in a category, and where the
# largest thing takes over 1.2 s, something shifts or the main thread is blocked. Without paths:
# home, a channel, a tag and an article. Installs Lighthouse in target/tools where it is missing.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: lighthouse.sh DIR [PATH...]" >&2; exit 2; }
here=$(dirname "$0")
version=12.8.2 # the last one for node 20
tools=$here/../target/tools/lighthouse
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "lighthouse.sh: no Chromium; run scripts/tools.sh first" >&2; exit 2; }
if ! grep -qs "\"version\": \"$version\"" "$tools/node_modules/lighthouse/package.json"; then
    mkdir -p "$tools"
    npm install --prefix "$tools" --no-save --no-package-lock --ignore-scripts --no-audit --no-fund \
        --silent "lighthouse@$version"
fi
exec node "$here/lighthouse.mjs" "$chromium" "$tools" "$@"

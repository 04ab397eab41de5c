#!/usr/bin/env bash
# shots.sh DIR OUT PATH...: pictures of a built site's pages, 360, 768 and 1280 pixels wide, light
# and dark, whole pages, as OUT/NAME-WIDTH-SCHEME.png. DIR is served on the loopback interface.
# Says which pages scroll sideways or have errors on the console. WIDTHS="360 1280" and
# SCHEMES=light narrow it down; HEIGHT=900 shows no more than the top; SCALE=0.7 FORMAT=webp
# QUALITY=60 makes small pictures of small files.
set -euo pipefail
[ $# -ge 3 ] || { echo "usage: shots.sh DIR OUT PATH..." >&2; exit 2; }
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "shots.sh: no Chromium; run scripts/tools.sh first" >&2; exit 2; }
exec node "$(dirname "$0")/shots.mjs" "$chromium" "$@"

#!/usr/bin/env bash
# axe.sh DIR [PATH...]: what a reader could trip over in a built site. On pages that together show
# every kind of page and every class of the theme, or on those that are named: axe-core finds
# nothing (WCAG 2.2 AA and best practices) at 360 and 1280 pixels, light and dark; and from 320
# pixels on nothing scrolls sideways, is cut off or lies upon something else, also with the wider
# spacing of WCAG 1.4.12 and with the largest text.
set -euo pipefail
[ $# -ge 1 ] || { echo "usage: axe.sh DIR [PATH...]" >&2; exit 2; }
here=$(dirname "$0")
chromium=$(command -v chromium || command -v chromium-browser || command -v google-chrome) ||
    { echo "axe.sh: no Chromium; run scripts/tools.sh first" >&2; exit 2; }
axe=$here/../target/tools/node_modules/axe-core/axe.min.js
[ -e "$axe" ] || { echo "axe.sh: no axe-core; run scripts/tools.sh first" >&2; exit 2; }
exec node "$here/axe.mjs" "$chromium" "$axe" "$@"

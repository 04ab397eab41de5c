#!/usr/bin/env bash
# nu.sh DIR: checks all HTML files below DIR with the Nu HTML checker (one JVM for all of them),
# prints at most 40 of its errors, and fails if there is one.
set -euo pipefail
dir=${1:?usage: nu.sh DIR}
jar=$(dirname "$0")/../target/tools/node_modules/vnu-jar/build/dist/vnu.jar

[ -f "$jar" ] || { echo "nu.sh: no $jar; run scripts/tools.sh first" >&2; exit 2; }
[ -d "$dir" ] || { echo "nu.sh: no folder $dir" >&2; exit 2; }
count=$(find "$dir" -name '*.html' | wc -l)
[ "$count" -gt 0 ] || { echo "nu.sh: no HTML below $dir" >&2; exit 2; }

report=$(mktemp)
trap 'rm -f "$report"' EXIT
status=0
java -jar "$jar" --skip-non-html --errors-only --format gnu "$dir" >"$report" 2>&1 || status=$?
errors=$(grep -c ': error' "$report") || true
head -n 40 "$report"
[ "$errors" -le 40 ] || echo "… and $((errors - 40)) more"
echo "nu: $count pages, $errors errors"
exit "$status"

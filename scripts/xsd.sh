#!/usr/bin/env bash
# Checks every sitemap below a folder against the schema of the sitemap protocol.
# The index of sitemaps has a schema of its own, which no package carries; tests/portal.rs checks it.
set -euo pipefail
dir=${1:?usage: scripts/xsd.sh DIR}
schema="$(cd "$(dirname "$0")/.." && pwd)/target/tools/node_modules/sitemap/schema/sitemap.xsd"
[ -f "$schema" ] || { echo "no $schema; run scripts/tools.sh first" >&2; exit 2; }
mapfile -d '' files < <(find "$dir" -name 'sitemap-*.xml' -print0 | sort -z)
[ "${#files[@]}" -gt 0 ] || { echo "no sitemaps in $dir" >&2; exit 2; }
printf '%s\0' "${files[@]}" | xargs -0 xmllint --nonet --noout --schema "$schema" 2>&1 \
    | { grep -v ' validates$' || true; } | tee /dev/stderr | { ! grep -q .; }
echo "xsd: ${#files[@]} sitemaps, 0 errors"

#!/usr/bin/env bash
# Checks every sitemap below a folder against the schema of the sitemap protocol, and the news in it
# against scripts/news-sitemap.xsd. The index of sitemaps has a schema of its own, which no package
# carries; tests/portal.rs checks it.
set -euo pipefail
dir=${1:?usage: scripts/xsd.sh DIR}
root="$(cd "$(dirname "$0")/.." && pwd)"
protocol="$root/target/tools/node_modules/sitemap/schema/sitemap.xsd"
[ -f "$protocol" ] || { echo "no $protocol; run scripts/tools.sh first" >&2; exit 2; }
schema=$(mktemp --suffix=.xsd)
trap 'rm -f "$schema"' EXIT
cat >"$schema" <<XSD
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:import namespace="http://www.sitemaps.org/schemas/sitemap/0.9" schemaLocation="$protocol"/>
  <xs:import namespace="http://www.google.com/schemas/sitemap-news/0.9" schemaLocation="$root/scripts/news-sitemap.xsd"/>
</xs:schema>
XSD
# Only news may be empty, which its protocol allows and the schema does not.
mapfile -d '' files < <({
    find "$dir" -name 'sitemap-*.xml' -print0
    find "$dir" -name 'news-sitemap*.xml' -exec grep -lZ '<url>' {} +
} | sort -z)
[ "${#files[@]}" -gt 0 ] || { echo "no sitemaps in $dir" >&2; exit 2; }
printf '%s\0' "${files[@]}" | xargs -0 xmllint --nonet --noout --schema "$schema" 2>&1 \
    | { grep -v ' validates$' || true; } | tee /dev/stderr | { ! grep -q .; }
echo "xsd: ${#files[@]} sitemaps, 0 errors"

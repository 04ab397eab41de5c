#!/usr/bin/env bash
# Installs what the tests need beyond Rust, where it is missing: a Java runtime and the Nu HTML
# checker, node, Chromium with Chinese fonts, the CommonMark specification, the sitemap schema, axe. Needs Debian, and
# root or sudo for its packages; npm's go to target/tools. Prints a line for each thing installed.
set -euo pipefail
cd "$(dirname "$0")/.."

tools=target/tools
# Fixed versions, so that a new rule of the checker doesn't break an old commit.
npm_packages=(vnu-jar@26.9.27 commonmark-spec@0.31.2 sitemap@9.0.1 axe-core@4.14.1)

as_root() {
    if [ "$(id -u)" -eq 0 ]; then "$@"; else sudo "$@"; fi
}

# Runs a command, and shows what it said only if it failed.
quietly() {
    local log
    log=$(mktemp)
    if ! "$@" >"$log" 2>&1 </dev/null; then
        echo "failed: $*" >&2
        tail -n 40 "$log" >&2
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

have() { command -v "$1" >/dev/null 2>&1; }
have_package() { dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q ' installed$'; }
have_chromium() { have chromium || have chromium-browser || have google-chrome; }

missing=()
[ -e /etc/ssl/certs/ca-certificates.crt ] || missing+=(ca-certificates)
have java || missing+=(default-jre-headless)
have node || missing+=(nodejs)
have npm || missing+=(npm)
have xmllint || missing+=(libxml2-utils)
have_chromium || missing+=(chromium)
have_package fonts-noto-cjk || missing+=(fonts-noto-cjk)
have_package fonts-noto-color-emoji || missing+=(fonts-noto-color-emoji)

if [ "${#missing[@]}" -gt 0 ]; then
    apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -o DPkg::Lock::Timeout=300)
    quietly as_root "${apt[@]}" update
    for package in "${missing[@]}"; do
        quietly as_root "${apt[@]}" install -y --no-install-recommends "$package"
        echo "installed $package"
    done
fi

for package in "${npm_packages[@]}"; do
    name=${package%@*} version=${package##*@}
    manifest=$tools/node_modules/$name/package.json
    if ! grep -qs "\"version\": \"$version\"" "$manifest"; then
        mkdir -p "$tools"
        # --no-save and --no-package-lock leave no record behind; npm would then prune what the
        # record doesn't name, so all are installed together.
        quietly npm install --prefix "$tools" --no-save --no-package-lock --ignore-scripts \
            --no-audit --no-fund "${npm_packages[@]}"
        echo "installed ${npm_packages[*]}"
        break
    fi
done

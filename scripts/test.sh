#!/usr/bin/env bash
# All that must hold before a commit, the same here and in CI. Stops at the first failure.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

step tools
bash scripts/tools.sh

step format
cargo fmt --check

step clippy
cargo clippy --all-targets --quiet -- -D warnings

step test
mkdir -p target
cargo test 2>&1 | tee target/test.log

step doc
RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --quiet

# Left there by the test of the same name.
step portal of 1,000 articles
bash scripts/nu.sh target/tmp/portal/public
bash scripts/xsd.sh target/tmp/portal/public

# The development binary is there already, so this costs no second build.
step demo portal
cargo run --quiet -- build --root . --strict --output target/demo
bash scripts/nu.sh target/demo
bash scripts/xsd.sh target/demo
node scripts/weigh.mjs target/demo
bash scripts/axe.sh target/demo

step documentation
cargo run --quiet -- build --root docs --strict --output target/docs
bash scripts/nu.sh target/docs
bash scripts/axe.sh target/docs / /errors/ /errors/template/ /guide/start/ /search/ /404.html

# One line for all the test binaries, since the last of them alone says little.
awk '/^test result:/ { passed += $4; failed += $6 } END { printf "\n%d passed, %d failed\n", passed, failed }' \
    target/test.log

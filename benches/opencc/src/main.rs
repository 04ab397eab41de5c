//! The other side of `examples/convert.rs`: each line of standard input, a scheme and a text with
//! a tab between, as opencc-fmmseg converts it; or, with a file, how fast it does.
//!
//! ```sh
//! cargo run --release --example convert -- sentences 100000 > /tmp/sentences
//! cargo run --release --example convert -- lines < /tmp/sentences > /tmp/ours
//! cargo run --release --manifest-path benches/opencc/Cargo.toml < /tmp/sentences > /tmp/theirs
//! cmp /tmp/ours /tmp/theirs
//! ```

use std::io::{BufWriter, Write};
use std::time::Instant;

use opencc_fmmseg::OpenCC;

fn main() -> std::io::Result<()> {
    let start = Instant::now();
    let mut opencc = OpenCC::new();
    opencc.set_parallel(false);
    opencc.s2t("", false);
    if let Some(file) = std::env::args().nth(1) {
        let load = start.elapsed().as_secs_f64() * 1e3;
        let text = std::fs::read_to_string(file)?;
        let text = text.repeat(4_000_000 / text.len().max(1) + 1);
        for scheme in ["s2t", "s2tw", "s2twp", "s2hk", "t2s", "tw2s", "tw2sp"] {
            let start = Instant::now();
            let length = opencc.convert(&text, scheme, false).len();
            let rate = text.len() as f64 / 1e6 / start.elapsed().as_secs_f64();
            println!("{scheme:6} {rate:5.0} MB/s  ({length} bytes; load {load:.1} ms)");
        }
        return Ok(());
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    for line in std::io::read_to_string(std::io::stdin())?.lines() {
        let (scheme, text) = line.split_once('\t').unwrap_or_default();
        writeln!(out, "{}", opencc.convert(text, scheme, false))?;
    }
    out.flush()
}

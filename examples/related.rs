//! What related articles cost: their share of a whole first build.
//!
//! `cargo run --release --example related -- ARTICLES` makes a portal of so many articles in
//! memory, builds it once, and then finds the related articles of all of them alone.

#[path = "../tests/common/corpus.rs"]
mod corpus;

use masthead::base::date;
use masthead::build::timings::Timings;
use masthead::build::{Input, Job, build, gather};
use masthead::site::related::Kinship;
use masthead::{sink, source};
use std::time::Instant;

fn main() {
    let articles = std::env::args()
        .nth(1)
        .and_then(|n| n.parse().ok())
        .unwrap_or(10_000);
    let spec = corpus::Spec {
        articles,
        ..corpus::Spec::default()
    };
    let mut source = source::memory::Memory::new();
    source.put("masthead.yaml", corpus::config());
    for n in 0..articles {
        let (path, text) = corpus::article(&spec, n);
        source.put(path, text);
    }
    let zone = date::zone("Z").expect("a zone");
    let now = date::parse("2027-01-01T00:00:00Z")
        .and_then(|at| at.moment(&zone))
        .expect("a moment");
    let (output, store) = (sink::memory::Memory::new(), sink::store::Memory::default());
    let started = Instant::now();
    let outcome = build(&Job {
        source: &source,
        sink: &output,
        store: &store,
        output: "bench",
        now,
        drafts: false,
        base_url: None,
        check: false,
        progress: &|_, _| {},
        timings: &Timings::off(),
    });
    let whole = started.elapsed();
    assert_eq!(outcome.tally.errors, 0);
    let input = Input {
        source: &source,
        now,
        drafts: false,
        base_url: None,
    };
    let site = gather(&input, &store).site;
    let started = Instant::now();
    let (kinship, _) = Kinship::find(&site, Kinship::default());
    let found: usize = (0..articles as u32).map(|n| kinship.of(n).len()).sum();
    let alone = started.elapsed();
    println!(
        "{articles} articles: build {whole:.2?}, related articles {alone:.2?} ({:.1} %), {:.1} found for each",
        100.0 * alone.as_secs_f64() / whole.as_secs_f64(),
        found as f64 / articles as f64
    );
}

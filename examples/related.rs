//! What related articles cost: their share of a whole first build.
//!
//! `cargo run --release --example related -- ARTICLES` makes a portal of so many articles in
//! memory, builds it once, and then finds the related articles of all of them alone.
//!
//! `cargo run --example related -- DIR` compares what the articles of a site get by tags alone, by
//! tags and terms of the text, and by terms alone, as if none had tags.

#[path = "../tests/common/corpus.rs"]
mod corpus;

use masthead::base::date;
use masthead::build::timings::Timings;
use masthead::build::{Input, Job, build, gather};
use masthead::site::related::Kinship;
use masthead::{sink, source};
use std::sync::Arc;
use std::time::Instant;

fn main() {
    let asked = std::env::args().nth(1);
    let asked = asked.as_deref().unwrap_or("10000");
    match asked.parse() {
        Ok(articles) => measure(articles),
        Err(_) => compare(asked),
    }
}

/// Prints how many articles have related ones by which signs, and where the lists differ.
fn compare(folder: &str) {
    let source = source::Directory::new(folder);
    let store = sink::store::Memory::default();
    let zone = date::zone("Z").expect("a zone");
    let now = date::parse("2027-01-01T00:00:00Z").and_then(|at| at.moment(&zone));
    let input = Input {
        source: &source,
        now: now.expect("a moment"),
        drafts: false,
        base_url: None,
    };
    let found = |with_tags: bool, with_terms: bool| {
        let mut site = gather(&input, &store).site;
        for article in &mut site.articles {
            if !with_tags {
                article.tags.clear();
            }
            if !with_terms {
                Arc::make_mut(&mut article.facts).terms.clear();
            }
        }
        let (kinship, _) = Kinship::find(&site, Kinship::default());
        let all = 0..site.articles.len() as u32;
        let lists: Vec<Vec<u32>> = all.map(|n| kinship.of(n).to_vec()).collect();
        (site, lists)
    };
    let (site, by_tags) = found(true, false);
    let (_, by_both) = found(true, true);
    let (_, by_terms) = found(false, true);
    let none = |lists: &[Vec<u32>]| lists.iter().filter(|list| list.is_empty()).count();
    let length = |lists: &[Vec<u32>]| lists.iter().map(Vec::len).sum::<usize>() as f64;
    for (what, lists) in [
        ("tags", &by_tags),
        ("tags and terms", &by_both),
        ("terms", &by_terms),
    ] {
        println!(
            "{what}: {} of {} articles have none, {:.1} for each",
            none(lists),
            lists.len(),
            length(lists) / lists.len() as f64
        );
    }
    let title = |n: u32| site.articles[n as usize].facts.title.as_str();
    let titles = |list: &[u32]| list.iter().map(|n| title(*n)).collect::<Vec<_>>();
    for n in 0..by_tags.len() {
        if by_tags[n] != by_both[n] {
            println!("\n{}", title(n as u32));
            println!("  tags: {}", titles(&by_tags[n]).join("; "));
            println!("  both: {}", titles(&by_both[n]).join("; "));
            println!("  terms: {}", titles(&by_terms[n]).join("; "));
        }
    }
}

fn measure(articles: usize) {
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

//! What the preview costs: how soon a site is there, how soon an edit is seen, and what is kept.
//!
//! `cargo bench --bench preview -- [SIZES…]` starts the real program on portals made up by the
//! corpus generator, and is a browser to it: it reads a page, opens the stream that the page asks
//! for, writes a file, and waits for the word to load the page again. Each edit leaves a mark of
//! its own in the text, which the page must show afterwards: nothing that did not happen is
//! measured. docs/content/speed.md says more, and holds the figures of one run.

mod browser;
#[path = "../../tests/common/corpus.rs"]
mod corpus;
mod edits;
mod machine;
mod memory;
mod portal;
mod report;
mod server;
mod start;

use portal::Portal;
use report::Report;
use std::path::PathBuf;

/// What to measure.
struct Wishes {
    /// Portals of so many articles.
    sizes: Vec<usize>,
    /// Edits of each kind.
    edits: usize,
    /// Edits after a pause.
    pauses: usize,
    /// Edits before memory is looked at last; 0 for not at all.
    memory: usize,
    /// Starts of each kind.
    starts: usize,
    /// Where the figures go as lines of JSON.
    json: Option<PathBuf>,
}

/// The largest portal whose memory is measured.
const MEMORY_UP_TO: usize = 10_000;

fn main() {
    let wishes = wishes(std::env::args().skip(1));
    let mut report = Report::new(wishes.json.as_deref());
    let demo = Portal::demo();
    report.machine(demo.root());
    start::measure(&demo, wishes.starts, &mut report);
    drop(demo);
    for size in &wishes.sizes {
        let portal = Portal::made_up(*size);
        start::measure(&portal, wishes.starts, &mut report);
        edits::measure(&portal, wishes.edits, wishes.pauses, &mut report);
    }
    let small = wishes.sizes.iter().filter(|size| **size <= MEMORY_UP_TO);
    for size in small.filter(|_| wishes.memory > 0) {
        memory::measure(&Portal::made_up(*size), wishes.memory, &mut report);
    }
    report.print();
}

fn wishes(mut arguments: impl Iterator<Item = String>) -> Wishes {
    let mut wishes = Wishes {
        sizes: Vec::new(),
        edits: 200,
        pauses: 20,
        memory: 10_000,
        starts: 3,
        json: None,
    };
    while let Some(argument) = arguments.next() {
        let mut next = || arguments.next().unwrap_or_else(|| usage(&argument));
        match argument.as_str() {
            "--bench" => {} // from cargo
            "--edits" => wishes.edits = number(&next()),
            "--pauses" => wishes.pauses = number(&next()),
            "--memory" => wishes.memory = number(&next()),
            "--starts" => wishes.starts = number(&next()).max(1),
            "--json" => wishes.json = Some(next().into()),
            size => wishes.sizes.push(number(size)),
        }
    }
    if wishes.sizes.is_empty() {
        wishes.sizes = vec![1_000, 10_000, 100_000];
    }
    wishes
}

fn number(text: &str) -> usize {
    text.parse().unwrap_or_else(|_| usage(text))
}

fn usage<T>(wrong: &str) -> T {
    eprintln!(
        "error: what is `{wrong}`?\nusage: cargo bench --bench preview -- [SIZES…] \
         [--starts N] [--edits N] [--pauses N] [--memory N] [--json FILE]"
    );
    std::process::exit(2)
}

//! The index of the search over edits: it is that of a clean build, whatever it is made from, and
//! an edit of an old article reads no other.

mod common;

use common::corpus::{self, Spec};
use common::fixture::{Bench, moment};
use masthead::build::timings::Timings;
use masthead::build::{self, Job};
use masthead::source::memory::Memory;
use masthead::source::{Listing, Source};
use std::collections::BTreeSet;
use std::io;
use std::sync::Mutex;

const ARTICLES: usize = 300;

/// A source that remembers which articles were read.
struct Counting<'a> {
    source: &'a Memory,
    read: Mutex<BTreeSet<String>>,
}

impl Source for Counting<'_> {
    fn list(&self) -> Listing {
        self.source.list()
    }

    fn below(&self, path: &str) -> Listing {
        self.source.below(path)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        if path.starts_with("content/") {
            let mut read = self.read.lock().expect("no panic");
            read.insert(path.to_string());
        }
        self.source.read(path)
    }
}

fn spec() -> Spec {
    Spec {
        articles: ARTICLES,
        characters: 200,
        ..Spec::default()
    }
}

fn portal(config: &str) -> Bench {
    let mut bench = Bench::default();
    bench.options.now = moment("2027-01-01T00:00:00+08:00");
    bench.source.put("masthead.yaml", config);
    for n in 0..ARTICLES {
        let (path, text) = corpus::article(&spec(), n);
        bench.source.put(path, text);
    }
    bench
}

/// Builds, and gives the articles that were read.
fn reads(bench: &Bench) -> BTreeSet<String> {
    let source = Counting {
        source: &bench.source,
        read: Mutex::default(),
    };
    let outcome = build::build(&Job {
        source: &source,
        sink: &bench.sink,
        store: &bench.store,
        output: "test",
        now: bench.options.now,
        drafts: false,
        base_url: None,
        check: false,
        progress: &|_, _| {},
        timings: &Timings::off(),
    });
    assert_eq!(outcome.tally.errors, 0);
    source.read.into_inner().expect("no panic")
}

fn check_clean(bench: &Bench, what: &str) {
    let clean = Bench {
        source: bench.source.clone(),
        options: bench.options.clone(),
        ..Bench::default()
    };
    clean.build();
    let (own, other) = (bench.sink.files(), clean.sink.files());
    assert!(own.keys().eq(other.keys()), "{what}: other files");
    for (path, bytes) in own.iter() {
        assert!(*bytes == other[path], "{what}: {path}");
    }
}

fn edit(bench: &mut Bench, n: usize, from: &str, to: &str) {
    let (path, _) = corpus::article(&spec(), n);
    let text = bench.source.get(&path).expect("an article");
    let text = String::from_utf8(text.to_vec()).expect("a text");
    assert!(text.contains(from), "{text}");
    bench.source.put(path, text.replacen(from, to, 1));
}

#[test]
fn an_edit_of_an_old_article_reads_no_other_and_leaves_a_clean_index() {
    let editions = format!("{}editions: [zh-Hans, zh-Hant-TW]\n", corpus::config());
    let mut bench = portal(&editions);
    reads(&bench);
    check_clean(&bench, "the first build");
    // The second edition has no postings of its own.
    let is_own =
        |path: &&String| path.starts_with("hant/search/index/") && !path.contains("/texts/");
    let own: Vec<String> = bench.sink.files().keys().filter(is_own).cloned().collect();
    assert_eq!(own, ["hant/search/index/index.json"]);

    // With a summary, what its text says makes it kin to no other article.
    let has_summary = |n: &usize| corpus::article(&spec(), *n).1.contains("\nsummary: ");
    let told = (20..).find(has_summary).expect("an article with a summary");
    edit(
        &mut bench,
        told,
        "\n---\n",
        "\n---\n港口的新软件与鼠标。\n\n",
    );
    let read = reads(&bench);
    let (path, _) = corpus::article(&spec(), told);
    assert_eq!(read, BTreeSet::from([path]));
    check_clean(&bench, "an edit");

    edit(&mut bench, told, "港口的新软件与鼠标。\n\n", "");
    edit(&mut bench, 30, "\n---\n", "\nnoindex: true\n---\n");
    reads(&bench);
    check_clean(&bench, "an article that is not to be found");

    edit(&mut bench, 30, "\nnoindex: true\n---\n", "\n---\n");
    reads(&bench);
    check_clean(&bench, "one that is again");

    bench.source.put("masthead.yaml", corpus::config());
    reads(&bench);
    check_clean(&bench, "one script");
}

//! The search of a portal of 10,000 articles in Chromium: whatever stands in a body is found, with
//! few bytes. The truth is what a walk through all texts finds.

mod common;

use common::chromium::Chromium;
use common::corpus::{self, Spec};
use common::search::{Dice, ask, chinese_part, text_of};
use common::server::{POLICY, Server};
use masthead::base::text::fold::fold;
use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

const ARTICLES: usize = 10_000;
const QUERIES: usize = 500;
/// What a query may fetch, in bytes.
const BYTES: u64 = 150_000;
/// How many files a query may fetch.
const REQUESTS: usize = 80;
/// What an article's file of the index says, folded: title and tags, and all.
struct Text {
    head: String,
    all: String,
}

fn texts(public: &Path, count: usize) -> Vec<Text> {
    let read = |n: usize| {
        let file = text_of(public, "", n).expect("a text");
        let head = fold(&file.head).into_owned();
        let rest = fold(&format!("{}\n{}", file.points, file.body)).into_owned();
        Text {
            all: format!("{head}\n{rest}"),
            head,
        }
    };
    (0..count).map(read).collect()
}

/// A part of 2 to 6 Han characters of an article's source.
fn part(spec: &Spec, n: usize, dice: &mut Dice) -> Option<String> {
    let (_, source) = corpus::article(spec, n);
    chinese_part(source.splitn(3, "---\n").nth(2)?, dice)
}

/// A list of figures: median, 95 of 100, most.
fn figures(mut all: Vec<f64>) -> [f64; 3] {
    all.sort_by(f64::total_cmp);
    let last = all.len() - 1;
    [last / 2, last * 95 / 100, last].map(|at| all[at])
}

/// A number from the environment: `MASTHEAD_ARTICLES=100000` for a portal as large as that.
fn wish(name: &str, usual: usize) -> usize {
    std::env::var(name).map_or(usual, |number| number.parse().expect("a number"))
}

#[test]
fn whatever_stands_in_a_body_is_found_with_few_bytes() {
    let folder = tempfile::tempdir().expect("a folder");
    let (site, public) = (folder.path().join("site"), folder.path().join("public"));
    let (articles, queries) = (
        wish("MASTHEAD_ARTICLES", ARTICLES),
        wish("MASTHEAD_QUERIES", QUERIES),
    );
    let spec = Spec {
        articles,
        characters: 1_000,
        ..Spec::default()
    };
    corpus::write(&site, &spec).expect("a portal");
    let built = Command::new(env!("CARGO_BIN_EXE_masthead"))
        .args(["build", "--as-of", "2027-01-01T12:00:00+08:00", "--root"])
        .arg(&site)
        .arg("--output")
        .arg(&public)
        .output()
        .expect("masthead runs");
    assert!(
        built.status.success(),
        "{}",
        String::from_utf8_lossy(&built.stderr)
    );
    let texts = texts(&public, articles);
    let server = Server::with_policy(&public, POLICY, |_| None);
    let chromium = Chromium::launch();
    let tab = chromium.tab().expect("a tab");
    tab.open(&server.address("/search/")).expect("the page");
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut bytes, mut requests, mut took, mut after) = (vec![], vec![], vec![], vec![]);
    let mut empty = 0;
    while bytes.len() < queries {
        let n = dice.below(articles);
        let Some(query) = part(&spec, n, &mut dice) else {
            continue;
        };
        let wanted = fold(&query).into_owned();
        assert!(
            texts[n].all.contains(&wanted),
            "{query} is lost from the text of {n}"
        );
        let (heads, bodies): (Vec<usize>, Vec<usize>) = (0..articles)
            .rev()
            .filter(|n| texts[*n].all.contains(&wanted))
            .partition(|n| texts[*n].head.contains(&wanted));
        let truth: Vec<usize> = heads.into_iter().chain(bodies).collect();
        let answer = ask(&tab, &query);
        let shown = &answer.shown;
        let rest: BTreeSet<usize> = answer.rest.iter().copied().collect();
        let lost: Vec<&usize> = truth
            .iter()
            .filter(|n| !shown.contains(n) && !rest.contains(n))
            .collect();
        let found = answer.count;
        assert!(found >= truth.len(), "{query}: {found} of {}", truth.len());
        // Made of few words, this portal has each pair of letters in very many articles: now and
        // then all that may be fetched goes into texts that have the pairs, but not side by side.
        empty += usize::from(shown.is_empty());
        assert_eq!(*shown, truth[..shown.len()], "{query}: best first");
        assert!(
            lost.is_empty(),
            "{query}: {lost:?} are not found: {answer:?}"
        );
        bytes.push(answer.bytes as f64);
        requests.push(answer.requests as f64);
        took.push(answer.took);
        after.push(answer.after);
    }
    println!(
        "the first query: {:.0} milliseconds after the last byte",
        after[0]
    );
    let say = |what: &str, all: Vec<f64>| -> f64 {
        let [median, most_of, most] = figures(all);
        println!("{what} of a query: median {median:.0}, 95 % {most_of:.0}, most {most:.0}");
        most
    };
    let most_bytes = say("bytes", bytes);
    let most_requests = say("requests", requests);
    say("milliseconds, with its requests,", took);
    say("milliseconds after the last byte", after);
    println!("nothing shown at once: {empty}");
    assert!(empty * 100 <= queries * 2);
    assert!(most_bytes <= BYTES as f64);
    assert!(most_requests <= REQUESTS as f64);
}

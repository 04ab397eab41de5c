//! The search of a portal of 10,000 articles in Chromium: whatever stands in a body is found, with
//! few bytes. The truth is what a walk through all texts finds.

mod common;

use common::chromium::{Chromium, Tab};
use common::corpus::{self, Spec};
use common::server::Server;
use masthead::base::text::fold::fold;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

const ARTICLES: usize = 10_000;
const QUERIES: usize = 500;
/// What a query may fetch, in bytes.
const BYTES: u64 = 150_000;
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                      connect-src 'self'; base-uri 'none'; form-action 'self'";

/// Numbers that look like chance (Marsaglia's xorshift).
struct Dice(u64);

impl Dice {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// What an article's file of the index says, folded: title and tags, and all.
struct Text {
    head: String,
    all: String,
}

fn texts(public: &Path, count: usize) -> Vec<Text> {
    let read = |n: usize| {
        let path = format!("search/index/texts/{}/{n}.bin", n / 1000);
        let bytes = fs::read(public.join(path)).expect("a text");
        let json = match bytes[1] {
            0 => {
                let units = bytes.chunks_exact(2);
                let units: Vec<u16> = units
                    .map(|two| u16::from_le_bytes([two[0], two[1]]))
                    .collect();
                String::from_utf16(&units).expect("UTF-16")
            }
            _ => String::from_utf8(bytes).expect("UTF-8"),
        };
        let file: Value = serde_json::from_str(&json).expect("JSON");
        let lines = |value: &Value| match value {
            Value::String(text) => text.clone(),
            Value::Array(all) => {
                let all = all.iter().filter_map(Value::as_str);
                all.collect::<Vec<_>>().join("\n")
            }
            _ => String::new(),
        };
        let head = fold(&format!("{}\n{}", lines(&file[1]), lines(&file[5]))).into_owned();
        let rest = fold(&format!("{}\n{}", lines(&file[6]), lines(&file[7]))).into_owned();
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
    let body = source.splitn(3, "---\n").nth(2)?;
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let prose = body
        .lines()
        .filter(|line| !line.starts_with(['#', '|', '>', '`']));
    let runs: Vec<Vec<char>> = prose
        .flat_map(|line| line.split(|c| !is_han(c)))
        .map(|run| run.chars().collect())
        .filter(|run: &Vec<char>| run.len() >= 6)
        .collect();
    let run = runs.get(dice.below(runs.len().max(1)))?;
    let length = 2 + dice.below(5);
    let start = dice.below(run.len() - length + 1);
    Some(run[start..start + length].iter().collect())
}

/// What a query is answered with.
fn ask(tab: &Tab, query: &str) -> Value {
    let script = format!(
        "new Promise((done) => {{
            const begun = performance.now();
            const page = document.getElementById('Search');
            page.addEventListener('found', ({{ detail }}) => done({{
                ...detail,
                took: performance.now() - begun,
                results: detail.results.map(({{ n, url }}) => ({{ n, url }})),
                shown: page.querySelectorAll('li').length,
                marks: page.querySelectorAll('.excerpt mark, h2 mark').length,
            }}), {{ once: true }});
            page.querySelector('input').value = {};
            page.querySelector('form').requestSubmit();
        }})",
        json!(query)
    );
    tab.evaluate(&script).expect("an answer")
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
    let (mut fetched, mut times) = (Vec::new(), Vec::new());
    let (mut asked, mut empty) = (0, 0);
    while asked < queries {
        let n = dice.below(articles);
        let Some(query) = part(&spec, n, &mut dice) else {
            continue;
        };
        asked += 1;
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
        let numbers = |value: &Value| -> Vec<usize> {
            let all = value.as_array().into_iter().flatten();
            all.filter_map(|n| n.as_u64().map(|n| n as usize)).collect()
        };
        let shown: Vec<usize> = answer["results"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|result| result["n"].as_u64().map(|n| n as usize))
            .collect();
        let rest: BTreeSet<usize> = numbers(&answer["rest"]).into_iter().collect();
        let lost: Vec<&usize> = truth
            .iter()
            .filter(|n| !shown.contains(n) && !rest.contains(n))
            .collect();
        let bytes = answer["bytes"].as_u64().expect("a number");
        let found = answer["count"].as_u64().expect("a number") as usize;
        assert!(found >= truth.len(), "{query}: {found} of {}", truth.len());
        // Made of few words, this portal has each pair of letters in very many articles: now and
        // then all that may be fetched goes into texts that have the pairs, but not side by side.
        empty += usize::from(shown.is_empty());
        assert_eq!(shown, truth[..shown.len()], "{query}: best first");
        assert!(lost.is_empty(), "{query}: {lost:?} are not found: {answer}");
        fetched.push(bytes);
        let took = answer["took"].as_f64().expect("a time");
        times.push(took);
    }
    fetched.sort_unstable();
    times.sort_by(f64::total_cmp);
    println!(
        "bytes of a query: median {}, 95 % {}, most {}",
        fetched[queries / 2],
        fetched[queries * 95 / 100],
        fetched[queries - 1]
    );
    println!("nothing shown at once: {empty}");
    assert!(empty * 100 <= queries * 2);
    println!(
        "milliseconds of a query, with its requests: median {:.0}, 95 % {:.0}",
        times[queries / 2],
        times[queries * 95 / 100]
    );
    assert!(fetched[queries - 1] <= BYTES);
}

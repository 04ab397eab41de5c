//! Test sites as text: prose, then the site's files and what is expected, in one file.
//!
//! A line `-- NAME --` starts a section. `-- content/a.md --` is a file; `-- edit PATH --` and
//! `-- remove PATH --` change it later; `-- font PATH --` is a font of the characters in it; `-- options --` holds flags of a build; everything from
//! one expectation to the next change belongs to one run.
//!
//! | section | holds |
//! |---|---|
//! | `expect diagnostics` | the whole report |
//! | `expect diagnostics CODE` | what the report says of one code |
//! | `expect tally` | the figures of the run |
//! | `expect files` | the paths in the output, without built-in static files |
//! | `expect URL` | the page, whole |
//! | `expect URL TAG` | the first element of that name in the page |
//! | `expect ledger` | URLs added, changed and removed |
//!
//! `UPDATE=1 cargo test` writes what came out into the files.
#![allow(dead_code)]

use masthead::base::date;
use masthead::base::diagnostic::report;
use masthead::build::timings::Timings;
use masthead::build::{self, Job, Outcome};
use masthead::sink::memory::Memory as Output;
use masthead::sink::store::Memory as Cache;
use masthead::site::route::path_of;
use masthead::source::memory::Memory as Input;
use std::fmt::Write as _;
use std::path::Path;

/// One section of a test file.
struct Section {
    name: String,
    text: String,
}

/// A site in memory that is built again and again.
pub struct Bench {
    pub source: Input,
    pub sink: Output,
    pub store: Cache,
    pub options: Options,
}

/// Flags of a build.
#[derive(Debug, Clone)]
pub struct Options {
    pub now: i64,
    pub drafts: bool,
    pub base_url: Option<String>,
    pub check: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            now: moment("2026-11-24T08:00:00+08:00"),
            drafts: false,
            base_url: None,
            check: false,
        }
    }
}

/// A moment from its RFC 3339 text.
pub fn moment(text: &str) -> i64 {
    date::parse(text)
        .and_then(|stamp| stamp.moment(&date::zone("Z")?))
        .expect("a moment")
}

impl Default for Bench {
    fn default() -> Bench {
        Bench {
            source: Input::new(),
            sink: Output::new(),
            store: Cache::default(),
            options: Options::default(),
        }
    }
}

impl Bench {
    /// Builds the site as it stands.
    pub fn build(&self) -> Outcome {
        build::build(&Job {
            source: &self.source,
            sink: &self.sink,
            store: &self.store,
            output: "test",
            now: self.options.now,
            drafts: self.options.drafts,
            base_url: self.options.base_url.as_deref(),
            check: self.options.check,
            progress: &|_, _| {},
            timings: &Timings::off(),
        })
    }
}

/// Runs every test file of a folder; fails with all that differs.
pub fn run_all(folder: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(folder);
    let mut files: Vec<_> = std::fs::read_dir(&root)
        .expect("the folder of test files")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "md"))
        .collect();
    files.sort();
    assert!(!files.is_empty(), "no test files in {}", root.display());
    let failures: Vec<String> = files.iter().filter_map(|path| run(path)).collect();
    assert!(
        failures.is_empty(),
        "{}\n\nUPDATE=1 takes this over",
        failures.join("\n")
    );
}

fn run(path: &Path) -> Option<String> {
    let text = std::fs::read_to_string(path).expect("a test file");
    let (prose, sections) = parse(&text);
    let (mut bench, mut outcome) = (Bench::default(), None);
    let (mut out, mut failures) = (prose, String::new());
    for section in sections {
        let actual = match section.name.split_once(' ') {
            Some(("expect", what)) => {
                let outcome = outcome.get_or_insert_with(|| bench.build());
                actual(&bench, outcome, what)
            }
            _ => {
                outcome = None;
                change(&mut bench, &section);
                section.text.clone()
            }
        };
        if actual != section.text {
            let _ = writeln!(
                failures,
                "{}: {}\n--- expected\n{}\n--- came out\n{actual}",
                path.display(),
                section.name,
                section.text
            );
        }
        let _ = write!(out, "-- {} --\n{actual}\n", section.name);
    }
    if std::env::var_os("UPDATE").is_some() && out != text {
        std::fs::write(path, out).expect("the test file is written");
        return None;
    }
    (!failures.is_empty()).then_some(failures)
}

fn parse(text: &str) -> (String, Vec<Section>) {
    let (mut prose, mut sections) = (String::new(), Vec::<Section>::new());
    for line in text.lines() {
        let name = line
            .strip_prefix("-- ")
            .and_then(|rest| rest.strip_suffix(" --"));
        match (name, sections.last_mut()) {
            (Some(name), _) => sections.push(Section {
                name: name.to_string(),
                text: String::new(),
            }),
            (None, Some(section)) => {
                section.text.push_str(line);
                section.text.push('\n');
            }
            (None, None) => {
                prose.push_str(line);
                prose.push('\n');
            }
        }
    }
    // The blank line before the next section is no part of a file.
    for section in &mut sections {
        let kept = section.text.trim_end_matches('\n').len();
        section.text.truncate(kept);
        section.text.push('\n');
    }
    (prose, sections)
}

fn change(bench: &mut Bench, section: &Section) {
    let text = section.text.replace("\\t", "\t");
    match section.name.split_once(' ') {
        Some(("edit", path)) => bench.source.put(path, text),
        Some(("remove", path)) => drop(bench.source.remove(path)),
        Some(("bytes", path)) => bench.source.put(path, bytes(&section.text)),
        Some(("font", path)) => bench.source.put(path, super::font::font(text.trim())),
        _ if section.name == "options" => bench.options = options(&section.text),
        Some(_) => panic!("what is `{}`?", section.name),
        None => bench.source.put(section.name.clone(), text),
    }
}

/// `61 ff 0a`
fn bytes(text: &str) -> Vec<u8> {
    text.split_whitespace()
        .map(|hex| u8::from_str_radix(hex, 16).expect("a byte"))
        .collect()
}

fn options(text: &str) -> Options {
    let mut options = Options::default();
    for line in text.lines() {
        match line.split_once(' ') {
            Some(("as-of", text)) => options.now = moment(text),
            Some(("base-url", url)) => options.base_url = Some(url.to_string()),
            _ if line == "drafts" => options.drafts = true,
            _ if line == "check" => options.check = true,
            _ => assert!(line.is_empty(), "what is `{line}`?"),
        }
    }
    options
}

fn actual(bench: &Bench, outcome: &Outcome, what: &str) -> String {
    let text = match what {
        "diagnostics" => report(&outcome.diagnostics, false),
        of_code if of_code.starts_with("diagnostics ") => {
            let code = of_code.trim_start_matches("diagnostics ");
            let mut chosen = outcome.diagnostics.clone();
            chosen.retain(|diagnostic| diagnostic.code.name() == code);
            report(&chosen, false)
        }
        "tally" => tally(outcome),
        "files" => files(bench),
        "ledger" => serde_json::to_string_pretty(&outcome.ledger).expect("a ledger"),
        page => element(bench, page),
    };
    let lines: Vec<&str> = text.trim_end().lines().map(str::trim_end).collect();
    format!("{}\n", lines.join("\n"))
}

fn tally(outcome: &Outcome) -> String {
    let tally = &outcome.tally;
    let mut text = format!(
        "articles {}, parsed {}, rendered {}, written {}, removed {}",
        tally.articles, tally.parsed, tally.rendered, tally.written, tally.removed
    );
    if let Some(event) = &tally.next_event {
        let _ = write!(text, ", next event {event}");
    }
    text
}

fn files(bench: &Bench) -> String {
    let built_in = [
        "site.css",
        "site.js",
        "rich.css",
        "search.css",
        "search.js",
        "docs.css",
        "favicon.svg",
        "accents.css",
        ".masthead-stamp",
        ".masthead-paths",
    ];
    let files = bench.sink.files();
    let shown = files
        .keys()
        .filter(|path| !built_in.contains(&path.as_str()));
    shown.fold(String::new(), |text, path| text + path + "\n")
}

fn element(bench: &Bench, page: &str) -> String {
    let (url, tag) = page.split_once(' ').unwrap_or((page, ""));
    let files = bench.sink.files();
    let Some(bytes) = files.get(&path_of(url)) else {
        return "(no such page)".to_string();
    };
    let html = String::from_utf8_lossy(bytes);
    if tag.is_empty() {
        return html.into_owned();
    }
    let open = |at: usize| html[at + tag.len() + 1..].starts_with(['>', ' ', '\n']);
    let start = html
        .match_indices(&format!("<{tag}"))
        .map(|(at, _)| at)
        .find(|at| open(*at));
    let Some(start) = start else {
        return format!("(no <{tag}> in the page)");
    };
    let close = format!("</{tag}>");
    let end = html[start..]
        .find(&close)
        .map_or(html.len(), |end| start + end + close.len());
    html[start..end].to_string()
}

//! Dumps in, facts out: a file of `tests/dumps/` each. Prose, `-- dump --`, `-- facts --`.
//!
//! `-- dump crlf --` gives every line a carriage return; `«海*500»` in a dump stands for 500 times
//! 海; `-- dump PATH --` says where the file lies. `UPDATE=1` writes what came out.

use masthead::base::diagnostic::report;
use masthead::facts::dump::{Block, parse};
use masthead::facts::{Facts, facts};
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn dumps() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dumps");
    let mut files: Vec<PathBuf> = fs::read_dir(root)
        .expect("the folder of dumps")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    assert!(files.len() >= 30, "{} dumps", files.len());
    let failures: Vec<String> = files.iter().filter_map(|path| run(path)).collect();
    assert!(
        failures.is_empty(),
        "{}\nUPDATE=1 takes this over",
        failures.join("\n")
    );
}

fn run(path: &Path) -> Option<String> {
    let text = fs::read_to_string(path).expect("a test file");
    let (head, rest) = text.split_once("\n-- dump").expect("a section `dump`");
    let (options, rest) = rest.split_once("--\n").expect("a line `-- dump --`");
    let (dump, facts) = rest.split_once("\n-- facts --\n").unwrap_or((rest, ""));
    let actual = shown(options, dump);
    if actual == facts {
        return None;
    }
    if std::env::var_os("UPDATE").is_some() {
        let all = format!("{head}\n-- dump{options}--\n{dump}\n-- facts --\n{actual}");
        fs::write(path, all).expect("the test file is written");
        return None;
    }
    Some(format!(
        "{}\n--- expected\n{facts}\n--- came out\n{actual}",
        path.display()
    ))
}

fn shown(options: &str, dump: &str) -> String {
    let mut dump = unfolded(dump);
    let mut path = "content/guoji/dump.txt";
    for option in options.split_whitespace() {
        match option {
            "crlf" => dump = dump.replace('\n', "\r\n"),
            other => path = other,
        }
    }
    let facts = facts(path, dump.as_bytes());
    let parsed = parse(&dump);
    let mut out = meta(&facts);
    list(&mut out, "body", &texts(&parsed.body));
    list(&mut out, "promo", &texts(&parsed.promo));
    list(&mut out, "contact", &texts(&parsed.contact));
    let report = report(&facts.diagnostics, false);
    let lines: Vec<&str> = report.trim_end().lines().map(str::trim_end).collect();
    let _ = write!(out, "\n{}", lines.join("\n"));
    format!("{}\n", out.trim_end())
}

/// `«海*500»` is 海 500 times.
fn unfolded(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('«') {
        let (folded, after) = after.split_once('»').expect("a closing »");
        let (what, times) = folded.rsplit_once('*').expect("a number of times");
        out.push_str(before);
        out.push_str(&what.repeat(times.parse().expect("a number")));
        rest = after;
    }
    out + rest
}

fn meta(facts: &Facts) -> String {
    let meta = &facts.meta;
    let mut out = String::new();
    line(&mut out, "title", Some(facts.title.as_str()));
    let date = meta.date.map(|date| {
        let year = date
            .year
            .map_or("????".to_string(), |year| year.to_string());
        let time = date.time.map_or(String::new(), |(hour, minute, second)| {
            format!(" {hour:02}:{minute:02}:{second:02}")
        });
        let offset = date
            .offset
            .map_or(String::new(), |offset| format!(" {offset:+} min"));
        format!("{year}-{:02}-{:02}{time}{offset}", date.month, date.day)
    });
    line(&mut out, "date", date.as_deref());
    let weekday = facts
        .raw
        .open_year
        .as_ref()
        .and_then(|open| open.weekday.clone());
    line(
        &mut out,
        "weekday",
        weekday
            .map(|(n, text, _)| format!("{n} ({text})"))
            .as_deref(),
    );
    line(&mut out, "source", meta.source.as_deref());
    line(&mut out, "source_url", meta.source_url.as_deref());
    line(&mut out, "lang", facts.lang.as_deref());
    line(
        &mut out,
        "summary",
        meta.summary.as_ref().map(|summary| summary.text.as_str()),
    );
    list(&mut out, "highlights", &meta.highlights);
    line(&mut out, "standfirst", meta.more.standfirst.as_deref());
    list(&mut out, "authors", &meta.authors);
    list(&mut out, "editors", &meta.editors);
    list(&mut out, "tags", &meta.tags);
    list(&mut out, "templates", &facts.raw.templates);
    out
}

fn line(out: &mut String, name: &str, text: Option<&str>) {
    if let Some(text) = text {
        let _ = writeln!(out, "{name}: {}", short(text));
    }
}

fn list(out: &mut String, name: &str, items: &[String]) {
    if !items.is_empty() {
        let _ = writeln!(out, "{name}:");
        items.iter().for_each(|item| {
            let _ = writeln!(out, "  - {}", short(item));
        });
    }
}

fn texts(blocks: &[Block]) -> Vec<String> {
    blocks.iter().map(|block| block.text.clone()).collect()
}

/// A long text by its beginning and length.
fn short(text: &str) -> String {
    let length = text.chars().count();
    if length <= 60 {
        return text.to_string();
    }
    let start: String = text.chars().take(40).collect();
    format!("{start}… ({length} characters)")
}

//! The search as a test asks it: parts of bodies, the files of texts, and what a query is answered.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use super::chromium::Tab;
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// Numbers that look like chance (Marsaglia's xorshift).
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// A part of 2 to 6 Han characters of a body in Markdown.
pub fn chinese_part(body: &str, dice: &mut Dice) -> Option<String> {
    let is_han = |c: char| ('\u{4e00}'..='\u{9fff}').contains(&c);
    let prose = body
        .lines()
        .filter(|line| !line.starts_with(['#', '|', '>', '`', '[', '<']));
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

/// What an article's file of the index says.
pub struct Text {
    pub url: String,
    /// Title and tags.
    pub head: String,
    pub points: String,
    pub body: String,
}

/// The file of an article in an edition, which is named by its folder.
pub fn text_of(public: &Path, edition: &str, n: usize) -> Option<Text> {
    let path = format!("{edition}search/index/texts/{}/{n}.bin", n / 1000);
    let bytes = fs::read(public.join(path)).ok()?;
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
    Some(Text {
        url: lines(&file[0]),
        head: format!("{}\n{}", lines(&file[1]), lines(&file[5])),
        points: lines(&file[6]),
        body: lines(&file[7]),
    })
}

/// What a query is answered with.
#[derive(Debug)]
pub struct Answer {
    /// The articles that are shown, best first.
    pub shown: Vec<usize>,
    /// Candidates for more results.
    pub rest: Vec<usize>,
    pub count: usize,
    /// What is marked in titles and excerpts.
    pub marks: usize,
    /// Bytes of all files that the query needs.
    pub bytes: u64,
    /// Files that were fetched, and not held already.
    pub requests: usize,
    /// Milliseconds until results are shown: from the beginning, and from the last byte.
    pub took: f64,
    pub after: f64,
}

/// Asks with what the page holds already of the index.
pub fn ask(tab: &Tab, query: &str) -> Answer {
    let script = format!(
        "new Promise((done) => {{
            performance.clearResourceTimings();
            const begun = performance.now();
            const page = document.getElementById('Search');
            page.addEventListener('found', ({{ detail }}) => {{
                const now = performance.now();
                const files = performance.getEntriesByType('resource')
                    .filter((own) => own.name.includes('/search/index/'));
                const last = Math.max(begun, ...files.map((own) => own.responseEnd));
                done({{
                    ...detail,
                    took: now - begun,
                    after: now - last,
                    requests: files.length,
                    results: detail.results.map(({{ n }}) => n),
                    shown: page.querySelectorAll('li h2').length,
                    marks: page.querySelectorAll('.excerpt mark, h2 mark').length,
                }});
            }}, {{ once: true }});
            page.querySelector('input').value = {};
            page.querySelector('form').requestSubmit();
        }})",
        json!(query)
    );
    let answer = tab.evaluate(&script).expect("an answer");
    assert!(answer["error"].is_null(), "{query}: {answer}");
    let numbers = |value: &Value| -> Vec<usize> {
        let all = value.as_array().into_iter().flatten();
        all.filter_map(|n| n.as_u64().map(|n| n as usize)).collect()
    };
    let number = |name: &str| answer[name].as_u64().unwrap_or_default() as usize;
    let time = |name: &str| answer[name].as_f64().expect("a time");
    let shown = numbers(&answer["results"]);
    assert_eq!(shown.len(), number("shown"), "{query}: {answer}");
    Answer {
        shown,
        rest: numbers(&answer["rest"]),
        count: number("count"),
        marks: number("marks"),
        bytes: answer["bytes"].as_u64().unwrap_or_default(),
        requests: number("requests"),
        took: time("took"),
        after: time("after"),
    }
}

//! What an import took from a dump, and what it left out.

use crate::base::diagnostic::{Code, Diagnostic};
use crate::facts::Meta;
use crate::facts::dump::{Block, Dump};
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// What one dump gave.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Taken {
    /// The dump.
    pub from: String,
    /// The Markdown.
    pub to: String,
    /// Its channel.
    pub channel: String,
    /// What told the channel.
    pub channel_by: String,
    /// The headline.
    pub title: Option<Found>,
    /// The date; line 0 where the file's name has it.
    pub date: Option<Found>,
    /// Who published it first.
    pub source: Option<Found>,
    /// Where.
    pub source_url: Option<Found>,
    /// Who wrote it.
    pub authors: Vec<Found>,
    /// Who edited it.
    pub editors: Vec<Found>,
    /// Its tags.
    pub tags: Vec<Found>,
    /// Securities that the body does not name.
    pub tickers: Vec<String>,
    /// The summary, taken as an AI's.
    pub summary: Option<Found>,
    /// The key points.
    pub highlights: Vec<Found>,
    /// The standfirst.
    pub standfirst: Option<Found>,
    /// The language of the body.
    pub lang: Option<String>,
    /// Foreign template names.
    pub templates: Vec<String>,
    /// How many paragraphs the body has.
    pub paragraphs: usize,
    /// How many marks of punctuation became full-width.
    pub marks: usize,
    /// The lines that are nowhere in the Markdown.
    pub left_out: Vec<LeftOut>,
}

/// Something that was found on a line of the dump.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Found {
    /// As it is in the Markdown.
    pub text: String,
    /// Its line in the dump, from 1.
    pub line: u32,
}

/// A line that was left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LeftOut {
    /// Its number, from 1.
    pub line: u32,
    /// Its text.
    pub text: String,
    /// Why.
    pub reason: &'static str,
}

/// The texts of front matter, each with its line.
pub fn found(dump: &Dump, meta: &Meta) -> Taken {
    let one = |text: Option<&String>, block: Option<&Block>| {
        let line = block.map_or(0, |block| block.line);
        text.map(|text| Found {
            text: text.clone(),
            line,
        })
    };
    let all = |texts: &[String], blocks: &[Block]| -> Vec<Found> {
        let pairs = texts.iter().zip(blocks);
        pairs
            .filter_map(|(text, block)| one(Some(text), Some(block)))
            .collect()
    };
    let summary = meta.summary.as_ref().map(|summary| &summary.text);
    Taken {
        title: one(meta.title.as_ref(), dump.title.as_ref()),
        source: one(meta.source.as_ref(), dump.source.as_ref()),
        source_url: one(meta.source_url.as_ref(), dump.link.as_ref()),
        authors: all(&meta.authors, &dump.authors),
        editors: all(&meta.editors, &dump.editors),
        tags: all(&meta.tags, &dump.tags),
        summary: one(summary, dump.summary.as_ref()),
        highlights: all(&meta.highlights, &dump.points),
        standfirst: one(meta.more.standfirst.as_ref(), dump.standfirst.as_ref()),
        ..Taken::default()
    }
}

/// The lines of a dump that nothing was taken from. `learned` are paragraphs that many dumps have.
pub fn left_out(text: &str, dump: &Dump, learned: &[u32]) -> Vec<LeftOut> {
    let mut reasons: HashMap<u32, &'static str> = HashMap::new();
    let mut taken: HashSet<u32> = dump.date.iter().map(|date| date.line).collect();
    for (at, block) in dump.body.iter().enumerate() {
        match learned.contains(&(at as u32)) {
            true => drop(reasons.insert(block.line, "it stands in many dumps")),
            false => drop(taken.insert(block.line)),
        }
    }
    let ones = [
        &dump.title,
        &dump.source,
        &dump.link,
        &dump.summary,
        &dump.standfirst,
    ];
    let lists = [&dump.points, &dump.authors, &dump.editors, &dump.tags];
    let blocks = ones
        .into_iter()
        .flatten()
        .chain(lists.into_iter().flatten());
    taken.extend(blocks.map(|block| block.line));
    for (blocks, reason) in [
        (&dump.promo, "promotion"),
        (&dump.contact, "a contact address"),
        (&dump.related, "after the end of the article"),
        (&dump.repeated, "it repeats the line above or the title"),
    ] {
        reasons.extend(blocks.iter().map(|block| (block.line, reason)));
    }
    let promo: HashSet<&str> = dump.promo.iter().map(|block| block.text.as_str()).collect();
    let lines = text
        .split('\n')
        .zip(1..)
        .map(|(text, line)| (text.trim(), line));
    lines
        .filter(|(text, _)| !text.is_empty() && !dump.templates.iter().any(|name| name == text))
        .filter(|(_, line)| reasons.contains_key(line) || !taken.contains(line))
        .map(|(text, line)| {
            let other = if promo.contains(text) {
                "promotion"
            } else {
                "a heading or a label"
            };
            LeftOut {
                reason: reasons.get(&line).copied().unwrap_or(other),
                text: text.to_string(),
                line,
            }
        })
        .collect()
}

impl Taken {
    /// The report for people.
    pub fn note(&self, file: &str) -> Diagnostic {
        let message = format!("this dump becomes {}", self.to);
        let mut note = Diagnostic::new(Code::Imported, message).in_file(file);
        note.notes
            .push(format!("channel: {}, by {}", self.channel, self.channel_by));
        for (name, found) in [
            ("title", &self.title),
            ("date", &self.date),
            ("source", &self.source),
            ("source_url", &self.source_url),
            ("summary", &self.summary),
            ("standfirst", &self.standfirst),
        ] {
            note.notes.extend(
                found
                    .iter()
                    .map(|found| format!("{name}: {}", found.shown())),
            );
        }
        for (name, all) in [
            ("authors", &self.authors),
            ("editors", &self.editors),
            ("tags", &self.tags),
            ("highlights", &self.highlights),
        ] {
            note.notes.extend(list(name, all));
        }
        for (name, all) in [("tickers", &self.tickers), ("templates", &self.templates)] {
            if !all.is_empty() {
                note.notes.push(format!("{name}: {}", all.join(", ")));
            }
        }
        note.notes
            .push(format!("body: {}", plural(self.paragraphs, "paragraph")));
        if self.marks > 0 {
            let marks = plural(self.marks, "mark");
            note.notes.push(format!("{marks} of punctuation restored"));
        }
        for line in &self.left_out {
            let LeftOut { line, text, reason } = line;
            note.notes.push(format!(
                "left out: `{}` (line {line}): {reason}",
                short(text)
            ));
        }
        note
    }
}

impl Found {
    fn shown(&self) -> String {
        match self.line {
            0 => short(&self.text),
            line => format!("{} (line {line})", short(&self.text)),
        }
    }
}

/// `tags: 甲, 乙 (line 9)`
fn list(name: &str, all: &[Found]) -> Option<String> {
    let (first, last) = (all.first()?.line, all.last()?.line);
    let texts: Vec<String> = all.iter().map(|found| short(&found.text)).collect();
    let lines = match first == last {
        true => format!("line {first}"),
        false => format!("lines {first} to {last}"),
    };
    Some(format!("{name}: {} ({lines})", texts.join(", ")))
}

fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

/// A long text by its beginning.
fn short(text: &str) -> String {
    const LONGEST: usize = 32;
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_string(),
    }
}

//! A raw text dump of a portal's article page, read into facts.
//!
//! Owns the shape of such dumps: `SOURCE DATE`, title, foreign template names, summary, emoji
//! points, standfirst, dateline, body, bylines, promotion printed twice, contact, tags, related heading.
//! Every line that is not blank is one paragraph; plain text (title, blank line, paragraphs) is
//! the dump that has nothing else. Promises a pure function of the text: no clock, no zone, no
//! panic, and a [`Guess`] with its reason for every decision a reader may want to overrule. Does
//! not infer the year, change punctuation or script, or decide what a tag or a source is called.
//!
//! A file a step: `head` (with `fields`), `tags`, `foot`, `people`, `top`, `dateline`, `weekday`.

mod date;
mod dateline;
mod fields;
mod foot;
mod head;
mod html;
mod people;
mod tags;
#[cfg(test)]
mod tests;
mod top;
mod weekday;

use crate::base::text::script::{Script, script};
use dateline::read_dateline;
use foot::{collapse, cut_related, take_contact, take_promo};
use head::{take_head, take_link, take_source};
use html::without_html;
use people::take_bylines;
use tags::take_tags;
use top::{take_standfirst, take_summary};

/// A paragraph, name or tag, without the spaces around it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Block {
    /// The text.
    pub text: String,
    /// Its line, from 1.
    pub line: u32,
}

/// The date a dump states, as far as it states it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DumpDate {
    /// The year, which aggregators often leave out.
    pub year: Option<i16>,
    /// The month, 1 to 12.
    pub month: i8,
    /// The day, valid for the month.
    pub day: i8,
    /// Hour, minute and second.
    pub time: Option<(i8, i8, i8)>,
    /// Minutes from UTC, where they are stated.
    pub offset: Option<i16>,
    /// Its line, from 1.
    pub line: u32,
    /// Its first character in the line, from 1.
    pub column: u32,
    /// How many characters it takes.
    pub width: u32,
}

/// A weekday the text names, with which the year of a date can be tested.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WeekdayHint {
    /// 1 for Monday to 7 for Sunday.
    pub weekday: u8,
    /// The words that name it.
    pub text: String,
    /// Its line, from 1.
    pub line: u32,
    /// Its first character in the line, from 1.
    pub column: u32,
}

/// One decision that may be wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Guess {
    /// The line it is about, from 1.
    pub line: u32,
    /// The first character it is about, from 1.
    pub column: u32,
    /// How many characters it is about.
    pub width: u32,
    /// What was decided.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// What a dump says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Dump {
    /// Who published the article first.
    pub source: Option<Block>,
    /// When.
    pub date: Option<DumpDate>,
    /// The address of the article there.
    pub link: Option<Block>,
    /// The headline.
    pub title: Option<Block>,
    /// Names of the page's templates: provenance, never paths to open.
    pub templates: Vec<String>,
    /// The paragraph above the points, or the first if it is in the body's other script.
    pub summary: Option<Block>,
    /// Key points, each with its emoji.
    pub points: Vec<Block>,
    /// A first paragraph that the body repeats.
    pub standfirst: Option<Block>,
    /// The paragraphs.
    pub body: Vec<Block>,
    /// Reporters and writers.
    pub authors: Vec<Block>,
    /// Editors.
    pub editors: Vec<Block>,
    /// Promotion, each line once.
    pub promo: Vec<Block>,
    /// Lines with a contact address.
    pub contact: Vec<Block>,
    /// The heading that ends the article, and the lines after it.
    pub related: Vec<Block>,
    /// Lines that repeat the one above them, or the title.
    pub repeated: Vec<Block>,
    /// Tags, each once.
    pub tags: Vec<Block>,
    /// The weekday the text names first.
    pub weekday: Option<WeekdayHint>,
    /// Decisions to check, in the order of the text.
    pub guesses: Vec<Guess>,
}

/// Reads a dump. Each step takes its lines out of the rest, and what remains is the body.
pub fn parse(text: &str) -> Dump {
    let mut dump = Dump::default();
    let text = without_html(text, &mut dump);
    let all = lines(&text);
    let mut rest = all.clone();
    take_head(&mut rest, &mut dump);
    take_tags(&mut rest, &mut dump);
    cut_related(&mut rest, &mut dump);
    take_contact(&mut rest, &mut dump);
    let closing = take_bylines(&mut rest, &mut dump);
    rest.retain(|line| !take_source(*line, &mut dump) && !take_link(*line, &mut dump));
    take_promo(&mut rest, closing, &mut dump);
    collapse(&mut rest, &mut dump);
    take_summary(&mut rest, &mut dump);
    take_standfirst(&mut rest, &mut dump);
    dump.body = rest.into_iter().map(block).collect();
    read_dateline(&all, &mut dump);
    dump.weekday = weekday::weekday(&dump, &all);
    dump.guesses.sort_by_key(|guess| (guess.line, guess.column));
    dump
}

/// A line, or a part of one, with the number of characters before it.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    indent: u32,
    number: u32,
}

/// A line that held HTML may be several.
fn lines(text: &str) -> Vec<Line<'_>> {
    let raw = (1..).zip(text.split('\n'));
    let raw =
        raw.flat_map(|(number, text)| text.split(html::BREAK).map(move |text| (number, text)));
    let lines = raw.map(|(number, text)| {
        strip(Line {
            text,
            indent: 0,
            number,
        })
    });
    lines.filter(|line| !line.text.is_empty()).collect()
}

fn strip(line: Line) -> Line {
    let text = trimmed(line.text);
    let start = line.text.len() - line.text.trim_start_matches(is_blank).len();
    part(line, start, start + text.len())
}

fn part(line: Line, start: usize, end: usize) -> Line {
    let indent = line.indent + width(&line.text[..start]);
    let text = &line.text[start..end];
    Line {
        text,
        indent,
        ..line
    }
}

/// White space in the sense of a page: U+00A0 and U+3000, and the zero-width characters too.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

fn width(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn block(line: Line) -> Block {
    named(line.text, line)
}

fn named(text: &str, line: Line) -> Block {
    let (text, line) = (text.to_owned(), line.number);
    Block { text, line }
}

fn note(dump: &mut Dump, about: Line, what: &str, reason: &str) {
    let (line, column, width) = (about.number, about.indent + 1, width(about.text));
    let (what, reason) = (what.to_owned(), reason.to_owned());
    dump.guesses.push(Guess {
        line,
        column,
        width,
        what,
        reason,
    });
}

fn ends_clause(c: char) -> bool {
    ends_sentence(c) || matches!(c, '，' | ',' | '：')
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '；' | '…')
}

/// The text behind one of the labels and a colon, slash, bar or space.
fn labelled<'a>(text: &'a str, labels: &str) -> Option<&'a str> {
    labels.split(' ').find_map(|label| {
        let after = text.strip_prefix(label)?;
        let name = after.trim_start_matches(is_mark);
        (name.len() < after.len()).then_some(trimmed(name))
    })
}

fn is_mark(c: char) -> bool {
    is_blank(c) || ":：/／|｜丨".contains(c)
}

fn is_latin(text: &str) -> bool {
    script(text) == Script::Latin
}

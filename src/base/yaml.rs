//! YAML that is read by people's mistakes: mappings with the place of every key.
//!
//! serde_yaml stops at a file's first error and says little of where things stand. So a mapping
//! is first cut into its entries, line by line, by YAML's own rule that a key of a block mapping
//! stands at the block's indentation; each entry is then given to serde_yaml alone. All of a
//! file's mistakes are found in one go, each with its place.
//!
//! What this gives up: anchors that reach from one entry into another. They are reported as what
//! they then are, an unknown anchor.

use super::diagnostic::{Code, Diagnostic, Lines, Place, Severity, nearest};
use super::text::lines::unfolded;
use foldhash::{HashMap, HashMapExt};
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;

/// A piece of YAML text and where its first character stands in the file.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    /// Line in the file, from 1.
    line: u32,
    /// Characters taken off the left of every line.
    indent: u32,
}

/// One `key: value` of a mapping.
#[derive(Debug, Clone)]
struct Entry {
    key: String,
    line: u32,
    /// Column of the key, from 1.
    column: u32,
    /// The value as written, below and beside the key, dedented.
    value: Piece,
    /// Column of the value, from 1, where it starts on the key's line.
    value_column: u32,
    asked: bool,
}

/// From so many entries on a mapping is looked up by hash.
const MANY: usize = 64;

/// So many lists and mappings in brackets may stand inside each other: libyaml's time grows with
/// the square of it.
const DEEPEST: usize = 128;

/// A mapping that is asked for its keys one by one, and complains as it goes.
pub struct Mapping<'a> {
    lines: &'a Lines<'a>,
    entries: Vec<Entry>,
    /// Where each key stands among them, if they are many.
    places: HashMap<String, usize>,
    known: Vec<&'static str>,
    /// `summary.` inside `summary`.
    prefix: String,
    /// Whether there are lines in it that could not be read.
    torn: bool,
}

/// A text with its place.
#[derive(Debug, Clone)]
pub struct Spanned {
    /// The text.
    pub text: String,
    /// Where it stands.
    pub place: Place,
}

/// What went wrong, collected.
pub type Complaints = Vec<Diagnostic>;

/// Reads lines `first..=last` (from 1) of a file as a block mapping.
pub fn mapping<'a>(
    lines: &'a Lines<'a>,
    first: u32,
    last: u32,
    out: &mut Complaints,
) -> Mapping<'a> {
    let count = (last + 1).saturating_sub(first) as usize;
    let kept: Vec<&str> = lines
        .text()
        .lines()
        .skip(first as usize - 1)
        .take(count)
        .collect();
    let piece = Piece {
        text: kept.join("\n"),
        line: first,
        indent: 0,
    };
    read(lines, &piece, String::new(), out)
}

/// Reads a whole file as a mapping.
pub fn document<'a>(lines: &'a Lines<'a>, out: &mut Complaints) -> Mapping<'a> {
    let marked = lines
        .text()
        .lines()
        .next()
        .is_some_and(|line| line.trim_end() == "---");
    let first = if marked { 2 } else { 1 };
    mapping(lines, first, lines.text().lines().count() as u32, out)
}

/// Reads a whole file as any YAML, such as a list.
pub fn anything(lines: &Lines, out: &mut Complaints) -> Option<serde_json::Value> {
    if let Some(at) = too_deep(lines.text()) {
        out.push(endless(lines.place_of(at..at + 1, "")));
        return None;
    }
    match serde_yaml::from_str(lines.text()) {
        Ok(value) => Some(value),
        Err(error) => {
            let line = error.location().map_or(1, |at| at.line() as u32);
            let last = lines.text().trim_end().lines().count() as u32;
            out.push(syntax(lines, line.min(last).max(1), "", &error));
            None
        }
    }
}

fn read<'a>(
    lines: &'a Lines<'a>,
    piece: &Piece,
    prefix: String,
    out: &mut Complaints,
) -> Mapping<'a> {
    let mut mapping = Mapping {
        lines,
        entries: Vec::new(),
        places: HashMap::new(),
        known: Vec::new(),
        prefix,
        torn: false,
    };
    let before = out.len();
    let flow = piece.text.trim_start().starts_with('{');
    let entries = if flow {
        flow_entries(lines, piece, &mapping.prefix, out)
    } else {
        let mut entries = cut(lines, piece, out);
        entries.retain(|entry| match too_deep(&entry.value.text) {
            Some(at) => {
                out.push(endless(place_in(lines, entry, at)));
                false
            }
            None => true,
        });
        entries
    };
    mapping.torn = out.len() > before;
    for entry in entries {
        let first = mapping.at(&entry.key).map(|at| &mapping.entries[at]);
        match first {
            Some(first) => {
                let label = format!("`{}` was first given on line {}", entry.key, first.line);
                let place = lines.place(entry.line, entry.column, width(&entry.key), label);
                let message = format!("`{}{}` is given twice", mapping.prefix, entry.key);
                out.push(
                    Diagnostic::new(Code::DuplicateKey, message)
                        .at(place)
                        .help("keep one of the two"),
                );
            }
            None => mapping.push(entry),
        }
    }
    mapping
}

/// Cuts a block mapping into entries at the lines that start at its own indentation.
fn cut(lines: &Lines, piece: &Piece, out: &mut Complaints) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let (mut broken, mut lost) = (false, false);
    for (number, text) in piece.text.lines().enumerate() {
        let line = piece.line + number as u32;
        let lead = text.len() - text.trim_start_matches([' ', '\t']).len();
        if text[..lead].contains('\t') && !text.trim().is_empty() {
            out.push(tab(lines, line, piece.indent + width(&text[..lead])));
            broken = true;
            continue;
        }
        let starts = lead == 0 && !text.trim().is_empty() && !text.starts_with(['#', '-']);
        if !starts {
            match entries.last_mut() {
                // It goes on from a line that could not be read.
                _ if lost => {}
                Some(entry) => {
                    entry.value.text.push('\n');
                    // A comment at the margin belongs to no value, least of all to an indented one.
                    if !text.starts_with('#') {
                        entry.value.text.push_str(text);
                    }
                }
                None if text.trim().is_empty() || text.starts_with('#') => {}
                None => out.push(not_a_key(lines, line, piece.indent, text)),
            }
            continue;
        }
        let key = key_of(text);
        lost = key.is_none();
        match key {
            Some((key, at)) => entries.push(entry(piece, line, key, text, at)),
            None => {
                out.push(not_a_key(lines, line, piece.indent, text));
                broken = true;
            }
        }
    }
    // A file that holds a tab has entries cut short; what they say can't be trusted.
    if broken {
        entries.retain(|entry| !entry.value.text.trim().is_empty())
    }
    entries
}

fn entry(piece: &Piece, line: u32, key: String, text: &str, value_at: usize) -> Entry {
    let rest = &text[value_at..];
    let blank = rest.len() - rest.trim_start().len();
    Entry {
        key,
        line,
        column: piece.indent + 1,
        value: Piece {
            text: rest[blank..].to_string(),
            line,
            indent: piece.indent,
        },
        value_column: piece.indent + width(&text[..value_at + blank]) + 1,
        asked: false,
    }
}

/// The key of a line `key: …` and the byte after its colon.
fn key_of(text: &str) -> Option<(String, usize)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = text[1..].find(quote)? + 1;
        let colon = text[end + 1..].find(':')? + end + 1;
        return text[end + 1..colon]
            .trim()
            .is_empty()
            .then(|| (text[1..end].into(), colon + 1));
    }
    let ends = |at: &usize| text[at + 1..].is_empty() || text[at + 1..].starts_with([' ', '\t']);
    let colon = text.match_indices(':').map(|(at, _)| at).find(ends)?;
    Some((text[..colon].trim_end().to_string(), colon + 1))
}

/// The entries of a mapping in braces: serde_yaml reads it, and keys are looked up in the text.
fn flow_entries(lines: &Lines, piece: &Piece, prefix: &str, out: &mut Complaints) -> Vec<Entry> {
    if too_deep(&piece.text).is_some() {
        out.push(endless(lines.place(piece.line, piece.indent + 1, 1, "")));
        return Vec::new();
    }
    let value: serde_yaml::Mapping = match serde_yaml::from_str(&piece.text) {
        Ok(value) => value,
        Err(error) => {
            out.push(syntax(lines, piece.line, prefix, &error));
            return Vec::new();
        }
    };
    let written = value.iter().filter_map(|(key, value)| {
        let key = key.as_str()?.to_string();
        // JSON, since that stays one piece wherever it is put.
        Some((key, serde_json::to_string(value).ok()?))
    });
    let line_text = lines
        .text()
        .lines()
        .nth(piece.line as usize - 1)
        .unwrap_or("");
    let column = |key: &str| {
        line_text
            .find(key)
            .map_or(1, |at| width(&line_text[..at]) + 1)
    };
    written
        .map(|(key, text)| Entry {
            column: column(&key),
            value_column: column(&key) + width(&key) + 2,
            line: piece.line,
            value: Piece {
                text,
                line: piece.line,
                indent: 0,
            },
            key,
            asked: false,
        })
        .collect()
}

/// Where more than [`DEEPEST`] brackets are open at once, in a value or a whole file. Those in
/// quotes or in a text of lines of its own count as well, which harms nobody: they close again.
fn too_deep(text: &str) -> Option<usize> {
    let start = text.trim_start_matches([' ', '\t']);
    if start.starts_with(['|', '>', '"', '\'']) {
        return None;
    }
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'[' | b'{' if depth == DEEPEST => return Some(at),
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

fn endless(place: Place) -> Diagnostic {
    let message = format!("more than {DEEPEST} brackets are open here");
    Diagnostic::new(Code::Yaml, message)
        .at(place)
        .help("close them, or put a text with brackets in quotes")
}

/// The place of a byte of an entry's value.
fn place_in(lines: &Lines, entry: &Entry, at: usize) -> Place {
    let before = &entry.value.text[..at];
    let (down, line) = before.split('\n').enumerate().last().unwrap_or((0, before));
    let left = match down {
        0 => entry.value_column,
        _ => entry.value.indent + 1,
    };
    lines.place(entry.line + down as u32, left + width(line), 1, "")
}

fn tab(lines: &Lines, line: u32, column: u32) -> Diagnostic {
    let place = lines.place(line, column, 1, "a tab");
    Diagnostic::new(Code::Tab, "YAML does not allow tabs at the start of a line")
        .at(place)
        .help("indent with spaces")
}

fn not_a_key(lines: &Lines, line: u32, indent: u32, text: &str) -> Diagnostic {
    let place = lines.place(
        line,
        indent + 1,
        width(text.trim_end()),
        "expected `key: value`",
    );
    let diagnostic = Diagnostic::new(Code::Yaml, "this line is not `key: value`").at(place);
    let bare = text.trim();
    match (bare.find('：'), bare.find(':')) {
        (Some(at), _) => {
            let (key, value) = (bare[..at].trim(), bare[at + '：'.len_utf8()..].trim());
            let line = format!("{key}: {value}");
            diagnostic.help(format!(
                "write `{}`, with a half-width colon and a space",
                line.trim_end()
            ))
        }
        (None, Some(at)) => diagnostic.help(format!(
            "write `{}: {}`, with a space",
            &bare[..at],
            bare[at + 1..].trim_start()
        )),
        (None, None) => diagnostic.help("indent it, if it goes on from the line above"),
    }
}

/// What serde_yaml complains of on a line, in words that don't take knowing YAML.
fn syntax(lines: &Lines, line: u32, prefix: &str, error: &serde_yaml::Error) -> Diagnostic {
    let text = lines.text().lines().nth(line as usize - 1).unwrap_or("");
    let item = text.trim_start_matches([' ', '-']);
    let value = key_of(item).map_or(item, |(_, at)| item[at..].trim_start());
    let value = plain_part(value);
    let column = width(&text[..text.rfind(value).unwrap_or(0)]) + 1;
    let error = error.to_string();
    let bare = error.split(" at line ").next().unwrap_or(&error);
    let bare = bare.rsplit_once("x: ").map_or(bare, |(_, bare)| bare);
    if let Some(key) = bare.strip_prefix("duplicate entry with key ") {
        return twice(lines, line, prefix, key.trim_matches('"'));
    }
    let place = lines.place(line, column, width(value).max(1), "");
    match in_plain_words(value, bare) {
        Some((message, help)) => Diagnostic::new(Code::Yaml, message).at(place).help(help),
        None => Diagnostic::new(Code::Yaml, format!("this is not YAML: {bare}")).at(place),
    }
}

/// A key that stands twice in braces.
fn twice(lines: &Lines, line: u32, prefix: &str, key: &str) -> Diagnostic {
    let text = lines.text().lines().nth(line as usize - 1).unwrap_or("");
    let second = text.rfind(&format!("{key}:")).unwrap_or(0);
    let place = lines.place(line, width(&text[..second]) + 1, width(key), "");
    Diagnostic::new(
        Code::DuplicateKey,
        format!("`{prefix}{key}` is given twice"),
    )
    .at(place)
    .help("keep one of the two")
}

/// What is wrong with a value that is not YAML, and what to type.
fn in_plain_words(value: &str, said: &str) -> Option<(String, String)> {
    let first = value.chars().next()?;
    let write = |text: String| format!("write `{text}`");
    Some(match first {
        '"' | '\'' if value.matches(first).count() == 1 => (
            "the quotation mark is never closed".to_string(),
            write(format!("{value}{first}")),
        ),
        '"' if said.contains("escape") => (
            "a backslash has a meaning of its own between `\"`".to_string(),
            write(format!("'{}'", value.trim_matches('"'))),
        ),
        '"' => (
            "there is text after the closing `\"`".to_string(),
            "use “ ” inside".to_string(),
        ),
        '\'' => (
            "there is text after the closing `'`".to_string(),
            "write `''` for each `'` inside".to_string(),
        ),
        '[' if !value.contains(']') => unclosed(value, '[', ']'),
        '{' if !value.contains('}') => unclosed(value, '{', '}'),
        '[' | '{' if behind(value).is_some() => (
            format!("a text that starts with `{first}` must stand in quotes"),
            write(quoted(value)),
        ),
        '[' | '{' => return None,
        '-' if value.starts_with("- ") => (
            "a list can't start on the line of its key".to_string(),
            write(format!("[{}]", value[1..].trim())),
        ),
        '`' => (
            "a text that starts with a backtick must stand in quotes".to_string(),
            write(quoted(value)),
        ),
        '@' | '%' | '&' | '*' | '!' | '|' | '>' => (
            format!("a text that starts with `{first}` must stand in quotes"),
            write(quoted(value)),
        ),
        _ if value.contains(": ") || value.ends_with(':') => (
            "a text with a colon and a space must stand in quotes".to_string(),
            write(quoted(value)),
        ),
        _ => return None,
    })
}

/// The text behind the bracket that closes the first one: `[独家] 港口` is a headline, and no list.
fn behind(value: &str) -> Option<&str> {
    let close = match value.chars().next()? {
        '[' => ']',
        _ => '}',
    };
    let (_, after) = value.split_once(close)?;
    let text = after.trim_start();
    (!text.is_empty() && !text.starts_with([',', close])).then_some(text)
}

fn unclosed(value: &str, open: char, close: char) -> (String, String) {
    let help = if value.ends_with([',', open]) {
        format!("write `{close}` after the last item")
    } else {
        format!("write `{value}{close}`")
    };
    (format!("`{open}` is never closed"), help)
}

fn quoted(text: &str) -> String {
    if text.contains('"') {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

/// A comma as Chinese is written with, which means nothing to YAML.
fn is_wide_comma(c: char) -> bool {
    matches!(c, '，' | '、' | '；')
}

/// The names between commas of any kind.
pub fn parts(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split(|c| is_wide_comma(c) || c == ',').map(str::trim);
    parts.filter(|part| !part.is_empty())
}

/// A text without full-width brackets around it.
fn unbracketed(text: &str) -> &str {
    let inner = text.strip_prefix(['【', '［', '「', '〔']);
    let inner = inner.and_then(|text| text.strip_suffix(['】', '］', '」', '〕']));
    inner.unwrap_or(text)
}

/// A list of the names of a text, as YAML has it.
fn list_of(text: &str) -> String {
    let items: Vec<String> = parts(text).map(item).collect();
    format!("[{}]", items.join(", "))
}

/// A name as an item of a list in brackets.
fn item(name: &str) -> String {
    let wide = name.contains(is_wide_comma);
    match wide || plain_list(&format!("[{name}]")).is_none_or(|items| items.len() != 1) {
        true => quoted(name),
        false => name.to_string(),
    }
}

fn width(text: &str) -> u32 {
    text.chars().count() as u32
}

impl<'a> Mapping<'a> {
    /// The lines this was read from.
    pub fn lines(&self) -> &'a Lines<'a> {
        self.lines
    }

    /// A key's full name, with those of the mappings that it is in.
    pub fn name(&self, key: &str) -> String {
        format!("{}{key}", self.prefix)
    }

    /// Whether a key is missing or empty, and not just torn off by a mistake that was reported.
    pub fn lacks(&self, key: &str) -> bool {
        let entry = self.at(key).map(|at| &self.entries[at]);
        !self.torn && entry.is_none_or(|entry| is_empty(&entry.value.text))
    }

    /// Where it starts, at its first key.
    pub fn start(&self) -> Option<Place> {
        self.entries.first().map(|entry| self.key_place(entry, ""))
    }

    /// Where an item stands in the list under a key.
    pub fn item_place(&self, key: &str, item: &str) -> Option<Place> {
        let entry = &self.entries[self.at(key)?];
        let mut lines = entry.value.text.lines().enumerate();
        let (down, at) =
            lines.find_map(|(down, line)| Some((down, width(&line[..line.find(item)?]))))?;
        let left = if down == 0 {
            entry.value_column
        } else {
            entry.value.indent + 1
        };
        let line = entry.line + down as u32;
        Some(self.lines.place(line, left + at, width(item), ""))
    }

    fn push(&mut self, entry: Entry) {
        self.entries.push(entry);
        let from = match self.entries.len() {
            ..MANY => return,
            MANY => 0,
            more => more - 1,
        };
        let new = self.entries.iter().enumerate().skip(from);
        self.places
            .extend(new.map(|(at, entry)| (entry.key.clone(), at)));
    }

    /// Where a key stands among the entries.
    fn at(&self, key: &str) -> Option<usize> {
        match self.entries.len() {
            ..MANY => self.entries.iter().position(|entry| entry.key == key),
            _ => self.places.get(key).copied(),
        }
    }

    /// The keys there are, in their order: for mappings from names to things.
    pub fn keys(&self) -> Vec<Spanned> {
        let spanned = |entry: &Entry| Spanned {
            text: entry.key.clone(),
            place: self.key_place(entry, ""),
        };
        self.entries.iter().map(spanned).collect()
    }

    fn key_place(&self, entry: &Entry, label: &str) -> Place {
        self.lines
            .place(entry.line, entry.column, width(&entry.key), label)
    }

    /// Where the value of a key stands, marked whole (its first line).
    pub fn place(&self, key: &str, label: &str) -> Option<Place> {
        let entry = &self.entries[self.at(key)?];
        Some(self.value_place(entry, label))
    }

    fn value_place(&self, entry: &Entry, label: &str) -> Place {
        let first = entry.value.text.lines().next().unwrap_or("");
        let bare = plain_part(first);
        if bare.is_empty() {
            return self.key_place(entry, label);
        }
        self.lines
            .place(entry.line, entry.value_column, width(bare), label)
    }

    fn take(&mut self, key: &'static str) -> Option<usize> {
        self.known.push(key);
        let at = self.at(key)?;
        self.take_at(at)
    }

    fn take_at(&mut self, at: usize) -> Option<usize> {
        let entry = &mut self.entries[at];
        entry.asked = true;
        (!is_empty(&entry.value.text)).then_some(at)
    }

    fn typed<T: DeserializeOwned>(
        &self,
        entry: &Entry,
        want: &Want,
        out: &mut Complaints,
    ) -> Option<T> {
        let source = format!("x: {}", entry.value.text);
        if let Ok(mut map) = serde_yaml::from_str::<BTreeMap<String, T>>(&source) {
            return map.remove("x");
        }
        // It may be no YAML at all, or YAML of another type.
        out.push(match serde_yaml::from_str::<serde_yaml::Value>(&source) {
            Err(error) => self.not_yaml(entry, &error),
            Ok(value) => {
                let given = value.get("x").map_or("nothing", type_name);
                self.wrong_type(entry, want, given)
            }
        });
        None
    }

    fn not_yaml(&self, entry: &Entry, error: &serde_yaml::Error) -> Diagnostic {
        let text = entry.value.text.trim_end();
        let unspaced = |line: &str| {
            let rest = line.trim_start().strip_prefix('-').unwrap_or("");
            !rest.is_empty() && !rest.starts_with([' ', '-'])
        };
        if let Some(down) = text.lines().skip(1).position(unspaced) {
            return self.unspaced(entry.line + 1 + down as u32);
        }
        // What is opened and never closed is noticed only where the value ends.
        let down = match error.location() {
            Some(at) if !text.starts_with(['[', '{', '"', '\'']) => at.line() as u32 - 1,
            _ => 0,
        };
        let last = (text.lines().count() as u32).saturating_sub(1);
        syntax(self.lines, entry.line + down.min(last), &self.prefix, error)
    }

    fn unspaced(&self, line: u32) -> Diagnostic {
        let text = self.lines.text().lines().nth(line as usize - 1);
        let text = text.unwrap_or("").trim_end();
        let item = text.trim_start();
        let column = width(text) - width(item) + 1;
        Diagnostic::new(Code::Yaml, "a list's dash wants a space after it")
            .at(self.lines.place(line, column, width(item), ""))
            .help(format!(
                "write `- {}`",
                item.strip_prefix('-').unwrap_or(item)
            ))
    }

    fn wrong_type(&self, entry: &Entry, want: &Want, given: &str) -> Diagnostic {
        if given == MIXED
            && let Some(diagnostic) = self.odd_item(entry)
        {
            return diagnostic;
        }
        let place = self.value_place(entry, &format!("this is {given}"));
        let message = format!("`{}` must be {}", self.name(&entry.key), want.name);
        let value = bare_value(entry.value.text.lines().next().unwrap_or(""));
        let example = match want.wraps {
            _ if given == "a mapping" || given == MIXED || value.is_empty() => None,
            Wraps::Never => None,
            Wraps::Whole => Some(format!("[{value}]")),
            Wraps::Parts => Some(list_of(unbracketed(value))),
        };
        let example = example.unwrap_or_else(|| want.example.to_string());
        Diagnostic::new(Code::WrongType, message)
            .at(place)
            .help(format!("write `{}: {example}`", entry.key))
    }

    /// The first item of a list that is no text, such as `- 海港: 夜`.
    fn odd_item(&self, entry: &Entry) -> Option<Diagnostic> {
        let all = items(&dedented(&entry.value));
        let (item, given) = all.iter().find_map(|item| {
            let value: serde_yaml::Value = serde_yaml::from_str(&item.text).ok()?;
            let odd = value.is_mapping() || value.is_sequence();
            odd.then(|| (item, type_name(&value)))
        })?;
        let text = plain_part(item.text.lines().next().unwrap_or(""));
        let label = format!("this is {given}");
        let place = self
            .lines
            .place(item.line, item.indent + 1, width(text), label);
        let message = format!("`{}` must be a list of texts", self.name(&entry.key));
        Some(
            Diagnostic::new(Code::WrongType, message)
                .at(place)
                .help(format!("write `- {}`", quoted(text))),
        )
    }

    /// A text without blanks around it, whose lines join as their script has it; numbers, `no` and dates are kept as they are written.
    pub fn text(&mut self, key: &'static str, out: &mut Complaints) -> Option<String> {
        let at = self.take(key)?;
        let entry = &self.entries[at];
        match plain_scalar(&entry.value.text) {
            Some(text) => Some(text.to_string()),
            None => self
                .typed(entry, &Want::TEXT, out)
                .map(|text: String| unfolded(text.trim().to_string(), &entry.value.text)),
        }
    }

    /// A text of one line: what stands on several joins, also where it was to keep its lines.
    pub fn line(&mut self, key: &'static str, out: &mut Complaints) -> Option<String> {
        let text = self.text(key, out)?;
        if !text.contains('\n') {
            return Some(text);
        }
        let lines: Vec<&str> = text.lines().map(str::trim).collect();
        let solid: Vec<&str> = lines.into_iter().filter(|line| !line.is_empty()).collect();
        Some(unfolded(solid.join(" "), &solid.join("\n")))
    }

    /// A date as written, with its place.
    pub fn dated(&mut self, key: &'static str, out: &mut Complaints) -> Option<Spanned> {
        let at = self.take(key)?;
        let entry = &self.entries[at];
        let text = match plain_scalar(&entry.value.text) {
            Some(text) => text.to_string(),
            None => self.typed(entry, &Want::DATE, out)?,
        };
        Some(Spanned {
            text,
            place: self.value_place(entry, ""),
        })
    }

    /// A text with its place.
    pub fn spanned(&mut self, key: &'static str, out: &mut Complaints) -> Option<Spanned> {
        let text = self.text(key, out)?;
        Some(Spanned {
            text,
            place: self.place(key, "")?,
        })
    }

    /// `true` or `false`.
    pub fn boolean(&mut self, key: &'static str, out: &mut Complaints) -> Option<bool> {
        let at = self.take(key)?;
        self.typed(&self.entries[at], &Want::BOOLEAN, out)
    }

    /// A whole number.
    pub fn integer(&mut self, key: &'static str, out: &mut Complaints) -> Option<i64> {
        let at = self.take(key)?;
        self.typed(&self.entries[at], &Want::INTEGER, out)
    }

    /// A list of texts.
    pub fn texts(&mut self, key: &'static str, out: &mut Complaints) -> Vec<String> {
        self.list(key, &Want::TEXTS, out)
    }

    /// A list of names. One that holds a full-width comma and no quotes is probably several, of
    /// which YAML knows nothing.
    pub fn names(&mut self, key: &'static str, out: &mut Complaints) -> Vec<String> {
        let names = self.list(key, &Want::NAMES, out);
        if let Some(odd) = names.iter().find(|name| self.is_several(key, name)) {
            out.push(self.several(key, odd, &names));
        }
        names
    }

    fn is_several(&self, key: &str, name: &str) -> bool {
        let written = self.at(key).map(|at| &self.entries[at].value.text);
        name.contains(is_wide_comma)
            && written
                .and_then(|text| text.split_once(name))
                .is_some_and(|(before, _)| !before.ends_with(['"', '\'']))
    }

    fn several(&self, key: &str, odd: &str, names: &[String]) -> Diagnostic {
        let message = format!(
            "`{odd}` is one item of `{}`: only a half-width comma separates",
            self.name(key)
        );
        let mut diagnostic = Diagnostic::new(Code::BadValue, message);
        diagnostic.severity = Severity::Warning;
        diagnostic.place = self.item_place(key, odd);
        let apart = |name: &String| match self.is_several(key, name) {
            true => parts(name).map(item).collect::<Vec<_>>().join(", "),
            false => item(name),
        };
        let all: Vec<String> = names.iter().map(apart).collect();
        diagnostic.help(format!(
            "write `{key}: [{}]`, or `\"{odd}\"`, with quotes, if it is one name",
            all.join(", ")
        ))
    }

    fn list(&mut self, key: &'static str, want: &Want, out: &mut Complaints) -> Vec<String> {
        let Some(at) = self.take(key) else {
            return Vec::new();
        };
        let entry = &self.entries[at];
        if let Some(texts) = plain_list(&entry.value.text) {
            return texts;
        }
        let texts: Option<Vec<String>> = self.typed(entry, want, out);
        texts
            .unwrap_or_default()
            .into_iter()
            .filter(|text| !text.trim().is_empty())
            .map(|text| unfolded(text, &entry.value.text))
            .collect()
    }

    /// Anything at all, as JSON.
    pub fn anything(
        &mut self,
        key: &'static str,
        out: &mut Complaints,
    ) -> Option<serde_json::Value> {
        let at = self.take(key)?;
        self.typed(&self.entries[at], &Want::ANYTHING, out)
    }

    /// The name under a key, where it is one: a word of small Latin letters, digits and hyphens.
    pub fn word(&mut self, key: &'static str) -> Option<String> {
        let entry = &self.entries[self.at(key)?];
        let name = plain_scalar(&entry.value.text)?;
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        let other = matches!(name, "null" | "true" | "false")
            || name.chars().all(|c| c.is_ascii_digit() || c == '-');
        let name = (name.chars().all(fits) && !other).then(|| name.to_string())?;
        self.take(key)?;
        Some(name)
    }

    /// Everything that was not asked for yet, as JSON.
    pub fn whole(&mut self, out: &mut Complaints) -> serde_json::Map<String, serde_json::Value> {
        let mut map = serde_json::Map::new();
        for at in 0..self.entries.len() {
            if self.take_at(at).is_some()
                && let Some(value) = self.typed(&self.entries[at], &Want::ANYTHING, out)
            {
                map.insert(self.entries[at].key.clone(), value);
            }
        }
        map
    }

    /// Whether the value of a key is a mapping (and not a plain text).
    pub fn is_mapping(&self, key: &str) -> bool {
        let entry = self.at(key).map(|at| &self.entries[at]);
        entry.is_some_and(|entry| looks_like_mapping(&entry.value.text))
    }

    /// A mapping inside this one. The example is what a complaint says to write.
    pub fn mapping(
        &mut self,
        key: &'static str,
        example: &'static str,
        out: &mut Complaints,
    ) -> Option<Mapping<'a>> {
        let at = self.take(key)?;
        self.nested(at, example, out)
    }

    /// The mapping under any of [`Self::keys`].
    pub fn mapping_of(
        &mut self,
        key: &str,
        example: &'static str,
        out: &mut Complaints,
    ) -> Option<Mapping<'a>> {
        let at = self.at(key)?;
        self.take_at(at)?;
        self.nested(at, example, out)
    }

    fn nested(
        &self,
        at: usize,
        example: &'static str,
        out: &mut Complaints,
    ) -> Option<Mapping<'a>> {
        let entry = &self.entries[at];
        if !looks_like_mapping(&entry.value.text) {
            let want = Want {
                name: "a mapping",
                example,
                wraps: Wraps::Never,
            };
            out.push(self.wrong_type(entry, &want, type_of(&entry.value.text)));
            return None;
        }
        let prefix = format!("{}{}.", self.prefix, entry.key);
        Some(read(self.lines, &dedented(&entry.value), prefix, out))
    }

    /// A list of mappings. The example is what a complaint says to write.
    pub fn mappings(
        &mut self,
        key: &'static str,
        example: &'static str,
        out: &mut Complaints,
    ) -> Vec<Mapping<'a>> {
        let Some(at) = self.take(key) else {
            return Vec::new();
        };
        let want = Want {
            name: "a list of mappings",
            example,
            wraps: Wraps::Never,
        };
        let entry = &self.entries[at];
        let prefix = format!("{}{}.", self.prefix, entry.key);
        if entry.value.text.trim_start().starts_with('[') {
            return self.flow_mappings(entry, &want, &prefix, out);
        }
        let block = dedented(&entry.value);
        if !block.text.trim_start().starts_with('-') {
            out.push(self.wrong_type(entry, &want, type_of(&entry.value.text)));
            return Vec::new();
        }
        items(&block)
            .iter()
            .map(|item| read(self.lines, item, prefix.clone(), out))
            .collect()
    }

    fn flow_mappings(
        &self,
        entry: &Entry,
        want: &Want,
        prefix: &str,
        out: &mut Complaints,
    ) -> Vec<Mapping<'a>> {
        let values: Option<Vec<serde_yaml::Mapping>> = self.typed(entry, want, out);
        let piece = |value: &serde_yaml::Mapping| {
            let text = serde_json::to_string(value).ok()?;
            Some(Piece {
                text,
                line: entry.line,
                indent: 0,
            })
        };
        let pieces: Vec<Piece> = values
            .unwrap_or_default()
            .iter()
            .filter_map(piece)
            .collect();
        pieces
            .iter()
            .map(|piece| read(self.lines, piece, prefix.to_string(), out))
            .collect()
    }

    /// Warns of the keys that nobody asked for.
    pub fn finish(mut self, out: &mut Complaints) {
        if self.entries.iter().all(|entry| entry.asked) {
            return;
        }
        let mut seen = std::collections::HashSet::new();
        self.known.retain(|key| seen.insert(*key));
        for entry in self.entries.iter().filter(|entry| !entry.asked) {
            let message = format!(
                "`{}{}` is not a key that masthead knows",
                self.prefix, entry.key
            );
            let near = nearest(&entry.key, self.known.iter().copied());
            let label = if near.is_some() { "" } else { "unknown key" };
            let diagnostic =
                Diagnostic::new(Code::UnknownKey, message).at(self.key_place(entry, label));
            out.push(match near {
                Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
                None if self.known.contains(&"extra") => {
                    diagnostic.help("put data of your own under `extra`")
                }
                None => diagnostic.help(format!("known here: {}", self.known.join(", "))),
            });
        }
    }
}

/// One of a few words under a key.
pub fn one_of<T: Copy>(
    keys: &mut Mapping,
    key: &'static str,
    words: &[(&str, T)],
    out: &mut Complaints,
) -> Option<T> {
    let given = keys.spanned(key, out)?;
    let found = words.iter().find(|(word, _)| *word == given.text);
    if found.is_none() {
        let names = words.iter().map(|(word, _)| *word);
        let help = match nearest(&given.text, names.clone()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => {
                let known: Vec<String> = names.map(|name| format!("`{name}`")).collect();
                format!("write one of {}", known.join(", "))
            }
        };
        let message = format!("`{}` can't be `{}`", keys.name(key), given.text);
        out.push(
            Diagnostic::new(Code::BadValue, message)
                .at(given.place)
                .help(help),
        );
    }
    found.map(|(_, value)| *value)
}

/// What a key takes, for messages.
struct Want {
    name: &'static str,
    example: &'static str,
    /// Whether brackets around what was given would do.
    wraps: Wraps,
}

/// What brackets would make a list of.
#[derive(PartialEq)]
enum Wraps {
    Never,
    /// The text as it is.
    Whole,
    /// Names, with whatever commas.
    Parts,
}

impl Want {
    const TEXT: Want = Want {
        name: "a text",
        example: "\"…\"",
        wraps: Wraps::Never,
    };
    const DATE: Want = Want {
        name: "a date",
        example: "2026-11-24 08:00",
        wraps: Wraps::Never,
    };
    const BOOLEAN: Want = Want {
        name: "`true` or `false`",
        example: "true",
        wraps: Wraps::Never,
    };
    const INTEGER: Want = Want {
        name: "a whole number",
        example: "20",
        wraps: Wraps::Never,
    };
    const TEXTS: Want = Want {
        name: "a list",
        example: "[…, …]",
        wraps: Wraps::Whole,
    };
    const NAMES: Want = Want {
        wraps: Wraps::Parts,
        ..Want::TEXTS
    };
    const ANYTHING: Want = Want {
        name: "YAML",
        example: "…",
        wraps: Wraps::Never,
    };
}

/// What a list that holds lists or mappings is called.
const MIXED: &str = "a list of more than plain texts";

fn type_name(value: &serde_yaml::Value) -> &'static str {
    use serde_yaml::Value;
    match value {
        Value::Null => "empty",
        Value::Bool(_) => "`true` or `false`",
        Value::Number(_) => "a number",
        Value::String(_) => "plain text",
        Value::Sequence(items)
            if items
                .iter()
                .any(|item| item.is_mapping() || item.is_sequence()) =>
        {
            MIXED
        }
        Value::Sequence(_) => "a list",
        Value::Mapping(_) => "a mapping",
        Value::Tagged(_) => "a tagged value",
    }
}

fn type_of(text: &str) -> &'static str {
    let value = serde_yaml::from_str::<serde_yaml::Value>(&format!("x: {text}"));
    value
        .ok()
        .and_then(|value| value.get("x").map(type_name))
        .unwrap_or("something else")
}

/// A value on one line without a comment after it.
fn plain_part(first_line: &str) -> &str {
    let quoted = first_line.starts_with(['"', '\'']);
    let end = match first_line.find(" #") {
        _ if first_line.starts_with('#') => Some(0),
        _ if quoted => None,
        end => end,
    };
    first_line[..end.unwrap_or(first_line.len())].trim_end()
}

fn bare_value(text: &str) -> &str {
    let without_comment = |line| {
        if str::starts_with(line, '#') {
            ""
        } else {
            plain_part(line)
        }
    };
    match text.split_once('\n') {
        Some((_, rest)) if rest.trim().is_empty() => bare_value(text.lines().next().unwrap_or("")),
        Some(_) => text,
        None => without_comment(text.trim()),
    }
}

fn is_empty(text: &str) -> bool {
    matches!(bare_value(text), "" | "~" | "null")
}

/// A scalar so plain that it means itself: the common case, ten times faster than serde_yaml.
fn plain_scalar(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let first = text.chars().next()?;
    // What has a meaning at the start of a scalar is ASCII.
    let bare = first.is_alphanumeric() || !first.is_ascii() && !first.is_whitespace();
    let plain = bare && !text.contains(['\n', '\t']);
    (plain && !text.contains(": ") && !text.contains(" #") && !text.ends_with(':')).then_some(text)
}

/// A list whose items mean themselves: `[港口, 夜市]`, or one below the other after dashes. `None`
/// for everything else.
fn plain_list(text: &str) -> Option<Vec<String>> {
    if let Some(inner) = text.trim_end().strip_prefix('[') {
        let inner = inner.strip_suffix(']')?;
        let item = |item: &str| {
            let item = item.trim_matches(' ');
            let fits = !item.contains(['[', ']', '{', '}', ':', '?', '#', '"', '\'', '\n']);
            (fits && is_text(item)).then(|| item.to_string())
        };
        return inner.split(',').map(item).collect();
    }
    let lines = text.strip_prefix('\n')?.trim_end_matches(['\n', ' ']);
    let indent = lines.len() - lines.trim_start_matches(' ').len();
    let item = |line: &str| {
        let line = line.strip_prefix(&lines[..indent])?.strip_prefix("- ")?;
        let item = line.trim_matches(' ');
        is_text(item).then(|| item.to_string())
    };
    lines.split('\n').map(item).collect()
}

/// Whether a scalar without quotes means itself, and can't be read as a number or another type.
fn is_text(scalar: &str) -> bool {
    let odd = |c: char| {
        c.is_control()
            || matches!(
                c,
                '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
            )
    };
    let word = |c: char| c.is_alphabetic() || !c.is_ascii() && !c.is_whitespace();
    scalar.starts_with(word)
        && plain_scalar(scalar) == Some(scalar)
        && !scalar.contains(odd)
        && !matches!(
            scalar.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off" | "y" | "n"
        )
}

fn looks_like_mapping(text: &str) -> bool {
    match text.split_once('\n') {
        _ if text.starts_with('{') => true,
        Some((first, rest)) if bare_value(first).is_empty() => {
            let lines = rest.lines().map(str::trim_start);
            let first = lines
                .into_iter()
                .find(|line| !line.is_empty() && !line.starts_with('#'));
            first.is_some_and(|line| !line.starts_with("- ") && key_of(line).is_some())
        }
        _ => false,
    }
}

/// The lines below a key, moved to the left edge. A value on the key's own line stays as it is.
fn dedented(piece: &Piece) -> Piece {
    let Some((first, rest)) = piece
        .text
        .split_once('\n')
        .filter(|(first, _)| bare_value(first).is_empty())
    else {
        return piece.clone();
    };
    let _ = first;
    let solid = || {
        rest.lines()
            .filter(|line| !line.trim().is_empty() && !line.trim_start().starts_with('#'))
    };
    let indent = solid()
        .map(|line| line.len() - line.trim_start_matches(' ').len())
        .min()
        .unwrap_or(0);
    let cut = |line: &str| line.get(indent..).unwrap_or("").to_string();
    let text = rest.lines().map(cut).collect::<Vec<_>>().join("\n");
    Piece {
        text,
        line: piece.line + 1,
        indent: piece.indent + indent as u32,
    }
}

/// The items of a block list whose dashes stand at the left edge.
fn items(block: &Piece) -> Vec<Piece> {
    let mut items: Vec<Piece> = Vec::new();
    for (number, line) in block.text.lines().enumerate() {
        if let Some(rest) = line.strip_prefix('-') {
            let inner = rest.trim_start_matches(' ');
            let indent = (line.len() - inner.len()) as u32;
            let text = inner.to_string();
            items.push(Piece {
                text,
                line: block.line + number as u32,
                indent: block.indent + indent,
            });
        } else if let Some(item) = items.last_mut() {
            let indent = (item.indent - block.indent) as usize;
            item.text.push('\n');
            item.text.push_str(line.get(indent..).unwrap_or(""));
        }
    }
    items
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(text: &str, ask: impl Fn(&mut Mapping, &mut Complaints)) -> String {
        let lines = Lines::new("a.md", text);
        let mut out = Vec::new();
        let mut mapping = document(&lines, &mut out);
        ask(&mut mapping, &mut out);
        mapping.finish(&mut out);
        let line = |diagnostic: &Diagnostic| {
            let place = diagnostic.place.as_ref().unwrap();
            format!("{}:{} {}", place.line, place.column, diagnostic.message)
        };
        out.iter().map(line).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn texts_stay_as_written() {
        for (value, expect) in [
            ("1.10", "1.10"),
            ("no", "no"),
            ("2026-11-24 08:00", "2026-11-24 08:00"),
            ("\"a: b\"", "a: b"),
            ("“引号”", "“引号”"),
            ("a # comment", "a"),
            ("|\n  x\n  y\n", "x\ny"),
            ("甲\n  乙", "甲乙"),
        ] {
            let text = format!("k: {value}");
            complaints(&text, |mapping, out| {
                assert_eq!(mapping.text("k", out).as_deref(), Some(expect), "{value}");
                assert!(out.is_empty(), "{value}: {out:?}");
            });
        }
    }

    #[test]
    fn a_long_mapping_is_as_a_short_one() {
        for keys in [3, MANY - 1, MANY, MANY + 1, 500] {
            let text: String = (0..keys).map(|n| format!("k{n}: {n}\n")).collect();
            let text = format!("{text}k1: again\n");
            let told = complaints(&text, |mapping, out| {
                assert_eq!(mapping.keys().len(), keys);
                for n in 0..keys {
                    let key: &'static str = Box::leak(format!("k{n}").into_boxed_str());
                    assert_eq!(mapping.text(key, out), Some(n.to_string()));
                }
                assert_eq!(mapping.text("k9999", out), None);
            });
            assert_eq!(told, format!("{}:1 `k1` is given twice", keys + 1));
        }
    }

    #[test]
    fn finds_every_mistake_at_its_place() {
        let text = "title: a\ntags: sea\ntgas: [x]\nweight: [1]\ntitle: b\n标题：c\nlead: maybe\n";
        let ask = |mapping: &mut Mapping, out: &mut Complaints| {
            mapping.text("title", out);
            mapping.texts("tags", out);
            mapping.integer("weight", out);
            mapping.boolean("lead", out);
        };
        let expect = "\
6:1 this line is not `key: value`
5:1 `title` is given twice
2:7 `tags` must be a list
4:9 `weight` must be a whole number
7:7 `lead` must be `true` or `false`
3:1 `tgas` is not a key that masthead knows";
        assert_eq!(complaints(text, ask), expect);
    }

    #[test]
    fn nested_mappings_keep_their_places() {
        let text = "summary:\n  text: a\n  metod: ai\nlist:\n  - id: x\n    nam: y\n  - {id: z}\n";
        let ask = |mapping: &mut Mapping, out: &mut Complaints| {
            let mut summary = mapping.mapping("summary", "", out).unwrap();
            assert_eq!(summary.text("text", out).as_deref(), Some("a"));
            summary.text("method", out);
            summary.finish(out);
            let mut ids = Vec::new();
            for mut item in mapping.mappings("list", "", out) {
                ids.extend(item.text("id", out));
                item.text("name", out);
                item.finish(out);
            }
            assert_eq!(ids, ["x", "z"]);
        };
        let expect = "\
3:3 `summary.metod` is not a key that masthead knows
6:5 `list.nam` is not a key that masthead knows";
        assert_eq!(complaints(text, ask), expect);
    }

    #[test]
    fn endless_brackets_are_told_and_not_read() {
        let all = |mapping: &mut Mapping, out: &mut Complaints| drop(mapping.whole(out));
        let open = "[".repeat(80_000);
        let told = "more than 128 brackets are open here";
        assert_eq!(
            complaints(&format!("k: {open}"), all),
            format!("1:132 {told}")
        );
        let below = format!("a: 1\nk:\n  - 甲\n  - {open}\nb: 2");
        assert_eq!(complaints(&below, all), format!("4:133 {told}"));
        assert_eq!(
            complaints(&format!("{{k: {open}"), all),
            format!("1:1 {told}")
        );
        let lines = Lines::new("a.yaml", &open);
        let mut out = Vec::new();
        assert_eq!(anything(&lines, &mut out), None);
        assert_eq!(out[0].message, told);
        for text in [
            format!("k: \"{open}\""),
            format!("k: |\n  {open}"),
            format!("k: {}{}", "[".repeat(100), "]".repeat(100)),
        ] {
            assert_eq!(complaints(&text, all), "");
        }
    }

    #[test]
    fn a_comment_at_the_margin_is_one() {
        let ask = |mapping: &mut Mapping, out: &mut Complaints| {
            let mut contact = mapping.mapping("contact", "", out).unwrap();
            assert_eq!(contact.text("email", out).as_deref(), Some("a"));
            assert_eq!(contact.text("phone", out).as_deref(), Some("b"));
            contact.finish(out);
            assert_eq!(mapping.texts("tags", out), ["x", "y"]);
            assert_eq!(mapping.text("title", out).as_deref(), Some("c"));
        };
        let text = "contact:\n  email: a\n# 甲：乙\n  phone: b\n\n# 甲\ntags:\n  - x\n# 丙：丁\n  - y\n\
                    #甲 b\ntitle: c\n# d\n";
        assert_eq!(complaints(text, ask), "");
    }

    #[test]
    fn tabs_are_named() {
        let ask = |mapping: &mut Mapping, out: &mut Complaints| {
            mapping.mapping("image", "", out);
        };
        let expect = "2:1 YAML does not allow tabs at the start of a line";
        assert_eq!(complaints("image:\n\tsrc: a.png\n", ask), expect);
    }

    #[test]
    fn a_dash_after_a_tab_and_a_wide_sign_is_told() {
        let said = complaints("\"]:\t\n\t：\n-a", |mapping, out| drop(mapping.whole(out)));
        assert!(!said.is_empty());
    }

    proptest::proptest! {
        #[test]
        fn plain_lists_are_what_serde_yaml_reads(
            items in proptest::collection::vec("[ab海“💡：，\u{3000}?!&*#%@`'\"{}\\[\\]|>:\\-~. 1\u{2028}\u{85}]{0,6}|null|No|TRUE|y|1e3|.5", 1..4),
            flow: bool,
            blank in " {0,2}",
        ) {
            let text = match flow {
                true => format!("[{blank}{}{blank}]", items.join(&format!("{blank},{blank}"))),
                false => items.iter().map(|item| format!("\n{blank}- {item}{blank}")).collect(),
            };
            if let Some(plain) = plain_list(&text) {
                let read: BTreeMap<String, Vec<String>> = serde_yaml::from_str(&format!("x: {text}")).unwrap();
                proptest::prop_assert_eq!(&plain, &read["x"], "{}", text);
            }
        }

        #[test]
        fn never_panics(text in "[a-z:：\\-# \\n\\t\"'{}\\[\\]|>&*!海港,.0-9]{0,200}") {
            let _ = complaints(&text, |mapping, out| {
                mapping.text("a", out);
                mapping.texts("b", out);
                mapping.mapping("c", "", out);
                mapping.mappings("d", "", out);
                mapping.whole(out);
            });
        }
    }
}

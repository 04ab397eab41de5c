//! YAML that is read by people's mistakes: mappings with the place of every key.
//!
//! serde_yaml stops at a file's first error and says little of where things stand. So a mapping
//! is first cut into its entries, line by line, by YAML's own rule that a key of a block mapping
//! stands at the block's indentation; each entry is then given to serde_yaml alone. All of a
//! file's mistakes are found in one go, each with its place.
//!
//! What this gives up: anchors that reach from one entry into another. They are reported as what
//! they then are, an unknown anchor.

use super::diagnostic::{Code, Diagnostic, Lines, Place, nearest};
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

/// A mapping that is asked for its keys one by one, and complains as it goes.
pub struct Mapping<'a> {
    lines: &'a Lines<'a>,
    entries: Vec<Entry>,
    known: Vec<&'static str>,
    /// `summary.` inside `summary`.
    prefix: String,
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

fn read<'a>(
    lines: &'a Lines<'a>,
    piece: &Piece,
    prefix: String,
    out: &mut Complaints,
) -> Mapping<'a> {
    let mut mapping = Mapping {
        lines,
        entries: Vec::new(),
        known: Vec::new(),
        prefix,
    };
    let flow = piece.text.trim_start().starts_with('{');
    let entries = if flow {
        flow_entries(lines, piece, out)
    } else {
        cut(lines, piece, out)
    };
    for entry in entries {
        let first = mapping.entries.iter().find(|other| other.key == entry.key);
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
            None => mapping.entries.push(entry),
        }
    }
    mapping
}

/// Cuts a block mapping into entries at the lines that start at its own indentation.
fn cut(lines: &Lines, piece: &Piece, out: &mut Complaints) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut broken = false;
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
                Some(entry) => {
                    entry.value.text.push('\n');
                    entry.value.text.push_str(text);
                }
                None if text.trim().is_empty() || text.starts_with('#') => {}
                None => out.push(not_a_key(lines, line, piece.indent, text)),
            }
            continue;
        }
        match key_of(text) {
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
fn flow_entries(lines: &Lines, piece: &Piece, out: &mut Complaints) -> Vec<Entry> {
    let value: serde_yaml::Mapping = match serde_yaml::from_str(&piece.text) {
        Ok(value) => value,
        Err(error) => {
            out.push(syntax(lines, piece.line, 1, &error));
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
            diagnostic.help(format!(
                "write `{key}: {value}`, with a half-width colon and a space"
            ))
        }
        (None, Some(at)) => diagnostic.help(format!(
            "write `{}: {}`, with a space",
            &bare[..at],
            &bare[at + 1..]
        )),
        (None, None) => diagnostic.help("indent it, if it goes on from the line above"),
    }
}

fn syntax(lines: &Lines, line: u32, column: u32, error: &serde_yaml::Error) -> Diagnostic {
    let text = error.to_string();
    let bare = text
        .rsplit_once(" at line ")
        .map_or(text.as_str(), |(bare, _)| bare);
    let bare = bare.rsplit_once("x: ").map_or(bare, |(_, bare)| bare);
    let line_text = lines.text().lines().nth(line as usize - 1).unwrap_or("");
    let marked = (width(line_text.trim_end()) + 1).saturating_sub(column);
    let diagnostic = Diagnostic::new(Code::Yaml, format!("this is not YAML: {bare}"))
        .at(lines.place(line, column, marked.max(1), ""));
    let value: String = line_text.chars().skip(column as usize - 1).collect();
    if value.contains(": ") || value.starts_with(['@', '%', '*', '`', '&', '!', '|', '>']) {
        diagnostic.help("put the value in quotes")
    } else {
        diagnostic
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
        let entry = self.entries.iter().find(|entry| entry.key == key)?;
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
        if !self.known.contains(&key) {
            self.known.push(key);
        }
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        self.take_at(at)
    }

    fn take_at(&mut self, at: usize) -> Option<usize> {
        let entry = &mut self.entries[at];
        entry.asked = true;
        (!matches!(bare_value(&entry.value.text), "" | "~" | "null")).then_some(at)
    }

    fn typed<T: DeserializeOwned>(
        &self,
        entry: &Entry,
        want: &Want,
        out: &mut Complaints,
    ) -> Option<T> {
        let text = &entry.value.text;
        let block =
            text.starts_with('\n') || bare_value(text.lines().next().unwrap_or("")).is_empty();
        let source = format!("x: {text}");
        match serde_yaml::from_str::<BTreeMap<String, T>>(&source) {
            Ok(mut map) => map.remove("x"),
            Err(error) => {
                // It may be no YAML at all, or YAML of another type.
                match serde_yaml::from_str::<serde_yaml::Value>(&source) {
                    Err(error) => {
                        let down = error.location().map_or(0, |at| at.line() as u32 - 1);
                        let column = if down == 0 {
                            entry.value_column
                        } else {
                            1 + entry.value.indent
                        };
                        out.push(syntax(self.lines, entry.line + down, column, &error));
                    }
                    Ok(value) => {
                        let given = value.get("x").map_or("nothing", type_name);
                        let _ = (error, block);
                        out.push(self.wrong_type(entry, want, given));
                    }
                }
                None
            }
        }
    }

    fn wrong_type(&self, entry: &Entry, want: &Want, given: &str) -> Diagnostic {
        let place = self.value_place(entry, &format!("this is {given}"));
        let message = format!("`{}{}` must be {}", self.prefix, entry.key, want.name);
        let value = bare_value(entry.value.text.lines().next().unwrap_or(""));
        let example = if want.wraps && given != "a mapping" && !value.is_empty() {
            format!("[{value}]")
        } else {
            want.example.to_string()
        };
        Diagnostic::new(Code::WrongType, message)
            .at(place)
            .help(format!("write `{}: {example}`", entry.key))
    }

    /// A text without blanks around it; numbers, `no` and dates are kept as they are written.
    pub fn text(&mut self, key: &'static str, out: &mut Complaints) -> Option<String> {
        let at = self.take(key)?;
        let entry = &self.entries[at];
        match plain_scalar(&entry.value.text) {
            Some(text) => Some(text.to_string()),
            None => self
                .typed(entry, &Want::TEXT, out)
                .map(|text: String| text.trim().to_string()),
        }
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
        let Some(at) = self.take(key) else {
            return Vec::new();
        };
        let texts: Option<Vec<String>> = self.typed(&self.entries[at], &Want::TEXTS, out);
        texts
            .unwrap_or_default()
            .into_iter()
            .filter(|text| !text.trim().is_empty())
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
        let entry = self.entries.iter().find(|entry| entry.key == key);
        entry.is_some_and(|entry| looks_like_mapping(&entry.value.text))
    }

    /// A mapping inside this one.
    pub fn mapping(&mut self, key: &'static str, out: &mut Complaints) -> Option<Mapping<'a>> {
        let at = self.take(key)?;
        self.nested(at, out)
    }

    /// The mapping under any of [`Self::keys`].
    pub fn mapping_of(&mut self, key: &str, out: &mut Complaints) -> Option<Mapping<'a>> {
        let at = self.entries.iter().position(|entry| entry.key == key)?;
        self.take_at(at)?;
        self.nested(at, out)
    }

    fn nested(&self, at: usize, out: &mut Complaints) -> Option<Mapping<'a>> {
        let entry = &self.entries[at];
        if !looks_like_mapping(&entry.value.text) {
            out.push(self.wrong_type(entry, &Want::MAPPING, type_of(&entry.value.text)));
            return None;
        }
        let prefix = format!("{}{}.", self.prefix, entry.key);
        Some(read(self.lines, &dedented(&entry.value), prefix, out))
    }

    /// A list of mappings.
    pub fn mappings(&mut self, key: &'static str, out: &mut Complaints) -> Vec<Mapping<'a>> {
        let Some(at) = self.take(key) else {
            return Vec::new();
        };
        let entry = &self.entries[at];
        let prefix = format!("{}{}.", self.prefix, entry.key);
        if entry.value.text.trim_start().starts_with('[') {
            return self.flow_mappings(entry, &prefix, out);
        }
        let block = dedented(&entry.value);
        if !block.text.trim_start().starts_with('-') {
            out.push(self.wrong_type(entry, &Want::MAPPINGS, type_of(&entry.value.text)));
            return Vec::new();
        }
        items(&block)
            .iter()
            .map(|item| read(self.lines, item, prefix.clone(), out))
            .collect()
    }

    fn flow_mappings(&self, entry: &Entry, prefix: &str, out: &mut Complaints) -> Vec<Mapping<'a>> {
        let values: Option<Vec<serde_yaml::Mapping>> = self.typed(entry, &Want::MAPPINGS, out);
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
    pub fn finish(self, out: &mut Complaints) {
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
        let message = format!("`{key}` can't be `{}`", given.text);
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
    wraps: bool,
}

impl Want {
    const TEXT: Want = Want {
        name: "a text",
        example: "\"…\"",
        wraps: false,
    };
    const BOOLEAN: Want = Want {
        name: "`true` or `false`",
        example: "true",
        wraps: false,
    };
    const INTEGER: Want = Want {
        name: "a whole number",
        example: "1",
        wraps: false,
    };
    const TEXTS: Want = Want {
        name: "a list",
        example: "[…, …]",
        wraps: true,
    };
    const ANYTHING: Want = Want {
        name: "YAML",
        example: "…",
        wraps: false,
    };
    const MAPPING: Want = Want {
        name: "a mapping",
        example: "{…: …}",
        wraps: false,
    };
    const MAPPINGS: Want = Want {
        name: "a list of mappings",
        example: "[{…: …}]",
        wraps: false,
    };
}

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
            "a list of more than plain texts"
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
    let end = if quoted { None } else { first_line.find(" #") };
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

/// A scalar so plain that it means itself: the common case, ten times faster than serde_yaml.
fn plain_scalar(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let first = text.chars().next()?;
    let plain = first.is_alphanumeric() && !text.contains(['\n', '\t']);
    (plain && !text.contains(": ") && !text.contains(" #") && !text.ends_with(':')).then_some(text)
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
            ("甲\n  乙", "甲 乙"),
        ] {
            let text = format!("k: {value}");
            complaints(&text, |mapping, out| {
                assert_eq!(mapping.text("k", out).as_deref(), Some(expect), "{value}");
                assert!(out.is_empty(), "{value}: {out:?}");
            });
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
            let mut summary = mapping.mapping("summary", out).unwrap();
            assert_eq!(summary.text("text", out).as_deref(), Some("a"));
            summary.text("method", out);
            summary.finish(out);
            let mut ids = Vec::new();
            for mut item in mapping.mappings("list", out) {
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
    fn tabs_are_named() {
        let ask = |mapping: &mut Mapping, out: &mut Complaints| {
            mapping.mapping("image", out);
        };
        let expect = "2:1 YAML does not allow tabs at the start of a line";
        assert_eq!(complaints("image:\n\tsrc: a.png\n", ask), expect);
    }

    proptest::proptest! {
        #[test]
        fn never_panics(text in "[a-z:：\\-# \\n\\t\"'{}\\[\\]|>&*!海港,.0-9]{0,200}") {
            let _ = complaints(&text, |mapping, out| {
                mapping.text("a", out);
                mapping.texts("b", out);
                mapping.mapping("c", out);
                mapping.mappings("d", out);
                mapping.whole(out);
            });
        }
    }
}

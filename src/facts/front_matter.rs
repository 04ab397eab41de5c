//! Front matter: the YAML between two `---` lines at the top of a Markdown source.

use super::markdown::is_internal;
use super::{Correction, Image, Kind, Meta, Method, Rare, Summary};
use crate::base::date::{self, Stamp};
use crate::base::diagnostic::{Code, Diagnostic, Lines};
use crate::base::language::language;
use crate::base::slug::{is_name, percent_decoded};
use crate::base::text::ticker::is_ticker;
use crate::base::yaml::{self, Complaints, Mapping, Spanned, one_of};

/// Where the body starts, in bytes: after the front matter, or 0.
pub fn body_start(text: &str) -> usize {
    fence(text).and_then(|fence| fence.body).unwrap_or(0)
}

/// Where the front matter's lines are.
struct Fence {
    /// Its last line, from 1; the first is 2.
    last: u32,
    /// Where the body starts; `None` where the closing line is missing.
    body: Option<usize>,
}

fn fence(text: &str) -> Option<Fence> {
    let mut at = text.find('\n')? + 1;
    if text[..at].trim_end() != "---" {
        return None;
    }
    let mut last = 1;
    for line in text[at..].split_inclusive('\n') {
        at += line.len();
        if line.trim_end() == "---" {
            return Some(Fence {
                last,
                body: Some(at),
            });
        }
        last += 1;
    }
    Some(Fence { last, body: None })
}

/// Reads and checks the front matter of a source.
pub fn read(lines: &Lines, out: &mut Complaints) -> Meta {
    let Some(fence) = fence(lines.text()) else {
        out.extend(foreign(lines).or_else(|| unopened(lines)));
        return Meta::default();
    };
    if fence.body.is_none() {
        out.push(unclosed(lines));
        return Meta::default();
    }
    let mut keys = yaml::mapping(lines, 2, fence.last, out);
    let meta = meta(&mut keys, out);
    keys.finish(out);
    meta
}

/// Whether a line looks like `---`.
fn is_dashes(line: &str) -> bool {
    let line = line.trim();
    line.chars().count() >= 2 && line.chars().all(|c| "-–—―─－_=".contains(c))
}

fn unclosed(lines: &Lines) -> Diagnostic {
    let message = "the front matter has no closing `---`";
    let diagnostic = Diagnostic::new(Code::UnclosedFrontMatter, message).at(lines.place(
        1,
        1,
        3,
        "opened here, never closed",
    ));
    let mut rest = lines.text().lines().zip(1..).skip(1);
    match rest.find(|(line, _)| is_dashes(line)) {
        Some((line, number)) => diagnostic.help(format!(
            "write `---`, three hyphens, on line {number} in place of `{}`",
            line.trim()
        )),
        None => diagnostic.help("write `---` on a line of its own below the last key"),
    }
}

/// Front matter below a blank line or below other dashes would be printed as text.
fn unopened(lines: &Lines) -> Option<Diagnostic> {
    let text = lines.text().lines().zip(1..);
    let mut solid = text.skip_while(|(line, _)| line.trim().is_empty());
    let (line, number) = solid.next().filter(|(line, _)| is_dashes(line))?;
    let (first_key, _) = solid.next()?;
    let (key, _) = first_key.split_once([':', '：'])?;
    let is_key = |c: char| c.is_ascii_lowercase() || c == '_';
    if key.is_empty() || !key.chars().all(is_key) {
        return None;
    }
    let message = "the front matter does not start with `---` on the first line";
    Some(
        Diagnostic::new(Code::UnclosedFrontMatter, message)
            .at(lines.place(number, 1, line.trim().chars().count() as u32, ""))
            .help("write `---`, three hyphens, on the first line of the file"),
    )
}

/// The format of the front matter of a text that should have none, such as a dump.
pub fn format(text: &str) -> Option<&'static str> {
    let is_key = |line: &str| {
        let key = line.split_once(':').map_or("", |(key, _)| key);
        !key.is_empty() && key.chars().all(|c| c.is_ascii_lowercase() || c == '_')
    };
    let closed = fence(text).is_some_and(|fence| fence.body.is_some());
    match closed && text.lines().nth(1).is_some_and(is_key) {
        true => Some("YAML"),
        false => foreign_format(first_solid(text)?.0, text),
    }
}

/// Front matter in the formats of other generators would be printed as text, and drafts with it.
fn foreign(lines: &Lines) -> Option<Diagnostic> {
    let (line, number) = first_solid(lines.text())?;
    let format = foreign_format(line, lines.text())?;
    let message = format!("the front matter is {format}, and masthead reads YAML");
    let width = line.chars().count() as u32;
    let diagnostic = Diagnostic::new(Code::Yaml, message);
    Some(diagnostic.at(lines.place(number, 1, width, "")).help(
        "write `---` on the first line and below the last key, and between them YAML: `title: …`",
    ))
}

/// The first line that is not blank, and its number.
fn first_solid(text: &str) -> Option<(&str, u32)> {
    let mut lines = text.lines().map(str::trim).zip(1..);
    lines.find(|(line, _)| !line.is_empty())
}

fn foreign_format(first: &str, text: &str) -> Option<&'static str> {
    let is_pluses = first.len() >= 3 && first.bytes().all(|byte| byte == b'+');
    match first.to_ascii_lowercase().as_str() {
        _ if is_pluses => Some("TOML"),
        "---toml" | "--- toml" => Some("TOML"),
        "---json" | "--- json" | ";;;" => Some("JSON"),
        _ => is_json(text).then_some("JSON"),
    }
}

/// Whether a text begins with a brace, and a key behind it or on the line below.
fn is_json(text: &str) -> bool {
    let inner = text.trim_start().strip_prefix('{');
    inner.is_some_and(|inner| {
        let first = inner.lines().next().unwrap_or_default();
        first.trim().is_empty() || inner.trim_start().starts_with('"')
    })
}

fn meta(keys: &mut Mapping, out: &mut Complaints) -> Meta {
    let (highlights, digest) = highlights(keys, out);
    let meta = Meta {
        title: keys.line("title", out),
        date: stamp(keys, "date", out),
        updated: stamp(keys, "updated", out),
        source: keys.line("source", out),
        source_url: web_address(keys, "source_url", out),
        authors: names(keys, "authors", out),
        editors: names(keys, "editors", out),
        channel: keys.text("channel", out),
        tags: names(keys, "tags", out),
        summary: summary(keys, out).map(Box::new),
        highlights,
        image: image(keys, out).map(Box::new),
        lead: keys.boolean("lead", out).unwrap_or(false),
        kind: one_of(keys, "kind", KINDS, out).unwrap_or_default(),
        draft: keys.boolean("draft", out).unwrap_or(false),
        noindex: keys.boolean("noindex", out).unwrap_or(false),
        math: keys.boolean("math", out).unwrap_or(false),
        more: rare(keys, digest, out).into(),
    };
    check_order(keys, &meta, out);
    meta
}

fn rare(keys: &mut Mapping, digest: Option<String>, out: &mut Complaints) -> Rare {
    Rare {
        digest,
        standfirst: keys.text("standfirst", out),
        tickers: tickers(keys, out),
        pin_until: stamp(keys, "pin_until", out),
        weight: weight(keys, out),
        template: template(keys, out),
        slug: keys.text("slug", out).filter(|slug| !slug.is_empty()),
        aliases: aliases(keys, out),
        lang: language(keys, "lang", out),
        expires: stamp(keys, "expires", out),
        canonical: web_address(keys, "canonical", out),
        related: keys.texts("related", out),
        corrections: corrections(keys, out),
        retracted: retracted(keys, out),
        extra: keys.anything("extra", out).map(|value| value.to_string()),
    }
}

const KINDS: &[(&str, Kind)] = &[
    ("article", Kind::Article),
    ("flash", Kind::Flash),
    ("page", Kind::Page),
];

const METHODS: &[(&str, Method)] = &[
    ("human", Method::Human),
    ("ai", Method::Ai),
    ("extractive", Method::Extractive),
];

/// A date under a key, checked.
pub fn stamp(keys: &mut Mapping, key: &'static str, out: &mut Complaints) -> Option<Stamp> {
    let given = keys.dated(key, out)?;
    let read = date::parse(&given.text);
    if read.is_none() {
        out.push(bad_date(key, &keys.name(key), given));
    }
    read
}

fn bad_date(key: &str, name: &str, given: Spanned) -> Diagnostic {
    let text = &given.text;
    let message = if date::is_dateish(text) {
        format!("`{name}` is not a date: there is no `{text}`")
    } else {
        format!("`{name}` is not a date: `{text}`")
    };
    Diagnostic::new(Code::BadDate, message)
        .at(given.place)
        .help(format!(
            "write `{key}: 2026-11-24 08:00`, or `2026-11-24T08:00:00+08:00`"
        ))
}

/// An absolute web address under a key.
pub fn web_address(keys: &mut Mapping, key: &'static str, out: &mut Complaints) -> Option<String> {
    let given = keys.spanned(key, out)?;
    let fine = ["http://", "https://"].iter().any(|scheme| {
        given
            .text
            .strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty() && !rest.contains(char::is_whitespace))
    });
    if fine {
        return Some(given.text);
    }
    let message = format!("`{key}` must be a web address");
    out.push(
        Diagnostic::new(Code::BadValue, message)
            .at(given.place)
            .help(format!("write `{key}: https://…`")),
    );
    None
}

fn summary(keys: &mut Mapping, out: &mut Complaints) -> Option<Summary> {
    if !keys.is_mapping("summary") {
        let text = keys.text("summary", out)?;
        return Some(Summary {
            text,
            ..Summary::default()
        });
    }
    let mut inner = keys.mapping("summary", "{text: …}", out)?;
    let summary = Summary {
        text: inner.text("text", out).unwrap_or_default(),
        method: one_of(&mut inner, "method", METHODS, out).unwrap_or_default(),
        model: inner.text("model", out),
        reviewed_by: inner.text("reviewed_by", out),
    };
    if inner.lacks("text") {
        let mut diagnostic = Diagnostic::new(Code::BadValue, "`summary` has no `text`");
        diagnostic.place = keys.place("summary", "`text` is missing");
        out.push(diagnostic.help("write `summary: {text: …, method: ai}`"));
    }
    inner.finish(out);
    (!summary.text.is_empty()).then_some(summary)
}

/// The key points, or what is to be made where there are none: `off`, or the name of a digest.
fn highlights(keys: &mut Mapping, out: &mut Complaints) -> (Vec<String>, Option<String>) {
    match keys.word("highlights") {
        Some(name) => (Vec::new(), Some(name)),
        None => (keys.texts("highlights", out), None),
    }
}

/// Where a picture is: a path, or a web address.
pub fn picture(given: Spanned, out: &mut Complaints) -> Option<String> {
    let lower = given.text.to_ascii_lowercase();
    let web = ["http://", "https://", "//"]
        .iter()
        .any(|start| lower.starts_with(start));
    if web || is_internal(&given.text) {
        return Some(given.text);
    }
    let message = format!("a picture can't be at `{}`", given.text);
    out.push(
        Diagnostic::new(Code::BadValue, message)
            .at(given.place)
            .help("write the path of a file, or an address that begins with `https://`"),
    );
    None
}

fn image(keys: &mut Mapping, out: &mut Complaints) -> Option<Image> {
    if !keys.is_mapping("image") {
        let src = picture(keys.spanned("image", out)?, out)?;
        out.push(missing_alt(keys, &src));
        return Some(Image {
            src,
            ..Image::default()
        });
    }
    let mut inner = keys.mapping("image", "{src: …}", out)?;
    let image = Image {
        src: inner
            .spanned("src", out)
            .and_then(|src| picture(src, out))
            .unwrap_or_default(),
        alt: inner.text("alt", out).unwrap_or_default(),
        credit: inner.text("credit", out),
        caption: inner.text("caption", out),
    };
    if inner.lacks("src") {
        let mut diagnostic = Diagnostic::new(Code::BadValue, "`image` has no `src`");
        diagnostic.place = keys.place("image", "`src` is missing");
        out.push(diagnostic.help("write `image: {src: bridge.jpg, alt: …}`"));
    }
    if !image.src.is_empty() && inner.lacks("alt") {
        out.push(missing_alt(keys, &image.src));
    }
    inner.finish(out);
    (!image.src.is_empty()).then_some(image)
}

fn missing_alt(keys: &Mapping, src: &str) -> Diagnostic {
    let message = "`image` has no `alt`, so who can't see it doesn't know what it shows";
    let mut diagnostic = Diagnostic::new(Code::MissingAlt, message);
    diagnostic.place = keys.place("image", "");
    diagnostic.help(format!("write `image: {{src: {src}, alt: …}}`"))
}

fn corrections(keys: &mut Mapping, out: &mut Complaints) -> Vec<Correction> {
    let mut list = Vec::new();
    for mut item in keys.mappings("corrections", "[{date: 2026-11-24, text: …}]", out) {
        let (date, text) = (stamp(&mut item, "date", out), item.text("text", out));
        if item.lacks("date") || item.lacks("text") {
            let message = "a correction needs both `date` and `text`";
            let mut diagnostic = Diagnostic::new(Code::BadValue, message);
            diagnostic.place = item.start().or_else(|| keys.place("corrections", ""));
            out.push(diagnostic.help("write `corrections: [{date: 2026-11-24, text: …}]`"));
        }
        item.finish(out);
        if let (Some(date), Some(text)) = (date, text) {
            list.push(Correction { date, text });
        }
    }
    list
}

fn retracted(keys: &mut Mapping, out: &mut Complaints) -> Option<Correction> {
    let mut inner = keys.mapping("retracted", "{date: 2026-11-24, text: …}", out)?;
    let (date, text) = (stamp(&mut inner, "date", out), inner.text("text", out));
    if inner.lacks("date") || inner.lacks("text") {
        let message = "`retracted` needs both `date` and `text`";
        let mut diagnostic = Diagnostic::new(Code::BadValue, message);
        diagnostic.place = keys.place("retracted", "");
        out.push(diagnostic.help("write `retracted: {date: 2026-11-24, text: …}`"));
    }
    inner.finish(out);
    date.zip(text).map(|(date, text)| Correction { date, text })
}

/// How many names an article may have under one key: each has a page, which shows all of them.
const MOST_NAMES: usize = 200;

fn names(keys: &mut Mapping, key: &'static str, out: &mut Complaints) -> Vec<String> {
    let names = keys.names(key, out);
    bounded(keys, key, names, out)
}

/// As many names as there may be.
fn bounded(
    keys: &Mapping,
    key: &'static str,
    mut names: Vec<String>,
    out: &mut Complaints,
) -> Vec<String> {
    if names.len() > MOST_NAMES {
        let message = format!(
            "`{key}` has {} names, and may have {MOST_NAMES}",
            names.len()
        );
        let mut diagnostic = Diagnostic::new(Code::BadValue, message);
        diagnostic.place = keys.place(key, "");
        out.push(diagnostic.help("keep those that the article is about"));
        names.truncate(MOST_NAMES);
    }
    names
}

/// `BABA.US`: a code and its market.
fn tickers(keys: &mut Mapping, out: &mut Complaints) -> Vec<String> {
    let given = keys.texts("tickers", out);
    let given = bounded(keys, "tickers", given, out);
    for ticker in given.iter().filter(|ticker| !is_ticker(ticker)) {
        let message = format!("`{ticker}` is not a ticker");
        let mut diagnostic = Diagnostic::new(Code::BadValue, message);
        diagnostic.place = keys.item_place("tickers", ticker);
        let parts: Vec<&str> = yaml::parts(ticker).collect();
        out.push(
            match parts.len() > 1 && parts.iter().all(|part| is_ticker(part)) {
                true => diagnostic.help(format!("write `[{}]`", parts.join(", "))),
                false => diagnostic.help("write code and market, such as `BABA.US` or `09988.HK`"),
            },
        );
    }
    given
        .into_iter()
        .filter(|ticker| is_ticker(ticker))
        .collect()
}

fn weight(keys: &mut Mapping, out: &mut Complaints) -> i64 {
    let weight = keys.integer("weight", out).unwrap_or(0);
    if (-100..=100).contains(&weight) {
        return weight;
    }
    let mut diagnostic = Diagnostic::new(Code::BadValue, "`weight` goes from -100 to 100");
    diagnostic.place = keys.place("weight", "");
    out.push(diagnostic.help("write a number between the two"));
    0
}

/// A template's name is a name: it never reaches out of the templates' folder.
fn template(keys: &mut Mapping, out: &mut Complaints) -> Option<String> {
    let given = keys.spanned("template", out)?;
    if is_name(&given.text) {
        return Some(given.text);
    }
    let message = format!("`template` must be a name, not a path: `{}`", given.text);
    out.push(
        Diagnostic::new(Code::BadValue, message)
            .at(given.place)
            .help("write the name of a file in templates/article/ without `.html`"),
    );
    None
}

/// Old paths of the article, as they were written or as a browser shows them, with `%XX`.
fn aliases(keys: &mut Mapping, out: &mut Complaints) -> Vec<String> {
    let given = keys.texts("aliases", out);
    let mut aliases = Vec::new();
    for alias in &given {
        let path = percent_decoded(alias).unwrap_or_default();
        let mut diagnostic = match path.find(['?', '#']) {
            Some(end) => no_query(alias, &path[..end]),
            None if is_path(&path) => {
                aliases.push(path.into_owned());
                continue;
            }
            None => not_a_path(alias),
        };
        diagnostic.place = keys.item_place("aliases", alias);
        out.push(diagnostic);
    }
    aliases
}

fn is_path(alias: &str) -> bool {
    let steps = alias.split('/').any(|part| matches!(part, "." | ".."));
    // File systems take names of 255 bytes, and paths of some 4,000.
    let long = alias.len() > 1000 || alias.split('/').any(|part| part.len() > 255);
    let absolute = alias.starts_with('/') && !alias.contains("//");
    absolute && !long && !steps && !alias.contains(char::is_control)
}

fn not_a_path(alias: &str) -> Diagnostic {
    let message = format!("the alias `{alias}` is not a path of this site");
    Diagnostic::new(Code::BadValue, message)
        .help("write it from the site's root, such as `/guoji/old-name/`")
}

/// A host of files looks for the path alone, and a browser never sends what follows `#`.
fn no_query(alias: &str, path: &str) -> Diagnostic {
    let message = format!(
        "the alias `{alias}` can't work: what follows `?` or `#` is no part of a file's name"
    );
    let diagnostic = Diagnostic::new(Code::BadValue, message);
    match is_path(path) && path != "/" {
        true => diagnostic.help(format!(
            "write `{path}`, or have your host lead the old address on"
        )),
        false => diagnostic.help("leave it out, and have your host lead the old address on"),
    }
}

fn check_order(keys: &Mapping, meta: &Meta, out: &mut Complaints) {
    let day = |stamp: Option<Stamp>| stamp.and_then(Stamp::day);
    for (key, stamp) in [("updated", meta.updated), ("expires", meta.more.expires)] {
        if let (Some(first), Some(then)) = (day(meta.date), day(stamp))
            && then < first
        {
            let mut diagnostic =
                Diagnostic::new(Code::BadDate, format!("`{key}` lies before `date`"));
            diagnostic.place = keys.place(key, "");
            out.push(diagnostic.help("mend one of the two"));
        }
    }
}

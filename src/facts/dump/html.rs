//! HTML that was left in a dump: tags are taken out, entities become characters.

use super::{Dump, Guess};
use std::borrow::Cow;

/// What stands for the end of a paragraph inside a line: nothing else has it.
pub(super) const BREAK: char = '\u{2028}';

const BLOCKS: &[&str] = &[
    "p",
    "div",
    "br",
    "li",
    "ul",
    "ol",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "tr",
    "table",
    "tbody",
    "section",
    "article",
    "blockquote",
    "figure",
    "figcaption",
    "header",
    "main",
    "footer",
    "aside",
];
const INLINE: &[&str] = &[
    "a", "b", "i", "u", "em", "strong", "span", "font", "img", "td", "th", "sup", "sub", "small",
    "center", "iframe", "video", "html", "body", "head", "meta", "link", "input", "button", "time",
    "picture", "source", "form", "label",
];
/// What these hold is no text of the article: programs, and links to other pages.
const SILENT: &[&str] = &["script", "style", "noscript", "nav"];
/// The name of a page in a browser's tab, often with the site's behind it.
const TITLE: &str = "title";
const ENTITIES: &[(&str, &str)] = &[
    ("nbsp", "\u{A0}"),
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("hellip", "…"),
    ("mdash", "—"),
    ("ndash", "–"),
    ("middot", "·"),
    ("emsp", "\u{2003}"),
    ("ensp", "\u{2002}"),
];

/// The text without HTML, line by line, if it has ends of blocks, breaks or `&nbsp;` at least
/// twice: a text that only speaks of `<div>` stays as it is.
pub(super) fn without_html<'a>(text: &'a str, dump: &mut Dump) -> Cow<'a, str> {
    let Some(first) = first_remnant(text) else {
        return Cow::Borrowed(text);
    };
    dump.guesses.push(Guess {
        line: text[..first].bytes().filter(|byte| *byte == b'\n').count() as u32 + 1,
        column: 1,
        width: 1,
        what: "HTML tags are taken out of the text".to_owned(),
        reason: "a dump is plain text; columns of its other notes may be off".to_owned(),
    });
    Cow::Owned(stripped(text))
}

fn first_remnant(text: &str) -> Option<usize> {
    let is_end = |at: usize| {
        let rest = &text[at..];
        let close = tag(rest).is_some_and(|tag| {
            BLOCKS.contains(&tag.name.as_str()) && (tag.closes || tag.name == "br")
        });
        close || rest.starts_with("&nbsp;")
    };
    let mut ends = text
        .match_indices(['<', '&'])
        .map(|(at, _)| at)
        .filter(|at| is_end(*at));
    let first = ends.next()?;
    ends.next().map(|_| first)
}

struct Tag {
    name: String,
    closes: bool,
    length: usize,
}

/// The tag of a known element that a text starts with. It ends in its line.
fn tag(text: &str) -> Option<Tag> {
    let inner = text.strip_prefix('<')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let name: String = inner
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(12)
        .flat_map(char::to_lowercase)
        .collect();
    let known = [BLOCKS, INLINE, SILENT, &[TITLE]]
        .iter()
        .any(|list| list.contains(&name.as_str()));
    let follows = inner[name.len()..].starts_with(['>', '/', ' ', '\t']);
    let end = text
        .find(['>', '\n'])
        .filter(|end| text[*end..].starts_with('>'))?;
    (known && follows).then(|| Tag {
        closes: text.starts_with("</"),
        length: end + 1,
        name,
    })
}

/// Lines keep their numbers: what is taken out leaves its line ends.
fn stripped(text: &str) -> String {
    let headed = has_heading(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match titled(rest) {
            Some(length) if headed => silent(&rest[..length], &mut out),
            _ => taken(rest, &mut out),
        };
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

/// Whether a heading says what the title is.
fn has_heading(text: &str) -> bool {
    text.match_indices("<h1").any(|(at, _)| {
        let tag = tag(&text[at..]).filter(|tag| tag.name == "h1");
        let inner = tag.and_then(|tag| text[at + tag.length..].split_once("</h1>"));
        inner.is_some_and(|(inner, _)| {
            let mut out = String::new();
            let mut rest = inner;
            while let Some(open) = rest.find('<') {
                out.push_str(&rest[..open]);
                rest = &rest[open + taken(&rest[open..], &mut String::new())..];
            }
            out.push_str(rest);
            !super::trimmed(&out).is_empty()
        })
    })
}

/// How long the title of a page is that stands at the start of a text, with its tags.
fn titled(text: &str) -> Option<usize> {
    tag(text).filter(|tag| tag.name == TITLE && !tag.closes)?;
    const CLOSE: &str = "</title>";
    text.find(CLOSE).map(|end| end + CLOSE.len())
}

/// Writes nothing but the line ends of a text, and says how long it is.
fn silent(text: &str, out: &mut String) -> usize {
    out.extend(text.chars().filter(|c| *c == '\n'));
    text.len()
}

/// Writes what stands for the tag or entity at the start of a text, and says how long that is.
fn taken(text: &str, out: &mut String) -> usize {
    if let Some((character, length)) = entity(text) {
        out.push_str(&character);
        return length;
    }
    if text.starts_with("<!--") {
        let length = text.find("-->").map_or(4, |end| end + 3);
        return silent(&text[..length], out);
    }
    let kind = text.get(..9).unwrap_or_default();
    if let Some(end) = text
        .find('>')
        .filter(|_| kind.eq_ignore_ascii_case("<!doctype"))
    {
        return silent(&text[..=end], out);
    }
    let Some(tag) = tag(text) else {
        let first = text.chars().next().map_or(0, char::len_utf8);
        out.push_str(&text[..first]);
        return first;
    };
    if SILENT.contains(&tag.name.as_str()) && !tag.closes {
        let close = format!("</{}>", tag.name);
        let length = text
            .find(&close)
            .map_or(tag.length, |end| end + close.len());
        return silent(&text[..length], out);
    }
    match tag.name.as_str() {
        "td" | "th" => out.push(' '),
        name if name == TITLE || BLOCKS.contains(&name) => out.push(BREAK),
        _ => {}
    }
    tag.length
}

fn entity(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('&')?;
    let end = inner.bytes().take(10).position(|byte| byte == b';')?;
    let name = &inner[..end];
    if let Some((_, character)) = ENTITIES.iter().find(|(known, _)| *known == name) {
        return Some(((*character).to_owned(), end + 2));
    }
    let number = name.strip_prefix('#')?;
    let hex = number.strip_prefix(['x', 'X']);
    let code = hex.map_or_else(|| number.parse(), |hex| u32::from_str_radix(hex, 16));
    let character = char::from_u32(code.ok()?).filter(|c| !c.is_control())?;
    Some((character.to_string(), end + 2))
}

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
/// What these hold is no text of the article: programs, and links to other pages. And how they end.
const SILENT: &[(&str, &str)] = &[
    ("script", "</script>"),
    ("style", "</style>"),
    ("noscript", "</noscript>"),
    ("nav", "</nav>"),
];
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
    let mut ends = Ends::default();
    let mut is_end = |at: usize| {
        let rest = &text[at..];
        let close = tag(rest, &mut ends).is_some_and(|tag| {
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

/// What was looked for in vain, so that it is not looked for again: of a text that is read from
/// front to back, the rest has it neither.
#[derive(Default)]
struct Ends {
    /// How much of the text is left where the line ends that has no more `>`.
    line: Option<usize>,
    /// The ends of comments and silent elements that don't come any more.
    missing: Vec<&'static str>,
}

impl Ends {
    /// The `>` in the line that a text starts in.
    fn of_tag(&mut self, text: &str) -> Option<usize> {
        if self.line.is_some_and(|left| text.len() > left) {
            return None;
        }
        let end = memchr::memchr2(b'>', b'\n', text.as_bytes());
        let found = end.filter(|end| text.as_bytes()[*end] == b'>');
        if found.is_none() {
            self.line = Some(end.map_or(0, |end| text.len() - end));
        }
        found
    }

    /// Where something ends that goes over lines.
    fn of(&mut self, text: &str, end: &'static str) -> Option<usize> {
        if self.missing.contains(&end) {
            return None;
        }
        let found = text.find(end);
        if found.is_none() {
            self.missing.push(end);
        }
        found.map(|at| at + end.len())
    }
}

/// The tag of a known element that a text starts with. It ends in its line.
fn tag(text: &str, ends: &mut Ends) -> Option<Tag> {
    let inner = text.strip_prefix('<')?;
    let inner = inner.strip_prefix('/').unwrap_or(inner);
    let name: String = inner
        .chars()
        .take_while(char::is_ascii_alphanumeric)
        .take(12)
        .flat_map(char::to_lowercase)
        .collect();
    let known = BLOCKS.contains(&name.as_str())
        || INLINE.contains(&name.as_str())
        || name == TITLE
        || SILENT.iter().any(|(silent, _)| *silent == name);
    let follows = inner[name.len()..].starts_with(['>', '/', ' ', '\t']);
    if !known || !follows {
        return None;
    }
    Some(Tag {
        closes: text.starts_with("</"),
        length: ends.of_tag(text)? + 1,
        name,
    })
}

/// Lines keep their numbers: what is taken out leaves its line ends.
fn stripped(text: &str) -> String {
    let headed = has_heading(text);
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    let mut ends = Ends::default();
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match titled(rest, &mut ends) {
            Some(length) if headed => silent(&rest[..length], &mut out),
            _ => taken(rest, &mut ends, &mut out),
        };
        rest = &rest[taken..];
    }
    out.push_str(rest);
    out
}

/// Whether a heading says what the title is.
fn has_heading(text: &str) -> bool {
    let (mut at, mut ends) = (0, Ends::default());
    while let Some(found) = text[at..].find("<h1") {
        let start = at + found;
        at = start + 1;
        let Some(tag) = tag(&text[start..], &mut ends).filter(|tag| tag.name == "h1") else {
            continue;
        };
        let inner = start + tag.length;
        let Some(length) = ends.of(&text[inner..], "</h1>") else {
            return false;
        };
        at = inner + length;
        if has_text(&text[inner..at]) {
            return true;
        }
    }
    false
}

/// Whether there is more than tags.
fn has_text(html: &str) -> bool {
    let (mut out, mut rest, mut ends) = (String::new(), html, Ends::default());
    while let Some(open) = rest.find('<') {
        out.push_str(&rest[..open]);
        rest = &rest[open..];
        rest = &rest[taken(rest, &mut ends, &mut String::new())..];
    }
    out.push_str(rest);
    !super::trimmed(&out).is_empty()
}

/// How long the title of a page is that stands at the start of a text, with its tags.
fn titled(text: &str, ends: &mut Ends) -> Option<usize> {
    tag(text, ends).filter(|tag| tag.name == TITLE && !tag.closes)?;
    ends.of(text, "</title>")
}

/// Writes nothing but the line ends of a text, and says how long it is.
fn silent(text: &str, out: &mut String) -> usize {
    out.extend(text.chars().filter(|c| *c == '\n'));
    text.len()
}

/// Writes what stands for the tag or entity at the start of a text, and says how long that is.
fn taken(text: &str, ends: &mut Ends, out: &mut String) -> usize {
    if let Some((character, length)) = entity(text) {
        out.push_str(&character);
        return length;
    }
    if text.starts_with("<!--") {
        let length = ends.of(text, "-->").unwrap_or(4);
        return silent(&text[..length], out);
    }
    let kind = text.get(..9).unwrap_or_default();
    if kind.eq_ignore_ascii_case("<!doctype")
        && let Some(end) = ends.of(text, ">")
    {
        return silent(&text[..end], out);
    }
    let Some(tag) = tag(text, ends) else {
        let first = text.chars().next().map_or(0, char::len_utf8);
        out.push_str(&text[..first]);
        return first;
    };
    let close = SILENT.iter().find(|(name, _)| *name == tag.name);
    if let Some((_, close)) = close.filter(|_| !tag.closes) {
        let length = ends.of(text, close).unwrap_or(tag.length);
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

#[cfg(test)]
mod tests {
    use super::{first_remnant, stripped};

    #[test]
    fn what_has_no_end_is_looked_for_once() {
        let check = |text: &str, expect: &str| assert_eq!(stripped(text), expect, "{text}");
        check("<b\n<b>甲</b>", "<b\n甲");
        check("<b <i\n<!-- 甲\n<i>乙</i>", "<b <i\n 甲\n乙");
        check("<script>甲<style>乙</style>丙", "甲丙");
        for line in [
            "<",
            "<b ",
            "</p ",
            "<!-- \n",
            "<script>\n",
            "<style> <script>\n",
        ] {
            let text = line.repeat(100_000);
            assert!(first_remnant(&text).is_none());
            let lines = text.matches('\n').count();
            assert_eq!(stripped(&text).matches('\n').count(), lines, "{line}");
        }
    }
}

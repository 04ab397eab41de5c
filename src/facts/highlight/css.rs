//! Style sheets, and those of SCSS, Less and Sass: selectors, properties and their values.

use super::{Class, Paint};
use memchr::{memchr, memmem};

pub fn css(code: &str, paint: &mut Paint) {
    let mut rest = code;
    while !rest.is_empty() {
        let start = rest.len() - rest.trim_start().len();
        let blank = if start > 0 { start } else { comment(rest) };
        if blank > 0 {
            let class = (start == 0).then_some(Class::Comment);
            paint.put(&rest[..blank], class);
            rest = &rest[blank..];
            continue;
        }
        let end = end_of_statement(rest);
        let (said, behind) = rest.split_at(end);
        statement(said, behind.starts_with('{'), paint);
        let mark = usize::from(!behind.is_empty());
        paint.plain(&behind[..mark]);
        rest = &behind[mark..];
    }
}

/// Sass without braces: a statement is a line.
pub fn sass(code: &str, paint: &mut Paint) {
    for line in code.split_inclusive('\n') {
        let said = line.trim_start();
        paint.plain(&line[..line.len() - said.len()]);
        if said.starts_with("//") || said.starts_with("/*") {
            paint.put(said, Some(Class::Comment));
            continue;
        }
        let mut ends = said.match_indices(':').map(|(at, _)| &said[at + 1..]);
        let is_property = ends.any(|behind| behind.starts_with(' '));
        statement(said, !is_property, paint);
    }
}

/// How long the comment is that begins here.
fn comment(text: &str) -> usize {
    if text.starts_with("/*") {
        let end = memmem::find(&text.as_bytes()[2..], b"*/");
        return end.map_or(text.len(), |at| at + 4);
    }
    match text.starts_with("//") {
        true => memchr(b'\n', text.as_bytes()).unwrap_or(text.len()),
        false => 0,
    }
}

/// How long the string is that begins here.
fn string(text: &str) -> usize {
    let bytes = text.as_bytes();
    let quote = match bytes.first() {
        Some(quote @ (b'"' | b'\'')) => *quote,
        _ => return 0,
    };
    let mut at = 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'\\' => at += 1,
            b'\n' => return at,
            byte if *byte == quote => return at + 1,
            _ => {}
        }
        at += 1;
    }
    text.len()
}

/// Where a statement has its `{`, `;` or `}`.
fn end_of_statement(text: &str) -> usize {
    let bytes = text.as_bytes();
    let (mut at, mut interpolated) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            b'#' if bytes.get(at + 1) == Some(&b'{') => {
                interpolated += 1;
                at += 1;
            }
            b'}' if interpolated > 0 => interpolated -= 1,
            b'{' | b'}' | b';' => return at,
            b'/' if bytes.get(at + 1) == Some(&b'*') => at += comment(&text[at..]) - 1,
            b'"' | b'\'' => at += string(&text[at..]) - 1,
            _ => {}
        }
        at += 1;
    }
    bytes.len()
}

fn statement(text: &str, selects: bool, paint: &mut Paint) {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let colon = text.find(':');
    if let Some(name) = text.strip_prefix('@') {
        let end = 1 + name.find(|c| !is_of_word(c)).unwrap_or(name.len());
        let class = match text[end..].starts_with(':') {
            true => Class::Attribute,
            false => Class::Keyword,
        };
        paint.put(&text[..end], Some(class));
        parts(&text[end..], false, paint);
    } else if selects || colon.is_none() {
        parts(text, selects, paint);
    } else if let Some(colon) = colon {
        paint.put(&text[..colon], Some(Class::Attribute));
        paint.plain(":");
        parts(&text[colon + 1..], false, paint);
    }
}

/// The parts of a selector or a value.
fn parts(text: &str, selects: bool, paint: &mut Paint) {
    let is_of_word = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let word = |from: usize| {
            let end = rest[from..].find(|c| !is_of_word(c));
            end.map_or(rest.len(), |at| from + at)
        };
        let next = rest[first.len_utf8()..].chars().next().unwrap_or(' ');
        let digit = match first {
            '.' | '-' | '+' => next.is_ascii_digit(),
            first => first.is_ascii_digit(),
        };
        let (length, class) = match first {
            '/' if comment(rest) > 0 => (comment(rest), Some(Class::Comment)),
            '"' | '\'' => (string(rest), Some(Class::String)),
            '.' | '#' if selects && is_of_word(next) => (word(1), Some(Class::Attribute)),
            '%' if selects && is_of_word(next) => (word(1), Some(Class::Type)),
            ':' if selects => {
                let signs = rest.len() - rest.trim_start_matches(':').len();
                (word(signs), Some(Class::Function))
            }
            '#' if next.is_ascii_hexdigit() => (word(1), Some(Class::Number)),
            '$' | '@' if is_of_word(next) => (word(1), Some(Class::Attribute)),
            '!' if is_of_word(next) => (word(1), Some(Class::Keyword)),
            _ if digit => {
                let number = |c: char| !c.is_ascii_alphanumeric() && c != '.' && c != '%';
                let end = rest[1..].find(number).map_or(rest.len(), |at| at + 1);
                (end, Some(Class::Number))
            }
            first if is_of_word(first) => {
                let end = word(first.len_utf8());
                let class = match () {
                    () if rest.starts_with("--") => Some(Class::Attribute),
                    () if selects => Some(Class::Tag),
                    () if rest[end..].starts_with('(') => Some(Class::Function),
                    () => None,
                };
                (end, class)
            }
            first => (first.len_utf8(), None),
        };
        paint.put(&rest[..length], class);
        rest = &rest[length..];
    }
}

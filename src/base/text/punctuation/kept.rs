//! What punctuation is no part of the sentence: addresses, code, formulas, securities, and what
//! means something in Markdown or HTML.

use crate::base::text::script::is_cjk_punctuation;
use crate::base::text::ticker::mentions;
use std::ops::Range;

/// The longest link target, tag or formula, in bytes: what is longer is none.
const LONGEST: usize = 1_000;

/// For each of the `count` characters of a block, whether it stays as it is.
pub fn kept(text: &str, count: usize) -> Vec<bool> {
    let mut kept = Vec::with_capacity(count);
    let ranges = Scan::new(text).ranges();
    let mut ranges = ranges.into_iter().peekable();
    for (at, _) in text.char_indices() {
        while ranges.next_if(|range| range.end <= at).is_some() {}
        kept.push(ranges.peek().is_some_and(|range| range.start <= at));
    }
    kept
}

/// The next place where something stands. It only moves forward, so all questions together cost
/// one walk through the text.
struct Ahead {
    at: usize,
    is: fn(&[u8], usize) -> bool,
}

impl Ahead {
    fn new(is: fn(&[u8], usize) -> bool) -> Ahead {
        Ahead { at: 0, is }
    }

    /// The first such place from `from` on, if it is near.
    fn near(&mut self, bytes: &[u8], from: usize) -> Option<usize> {
        self.at = self.at.max(from);
        while self.at < bytes.len() && !(self.is)(bytes, self.at) {
            self.at += 1;
        }
        (self.at < bytes.len() && self.at - from <= LONGEST).then_some(self.at)
    }
}

struct Scan<'a> {
    text: &'a str,
    bytes: &'a [u8],
    securities: std::iter::Peekable<std::vec::IntoIter<Range<usize>>>,
    line_end: Ahead,
    tag_end: Ahead,
    formula_end: Ahead,
    display_end: Ahead,
    found: Vec<Range<usize>>,
}

impl<'a> Scan<'a> {
    fn new(text: &'a str) -> Scan<'a> {
        let securities: Vec<Range<usize>> = mentions(text)
            .iter()
            .map(|mention| mention.start..mention.end)
            .collect();
        Scan {
            text,
            bytes: text.as_bytes(),
            securities: securities.into_iter().peekable(),
            line_end: Ahead::new(|bytes, at| bytes[at] == b'\n'),
            tag_end: Ahead::new(|bytes, at| bytes[at] == b'>'),
            // As in `$a$`, and not `$5,找回$3`.
            formula_end: Ahead::new(|bytes, at| {
                let after = bytes.get(at + 1).is_some_and(u8::is_ascii_digit);
                bytes[at] == b'$' && at > 0 && !bytes[at - 1].is_ascii_whitespace() && !after
            }),
            display_end: Ahead::new(|bytes, at| bytes[at..].starts_with(b"$$")),
            found: Vec::new(),
        }
    }

    fn ranges(mut self) -> Vec<Range<usize>> {
        let mut at = 0;
        while at < self.bytes.len() {
            if at == 0 || self.bytes[at - 1] == b'\n' {
                self.line_start(at);
                let covered = self.found.last().map_or(0, |range| range.end);
                if covered > at {
                    at = covered;
                    continue;
                }
            }
            at = match self.special(at) {
                Some(range) => {
                    let end = range.end.max(at + 1);
                    self.found.push(range);
                    end
                }
                None => at + self.step(at),
            };
        }
        self.found
    }

    /// How far the next place is that may be special: a run of backticks that closes nothing is
    /// passed as a whole.
    fn step(&self, at: usize) -> usize {
        let run = self.bytes[at..].iter().take_while(|byte| **byte == b'`');
        run.count().max(1)
    }

    /// `1) `, `: ` and `[name]:` mean something at the start of a line.
    fn line_start(&mut self, start: usize) {
        let rest = &self.text[start..];
        let inside = rest.trim_start_matches(' ');
        let at = start + rest.len() - inside.len();
        let digits = inside.bytes().take_while(u8::is_ascii_digit).count();
        let marker = &inside[digits..];
        if (1..=9).contains(&digits) && marker.starts_with(") ") {
            self.found.push(at + digits..at + digits + 1);
        } else if inside.starts_with(": ") {
            self.found.push(at..at + 1);
        } else if inside.starts_with('[') {
            let line = inside
                .bytes()
                .take(LONGEST)
                .take_while(|byte| *byte != b'\n');
            let end = at + line.count();
            let close = (at..end).find(|at| self.bytes[*at..].starts_with(b"]:"));
            // What stands behind the name of a footnote is text.
            let footnote = inside.starts_with("[^");
            if let Some(close) = close {
                let end = if footnote { close + 2 } else { end };
                self.found.push(close..end);
            }
        }
    }

    /// What begins at a place and stays as it is.
    fn special(&mut self, at: usize) -> Option<Range<usize>> {
        let rest = &self.bytes[at..];
        let next = rest.get(1).copied().unwrap_or(b' ');
        match rest[0] {
            b'`' => self.code(at),
            b'$' => self.formula(at),
            b'<' if next.is_ascii_alphabetic() || matches!(next, b'/' | b'!') => {
                let line = self.line_end.near(self.bytes, at).unwrap_or(at + LONGEST);
                let end = self.tag_end.near(self.bytes, at)?;
                (end < line).then_some(at..end + 1)
            }
            b'&' => self.entity(at),
            b'\\' if next.is_ascii_punctuation() => Some(at..at + 2),
            b'!' if next == b'[' => Some(at..at + 1),
            b']' if next == b'(' => self.target(at),
            b':' if rest.starts_with(b"://") && self.follows_letter(at) => {
                Some(at..self.address_end(at + 3))
            }
            b'w' if rest.starts_with(b"www.") && !self.follows_letter(at) => {
                Some(at..self.address_end(at + 4))
            }
            _ => None,
        }
    }

    fn follows_letter(&self, at: usize) -> bool {
        at > 0 && self.bytes[at - 1].is_ascii_alphanumeric()
    }

    fn code(&self, at: usize) -> Option<Range<usize>> {
        let width = self.step(at);
        let (mut end, limit) = (at + width, self.bytes.len().min(at + 4 * LONGEST));
        while end < limit {
            let run = self.bytes[end..].iter().take_while(|byte| **byte == b'`');
            match run.count() {
                0 => end += 1,
                run if run == width => return Some(at..end + run),
                run => end += run,
            }
        }
        None
    }

    fn formula(&mut self, at: usize) -> Option<Range<usize>> {
        while self.securities.next_if(|range| range.start < at).is_some() {}
        if let Some(security) = self.securities.next_if(|range| range.start == at) {
            return Some(security);
        }
        let limit = self
            .securities
            .peek()
            .map_or(usize::MAX, |range| range.start);
        if self.bytes[at..].starts_with(b"$$") {
            let end = self.display_end.near(self.bytes, at + 2);
            return end.filter(|end| *end < limit).map(|end| at..end + 2);
        }
        let opens = self
            .bytes
            .get(at + 1)
            .is_some_and(|byte| !byte.is_ascii_whitespace());
        let line = self.line_end.near(self.bytes, at).unwrap_or(usize::MAX);
        let end = self
            .formula_end
            .near(self.bytes, at + 2)
            .filter(|_| opens)?;
        (end < line.min(limit)).then_some(at..end + 1)
    }

    /// `&amp;`, `&#8230;`
    fn entity(&self, at: usize) -> Option<Range<usize>> {
        let name = self.bytes[at + 1..].iter().take(33);
        let name = name.take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'#');
        let end = at + 1 + name.count();
        (end > at + 1 && self.bytes.get(end) == Some(&b';')).then_some(at..end + 1)
    }

    /// `](target "title")`
    fn target(&self, at: usize) -> Option<Range<usize>> {
        let mut depth = 0;
        let limit = self.bytes.len().min(at + LONGEST);
        let mut end = at + 1;
        while end < limit {
            match self.bytes[end] {
                b'(' => depth += 1,
                b')' => depth -= 1,
                b' ' => return self.title(at, end, limit),
                byte if byte.is_ascii_whitespace() => return None,
                _ => {}
            }
            end += 1;
            if depth == 0 {
                return Some(at..end);
            }
        }
        None
    }

    fn title(&self, at: usize, blank: usize, limit: usize) -> Option<Range<usize>> {
        let quote = *self.bytes.get(blank + 1)?;
        let inside = self.bytes.get(blank + 2..limit)?;
        let line = inside.iter().take_while(|byte| **byte != b'\n');
        let close = line
            .clone()
            .position(|byte| *byte == quote)
            .filter(|_| matches!(quote, b'"' | b'\''))?;
        let end = blank + 2 + close + 1;
        (self.bytes.get(end) == Some(&b')')).then_some(at..end + 1)
    }

    /// Where an address ends: before a blank, a quote, Chinese punctuation or a bracket that was
    /// not opened in it, and before marks that belong to the sentence. Chinese is part of it only
    /// in a path.
    fn address_end(&self, start: usize) -> usize {
        let (mut end, mut depth, mut path, mut last) = (start, 0, false, ' ');
        for c in self.text[start..].chars() {
            let inside =
                path && (matches!(last, '/' | '=' | '#' | '&' | '_' | '-') || !last.is_ascii());
            let stops = c.is_whitespace() || c.is_control() || "\"<>`“”‘’".contains(c);
            if stops || is_cjk_punctuation(c) || !c.is_ascii() && !inside {
                break;
            }
            match c {
                '(' => depth += 1,
                ')' if depth == 0 => break,
                ')' => depth -= 1,
                '/' => path = true,
                _ => {}
            }
            last = c;
            end += c.len_utf8();
        }
        let address = &self.text[start..end];
        start
            + address
                .trim_end_matches([',', '.', ';', ':', '!', '?', '\''])
                .len()
    }
}

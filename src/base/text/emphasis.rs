//! Emphasis beside full-width punctuation, by the CJK-friendly amendment to CommonMark
//! (<https://github.com/tats-u/markdown-cjk-friendly>).
//!
//! CommonMark lets `**` open or close by what stands on both sides of it, in a way that needs
//! spaces between words: of `**“强调”**后文` readers would see the stars. The amendment lets a run
//! of `*` open before, and close after, punctuation where a Chinese, Japanese or Korean character
//! touches it. The parser doesn't know the amendment, but what it sees beside a run can be changed:
//! [`mark`] puts a noncharacter, which is no punctuation, where the amendment says more than the
//! parser, and [`unmark`] takes it out of what the parser gives. A text without such a run is
//! borrowed, and a text without CJK characters never has one.
//!
//! Where runs of two kinds touch (`**~~`), a mark for one of them would hide the punctuation that
//! the other sees; there it comes with `SIGN` on the other's side.
//!
//! Decides nothing about `_`, which the amendment leaves as it is, nor about a single `~`.

use memchr::memchr2;
use memchr::memmem::Finder;
use std::borrow::Cow;
use std::ops::Range;
use std::sync::LazyLock;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// Stands where the parser would see punctuation. Unicode promises that it is no character, so no
/// text needs it; where one has it, it is dropped.
const MARK: char = '\u{FDD0}';
/// The same where two runs touch; [`SIGN`] stands beside it, towards the run that is to see it.
const BETWEEN: char = '\u{FDD1}';
/// Punctuation to the parser.
const SIGN: char = '\u{FFFC}';
/// How marks begin in UTF-8.
const MARK_HEAD: &[u8] = b"\xEF\xB7";

/// A text as the parser is to see it.
pub struct Marked<'a> {
    /// The text, borrowed where nothing was marked.
    pub text: Cow<'a, str>,
    /// Offsets that correspond, in the marked text and in the source: one pair after each change.
    pairs: Vec<(usize, usize)>,
}

impl Marked<'_> {
    /// Whether there are marks to take out.
    pub fn is_marked(&self) -> bool {
        !self.pairs.is_empty()
    }

    /// Whether there are marks to take out of a part of the marked text. `next` is where the last
    /// look ended: parts come in order, but for those of footnotes and the like.
    pub fn has_marks(&self, part: &Range<usize>, next: &mut usize) -> bool {
        let is_before =
            |pair: Option<&(usize, usize)>| pair.is_some_and(|(end, _)| *end <= part.start);
        if *next > 0 && !is_before(self.pairs.get(*next - 1)) {
            *next = self.pairs.partition_point(|(end, _)| *end <= part.start);
        }
        while is_before(self.pairs.get(*next)) {
            *next += 1;
        }
        // Marks end where a pair says, and a part may begin or end within them.
        let longest = BETWEEN.len_utf8() + SIGN.len_utf8();
        let begins = |(end, _): &(usize, usize)| end.saturating_sub(longest) < part.end;
        self.pairs.get(*next).is_some_and(begins)
    }

    /// The offset in the source of an offset in the marked text.
    pub fn source(&self, offset: usize) -> usize {
        let next = self.pairs.partition_point(|(marked, _)| *marked <= offset);
        let (marked, source) = match next.checked_sub(1) {
            Some(last) => self.pairs[last],
            None => (0, 0),
        };
        let plain = source + (offset - marked);
        // Inside a mark: where the mark stands.
        self.pairs
            .get(next)
            .map_or(plain, |(_, source)| plain.min(*source))
    }
}

/// Marks a text for the parser.
pub fn mark(text: &str) -> Marked<'_> {
    let mut marker = Marker {
        text,
        out: String::new(),
        copied: 0,
        pairs: Vec::new(),
        table: None,
    };
    if next_head(text, 0).is_some() && text.contains([MARK, BETWEEN]) {
        marker.strip();
        return marker.finish();
    }
    marker.runs();
    marker.finish()
}

/// Takes the marks out of a piece of what the parser gave; `None` where it has none.
pub fn unmark(piece: &str) -> Option<String> {
    let mut next = next_head(piece, 0);
    next?;
    let mut out = String::with_capacity(piece.len());
    let mut copied = 0;
    while let Some(at) = next {
        let rest = &piece[at..];
        if let Some(rest) = rest.strip_prefix(MARK) {
            out.push_str(&piece[copied..at]);
            copied = piece.len() - rest.len();
        } else if let Some(rest) = rest.strip_prefix(BETWEEN) {
            out.push_str(&piece[copied..at]);
            // The other neighbour of it is a run, or was one.
            let rest = match out.ends_with(SIGN) {
                true => {
                    out.pop();
                    rest
                }
                false => rest.strip_prefix(SIGN).unwrap_or(rest),
            };
            copied = piece.len() - rest.len();
        }
        next = next_head(piece, copied.max(at + MARK_HEAD.len()));
    }
    out.push_str(&piece[copied..]);
    Some(out)
}

/// Where a mark may begin, from a place on. What looks for it is made once: pieces are short.
fn next_head(piece: &str, from: usize) -> Option<usize> {
    static HEAD: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(MARK_HEAD));
    let found = HEAD.find(piece.as_bytes().get(from..)?)?;
    Some(from + found)
}

struct Marker<'a> {
    text: &'a str,
    out: String,
    /// How much of the text is in `out`.
    copied: usize,
    pairs: Vec<(usize, usize)>,
    /// Whether the text has a table; not yet known where nobody asked.
    table: Option<bool>,
}

/// A run of one delimiter.
#[derive(Clone, Copy)]
struct Run {
    start: usize,
    end: usize,
    sign: u8,
}

impl<'a> Marker<'a> {
    /// A text that has marks of its own loses them, and is marked then. Nobody writes them but to
    /// try what happens, so this way is simple rather than fast.
    fn strip(&mut self) {
        let bare: String = self
            .text
            .chars()
            .filter(|c| !matches!(*c, MARK | BETWEEN))
            .collect();
        let marked = mark(&bare);
        let (mut bare_at, mut dropped) = (0, Vec::new());
        for (at, c) in self.text.char_indices() {
            match c {
                MARK | BETWEEN => dropped.push((bare_at, at + c.len_utf8())),
                c => bare_at += c.len_utf8(),
            }
        }
        let source = |bare: usize| {
            let next = dropped.partition_point(|(at, _)| *at <= bare);
            next.checked_sub(1)
                .map_or(bare, |last| dropped[last].1 + (bare - dropped[last].0))
        };
        // Every character has a pair of its own.
        self.pairs = marked
            .text
            .char_indices()
            .map(|(at, _)| (at, source(marked.source(at))))
            .collect();
        self.pairs.insert(0, (0, 0));
        self.out = marked.text.into_owned();
        self.copied = self.text.len();
    }

    fn runs(&mut self) {
        let bytes = self.text.as_bytes();
        let mut at = 0;
        while let Some(found) = memchr2(b'*', b'~', &bytes[at..]) {
            let mut run = run(bytes, at + found);
            // A single `~` is none of the amendment's, and this is where most of them end.
            if run.sign == b'~' && run.end - run.start != 2 {
                at = run.end;
                continue;
            }
            if is_escaped(bytes, run.start) {
                run.start += 1;
            }
            if run.start < run.end {
                self.run(run);
            }
            at = run.end;
        }
    }

    /// Marks a run, after it and before it: never both, since the parser takes one of the two.
    fn run(&mut self, run: Run) {
        let bytes = self.text.as_bytes();
        let touches = |at: Option<usize>| at.is_some_and(|at| is_delimiter(bytes[at]));
        if self.marks_before(run) {
            // A run before this one that is to be marked behind has been: it sees no punctuation.
            let touched = touches(run.start.checked_sub(1)) && !is_escaped(bytes, run.start - 1);
            if !touched {
                self.put(run.start, &[MARK]);
            } else if !self.closes_gap(run.start) {
                self.put(run.start, &[SIGN, BETWEEN]);
            }
        }
        if self.marks_after(run) {
            if touches((run.end < bytes.len()).then_some(run.end)) {
                self.put(run.end, &[BETWEEN, SIGN]);
            } else {
                self.put(run.end, &[MARK]);
            }
        }
    }

    /// Turns `BETWEEN SIGN`, which the run before this one left at `at`, into a mark that hides
    /// both from each other.
    fn closes_gap(&mut self, at: usize) -> bool {
        let left = [BETWEEN, SIGN].iter().collect::<String>();
        let here = self.copied == at && self.out.ends_with(&left);
        if here {
            self.out.truncate(self.out.len() - left.len());
            self.out.push(MARK);
            if let Some(last) = self.pairs.last_mut() {
                last.0 = self.out.len();
            }
        }
        here
    }

    fn put(&mut self, at: usize, marks: &[char]) {
        if self.out.is_empty() {
            self.out.reserve(self.text.len() + self.text.len() / 16);
        }
        self.out.push_str(&self.text[self.copied..at]);
        self.copied = at;
        self.out.extend(marks);
        self.pairs.push((self.out.len(), at));
    }

    /// Whether the run opens by the amendment and not by the parser.
    fn marks_after(&mut self, run: Run) -> bool {
        // The parser lets every `~~` open.
        let Some((before, after)) = self.sides(run).filter(|_| run.sign == b'*') else {
            return false;
        };
        is_punctuation(after)
            && !is_punctuation(before)
            && (is_cjk(after) || self.is_cjk_before(run.start, before))
    }

    /// Whether the run closes by the amendment and not by the parser.
    fn marks_before(&mut self, run: Run) -> bool {
        let Some((before, after)) = self.sides(run) else {
            return false;
        };
        is_punctuation(before) && !is_punctuation(after) && (is_cjk(before) || is_cjk(after))
    }

    /// The characters beside a run; `None` where one of them is blank.
    fn sides(&mut self, run: Run) -> Option<(char, char)> {
        let before = self.text[..run.start].chars().next_back()?;
        let after = self.text[run.end..].chars().next()?;
        let edge = (before == '|' || after == '|') && self.has_table();
        let quoted = before == '>' && self.is_quote(run.start);
        let blank = before.is_whitespace() || after.is_whitespace();
        (!edge && !quoted && !blank).then_some((before, after))
    }

    /// Whether a text may have a table: in one, a cell ends at `|` as a line does.
    fn has_table(&mut self) -> bool {
        let text = self.text;
        *self.table.get_or_insert_with(|| {
            let is_rule = |line: &str| {
                line.contains('-') && line.bytes().all(|byte| b"|:- \t>\r".contains(&byte))
            };
            text.lines().any(is_rule)
        })
    }

    /// Whether the line up to `at` is nothing but the signs of quotes.
    fn is_quote(&self, at: usize) -> bool {
        let line = self.text[..at].rsplit('\n').next().unwrap_or("");
        line.bytes().all(|byte| b"> ".contains(&byte))
    }

    /// Whether the character before a run is CJK, looking through a variation selector.
    fn is_cjk_before(&self, at: usize, before: char) -> bool {
        match before {
            '\u{E0100}'..='\u{E01EF}' => true,
            '\u{FE00}'..='\u{FE0E}' => {
                let carrier = self.text[..at].chars().rev().nth(1);
                carrier.is_some_and(|c| is_cjk(c) || is_punctuation(c))
            }
            c => is_cjk(c),
        }
    }

    fn finish(mut self) -> Marked<'a> {
        if self.pairs.is_empty() {
            return Marked {
                text: Cow::Borrowed(self.text),
                pairs: self.pairs,
            };
        }
        self.out.push_str(&self.text[self.copied..]);
        Marked {
            text: Cow::Owned(self.out),
            pairs: self.pairs,
        }
    }
}

/// The run of equal bytes at `start`.
fn run(bytes: &[u8], start: usize) -> Run {
    let sign = bytes[start];
    let length = bytes[start..].iter().take_while(|byte| **byte == sign);
    Run {
        start,
        end: start + length.count(),
        sign,
    }
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'*' | b'_' | b'~')
}

/// Whether an odd number of backslashes stands before `at`.
fn is_escaped(bytes: &[u8], at: usize) -> bool {
    let slashes = bytes[..at].iter().rev().take_while(|byte| **byte == b'\\');
    slashes.count() % 2 == 1
}

/// Punctuation and symbols, as CommonMark 0.31 has them.
fn is_punctuation(c: char) -> bool {
    if c.is_ascii() {
        return c.is_ascii_punctuation();
    }
    matches!(
        c.general_category_group(),
        GeneralCategoryGroup::Punctuation | GeneralCategoryGroup::Symbol
    )
}

/// A CJK character by the amendment: wide, full-width or half-width in East Asian text, without
/// the emoji, and all of Hangul (its ranges.md, of Unicode 17).
fn is_cjk(c: char) -> bool {
    matches!(
        u32::from(c),
        0x1100..=0x11FF
            | 0x20A9
            | 0x2329..=0x232A
            | 0x2630..=0x2637
            | 0x268A..=0x268F
            | 0x2E80..=0x2FFF
            | 0x3000..=0x303E
            | 0x3041..=0x3247
            | 0x3250..=0xA4C6
            | 0xA960..=0xA97C
            | 0xAC00..=0xD7FB
            | 0xF900..=0xFAFF
            | 0xFE10..=0xFE19
            | 0xFE30..=0xFE6B
            | 0xFF01..=0xFFEE
            | 0x16FE0..=0x18DF2
            | 0x1AFF0..=0x1B2FB
            | 0x1D300..=0x1D376
            | 0x1F200
            | 0x1F202
            | 0x1F210..=0x1F219
            | 0x1F21B..=0x1F22E
            | 0x1F230..=0x1F231
            | 0x1F237
            | 0x1F23B
            | 0x1F240..=0x1F248
            | 0x1F260..=0x1F265
            | 0x20000..=0x3FFFD
    )
}

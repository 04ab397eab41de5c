//! Sentences of Chinese and Latin text, and texts cut where one ends.
//!
//! A sentence ends at `。！？；…` or, in Latin text, at `. ! ?` before a space, but not at the point
//! of an abbreviation or a decimal. What stands in quotes or brackets stays whole: nobody is quoted
//! by half. A quote that is never closed counts as none, and so does an apostrophe.

use super::count::Count;
use super::script::is_han;

/// A sentence of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sentence<'a> {
    /// Its text, without blanks around it.
    pub text: &'a str,
    /// Whether it ends with a mark and has no quote or bracket that is open.
    pub whole: bool,
}

/// The sentences of a paragraph.
pub fn sentences(paragraph: &str) -> Vec<Sentence<'_>> {
    let mut found = Vec::new();
    let mut splitter = Splitter::new(paragraph);
    let mut start = 0;
    while let Some((end, whole)) = splitter.next_end(start) {
        push(&mut found, &paragraph[start..end], whole);
        start = end;
    }
    push(&mut found, &paragraph[start..], false);
    found
}

/// The first sentence of some paragraphs, one a line.
pub fn first_sentence(prose: &str) -> Option<&str> {
    let paragraph = prose.lines().find(|line| !line.trim().is_empty())?;
    let end = Splitter::new(paragraph).next_end(0);
    Some(paragraph[..end.map_or(paragraph.len(), |(end, _)| end)].trim())
}

fn push<'a>(found: &mut Vec<Sentence<'a>>, text: &'a str, whole: bool) {
    let text = text.trim();
    if !text.is_empty() {
        found.push(Sentence { text, whole });
    }
}

struct Splitter<'a> {
    text: &'a str,
    /// How far it has been read.
    at: usize,
    /// Whether a sign is open that has no partner.
    open: bool,
}

/// Quotes and brackets, and what closes each.
fn closing(c: char) -> Option<char> {
    Some(match c {
        '“' => '”',
        '‘' => '’',
        '「' => '」',
        '『' => '』',
        '（' => '）',
        '(' => ')',
        '《' => '》',
        '〈' => '〉',
        '【' => '】',
        '［' => '］',
        '[' => ']',
        '〔' => '〕',
        '"' => '"',
        _ => return None,
    })
}

fn is_closing(c: char) -> bool {
    matches!(
        c,
        '”' | '’' | '」' | '』' | '）' | ')' | '》' | '〉' | '】' | '］' | ']' | '〕' | '"'
    )
}

/// How far the partner of a quote or bracket is looked for, in bytes: a paragraph of open brackets
/// would be walked once for each.
const REACH: usize = 2_000;

impl<'a> Splitter<'a> {
    fn new(text: &'a str) -> Splitter<'a> {
        Splitter {
            text,
            at: 0,
            open: false,
        }
    }

    /// Where the sentence that began at `start` ends.
    fn next_end(&mut self, start: usize) -> Option<(usize, bool)> {
        self.open = false;
        loop {
            self.skip_han();
            let (at, c) = (self.at, self.next()?);
            if c.is_ascii_alphanumeric() || is_han(c) {
                continue;
            }
            let end = self.at;
            if let Some(close) = closing(c) {
                let first = self.text[start..at].trim().is_empty();
                match self.partner(end, close) {
                    Some(partner) => {
                        self.at = partner + close.len_utf8();
                        // A sentence that begins with a quote may go on with who said it.
                        if !first && self.ends_inside(partner, close) {
                            return Some((self.at, true));
                        }
                    }
                    None => self.open |= c != '"',
                }
                continue;
            }
            self.open |= is_closing(c) && !matches!(c, '’' | ')' | '"');
            if self.is_end(c, at, end) {
                self.skip_marks();
                return Some((self.at, !self.open));
            }
        }
    }

    fn next(&mut self) -> Option<char> {
        let c = self.text[self.at..].chars().next()?;
        self.at += c.len_utf8();
        Some(c)
    }

    /// Passes over most Han characters, by the first of their bytes: they are neither end nor sign.
    fn skip_han(&mut self) {
        let bytes = self.text.as_bytes();
        while matches!(bytes.get(self.at), Some(0xE4..=0xE9)) {
            self.at += 3;
        }
    }

    /// Where the partner of a sign stands that opened before `from`.
    fn partner(&self, from: usize, close: char) -> Option<usize> {
        let mut reach = (from + REACH).min(self.text.len());
        while !self.text.is_char_boundary(reach) {
            reach -= 1;
        }
        let rest = &self.text[from..reach];
        let open = OPENING.iter().find(|open| closing(**open) == Some(close))?;
        if *open == close {
            return rest.find(close).map(|at| from + at);
        }
        let mut depth = 1;
        for (at, c) in rest.char_indices() {
            if c == close {
                depth -= 1;
                if depth == 0 {
                    return Some(from + at);
                }
            } else if c == *open {
                depth += 1;
            }
        }
        None
    }

    /// Whether a quote that closes at `partner` ends with the end of a sentence.
    fn ends_inside(&self, partner: usize, close: char) -> bool {
        let quote = matches!(close, '”' | '」' | '』' | '"');
        let last = self.text[..partner].chars().next_back();
        let next = self.text[partner + close.len_utf8()..].chars().next();
        let goes_on = next.is_some_and(|c| "，、。！？；：,.!?;:的".contains(c) || is_closing(c));
        quote && !goes_on && last.is_some_and(|c| "。！？!?…".contains(c))
    }

    /// Whether a sentence ends with the character from `at` to `end`.
    fn is_end(&self, c: char, at: usize, end: usize) -> bool {
        let next = self.text[end..].chars().next();
        let before = || self.text[..at].chars().next_back();
        let open_end = next.is_none_or(|next| next.is_whitespace() || is_closing(next));
        match c {
            '。' | '！' | '？' | '；' | '\n' => true,
            '…' => next != Some('…') && (before() == Some('…') || open_end),
            '!' | '?' => open_end || before().is_some_and(is_han),
            '.' => open_end && !is_abbreviation(&self.text[..at]) && self.starts_anew(end),
            _ => false,
        }
    }

    /// Whether what follows may begin a sentence: no small letter does.
    fn starts_anew(&self, end: usize) -> bool {
        let next = self.text[end..].trim_start().chars().next();
        next.is_none_or(|c| !c.is_lowercase())
    }

    /// Passes over marks that go with the one that ended the sentence: `！！`, `？”`.
    fn skip_marks(&mut self) {
        let rest = &self.text[self.at..];
        let after = rest.trim_start_matches(['！', '？', '!', '?', '。', '…']);
        self.at = self.text.len() - after.len();
    }
}

const OPENING: [char; 13] = [
    '“', '‘', '「', '『', '（', '(', '《', '〈', '【', '［', '[', '〔', '"',
];

/// Words that a point ends and no sentence.
const ABBREVIATIONS: [&str; 40] = [
    "mr", "mrs", "ms", "dr", "prof", "st", "jr", "sr", "no", "vs", "inc", "ltd", "co", "corp",
    "gen", "gov", "sen", "rep", "fig", "vol", "pp", "etc", "cf", "al", "ed", "eds", "e.g", "i.e",
    "jan", "feb", "mar", "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec",
];

/// Whether a text ends with a word that a point belongs to: an abbreviation, or an initial.
fn is_abbreviation(text: &str) -> bool {
    let word = text
        .rsplit(|c: char| !(c.is_ascii_alphanumeric() || c == '.'))
        .next()
        .unwrap_or("");
    let initial = |part: &str| part.len() == 1 && part.bytes().all(|b| b.is_ascii_alphabetic());
    let initials = !word.is_empty() && word.split('.').all(initial);
    initials
        || ABBREVIATIONS
            .iter()
            .any(|known| word.eq_ignore_ascii_case(known))
}

/// A text of at most `longest` Han characters, or as many words as take as long to read: cut where
/// a sentence ends, else where a clause does and never inside quotes or brackets, if it can be.
pub fn cut(text: &str, longest: u32) -> String {
    let text = text.trim();
    let length = |text: &str| {
        let mut count = Count::default();
        count.add(text);
        count.length()
    };
    if length(text) <= longest {
        return text.to_string();
    }
    let mut end = 0;
    for sentence in sentences(text) {
        let after = offset(text, sentence.text) + sentence.text.len();
        if length(&text[..after]) > longest || !sentence.whole {
            break;
        }
        end = after;
    }
    if end > 0 && length(&text[..end]) * 3 >= longest {
        return text[..end].trim_end_matches('；').to_string();
    }
    format!("{}…", clause(text, longest, length))
}

/// Where a part of a text begins in it.
fn offset(whole: &str, part: &str) -> usize {
    part.as_ptr() as usize - whole.as_ptr() as usize
}

/// The beginning of a text up to the end of its last clause that fits, else its last word.
fn clause(text: &str, longest: u32, length: impl Fn(&str) -> u32) -> &str {
    let mut fits = 0;
    let mut ends: [usize; 3] = [0; 3];
    let mut open: Vec<char> = Vec::new();
    for (at, c) in text.char_indices() {
        if at % 16 < c.len_utf8() && length(&text[..at]) > longest {
            break;
        }
        fits = at + c.len_utf8();
        if open.last() == Some(&c) {
            open.pop();
        } else if let Some(close) = closing(c) {
            open.push(close);
        }
        let outside = open.is_empty();
        if outside && "，；、：,;:。！？".contains(c) {
            ends[0] = at;
        }
        if outside && (is_han(c) || c.is_whitespace()) {
            ends[1] = fits;
        }
        if is_han(c) || c.is_whitespace() {
            ends[2] = fits;
        }
    }
    while fits > 0 && length(&text[..fits]) > longest {
        fits -= text[..fits]
            .chars()
            .next_back()
            .map_or(fits, char::len_utf8);
    }
    let best = ends.into_iter().find(|end| *end > fits / 2 && *end <= fits);
    text[..best.unwrap_or(fits)]
        .trim_end_matches(|c: char| c.is_whitespace() || "，、；：,;:".contains(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paragraph: &str, expect: &[&str]) {
        let found: Vec<&str> = sentences(paragraph).iter().map(|one| one.text).collect();
        assert_eq!(found, expect, "{paragraph}");
    }

    #[test]
    fn chinese_sentences_end_at_their_marks() {
        check(
            "港口开放。新桥通车！真的吗？是；好。",
            &["港口开放。", "新桥通车！", "真的吗？", "是；", "好。"],
        );
        check("他走了……后来回来。", &["他走了……", "后来回来。"]);
        check(
            "太好了！！真的？！走。",
            &["太好了！！", "真的？！", "走。"],
        );
        check("涨了3.5%，报10.2元。完", &["涨了3.5%，报10.2元。", "完"]);
        check("真的吗?是的!好", &["真的吗?", "是的!", "好"]);
    }

    #[test]
    fn quotes_and_brackets_stay_whole() {
        check(
            "他说：“今天好。明天更好。”然后走了。",
            &["他说：“今天好。明天更好。”", "然后走了。"],
        );
        check(
            "“今天好。明天更好。”他说。走了。",
            &["“今天好。明天更好。”他说。", "走了。"],
        );
        check(
            "他（即王某。后略）走了。来了。",
            &["他（即王某。后略）走了。", "来了。"],
        );
        check("看《走吧！》一书。好。", &["看《走吧！》一书。", "好。"]);
        check("他說「好。」，走了。", &["他說「好。」，走了。"]);
        check("他说：“没有收尾。后来。", &["他说：“没有收尾。", "后来。"]);
        assert!(!sentences("他说：“没有收尾。后来。")[0].whole);
        assert!(sentences("他说：“好。”后来。")[0].whole);
        check("“外『内。』外。”他说。", &["“外『内。』外。”他说。"]);
    }

    #[test]
    fn latin_sentences_know_abbreviations_and_decimals() {
        check(
            "Mr. Lee paid 3.5 million. He left.",
            &["Mr. Lee paid 3.5 million.", "He left."],
        );
        check(
            "The U.S. economy grew. J. Smith said so!",
            &["The U.S. economy grew.", "J. Smith said so!"],
        );
        check(
            "See e.g. the port. \"Go. Now.\" he said.",
            &["See e.g. the port.", "\"Go. Now.\" he said."],
        );
        check("Is it? yes. No", &["Is it?", "yes.", "No"]);
        check("访问example.com看看。", &["访问example.com看看。"]);
        check("", &[]);
    }

    #[test]
    fn texts_are_cut_where_a_sentence_ends() {
        let check = |text: &str, longest: u32, expect: &str| {
            assert_eq!(cut(text, longest), expect, "{text}");
        };
        check("港口开放。新桥通车。", 20, "港口开放。新桥通车。");
        check("港口开放。新桥通车。", 6, "港口开放。");
        check("港口今天开放，新桥明天通车", 9, "港口今天开放…");
        check(
            "他说：“港口开放。新桥通车。”然后走",
            9,
            "他说：“港口开放。新桥通…",
        );
        check("据报道，他说：“港口开放。新桥通车。”", 8, "据报道，他说…");
        check(
            "The port opens today. It is large. So it is.",
            14,
            "The port opens today. It is large.",
        );
        check(
            "The port opens today and stays open",
            8,
            "The port opens today…",
        );
        check("", 8, "");
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_lost_and_no_cut_is_too_long(text in "[。！？；…“”「」（）\\(\\)\\.a-c 中文,，\"]{0,60}") {
            let joined: String = sentences(&text).iter().map(|one| one.text).collect();
            let bare = |text: &str| text.split_whitespace().collect::<String>();
            proptest::prop_assert_eq!(bare(&joined), bare(&text));
            let mut count = Count::default();
            count.add(&cut(&text, 10));
            proptest::prop_assert!(count.length() <= 10);
        }
    }
}

//! Tokens: what the index has of a text, and what a query is looked up by. `static/search.js` cuts
//! a query into the same tokens.
//!
//! Two letters beside each other, of which at least one is Han, kana or Hangul, are a token
//! (`中国`, `国A`): no dictionary decides where a word ends, so that any two characters are found.
//! Other letters and digits beside each other are a word; a word is found by its beginning. For
//! beginnings of two and of three letters, which very many words have, there are tokens of their
//! own. A token starts with a character that says what it is, and tokens are in the order of
//! their UTF-8 bytes.

use crate::base::text::fold::{fold, simplified};
use foldhash::HashMap;

/// Starts the token of a filter: channel, tag, source or year.
pub const FILTER: char = '\u{1}';
/// Starts the token of a word.
pub const WORD: char = '\u{2}';
/// Starts the token of a beginning of words.
pub const BEGINNING: char = '\u{3}';
/// Starts the token of two letters.
pub const PAIR: char = '\u{4}';
/// More letters of a word are not looked at.
const LONGEST: usize = 32;

/// Han, kana, bopomofo and Hangul: letters of scripts that don't set words apart, or in which a
/// word is seldom looked for by its beginning.
pub fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30fa}' | '\u{30fc}'..='\u{30ff}' | '\u{3105}'..='\u{312f}'
        | '\u{31a0}'..='\u{31bf}' | '\u{31f0}'..='\u{31ff}' | '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}')
}

/// Two letters as a number whose order is that of their token.
pub fn pair(first: char, second: char) -> u64 {
    u64::from(u32::from(first)) << 21 | u64::from(u32::from(second))
}

/// The token of a number that [`pair`] gave.
pub fn pair_token(pair: u64) -> String {
    let letter = |at: u64| char::from_u32((at & 0x1f_ffff) as u32).unwrap_or_default();
    [PAIR, letter(pair >> 21), letter(pair)].iter().collect()
}

/// Whether two texts have the same tokens, as those of two scripts mostly have: both letter by
/// letter one after folding, whatever the quotation marks.
fn folds_alike(one: &str, other: &str) -> bool {
    let is_mark = |c| matches!(c, '\u{2018}'..='\u{201d}' | '「'..='』');
    let alike =
        |a: char, b: char| a == b || simplified(a) == simplified(b) || (is_mark(a) && is_mark(b));
    let (mut one, mut other) = (one.chars(), other.chars());
    loop {
        match (one.next(), other.next()) {
            (Some(a), Some(b)) if alike(a, b) => {}
            (None, None) => return true,
            _ => return false,
        }
    }
}

/// The tokens of some articles, with the place of each.
#[derive(Default)]
pub struct Tokens {
    /// Pairs: the pair, the article, and whether it does not stand in title or tags.
    pub pairs: Vec<u64>,
    /// Words, beginnings and filters, with articles (doubled, plus one as above), in order.
    pub words: HashMap<Box<str>, Vec<u16>>,
    /// What the word before the present place is made of.
    word: String,
    key: String,
}

impl Tokens {
    /// Adds a text of an article, as it is in each edition; `head` says that it is a title or a tag.
    pub fn add(&mut self, texts: &[impl AsRef<str>], article: u16, head: bool) {
        let place = article << 1 | u16::from(!head);
        let mut texts = texts.iter().map(AsRef::as_ref);
        let Some(first) = texts.next() else { return };
        first.lines().for_each(|line| self.add_line(line, place));
        for other in texts {
            let mut known = first.lines();
            let is_new = |line: &&str| !known.next().is_some_and(|known| folds_alike(known, line));
            let lines = other.lines().filter(is_new);
            lines.for_each(|line| self.add_line(line, place));
        }
    }

    fn add_line(&mut self, line: &str, place: u16) {
        let mut before: Option<char> = None;
        for c in fold(line).chars() {
            let cjk = is_cjk(c);
            if !cjk && !c.is_alphanumeric() {
                self.end_word(place);
                before = None;
                continue;
            }
            if let Some(before) = before.filter(|before| cjk || is_cjk(*before)) {
                self.pairs.push(pair(before, c) << 16 | u64::from(place));
            }
            if cjk {
                self.end_word(place);
            } else {
                self.word.push(c);
            }
            before = Some(c);
        }
        self.end_word(place);
    }

    /// Adds a filter: a letter for its sort, and what it is.
    pub fn add_filter(&mut self, sort: char, name: &str, article: u16) {
        let key = [FILTER, sort].iter().collect::<String>() + name;
        self.enter(&key, article << 1 | 1);
    }

    fn end_word(&mut self, place: u16) {
        if self.word.is_empty() {
            return;
        }
        let word = std::mem::take(&mut self.word);
        let mut key = std::mem::take(&mut self.key);
        for (sort, length) in [(WORD, LONGEST), (BEGINNING, 2), (BEGINNING, 3)] {
            let mut letters = word.chars();
            key.clear();
            key.push(sort);
            key.extend(letters.by_ref().take(length));
            if sort == WORD || word.chars().count() >= length {
                self.enter(&key, place);
            }
        }
        self.key = key;
        self.word = word;
        self.word.clear();
    }

    /// Of the places of one article the one in its title is kept.
    fn enter(&mut self, key: &str, place: u16) {
        let Some(places) = self.words.get_mut(key) else {
            self.words.insert(key.into(), vec![place]);
            return;
        };
        match places.last_mut() {
            Some(last) if *last >> 1 == place >> 1 => *last = place.min(*last),
            _ => places.push(place),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let mut tokens = Tokens::default();
        tokens.add(&[text], 0, true);
        let pairs = tokens.pairs.iter().map(|pair| pair_token(pair >> 16));
        let mut all: Vec<String> = tokens.words.keys().map(ToString::to_string).collect();
        all.sort();
        all.extend(pairs);
        let shown: Vec<String> = all
            .iter()
            .map(|token| match token.split_at(1) {
                ("\u{2}", word) => word.to_string(),
                ("\u{3}", word) => format!("{word}*"),
                (_, pair) => pair.to_string(),
            })
            .collect();
        assert_eq!(shown.join(" "), expect, "{text}");
    }

    #[test]
    fn texts_are_cut_into_pairs_and_words() {
        check("中国经济", "中国 国经 经济");
        check("開源，軟件", "开源 软件");
        check("BABA 09988.HK", "09988 baba hk 09* 099* ba* bab* hk*");
        check("iPhone手机", "iphone ip* iph* e手 手机");
        check("A股3月", "3 a a股 股3 3月");
        check("ＡＩ・東京タワー", "ai ai* 东京 京タ タワ ワー");
        check("서울 시장", "서울 시장");
        check("一", "");
        check("𠮷野家", "𠮷野 野家");
    }

    #[test]
    fn a_text_has_the_tokens_of_all_editions() {
        let count = |texts: &[&str]| {
            let mut tokens = Tokens::default();
            tokens.add(texts, 0, false);
            tokens.pairs.len()
        };
        let text = "他说“开源软件”。\n第二行";
        assert_eq!(count(&[text]), 6);
        assert_eq!(count(&[text, "他說「開源軟件」。\n第二行"]), 6);
        assert_eq!(count(&[text, "他說「開源軟體」。\n第二行"]), 10);
        assert_eq!(count(&[text, "他說「開源軟件」。\n第二行\n第三行"]), 8);
    }

    #[test]
    fn pairs_are_in_the_order_of_their_tokens() {
        let letters = ['a', 'é', '海', '港', '\u{f900}', '𠮷'];
        let mut pairs: Vec<u64> = Vec::new();
        for first in letters {
            pairs.extend(letters.map(|second| pair(first, second)));
        }
        pairs.sort_unstable();
        assert!(pairs.iter().map(|pair| pair_token(*pair)).is_sorted());
    }
}

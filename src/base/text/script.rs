//! Which script a text is written in, and the language tag that follows from it.
//!
//! Owns the question "Simplified or Traditional?" for every block of an article: the two sets of
//! characters that occur in only one of them, and the vote between them. Promises one pass over
//! the text, no allocation, and an honest "undecidable" for text like `上海` that both share.
//! Does not convert anything, and does not tell Taiwan from Hong Kong or English from French.
//!
//! The sets in `scripts/*.txt` are derived from the dictionaries of OpenCC (Apache License 2.0,
//! <https://github.com/BYVoid/OpenCC>: `STCharacters`, `TSCharacters`, and the phrase and variant
//! lists to strike out what both scripts use, such as 乾, 著, 后 and Hong Kong's 户 and 脱). Left in
//! against that rule, because they decide far more often than they mislead: 么, 坏 and 於. Only
//! characters of the Basic Multilingual Plane are listed; the others hardly occur in news.

use std::sync::OnceLock;

/// A script, as far as the characters of a text decide it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Script {
    /// Chinese in Simplified characters.
    Hans,
    /// Chinese in Traditional characters.
    Hant,
    /// Han characters that both share, or as many of one kind as of the other.
    Han,
    /// Japanese.
    Kana,
    /// Korean.
    Hangul,
    /// Latin letters.
    Latin,
    /// No letters, or letters of another script.
    None,
}

impl Script {
    /// The Chinese script of a BCP 47 language; [`Script::None`] for any other.
    pub fn of_language(language: &str) -> Script {
        let is = |tags: &[&str]| {
            tags.iter().any(|tag| {
                language
                    .strip_prefix(tag)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
            })
        };
        if is(&["zh-Hant", "zh-TW", "zh-HK", "zh-MO"]) {
            Script::Hant
        } else if is(&["zh"]) {
            Script::Hans
        } else {
            Script::None
        }
    }
}

/// The script of a text, by majority.
///
/// Han outweighs Latin up to 8 letters a character, since a Chinese headline may name
/// `iPhone 17 Pro Max`. Kana decide from a tenth of the Chinese characters on: fewer are a quoted
/// name, and `・` and `ー` alone do not count.
pub fn script(text: &str) -> Script {
    let mut counts = Counts::default();
    counts.add(text);
    counts.script()
}

/// The BCP 47 tag of a text's language, or `None` where its characters do not decide it: names,
/// numbers, Han that both scripts share. Latin text is `en` from 4 words on.
pub fn language(text: &str) -> Option<&'static str> {
    language_of([text].into_iter())
}

/// The language of a text that comes in pieces.
pub fn language_of<'a>(pieces: impl Iterator<Item = &'a str> + Clone) -> Option<&'static str> {
    let mut counts = Counts::default();
    pieces.clone().for_each(|piece| counts.add(piece));
    counts.language(|| words(&pieces.collect::<String>()))
}

/// Whether a character is a Han character, whatever the language.
pub fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '々' | '〇'
        | '\u{2E80}'..='\u{2FD5}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFD}')
}

/// Whether a character is punctuation that only East Asian text uses. Dashes, ellipses and curly
/// quotes are shared with Latin text and are not; nor is the ideographic space.
pub fn is_cjk_punctuation(c: char) -> bool {
    matches!(c, '、'..='〃' | '〈'..='】' | '〔'..='〟' | '・' | '！'..='／' | '：'..='＠'
        | '［'..='｀' | '｛'..='･' | '\u{FE10}'..='\u{FE19}' | '\u{FE30}'..='\u{FE4F}')
}

/// How many characters of each class a text has: what its language is told from. It adds up over
/// the pieces of a text.
#[derive(Clone, Default)]
pub struct Counts([u32; CLASSES]);

/// Counts of a few hundred characters in one number, so that counting a character is an addition
/// whatever its class: each class that matters has a lane of its own.
#[derive(Clone, Copy, Default)]
pub struct Lanes {
    sum: u64,
    count: u32,
}

/// Bits of a lane, and so how many characters go into it.
const LANE: u32 = 9;
/// Signs have no lane.
const FIRST_LANE: usize = Class::Simplified as usize;

impl Lanes {
    /// Counts a character; `into` takes the counts when the lanes are full.
    #[inline]
    pub fn add(&mut self, class: Class, into: &mut Counts) {
        const ONES: [u64; CLASSES] = {
            let mut ones = [0; CLASSES];
            let mut class = FIRST_LANE;
            while class < CLASSES {
                ones[class] = 1 << (LANE * (class - FIRST_LANE) as u32);
                class += 1;
            }
            ones
        };
        self.sum += ONES[class as usize];
        self.count += 1;
        if self.count == (1 << LANE) - 1 {
            self.end(into);
        }
    }

    /// Ends a piece of text.
    pub fn end(&mut self, into: &mut Counts) {
        for (lane, count) in into.0[FIRST_LANE..].iter_mut().enumerate() {
            *count += (self.sum >> (LANE * lane as u32)) as u32 & ((1 << LANE) - 1);
        }
        *self = Lanes::default();
    }
}

impl Counts {
    /// Adds what a piece of text holds.
    pub fn add(&mut self, piece: &str) {
        let mut lanes = Lanes::default();
        classes(piece, |class| lanes.add(class, self));
        lanes.end(self);
    }

    /// Adds the counts of another text.
    pub fn join(&mut self, other: &Counts) {
        for (own, other) in self.0.iter_mut().zip(other.0) {
            *own += other;
        }
    }

    /// The language of the text, whose words are asked for where it is Latin.
    pub fn language(&self, words: impl FnOnce() -> usize) -> Option<&'static str> {
        match self.script() {
            Script::Hans => Some("zh-Hans"),
            Script::Hant => Some("zh-Hant"),
            Script::Kana => Some("ja"),
            Script::Hangul => Some("ko"),
            Script::Latin if words() >= ENGLISH => Some("en"),
            Script::Latin | Script::Han | Script::None => None,
        }
    }

    fn of(&self, class: Class) -> u32 {
        self.0[class as usize]
    }

    /// How many Han characters there are.
    pub fn han(&self) -> u32 {
        self.of(Class::Han) + self.of(Class::Simplified) + self.of(Class::Traditional)
    }

    fn script(&self) -> Script {
        let han = self.han();
        let (kana, hangul) = (self.of(Class::Kana), self.of(Class::Hangul));
        let east = han + kana + hangul;
        if self.of(Class::Latin) > 8 * east {
            Script::Latin
        } else if east == 0 {
            Script::None
        } else if hangul > han + kana {
            Script::Hangul
        } else if kana > 0 && kana * 10 >= han + kana {
            Script::Kana
        } else {
            chinese(self)
        }
    }
}

fn chinese(counts: &Counts) -> Script {
    match counts
        .of(Class::Simplified)
        .cmp(&counts.of(Class::Traditional))
    {
        std::cmp::Ordering::Greater => Script::Hans,
        std::cmp::Ordering::Less => Script::Hant,
        std::cmp::Ordering::Equal => Script::Han,
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, 'À'..='ɏ' | 'Ḁ'..='ỿ' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ') && !matches!(c, '×' | '÷')
}

/// From so many words on, Latin text is English.
pub const ENGLISH: usize = 4;

/// How many words of a text have a Latin letter.
pub fn words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.chars().any(is_latin))
        .count()
}

/// What a character is, for whoever counts characters. In this order: signs, Han characters,
/// letters.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
#[repr(u8)]
pub enum Class {
    /// Neither letter nor digit.
    Sign,
    /// A sign that may stand inside a word or number: `'`, `’`, `.` and `,`.
    Joiner,
    /// A Han character that only Simplified text has.
    Simplified,
    /// A Han character that only Traditional text has.
    Traditional,
    /// A Han character of both.
    Han,
    /// A letter of Japanese.
    Kana,
    /// A letter of Korean.
    Hangul,
    /// A Latin letter.
    Latin,
    /// Another letter or a digit.
    Letter,
}

const CLASSES: usize = Class::Letter as usize + 1;

/// Tells the class of each character of a text, in order.
#[inline]
pub fn classes(text: &str, mut each: impl FnMut(Class)) {
    classes_and_codes(text, |class, _| each(class));
}

/// Tells the class and the code point of each character of a text, in order.
///
/// One byte a character of the Basic Multilingual Plane (64 KB, filled in half a millisecond on
/// first use) makes it a single load, and the characters are put together from their bytes here:
/// articles go through this several times.
#[inline]
pub fn classes_and_codes(text: &str, mut each: impl FnMut(Class, u32)) {
    let table = table();
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&first) = bytes.get(at) {
        let (class, code) = match (first, bytes.get(at + 1), bytes.get(at + 2)) {
            (..0x80, ..) => {
                at += 1;
                near(table, u16::from(first))
            }
            (0xE0..=0xEF, Some(second), Some(third)) => {
                at += 3;
                let high = u16::from(first) << 12 | u16::from(second & 63) << 6;
                near(table, high | u16::from(third & 63))
            }
            (0xC0..=0xDF, Some(second), _) => {
                at += 2;
                near(table, u16::from(first & 31) << 6 | u16::from(second & 63))
            }
            _ => {
                let far = text.get(at..).and_then(|rest| rest.chars().next());
                at += 4;
                (far.map_or(Class::Sign, defined), far.map_or(0, u32::from))
            }
        };
        // Called in one place only, so that it is part of the loop.
        each(class, code);
    }
}

#[inline]
fn near(table: &Table, code: u16) -> (Class, u32) {
    (table[usize::from(code)], u32::from(code))
}

type Table = [Class; 0x1_0000];

fn table() -> &'static Table {
    static TABLE: OnceLock<Box<Table>> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Box::new([Class::Sign; 0x1_0000]);
        for (code, class) in (0..).zip(table.iter_mut()) {
            *class = char::from_u32(code).map_or(Class::Sign, defined);
        }
        let sets = [
            (include_str!("scripts/simplified.txt"), Class::Simplified),
            (include_str!("scripts/traditional.txt"), Class::Traditional),
        ];
        for (set, class) in sets {
            for c in set.chars().filter(|c| *c != '\n') {
                if let Some(slot) = table.get_mut(c as usize) {
                    *slot = class;
                }
            }
        }
        table
    })
}

/// The class of a character, but for the two sets.
fn defined(c: char) -> Class {
    match c {
        '\'' | '’' | '.' | ',' => Class::Joiner,
        _ if is_han(c) => Class::Han,
        _ if is_latin(c) => Class::Latin,
        // Half of the others, of which it needs not be asked one by one.
        HANGUL..=LAST_HANGUL => Class::Hangul,
        PRIVATE..=LAST_PRIVATE => Class::Sign,
        _ if !c.is_alphanumeric() => Class::Sign,
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ｦ'..='ｯ' | 'ｱ'..='ﾝ' => Class::Kana,
        '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' => Class::Hangul,
        _ => Class::Letter,
    }
}

/// The syllables of Korean, all of them letters.
const HANGUL: char = '\u{AC00}';
const LAST_HANGUL: char = '\u{D7A3}';
/// Characters that mean nothing, none of them a letter.
const PRIVATE: char = '\u{E000}';
const LAST_PRIVATE: char = '\u{F8FF}';

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: (Script, Option<&str>)) {
        assert_eq!((script(input), language(input)), expect, "{input}");
    }

    #[test]
    fn chinese_is_told_apart_by_the_characters_only_one_script_has() {
        check("港口的新桥将于周六开放", (Script::Hans, Some("zh-Hans")));
        check("港口的新橋將於週六開放", (Script::Hant, Some("zh-Hant")));
        check(
            "新橋開放後，“开桥”二字成了招牌",
            (Script::Hant, Some("zh-Hant")),
        );
        check("为什么", (Script::Hans, Some("zh-Hans")));
        check("爲了/為了", (Script::Hant, Some("zh-Hant")));
    }

    #[test]
    fn characters_both_scripts_use_decide_nothing() {
        check("上海", (Script::Han, None));
        check("乾元著作", (Script::Han, None));
        check("皇后里程只有面食", (Script::Han, None));
        check("税务户口脱离", (Script::Hans, Some("zh-Hans")));
        check("开開", (Script::Han, None));
        check("〇𠮷々", (Script::Han, None));
    }

    #[test]
    fn japanese_and_korean_are_known_by_their_own_letters() {
        check("新しい橋が開通した", (Script::Kana, Some("ja")));
        check("ﾆｭｰｽ", (Script::Kana, Some("ja")));
        check(
            "咖啡店“海の家”在港口开了第三家分店",
            (Script::Hans, Some("zh-Hans")),
        );
        check("安娜・马利亚", (Script::Hans, Some("zh-Hans")));
        check("새 다리가 開通했다", (Script::Hangul, Some("ko")));
    }

    #[test]
    fn latin_text_needs_four_words_to_be_english() {
        check("The new bridge opens", (Script::Latin, Some("en")));
        check("Harbour Bridge Café", (Script::Latin, None));
        check("iPhone 17 Pro Max 评测", (Script::Hans, Some("zh-Hans")));
        check(
            "The sign 開 hangs over every second door here",
            (Script::Latin, Some("en")),
        );
    }

    #[test]
    fn text_without_letters_has_no_script() {
        check("", (Script::None, None));
        check("3,800 … 💡。", (Script::None, None));
        check("Привет", (Script::None, None));
    }

    #[test]
    fn the_sets_are_sorted_and_disjoint() {
        let sets = [
            include_str!("scripts/simplified.txt"),
            include_str!("scripts/traditional.txt"),
        ];
        let sets = sets.map(|set| set.chars().filter(|c| *c != '\n').collect::<Vec<_>>());
        assert!(
            sets.iter()
                .all(|set| set.is_sorted() && set.iter().all(|c| is_han(*c)))
        );
        assert!(sets[0].iter().all(|c| sets[1].binary_search(c).is_err()));
        assert!(sets.iter().all(|set| set.len() > 2500));
    }

    #[test]
    fn punctuation_is_east_asian_only_where_latin_text_never_has_it() {
        assert!(
            "，。、：；！？「」『』《》【】（）・～"
                .chars()
                .all(is_cjk_punctuation)
        );
        assert!(!",.“”—…·\u{3000}Ａ０ア々".chars().any(is_cjk_punctuation));
    }

    #[test]
    fn every_character_has_the_class_that_it_is_defined_to_have() {
        let sets = [
            (include_str!("scripts/simplified.txt"), Class::Simplified),
            (include_str!("scripts/traditional.txt"), Class::Traditional),
        ];
        let listed: std::collections::HashMap<char, Class> = sets
            .into_iter()
            .flat_map(|(set, class)| set.chars().map(move |c| (c, class)))
            .filter(|(c, _)| *c != '\n')
            .collect();
        let all: String = ('\0'..=char::MAX).collect();
        let mut found = Vec::new();
        classes(&all, |class| found.push(class));
        assert_eq!(all.chars().count(), found.len());
        for (c, class) in all.chars().zip(found) {
            let expect = listed.get(&c).copied().unwrap_or_else(|| defined(c));
            assert_eq!(class, expect, "{c:?}");
        }
    }

    #[test]
    fn whole_ranges_are_letters_or_none() {
        assert!((HANGUL..=LAST_HANGUL).all(char::is_alphanumeric));
        assert!(!(PRIVATE..=LAST_PRIVATE).any(char::is_alphanumeric));
    }

    #[test]
    fn a_text_in_pieces_has_the_language_of_the_whole() {
        for text in [
            "The new bridge opens",
            "港口的新橋將於週六開放",
            "一二 three four five six seven",
            "",
        ] {
            for cut in (0..text.len()).filter(|cut| text.is_char_boundary(*cut)) {
                let pieces = [&text[..cut], &text[cut..]];
                assert_eq!(
                    language_of(pieces.into_iter()),
                    language(text),
                    "{text} {cut}"
                );
            }
        }
    }
}

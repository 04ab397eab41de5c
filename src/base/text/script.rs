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

/// The script of a text, by majority.
///
/// Han outweighs Latin up to 8 letters a character, since a Chinese headline may name
/// `iPhone 17 Pro Max`. Kana decide from a tenth of the Chinese characters on: fewer are a quoted
/// name, and `・` and `ー` alone do not count.
pub fn script(text: &str) -> Script {
    let counts = counts(text);
    let east = counts.han + counts.kana + counts.hangul;
    if counts.latin > 8 * east {
        Script::Latin
    } else if east == 0 {
        Script::None
    } else if counts.hangul > counts.han + counts.kana {
        Script::Hangul
    } else if counts.kana > 0 && counts.kana * 10 >= counts.han + counts.kana {
        Script::Kana
    } else {
        chinese(&counts)
    }
}

/// The BCP 47 tag of a text's language, or `None` where its characters do not decide it: names,
/// numbers, Han that both scripts share. Latin text is `en` from 4 words on.
pub fn language(text: &str) -> Option<&'static str> {
    match script(text) {
        Script::Hans => Some("zh-Hans"),
        Script::Hant => Some("zh-Hant"),
        Script::Kana => Some("ja"),
        Script::Hangul => Some("ko"),
        Script::Latin if words(text) >= 4 => Some("en"),
        Script::Latin | Script::Han | Script::None => None,
    }
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

#[derive(Default)]
struct Counts {
    han: usize,
    hans: usize,
    hant: usize,
    kana: usize,
    hangul: usize,
    latin: usize,
}

fn counts(text: &str) -> Counts {
    let kinds = kinds();
    let mut counts = Counts::default();
    for c in text.chars() {
        if c.is_ascii() {
            counts.latin += usize::from(c.is_ascii_alphabetic());
            continue;
        }
        match (c as usize).checked_sub(FIRST).and_then(|at| kinds.get(at)) {
            Some(&kind) => {
                counts.han += 1;
                counts.hans += usize::from(kind == SIMPLIFIED);
                counts.hant += usize::from(kind == TRADITIONAL);
            }
            None => count_other(c, &mut counts),
        }
    }
    counts
}

fn count_other(c: char, counts: &mut Counts) {
    match c {
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | 'ｦ'..='ｯ' | 'ｱ'..='ﾝ' => counts.kana += 1,
        '\u{1100}'..='\u{11FF}' | '\u{3130}'..='\u{318F}' | '\u{AC00}'..='\u{D7A3}' => {
            counts.hangul += 1;
        }
        _ if is_latin(c) => counts.latin += 1,
        _ if is_han(c) => counts.han += 1,
        _ => {}
    }
}

fn chinese(counts: &Counts) -> Script {
    match counts.hans.cmp(&counts.hant) {
        std::cmp::Ordering::Greater => Script::Hans,
        std::cmp::Ordering::Less => Script::Hant,
        std::cmp::Ordering::Equal => Script::Han,
    }
}

fn is_latin(c: char) -> bool {
    c.is_ascii_alphabetic()
        || matches!(c, 'À'..='ɏ' | 'Ḁ'..='ỿ' | 'Ａ'..='Ｚ' | 'ａ'..='ｚ') && !matches!(c, '×' | '÷')
}

fn words(text: &str) -> usize {
    text.split_whitespace()
        .filter(|word| word.chars().any(is_latin))
        .count()
}

/// The sets lie in U+3400 to U+9FFF, so one byte a character (28 KB, filled in 0.03 ms on first
/// use) makes the lookup a single load, where a binary search takes a dozen steps.
const FIRST: usize = 0x3400;
const SIZE: usize = 0xA000 - FIRST;
const SIMPLIFIED: u8 = 1;
const TRADITIONAL: u8 = 2;

fn kinds() -> &'static [u8; SIZE] {
    static KINDS: OnceLock<Box<[u8; SIZE]>> = OnceLock::new();
    KINDS.get_or_init(|| {
        let mut kinds = Box::new([0; SIZE]);
        mark(
            &mut kinds,
            include_str!("scripts/simplified.txt"),
            SIMPLIFIED,
        );
        mark(
            &mut kinds,
            include_str!("scripts/traditional.txt"),
            TRADITIONAL,
        );
        kinds
    })
}

fn mark(kinds: &mut [u8; SIZE], set: &str, kind: u8) {
    for c in set.chars() {
        if let Some(slot) = (c as usize)
            .checked_sub(FIRST)
            .and_then(|at| kinds.get_mut(at))
        {
            *slot = kind;
        }
    }
}

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
}

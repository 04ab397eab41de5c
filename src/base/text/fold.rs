//! Folding: one form for all spellings of one name, whatever script, width or case it is in.
//!
//! Owns the question "are these two the same tag, or the same query?". Promises that two texts
//! that differ in nothing but Unicode's compatible forms (`Ａ` and `A`), case, white space or
//! Simplified and Traditional characters have one fold, and that a fold is its own fold. Is not
//! meant to be read: a fold may be a word that nobody writes. Converts no text that readers see.
//!
//! A character folds without its context, by the first candidate of OpenCC's `TSCharacters`
//! (Apache License 2.0, <https://github.com/BYVoid/OpenCC>), which `fold/pairs.txt` holds as pairs
//! of Traditional and Simplified. So 乾 is 干 even in 乾隆, and 著 is 着 even in 著名: in both
//! scripts alike, which is what counts here. 薴 goes straight to 苎, where OpenCC stops at 苧.

use std::borrow::Cow;
use std::sync::OnceLock;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

/// The Simplified form of a Traditional character; any other character as it is.
#[inline]
pub fn simplified(c: char) -> char {
    match c {
        ..'\u{3400}' => c,
        ..'\u{1_0000}' => table().near(c as u16).unwrap_or(c),
        _ => far(c),
    }
}

/// [`simplified`] for whoever asks of one character after another.
#[derive(Clone, Copy)]
pub struct Simplifier(&'static Table);

impl Simplifier {
    /// With its table at hand.
    pub fn new() -> Simplifier {
        Simplifier(table())
    }

    /// The code point of the Simplified form of the character with a code point.
    #[inline]
    pub fn of(self, code: u32) -> u32 {
        match u16::try_from(code) {
            Ok(near) => self.0.near(near).map_or(code, u32::from),
            Err(_) => char::from_u32(code).map_or(code, |c| u32::from(far(c))),
        }
    }
}

impl Default for Simplifier {
    fn default() -> Simplifier {
        Simplifier::new()
    }
}

/// The fold of a text: NFKC, trimmed, each run of white space one space, lower case (a final `ς`
/// as `σ`, so that case needs no context), each character [`simplified`].
///
/// Borrows where the text is its own fold. Lower case is that of each character, without the
/// rules of single languages: it keeps `ß`, as JavaScript's `toLowerCase` does, so that a search
/// can fold its query in the same way.
pub fn fold(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if is_folded(text) {
        return Cow::Borrowed(text);
    }
    let mut folded = String::with_capacity(text.len());
    let mut gap = false;
    let mut sure = true;
    let mut rest = text;
    while !rest.is_empty() {
        let (quick, slow) = pieces(rest);
        let (own, others) = rest.split_at(quick);
        for c in own.chars() {
            if c.is_whitespace() {
                gap = true;
                continue;
            }
            if std::mem::take(&mut gap) && !folded.is_empty() {
                folded.push(' ');
            }
            folded.push(alone(c).unwrap_or(c.to_ascii_lowercase()));
        }
        let (own, others) = others.split_at(slow);
        let start = folded.len();
        for c in own.nfkc() {
            if c.is_whitespace() {
                gap = true;
                continue;
            }
            if std::mem::take(&mut gap) && !folded.is_empty() {
                folded.push(' ');
            }
            folded.extend(c.to_lowercase().map(lowest).map(simplified));
        }
        sure &= is_nfkc_quick(folded[start..].chars()) == IsNormalized::Yes;
        rest = others;
    }
    // Some capitals end in a mark as small letters (`İ`), which may belong before the next mark.
    match sure {
        true => Cow::Owned(folded),
        false => Cow::Owned(folded.nfkc().collect()),
    }
}

/// Where a text is first no longer plain, and how long it is not: what is plain folds letter by
/// letter, and what stands around it does not count. A plain letter that may take a mark is one
/// with what follows.
fn pieces(text: &str) -> (usize, usize) {
    let is_plain = |c: char| c.is_ascii() || alone(c).is_some();
    let Some(mut quick) = text.find(|c| !is_plain(c)) else {
        return (text.len(), 0);
    };
    let slow = text[quick..].find(is_plain);
    let end = slow.map_or(text.len(), |slow| quick + slow);
    let takes_marks = |c: &u8| c.is_ascii_alphabetic() || matches!(c, b'<'..=b'>');
    quick -= usize::from(text.as_bytes()[..quick].last().is_some_and(takes_marks));
    (quick, end - quick)
}

/// The fold of a character that takes no marks and is none: Han, and punctuation among it.
fn alone(c: char) -> Option<char> {
    match c {
        '\u{4e00}'..='\u{9fff}' => Some(simplified(c)),
        '、' | '。' | '《' | '》' | '「' | '」' | '“' | '”' => Some(c),
        '！' | '（' | '）' | '，' | '：' | '；' | '？' => {
            char::from_u32(u32::from(c) - 0xfee0)
        }
        _ => None,
    }
}

/// All pairs of a Traditional character and its Simplified form, in the order of the former: for
/// whoever folds where this program doesn't run.
pub fn pairs() -> impl Iterator<Item = (char, char)> {
    include_str!("fold/pairs.txt")
        .split_ascii_whitespace()
        .filter_map(|pair| {
            let mut pair = pair.chars();
            Some((pair.next()?, pair.next()?))
        })
}

fn is_folded(text: &str) -> bool {
    let mut space = false;
    let mut quick = true;
    let plain = text.chars().all(|c| {
        let double = space && c == ' ';
        space = c == ' ';
        let alone = alone(c);
        quick &= alone.is_some() || c.is_ascii();
        let folds = match alone {
            Some(own) => own == c,
            None if c.is_ascii() => !c.is_ascii_uppercase() && (c == ' ' || !c.is_whitespace()),
            None => !c.is_whitespace() && is_lowest(c) && simplified(c) == c,
        };
        folds && !double
    });
    plain && (quick || is_nfkc_quick(text.chars()) == IsNormalized::Yes)
}

fn is_lowest(c: char) -> bool {
    let mut lower = c.to_lowercase();
    lower.next().map(lowest) == Some(c) && lower.next().is_none()
}

/// The one small sigma.
fn lowest(c: char) -> char {
    if c == 'ς' { 'σ' } else { c }
}

/// A slot for each character of the Basic Multilingual Plane (128 KB): 0, or one more than the
/// place of its Simplified form. A single load for all but a few, and made in some 40 µs.
struct Table {
    slots: Box<[u16; 0x1_0000]>,
    targets: Vec<char>,
    /// Pairs whose Traditional character is beyond that plane, in order.
    far: Vec<(char, char)>,
}

impl Table {
    #[inline]
    fn near(&self, code: u16) -> Option<char> {
        match self.slots[usize::from(code)] {
            0 => None,
            slot => Some(self.targets[usize::from(slot) - 1]),
        }
    }
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(|| {
        let mut table = Table {
            slots: Box::new([0; 0x1_0000]),
            targets: Vec::new(),
            far: Vec::new(),
        };
        for (traditional, simplified) in pairs() {
            match table.slots.get_mut(traditional as usize) {
                Some(slot) => {
                    table.targets.push(simplified);
                    *slot = table.targets.len() as u16;
                }
                None => table.far.push((traditional, simplified)),
            }
        }
        table
    })
}

fn far(c: char) -> char {
    let far = &table().far;
    match far.binary_search_by_key(&c, |pair| pair.0) {
        Ok(at) => far[at].1,
        Err(_) => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expect: &str) {
        assert_eq!(fold(input), expect, "{input:?}");
        assert_eq!(fold(expect), expect, "{expect:?} is no fold of its own");
    }

    #[test]
    fn both_scripts_have_one_fold() {
        check("人工智慧", "人工智慧");
        check("後來", "后来");
        check("皇后", "皇后");
        check("裡面", "里面");
        check("裏面", "里面");
        check("因爲", "因为");
        check("因為", "因为");
        check("臺灣", "台湾");
        check("台灣", "台湾");
        check("乾淨", "干净");
        check("乾隆", "干隆");
        check("著名", "着名");
        check("看着", "看着");
        check("麵條麪條", "面条面条");
        check("頭髮發展", "头发发展");
        check("週末", "周末");
        check("薴", "苎");
        check("𫝈㑮𠉂㒓", "𫝈𫝈𠉂𠉂");
    }

    #[test]
    fn width_case_and_space_do_not_count() {
        check("ＡＩ　模型", "ai 模型");
        check("  iPhone \t\n 17  ", "iphone 17");
        check("ÉCOLE e\u{301}cole", "école école");
        check("ΟΔΟΣ οδος ὈΔΌΣ", "οδοσ οδοσ ὀδόσ");
        check("Straße STRASSE", "straße strasse");
        check("İ", "i\u{307}");
        check("⼈⼯", "人工");
        check("㎏ ﬁ ①", "kg fi 1");
        check("", "");
        check(" \u{3000} ", "");
    }

    #[test]
    fn a_fold_borrows_what_is_one() {
        for text in ["海港新闻", "ai 模型", "école", " 海港 "] {
            assert!(matches!(fold(text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn the_pairs_are_sorted_and_lead_nowhere_else() {
        let all: Vec<(char, char)> = pairs().collect();
        assert_eq!(all.len(), 4137);
        assert!(all.windows(2).all(|two| two[0].0 < two[1].0));
        for (traditional, plain) in all {
            assert_ne!(traditional, plain);
            assert_eq!(simplified(traditional), plain);
            assert_eq!(simplified(plain), plain);
        }
        assert_eq!(
            "aé、𠮷汉かﾌ".chars().map(simplified).collect::<String>(),
            "aé、𠮷汉かﾌ"
        );
    }

    /// The fold without any short cut.
    fn slowly(text: &str) -> String {
        let words = text.nfkc().collect::<String>();
        let words: Vec<&str> = words.split_whitespace().collect();
        let lower = words.join(" ");
        let lower = lower.chars().flat_map(char::to_lowercase);
        let folded: String = lower.map(lowest).map(simplified).collect();
        folded.nfkc().collect()
    }

    proptest::proptest! {
        #[test]
        fn a_fold_takes_no_wrong_short_cut(
            text in "(\\PC|[一-龥萬與説]|[ -~]|[\u{300}-\u{345}]|[、。《》「」“”！（），：；？\u{3000}\n]|[가-힣ᄀ-ᇿａ-ｚＡ-ＺİΣ<=>\u{338}]){0,16}",
        ) {
            proptest::prop_assert_eq!(fold(&text), slowly(&text));
        }

        #[test]
        fn a_fold_is_its_own_fold(text in "\\PC{0,12}", han in "[㐀-龥a-zA-Z \u{300}-\u{320}İΣ]{0,8}") {
            let text = text + &han;
            let once = fold(&text).into_owned();
            proptest::prop_assert_eq!(&fold(&once), &once);
            let folded: String = text.chars().map(simplified).collect();
            proptest::prop_assert_eq!(fold(&folded), once);
        }
    }
}

//! The order of names in a list, and the headings that readers look under.
//!
//! A Simplified reader looks by pinyin, a Traditional one by strokes: the orders that Unicode's
//! CLDR gives the two. By pinyin, names compare syllable by syllable: letters, tone, strokes; Latin
//! words stand among the syllables, under their letter. By strokes, names compare character by
//! character: strokes, then code points, which follow the radicals; Latin comes after Han, as in
//! CLDR. What begins with a digit or with no letter at all comes last, under `#`; numbers compare
//! by their value.
//!
//! These are own keys and not `icu_collator`'s: a heading needs the reading and the strokes
//! themselves, which a collator doesn't give, and its order knows neither phrases nor a `pinyin:`
//! of a data file.

use super::pinyin::{Part, Reader, parts, written};
use super::strokes::strokes;

/// How names are put in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// By their letters, of Han by those of the pinyin.
    Pinyin,
    /// Han by strokes, then Latin by letters.
    Strokes,
    /// By letters, then Han as Unicode has it: Japanese and Korean don't read it as Chinese does.
    Letters,
}

/// What a name stands under; headings are in the order of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Heading {
    /// So many strokes.
    Strokes(u8),
    /// A Latin letter, in upper case.
    Latin(char),
    /// A letter of another alphabet.
    Letter(char),
    /// Digits and all else.
    Other,
}

/// The place of a name in an order.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    heading: Heading,
    units: Vec<Unit>,
    name: String,
}

/// What names are compared by, one after the other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Unit {
    /// Where Han and words are apart, Han comes first.
    is_word: bool,
    strokes_first: u8,
    letters: String,
    /// Words are before Han with the same letters.
    is_han: bool,
    tone: u8,
    strokes: u8,
    character: char,
}

/// A name, and what is known of how it is read.
#[derive(Debug, Clone, Copy)]
pub struct Name<'a> {
    /// As it is shown.
    pub text: &'a str,
    /// Its pinyin, where someone wrote it down.
    pub pinyin: Option<&'a str>,
    /// Whose name it is.
    pub reader: Reader,
}

impl Order {
    /// The order that readers of a language expect; `language` is a BCP 47 tag such as `zh-Hant`.
    pub fn of(language: &str) -> Order {
        let tag = language.to_ascii_lowercase();
        let mut parts = tag.split(['-', '_']);
        match parts.next() {
            Some("zh" | "yue") => {
                let mut rest = parts;
                let is_traditional = |part: &str| matches!(part, "hant" | "tw" | "hk" | "mo");
                // `zh-Hans-HK` is Simplified: the script goes before the region.
                match rest.find(|part| *part == "hans" || is_traditional(part)) {
                    Some(part) if is_traditional(part) => Order::Strokes,
                    _ => Order::Pinyin,
                }
            }
            Some("ja" | "ko") => Order::Letters,
            _ => Order::Pinyin,
        }
    }

    /// The place of a name.
    pub fn key(self, name: Name) -> Key {
        let own = parts(name.text, name.reader);
        let mut units = Vec::with_capacity(own.len());
        let told = name.pinyin.map(written).unwrap_or_default();
        let mut told = told.into_iter();
        for part in &own {
            match part {
                Part::Han(c, read) => units.push(self.han(*c, told.next(), *read)),
                Part::Word(word) => self.words(word, &mut units),
                Part::Sign(_) => {}
            }
        }
        Key {
            heading: units
                .first()
                .map_or(Heading::Other, |unit| self.heading(unit)),
            units,
            name: name.text.to_string(),
        }
    }

    fn han(self, character: char, told: Option<String>, read: Option<(&str, u8)>) -> Unit {
        let count = strokes(character).unwrap_or(u8::MAX);
        let (letters, tone) = match (self, told) {
            (Order::Pinyin, Some(told)) => (told, 0),
            (Order::Pinyin, None) => read.map_or((String::new(), 0), |(letters, tone)| {
                (letters.to_string(), tone)
            }),
            _ => (String::new(), 0),
        };
        Unit {
            is_word: false,
            strokes_first: if self == Order::Strokes { count } else { 0 },
            letters,
            is_han: true,
            tone,
            strokes: count,
            character,
        }
    }

    /// Letters and numbers, each by itself.
    fn words(self, word: &str, units: &mut Vec<Unit>) {
        let mut rest = word;
        while let Some(first) = rest.chars().next() {
            let is_number = first.is_ascii_digit();
            let end = rest.find(|c: char| c.is_ascii_digit() != is_number);
            let (own, after) = rest.split_at(end.unwrap_or(rest.len()));
            let letters = match is_number {
                true => format!("{:0>16}", own.trim_start_matches('0')),
                false => own.to_string(),
            };
            units.push(Unit {
                is_word: self == Order::Strokes,
                strokes_first: 0,
                letters,
                is_han: false,
                tone: 0,
                strokes: 0,
                character: '\0',
            });
            rest = after;
        }
    }

    fn heading(self, unit: &Unit) -> Heading {
        if self == Order::Strokes && unit.is_han {
            return match unit.strokes {
                u8::MAX => Heading::Other,
                count => Heading::Strokes(count),
            };
        }
        let first = unit.letters.chars().next().unwrap_or('#');
        match first.to_uppercase().next().unwrap_or(first) {
            letter @ 'A'..='Z' => Heading::Latin(letter),
            letter if letter.is_alphabetic() => Heading::Letter(letter),
            _ => Heading::Other,
        }
    }

    /// The headings that readers expect to see whether anything stands under them or not: the
    /// alphabet, or the strokes up to the highest that occur.
    pub fn expected(self, highest: u8) -> Vec<Heading> {
        match self {
            Order::Strokes => (1..=highest).map(Heading::Strokes).collect(),
            _ => ('A'..='Z').map(Heading::Latin).collect(),
        }
    }
}

impl Key {
    /// What the name stands under.
    pub fn heading(&self) -> Heading {
        self.heading
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(order: Order, text: &str) -> Key {
        let (text, pinyin) = match text.split_once('=') {
            Some((text, pinyin)) => (text, Some(pinyin)),
            None => (text, None),
        };
        order.key(Name {
            text,
            pinyin,
            reader: Reader::Thing,
        })
    }

    /// `names` must be in their order, whichever way they come.
    fn check(order: Order, names: &[&str]) {
        let mut found = names.to_vec();
        found.reverse();
        found.sort_by_key(|name| key(order, name));
        assert_eq!(found, names);
    }

    #[test]
    fn simplified_readers_look_by_pinyin() {
        check(
            Order::Pinyin,
            &[
                "阿里巴巴",
                "AI",
                "安徽",
                "澳门",
                "Apple",
                "北京",
                "长沙",
                "重庆",
                "GPT-4",
                "GPT-10",
                "广州",
                "权力",
                "权利",
                "Qwen",
                "厦门",
                "音乐",
                "银行",
                "中国",
                "ガンダム",
                "5G",
                "14纳米",
                "2026年",
            ],
        );
        check(Order::Pinyin, &["妈妈", "麻将", "马来西亚", "骂"]);
        check(Order::Pinyin, &["乐=le", "长=zhang", "行=zheng"]);
    }

    #[test]
    fn traditional_readers_look_by_strokes() {
        check(
            Order::Strokes,
            &[
                "一帶一路",
                "人工智慧",
                "工業",
                "中國",
                "台灣",
                "香港",
                "海港",
                "開源",
                "銀行",
                "AI",
                "Apple",
                "5G",
            ],
        );
    }

    #[test]
    fn headings_are_those_readers_look_under() {
        let check = |order: Order, name: &str, expect: Heading| {
            assert_eq!(key(order, name).heading(), expect, "{name}");
        };
        check(Order::Pinyin, "海港", Heading::Latin('H'));
        check(Order::Pinyin, "開源", Heading::Latin('K'));
        check(Order::Pinyin, "重庆", Heading::Latin('C'));
        check(Order::Pinyin, "重庆=zhong qing", Heading::Latin('Z'));
        check(Order::Pinyin, "ai", Heading::Latin('A'));
        check(Order::Pinyin, "Ärzte", Heading::Latin('A'));
        check(Order::Pinyin, "“十四五”规划", Heading::Latin('S'));
        check(Order::Pinyin, "Яндекс", Heading::Letter('Я'));
        check(Order::Pinyin, "5G", Heading::Other);
        check(Order::Pinyin, "", Heading::Other);
        check(Order::Strokes, "海港", Heading::Strokes(10));
        check(Order::Strokes, "AI", Heading::Latin('A'));
        check(Order::Strokes, "\u{20000}", Heading::Other);
        check(Order::Letters, "海港", Heading::Other);
    }

    #[test]
    fn languages_have_their_orders() {
        let check = |language: &str, expect: Order| assert_eq!(Order::of(language), expect);
        check("zh-Hans", Order::Pinyin);
        check("zh-Hans-HK", Order::Pinyin);
        check("zh", Order::Pinyin);
        check("zh-Hant", Order::Strokes);
        check("zh-TW", Order::Strokes);
        check("zh-hk", Order::Strokes);
        check("en", Order::Pinyin);
        check("ja", Order::Letters);
    }
}

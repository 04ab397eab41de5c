//! Simplified and Traditional Chinese: a text of one script in the other, phrase by phrase.
//!
//! Owns OpenCC's dictionaries (`tables/`, Apache License 2.0, <https://github.com/BYVoid/OpenCC>,
//! in the form of opencc-fmmseg 0.13.0), a site's own words beside them, and what a block of an
//! article needs to be read as if it had been written in the other script (`edition.rs`). Promises
//! that equal texts become equal texts on any machine, that a text is borrowed where nothing
//! changes, and that no dictionary is loaded before the first text is converted. Deliberately
//! doesn't see Markdown or HTML: its caller gives text, and keeps code and addresses out.
//!
//! ```
//! use masthead::base::text::convert::{Edition, Glossary, Origin, Scheme, machine_made};
//! use masthead::base::text::script::Script;
//!
//! let glossary = Glossary {
//!     pairs: vec![("土豆".into(), "馬鈴薯".into())],
//!     protected: vec!["李松仁".into()],
//! };
//! // One for each edition and the whole site, shared by all threads.
//! let taiwan = Edition::new(Scheme::S2twp, &glossary);
//! // One for each article, from all its blocks.
//! let blocks = ["李松仁说：“头发里有土豆。”", "見 https://example.com/後面"];
//! let origin = Origin {
//!     script: Script::Hans,
//!     machine: machine_made(blocks),
//! };
//! assert_eq!(taiwan.text(blocks[0], origin), "李松仁說：「頭髮裡有馬鈴薯。」");
//! assert_eq!(taiwan.text(blocks[1], origin), blocks[1]);
//! ```
//!
//! # Which forms
//!
//! OpenCC's own `s2t` writes 裏 麪 爲, which hardly any reader does. The tables here give 裡 麵 為
//! in every scheme that makes Traditional text, and 著 for Simplified 着. `s2tw` and `s2hk` change
//! only what their region writes in another way (衛 is 衞 in Hong Kong), and `s2hk` keeps 着, as
//! Hong Kong does (看着, 着急, but 著名): there alone the result differs from opencc-fmmseg's.
//! From Traditional all these forms are understood.

mod dictionary;
mod doubt;
mod edition;
mod kept;
mod machine;
mod quotes;
mod scheme;
mod words;

pub use doubt::Doubt;
pub use edition::{Edition, Origin};
pub use machine::machine_made;
pub use scheme::Scheme;
pub use words::Words;

use std::borrow::Cow;

use crate::base::text::script::Script;
use dictionary::{Dictionary, between};
use scheme::Round;

/// What a site says of its own words.
#[derive(Clone, Debug, Default)]
pub struct Glossary {
    /// Pairs of a Simplified word and its Traditional form. They win over the dictionaries, in
    /// both directions, and the first of several with one key counts.
    pub pairs: Vec<(String, String)>,
    /// Names that stay as they are wherever they stand just so, in whatever script that is.
    pub protected: Vec<String>,
}

/// Converts texts by a scheme and a glossary. Made in microseconds and shared by threads; the
/// dictionaries behind it are loaded once, when the first text comes (4 ms from Simplified, less
/// than 1 ms from Traditional).
pub struct Converter {
    scheme: Scheme,
    /// Own words, which go past all rounds.
    own: Option<Dictionary>,
}

impl Converter {
    /// A converter. Of a glossary it uses the side that its scheme starts from; from Traditional
    /// to Traditional, the Traditional words of the pairs stay.
    pub fn new(scheme: Scheme, glossary: &Glossary) -> Converter {
        let mut own = Dictionary::with_room(0);
        for (simplified, traditional) in &glossary.pairs {
            let (key, value) = match (scheme.from(), scheme.to()) {
                (Script::Hans, _) => (simplified, traditional),
                (_, Script::Hans) => (traditional, simplified),
                _ => (traditional, traditional),
            };
            own.add(key, Some(Cow::Owned(value.clone())));
        }
        for name in &glossary.protected {
            own.add(name, Some(Cow::Owned(name.clone())));
        }
        Converter {
            scheme,
            own: (!own.is_empty()).then_some(own),
        }
    }

    /// The scheme it converts by.
    pub fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The text in the other script, phrase by phrase; borrowed where nothing changes. A character
    /// that no dictionary knows stays as it is.
    pub fn convert<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.marked(text, &mut []) {
            Some(converted) => Cow::Owned(converted),
            None => Cow::Borrowed(text),
        }
    }

    /// The text in the other script, `None` where nothing changes; `marks` move with what they
    /// stand before.
    fn marked(&self, text: &str, marks: &mut [usize]) -> Option<String> {
        let Some(own) = &self.own else {
            return self.rounds(text, marks);
        };
        let mut parts = Vec::new();
        let mut at = 0;
        while let Some(first) = text[at..].chars().next() {
            let found = own.longest(&text[at..]);
            let length = found.map_or(first.len_utf8(), |found| found.len);
            parts.extend(found.map(|found| (at..at + length, found.value)));
            at += length;
        }
        if parts.is_empty() {
            return self.rounds(text, marks);
        }
        between(text, &parts, marks, |gap, marks| self.rounds(gap, marks))
    }

    fn rounds(&self, text: &str, marks: &mut [usize]) -> Option<String> {
        if text.is_ascii() {
            return None;
        }
        let mut converted = Cow::Borrowed(text);
        for round in self.scheme.rounds() {
            if let Some(next) = round.dictionary().replaced(&converted, marks) {
                converted = Cow::Owned(next);
            }
            if matches!(self.scheme, Scheme::S2hk | Scheme::S2hkp) && matches!(round, Round::St) {
                keep_zhe(text, &mut converted);
            }
        }
        // A later round may take back what an earlier one did (叁 in Hong Kong).
        match converted {
            Cow::Owned(converted) if converted != text => Some(converted),
            _ => None,
        }
    }
}

/// Makes each 著 that was a 着 in Simplified one again. The first round of these schemes makes one
/// character of each.
fn keep_zhe(simplified: &str, converted: &mut Cow<'_, str>) {
    if !simplified.contains('着') {
        return;
    }
    let pairs = simplified.chars().zip(converted.chars());
    let kept = pairs.map(|(before, after)| if before == '着' { before } else { after });
    *converted = Cow::Owned(kept.collect());
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::scheme::Round;
    use super::*;

    fn by(name: &str) -> Converter {
        Converter::new(Scheme::named(name).expect(name), &Glossary::default())
    }

    fn check(name: &str, input: &str, expect: &str) {
        assert_eq!(by(name).convert(input), expect, "{name} {input}");
    }

    /// `phrases.txt`: a phrase, as `s2t` has it, and as the regions have it where that differs.
    #[test]
    fn phrases_of_characters_with_several_forms() {
        let mut count = 0;
        for line in include_str!("phrases.txt").lines() {
            let mut words = line.split(' ');
            let (Some(plain), Some(traditional)) = (words.next(), words.next()) else {
                panic!("{line}");
            };
            let regions: HashMap<&str, &str> = words.filter_map(|w| w.split_once('=')).collect();
            let taiwan = *regions.get("tw").unwrap_or(&traditional);
            check("s2t", plain, traditional);
            check("s2tw", plain, taiwan);
            check("s2twp", plain, regions.get("twp").unwrap_or(&taiwan));
            check("s2hk", plain, regions.get("hk").unwrap_or(&traditional));
            check("t2s", traditional, plain);
            check("tw2s", taiwan, plain);
            count += 1;
        }
        assert!(count > 300);
    }

    /// `opencc.txt`: scheme, text, and what opencc-fmmseg 0.13.0 makes of it (see
    /// `examples/convert.rs`).
    #[test]
    fn sentences_are_what_opencc_makes_of_them() {
        let mut converters = HashMap::new();
        for line in include_str!("opencc.txt").lines() {
            let parts: Vec<&str> = line.split('\t').collect();
            let [name, input, expect] = parts[..] else {
                panic!("{line}");
            };
            let converter = converters.entry(name).or_insert_with(|| by(name));
            assert_eq!(converter.convert(input), expect, "{name} {input}");
        }
        assert_eq!(converters.len(), Scheme::ALL.len());
    }

    #[test]
    fn hong_kong_keeps_zhe() {
        check("s2hk", "看着著名的着陆点", "看着著名的着陸點");
        check("s2hkp", "沿着", "沿着");
        check("s2tw", "看着著名的着陆点", "看著著名的著陸點");
        check("hk2s", "看着著名的着陸點", "看着著名的着陆点");
    }

    #[test]
    fn a_glossary_wins_both_ways() {
        let glossary = Glossary {
            pairs: vec![
                ("发布会".into(), "發表會".into()),
                ("土豆".into(), "馬鈴薯".into()),
                ("土豆网".into(), "土豆網".into()),
                ("土豆".into(), "洋芋".into()),
                (String::new(), "空".into()),
            ],
            protected: vec!["李松仁".into(), "皇后乐队".into(), String::new()],
        };
        let there = Converter::new(Scheme::S2twp, &glossary);
        let text = "李松仁在新闻发布会上用土豆网卖土豆，皇后乐队以后来";
        let expect = "李松仁在新聞發表會上用土豆網賣馬鈴薯，皇后乐队以後來";
        assert_eq!(there.convert(text), expect);
        let back = Converter::new(Scheme::Tw2sp, &glossary);
        assert_eq!(back.convert(expect), text);
        let inside = Converter::new(Scheme::T2tw, &glossary);
        assert_eq!(inside.convert("爲發表會"), "為發表會");
        // Over the border of an own word no phrase is looked for.
        let cut = Glossary {
            protected: vec!["发展".into()],
            ..Glossary::default()
        };
        let cut = Converter::new(Scheme::S2t, &cut);
        assert_eq!(cut.convert("头发展开"), "頭发展開");
    }

    #[test]
    fn what_does_not_change_is_borrowed() {
        for text in [
            "",
            "The new bridge opens at 9:00",
            "https://example.com/a?b=c",
            "$BABA.US$ fn main() { café }",
            "上海",
            "Привет",
        ] {
            for (name, _) in Scheme::ALL {
                assert!(
                    matches!(by(name).convert(text), Cow::Borrowed(_)),
                    "{name} {text}"
                );
            }
        }
    }

    /// Longest match by trying all lengths, straight from the tables.
    fn plainly(round: Round, text: &str) -> String {
        let mut rows: HashMap<&str, Option<&str>> = HashMap::new();
        for line in round.tables().iter().flat_map(|table| table.lines()) {
            let (key, values) = line
                .split_once('\t')
                .map_or((line, None), |(k, v)| (k, Some(v)));
            let first = values.and_then(|values| values.split(' ').next());
            rows.entry(key).or_insert(first);
        }
        let single = |c: char| {
            let key = c.to_string();
            rows.get(&*key)
                .copied()
                .flatten()
                .map_or(key, str::to_owned)
        };
        let chars: Vec<char> = text.chars().collect();
        let (mut out, mut at) = (String::new(), 0);
        while at < chars.len() {
            let lengths = (2..=16.min(chars.len() - at)).rev();
            let mut words = lengths.map(|n| chars[at..at + n].iter().collect::<String>());
            match words.find(|word| rows.contains_key(&**word)) {
                None => {
                    out += &single(chars[at]);
                    at += 1;
                }
                Some(word) => {
                    at += word.chars().count();
                    match rows[&*word] {
                        Some(value) => out += value,
                        None => out.extend(word.chars().map(single)),
                    }
                }
            }
        }
        out
    }

    /// Words of the tables, whole or without their first character, with other text between.
    fn sentence() -> impl Strategy<Value = String> {
        let words = (
            any::<prop::sample::Index>(),
            any::<prop::sample::Index>(),
            0..2usize,
        );
        let word = words.prop_map(|(table, word, cut)| {
            let tables: Vec<&str> = Round::ALL
                .iter()
                .flat_map(|round| round.tables())
                .copied()
                .collect();
            let words: Vec<&str> = table.get(&tables).split(['\t', '\n', ' ']).collect();
            word.get(&words).chars().skip(cut).collect::<String>()
        });
        let other = "[a-z 0-9，。“”‘’「」\u{4e00}-\u{9fff}\u{20000}-\u{20020}]{0,4}";
        prop::collection::vec(prop_oneof![3 => word, 1 => other], 0..9)
            .prop_map(|words| words.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_longest_phrase_is_found_everywhere(text in sentence()) {
            for round in Round::ALL {
                let found = round.dictionary().replaced(&text, &mut []);
                prop_assert_eq!(found.as_deref().unwrap_or(&text), plainly(round, &text));
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_converted(text in "\\PC{0,40}", more in sentence()) {
            let text = text + &more;
            for (name, _) in Scheme::ALL {
                let once = by(name).convert(&text).into_owned();
                prop_assert_eq!(once == text, matches!(by(name).convert(&text), Cow::Borrowed(_)));
            }
        }

        #[test]
        fn latin_text_is_borrowed(text in "[ -~à-ÿ“”‘’\n]{0,60}") {
            for (name, _) in Scheme::ALL {
                prop_assert!(matches!(by(name).convert(&text), Cow::Borrowed(_)));
            }
        }
    }
}

//! Characters of a Simplified text that a converter can only guess: they have several Traditional
//! forms, and stand in no phrase that would tell which.

use std::iter::once;

use super::Converter;
use super::kept::kept;
use super::scheme::{Round, candidates};
use crate::base::text::script::Script;

/// A character that an editor may want to look at.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Doubt {
    /// Where it begins in the text, in bytes.
    pub at: usize,
    /// The character.
    pub character: char,
    /// Its Traditional forms, in the order of OpenCC; the first is what it is converted to.
    pub candidates: Vec<char>,
}

/// Characters whose first form is nearly always right outside phrases: grammar, counters, and
/// forms besides that hardly anybody writes. They would be two of three doubts.
const SURE: &str = "了于它个家坐豆价千修果拿万出凌向秘背同抵种具回象局厂合证据堤矩升糊挂克夫娘岩\
    席广扣抵拐挨捆搜斤旋昆杰枪极焰溪烟玩琅私秋藤艳苹药虫蝎适酸鉴钥铲锄雇面巨幸弦径志\
    荐蒙获确胜尝宁党录毁浚澄湿游苔赞";

impl Converter {
    /// The characters of a text that are converted by a guess, in order. A phrase of the
    /// dictionaries or the glossary, a protected name, an address or code leaves no doubt. Empty
    /// for a scheme that starts from Traditional.
    pub fn doubts(&self, text: &str) -> Vec<Doubt> {
        let mut doubts = Vec::new();
        if self.scheme.from() != Script::Hans {
            return doubts;
        }
        let mut start = 0;
        for part in kept(text).into_iter().chain(once(text.len()..text.len())) {
            self.doubts_of(&text[start..part.start], start, &mut doubts);
            start = part.end;
        }
        doubts
    }

    fn doubts_of(&self, text: &str, offset: usize, doubts: &mut Vec<Doubt>) {
        let dictionary = Round::St.dictionary();
        let mut at = 0;
        while let Some(character) = text[at..].chars().next() {
            let rest = &text[at..];
            let own = self.own.as_ref().and_then(|own| own.longest(rest));
            let known = own.map(|found| (found.len, false));
            let known = known.or_else(|| dictionary.longest(rest).map(|m| (m.len, m.single)));
            let (length, alone) = known.unwrap_or((character.len_utf8(), false));
            if alone && !SURE.contains(character) {
                let candidates = self.forms(character);
                if candidates.len() > 1 {
                    doubts.push(Doubt {
                        at: offset + at,
                        character,
                        candidates,
                    });
                }
            }
            at += length;
        }
    }

    /// The forms of a character that differ as words do: 为 has but one, since 爲 is 為 in another
    /// hand. Where the scheme leads to no region, Taiwan's forms tell.
    fn forms(&self, character: char) -> Vec<char> {
        let (mut known, mut forms) = (Vec::new(), Vec::new());
        let (rounds, regional) = match &self.scheme.rounds()[1..] {
            [] => (&[Round::Tw][..], false),
            rounds => (rounds, true),
        };
        for form in candidates(character).unwrap_or_default().split(' ') {
            let mut there = form.to_owned();
            for round in rounds {
                let replaced = round.dictionary().replaced(&there, &mut []);
                there = replaced.unwrap_or(there);
            }
            if !known.contains(&there) {
                forms.extend(if regional {
                    there.chars().next()
                } else {
                    form.chars().next()
                });
                known.push(there);
            }
        }
        forms
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Glossary, Scheme};
    use super::*;

    fn check(text: &str, expect: &[(usize, char, &str)]) {
        let glossary = Glossary {
            pairs: vec![("后里".into(), "后里".into())],
            protected: vec!["松仁".into()],
        };
        let doubts = Converter::new(Scheme::S2tw, &glossary).doubts(text);
        let found = doubts.iter().map(|doubt| {
            let candidates: String = doubt.candidates.iter().collect();
            (doubt.at, doubt.character, candidates)
        });
        let expect = expect
            .iter()
            .map(|(at, c, candidates)| (*at, *c, (*candidates).to_owned()));
        assert_eq!(
            found.collect::<Vec<_>>(),
            expect.collect::<Vec<_>>(),
            "{text}"
        );
    }

    #[test]
    fn only_what_stands_in_no_phrase_is_in_doubt() {
        check("皇后与头发，以后的发展", &[]);
        check("收市后", &[(6, '后', "後后")]);
        check("淡季里松", &[(6, '里', "裡里哩"), (9, '松', "松鬆")]);
        check("后里的松仁，后面", &[]);
        check("https://a.cn/后/里 `后`", &[]);
    }

    #[test]
    fn forms_of_one_word_are_no_doubt() {
        check("为此 吃 群 了 个", &[]);
        check("The bridge", &[]);
    }

    #[test]
    fn without_a_region_it_is_the_same() {
        let plain = Converter::new(Scheme::S2t, &Glossary::default());
        let doubts = plain.doubts("淡季里为着收市后");
        let found = doubts.iter().map(|doubt| doubt.candidates.iter().collect());
        assert_eq!(found.collect::<Vec<String>>(), ["裡里哩", "後后"]);
    }

    #[test]
    fn from_traditional_nothing_is_in_doubt() {
        let back = Converter::new(Scheme::T2s, &Glossary::default());
        assert_eq!(back.doubts("收市后"), Vec::new());
    }
}

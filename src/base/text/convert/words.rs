//! What Taiwan's words may make of a folded text, told without the large dictionaries.
//!
//! Nearly all that [`Scheme::S2twp`](super::Scheme::S2twp) changes is the form of characters, which
//! a [`fold`](crate::base::text::fold) takes back. What is left are the words of one small table,
//! and some phrases that Simplified text writes with other characters (`unlike.txt`, which a test
//! compares with the tables). So whoever asks whether two folded texts become one needs the
//! dictionaries (4 ms) only where such a word stands in one of them and leads to the other.

use super::scheme::Round;
use crate::base::text::fold::simplified;
use foldhash::{HashMap, HashMapExt};
use std::collections::BTreeSet;

/// More forms of a text are not told apart.
const MOST: usize = 16;

/// The words, by their first character as it folds.
pub struct Words {
    turned: HashMap<char, Vec<(&'static str, &'static str)>>,
    unlike: HashMap<char, Vec<&'static str>>,
}

impl Words {
    /// Those of Taiwan.
    pub fn of_taiwan() -> Words {
        let mut turned: HashMap<char, Vec<(&str, &str)>> = HashMap::new();
        for (key, value) in unlike_entries(Round::Twp) {
            if let Some(first) = key.chars().next().map(simplified) {
                turned.entry(first).or_default().push((key, value));
            }
        }
        let mut unlike: HashMap<char, Vec<&str>> = HashMap::new();
        for key in include_str!("unlike.txt").split_ascii_whitespace() {
            if let Some(first) = key.chars().next() {
                unlike.entry(first).or_default().push(key);
            }
        }
        Words { turned, unlike }
    }

    /// The folds of all that a folded text may become, beside its own; `None` where that takes the
    /// dictionaries to tell.
    pub fn others(&self, text: &str) -> Option<BTreeSet<String>> {
        let mut others = BTreeSet::new();
        if text.is_ascii() {
            return Some(others);
        }
        let starts = || text.char_indices().map(|(at, first)| (&text[at..], first));
        let is_unlike = |(rest, first): (&str, char)| {
            let keys = self.unlike.get(&first);
            keys.is_some_and(|keys| keys.iter().any(|key| rest.starts_with(key)))
        };
        if starts().any(is_unlike) {
            return None;
        }
        if !starts().any(|(_, first)| self.turned.contains_key(&first)) {
            return Some(others);
        }
        // Any of the words may be turned or left: which of them are, the dictionaries know.
        let mut open = vec![(String::with_capacity(text.len()), text)];
        while let Some((mut done, mut rest)) = open.pop() {
            while let Some(first) = rest.chars().next() {
                for (key, value) in self.turned.get(&first).into_iter().flatten() {
                    if let Some(after) = after(rest, key) {
                        let turned = value.chars().map(simplified);
                        let other: String = done.chars().chain(turned).collect();
                        open.push((other, after));
                    }
                }
                done.push(first);
                rest = &rest[first.len_utf8()..];
                if open.len() + others.len() > MOST {
                    return None;
                }
            }
            others.insert(done);
        }
        others.remove(text);
        Some(others)
    }
}

/// What follows a word at the start of a folded text.
fn after<'t>(text: &'t str, key: &str) -> Option<&'t str> {
    let mut rest = text.chars();
    let is_there = key.chars().all(|c| rest.next() == Some(simplified(c)));
    is_there.then_some(rest.as_str())
}

/// The entries of a round's tables whose two sides fold to different texts.
fn unlike_entries(round: Round) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = round.tables().iter().flat_map(|table| table.lines());
    let entries = lines.filter_map(|line| {
        let (key, values) = line.split_once('\t')?;
        Some((key, values.split(' ').next().unwrap_or(values)))
    });
    entries.filter(|(key, value)| {
        !key.chars()
            .map(simplified)
            .eq(value.chars().map(simplified))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::convert::{Converter, Glossary, Scheme};
    use proptest::prelude::*;

    fn folded(text: &str) -> String {
        text.chars().map(simplified).collect()
    }

    #[test]
    fn words_lead_to_their_forms() {
        let words = Words::of_taiwan();
        let others = |text: &str| words.others(text).map(|all| all.into_iter().collect());
        let check = |text: &str, expect: &[&str]| {
            let expect: Vec<String> = expect.iter().map(|one| one.to_string()).collect();
            assert_eq!(others(text), Some(expect), "{text}");
        };
        check("软件", &["软体"]);
        check("人工智能", &["人工智慧"]);
        check("航运", &[]);
        check("chips", &[]);
        assert_eq!(others("凭借"), None);
        assert_eq!(others(&"软件".repeat(9)), None);
    }

    #[test]
    fn no_phrase_is_missing() {
        let words = Words::of_taiwan();
        let mut count = 0;
        for (key, value) in unlike_entries(Round::St).filter(|(key, _)| folded(key) == *key) {
            assert_eq!(words.others(key), None, "{key} {value}");
            count += 1;
        }
        assert!(count > 200);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]
        #[test]
        fn what_a_text_becomes_is_among_the_others(
            picks in prop::collection::vec((0usize..4, any::<prop::sample::Index>(), 0usize..3), 1..5),
        ) {
            let mut text = String::new();
            for (table, line, cut) in picks {
                let tables = [Round::St.tables()[0], Round::St.tables()[1], Round::Twp.tables()[0]];
                let lines: Vec<&str> = tables[table.min(2)].lines().collect();
                let line = line.get(&lines);
                let side = line.split(['\t', ' ']).nth(usize::from(cut == 2)).unwrap_or(line);
                text.extend(side.chars().skip(usize::from(cut == 1)).map(simplified));
            }
            let taiwan = Converter::new(Scheme::S2twp, &Glossary::default());
            let turned = folded(&taiwan.convert(&text));
            if let Some(others) = Words::of_taiwan().others(&text) {
                prop_assert!(turned == text || others.contains(&turned), "{text} {turned}");
            }
        }
    }
}

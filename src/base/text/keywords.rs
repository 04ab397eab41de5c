//! Keywords of a text: names that are known already, and new words that it keeps using.
//!
//! Known names are found in whatever script, width or case a text has them, longest first, by an
//! automaton. New words need no dictionary, which would cost 5 MB and cut the very names that news
//! are about (jieba makes 崇信 of 蔡崇信): a run of characters is taken for a word where the text
//! repeats it, with different neighbours on both sides, and no longer run explains it.

use super::extract::is_particle;
use super::fold::fold;
use super::script::is_han;
use aho_corasick::AhoCorasick;
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// Names that are looked for in texts.
pub struct Dictionary {
    automaton: Option<AhoCorasick>,
    /// What each pattern stands for.
    meanings: Vec<usize>,
}

impl Dictionary {
    /// Of spellings and what each stands for. Where two spellings fold to one, the first counts.
    pub fn new<'a>(spellings: impl IntoIterator<Item = (&'a str, usize)>) -> Dictionary {
        let mut known: BTreeMap<String, usize> = BTreeMap::new();
        for (spelling, meaning) in spellings {
            let folded = fold(spelling).into_owned();
            // A single character stands in too many words.
            if folded.chars().count() > 1 {
                known.entry(folded).or_insert(meaning);
            }
        }
        let (patterns, meanings): (Vec<String>, Vec<usize>) = known.into_iter().unzip();
        Dictionary {
            automaton: AhoCorasick::new(patterns).ok(),
            meanings,
        }
    }

    /// What is named in a text, and how often.
    pub fn count(&self, text: &str) -> BTreeMap<usize, u32> {
        let mut counts = BTreeMap::new();
        for meaning in self.find(text, |_| true) {
            *counts.entry(meaning).or_insert(0) += 1;
        }
        counts
    }

    /// What is named in a text, in its order, of the names whose meaning `may` be meant: a longer
    /// name that may not hides none. Of names that overlap the leftmost counts, and the longest.
    pub fn find(&self, text: &str, may: impl Fn(usize) -> bool) -> Vec<usize> {
        let folded = fold(text);
        let all = self.automaton.iter();
        let all = all.flat_map(|automaton| automaton.find_overlapping_iter(&*folded));
        let mut found: Vec<(usize, Reverse<usize>, usize)> = all
            .filter(|found| stands_alone(&folded, found.start(), found.end()))
            .map(|found| {
                let meaning = self.meanings[found.pattern().as_usize()];
                (found.start(), Reverse(found.end()), meaning)
            })
            .filter(|(_, _, meaning)| may(*meaning))
            .collect();
        found.sort_unstable();
        let mut free_from = 0;
        found.retain(|(start, Reverse(end), _)| {
            let is_free = *start >= free_from;
            if is_free {
                free_from = *end;
            }
            is_free
        });
        found.into_iter().map(|(_, _, meaning)| meaning).collect()
    }
}

/// Whether letters of a name are not those of a longer word: `ai` is not in `said`.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let is_letter = |c: char| c.is_alphanumeric() && !is_han(c);
    let joined = |a: Option<char>, b: Option<char>| {
        a.is_some_and(is_letter) && b.is_some_and(is_letter) && !(is_kana(a) || is_kana(b))
    };
    let name = &text[start..end];
    !joined(text[..start].chars().next_back(), name.chars().next())
        && !joined(name.chars().next_back(), text[end..].chars().next())
}

fn is_kana(c: Option<char>) -> bool {
    c.is_some_and(|c| matches!(c, '\u{3041}'..='\u{30FF}'))
}

/// How long a new word is, in characters.
const WORD: std::ops::RangeInclusive<usize> = 2..=6;
/// How often a text must have it.
const OFTEN: u32 = 3;

/// The words that a text repeats, and how often; the most frequent first.
pub fn repeated(text: &str) -> Vec<(String, u32)> {
    let mut seen: HashMap<&str, Seen> = HashMap::new();
    for run in text.split(|c: char| !is_han(c) || is_joint(c)) {
        note(run, &mut seen);
    }
    let mut words: Vec<(&str, u32)> = seen
        .iter()
        .filter(|(_, seen)| seen.count >= OFTEN && seen.is_free())
        .map(|(word, seen)| (*word, seen.count))
        .collect();
    let latin = text.split(|c: char| !c.is_ascii_alphanumeric());
    let mut names: HashMap<&str, u32> = HashMap::new();
    for name in latin.filter(|name| is_name(name)) {
        *names.entry(name).or_insert(0) += 1;
    }
    words.extend(names.into_iter().filter(|(_, count)| *count >= OFTEN));
    words.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    let longer = |word: &str, count: u32| {
        words.iter().any(|(other, often)| {
            other.len() > word.len() && other.contains(word) && often * 4 >= count * 3
        })
    };
    words
        .iter()
        .filter(|(word, count)| !longer(word, *count))
        .map(|(word, count)| (word.to_string(), *count))
        .collect()
}

/// A word in Latin letters that may be a name: it begins with a capital, and a short one has no
/// other letters, as `The` has.
fn is_name(word: &str) -> bool {
    let short = word.len() <= 4 && word.chars().any(|c| c.is_ascii_lowercase());
    word.len() > 1 && word.starts_with(|c: char| c.is_ascii_uppercase()) && !short
}

/// Where a run of characters was seen.
#[derive(Default)]
struct Seen {
    count: u32,
    /// What stood before and after it; the edge of a run of characters is a neighbour of its own.
    before: Neighbours,
    after: Neighbours,
}

#[derive(Default)]
struct Neighbours {
    first: Option<Option<char>>,
    several: bool,
}

impl Neighbours {
    fn add(&mut self, neighbour: Option<char>) {
        match self.first {
            None => self.first = Some(neighbour),
            Some(first) => self.several |= first != neighbour || neighbour.is_none(),
        }
    }
}

impl Seen {
    /// Whether it stands by itself, and not always in one longer word.
    fn is_free(&self) -> bool {
        self.before.several && self.after.several
    }
}

fn note<'a>(run: &'a str, seen: &mut HashMap<&'a str, Seen>) {
    let mut ends: Vec<usize> = run.char_indices().map(|(at, _)| at).collect();
    ends.push(run.len());
    let char_at = |at: usize| run[at..].chars().next();
    for (number, start) in ends.iter().enumerate() {
        for length in WORD {
            let Some(end) = ends.get(number + length) else {
                break;
            };
            let seen = seen.entry(&run[*start..*end]).or_default();
            seen.count += 1;
            let before = number.checked_sub(1).and_then(|last| char_at(ends[last]));
            seen.before.add(before);
            seen.after.add(char_at(*end));
        }
    }
}

/// Characters that join words and are in few names.
fn is_joint(c: char) -> bool {
    is_particle(c)
        || matches!(
            c,
            '说' | '說'
                | '会'
                | '會'
                | '能'
                | '要'
                | '到'
                | '上'
                | '下'
                | '里'
                | '裏'
                | '裡'
                | '中'
                | '一'
                | '两'
                | '兩'
                | '几'
                | '年'
                | '月'
                | '日'
                | '还'
                | '還'
                | '没'
                | '沒'
                | '着'
                | '著'
                | '过'
                | '過'
                | '很'
                | '更'
                | '又'
                | '让'
                | '讓'
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_names_are_found_in_either_script() {
        let names = ["开源", "人工智能", "智能", "AI", "蔡崇信", "海"];
        let dictionary = Dictionary::new(names.into_iter().zip(0..));
        let check = |text: &str, expect: &[(usize, u32)]| {
            let found: Vec<(usize, u32)> = dictionary.count(text).into_iter().collect();
            assert_eq!(found, expect, "{text}");
        };
        check("開源模型與開源社區", &[(0, 2)]);
        check("人工智能和智能手机", &[(1, 1), (2, 1)]);
        check("用ＡＩ写诗，said ai", &[(3, 2)]);
        check("SAID MAIL", &[]);
        check("大海", &[]);
        check("", &[]);
        assert!(Dictionary::new([]).count("开源").is_empty());
    }

    #[test]
    fn names_that_may_not_be_meant_hide_no_others() {
        let names = ["人工智能", "智能", "人工智能芯片", "芯片"];
        let dictionary = Dictionary::new(names.into_iter().zip(0..));
        let check = |may: &[usize], expect: &[usize]| {
            let found = dictionary.find("芯片与人工智能芯片", |name| may.contains(&name));
            assert_eq!(found, expect, "{may:?}");
        };
        check(&[0, 1, 2, 3], &[3, 2]);
        check(&[0, 1, 3], &[3, 0, 3]);
        check(&[1], &[1]);
        check(&[], &[]);
    }

    #[test]
    fn repeated_words_need_no_dictionary() {
        let text = "蔡崇信谈到大桥。随后蔡崇信表示，轮渡公司不涨价。记者问蔡崇信，轮渡公司答复。市民坐轮渡公司船。";
        let words: Vec<String> = repeated(text).into_iter().map(|(word, _)| word).collect();
        assert_eq!(words, ["蔡崇信", "轮渡公司"]);
        assert!(repeated("").is_empty());
        let latin = repeated("Qwen3 与 Qwen3 和 Qwen3, The The The");
        assert_eq!(latin, [("Qwen3".to_string(), 3)]);
    }
}

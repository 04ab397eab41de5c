//! A dictionary of phrases, as a trie that finds the longest phrase at each place of a text.
//!
//! Owns the data structure and the replacing. Promises what OpenCC does: from left to right, the
//! longest phrase wins, and among equal keys the one that was added first. Does not know scripts.
//!
//! Chosen by measuring, over the 55,000 keys of `STPhrases` and `STCharacters` and Chinese news: a
//! double array Aho-Corasick automaton (daachorse 1) converts some 210 MB/s and takes 115 ms to
//! build; hash maps by length (opencc-fmmseg 0.13) convert 46 MB/s and take 32 ms; this trie
//! converts some 200 MB/s and takes 8 ms, so that nothing has to be prepared or stored.

use std::borrow::Cow;

/// Phrases and what they become.
pub struct Dictionary {
    /// What each character of the Basic Multilingual Plane becomes by itself; [`ASK`] where that is
    /// no single character of it. Most characters of a text cost this load and one of `starts`.
    singles: Box<[u16; PLANE]>,
    /// A Bloom filter (Bloom 1970) with one hash, of the first two characters of all phrases: a
    /// megabit for 34,000 pairs says yes in vain once in 30 times, and fits the cache.
    starts: Box<[u64; 1 << (START_BITS - 6)]>,
    /// The node of each first character of that plane, 0 where no phrase begins with it.
    heads: Box<[u32; PLANE]>,
    /// All other edges of the trie, in one hash table with linear probing (Knuth 1998, 6.4): an
    /// edge in one number, so a step is mostly one load. Empty slots are 0.
    edges: Vec<u64>,
    /// How many slots are taken.
    taken: usize,
    /// For each node, what the phrase that ends there becomes.
    ends: Vec<End>,
    values: Vec<Cow<'static, str>>,
}

const PLANE: usize = 0x1_0000;
const START_BITS: u32 = 20;
/// No phrase is a NUL.
const ASK: u16 = 0;

/// What a phrase becomes: nothing ends here (0), its characters one by one (1), or the value two
/// before this number.
type End = u32;
const NONE: End = 0;
const PLAIN: End = 1;

/// Bits of a node in an edge: node, character, next node.
const NODE: u32 = 21;
const CHAR: u32 = 21;
const ROOT: u64 = 0;

/// A phrase of a dictionary as it stands in a text.
#[derive(Clone, Copy)]
pub struct Match<'d> {
    /// Its length in bytes.
    pub len: usize,
    /// Whether it is a single character.
    pub single: bool,
    /// What it becomes, or `None` where each of its characters is to be looked up by itself.
    pub value: Option<&'d str>,
}

impl Dictionary {
    /// An empty dictionary that has room for so many nodes before it grows.
    pub fn with_room(nodes: usize) -> Dictionary {
        Dictionary {
            singles: Box::new(std::array::from_fn(|code| code as u16)),
            starts: Box::new([0; 1 << (START_BITS - 6)]),
            heads: Box::new([0; PLANE]),
            edges: vec![0; (nodes * 4 / 3).next_power_of_two().max(16)],
            taken: 0,
            ends: vec![NONE],
            values: Vec::new(),
        }
    }

    /// Adds the lines of a table: a key, and behind a tab its candidates, of which the first
    /// counts. A key alone becomes what its characters become.
    pub fn add_table(&mut self, table: &'static str) {
        for line in table.lines() {
            match line.split_once('\t') {
                Some((key, values)) => {
                    let end = values.find(' ').unwrap_or(values.len());
                    self.add(key, Some(Cow::Borrowed(&values[..end])));
                }
                None => self.add(line, None),
            }
        }
    }

    /// Adds a phrase, unless it is there already or empty.
    pub fn add(&mut self, key: &str, value: Option<Cow<'static, str>>) {
        // An edge has no more bits. No glossary is that long.
        if key.is_empty() || self.ends.len() + key.len() >= 1 << NODE {
            return;
        }
        let node = key.chars().fold(ROOT, |node, c| self.grow(node, c)) as usize;
        if self.ends[node] != NONE {
            return;
        }
        let mut chars = key.chars();
        match (chars.next(), chars.next()) {
            (Some(first), Some(second)) => {
                let (word, bit) = start(first, second);
                self.starts[word] |= bit;
            }
            (Some(only), None) => self.note_single(only, value.as_deref()),
            (None, _) => {}
        }
        self.ends[node] = match value {
            None => PLAIN,
            Some(value) => {
                self.values.push(value);
                self.values.len() as End + PLAIN
            }
        };
    }

    fn note_single(&mut self, key: char, value: Option<&str>) {
        let (Some(slot), Some(value)) = (self.singles.get_mut(key as usize), value) else {
            return;
        };
        let mut chars = value.chars();
        *slot = match (chars.next(), chars.next()) {
            (Some(c), None) => u16::try_from(c as u32).unwrap_or(ASK),
            _ => ASK,
        };
    }

    /// Whether it holds no phrase.
    pub fn is_empty(&self) -> bool {
        self.ends.len() == 1
    }

    /// The longest phrase at the start of a text.
    #[inline]
    pub fn longest(&self, text: &str) -> Option<Match<'_>> {
        let mut chars = text.chars();
        let first = chars.next()?;
        let mut node = self.head(first);
        if node == ROOT {
            return None;
        }
        let head = first.len_utf8();
        let (mut len, mut end) = (head, self.ends[node as usize]);
        let mut at = head;
        for c in chars {
            node = self.step(node, c);
            if node == ROOT {
                break;
            }
            at += c.len_utf8();
            let here = self.ends[node as usize];
            if here != NONE {
                (len, end) = (at, here);
            }
        }
        (end != NONE).then(|| Match {
            len,
            single: len == head,
            value: self.value(end),
        })
    }

    /// The text with each phrase replaced, or `None` if that changes nothing. `marks` are places in
    /// the text, in order, and become the same places in the new one.
    pub fn replaced(&self, text: &str, marks: &mut [usize]) -> Option<String> {
        let mut out = String::with_capacity(text.len() + text.len() / 16 + 16);
        let mut changed = false;
        let mut rest = text.chars();
        let mut marks = marks;
        while let Some(first) = rest.next() {
            let start = text.len() - rest.as_str().len() - first.len_utf8();
            let second = rest.clone().next();
            let found = match second {
                Some(second) if self.may_start(first, second) => self.longest(&text[start..]),
                _ => None,
            };
            let before = out.len();
            match found.filter(|found| !found.single) {
                None => changed |= self.put_single(first, &mut out),
                Some(found) => {
                    let phrase = &text[start..start + found.len];
                    match found.value {
                        Some(value) => {
                            out.push_str(value);
                            changed |= *value != *phrase;
                        }
                        None => {
                            for c in phrase.chars() {
                                changed |= self.put_single(c, &mut out);
                            }
                        }
                    }
                    rest = text[start + found.len..].chars();
                }
            }
            if !marks.is_empty() {
                let end = text.len() - rest.as_str().len();
                marks = moved(marks, start, &text[start..end], &out[before..], before);
            }
        }
        marks.fill(out.len());
        changed.then_some(out)
    }

    /// Puts what a character becomes by itself, and tells whether that is another.
    #[inline]
    fn put_single(&self, c: char, out: &mut String) -> bool {
        let becomes = match self.singles.get(c as usize) {
            Some(&code) if code != ASK => char::from_u32(u32::from(code)).unwrap_or(c),
            _ => return self.put_rare(c, out),
        };
        out.push(becomes);
        becomes != c
    }

    /// The same for what has no place in `singles`.
    #[cold]
    fn put_rare(&self, c: char, out: &mut String) -> bool {
        let value = self.value(self.ends[self.head(c) as usize]);
        match value {
            Some(value) => out.push_str(value),
            None => out.push(c),
        }
        value.is_some()
    }

    /// Whether a phrase may begin with two characters.
    #[inline]
    fn may_start(&self, first: char, second: char) -> bool {
        let (word, bit) = start(first, second);
        self.starts[word] & bit != 0
    }

    #[inline]
    fn value(&self, end: End) -> Option<&str> {
        let at = end.checked_sub(PLAIN + 1)?;
        self.values.get(at as usize).map(|value| &**value)
    }

    #[inline]
    fn head(&self, c: char) -> u64 {
        match self.heads.get(c as usize) {
            Some(node) => u64::from(*node),
            None => self.step(ROOT, c),
        }
    }

    /// The node behind an edge, or the root where there is none.
    #[inline]
    fn step(&self, node: u64, c: char) -> u64 {
        let edge = self.edges[self.slot(node, c)];
        edge & ((1 << NODE) - 1)
    }

    /// The slot of an edge, or the empty one where it would be.
    #[inline]
    fn slot(&self, node: u64, c: char) -> usize {
        let key = node << CHAR | u64::from(c);
        let mask = self.edges.len() - 1;
        let mut slot = (mixed(key) >> 32) as usize & mask;
        while self.edges[slot] != 0 && self.edges[slot] >> NODE != key {
            slot = (slot + 1) & mask;
        }
        slot
    }

    /// The node behind an edge, which is made where it is missing.
    fn grow(&mut self, node: u64, c: char) -> u64 {
        let known = if node == ROOT {
            self.head(c)
        } else {
            self.step(node, c)
        };
        if known != ROOT {
            return known;
        }
        let next = self.ends.len() as u64;
        self.ends.push(NONE);
        match self.heads.get_mut(c as usize) {
            Some(head) if node == ROOT => *head = next as u32,
            _ => self.insert(node, c, next),
        }
        next
    }

    fn insert(&mut self, node: u64, c: char, next: u64) {
        if (self.taken + 1) * 4 > self.edges.len() * 3 {
            let old = std::mem::take(&mut self.edges);
            self.edges = vec![0; old.len() * 2];
            for edge in old.into_iter().filter(|edge| *edge != 0) {
                let c = char::from_u32((edge >> NODE) as u32 & ((1 << CHAR) - 1));
                let slot = self.slot(edge >> (NODE + CHAR), c.unwrap_or_default());
                self.edges[slot] = edge;
            }
        }
        let slot = self.slot(node, c);
        self.edges[slot] = (node << CHAR | u64::from(c)) << NODE | next;
        self.taken += 1;
    }
}

/// Where two characters stand in the filter of starts: the word, and the bit in it.
#[inline]
fn start(first: char, second: char) -> (usize, u64) {
    let hash = mixed(u64::from(first) << CHAR | u64::from(second)) >> (u64::BITS - START_BITS);
    (hash as usize >> 6, 1 << (hash & 63))
}

/// Fibonacci hashing (Knuth 1998, 6.4): the upper bits of the product are well mixed.
#[inline]
fn mixed(key: u64) -> u64 {
    key.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Moves the marks before the end of a part that begins at `start` to its value, which begins at
/// `base`; gives the others. Within the part a mark stays behind as many characters as before,
/// unless there are more or fewer of them now: then it comes after all.
pub fn moved<'m>(
    marks: &'m mut [usize],
    start: usize,
    part: &str,
    value: &str,
    base: usize,
) -> &'m mut [usize] {
    let count = marks.partition_point(|mark| *mark < start + part.len());
    let (inside, others) = marks.split_at_mut(count);
    for mark in inside {
        let before = part[..*mark - start].chars().count();
        let same = part.chars().count() == value.chars().count();
        let place = value
            .char_indices()
            .nth(before)
            .filter(|_| same || before == 0);
        *mark = base + place.map_or(value.len(), |(at, _)| at);
    }
    others
}

/// A part of a text, and what it becomes: itself where that is `None`.
pub type Part<'v> = (std::ops::Range<usize>, Option<&'v str>);

/// Changes a text but for some parts, which are in order; `None` if that changes nothing. `change`
/// gets what is between them, with its marks.
pub fn between(
    text: &str,
    parts: &[Part],
    mut marks: &mut [usize],
    change: impl Fn(&str, &mut [usize]) -> Option<String>,
) -> Option<String> {
    let mut out = String::with_capacity(text.len() + text.len() / 16 + 16);
    let mut start = 0;
    let end = (text.len()..text.len(), None);
    for (part, value) in parts.iter().chain(std::iter::once(&end)) {
        let count = marks.partition_point(|mark| *mark < part.start);
        let (here, others) = marks.split_at_mut(count);
        here.iter_mut().for_each(|mark| *mark -= start);
        let (gap, base) = (&text[start..part.start], out.len());
        match change(gap, here) {
            Some(changed) => out += &changed,
            None => out += gap,
        }
        here.iter_mut().for_each(|mark| *mark += base);
        let own = &text[part.clone()];
        let value = value.unwrap_or(own);
        marks = moved(others, part.start, own, value, out.len());
        out += value;
        start = part.end;
    }
    marks.fill(out.len());
    (out != text).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dictionary(pairs: &[(&'static str, &'static str)]) -> Dictionary {
        let mut dictionary = Dictionary::with_room(0);
        for (key, value) in pairs {
            let value = (!value.is_empty()).then_some(Cow::Borrowed(*value));
            dictionary.add(key, value);
        }
        dictionary
    }

    fn check(pairs: &[(&'static str, &'static str)], text: &str, expect: Option<&str>) {
        assert_eq!(
            dictionary(pairs).replaced(text, &mut []).as_deref(),
            expect,
            "{text}"
        );
    }

    #[test]
    fn the_longest_phrase_wins_from_the_left() {
        let pairs = [("ab", "1"), ("abcd", "2"), ("bc", "3"), ("c", "4")];
        check(&pairs, "abcx", Some("14x"));
        check(&pairs, "abcdx", Some("2x"));
        check(&pairs, "xbcd", Some("x3d"));
        check(&pairs, "abc", Some("14"));
        check(&pairs, "ax", None);
        check(&pairs, "", None);
    }

    #[test]
    fn the_first_of_equal_keys_counts() {
        check(&[("a", "1"), ("a", "2"), ("", "3")], "aa", Some("11"));
    }

    #[test]
    fn a_phrase_without_value_is_its_characters() {
        let pairs = [("发", "發"), ("白发", ""), ("头发", "頭髮")];
        check(&pairs, "白发头发发", Some("白發頭髮發"));
        check(&[("ab", ""), ("bc", "1")], "abc", None);
    }

    #[test]
    fn characters_beyond_the_first_plane_are_found_anywhere() {
        let pairs = [("𫝈", "㑮"), ("头𫝈", "1"), ("𠮷𫝈", "2")];
        check(&pairs, "𫝈头𫝈𠮷𫝈𠮷", Some("㑮12𠮷"));
        check(&[("㑮", "𫝈"), ("里", "裡面")], "㑮里", Some("𫝈裡面"));
    }

    #[test]
    fn thousands_of_phrases_are_all_found() {
        let words: Vec<String> = (0..5000).map(|n| format!("k{n}.")).collect();
        let mut dictionary = Dictionary::with_room(0);
        for word in &words {
            dictionary.add(word, Some(Cow::Owned(format!("<{word}>"))));
        }
        for word in &words {
            assert_eq!(
                dictionary.replaced(word, &mut []),
                Some(format!("<{word}>"))
            );
        }
        assert_eq!(dictionary.replaced("k5000. k4999", &mut []), None);
    }
    #[test]
    fn marks_move_with_their_text() {
        let check = |marks: &[usize], expect: &[&str]| {
            let pairs = [("ab", "XYZ"), ("cd", "一二"), ("e", "")];
            let (text, mut marks) = ("-ab-cd-", marks.to_vec());
            let new = dictionary(&pairs)
                .replaced(text, &mut marks)
                .unwrap_or_default();
            marks.push(new.len());
            let starts = [0].into_iter().chain(marks.iter().copied());
            let parts: Vec<&str> = starts.zip(&marks).map(|(a, b)| &new[a..*b]).collect();
            assert_eq!(parts, expect);
        };
        check(&[], &["-XYZ-一二-"]);
        check(&[1, 3, 4, 5], &["-", "XYZ", "-", "一", "二-"]);
        check(&[0, 2, 5, 7], &["", "-XYZ", "-一", "二-", ""]);
    }

    #[test]
    fn parts_stay_and_marks_move_around_them() {
        let mut marks = [0, 1, 2, 3, 4, 5];
        let upper = |gap: &str, _: &mut [usize]| Some(gap.to_uppercase());
        let parts = [(1..3, Some("一二")), (3..4, None)];
        let new = between("abcde", &parts, &mut marks, upper);
        assert_eq!(new.as_deref(), Some("A一二dE"));
        assert_eq!(marks, [0, 1, 4, 7, 8, 9]);
        assert_eq!(between("ABC", &[], &mut [], upper), None);
    }
}

//! A segment of the index: the postings of its articles, packed into files.
//!
//! Articles are taken in runs of some hundreds, in parallel. A run's pairs are sorted as numbers
//! and written in short, so that a segment of 32,768 articles takes some 60 MB while it is made;
//! then the runs are merged.

use super::codec::{Reader, put_number, put_places, put_token};
use super::tokens::{PAIR, Tokens, pair, pair_token};
use crate::site::search::TABLE;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The postings of some articles that follow each other.
#[derive(Debug)]
pub struct Run {
    /// Pairs as gaps, each with how many places it has, and these as gaps.
    pairs: Vec<u8>,
    /// Words, beginnings and filters, sorted.
    words: Vec<(Box<str>, Vec<u16>)>,
}

impl Run {
    /// Of the tokens of its articles.
    pub fn new(mut tokens: Tokens) -> Run {
        tokens.pairs.sort_unstable();
        // Of the places of a pair in one article, that in the title comes first.
        tokens.pairs.dedup_by_key(|entry| *entry >> 1);
        let mut pairs = Lists::with_capacity(tokens.pairs.len() * 2);
        for places in tokens.pairs.chunk_by(|a, b| a >> 16 == b >> 16) {
            let numbers = places.iter().map(|entry| *entry as u16);
            pairs.add(places[0] >> 16, places.len() as u32, numbers);
        }
        let mut words: Vec<(Box<str>, Vec<u16>)> = tokens.words.into_iter().collect();
        words.sort_unstable();
        Run {
            pairs: pairs.finish(),
            words,
        }
    }

    /// Of the packs of a segment, without the articles that are not to be kept; none where the
    /// packs are something else.
    pub fn of_packs(packs: &[Vec<u8>], articles: u32, keeps: impl Fn(u32) -> bool) -> Option<Run> {
        let mut pairs = Lists::with_capacity(packs.iter().map(Vec::len).sum());
        let mut words = Vec::new();
        let mut places = Vec::new();
        for pack in packs {
            let mut reader = Reader::new(pack);
            let mut token = Vec::new();
            while !reader.is_done() {
                reader.token(&mut token)?;
                reader.places(articles, &mut places)?;
                places.retain(|place| keeps(u32::from(place >> 1)));
                if places.is_empty() {
                    continue;
                }
                let token = std::str::from_utf8(&token).ok()?;
                let mut letters = token.chars();
                if letters.next()? == PAIR {
                    let pair = pair(letters.next()?, letters.next()?);
                    pairs.add(pair, places.len() as u32, places.iter().copied());
                } else {
                    words.push((token.into(), places.clone()));
                }
            }
        }
        Some(Run {
            pairs: pairs.finish(),
            words,
        })
    }
}

/// Writes pairs and their places in short, in the order of the pairs.
struct Lists {
    bytes: Vec<u8>,
    last: u64,
}

impl Lists {
    fn with_capacity(bytes: usize) -> Lists {
        Lists {
            bytes: Vec::with_capacity(bytes),
            last: 0,
        }
    }

    fn add(&mut self, pair: u64, count: u32, places: impl Iterator<Item = u16>) {
        put_wide(&mut self.bytes, pair - self.last);
        self.last = pair;
        put_number(&mut self.bytes, count);
        let mut before = 0;
        for place in places {
            put_number(&mut self.bytes, u32::from(place - before));
            before = place;
        }
    }

    fn finish(mut self) -> Vec<u8> {
        self.bytes.shrink_to_fit();
        self.bytes
    }
}

fn put_wide(out: &mut Vec<u8>, number: u64) {
    put_number(out, (number & 0x0fff_ffff) as u32);
    put_number(out, (number >> 28) as u32);
}

/// Reads the pairs of a run one after the other.
struct Pairs {
    bytes: std::vec::IntoIter<u8>,
    pair: u64,
}

impl Pairs {
    fn number(&mut self) -> Option<u32> {
        let mut number = 0;
        for shift in [0, 7, 14, 21, 28] {
            let byte = self.bytes.next()?;
            number |= u32::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                break;
            }
        }
        Some(number)
    }

    fn next_pair(&mut self) -> Option<u64> {
        let low = u64::from(self.number()?);
        let high = u64::from(self.number()?);
        self.pair += high << 28 | low;
        Some(self.pair)
    }

    fn places_into(&mut self, places: &mut Vec<u16>) {
        let count = self.number().unwrap_or(0);
        let mut place = 0;
        for _ in 0..count {
            place += self.number().unwrap_or(0) as u16;
            places.push(place);
        }
    }
}

/// The files of a segment.
#[derive(Debug, Default)]
pub struct Segment {
    packs: Files,
    tables: Files,
    root: Vec<u8>,
}

/// Files one after the other.
#[derive(Debug, Default)]
struct Files {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Files {
    fn get(&self, at: u32) -> &[u8] {
        let at = at as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.bytes[start..self.ends[at]]
    }
}

impl Segment {
    /// A file of postings.
    pub fn pack(&self, at: u32) -> &[u8] {
        self.packs.get(at)
    }

    /// A part of the table.
    pub fn table(&self, at: u32) -> &[u8] {
        self.tables.get(at)
    }

    /// The table of the table's parts.
    pub fn root(&self) -> &[u8] {
        &self.root
    }
}

/// Merges runs into the files of a segment of so many articles and packs. In the order of their
/// articles they are merged fastest.
pub fn merge(runs: Vec<Run>, articles: u32, packs: u32) -> Segment {
    let mut sorted = Sorted::new(articles);
    let (mut pairs, mut words) = (Vec::new(), Vec::new());
    for run in runs {
        pairs.push(run.pairs);
        words.push(run.words);
    }
    sorted.add_words(words);
    sorted.add_pairs(pairs);
    sorted.packed(packs as usize)
}

/// All postings of a segment in the order of their tokens.
struct Sorted {
    articles: u32,
    words: Vec<Box<str>>,
    pairs: Vec<u64>,
    lists: Vec<u8>,
    /// Where the list of each token ends.
    ends: Vec<u32>,
}

impl Sorted {
    fn new(articles: u32) -> Sorted {
        Sorted {
            articles,
            words: Vec::new(),
            pairs: Vec::new(),
            lists: Vec::new(),
            ends: Vec::new(),
        }
    }

    fn add_list(&mut self, places: &mut [u16]) {
        if !places.is_sorted() {
            places.sort_unstable();
        }
        put_places(&mut self.lists, places, self.articles);
        self.ends.push(self.lists.len() as u32);
    }

    fn add_words(&mut self, runs: Vec<Vec<(Box<str>, Vec<u16>)>>) {
        let mut all: Vec<(Box<str>, Vec<u16>)> = runs.into_iter().flatten().collect();
        // Stable: the places of a word stay in the order of its runs.
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let mut places = Vec::new();
        for same in all.chunk_by_mut(|a, b| a.0 == b.0) {
            places.clear();
            same.iter()
                .for_each(|(_, own)| places.extend_from_slice(own));
            self.words.push(std::mem::take(&mut same[0].0));
            self.add_list(&mut places);
        }
    }

    fn add_pairs(&mut self, runs: Vec<Vec<u8>>) {
        let mut runs: Vec<Pairs> = runs
            .into_iter()
            .map(|bytes| Pairs {
                bytes: bytes.into_iter(),
                pair: 0,
            })
            .collect();
        let first = |(at, run): (usize, &mut Pairs)| Some(Reverse((run.next_pair()?, at)));
        let mut heap: BinaryHeap<_> = runs.iter_mut().enumerate().filter_map(first).collect();
        let mut places = Vec::new();
        while let Some(Reverse((pair, _))) = heap.peek().copied() {
            places.clear();
            while let Some(mut top) = heap.peek_mut().filter(|top| top.0.0 == pair) {
                let run = &mut runs[top.0.1];
                run.places_into(&mut places);
                match run.next_pair() {
                    Some(next) => top.0.0 = next,
                    None => drop(std::collections::binary_heap::PeekMut::pop(top)),
                }
            }
            self.pairs.push(pair);
            self.add_list(&mut places);
        }
    }

    fn token(&self, at: usize) -> Vec<u8> {
        match self.words.get(at) {
            Some(word) => word.as_bytes().to_vec(),
            None => pair_token(self.pairs[at - self.words.len()]).into_bytes(),
        }
    }

    fn list(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.lists[start as usize..self.ends[at] as usize]
    }

    /// Cuts the postings into so many packs of about the same size; a list that is larger than
    /// that has a pack to itself.
    fn packed(self, count: usize) -> Segment {
        let tokens = self.ends.len();
        let weight = |at: usize| self.list(at).len() + TOKEN;
        let mut left = self.lists.len() + tokens * TOKEN;
        let mut segment = Segment::default();
        let mut firsts: Vec<Vec<u8>> = Vec::with_capacity(count);
        let mut at = 0;
        for packs_left in (1..=count).rev() {
            let target = left / packs_left;
            let mut size = 0;
            let mut before = Vec::new();
            firsts.push(if at < tokens {
                self.token(at)
            } else {
                LAST.to_vec()
            });
            while at < tokens {
                let own = weight(at);
                if packs_left > 1 && size > 0 && size + own / 2 > target {
                    break;
                }
                let token = self.token(at);
                put_token(&mut segment.packs.bytes, &before, &token);
                segment.packs.bytes.extend_from_slice(self.list(at));
                before = token;
                size += own;
                at += 1;
            }
            left -= size;
            segment.packs.ends.push(segment.packs.bytes.len());
        }
        let parts = firsts.chunks(TABLE as usize);
        let heads: Vec<Vec<u8>> = parts.clone().map(|part| part[0].clone()).collect();
        for part in parts {
            put_tokens(&mut segment.tables.bytes, part);
            segment.tables.ends.push(segment.tables.bytes.len());
        }
        put_tokens(&mut segment.root, &heads);
        segment
    }
}

/// About what a token takes beside its places.
const TOKEN: usize = 5;
/// Comes after every token.
const LAST: &[u8] = b"\x7f";

fn put_tokens(out: &mut Vec<u8>, tokens: &[Vec<u8>]) {
    let mut before: &[u8] = &[];
    for token in tokens {
        put_token(out, before, token);
        before = token;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    type Postings = BTreeMap<Vec<u8>, Vec<u16>>;

    /// What the packs of a segment say, read as the script does.
    fn read(segment: &Segment, articles: u32, packs: u32) -> Postings {
        let mut all = Postings::new();
        for pack in 0..packs {
            let bytes = segment.pack(pack);
            let mut reader = Reader::new(bytes);
            let mut token = Vec::new();
            while !reader.is_done() {
                let mut places = Vec::new();
                reader.token(&mut token).expect("a token");
                reader.places(articles, &mut places).expect("places");
                assert!(all.insert(token.clone(), places).is_none());
            }
        }
        all
    }

    fn tokens(texts: &[&str], first: u16) -> Tokens {
        let mut tokens = Tokens::default();
        for (at, text) in texts.iter().enumerate() {
            tokens.add(&[text], first + at as u16, at % 2 == 0);
            tokens.add(&["中国 news"], first + at as u16, false);
        }
        tokens
    }

    #[test]
    fn runs_are_merged_into_packs_that_the_table_names() {
        let texts = [
            "中国经济与世界",
            "海港 harbour",
            "开源软件A股",
            "中国海港",
            "经济世界中国",
        ];
        let whole = merge(vec![Run::new(tokens(&texts, 0))], 5, 1);
        let expect = read(&whole, 5, 1);
        assert_eq!(expect["\u{4}中国".as_bytes()], [0, 3, 5, 7, 8]);
        for packs in [2, 3, 7, 300] {
            let runs = vec![
                Run::new(tokens(&texts[..2], 0)),
                Run::new(tokens(&texts[2..], 2)),
            ];
            let segment = merge(runs, 5, packs);
            let mut got = read(&segment, 5, packs);
            // The second run begins with a title of its own.
            got.iter_mut()
                .zip(&expect)
                .for_each(|(own, other)| assert_eq!(own.0, other.0));
            let bytes = segment.table(0);
            let (mut reader, mut token) = (Reader::new(bytes), Vec::new());
            for pack in 0..packs.min(TABLE) {
                reader.token(&mut token).expect("a token");
                let own = segment.pack(pack);
                if !own.is_empty() {
                    let mut first = Vec::new();
                    Reader::new(own).token(&mut first).expect("a token");
                    assert_eq!(first, token);
                }
            }
        }
    }

    #[test]
    fn what_changed_is_taken_out_of_packs_and_put_in() {
        let texts = [
            "中国经济与世界",
            "海港 harbour",
            "开源软件",
            "中国海港 news",
        ];
        let edited = ["中国经济与世界", "新港 port", "开源软件", "海港 news"];
        let old = merge(vec![Run::new(tokens(&texts, 0))], 4, 3);
        let packs: Vec<Vec<u8>> = (0..3).map(|at| old.pack(at).to_vec()).collect();
        let changed = [1, 3];
        let kept = Run::of_packs(&packs, 4, |article| !changed.contains(&article));
        let mut new = Tokens::default();
        for at in [1, 3] {
            new.add(&[edited[at]], at as u16, false);
            new.add(&["中国 news"], at as u16, false);
        }
        let new = merge(vec![kept.expect("packs"), Run::new(new)], 4, 5);
        let clean = merge(vec![Run::new(tokens(&edited, 0))], 4, 5);
        assert_eq!(read(&new, 4, 5), read(&clean, 4, 5));
        let bytes = |segment: &Segment| {
            (0..5)
                .map(|at| segment.pack(at).to_vec())
                .collect::<Vec<_>>()
        };
        assert_eq!(bytes(&new), bytes(&clean));
        assert!(Run::of_packs(&[vec![9; 9]], 4, |_| true).is_none());
    }
}

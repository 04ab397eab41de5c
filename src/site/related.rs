//! Related articles, from the past.
//!
//! An article is compared with those before it that share a tag with it, or a rare term of title,
//! summary and key points. A shared tag or term counts by its rarity (inverse document frequency,
//! Spärck Jones 1972) as of the article's date, which a list of articles in their order gives for free; the sum
//! is worth less the longer ago the other appeared. Of a tag only its last 100 articles are asked
//! and of a term its last 30, so the work is linear in the number of articles; and since only the
//! past is asked, an article's neighbours never change (law 2).

use super::{List, Site};
use crate::base::fingerprint::Fold;
use crate::base::text::terms::{Term, are_alike};
use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BinaryHeap;

/// Related articles of a page, at most.
pub const SHOWN: usize = 6;
/// Of one source, at most.
const OF_ONE_SOURCE: usize = 2;
/// The last articles of a tag that are asked.
const OF_TAG: usize = 100;
/// The last articles of a term that are asked.
const OF_TERM: usize = 30;
/// A term counts less than a tag: nobody chose it.
const TERM_WEIGHT: f32 = 0.4;
/// After so many days an article counts half.
const HALF_LIFE_DAYS: f32 = 30.0;
/// How old an article without a date is taken to be.
const UNDATED_DAYS: f32 = 3_650.0;
/// Kinship below this part of an article's kinship with itself is chance.
const LEAST: f32 = 0.12;
/// Two articles that have so many percent of their terms in common tell the same story.
const SAME_STORY: usize = 75;

/// A few articles, nearest first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Few {
    numbers: [u32; SHOWN],
    count: u8,
}

impl Few {
    /// At most [`SHOWN`] articles.
    pub fn of(numbers: &[u32]) -> Few {
        let mut few = Few::default();
        for (slot, number) in few.numbers.iter_mut().zip(numbers) {
            *slot = *number;
            few.count += 1;
        }
        few
    }

    /// Their numbers.
    pub fn numbers(&self) -> &[u32] {
        &self.numbers[..usize::from(self.count).min(SHOWN)]
    }
}

/// The related articles of all, as they were found, and what they were found from. A later build
/// takes over those of all articles up to the first one that is another now: they depend on the
/// past alone.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kinship {
    /// Hash of what counts of each article.
    prints: Vec<u64>,
    found: Vec<Few>,
}

impl Kinship {
    /// Finds the related articles of each article, without those that its writer named. `known`
    /// is what was found before, for this site or another one; the second value says whether
    /// anything is new.
    pub fn find(site: &Site, known: Kinship) -> (Kinship, bool) {
        let count = site.articles.len();
        let prints: Vec<u64> = (0..count)
            .into_par_iter()
            .map(|n| site.kinship_print(n))
            .collect();
        let mut found = known.found;
        let same = prints.iter().zip(&known.prints);
        let same = same.take_while(|(own, known)| own == known).count();
        found.truncate(same);
        let is_new = same < count || known.prints.len() != count;
        if found.len() < count {
            let past = All::of(site, found.len() as u32);
            let new: Vec<Few> = (found.len() as u32..count as u32)
                .into_par_iter()
                .with_min_len(1_024)
                .map_init(Desk::default, |desk, n| Few::of(&of_one(&past, desk, n)))
                .collect();
            found.extend(new);
        }
        (Kinship { prints, found }, is_new)
    }

    /// The related articles of an article, as found.
    pub fn of(&self, n: u32) -> &[u32] {
        self.found.get(n as usize).map_or(&[], Few::numbers)
    }
}

/// The related articles of one article, nearest first.
pub fn of_article(site: &Site, n: u32) -> Vec<u32> {
    let postings = site.postings();
    of_one(&One { site, postings }, &mut Desk::default(), n)
}

/// What an article is compared with: those before it.
trait Past {
    fn site(&self) -> &Site;

    /// When an article was published.
    fn date(&self, n: u32) -> Option<i64>;

    /// Counts what others have in common with an article by its terms, in the order of their
    /// hashes; gives what all these terms weigh.
    fn count_terms(&self, n: u32, desk: &mut Desk) -> f32;
}

/// The past where the related articles of one are looked for.
struct One<'s> {
    site: &'s Site,
    postings: &'s Postings,
}

impl Past for One<'_> {
    fn site(&self) -> &Site {
        self.site
    }

    fn date(&self, n: u32) -> Option<i64> {
        self.site.articles[n as usize].date
    }

    fn count_terms(&self, n: u32, desk: &mut Desk) -> f32 {
        let mut terms = self.site.articles[n as usize].facts.terms.clone();
        terms.sort_unstable();
        let weights = terms.iter().map(|term| {
            let (frequency, newest) = self.postings.before(*term, n);
            desk.count_term(n, frequency, newest)
        });
        weights.sum()
    }
}

/// The past where those of many are looked for: what they are compared by lies close together.
struct All<'s> {
    site: &'s Site,
    dates: Vec<Option<i64>>,
    /// The articles of each term, oldest first: how many of the term come before, and the number.
    entries: Vec<(u32, u32)>,
    /// The first article that is asked for.
    first: u32,
    /// Where the places of each article from the first one on start, and where the last end.
    starts: Vec<u32>,
    /// Where the articles stand among the entries of their terms.
    places: Vec<u32>,
}

impl<'s> All<'s> {
    fn of(site: &'s Site, first: u32) -> All<'s> {
        let mut starts = vec![0];
        let mut next = 0;
        for article in &site.articles[first as usize..] {
            next += article.facts.terms.len() as u32;
            starts.push(next);
        }
        // The place of the term is taken by how many of it come before.
        let mut entries = Postings::of(site).pairs;
        let (mut term, mut before) = (None, 0);
        for (entry, _) in &mut entries {
            before = match term == Some(*entry) {
                true => before + 1,
                false => 0,
            };
            term = Some(std::mem::replace(entry, before));
        }
        All {
            site,
            dates: site.articles.iter().map(|one| one.date).collect(),
            places: places(&entries, first, &starts),
            entries,
            first,
            starts,
        }
    }
}

/// Where the articles from `first` on stand among the entries. Each thread looks for those of some
/// articles.
fn places(entries: &[(u32, u32)], first: u32, starts: &[u32]) -> Vec<u32> {
    let mut places = vec![0; starts.last().map_or(0, |end| *end as usize)];
    let each = (starts.len() - 1)
        .div_ceil(rayon::current_num_threads())
        .max(1);
    let mut parts = Vec::new();
    let mut rest = places.as_mut_slice();
    for (part, own) in starts[..starts.len() - 1].chunks(each).enumerate() {
        let end = starts[part * each + own.len()];
        let (places, others) = rest.split_at_mut((end - own[0]) as usize);
        parts.push((first + (part * each) as u32, own, places));
        rest = others;
    }
    parts.into_par_iter().for_each(|(first, starts, places)| {
        let mut next: Vec<u32> = starts.iter().map(|start| start - starts[0]).collect();
        for (at, (_, n)) in entries.iter().enumerate() {
            let own = n.checked_sub(first);
            if let Some(next) = own.and_then(|own| next.get_mut(own as usize)) {
                places[*next as usize] = at as u32;
                *next += 1;
            }
        }
    });
    places
}

impl Past for All<'_> {
    fn site(&self) -> &Site {
        self.site
    }

    fn date(&self, n: u32) -> Option<i64> {
        self.dates[n as usize]
    }

    fn count_terms(&self, n: u32, desk: &mut Desk) -> f32 {
        let own = (n - self.first) as usize;
        let places = &self.places[self.starts[own] as usize..self.starts[own + 1] as usize];
        let weights = places.iter().map(|place| {
            let place = *place as usize;
            let frequency = self.entries[place].0 as usize;
            let newest = &self.entries[place - frequency.min(OF_TERM)..place];
            desk.count_term(n, frequency, newest.iter().rev().map(|(_, other)| *other))
        });
        weights.sum()
    }
}

/// The articles of each term, oldest first.
#[derive(Debug, Default)]
pub struct Postings {
    /// Term and article, sorted.
    pairs: Vec<(Term, u32)>,
    /// What was added and taken out since the pairs were sorted; each list is sorted.
    since: HashMap<Term, Since>,
}

/// What changed in the articles of a term.
#[derive(Debug, Default)]
struct Since {
    added: Vec<u32>,
    removed: Vec<u32>,
}

/// From this many terms with changes on, the pairs are sorted anew. In a small site it is fewer: a
/// term with changes takes as much memory as a dozen pairs.
const SINCE: std::ops::RangeInclusive<usize> = 500..=20_000;
/// The terms with changes in a small site: one to so many pairs.
const PAIRS: usize = 64;

impl Site {
    /// Hash of what makes an article kin to others: tags, terms, source and date.
    fn kinship_print(&self, n: usize) -> u64 {
        let article = &self.articles[n];
        let mut fold = Fold::new();
        for tag in &article.tags {
            fold.add_print(self.anchor_print(List::Tag(*tag)));
        }
        fold.add(b"/");
        for term in &article.facts.terms {
            fold.add(&term.to_le_bytes());
        }
        if let Some(source) = article.source {
            fold.add_print(self.anchor_print(List::Source(source)));
        }
        for band in article
            .facts
            .outline
            .sketch
            .iter()
            .flat_map(|own| own.bands())
        {
            fold.add(&band.to_le_bytes());
        }
        fold.add(&article.date.unwrap_or(i64::MIN).to_le_bytes());
        fold.finish().0 as u64
    }

    fn postings(&self) -> &Postings {
        self.postings.get_or_init(|| Postings::of(self))
    }
}

impl Postings {
    fn of(site: &Site) -> Postings {
        let count = site.articles.iter().map(|one| one.facts.terms.len()).sum();
        let mut pairs: Vec<(Term, u32)> = Vec::with_capacity(count);
        for (n, article) in site.articles.iter().enumerate() {
            pairs.extend(article.facts.terms.iter().map(|term| (*term, n as u32)));
        }
        pairs.par_sort_unstable();
        Postings {
            pairs,
            since: HashMap::new(),
        }
    }

    /// How many articles before `n` have a term, and the newest of them, newest first.
    fn before(&self, term: Term, n: u32) -> (usize, impl Iterator<Item = u32> + use<>) {
        let start = self.pairs.partition_point(|pair| *pair < (term, 0));
        let own = &self.pairs[start..];
        let old = &own[..own.partition_point(|pair| *pair < (term, n))];
        let none = Since::default();
        let since = self.since.get(&term).unwrap_or(&none);
        let is_gone = |other: &u32| since.removed.binary_search(other).is_ok();
        let added = &since.added[..since.added.partition_point(|other| *other < n)];
        let gone = since.removed.partition_point(|other| *other < n);
        let old_newest = old.iter().rev().map(|(_, other)| *other);
        let old_newest = old_newest.filter(|other| !is_gone(other)).take(OF_TERM);
        let added_newest = added.iter().rev().take(OF_TERM).copied();
        let mut newest: Vec<u32> = old_newest.chain(added_newest).collect();
        newest.sort_unstable_by(|a, b| b.cmp(a));
        newest.truncate(OF_TERM);
        (old.len() + added.len() - gone, newest.into_iter())
    }

    /// Enters an article's terms.
    pub(super) fn add(&mut self, terms: &[Term], n: u32) {
        self.change(terms, |since| {
            if !take(&mut since.removed, n) {
                put(&mut since.added, n);
            }
        });
    }

    fn change(&mut self, terms: &[Term], change: impl Fn(&mut Since)) {
        for term in terms {
            let since = self.since.entry(*term).or_default();
            change(since);
            if since.added.is_empty() && since.removed.is_empty() {
                self.since.remove(term);
            }
        }
    }

    /// Takes an article's terms out again.
    pub(super) fn remove(&mut self, terms: &[Term], n: u32) {
        self.change(terms, |since| {
            if !take(&mut since.added, n) {
                put(&mut since.removed, n);
            }
        });
    }

    /// Whether so much changed that they are better made anew.
    pub(super) fn is_worn(&self) -> bool {
        let most = (self.pairs.len() / PAIRS).clamp(*SINCE.start(), *SINCE.end());
        self.since.len() > most
    }

    /// Articles whose numbers change, or that are no more. The numbers keep their order.
    pub(super) fn renumber(&mut self, number: impl Fn(u32) -> Option<u32>) {
        let change = |n: &mut u32| {
            let new = number(*n);
            *n = new.unwrap_or_default();
            new.is_some()
        };
        self.pairs.retain_mut(|(_, n)| change(n));
        for since in self.since.values_mut() {
            since.added.retain_mut(change);
            since.removed.retain_mut(change);
        }
    }
}

fn put(list: &mut Vec<u32>, n: u32) {
    if let Err(at) = list.binary_search(&n) {
        list.insert(at, n);
    }
}

fn take(list: &mut Vec<u32>, n: u32) -> bool {
    let found = list.binary_search(&n);
    found.map(|at| list.remove(at)).is_ok()
}

/// How much others have in common with an article, and room for the next one. All of it is small
/// enough to stay near the processor, however many articles there are; the standard table takes
/// three times as long.
struct Desk {
    /// Articles and their scores, each in the slot of its number's hash or in the next free one.
    slots: Vec<(u32, f32)>,
    /// The slots that are taken, in the order in which they were.
    taken: Vec<u32>,
    /// Which of the first ones are kin by tags alone.
    by_tags: Vec<bool>,
}

/// No article's number.
const FREE: (u32, f32) = (u32::MAX, 0.0);
/// Slots at first; at least half of them stay free.
const SLOTS: usize = 2_048;

impl Default for Desk {
    fn default() -> Desk {
        Desk {
            slots: vec![FREE; SLOTS],
            taken: Vec::new(),
            by_tags: Vec::new(),
        }
    }
}

impl Desk {
    fn add(&mut self, article: u32, score: f32) {
        if score <= 0.0 {
            return;
        }
        let mask = self.slots.len() - 1;
        // Fibonacci hashing: Knuth, The Art of Computer Programming, volume 3, 6.4.
        let mut at = (article.wrapping_mul(0x9E37_79B1) >> 8) as usize & mask;
        while self.slots[at].0 != article {
            if self.slots[at] == FREE {
                self.slots[at].0 = article;
                self.taken.push(at as u32);
                break;
            }
            at = (at + 1) & mask;
        }
        self.slots[at].1 += score;
        if self.taken.len() * 2 > self.slots.len() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        let more = vec![FREE; self.slots.len() * 2];
        let old = std::mem::replace(&mut self.slots, more);
        let taken = std::mem::take(&mut self.taken);
        taken
            .iter()
            .map(|at| old[*at as usize])
            .for_each(|(article, score)| self.add(article, score));
    }

    /// Counts a term that so many articles before `n` have, the newest of which are given; gives
    /// what it weighs.
    fn count_term(&mut self, n: u32, frequency: usize, newest: impl Iterator<Item = u32>) -> f32 {
        let weight = TERM_WEIGHT * rarity(frequency, n);
        newest.for_each(|other| self.add(other, weight));
        weight
    }

    /// What the tags alone make kin stays kin: terms are many, and most are nobody else's.
    fn tags_are_counted(&mut self, least: f32) {
        let scores = self.taken.iter().map(|at| self.slots[*at as usize].1);
        self.by_tags.clear();
        self.by_tags.extend(scores.map(|score| score >= least));
    }

    /// Takes what is kin, and clears the desk.
    fn take(&mut self, least: f32) -> impl Iterator<Item = (u32, f32)> {
        let by_tags = self.by_tags.iter().chain(std::iter::repeat(&false));
        let slots = &mut self.slots;
        let all = self.taken.drain(..).zip(by_tags).map(|(at, by_tags)| {
            let (article, score) = std::mem::replace(&mut slots[at as usize], FREE);
            (article, score, *by_tags)
        });
        all.filter(move |(_, score, by_tags)| *by_tags || *score >= least)
            .map(|(article, score, _)| (article, score))
    }
}

/// How rare something is that `frequency` of `all` articles have.
fn rarity(frequency: usize, all: u32) -> f32 {
    ((all as f32 + 1.0) / (frequency as f32 + 1.0)).ln()
}

fn of_one(past: &impl Past, desk: &mut Desk, n: u32) -> Vec<u32> {
    let site = past.site();
    let article = &site.articles[n as usize];
    let mut most = 0.0;
    for tag in &article.tags {
        let members = &site.tags[*tag as usize].members;
        let before = &members[..members.partition_point(|other| *other < n)];
        let weight = rarity(before.len(), n);
        most += weight;
        let newest = before.iter().rev().take(OF_TAG);
        newest.for_each(|other| desk.add(*other, weight));
    }
    desk.tags_are_counted(most * LEAST);
    most += past.count_terms(n, desk);
    let found = desk.take(most * LEAST).map(|(other, score)| {
        let score = score * freshness(article.date, past.date(other));
        // No score is below zero, so its bits are in its order.
        (score.to_bits(), other)
    });
    choose(site, n, BinaryHeap::from_iter(found))
}

fn freshness(own: Option<i64>, other: Option<i64>) -> f32 {
    let days = own
        .zip(other)
        .map_or(UNDATED_DAYS, |(own, other)| (own - other) as f32 / 86_400.0);
    1.0 / (1.0 + days / HALF_LIFE_DAYS)
}

/// The best, without the same story twice and without too many of one source. The newer one of two
/// that are as near comes first.
fn choose(site: &Site, n: u32, mut found: BinaryHeap<(u32, u32)>) -> Vec<u32> {
    let terms = |n: u32| site.articles[n as usize].facts.terms.as_slice();
    let source = |n: u32| site.articles[n as usize].source;
    let mut chosen: Vec<u32> = Vec::with_capacity(SHOWN);
    while let Some((_, other)) = found.pop() {
        let again = chosen.iter().chain([&n]).any(|one| {
            are_alike(terms(*one), terms(other), SAME_STORY) || site.are_copies(*one, other)
        });
        let same = chosen
            .iter()
            .filter(|one| source(**one) == source(other))
            .count();
        if again || (source(other).is_some() && same >= OF_ONE_SOURCE) {
            continue;
        }
        chosen.push(other);
        if chosen.len() == SHOWN {
            break;
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn scores_are_those_of_a_map() {
        let mut desk = Desk::default();
        // Few, then more than there are slots at first, then few again: the desk is used again.
        for count in [10, 3 * SLOTS as u32, 10] {
            let others = (0..count).map(|n| n * 7_919 % 5_003);
            let scores: Vec<(u32, f32)> = others.map(|n| (n, 1.0 + (n % 5) as f32)).collect();
            let (by_tags, by_terms) = scores.split_at(scores.len() / 2);
            let mut sums: BTreeMap<u32, (f32, bool)> = BTreeMap::new();
            for (other, score) in by_tags {
                desk.add(*other, *score);
                sums.entry(*other).or_default().0 += score;
            }
            desk.tags_are_counted(5.0);
            sums.values_mut().for_each(|(sum, kin)| *kin = *sum >= 5.0);
            for (other, score) in by_terms {
                desk.add(*other, *score);
                sums.entry(*other).or_default().0 += score;
            }
            let mut found: Vec<(u32, f32)> = desk.take(7.0).collect();
            found.sort_unstable_by_key(|(other, _)| *other);
            let kin = sums.iter().filter(|(_, (sum, kin))| *kin || *sum >= 7.0);
            let kin: Vec<(u32, f32)> = kin.map(|(other, (sum, _))| (*other, *sum)).collect();
            assert!(!kin.is_empty() && kin.len() < sums.len());
            assert_eq!(found, kin);
        }
    }
}

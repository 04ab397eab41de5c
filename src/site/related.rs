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
use crate::base::text::terms::{Term, likeness};
use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::cmp::Ordering;

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
/// From this likeness on two articles tell the same story.
const SAME_STORY: f32 = 0.75;

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
            let postings = site.postings();
            let new: Vec<Few> = (found.len() as u32..count as u32)
                .into_par_iter()
                .with_min_len(1_024)
                .map_init(
                    || Scores::new(count),
                    |scores, n| Few::of(&of_one(site, postings, scores, n)),
                )
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
    let mut scores = Scores::new(site.articles.len());
    of_one(site, site.postings(), &mut scores, n)
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

    /// Where a term's articles start among the pairs, and where those before `n` end.
    fn place(&self, term: Term, n: u32, places: &mut Places) -> (usize, usize) {
        let (start, from) = match places.get(&term) {
            Some(&(start, end, last)) if last <= n => (start as usize, end as usize),
            Some(&(start, ..)) => (start as usize, start as usize),
            None => {
                let start = self.pairs.partition_point(|pair| *pair < (term, 0));
                (start, start)
            }
        };
        // Those that are passed are few: the end is near.
        let own = &self.pairs[from..];
        let mut reach = 1;
        while own.get(reach).is_some_and(|pair| *pair < (term, n)) {
            reach *= 2;
        }
        let near = &own[..own.len().min(reach)];
        let end = from + near.partition_point(|pair| *pair < (term, n));
        places.insert(term, (start as u32, end as u32, n));
        (start, end)
    }

    /// Tells the newest articles before `n` that have a term, newest first, and how many there are.
    fn before(
        &self,
        term: Term,
        n: u32,
        places: &mut Places,
        mut tell: impl FnMut(usize, u32),
    ) -> usize {
        let (start, end) = self.place(term, n, places);
        let old = &self.pairs[start..end];
        let Some(since) = self.since.get(&term) else {
            let newest = old.iter().rev().take(OF_TERM);
            newest.for_each(|(_, other)| tell(old.len(), *other));
            return old.len();
        };
        let is_gone = |other: &u32| since.removed.binary_search(other).is_ok();
        let added = &since.added[..since.added.partition_point(|other| *other < n)];
        let gone = since.removed.partition_point(|other| *other < n);
        let old_newest = old.iter().rev().map(|(_, other)| *other);
        let old_newest = old_newest.filter(|other| !is_gone(other)).take(OF_TERM);
        let added_newest = added.iter().rev().take(OF_TERM).copied();
        let mut newest: Vec<u32> = old_newest.chain(added_newest).collect();
        newest.sort_unstable_by(|a, b| b.cmp(a));
        let count = old.len() + added.len() - gone;
        newest
            .iter()
            .take(OF_TERM)
            .for_each(|other| tell(count, *other));
        count
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

/// For each term: where its pairs start, and where those before the article end that was asked for
/// last. Articles are asked for in their order, so the next end is near.
type Places = HashMap<Term, (u32, u32, u32)>;

/// A score for each article, and which are not zero.
struct Scores {
    of: Vec<f32>,
    touched: Vec<u32>,
    places: Places,
}

impl Scores {
    fn new(count: usize) -> Scores {
        Scores {
            of: vec![0.0; count],
            touched: Vec::new(),
            places: Places::default(),
        }
    }

    fn add(&mut self, article: u32, score: f32) {
        if score <= 0.0 {
            return;
        }
        let own = &mut self.of[article as usize];
        if *own == 0.0 {
            self.touched.push(article);
        }
        *own += score;
    }

    /// Which of the articles so far, in the order of [`Scores::take`], have a score of at least
    /// so much.
    fn reach(&self, least: f32) -> Vec<bool> {
        let scores = self.touched.iter().map(|n| self.of[*n as usize]);
        scores.map(|score| score >= least).collect()
    }

    fn take(&mut self) -> Vec<(f32, u32)> {
        let of = &mut self.of;
        self.touched
            .drain(..)
            .map(|article| (std::mem::take(&mut of[article as usize]), article))
            .collect()
    }
}

/// How rare something is that `frequency` of `all` articles have.
fn rarity(frequency: usize, all: u32) -> f32 {
    ((all as f32 + 1.0) / (frequency as f32 + 1.0)).ln()
}

fn of_one(site: &Site, postings: &Postings, scores: &mut Scores, n: u32) -> Vec<u32> {
    let article = &site.articles[n as usize];
    let mut most = 0.0;
    for tag in &article.tags {
        let members = &site.tags[*tag as usize].members;
        let before = &members[..members.partition_point(|other| *other < n)];
        let weight = rarity(before.len(), n);
        most += weight;
        before
            .iter()
            .rev()
            .take(OF_TAG)
            .for_each(|other| scores.add(*other, weight));
    }
    // What the tags alone make kin stays kin: terms are many, and most are nobody else's.
    let by_tags = scores.reach(most * LEAST);
    let mut places = std::mem::take(&mut scores.places);
    for term in &article.facts.terms {
        let mut weight = 0.0;
        let count = postings.before(*term, n, &mut places, |count, other| {
            if weight == 0.0 {
                weight = TERM_WEIGHT * rarity(count, n);
            }
            scores.add(other, weight);
        });
        most += TERM_WEIGHT * rarity(count, n);
    }
    scores.places = places;
    let mut by_tags = by_tags.into_iter();
    let mut found = scores.take();
    found.retain(|(score, _)| by_tags.next() == Some(true) || *score >= most * LEAST);
    for (score, other) in &mut found {
        *score *= freshness(article.date, site.articles[*other as usize].date);
    }
    found.sort_unstable_by(|a, b| {
        b.0.partial_cmp(&a.0)
            .unwrap_or(Ordering::Equal)
            .then(b.1.cmp(&a.1))
    });
    choose(site, n, &found)
}

fn freshness(own: Option<i64>, other: Option<i64>) -> f32 {
    let days = own
        .zip(other)
        .map_or(UNDATED_DAYS, |(own, other)| (own - other) as f32 / 86_400.0);
    1.0 / (1.0 + days / HALF_LIFE_DAYS)
}

/// The best, without the same story twice and without too many of one source.
fn choose(site: &Site, n: u32, found: &[(f32, u32)]) -> Vec<u32> {
    let terms = |n: u32| site.articles[n as usize].facts.terms.as_slice();
    let source = |n: u32| site.articles[n as usize].source;
    let mut chosen: Vec<u32> = Vec::with_capacity(SHOWN);
    for (_, other) in found {
        let again = chosen.iter().chain([&n]).any(|one| {
            likeness(terms(*one), terms(*other)) >= SAME_STORY || site.are_copies(*one, *other)
        });
        let same = chosen
            .iter()
            .filter(|one| source(**one) == source(*other))
            .count();
        if again || (source(*other).is_some() && same >= OF_ONE_SOURCE) {
            continue;
        }
        chosen.push(*other);
        if chosen.len() == SHOWN {
            break;
        }
    }
    chosen
}

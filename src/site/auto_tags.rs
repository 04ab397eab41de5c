//! Tags that an article without any gets by itself, where the site wants that: names that earlier
//! articles were tagged with by their writers, and that it has in its title, summary, highlights or
//! the sentences picked from its text.
//!
//! What comes later changes none of them: a tag counts from the first article on whose writer gave
//! it, and a longer name that came later hides no shorter one. One automaton looks for all tags,
//! and reads each article once.

use super::names::Sort;
use super::{Article, Site};
use crate::base::text::keywords::Dictionary;
use crate::facts::{Facts, Kind};
use rayon::prelude::*;
use std::cmp::Reverse;
use std::collections::BTreeMap;

/// An article gets at most so many.
const MOST: usize = 5;
/// A tag that only the picked sentences name must stand there so often.
const OFTEN: u32 = 2;

/// Where an article names a tag: in the best part of it, how often in all, and at which mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Rank {
    part: Part,
    count: Reverse<u32>,
    first: u32,
}

/// The parts of an article that are looked at, the most telling first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Part {
    Title,
    /// Summary and standfirst.
    Summary,
    Highlights,
    /// Sentences picked from the text.
    Picked,
}

impl Site {
    /// Gives tags to the articles that have none. The lists of tags hold only articles that were
    /// tagged by their writers before.
    pub(super) fn tag_by_itself(&mut self) {
        if !self.config.auto_tags || !self.articles.iter().any(|one| lacks_tags(&one.facts)) {
            return;
        }
        let dictionary = self.dictionary();
        let articles = self.articles.par_iter().enumerate();
        let found: Vec<(u32, Vec<u32>)> = articles
            .filter(|(_, article)| lacks_tags(&article.facts))
            .map(|(n, article)| (n as u32, self.found(&article.facts, n as u32, &dictionary)))
            .collect();
        for (n, tags) in found {
            let members = tags.iter().map(|tag| (*tag as usize, n));
            members.for_each(|(tag, n)| self.tags[tag].members.push(n));
            self.articles[n as usize].tags = tags;
        }
        // Sorted runs, one behind the other: linear.
        let lists = self.tags.iter_mut();
        lists.for_each(|tag| tag.members.sort());
    }

    fn dictionary(&self) -> Dictionary {
        let keys = self.names[Sort::Tag as usize].keys();
        Dictionary::new(keys.map(|(key, number)| (key, number as usize)))
    }

    /// The tags that an article names and that stood before it, the likeliest first.
    fn found(&self, facts: &Facts, n: u32, dictionary: &Dictionary) -> Vec<u32> {
        let stood = |tag: usize| {
            let oldest = self.tags[tag].members.first();
            oldest.is_some_and(|oldest| *oldest < n)
        };
        let mut ranks: BTreeMap<usize, Rank> = BTreeMap::new();
        let mut mentions = 0;
        for (part, text) in texts(facts) {
            for tag in dictionary.find(text, stood) {
                let rank = ranks.entry(tag).or_insert(Rank {
                    part,
                    count: Reverse(0),
                    first: mentions,
                });
                rank.count.0 += 1;
                mentions += 1;
            }
        }
        let is_told = |rank: &Rank| rank.part < Part::Picked || rank.count.0 >= OFTEN;
        let mut found: Vec<(Rank, u32)> = ranks
            .into_iter()
            .filter(|(_, rank)| is_told(rank))
            .map(|(tag, rank)| (rank, tag as u32))
            .collect();
        found.sort_unstable();
        found.truncate(MOST);
        found.into_iter().map(|(_, tag)| tag).collect()
    }
}

impl Article {
    /// Whether its tags are not its writer's, but were found in it.
    pub fn has_auto_tags(&self) -> bool {
        !self.tags.is_empty() && self.facts.meta.tags.is_empty()
    }
}

fn lacks_tags(facts: &Facts) -> bool {
    facts.meta.tags.is_empty() && facts.meta.kind == Kind::Article
}

/// What an article is looked through for, the most telling parts first.
fn texts(facts: &Facts) -> impl Iterator<Item = (Part, &str)> {
    let meta = &facts.meta;
    let summary = meta.summary.iter().map(|summary| summary.text.as_str());
    let summary = summary.chain(meta.more.standfirst.as_deref());
    let highlights = meta.highlights.iter().map(String::as_str);
    let picked = facts.extract.iter().flat_map(|all| all.sentences());
    std::iter::once((Part::Title, facts.title.as_str()))
        .chain(summary.map(|text| (Part::Summary, text)))
        .chain(highlights.map(|text| (Part::Highlights, text)))
        .chain(picked.map(|text| (Part::Picked, text)))
}

/// Whether a change of an article, whose place in time stays, is no other choice for any article:
/// its own tags are as they were, or it has none and says the same.
pub(super) fn stays(older: &Facts, newer: &Facts) -> bool {
    let (lacks, lacks_now) = (lacks_tags(older), lacks_tags(newer));
    older.meta.tags == newer.meta.tags
        && lacks == lacks_now
        && (!lacks || texts(older).eq(texts(newer)))
}

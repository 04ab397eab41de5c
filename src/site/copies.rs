//! Copies: articles that tell the same in the same words, such as a wire's story in two houses.
//!
//! A copy is an article of some length whose sketch is like that of one of the three days before
//! it; the oldest such one is its *first*. So it depends on the past alone (law 2). All firsts are
//! found in one pass: sketches that are alike share one of eight bands, and only articles with a
//! common band are compared, the oldest first.

use super::Site;
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::text::sketch::Sketch;
use foldhash::fast::FixedState;
use std::collections::{HashMap, VecDeque};

/// A copy appears within so many seconds of its first.
const WITHIN: i64 = 3 * 86_400;

impl Site {
    fn sketch(&self, n: u32) -> Option<&Sketch> {
        self.articles[n as usize].facts.outline.sketch.as_ref()
    }

    /// Whether two articles tell the same in the same words.
    pub(super) fn are_copies(&self, a: u32, b: u32) -> bool {
        let sketches = self.sketch(a).zip(self.sketch(b));
        sketches.is_some_and(|(a, b)| a.is_alike(b))
    }

    /// The article that an article is a copy of.
    pub fn first(&self, n: u32) -> Option<u32> {
        if let Some(firsts) = self.firsts.get() {
            return firsts.get(&n).copied();
        }
        // A preview asks for a few.
        let date = self.articles[n as usize].date?;
        self.sketch(n)?;
        let is_near = |other: &u32| {
            let other = self.articles[*other as usize].date;
            other.is_some_and(|other| date - other <= WITHIN)
        };
        let before = (0..n).rev().take_while(is_near);
        before.filter(|other| self.are_copies(*other, n)).last()
    }

    /// Finds what all articles are copies of.
    pub(super) fn find_firsts(&self) -> &HashMap<u32, u32> {
        self.firsts.get_or_init(|| {
            let mut firsts = HashMap::new();
            let mut bands: HashMap<u64, VecDeque<u32>, FixedState> = HashMap::default();
            for (n, article) in self.articles.iter().enumerate() {
                let (n, Some(date), Some(sketch)) = (n as u32, article.date, self.sketch(n as u32))
                else {
                    continue;
                };
                let is_past = |other: &u32| {
                    let other = self.articles[*other as usize].date;
                    other.is_none_or(|other| date - other > WITHIN)
                };
                let mut first = u32::MAX;
                for band in sketch.bands() {
                    let others = bands.entry(band).or_default();
                    while others.front().is_some_and(is_past) {
                        others.pop_front();
                    }
                    let like = |other: &&u32| self.are_copies(**other, n);
                    let older = others.iter().take_while(|other| **other < first);
                    first = older.copied().find(|other| like(&other)).unwrap_or(first);
                    others.push_back(n);
                }
                if first != u32::MAX {
                    firsts.insert(n, first);
                }
            }
            firsts
        })
    }

    /// What is to be said of copies.
    pub(super) fn copies(&self) -> Vec<Diagnostic> {
        let path = |n: u32| self.articles[n as usize].facts.path.as_str();
        let tell = |(copy, first): (&u32, &u32)| {
            let message = format!("this tells the same as {}, in the same words", path(*first));
            Diagnostic::new(Code::NearDuplicate, message)
                .in_file(path(*copy))
                .help("keep one of the two, or leave both: lists show this one below the other")
        };
        let mut said: Vec<Diagnostic> = self.find_firsts().iter().map(tell).collect();
        said.sort_by(|a, b| a.place.cmp(&b.place));
        said
    }
}

//! Copies: articles that tell the same in the same words, such as a wire's story in two houses.
//!
//! A copy is an article of some length whose sketch is like that of one of the three days before
//! it; the oldest such one is its *first*. So it depends on the past alone (law 2). All firsts are
//! found in one pass: sketches that are alike share one of eight bands, and only articles with a
//! common band are compared, the oldest first. Of a band that many articles have in common, such
//! as the foot that a house prints under all its texts, the oldest and the newest are: so the work
//! for an article has a bound, whatever the others say. Threads take stretches of time, each with
//! the three days before it.

use super::Site;
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::text::sketch::Sketch;
use foldhash::HashMap;
use rayon::prelude::*;
use std::collections::{BTreeSet, VecDeque};
use std::ops::Range;

/// A copy appears within so many seconds of its first.
const WITHIN: i64 = 3 * 86_400;
/// Of the articles with a common band so many of the oldest are compared, and of the newest.
const EACH: usize = 16;
/// Articles of a stretch, at least.
const STRETCH: usize = 4096;

/// An article that may be a copy.
#[derive(Clone, Copy)]
struct Text<'a> {
    n: u32,
    date: i64,
    sketch: &'a Sketch,
}

impl Site {
    fn sketch(&self, n: u32) -> Option<&Sketch> {
        self.articles[n as usize].facts.outline.sketch.as_ref()
    }

    fn text(&self, n: u32) -> Option<Text<'_>> {
        let date = self.articles[n as usize].date?;
        let sketch = self.sketch(n)?;
        Some(Text { n, date, sketch })
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
        let own = self.text(n)?;
        let is_near = |other: &u32| {
            let other = self.articles[*other as usize].date;
            other.is_some_and(|other| own.date - other <= WITHIN)
        };
        let before = (0..n).rev().take_while(is_near);
        let mut texts: Vec<Text> = before.filter_map(|other| self.text(other)).collect();
        texts.reverse();
        first(own, &texts, &Sketch::is_alike)
    }

    /// Finds what all articles are copies of.
    pub(super) fn find_firsts(&self) -> &HashMap<u32, u32> {
        self.firsts.get_or_init(|| {
            let texts = (0..self.articles.len() as u32).filter_map(|n| self.text(n));
            firsts(&texts.collect::<Vec<_>>(), &Sketch::is_alike, STRETCH)
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

/// Says whether two sketches are alike.
type Compare<'c> = dyn Fn(&Sketch, &Sketch) -> bool + Sync + 'c;

/// The first of a text among those of the days before it, the oldest first.
fn first(own: Text, before: &[Text], are_alike: &Compare) -> Option<u32> {
    let bands = own.sketch.bands();
    let mut common = bands.map(|_| VecDeque::new());
    for (at, other) in before.iter().enumerate() {
        let both = other.sketch.bands().into_iter().zip(bands);
        for (others, (band, own)) in common.iter_mut().zip(both) {
            if band == own {
                others.push_back(at as u32);
            }
        }
    }
    let common: BTreeSet<u32> = common.iter().flat_map(compared).collect();
    let mut common = common.into_iter().map(|at| &before[at as usize]);
    Some(common.find(|other| are_alike(other.sketch, own.sketch))?.n)
}

/// The firsts of all texts, which come the oldest first.
fn firsts(texts: &[Text], are_alike: &Compare, stretch: usize) -> HashMap<u32, u32> {
    let stretches = stretches(texts, stretch).into_par_iter();
    let found = stretches.map(|(before, own)| firsts_of(texts, before, own, are_alike));
    found.collect::<Vec<_>>().into_iter().flatten().collect()
}

/// Stretches of texts, and where the three days begin that are before each. A stretch is no
/// shorter than these.
fn stretches(texts: &[Text], least: usize) -> Vec<(usize, Range<usize>)> {
    let days_before = |at: usize| {
        let own = texts[at].date;
        texts.partition_point(|other| own - other.date > WITHIN)
    };
    let mut stretches = Vec::new();
    let mut from = 0;
    while from < texts.len() {
        let before = days_before(from);
        let to = texts
            .len()
            .min(from.saturating_add(least.max(from - before)));
        stretches.push((before, from..to));
        from = to;
    }
    stretches
}

/// The firsts of a stretch of texts.
fn firsts_of(
    texts: &[Text],
    before: usize,
    stretch: Range<usize>,
    are_alike: &Compare,
) -> Vec<(u32, u32)> {
    let mut firsts = Vec::new();
    let mut bands: HashMap<u64, VecDeque<u32>> = HashMap::default();
    for at in before..stretch.end {
        let own = &texts[at];
        if at < stretch.start {
            for band in own.sketch.bands() {
                bands.entry(band).or_default().push_back(at as u32);
            }
            continue;
        }
        let mut candidates: Vec<u32> = Vec::new();
        for band in own.sketch.bands() {
            let others = bands.entry(band).or_default();
            let is_past = |other: &u32| own.date - texts[*other as usize].date > WITHIN;
            while others.front().is_some_and(is_past) {
                others.pop_front();
            }
            candidates.extend(compared(others));
            others.push_back(at as u32);
        }
        candidates.sort_unstable();
        candidates.dedup();
        let like = |other: &u32| are_alike(texts[*other as usize].sketch, own.sketch);
        if let Some(first) = candidates.into_iter().find(like) {
            firsts.push((own.n, texts[first as usize].n));
        }
    }
    firsts
}

/// Those that are compared, of the articles with a common band.
fn compared(others: &VecDeque<u32>) -> impl Iterator<Item = u32> {
    let newest = others.len().saturating_sub(EACH).max(EACH);
    let newest = others.range(newest.min(others.len())..);
    others.iter().take(EACH).chain(newest).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

    /// Sketches of texts of 400 characters, of which so many are the same in all.
    fn sketches(texts: u32, common: usize) -> Vec<Sketch> {
        let text = |seed: u32| {
            let mut state = seed;
            std::iter::repeat_with(move || {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                char::from_u32(0x4E00 + (state >> 16) % 3_000).unwrap_or('一')
            })
        };
        let sketch = |seed: u32| {
            let own: String = text(seed).take(400 - common).collect();
            let common: String = text(u32::MAX).take(common).collect();
            Sketch::of(&format!("{common}{own}"))
        };
        (0..texts).map(sketch).collect()
    }

    /// The texts of these sketches, a minute after each other.
    fn texts(sketches: &[Sketch]) -> Vec<Text<'_>> {
        let texts = sketches.iter().zip(0..);
        let text = |(sketch, n): (_, u32)| Text {
            n,
            date: i64::from(n) * 60,
            sketch,
        };
        texts.map(text).collect()
    }

    /// How often texts are compared, and how many copies are found.
    fn tally(sketches: &[Sketch]) -> (usize, usize) {
        let compared = AtomicUsize::new(0);
        let compare = |a: &Sketch, b: &Sketch| {
            compared.fetch_add(1, Relaxed);
            a.is_alike(b)
        };
        let found = firsts(&texts(sketches), &compare, STRETCH);
        (compared.into_inner(), found.len())
    }

    #[test]
    fn the_work_for_a_text_has_a_bound() {
        // The same text, in small changes.
        let (compared, copies) = tally(&sketches(5_000, 390));
        assert!(compared <= 5_000 * 40, "{compared}");
        assert!(copies > 4_900, "{copies}");
        // Half of each text is the same: many common bands, no copies.
        let (compared, copies) = tally(&sketches(5_000, 200));
        assert!(compared <= 5_000 * 8 * 2 * EACH, "{compared}");
        assert!(copies < 500, "{copies}");
        assert!(5_000 * 5_000 / 2 > 20 * compared, "{compared}");
    }

    #[test]
    fn one_text_asks_as_all_do() {
        for common in [0, 200, 300, 350, 390] {
            let sketches = sketches(300, common);
            let texts = texts(&sketches);
            let all = firsts(&texts, &Sketch::is_alike, STRETCH);
            for (at, own) in texts.iter().enumerate() {
                let first = first(*own, &texts[..at], &Sketch::is_alike);
                assert_eq!(first, all.get(&own.n).copied(), "{common}: {at}");
            }
        }
    }

    #[test]
    fn stretches_find_what_one_pass_finds() {
        for (common, minutes) in [(300, 1), (350, 7), (350, 60), (390, 600), (390, 9_000)] {
            let sketches = sketches(400, common);
            let mut texts = texts(&sketches);
            texts.iter_mut().for_each(|text| text.date *= minutes);
            let all = firsts(&texts, &Sketch::is_alike, usize::MAX);
            for stretch in [1, 10, 64, 399] {
                let cut = firsts(&texts, &Sketch::is_alike, stretch);
                assert_eq!(cut, all, "{common}, {minutes}: {stretch}");
            }
            let pieces = stretches(&texts, 10);
            let work: usize = pieces.iter().map(|(before, own)| own.end - before).sum();
            // The last one may be shorter than the days before it.
            assert!(work <= 3 * texts.len(), "{minutes}: {work}");
        }
    }

    #[test]
    fn a_copy_comes_within_three_days() {
        let same = sketches(1, 400)[0];
        let text = |n: u32, date: i64| Text {
            n,
            date,
            sketch: &same,
        };
        let late = WITHIN + 1;
        let texts = [
            text(0, 0),
            text(1, WITHIN),
            text(2, late),
            text(3, 3 * late),
        ];
        let found = firsts(&texts, &Sketch::is_alike, STRETCH);
        let mut found: Vec<_> = found.into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, [(1, 0), (2, 1)]);
    }
}

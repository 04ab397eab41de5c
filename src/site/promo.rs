//! Promotion of other portals, learned from what their dumps have in common.
//!
//! A line that stands near an edge of at least [`FILES`] dumps is no part of any of the articles.
//! It is left out of their bodies, and a note in each says so. A short line may be a heading
//! (`背景`), so it counts only where nothing but promotion follows it.

use crate::base::diagnostic::{Code, Diagnostic};
use crate::facts::Facts;
use foldhash::{HashMap, HashSet};

/// In how many dumps a line must stand.
pub const FILES: u32 = 5;

/// From this length on, in Han characters and words, a line is no heading.
const SENTENCE: u32 = 8;

/// The lines near the edges of dumps, with the number of dumps that have each.
#[derive(Debug, Default)]
pub struct Repeated(HashMap<u64, u32>);

/// Learns the promotion of all dumps, whether they are shown now or not: else a date that comes
/// would change pages that it has nothing to do with.
pub fn learn<'a>(all: impl IntoIterator<Item = &'a Facts>) -> Repeated {
    let mut repeated = Repeated::default();
    all.into_iter().for_each(|facts| repeated.add(facts));
    repeated
}

impl Repeated {
    /// Counts in the lines of a dump.
    pub fn add(&mut self, facts: &Facts) {
        for hash in own_lines(facts) {
            *self.0.entry(hash).or_default() += 1;
        }
    }

    /// Counts the lines of a dump out again.
    pub fn remove(&mut self, facts: &Facts) {
        for hash in own_lines(facts) {
            let left = self.count(hash).saturating_sub(1);
            match left {
                0 => self.0.remove(&hash),
                left => self.0.insert(hash, left),
            };
        }
    }

    fn count(&self, hash: u64) -> u32 {
        self.0.get(&hash).copied().unwrap_or_default()
    }
}

fn own_lines(facts: &Facts) -> HashSet<u64> {
    facts.raw.edges.iter().map(|line| line.hash).collect()
}

/// The paragraphs of a source that are promotion, by number, and the note that says so.
pub fn found(facts: &Facts, repeated: &Repeated) -> (Vec<u32>, Option<Diagnostic>) {
    let mut lines: Vec<_> = facts
        .raw
        .edges
        .iter()
        .filter(|line| repeated.count(line.hash) >= FILES)
        .collect();
    let mut end = facts.raw.paragraphs;
    for line in lines.iter().rev() {
        if line.paragraph + 1 == end {
            end = line.paragraph;
        }
    }
    lines.retain(|line| line.paragraph >= end || line.length >= SENTENCE);
    // An article of nothing but such lines is rather a form that is filled in again and again.
    if lines.len() as u32 == facts.raw.paragraphs {
        lines.clear();
    }
    let note = lines.split_first().map(|(first, more)| {
        let count = repeated.count(first.hash);
        let message = format!("this line stands in {count} dumps; it is left out as promotion");
        let note = Diagnostic::new(Code::Guess, message).at(first.spot.place(&facts.path, ""));
        let others: Vec<String> = more
            .iter()
            .map(|line| {
                format!(
                    "{} (in {} dumps)",
                    line.spot.line,
                    repeated.count(line.hash)
                )
            })
            .collect();
        match others.len() {
            0 => note,
            _ => note.note(format!("so is line {}", others.join(", "))),
        }
    });
    (lines.iter().map(|line| line.paragraph).collect(), note)
}

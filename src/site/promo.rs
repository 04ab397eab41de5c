//! Promotion of other portals, learned from what their dumps have in common.
//!
//! A line that stands near an edge of at least [`FILES`] dumps is no part of any of the articles.
//! It is left out of their bodies, and a note in each says so. A short line may be a heading
//! (`背景`), so it counts only where nothing but promotion follows it.

use super::Site;
use crate::base::diagnostic::{Code, Diagnostic};
use crate::facts::Facts;
use std::collections::{HashMap, HashSet};

/// In how many dumps a line must stand.
pub const FILES: u32 = 5;

/// From this length on, in Han characters and words, a line is no heading.
const SENTENCE: u32 = 8;

/// The lines that at least [`FILES`] dumps have near their edges, with the number of dumps.
pub struct Repeated(HashMap<u64, u32>);

/// Learns the promotion of all dumps, whether they are shown now or not: else a date that comes
/// would change pages that it has nothing to do with.
pub fn learn(all: &[Facts]) -> Repeated {
    let mut counts: HashMap<u64, u32> = HashMap::new();
    for facts in all {
        let own: HashSet<u64> = facts.edges.iter().map(|line| line.hash).collect();
        own.into_iter()
            .for_each(|hash| *counts.entry(hash).or_default() += 1);
    }
    counts.retain(|_, count| *count >= FILES);
    Repeated(counts)
}

/// Leaves promotion out of every article and page.
pub fn leave_out(site: &mut Site, repeated: &Repeated) {
    if repeated.0.is_empty() {
        return;
    }
    for article in &mut site.articles {
        let (left_out, note) = found(&article.facts, repeated);
        article.left_out = left_out;
        site.diagnostics.extend(note);
    }
    for page in &mut site.pages {
        let (left_out, note) = found(&page.facts, repeated);
        page.left_out = left_out;
        site.diagnostics.extend(note);
    }
}

/// The paragraphs of a source that are promotion, by number, and the note that says so.
pub fn found(facts: &Facts, repeated: &Repeated) -> (Vec<u32>, Option<Diagnostic>) {
    let mut lines: Vec<_> = facts
        .edges
        .iter()
        .filter(|line| repeated.0.contains_key(&line.hash))
        .collect();
    let mut end = facts.paragraphs;
    for line in lines.iter().rev() {
        if line.paragraph + 1 == end {
            end = line.paragraph;
        }
    }
    lines.retain(|line| line.paragraph >= end || line.length >= SENTENCE);
    // An article of nothing but such lines is rather a form that is filled in again and again.
    if lines.len() as u32 == facts.paragraphs {
        lines.clear();
    }
    let note = lines.split_first().map(|(first, more)| {
        let count = repeated.0.get(&first.hash).copied().unwrap_or_default();
        let message = format!("this line stands in {count} dumps; it is left out as promotion");
        let note = Diagnostic::new(Code::Guess, message).at(first.spot.place(&facts.path, ""));
        let others: Vec<String> = more
            .iter()
            .map(|line| format!("{} (in {} dumps)", line.spot.line, repeated.0[&line.hash]))
            .collect();
        match others.len() {
            0 => note,
            _ => note.note(format!("so is line {}", others.join(", "))),
        }
    });
    (lines.iter().map(|line| line.paragraph).collect(), note)
}

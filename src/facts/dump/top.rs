//! The top of a dump's text: summary, key points, standfirst.

use super::{Dump, Line, block, ends_sentence, note, width};
use crate::base::text::emoji::split_lead;
use crate::base::text::script::{Script, script};

pub(super) fn take_summary(rest: &mut Vec<Line>, dump: &mut Dump) {
    let start = rest.iter().take_while(|line| !is_point(line.text)).count();
    let points = rest[start..].iter().take_while(|line| is_point(line.text));
    let count = points.count();
    let reason = if start <= 1 && count >= 2 {
        dump.points = rest.drain(start..start + count).map(block).collect();
        (start == 1).then(|| format!("it stands before the {count} emoji points"))
    } else {
        other_script(rest)
    };
    if let Some(reason) = reason {
        let line = rest.remove(0);
        dump.summary = Some(block(line));
        note(dump, line, "the paragraph is taken as the summary", &reason);
    }
}

/// Why a first paragraph of 20 characters or more is the summary of a body in the other script.
fn other_script(rest: &[Line]) -> Option<String> {
    let (first, body) = rest.split_first()?;
    let body: String = body.iter().map(|line| line.text).collect();
    let (one, other) = match (script(first.text), script(&body)) {
        (Script::Hans, Script::Hant) => ("Simplified", "Traditional"),
        (Script::Hant, Script::Hans) => ("Traditional", "Simplified"),
        _ => return None,
    };
    let reason = format!("it is in {one} characters and the body in {other}");
    (width(first.text) >= 20).then_some(reason)
}

/// A paragraph led by one emoji or more, then text.
fn is_point(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = split_lead(rest) {
        rest = after;
    }
    rest.len() < text.len() && !rest.is_empty()
}

/// A digest of the body is at most 12 sentences, which also bounds the comparison.
pub(super) fn take_standfirst(rest: &mut Vec<Line>, dump: &mut Dump) {
    let count = recurring(rest);
    if count >= 2 {
        let line = rest.remove(0);
        dump.standfirst = Some(block(line));
        let reason = format!("{count} of its sentences recur in the body");
        note(
            dump,
            line,
            "the paragraph is taken as the standfirst",
            &reason,
        );
    }
}

/// How many sentences of the first line recur below it.
fn recurring(lines: &[Line]) -> usize {
    let mut sentences = lines.iter().map(|line| sentences(line.text));
    let own = sentences
        .next()
        .filter(|own| own.len() <= 12)
        .unwrap_or_default();
    let body: Vec<_> = sentences.flatten().collect();
    let recurs = |own: &&Vec<_>| body.iter().any(|other| likeness(own, other) >= 0.6);
    own.iter().filter(recurs).count()
}

/// The sorted pairs of neighbouring letters of each sentence that has 8 to 400 letters: no digest
/// has longer ones, and a text without a full stop would be compared as a whole again and again.
fn sentences(text: &str) -> Vec<Vec<(char, char)>> {
    let sentences = text.split(ends_sentence).flat_map(|part| part.split(". "));
    sentences
        .map(pairs)
        .filter(|pairs| (7..400).contains(&pairs.len()))
        .collect()
}

fn pairs(sentence: &str) -> Vec<(char, char)> {
    let letters = || sentence.chars().filter(|c| c.is_alphanumeric());
    let mut pairs: Vec<_> = letters().zip(letters().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// The F1 of two sorted lists of pairs: 1 for the same sentence, 0 for nothing in common.
fn likeness(a: &[(char, char)], b: &[(char, char)]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        common += usize::from(a[i] == b[j]);
        (i, j) = (i + usize::from(a[i] <= b[j]), j + usize::from(b[j] <= a[i]));
    }
    2.0 * common as f64 / (a.len() + b.len()).max(1) as f64
}

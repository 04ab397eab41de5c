//! Terms: what a short text is about, as a machine compares it.
//!
//! Han text gives its bigrams, other text its words in lower case. Bigrams need no dictionary, cost
//! nothing to load, and find what two headlines have in common as well as words do.

use super::script::is_han;
use crate::base::fingerprint::of_bytes;

/// At most this many terms are kept of title and summary: a headline gives some 25.
const HEAD: usize = 32;
/// At most this many are kept with those of the key points.
pub const KEPT: usize = 48;

/// A term by its hash: 4 bytes instead of a string, and a collision costs a wrong hint of
/// kinship, no more.
pub type Term = u32;

/// The terms of title and summary, and then of key points, the most telling first, each once, at
/// most [`KEPT`]. However long a summary is, it leaves room for the points.
pub fn terms<'a>(
    head: impl IntoIterator<Item = &'a str>,
    points: impl IntoIterator<Item = &'a str>,
) -> Vec<Term> {
    let mut terms = Vec::with_capacity(KEPT);
    head.into_iter()
        .for_each(|text| take(text, HEAD, &mut terms));
    points
        .into_iter()
        .for_each(|text| take(text, KEPT, &mut terms));
    terms
}

/// Takes the terms of a text, until there are so many.
fn take(text: &str, most: usize, terms: &mut Vec<Term>) {
    let mut keep = |text: &[u8]| {
        let term = of_bytes(text).0 as Term;
        if terms.len() < most && !terms.contains(&term) {
            terms.push(term);
        }
    };
    let mut before: Option<char> = None;
    let mut word = String::new();
    for c in text.chars().chain([' ']) {
        let han = is_han(c);
        if han && let Some(before) = before {
            let mut pair = [0; 8];
            let first = before.encode_utf8(&mut pair).len();
            let second = c.encode_utf8(&mut pair[first..]).len();
            keep(&pair[..first + second]);
        }
        before = han.then_some(c);
        if !han && c.is_alphanumeric() {
            word.extend(c.to_lowercase());
            continue;
        }
        if word.chars().count() > 1 {
            keep(word.as_bytes());
        }
        word.clear();
    }
}

/// Whether two sets of terms have at least so much in common, in percent (Jaccard 1901). Two empty
/// ones have nothing.
pub fn are_alike(a: &[Term], b: &[Term], least: usize) -> bool {
    // Shared by all: s ÷ (a + b − s) ≥ l, and so s ≥ l (a + b) ÷ (1 + l).
    let enough = (least * (a.len() + b.len())).div_ceil(100 + least).max(1);
    let strangers = || a.iter().filter(|term| !b.contains(term));
    // Most pairs are told apart by their first few terms.
    let spare = a.len().checked_sub(enough);
    b.len() >= enough && spare.is_some_and(|spare| strangers().nth(spare).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms<const N: usize>(texts: [&str; N]) -> Vec<Term> {
        super::terms(texts, [])
    }

    #[test]
    fn points_have_room_beside_a_long_summary() {
        let long: String = ('\u{4e00}'..'\u{4e80}').collect();
        let all = super::terms([&*long], ["海港大桥"]);
        assert_eq!(all.len(), HEAD + 3);
        assert_eq!(super::terms([&*long], [&*long.repeat(2)]).len(), KEPT);
    }

    #[test]
    fn bigrams_and_words() {
        assert_eq!(terms(["海港新闻"]).len(), 3);
        assert_eq!(terms(["AI模型", "ai"]), terms(["Ai 模型"]));
        assert_eq!(terms(["海。港", "a 1"]), Vec::<Term>::new());
        assert_eq!(terms([&*"海港大桥通车了".repeat(40)]).len(), 7);
    }

    #[test]
    fn headlines_that_are_alike() {
        let alike = |a: &str, b: &str, least: usize| are_alike(&terms([a]), &terms([b]), least);
        assert!(alike(
            "澜江大桥通车首日车流过万",
            "澜江大桥通车首日，车流过万",
            80
        ));
        assert!(!alike("澜江大桥通车", "运价回落三成", 10));
        assert!(!alike("", "", 0));
        // Two of four.
        assert!(are_alike(&[1, 2, 3], &[4, 2, 3], 50));
        assert!(!are_alike(&[1, 2, 3], &[4, 2, 3], 51));
        assert!(are_alike(&[1, 2], &[1, 2, 3, 4], 50));
        assert!(!are_alike(&[1, 2], &[1, 2, 3, 4, 5], 50));
        assert!(are_alike(&[1, 2], &[2, 1], 100));
    }
}

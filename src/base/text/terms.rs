//! Terms: what a short text is about, as a machine compares it.
//!
//! Han text gives its bigrams, other text its words in lower case. Bigrams need no dictionary, cost
//! nothing to load, and find what two headlines have in common as well as words do.

use super::script::is_han;
use crate::base::fingerprint::of_bytes;

/// At most this many terms are kept of a text: a headline gives some 25.
pub const KEPT: usize = 32;

/// A term by its hash: 4 bytes instead of a string, and a collision costs a wrong hint of
/// kinship, no more.
pub type Term = u32;

/// The terms of several texts, the most telling first, each once, at most [`KEPT`].
pub fn terms<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Term> {
    let mut terms = Vec::with_capacity(KEPT);
    for text in texts {
        let mut before: Option<char> = None;
        let mut word = String::new();
        for c in text.chars().chain([' ']) {
            let han = is_han(c);
            if han && let Some(before) = before {
                let pair: String = [before, c].iter().collect();
                keep(&mut terms, &pair);
            }
            before = han.then_some(c);
            if !han && c.is_alphanumeric() {
                word.extend(c.to_lowercase());
                continue;
            }
            if word.chars().count() > 1 {
                keep(&mut terms, &word);
            }
            word.clear();
        }
    }
    terms
}

fn keep(terms: &mut Vec<Term>, text: &str) {
    let term = of_bytes(text.as_bytes()).0 as Term;
    if terms.len() < KEPT && !terms.contains(&term) {
        terms.push(term);
    }
}

/// How much two sets of terms have in common, from 0 to 1 (Jaccard 1901).
pub fn likeness(a: &[Term], b: &[Term]) -> f32 {
    let shared = a.iter().filter(|term| b.contains(term)).count();
    let all = a.len() + b.len() - shared;
    if all == 0 {
        0.0
    } else {
        shared as f32 / all as f32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bigrams_and_words() {
        assert_eq!(terms(["海港新闻"]).len(), 3);
        assert_eq!(terms(["AI模型", "ai"]), terms(["Ai 模型"]));
        assert_eq!(terms(["海。港", "a 1"]), Vec::<Term>::new());
        assert_eq!(terms([&*"海港大桥通车了".repeat(40)]).len(), 7);
    }

    #[test]
    fn likeness_of_headlines() {
        let like = |a: &str, b: &str| likeness(&terms([a]), &terms([b]));
        assert!(like("澜江大桥通车首日车流过万", "澜江大桥通车首日，车流过万") > 0.8);
        assert!(like("澜江大桥通车", "运价回落三成") < 0.1);
        assert!(like("", "").abs() < f32::EPSILON);
    }
}

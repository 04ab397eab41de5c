//! Tags that untagged articles might have: suggestions for their writers, no more.
//!
//! Names that the site knows come first, from data/tags.yaml and from other articles, in either
//! script; then words that the article repeats and few others have (TF-IDF over the site). All
//! bodies are read, which a build never does at once, so this is a command of its own.

use super::gather::{self, Input};
use crate::base::text::keywords::{Dictionary, repeated};
use crate::facts::{Facts, Kind, prose};
use crate::sink::store::Store;
use crate::source::Source;
use rayon::prelude::*;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// At most this many tags are suggested for an article.
const MOST: usize = 5;
/// A known name that only the body has must stand there so often.
const OFTEN: u32 = 2;

/// What an article might be tagged with.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggestion {
    /// The article's source.
    pub path: String,
    /// The tags, the likeliest first.
    pub tags: Vec<Suggested>,
}

/// A tag, and what speaks for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Suggested {
    /// Its name.
    pub tag: String,
    /// Whether the site has it already.
    pub known: bool,
    /// Where the article has it.
    pub why: String,
}

/// Suggests tags for the articles of a site that have none, in the order of their paths.
pub fn suggest(input: &Input, store: &dyn Store) -> Vec<Suggestion> {
    let opened = gather::open(input, store);
    let facts = opened.files.facts();
    let articles: Vec<&Arc<Facts>> = facts
        .iter()
        .filter(|facts| facts.meta.kind == Kind::Article && !facts.is_broken())
        .filter(|facts| input.drafts || !facts.meta.draft)
        .collect();
    let bare: Vec<&Facts> = articles
        .iter()
        .filter(|facts| facts.meta.tags.is_empty())
        .map(|facts| facts.as_ref())
        .collect();
    if bare.is_empty() {
        return Vec::new();
    }
    let records = &opened.settings.known.records[0];
    let mut names: Vec<&str> = Vec::new();
    let mut spellings: Vec<(&str, usize)> = Vec::new();
    for (name, record) in records {
        spellings.push((name, names.len()));
        let aliases = record.aliases.iter();
        spellings.extend(aliases.map(|alias| (alias.as_str(), names.len())));
        names.push(name);
    }
    for tag in articles.iter().flat_map(|facts| &facts.meta.tags) {
        spellings.push((tag, names.len()));
        names.push(tag);
    }
    let dictionary = Dictionary::new(spellings);
    let texts: Vec<String> = bare
        .par_iter()
        .map(|facts| read(facts, input.source))
        .collect();
    let words: Vec<Vec<(String, u32)>> = texts.par_iter().map(|text| repeated(text)).collect();
    let spread = spread(&words, &articles, input.source);
    let of = |at: usize| {
        let (facts, text) = (bare[at], &texts[at]);
        let mut tags = known(facts, text, &dictionary, &names);
        tags.extend(rare(&words[at], &tags, &spread, articles.len()));
        tags.truncate(MOST);
        Suggestion {
            path: facts.path.clone(),
            tags,
        }
    };
    (0..bare.len()).into_par_iter().map(of).collect()
}

fn read(facts: &Facts, source: &dyn Source) -> String {
    source
        .read(&facts.path)
        .map_or_else(|_| String::new(), |bytes| prose(facts, &bytes))
}

/// The names that an article has, those in its title first.
fn known(facts: &Facts, text: &str, dictionary: &Dictionary, names: &[&str]) -> Vec<Suggested> {
    let summary = facts.meta.summary.as_ref();
    let summary = summary.map_or("", |summary| &summary.text);
    let parts = [facts.title.as_str(), summary, text].map(|part| dictionary.count(part));
    let all: BTreeSet<usize> = parts.iter().flat_map(|part| part.keys().copied()).collect();
    let mut ranked: Vec<(u32, usize, String)> = Vec::new();
    for name in all {
        let [title, summary, body] = [0, 1, 2].map(|part| *parts[part].get(&name).unwrap_or(&0));
        if title + summary == 0 && body < OFTEN {
            continue;
        }
        let why = match (title, summary) {
            (1.., _) => "in the title".to_string(),
            (0, 1..) => "in the summary".to_string(),
            (0, 0) => format!("{body} times in the text"),
        };
        ranked.push((title.min(1) * 1000 + summary.min(1) * 500 + body, name, why));
    }
    ranked.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let suggested = |(_, name, why): (u32, usize, String)| Suggested {
        tag: names[name].to_string(),
        known: true,
        why,
    };
    ranked.into_iter().map(suggested).collect()
}

/// In how many articles each of the words stands.
fn spread(
    words: &[Vec<(String, u32)>],
    articles: &[&Arc<Facts>],
    source: &dyn Source,
) -> BTreeMap<String, u32> {
    let all: BTreeSet<&str> = words
        .iter()
        .flatten()
        .map(|(word, _)| word.as_str())
        .collect();
    let all: Vec<&str> = all.into_iter().collect();
    let Ok(automaton) = aho_corasick::AhoCorasick::new(&all) else {
        return BTreeMap::new();
    };
    let in_one = |facts: &&Arc<Facts>| {
        let text = read(facts, source);
        let found = automaton.find_overlapping_iter(&text);
        found
            .map(|found| found.pattern().as_usize())
            .collect::<BTreeSet<usize>>()
    };
    let mut counts = vec![0; all.len()];
    let sets: Vec<BTreeSet<usize>> = articles.par_iter().map(in_one).collect();
    sets.into_iter()
        .flatten()
        .for_each(|word| counts[word] += 1);
    all.into_iter().map(str::to_string).zip(counts).collect()
}

/// In how many articles a keyword stands at most: what every tenth has is none, nor is in a small
/// site what half of them have.
fn most_spread(articles: usize) -> usize {
    let few = (articles / 2).clamp(1, 10);
    (articles / 10).max(few)
}

/// The words of an article that it repeats and few others have, by TF-IDF.
fn rare(
    words: &[(String, u32)],
    known: &[Suggested],
    spread: &BTreeMap<String, u32>,
    articles: usize,
) -> Vec<Suggested> {
    let covered = |word: &str| {
        known
            .iter()
            .any(|one| one.tag.contains(word) || word.contains(&one.tag))
    };
    let mut ranked: Vec<(f64, &str, u32, u32)> = Vec::new();
    for (word, count) in words.iter().filter(|(word, _)| !covered(word)) {
        let others = spread.get(word).copied().unwrap_or(1).max(1);
        if others as usize > most_spread(articles) {
            continue;
        }
        let rarity = ((articles + 1) as f64 / f64::from(others)).ln();
        let length = (word.chars().count() as f64).sqrt();
        ranked.push((f64::from(*count) * rarity * length, word, *count, others));
    }
    ranked.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let suggested = |(_, word, count, others): (f64, &str, u32, u32)| Suggested {
        tag: word.to_string(),
        known: false,
        why: format!("{count} times in the text, in {others} of {articles} articles"),
    };
    ranked.into_iter().take(3).map(suggested).collect()
}

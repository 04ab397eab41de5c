//! Names that look like one: a report for whoever keeps the data files, nothing more.
//!
//! Two names look alike if they differ by signs, blanks or a plural's `s` only (`A.I.` and `AI`), if
//! they are the mainland's and Taiwan's words for one thing (`软件`, `軟體`), or if they are Latin
//! words of five letters or more that differ by one (`Harbour`, `Harbor`). Where both stand in the
//! data file, somebody knows that they are two. Alike in that sense means one hash for signs and
//! words, and one hash for one of the deletions of a letter (SymSpell, Garbe 2012), so the work is
//! linear in the names.

use super::names::Sort;
use super::records::FILES;
use super::{Named, Site};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::text::convert::{Converter, Glossary, Scheme, Words};
use crate::base::text::fold::fold;
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;

/// Latin names with fewer letters differ by one too often.
const LEAST: usize = 5;
/// A plural has so many letters at least, with its `s`.
const PLURAL: usize = 4;
/// Of names with one deletion in common so many are compared.
const BUCKET: usize = 32;

/// What is to be said of tags, sources and people that look alike.
pub fn look_alikes(site: &Site) -> Vec<Diagnostic> {
    let sorts = [
        (Sort::Tag, "tags"),
        (Sort::Source, "sources"),
        (Sort::Person, "people"),
    ];
    let said = sorts.into_iter().flat_map(|(sort, what)| {
        let named = site.names_of(sort);
        let is_listed = |n: usize| site.names[sort as usize].is_listed(&named[n]);
        let pairs = pairs(named).into_iter();
        let pairs = pairs.filter(|(a, b)| !(is_listed(*a) && is_listed(*b)));
        let mut said: Vec<Diagnostic> = pairs
            .map(|(a, b)| {
                let rank = |n: usize| {
                    let older = Reverse((named[n].members.first(), &named[n].name));
                    (is_listed(n), named[n].members.len(), older)
                };
                let (kept, other) = if rank(a) < rank(b) { (b, a) } else { (a, b) };
                tell(
                    what,
                    FILES[sort as usize],
                    &named[kept],
                    &named[other],
                    is_listed(kept),
                )
            })
            .collect();
        said.sort_by(|a, b| a.message.cmp(&b.message));
        said
    });
    said.collect()
}

fn tell(what: &str, file: &str, kept: &Named, other: &Named, is_listed: bool) -> Diagnostic {
    let count = |named: &Named| match named.members.len() {
        1 => "1 article".to_string(),
        count => format!("{count} articles"),
    };
    let message = format!(
        "the {what} `{}` ({}) and `{}` ({}) look alike",
        kept.name,
        count(kept),
        other.name,
        count(other)
    );
    let one = match is_listed {
        true => format!("add `{}` to the `aliases` of `{}`", other.name, kept.name),
        false => format!(
            "write `{}: {{aliases: [{}]}}`",
            quoted(&kept.name),
            quoted(&other.name)
        ),
    };
    let help = format!("if they are one, {one} in {file}; if not, give both an entry there");
    Diagnostic::new(Code::LookAlike, message)
        .in_file(file)
        .help(help)
}

/// A name as YAML takes it.
fn quoted(name: &str) -> String {
    let plain = name.chars().all(|c| c.is_alphanumeric() || c == ' ')
        && name.chars().any(char::is_alphabetic);
    match plain {
        true => name.to_string(),
        false => format!("{name:?}"),
    }
}

/// The pairs of names that look alike, by their numbers.
fn pairs(named: &[Named]) -> BTreeSet<(usize, usize)> {
    let mut pairs = BTreeSet::new();
    let mut alike: HashMap<Cow<str>, usize> = HashMap::new();
    let mut cut: HashMap<String, Vec<usize>> = HashMap::new();
    let bare: Vec<String> = named.iter().map(|own| skeleton(&own.name)).collect();
    let counts = |n: &usize| !named[*n].members.is_empty() && !bare[*n].is_empty();
    let counting = (0..named.len()).filter(counts);
    // Taiwan's words as they are, the mainland's turned into them.
    let taiwan = may_meet(counting.map(|n| singular(&bare[n])))
        .then(|| Converter::new(Scheme::S2twp, &Glossary::default()));
    // Numbers say nothing: an amended site has others.
    let mut order: Vec<usize> = (0..named.len()).filter(counts).collect();
    order.sort_by_key(|n| (named[*n].members.first(), &named[*n].name));
    for n in order {
        let own = &bare[n];
        let key = match &taiwan {
            Some(taiwan) => taiwan.convert(singular(own)),
            None => Cow::Borrowed(singular(own)),
        };
        let first = *alike.entry(key).or_insert(n);
        if first != n {
            pairs.insert((first, n));
            continue;
        }
        let is_latin = own.len() >= LEAST && own.bytes().all(|byte| byte.is_ascii_alphabetic());
        if !is_latin {
            continue;
        }
        let without = |at: usize| format!("{}{}", &own[..at], &own[at + 1..]);
        for deletion in (0..own.len()).map(without).chain([own.clone()]) {
            let others = cut.entry(deletion).or_default();
            let near = |other: &&usize| strsim::levenshtein(&bare[**other], own) == 1;
            pairs.extend(others.iter().filter(near).map(|other| (*other, n)));
            if others.len() < BUCKET {
                others.push(n);
            }
        }
    }
    pairs
}

/// Whether any two of some skeletons that differ may be one in Taiwan's words.
fn may_meet<'s>(skeletons: impl Iterator<Item = &'s str>) -> bool {
    let own: HashSet<&str> = skeletons.collect();
    if own.iter().all(|skeleton| skeleton.is_ascii()) {
        return false;
    }
    let words = Words::of_taiwan();
    let mut seen: HashSet<String> = HashSet::new();
    own.iter().any(|skeleton| match words.others(skeleton) {
        Some(others) => {
            let mut others = others.into_iter();
            others.any(|other| own.contains(other.as_str()) || !seen.insert(other))
        }
        None => true,
    })
}

/// A name without what makes no difference to most readers. `C`, `C++` and `C#` differ, and so do
/// 4.5 and 45.
fn skeleton(name: &str) -> String {
    let folded: Vec<char> = fold(name).chars().collect();
    let is_digit = |at: Option<usize>| {
        at.and_then(|at| folded.get(at))
            .is_some_and(char::is_ascii_digit)
    };
    let kept = |(at, c): (usize, &char)| match c {
        '+' | '#' => true,
        '.' => is_digit(at.checked_sub(1)) && is_digit(Some(at + 1)),
        c => c.is_alphanumeric(),
    };
    let kept = folded.iter().enumerate().filter(|own| kept(*own));
    kept.map(|(_, c)| *c).collect()
}

fn singular(skeleton: &str) -> &str {
    let plural = skeleton.len() >= PLURAL
        && skeleton.bytes().all(|byte| byte.is_ascii_lowercase())
        && !skeleton.ends_with("ss");
    match plural {
        true => skeleton.strip_suffix('s').unwrap_or(skeleton),
        false => skeleton,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(names: &[&str], expect: &[(usize, usize)]) {
        let named: Vec<Named> = names
            .iter()
            .enumerate()
            .map(|(n, name)| Named {
                name: (*name).to_string(),
                members: vec![n as u32],
                ..Named::default()
            })
            .collect();
        let found: Vec<_> = pairs(&named).into_iter().collect();
        assert_eq!(found, expect, "{names:?}");
    }

    #[test]
    fn names_that_look_alike() {
        check(
            &["AI", "A.I.", "开源", "开 源", "开·源"],
            &[(0, 1), (2, 3), (2, 4)],
        );
        check(&["Tides", "Tide", "Harbour", "Harbor"], &[(0, 1), (2, 3)]);
        check(&["OpenAI", "Open AI", "Open-AI"], &[(0, 1), (0, 2)]);
    }

    #[test]
    fn regional_words_look_alike() {
        let check = |one: &str, other: &str| check(&[one, other, "航运"], &[(0, 1)]);
        check("人工智能", "人工智慧");
        check("软件", "軟體");
        check("軟件", "软体");
        check("打印机", "印表機");
        check("信息·安全", "資訊安全");
        check("AI芯片", "AI 晶片");
    }

    #[test]
    fn names_that_do_not() {
        check(&["C", "C++", "C#", "Java", "Jave"], &[]);
        check(&["GPT-4", "GPT-5", "GPT-4.5", "GPT-45"], &[]);
        check(
            &["iPhone 15", "iPhone 16", "权利", "权力", "Boss", "Bos"],
            &[],
        );
        check(&["软件", "硬體", "人工", "智慧", "芯片"], &[]);
        check(&["…", "—"], &[]);
    }
}

//! Names and what they stand for: one tag, source or person for all its spellings.

use super::Named;
use super::records::Records;
use crate::base::slug::slug;
use crate::facts::Facts;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// What sort of thing a name names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Sort {
    Tag,
    Source,
    Person,
    Ticker,
}

impl Sort {
    /// All sorts, in the order of the data files.
    pub const ALL: [Sort; 4] = [Sort::Tag, Sort::Source, Sort::Person, Sort::Ticker];
}

/// The names of one sort in an article, as written and in their order; of a security that the
/// text names also what the text calls it.
pub fn written(sort: Sort, facts: &Facts) -> Vec<(&str, Option<&str>)> {
    let meta = &facts.meta;
    match sort {
        Sort::Tag => meta.tags.iter().map(|tag| (tag.as_str(), None)).collect(),
        Sort::Source => meta
            .source
            .iter()
            .map(|source| (source.as_str(), None))
            .collect(),
        Sort::Person => meta
            .authors
            .iter()
            .chain(&meta.editors)
            .map(|person| (person.as_str(), None))
            .collect(),
        Sort::Ticker => {
            let named = facts.outline.tickers.iter();
            let named = named.map(|(name, code)| (code.as_str(), Some(name.as_str())));
            named
                .chain(meta.tickers.iter().map(|code| (code.as_str(), None)))
                .collect()
        }
    }
}

/// Gives each name a number, in the order in which names first occur. Fed in the order of
/// articles, so that the name shown is that of the data file, else the form of the oldest article.
#[derive(Debug, Default)]
pub struct Names {
    records: Records,
    /// Key of a name or alias → the name in the data file.
    known: HashMap<String, String>,
    numbers: HashMap<String, u32>,
    /// Spellings as they were written, so that none is folded twice.
    spellings: HashMap<String, u32>,
    /// Numbers that are free again.
    free: Vec<u32>,
}

/// What two spellings of a name have in common: compatibility forms and case are folded.
pub fn key(name: &str) -> String {
    name.trim().nfkc().flat_map(char::to_lowercase).collect()
}

impl Names {
    /// No names yet, and what a data file knows.
    pub fn new(records: &Records) -> Names {
        let mut known = HashMap::new();
        for (name, record) in records {
            known.insert(key(name), name.clone());
            for alias in &record.aliases {
                known.entry(key(alias)).or_insert_with(|| name.clone());
            }
        }
        Names {
            records: records.clone(),
            known,
            numbers: HashMap::new(),
            spellings: HashMap::new(),
            free: Vec::new(),
        }
    }

    fn number_key(&self, written: &str) -> String {
        let own_key = key(written);
        self.known.get(&own_key).map_or(own_key, |name| key(name))
    }

    /// The number of a name; a new one is added to `named`.
    pub fn number(&mut self, written: &str, shown: Option<&str>, named: &mut Vec<Named>) -> u32 {
        if let Some(number) = self.spellings.get(written) {
            return *number;
        }
        let number_key = self.number_key(written);
        let number = match self.numbers.get(&number_key) {
            Some(number) => *number,
            None => {
                let form = self.form(written, shown);
                let number = self.free.pop().unwrap_or(named.len() as u32);
                match named.get_mut(number as usize) {
                    Some(free) => *free = form,
                    None => named.push(form),
                }
                self.numbers.insert(number_key, number);
                number
            }
        };
        self.spellings.insert(written.to_string(), number);
        number
    }

    /// What a name is, without its articles: as the data file has it, else as it is written.
    fn form(&self, written: &str, shown: Option<&str>) -> Named {
        let listed = self.known.get(&key(written)).map(String::as_str);
        let name = listed.unwrap_or(written.trim());
        let mut record = listed
            .and_then(|name| self.records.get(name))
            .cloned()
            .unwrap_or_default();
        if record.name.is_none() {
            record.name = shown.map(str::to_string);
        }
        Named {
            name: name.to_string(),
            slug: slug(record.slug.as_deref().unwrap_or(name)),
            record,
            ..Named::default()
        }
    }

    /// Gives a name the form that its oldest article has; says whether that is another one.
    pub fn reform(&self, named: &mut Named, sort: Sort, oldest: &Facts) -> bool {
        let own = self.number_key(&named.name);
        let first = written(sort, oldest)
            .into_iter()
            .find(|(spelling, _)| self.number_key(spelling) == own);
        let Some((spelling, shown)) = first else {
            return false;
        };
        let form = self.form(spelling, shown);
        let same = (&form.name, &form.slug, &form.record.name)
            == (&named.name, &named.slug, &named.record.name);
        (named.name, named.slug, named.record) = (form.name, form.slug, form.record);
        named.links = Default::default();
        !same
    }

    /// Forgets names that no article has any more: their numbers go to others.
    pub fn forget(&mut self, gone: &[u32], named: &mut [Named]) {
        if gone.is_empty() {
            return;
        }
        self.numbers.retain(|_, number| !gone.contains(number));
        self.spellings.retain(|_, number| !gone.contains(number));
        for number in gone {
            named[*number as usize] = Named::default();
            self.free.push(*number);
        }
    }

    /// The number of a name that articles have, by any of its spellings.
    pub fn find(&self, written: &str, named: &[Named]) -> Option<u32> {
        let number = *self.numbers.get(&self.number_key(written))?;
        let has_articles = !named.get(number as usize)?.members.is_empty();
        has_articles.then_some(number)
    }
}

/// Adds an article to a name's list, once; the newest comes last.
pub fn enlist(named: &mut Named, article: u32) {
    if named.members.last() != Some(&article) {
        named.members.push(article);
    }
}

//! Names and what they stand for: one tag, source or person for all its spellings.

use super::Named;
use super::records::Records;
use crate::base::slug::slug;
use std::collections::HashMap;
use unicode_normalization::UnicodeNormalization;

/// Gives each name a number, in the order in which names first occur. Fed in the order of
/// articles, so that the name shown is that of the data file, else the form of the oldest article.
pub struct Names<'a> {
    records: &'a Records,
    /// Key of a name or alias → the name in the data file.
    known: HashMap<String, &'a str>,
    numbers: HashMap<String, u32>,
    named: Vec<Named>,
}

/// What two spellings of a name have in common: compatibility forms and case are folded.
pub fn key(name: &str) -> String {
    name.trim().nfkc().flat_map(char::to_lowercase).collect()
}

impl<'a> Names<'a> {
    /// No names yet, and what a data file knows.
    pub fn new(records: &'a Records) -> Names<'a> {
        let mut known = HashMap::new();
        for (name, record) in records {
            known.insert(key(name), name.as_str());
            for alias in &record.aliases {
                known.entry(key(alias)).or_insert(name.as_str());
            }
        }
        Names {
            records,
            known,
            numbers: HashMap::new(),
            named: Vec::new(),
        }
    }

    /// The number of a name.
    pub fn number(&mut self, written: &str) -> u32 {
        let own_key = key(written);
        let listed = self.known.get(&own_key).copied();
        let number_key = listed.map_or(own_key, key);
        if let Some(number) = self.numbers.get(&number_key) {
            return *number;
        }
        let name = listed.unwrap_or(written.trim());
        let record = listed
            .and_then(|name| self.records.get(name))
            .cloned()
            .unwrap_or_default();
        let slug = slug(record.slug.as_deref().unwrap_or(name));
        let number = self.named.len() as u32;
        self.named.push(Named {
            name: name.to_string(),
            slug,
            members: Vec::new(),
            tag: None,
            record,
        });
        self.numbers.insert(number_key, number);
        number
    }

    /// Gives a name that has no record what readers see: the form of the oldest article.
    pub fn named_first(&mut self, written: &str, shown: &str) {
        let before = self.named.len();
        let number = self.number(written);
        let is_new = before < self.named.len();
        let name = &mut self.named[number as usize].record.name;
        if is_new && name.is_none() {
            *name = Some(shown.to_string());
        }
    }

    /// The numbers of several names, each once.
    pub fn numbers(&mut self, written: &[String]) -> Vec<u32> {
        let mut numbers = Vec::with_capacity(written.len());
        for name in written {
            let number = self.number(name);
            if !numbers.contains(&number) {
                numbers.push(number);
            }
        }
        numbers
    }

    /// Adds an article to a name's list, once.
    pub fn enlist(&mut self, number: u32, article: u32) {
        let members = &mut self.named[number as usize].members;
        if members.last() != Some(&article) {
            members.push(article);
        }
    }

    /// The number of a name that articles have, by any of its spellings.
    pub fn find(&self, written: &str) -> Option<u32> {
        let own_key = key(written);
        let number_key = self.known.get(&own_key).copied().map_or(own_key, key);
        self.numbers.get(&number_key).copied()
    }

    /// All that was named.
    pub fn finish(self) -> Vec<Named> {
        self.named
    }
}

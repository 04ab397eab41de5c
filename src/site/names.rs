//! Names and what they stand for: one tag, source or person for all its spellings.
//!
//! Spellings of one name have one [`key`]; a data file adds aliases and entries that merge into
//! others. The name that is shown is that of the data file, else the form of the oldest article:
//! neither changes with what is published later. The slug is a function of the name and the data
//! file; only where two names want one does the older keep it.

use super::Named;
use super::records::{Record, Records};
use crate::base::fingerprint::of_bytes;
use crate::base::slug::{self, slug};
use crate::base::text::fold::fold;
use crate::base::text::pinyin::{self, Reader};
use crate::config::Slugs;
use crate::facts::Facts;
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use std::collections::BTreeMap;

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

    /// How names of the sort are read.
    pub fn reader(self) -> Reader {
        match self {
            Sort::Person => Reader::Person,
            Sort::Tag | Sort::Source | Sort::Ticker => Reader::Thing,
        }
    }
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
                .chain(meta.more.tickers.iter().map(|code| (code.as_str(), None)))
                .collect()
        }
    }
}

/// Gives each name a number, in the order in which names first occur. Fed in the order of
/// articles, so that the name shown is that of the data file, else the form of the oldest article.
#[derive(Debug)]
pub struct Names {
    sort: Sort,
    slugs: Slugs,
    records: Records,
    /// Key of a name or alias → the name in the data file.
    known: HashMap<String, String>,
    numbers: HashMap<String, u32>,
    /// Spellings as they were written, so that none is folded twice.
    spellings: HashMap<String, Spelling>,
    /// Numbers that are free again.
    free: Vec<u32>,
    /// The spellings with another slug than their name's that came or went since somebody asked.
    moved: HashSet<String>,
}

/// A spelling of a name.
#[derive(Debug)]
struct Spelling {
    number: u32,
    /// How often articles have it.
    uses: u32,
}

/// What the spellings of a name have in common.
pub fn key(name: &str) -> String {
    fold(name).into_owned()
}

impl Names {
    /// No names yet, and what a data file knows.
    pub fn new(sort: Sort, slugs: Slugs, records: &Records) -> Names {
        let mut own: BTreeMap<String, &str> = BTreeMap::new();
        for (name, record) in records {
            own.insert(key(name), name);
            for alias in &record.aliases {
                own.entry(key(alias)).or_insert(name);
            }
        }
        // Entries may be merged one after the other; circles were taken out when they were read.
        let merged = |name: &str| {
            let mut name = name.to_string();
            for _ in 0..records.len() {
                let record = records.get(&name);
                let Some(next) = record.and_then(|record| record.merge_into.as_ref()) else {
                    break;
                };
                let listed = own.get(&key(next)).map(|name| (*name).to_string());
                name = listed.unwrap_or_else(|| next.clone());
            }
            name
        };
        let mut known: HashMap<String, String> = HashMap::new();
        for (key, name) in &own {
            known.insert(key.clone(), merged(name));
        }
        for name in known.values().cloned().collect::<HashSet<String>>() {
            known.entry(key(&name)).or_insert(name);
        }
        Names {
            sort,
            slugs,
            records: records.clone(),
            known,
            numbers: HashMap::new(),
            spellings: HashMap::new(),
            free: Vec::new(),
            moved: HashSet::new(),
        }
    }

    fn number_key(&self, written: &str) -> String {
        let own_key = key(written);
        self.known.get(&own_key).map_or(own_key, |name| key(name))
    }

    /// The number of a name that an article has; a new one is added to `named`.
    pub fn number(&mut self, written: &str, shown: Option<&str>, named: &mut Vec<Named>) -> u32 {
        if let Some(spelling) = self.spellings.get_mut(written) {
            spelling.uses += 1;
            let number = spelling.number;
            if spelling.uses == 1 {
                self.notice(written, &named[number as usize]);
            }
            return number;
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
        let spelling = Spelling { number, uses: 1 };
        self.spellings.insert(written.to_string(), spelling);
        self.notice(written, &named[number as usize]);
        number
    }

    /// An article lets go of its names.
    pub fn release(&mut self, facts: &Facts, named: &[Named]) {
        for (written, _) in written(self.sort, facts) {
            let Some(spelling) = self.spellings.get_mut(written) else {
                continue;
            };
            spelling.uses = spelling.uses.saturating_sub(1);
            if spelling.uses == 0 {
                let number = spelling.number;
                self.notice(written, &named[number as usize]);
            }
        }
    }

    /// Notices a spelling that comes or goes and that has another slug than its name; one that
    /// comes back has not moved.
    fn notice(&mut self, written: &str, named: &Named) {
        let is_former = |slug: String| slug != named.slug;
        let moves = self.sort != Sort::Ticker && self.slugs_of(written).any(is_former);
        if moves && !self.moved.remove(written) {
            self.moved.insert(written.to_string());
        }
    }

    /// Whether such a spelling came or went since this was asked last.
    pub fn has_moved(&mut self) -> bool {
        !std::mem::take(&mut self.moved).is_empty()
    }

    /// The slugs under which a name may be known: with slugs in pinyin also the one from before,
    /// so that a site may change to them.
    fn slugs_of(&self, name: &str) -> impl Iterator<Item = String> + use<> {
        let before = (self.slugs == Slugs::Pinyin).then(|| slug(name));
        before.into_iter().chain([self.slug_of(name)])
    }

    /// The slug of a name of which a data file says nothing.
    fn slug_of(&self, name: &str) -> String {
        let letters = match self.slugs {
            Slugs::Unicode => return slug(name),
            Slugs::Pinyin => pinyin::letters(name, self.sort.reader()),
        };
        match self.sort {
            // A code is its own slug.
            Sort::Ticker => slug(name),
            _ if letters.is_empty() => slug(name),
            _ if pinyin::is_taken(name, &letters) => with_hash(&letters, name),
            _ => slug(&letters),
        }
    }

    fn slug_with(&self, name: &str, record: &Record) -> String {
        match (&record.slug, &record.pinyin, self.slugs) {
            (Some(given), ..) => slug(given),
            (None, Some(reading), Slugs::Pinyin) => slug(&pinyin::written(reading).concat()),
            _ => self.slug_of(name),
        }
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
            slug: self.slug_with(name, &record),
            record,
            ..Named::default()
        }
    }

    /// Gives a name the form that its oldest article has; says whether its slug is another one.
    pub fn reform(&self, named: &mut Named, oldest: &Facts) -> bool {
        let own = self.number_key(&named.name);
        let first = written(self.sort, oldest)
            .into_iter()
            .find(|(spelling, _)| self.number_key(spelling) == own);
        let Some((spelling, shown)) = first else {
            return false;
        };
        let form = self.form(spelling, shown);
        let moves = form.slug != named.slug;
        (named.name, named.slug, named.record) = (form.name, form.slug, form.record);
        named.links = Default::default();
        moves
    }

    /// Of names with one slug the one whose slug was written down keeps it, else the older; the
    /// others get a hash behind it. Says whether there are any.
    pub fn part_homophones(&self, named: &mut [Named]) -> bool {
        if self.slugs != Slugs::Pinyin || self.sort == Sort::Ticker {
            return false;
        }
        let is_given = |named: &Named| named.record.slug.is_some() || named.record.pinyin.is_some();
        let given: HashSet<String> = named
            .iter()
            .filter(|named| is_given(named))
            .map(|named| named.slug.clone())
            .collect();
        let mut seen = given.clone();
        let mut found = false;
        for named in named.iter_mut().filter(|named| !is_given(named)) {
            if !seen.insert(named.slug.clone()) {
                named.slug = with_hash(&named.slug, &named.name);
                found = true;
            }
        }
        found
    }

    /// The slugs that names had, or would have in another spelling: those of spellings that
    /// articles have, of aliases, of names that were merged, of names with a slug of their own, and
    /// with slugs in pinyin those of the names as they are.
    pub fn former_slugs(&self, named: &[Named]) -> Vec<(String, u32)> {
        if self.sort == Sort::Ticker {
            return Vec::new();
        }
        let spelled = self.spellings.iter();
        let spelled = spelled.filter(|(_, spelling)| spelling.uses > 0);
        let spelled = spelled.flat_map(|(written, spelling)| {
            let slugs = self.slugs_of(written);
            slugs.map(|slug| (slug, spelling.number))
        });
        let listed = self.records.iter().flat_map(|(name, record)| {
            let number = self.numbers.get(&self.number_key(name)).copied();
            let names = record.aliases.iter().chain([name]);
            let slugs = names.flat_map(|name| self.slugs_of(name));
            let slugs = slugs.chain([self.slug_with(name, record)]);
            slugs.filter_map(move |slug| Some((slug, number?)))
        });
        let mut all: Vec<(String, u32)> = spelled
            .chain(listed)
            .filter(|(slug, number)| {
                let named = &named[*number as usize];
                *slug != named.slug && !named.members.is_empty()
            })
            .collect();
        all.sort_by(|a, b| {
            let name = |number: u32| &named[number as usize].name;
            (&a.0, name(a.1)).cmp(&(&b.0, name(b.1)))
        });
        all.dedup_by(|a, b| a.0 == b.0);
        all
    }

    /// Whether a data file says anything of a name.
    pub fn is_listed(&self, named: &Named) -> bool {
        self.known.contains_key(&key(&named.name))
    }

    /// Forgets names that no article has any more: their numbers go to others.
    pub fn forget(&mut self, gone: &[u32], named: &mut [Named]) {
        if gone.is_empty() {
            return;
        }
        self.numbers.retain(|_, number| !gone.contains(number));
        self.spellings
            .retain(|_, spelling| !gone.contains(&spelling.number));
        for number in gone {
            named[*number as usize] = Named::default();
            self.free.push(*number);
        }
    }

    /// The keys of all names that have a number, those of a data file's aliases included.
    pub fn keys(&self) -> impl Iterator<Item = (&str, u32)> {
        let own = self.numbers.iter();
        let own = own.map(|(key, number)| (key.as_str(), *number));
        let listed = self.known.iter().filter_map(|(spelling, name)| {
            let number = self.numbers.get(&key(name))?;
            Some((spelling.as_str(), *number))
        });
        own.chain(listed)
    }

    /// The number of a name that articles have, by any of its spellings.
    pub fn find(&self, written: &str, named: &[Named]) -> Option<u32> {
        let number = *self.numbers.get(&self.number_key(written))?;
        let has_articles = !named.get(number as usize)?.members.is_empty();
        has_articles.then_some(number)
    }
}

/// A slug that belongs to another name, with four characters that tell this one apart.
fn with_hash(slug: &str, name: &str) -> String {
    format!(
        "{slug}-{}",
        slug::code(of_bytes(key(name).as_bytes()).0 as u32)
    )
}

/// Adds an article to a name's list, once; the newest comes last.
pub fn enlist(named: &mut Named, article: u32) {
    if named.members.last() != Some(&article) {
        named.members.push(article);
    }
}

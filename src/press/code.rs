//! Highlighted code that is kept between builds. A grammar takes a tenth of a second to be made
//! ready, and eighty lines a hundredth: so what was highlighted once is taken from the store ever
//! after.
//!
//! What is kept lies on a shelf of a few dozen blobs, by the paths of sources; a shard is loaded
//! when a source with code is printed, and written when all is printed. Blocks are known by the
//! hash of language and text: an edit of an article leaves its code as it is.

use crate::base::fingerprint::{Fingerprint, Fold, of_bytes};
use crate::facts::Facts;
use crate::facts::highlight::highlight;
use crate::sink::store::{self, Loaded, Store};
use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

/// Blobs of the shelf. One code-heavy article in ten is some 100 kB in each, at 10,000 articles.
const SHARDS: usize = 32;
/// What the names of kept code begin with.
const KEPT: &str = "code-";
/// Kept code is of this form. Another program may have other grammars or classes.
const FORM: &str = concat!("code ", env!("MASTHEAD_ENGINE"));
/// Highlighted code of a source, in bytes: about 1,600 lines. What a grammar makes of a long line
/// can take a time that grows as its square, and a guest's article is not to hold up a build.
const MOST: usize = 64 * 1024;

/// The blocks of a source by their hashes; none for what stays plain.
type Blocks = BTreeMap<Fingerprint, Option<String>>;
/// The blocks of some sources, by the hashes of their paths.
type Sources = BTreeMap<Fingerprint, Blocks>;

/// What is kept, as far as it was asked for.
#[derive(Debug, Default)]
pub struct Shelf {
    shards: [Mutex<Option<Shard>>; SHARDS],
    has_news: AtomicBool,
}

#[derive(Debug, Default)]
struct Shard {
    sources: Sources,
    has_news: bool,
}

impl Shelf {
    /// Looks into the shard of a source.
    fn shard<T>(
        &self,
        source: Fingerprint,
        store: &dyn Store,
        look: impl FnOnce(&mut Shard) -> T,
    ) -> T {
        let number = (source.0 % SHARDS as u128) as usize;
        let shard = self.shards[number].lock();
        let mut shard = shard.unwrap_or_else(PoisonError::into_inner);
        look(shard.get_or_insert_with(|| load(store, number)))
    }

    /// Writes what is new. Only sources with code are kept, where they are named.
    pub fn save(&self, store: &dyn Store, all: Option<&mut dyn Iterator<Item = &Facts>>) {
        if !self.has_news.swap(false, Ordering::Relaxed) {
            return;
        }
        let all: Option<HashSet<Fingerprint>> = all.map(|all| {
            let with_code = all.filter(|facts| facts.outline.code);
            with_code
                .map(|facts| of_bytes(facts.path.as_bytes()))
                .collect()
        });
        for (number, shard) in self.shards.iter().enumerate() {
            let mut shard = shard.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(shard) = shard.as_mut()
                && std::mem::take(&mut shard.has_news)
            {
                if let Some(all) = &all {
                    shard.sources.retain(|source, _| all.contains(source));
                }
                // What can't be kept is made again.
                let _ = store::save(store, &name(number), FORM, &shard.sources);
            }
        }
    }
}

fn load(store: &dyn Store, number: usize) -> Shard {
    let sources = match store::load(store, &name(number), FORM) {
        Loaded::Whole(sources) => sources,
        Loaded::Absent | Loaded::Damaged => Sources::new(),
    };
    Shard {
        sources,
        has_news: false,
    }
}

fn name(number: usize) -> String {
    format!("{KEPT}{number}")
}

/// The highlighted code of a source.
pub struct Highlighted<'a> {
    source: Fingerprint,
    shelf: Option<(&'a Shelf, &'a dyn Store)>,
    /// What was kept, and what was asked for.
    before: Blocks,
    now: RefCell<Blocks>,
    /// Bytes of the blocks that were asked for.
    length: Cell<usize>,
}

impl<'a> Highlighted<'a> {
    /// What is kept of a source's code.
    pub fn of(facts: &Facts, shelf: Option<(&'a Shelf, &'a dyn Store)>) -> Highlighted<'a> {
        let source = of_bytes(facts.path.as_bytes());
        let kept = shelf.and_then(|(shelf, store)| {
            shelf.shard(source, store, |shard| shard.sources.get(&source).cloned())
        });
        Highlighted {
            source,
            shelf,
            before: kept.unwrap_or_default(),
            now: RefCell::default(),
            length: Cell::default(),
        }
    }

    /// The HTML of a block.
    pub fn block(&self, language: &str, code: &str) -> Option<String> {
        let mut fold = Fold::new();
        fold.add(language.as_bytes()).add(code.as_bytes());
        let print = fold.finish();
        if let Some(known) = self.now.borrow().get(&print) {
            return known.clone();
        }
        let length = self.length.get() + code.len();
        if length > MOST {
            return None;
        }
        self.length.set(length);
        let made = match self.before.get(&print) {
            Some(kept) => kept.clone(),
            None => highlight(language, code),
        };
        self.now.borrow_mut().insert(print, made.clone());
        made
    }

    /// Puts what was asked for on the shelf, where that is news.
    pub fn keep(self) {
        let now = self.now.into_inner();
        if let Some((shelf, store)) = self.shelf
            && now != self.before
        {
            shelf.has_news.store(true, Ordering::Relaxed);
            shelf.shard(self.source, store, |shard| {
                shard.has_news = true;
                shard.sources.insert(self.source, now);
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sink::store::Memory;

    #[test]
    fn blocks_are_kept_as_long_as_their_source_has_them() {
        let facts = |text: &str| crate::facts::facts("content/a/b.md", text.as_bytes());
        let with = facts("```rust\nlet a;\n```\n");
        assert!(with.outline.code);
        let (store, shelf) = (Memory::default(), Shelf::default());
        let first = Highlighted::of(&with, Some((&shelf, &store)));
        let html = first.block("rust", "let a;\n");
        assert_eq!(
            html.as_deref(),
            Some("<span class=\"keyword\">let</span> a;\n")
        );
        assert!(first.block("sh", "let a;\n").is_some());
        first.keep();
        assert!(store.names(KEPT).is_empty());
        shelf.save(&store, Some(&mut [&with].into_iter()));
        // Another program finds it, and drops what the source has no more.
        let shelf = Shelf::default();
        let second = Highlighted::of(&with, Some((&shelf, &store)));
        assert_eq!(second.before.len(), 2);
        assert_eq!(second.block("rust", "let a;\n"), html);
        second.keep();
        shelf.save(&store, None);
        let shelf = Shelf::default();
        let third = Highlighted::of(&with, Some((&shelf, &store)));
        assert_eq!(third.before.len(), 1);
        // Without code, nothing of it is kept once its shard is written.
        third.keep();
        shelf.save(&store, Some(&mut [&facts("正文")].into_iter()));
        let left = Highlighted::of(&with, Some((&Shelf::default(), &store))).before;
        assert!(left.is_empty());
    }

    #[test]
    fn what_is_too_much_stays_plain() {
        let facts = crate::facts::facts("content/a/b.md", b"");
        let code = Highlighted::of(&facts, None);
        let line = "let a = 1;\n";
        let half = line.repeat(MOST / 2 / line.len());
        assert!(code.block("rust", &half).is_some());
        assert!(code.block("rust", &half).is_some());
        assert!(code.block("sql", &half).is_some());
        assert!(code.block("rust", &line.repeat(9)).is_none());
    }
}

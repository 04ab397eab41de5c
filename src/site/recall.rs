//! What an earlier build found of each article: where its links lead, and what its card says.
//!
//! Both follow from the article and from what lies around it: which pages there are, under which
//! URLs, with which headings, and what lists are called. An edit in a text changes nothing of
//! that, so what was found then still holds for all other articles. What an article says itself
//! and what lies around it are hashed; where both are the same, so is what was found.
//!
//! An article more only adds to what lies around. What was found of the others holds then as well:
//! each link led to a page, and that page is still there. Only a new URL that a link tries before the
//! one that it led to could get in between, so these are looked for.

use super::links::{normal, path_key};
use super::route::CARD;
use super::{Article, List, Route, Site, table_key};
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::base::packed::{self, Fixed};
use foldhash::HashSet;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::hash::BuildHasher;
use std::mem::discriminant;
use std::num::NonZeroU32;

/// What was found of all articles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    around: Around,
    /// What was found of each article, in order.
    #[serde(with = "packed::numbers")]
    articles: Vec<One>,
}

/// What links and cards depend on beside the article itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Around {
    /// The hash of what no article adds to.
    fixed: Fingerprint,
    /// The hash of each channel, tag and source.
    lists: [Vec<Fingerprint>; 3],
    /// URLs.
    urls: Known,
    /// Paths of sources and files.
    paths: Known,
}

/// A table, as the next build is to know it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    /// The hash of its entries, in whatever order.
    sum: u64,
    /// Ascending.
    #[serde(with = "packed::numbers")]
    keys: Vec<u64>,
}

/// What lies around in a site as it is now.
pub(super) struct Surroundings<'a> {
    site: &'a Site,
    fixed: Fingerprint,
    lists: [Vec<Fingerprint>; 3],
    /// The hash of the path, URL and headings of each article, and of each page.
    articles: Vec<u64>,
    pages: Vec<u64>,
    hasher: FixedState,
}

/// The key of an entry of a table, and the hash of it.
type Entry = (u64, u64);

/// How much of what an earlier build found still holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holds {
    /// All around is as it was.
    Same,
    /// Something came to it.
    Grown,
    Nothing,
}

/// What was found of one article.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct One {
    /// The hash of what the article says.
    pub own: Fingerprint,
    /// The hash of where its links lead; 0 where that is to be found each time: where something
    /// was to be said of them, or where one leads into the search's index.
    pub links: Fingerprint,
    /// The hash of its card.
    pub card: Fingerprint,
}

impl Recall {
    /// What was found, and what lay around.
    pub fn of(around: Around, articles: Vec<One>) -> Recall {
        Recall { around, articles }
    }

    /// How much of it still holds.
    pub(super) fn holds(&self, now: &Surroundings) -> Holds {
        let then = &self.around;
        let mut lists = then.lists.iter().zip(&now.lists);
        if then.fixed != now.fixed || !lists.all(|(then, now)| now.starts_with(then)) {
            return Holds::Nothing;
        }
        let (urls, paths) = rayon::join(
            || then.urls.added(|| now.urls()),
            || then.paths.added(|| now.paths()),
        );
        let (Some(urls), Some(paths)) = (urls, paths) else {
            return Holds::Nothing;
        };
        if urls.is_empty() && paths.is_empty() && then.lists == now.lists {
            return Holds::Same;
        }
        match now.site.comes_between(&urls, &paths) {
            true => Holds::Nothing,
            false => Holds::Grown,
        }
    }

    /// What was found of each article that says the same now. Articles stay in their order; new
    /// ones come between them.
    pub(super) fn matched(&self, owns: &[Fingerprint], holds: Holds) -> Matched<'_> {
        /// So many new articles in a row are seen as such.
        const ROW: usize = 64;
        if holds == Holds::Nothing {
            return Matched::default();
        }
        let found = &self.articles;
        let mut at = 0;
        let matched = owns.iter().enumerate().map(|(n, own)| {
            let one = found.get(at)?;
            if one.own == *own {
                at += 1;
                return NonZeroU32::new(at as u32);
            }
            let row = owns[n + 1..].iter().take(ROW);
            if !row.into_iter().any(|later| *later == one.own) {
                at += 1;
            }
            None
        });
        Matched {
            found,
            places: matched.collect(),
            has_grown: holds == Holds::Grown,
        }
    }

    /// What lay around.
    pub(super) fn around(&self) -> &Around {
        &self.around
    }

    /// Whether it knows of these articles, and of no others.
    pub(super) fn is_of(&self, owns: &[Fingerprint]) -> bool {
        self.articles.iter().map(|one| &one.own).eq(owns)
    }
}

/// What was found of the articles that say the same now, by their numbers now.
#[derive(Default)]
pub(super) struct Matched<'a> {
    found: &'a [One],
    /// The places of these, counted from 1.
    places: Vec<Option<NonZeroU32>>,
    has_grown: bool,
}

impl<'a> Matched<'a> {
    /// What was found of an article. Where something came to the portal, a link or picture that led
    /// nowhere may lead somewhere now.
    pub(super) fn of(&self, n: usize) -> Option<&'a One> {
        let place = (*self.places.get(n)?)?;
        let one = self.found.get(place.get() as usize - 1);
        one.filter(|one| !self.has_grown || one.links.0 != 0)
    }
}

impl Known {
    fn of(entries: impl Iterator<Item = Entry>) -> Known {
        let mut sum = 0u64;
        let keys = entries.map(|(key, hash)| {
            sum = sum.wrapping_add(hash);
            key
        });
        let mut keys: Vec<u64> = keys.collect();
        keys.par_sort_unstable();
        Known { sum, keys }
    }

    /// The keys that a table has beyond this one; none where it doesn't have all of this one's
    /// entries as they were.
    fn added<I: Iterator<Item = Entry>>(&self, entries: impl Fn() -> I) -> Option<Vec<u64>> {
        let add =
            |(count, sum): (usize, u64), (_, hash): Entry| (count + 1, sum.wrapping_add(hash));
        if entries().fold((0, 0), add) == (self.keys.len(), self.sum) {
            return Some(Vec::new());
        }
        let known: HashSet<u64> = self.keys.iter().copied().collect();
        let (mut old, mut added) = ((0, 0), Vec::new());
        for entry in entries() {
            match known.contains(&entry.0) {
                true => old = add(old, entry),
                false => added.push(entry.0),
            }
        }
        (old == (self.keys.len(), self.sum)).then_some(added)
    }
}

impl From<Surroundings<'_>> for Around {
    fn from(now: Surroundings) -> Around {
        let (urls, paths) = rayon::join(|| Known::of(now.urls()), || Known::of(now.paths()));
        Around {
            fixed: now.fixed,
            lists: now.lists,
            urls,
            paths,
        }
    }
}

impl Surroundings<'_> {
    fn urls(&self) -> impl Iterator<Item = Entry> {
        self.site.table.iter().map(|entry| self.entry(entry))
    }

    fn paths(&self) -> impl Iterator<Item = Entry> {
        self.site.by_path.iter().map(|entry| self.entry(entry))
    }

    /// Numbers of articles, pages and files change where one comes between: what they are does not.
    fn entry(&self, (key, route): (&u64, &Route)) -> Entry {
        let kind = discriminant(route);
        let hash = match *route {
            Route::Article(n) | Route::Twin(n) => {
                self.hasher.hash_one((key, kind, self.articles[n as usize]))
            }
            Route::Page(n) => self.hasher.hash_one((key, kind, self.pages[n as usize])),
            Route::Static(_) | Route::File(_) | Route::Picture(..) => {
                let (url, owner) = (self.site.url(*route), self.site.owner(*route));
                // What pages say of a picture is in its file.
                let picture = self.site.pictures.of_file(*route);
                let picture = picture.map(|picture| picture.print.0);
                self.hasher.hash_one((key, kind, url, owner, picture))
            }
            route => self.hasher.hash_one((key, route)),
        };
        (*key, hash)
    }
}

impl Fixed for One {
    const SIZE: usize = 3 * u128::SIZE;

    fn put(&self, to: &mut Vec<u8>) {
        for print in [self.own, self.links, self.card] {
            print.0.put(to);
        }
    }

    fn take(bytes: &[u8]) -> Option<One> {
        let mut prints = bytes.chunks_exact(u128::SIZE).map(u128::take);
        let mut next = || prints.next().flatten().map(Fingerprint);
        Some(One {
            own: next()?,
            links: next()?,
            card: next()?,
        })
    }
}

impl Site {
    /// What links and cards depend on beside the article itself. A portal in several editions has
    /// none: there each of them has links of its own. With it comes the hash of what each article
    /// says.
    pub(super) fn surroundings(&self) -> Option<(Surroundings<'_>, Vec<Fingerprint>)> {
        if self.editions.len() > 1 {
            return None;
        }
        let mut fold = Fold::new();
        fold.add(format!("{:?}", self.config).as_bytes())
            .add(&[u8::from(self.font.is_some())]);
        for (path, shadow) in &self.shadows {
            fold.add(path.as_bytes())
                .add(format!("{shadow:?}").as_bytes());
        }
        let lists = [
            (&self.channels, List::Channel as fn(u32) -> List),
            (&self.tags, List::Tag),
            (&self.sources, List::Source),
        ];
        let lists = lists.map(|(named, list)| {
            let prints = named.par_iter().enumerate().map(|(n, named)| {
                let mut fold = Fold::new();
                fold.add_print(self.anchor_print(list(n as u32)));
                if matches!(list(n as u32), List::Channel(_)) {
                    fold.add(named.slug.as_bytes())
                        .add(format!("{:?}", named.record).as_bytes());
                }
                fold.finish()
            });
            prints.collect()
        });
        let hasher = FixedState::default();
        let articles = self.articles.par_iter().map(|article| {
            let facts = &article.facts;
            let flags = [facts.title.is_empty(), facts.meta.image.is_none()];
            let headings = facts.outline.headings.as_bytes();
            let is = hasher.hash_one((&facts.path, &article.url, headings, flags));
            (is, own(article, is))
        });
        let (articles, owns): (Vec<u64>, Vec<Fingerprint>) = articles.unzip();
        let pages = self.pages.iter().map(|page| {
            let headings = page.facts.outline.headings.as_bytes();
            hasher.hash_one((&page.facts.path, &page.url, headings))
        });
        let pages: Vec<u64> = pages.collect();
        let around = Surroundings {
            site: self,
            fixed: fold.finish(),
            lists,
            articles,
            pages,
            hasher,
        };
        Some((around, owns))
    }

    /// Whether any of some new URLs is tried by a link that led elsewhere before. A link that begins
    /// with a slash is looked up as a URL, then as one with a slash more, then as a source; to one
    /// of the new `paths` none led.
    fn comes_between(&self, urls: &[u64], paths: &[u64]) -> bool {
        let paths: HashSet<u64> = paths.iter().copied().collect();
        let is_source = |url: &str| {
            let path = ["content", url].concat();
            let path = normal(&path);
            let is_known = self.by_path(&path).is_some() || self.shadows.contains_key(&*path);
            is_known && !paths.contains(&path_key(&path))
        };
        let is_tried = |key: &u64| {
            let Some(route) = self.table.get(key) else {
                return true;
            };
            let url = self.url(*route);
            match url.strip_suffix('/') {
                // A card that is drawn is in no table.
                _ if url.ends_with(CARD) => true,
                None => is_source(&url) || self.table.contains_key(&table_key(&(url + "/"))),
                Some(bare) => is_source(bare) || is_source(&url),
            }
        };
        urls.iter().any(is_tried)
    }
}

/// The hash of what links and cards depend on in an article; `is` is the hash of the article's path and URL.
fn own(article: &Article, is: u64) -> Fingerprint {
    let mut fold = Fold::new();
    fold.add_print(article.facts.digest)
        .add(&is.to_le_bytes())
        .add(&article.date.unwrap_or(i64::MIN).to_le_bytes())
        .add(&[u8::from(article.inferred), u8::from(article.facts.unpicked)])
        .add(&article.channel.to_le_bytes())
        .add(&article.source.unwrap_or(u32::MAX).to_le_bytes());
    for tag in &article.tags {
        fold.add(&tag.to_le_bytes());
    }
    fold.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print(n: usize) -> Fingerprint {
        Fingerprint(n as u128 * 7)
    }

    fn one(n: usize) -> One {
        One {
            own: print(n),
            links: print(n + 1),
            card: print(n + 2),
        }
    }

    #[test]
    fn what_was_found_comes_back() {
        let known = |keys: &[u64]| Known::of(keys.iter().map(|key| (*key, key + 1)));
        let around = Around {
            fixed: print(3),
            lists: [vec![print(1)], vec![], vec![print(4), print(5)]],
            urls: known(&[5, 3]),
            paths: known(&[]),
        };
        let recall = Recall::of(around, (0..9).map(one).collect());
        let bytes = postcard::to_extend(&recall, Vec::new()).unwrap();
        let back: Recall = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(back, recall);
        assert!(postcard::from_bytes::<Recall>(&bytes[..bytes.len() - 1]).is_err());
        let nothing = (print(3), [0u8; 3], [0u8; 4]);
        let torn = |rest: &[u8]| {
            let mut bytes = postcard::to_extend(&nothing, Vec::new()).unwrap();
            bytes.extend_from_slice(rest);
            postcard::from_bytes::<Recall>(&bytes)
        };
        assert!(torn(&[0]).is_ok());
        assert!(torn(&[1, 40]).is_err());
        assert!(torn(&[[47].as_slice(), &[0; 47]].concat()).is_err());
    }

    #[test]
    fn a_table_has_all_that_was_known_and_more_or_is_another() {
        let entries = |all: &[(u64, u64)]| -> Vec<Entry> {
            all.iter().map(|(key, is)| (*key, key * 10 + is)).collect()
        };
        let known = Known::of(entries(&[(7, 1), (3, 2), (5, 3)]).into_iter());
        assert_eq!(known.keys, [3, 5, 7]);
        let added = |all: &[(u64, u64)]| known.added(|| entries(all).into_iter());
        assert_eq!(added(&[(5, 3), (3, 2), (7, 1)]), Some(vec![]));
        assert_eq!(
            added(&[(4, 9), (3, 2), (7, 1), (5, 3), (1, 1)]),
            Some(vec![4, 1])
        );
        assert_eq!(added(&[(5, 3), (3, 2), (7, 2)]), None, "an entry says more");
        assert_eq!(
            added(&[(5, 3), (3, 2), (8, 1)]),
            None,
            "one goes, one comes"
        );
        assert_eq!(added(&[(5, 3), (3, 2), (8, 1), (9, 1)]), None);
        assert_eq!(added(&[(5, 3), (3, 2)]), None, "one is gone");
        assert_eq!(Known::default().added(std::iter::empty), Some(vec![]));
    }

    #[test]
    fn articles_are_matched_where_others_came_between_or_changed() {
        let recall = Recall::of(Around::default(), (0..6).map(one).collect());
        let matched = |owns: &[usize]| -> Vec<Option<usize>> {
            let owns: Vec<Fingerprint> = owns.iter().map(|n| print(*n)).collect();
            let found = recall.matched(&owns, Holds::Same);
            let number = |one: &One| (one.own.0 / 7) as usize;
            (0..owns.len()).map(|n| found.of(n).map(number)).collect()
        };
        let all = [0, 1, 2, 3, 4, 5].map(Some);
        assert_eq!(matched(&[0, 1, 2, 3, 4, 5]), all);
        assert_eq!(matched(&[0, 1, 2, 3, 4, 5, 99])[..6], all);
        assert_eq!(matched(&[0, 1, 2, 3, 4, 5, 99])[6], None);
        assert_eq!(matched(&[99, 98, 0, 1, 2, 3, 4, 5])[2..], all);
        assert_eq!(
            matched(&[0, 99, 2, 98, 3, 4, 97]),
            [Some(0), None, Some(2), None, Some(3), Some(4), None]
        );
        assert_eq!(matched(&[]), []);
        let unsure = One {
            links: Fingerprint(0),
            ..one(0)
        };
        let recall = Recall::of(Around::default(), vec![unsure, one(1)]);
        let held = |holds| {
            let found = recall.matched(&[print(0), print(1)], holds);
            [found.of(0).is_some(), found.of(1).is_some()]
        };
        assert_eq!(held(Holds::Same), [true, true]);
        assert_eq!(held(Holds::Grown), [false, true]);
    }
}

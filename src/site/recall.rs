//! What an earlier build found of each article: where its links lead, and what its card says.
//!
//! Both follow from the article and from what lies around it: which pages there are, under which
//! URLs, with which headings, and what lists are called. An edit in a text changes nothing of
//! that, so what was found then still holds for all other articles. What an article says itself
//! and what lies around it are hashed; where both are the same, so is what was found.

use super::{Article, List, Route, Site};
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::base::packed;
use foldhash::HashMap;
use foldhash::fast::FixedState;
use rayon::prelude::*;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::hash::BuildHasher;

/// What was found of all articles.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recall {
    around: Fingerprint,
    articles: Ones,
}

/// What was found of each article, in order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Ones(Vec<One>);

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
    /// What was found, by the hash of what lies around.
    pub fn of(around: Fingerprint, articles: Vec<One>) -> Recall {
        let articles = Ones(articles);
        Recall { around, articles }
    }

    /// What was found of the articles, if the same lay around them as now.
    pub fn articles(&self, around: Fingerprint) -> &[One] {
        match self.around == around {
            true => &self.articles.0,
            false => &[],
        }
    }
}

impl Serialize for Ones {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(self.0.len() * 48);
        for one in &self.0 {
            for print in [one.own, one.links, one.card] {
                bytes.extend_from_slice(&print.0.to_le_bytes());
            }
        }
        packed::serialize(&bytes, serializer)
    }
}

impl<'de> Deserialize<'de> for Ones {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Ones, D::Error> {
        packed::deserialize(deserializer, |bytes| {
            let (prints, rest) = bytes.as_chunks::<16>();
            let print = |bytes: &[u8; 16]| Fingerprint(u128::from_le_bytes(*bytes));
            let ones = prints.chunks_exact(3).map(|three| One {
                own: print(&three[0]),
                links: print(&three[1]),
                card: print(&three[2]),
            });
            (rest.is_empty() && prints.len().is_multiple_of(3)).then(|| Ones(ones.collect()))
        })
    }
}

impl Site {
    /// The hash of what links and cards depend on beside the article itself. A portal in several
    /// editions has none: there each of them has links of its own.
    pub(super) fn around(&self) -> Option<Fingerprint> {
        if self.editions.len() > 1 {
            return None;
        }
        let (urls, paths) = rayon::join(|| sum(&self.table), || sum(&self.by_path));
        let mut fold = Fold::new();
        fold.add(format!("{:?}", self.config).as_bytes())
            .add(&urls.to_le_bytes())
            .add(&paths.to_le_bytes())
            .add(&[u8::from(self.font.is_some())]);
        for (path, shadow) in &self.shadows {
            fold.add(path.as_bytes())
                .add(format!("{shadow:?}").as_bytes());
        }
        for picture in &self.pictures.all {
            fold.add(picture.path.as_bytes())
                .add_print(picture.digest)
                .add_print(picture.print);
        }
        // What a link finds in an article: its headings, and whether there is a social card.
        for article in &self.articles {
            let facts = &article.facts;
            let own = [facts.title.is_empty(), facts.meta.image.is_none()];
            fold.add(facts.outline.headings.as_bytes())
                .add(&own.map(u8::from));
        }
        for page in &self.pages {
            fold.add(page.facts.outline.headings.as_bytes());
        }
        for channel in &self.channels {
            fold.add(channel.slug.as_bytes());
            fold.add(format!("{:?}", channel.record).as_bytes());
        }
        let lists = [
            (&self.channels, List::Channel as fn(u32) -> List),
            (&self.tags, List::Tag),
            (&self.sources, List::Source),
        ];
        for (named, list) in lists {
            let numbers = (0..named.len() as u32).into_par_iter();
            let prints: Vec<Fingerprint> = numbers.map(|n| self.anchor_print(list(n))).collect();
            fold.add(b"-");
            for print in prints {
                fold.add_print(print);
            }
        }
        Some(fold.finish())
    }

    /// The hash of what links and cards depend on in the article.
    pub(super) fn own(&self, article: &Article) -> Fingerprint {
        let mut fold = Fold::new();
        fold.add_print(article.facts.digest)
            .add(&article.date.unwrap_or(i64::MIN).to_le_bytes())
            .add(&[u8::from(article.inferred), u8::from(article.facts.unpicked)])
            .add(&article.channel.to_le_bytes())
            .add(&article.source.unwrap_or(u32::MAX).to_le_bytes());
        for tag in &article.tags {
            fold.add(&tag.to_le_bytes());
        }
        fold.finish()
    }
}

/// The hash of a table, in whatever order it gives its entries.
fn sum(table: &HashMap<u64, Route>) -> u64 {
    let hasher = FixedState::default();
    let all = table.iter().map(|entry| hasher.hash_one(entry));
    all.fold(0, u64::wrapping_add)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_found_comes_back() {
        let print = |n: usize| Fingerprint(n as u128 * 7);
        let one = |n| One {
            own: print(n),
            links: print(n + 1),
            card: print(n + 2),
        };
        let recall = Recall::of(print(3), (0..9).map(one).collect());
        let bytes = postcard::to_extend(&recall, Vec::new()).unwrap();
        let back: Recall = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(back, recall);
        assert_eq!(back.articles(print(3)), recall.articles.0);
        assert!(back.articles(print(4)).is_empty());
        let torn = postcard::to_extend(&(print(3), [1u8, 40, 0]), Vec::new()).unwrap();
        assert!(postcard::from_bytes::<Recall>(&torn).is_err());
    }

    #[test]
    fn a_table_is_hashed_in_any_order() {
        let entries = |all: &[u32]| -> HashMap<u64, Route> {
            let entry = |n: &u32| (u64::from(*n), Route::Article(n + 1));
            all.iter().map(entry).collect()
        };
        assert_eq!(sum(&entries(&[1, 2, 3])), sum(&entries(&[3, 1, 2])));
        assert_ne!(sum(&entries(&[1, 2, 3])), sum(&entries(&[1, 2, 4])));
    }
}

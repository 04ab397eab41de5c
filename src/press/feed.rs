//! Feeds: made of cards, like every list; those of the home list and of channels hold the bodies
//! of their articles as well, which are made when the feed is rendered.

use super::absolute::absolute;
use super::view::{FeedImage, FeedItem, FeedView};
use super::{Press, Shown, Words, address, article, bodies};
use crate::base::date::{rfc822, rfc3339};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::Fold;
use crate::site::{Format, InEdition, List, Route};
use crate::source::Source;
use std::sync::{Arc, Mutex, PoisonError};

/// Articles of a feed.
const ITEMS: usize = 20;

/// How many bodies are held for the next feed, at least as many as one feed holds.
const HELD: usize = 32;

/// An article's number, and its body as feeds hold it.
type Content = (u32, Arc<str>);

/// Bodies as feeds hold them. The feeds of a list are made one after the other, and hold the same.
pub struct Contents {
    /// That of article `n` lies in slot `n` modulo their number.
    slots: [Mutex<Option<Content>>; HELD],
}

impl Default for Contents {
    fn default() -> Contents {
        Contents {
            slots: std::array::from_fn(|_| Mutex::default()),
        }
    }
}

impl Contents {
    /// That of an article. Who wants one that is being made waits for it.
    fn of<E>(&self, n: u32, make: impl FnOnce() -> Result<String, E>) -> Result<Arc<str>, E> {
        let slot = &self.slots[n as usize % HELD];
        let mut held = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, content)) = held.as_ref().filter(|(own, _)| *own == n) {
            return Ok(Arc::clone(content));
        }
        let content: Arc<str> = make()?.into();
        *held = Some((n, Arc::clone(&content)));
        Ok(content)
    }
}

/// The feed of a list.
pub fn feed<'a>(site: InEdition<'a>, words: &Words, list: List, format: Format) -> FeedView<'a> {
    let zone = &site.config.zone;
    let newest: Vec<u32> = site
        .members(list)
        .iter()
        .rev()
        .take(ITEMS)
        .copied()
        .collect();
    let date = |n: u32| site.articles[n as usize].date.map(|at| rfc822(at, zone));
    let iso = |at: Option<i64>| at.map(|at| rfc3339(at, zone));
    let item = |n: &u32| FeedItem {
        card: site.card_ref(*n),
        date: date(*n),
        published: iso(site.articles[*n as usize].date),
        updated: iso(site.articles[*n as usize]
            .updated
            .max(site.articles[*n as usize].date)),
        authors: authors(site, *n),
        source_url: site.articles[*n as usize].facts.meta.source_url.clone(),
        image: image(site, *n),
        content: None,
    };
    let name = super::list::list_title(site, words, list);
    let title = match list {
        List::Home => name,
        _ => format!("{name} - {}", site.list_name(List::Home)),
    };
    FeedView {
        title,
        description: super::list::description(site, list)
            .or_else(|| site.own_or(site.config.description.as_deref())),
        address: site.address(Route::Hub(list)),
        own_address: site.address(Route::Feed(list, format)),
        hub: site.config.feeds.websub.clone(),
        date: newest.first().and_then(|n| date(*n)),
        updated: newest
            .iter()
            .filter_map(|n| {
                let article = &site.articles[*n as usize];
                article.updated.max(article.date)
            })
            .max()
            .map(|at| rfc3339(at, zone)),
        items: newest.iter().map(item).collect(),
    }
}

/// Whether a feed holds whole articles.
pub fn is_full(site: InEdition, list: List) -> bool {
    site.config.feeds.full && matches!(list, List::Home | List::Channel(_))
}

/// Folds what a feed is made of, without making it: a list has three of them.
pub fn fold_feed(site: InEdition, list: List, format: Format, fold: &mut Fold) {
    let is_full = is_full(site, list);
    fold.add(site.url(Route::Feed(list, format)).as_bytes())
        .add_print(site.anchor_print(list))
        .add(super::list::written(site, list).unwrap_or("").as_bytes())
        .add(&[u8::from(is_full)]);
    for n in site.members(list).iter().rev().take(ITEMS) {
        let article = &site.articles[*n as usize];
        let source_url = article.facts.meta.source_url.as_deref();
        // The card has the picture.
        fold.add_print(site.card_print(*n))
            .add(&article.date.unwrap_or(i64::MIN).to_le_bytes())
            .add(&article.updated.unwrap_or(i64::MIN).to_le_bytes())
            .add(source_url.unwrap_or("").as_bytes())
            .add(&(article.authors.len() as u32).to_le_bytes());
        for person in &article.authors {
            fold.add_print(site.anchor_print(List::Person(*person)));
        }
        if is_full {
            article::fold_source(site, &article.facts, Route::Article(*n), fold);
        }
    }
}

/// A feed with the bodies of its articles.
///
/// # Errors
/// A source that can't be read, or that was changed in the meantime.
pub fn with_bodies<'a>(
    press: &Press<'a>,
    feed: &FeedView<'a>,
    source: &dyn Source,
) -> Result<FeedView<'a>, Diagnostic> {
    let mut feed = feed.clone();
    let origin = address(press.site, "/");
    for item in &mut feed.items {
        let n = item.card.article;
        let make = || {
            let route = Route::Article(n);
            let html = bodies(&[press.site], route, source, press.galleys, Shown::InFeed)?
                .pop()
                .unwrap_or_default();
            let page = press.site.address(route);
            Ok(absolute(html.trim(), origin.trim_end_matches('/'), &page))
        };
        let html = press.contents.of(n, make)?;
        item.content = Some(html).filter(|html| !html.is_empty());
    }
    Ok(feed)
}

fn image(site: InEdition, n: u32) -> Option<FeedImage> {
    let article = &site.articles[n as usize].facts;
    let (src, image) = site.image(n).zip(article.meta.image.as_ref())?;
    let name = src.split(['?', '#']).next().unwrap_or(&src);
    Some(FeedImage {
        kind: mime_guess::from_path(name).first_raw(),
        address: address(site, &src),
        alt: site.say(&image.alt, article.origin()).into_owned(),
    })
}

fn authors(site: InEdition, n: u32) -> Vec<String> {
    let article = &site.articles[n as usize];
    article
        .authors
        .iter()
        .map(|n| site.list_name(List::Person(*n)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_feed_holds_the_next_one_does_not_make() {
        let contents = Contents::default();
        let made = std::cell::Cell::new(0);
        let feed = |articles: std::ops::Range<u32>| {
            for n in articles.rev() {
                let make = || {
                    made.set(made.get() + 1);
                    Ok::<_, ()>(n.to_string())
                };
                assert_eq!(contents.of(n, make).as_deref(), Ok(&*n.to_string()));
            }
        };
        feed(80..100);
        feed(80..100);
        feed(80..100);
        assert_eq!(made.get(), 20);
        feed(79..99);
        assert_eq!(made.get(), 21);
        feed(79 + HELD as u32..80 + HELD as u32);
        assert_eq!(made.get(), 22, "another article in the place of one");
        assert_eq!(contents.of(200, || Err(())), Err(()));
    }
}

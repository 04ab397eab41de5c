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

/// Articles of a feed.
const ITEMS: usize = 20;

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
        let route = Route::Article(item.card.article);
        let html = bodies(&[press.site], route, source, press.galleys, Shown::InFeed)?
            .pop()
            .unwrap_or_default();
        let page = press.site.address(route);
        let html = absolute(html.trim(), origin.trim_end_matches('/'), &page);
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

//! Feeds: made of cards, like every list.

use super::Words;
use super::view::{FeedItem, FeedView};
use crate::base::date::{rfc822, rfc3339};
use crate::site::{Format, InEdition, List, Route};

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

fn authors(site: InEdition, n: u32) -> Vec<String> {
    let article = &site.articles[n as usize];
    article
        .authors
        .iter()
        .map(|n| site.list_name(List::Person(*n)))
        .collect()
}

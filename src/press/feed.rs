//! RSS feeds: made of cards, like every list.

use super::view::{FeedItem, FeedView};
use crate::base::date::rfc822;
use crate::site::{List, Route, Site};

/// Articles of a feed.
const ITEMS: usize = 20;

/// The feed of a list.
pub fn feed(site: &Site, list: List) -> FeedView<'_> {
    let zone = &site.config.zone;
    let newest: Vec<u32> = site
        .members(list)
        .iter()
        .rev()
        .take(ITEMS)
        .copied()
        .collect();
    let date = |n: u32| site.articles[n as usize].date.map(|at| rfc822(at, zone));
    let item = |n: &u32| FeedItem {
        card: site.card_ref(*n),
        date: date(*n),
        authors: authors(site, *n),
    };
    let name = site.list_name(list);
    let title = match list {
        List::Home => name.to_string(),
        _ => format!("{name} - {}", site.config.title),
    };
    FeedView {
        title,
        description: super::list::description(site, list)
            .or_else(|| site.config.description.clone()),
        address: site.address(Route::Hub(list)),
        own_address: site.address(Route::Feed(list)),
        date: newest.first().and_then(|n| date(*n)),
        items: newest.iter().map(item).collect(),
    }
}

fn authors(site: &Site, n: u32) -> Vec<String> {
    let article = &site.articles[n as usize];
    article
        .authors
        .iter()
        .map(|n| site.people[*n as usize].name.clone())
        .collect()
}

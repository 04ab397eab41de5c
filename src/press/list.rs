//! Hubs and leaves: the home page, and the pages of channels, tags, sources and people.
//!
//! A leaf reads only the past and never changes again; what moves (counts, descriptions, the
//! newest articles) stands on the hub.

use super::view::{Block, Counted, HomeView, ListView, Pager, Text};
use super::{Head, Words, feed_link, head};
use crate::base::text::script::language;
use crate::site::card::CardRef;
use crate::site::route::has_feed;
use crate::site::{Index, List, Route, Site};
use std::collections::HashMap;

/// Stories beside the lead.
const TOP: usize = 4;
/// Articles of a channel's block on the home page.
const BLOCK: usize = 5;
/// Hot tags, and how many of the newest articles are asked for them.
const HOT_TAGS: usize = 24;
const HOT_AMONG: usize = 200;
/// Below this many articles a tag's page is no use to a search engine.
const THIN: usize = 2;

/// The kind of a list's pages.
pub fn kind(list: List) -> &'static str {
    match list {
        List::Home => "latest",
        List::Channel(_) => "channel",
        List::Tag(_) => "tag",
        List::Source(_) => "source",
        List::Person(_) => "person",
    }
}

/// The home page.
pub fn home(site: &Site) -> HomeView<'_> {
    let mut newest: Vec<u32> = newest_first(site, List::Home);
    let lead = newest
        .iter()
        .position(|n| site.articles[*n as usize].facts.meta.lead)
        .unwrap_or(0);
    let lead = (!newest.is_empty()).then(|| newest.remove(lead));
    let top: Vec<u32> = newest.drain(..TOP.min(newest.len())).collect();
    let above: Vec<u32> = lead.iter().chain(&top).copied().collect();
    let cards = |numbers: &[u32]| numbers.iter().map(|n| site.card_ref(*n)).collect();
    let page = Head {
        description: site.config.description.clone(),
        ..head(site, "home", &site.config.title, Route::Hub(List::Home))
    };
    HomeView {
        page,
        lead: lead.map(|n| site.card_ref(n)),
        top: cards(&top),
        stream: cards(&newest),
        blocks: blocks(site, &above),
        hot_tags: hot_tags(site),
        pager: hub_pager(site, List::Home),
    }
}

fn blocks<'a>(site: &'a Site, above: &[u32]) -> Vec<Block<'a>> {
    let block = |n: u32| {
        let members = site.members(List::Channel(n)).iter().rev();
        let below = members.filter(|n| !above.contains(n)).take(BLOCK);
        let cards: Vec<CardRef> = below.map(|n| site.card_ref(*n)).collect();
        (!cards.is_empty()).then(|| Block {
            channel: site.anchor(List::Channel(n)),
            cards,
        })
    };
    (0..site.channels.len() as u32).filter_map(block).collect()
}

fn hot_tags(site: &Site) -> Vec<Counted> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    for article in site.articles.iter().rev().take(HOT_AMONG) {
        article
            .tags
            .iter()
            .for_each(|tag| *counts.entry(*tag).or_default() += 1);
    }
    let mut tags: Vec<(u32, u32)> = counts.into_iter().collect();
    tags.sort_by_key(|(tag, count)| (std::cmp::Reverse(*count), *tag));
    tags.truncate(HOT_TAGS);
    tags.into_iter()
        .map(|(tag, count)| Counted {
            count,
            ..counted(site, List::Tag(tag))
        })
        .collect()
}

/// A list's name, with the number of its articles.
pub fn counted(site: &Site, list: List) -> Counted {
    let anchor = site.anchor(list);
    let record = record(site, list);
    Counted {
        name: anchor.name,
        url: anchor.url,
        lang: anchor.lang,
        count: site.members(list).len() as u32,
        description: record.and_then(|record| record.description.clone()),
        role: record.and_then(|record| record.role.clone()),
    }
}

/// What configuration or data say of a list.
pub fn description(site: &Site, list: List) -> Option<String> {
    record(site, list)?.description.clone()
}

fn record(site: &Site, list: List) -> Option<&crate::site::records::Record> {
    match list {
        List::Home => None,
        List::Channel(n) => Some(&site.channels[n as usize].record),
        List::Tag(n) => Some(&site.tags[n as usize].record),
        List::Source(n) => Some(&site.sources[n as usize].record),
        List::Person(n) => Some(&site.people[n as usize].record),
    }
}

fn newest_first(site: &Site, list: List) -> Vec<u32> {
    let members = site.members(list);
    let hub = site.cut(list).hub();
    members[hub.start as usize..hub.end as usize]
        .iter()
        .rev()
        .copied()
        .collect()
}

/// The newest page of a list.
pub fn hub<'a>(site: &'a Site, words: &Words, list: List) -> ListView<'a> {
    let record = record(site, list);
    let count = site.members(list).len();
    let mut view = base(
        site,
        words,
        list,
        Route::Hub(list),
        newest_first(site, list),
        hub_pager(site, list),
    );
    view.description = record.and_then(|record| record.description.clone());
    view.aliases = record
        .map(|record| record.aliases.clone())
        .unwrap_or_default();
    view.sort = record.and_then(|record| record.kind.clone());
    view.role = record.and_then(|record| record.role.clone());
    view.website = record.and_then(|record| record.url.clone());
    view.count = Some(count as u32);
    view.page.description.clone_from(&view.description);
    view.page.noindex = matches!(list, List::Tag(_)) && count < THIN;
    view
}

/// A full page of a list.
pub fn leaf<'a>(site: &'a Site, words: &Words, list: List, number: u32) -> ListView<'a> {
    let cut = site.cut(list);
    let range = cut.leaf(number);
    let members = &site.members(list)[range.start as usize..range.end as usize];
    let newest = site.href(Route::Hub(list));
    let newer = cut
        .newer(number)
        .map(|newer| site.href(Route::Leaf(list, newer)));
    let pager = Pager {
        number: Some(number),
        older: (number > 1).then(|| site.href(Route::Leaf(list, number - 1))),
        newer: newer.or_else(|| Some(newest.clone())),
        newest,
    };
    let cards = members.iter().rev().copied().collect();
    base(site, words, list, Route::Leaf(list, number), cards, pager)
}

fn hub_pager(site: &Site, list: List) -> Pager {
    let leaves = site.leaf_count(list);
    Pager {
        number: None,
        older: (leaves > 0).then(|| site.href(Route::Leaf(list, leaves))),
        newer: None,
        newest: site.href(Route::Hub(list)),
    }
}

fn base<'a>(
    site: &'a Site,
    words: &Words,
    list: List,
    route: Route,
    numbers: Vec<u32>,
    pager: Pager,
) -> ListView<'a> {
    let name = site.list_name(list);
    let mut page = head(site, kind(list), name, route);
    page.crumbs = crumbs(site, words, list);
    if has_feed(list) && list != List::Home {
        page.feeds.push(feed_link(site, list));
    }
    if let List::Channel(n) = list {
        page.channel = Some(site.channels[n as usize].slug.clone());
    }
    ListView {
        page,
        name: Text {
            text: name.to_string(),
            lang: language(name),
        },
        description: None,
        sort: None,
        role: None,
        aliases: Vec::new(),
        website: None,
        count: None,
        cards: numbers.into_iter().map(|n| site.card_ref(n)).collect(),
        pager,
    }
}

fn crumbs(site: &Site, words: &Words, list: List) -> Vec<crate::site::card::Anchor> {
    let mut crumbs = vec![site.anchor(List::Home)];
    let index = match list {
        List::Tag(_) => Some(Index::Tags),
        List::Source(_) => Some(Index::Sources),
        List::Person(_) => Some(Index::People),
        List::Home | List::Channel(_) => None,
    };
    crumbs.extend(index.map(|index| super::index::anchor(site, words, index)));
    crumbs
}

//! The home page: what is pinned and led with, blocks, rankings and the latest.
//!
//! No article stands twice in what is pinned, led with and in blocks, nor does a copy of one; the
//! stream of the latest leaves out what stands at the very top.

use super::docs::sections;
use super::group::{by_span, enough, folded, stories};
use super::list::{counted, hub_pager, newest_first};
use super::view::{Block, Counted, HomeView, Rank};
use super::{Head, beijing_of, head};
use crate::facts::Kind;
use crate::site::calendar::Span;
use crate::site::card::CardRef;
use crate::site::{InEdition, List, Route};
use foldhash::{HashMap, HashMapExt};
use std::cmp::Reverse;

/// Stories beside the lead.
const TOP: usize = 4;
/// Articles of a channel's block.
const BLOCK: usize = 5;
/// Articles of a ranking.
const RANK: usize = 10;
/// Flashes.
const FLASHES: usize = 8;
/// Hot tags, and how many of the newest articles are asked for them.
const HOT_TAGS: usize = 24;
const HOT_AMONG: usize = 200;
/// The newest articles among which leads and picks are looked for; of a block's list, copies.
const RECENT: usize = 100;

/// The home page.
pub fn home(site: InEdition<'_>) -> HomeView<'_> {
    let mut front = front(site);
    let at_the_top: Vec<u32> = front
        .iter()
        .flat_map(|card| card.also.iter().chain([&card.article]).copied())
        .collect();
    let stream: Vec<u32> = newest_first(site, List::Home)
        .into_iter()
        .filter(|n| !at_the_top.contains(n))
        .collect();
    let blocks = blocks(site, at_the_top);
    let top = front.split_off(front.len().min(1));
    let page = Head {
        description: site.own_or(site.config.description.as_deref()),
        beijing: beijing_of(site, site.members(List::Home).last()),
        ..head(
            site,
            "home",
            &site.list_name(List::Home),
            Route::Hub(List::Home),
        )
    };
    HomeView {
        page,
        lead: front.pop(),
        top,
        stream: by_span(site, Span::Day, &stream),
        blocks,
        rank: rank(site),
        flashes: site
            .flashes
            .iter()
            .rev()
            .take(FLASHES)
            .map(|n| site.card_ref(*n))
            .collect(),
        topics: (0..site.topics.len() as u32)
            .map(|n| counted(site, List::Topic(n)))
            .collect(),
        hot_tags: hot_tags(site),
        pager: hub_pager(site, List::Home),
        docs: match site.is_docs_alone() {
            true => sections(site, Route::Hub(List::Home)),
            false => Vec::new(),
        },
    }
}

/// The articles at the top: pinned ones, then leads, then by weight, then the newest. Of those that
/// tell the same, the one that stands first by an editor's word leads, else the oldest.
fn front(site: InEdition<'_>) -> Vec<CardRef<'_>> {
    let recent: Vec<u32> = site
        .members(List::Home)
        .iter()
        .rev()
        .take(RECENT)
        .copied()
        .collect();
    let meta = |n: &u32| &site.articles[*n as usize].facts.meta;
    let mut front: Vec<u32> = site.pinned.clone();
    let lead = recent.iter().find(|n| meta(n).lead);
    front.extend(lead.filter(|n| !front.contains(n)).copied());
    let chosen = front.len();
    let mut rest: Vec<u32> = recent.into_iter().filter(|n| !front.contains(n)).collect();
    rest.sort_by_key(|n| (Reverse(meta(n).more.weight), Reverse(*n)));
    front.extend(rest);
    let stories = stories(site, &front);
    let mut told: Vec<(usize, Vec<usize>)> = Vec::new();
    for (at, story) in stories.into_iter().enumerate() {
        match told.iter_mut().find(|(own, _)| *own == story) {
            Some((_, places)) => places.push(at),
            None => told.push((story, vec![at])),
        }
    }
    let rank = |at: &usize| {
        let n = front[*at];
        (chosen.min(*at), Reverse(meta(&n).more.weight), n)
    };
    let card = |(_, places): (usize, Vec<usize>)| {
        let lead = places.iter().copied().min_by_key(rank)?;
        let also = places.into_iter().filter(|at| *at != lead);
        Some(CardRef {
            also: also.map(|at| front[at]).collect(),
            ..site.card_ref(front[lead])
        })
    };
    told.truncate(1 + TOP);
    told.into_iter().filter_map(card).collect()
}

/// The blocks of the configuration, else one per channel. What a block shows stands in no later
/// one, and no copy of it.
fn blocks<'a>(site: InEdition<'a>, mut above: Vec<u32>) -> Vec<Block<'a>> {
    // A channel of nothing but flashes stands in their own column already, and documentation is no
    // news.
    let told = |n: &u32| {
        let mut members = site.members(List::Channel(*n)).iter();
        members.any(|n| site.articles[*n as usize].kind() == Kind::Article)
    };
    let channels = || {
        (0..site.channels.len() as u32)
            .filter(told)
            .map(|n| (List::Channel(n), None, BLOCK, "list"))
            .collect()
    };
    let configured: Vec<(List, Option<&String>, usize, &'static str)> = site
        .blocks
        .iter()
        .map(|(block, list)| {
            (
                *list,
                block.title.as_ref(),
                block.limit as usize,
                block.look,
            )
        })
        .collect();
    let wanted: Vec<_> = if configured.is_empty() {
        channels()
    } else {
        configured
    };
    let mut blocks = Vec::new();
    for (list, title, limit, look) in wanted {
        let shown = enough(site, &not_told(site, list, limit, &above), limit);
        if shown.is_empty() {
            continue;
        }
        let cards = folded(site, &shown);
        above.extend(shown);
        let of = site.link(list);
        let title = title.map_or_else(|| of.name.clone(), |title| site.own(title));
        blocks.push(Block {
            title,
            of,
            look,
            cards,
        });
    }
    blocks
}

/// The newest articles of a list that tell another story than any of those above.
fn not_told(site: InEdition, list: List, limit: usize, above: &[u32]) -> Vec<u32> {
    let members = site.members(list).iter().rev().copied();
    let others = members.filter(|n| !above.contains(n)).take(limit + RECENT);
    let all: Vec<u32> = above.iter().copied().chain(others).collect();
    let stories = stories(site, &all);
    let (told, rest) = stories.split_at(above.len());
    let others = rest.iter().zip(&all[above.len()..]);
    let others = others.filter(|(story, _)| !told.contains(story));
    others.map(|(_, n)| *n).collect()
}

/// What is read most where the site says so, else what the editors gave weight.
fn rank(site: InEdition<'_>) -> Option<Rank<'_>> {
    let cards = |numbers: Vec<u32>| -> Vec<CardRef> {
        numbers
            .into_iter()
            .take(RANK)
            .map(|n| site.card_ref(n))
            .collect()
    };
    if !site.hot.is_empty() {
        return Some(Rank {
            kind: "hot",
            cards: cards(site.hot.clone()),
        });
    }
    let weight = |n: &u32| site.articles[*n as usize].facts.meta.more.weight;
    let recent = site.members(List::Home).iter().rev().take(RECENT).copied();
    let mut picks: Vec<u32> = recent.filter(|n| weight(n) > 0).collect();
    picks.sort_by_key(|n| (Reverse(weight(n)), Reverse(*n)));
    (!picks.is_empty()).then(|| Rank {
        kind: "picks",
        cards: cards(picks),
    })
}

fn hot_tags(site: InEdition) -> Vec<Counted> {
    let mut counts: HashMap<u32, u32> = HashMap::new();
    for article in site.articles.iter().rev().take(HOT_AMONG) {
        article
            .tags
            .iter()
            .for_each(|tag| *counts.entry(*tag).or_default() += 1);
    }
    let mut tags: Vec<(u32, u32)> = counts.into_iter().collect();
    let name = |tag: u32| &site.tags[tag as usize].name;
    tags.sort_by(|a, b| (Reverse(a.1), name(a.0)).cmp(&(Reverse(b.1), name(b.0))));
    tags.truncate(HOT_TAGS);
    tags.into_iter()
        .map(|(tag, count)| Counted {
            count,
            ..counted(site, List::Tag(tag))
        })
        .collect()
}

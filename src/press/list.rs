//! Hubs and leaves of lists.
//!
//! A leaf reads only the past and never changes again; what moves (counts, descriptions, the
//! newest articles) stands on the hub.

use super::docs::sections;
use super::group::{by_pace, fold_cards};
use super::view::{
    Counted, Group, HubExtras, ListView, MonthCount, Pager, RoleCount, Text, Ticker,
};
use super::{Head, Words, beijing_of, head, word};
use crate::base::fingerprint::{Fold, of};
use crate::base::text::order::{Key, Name, Order};
use crate::base::text::pinyin::Reader;
use crate::site::calendar::Span;
use crate::site::card::{Anchor, Link};
use crate::site::records::Record;
use crate::site::route::THIN;
use crate::site::{InEdition, Index, List, Route};
use jiff::ToSpan;
use std::cmp::{Ordering, Reverse};

/// Kindred or frequent tags, or securities, that are shown, at most.
const TAGS: usize = 12;
/// The newest articles of a list that are asked for its tags and securities.
const AMONG: usize = 500;
/// Articles that two tags must share to be kindred.
const SHARED: u32 = 2;
/// Months of a source's cadence.
const MONTHS: i32 = 12;

/// The template of a list's pages.
pub fn template(list: List) -> &'static str {
    match list {
        List::Home => "latest.html",
        List::Channel(_) => "channel.html",
        List::Tag(_) => "tag.html",
        List::Source(_) => "source.html",
        List::Person(_) => "person.html",
        List::Topic(_) => "topic.html",
        List::Ticker(_) => "ticker.html",
        List::Live => "live.html",
    }
}

/// The kind of a list's pages, which is their template's name as well.
pub fn kind(list: List) -> &'static str {
    let template = template(list);
    template.strip_suffix(".html").unwrap_or(template)
}

/// A list's name, with the number of its articles.
pub fn counted(site: InEdition, list: List) -> Counted {
    let link = site.link(list);
    let record = record(site, list);
    Counted {
        name: link.name.clone(),
        url: link.url.clone(),
        lang: link.lang,
        count: site.members(list).len() as u32,
        description: description(site, list),
        role: record.and_then(|record| site.own_or(record.role.as_deref())),
        sort: record.and_then(|record| site.own_or(record.kind.as_deref())),
    }
}

/// The place of a list among others in an order.
pub fn key(site: InEdition, list: List, order: Order) -> Key {
    let record = record(site, list);
    order.key(Name {
        text: &site.link(list).name,
        pinyin: record.and_then(|record| record.pinyin.as_deref()),
        reader: match list {
            List::Person(_) => Reader::Person,
            _ => Reader::Thing,
        },
    })
}

/// What configuration or data say of a list.
pub fn description(site: InEdition, list: List) -> Option<String> {
    written(site, list).map(|text| site.own(text))
}

/// The same as it is written.
pub fn written(site: InEdition<'_>, list: List) -> Option<&str> {
    match list {
        List::Topic(n) => site.site.topics[n as usize].record.description.as_deref(),
        list => record(site, list)?.description.as_deref(),
    }
}

fn record(site: InEdition<'_>, list: List) -> Option<&Record> {
    let site = site.site;
    match list {
        List::Home | List::Topic(_) | List::Live => None,
        List::Channel(n) => Some(&site.channels[n as usize].record),
        List::Tag(n) => Some(&site.tags[n as usize].record),
        List::Source(n) => Some(&site.sources[n as usize].record),
        List::Person(n) => Some(&site.people[n as usize].record),
        List::Ticker(n) => Some(&site.tickers[n as usize].record),
    }
}

/// The articles of a list's hub, newest first.
pub fn newest_first(site: InEdition, list: List) -> Vec<u32> {
    let members = site.members(list);
    let hub = site.cut(list).hub();
    members[hub.start as usize..hub.end as usize]
        .iter()
        .rev()
        .copied()
        .collect()
}

/// The newest page of a list.
pub fn hub<'a>(site: InEdition<'a>, words: &Words, list: List) -> ListView<'a> {
    let count = site.members(list).len();
    let newest = newest_first(site, list);
    let mut view = base(
        site,
        words,
        list,
        Route::Hub(list),
        (count, newest),
        hub_pager(site, list),
    );
    view.description = description(site, list);
    view.hub = Some(extras(site, list));
    view.tag = tag(site, list);
    if let List::Channel(n) = list
        && site.is_docs(n)
    {
        view.docs = sections(site, Route::Hub(list));
        let cards = pages_of_docs(site, n).map(|n| site.card_ref(n));
        view.groups = vec![Group {
            name: None,
            url: None,
            count: None,
            cards: cards.collect(),
        }];
    }
    view.page.description.clone_from(&view.description);
    view.page.noindex = matches!(list, List::Tag(_)) && count < THIN;
    view
}

/// The pages of a channel of documentation, in order.
fn pages_of_docs(site: InEdition<'_>, channel: u32) -> impl Iterator<Item = u32> {
    let mut all = site.site.docs().sections.iter();
    let pages = all.find(|own| own.channel == channel).map(|own| &own.pages);
    pages.into_iter().flatten().copied()
}

/// A full page of a list.
pub fn leaf<'a>(site: InEdition<'a>, words: &Words, list: List, number: u32) -> ListView<'a> {
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
    let route = Route::Leaf(list, number);
    base(site, words, list, route, (range.end as usize, cards), pager)
}

/// Folds what the view of a full page is made of, without making it: a portal has more of them than
/// of any other page but articles.
pub fn fold_leaf(site: InEdition, list: List, number: u32, fold: &mut Fold) {
    let cut = site.cut(list);
    let range = cut.leaf(number);
    let so_far = &site.members(list)[..range.end as usize];
    fold.add(&number.to_le_bytes())
        .add(&[u8::from(cut.newer(number).is_some())]);
    let shown: Vec<u32> = so_far[range.start as usize..]
        .iter()
        .rev()
        .copied()
        .collect();
    fold_base(site, list, so_far, &shown, fold);
}

/// Folds what the view of a newest page is made of.
pub fn fold_hub(site: InEdition, list: List, fold: &mut Fold) {
    let members = site.members(list);
    fold.add(&0u32.to_le_bytes())
        .add(&site.leaf_count(list).to_le_bytes())
        .add(written(site, list).unwrap_or("").as_bytes())
        .add_print(of(&extras(site, list)));
    if let List::Ticker(n) = list
        && let Some(tag) = site.tickers[n as usize].tag
    {
        fold.add_print(site.anchor_print(List::Tag(tag)));
    }
    if let List::Channel(n) = list
        && site.is_docs(n)
    {
        fold.add_print(site.docs().print);
        for n in pages_of_docs(site, n) {
            fold.add_print(site.card_print(n));
        }
    }
    fold_base(site, list, members, &newest_first(site, list), fold);
}

/// Folds what all pages of a list have.
fn fold_base(site: InEdition, list: List, so_far: &[u32], shown: &[u32], fold: &mut Fold) {
    let record = record(site, list);
    let said = record.map(|record| (&record.kind, &record.role, &record.url));
    let span = super::group::span_of(site, list, so_far);
    let newest = shown.first().map(|n| site.articles[*n as usize].date);
    let newest = newest.flatten().unwrap_or(i64::MIN);
    fold.add_print(site.anchor_print(list))
        .add_print(of(&said))
        .add(&[span.map_or(0, |span| span as u8 + 1)])
        .add(&newest.to_le_bytes());
    if let List::Channel(n) = list {
        fold.add(site.channels[n as usize].slug.as_bytes());
    }
    fold_cards(site, shown, fold);
}

/// The pages around a hub.
pub fn hub_pager(site: InEdition, list: List) -> Pager {
    let leaves = site.leaf_count(list);
    Pager {
        number: None,
        older: (leaves > 0).then(|| site.href(Route::Leaf(list, leaves))),
        newer: None,
        newest: site.href(Route::Hub(list)),
    }
}

/// What all pages of a list have: `shown` is how far the list goes as of this page, and the
/// articles on it.
fn base<'a>(
    site: InEdition<'a>,
    words: &Words,
    list: List,
    route: Route,
    shown: (usize, Vec<u32>),
    pager: Pager,
) -> ListView<'a> {
    let name = list_title(site, words, list);
    let record = record(site, list);
    let (end, numbers) = shown;
    let code = match list {
        List::Ticker(n) => Some(site.tickers[n as usize].name.clone()),
        _ => None,
    };
    ListView {
        page: Head {
            beijing: beijing_of(site, numbers.first()),
            ..list_head(site, words, list, route)
        },
        name: Text {
            lang: site.language_of(&name),
            text: name,
        },
        description: None,
        sort: record.and_then(|record| site.own_or(record.kind.as_deref())),
        role: record.and_then(|record| site.own_or(record.role.as_deref())),
        website: website(site, list),
        symbol: code.as_deref().map(symbol),
        code,
        tag: None,
        hub: None,
        groups: by_pace(site, list, &site.members(list)[..end], &numbers),
        pager,
        docs: Vec::new(),
    }
}

/// The head of a page of a list.
pub fn list_head(site: InEdition, words: &Words, list: List, route: Route) -> Head {
    let name = list_title(site, words, list);
    let mut page = head(site, kind(list), &name, route);
    page.crumbs = crumbs(site, words, list);
    if site.has_feed(list) && list != List::Home {
        let feed = site.feed_link(list);
        let url = feed.url.clone();
        page.feeds.push(match list {
            // The site has no name for it.
            List::Live => Anchor {
                name,
                url,
                lang: None,
            }
            .into(),
            _ => feed,
        });
    }
    if let List::Channel(n) = list {
        page.channel = Some(site.channels[n as usize].slug.clone());
    }
    page
}

/// The name of a list; that of the live page is the theme's to say.
pub fn list_title(site: InEdition, words: &Words, list: List) -> String {
    match list {
        List::Live => word(words, "live"),
        list => site.list_name(list),
    }
}

fn website(site: InEdition, list: List) -> Option<String> {
    let own = record(site, list).and_then(|record| record.url.clone());
    match list {
        List::Ticker(n) => own.or_else(|| quote(site, &site.tickers[n as usize].name)),
        _ => own,
    }
}

/// A security's market and code as schema.org asks for them: by the market's identifier
/// (ISO 10383) where the market is a single one.
pub fn symbol(code: &str) -> String {
    let market = |market: &str| match market {
        "HK" => Some("XHKG"),
        "SH" => Some("XSHG"),
        "SZ" => Some("XSHE"),
        "BJ" => Some("BJSE"),
        "TW" => Some("XTAI"),
        "SG" => Some("XSES"),
        "JP" => Some("XTKS"),
        _ => None,
    };
    let parts = code.rsplit_once('.');
    let known = parts.and_then(|(bare, own)| Some(format!("{} {bare}", market(own)?)));
    known.unwrap_or_else(|| code.to_string())
}

/// Where a security is quoted, by its market.
pub fn quote(site: InEdition, code: &str) -> Option<String> {
    let (bare, market) = code.rsplit_once('.')?;
    Some(site.config.quotes.get(market)?.replace("{code}", bare))
}

/// The tag of a security.
fn tag(site: InEdition, list: List) -> Option<Link> {
    let List::Ticker(n) = list else { return None };
    Some(site.link(List::Tag(site.tickers[n as usize].tag?)))
}

/// What stands on a hub only.
pub fn extras(site: InEdition, list: List) -> HubExtras {
    let members = site.members(list);
    let time = |n: Option<&u32>| site.time(&site.articles[*n? as usize]);
    let people = matches!(list, List::Person(_));
    let sources = matches!(list, List::Source(_));
    HubExtras {
        count: members.len() as u32,
        first: time(members.first()),
        last: time(members.last()),
        tags: if matches!(list, List::Home | List::Live) {
            Vec::new()
        } else {
            tags(site, list)
        },
        tickers: if matches!(list, List::Channel(_)) {
            tickers(site, members)
        } else {
            Vec::new()
        },
        cadence: if sources {
            cadence(site, members)
        } else {
            Vec::new()
        },
        roles: if people {
            roles(site, list)
        } else {
            Vec::new()
        },
        aliases: aliases(site, list),
    }
}

/// Other names for the same. What a script makes one is one.
fn aliases(site: InEdition, list: List) -> Vec<String> {
    let written = record(site, list).map_or(&[][..], |record| &record.aliases);
    let mut aliases: Vec<String> = Vec::new();
    for alias in written.iter().map(|alias| site.own(alias)) {
        if alias != site.list_name(list) && !aliases.contains(&alias) {
            aliases.push(alias);
        }
    }
    aliases
}

/// Of a tag the kindred ones, by the articles that both have (Jaccard 1901), among its newest and
/// as of its newest: an article that is none of its own must not change its page. Of others the
/// most frequent.
fn tags(site: InEdition, list: List) -> Vec<Counted> {
    let own = if let List::Tag(n) = list {
        Some(n)
    } else {
        None
    };
    let members = site.members(list);
    let shared = tally(members, site.tags.len(), |n| {
        &site.site.articles[n as usize].tags
    });
    let kinship = |tag: u32, shared: u32| match own {
        None => f64::from(shared),
        Some(_) => {
            let other = &site.tags[tag as usize].members;
            let last = members.last().copied().unwrap_or(0);
            let so_far = match other.last() {
                Some(newest) if *newest > last => other.partition_point(|n| *n <= last),
                _ => other.len(),
            };
            let all = members.len() + so_far - shared as usize;
            f64::from(shared) / all as f64
        }
    };
    let least = if own.is_some() { SHARED } else { 1 };
    let mut found: Vec<(f64, u32, u32)> = shared
        .into_iter()
        .filter(|(tag, shared)| *shared >= least && Some(*tag) != own)
        .map(|(tag, shared)| (kinship(tag, shared), tag, shared))
        .collect();
    let name = |tag: u32| &site.tags[tag as usize].name;
    first_of(&mut found, TAGS, |a, b| {
        b.0.total_cmp(&a.0).then_with(|| name(a.1).cmp(name(b.1)))
    });
    found
        .into_iter()
        .map(|(_, tag, count)| Counted {
            count,
            ..counted(site, List::Tag(tag))
        })
        .collect()
}

/// How often the newest of some articles have each of their names, which are numbered below
/// `names`.
fn tally<'s>(members: &[u32], names: usize, of: impl Fn(u32) -> &'s [u32]) -> Vec<(u32, u32)> {
    let newest = &members[members.len().saturating_sub(AMONG)..];
    let all = || newest.iter().flat_map(|n| of(*n)).copied();
    let total = all().count();
    // A site has as many names as articles, and nearly all lists are short.
    if total * 8 < names {
        let mut sorted: Vec<u32> = Vec::with_capacity(total);
        sorted.extend(all());
        sorted.sort_unstable();
        let same = sorted.chunk_by(|a, b| a == b);
        return same.map(|same| (same[0], same.len() as u32)).collect();
    }
    let mut counts = vec![0u32; names];
    all().for_each(|n| counts[n as usize] += 1);
    let counted = (0..).zip(counts);
    counted.filter(|(_, count)| *count > 0).collect()
}

/// Keeps the first of some things, in an order.
fn first_of<T>(all: &mut Vec<T>, count: usize, order: impl Fn(&T, &T) -> Ordering) {
    if all.len() > count {
        all.select_nth_unstable_by(count, &order);
        all.truncate(count);
    }
    all.sort_unstable_by(order);
}

/// The securities that the newest articles name most often.
fn tickers(site: InEdition, members: &[u32]) -> Vec<Ticker> {
    let named = |n: u32| &site.site.articles[n as usize].tickers[..];
    let mut found = tally(members, site.tickers.len(), named);
    let key = |(n, count): &(u32, u32)| (Reverse(*count), &site.tickers[*n as usize].name);
    first_of(&mut found, TAGS, |a, b| key(a).cmp(&key(b)));
    found.into_iter().map(|(n, _)| ticker(site, n)).collect()
}

/// A security as a page shows it.
pub fn ticker(site: InEdition, n: u32) -> Ticker {
    let code = site.tickers[n as usize].name.clone();
    let link = site.link(List::Ticker(n));
    Ticker {
        name: link.name.clone(),
        url: link.url.clone(),
        symbol: symbol(&code),
        quote: quote(site, &code),
        code,
    }
}

/// Articles of the last twelve months up to the newest, oldest first.
fn cadence(site: InEdition, members: &[u32]) -> Vec<MonthCount> {
    let Some(last) = members.last().and_then(|n| site.day_of(*n)) else {
        return Vec::new();
    };
    let last = last.first_of_month();
    let mut counts = vec![0u32; MONTHS as usize];
    // Members are in the order of all articles, and a month is a range of them.
    let mut older = members;
    for ((year, month), articles) in site.months.iter().rev() {
        let first = older.partition_point(|n| *n < articles.start);
        let own = older.len() - first;
        older = &older[..first];
        let back = i32::from(last.year() - year) * 12 + i32::from(last.month() - month);
        match counts.get_mut(back as usize) {
            _ if own == 0 => {}
            Some(count) => *count += own as u32,
            None => break,
        }
    }
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let month = |(back, count): (usize, &u32)| MonthCount {
        name: last
            .checked_sub((back as i32).months())
            .map_or(String::new(), |month| site.label(Span::Month, month)),
        count: *count,
        level: (count * 5).div_ceil(most),
    };
    counts.iter().enumerate().map(month).rev().collect()
}

fn roles(site: InEdition, list: List) -> Vec<RoleCount> {
    let List::Person(person) = list else {
        return Vec::new();
    };
    let (mut authored, mut edited) = (0, 0);
    for n in site.members(list) {
        let article = &site.articles[*n as usize];
        authored += u32::from(article.authors.contains(&person));
        edited += u32::from(article.editors.contains(&person));
    }
    let all = [("author", authored), ("editor", edited)];
    let role = |(role, count)| RoleCount { role, count };
    let mut roles: Vec<RoleCount> = all
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(role)
        .collect();
    roles.sort_by_key(|role| Reverse(role.count));
    roles
}

fn crumbs(site: InEdition, words: &Words, list: List) -> Vec<Link> {
    let mut crumbs = vec![site.link(List::Home)];
    let index = match list {
        List::Tag(_) => Some(Index::Tags),
        List::Source(_) => Some(Index::Sources),
        List::Person(_) => Some(Index::People),
        List::Topic(_) => Some(Index::Topics),
        List::Ticker(_) => Some(Index::Tickers),
        List::Home | List::Channel(_) | List::Live => None,
    };
    crumbs.extend(index.map(|index| super::index::anchor(site, words, index).into()));
    crumbs
}

//! The pages of all tags, all sources and all people, and the page for what isn't there.

use super::list::{self, counted};
use super::view::{Counted, Head, IndexView, Initial, Jump, NotFoundView, Role, Sort};
use super::{Words, head, word};
use crate::base::text::order::{Heading, Key, Order};
use crate::site::card::Anchor;
use crate::site::{InEdition, Index, List, Route};
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

/// Latest articles on the page for what isn't there.
const LATEST: usize = 10;

/// The kind of an index page, which is its template's name as well.
pub fn kind(index: Index) -> &'static str {
    match index {
        Index::Tags => "tags",
        Index::Sources => "sources",
        Index::People => "people",
        Index::Topics => "topics",
        Index::Tickers => "tickers",
    }
}

/// A link to an index page, under the name that the theme's words give it.
pub fn anchor(site: InEdition, words: &Words, index: Index) -> Anchor {
    Anchor {
        name: word(words, kind(index)),
        url: site.href(Route::Index(index)),
        lang: None,
    }
}

/// A page of names, in the order that readers of the site's language expect.
pub fn index(site: InEdition, words: &Words, index: Index) -> IndexView {
    let of_this = |list: &List| match list {
        List::Tag(_) => index == Index::Tags,
        List::Source(_) => index == Index::Sources,
        List::Person(_) => index == Index::People,
        List::Topic(_) => index == Index::Topics,
        List::Ticker(_) => index == Index::Tickers,
        List::Home | List::Channel(_) | List::Live => false,
    };
    let order = Order::of(site.language());
    let lists = site.lists().into_iter().filter(of_this);
    let mut sorted: Vec<(Key, Counted)> = lists
        .map(|list| (list::key(site, list, order), counted(site, list)))
        .collect();
    sorted.sort_by(|a, b| (&a.0, &a.1.url).cmp(&(&b.0, &b.1.url)));
    let own = head(
        site,
        kind(index),
        &word(words, kind(index)),
        Route::Index(index),
    );
    let initials = initials(&sorted);
    let mut names: Vec<Counted> = sorted.iter().map(|(_, name)| name.clone()).collect();
    IndexView {
        page: Head {
            crumbs: vec![site.link(List::Home)],
            ..own
        },
        jumps: jumps(order, &sorted),
        initials,
        sorts: if index == Index::Tags {
            sorts(&names)
        } else {
            Vec::new()
        },
        roles: if index == Index::People {
            roles(&names)
        } else {
            Vec::new()
        },
        names: {
            names.sort_by_key(|name| Reverse(name.count));
            names
        },
    }
}

/// People by what they do, those of whom it is not said last.
fn roles(names: &[Counted]) -> Vec<Role> {
    let mut roles: Vec<Role> = Vec::new();
    for name in names {
        match roles.iter_mut().find(|role| role.role == name.role) {
            Some(role) => role.names.push(name.clone()),
            None => roles.push(Role {
                role: name.role.clone(),
                names: vec![name.clone()],
            }),
        }
    }
    roles.sort_by_key(|role| (role.role.is_none(), Reverse(role.names.len())));
    roles
}

/// Tags by what they stand for, the sort with the most tags first.
fn sorts(names: &[Counted]) -> Vec<Sort> {
    let mut sorts: BTreeMap<&str, Vec<Counted>> = BTreeMap::new();
    for name in names {
        if let Some(sort) = &name.sort {
            sorts.entry(sort).or_default().push(name.clone());
        }
    }
    let sort = |(sort, names): (&str, Vec<Counted>)| Sort {
        sort: sort.to_string(),
        names,
    };
    let mut sorts: Vec<Sort> = sorts.into_iter().map(sort).collect();
    sorts.sort_by_key(|sort| Reverse(sort.names.len()));
    sorts
}

/// Names, which are in their order, by heading.
fn initials(sorted: &[(Key, Counted)]) -> Vec<Initial> {
    let same = |a: &(Key, Counted), b: &(Key, Counted)| a.0.heading() == b.0.heading();
    let initial = |names: &[(Key, Counted)]| {
        let heading = names[0].0.heading();
        Initial {
            letter: letter(heading),
            strokes: strokes(heading),
            id: id(heading),
            names: names.iter().map(|(_, name)| name.clone()).collect(),
        }
    };
    sorted.chunk_by(same).map(initial).collect()
}

/// What readers expect, and what else there is.
fn jumps(order: Order, sorted: &[(Key, Counted)]) -> Vec<Jump> {
    let present: BTreeSet<Heading> = sorted.iter().map(|(key, _)| key.heading()).collect();
    let highest = present.iter().filter_map(|heading| strokes(*heading)).max();
    let mut all = present.clone();
    all.extend(order.expected(highest.unwrap_or(0)));
    let jump = |heading: Heading| Jump {
        letter: letter(heading),
        strokes: strokes(heading),
        id: present.contains(&heading).then(|| id(heading)),
    };
    all.into_iter().map(jump).collect()
}

fn letter(heading: Heading) -> String {
    match heading {
        Heading::Strokes(count) => count.to_string(),
        Heading::Latin(letter) | Heading::Letter(letter) => letter.to_string(),
        Heading::Other => "#".to_string(),
    }
}

fn strokes(heading: Heading) -> Option<u8> {
    match heading {
        Heading::Strokes(count) => Some(count),
        _ => None,
    }
}

fn id(heading: Heading) -> String {
    match heading {
        Heading::Other => "initial-other".to_string(),
        heading => format!("initial-{}", letter(heading)),
    }
}

/// The page for what isn't there.
pub fn not_found<'a>(site: InEdition<'a>, words: &Words) -> NotFoundView<'a> {
    let latest = site.members(List::Home).iter().rev().take(LATEST);
    let own = head(site, "404", &word(words, "not_found"), Route::NotFound);
    NotFoundView {
        page: Head {
            noindex: true,
            ..own
        },
        latest: latest.map(|n| site.card_ref(*n)).collect(),
    }
}

//! The pages of all tags, all sources and all people, and the page for what isn't there.

use super::list::counted;
use super::view::{Counted, Head, IndexView, Initial, NotFoundView, Role};
use super::{Words, head, word};
use crate::site::card::Anchor;
use crate::site::{InEdition, Index, List, Route};
use pinyin::ToPinyin;
use std::cmp::Reverse;
use std::collections::BTreeMap;

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

/// A page of names.
pub fn index(site: InEdition, words: &Words, index: Index) -> IndexView {
    let of_this = |list: &List| match list {
        List::Tag(_) => index == Index::Tags,
        List::Source(_) => index == Index::Sources,
        List::Person(_) => index == Index::People,
        List::Topic(_) => index == Index::Topics,
        List::Ticker(_) => index == Index::Tickers,
        List::Home | List::Channel(_) | List::Live => false,
    };
    let lists = site.lists().into_iter().filter(of_this);
    let mut names: Vec<_> = lists.map(|list| counted(site, list)).collect();
    names.sort_by(|a, b| (Reverse(a.count), &a.name).cmp(&(Reverse(b.count), &b.name)));
    let own = head(
        site,
        kind(index),
        &word(words, kind(index)),
        Route::Index(index),
    );
    IndexView {
        page: Head {
            crumbs: vec![site.link(List::Home)],
            ..own
        },
        initials: initials(&names),
        roles: if index == Index::People {
            roles(&names)
        } else {
            Vec::new()
        },
        names,
    }
}

/// People by what they do, the busiest role first.
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
    roles.sort_by_key(|role| role.role.is_none());
    roles
}

/// Names under the letter they start with; `#` comes last.
fn initials(names: &[Counted]) -> Vec<Initial> {
    let mut by_letter: BTreeMap<(bool, char), Vec<Counted>> = BTreeMap::new();
    for name in names {
        let letter = letter(&name.name);
        by_letter
            .entry((letter == '#', letter))
            .or_default()
            .push(name.clone());
    }
    let initial = |((_, letter), names): ((bool, char), Vec<Counted>)| Initial {
        letter: letter.to_string(),
        names,
    };
    by_letter.into_iter().map(initial).collect()
}

/// The letter under which a reader looks for a name: of Han that of its reading.
fn letter(name: &str) -> char {
    let first = name.chars().next().unwrap_or('#');
    let read = first
        .to_pinyin()
        .and_then(|pinyin| pinyin.plain().chars().next());
    let letter = read.unwrap_or(first);
    let letter = letter.to_uppercase().next().unwrap_or(letter);
    if letter.is_alphabetic() { letter } else { '#' }
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

#[cfg(test)]
mod tests {
    use super::letter;

    #[test]
    fn letters_are_those_readers_look_under() {
        let check = |name: &str, expect: char| assert_eq!(letter(name), expect, "{name}");
        check("海港", 'H');
        check("開源", 'K');
        check("ai", 'A');
        check("5G", '#');
        check("", '#');
        check("Ärzte", 'Ä');
    }
}

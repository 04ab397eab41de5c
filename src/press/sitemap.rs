//! Sitemaps: an index, a file for each month's articles (which never changes once the month is
//! over), and one for lists and pages.

use super::view::{SitemapEntry, SitemapView};
use crate::base::date::{Moment, rfc3339};
use crate::site::{List, Route, Site};

/// A month's articles.
pub fn month(site: &Site, month: (i16, i8)) -> SitemapView {
    let found = site
        .months
        .binary_search_by_key(&month, |(month, _)| *month);
    let articles = found.map_or(0..0, |at| site.months[at].1.clone());
    SitemapView {
        entries: articles.filter_map(|n| entry(site, n)).collect(),
    }
}

fn entry(site: &Site, n: u32) -> Option<SitemapEntry> {
    let article = &site.articles[n as usize];
    let date = dated(site, article.updated.max(article.date));
    let address = site.address(Route::Article(n));
    (!article.is_hidden()).then_some(SitemapEntry { address, date })
}

/// Lists and pages; tags with a single article are no use to a search engine.
pub fn hubs(site: &Site) -> SitemapView {
    let newest = |list: List| {
        site.members(list)
            .last()
            .and_then(|n| site.articles[*n as usize].date)
    };
    let thin = |list: &List| match list {
        List::Tag(_) => site.members(*list).len() < 2,
        _ => false,
    };
    let lists = site
        .lists()
        .into_iter()
        .filter(|list| !thin(list) && site.owns(Route::Hub(*list)));
    let mut entries: Vec<SitemapEntry> = lists
        .map(|list| SitemapEntry {
            address: site.address(Route::Hub(list)),
            date: dated(site, newest(list)),
        })
        .collect();
    let mut routes: Vec<Route> = site.indexes().into_iter().map(Route::Index).collect();
    routes.push(Route::Archive);
    let pages = site
        .pages
        .iter()
        .enumerate()
        .filter(|(_, page)| !page.facts.meta.noindex && page.facts.meta.retracted.is_none());
    routes.extend(pages.map(|(n, _)| Route::Page(n as u32)));
    entries.extend(routes.into_iter().map(|route| SitemapEntry {
        address: site.address(route),
        date: None,
    }));
    entries.extend(site.undated().filter_map(|n| entry(site, n)));
    SitemapView { entries }
}

/// The index of all sitemaps.
pub fn index(site: &Site) -> SitemapView {
    let mut routes: Vec<Route> = site
        .months
        .iter()
        .map(|((year, month), _)| Route::SitemapMonth(*year, *month))
        .collect();
    routes.push(Route::SitemapHubs);
    let entry = |route| SitemapEntry {
        address: site.address(route),
        date: None,
    };
    SitemapView {
        entries: routes.into_iter().map(entry).collect(),
    }
}

fn dated(site: &Site, at: Option<Moment>) -> Option<String> {
    at.map(|at| rfc3339(at, &site.config.zone))
}

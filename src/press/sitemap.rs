//! Sitemaps: an index, a file for each month's articles (which never changes once the month is
//! over), and one for lists and pages.

use super::view::{SitemapEntry, SitemapView};
use crate::base::date::{Moment, rfc3339};
use crate::site::route::HUBS_OF_A_PART;
use crate::site::{InEdition, Route};

/// A month's articles.
pub fn month(site: InEdition, month: (i16, i8)) -> SitemapView {
    let found = site
        .months
        .binary_search_by_key(&month, |(month, _)| *month);
    let articles = found.map_or(0..0, |at| site.months[at].1.clone());
    SitemapView {
        entries: articles.filter_map(|n| entry(site, n)).collect(),
    }
}

fn entry(site: InEdition, n: u32) -> Option<SitemapEntry> {
    let article = &site.articles[n as usize];
    let date = dated(site, article.updated.max(article.date));
    let address = site.address(Route::Article(n));
    (!article.is_hidden(site.config.reprints)).then_some(SitemapEntry { address, date })
}

/// Lists and pages: one part of all of them.
pub fn hubs(site: InEdition, part: u32) -> SitemapView {
    let mut routes = site.hub_routes();
    routes.sort_by_cached_key(|route| site.url(*route));
    let parts = routes
        .chunks(HUBS_OF_A_PART)
        .nth(part as usize)
        .unwrap_or(&[]);
    let entry = |route: &Route| match route {
        Route::Article(n) => entry(site, *n),
        route => Some(SitemapEntry {
            address: site.address(*route),
            date: newest(site, *route),
        }),
    };
    SitemapView {
        entries: parts.iter().filter_map(entry).collect(),
    }
}

/// When a list last changed.
fn newest(site: InEdition, route: Route) -> Option<String> {
    let Route::Hub(list) = route else { return None };
    let newest = site.members(list).last()?;
    dated(site, site.articles[*newest as usize].date)
}

/// The index of all sitemaps.
pub fn index(site: InEdition) -> SitemapView {
    let routes = site.sitemaps();
    let entry = |route| SitemapEntry {
        address: site.address(route),
        date: None,
    };
    SitemapView {
        entries: routes.into_iter().map(entry).collect(),
    }
}

fn dated(site: InEdition, at: Option<Moment>) -> Option<String> {
    at.map(|at| rfc3339(at, &site.config.zone))
}

//! Sitemaps: an index, a file for each month's articles (which never changes once the month is
//! over), one for lists and pages, and one for the news of two days; and the articles once more as
//! plain text, for engines that take neither an index nor namespaces.

use super::view::{NewsEntry, NewsView, SitemapEntry, SitemapView, TextSitemapView};
use crate::base::date::{Moment, rfc3339};
use crate::base::fingerprint::Fold;
use crate::site::route::{HUBS_OF_A_PART, NEWS_OF_A_PART};
use crate::site::{InEdition, Route};
use std::ops::Range;

/// A month's articles.
pub fn month(site: InEdition, month: (i16, i8)) -> SitemapView {
    let articles = of_month(site, month);
    SitemapView {
        entries: articles.filter_map(|n| entry(site, n)).collect(),
    }
}

fn of_month(site: InEdition, month: (i16, i8)) -> Range<u32> {
    let found = site
        .months
        .binary_search_by_key(&month, |(month, _)| *month);
    found.map_or(0..0, |at| site.months[at].1.clone())
}

/// Folds what the sitemap of a month is made of, without making its addresses.
pub fn fold_month(site: InEdition, month: (i16, i8), fold: &mut Fold) {
    for n in of_month(site, month) {
        let article = &site.articles[n as usize];
        if !article.is_hidden(site.config.reprints) {
            let date = article.updated.max(article.date).unwrap_or(i64::MIN);
            fold.add(article.url().as_bytes()).add(&date.to_le_bytes());
        }
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

/// A part of the news, newest first.
pub fn news(site: InEdition, part: u32) -> NewsView {
    let entry = |n: &u32| {
        let article = &site.articles[*n as usize];
        Some(NewsEntry {
            address: site.address(Route::Article(*n)),
            date: dated(site, article.date)?,
            title: site
                .say(&article.facts.title, article.facts.origin())
                .into_owned(),
        })
    };
    let all = site.news();
    let part = all.rchunks(NEWS_OF_A_PART).nth(part as usize);
    NewsView {
        language: news_language(site.language()),
        entries: part.unwrap_or(&[]).iter().rev().filter_map(entry).collect(),
    }
}

/// A language as news sitemaps name it: ISO 639, but for Chinese by its script.
fn news_language(language: &str) -> String {
    let bare = language.split('-').next().unwrap_or(language);
    match bare {
        "zh" if language.contains("Hant") => "zh-tw".to_string(),
        "zh" => "zh-cn".to_string(),
        bare => bare.to_lowercase(),
    }
}

/// The addresses of some articles, oldest first.
pub fn text(site: InEdition, part: u32) -> TextSitemapView {
    let articles = site.site.text_sitemap(part);
    TextSitemapView {
        addresses: articles.map(|n| site.address(Route::Article(n))).collect(),
    }
}

/// Folds what a plain-text sitemap is made of, without making its addresses.
pub fn fold_text(site: InEdition, part: u32, fold: &mut Fold) {
    for n in site.site.text_sitemap(part) {
        fold.add(site.articles[n as usize].url().as_bytes());
    }
}

fn dated(site: InEdition, at: Option<Moment>) -> Option<String> {
    at.map(|at| rfc3339(at, &site.config.zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn languages_are_those_of_the_protocol() {
        let table = [
            ("zh-Hans", "zh-cn"),
            ("zh", "zh-cn"),
            ("zh-Hant-HK", "zh-tw"),
            ("en-GB", "en"),
            ("JA", "ja"),
        ];
        for (language, expect) in table {
            assert_eq!(news_language(language), expect, "{language}");
        }
    }
}

//! The bodies of articles and pages, taken up or read when their pages are made.

use super::unreadable;
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, of_bytes};
use crate::config::Search;
use crate::facts::galley::Galleys;
use crate::facts::markdown::Turn;
use crate::facts::{self, Around, Facts, InScript};
use crate::site::search::Find;
use crate::site::{InEdition, Index, Route, Site};
use crate::source::Source;

/// What the source of a route's body says; none where the route has no body.
pub fn of(site: &Site, route: Route) -> Option<&Facts> {
    match route {
        Route::Search(Find::Text(_)) if site.config.search != Search::Bodies => None,
        Route::Article(n) | Route::Search(Find::Text(n)) => Some(&site.articles[n as usize].facts),
        Route::Page(n) => Some(&site.pages[n as usize].facts),
        _ => None,
    }
}

/// What a body is made for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// A page, with its code highlighted.
    OnPage,
    /// The search, which takes the text of what is on the page.
    AsText,
    /// A feed: no highlighted code, which wants a style sheet, and no players.
    InFeed,
}

/// The HTML of a route's body in some editions, from its galley or from one reading of its source.
/// What was listed must be what is read: else the page would not be what its fingerprint says.
///
/// # Errors
/// A source that can't be read, or that was changed in the meantime.
pub fn bodies(
    editions: &[InEdition],
    route: Route,
    source: &dyn Source,
    galleys: &Galleys,
    shown: Shown,
) -> Result<Vec<String>, Diagnostic> {
    let Some(site) = editions.first().map(|edition| edition.site) else {
        return Ok(Vec::new());
    };
    let route = match route {
        Route::Search(Find::Text(n)) => Route::Article(n),
        route => route,
    };
    let Some(facts) = of(site, route) else {
        return Ok(Vec::new());
    };
    let left_out = &site.resolved(route).left_out;
    let own = editions.iter().map(|site| Own::of(*site, route, facts));
    let own: Vec<Own> = own.collect();
    if let [own] = own.as_slice()
        && own.script().is_none()
        && site.trusts(facts)
        && (shown == Shown::OnPage || !facts.outline.code)
        && let Some(body) = galleys.body(facts, &own.hrefs)
    {
        return Ok(vec![body]);
    }
    let bytes = read(&facts.path, facts.digest, source)?;
    let pictures = |href: &str| site.shown_picture(href);
    let around: Vec<Around> = own
        .iter()
        .map(|own| Around {
            hrefs: &own.hrefs,
            left_out,
            tickers: &own.tickers,
            trusted: site.trusts(facts),
            script: own.script(),
            pictures: Some(&pictures),
            leads: facts.meta.image.is_none(),
            colours: shown == Shown::OnPage,
            embeds: match shown {
                Shown::InFeed => &[],
                _ => &site.config.embeds,
            },
        })
        .collect();
    Ok(facts::bodies(facts, &bytes, &around))
}

/// The bytes of a file, which are still those of its digest.
///
/// # Errors
/// A file that can't be read, or that was changed in the meantime.
pub fn read(path: &str, digest: Fingerprint, source: &dyn Source) -> Result<Vec<u8>, Diagnostic> {
    let bytes = source
        .read(path)
        .map_err(|error| unreadable(path, &error))?;
    if of_bytes(&bytes) != digest {
        let message = "this was changed while the site was built";
        return Err(Diagnostic::new(Code::Unreadable, message)
            .in_file(path)
            .help("build again"));
    }
    Ok(bytes)
}

/// What an edition has of its own.
struct Own<'a> {
    hrefs: Vec<String>,
    tickers: String,
    language: Option<&'static str>,
    turn: Box<Turn<'a>>,
}

impl<'a> Own<'a> {
    fn of(site: InEdition<'a>, route: Route, facts: &Facts) -> Own<'a> {
        let origin = facts.origin();
        Own {
            hrefs: site.hrefs(route),
            tickers: match route {
                Route::Article(_) => site.href(Route::Index(Index::Tickers)),
                _ => String::new(),
            },
            language: site.edition.script(),
            turn: Box::new(move |pieces| site.say_block(pieces, origin)),
        }
    }

    fn script(&self) -> Option<InScript<'_>> {
        let turn = &*self.turn;
        self.language.map(|language| InScript { language, turn })
    }
}

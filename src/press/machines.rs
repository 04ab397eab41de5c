//! Files for programs: llms.txt and the Markdown of articles, the manifest, and how browsers ask
//! the search.

use super::body::read;
use super::view::{Described, Icon, LlmsView, ManifestView, OpenSearchView, TwinView};
use super::{Press, address, article};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::Fold;
use crate::facts::source_text;
use crate::site::card::card;
use crate::site::search::Find;
use crate::site::{InEdition, List, Route};
use crate::source::Source;

/// Articles of llms.txt.
const LATEST: usize = 20;

/// Characters of the name of a search.
const SHORT: usize = 16;

/// llms.txt: what the portal is, and where.
pub fn llms(site: InEdition) -> LlmsView {
    let channel = |n: u32| {
        let list = List::Channel(n);
        Described {
            name: site.list_name(list),
            address: site.address(Route::Hub(list)),
            description: super::list::description(site, list),
        }
    };
    let latest = site.members(List::Home).iter().rev().take(LATEST);
    LlmsView {
        channels: (0..site.channels.len() as u32).map(channel).collect(),
        latest: latest.map(|n| site.card_ref(*n)).collect(),
        has_twins: site.config.llms,
    }
}

/// The Markdown of an article, as it is written.
pub fn twin(site: InEdition, n: u32) -> TwinView {
    let written = site.site.as_written();
    let card = card(written, n);
    let article = &site.articles[n as usize];
    let names = article.authors.iter();
    TwinView {
        address: written.address(Route::Article(n)),
        title: card.title,
        date: card.date.map(|date| date.iso),
        source: card.source.map(|source| source.name.clone()),
        source_url: article.facts.meta.source_url.clone(),
        authors: names.map(|n| written.list_name(List::Person(*n))).collect(),
        summary: card.summary,
        summary_method: card.summary_method,
    }
}

/// Folds what the body of a twin is made of.
pub fn fold_twin(site: InEdition, n: u32, fold: &mut Fold) {
    let written = site.site.as_written();
    article::fold_source(
        written,
        &site.articles[n as usize].facts,
        Route::Article(n),
        fold,
    );
}

/// The body of a twin.
///
/// # Errors
/// A source that can't be read, or that was changed in the meantime.
pub fn twin_body(press: &Press, n: u32, source: &dyn Source) -> Result<String, Diagnostic> {
    let written = press.site.site.as_written();
    let route = Route::Article(n);
    let facts = &press.site.articles[n as usize].facts;
    let bytes = read(&facts.path, facts.digest, source)?;
    let page = written.address(route);
    let whole = |href: &String| match href.strip_prefix('#') {
        Some(_) => format!("{page}{href}"),
        None => address(written, href),
    };
    let addresses: Vec<String> = written.hrefs(route).iter().map(whole).collect();
    let left_out = &press.site.resolved(route).left_out;
    Ok(source_text(facts, &bytes, &addresses, left_out))
}

/// The web application manifest.
pub fn manifest(site: InEdition) -> ManifestView {
    ManifestView {
        icons: site
            .statics
            .iter()
            .filter_map(|name| icon(site, name))
            .collect(),
    }
}

/// `icon-192.png`, `icon-maskable-512.png`, and the icon of the window.
fn icon(site: InEdition, name: &str) -> Option<Icon> {
    let src = format!("{}/{name}", site.config.base_path());
    if name == "favicon.svg" {
        return Some(Icon {
            src,
            sizes: "any".to_string(),
            kind: "image/svg+xml",
            purpose: "any",
        });
    }
    let size = name.strip_prefix("icon-")?.strip_suffix(".png")?;
    let (size, purpose) = match size.strip_prefix("maskable-") {
        Some(size) => (size, "maskable"),
        None => (size, "any"),
    };
    let size: u32 = size.parse().ok()?;
    Some(Icon {
        src,
        sizes: format!("{size}x{size}"),
        kind: "image/png",
        purpose,
    })
}

/// How browsers ask the search.
pub fn opensearch(site: InEdition) -> OpenSearchView {
    OpenSearchView {
        name: site.list_name(List::Home).chars().take(SHORT).collect(),
        address: site.address(Route::Search(Find::Page)),
    }
}

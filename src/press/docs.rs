//! The navigation of documentation: its sections and pages in their order.

use super::list::description;
use super::view::{DocsPage, DocsSection};
use crate::base::text::ticker::named;
use crate::site::{InEdition, List, Route};

/// All sections, as the page of a route shows them.
pub fn sections(site: InEdition, here: Route) -> Vec<DocsSection> {
    let docs = &site.site.docs().sections;
    let page = |n: u32| {
        let facts = &site.site.articles[n as usize].facts;
        let name = site.say(&named(&facts.title), facts.origin()).into_owned();
        DocsPage {
            lang: site.language_of(&name),
            name,
            url: site.href(Route::Article(n)),
            is_this: here == Route::Article(n),
        }
    };
    let section = |own: &crate::site::docs::Section| {
        let list = List::Channel(own.channel);
        let link = site.link(list);
        let pages: Vec<DocsPage> = own.pages.iter().map(|n| page(*n)).collect();
        let is_this = here == Route::Hub(list);
        DocsSection {
            name: link.name.clone(),
            url: link.url.clone(),
            lang: link.lang,
            description: description(site, list),
            is_this,
            is_open: is_this || pages.iter().any(|page| page.is_this),
            pages,
        }
    };
    docs.iter().map(section).collect()
}

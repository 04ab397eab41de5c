//! One URL for each name, the URLs that it has under other names, and where those lead.

use super::names::Sort;
use super::{List, Route, Site};

impl Site {
    /// Names that are read alike get different slugs.
    pub(super) fn tell_names_apart(&mut self) {
        for sort in Sort::ALL {
            let mut named = std::mem::take(self.named_mut(sort));
            self.has_homophones |= self.names[sort as usize].part_homophones(&mut named);
            *self.named_mut(sort) = named;
        }
    }

    /// Where an old URL leads; any other route leads to itself.
    pub fn target(&self, route: Route) -> Route {
        match route {
            Route::Redirect(n) => self.redirects[n as usize].1,
            Route::Former(n) => Route::Hub(self.formers[n as usize].1),
            route => route,
        }
    }

    /// Finds the URLs that lists have under other names.
    pub(super) fn find_formers(&mut self) {
        self.formers.clear();
        for sort in [Sort::Tag, Sort::Source, Sort::Person] {
            let names = &self.names[sort as usize];
            for (slug, n) in names.former_slugs(self.names_of(sort)) {
                let (folder, list) = match sort {
                    Sort::Source => ("sources", List::Source(n)),
                    Sort::Person => ("people", List::Person(n)),
                    Sort::Tag | Sort::Ticker => ("tags", List::Tag(n)),
                };
                if self.has(Route::Hub(list)) {
                    self.formers.push((format!("/{folder}/{slug}/"), list));
                }
            }
        }
    }
}

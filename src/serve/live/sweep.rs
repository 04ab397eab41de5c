//! Looking at the pages that nobody has open.

use super::{Live, State, held};
use crate::base::fingerprint::of_bytes;
use crate::site::Route;
use std::panic::{AssertUnwindSafe, catch_unwind};

impl Live {
    /// Looks at pages that nobody has open, until `goes_on` says no: each whose fingerprint is new
    /// is made once. Says whether anything came to light.
    pub fn sweep(&self, goes_on: &dyn Fn() -> bool) -> bool {
        let (pages, revision) = {
            let state = self.look();
            let site = &state.site;
            let pages = site.routes().into_iter().filter(|route| route.is_page());
            let each = |route| site.editions_of(route).map(move |number| (number, route));
            let pages: Vec<(usize, Route)> = pages.flat_map(each).collect();
            (pages, state.revision)
        };
        let mut news = false;
        for (edition, route) in pages {
            if !goes_on() {
                return news;
            }
            let state = self.look();
            if state.revision != revision {
                return news;
            }
            news |= self.sweep_one(&state, edition, route);
        }
        let state = self.look();
        let mut swept = held(&self.swept);
        let before = swept.said.len();
        swept.said.retain(|url, _| state.site.find(url).is_some());
        news | (before != swept.said.len())
    }

    fn sweep_one(&self, state: &State, edition: usize, route: Route) -> bool {
        let press = state.press(edition);
        let url = press.site.url(route);
        let Ok(sheet) = catch_unwind(AssertUnwindSafe(|| press.sheet(route))) else {
            return false;
        };
        let key = of_bytes(url.as_bytes()).0 as u64;
        let (is_seen, had_said) = {
            let mut swept = held(&self.swept);
            let seen = swept.prints.insert(key, sheet.print);
            (seen == Some(sheet.print), swept.said.contains_key(&url))
        };
        // A link may come to lead nowhere, and what it was perhaps meant to lead to may change,
        // while the page does not.
        let said = match edition {
            0 => state.site.resolved(route).said.clone(),
            // It is said of the first edition's page.
            _ => Vec::new(),
        };
        if is_seen && !had_said && said.is_empty() {
            return false;
        }
        let make = || press.render(route, &sheet, &*self.source).err();
        let failed = match is_seen {
            true => None,
            false => catch_unwind(AssertUnwindSafe(make)).unwrap_or_default(),
        };
        let mut swept = held(&self.swept);
        let before = match said.is_empty() {
            true => swept.said.remove(&url),
            false => swept.said.insert(url.clone(), said.clone()),
        };
        drop(swept);
        let news = before.unwrap_or_default() != said || failed.is_some();
        if let Some(said) = failed {
            held(&self.failed).insert(url, (sheet.print, said));
        }
        news
    }
}

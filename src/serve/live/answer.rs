//! What the live site answers with.

use super::trouble::trouble;
use super::{KEPT, Kept, Live, State, held};
use crate::base::diagnostic::{Code, Diagnostic, paint};
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::build;
use crate::press::Press;
use crate::serve::{Answer, Portal, Trouble, hint};
use crate::site::Route;
use std::panic::{AssertUnwindSafe, catch_unwind};

impl Portal for Live {
    fn base_path(&self) -> String {
        self.look().site.config.base_path().to_string()
    }

    fn answer(&self, url: &str) -> Answer {
        let state = self.look();
        let url = folder_of(url);
        match state.site.find(url) {
            Some(found) => self.page(&state, found, url),
            None => self.nothing(&state, url),
        }
    }

    fn print(&self, url: &str) -> String {
        let state = self.look();
        let url = folder_of(url);
        match state.site.find(url) {
            Some((edition, route)) => state.press(edition).print(route).to_string(),
            None => missing_print(&state.press(state.site.edition_of(url)), url),
        }
    }

    fn trouble(&self) -> Vec<Trouble> {
        let mut all = self.look().trouble.clone();
        let mut failed = self.still_failed();
        build::in_order(&mut failed, &*self.source);
        all.extend(failed.iter().map(trouble));
        all
    }
}

/// `/x/index.html` is `/x/`, as on any static host.
fn folder_of(url: &str) -> &str {
    let folder = url.strip_suffix("index.html");
    folder.filter(|folder| folder.ends_with('/')).unwrap_or(url)
}

/// The fingerprint of what stands where nothing is: the error page, and what it says of the URL.
fn missing_print(press: &Press, url: &str) -> String {
    let mut fold = Fold::new();
    fold.add_print(press.print(Route::NotFound))
        .add(url.as_bytes())
        .add(
            hint::nearest(press.site, url)
                .unwrap_or_default()
                .as_bytes(),
        );
    let broken = press.site.broken_at(url);
    broken.iter().for_each(|path| {
        fold.add(path.as_bytes());
    });
    fold.finish().to_string()
}

impl Live {
    fn page(&self, state: &State, (edition, route): (usize, Route), url: &str) -> Answer {
        let press = state.press(edition).with_darkroom(self.darkroom());
        let made = catch_unwind(AssertUnwindSafe(|| {
            let sheet = press.sheet(route);
            (sheet.print, press.render(route, &sheet, &*self.source))
        }));
        let (print, bytes) = made.unwrap_or_else(|_| {
            let message = format!("masthead failed at making {url}");
            let said = Diagnostic::new(Code::Panic, message)
                .help("this is a bug of masthead; please report it");
            (Fingerprint(0), Err(said))
        });
        let path = press.site.path(route);
        let print_text = print.to_string();
        match bytes {
            Ok(body) => {
                held(&self.failed).remove(url);
                if route.is_page() {
                    held(&self.kept).keep(url, &body);
                }
                Answer {
                    status: 200,
                    path,
                    print: print_text,
                    body,
                    location: None,
                }
            }
            Err(said) => {
                let report = paint(&said, false);
                // A file that is being saved can't be read for a moment: idle time tells what stays.
                if said.code != Code::Unreadable {
                    held(&self.failed).insert(url.to_string(), (print, said));
                }
                let last = held(&self.kept).pages.get(url).cloned();
                Answer {
                    status: if last.is_some() { 200 } else { 500 },
                    path,
                    print: print_text,
                    body: last.unwrap_or_else(|| hint::failure(url, &report)),
                    location: None,
                }
            }
        }
    }

    /// What stands where no page is: the last good page of a source with errors, the folder of
    /// this name, or the site's error page.
    fn nothing(&self, state: &State, url: &str) -> Answer {
        let press = state.press(state.site.edition_of(url));
        let answer = |status: u16, body: Vec<u8>| Answer {
            status,
            path: "404.html".to_string(),
            print: missing_print(&press, url),
            body,
            location: None,
        };
        let folder = format!("{url}/");
        if !url.ends_with('/') && state.site.find(&folder).is_some() {
            return Answer {
                location: Some(state.site.href_of(&folder)),
                ..answer(308, Vec::new())
            };
        }
        if let Some(path) = state.site.broken_at(url) {
            let last = held(&self.kept).pages.get(url).cloned();
            let mut said = state.site.said_of(&path).to_vec();
            build::in_order(&mut said, &*self.source);
            let report: Vec<String> = said.iter().map(|one| paint(one, false)).collect();
            return match last {
                Some(body) => answer(200, body),
                None => answer(500, hint::failure(url, &report.join("\n\n"))),
            };
        }
        let sheet = press.sheet(Route::NotFound);
        let body = press.render(Route::NotFound, &sheet, &*self.source);
        let near = hint::nearest(press.site, url);
        match body {
            Ok(body) => answer(404, hint::with(body, &state.site, near.as_deref())),
            Err(said) => answer(404, hint::failure(url, &paint(&said, false))),
        }
    }
}

impl Kept {
    fn keep(&mut self, url: &str, body: &[u8]) {
        if self.pages.insert(url.to_string(), body.to_vec()).is_some() {
            self.order.retain(|other| other != url);
        }
        self.order.push_back(url.to_string());
        while self.order.len() > KEPT {
            if let Some(oldest) = self.order.pop_front() {
                self.pages.remove(&oldest);
            }
        }
    }
}

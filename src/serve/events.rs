//! What open tabs are told: whose page is another one now, which files changed, what is wrong.
//!
//! A browser has one stream for all its tabs. What it knows comes with the request; after that
//! the stream compares at every update. A stream that ends takes all of its state along.

use crate::base::slug::{percent_decoded, percent_encoded};
use crate::serve::hub::{Now, Seen};
use crate::serve::{Portal, Trouble, path};
use serde::Serialize;

/// The most tabs of one browser that are looked after.
const TABS: usize = 200;

/// The most reports that an overlay shows.
const REPORTS: usize = 50;

/// The tabs of a browser, and what they show.
pub struct Watch {
    tabs: Vec<Tab>,
    seen: String,
    follow: bool,
    told: Option<Wrong>,
}

struct Tab {
    page: String,
    print: String,
    mark: String,
}

/// One message of the stream.
#[derive(Serialize)]
pub struct News {
    mark: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    trouble: Option<Wrong>,
    #[serde(skip_serializing_if = "Option::is_none")]
    follow: Option<String>,
    tabs: Vec<TabNews>,
}

/// What a tab has to do. A tab without news isn't named.
#[derive(Serialize)]
struct TabNews {
    /// Its place in the request.
    tab: usize,
    reload: bool,
    /// Paths on this host, percent-encoded; or `*`.
    files: Vec<String>,
}

/// What is wrong, errors first.
#[derive(Serialize, Clone, PartialEq)]
struct Wrong {
    total: usize,
    reports: Vec<Trouble>,
}

impl Watch {
    /// The tabs that a query names: `page`, `print` and `mark` of each, in this order; and what
    /// the browser has `seen` before.
    pub fn new(query: &str, follow: bool) -> Watch {
        let mut watch = Watch {
            tabs: Vec::new(),
            seen: String::new(),
            follow,
            told: None,
        };
        for (key, value) in form_urlencoded::parse(query.as_bytes()) {
            watch.learn(&key, value.into_owned());
        }
        watch
    }

    fn learn(&mut self, key: &str, value: String) {
        let has_place = self.tabs.len() < TABS;
        match (key, self.tabs.last_mut()) {
            ("seen", _) => self.seen = value,
            ("page", _) if has_place => self.tabs.push(Tab {
                page: percent_decoded(&value).unwrap_or_default().into_owned(),
                print: String::new(),
                mark: String::new(),
            }),
            ("print", Some(tab)) => tab.print = value,
            ("mark", Some(tab)) => tab.mark = value,
            _ => {}
        }
    }

    /// What is new, after which it is known.
    pub fn news(&mut self, portal: &dyn Portal, now: &Now) -> News {
        let base = portal.base_path();
        let href = |url: &str| format!("{base}{}", percent_encoded(url));
        let follow = now.follow_since(now.seen(&self.seen)).map(href);
        let mut tabs = Vec::new();
        for (at, tab) in self.tabs.iter_mut().enumerate() {
            let news = tab.news(portal, now);
            if let Some((reload, files)) = news {
                let path = |file: &String| {
                    if file == "*" {
                        file.clone()
                    } else {
                        href(file)
                    }
                };
                let files = files.iter().map(path).collect();
                tabs.push(TabNews {
                    tab: at,
                    reload,
                    files,
                });
            }
        }
        self.seen = now.mark();
        News {
            mark: now.mark(),
            trouble: self.trouble(portal),
            follow: follow.filter(|_| self.follow),
            tabs,
        }
    }

    /// What is wrong, where the browser doesn't know it yet.
    fn trouble(&mut self, portal: &dyn Portal) -> Option<Wrong> {
        let wrong = Wrong::new(portal.trouble());
        let is_new = self.told.as_ref() != Some(&wrong);
        is_new.then(|| self.told.insert(wrong).clone())
    }
}

impl Tab {
    fn news(&mut self, portal: &dyn Portal, now: &Now) -> Option<(bool, Vec<String>)> {
        if path::checked(&self.page).is_err() {
            return None;
        }
        let files = now.files_since(now.seen(&self.mark));
        if now.seen(&self.mark) != Seen::Unknown {
            self.mark = now.mark();
        }
        let print = portal.print(&self.page);
        let reload = print != self.print;
        self.print = print;
        (reload || !files.is_empty()).then_some((reload, files))
    }
}

impl Wrong {
    fn new(mut reports: Vec<Trouble>) -> Wrong {
        let total = reports.len();
        reports.sort_by_key(|trouble| trouble.severity != "error");
        reports.truncate(REPORTS);
        Wrong { total, reports }
    }
}

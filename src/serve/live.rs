//! The live site: held in memory, amended as files change, asked for pages.
//!
//! [`Live::update`] takes the paths that a watcher names, looks at what is there now, and brings
//! the site up to date: an article amends the site, what reaches further has it assembled anew.
//! Where configuration, data or templates have errors, what was last good stays in use, so that an
//! editor keeps a page while somebody mends them.

use super::{Answer, Portal, Trouble, Update, hint};
use crate::base::date::Moment;
use crate::base::diagnostic::{Code, Diagnostic, Severity, paint};
use crate::base::fingerprint::{Fingerprint, Fold, of_bytes};
use crate::build::{self, ENGINE, Input, Settings};
use crate::facts::cache::{self, Chunks, Files, Known};
use crate::facts::{Facts, is_source};
use crate::press::{self, Common, Press};
use crate::sink::store::Store;
use crate::site::{Parts, Route, Site, assemble};
use crate::source::{CONFIG, Listing, Source};
use crate::theme::Theme;
use rayon::prelude::*;
use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// From this many sources on, the site is assembled anew instead of amended.
const MANY: usize = 48;
/// Pages whose last good bytes are kept.
const KEPT: usize = 16;

/// What the site is shown as.
pub struct Wishes {
    /// Whether drafts are shown.
    pub drafts: bool,
    /// Stands in for `base_url` of masthead.yaml.
    pub base_url: Option<String>,
    /// The moment that it is.
    pub now: Box<dyn Fn() -> Moment + Send + Sync>,
}

/// A site in memory.
pub struct Live {
    source: Box<dyn Source + Send>,
    wishes: Wishes,
    state: RwLock<State>,
    kept: Mutex<Kept>,
    /// Pages that could not be made, by URL, with the fingerprint that they had.
    failed: Mutex<BTreeMap<String, (Fingerprint, Diagnostic)>>,
    /// What looking at pages that nobody has open brought to light, by URL.
    swept: Mutex<Swept>,
    /// How often the site was amended, and how often assembled anew.
    work: [AtomicU64; 2],
}

struct State {
    site: Site,
    theme: Theme,
    common: Common,
    files: Files,
    /// How often something was noted in them.
    noted: u64,
    chunks: Chunks,
    settings: Settings,
    /// What can't be read, by path.
    unreadable: BTreeMap<String, Diagnostic>,
    /// What is wrong with configuration and data.
    settings_said: Vec<Diagnostic>,
    /// What is wrong with templates.
    theme_said: Vec<Diagnostic>,
    revision: u64,
    /// What is wrong, for the overlay.
    trouble: Vec<Trouble>,
}

impl State {
    /// Takes another site, and gives the old one.
    fn take(&mut self, mut site: Site) -> Site {
        self.common = press::common(&mut site, &mut self.theme, ENGINE);
        std::mem::replace(&mut self.site, site)
    }
}

/// The last good bytes of pages that were asked for last.
#[derive(Default)]
struct Kept {
    pages: HashMap<String, Vec<u8>>,
    order: VecDeque<String>,
}

/// The pages that were looked at, and what came of it.
#[derive(Default)]
struct Swept {
    prints: HashMap<u64, Fingerprint>,
    said: BTreeMap<String, Vec<Diagnostic>>,
}

fn held<T>(lock: &Mutex<T>) -> MutexGuard<'_, T> {
    lock.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Live {
    /// Reads a site and makes it ready to be asked.
    pub fn open(source: Box<dyn Source + Send>, store: &dyn Store, wishes: Wishes) -> Live {
        let input = Input {
            source: &*source,
            now: (wishes.now)(),
            drafts: wishes.drafts,
            base_url: wishes.base_url.as_deref(),
        };
        let opened = build::open(&input, store);
        let mut parts = opened.parts(&input);
        let (mut theme, theme_said) = match opened.theme {
            Ok(theme) => (theme, Vec::new()),
            Err(said) => (built_in_theme(&*source), said),
        };
        parts.statics = theme.statics();
        let mut site = assemble(parts);
        let common = press::common(&mut site, &mut theme, ENGINE);
        let (unreadable, settings_said) = by_path(opened.said);
        let state = State {
            site,
            theme,
            common,
            files: opened.files.files,
            noted: 0,
            chunks: opened.files.chunks,
            settings: opened.settings,
            unreadable,
            settings_said,
            theme_said,
            revision: 1,
            trouble: Vec::new(),
        };
        let live = Live {
            source,
            wishes,
            state: RwLock::new(state),
            kept: Mutex::default(),
            failed: Mutex::default(),
            swept: Mutex::default(),
            work: Default::default(),
        };
        let trouble = live.find_trouble();
        live.change().trouble = trouble;
        live
    }

    fn look(&self) -> RwLockReadGuard<'_, State> {
        self.state.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self) -> RwLockWriteGuard<'_, State> {
        self.state.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the facts of all files for the next start.
    ///
    /// # Errors
    /// Whatever keeps them from being written.
    pub fn keep(&self, store: &dyn Store) -> std::io::Result<()> {
        let (mut files, mut chunks, noted) = {
            let state = self.look();
            (state.files.clone(), state.chunks.clone(), state.noted)
        };
        cache::keep(&mut files, &mut chunks, store, ENGINE)?;
        let mut state = self.change();
        state.chunks = chunks;
        // They are no news any more, so that the next time only what changes is written; but what
        // changed in the meantime is.
        if state.noted == noted {
            std::mem::swap(&mut state.files, &mut files);
        }
        drop(state);
        Ok(())
    }

    /// The figures for a line on the terminal: articles and pages.
    pub fn size(&self) -> (usize, usize) {
        let state = self.look();
        (state.site.articles.len(), state.site.pages.len())
    }

    /// Whether an embargo or a pin has ended since the site was looked at.
    pub fn is_due(&self) -> bool {
        let now = (self.wishes.now)();
        let due = &self.look().site.due;
        [due.event.0, due.year.0]
            .iter()
            .flatten()
            .any(|due| *due <= now)
    }

    /// An update in which no page changed, but what is wrong did.
    pub fn tell_again(&self) -> Update {
        let mut state = self.change();
        state.revision += 1;
        Update {
            revision: state.revision,
            ..Update::default()
        }
    }

    /// How often the site was amended, and how often it was assembled anew.
    pub fn work(&self) -> [u64; 2] {
        [0, 1].map(|at| self.work[at].load(Ordering::Relaxed))
    }

    /// All URLs below the base path.
    pub fn urls(&self) -> Vec<String> {
        let state = self.look();
        let routes = state.site.routes().into_iter();
        routes.map(|route| state.site.url(route)).collect()
    }

    /// Counts up with every update.
    pub fn revision(&self) -> u64 {
        self.look().revision
    }
}

/// The theme without the site's own templates.
fn built_in_theme(source: &dyn Source) -> Theme {
    let listing = source.below("static");
    let known = |entry: &crate::source::Entry| {
        let digest = source.read(&entry.path).map(|bytes| of_bytes(&bytes));
        Some((entry.path.clone(), digest.ok()?))
    };
    let digests = listing.entries.iter().filter_map(known).collect();
    crate::theme::load(source, &listing, &digests, &mut Vec::new()).unwrap_or_default()
}

/// What can't be read, by its path, and the rest.
fn by_path(said: Vec<Diagnostic>) -> (BTreeMap<String, Diagnostic>, Vec<Diagnostic>) {
    let is_file = |diagnostic: &Diagnostic| diagnostic.code == Code::Unreadable;
    let (unreadable, rest): (Vec<_>, Vec<_>) = said.into_iter().partition(is_file);
    let path = |diagnostic: &Diagnostic| {
        let place = diagnostic.place.as_ref();
        place.map_or(String::new(), |place| place.file.clone())
    };
    let unreadable = unreadable.into_iter().map(|one| (path(&one), one));
    (unreadable.collect(), rest)
}

/// What became of some paths.
#[derive(Default)]
struct Found {
    /// New or changed files, and those that are gone.
    files: BTreeMap<String, Option<Known>>,
    unreadable: BTreeMap<String, Diagnostic>,
}

impl Found {
    fn any(&self, folder: &str) -> bool {
        let inside = |path: &String| path.starts_with(folder);
        self.files.keys().any(inside)
    }
}

impl Live {
    /// Looks at paths again, and brings the site up to date with what is there now. `None` where
    /// nothing changed.
    pub fn update(&self, paths: &BTreeSet<String>) -> Option<Update> {
        let found = self.find(paths);
        let said_before = self.unreadable_below(paths);
        if found.files.is_empty() && found.unreadable == said_before {
            return None;
        }
        Some(self.apply(paths, found))
    }

    /// Brings everything up to date: events may have been lost, or an embargo ended.
    pub fn rescan(&self) -> Update {
        let mut paths: BTreeSet<String> = crate::source::FOLDERS.map(str::to_string).into();
        paths.insert(CONFIG.to_string());
        let found = self.find(&paths);
        let update = self.apply(&paths, found);
        self.assemble_anew();
        update
    }

    fn unreadable_below(&self, paths: &BTreeSet<String>) -> BTreeMap<String, Diagnostic> {
        let state = self.look();
        let below = state.unreadable.iter().filter(|(path, _)| {
            let inside = |above: &String| is_below(path, above);
            paths.iter().any(inside)
        });
        below
            .map(|(path, said)| (path.clone(), said.clone()))
            .collect()
    }

    /// What is there now, where it differs from what is known.
    fn find(&self, paths: &BTreeSet<String>) -> Found {
        let mut found = Found::default();
        let mut entries = Vec::new();
        let mut there = BTreeSet::new();
        for path in paths {
            let listing = self.source.below(path);
            found.unreadable.extend(by_path(listing.diagnostics).0);
            there.extend(listing.entries.iter().map(|entry| entry.path.clone()));
            entries.extend(listing.entries);
        }
        let state = self.look();
        for path in paths {
            let known = state.files.range(path.clone()..).map(|(path, _)| path);
            let known = known.take_while(|known| known.starts_with(path.as_str()));
            let gone = known.filter(|known| is_below(known, path) && !there.contains(*known));
            found.files.extend(gone.map(|path| (path.clone(), None)));
        }
        let known: Vec<Option<Known>> = entries
            .iter()
            .map(|entry| state.files.get(&entry.path).cloned())
            .collect();
        drop(state);
        let look = |(entry, known): (&crate::source::Entry, &Option<Known>)| {
            cache::look(&*self.source, entry, known.clone())
        };
        let looked: Vec<cache::Looked> = match entries.len() {
            0..8 => entries.iter().zip(&known).map(look).collect(),
            _ => entries.par_iter().zip(&known).map(look).collect(),
        };
        for ((entry, known), look) in entries.into_iter().zip(known).zip(looked) {
            match look {
                Ok((now, _)) => {
                    let same = known.is_some_and(|known| known.digest == now.digest);
                    if !same {
                        found.files.insert(entry.path, Some(now));
                    }
                }
                Err(diagnostic) => {
                    if known.is_some() {
                        found.files.insert(entry.path.clone(), None);
                    }
                    found.unreadable.insert(entry.path, *diagnostic);
                }
            }
        }
        found
    }

    fn apply(&self, paths: &BTreeSet<String>, found: Found) -> Update {
        let mut update = Update {
            files: self.file_urls(&found),
            ..Update::default()
        };
        let settings = found.any("data/") || found.files.contains_key(CONFIG);
        let theme = found.any("templates/") || found.any("static/");
        let beside = |path: &&String| path.starts_with("content/") && !is_source(path);
        let beside = found.files.keys().any(|path| beside(&path));
        let (sources, saved) = self.note(paths, found);
        if settings && self.read_settings() {
            update.files.push("/accents.css".to_string());
        }
        let statics = theme && self.read_theme();
        let anew = settings || statics || beside || sources.len() > MANY;
        match anew {
            true => self.assemble_anew(),
            false => self.amend(sources),
        }
        let mut state = self.change();
        state.revision += 1;
        update.revision = state.revision;
        let shown = saved.and_then(|path| state.site.page_of(&path));
        update.follow = shown.map(|route| state.site.url(route));
        drop(state);
        let trouble = self.find_trouble();
        self.change().trouble = trouble;
        update
    }

    /// The URLs of changed files that pages name without a digest.
    fn file_urls(&self, found: &Found) -> Vec<String> {
        let url = |path: &String| {
            let inside = match is_source(path) {
                true => None,
                false => path.strip_prefix("content/"),
            };
            let inside = inside.or_else(|| path.strip_prefix("static/"))?;
            Some(format!("/{inside}"))
        };
        found.files.keys().filter_map(url).collect()
    }

    /// Enters what was found in the table of files. Gives the sources among it with what they said
    /// before and say now, and the source that was saved, if it is but one.
    fn note(&self, paths: &BTreeSet<String>, found: Found) -> (Vec<Change>, Option<String>) {
        let mut state = self.change();
        state.noted += 1;
        state
            .unreadable
            .retain(|path, _| !paths.iter().any(|above| is_below(path, above)));
        state.unreadable.extend(found.unreadable);
        let mut sources = Vec::new();
        for (path, now) in found.files {
            let facts = now.as_ref().and_then(|known| known.facts.clone());
            let old = match now {
                Some(known) => state.files.insert(path.clone(), known),
                None => state.files.remove(&path),
            };
            if is_source(&path) {
                let old = old.and_then(|known| known.facts);
                sources.push((path, old, facts));
            }
        }
        let mut saved = sources.iter().filter(|(_, _, now)| now.is_some());
        let saved = match (saved.next(), saved.next()) {
            (Some((path, _, _)), None) => Some(path.clone()),
            _ => None,
        };
        (sources, saved)
    }

    /// Reads configuration and data anew; with errors the old ones stay in use.
    fn read_settings(&self) -> bool {
        let mut listing = self.source.below(CONFIG);
        listing.entries.extend(self.source.below("data").entries);
        listing.entries.sort_by(|a, b| a.path.cmp(&b.path));
        let mut said = Vec::new();
        let base_url = self.wishes.base_url.as_deref();
        let settings = build::settings(&*self.source, &listing, base_url, &mut said);
        let good = !said.iter().any(build::is_about_the_whole);
        let mut state = self.change();
        state.settings_said = said;
        if good {
            state.settings = settings;
        }
        good
    }

    /// Loads the theme anew; with errors the old one stays in use. Says whether there are other
    /// static files now.
    fn read_theme(&self) -> bool {
        let mut listing: Listing = self.source.below("static");
        let templates = self.source.below("templates");
        listing.entries.extend(templates.entries);
        let mut said = Vec::new();
        let loaded = {
            let state = self.look();
            build::theme(&*self.source, &listing, &state.files, &mut said)
        };
        let mut state = self.change();
        match loaded {
            Ok(mut theme) => {
                let state = &mut *state;
                state.common = press::common(&mut state.site, &mut theme, ENGINE);
                state.theme = theme;
                state.theme_said = said;
                state.theme.statics() != state.site.statics
            }
            Err(complaints) => {
                said.extend(complaints);
                state.theme_said = said;
                false
            }
        }
    }

    /// Amends the site by some sources, or has it assembled anew where that can't be done. Nobody
    /// may look in between: a site that is half amended lacks pages.
    fn amend(&self, sources: Vec<Change>) {
        let mut state = self.change();
        self.work[0].fetch_add(sources.len() as u64, Ordering::Relaxed);
        let is_amended = sources.into_iter().all(|(path, old, now)| {
            let amended = state.site.amend(&path, old.as_deref(), now);
            amended.is_ok()
        });
        if is_amended {
            return;
        }
        self.work[1].fetch_add(1, Ordering::Relaxed);
        let site = assemble(self.parts(&state));
        let old = state.take(site);
        drop(state);
        drop(old);
    }

    fn assemble_anew(&self) {
        self.work[1].fetch_add(1, Ordering::Relaxed);
        let parts = self.parts(&self.look());
        let site = assemble(parts);
        let old = self.change().take(site);
        // Taking a large site apart takes time, and nobody should wait for it.
        drop(old);
    }

    fn parts(&self, state: &State) -> Parts {
        let Settings {
            config,
            known,
            data,
        } = state.settings.clone();
        let facts = state.files.values();
        Parts {
            config,
            known,
            data,
            facts: facts.filter_map(|known| known.facts.clone()).collect(),
            unreadable: state.unreadable.keys().cloned().collect(),
            statics: state.theme.statics(),
            attachments: build::attachments(&state.files),
            now: (self.wishes.now)(),
            drafts: self.wishes.drafts,
        }
    }
}

/// A source, what it said before, and what it says now.
type Change = (String, Option<Arc<Facts>>, Option<Arc<Facts>>);

fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Live {
    /// Everything that is wrong, in the order of a report.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all = self.said();
        build::in_order(&mut all, &*self.source);
        all
    }

    /// Puts a report in order, with excerpts of what is there now.
    pub fn in_order(&self, diagnostics: &mut Vec<Diagnostic>) {
        build::in_order(diagnostics, &*self.source);
    }

    /// Everything that is wrong, in no order and without excerpts.
    pub fn said(&self) -> Vec<Diagnostic> {
        let state = self.look();
        let mut all: Vec<Diagnostic> = state.unreadable.values().cloned().collect();
        all.extend(state.settings_said.iter().chain(&state.theme_said).cloned());
        all.extend(state.site.diagnostics());
        let press = Press::with(&state.site, &state.theme, &state.common);
        all.extend(press.unknown_templates());
        drop(state);
        all.extend(held(&self.swept).said.values().flatten().cloned());
        all.extend(self.still_failed());
        all
    }

    /// What keeps pages from being made as they are now.
    fn still_failed(&self) -> Vec<Diagnostic> {
        let mut failed = held(&self.failed);
        let state = self.look();
        let press = Press::with(&state.site, &state.theme, &state.common);
        failed.retain(|url, (print, _)| {
            let route = state.site.route(url);
            route.is_some_and(|route| press.print(route) == *print)
        });
        let mut said: Vec<Diagnostic> = Vec::new();
        for (_, diagnostic) in failed.values() {
            let same = |other: &Diagnostic| {
                (&other.message, &other.place) == (&diagnostic.message, &diagnostic.place)
            };
            // One template's mistake breaks many pages.
            if !said.iter().any(same) {
                said.push(diagnostic.clone());
            }
        }
        said
    }

    fn find_trouble(&self) -> Vec<Trouble> {
        let state = self.look();
        let said = state.unreadable.values().chain(&state.settings_said);
        let said = said.chain(&state.theme_said);
        let is_error = |said: &&Diagnostic| said.severity == Severity::Error;
        let mut all: Vec<Diagnostic> = said.filter(is_error).cloned().collect();
        all.extend(state.site.errors().cloned());
        drop(state);
        build::in_order(&mut all, &*self.source);
        all.iter().map(trouble).collect()
    }
}

fn trouble(diagnostic: &Diagnostic) -> Trouble {
    let place = diagnostic.place.as_ref().map(|place| match place.line {
        0 => place.file.clone(),
        line => format!("{}:{line}:{}", place.file, place.column),
    });
    Trouble {
        severity: match diagnostic.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        },
        message: diagnostic.message.clone(),
        place: place.unwrap_or_default(),
        report: paint(diagnostic, false),
    }
}

impl Portal for Live {
    fn base_path(&self) -> String {
        self.look().site.config.base_path().to_string()
    }

    fn answer(&self, url: &str) -> Answer {
        let state = self.look();
        let url = folder_of(url);
        match state.site.route(url) {
            Some(route) => self.page(&state, route, url),
            None => self.nothing(&state, url),
        }
    }

    fn print(&self, url: &str) -> String {
        let state = self.look();
        let press = Press::with(&state.site, &state.theme, &state.common);
        let url = folder_of(url);
        match state.site.route(url) {
            Some(route) => press.print(route).to_string(),
            None => missing_print(&press, url),
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
    fn page(&self, state: &State, route: Route, url: &str) -> Answer {
        let press = Press::with(&state.site, &state.theme, &state.common);
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
        let path = state.site.path(route);
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
        let press = Press::with(&state.site, &state.theme, &state.common);
        let answer = |status: u16, body: Vec<u8>| Answer {
            status,
            path: "404.html".to_string(),
            print: missing_print(&press, url),
            body,
            location: None,
        };
        let folder = format!("{url}/");
        if !url.ends_with('/') && state.site.route(&folder).is_some() {
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
        let near = hint::nearest(&state.site, url);
        match body {
            Ok(body) => answer(404, hint::with(body, &state.site, near.as_deref())),
            Err(said) => answer(404, hint::failure(url, &paint(&said, false))),
        }
    }

    /// Looks at pages that nobody has open, until `goes_on` says no: each whose fingerprint is new
    /// is made once. Says whether anything came to light.
    pub fn sweep(&self, goes_on: &dyn Fn() -> bool) -> bool {
        let (routes, revision) = {
            let state = self.look();
            (state.site.routes(), state.revision)
        };
        let mut news = false;
        for route in routes.into_iter().filter(|route| route.is_page()) {
            if !goes_on() {
                return news;
            }
            let state = self.look();
            if state.revision != revision {
                return news;
            }
            news |= self.sweep_one(&state, route);
        }
        let state = self.look();
        let mut swept = held(&self.swept);
        let before = swept.said.len();
        swept.said.retain(|url, _| state.site.route(url).is_some());
        news | (before != swept.said.len())
    }

    fn sweep_one(&self, state: &State, route: Route) -> bool {
        let url = state.site.url(route);
        let press = Press::with(&state.site, &state.theme, &state.common);
        let Ok(sheet) = catch_unwind(AssertUnwindSafe(|| press.sheet(route))) else {
            return false;
        };
        let key = of_bytes(url.as_bytes()).0 as u64;
        let (is_seen, had_said) = {
            let mut swept = held(&self.swept);
            let seen = swept.prints.insert(key, sheet.print);
            (seen == Some(sheet.print), swept.said.contains_key(&url))
        };
        // What a dead link was perhaps meant to lead to may change while the page does not.
        if is_seen && !had_said {
            return false;
        }
        let make = || press.render(route, &sheet, &*self.source).err();
        let failed = match is_seen {
            true => None,
            false => catch_unwind(AssertUnwindSafe(make)).unwrap_or_default(),
        };
        let said = state.site.resolved(route).said.clone();
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

impl Kept {
    fn keep(&mut self, url: &str, body: &[u8]) {
        if self.pages.insert(url.to_string(), body.to_vec()).is_none() {
            self.order.push_back(url.to_string());
        }
        while self.order.len() > KEPT {
            if let Some(oldest) = self.order.pop_front() {
                self.pages.remove(&oldest);
            }
        }
    }
}

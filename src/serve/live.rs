//! The live site: held in memory, amended as files change, asked for pages.
//!
//! [`Live::update`] takes the paths that a watcher names, looks at what is there now, and brings
//! the site up to date: an article amends the site, what reaches further has it assembled anew.
//! Where configuration, data or templates have errors, what was last good stays in use, so that an
//! editor keeps a page while somebody mends them.

mod answer;
mod sweep;
mod trouble;
mod update;

use super::{Trouble, Update};
use crate::base::date::Moment;
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, of_bytes};
use crate::build::{self, ENGINE, Input, Settings};
use crate::facts::cache::{self, Chunks, Files};
use crate::press::pictures::{Bench, Darkroom};
use crate::press::{self, Common, Press};
use crate::sink::store::Store;
use crate::site::{Route, Site, assemble};
use crate::source::Source;
use crate::theme::Theme;
use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

/// From this many sources on, the site is assembled anew instead of amended.
const MANY: usize = 48;
/// Pages whose last good bytes are kept.
const KEPT: usize = 32;

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
    bench: Bench,
    /// Where pictures are kept.
    pictures: Option<Box<dyn Store + Send>>,
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
    /// The press of an edition.
    fn press(&self, edition: usize) -> Press<'_> {
        Press::with(self.site.edition(edition), &self.theme, &self.common)
    }

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
        let mut opened = build::open(&input, store);
        let mut parts = opened.parts(&input);
        let (mut theme, theme_said) = match opened.theme(&*source) {
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
            bench: Bench::default(),
            pictures: None,
        };
        let trouble = live.find_trouble();
        live.change().trouble = trouble;
        live
    }

    /// Takes a store to keep pictures in; a build finds them there, and the reverse.
    pub fn with_pictures(self, store: Box<dyn Store + Send>) -> Live {
        let pictures = Some(store);
        Live { pictures, ..self }
    }

    fn darkroom(&self) -> Option<Darkroom<'_>> {
        let store = self.pictures.as_deref()?;
        let bench = &self.bench;
        Some(Darkroom { bench, store })
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
        let site = &state.site;
        let routes = site.routes().into_iter();
        let urls = |route: Route| {
            let all = site.editions_of(route);
            all.map(move |number| site.edition(number).url(route))
        };
        routes.flat_map(urls).collect()
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

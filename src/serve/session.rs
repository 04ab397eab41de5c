//! A session of editing: what the watch tells becomes updates of the live site, in a thread of its
//! own; in idle time that thread looks at the pages that nobody has open, and keeps the facts of
//! what changed for the next start.

use super::hub::Hub;
use super::live::Live;
use super::{Portal, Trouble, Update};
use crate::base::diagnostic::{Diagnostic, Severity};
use crate::base::fingerprint::of_bytes;
use crate::sink::store::Folder;
use crate::source::{Event, Watch, WatchSettings, watch};
use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

/// How long nothing must have happened before pages are looked at that nobody has open.
const IDLE: Duration = Duration::from_millis(800);
/// How often the clock is looked at, for embargoes that end.
const TICK: Duration = Duration::from_secs(1);

/// What a session says of itself.
pub enum News {
    /// Paths changed, and the pages are up to date since so long.
    Updated(BTreeSet<String>, Duration),
    /// What is wrong and was not said yet.
    Wrong(Vec<Diagnostic>),
    /// All errors are mended.
    Mended,
}

/// A session at work.
pub struct Running {
    watch: Watch,
    live: Arc<Live>,
    store: Folder,
}

impl Running {
    /// Ends it, and keeps the facts of what changed last.
    pub fn end(self) {
        drop(self.watch);
        keep(&self.live, &self.store);
    }
}

/// Keeps the facts of a site, and says whether that is done. A build at work does so itself.
fn keep(live: &Live, store: &Folder) -> bool {
    let lock = store.try_lock();
    lock.is_some() && live.keep(store).is_ok()
}

/// The watch of a site, started before the site is read, so that no change is missed.
pub struct Watched {
    watch: Watch,
    events: Receiver<Event>,
    told: Arc<AtomicU64>,
}

/// Starts to watch a site.
///
/// # Errors
/// That its folder can't be read.
pub fn watched(root: &Path, settings: WatchSettings) -> Result<Watched, Diagnostic> {
    let (tell, events) = channel();
    let told = Arc::new(AtomicU64::new(0));
    let count = Arc::clone(&told);
    let watch = watch(root, settings, move |event| {
        count.fetch_add(1, Ordering::SeqCst);
        // Who no longer listens is about to stop the watch.
        let _ = tell.send(event);
    })?;
    Ok(Watched {
        watch,
        events,
        told,
    })
}

/// Starts the thread that brings a live site up to date.
///
/// # Errors
/// That there is no thread to be had.
pub fn start(
    watched: Watched,
    live: Arc<Live>,
    hub: Hub,
    store: Folder,
    say: impl Fn(News) + Send + 'static,
) -> std::io::Result<Running> {
    let Watched {
        watch,
        events,
        told,
    } = watched;
    let session = Session {
        live: Arc::clone(&live),
        hub,
        store: store.clone(),
        told,
        taken: 0,
        kept: false,
        idle_done: false,
        trouble: Vec::new(),
        said: HashSet::new(),
        wrong: false,
        say,
    };
    let thread = thread::Builder::new().name("edits".to_string());
    thread.spawn(move || session.run(&events))?;
    Ok(Running { watch, live, store })
}

struct Session<F> {
    live: Arc<Live>,
    hub: Hub,
    store: Folder,
    /// How many events were told, and how many of them are taken.
    told: Arc<AtomicU64>,
    taken: u64,
    /// Whether the facts are kept as they are now.
    kept: bool,
    /// Whether there is nothing more to be done in idle time.
    idle_done: bool,
    /// What open tabs know to be wrong.
    trouble: Vec<Trouble>,
    /// Hashes of what was said.
    said: HashSet<u128>,
    /// Whether there was an error in it.
    wrong: bool,
    say: F,
}

impl<F: Fn(News)> Session<F> {
    fn run(mut self, events: &Receiver<Event>) {
        self.trouble = self.live.trouble();
        self.tell_errors();
        loop {
            let wait = if self.idle_done { TICK } else { IDLE };
            match events.recv_timeout(wait) {
                Ok(event) => self.take(event, events),
                Err(RecvTimeoutError::Timeout) => self.idle(),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// Takes an event and all that came with it.
    fn take(&mut self, first: Event, events: &Receiver<Event>) {
        let started = Instant::now();
        let (mut paths, mut rescan) = (BTreeSet::new(), false);
        let mut next = Some(first);
        while let Some(event) = next {
            self.taken += 1;
            match event {
                Event::Changed(changed) => paths.extend(changed),
                Event::Rescan => rescan = true,
                Event::Trouble(trouble) => (self.say)(News::Wrong(vec![trouble])),
            }
            next = events.try_recv().ok();
        }
        if rescan {
            let update = self.live.rescan();
            self.publish(update);
        } else if let Some(update) = self.live.update(&paths) {
            self.publish(update);
            (self.say)(News::Updated(paths, started.elapsed()));
        } else {
            return;
        }
        self.tell_errors();
        (self.kept, self.idle_done) = (false, false);
    }

    fn publish(&mut self, update: Update) {
        self.trouble = self.live.trouble();
        self.hub.publish(update);
    }

    /// Says at once what is an error; warnings can wait.
    fn tell_errors(&mut self) {
        let said = self.live.said();
        self.tell(said, is_error);
    }

    /// Says what was not said yet, and forgets what is no more.
    fn tell(&mut self, said: Vec<Diagnostic>, now: impl Fn(&Diagnostic) -> bool) {
        let was_wrong = std::mem::replace(&mut self.wrong, said.iter().any(is_error));
        if was_wrong && !self.wrong {
            (self.say)(News::Mended);
        }
        let hashed = |one: Diagnostic| (of_bytes(format!("{one:?}").as_bytes()).0, one);
        let said: Vec<(u128, Diagnostic)> = said.into_iter().map(hashed).collect();
        let all: HashSet<u128> = said.iter().map(|(hash, _)| *hash).collect();
        self.said.retain(|hash| all.contains(hash));
        let is_new = |hash: &u128, one: &Diagnostic| now(one) && !self.said.contains(hash);
        let news = said.into_iter().filter(|(hash, one)| is_new(hash, one));
        let (hashes, mut news): (Vec<u128>, Vec<Diagnostic>) = news.unzip();
        self.said.extend(hashes);
        if !news.is_empty() {
            self.live.in_order(&mut news);
            (self.say)(News::Wrong(news));
        }
    }

    fn idle(&mut self) {
        if self.live.is_due() {
            let update = self.live.rescan();
            self.publish(update);
            (self.kept, self.idle_done) = (false, false);
            return;
        }
        if self.idle_done {
            return;
        }
        self.keep();
        let (told, taken) = (Arc::clone(&self.told), self.taken);
        let goes_on = move || told.load(Ordering::SeqCst) == taken;
        self.live.sweep(&goes_on);
        if !goes_on() {
            return;
        }
        // A page that can't be made may also have come to light by being asked for.
        if self.live.trouble() != self.trouble {
            let update = self.live.tell_again();
            self.publish(update);
        }
        let said = self.live.said();
        self.tell(said, |_| true);
        self.idle_done = true;
    }

    /// Keeps the facts before any page is looked at: of 100,000 articles that takes minutes, and
    /// the next start would have to read them all again if this one ended before.
    fn keep(&mut self) {
        self.kept = self.kept || keep(&self.live, &self.store);
    }
}

fn is_error(said: &Diagnostic) -> bool {
    said.severity == Severity::Error
}

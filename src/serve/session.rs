//! A session of editing: what the watch tells becomes updates of the live site, in a thread of its
//! own; in idle time that thread looks at the pages that nobody has open, and keeps the facts of
//! what changed for the next start.

use super::hub::Hub;
use super::live::Live;
use super::{Portal, Update};
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
    /// Everything that was wrong is mended.
    Mended,
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

/// Starts the thread that brings a live site up to date. It ends when the watch does.
///
/// # Errors
/// That there is no thread to be had.
pub fn start(
    watched: Watched,
    live: Arc<Live>,
    hub: Hub,
    store: Folder,
    say: impl Fn(News) + Send + 'static,
) -> std::io::Result<Watch> {
    let Watched {
        watch,
        events,
        told,
    } = watched;
    let session = Session {
        live,
        hub,
        store,
        told,
        taken: 0,
        kept: false,
        idle_done: false,
        said: HashSet::new(),
        say,
    };
    let thread = thread::Builder::new().name("edits".to_string());
    thread.spawn(move || session.run(&events))?;
    Ok(watch)
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
    /// Hashes of what was said.
    said: HashSet<u128>,
    say: F,
}

impl<F: Fn(News)> Session<F> {
    fn run(mut self, events: &Receiver<Event>) {
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
            self.publish(self.live.rescan());
        } else if let Some(update) = self.live.update(&paths) {
            self.publish(update);
            (self.say)(News::Updated(paths, started.elapsed()));
        } else {
            return;
        }
        self.tell_errors();
        (self.kept, self.idle_done) = (false, false);
    }

    fn publish(&self, update: Update) {
        self.hub.publish(update);
    }

    /// Says at once what is an error; warnings can wait.
    fn tell_errors(&mut self) {
        let had = !self.said.is_empty();
        let said = self.live.said();
        if had && said.is_empty() {
            (self.say)(News::Mended);
        }
        self.tell(said, |said| said.severity == Severity::Error);
    }

    /// Says what was not said yet, and forgets what is no more.
    fn tell(&mut self, said: Vec<Diagnostic>, now: impl Fn(&Diagnostic) -> bool) {
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
            self.publish(self.live.rescan());
            (self.kept, self.idle_done) = (false, false);
            return;
        }
        if self.idle_done {
            return;
        }
        self.keep();
        let (told, taken) = (Arc::clone(&self.told), self.taken);
        let goes_on = move || told.load(Ordering::SeqCst) == taken;
        let trouble = self.live.trouble();
        self.live.sweep(&goes_on);
        if !goes_on() {
            return;
        }
        if self.live.trouble() != trouble {
            self.publish(self.live.tell_again());
        }
        let said = self.live.said();
        self.tell(said, |_| true);
        self.idle_done = true;
    }

    /// Keeps the facts before any page is looked at: of 100,000 articles that takes minutes, and
    /// the next start would have to read them all again if this one ended before.
    fn keep(&mut self) {
        if self.kept {
            return;
        }
        // A build at work keeps the facts itself.
        if let Some(_lock) = self.store.try_lock() {
            self.kept = self.live.keep(&self.store).is_ok();
        }
    }
}

//! Watching a site for the preview: which sources are to be looked at again.
//!
//! Promises that no change is missed: whatever is written after [`watch`] has returned is told,
//! at the latest as [`Event::Rescan`]. Says nothing of what a change is: who is told lists the
//! path again. Reading a source is no change. Folders are watched, never single files, since
//! editors put another file into the place of the old one; `public/`, `.masthead/`, `.git/` and
//! `target/` are not looked into.
//!
//! Two threads: that of `notify` puts what it hears into an inbox, ours makes bursts of it.
//! Where the system can't watch, the same thread compares listings.

mod burst;
mod inbox;
mod links;
mod poll;
mod tree;
mod trouble;

use crate::base::diagnostic::Diagnostic;
use burst::Burst;
use inbox::{Inbox, News};
use poll::Poll;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};
use tree::Tree;

/// How often a site is looked through that can't be watched.
const POLL: Duration = Duration::from_secs(1);

/// What a watch says.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// Files and folders to be looked at again, by their paths from the site's root with `/`:
    /// added, changed, renamed or deleted. A folder stands for all that is below it.
    Changed(BTreeSet<String>),
    /// Changes may have been lost: everything is to be looked at again.
    Rescan,
    /// The site can't be watched as it should; it is looked through every second from now on.
    Trouble(Diagnostic),
}

/// How a site is watched.
#[derive(Debug, Clone)]
pub struct Settings {
    /// A burst of changes is told when nothing more has come for so long: an editor that puts
    /// a new file into the place of the old one is done within a few milliseconds.
    pub quiet: Duration,
    /// A burst is told after so long even if changes go on.
    pub longest: Duration,
    /// The site is looked through at this interval instead of being watched.
    pub poll: Option<Duration>,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            quiet: Duration::from_millis(15),
            longest: Duration::from_secs(2),
            poll: None,
        }
    }
}

/// A site being watched, until this is dropped.
pub struct Watch {
    inbox: Arc<Inbox>,
    thread: Option<JoinHandle<()>>,
}

impl Drop for Watch {
    /// Waits for the thread, and so for the receiver if it is just being told something.
    fn drop(&mut self) {
        self.inbox.stop();
        let Some(thread) = self.thread.take() else {
            return;
        };
        if thread.thread().id() != thread::current().id() {
            let _ = thread.join();
        }
    }
}

/// Watches the site under `root`, and tells `on` of each burst of changes.
///
/// # Errors
/// That `root` is no folder which can be read.
pub fn watch(
    root: &Path,
    settings: Settings,
    on: impl FnMut(Event) + Send + 'static,
) -> Result<Watch, Diagnostic> {
    let real = fs::canonicalize(root).and_then(|real| fs::read_dir(&real).map(|_| real));
    let real = real.map_err(|error| trouble::no_folder(root, &error))?;
    let inbox = Arc::new(Inbox::default());
    let (way, trouble) = Way::of(&real, &settings, &inbox);
    let lookout = Lookout {
        root: real,
        inbox: Arc::clone(&inbox),
        burst: Burst::new(settings.quiet, settings.longest),
        quiet: settings.quiet,
        on,
    };
    let thread = thread::Builder::new().name("watch".to_string());
    let thread = thread.spawn(move || lookout.run(way, trouble));
    Ok(Watch {
        inbox,
        thread: Some(thread.map_err(|error| trouble::no_folder(root, &error))?),
    })
}

/// How changes are found.
enum Way {
    Listen(Tree),
    Poll(Poll),
}

impl Way {
    /// The way that works, and what keeps the better one from working.
    fn of(root: &Path, settings: &Settings, inbox: &Arc<Inbox>) -> (Way, Option<Diagnostic>) {
        if let Some(interval) = settings.poll {
            return (Way::Poll(Poll::new(root, interval)), None);
        }
        match Tree::new(root, inbox) {
            Ok(tree) => (Way::Listen(tree), None),
            Err(error) => {
                let trouble = trouble::unwatched(&error);
                (Way::Poll(Poll::new(root, POLL)), Some(trouble))
            }
        }
    }
}

/// The thread of a watch.
struct Lookout<F> {
    root: PathBuf,
    inbox: Arc<Inbox>,
    burst: Burst,
    quiet: Duration,
    on: F,
}

impl<F: FnMut(Event)> Lookout<F> {
    fn run(mut self, way: Way, trouble: Option<Diagnostic>) {
        if let Some(trouble) = trouble {
            (self.on)(Event::Trouble(trouble));
        }
        match way {
            Way::Poll(poll) => self.poll(poll),
            Way::Listen(tree) => {
                if let Some(error) = self.listen(tree) {
                    let poll = Poll::new(&self.root, POLL);
                    (self.on)(Event::Trouble(trouble::unwatched(&error)));
                    (self.on)(Event::Rescan);
                    self.poll(poll);
                }
            }
        }
    }

    /// Until it is stopped, or can't go on.
    fn listen(&mut self, mut tree: Tree) -> Option<notify::Error> {
        loop {
            let news = self.inbox.wait(self.burst.due())?;
            if let Err(error) = self.hear(&mut tree, news) {
                return Some(error);
            }
            self.tell();
        }
    }

    fn hear(&mut self, tree: &mut Tree, news: News) -> notify::Result<()> {
        if let Some(error) = news.error {
            return Err(error);
        }
        if news.lost {
            *tree = Tree::new(&self.root, &self.inbox)?;
            self.burst.lose(Instant::now());
        }
        let changed = tree.take(&news.paths)?;
        self.burst.add(changed, Instant::now());
        Ok(())
    }

    fn poll(&mut self, mut poll: Poll) {
        loop {
            let more = self.burst.due().map(|_| self.quiet);
            let next = Instant::now() + more.unwrap_or(poll.pause());
            if self.inbox.wait(Some(next)).is_none() {
                return;
            }
            let changed = poll.look();
            self.burst.add(changed, Instant::now());
            self.tell();
        }
    }

    fn tell(&mut self) {
        if let Some(event) = self.burst.take(Instant::now()) {
            (self.on)(event);
        }
    }
}

//! The folders of a site that are watched, and what a change in them is called.
//!
//! Where `notify` works by inotify, each folder is watched by itself instead of leaving new ones
//! to it: so it is known when a new folder is watched, hidden ones cost nothing, a folder that
//! can be reached by two ways is watched once, and it is noticed when watches run out.

use super::inbox::Inbox;
use super::links::Links;
use super::trouble::is_of_the_system;
use crate::source::names::{is_hidden, is_noise, is_source};
use crate::source::{CONFIG, FOLDERS};
use notify::{
    Config, Error, EventHandler, RecommendedWatcher, RecursiveMode, Result, Watcher, WatcherKind,
};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::Duration;
use walkdir::WalkDir;

/// Where no link leads the watch: what builds write there would be endless news.
const NEVER: [&str; 4] = ["public", "target", ".git", ".masthead"];

/// How long the other thread may take to end.
const PATIENCE: Duration = Duration::from_secs(1);

/// A site's folders under watch.
pub(super) struct Tree {
    root: PathBuf,
    watched: BTreeSet<PathBuf>,
    links: Links,
    /// Whether each folder has a watch of its own.
    each: bool,
    watcher: RecommendedWatcher,
    _ear: Gone,
}

impl Tree {
    /// Watches all there is under a real path.
    pub(super) fn new(root: &Path, inbox: &Arc<Inbox>) -> Result<Tree> {
        let (held, gone) = channel();
        let ear = Ear {
            inbox: Arc::clone(inbox),
            _held: held,
        };
        let config = Config::default().with_follow_symlinks(false);
        let mut tree = Tree {
            root: root.to_path_buf(),
            watched: BTreeSet::new(),
            links: Links::default(),
            each: RecommendedWatcher::kind() == WatcherKind::Inotify,
            watcher: RecommendedWatcher::new(ear, config)?,
            _ear: Gone(gone),
        };
        tree.watcher.watch(root, RecursiveMode::NonRecursive)?;
        for top in FOLDERS.iter().chain([&CONFIG]) {
            tree.enter(&tree.root.join(top))?;
        }
        Ok(tree)
    }

    /// Keeps up with what was heard, and gives the sources to be looked at again.
    pub(super) fn take(&mut self, heard: &BTreeMap<PathBuf, bool>) -> Result<BTreeSet<String>> {
        if heard.contains_key(&self.root) && !self.root.is_dir() {
            return Err(Error::path_not_found());
        }
        let mut changed = BTreeSet::new();
        let mut others = Vec::new();
        for (path, other) in heard {
            let names = self.names(path);
            if names.is_empty() || self.is_noise(path) {
                continue;
            }
            changed.extend(names);
            if *other {
                others.push(path);
            }
        }
        // A folder that was moved takes its watch along, and loses it with its old path: so all
        // that went is forgotten before anything new is entered.
        for path in &others {
            self.forget(path);
        }
        others.into_iter().try_for_each(|path| self.enter(path))?;
        Ok(changed)
    }

    /// A path from the site's root, with `/`; none if it is no text.
    fn name(&self, path: &Path) -> Option<String> {
        let inside = path.strip_prefix(&self.root).ok()?.to_str()?;
        Some(inside.replace(MAIN_SEPARATOR, "/"))
    }

    /// The sources that a path is, by itself and by way of links.
    fn names(&self, path: &Path) -> BTreeSet<String> {
        let Some(name) = self.name(path) else {
            return BTreeSet::new();
        };
        let mut names = self.links.names(&name);
        names.retain(|name| is_source(name));
        names
    }

    fn is_noise(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(is_noise) && !self.watched.contains(path) && !path.is_dir()
    }

    /// Watches a folder and those below it; of a link, remembers where it leads.
    fn enter(&mut self, path: &Path) -> Result<()> {
        let Ok(metadata) = fs::symlink_metadata(path) else {
            return Ok(());
        };
        let mut links = Vec::new();
        if metadata.is_symlink() {
            links.push(path.to_path_buf());
        } else if metadata.is_dir() {
            self.walk(path, &mut links)?;
        }
        links.iter().try_for_each(|link| self.follow(link))
    }

    /// Each folder is watched before it is read: what comes after is heard, what was there is met.
    fn walk(&mut self, top: &Path, links: &mut Vec<PathBuf>) -> Result<()> {
        let folder = self.name(top).unwrap_or_default();
        let folder = folder.split('/').next().unwrap_or_default();
        // What lies elsewhere is known by links only, which may be in `static/`.
        let folder = FOLDERS.into_iter().find(|top| *top == folder);
        let folder = folder.unwrap_or("static");
        let mut walk = WalkDir::new(top).into_iter();
        while let Some(found) = walk.next() {
            let Ok(entry) = found else {
                continue;
            };
            let kind = entry.file_type();
            let name = entry.file_name().to_str();
            let plain = entry.depth() == 0 || name.is_none_or(|name| !is_hidden(name, folder));
            if kind.is_symlink() && plain {
                links.push(entry.into_path());
            } else if kind.is_dir() && !(plain && self.look_at(entry.path())?) {
                walk.skip_current_dir();
            }
        }
        Ok(())
    }

    /// Whether a folder was not watched before.
    fn look_at(&mut self, path: &Path) -> Result<bool> {
        if self.watched.contains(path) {
            return Ok(false);
        }
        let above = path
            .parent()
            .is_some_and(|above| self.watched.contains(above));
        if self.each || !above {
            self.listen(path, self.each)?;
        }
        self.watched.insert(path.to_path_buf());
        Ok(true)
    }

    /// That one folder can't be watched is no trouble: the listing says why it can't be read.
    fn listen(&mut self, path: &Path, alone: bool) -> Result<()> {
        let mode = if alone {
            RecursiveMode::NonRecursive
        } else {
            RecursiveMode::Recursive
        };
        match self.watcher.watch(path, mode) {
            Err(error) if is_of_the_system(&error) => Err(error),
            _ => Ok(()),
        }
    }

    /// Remembers a link, and watches what it leads to if that is inside the site.
    fn follow(&mut self, link: &Path) -> Result<()> {
        let Some((name, target)) = self.name(link).zip(self.target(link)) else {
            return Ok(());
        };
        let Some(to) = self.name(&target).filter(|to| !to.is_empty()) else {
            return Ok(());
        };
        let top = to.split('/').next().unwrap_or_default();
        if NEVER.contains(&top) || !self.links.insert(&name, &to) || is_source(&to) {
            return Ok(());
        }
        let above = target.ancestors().skip(1);
        let above: Vec<&Path> = above.take_while(|above| *above != self.root).collect();
        for folder in above {
            self.listen(folder, true)?;
        }
        self.enter(&target)
    }

    /// What a link says, step by step: the next one may be a link too, or not exist yet.
    fn target(&self, link: &Path) -> Option<PathBuf> {
        let target = link.parent()?.join(fs::read_link(link).ok()?);
        match target.file_name() {
            Some(name) => Some(fs::canonicalize(target.parent()?).ok()?.join(name)),
            None => fs::canonicalize(&target).ok(),
        }
    }

    fn forget(&mut self, path: &Path) {
        if let Some(name) = self.name(path) {
            self.links.forget(&name);
        }
        let below = self.watched.range(path.to_path_buf()..);
        let below = below.take_while(|other| other.starts_with(path));
        let below: Vec<PathBuf> = below.cloned().collect();
        for path in below {
            let _ = self.watcher.unwatch(&path);
            self.watched.remove(&path);
        }
    }
}

/// What `notify` tells.
struct Ear {
    inbox: Arc<Inbox>,
    _held: Sender<()>,
}

impl EventHandler for Ear {
    fn handle_event(&mut self, heard: Result<notify::Event>) {
        self.inbox.put(heard);
    }
}

/// Waits, when it is dropped, until the other thread has dropped its ear, and so its handles.
struct Gone(Receiver<()>);

impl Drop for Gone {
    fn drop(&mut self) {
        let _ = self.0.recv_timeout(PATIENCE);
    }
}

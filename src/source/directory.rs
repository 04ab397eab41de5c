//! A source that is a directory.
//!
//! Hidden files and editors' backups are no part of a site. Symbolic links are followed while
//! they stay inside it. Folders are walked, and files asked for their size and time, in parallel:
//! with 100,000 articles, asking is nine tenths of a listing.

use super::names::{is_hidden, is_source};
use super::{CONFIG, Entry, FOLDERS, Listing, Source};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::key_of;
use rayon::iter::Either;
use rayon::prelude::*;
use std::fmt::Display;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use walkdir::{DirEntry, WalkDir};

/// A file younger than this may be changed again within the same tick of the file system's clock.
const UNSETTLED: Duration = Duration::from_secs(2);

/// How many folders may lie in one another.
const DEEPEST: usize = 100;

/// How many files a thread asks about before another may take over: some tenths of a millisecond.
const CHUNK: usize = 128;

/// A site's root directory.
#[derive(Debug, Clone)]
pub struct Directory {
    root: PathBuf,
}

impl Directory {
    /// The site under `root`.
    pub fn new(root: impl Into<PathBuf>) -> Directory {
        Directory { root: root.into() }
    }

    fn walk<'a>(&'a self, folder: &'a str) -> Walk<'a> {
        let now = SystemTime::now();
        Walk {
            root: &self.root,
            folder,
            fresh: now.checked_sub(UNSETTLED).unwrap_or(UNIX_EPOCH),
        }
    }

    fn has(&self, top: &str) -> bool {
        let path = self.root.join(top);
        if top == CONFIG {
            path.is_file()
        } else {
            path.exists()
        }
    }
}

impl Source for Directory {
    fn list(&self) -> Listing {
        let tops = FOLDERS.into_par_iter().chain([CONFIG]);
        let listings = tops
            .filter(|top| self.has(top))
            .map(|top| self.walk(top).below(&self.root.join(top)));
        sorted(listings.reduce(Listing::default, joined))
    }

    fn below(&self, path: &str) -> Listing {
        let top = path.split('/').next().unwrap_or_default();
        let walk = self.walk(top);
        let there = || fs::symlink_metadata(self.root.join(path)).is_ok();
        if !is_source(path) || !self.has(top) || !walk.reaches(path) || !there() {
            return Listing::default();
        }
        sorted(walk.below(&self.root.join(path)))
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.root.join(path))
    }
}

/// A walk through one of the folders of a site.
struct Walk<'a> {
    root: &'a Path,
    folder: &'a str,
    fresh: SystemTime,
}

/// What one folder holds.
#[derive(Default)]
struct Found {
    files: Vec<DirEntry>,
    folders: Vec<PathBuf>,
    diagnostics: Vec<Diagnostic>,
}

impl Walk<'_> {
    /// What is at a path, and below it.
    fn below(&self, path: &Path) -> Listing {
        self.listing(WalkDir::new(path).max_depth(0))
    }

    fn listing(&self, walk: WalkDir) -> Listing {
        let mut found = Found::default();
        for entry in walk.follow_links(true) {
            self.meet(entry, &mut found);
        }
        let inside = |path: &PathBuf| self.listing(WalkDir::new(path).min_depth(1).max_depth(1));
        let (files, folders) = rayon::join(
            || self.entries(&found.files),
            || {
                let folders = found.folders.par_iter().map(inside);
                folders.reduce(Listing::default, joined)
            },
        );
        let mut out = joined(files, folders);
        out.diagnostics.append(&mut found.diagnostics);
        out
    }

    fn meet(&self, found: walkdir::Result<DirEntry>, out: &mut Found) {
        match found {
            Ok(entry) if self.is_hidden(entry.path()) => {}
            Err(error) if error.path().is_some_and(|path| self.is_hidden(path)) => {}
            Err(error) => out.diagnostics.push(self.unreadable(&error)),
            Ok(entry) => match self.stray(&entry) {
                Some(diagnostic) => out.diagnostics.push(diagnostic),
                None if entry.file_type().is_dir() && self.is_deep(entry.path()) => {
                    let path = self.relative(entry.path()).unwrap_or_default();
                    out.diagnostics.push(deep(&path));
                }
                None if entry.file_type().is_dir() => out.folders.push(entry.into_path()),
                None if entry.file_type().is_file() => out.files.push(entry),
                None => {}
            },
        }
    }

    /// Whether a folder lies too deep to be entered: each is entered by a call within a call.
    fn is_deep(&self, path: &Path) -> bool {
        let inside = path.strip_prefix(self.root).unwrap_or(path);
        inside.components().count() > DEEPEST
    }

    /// By its name alone: what lies in a hidden folder is never met.
    fn is_hidden(&self, path: &Path) -> bool {
        let name = path.file_name().and_then(|name| name.to_str());
        name.is_some_and(|name| is_hidden(name, self.folder))
    }

    /// Of files that lie in one folder.
    fn entries(&self, files: &[DirEntry]) -> Listing {
        let folder = files.first().and_then(|file| file.path().parent());
        let folder = folder.and_then(|folder| self.relative(folder));
        let files = files.par_iter().with_min_len(CHUNK);
        let (entries, diagnostics) = files.partition_map(|file| {
            let path = path_in(folder.as_deref(), file).ok_or_else(|| nameless(self.root, file));
            match path.and_then(|path| self.entry(file, path)) {
                Ok(entry) => Either::Left(entry),
                Err(diagnostic) => Either::Right(diagnostic),
            }
        });
        Listing {
            entries,
            diagnostics,
        }
    }

    fn entry(&self, file: &DirEntry, path: String) -> Result<Entry, Diagnostic> {
        let metadata = file.metadata().map_err(|error| unread(&error, &path))?;
        let modified = metadata.modified().map_err(|error| unread(&error, &path))?;
        let inode = inode(&metadata);
        Ok(Entry {
            size: metadata.len(),
            modified: stamp(modified, &inode),
            settled: modified.max(inode.changed) < self.fresh,
            path,
        })
    }

    fn relative(&self, path: &Path) -> Option<String> {
        let inside = path.strip_prefix(self.root).ok()?.to_str()?;
        Some(inside.replace(std::path::MAIN_SEPARATOR, "/"))
    }

    /// What is wrong with an entry that is a link, if it is one.
    fn stray(&self, entry: &DirEntry) -> Option<Diagnostic> {
        let path = entry.path();
        if !entry.path_is_symlink() {
            return None;
        }
        if entry.file_type().is_dir() && self.leads_up(path) {
            return Some(self.circle(path));
        }
        let message = "this link leads out of the site";
        let outside = Diagnostic::new(Code::Unreadable, message)
            .in_file(&self.relative(path).unwrap_or_default())
            .help("copy what it leads to into the site");
        (!self.holds(path)).then_some(outside)
    }

    fn holds(&self, path: &Path) -> bool {
        match (fs::canonicalize(path), fs::canonicalize(self.root)) {
            (Ok(path), Ok(root)) => path.starts_with(root),
            _ => false,
        }
    }

    /// Whether a link leads to a folder on the way to it.
    fn leads_up(&self, path: &Path) -> bool {
        let top = self.root.join(self.folder);
        let above = path.ancestors().skip(1);
        let mut above = above.take_while(|folder| folder.starts_with(&top));
        let real = fs::canonicalize(path);
        real.is_ok_and(|real| above.any(|above| fs::canonicalize(above).is_ok_and(|it| it == real)))
    }

    /// Whether the folders on the way to a path are ones that a listing enters.
    fn reaches(&self, path: &str) -> bool {
        let slashes = path.match_indices('/').map(|(at, _)| &path[..at]);
        let mut links = slashes
            .map(|folder| self.root.join(folder))
            .filter(|folder| folder.is_symlink());
        links.all(|link| self.holds(&link) && !self.leads_up(&link))
    }

    fn unreadable(&self, error: &walkdir::Error) -> Diagnostic {
        let path = error.path().unwrap_or(self.root);
        if error.loop_ancestor().is_some() {
            return self.circle(path);
        }
        let cause = error
            .io_error()
            .map_or_else(|| error.to_string(), ToString::to_string);
        unread(&cause, &self.relative(path).unwrap_or_default())
    }

    fn circle(&self, path: &Path) -> Diagnostic {
        let message = "this link leads back to a folder that it is in";
        Diagnostic::new(Code::Unreadable, message)
            .in_file(&self.relative(path).unwrap_or_default())
            .help("remove the link")
    }
}

/// What a file is on its disk.
struct Inode {
    /// When it was last changed. Archives and `cp -p` set a file's time as they like, and so may give
    /// other bytes of the same size the time of the old ones; this one nobody can set.
    changed: SystemTime,
    /// Its number: two files of one size and time may change places. The disk's is another one
    /// after a restart, so it is no part of it.
    number: u64,
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> Inode {
    use std::os::unix::fs::MetadataExt;
    let seconds = Duration::from_secs(metadata.ctime().try_into().unwrap_or(0));
    let nanos = Duration::from_nanos(metadata.ctime_nsec().try_into().unwrap_or(0));
    Inode {
        changed: UNIX_EPOCH + seconds + nanos,
        number: metadata.ino(),
    }
}

#[cfg(not(unix))]
fn inode(_metadata: &fs::Metadata) -> Inode {
    Inode {
        changed: UNIX_EPOCH,
        number: 0,
    }
}

/// A number that is another one where a file is, or was changed.
fn stamp(modified: SystemTime, inode: &Inode) -> u64 {
    let nanos = |at: SystemTime| {
        at.duration_since(UNIX_EPOCH)
            .map_or(0, |age| age.as_nanos())
    };
    let [modified, changed] = [modified, inode.changed].map(|at| nanos(at) as u64);
    let numbers = [modified, changed, inode.number];
    let mut bytes = [0; 3 * size_of::<u64>()];
    for (eight, number) in bytes.chunks_exact_mut(8).zip(numbers) {
        eight.copy_from_slice(&number.to_le_bytes());
    }
    key_of(&bytes)
}

/// The path of a file, by that of its folder.
fn path_in(folder: Option<&str>, file: &DirEntry) -> Option<String> {
    let (folder, name) = (folder?, file.file_name().to_str()?);
    Some(match folder {
        "" => name.to_string(),
        folder => [folder, "/", name].concat(),
    })
}

fn nameless(root: &Path, file: &DirEntry) -> Diagnostic {
    let path = file.path();
    let shown = path.strip_prefix(root).unwrap_or(path).to_string_lossy();
    let message = format!("the name of `{shown}` is not UTF-8");
    let diagnostic = Diagnostic::new(Code::Unreadable, message).help("rename it");
    diagnostic.in_file(&shown.replace(std::path::MAIN_SEPARATOR, "/"))
}

fn deep(path: &str) -> Diagnostic {
    let message = format!("folders are nested more than {DEEPEST} deep here");
    let diagnostic = Diagnostic::new(Code::Unreadable, message).in_file(path);
    diagnostic.help("move what is in it further up")
}

fn unread(cause: &dyn Display, path: &str) -> Diagnostic {
    Diagnostic::new(Code::Unreadable, format!("this can't be read: {cause}")).in_file(path)
}

fn joined(mut one: Listing, mut other: Listing) -> Listing {
    one.entries.append(&mut other.entries);
    one.diagnostics.append(&mut other.diagnostics);
    one
}

/// In an order that no thread and no file system decides.
fn sorted(mut listing: Listing) -> Listing {
    listing
        .entries
        .par_sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let key = |one: &Diagnostic| (one.place.clone(), one.message.clone());
    listing.diagnostics.sort_by_cached_key(key);
    listing
}

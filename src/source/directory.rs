//! A source that is a directory.
//!
//! Hidden files and editors' backups are no part of a site. Symbolic links are followed while
//! they stay inside it.

use super::{CONFIG, Entry, FOLDERS, Listing, Source};
use crate::base::diagnostic::{Code, Diagnostic};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use walkdir::{DirEntry, WalkDir};

/// A file younger than this may be changed again within the same tick of the file system's clock.
const UNSETTLED: Duration = Duration::from_secs(2);

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

    fn walk(&self, folder: &str, out: &mut Listing, fresh: SystemTime) {
        let top = self.root.join(folder);
        if !top.exists() {
            return;
        }
        let mut walk = WalkDir::new(&top).follow_links(true).into_iter();
        while let Some(found) = walk.next() {
            let entry = match found {
                Ok(entry) => entry,
                Err(error) => {
                    out.diagnostics.push(self.unreadable(&error));
                    continue;
                }
            };
            let skipped = entry.depth() > 0 && is_hidden(&entry, folder);
            let outside = entry.path_is_symlink() && !self.holds(entry.path());
            if outside && !skipped {
                out.diagnostics.push(self.outside(entry.path()));
            }
            match entry.file_type() {
                kind if kind.is_dir() && (skipped || outside) => walk.skip_current_dir(),
                kind if kind.is_file() && !skipped && !outside => match self.entry(&entry, fresh) {
                    Ok(entry) => out.entries.push(entry),
                    Err(diagnostic) => out.diagnostics.push(diagnostic),
                },
                _ => {}
            }
        }
    }

    fn outside(&self, path: &Path) -> Diagnostic {
        let message = "this link leads out of the site";
        Diagnostic::new(Code::Unreadable, message)
            .in_file(&self.relative(path).unwrap_or_default())
            .help("copy what it leads to into the site")
    }

    fn entry(&self, entry: &DirEntry, fresh: SystemTime) -> Result<Entry, Diagnostic> {
        let path = self.relative(entry.path()).ok_or_else(|| {
            let shown = entry.path().display();
            Diagnostic::new(
                Code::Unreadable,
                format!("the name of `{shown}` is not UTF-8"),
            )
            .help("rename it")
        })?;
        let unreadable = |error: &dyn std::fmt::Display| {
            Diagnostic::new(Code::Unreadable, format!("this can't be read: {error}")).in_file(&path)
        };
        let metadata = entry.metadata().map_err(|error| unreadable(&error))?;
        let modified = metadata.modified().map_err(|error| unreadable(&error))?;
        let nanos = modified
            .duration_since(UNIX_EPOCH)
            .map_or(0, |age| age.as_nanos() as u64);
        Ok(Entry {
            size: metadata.len(),
            modified: nanos,
            settled: modified < fresh,
            path,
        })
    }

    fn relative(&self, path: &Path) -> Option<String> {
        let inside = path.strip_prefix(&self.root).ok()?.to_str()?;
        Some(inside.replace(std::path::MAIN_SEPARATOR, "/"))
    }

    fn holds(&self, path: &Path) -> bool {
        let real = |path: &Path| fs::canonicalize(path).ok();
        match (real(path), real(&self.root)) {
            (Some(path), Some(root)) => path.starts_with(root),
            _ => false,
        }
    }

    fn unreadable(&self, error: &walkdir::Error) -> Diagnostic {
        let path = error
            .path()
            .and_then(|path| self.relative(path))
            .unwrap_or_default();
        if error.loop_ancestor().is_some() {
            let message = "this link leads back to a folder that it is in";
            return Diagnostic::new(Code::Unreadable, message)
                .in_file(&path)
                .help("remove the link");
        }
        let cause = error
            .io_error()
            .map_or_else(|| error.to_string(), ToString::to_string);
        Diagnostic::new(Code::Unreadable, format!("this can't be read: {cause}")).in_file(&path)
    }
}

/// Hidden files and backups; but `static/` may hold what hosts ask for, such as `.well-known/`.
fn is_hidden(entry: &DirEntry, folder: &str) -> bool {
    let Some(name) = entry.file_name().to_str() else {
        return false;
    };
    let litter = name == ".DS_Store" || name.starts_with("._") || name.starts_with(".git");
    let swap = name.starts_with('.') && name.ends_with(".swp");
    let hidden = name.starts_with('.') && (folder != "static" || litter || swap);
    hidden || name.ends_with('~')
}

impl Source for Directory {
    fn list(&self) -> Listing {
        let mut out = Listing::default();
        let fresh = SystemTime::now()
            .checked_sub(UNSETTLED)
            .unwrap_or(UNIX_EPOCH);
        for folder in FOLDERS {
            self.walk(folder, &mut out, fresh);
        }
        if self.root.join(CONFIG).is_file() {
            self.walk(CONFIG, &mut out, fresh);
        }
        out.entries.sort_by(|a, b| a.path.cmp(&b.path));
        out
    }

    fn below(&self, path: &str) -> Listing {
        let mut out = self.list();
        let inside = |entry: &Entry| {
            let rest = entry.path.strip_prefix(path);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        out.entries.retain(inside);
        out
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        fs::read(self.root.join(path))
    }
}

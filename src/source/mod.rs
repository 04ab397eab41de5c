//! Layer 1: where everything that a site is made of comes in.
//!
//! Law 4: nothing enters but through [`Source`], configuration and `now`.

mod directory;
pub mod memory;
mod names;
pub mod watch;

pub use directory::Directory;
pub use watch::{Event, Settings as WatchSettings, Watch, watch};

use crate::base::diagnostic::Diagnostic;
use std::io;

/// A file of a site, as a listing shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path from the site's root, with `/`.
    pub path: String,
    /// Size in bytes.
    pub size: u64,
    /// Moves with each change: made of the times that the source knows of the file.
    pub modified: u64,
    /// Whether an equal `modified` proves equal bytes: a file changed within the last seconds
    /// may change again without a new time.
    pub settled: bool,
}

/// All files of a site, sorted by path, and what could not be listed.
#[derive(Debug, Default)]
pub struct Listing {
    /// The files.
    pub entries: Vec<Entry>,
    /// Folders and files that can't be read.
    pub diagnostics: Vec<Diagnostic>,
}

/// A folder of sources: `masthead.yaml`, `content/`, `data/`, `templates/`, `static/`.
pub trait Source: Sync {
    /// Every file of the site.
    fn list(&self) -> Listing;

    /// The file of a path, or every file below a folder, as [`Source::list`] would show them now;
    /// nothing where nothing is, or where no source can be.
    fn below(&self, path: &str) -> Listing;

    /// The bytes of one file.
    ///
    /// # Errors
    /// Whatever keeps the file from being read.
    fn read(&self, path: &str) -> io::Result<Vec<u8>>;
}

/// Whether a path is another one, or lies below it.
pub fn is_below(path: &str, above: &str) -> bool {
    let rest = path.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The folders of a site that are read.
pub const FOLDERS: [&str; 4] = ["content", "data", "static", "templates"];

/// The site's configuration.
pub const CONFIG: &str = "masthead.yaml";

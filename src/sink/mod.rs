//! Layer 1: where a portal goes, and what is remembered of it.

mod directory;
pub mod fresh;
pub mod manifest;
pub mod memory;
pub mod scratch;
pub mod store;

pub use directory::Directory;

use std::io;

/// The file in an output that says which build it is of.
pub const STAMP: &str = ".masthead-stamp";

/// The file in an output that says which files masthead wrote: a hash of each path, sorted. So
/// what is masthead's own is known even when all that is remembered elsewhere is lost.
pub const PATHS: &str = ".masthead-paths";

/// What the name of a file that is being written starts with; a killed build may leave one.
pub const TEMPORARY: &str = ".masthead-new-";

/// A place that takes the files of a portal.
///
/// A run is `begin`, then any number of `put`, `keep` and `remove` from any thread, then
/// `finish`. Until `finish`, readers of a staged output see the old portal whole.
pub trait Sink: Sync {
    /// What stands there now under a path.
    ///
    /// # Errors
    /// Whatever keeps it from being read, other than its absence.
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// The paths of all files there.
    ///
    /// # Errors
    /// Whatever keeps the place from being listed.
    fn list(&self) -> io::Result<Vec<String>>;

    /// Starts a run. `large` says that much will change, so that staging the whole pays.
    ///
    /// # Errors
    /// Whatever keeps the place from being written to.
    fn begin(&self, large: bool) -> io::Result<()>;

    /// Writes a file; a reader meets the old bytes or the new ones, never a part.
    ///
    /// # Errors
    /// Whatever keeps the file from being written.
    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()>;

    /// Leaves a file as it is, if it is there.
    ///
    /// # Errors
    /// Whatever keeps it from being carried over into a staged output.
    fn keep(&self, path: &str) -> io::Result<()>;

    /// Deletes a file, and folders that this leaves empty.
    ///
    /// # Errors
    /// Whatever keeps it from being deleted, other than its absence.
    fn remove(&self, path: &str) -> io::Result<()>;

    /// Ends a run: a staged output takes the place of the old one.
    ///
    /// # Errors
    /// Whatever keeps the exchange from being made; the old portal then stays whole.
    fn finish(&self) -> io::Result<()>;

    /// Gives up a run that can't be finished: what was staged is thrown away, and its room is free.
    fn abandon(&self) {}
}

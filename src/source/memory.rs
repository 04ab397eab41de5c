//! A source held in memory: for tests, and for whoever makes sites by program.

use super::{Entry, Listing, Source, is_below};
use std::collections::BTreeMap;
use std::io;

/// Files by path; each change counts up their common clock.
#[derive(Debug, Clone, Default)]
pub struct Memory {
    files: BTreeMap<String, (u64, Vec<u8>)>,
    clock: u64,
}

impl Memory {
    /// No files.
    pub fn new() -> Memory {
        Memory::default()
    }

    /// Writes a file.
    pub fn put(&mut self, path: impl Into<String>, bytes: impl Into<Vec<u8>>) {
        self.clock += 1;
        self.files.insert(path.into(), (self.clock, bytes.into()));
    }

    /// Deletes a file and gives its bytes.
    pub fn remove(&mut self, path: &str) -> Option<Vec<u8>> {
        self.files.remove(path).map(|(_, bytes)| bytes)
    }

    /// The paths there are.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// A file's bytes.
    pub fn get(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(|(_, bytes)| bytes.as_slice())
    }
}

impl Source for Memory {
    fn list(&self) -> Listing {
        let entry = |(path, (modified, bytes)): (&String, &(u64, Vec<u8>))| Entry {
            path: path.clone(),
            size: bytes.len() as u64,
            modified: *modified,
            settled: true,
        };
        Listing {
            entries: self.files.iter().map(entry).collect(),
            diagnostics: Vec::new(),
        }
    }

    fn below(&self, path: &str) -> Listing {
        let mut listing = self.list();
        listing.entries.retain(|entry| is_below(&entry.path, path));
        listing
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        let found = self.files.get(path).map(|(_, bytes)| bytes.clone());
        found.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    }
}

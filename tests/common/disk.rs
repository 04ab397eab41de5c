//! An output and a store in memory that fail after so many changes.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use masthead::sink::Sink;
use masthead::sink::store::{self, Store};
use std::collections::BTreeMap;
use std::io::{self, ErrorKind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard};

/// The files of an output, by path.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What happens when the changes are used up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fails {
    /// Nothing can be written any more, but things can be deleted.
    Full,
    /// Nothing at all happens any more, as if the process were killed.
    Killed,
    /// One change fails, and all others go through.
    Once,
}

/// A disk of one output and one store.
pub struct Disk {
    files: Mutex<Files>,
    staging: Mutex<Option<Files>>,
    pub store: store::Memory,
    fails: Fails,
    /// How many changes still go through.
    left: AtomicUsize,
    /// How many did not.
    failed: AtomicUsize,
}

impl Disk {
    /// A disk that never fails.
    pub fn new() -> Disk {
        Disk::failing(
            &Disk::of(Files::new(), Files::new()),
            Fails::Once,
            usize::MAX,
        )
    }

    fn of(files: Files, blobs: Files) -> Disk {
        let store = store::Memory::default();
        *store.blobs() = blobs;
        Disk {
            files: Mutex::new(files),
            staging: Mutex::default(),
            store,
            fails: Fails::Once,
            left: AtomicUsize::new(usize::MAX),
            failed: AtomicUsize::new(0),
        }
    }

    /// A disk that holds what another holds, and fails after so many changes.
    pub fn failing(other: &Disk, fails: Fails, after: usize) -> Disk {
        let blobs = other.store.blobs().clone();
        Disk {
            fails,
            left: AtomicUsize::new(after),
            ..Disk::of(other.files().clone(), blobs)
        }
    }

    pub fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().expect("files")
    }

    pub fn into_files(self) -> Files {
        self.files.into_inner().expect("files")
    }

    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed) > 0
    }

    fn change(&self, writes: bool) -> io::Result<()> {
        let less = |left: usize| left.checked_sub(1);
        let ordering = Ordering::Relaxed;
        let used_up = self.left.fetch_update(ordering, ordering, less).is_err();
        let again = self.failed() && self.fails == Fails::Once;
        let spared = !writes && self.fails == Fails::Full;
        if !used_up || again || spared {
            return Ok(());
        }
        self.failed.fetch_add(1, ordering);
        Err(ErrorKind::StorageFull.into())
    }
}

impl Sink for Disk {
    fn read(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        Ok(self.files().get(path).cloned())
    }

    fn list(&self) -> io::Result<Vec<String>> {
        Ok(self.files().keys().cloned().collect())
    }

    fn begin(&self, large: bool) -> io::Result<()> {
        self.change(true)?;
        *self.staging.lock().expect("staging") = large.then(Files::new);
        Ok(())
    }

    fn put(&self, path: &str, bytes: &[u8]) -> io::Result<()> {
        self.change(true)?;
        let mut staging = self.staging.lock().expect("staging");
        match staging.as_mut() {
            Some(staged) => staged.insert(path.to_string(), bytes.to_vec()),
            None => self.files().insert(path.to_string(), bytes.to_vec()),
        };
        Ok(())
    }

    fn keep(&self, path: &str) -> io::Result<()> {
        let mut staging = self.staging.lock().expect("staging");
        if let Some(staged) = staging.as_mut()
            && let Some(bytes) = self.files().get(path)
        {
            self.change(true)?;
            staged.insert(path.to_string(), bytes.clone());
        }
        Ok(())
    }

    fn remove(&self, path: &str) -> io::Result<()> {
        if self.staging.lock().expect("staging").is_none() {
            self.change(false)?;
            self.files().remove(path);
        }
        Ok(())
    }

    fn finish(&self) -> io::Result<()> {
        self.change(true)?;
        if let Some(staged) = self.staging.lock().expect("staging").take() {
            *self.files() = staged;
        }
        Ok(())
    }

    fn abandon(&self) {
        *self.staging.lock().expect("staging") = None;
    }
}

impl Store for Disk {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        self.store.load(name)
    }

    fn save(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        let named = |error: io::Error| {
            let message = format!("`{name}` can't be written: {error}");
            io::Error::new(error.kind(), message)
        };
        self.change(true).map_err(named)?;
        self.store.save(name, bytes)
    }

    fn forget(&self, name: &str) {
        if self.change(false).is_ok() {
            self.store.forget(name);
        }
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        self.store.names(prefix)
    }
}

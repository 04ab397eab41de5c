//! What is remembered between runs: named blobs, each with a checksum, each safe to lose.

use super::scratch::{InMemory, Scratch, Unnamed};
use crate::base::fingerprint::{Fingerprint, of_bytes, probe};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::sync::Mutex;

/// A place for named blobs.
pub trait Store: Sync {
    /// The blob of a name, if there is one. One that can't be read is empty, and so as good as
    /// damaged.
    fn load(&self, name: &str) -> Option<Vec<u8>>;

    /// Keeps a blob; an old one is replaced at once or not at all.
    ///
    /// # Errors
    /// Whatever keeps it from being written.
    fn save(&self, name: &str, bytes: &[u8]) -> io::Result<()>;

    /// Forgets a blob.
    fn forget(&self, name: &str);

    /// The names of all blobs that start with a prefix.
    fn names(&self, prefix: &str) -> Vec<String>;

    /// A place for what this run alone wants again; none where none can be had.
    fn scratch(&self) -> Option<Box<dyn Scratch>> {
        None
    }
}

/// What loading a value can find.
pub enum Loaded<T> {
    /// The value.
    Whole(T),
    /// Nothing of this name.
    Absent,
    /// Something damaged, or of another version.
    Damaged,
}

/// Loads a value that [`save`] kept, if it is whole and of this engine.
pub fn load<T: DeserializeOwned>(store: &dyn Store, name: &str, engine: &str) -> Loaded<T> {
    let Some(bytes) = store.load(name) else {
        return Loaded::Absent;
    };
    let body = unsealed(&bytes, engine);
    let value = body.and_then(|body| postcard::from_bytes(body).ok());
    value.map_or(Loaded::Damaged, Loaded::Whole)
}

/// Whether a blob is there, whole, and of this engine.
pub fn is_whole(store: &dyn Store, name: &str, engine: &str) -> bool {
    let bytes = store.load(name);
    bytes.is_some_and(|bytes| unsealed(&bytes, engine).is_some())
}

fn unsealed<'a>(bytes: &'a [u8], engine: &str) -> Option<&'a [u8]> {
    let (head, body) = bytes.split_at_checked(16)?;
    let sum = of_bytes(body).0 ^ salt(engine).0;
    (head == sum.to_le_bytes()).then_some(body)
}

/// Keeps a value with its checksum.
///
/// # Errors
/// Whatever keeps it from being written.
pub fn save<T: Serialize>(
    store: &dyn Store,
    name: &str,
    engine: &str,
    value: &T,
) -> io::Result<()> {
    store.save(name, &sealed(value, engine)?)
}

/// A value as [`save`] keeps it, with its checksum.
///
/// # Errors
/// A value that can't be serialised.
pub fn sealed<T: Serialize>(value: &T, engine: &str) -> io::Result<Vec<u8>> {
    let mut bytes = postcard::to_extend(value, vec![0; 16]).map_err(io::Error::other)?;
    let sum = of_bytes(&bytes[16..]).0 ^ salt(engine).0;
    bytes[..16].copy_from_slice(&sum.to_le_bytes());
    Ok(bytes)
}

/// A blob of another engine, or of a compiler that hashes otherwise, fails its checksum.
fn salt(engine: &str) -> Fingerprint {
    Fingerprint(of_bytes(engine.as_bytes()).0 ^ probe().0)
}

/// What the name of a blob that is being written ends with.
const UNFINISHED: &str = ".new";

/// A store that is a folder, `.masthead` in a site's root.
#[derive(Debug, Clone)]
pub struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The store under `root`; the folder is made when something is kept.
    pub fn new(root: impl Into<PathBuf>) -> Folder {
        Folder { root: root.into() }
    }
}

impl Folder {
    /// Waits until no other run of masthead is at work in this site; `waiting` is called if one
    /// is. The lock goes with the file that is given back, and with the process.
    ///
    /// # Errors
    /// Whatever keeps the lock's file from being made.
    pub fn lock(&self, waiting: impl FnOnce()) -> io::Result<fs::File> {
        let path = self.root.join("lock");
        let made = fs::create_dir_all(&self.root).and_then(|()| fs::File::create(&path));
        let file = made.map_err(|error| {
            let message = format!("`{}` can't be written: {error}", path.display());
            io::Error::new(error.kind(), message)
        })?;
        if file.try_lock().is_err() {
            waiting();
            file.lock()?;
        }
        self.sweep();
        Ok(file)
    }

    /// Removes what a killed run was writing. Only who has the lock may do so.
    fn sweep(&self) {
        let names = self.names("");
        for name in names.iter().filter(|name| name.ends_with(UNFINISHED)) {
            self.forget(name);
        }
    }
}

impl Folder {
    /// The lock, if no other run of masthead is at work in this site now.
    pub fn try_lock(&self) -> Option<fs::File> {
        fs::create_dir_all(&self.root).ok()?;
        let file = fs::File::create(self.root.join("lock")).ok()?;
        file.try_lock().ok()?;
        self.sweep();
        Some(file)
    }
}

impl Store for Folder {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        match fs::read(self.root.join(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            read => Some(read.unwrap_or_default()),
        }
    }

    fn save(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.root)?;
        let target = self.root.join(name);
        let temporary = self.root.join(format!("{name}{UNFINISHED}"));
        let saved = fs::write(&temporary, bytes).and_then(|()| fs::rename(&temporary, &target));
        saved.map_err(|error| {
            // On a full disk, a part of a blob is in the way of everything else.
            let _ = fs::remove_file(&temporary);
            let message = format!("`{}` can't be written: {error}", target.display());
            io::Error::new(error.kind(), message)
        })
    }

    fn forget(&self, name: &str) {
        let _ = fs::remove_file(self.root.join(name));
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        names.filter(|name| name.starts_with(prefix)).collect()
    }

    fn scratch(&self) -> Option<Box<dyn Scratch>> {
        fs::create_dir_all(&self.root).ok()?;
        let path = self.root.join(format!("bodies{UNFINISHED}"));
        Some(Box::new(Unnamed::at(&path).ok()?))
    }
}

/// A store held in memory.
#[derive(Debug, Default)]
pub struct Memory {
    blobs: Mutex<BTreeMap<String, Vec<u8>>>,
}

impl Memory {
    /// The blobs, for tests that damage them.
    pub fn blobs(&self) -> std::sync::MutexGuard<'_, BTreeMap<String, Vec<u8>>> {
        self.blobs
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Store for Memory {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        self.blobs().get(name).cloned()
    }

    fn save(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        self.blobs().insert(name.to_string(), bytes.to_vec());
        Ok(())
    }

    fn forget(&self, name: &str) {
        self.blobs().remove(name);
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        let blobs = self.blobs();
        let names = blobs.keys().filter(|name| name.starts_with(prefix));
        names.cloned().collect()
    }

    fn scratch(&self) -> Option<Box<dyn Scratch>> {
        Some(Box::new(InMemory::default()))
    }
}

/// A store that can be looked at but not changed: `check` writes nothing.
pub struct ReadOnly<'a>(pub &'a dyn Store);

impl Store for ReadOnly<'_> {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        self.0.load(name)
    }

    fn save(&self, _name: &str, _bytes: &[u8]) -> io::Result<()> {
        Ok(())
    }

    fn forget(&self, _name: &str) {}

    fn names(&self, prefix: &str) -> Vec<String> {
        self.0.names(prefix)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_read_is_damaged_and_what_cannot_be_written_is_named() {
        let dir = tempfile::tempdir().unwrap();
        let store = Folder::new(dir.path());
        assert!(store.load("x").is_none());
        fs::create_dir(dir.path().join("x")).unwrap();
        assert!(matches!(
            load::<u8>(&store, "x", "1"),
            Loaded::<u8>::Damaged
        ));
        let error = save(&store, "x", "1", &1).unwrap_err().to_string();
        let path = dir.path().join("x");
        let named = format!("`{}` can't be written: ", path.display());
        assert!(error.starts_with(&named), "{error}");
        assert_eq!(store.names(""), ["x"], "no part of it is left");
    }

    #[test]
    fn what_a_killed_run_was_writing_is_swept_by_who_has_the_lock() {
        let dir = tempfile::tempdir().unwrap();
        let store = Folder::new(dir.path());
        store.save("x", b"1").unwrap();
        fs::write(dir.path().join("x.new"), b"torn").unwrap();
        let lock = store.lock(|| ()).unwrap();
        assert_eq!(store.names("x"), ["x"]);
        fs::write(dir.path().join("y.new"), b"being written").unwrap();
        assert!(store.try_lock().is_none());
        assert_eq!(store.names("y"), ["y.new"]);
        drop(lock);
        assert!(store.try_lock().is_some());
        assert!(store.names("y").is_empty());
    }

    #[test]
    fn damage_is_noticed() {
        let store = Memory::default();
        save(&store, "x", "1", &vec!["海", "港"]).unwrap();
        let load = |engine| load::<Vec<String>>(&store, "x", engine);
        assert!(matches!(load("1"), Loaded::Whole(value) if value == ["海", "港"]));
        assert!(matches!(load("2"), Loaded::Damaged));
        let whole = store.load("x").unwrap();
        for at in 0..whole.len() {
            let mut flipped = whole.clone();
            flipped[at] ^= 1;
            store.save("x", &flipped).unwrap();
            assert!(matches!(load("1"), Loaded::Damaged), "byte {at}");
            store.save("x", &whole[..at]).unwrap();
            assert!(matches!(load("1"), Loaded::Damaged), "cut at {at}");
        }
    }
}

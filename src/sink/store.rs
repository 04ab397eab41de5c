//! What is remembered between runs: named blobs, each with a checksum, each safe to lose.

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
    /// The blob of a name, if it can be read.
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
        fs::create_dir_all(&self.root)?;
        let file = fs::File::create(self.root.join("lock"))?;
        if file.try_lock().is_err() {
            waiting();
            file.lock()?;
        }
        Ok(file)
    }
}

impl Folder {
    /// The lock, if no other run of masthead is at work in this site now.
    pub fn try_lock(&self) -> Option<fs::File> {
        fs::create_dir_all(&self.root).ok()?;
        let file = fs::File::create(self.root.join("lock")).ok()?;
        file.try_lock().is_ok().then_some(file)
    }
}

impl Store for Folder {
    fn load(&self, name: &str) -> Option<Vec<u8>> {
        fs::read(self.root.join(name)).ok()
    }

    fn save(&self, name: &str, bytes: &[u8]) -> io::Result<()> {
        fs::create_dir_all(&self.root)?;
        let temporary = self.root.join(format!("{name}.new"));
        fs::write(&temporary, bytes)?;
        fs::rename(&temporary, self.root.join(name))
    }

    fn forget(&self, name: &str) {
        let _ = fs::remove_file(self.root.join(name));
    }

    fn names(&self, prefix: &str) -> Vec<String> {
        let entries = fs::read_dir(&self.root).into_iter().flatten().flatten();
        let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
        names.filter(|name| name.starts_with(prefix)).collect()
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

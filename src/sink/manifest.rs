//! The manifest: what a build left in an output, so that the next one knows what it may skip.

use super::store::{self, Loaded, Store};
use crate::base::fingerprint::{Fingerprint, Fold, of_bytes};
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::{fmt, io};

/// What is remembered of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The fingerprint of the view it was rendered from.
    pub print: Fingerprint,
    /// The hash of its bytes.
    pub bytes: Fingerprint,
    /// The source it is the page of.
    pub owner: Option<String>,
}

/// All files of an output, by path.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// What masthead wrote.
    #[serde(deserialize_with = "at_once")]
    pub files: BTreeMap<String, Written>,
    /// Files of others in the output that were reported already.
    pub foreign: BTreeSet<String>,
}

/// A map of all its entries at once, which is made faster than one by one.
fn at_once<'de, D: Deserializer<'de>>(from: D) -> Result<BTreeMap<String, Written>, D::Error> {
    struct All;
    impl<'de> Visitor<'de> for All {
        type Value = BTreeMap<String, Written>;

        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("files by path")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all = Vec::with_capacity(map.size_hint().unwrap_or(0).min(MOST));
            while let Some(entry) = map.next_entry()? {
                all.push(entry);
            }
            Ok(all.into_iter().collect())
        }
    }
    from.deserialize_map(All)
}

/// Room is made for so many entries before they are read, at most.
const MOST: usize = 1 << 16;

/// A manifest as found, and whether it may be believed.
#[derive(Debug, Default)]
pub struct Found {
    /// The manifest; where it is not believed, only its paths mean something.
    pub manifest: Manifest,
    /// Whether its fingerprints say what lies in the output.
    pub believed: bool,
    /// Whether it, or the record of an unfinished run, is damaged or of another version.
    pub damaged: bool,
    /// Its stamp.
    pub stamp: String,
}

impl Manifest {
    /// A hash of all paths and bytes: it lies in the output as well, so that a manifest is only
    /// believed beside the output it is of.
    pub fn stamp(&self) -> String {
        let mut fold = Fold::new();
        for (path, written) in &self.files {
            fold.add(path.as_bytes()).add_print(written.bytes);
        }
        format!("{}\n", fold.finish())
    }

    /// The bytes of the file that says which files masthead wrote.
    pub fn path_hashes(&self) -> Vec<u8> {
        self.path_hashes_with(&[])
    }

    /// The same, with paths that are about to be written.
    pub fn path_hashes_with(&self, more: &[String]) -> Vec<u8> {
        let paths = self.files.keys().chain(more);
        let mut hashes: Vec<u64> = paths.map(|path| path_hash(path)).collect();
        hashes.sort_unstable();
        hashes.dedup();
        hashes.into_iter().flat_map(u64::to_le_bytes).collect()
    }

    /// Notes a file of masthead's of which nothing else is known: `there` says that it lies in the
    /// output for sure.
    pub fn add_stray(&mut self, path: String, there: bool) {
        let nothing = Fingerprint(u128::from(there));
        let stray = Written {
            print: nothing,
            bytes: nothing,
            owner: None,
        };
        self.files.entry(path).or_insert(stray);
    }
}

/// Counts up when [`Manifest`] changes its shape.
const FORMAT: &str = "manifest 1";

fn manifest_name(output: &str) -> String {
    format!("manifest-{output}")
}

fn journal_name(output: &str) -> String {
    format!("unfinished-{output}")
}

impl Written {
    /// Whether nothing is known of a file but that masthead wrote it.
    pub fn is_stray(&self) -> bool {
        self.bytes.0 <= 1
    }

    /// Whether it is a stray that lies there for sure: of a build whose manifest is lost.
    pub fn is_lost(&self) -> bool {
        self.bytes.0 == 1
    }
}

/// A path as [`Manifest::path_hashes`] knows it.
pub fn path_hash(path: &str) -> u64 {
    of_bytes(path.as_bytes()).0 as u64
}

/// Looks for the manifest of an output, named by `output`, whose stamp file holds `stamp`.
///
/// A manifest of an older engine is as good as any: its fingerprints are salted with that engine
/// and fit nothing, and its paths still say what masthead wrote.
pub fn find(store: &dyn Store, output: &str, stamp: Option<&[u8]>) -> Found {
    let (manifest, damaged) = match store::load::<Manifest>(store, &manifest_name(output), FORMAT) {
        Loaded::Whole(manifest) => (manifest, false),
        Loaded::Absent => (Manifest::default(), false),
        Loaded::Damaged => (Manifest::default(), true),
    };
    let mut found = Found {
        believed: false,
        damaged,
        stamp: manifest.stamp(),
        manifest,
    };
    match store::load::<Vec<String>>(store, &journal_name(output), FORMAT) {
        Loaded::Absent => {
            let same = stamp == Some(found.stamp.as_bytes());
            found.believed = same && !found.manifest.files.is_empty();
        }
        // A killed build may have left any of these. Beside a whole manifest, none of them is the
        // last good page of anything.
        Loaded::Whole(paths) => {
            let lost = found.manifest.files.is_empty();
            for path in paths {
                found.manifest.add_stray(path, lost);
            }
        }
        Loaded::Damaged => found.damaged = true,
    }
    found
}

/// Whether the manifest of an output is whole, and no run is unfinished.
pub fn is_sound(store: &dyn Store, output: &str) -> bool {
    let finished = store.load(&journal_name(output)).is_none();
    finished && store::is_whole(store, &manifest_name(output), FORMAT)
}

/// Says that a run begins that may write these paths: until [`keep`], the manifest is not believed.
///
/// # Errors
/// Whatever keeps it from being written.
pub fn begin(store: &dyn Store, output: &str, paths: &[String]) -> io::Result<()> {
    store::save(store, &journal_name(output), FORMAT, &paths)
}

/// Keeps the manifest of a finished run.
///
/// # Errors
/// Whatever keeps it from being written.
pub fn keep(store: &dyn Store, output: &str, manifest: &Manifest) -> io::Result<()> {
    store::save(store, &manifest_name(output), FORMAT, manifest)?;
    store.forget(&journal_name(output));
    Ok(())
}

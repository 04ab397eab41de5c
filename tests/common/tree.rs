//! What readers may meet of a site while it is changed, and after a build that came to a halt.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use super::disk::Files;
use super::links::{Reached, Reader, files as files_below};
use masthead::base::fingerprint::of_bytes;
use masthead::sink::{PATHS, STAMP, TEMPORARY};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::Path;

/// Whether a file of an output is masthead's own record, and no part of the site.
pub fn is_record(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    [STAMP, PATHS].contains(&path) || name.starts_with(TEMPORARY)
}

/// All files below a folder; none where there is no folder.
pub fn read(root: &Path) -> Files {
    if !root.exists() {
        return Files::new();
    }
    let name = |path: &Path| {
        let inside = path.strip_prefix(root).expect("a file below the root");
        let parts: Vec<_> = inside.iter().map(|part| part.to_string_lossy()).collect();
        parts.join("/")
    };
    let all = files_below(root).into_iter();
    all.map(|path| (name(&path), fs::read(&path).expect("a file")))
        .collect()
}

/// Copies a folder.
pub fn copy(from: &Path, to: &Path) {
    for (path, bytes) in read(from) {
        let path = to.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }
}

/// The paths whose bytes differ, or that only one of the two has.
pub fn differing(one: &Files, other: &Files) -> Vec<String> {
    let paths: BTreeSet<&String> = one.keys().chain(other.keys()).collect();
    let differs = |path: &&&String| one.get(**path) != other.get(**path);
    paths
        .iter()
        .filter(differs)
        .map(|path| (**path).clone())
        .collect()
}

/// The whole sites that an output was or was to be: what lies in it must come from these.
#[derive(Default)]
pub struct Versions {
    reader: Reader,
    /// By path, the hashes of the bytes that it may have.
    bytes: BTreeMap<String, HashSet<u128>>,
    /// Links that led nowhere in a whole site already: of which page, of which bytes, whereto.
    excused: HashSet<(String, u128, String)>,
    /// What was reached in the last site that was whole, and in the one that is to be.
    old: BTreeSet<String>,
    new: BTreeSet<String>,
}

impl Versions {
    /// A whole site is there now, or is to be there.
    pub fn add(&mut self, files: &Files) {
        for (path, bytes) in files {
            let hashes = self.bytes.entry(path.clone()).or_default();
            hashes.insert(of_bytes(bytes).0);
        }
        let Reached {
            files: reached,
            dead,
        } = self.reader.reach(files);
        for (page, link) in dead {
            let hash = of_bytes(&files[&page]).0;
            self.excused.insert((page, hash, link));
        }
        self.old = std::mem::replace(&mut self.new, reached);
    }

    /// No file is torn, no link from the home page leads nowhere, and what was reached before and
    /// is to be reached is.
    pub fn hold(&mut self, files: &Files, at: &dyn Fn() -> String) {
        let reached = self.hold_any(files, at);
        for path in self.old.intersection(&self.new) {
            assert!(reached.contains(path), "{}\n{path} is not reached", at());
        }
    }

    /// No file is torn and no link from the home page leads nowhere; gives what is reached.
    pub fn hold_any(&mut self, files: &Files, at: &dyn Fn() -> String) -> BTreeSet<String> {
        for (path, bytes) in files.iter().filter(|(path, _)| !is_record(path)) {
            let hashes = self.bytes.get(path);
            let known = hashes.is_some_and(|hashes| hashes.contains(&of_bytes(bytes).0));
            assert!(known, "{}\n{path} is torn or nobody's", at());
        }
        let reached = self.reader.reach(files);
        for (page, link) in reached.dead {
            let hash = of_bytes(&files[&page]).0;
            let said = format!("{page} leads to {link}, where nothing is");
            let excused = self.excused.contains(&(page, hash, link));
            assert!(excused, "{}\n{said}", at());
        }
        reached.files
    }
}

//! What a folder lists: a part of a site is listed as it is in the whole.
#![cfg(unix)]

use masthead::source::{CONFIG, Directory, Entry, FOLDERS, Listing, Source};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

const NAMES: [&str; 9] = [
    "a.md",
    "b",
    "国际",
    "cafe\u{301}",
    "caf\u{e9}",
    ".hidden",
    ".well-known",
    "c~",
    ".d.swp",
];

/// One thing to be put into a tree; what can't be put there is left out.
#[derive(Debug, Clone)]
enum Put {
    File(Vec<usize>),
    Folder(Vec<usize>),
    /// A link at the first path to the second one.
    Link(Vec<usize>, Vec<usize>),
    Nameless(Vec<usize>),
}

/// A place in the tree: the first number says which folder, the others which names.
fn place() -> impl Strategy<Value = Vec<usize>> {
    proptest::collection::vec(0..NAMES.len(), 1..5)
}

fn put() -> impl Strategy<Value = Put> {
    prop_oneof![
        4 => place().prop_map(Put::File),
        2 => place().prop_map(Put::Folder),
        3 => (place(), place()).prop_map(|(from, to)| Put::Link(from, to)),
        1 => place().prop_map(Put::Nameless),
    ]
}

fn path_of(root: &Path, place: &[usize]) -> PathBuf {
    let tops = [&FOLDERS[..], &[CONFIG, "shared", "../outside"]].concat();
    let top = root.join(tops[place[0] % tops.len()]);
    place[1..]
        .iter()
        .fold(top, |path, name| path.join(NAMES[*name]))
}

fn plant(root: &Path, puts: &[Put]) {
    let above = |path: &Path| fs::create_dir_all(path.parent().expect("a folder")).is_ok();
    for put in puts {
        let _ = match put {
            Put::File(place) => {
                let path = path_of(root, place);
                above(&path);
                fs::write(path, "文").is_ok()
            }
            Put::Folder(place) => fs::create_dir_all(path_of(root, place)).is_ok(),
            Put::Link(from, to) => {
                let path = path_of(root, from);
                above(&path);
                symlink(path_of(root, to), path).is_ok()
            }
            Put::Nameless(place) => {
                let name = OsStr::from_bytes(b"\xB4\xF3.md");
                fs::write(path_of(root, place).join(name), "文").is_ok()
            }
        };
    }
}

/// Every path that there is, through links too, and some that a listing never has.
fn paths(root: &Path, whole: &Listing) -> BTreeSet<String> {
    let inside = |path: &Path| Some(path.strip_prefix(root).ok()?.to_str()?.to_string());
    let walk = walkdir::WalkDir::new(root).follow_links(true).max_depth(7);
    let found = walk.into_iter().filter_map(|found| match found {
        Ok(entry) => inside(entry.path()),
        Err(error) => inside(error.path()?),
    });
    let listed = whole.entries.iter().map(|entry| entry.path.clone());
    let mut paths: BTreeSet<String> = found.chain(listed).collect();
    let odd = [
        "",
        "/",
        ".",
        "..",
        "content/",
        "content/..",
        "content/../data",
        "no/such",
    ];
    paths.extend(odd.map(str::to_string));
    paths.insert(root.join("content").to_string_lossy().into_owned());
    paths
}

/// What of the whole lies at or below a path.
fn part(root: &Path, whole: &Listing, path: &str) -> (Vec<Entry>, Vec<String>) {
    let below = |file: &str| {
        let rest = file.strip_prefix(path);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let entries = whole.entries.iter().filter(|entry| below(&entry.path));
    let nameless = format!("the name of `{}/", root.join(path).display());
    let said = whole.diagnostics.iter().filter(|one| match &one.place {
        Some(place) => below(&place.file),
        None => !path.is_empty() && !path.starts_with('/') && one.message.starts_with(&nameless),
    });
    (
        entries.cloned().collect(),
        said.map(|one| format!("{one:?}")).collect(),
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn a_part_is_listed_as_in_the_whole(puts in proptest::collection::vec(put(), 1..24)) {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join("site");
        fs::create_dir_all(&root).expect("a folder");
        plant(&root, &puts);
        let site = Directory::new(&root);
        let whole = site.list();
        prop_assert!(whole.entries.is_sorted_by(|a, b| a.path < b.path));
        for path in paths(&root, &whole) {
            let below = site.below(&path);
            let said: Vec<String> = below.diagnostics.iter().map(|one| format!("{one:?}")).collect();
            prop_assert_eq!((below.entries, said), part(&root, &whole, &path), "{}", path);
        }
    }
}

/// Each folder is entered by a call within a call: no number of them may be too many for the stack.
#[test]
fn folders_that_lie_too_deep_are_named_and_not_entered() {
    let dir = tempfile::tempdir().expect("a folder");
    let deep = format!("content{}", "/d".repeat(1_500));
    fs::create_dir_all(dir.path().join(&deep)).expect("folders");
    fs::write(dir.path().join(&deep).join("x.md"), "x").expect("a file");
    fs::write(dir.path().join("content/d/d/y.md"), "y").expect("a file");
    let listing = Directory::new(dir.path()).list();
    let paths: Vec<&str> = listing
        .entries
        .iter()
        .map(|one| one.path.as_str())
        .collect();
    assert_eq!(paths, ["content/d/d/y.md"]);
    let said: Vec<&str> = listing
        .diagnostics
        .iter()
        .map(|one| one.message.as_str())
        .collect();
    assert_eq!(said, ["folders are nested more than 100 deep here"]);
}

//! What the same files cost without a generator: two threads that write them from memory, and a
//! look at every source.

use crate::measure::{Sample, Tree, read};
use rayon::prelude::*;
use std::fs;
use std::io;
use std::path::Path;
use std::thread;
use std::time::Instant;

/// How many bytes are held in memory at once. What is more is written in several goes, and only
/// the writing is timed.
const AT_ONCE: u64 = 2_000_000_000;

/// A file with the folders that have to be made before it.
struct Item {
    folders: Vec<String>,
    path: String,
    bytes: Vec<u8>,
}

/// Writes the files of `output` into `fresh`, from memory, with two threads.
pub fn write(output: &Path, tree: &Tree, fresh: &Path) -> io::Result<Sample> {
    let mut paths: Vec<(&String, u64)> = tree
        .files
        .iter()
        .map(|(path, about)| (path, about.0))
        .collect();
    paths.sort_unstable();
    let several = tree.bytes() > AT_ONCE;
    let mut seconds = 0.0;
    let mut rest = paths.as_slice();
    while !rest.is_empty() {
        let mut sum = 0;
        let fit = rest
            .iter()
            .take_while(|(_, bytes)| {
                sum += bytes;
                sum <= AT_ONCE
            })
            .count();
        let (now, later) = rest.split_at(fit.max(1));
        seconds += go(output, now, fresh)?;
        if several {
            fs::remove_dir_all(fresh)?;
        }
        rest = later;
    }
    Ok(Sample {
        wall: seconds,
        ..Sample::default()
    })
}

fn go(output: &Path, paths: &[(&String, u64)], fresh: &Path) -> io::Result<f64> {
    let items = in_memory(output, paths)?;
    let (first, second) = items.split_at(items.len() / 2);
    let started = Instant::now();
    fs::create_dir_all(fresh)?;
    thread::scope(|scope| {
        let other = scope.spawn(|| put(first, fresh));
        put(second, fresh)?;
        other
            .join()
            .map_err(|_| io::Error::other("a thread failed"))?
    })?;
    Ok(started.elapsed().as_secs_f64())
}

fn put(items: &[Item], fresh: &Path) -> io::Result<()> {
    for item in items {
        for folder in &item.folders {
            match fs::create_dir(fresh.join(folder)) {
                Err(error) if error.kind() != io::ErrorKind::AlreadyExists => return Err(error),
                _ => {}
            }
        }
        fs::write(fresh.join(&item.path), &item.bytes)?;
    }
    Ok(())
}

/// The files, sorted, each half with all the folders that it needs.
fn in_memory(output: &Path, paths: &[(&String, u64)]) -> io::Result<Vec<Item>> {
    let half = paths.len() / 2;
    let mut known = std::collections::HashSet::new();
    let mut items = Vec::with_capacity(paths.len());
    for (number, (path, _)) in paths.iter().enumerate() {
        if number == half {
            known.clear();
        }
        let mut folders: Vec<String> = path
            .match_indices('/')
            .map(|(at, _)| path[..at].to_string())
            .collect();
        folders.retain(|folder| known.insert(folder.clone()));
        let bytes = read(&output.join(path))?;
        items.push(Item {
            folders,
            path: (*path).clone(),
            bytes,
        });
    }
    Ok(items)
}

/// Lists the sources and asks for the size and time of each, in parallel.
pub fn stat(root: &Path) -> io::Result<Sample> {
    let started = Instant::now();
    let mut folders = vec![root.join("content"), root.join("templates")];
    let mut paths = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                folders.push(entry.path());
            } else {
                paths.push(entry.path());
            }
        }
    }
    let found: Result<Vec<u64>, io::Error> = paths
        .par_iter()
        .map(|path| fs::symlink_metadata(path).map(|about| about.len()))
        .collect();
    found?;
    Ok(Sample {
        wall: started.elapsed().as_secs_f64(),
        ..Sample::default()
    })
}

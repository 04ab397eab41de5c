//! The facts cache: facts of files that did not change are not read again.
//!
//! An entry depends on one file only. A file whose size and time are the same is not read, if its
//! time was old enough when it was last looked at to prove anything; one whose bytes are the same
//! is not parsed. Diagnostics lie with the facts, so a cached file repeats its warnings.
//!
//! It is kept in chunks of neighbouring paths, some five hundred in each, that are read in
//! parallel; a change rewrites its own chunk. Where a chunk ends is a matter of the path alone
//! (content-defined chunking), so that files that come and go don't shift the other chunks.

use super::galley::Galleys;
use super::picture::{self, Seen};
use super::{Facts, LARGEST, Picks, facts_for, is_source};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, of_bytes};
use crate::sink::store::{self, Loaded, Store};
use crate::source::{Entry, Listing, Source};
use foldhash::{HashMap, HashSet};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The index's name in the store; chunks are named after it.
const NAME: &str = "facts";
/// One path in so many begins a chunk.
const CHUNK: u128 = 512;

/// What is remembered of one file.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Known {
    size: u64,
    modified: u64,
    settled: bool,
    /// The hash of its bytes.
    pub digest: Fingerprint,
    /// The facts of a source; nothing for other files.
    pub facts: Option<Arc<Facts>>,
    /// What the bytes of a picture say; nothing for other files.
    pub picture: Option<Seen>,
    /// Whether the cache doesn't have it yet.
    #[serde(skip)]
    news: bool,
}

/// Files by path, and what is remembered of each.
pub type Files = BTreeMap<String, Known>;

/// The chunks that the store holds: by the first path of each, how many files are in it, and the
/// hash that names it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Chunks(HashMap<String, (usize, Fingerprint)>);

/// All files of a site, and what it took to get them.
#[derive(Debug, Default)]
pub struct Gathered {
    /// What is known of each file that could be read.
    pub files: Files,
    /// How many sources were parsed.
    pub parsed: usize,
    /// Sources that can't be read.
    pub unreadable: Vec<String>,
    /// Files that can't be read, and a cache that can't be.
    pub diagnostics: Vec<Diagnostic>,
    /// What the store holds.
    pub chunks: Chunks,
}

impl Gathered {
    /// The facts of all sources, by path.
    pub fn facts(&self) -> Vec<Arc<Facts>> {
        let sources = self.files.values();
        sources.filter_map(|known| known.facts.clone()).collect()
    }
}

/// What the store remembers of a site's files.
#[derive(Debug, Default)]
pub struct Remembered {
    chunks: Chunks,
    files: Vec<(String, Known)>,
    damaged: bool,
}

/// Reads what the store remembers.
pub fn remember(store: &dyn Store, engine: &str) -> Remembered {
    let mut remembered = Remembered::default();
    match store::load::<Chunks>(store, NAME, engine) {
        Loaded::Whole(chunks) => remembered.chunks = chunks,
        Loaded::Absent => return remembered,
        Loaded::Damaged => {
            remembered.damaged = true;
            return remembered;
        }
    }
    let mut names: Vec<(&String, Fingerprint)> = Vec::new();
    names.extend(
        remembered
            .chunks
            .0
            .iter()
            .map(|(first, (_, print))| (first, *print)),
    );
    names.sort_unstable();
    let load = |(_, print): (&String, Fingerprint)| match store::load::<Vec<(String, Known)>>(
        store,
        &chunk_name(print),
        engine,
    ) {
        Loaded::Whole(files) => Some(files),
        Loaded::Absent | Loaded::Damaged => None,
    };
    let loaded: Option<Vec<Vec<(String, Known)>>> = names.into_par_iter().map(load).collect();
    match loaded {
        Some(chunks) => remembered.files = chunks.into_iter().flatten().collect(),
        None => {
            remembered.damaged = true;
            remembered.chunks = Chunks::default();
        }
    }
    remembered
}

fn chunk_name(print: Fingerprint) -> String {
    format!("{NAME}-{print}")
}

/// Looks at all files of a listing, with the help of what is remembered; `picks` says what the site
/// makes of telling sentences.
pub fn look_at(
    source: &dyn Source,
    listing: &Listing,
    remembered: Remembered,
    picks: Picks,
    galleys: &Galleys,
) -> Gathered {
    let mut out = Gathered {
        chunks: remembered.chunks,
        ..Gathered::default()
    };
    if remembered.damaged {
        let message = "the cache of facts is damaged or of another version; it is made anew";
        out.diagnostics.push(Diagnostic::new(Code::Cache, message));
    }
    // Both are in the order of paths.
    let mut known = remembered.files.into_iter().peekable();
    let mut files = Vec::with_capacity(listing.entries.len());
    for entry in &listing.entries {
        while known.next_if(|(path, _)| *path < entry.path).is_some() {}
        files.push((entry, known.next_if(|(path, _)| *path == entry.path)));
    }
    let looked: Vec<(String, Looked)> = files
        .into_par_iter()
        .map(|(entry, known)| {
            let (path, known) = known.unzip();
            let path = path.unwrap_or_else(|| entry.path.clone());
            (path, look(source, entry, known, picks, galleys))
        })
        .collect();
    let mut sound = Vec::with_capacity(looked.len());
    for (path, look) in looked {
        match look {
            Ok((known, is_parsed)) => {
                out.parsed += usize::from(is_parsed);
                sound.push((path, known));
            }
            Err(diagnostic) => {
                out.unreadable.push(path);
                out.diagnostics.push(*diagnostic);
            }
        }
    }
    out.files = sound.into_iter().collect();
    out
}

/// Keeps what is known of files in the store; a chunk without news is not written again. The
/// files are then no news any more.
///
/// # Errors
/// Whatever keeps it from being written.
pub fn keep(
    files: &mut Files,
    chunks: &mut Chunks,
    store: &dyn Store,
    engine: &str,
) -> io::Result<()> {
    // Somebody else may have been here in the meantime.
    let there = match store::load::<Chunks>(store, NAME, engine) {
        Loaded::Whole(there) => there,
        Loaded::Absent | Loaded::Damaged => Chunks::default(),
    };
    let believed = there == *chunks;
    let all: Vec<(&String, &Known)> = files.iter().collect();
    let mut parts = Vec::new();
    let mut rest = all.as_slice();
    while !rest.is_empty() {
        let more = rest[1..].iter().position(|(path, _)| begins_chunk(path));
        let (part, later) = rest.split_at(more.map_or(rest.len(), |at| at + 1));
        parts.push(part);
        rest = later;
    }
    let kept = |part: &[(&String, &Known)]| -> io::Result<(String, (usize, Fingerprint))> {
        let first = part[0].0;
        let old = chunks.0.get(first);
        let old = old.filter(|(count, _)| believed && *count == part.len());
        if let Some(old) = old.filter(|_| !part.iter().any(|(_, known)| known.news)) {
            return Ok((first.clone(), *old));
        }
        let bytes = store::sealed(&part, engine)?;
        let print = of_bytes(&bytes);
        store.save(&chunk_name(print), &bytes)?;
        Ok((first.clone(), (part.len(), print)))
    };
    let fresh: io::Result<HashMap<_, _>> = parts.into_par_iter().map(kept).collect();
    let fresh = Chunks(fresh?);
    if !believed || fresh != *chunks {
        store::save(store, NAME, engine, &fresh)?;
        let kept = fresh.0.values().map(|(_, print)| chunk_name(*print));
        let kept: HashSet<String> = kept.collect();
        let gone = store.names(&format!("{NAME}-"));
        for name in gone.iter().filter(|name| !kept.contains(*name)) {
            store.forget(name);
        }
    }
    files.values_mut().for_each(|known| known.news = false);
    *chunks = fresh;
    Ok(())
}

fn begins_chunk(path: &str) -> bool {
    of_bytes(path.as_bytes()).0.is_multiple_of(CHUNK)
}

/// What is known of a file and whether its facts were parsed, or what keeps it from being read.
pub type Looked = Result<(Known, bool), Box<Diagnostic>>;

/// Looks at one file, with the help of what is remembered of it; `picks` says what the site
/// makes of telling sentences, and what is parsed leaves its galley.
pub fn look(
    source: &dyn Source,
    entry: &Entry,
    known: Option<Known>,
    picks: Picks,
    galleys: &Galleys,
) -> Looked {
    let known = known.filter(|known| !known.lacks(picks));
    let known = match known.map(|known| known.without_surplus(picks)) {
        Some(known) if known.proves(entry) => return Ok((known, false)),
        known => known,
    };
    if is_source(&entry.path) && entry.size > LARGEST {
        return Err(Box::new(too_large(entry)));
    }
    let bytes = source.read(&entry.path).map_err(|error| {
        let message = format!("this can't be read: {error}");
        Box::new(Diagnostic::new(Code::Unreadable, message).in_file(&entry.path))
    })?;
    let digest = of_bytes(&bytes);
    let same = known.filter(|known| known.digest == digest);
    let parses = same.is_none() && is_source(&entry.path);
    let (facts, picture) = match same {
        Some(known) => (known.facts, known.picture),
        None if parses => {
            let facts = caught(&entry.path, &bytes, digest, picks, galleys);
            (Some(Arc::new(facts)), None)
        }
        None => (None, picture::look(&entry.path, &bytes)),
    };
    let known = Known {
        size: entry.size,
        modified: entry.modified,
        settled: entry.settled,
        digest,
        facts,
        picture,
        news: true,
    };
    Ok((known, parses))
}

/// The facts of a file. A panic is our bug: it costs that file.
fn caught(path: &str, bytes: &[u8], digest: Fingerprint, picks: Picks, galleys: &Galleys) -> Facts {
    let read = AssertUnwindSafe(|| facts_for(path, bytes, digest, picks, galleys));
    catch_unwind(read).unwrap_or_else(|_| {
        let diagnostic = Diagnostic::new(Code::Panic, "masthead failed at reading this file")
            .in_file(path)
            .help("this is a bug of masthead; please report it, with the file");
        let path = path.to_string();
        Facts {
            path,
            digest,
            diagnostics: vec![diagnostic].into(),
            ..Facts::default()
        }
    })
}

fn too_large(entry: &Entry) -> Diagnostic {
    let mib = |bytes: u64| bytes.div_ceil(1024 * 1024);
    let message = format!(
        "this has {} MiB; a source has at most {} MiB",
        mib(entry.size),
        mib(LARGEST)
    );
    Diagnostic::new(Code::Unreadable, message)
        .in_file(&entry.path)
        .help("split it, or give it another ending if it is no article")
}

impl Known {
    /// Whether its telling sentences were not picked, and are asked for now.
    fn lacks(&self, picks: Picks) -> bool {
        let facts = self.facts.as_ref();
        facts.is_some_and(|facts| facts.unpicked && picks.wants(&facts.meta))
    }

    /// The same without telling sentences that are asked for no more: what is known of a file is
    /// the same whatever the site asked for before.
    fn without_surplus(mut self, picks: Picks) -> Known {
        if let Some(facts) = &mut self.facts
            && !facts.unpicked
            && !picks.wants(&facts.meta)
        {
            let facts = Arc::make_mut(facts);
            facts.extract = None;
            facts.unpicked = true;
            self.news = true;
        }
        self
    }

    /// Whether another look says the same.
    pub fn is_same(&self, other: &Known) -> bool {
        let unpicked = |known: &Known| known.facts.as_ref().is_some_and(|facts| facts.unpicked);
        self.digest == other.digest && unpicked(self) == unpicked(other)
    }

    /// Whether size and time alone prove that a file is the same.
    fn proves(&self, entry: &Entry) -> bool {
        self.settled && (self.size, self.modified) == (entry.size, entry.modified)
    }
}

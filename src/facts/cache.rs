//! The facts cache: facts of files that did not change are not read again.
//!
//! An entry depends on one file only. A file whose size and time are the same is not read, if its
//! time was old enough when it was last looked at to prove anything; one whose bytes are the same
//! is not parsed. Diagnostics lie with the facts, so a cached file repeats its warnings.

use super::{Facts, LARGEST, facts, is_source};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, of_bytes};
use crate::sink::store::{self, Loaded, Store};
use crate::source::{Entry, Listing, Source};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use std::panic::catch_unwind;
use std::sync::Arc;

/// The cache's name in the store.
const NAME: &str = "facts";

/// What is remembered of one file.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Known {
    size: u64,
    modified: u64,
    settled: bool,
    digest: Fingerprint,
    /// The facts of a source; nothing for other files.
    facts: Option<Facts>,
}

/// The facts of all files of a site, and what it took to get them.
#[derive(Debug, Default)]
pub struct Gathered {
    /// The facts of all sources, by path.
    pub facts: Vec<Arc<Facts>>,
    /// The hash of every other file, by path.
    pub digests: BTreeMap<String, Fingerprint>,
    /// How many sources were parsed.
    pub parsed: usize,
    /// Sources that can't be read.
    pub unreadable: Vec<String>,
    /// Files that can't be read, and a cache that can't be.
    pub diagnostics: Vec<Diagnostic>,
}

/// Gathers the facts of all files of a listing, with the help of the cache, and keeps them there.
pub fn gather(source: &dyn Source, listing: &Listing, store: &dyn Store, engine: &str) -> Gathered {
    let mut out = Gathered::default();
    let mut known = match store::load::<HashMap<String, Known>>(store, NAME, engine) {
        Loaded::Whole(known) => known,
        Loaded::Absent => HashMap::new(),
        Loaded::Damaged => {
            let message = "the cache of facts is damaged or of another version; it is made anew";
            out.diagnostics.push(Diagnostic::new(Code::Cache, message));
            HashMap::new()
        }
    };
    let before = known.len();
    let files: Vec<(&Entry, Option<Known>)> = listing
        .entries
        .iter()
        .map(|entry| (entry, known.remove(&entry.path)))
        .collect();
    let looked: Vec<(&Entry, Look)> = files
        .into_par_iter()
        .map(|(entry, known)| (entry, look(source, entry, known)))
        .collect();
    let changed = before != looked.len() || looked.iter().any(|(_, look)| look.is_news());
    let mut fresh: BTreeMap<&str, Known> = BTreeMap::new();
    for (entry, look) in looked {
        match look {
            Look::Known(known) | Look::Seen(known) => {
                fresh.insert(&entry.path, known);
            }
            Look::Parsed(known) => {
                out.parsed += usize::from(known.facts.is_some());
                fresh.insert(&entry.path, known);
            }
            Look::Failed(diagnostic) => {
                out.unreadable.push(entry.path.clone());
                out.diagnostics.push(diagnostic);
            }
        }
    }
    if changed && let Err(error) = store::save(store, NAME, engine, &fresh) {
        out.diagnostics.push(Diagnostic::new(
            Code::Unreadable,
            format!("the cache can't be written: {error}"),
        ));
    }
    for (path, known) in fresh {
        match known.facts {
            Some(facts) => out.facts.push(Arc::new(facts)),
            None => {
                out.digests.insert(path.to_string(), known.digest);
            }
        }
    }
    out
}

/// What a look at a file found.
enum Look {
    /// Nothing new; the file was not read.
    Known(Known),
    /// The same bytes at another time.
    Seen(Known),
    /// New bytes.
    Parsed(Known),
    /// It can't be read.
    Failed(Diagnostic),
}

impl Look {
    fn is_news(&self) -> bool {
        !matches!(self, Look::Known(_))
    }
}

fn look(source: &dyn Source, entry: &Entry, known: Option<Known>) -> Look {
    let known = match known {
        Some(known) if known.proves(entry) => return Look::Known(known),
        known => known,
    };
    if is_source(&entry.path) && entry.size > LARGEST {
        return Look::Failed(too_large(entry));
    }
    let bytes = match source.read(&entry.path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("this can't be read: {error}");
            return Look::Failed(Diagnostic::new(Code::Unreadable, message).in_file(&entry.path));
        }
    };
    let digest = of_bytes(&bytes);
    let (size, modified, settled) = (entry.size, entry.modified, entry.settled);
    match known {
        Some(known) if known.digest == digest => Look::Seen(Known {
            size,
            modified,
            settled,
            ..known
        }),
        _ => {
            let facts = is_source(&entry.path).then(|| caught(&entry.path, &bytes));
            Look::Parsed(Known {
                size,
                modified,
                settled,
                digest,
                facts,
            })
        }
    }
}

/// The facts of a file. A panic is our bug: it costs that file.
fn caught(path: &str, bytes: &[u8]) -> Facts {
    catch_unwind(|| facts(path, bytes)).unwrap_or_else(|_| {
        let diagnostic = Diagnostic::new(Code::Panic, "masthead failed at reading this file")
            .in_file(path)
            .help("this is a bug of masthead; please report it, with the file");
        let (path, digest) = (path.to_string(), of_bytes(bytes));
        Facts {
            path,
            digest,
            diagnostics: vec![diagnostic],
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
    /// Whether size and time alone prove that a file is the same.
    fn proves(&self, entry: &Entry) -> bool {
        self.settled && (self.size, self.modified) == (entry.size, entry.modified)
    }
}

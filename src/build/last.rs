//! What the last build was made from: where nothing of it changed, there is nothing to do.
//!
//! This is no second way of building. It only says that the way would end where it began: the
//! same files by size and time, the same wishes, the same output, and no date that came round in
//! between. Whatever is in doubt (a file changed seconds ago, an error, a damaged manifest) goes
//! the whole way.

use super::{ENGINE, Job, Ledger, Outcome, Tally};
use crate::base::date::Moment;
use crate::base::diagnostic::{self, Code, Diagnostic, Severity};
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::sink::manifest;
use crate::sink::store::{self, Loaded, Store};
use crate::site::Site;
use crate::site::recall::Recall;
use crate::site::related::Kinship;
use crate::source::Listing;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::io;

/// A build without errors, as the next one needs to know it.
#[derive(Debug, Serialize, Deserialize)]
struct Last {
    /// Hash of all files by size and time, and of the wishes.
    inputs: Fingerprint,
    /// The moment that it was made for.
    now: Moment,
    /// When it would have been another one.
    due: Option<Moment>,
    /// What the stamp of the output was.
    stamp: Vec<u8>,
    tally: Tally,
    diagnostics: Vec<Diagnostic>,
}

fn name(output: &str) -> String {
    format!("last-{output}")
}

/// The hash of what a build is made from; `None` where size and time prove nothing.
pub fn inputs(job: &Job, listing: &Listing) -> Option<Fingerprint> {
    let mut fold = Fold::new();
    fold.add(&[u8::from(job.drafts)])
        .add(job.base_url.unwrap_or("").as_bytes());
    for entry in &listing.entries {
        if !entry.settled {
            return None;
        }
        fold.add(entry.path.as_bytes())
            .add(&entry.size.to_le_bytes())
            .add(&entry.modified.to_le_bytes());
    }
    listing.diagnostics.is_empty().then(|| fold.finish())
}

/// The outcome of a build that has nothing to do. A damaged record is noted.
pub fn nothing_to_do(
    job: &Job,
    store: &dyn Store,
    inputs: Fingerprint,
    out: &mut Vec<Diagnostic>,
) -> Option<Outcome> {
    let last: Last = loaded(
        store,
        &name(job.output),
        "the record of the last build",
        out,
    )?;
    let in_time = job.now >= last.now && last.due.is_none_or(|due| job.now < due);
    if last.inputs != inputs || !in_time {
        return None;
    }
    let stamp = job.sink.read(crate::sink::STAMP).ok()??;
    if stamp != last.stamp || !manifest::is_sound(store, job.output) {
        return None;
    }
    super::publish::save_ledger(store, &Ledger::default()).ok()?;
    Some(Outcome {
        tally: Tally {
            parsed: 0,
            rendered: 0,
            written: 0,
            removed: 0,
            unchanged: last.tally.routes,
            ..last.tally
        },
        diagnostics: last.diagnostics,
        ..Outcome::default()
    })
}

/// The name of the blob with the related articles.
const KINSHIP: &str = "related";

/// The related articles that the last build found.
pub fn kinship(store: &dyn Store, out: &mut Vec<Diagnostic>) -> Kinship {
    loaded(store, KINSHIP, "what was known of related articles", out).unwrap_or_default()
}

/// The name of the blob with what was found of links and cards.
const RECALL: &str = "found";

/// What the last build found of links and cards.
pub fn recall(store: &dyn Store, out: &mut Vec<Diagnostic>) -> Recall {
    loaded(store, RECALL, "what was known of links and cards", out).unwrap_or_default()
}

/// What the store remembers under a name. Where that is damaged it is noted, and made anew.
fn loaded<T: DeserializeOwned>(
    store: &dyn Store,
    name: &str,
    what: &str,
    out: &mut Vec<Diagnostic>,
) -> Option<T> {
    match store::load(store, name, ENGINE) {
        Loaded::Whole(value) => Some(value),
        Loaded::Absent => None,
        Loaded::Damaged => {
            let message = format!("{what} is damaged or of another version; it is made anew");
            out.push(Diagnostic::new(Code::Cache, message));
            None
        }
    }
}

/// Keeps the related articles for the next build, where they are new.
///
/// # Errors
/// Whatever keeps them from being written.
pub fn keep_kinship(store: &dyn Store, site: &Site) -> io::Result<()> {
    match site.new_kinship() {
        Some(kinship) => store::save(store, KINSHIP, ENGINE, kinship),
        None => Ok(()),
    }
}

/// Keeps what was found of links and cards for the next build, where it is new.
///
/// # Errors
/// Whatever keeps it from being written.
pub fn keep_recall(store: &dyn Store, site: &Site) -> io::Result<()> {
    match site.take_recall() {
        Some(recall) => store::save(store, RECALL, ENGINE, &recall),
        None => Ok(()),
    }
}

/// Remembers a build, if the next one can rest on it.
///
/// # Errors
/// Whatever keeps it from being written.
pub fn remember(
    job: &Job,
    store: &dyn Store,
    inputs: Option<Fingerprint>,
    site: &Site,
    outcome: &Outcome,
) -> io::Result<()> {
    let sound = outcome.tally.errors == 0 && !outcome.halted;
    let stamp = job.sink.read(crate::sink::STAMP)?;
    let (Some(inputs), Some(stamp)) = (inputs.filter(|_| sound), stamp) else {
        store.forget(&name(job.output));
        return Ok(());
    };
    // These are said once.
    let once = |said: &&Diagnostic| matches!(said.code, Code::Cache | Code::ForeignFile);
    let diagnostics: Vec<Diagnostic> = outcome
        .diagnostics
        .iter()
        .filter(|said| !once(said))
        .cloned()
        .collect();
    let tally = Tally {
        warnings: diagnostic::count(&diagnostics, Severity::Warning),
        ..outcome.tally.clone()
    };
    let due = [site.due.event.0, site.due.year.0];
    let last = Last {
        inputs,
        now: job.now,
        due: due.into_iter().flatten().min(),
        stamp,
        tally,
        diagnostics,
    };
    store::save(store, &name(job.output), ENGINE, &last)
}

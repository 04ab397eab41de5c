//! What is to be done to an output: which routes are new, which stay, what has to go.

use super::{at_path, in_short};
use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::base::fingerprint::Fingerprint;
use crate::press::Press;
use crate::sink::manifest::{Found, Manifest, path_hash};
use crate::sink::{PATHS, STAMP, Sink, TEMPORARY};
use crate::site::{Route, Site};
use foldhash::{HashSet, HashSetExt};
use rayon::prelude::*;
use std::collections::BTreeSet;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// From this many changes on, and if they are a tenth of all files, a run is staged.
const LARGE: usize = 256;

/// A route, where it goes, and what it is made from.
pub struct Planned {
    /// The number of its edition.
    pub edition: usize,
    /// The route.
    pub route: Route,
    /// Its output path.
    pub path: String,
    /// Whether the output already holds the page of this fingerprint.
    pub known: bool,
    /// When its turn comes, where files are written in place.
    pub turn: Turn,
}

/// In which order files are written in place, so that no link leads nowhere in between: what is
/// new first, since nothing leads there yet, then what leads to it. Deletions come last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Turn {
    /// Nothing is there.
    New,
    /// A killed build may have written it.
    Unsure,
    /// The last build left it there.
    Old,
}

/// What is to be done.
pub struct Plan {
    /// All routes, in the order of publishing.
    pub sheets: Vec<Planned>,
    /// What the last build left; believed or not.
    pub old: Manifest,
    /// The stamp of `old`.
    pub stamp: String,
    /// Whether `old` is believed.
    pub believed: bool,
    /// Files of masthead's that no route claims any more.
    pub stale: BTreeSet<String>,
    /// Files in the output that masthead did not write, as far as they were looked for.
    pub foreign: BTreeSet<String>,
    /// Whether there is nothing to be done.
    pub nothing: bool,
    /// Whether the run is staged: the first one, and one that changes much.
    pub staged: bool,
    /// Files that must not be written over.
    pub blocked: HashSet<String>,
}

/// Compares a press with an output. `stamped` says whether the output is one of masthead's.
///
/// # Errors
/// Whatever keeps the output from being listed.
pub fn plan(
    presses: &[Press],
    found: Found,
    sink: &dyn Sink,
    stamped: bool,
    out: &mut Vec<Diagnostic>,
) -> io::Result<Plan> {
    let Found {
        manifest: mut old,
        believed,
        stamp,
        ..
    } = found;
    let list = || sink.list().map_err(in_short("listed"));
    let there = if believed { None } else { Some(list()?) };
    let are_told = match &there {
        Some(there) => claim_lost(&mut old, there, sink)?,
        None => true,
    };
    let present = there
        .as_ref()
        .map(|there| there.iter().map(String::as_str).collect());
    let sheets = sheets(presses, &old, present.as_ref());
    let site = presses[0].site.site;
    let claimed = || -> HashSet<&str> { sheets.iter().map(|sheet| sheet.path.as_str()).collect() };
    // Routes have paths of their own: where as many of them are old as there are old files, none
    // of these goes.
    let held = sheets.iter().filter(|sheet| sheet.turn != Turn::New);
    let stale: BTreeSet<String> = if there.is_none() && held.count() == old.files.len() {
        BTreeSet::new()
    } else {
        let claimed = claimed();
        let goes = |path: &&String| !claimed.contains(path.as_str()) && !stays(site, &old, path);
        old.files.keys().filter(goes).cloned().collect()
    };
    let fresh: Vec<&Planned> = sheets.iter().filter(|sheet| !sheet.known).collect();
    let changes = fresh.len() + stale.len();
    let first = there.as_ref().is_some_and(Vec::is_empty);
    let mut plan = Plan {
        foreign: old.foreign.clone(),
        nothing: changes == 0,
        staged: first
            || (changes >= LARGE && changes * 10 >= sheets.len())
            || turns_file_into_folder(&fresh, &stale),
        blocked: HashSet::new(),
        sheets: Vec::new(),
        stamp,
        believed,
        stale,
        old,
    };
    if plan.staged || !believed {
        let there = there.map_or_else(list, Ok)?;
        let lost = stamped && !are_told;
        look_for_foreign(&mut plan, &claimed(), there, lost, out);
    } else {
        let added = fresh.into_iter().map(|sheet| &sheet.path);
        let added: Vec<&String> = added
            .filter(|path| !plan.old.files.contains_key(*path))
            .collect();
        look_for_obstacles(&mut plan, &added, sink, out)?;
    }
    plan.sheets = sheets;
    Ok(plan)
}

/// Where the manifest is lost or not believed, the output itself says which files are masthead's;
/// whether it does is told.
fn claim_lost(old: &mut Manifest, there: &[String], sink: &dyn Sink) -> io::Result<bool> {
    let bytes = sink.read(PATHS).map_err(at_path(PATHS, "read"))?;
    let are_told = bytes.is_some();
    let bytes = bytes.unwrap_or_default();
    let hashes: HashSet<u64> = bytes
        .chunks_exact(8)
        .map(|chunk| u64::from_le_bytes(std::array::from_fn(|at| chunk[at])))
        .collect();
    for path in there {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.starts_with(TEMPORARY) {
            old.add_stray(path.clone(), false);
        } else if hashes.contains(&path_hash(path)) {
            old.add_stray(path.clone(), true);
        }
    }
    Ok(are_told)
}

/// All routes in all editions, those of one route beside each other; `there` is what the output
/// holds where the manifest is not believed.
fn sheets(presses: &[Press], old: &Manifest, there: Option<&HashSet<&str>>) -> Vec<Planned> {
    let planned = |(edition, route): (usize, Route)| {
        let press = &presses[edition];
        let path = press.site.path(route);
        let file = old.files.get(&path);
        let last = file.filter(|_| there.is_none());
        let turn = match (file, there) {
            (None, None) => Turn::New,
            (_, Some(there)) if !there.contains(path.as_str()) => Turn::New,
            (Some(file), _) if !file.is_stray() => Turn::Old,
            _ => Turn::Unsure,
        };
        let known = last.is_some_and(|file| {
            // A panic is met again, and named, when the page is made.
            let print = catch_unwind(AssertUnwindSafe(|| press.print(route)));
            print.is_ok_and(|print| print == file.print && print != Fingerprint(0))
        });
        Planned {
            edition,
            route,
            path,
            known,
            turn,
        }
    };
    let site = presses[0].site.site;
    let editions = |route| site.editions_of(route).map(move |edition| (edition, route));
    // The last ones take the longest: months, indexes, feeds, sitemaps. One thread is not to be left
    // alone with them.
    const PIECE: usize = 64;
    let routes = site.routes().into_par_iter().with_max_len(PIECE);
    routes.flat_map_iter(editions).map(planned).collect()
}

/// Whether a file that no route claims stays: the last good page of a source with errors. Where it
/// is not known whose page a file is, it stays as long as there is any such source.
fn stays(site: &Site, old: &Manifest, path: &str) -> bool {
    let Some(file) = old.files.get(path) else {
        return false;
    };
    let lost = file.is_lost() && !site.broken.is_empty();
    lost || file
        .owner
        .as_ref()
        .is_some_and(|owner| site.is_broken(owner))
}

/// Where a file was, there is to be a folder, or the reverse: deletions come last, so such a run
/// can't go file by file.
fn turns_file_into_folder(fresh: &[&Planned], stale: &BTreeSet<String>) -> bool {
    let folders = |path: &str| -> Vec<String> {
        path.match_indices('/')
            .map(|(at, _)| path[..at].to_string())
            .collect()
    };
    let new: HashSet<&str> = fresh.iter().map(|sheet| sheet.path.as_str()).collect();
    let below_old = |sheet: &&Planned| {
        folders(&sheet.path)
            .iter()
            .any(|folder| stale.contains(folder))
    };
    let above_old = |path: &String| {
        folders(path)
            .iter()
            .any(|folder| new.contains(folder.as_str()))
    };
    !stale.is_empty() && (fresh.iter().any(below_old) || stale.iter().any(above_old))
}

/// An output whose manifest is not believed, or that is to be exchanged, is looked at as a whole.
/// What is there and was not written by masthead stays; it is named once, and never written over.
fn look_for_foreign(
    plan: &mut Plan,
    claimed: &HashSet<&str>,
    there: Vec<String>,
    lost: bool,
    out: &mut Vec<Diagnostic>,
) {
    let mut strangers = Vec::new();
    for path in there {
        let own = plan.old.files.contains_key(&path) || [STAMP, PATHS].contains(&path.as_str());
        let is_claimed = claimed.contains(path.as_str());
        // Where nothing says whose files they are, and the stamp says that this is an output of
        // masthead's, a file that a route claims is an older page of it.
        if own || (is_claimed && lost) {
            continue;
        }
        if is_claimed {
            out.push(in_the_way(&path));
            plan.blocked.insert(path);
        } else if plan.foreign.insert(path.clone()) {
            strangers.push(path);
        }
    }
    if !strangers.is_empty() {
        out.push(named_once(&strangers));
    }
}

/// A file of somebody else's where a new page belongs.
fn look_for_obstacles(
    plan: &mut Plan,
    added: &[&String],
    sink: &dyn Sink,
    out: &mut Vec<Diagnostic>,
) -> io::Result<()> {
    for path in added {
        let there = sink.read(path).map_err(at_path(path, "written"))?;
        if there.is_some() {
            out.push(in_the_way(path));
            plan.blocked.insert((*path).clone());
        }
    }
    Ok(())
}

fn in_the_way(path: &str) -> Diagnostic {
    let message =
        format!("`{path}` in the output was not written by masthead, and a page belongs there");
    let diagnostic = Diagnostic::new(Code::ForeignFile, message)
        .help("move it away, or choose another folder with `--output`");
    Diagnostic {
        severity: Severity::Error,
        ..diagnostic
    }
}

fn named_once(paths: &[String]) -> Diagnostic {
    let shown: Vec<String> = paths
        .iter()
        .take(5)
        .map(|path| format!("`{path}`"))
        .collect();
    let more = paths.len().saturating_sub(shown.len());
    let tail = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    let message = format!(
        "the output holds files that masthead did not write; they stay: {}{tail}",
        shown.join(", ")
    );
    Diagnostic::new(Code::ForeignFile, message)
}

//! What is to be done to an output: which routes are new, which stay, what has to go.

use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::Fingerprint;
use crate::press::Press;
use crate::sink::manifest::{Found, Manifest};
use crate::sink::{STAMP, Sink};
use crate::site::Route;
use rayon::prelude::*;
use std::collections::{BTreeSet, HashSet};
use std::io;

/// From this many changes on, and if they are a tenth of all files, a run is staged.
const LARGE: usize = 256;

/// A route, where it goes, and what it is made from.
pub struct Planned {
    /// The route.
    pub route: Route,
    /// Its output path.
    pub path: String,
    /// The fingerprint of its sheet.
    pub print: Fingerprint,
    /// Whether the output already holds the page of this fingerprint.
    pub known: bool,
}

/// What is to be done.
pub struct Plan {
    /// All routes, in the order of publishing.
    pub sheets: Vec<Planned>,
    /// What the last build left; believed or not.
    pub old: Manifest,
    /// Whether `old` is believed.
    pub believed: bool,
    /// Files of masthead's that no route claims any more.
    pub stale: Vec<String>,
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
    press: &Press,
    found: &Found,
    sink: &dyn Sink,
    stamped: bool,
    out: &mut Vec<Diagnostic>,
) -> io::Result<Plan> {
    let old = &found.manifest;
    let planned = |route: Route| {
        let path = press.site.path(route);
        let print = press.sheet(route).print;
        let known = found.believed && old.files.get(&path).is_some_and(|file| file.print == print);
        Planned {
            route,
            path,
            print,
            known,
        }
    };
    let sheets: Vec<Planned> = press.site.routes().into_par_iter().map(planned).collect();
    let claimed: HashSet<&str> = sheets.iter().map(|sheet| sheet.path.as_str()).collect();
    let goes = |path: &&String| !claimed.contains(path.as_str()) && !press.stays(old, path);
    let stale: Vec<String> = old.files.keys().filter(goes).cloned().collect();
    let mut plan = Plan {
        stale,
        old: old.clone(),
        believed: found.believed,
        foreign: old.foreign.clone(),
        nothing: false,
        staged: false,
        blocked: HashSet::new(),
        sheets: Vec::new(),
    };
    let fresh: Vec<&Planned> = sheets.iter().filter(|sheet| !sheet.known).collect();
    let changes = fresh.len() + plan.stale.len();
    plan.nothing = changes == 0;
    plan.staged = changes >= LARGE && changes * 10 >= sheets.len();
    if !found.believed || plan.staged {
        look_for_foreign(&mut plan, &claimed, sink, stamped, out)?;
    } else {
        let added = fresh.into_iter().map(|sheet| &sheet.path);
        let added: Vec<&String> = added
            .filter(|path| !old.files.contains_key(*path))
            .collect();
        look_for_obstacles(&mut plan, &added, sink, out)?;
    }
    plan.sheets = sheets;
    Ok(plan)
}

impl Press<'_> {
    /// Whether a file that no route claims stays: the last good page of a source with errors.
    fn stays(&self, old: &Manifest, path: &str) -> bool {
        let owner = old.files.get(path).and_then(|file| file.owner.as_ref());
        owner.is_some_and(|owner| self.site.broken.contains(owner))
    }
}

/// An output whose manifest is not believed, or that is to be exchanged, is looked at as a whole.
/// What is there and was not written by masthead stays; it is named once, and never written over.
fn look_for_foreign(
    plan: &mut Plan,
    claimed: &HashSet<&str>,
    sink: &dyn Sink,
    stamped: bool,
    out: &mut Vec<Diagnostic>,
) -> io::Result<()> {
    let mut strangers = Vec::new();
    let there = sink.list()?;
    plan.staged |= there.is_empty();
    for path in there {
        let own = plan.old.files.contains_key(&path) || path == STAMP;
        let is_claimed = claimed.contains(path.as_str());
        // Where the manifest is lost and the stamp says that this is an output of masthead's, a
        // file that a route claims is an older page of it.
        let lost = stamped && !plan.believed;
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
    Ok(())
}

/// A file of somebody else's where a new page belongs.
fn look_for_obstacles(
    plan: &mut Plan,
    added: &[&String],
    sink: &dyn Sink,
    out: &mut Vec<Diagnostic>,
) -> io::Result<()> {
    for path in added {
        if sink.read(path)?.is_some() {
            out.push(in_the_way(path));
            plan.blocked.insert((*path).clone());
        }
    }
    Ok(())
}

fn in_the_way(path: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(
        Code::ForeignFile,
        format!("`{path}` in the output was not written by masthead, and a page belongs there"),
    );
    diagnostic.severity = crate::base::diagnostic::Severity::Error;
    diagnostic.help("move it away, or choose another folder with `--output`")
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

//! Publishing a plan: bytes into the sink. In place, the order keeps readers from meeting a link
//! before its page: what is new, what leads there now, deletions, manifest.

use super::plan::{Plan, Planned, Turn};
use super::{Job, Outcome, at_path, in_short};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, of_bytes};
use crate::press::Press;
use crate::sink::manifest::{self, Manifest, Written};
use crate::sink::store::Store;
use crate::sink::{PATHS, STAMP};
use crate::site::route::{Stage, url_of};
use rayon::prelude::*;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};

/// What a build changed, by URL.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct Ledger {
    pub added: Vec<String>,
    pub changed: Vec<String>,
    pub removed: Vec<String>,
    /// Articles whose URL changed: the old one, the new one, and the source.
    pub moved: Vec<(String, String, String)>,
}

/// What became of one route.
enum Done {
    /// Its page stays as it is; the manifest's entry.
    Stays(Option<Written>),
    /// Its bytes are new.
    Wrote(Written),
    /// It was rendered, and its bytes are the old ones.
    Same(Written),
    /// It could not be made.
    Failed(Box<Diagnostic>),
}

/// Carries out a plan.
///
/// # Errors
/// Whatever keeps the output or the store from being written.
pub fn publish(
    job: &Job,
    store: &dyn Store,
    press: &Press,
    plan: Plan,
    outcome: &mut Outcome,
    diagnostics: &mut Vec<Diagnostic>,
) -> io::Result<()> {
    let nothing = plan.nothing;
    let total = plan.sheets.len();
    let mut hashes = Vec::new();
    if !nothing && !job.check {
        hashes = begin(job, store, &plan)?;
    }
    let done = render_all(job, press, &plan, total)?;
    let mut next = Manifest {
        foreign: plan.foreign.clone(),
        ..Manifest::default()
    };
    tally(press, &plan, done, &mut next, outcome, diagnostics);
    remove(job, &plan, &mut next, outcome)?;
    if job.check {
        return Ok(());
    }
    if nothing {
        return save_ledger(store, &outcome.ledger);
    }
    finish(job, store, &hashes, &plan, &next)?;
    save_ledger(store, &outcome.ledger)
}

/// Says which files the run may leave where it is killed, and begins it; gives what the output
/// says of its files now.
fn begin(job: &Job, store: &dyn Store, plan: &Plan) -> io::Result<Vec<u8>> {
    let fresh = plan.sheets.iter().filter(|sheet| !sheet.known);
    // What is not ours must not be taken for ours by the next build.
    let ours = fresh.filter(|sheet| !plan.blocked.contains(&sheet.path));
    let mut paths: Vec<String> = ours.map(|sheet| sheet.path.clone()).collect();
    // What runs before this one left, and what it may not come to remove.
    let strays = plan.old.files.iter().filter(|(_, file)| file.is_stray());
    paths.extend(strays.map(|(path, _)| path.clone()));
    manifest::begin(store, job.output, &paths)?;
    job.sink.begin(plan.staged).map_err(in_short("prepared"))?;
    let old = plan.old.path_hashes();
    let new = plan.old.path_hashes_with(&paths);
    if plan.staged || (plan.believed && old == new) {
        return Ok(old);
    }
    put(job, PATHS, &new)?;
    Ok(new)
}

/// Renders and writes wave by wave; within a wave in parallel.
fn render_all(job: &Job, press: &Press, plan: &Plan, total: usize) -> io::Result<Vec<Done>> {
    let count = AtomicUsize::new(0);
    let mut all = Vec::with_capacity(total);
    for wave in waves(plan) {
        let one = |at: usize| {
            let done = one_route(job, press, plan, &plan.sheets[at]);
            (job.progress)(count.fetch_add(1, Ordering::Relaxed) + 1, total);
            done.map(|done| (at, done))
        };
        let done: io::Result<Vec<(usize, Done)>> = wave.into_par_iter().map(one).collect();
        all.extend(done?);
    }
    // A few runs that are in order already, which a stable sort merges.
    all.sort_by_key(|(at, _)| *at);
    Ok(all.into_iter().map(|(_, done)| done).collect())
}

/// The sheets in the order of writing, by their place in the plan. What is staged is seen by
/// nobody until it is whole, so it has no order; what is known is not written.
fn waves(plan: &Plan) -> Vec<Vec<usize>> {
    let order = |at: &usize| -> (Turn, Stage) {
        let sheet = &plan.sheets[*at];
        match sheet.known || plan.staged {
            true => (Turn::New, Stage::Assets),
            false => (sheet.turn, sheet.route.stage()),
        }
    };
    let mut all: Vec<usize> = (0..plan.sheets.len()).collect();
    all.sort_by_key(order);
    let waves = all.chunk_by(|a, b| order(a) == order(b));
    waves.map(<[usize]>::to_vec).collect()
}

fn one_route(job: &Job, press: &Press, plan: &Plan, planned: &Planned) -> io::Result<Done> {
    let old = plan.old.files.get(&planned.path);
    if planned.known || plan.blocked.contains(&planned.path) {
        keep(job, &planned.path)?;
        return Ok(Done::Stays(old.filter(|_| planned.known).cloned()));
    }
    let (print, bytes) = match rendered(job, press, planned) {
        Ok(made) => made,
        Err(diagnostic) => {
            keep(job, &planned.path)?;
            return Ok(Done::Failed(Box::new(diagnostic)));
        }
    };
    let written = Written {
        print,
        bytes: of_bytes(&bytes),
        owner: press.site.owner(planned.route).map(str::to_string),
    };
    let same = match (plan.believed, old) {
        (true, Some(old)) => old.bytes == written.bytes,
        (true, None) => false,
        (false, _) => there(job, &planned.path)?.is_some_and(|there| there == bytes),
    };
    if same {
        keep(job, &planned.path)?;
        return Ok(Done::Same(written));
    }
    if !job.check {
        put(job, &planned.path, &bytes)?;
    }
    Ok(Done::Wrote(written))
}

fn there(job: &Job, path: &str) -> io::Result<Option<Vec<u8>>> {
    job.sink.read(path).map_err(at_path(path, "read"))
}

fn put(job: &Job, path: &str, bytes: &[u8]) -> io::Result<()> {
    let put = job.sink.put(path, bytes);
    put.map_err(at_path(path, "written"))
}

fn keep(job: &Job, path: &str) -> io::Result<()> {
    if job.check {
        Ok(())
    } else {
        job.sink.keep(path).map_err(at_path(path, "carried over"))
    }
}

/// The fingerprint and the bytes of a route. A panic is our bug: it is caught here, named, and costs one page.
fn rendered(
    job: &Job,
    press: &Press,
    planned: &Planned,
) -> Result<(Fingerprint, Vec<u8>), Diagnostic> {
    let render = || {
        let sheet = press.sheet(planned.route);
        let bytes = press.render(planned.route, &sheet, job.source)?;
        Ok((sheet.print, bytes))
    };
    catch_unwind(AssertUnwindSafe(render)).unwrap_or_else(|panic| {
        let said = panic.downcast_ref::<String>().map(String::as_str);
        let said = said
            .or_else(|| panic.downcast_ref::<&str>().copied())
            .unwrap_or("no message");
        let url = url_of(&planned.path);
        Err(
            Diagnostic::new(Code::Panic, format!("masthead failed at `{url}`: {said}"))
                .help("this is a bug of masthead; please report it, with the source of the page"),
        )
    })
}

fn tally(
    press: &Press,
    plan: &Plan,
    done: Vec<Done>,
    next: &mut Manifest,
    outcome: &mut Outcome,
    diagnostics: &mut Vec<Diagnostic>,
) {
    for (planned, done) in plan.sheets.iter().zip(done) {
        let old = plan.old.files.get(&planned.path);
        let page = usize::from(planned.route.is_page());
        match done {
            Done::Stays(written) => {
                outcome.tally.unchanged += 1;
                next.files
                    .extend(written.map(|written| (planned.path.clone(), written)));
            }
            Done::Same(written) => {
                outcome.tally.rendered += 1;
                outcome.pages_rendered += page;
                outcome.tally.unchanged += 1;
                next.files.insert(planned.path.clone(), written);
            }
            Done::Wrote(written) => {
                outcome.tally.rendered += 1;
                outcome.pages_rendered += page;
                outcome.tally.written += 1;
                let is_new = old.is_none_or(|old| old.bytes.0 == 0);
                let list = if is_new {
                    &mut outcome.ledger.added
                } else {
                    &mut outcome.ledger.changed
                };
                list.push(url_of(&planned.path));
                next.files.insert(planned.path.clone(), written);
            }
            Done::Failed(diagnostic) => {
                diagnostics.push(*diagnostic);
                // The last good page stays, under a fingerprint that will never be met again.
                if let Some(old) = old {
                    let print = Fingerprint(0);
                    next.files.insert(
                        planned.path.clone(),
                        Written {
                            print,
                            ..old.clone()
                        },
                    );
                }
            }
        }
    }
    let kept = plan
        .old
        .files
        .iter()
        .filter(|(path, _)| !next.files.contains_key(*path));
    let kept: BTreeMap<String, Written> = kept
        .filter(|(path, _)| !plan.stale.contains(*path) && !plan.blocked.contains(*path))
        .map(|(path, written)| (path.clone(), written.clone()))
        .collect();
    next.files.extend(kept);
    moved(press, plan, outcome);
}

/// An article that moved took its readers' links with it, unless an alias stands there now.
fn moved(press: &Press, plan: &Plan, outcome: &mut Outcome) {
    let owners: BTreeMap<&str, &Planned> = plan
        .sheets
        .iter()
        .filter(|sheet| {
            matches!(
                sheet.route,
                crate::site::Route::Article(_) | crate::site::Route::Page(_)
            )
        })
        .filter_map(|sheet| Some((press.site.owner(sheet.route)?, sheet)))
        .collect();
    for path in &plan.stale {
        let owner = plan
            .old
            .files
            .get(path)
            .and_then(|file| file.owner.as_deref());
        // An article whose page is where it was lost only an alias, and on purpose.
        let is_new = |now: &&&Planned| !plan.old.files.contains_key(&now.path);
        let now = owner.and_then(|owner| owners.get_key_value(owner));
        if let Some((owner, now)) = now.filter(|(_, now)| is_new(now)) {
            let moved = (url_of(path), url_of(&now.path), (*owner).to_string());
            outcome.ledger.moved.push(moved);
        }
    }
}

fn remove(job: &Job, plan: &Plan, next: &mut Manifest, outcome: &mut Outcome) -> io::Result<()> {
    for path in &plan.stale {
        if !job.check {
            let removed = job.sink.remove(path);
            removed.map_err(at_path(path, "deleted"))?;
        }
        next.files.remove(path);
        // What a killed build may have left was perhaps never there.
        if plan
            .old
            .files
            .get(path)
            .is_some_and(|file| file.bytes.0 != 0)
        {
            outcome.tally.removed += 1;
            outcome.ledger.removed.push(url_of(path));
        }
    }
    // The last good pages of sources with errors, and files of others, go over into a staged run.
    let claimed = plan.sheets.iter().map(|sheet| sheet.path.as_str());
    let claimed: std::collections::HashSet<&str> = claimed.collect();
    for path in next
        .files
        .keys()
        .filter(|path| !claimed.contains(path.as_str()))
    {
        keep(job, path)?;
    }
    plan.foreign.iter().try_for_each(|path| keep(job, path))
}

/// Ends a run; `hashes` is what the output says of its files now.
fn finish(
    job: &Job,
    store: &dyn Store,
    hashes: &[u8],
    plan: &Plan,
    next: &Manifest,
) -> io::Result<()> {
    let stamp = next.stamp();
    let same = plan.believed && plan.old.stamp() == stamp;
    if same {
        keep(job, STAMP)?;
    } else {
        put(job, STAMP, stamp.as_bytes())?;
    }
    let paths = next.path_hashes();
    let said = plan.believed || !plan.staged;
    if said && hashes == paths {
        keep(job, PATHS)?;
    } else {
        put(job, PATHS, &paths)?;
    }
    let finished = job.sink.finish();
    finished.map_err(in_short("put in its place"))?;
    manifest::keep(store, job.output, next)
}

/// Keeps the ledger where whoever sends off what changed finds it.
pub fn save_ledger(store: &dyn Store, ledger: &Ledger) -> io::Result<()> {
    let bytes = serde_json::to_vec_pretty(ledger).map_err(io::Error::other)?;
    store.save("ledger.json", &bytes)
}

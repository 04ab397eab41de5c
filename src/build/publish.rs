//! Publishing a plan: bytes into the sink, in the order that keeps readers from meeting a link
//! before its page: assets, articles, leaves, hubs, feeds, deletions, manifest.

use super::plan::{Plan, Planned};
use super::timings::{Made, Step};
use super::{Job, Outcome};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, of_bytes};
use crate::press::{Press, Sheet};
use crate::sink::manifest::{self, Manifest, Written};
use crate::sink::store::Store;
use crate::sink::{PATHS, STAMP};
use crate::site::route::url_of;
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
    /// Its page stays as it is.
    Stays,
    /// A file of somebody else's stands in its place.
    Blocked,
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
    mut plan: Plan,
    outcome: &mut Outcome,
    diagnostics: &mut Vec<Diagnostic>,
) -> io::Result<()> {
    let nothing = plan.nothing;
    let total = plan.sheets.len();
    if !nothing && !job.check {
        let paths: Vec<String> = plan
            .sheets
            .iter()
            .filter(|sheet| !sheet.known)
            .map(|sheet| sheet.path.clone())
            .collect();
        manifest::begin(store, job.output, &paths)?;
        job.sink.begin(plan.staged)?;
    }
    let done = render_all(job, press, &plan, total)?;
    job.timings.begin(Step::Finishing);
    moved(press, &plan, outcome);
    let mut next = Next::of(&mut plan);
    tally(&plan, done, &mut next, outcome, diagnostics);
    remove(job, &plan, &mut next, outcome)?;
    if job.check {
        return Ok(());
    }
    if nothing {
        return save_ledger(store, &outcome.ledger);
    }
    finish(job, store, &plan, &next, outcome)
}

/// Renders and writes stage by stage; within a stage in parallel.
fn render_all(job: &Job, press: &Press, plan: &Plan, total: usize) -> io::Result<Vec<Done>> {
    let count = AtomicUsize::new(0);
    let mut all = Vec::with_capacity(total);
    for stage in plan
        .sheets
        .chunk_by(|a, b| a.route.stage() == b.route.stage())
    {
        if let Some(first) = stage.first() {
            job.timings.begin(Step::Files(first.route.stage()));
        }
        let one = |planned: &Planned| {
            let done = one_route(job, press, plan, planned);
            (job.progress)(count.fetch_add(1, Ordering::Relaxed) + 1, total);
            done
        };
        let done: io::Result<Vec<Done>> = stage.par_iter().map(one).collect();
        all.extend(done?);
    }
    Ok(all)
}

fn one_route(job: &Job, press: &Press, plan: &Plan, planned: &Planned) -> io::Result<Done> {
    if planned.known || plan.blocked.contains(&planned.path) {
        keep(job, &planned.path)?;
        return Ok(if planned.known {
            Done::Stays
        } else {
            Done::Blocked
        });
    }
    let (made, making) = job.timings.timed(|| rendered(job, press, planned));
    let (sheet, bytes) = match made {
        Ok(made) => made,
        Err(diagnostic) => {
            keep(job, &planned.path)?;
            return Ok(Done::Failed(Box::new(diagnostic)));
        }
    };
    let source = press.site.owner(planned.route);
    let written = Written {
        print: sheet.print,
        bytes: of_bytes(&bytes),
        owner: source.map(str::to_string),
    };
    let (done, writing) = job
        .timings
        .timed(|| write(job, plan, planned, written, &bytes));
    job.timings.file(&Made {
        url: &|| url_of(&planned.path),
        source,
        template: &sheet.template,
        making,
        writing,
    });
    done
}

/// Writes the bytes of a route, unless they are the old ones.
fn write(
    job: &Job,
    plan: &Plan,
    planned: &Planned,
    written: Written,
    bytes: &[u8],
) -> io::Result<Done> {
    let old = plan.old.files.get(&planned.path);
    let same = match (plan.believed, old) {
        _ if plan.empty => false,
        (true, Some(old)) => old.bytes == written.bytes,
        (true, None) => false,
        (false, _) => job
            .sink
            .read(&planned.path)?
            .is_some_and(|there| there == bytes),
    };
    if same {
        keep(job, &planned.path)?;
        return Ok(Done::Same(written));
    }
    if !job.check {
        job.sink.put(&planned.path, bytes)?;
    }
    Ok(Done::Wrote(written))
}

fn keep(job: &Job, path: &str) -> io::Result<()> {
    if job.check {
        Ok(())
    } else {
        job.sink.keep(path)
    }
}

/// The sheet and the bytes of a route. A panic is our bug: it is caught here, named, and costs one page.
fn rendered<'a>(
    job: &Job,
    press: &Press<'a>,
    planned: &Planned,
) -> Result<(Sheet<'a>, Vec<u8>), Diagnostic> {
    let render = || {
        let sheet = press.sheet(planned.route);
        let bytes = press.render(planned.route, &sheet, job.source)?;
        Ok((sheet, bytes))
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

/// The manifest of this build, made of the last one's.
struct Next {
    manifest: Manifest,
    /// Whether its paths are the last one's.
    same_paths: bool,
}

impl Next {
    fn of(plan: &mut Plan) -> Next {
        Next {
            manifest: Manifest {
                files: std::mem::take(&mut plan.old.files),
                foreign: plan.foreign.clone(),
            },
            same_paths: true,
        }
    }

    /// Enters files, and gives back what was known of each before.
    fn enter(&mut self, written: Vec<(&Planned, Written)>) -> Vec<Option<Written>> {
        let files = &mut self.manifest.files;
        let entries = written
            .into_iter()
            .map(|(planned, written)| (planned.path.clone(), written));
        if files.is_empty() {
            // From all at once a map is made much faster than one by one.
            *files = entries.collect();
            self.same_paths = files.is_empty();
            return vec![None; files.len()];
        }
        let old: Vec<Option<Written>> = entries
            .map(|(path, written)| files.insert(path, written))
            .collect();
        self.same_paths &= old.iter().all(Option::is_some);
        old
    }

    fn remove(&mut self, path: &str) -> Option<Written> {
        let gone = self.manifest.files.remove(path);
        self.same_paths &= gone.is_none();
        gone
    }
}

fn tally(
    plan: &Plan,
    done: Vec<Done>,
    next: &mut Next,
    outcome: &mut Outcome,
    diagnostics: &mut Vec<Diagnostic>,
) {
    let (mut wrote, mut same) = (Vec::new(), Vec::new());
    for (planned, done) in plan.sheets.iter().zip(done) {
        match done {
            Done::Stays => outcome.tally.unchanged += 1,
            Done::Blocked => {
                outcome.tally.unchanged += 1;
                next.remove(&planned.path);
            }
            Done::Same(written) => same.push((planned, written)),
            Done::Wrote(written) => wrote.push((planned, written)),
            Done::Failed(diagnostic) => {
                diagnostics.push(*diagnostic);
                // The last good page stays, under a fingerprint that will never be met again.
                if let Some(file) = next.manifest.files.get_mut(&planned.path) {
                    file.print = Fingerprint(0);
                }
            }
        }
    }
    let rendered = wrote.iter().chain(&same);
    outcome.tally.rendered += wrote.len() + same.len();
    outcome.pages_rendered += rendered.filter(|(one, _)| one.route.is_page()).count();
    outcome.tally.written += wrote.len();
    outcome.tally.unchanged += same.len();
    let urls: Vec<String> = wrote.iter().map(|(one, _)| url_of(&one.path)).collect();
    for (url, old) in urls.into_iter().zip(next.enter(wrote)) {
        match old {
            Some(old) if old.bytes.0 != 0 => outcome.ledger.changed.push(url),
            _ => outcome.ledger.added.push(url),
        }
    }
    next.enter(same);
}

/// An article that moved took its readers' links with it, unless an alias stands there now.
fn moved(press: &Press, plan: &Plan, outcome: &mut Outcome) {
    if plan.stale.is_empty() {
        return;
    }
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

fn remove(job: &Job, plan: &Plan, next: &mut Next, outcome: &mut Outcome) -> io::Result<()> {
    for path in &plan.stale {
        if !job.check {
            job.sink.remove(path)?;
        }
        // What a killed build may have left was perhaps never there.
        if next.remove(path).is_some_and(|file| file.bytes.0 != 0) {
            outcome.tally.removed += 1;
            outcome.ledger.removed.push(url_of(path));
        }
    }
    if !plan.staged {
        return Ok(());
    }
    // The last good pages of sources with errors, and files of others, go over into a staged run.
    let claimed = plan.sheets.iter().map(|sheet| sheet.path.as_str());
    let claimed: std::collections::HashSet<&str> = claimed.collect();
    let files = next.manifest.files.keys();
    for path in files.filter(|path| !claimed.contains(path.as_str())) {
        keep(job, path)?;
    }
    plan.foreign.iter().try_for_each(|path| keep(job, path))
}

fn finish(
    job: &Job,
    store: &dyn Store,
    plan: &Plan,
    next: &Next,
    outcome: &Outcome,
) -> io::Result<()> {
    let stamp = next.manifest.stamp();
    if plan.believed && plan.stamp == stamp {
        job.sink.keep(STAMP)?;
    } else {
        job.sink.put(STAMP, stamp.as_bytes())?;
    }
    if plan.believed && next.same_paths {
        job.sink.keep(PATHS)?;
    } else {
        job.sink.put(PATHS, &next.manifest.path_hashes())?;
    }
    job.sink.finish()?;
    manifest::keep(store, job.output, &next.manifest)?;
    save_ledger(store, &outcome.ledger)
}

/// Keeps the ledger where whoever sends off what changed finds it.
pub fn save_ledger(store: &dyn Store, ledger: &Ledger) -> io::Result<()> {
    let bytes = serde_json::to_vec_pretty(ledger).map_err(io::Error::other)?;
    store.save("ledger.json", &bytes)
}

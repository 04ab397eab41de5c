//! Publishing a plan: bytes into the sink. In place, the order keeps readers from meeting a link
//! before its page: what is new, what leads there now, deletions, manifest.

use super::plan::{Plan, Planned, Turn};
use super::timings::{Made, Step};
use super::{Job, Outcome, at_path, in_short};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, of_bytes};
use crate::press::search::{self, Left};
use crate::press::{self, Press, Sheet};
use crate::sink::manifest::{self, Manifest, Written};
use crate::sink::store::Store;
use crate::sink::{PATHS, STAMP};
use crate::site::route::{Stage, url_of};
use crate::site::search::{Find, TABLE};
use crate::site::{Route, Site};
use foldhash::{HashMap, HashSet};
use rayon::prelude::*;
use serde::Serialize;
use std::cell::OnceCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// A segment of the search's index is made from its old files if not more than one article in so
/// many has changed.
const FEW: usize = 8;

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
    presses: &[Press],
    mut plan: Plan,
    outcome: &mut Outcome,
    diagnostics: &mut Vec<Diagnostic>,
) -> io::Result<()> {
    let nothing = plan.nothing;
    let total = plan.sheets.len();
    let mut hashes = None;
    if !nothing && !job.check {
        hashes = begin(job, store, &plan)?;
    }
    let done = render_all(job, presses, &plan, total)?;
    job.timings.begin(Step::Finishing);
    moved(presses[0].site.site, &plan, outcome);
    let mut next = Next::of(&mut plan);
    tally(&plan, done, &mut next, outcome, diagnostics);
    remove(job, &plan, &mut next, outcome)?;
    if job.check {
        return Ok(());
    }
    if nothing {
        return save_ledger(store, &outcome.ledger);
    }
    finish(job, store, hashes, &plan, &next)?;
    save_ledger(store, &outcome.ledger)
}

/// Says which files the run may leave where it is killed, and begins it; gives what the output
/// says of its files now, where that is not what the manifest says.
fn begin(job: &Job, store: &dyn Store, plan: &Plan) -> io::Result<Option<Vec<u8>>> {
    let fresh = plan.sheets.iter().filter(|sheet| !sheet.known);
    // What is not ours must not be taken for ours by the next build.
    let ours = fresh.filter(|sheet| !plan.blocked.contains(&sheet.path));
    let mut paths: Vec<String> = ours.map(|sheet| sheet.path.clone()).collect();
    // What runs before this one left, and what it may not come to remove.
    let strays = plan.old.files.iter().filter(|(_, file)| file.is_stray());
    paths.extend(strays.map(|(path, _)| path.clone()));
    manifest::begin(store, job.output, &paths)?;
    job.sink.begin(plan.staged).map_err(in_short("prepared"))?;
    let files = &plan.old.files;
    let adds = paths.iter().any(|path| !files.contains_key(path));
    if plan.staged || (plan.believed && !adds) {
        return Ok(None);
    }
    let hashes = plan.old.path_hashes_with(&paths);
    put(job, PATHS, &hashes)?;
    Ok(Some(hashes))
}

/// Renders and writes wave by wave; within a wave in parallel.
fn render_all(job: &Job, presses: &[Press], plan: &Plan, total: usize) -> io::Result<Vec<Done>> {
    let all: Vec<Done> = plan.sheets.iter().map(|_| Done::Stays).collect();
    let all = Mutex::new(all);
    let waves = waves(plan, presses[0].site.site);
    let count = AtomicUsize::new(total - waves.iter().map(Vec::len).sum::<usize>());
    let mut begun = None;
    let indexed = indexed(plan, presses[0].site.site);
    for wave in waves {
        let step = step(plan, &wave);
        if step != begun {
            step.iter().for_each(|step| job.timings.begin(*step));
            begun = step;
        }
        let segment = segment_of(plan, &wave);
        if let Some(segment) = segment {
            let changed = indexed.get(&segment);
            let left = changed.and_then(|changed| left(job, presses, plan, segment, changed));
            presses[0].open_segment(segment, job.source, left.as_ref());
        }
        // Pages and texts of an article, in all editions, have its body in common.
        let routes = wave.chunk_by(|a, b| share_a_body(&plan.sheets[*a], &plan.sheets[*b]));
        let routes: Vec<&[usize]> = routes.collect();
        let one = |sheets: &&[usize]| {
            let bodies = Bodies::of(plan, sheets);
            let done = sheets.iter().map(|at| {
                let done = one_file(job, presses, plan, &plan.sheets[*at], &bodies);
                (job.progress)(count.fetch_add(1, Ordering::Relaxed) + 1, total);
                done.map(|done| (*at, done))
            });
            let done = done.collect::<io::Result<Vec<(usize, Done)>>>()?;
            let article = plan.sheets[sheets[0]].route.article();
            let segment = article.and_then(|n| presses[0].site.segment_of(n));
            if let (Some(n), Some(true)) = (article, segment.map(|at| indexed.contains_key(&at))) {
                bodies.note_texts(presses, n);
            }
            let mut all = all.lock().unwrap_or_else(PoisonError::into_inner);
            done.into_iter().for_each(|(at, done)| all[at] = done);
            Ok(())
        };
        in_order(&routes, one)?;
        if segment.is_some() {
            presses[0].close_segments();
        }
    }
    presses[0].close_drafts();
    Ok(all.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// Does something with each of some pages, in their order: all threads are at work in one place of
/// it, so that the pages that they make show the same cards. Given a half each, they would make and
/// keep two lots of cards.
fn in_order(
    pages: &[&[usize]],
    one: impl Fn(&&[usize]) -> io::Result<()> + Sync,
) -> io::Result<()> {
    /// Enough that who takes the next piece seldom waits for another to take his.
    const PIECE: usize = 16;
    let shares = rayon::current_num_threads() * PIECE;
    let pieces = pages.chunks((pages.len() / shares).clamp(1, PIECE));
    pieces
        .par_bridge()
        .try_for_each(|pages| pages.iter().try_for_each(&one))
}

/// The stage of a wave.
fn step(plan: &Plan, wave: &[usize]) -> Option<Step> {
    let stage = plan.sheets[*wave.first()?].route.stage();
    Some(match stage {
        Stage::Assets => Step::Files(stage),
        _ if plan.staged => Step::Pages,
        stage => Step::Files(stage),
    })
}

/// The segment of the search's index whose files a wave makes.
fn segment_of(plan: &Plan, wave: &[usize]) -> Option<u32> {
    let first = &plan.sheets[*wave.first()?];
    first.route.segment().filter(|_| !first.known)
}

/// The segments of the search's index that are to be made, and which of their articles are new
/// to it.
fn indexed(plan: &Plan, site: &Site) -> HashMap<u32, BTreeSet<u32>> {
    let fresh = || plan.sheets.iter().filter(|sheet| !sheet.known);
    let segments = fresh().filter_map(|sheet| sheet.route.segment());
    let mut indexed: HashMap<u32, BTreeSet<u32>> =
        segments.map(|segment| (segment, BTreeSet::new())).collect();
    for sheet in fresh() {
        if let Route::Search(Find::Text(n)) = sheet.route
            && let Some(changed) = site.segment_of(n).and_then(|at| indexed.get_mut(&at))
        {
            changed.insert(n);
        }
    }
    indexed
}

/// What the last build left of a segment, if all of it is there and most of its articles are as
/// they were.
fn left(
    job: &Job,
    presses: &[Press],
    plan: &Plan,
    segment: u32,
    changed: &BTreeSet<u32>,
) -> Option<Left> {
    let site = presses[0].site;
    let articles = site.segments()[segment as usize].articles.len();
    if !plan.believed || changed.len() * FEW > articles {
        return None;
    }
    let first = site.path(Route::Search(Find::Pack(segment, 0)));
    let folder = first.strip_suffix("0.bin")?;
    let files = plan.old.files.range(folder.to_string()..);
    let files = files.take_while(|(path, _)| path.starts_with(folder));
    let number = |path: &str| {
        path[folder.len()..]
            .strip_suffix(".bin")?
            .parse::<u32>()
            .ok()
    };
    let packs = files.filter_map(|(path, file)| Some((number(path)?, (path, file))));
    let packs: BTreeMap<u32, (&String, &Written)> = packs.collect();
    let print = packs.first_key_value()?.1.1.print;
    let table = (packs.len() as u32 - 1) / TABLE;
    let table = job
        .sink
        .read(&format!("{folder}table-{table}.bin"))
        .ok()??;
    if search::tokens(&table) != (packs.len() - 1) % TABLE as usize + 1 {
        return None;
    }
    let mut bytes = Vec::with_capacity(packs.len());
    for (at, (number, (path, file))) in packs.into_iter().enumerate() {
        // One that could not be made, or that a stranger's file stands for, is missing.
        if number as usize != at || file.print != print || print == Fingerprint(0) {
            return None;
        }
        let there = job.sink.read(path).ok()??;
        bytes.push(Some(there).filter(|there| of_bytes(there) == file.bytes)?);
    }
    Some(Left {
        packs: bytes,
        changed: changed.clone(),
    })
}

/// Whether two sheets show the same body.
fn share_a_body(a: &Planned, b: &Planned) -> bool {
    a.route == b.route || (a.route.article().is_some() && a.route.article() == b.route.article())
}

/// The sheets in the order of writing, by their place in the plan. What is staged is seen by
/// nobody until it is whole, so it is new throughout: its articles, lists and feeds come by the
/// newest article that they show, those of a segment of the search's index right before its files.
/// What is known is not written. Pictures that are to be made take longest and come first.
fn waves(plan: &Plan, site: &Site) -> Vec<Vec<usize>> {
    type Wave = (Turn, Stage, Option<(u32, bool)>);
    // One width of each picture comes first, so that each thread decodes one of its own.
    let place = |route| match route {
        Route::Picture(n, width) => {
            let widths = &site.pictures.all[n as usize].widths;
            widths.iter().position(|own| *own == width).unwrap_or(0)
        }
        _ => usize::MAX,
    };
    let order = |at: &usize| -> (Wave, usize, Option<u32>) {
        let sheet = &plan.sheets[*at];
        let (stage, article) = (sheet.route.stage(), newest(site, sheet.route));
        let segment = sheet.route.segment();
        let files = segment.map(|segment| (segment, true));
        let wave = match segment {
            _ if sheet.known => (Turn::New, Stage::Assets, None),
            Some(_) if plan.staged => (Turn::New, Stage::Articles, files),
            // They are new to who has not asked for the newest list of them.
            Some(_) => (Turn::New, stage, files),
            None if plan.staged && stage != Stage::Assets => {
                let segment = article.and_then(|n| site.segment_of(n));
                (
                    Turn::New,
                    Stage::Articles,
                    segment.map(|segment| (segment, false)),
                )
            }
            None => (sheet.turn, stage, None),
        };
        (wave, place(sheet.route), article)
    };
    // In place, what stays is not touched.
    let is_done = |at: &usize| plan.staged || !plan.sheets[*at].known;
    let all = (0..plan.sheets.len()).filter(is_done);
    let mut all: Vec<_> = all.map(|at| (order(&at), at)).collect();
    all.sort_by_key(|(order, _)| *order);
    let waves = all.chunk_by(|(a, _), (b, _)| a.0 == b.0);
    let places = |wave: &[(_, usize)]| wave.iter().map(|(_, at)| *at).collect();
    waves.map(places).collect()
}

/// The newest article on a page. Pages that are made in this order show the same cards at nearly
/// the same time, so that few of them are made twice.
fn newest(site: &Site, route: Route) -> Option<u32> {
    match route {
        Route::Leaf(list, number) => {
            let end = site.cut(list).leaf(number).end as usize;
            site.members(list).get(end.checked_sub(1)?).copied()
        }
        Route::Hub(list) | Route::Feed(list, _) => site.members(list).last().copied(),
        Route::Day(date) => {
            let (_, articles) = site.days_between(date, date).last()?;
            articles.end.checked_sub(1)
        }
        route => route.article(),
    }
}

/// A body in the editions that are to be made, from one reading of its source.
struct Bodies {
    editions: Vec<usize>,
    html: OnceCell<Result<Vec<String>, Diagnostic>>,
    /// What the search has of it.
    texts: OnceCell<Vec<String>>,
}

impl Bodies {
    fn of(plan: &Plan, sheets: &[usize]) -> Bodies {
        let sheets = sheets.iter().map(|at| &plan.sheets[*at]);
        let fresh = sheets.filter(|sheet| !sheet.known);
        let mut editions: Vec<usize> = fresh.map(|sheet| sheet.edition).collect();
        editions.sort_unstable();
        editions.dedup();
        Bodies {
            editions,
            html: OnceCell::new(),
            texts: OnceCell::new(),
        }
    }

    /// The body of a page, or its text for the search; none where its route has none.
    fn body(
        &self,
        job: &Job,
        presses: &[Press],
        page: &Planned,
    ) -> Result<Option<&str>, Diagnostic> {
        if !presses[page.edition].has_body(page.route) {
            return Ok(None);
        }
        let make = || {
            let editions = self.editions.iter().map(|one| presses[*one].site);
            let editions: Vec<_> = editions.collect();
            let galleys = presses[page.edition].galleys;
            let shown = press::Shown::OnPage;
            press::bodies(&editions, page.route, job.source, galleys, shown)
        };
        let html = self.html.get_or_init(make).as_ref().map_err(Clone::clone)?;
        let all = match page.route {
            Route::Search(_) => self.texts(html),
            _ => html,
        };
        let at = self.editions.iter().position(|one| *one == page.edition);
        Ok(at.and_then(|at| all.get(at)).map(String::as_str))
    }

    fn texts(&self, html: &[String]) -> &[String] {
        let make = || html.iter().map(|html| search::text(html)).collect();
        self.texts.get_or_init(make)
    }

    /// Hands the texts of an article to the search, if they were made for all editions.
    fn note_texts(mut self, presses: &[Press], n: u32) {
        if self.editions.len() < presses.len() || !presses[0].has_body(Route::Search(Find::Text(n)))
        {
            return;
        }
        if let Some(Ok(html)) = self.html.take() {
            self.texts(&html);
            presses[0].note_texts(n, self.texts.take().unwrap_or_default());
        }
    }
}

fn one_file(
    job: &Job,
    presses: &[Press],
    plan: &Plan,
    planned: &Planned,
    bodies: &Bodies,
) -> io::Result<Done> {
    if planned.known || plan.blocked.contains(&planned.path) {
        keep(job, &planned.path)?;
        return Ok(if planned.known {
            Done::Stays
        } else {
            Done::Blocked
        });
    }
    if job.check && presses[planned.edition].is_decoded(planned.route) {
        return Ok(Done::Stays);
    }
    let (made, making) = job
        .timings
        .timed(|| rendered(job, presses, planned, bodies));
    let (sheet, bytes) = match made {
        Ok(made) => made,
        Err(diagnostic) => {
            keep(job, &planned.path)?;
            return Ok(Done::Failed(Box::new(diagnostic)));
        }
    };
    let source = presses[planned.edition].site.site.owner(planned.route);
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
        (true, Some(old)) => old.bytes == written.bytes,
        (true, None) => false,
        (false, _) if planned.turn == Turn::New => false,
        (false, _) => there(job, &planned.path)?.is_some_and(|there| there == bytes),
    };
    if same {
        keep(job, &planned.path)?;
        return Ok(Done::Same(written));
    }
    if !job.check {
        put(job, &planned.path, bytes)?;
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

/// The sheet and the bytes of a route. A panic is our bug: it is caught here, named, and costs one page.
fn rendered<'a>(
    job: &Job,
    presses: &[Press<'a>],
    planned: &Planned,
    bodies: &Bodies,
) -> Result<(Sheet<'a>, Vec<u8>), Diagnostic> {
    let render = || {
        let press = &presses[planned.edition];
        let sheet = press.sheet(planned.route);
        let body = bodies.body(job, presses, planned)?;
        let bytes = press.render_with(planned.route, &sheet, job.source, body)?;
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
                // What keeps a segment of the search's index from being made is said once.
                if diagnostics.last() != Some(&*diagnostic) {
                    diagnostics.push(*diagnostic);
                }
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
fn moved(site: &Site, plan: &Plan, outcome: &mut Outcome) {
    if plan.stale.is_empty() {
        return;
    }
    let owners: BTreeMap<&str, &Planned> = plan
        .sheets
        .iter()
        .filter(|sheet| sheet.edition == 0)
        .filter(|sheet| matches!(sheet.route, Route::Article(_) | Route::Page(_)))
        .filter_map(|sheet| Some((site.owner(sheet.route)?, sheet)))
        .collect();
    // An alias leads on in all editions, and nobody has links to other files of an article.
    let is_page = |path: &&String| path.ends_with(".html") && site.edition_of(&url_of(path)) == 0;
    for path in plan.stale.iter().filter(is_page) {
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
            let removed = job.sink.remove(path);
            removed.map_err(at_path(path, "deleted"))?;
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
    let claimed: HashSet<&str> = claimed.collect();
    let files = next.manifest.files.keys();
    for path in files.filter(|path| !claimed.contains(path.as_str())) {
        keep(job, path)?;
    }
    plan.foreign.iter().try_for_each(|path| keep(job, path))
}

/// Ends a run; `hashes` is what [`begin`] gave.
fn finish(
    job: &Job,
    store: &dyn Store,
    hashes: Option<Vec<u8>>,
    plan: &Plan,
    next: &Next,
) -> io::Result<()> {
    let stamp = next.manifest.stamp();
    if plan.believed && plan.stamp == stamp {
        keep(job, STAMP)?;
    } else {
        put(job, STAMP, stamp.as_bytes())?;
    }
    if plan.believed && next.same_paths && hashes.is_none() {
        keep(job, PATHS)?;
    } else {
        let paths = next.manifest.path_hashes();
        match hashes {
            Some(said) if said == paths => keep(job, PATHS)?,
            _ => put(job, PATHS, &paths)?,
        }
    }
    let finished = job.sink.finish();
    finished.map_err(in_short("put in its place"))?;
    manifest::keep(store, job.output, &next.manifest)
}

/// Keeps the ledger where whoever sends off what changed finds it.
pub fn save_ledger(store: &dyn Store, ledger: &Ledger) -> io::Result<()> {
    let bytes = serde_json::to_vec_pretty(ledger).map_err(io::Error::other)?;
    store.save("ledger.json", &bytes)
}

//! Layer 5: the build: renders the routes whose fingerprint is new, and publishes them.
//!
//! The walk: list → facts → site → sheets → plan → bytes → sink → manifest. A run reports
//! everything that is wrong, builds everything else, and leaves the last good page where one
//! can't be made.

mod gather;
mod last;
mod plan;
mod publish;
pub mod scripts;
pub mod tags;
pub mod timings;

pub use gather::{
    Gathered, Input, Opened, Settings, attachments, gather, open, pictures, settings, theme,
};
pub use publish::Ledger;

use crate::base::date::{Moment, rfc3339};
use crate::base::diagnostic::{self, Code, Diagnostic, Severity};
use crate::base::text::encoding::decode;
use crate::facts::galley::Galleys;
use crate::press::{self, Press};
use crate::sink::manifest;
use crate::sink::store::{ReadOnly, Store};
use crate::sink::{STAMP, Sink};
use crate::site::Site;
use crate::source::Source;
use foldhash::{HashMap, HashMapExt, HashSet};
use serde::{Deserialize, Serialize};
use std::io::ErrorKind;
use timings::{Step, Timings};

/// The program that renders: its version and a hash of its sources.
pub const ENGINE: &str = concat!(env!("CARGO_PKG_VERSION"), "+", env!("MASTHEAD_ENGINE"));

/// What a build is to do.
pub struct Job<'a> {
    /// Where the site comes from.
    pub source: &'a dyn Source,
    /// Where the portal goes.
    pub sink: &'a dyn Sink,
    /// What is remembered between runs.
    pub store: &'a dyn Store,
    /// A name of the output, for what is remembered of it.
    pub output: &'a str,
    /// The moment of the build.
    pub now: Moment,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// Stands in for `base_url` of masthead.yaml.
    pub base_url: Option<&'a str>,
    /// Only looks: nothing is written.
    pub check: bool,
    /// Told how far the work is: pages done, of how many.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
    /// Told where the time goes.
    pub timings: &'a Timings<'a>,
}

/// The figures of a build.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Tally {
    /// Articles in the portal.
    pub articles: usize,
    /// Files of the portal.
    pub routes: usize,
    /// Sources that were parsed.
    pub parsed: usize,
    /// Files that were rendered or copied anew.
    pub rendered: usize,
    /// Files that were written, because their bytes are new.
    pub written: usize,
    /// Files that were deleted.
    pub removed: usize,
    /// Files that stayed as they were.
    pub unchanged: usize,
    pub warnings: usize,
    pub errors: usize,
    pub seconds: f64,
    /// When the next embargo or expiry is due, as RFC 3339.
    pub next_event: Option<String>,
}

/// What a build did, and what it has to say.
#[derive(Debug, Default)]
pub struct Outcome {
    /// The figures.
    pub tally: Tally,
    /// Everything that is wrong, in the order of a report.
    pub diagnostics: Vec<Diagnostic>,
    /// What changed in the portal.
    pub ledger: Ledger,
    /// Set where configuration, data or theme keep the whole from being built: nothing was written.
    pub halted: bool,
    /// Of what was rendered: pages of HTML.
    pub pages_rendered: usize,
    /// Pictures that were decoded.
    pub pictures_decoded: usize,
    /// How many social cards were drawn.
    pub cards_drawn: usize,
    /// Pixels that were decoded at the same time, at most.
    pub most_pixels: u64,
}

impl<'a> Job<'a> {
    /// What the site is made from.
    pub fn input(&self) -> Input<'a> {
        Input {
            source: self.source,
            now: self.now,
            drafts: self.drafts,
            base_url: self.base_url,
        }
    }
}

/// Builds a site, or looks what building it would say.
pub fn build(job: &Job) -> Outcome {
    run(job).0
}

/// The same where the process ends with the build: what it held of a large site is not given back
/// piece by piece, which takes as long as a tenth of a small rebuild.
pub fn build_and_end(job: &Job) -> Outcome {
    let (outcome, site) = run(job);
    std::mem::forget(site);
    outcome
}

fn run(job: &Job) -> (Outcome, Option<Site>) {
    let read_only = ReadOnly(job.store);
    let store: &dyn Store = if job.check { &read_only } else { job.store };
    let input = job.input();
    job.timings.begin(Step::Listing);
    let listing = job.source.list();
    job.timings.begin(Step::Comparing);
    let inputs = last::inputs(job, &listing).filter(|_| !job.check);
    let mut noted = Vec::new();
    let nothing = inputs.and_then(|inputs| last::nothing_to_do(job, store, inputs, &mut noted));
    if let Some(outcome) = nothing {
        return (outcome, None);
    }
    let found = || {
        let stamp = job.sink.read(STAMP).map_err(at_path(STAMP, "read"))?;
        let found = manifest::find(store, job.output, stamp.as_deref());
        Ok((found, stamp.is_some()))
    };
    let left = || {
        let mut said = Vec::new();
        let recall = last::recall(store, &mut said);
        (found(), recall, said)
    };
    let galleys = store.scratch().map_or(Galleys::NONE, Galleys::on);
    let (gathered, (found, recall, mut damaged)) =
        gather::gather_listed(&input, store, listing, &galleys, job.timings, left);
    let Gathered {
        mut site,
        theme,
        parsed,
        mut diagnostics,
    } = gathered;
    diagnostics.append(&mut noted);
    diagnostics.append(&mut damaged);
    let mut outcome = Outcome::default();
    outcome.tally.parsed = parsed;
    outcome.tally.articles = site.articles.len();
    outcome.tally.next_event = site.due.event.0.map(|at| rfc3339(at, &site.config.zone));
    job.timings.begin(Step::Settling);
    let shows = |theme| press::shows_related(&site, theme);
    let shown = theme.as_ref().ok().is_none_or(shows);
    let kinship = shown.then(|| last::kinship(store, &mut diagnostics));
    site.settle(kinship, recall);
    diagnostics.extend(site.diagnostics());
    if diagnostics.iter().any(is_about_the_whole) {
        // With defaults in the place of what is wrong, every URL might change.
        outcome.halted = true;
        finish(&mut outcome, diagnostics, job.source);
        return (outcome, Some(site));
    }
    job.timings.begin(Step::Planning);
    match theme {
        Ok(mut theme) => {
            let common = press::common(&mut site, &mut theme, ENGINE);
            let bench = press::pictures::Bench::default();
            let darkroom = press::pictures::Darkroom {
                bench: &bench,
                store,
            };
            let presses = press::all(&site, &theme, &common).into_iter();
            let presses: Vec<Press> = presses
                .map(|press| press.with_darkroom(Some(darkroom)).with_galleys(&galleys))
                .collect();
            // What can't be remembered costs the next build its time, and no more.
            let remember = || match job.check {
                true => Ok(()),
                false => last::keep_recall(store, &site),
            };
            let look = || {
                let templates = presses[0].unknown_templates().into_iter();
                let templates = templates.chain(press::cards::lacking(&site));
                let all = templates.chain(presses[0].unknown_variables());
                all.collect::<Vec<Diagnostic>>()
            };
            let (said, _) = rayon::join(look, remember);
            diagnostics.extend(said);
            if let Err(error) = print(job, store, &presses, found, &mut outcome, &mut diagnostics) {
                job.sink.abandon();
                diagnostics.push(unfinished(&error));
            }
            outcome.pictures_decoded = bench.decoded();
            outcome.most_pixels = bench.most_pixels();
            outcome.cards_drawn = bench.drawn();
            let moved = !(outcome.ledger.added.is_empty() && outcome.ledger.removed.is_empty());
            if moved {
                press::pictures::sweep(store, &site.pictures.all);
            }
            if moved || bench.drawn() > 0 {
                press::cards::sweep(store, &site);
            }
        }
        Err(complaints) => {
            outcome.halted = true;
            diagnostics.extend(complaints);
        }
    }
    finish(&mut outcome, diagnostics, job.source);
    // What can't be remembered costs the next build its time, and no more.
    if !job.check {
        let _ = last::keep_kinship(store, &site);
        let _ = last::remember(job, store, inputs, &site, &outcome);
    }
    (outcome, Some(site))
}

/// Whether an error is in what every page depends on.
pub fn is_about_the_whole(diagnostic: &Diagnostic) -> bool {
    let file = diagnostic
        .place
        .as_ref()
        .map_or("", |place| place.file.as_str());
    let inside = |folder| file.split('/').next() == Some(folder);
    let whole = file == crate::source::CONFIG || inside("data") || inside("templates");
    whole && diagnostic.severity == Severity::Error
}

/// A run that came to a halt: which file, why, and what to do about it.
fn unfinished(error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::Unreadable, error.to_string())
        .note("readers meet each page as it was or as it is to be; the next build does the rest")
        .help(remedy(error.kind()))
}

/// What to do where something can't be written.
pub fn remedy(kind: ErrorKind) -> &'static str {
    match kind {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
            "make room on the disk and build again; a large change needs room for a second output"
        }
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "make it writable, or choose another folder with `--output`, and build again"
        }
        ErrorKind::IsADirectory
        | ErrorKind::NotADirectory
        | ErrorKind::AlreadyExists
        | ErrorKind::DirectoryNotEmpty => {
            "a file lies where a folder belongs, or a folder where a file does: move it away and build again"
        }
        _ => "build again when the cause is gone",
    }
}

/// An error of the output that names the file.
fn at_path<'a>(path: &'a str, what: &'a str) -> impl FnOnce(std::io::Error) -> std::io::Error + 'a {
    move |error| {
        let message = format!("`{path}` in the output can't be {what}: {error}");
        std::io::Error::new(error.kind(), message)
    }
}

/// An error of the output as a whole.
fn in_short(what: &str) -> impl FnOnce(std::io::Error) -> std::io::Error + '_ {
    move |error| std::io::Error::new(error.kind(), format!("the output can't be {what}: {error}"))
}

fn print(
    job: &Job,
    store: &dyn Store,
    presses: &[Press],
    found: std::io::Result<(manifest::Found, bool)>,
    outcome: &mut Outcome,
    diagnostics: &mut Vec<Diagnostic>,
) -> std::io::Result<()> {
    let (found, stamped) = found?;
    if found.damaged {
        let message =
            "the manifest is damaged or of another version; the whole output is looked at";
        diagnostics.push(Diagnostic::new(Code::Cache, message));
    }
    let plan = plan::plan(presses, found, job.sink, stamped, diagnostics)?;
    outcome.tally.routes = plan.sheets.len();
    publish::publish(job, store, presses, plan, outcome, diagnostics)
}

/// Puts the report in order and counts.
fn finish(outcome: &mut Outcome, mut diagnostics: Vec<Diagnostic>, source: &dyn Source) {
    in_order(&mut diagnostics, source);
    outcome.tally.warnings = diagnostic::count(&diagnostics, Severity::Warning);
    outcome.tally.errors = diagnostic::count(&diagnostics, Severity::Error);
    outcome.diagnostics = diagnostics;
}

/// Puts a report in order, and draws the excerpts that are still to be drawn.
pub fn in_order(diagnostics: &mut Vec<Diagnostic>, source: &dyn Source) {
    let mut drawn: HashMap<String, u32> = HashMap::new();
    for diagnostic in diagnostics.iter_mut() {
        draw(diagnostic, source, &mut drawn);
    }
    told_once(diagnostics);
    diagnostic::sort(diagnostics);
}

/// A variable that a page has met in vain is an error, and no warning beside it.
fn told_once(diagnostics: &mut Vec<Diagnostic>) {
    let at = |one: &Diagnostic| {
        let place = one.place.as_ref()?;
        Some((place.file.clone(), place.line, place.column))
    };
    let errors = diagnostics.iter().filter(|one| one.code == Code::Template);
    let met: HashSet<_> = errors.filter_map(at).collect();
    diagnostics.retain(|one| {
        one.code != Code::UnknownVariable || at(one).is_none_or(|at| !met.contains(&at))
    });
}

/// How many excerpts are drawn of one file: each reads it anew.
const DRAWN: u32 = 100;

/// Facts keep places without their lines; what is reported gets them from the file.
fn draw(diagnostic: &mut Diagnostic, source: &dyn Source, drawn: &mut HashMap<String, u32>) {
    let Some(place) = &mut diagnostic.place else {
        return;
    };
    let Some(excerpt) = place
        .excerpt
        .as_ref()
        .filter(|excerpt| excerpt.text.is_empty())
    else {
        return;
    };
    let count = drawn.entry(place.file.clone()).or_default();
    *count += 1;
    if *count > DRAWN {
        place.excerpt = None;
        return;
    }
    let bytes = source.read(&place.file).unwrap_or_default();
    let text = match decode(&place.file, &bytes) {
        Ok(decoded) => decoded.text,
        Err(_) => String::from_utf8_lossy(&bytes),
    };
    let lines = diagnostic::Lines::new(&place.file, &text);
    *place = match place.line {
        0 => lines.place_of_key(&excerpt.label),
        line => lines.place(line, place.column, excerpt.width, excerpt.label.clone()),
    };
}

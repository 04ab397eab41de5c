//! What each command does.

use super::{Common, DONE, ERRORS, timings};
use crate::base::date::{self, Moment};
use crate::base::diagnostic::{Diagnostic, SHOWN, Severity, report_of};
use crate::base::fingerprint::of_bytes;
use crate::base::text::convert::{Converter, Scheme};
use crate::base::text::script::Script;
use crate::build::scripts::Unsure;
use crate::build::tags::Suggestion;
use crate::build::timings::Timings;
use crate::build::{self, Job, Outcome, Tally};
use crate::config::checked_base_url;
use crate::new;
use crate::sink::store::Folder;
use crate::source::Source as _;
use crate::{sink, source};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};
use std::path::{Path, PathBuf};
use std::time::{Instant, SystemTime, UNIX_EPOCH};

/// Wrong usage, in words.
pub type Usage = String;

/// What masthead keeps of a site, in its root.
pub const STORE: &str = ".masthead";

/// `masthead new DIR`
pub fn new(dir: &Path) -> Result<u8, Usage> {
    new::site(dir, now()).map_err(|error| format!("{} can't be made: {error}", dir.display()))?;
    anstream::eprintln!(
        "made a site in {dir}; build it with `masthead build --root {dir}`",
        dir = dir.display()
    );
    Ok(DONE)
}

/// What a site is read for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// To be built.
    Build,
    /// To say what building it would say.
    Check {
        /// Characters whose Traditional form can only be guessed are listed as well.
        scripts: bool,
        /// Tags are suggested for articles without any.
        tags: bool,
    },
}

/// `masthead build` and `masthead check`
pub fn build(common: &Common, purpose: Purpose) -> Result<u8, Usage> {
    let check = purpose != Purpose::Build;
    let started = Instant::now();
    let settings = Settings::of(common)?;
    let source = source::Directory::new(&common.root);
    let store = Folder::new(common.root.join(STORE));
    let _lock = if check { None } else { Some(lock(&store)?) };
    let sink = sink::Directory::new(&settings.output);
    if !check {
        let recovered = sink.recover();
        recovered.map_err(|error| format!("the old output can't be put back: {error}"))?;
    }
    let bar = bar(common);
    let clock = timings::Since(started);
    let timings = match common.timings {
        true => Timings::by(&clock),
        false => Timings::off(),
    };
    let job = Job {
        source: &source,
        sink: &sink,
        store: &store,
        output: &settings.output_name,
        now: settings.now,
        drafts: common.drafts,
        base_url: settings.base_url.as_deref(),
        check,
        progress: &|done, total| {
            bar.set_length(total as u64);
            bar.set_position(done as u64);
        },
        timings: &timings,
    };
    let mut outcome = match common.threads {
        Some(threads) => pool(threads)?.install(|| build::build_and_end(&job)),
        None => build::build_and_end(&job),
    };
    bar.finish_and_clear();
    outcome.tally.seconds = started.elapsed().as_secs_f64();
    let (scripts, tags) = match purpose {
        Purpose::Check { scripts, tags } => (scripts, tags),
        Purpose::Build => (false, false),
    };
    let said = Said {
        check,
        outcome: &outcome,
        timings: timings.report(),
        unsure: scripts.then(|| unsure(&source)),
        suggestions: tags.then(|| build::tags::suggest(&job.input(), &store)),
    };
    print(common, &said);
    let fails = outcome.tally.errors > 0 || (common.strict && outcome.tally.warnings > 0);
    Ok(if fails { ERRORS } else { DONE })
}

fn unsure(source: &source::Directory) -> Vec<Unsure> {
    let listing = source.list();
    // What is wrong with them, the report has said.
    let settings = build::settings(source, &listing, None, &mut Vec::new());
    let editions = settings.config.editions.iter().map(|one| one.scheme());
    let own = editions
        .into_iter()
        .find(|scheme| scheme.to() == Script::Hant);
    let converter = Converter::new(own.unwrap_or(Scheme::S2t), &settings.known.glossary);
    build::scripts::unsure(source, &converter)
}

fn lock(store: &Folder) -> Result<std::fs::File, Usage> {
    let waiting = || anstream::eprintln!("another build is at work in this site; waiting for it");
    let lock = store.lock(waiting);
    lock.map_err(|error| {
        let remedy = match error.kind() {
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                "make the folder writable: it holds what masthead keeps of the site"
            }
            kind => build::remedy(kind),
        };
        format!("the site can't be locked: {error}; {remedy}")
    })
}

fn pool(threads: usize) -> Result<rayon::ThreadPool, Usage> {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build();
    pool.map_err(|error| format!("no pool of {threads} threads: {error}"))
}

struct Settings {
    output: PathBuf,
    /// A name for what is remembered of this output.
    output_name: String,
    now: Moment,
    base_url: Option<String>,
}

impl Settings {
    fn of(common: &Common) -> Result<Settings, Usage> {
        is_site(&common.root)?;
        let output = common
            .output
            .clone()
            .unwrap_or_else(|| common.root.join("public"));
        let output = std::path::absolute(&output).map_err(|error| error.to_string())?;
        refuse_sources(&output, &common.root)?;
        let name = of_bytes(output.to_string_lossy().as_bytes()).to_string();
        Ok(Settings {
            output,
            output_name: name[..16].to_string(),
            now: common.as_of.as_deref().map_or_else(|| Ok(now()), as_of)?,
            base_url: common.base_url.as_deref().map(base_url).transpose()?,
        })
    }
}

/// Says so where a folder is no site.
pub fn is_site(root: &Path) -> Result<(), Usage> {
    if !root.is_dir() {
        return Err(format!("there is no folder {}", root.display()));
    }
    if !root.join("content").is_dir() {
        return Err(format!(
            "{} is no site: it has no content/; `masthead new DIR` makes one",
            root.display()
        ));
    }
    Ok(())
}

/// An output that is, or lies in, a folder of sources would be read as one.
fn refuse_sources(output: &Path, root: &Path) -> Result<(), Usage> {
    let root = std::path::absolute(root).map_err(|error| error.to_string())?;
    let inside = source::FOLDERS
        .iter()
        .any(|folder| output.starts_with(root.join(folder)));
    if inside || root.starts_with(output) {
        return Err(format!(
            "{} holds the site's sources; choose another output",
            output.display()
        ));
    }
    Ok(())
}

/// A moment that was given.
pub fn as_of(given: &str) -> Result<Moment, Usage> {
    let utc = date::zone("Z").ok_or("no UTC")?;
    let stamp = date::parse(given).filter(|stamp| stamp.offset.is_some());
    stamp.and_then(|stamp| stamp.moment(&utc)).ok_or_else(|| {
        format!("`--as-of {given}` is no moment; write it as 2026-11-24T08:00:00+08:00")
    })
}

/// The address that `--base-url` names.
pub fn base_url(given: &str) -> Result<String, Usage> {
    checked_base_url(given).ok_or_else(|| {
        format!("`--base-url {given}` is no web address; write it as https://example.org")
    })
}

/// The clock, which nothing below asks.
pub fn now() -> Moment {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |age| age.as_secs() as Moment)
}

fn bar(common: &Common) -> ProgressBar {
    if common.quiet || common.json || !std::io::stderr().is_terminal() {
        return ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden());
    }
    let style = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len} pages")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

/// What `--json` prints: the figures, and everything that was said.
#[derive(Serialize)]
struct Report<'a> {
    #[serde(flatten)]
    tally: &'a Tally,
    diagnostics: &'a [Diagnostic],
    ledger: &'a build::Ledger,
    #[serde(skip_serializing_if = "Option::is_none")]
    suggestions: Option<&'a [Suggestion]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    timings: Option<&'a build::timings::Report>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scripts: Option<&'a [Unsure]>,
}

/// What there is to say at the end.
struct Said<'a> {
    check: bool,
    outcome: &'a Outcome,
    timings: Option<build::timings::Report>,
    unsure: Option<Vec<Unsure>>,
    suggestions: Option<Vec<Suggestion>>,
}

fn print(common: &Common, said: &Said) {
    let (outcome, check) = (said.outcome, said.check);
    let timings = said.timings.as_ref();
    let suggestions = said.suggestions.as_deref();
    let shown: Vec<Diagnostic> = outcome
        .diagnostics
        .iter()
        .filter(|diagnostic| !common.quiet || diagnostic.severity != Severity::Note)
        .cloned()
        .collect();
    let most = if common.verbose { shown.len() } else { SHOWN };
    anstream::eprint!("{}", report_of(&shown, most, true));
    if shown.len() > most {
        anstream::eprintln!("`-v` shows all of them\n");
    }
    suggestions.unwrap_or_default().iter().for_each(list_tags);
    if common.verbose {
        list_changes(outcome);
    }
    for (old, new, path) in &outcome.ledger.moved {
        anstream::eprintln!(
            "moved: {old} is now {new}; to redirect readers, add `aliases: [{old}]` to {path}"
        );
    }
    if outcome.halted {
        anstream::eprintln!(
            "nothing was written: configuration, data or theme have errors, and every page depends on them"
        );
    }
    if !common.quiet {
        if let Some(report) = timings {
            anstream::eprintln!("{}", timings::tables(report));
        }
        anstream::eprintln!("{}", closing(check, outcome));
    }
    if common.json {
        let Outcome {
            tally,
            diagnostics,
            ledger,
            ..
        } = outcome;
        let json = serde_json::to_string(&Report {
            tally,
            diagnostics,
            ledger,
            suggestions,
            timings,
            scripts: said.unsure.as_deref(),
        });
        let _ = writeln!(std::io::stdout(), "{}", json.unwrap_or_default());
    } else if let Some(unsure) = &said.unsure {
        list_unsure(unsure);
    }
}

/// A line on stdout for each, as editors and grep know them.
fn list_unsure(unsure: &[Unsure]) {
    let mut out = std::io::stdout().lock();
    for one in unsure {
        let forms: Vec<String> = one.candidates.iter().map(char::to_string).collect();
        let (file, line, column) = (&one.file, one.line, one.column);
        let (character, forms) = (one.character, forms.join(" "));
        let place = format!("{file}:{line}:{column}: {character} may be {forms}");
        if writeln!(out, "{place}: {}", one.excerpt).is_err() {
            return;
        }
    }
}

fn list_tags(suggestion: &Suggestion) {
    anstream::eprintln!("tags for {}:", suggestion.path);
    for tag in &suggestion.tags {
        let kind = if tag.known { "tag" } else { "new word" };
        anstream::eprintln!("  {} ({kind}, {})", tag.tag, tag.why);
    }
    if suggestion.tags.is_empty() {
        anstream::eprintln!("  none found");
    }
}

fn list_changes(outcome: &Outcome) {
    let ledger = &outcome.ledger;
    for (mark, urls) in [
        ("+", &ledger.added),
        ("~", &ledger.changed),
        ("-", &ledger.removed),
    ] {
        urls.iter()
            .for_each(|url| anstream::eprintln!("{mark} {url}"));
    }
}

/// The last line of a build: what was done.
fn closing(check: bool, outcome: &Outcome) -> String {
    let tally = &outcome.tally;
    let verb = match (outcome.halted, check) {
        (true, _) => "stopped before",
        (false, true) => "checked",
        (false, false) => "built",
    };
    let done = match check {
        // It writes nothing, so it has nothing to say of the output.
        true => format!("{} parsed", tally.parsed),
        false => format!(
            "{} parsed, {} rendered, {} written, {} removed, {} unchanged",
            tally.parsed, tally.rendered, tally.written, tally.removed, tally.unchanged
        ),
    };
    let mut line = format!(
        "{verb} {}, {}: {done}; {}, {} in {:.2} s",
        plural(tally.articles, "article"),
        plural(tally.routes, "file"),
        plural(tally.errors, "error"),
        plural(tally.warnings, "warning"),
        tally.seconds
    );
    if let Some(next) = &tally.next_event {
        line.push_str(&format!("; build again at {next}"));
    }
    line
}

/// `3 dumps`
pub fn plural(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

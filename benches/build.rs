//! The build benchmark: what a build of masthead costs, beside Hugo and beside what the disk allows.
//!
//! `cargo bench --bench build -- [SIZES…] [--hugo] [--related] [--default-theme]` makes portals of
//! so many articles and prints a Markdown table; docs/content/performance.md says what is measured. Here
//! are the flags and the order of the runs. `sites` makes the portals, `measure` runs a command,
//! `floor` knows what the same files cost without a generator, `check` refuses a build that did
//! not make the pages, `report` prints. Nothing here is part of masthead.

#[path = "build/check.rs"]
mod check;
#[path = "../tests/common/corpus.rs"]
mod corpus;
#[path = "build/floor.rs"]
mod floor;
#[path = "build/machine.rs"]
mod machine;
#[path = "build/measure.rs"]
mod measure;
#[path = "build/report.rs"]
mod report;
#[path = "build/sites.rs"]
mod sites;

use clap::Parser;
use measure::{Sample, Tree};
use report::Results;
use sites::{Hugo, Portal};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

/// The command that is measured.
pub const MASTHEAD: &str = env!("CARGO_BIN_EXE_masthead");

/// Above this many articles Hugo is measured cold only: it has no other build, and one takes
/// minutes.
const HUGO_EDITS: usize = 10_000;

/// Above this many articles Hugo's related articles would take hours.
const HUGO_RELATED: usize = 10_000;

/// What to measure.
#[derive(Parser)]
#[command(name = "build")]
struct Flags {
    /// How many articles: 1000, 10k, 1M
    #[arg(value_parser = size, default_values = ["1k", "10k"])]
    sizes: Vec<usize>,
    /// Measures Hugo too: the one on the PATH, or `--hugo=PATH`
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "hugo")]
    hugo: Option<PathBuf>,
    /// Measures cold builds with related articles on both sides
    #[arg(long)]
    related: bool,
    /// Measures cold builds with the built-in theme
    #[arg(long)]
    default_theme: bool,
    /// Leaves out the builds after the first one
    #[arg(long)]
    cold: bool,
    /// Leaves the portals where they are, for a profiler
    #[arg(long)]
    keep: bool,
    /// How often; the median counts
    #[arg(long, default_value_t = 5)]
    rounds: usize,
    /// Writes all samples there
    #[arg(long)]
    json: Option<PathBuf>,
    /// Where the portals lie while they are measured; memory by default
    #[arg(long, default_value = "/dev/shm")]
    dir: PathBuf,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

fn size(text: &str) -> Result<usize, String> {
    let (digits, unit) = match text.trim_end_matches(['k', 'K', 'm', 'M']) {
        digits if digits.len() == text.len() => (digits, 1),
        digits if text.ends_with(['k', 'K']) => (digits, 1_000),
        digits => (digits, 1_000_000),
    };
    let number = digits
        .parse::<usize>()
        .map_err(|_| format!("`{text}` is no number: write 10k"))?;
    Ok(number * unit)
}

/// One size on its way through the rounds.
struct Course<'a> {
    flags: &'a Flags,
    hugo: Option<&'a Hugo>,
    portal: Portal,
    folder: PathBuf,
    /// On a disk, outputs are deleted at the end: creating files right after deleting many is slow.
    in_memory: bool,
    results: &'a mut Results,
}

fn main() -> io::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().is_some_and(|first| first == measure::WORD) {
        return measure::in_between(arguments);
    }
    let flags = Flags::parse();
    let hugo = flags.hugo.as_ref().map(|path| Hugo::find(path));
    let mut results = Results::new(&flags.dir, flags.rounds);
    let hugo = match hugo {
        Some(Ok(hugo)) => {
            results.machine.push(("Hugo", hugo.version.clone()));
            Some(hugo)
        }
        Some(Err(why)) => {
            results.notes.push(format!("Hugo is left out: {why}."));
            None
        }
        None => None,
    };
    let folder = flags
        .dir
        .join(format!("masthead-bench-{}", std::process::id()));
    fs::create_dir_all(&folder)?;
    let done = run(&flags, hugo.as_ref(), &folder, &mut results);
    if flags.keep {
        eprintln!("the portals are in {}", folder.display());
    } else {
        fs::remove_dir_all(&folder)?;
    }
    done?;
    results.end();
    println!("{}", report::markdown(&results));
    if let Some(path) = &flags.json {
        fs::write(path, report::json(&results) + "\n")?;
    }
    Ok(())
}

fn run(flags: &Flags, hugo: Option<&Hugo>, folder: &Path, results: &mut Results) -> io::Result<()> {
    let in_memory = machine::file_system(folder) == "tmpfs";
    small(flags, folder, results)?;
    for &articles in &flags.sizes {
        let need = need(flags, articles, hugo.is_some(), in_memory);
        let free = machine::free(folder);
        if need > free {
            results.notes.push(format!(
                "{articles} articles are left out: they need about {} GB, and {} GB are free.",
                need / 1_000_000_000,
                free / 1_000_000_000
            ));
            continue;
        }
        let here = folder.join(articles.to_string());
        let portal = Portal::write(&here, articles, hugo)?;
        let mut course = Course {
            flags,
            hugo,
            portal,
            folder: here.clone(),
            in_memory,
            results,
        };
        for round in 0..flags.rounds {
            eprintln!("{articles} articles, round {}", round + 1);
            course.round(round)?;
        }
        if !flags.keep {
            fs::remove_dir_all(here)?;
        }
    }
    Ok(())
}

/// Bytes on the disk at the worst moment: the sources, the output, and the output again while the
/// floor or a new template is written. In memory a build's own memory counts too.
fn need(flags: &Flags, articles: usize, hugo: bool, in_memory: bool) -> u64 {
    let sources = if hugo { 20_000 } else { 10_000 };
    let output = if flags.default_theme { 60_000 } else { 17_000 };
    let copies = match (in_memory, flags.cold) {
        (true, true) => 1,
        (true, false) => 2,
        (false, true) => 2 * flags.rounds,
        (false, false) => 4 * flags.rounds,
    };
    let own = if in_memory { 3_000_000_000 } else { 0 };
    articles as u64 * (sources + output * copies as u64) + own
}

/// What does not depend on a size: the demo portal, the start of the command, the binary.
fn small(flags: &Flags, folder: &Path, results: &mut Results) -> io::Result<()> {
    let root = folder.join("demo");
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for part in ["content", "data", "static", "templates"] {
        sites::copy(&repository.join(part), &root.join(part))?;
    }
    fs::copy(repository.join("masthead.yaml"), root.join("masthead.yaml"))?;
    sleep(Duration::from_secs(2)); // Below this age no file is trusted by its time.
    for round in 0..flags.rounds {
        let output = folder.join(format!("demo-{round}"));
        let remembered = root.join(".masthead");
        if remembered.exists() {
            fs::remove_dir_all(remembered)?;
        }
        results.add(0, "demo", "masthead", sites::masthead(&root, &output)?);
        let version = measure::run(&[MASTHEAD.into(), "--version".into()])?;
        results.add(0, "--version", "masthead", version);
    }
    results.binary = fs::metadata(MASTHEAD)?.len();
    Ok(())
}

impl Course<'_> {
    /// Every tool once, the order turned around in every other round.
    fn round(&mut self, round: usize) -> io::Result<()> {
        let mut steps: Vec<fn(&mut Self, usize) -> io::Result<()>> = vec![Self::plain];
        if self.hugo.is_some() {
            steps.push(Self::hugo);
        }
        if self.flags.default_theme {
            steps.push(Self::default_theme);
        }
        if self.flags.related {
            steps.push(Self::related);
            if self.hugo.is_some() && self.portal.articles <= HUGO_RELATED {
                steps.push(Self::hugo_related);
            }
        }
        if round % 2 == 1 {
            steps.reverse();
        }
        steps.into_iter().try_for_each(|step| step(self, round))
    }

    /// masthead with the bench theme, through a day of a newsroom.
    fn plain(&mut self, round: usize) -> io::Result<()> {
        let output = self.output("plain", round);
        self.portal.theme(sites::Theme::Bench)?;
        let (cold, tree) = self.cold(&output)?;
        check::masthead(&self.portal, &output, &tree)?;
        self.add("cold", "masthead", cold);
        self.results.made(self.portal.articles, "masthead", &tree);
        self.floors(&output, &tree, round)?;
        if !self.flags.cold {
            drop(tree);
            self.later(&output, round)?;
        }
        self.drop_output(&output)
    }

    /// The builds after the first one. Each starts from what the one before left.
    fn later(&mut self, output: &Path, round: usize) -> io::Result<()> {
        let root = self.portal.root.clone();
        let build = |output: &Path| sites::masthead(&root, output);
        let mut before = Tree::of(output)?;
        for what in ["no-op", "edit", "publish", "template"] {
            self.portal.change(what)?;
            self.settle();
            let mut sample = build(output)?;
            let after = Tree::of(output)?;
            sample.wrote(&before, &after);
            before = after;
            self.add(what, "masthead", sample);
        }
        drop(before);
        self.drop_output(output)?;
        // With the facts of all files known, an empty output costs the rendering and the writing.
        let again = self.output("render", round);
        self.settle();
        let sample = build(&again)?;
        self.add("render part", "masthead", sample);
        self.drop_output(&again)?;
        self.portal.undo()
    }

    /// Hugo with the same pages.
    fn hugo(&mut self, round: usize) -> io::Result<()> {
        let Some(hugo) = self.hugo else { return Ok(()) };
        let output = self.output("hugo", round);
        self.portal.theme(sites::Theme::Bench)?; // A change is made in both sites.
        self.portal.hugo_related(false)?;
        self.settle();
        let mut sample = hugo.build(&self.portal, &output)?;
        let mut before = Tree::of(&output)?;
        sample.wrote(&Tree::default(), &before);
        check::hugo(&self.portal, &output, &before)?;
        self.add("cold", "hugo", sample);
        self.results.made(self.portal.articles, "hugo", &before);
        if !self.flags.cold && self.portal.articles <= HUGO_EDITS {
            for what in ["no-op", "edit", "publish", "template"] {
                self.portal.change(what)?;
                self.settle();
                let mut sample = hugo.build(&self.portal, &output)?;
                let after = Tree::of(&output)?;
                sample.wrote(&before, &after);
                before = after;
                self.add(what, "hugo", sample);
            }
            self.portal.undo()?;
        }
        self.drop_output(&output)
    }

    fn default_theme(&mut self, round: usize) -> io::Result<()> {
        self.themed(sites::Theme::BuiltIn, "cold, default theme", round)?;
        self.themed(sites::Theme::Search, "cold, with search", round)?;
        self.themed(sites::Theme::Editions, "cold, two scripts", round)
    }

    fn related(&mut self, round: usize) -> io::Result<()> {
        self.themed(sites::Theme::Related, "cold, related", round)
    }

    fn themed(&mut self, theme: sites::Theme, what: &'static str, round: usize) -> io::Result<()> {
        let output = self.output(
            if matches!(theme, sites::Theme::Related) {
                "related"
            } else {
                "default"
            },
            round,
        );
        self.portal.theme(theme)?;
        let (sample, tree) = self.cold(&output)?;
        if !matches!(theme, sites::Theme::Editions) {
            check::masthead(&self.portal, &output, &tree)?;
        }
        self.add(what, "masthead", sample);
        self.drop_output(&output)
    }

    fn hugo_related(&mut self, round: usize) -> io::Result<()> {
        let Some(hugo) = self.hugo else { return Ok(()) };
        let output = self.output("hugo-related", round);
        self.portal.hugo_related(true)?;
        self.settle();
        let mut sample = hugo.build(&self.portal, &output)?;
        let tree = Tree::of(&output)?;
        sample.wrote(&Tree::default(), &tree);
        check::hugo(&self.portal, &output, &tree)?;
        self.add("cold, related", "hugo", sample);
        self.drop_output(&output)
    }

    /// A build that remembers nothing, into an output that is not there.
    fn cold(&mut self, output: &Path) -> io::Result<(Sample, Tree)> {
        let remembered = self.portal.root.join(".masthead");
        if remembered.exists() {
            fs::remove_dir_all(remembered)?;
        }
        sleep(Duration::from_secs(2)); // Below this age no file is trusted by its time.
        self.settle();
        let mut sample = sites::masthead(&self.portal.root, output)?;
        let tree = Tree::of(output)?;
        sample.wrote(&Tree::default(), &tree);
        Ok((sample, tree))
    }

    fn floors(&mut self, output: &Path, tree: &Tree, round: usize) -> io::Result<()> {
        let fresh = self.output("floor", round);
        self.settle();
        let mut sample = floor::write(output, tree, &fresh)?;
        sample.wrote(&Tree::default(), tree);
        self.add("cold", "write floor", sample);
        if fresh.exists() {
            self.drop_output(&fresh)?;
        }
        let sample = floor::stat(&self.portal.root)?;
        self.add("no-op", "stat floor", sample);
        Ok(())
    }

    fn add(&mut self, what: &'static str, tool: &'static str, sample: Sample) {
        self.results.add(self.portal.articles, what, tool, sample);
    }

    fn output(&self, name: &str, round: usize) -> PathBuf {
        self.folder.join(format!("{name}-{round}"))
    }

    fn drop_output(&self, output: &Path) -> io::Result<()> {
        if self.in_memory && output.exists() {
            fs::remove_dir_all(output)?;
        }
        Ok(())
    }

    /// What earlier runs left to be written is written now, not during the next one.
    fn settle(&self) {
        if !self.in_memory {
            rustix::fs::sync();
        }
    }
}

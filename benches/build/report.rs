//! All samples, the medians of them, the targets, and how both are printed.

use crate::check;
use crate::machine;
use crate::measure::{Sample, Tree};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

/// Lists that the published article joins.
const JOINED: usize = 6;

/// The samples of one build of one tool at one size.
struct Row {
    articles: usize,
    what: &'static str,
    tool: &'static str,
    samples: Vec<Sample>,
}

/// The files and bytes of each kind.
type Kinds = BTreeMap<&'static str, (usize, u64)>;

/// All that was measured.
pub struct Results {
    pub machine: Vec<(&'static str, String)>,
    pub notes: Vec<String>,
    /// Bytes of the program.
    pub binary: u64,
    rounds: usize,
    load: (String, String),
    rows: Vec<Row>,
    made: BTreeMap<(usize, &'static str), Kinds>,
}

/// A promise, and whether it was kept.
struct Target {
    what: String,
    measured: String,
    wanted: String,
    met: bool,
}

impl Results {
    pub fn new(dir: &Path, rounds: usize) -> Results {
        Results {
            machine: machine::describe(dir),
            notes: Vec::new(),
            binary: 0,
            rounds,
            load: (machine::load(), String::new()),
            rows: Vec::new(),
            made: BTreeMap::new(),
        }
    }

    /// Notes the load at the end.
    pub fn end(&mut self) {
        self.load.1 = machine::load();
    }

    pub fn add(&mut self, articles: usize, what: &'static str, tool: &'static str, sample: Sample) {
        let same = |row: &&mut Row| (row.articles, row.what, row.tool) == (articles, what, tool);
        match self.rows.iter_mut().find(same) {
            Some(row) => row.samples.push(sample),
            None => self.rows.push(Row {
                articles,
                what,
                tool,
                samples: vec![sample],
            }),
        }
    }

    /// What a cold build made.
    pub fn made(&mut self, articles: usize, tool: &'static str, tree: &Tree) {
        self.made.insert((articles, tool), check::kinds(tree));
    }

    fn median(&self, articles: usize, what: &str, tool: &str) -> Option<Sample> {
        let same = |row: &&Row| (row.articles, row.what, row.tool) == (articles, what, tool);
        self.rows.iter().find(same).map(Row::median)
    }

    fn sizes(&self) -> Vec<usize> {
        let mut sizes: Vec<usize> = self.rows.iter().map(|row| row.articles).collect();
        sizes.retain(|&articles| articles > 0);
        sizes.dedup();
        sizes
    }
}

impl Row {
    /// Each figure's own median: of an even number of rounds, the lower middle one.
    fn median(&self) -> Sample {
        Sample {
            wall: middle(self.samples.iter().map(|s| s.wall)),
            cpu: middle(self.samples.iter().map(|s| s.cpu)),
            peak: middle(self.samples.iter().map(|s| s.peak as f64)) as u64,
            files: middle(self.samples.iter().map(|s| s.files as f64)) as usize,
            bytes: middle(self.samples.iter().map(|s| s.bytes as f64)) as u64,
        }
    }
}

fn middle(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    let at = figures.len().saturating_sub(1) / 2;
    figures.get(at).copied().unwrap_or_default()
}

// --------------------------------------------------------------------------------------- targets

/// A figure that must not be above, or not below, another.
struct Bound {
    what: String,
    figure: f64,
    limit: f64,
    least: bool,
    unit: &'static str,
}

impl From<Bound> for Target {
    fn from(bound: Bound) -> Target {
        let sign = if bound.least { "≥" } else { "≤" };
        let show = |figure: f64| match figure {
            f if f.fract() == 0.0 || f >= 100.0 => format!("{f:.0}{}", bound.unit),
            f if f >= 0.1 => format!("{f:.2}{}", bound.unit),
            f => format!("{f:.4}{}", bound.unit),
        };
        Target {
            measured: show(bound.figure),
            wanted: format!("{sign} {}", show(bound.limit)),
            met: match bound.least {
                true => bound.figure >= bound.limit,
                false => bound.figure <= bound.limit,
            },
            what: bound.what,
        }
    }
}

fn targets(results: &Results) -> Vec<Target> {
    let mut bounds = Vec::new();
    for articles in results.sizes() {
        at_size(results, articles, &mut bounds);
    }
    let cpu = |articles| {
        let cold = results.median(articles, "cold", "masthead")?;
        Some(cold.cpu / articles as f64)
    };
    if let (Some(many), Some(few)) = (cpu(1_000_000), cpu(10_000)) {
        bounds.push(at_most(
            "CPU per article at 1M ÷ that at 10k",
            many / few,
            1.2,
            "",
        ));
    }
    if let Some(demo) = results.median(0, "demo", "masthead") {
        bounds.push(at_most("demo portal, cold", demo.wall * 1e3, 150.0, " ms"));
    }
    if let Some(version) = results.median(0, "--version", "masthead") {
        bounds.push(at_most("`--version`", version.wall * 1e3, 10.0, " ms"));
    }
    bounds.push(at_most("binary", results.binary as f64 / 1e6, 30.0, " MB"));
    bounds.into_iter().map(Target::from).collect()
}

fn at_size(results: &Results, articles: usize, bounds: &mut Vec<Bound>) {
    let of = |what: &str, tool: &str| results.median(articles, what, tool);
    let name = |what: &str| format!("{}: {what}", short(articles));
    let mut most = |what: &str, figure: f64, limit: f64, unit: &'static str| {
        bounds.push(at_most(&name(what), figure, limit, unit));
    };
    let Some(cold) = of("cold", "masthead") else {
        return;
    };
    let most_of_floor = [(10_000, 6.0), (100_000, 4.0)];
    for (size, limit) in most_of_floor {
        if let (true, Some(floor)) = (size == articles, of("cold", "write floor")) {
            most("cold ÷ write floor", cold.wall / floor.wall, limit, "");
        }
    }
    let peak = 64.0 + 1.2e-3 * articles as f64;
    most("peak memory", cold.peak as f64 / 1e6, peak, " MB");
    if let Some(noop) = of("no-op", "masthead") {
        if articles == 100_000 {
            most("no-op", noop.wall, 0.3, " s");
            if let Some(stat) = of("no-op", "stat floor") {
                most("no-op ÷ parallel stat", noop.wall / stat.wall, 3.0, "");
            }
        }
        if let Some(edit) = of("edit", "masthead") {
            most(
                "one edit − no-op",
                (edit.wall - noop.wall) * 1e3,
                50.0,
                " ms",
            );
        }
        if let Some(publish) = of("publish", "masthead") {
            let more = (publish.wall - noop.wall) * 1e3;
            most("one published − no-op", more, 100.0, " ms");
            let limit = (2 * JOINED + 20) as f64;
            most(
                "one published, files written",
                publish.files as f64,
                limit,
                "",
            );
        }
    }
    if let (Some(template), Some(render)) =
        (of("template", "masthead"), of("render part", "masthead"))
    {
        most("template edit", template.wall, render.wall, " s");
    }
    if let Some(default) = of("cold, default theme", "masthead") {
        most(
            "default theme ÷ bench theme",
            default.wall / cold.wall,
            2.5,
            "",
        );
    }
    for (build, what, limit) in [
        ("cold, with search", "with search ÷ without", 2.0),
        ("cold, two scripts", "two scripts ÷ one", 2.5),
    ] {
        let default = of("cold, default theme", "masthead");
        if let (Some(default), Some(more)) = (default, of(build, "masthead")) {
            most(what, more.wall / default.wall, limit, "");
        }
    }
    let mut least = |what: &str, figure: f64, limit: f64| {
        bounds.push(Bound {
            what: name(what),
            figure,
            limit,
            least: true,
            unit: "",
        });
    };
    if let Some(hugo) = of("cold", "hugo").filter(|_| [10_000, 100_000].contains(&articles)) {
        least("cold, Hugo ÷ masthead", hugo.wall / cold.wall, 15.0);
    }
    let related = (of("cold, related", "hugo"), of("cold, related", "masthead"));
    if let ((Some(hugo), Some(own)), 10_000) = (related, articles) {
        least(
            "cold with related articles, Hugo ÷ masthead",
            hugo.wall / own.wall,
            100.0,
        );
    }
}

fn at_most(what: &str, figure: f64, limit: f64, unit: &'static str) -> Bound {
    Bound {
        what: what.to_string(),
        figure,
        limit,
        least: false,
        unit,
    }
}

// -------------------------------------------------------------------------------------- Markdown

fn short(articles: usize) -> String {
    match articles {
        0 => String::new(),
        n if n % 1_000_000 == 0 => format!("{}M", n / 1_000_000),
        n if n % 1_000 == 0 => format!("{}k", n / 1_000),
        n => n.to_string(),
    }
}

/// What is printed.
pub fn markdown(results: &Results) -> String {
    let mut out = String::new();
    for (name, value) in &results.machine {
        let _ = writeln!(out, "- {name}: {value}");
    }
    let (start, end) = &results.load;
    let _ = writeln!(out, "- load: {start} at the start, {end} at the end");
    let _ = writeln!(out, "- median of {} rounds", results.rounds);
    for note in &results.notes {
        let _ = writeln!(out, "- {note}");
    }
    runs(results, &mut out);
    for articles in results.sizes() {
        made(results, articles, &mut out);
    }
    out.push_str("\n| target | measured | wanted | |\n|---|---:|---:|---|\n");
    for target in targets(results) {
        let met = if target.met { "met" } else { "**not met**" };
        let Target {
            what,
            measured,
            wanted,
            ..
        } = target;
        let _ = writeln!(out, "| {what} | {measured} | {wanted} | {met} |");
    }
    out
}

fn runs(results: &Results, out: &mut String) {
    out.push_str("\n| articles | build | tool | wall, s | ÷ masthead | CPU, s | peak, MB | files written | MB written |\n");
    out.push_str("|---:|---|---|---:|---:|---:|---:|---:|---:|\n");
    for row in &results.rows {
        let median = row.median();
        let own = results.median(row.articles, row.what, "masthead");
        let ratio = own
            .filter(|_| row.tool != "masthead")
            .map_or(String::new(), |own| {
                format!("{:.2}", median.wall / own.wall)
            });
        let figure = |figure: f64, digits: usize| match figure {
            0.0 => String::new(),
            figure => format!("{figure:.digits$}"),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {:.3} | {ratio} | {} | {} | {} | {} |",
            short(row.articles),
            row.what,
            row.tool,
            median.wall,
            figure(median.cpu, 3),
            figure(median.peak as f64 / 1e6, 1),
            figure(median.files as f64, 0),
            figure(median.bytes as f64 / 1e6, 2),
        );
    }
}

fn made(results: &Results, articles: usize, out: &mut String) {
    let of = |tool| results.made.get(&(articles, tool));
    let Some(own) = of("masthead") else { return };
    let none = Kinds::new();
    let other = of("hugo").unwrap_or(&none);
    let _ = write!(
        out,
        "\n| made at {} | masthead, files | MB | Hugo, files | MB |\n|---|---:|---:|---:|---:|\n",
        short(articles)
    );
    let mut kinds: Vec<&str> = own.keys().chain(other.keys()).copied().collect();
    kinds.sort_unstable_by_key(|kind| {
        let shared = check::SHARED.iter().position(|shared| shared == kind);
        (shared.unwrap_or(usize::MAX), *kind)
    });
    kinds.dedup();
    let mut line = |name: &str, own: (usize, u64), other: (usize, u64)| {
        let cells = [own, other].map(|(files, bytes)| match files {
            0 => " | ".to_string(),
            _ => format!("{files} | {:.2}", bytes as f64 / 1e6),
        });
        let _ = writeln!(out, "| {name} | {} | {} |", cells[0], cells[1]);
    };
    for kind in kinds {
        let of = |kinds: &Kinds| kinds.get(kind).copied().unwrap_or_default();
        line(kind, of(own), of(other));
    }
    line("all", sum(own), sum(other));
}

fn sum(kinds: &Kinds) -> (usize, u64) {
    let add = |all: (usize, u64), one: &(usize, u64)| (all.0 + one.0, all.1 + one.1);
    kinds.values().fold((0, 0), add)
}

// ------------------------------------------------------------------------------------------ JSON

/// What is kept.
pub fn json(results: &Results) -> String {
    let machine: serde_json::Map<String, Value> = results
        .machine
        .iter()
        .map(|(name, value)| ((*name).to_string(), json!(value)))
        .collect();
    let runs: Vec<Value> = results
        .rows
        .iter()
        .map(|row| {
            json!({
                "articles": row.articles,
                "build": row.what,
                "tool": row.tool,
                "median": figures(&row.median()),
                "rounds": row.samples.iter().map(figures).collect::<Vec<_>>(),
            })
        })
        .collect();
    let made: Vec<Value> = results
        .made
        .iter()
        .map(|((articles, tool), kinds)| {
            let kinds: BTreeMap<_, _> = kinds
                .iter()
                .map(|(kind, (files, bytes))| (*kind, json!({"files": files, "bytes": bytes})))
                .collect();
            json!({"articles": articles, "tool": tool, "kinds": kinds})
        })
        .collect();
    let targets: Vec<Value> = targets(results)
        .iter()
        .map(|target| {
            json!({
                "target": target.what,
                "measured": target.measured,
                "wanted": target.wanted,
                "met": target.met,
            })
        })
        .collect();
    let all = json!({
        "machine": machine,
        "load": [results.load.0, results.load.1],
        "notes": results.notes,
        "binary": results.binary,
        "runs": runs,
        "made": made,
        "targets": targets,
    });
    serde_json::to_string_pretty(&all).unwrap_or_default()
}

fn figures(sample: &Sample) -> Value {
    json!({
        "wall": sample.wall,
        "cpu": sample.cpu,
        "peak": sample.peak,
        "files": sample.files,
        "bytes": sample.bytes,
    })
}

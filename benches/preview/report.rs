//! The figures: a table on stdout, lines of JSON in a file.

use crate::machine;
use crate::portal::Portal;
use crate::server::Weight;
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::path::Path;
use std::time::Duration;

/// All figures of a run.
pub struct Report {
    machine: String,
    rows: Vec<Row>,
    json: Option<fs::File>,
}

/// One row of the table.
pub struct Row {
    portal: String,
    what: &'static str,
    kind: String,
    took: Vec<Duration>,
    weight: Option<Weight>,
    load: String,
}

impl Row {
    /// A row without figures yet.
    pub fn new(portal: &Portal, what: &'static str, kind: impl Into<String>) -> Row {
        Row {
            portal: portal.name.clone(),
            what,
            kind: kind.into(),
            took: Vec::new(),
            weight: None,
            load: machine::load(),
        }
    }

    /// With how long it took, each time.
    pub fn took(self, took: Vec<Duration>) -> Row {
        Row { took, ..self }
    }

    /// With what a process holds.
    pub fn weighs(self, weight: Weight) -> Row {
        Row {
            weight: Some(weight),
            ..self
        }
    }

    /// The time that so many per cent kept to, in milliseconds.
    fn percentile(&self, per_cent: usize) -> f64 {
        let mut sorted = self.took.clone();
        sorted.sort();
        let rank = (sorted.len() * per_cent).div_ceil(100).max(1);
        sorted[rank - 1].as_secs_f64() * 1_000.0
    }

    fn figures(&self) -> Value {
        let mut all = json!({
            "portal": self.portal, "what": self.what, "kind": self.kind, "load": self.load,
        });
        if !self.took.is_empty() {
            let millis = self.took.iter().map(|took| took.as_secs_f64() * 1_000.0);
            all["count"] = self.took.len().into();
            all["p50_ms"] = self.percentile(50).into();
            all["p95_ms"] = self.percentile(95).into();
            all["max_ms"] = self.percentile(100).into();
            all["all_ms"] = millis.collect();
        }
        if let Some(weight) = self.weight {
            all["rss_kib"] = weight.kib.into();
            all["threads"] = weight.threads.into();
            all["files"] = weight.files.into();
        }
        all
    }
}

impl Report {
    /// A report without figures yet.
    pub fn new(json: Option<&Path>) -> Report {
        let file = |path| fs::File::create(path).expect("a file for the figures");
        Report {
            machine: String::new(),
            rows: Vec::new(),
            json: json.map(file),
        }
    }

    /// Notes what the run is made on.
    pub fn machine(&mut self, root: &Path) {
        self.machine = machine::machine(root);
        let line = json!({ "machine": self.machine });
        self.write(&line);
    }

    /// Adds a row that has figures.
    pub fn add(&mut self, row: Row) {
        if row.took.is_empty() && row.weight.is_none() {
            return;
        }
        eprintln!("{}", line(&row));
        self.write(&row.figures());
        self.rows.push(row);
    }

    fn write(&mut self, line: &Value) {
        if let Some(file) = &mut self.json {
            writeln!(file, "{line}").expect("a written line");
        }
    }

    /// Prints the tables.
    pub fn print(&self) {
        println!("{}\n", self.machine);
        println!("| articles | what | | count | median ms | 95 % ms | longest ms | load |");
        println!("|---:|---|---|---:|---:|---:|---:|---:|");
        let timed = self.rows.iter().filter(|row| row.weight.is_none());
        timed.for_each(|row| println!("{}", line(row)));
        let mut weighed = self.rows.iter().filter(|row| row.weight.is_some());
        let Some(first) = weighed.next() else {
            return;
        };
        println!("\n| articles | memory | MiB | threads | open files |");
        println!("|---:|---|---:|---:|---:|");
        [first]
            .into_iter()
            .chain(weighed)
            .for_each(|row| println!("{}", line(row)));
    }
}

fn line(row: &Row) -> String {
    if let Some(weight) = row.weight {
        let mib = weight.kib as f64 / 1024.0;
        let (threads, files) = (weight.threads, weight.files);
        return format!(
            "| {} | {} | {mib:.1} | {threads} | {files} |",
            row.portal, row.kind
        );
    }
    let [median, most, longest] = [50, 95, 100].map(|per_cent| row.percentile(per_cent));
    format!(
        "| {} | {} | {} | {} | {median:.1} | {most:.1} | {longest:.1} | {} |",
        row.portal,
        row.what,
        row.kind,
        row.took.len(),
        row.load
    )
}

//! `masthead import`: finds and reads the dumps, writes the Markdown, reports.

use super::command::{Usage, as_of, now, plural};
use super::{DONE, ERRORS, Import as Given};
use crate::base::diagnostic::{Code, Diagnostic, Lines, Severity, count, paint, sort};
use crate::base::text::decoded;
use crate::config::{self, Config};
use crate::facts::LARGEST;
use crate::import::{self, Import, Options, Raw, Taken};
use crate::sink::fresh;
use crate::source::CONFIG;
use serde::Serialize;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs;
use std::io::{ErrorKind, Write};
use std::path::{Component, Path, PathBuf};
use walkdir::{DirEntry, WalkDir};

/// `masthead import SOURCES...`
pub fn import(given: &Given) -> Result<u8, Usage> {
    let to = target(given)?;
    let now = given.as_of.as_deref().map_or_else(|| Ok(now()), as_of)?;
    let channel = given.channel.as_deref().map(channel).transpose()?;
    let mut said = Vec::new();
    let config = configuration(&given.root, &mut said);
    let mut made = Import::default();
    // Without its zone and channels, everything might go to the wrong place.
    if count(&said, Severity::Error) == 0 {
        let raws = raws(&given.sources, &to, &mut said);
        made = import::import(
            &raws,
            &Options {
                config: &config,
                now,
                channel: channel.as_deref(),
                existing: &existing(&to),
                to: &shown_target(given, &to),
                keep_punctuation: given.keep_punctuation,
            },
        );
    }
    made.diagnostics.append(&mut said);
    if !given.dry_run {
        write(&mut made, &to);
    }
    sort(&mut made.diagnostics);
    print(given, &made);
    let fails = count(&made.diagnostics, Severity::Error) > 0;
    Ok(if fails { ERRORS } else { DONE })
}

/// The folder that Markdown goes to.
fn target(given: &Given) -> Result<PathBuf, Usage> {
    let content = given.root.join("content");
    if given.to.is_none() && !content.is_dir() {
        return Err(format!(
            "{} is no site: it has no content/; `masthead new DIR` makes one, and `--to DIR` does without",
            given.root.display()
        ));
    }
    let to = given.to.clone().unwrap_or(content);
    if to.exists() && !to.is_dir() {
        return Err(format!("{} is no folder", to.display()));
    }
    Ok(to)
}

/// As diagnostics show it: from the site's root.
fn shown_target(given: &Given, to: &Path) -> String {
    match &given.to {
        None => "content".to_string(),
        Some(_) => to.display().to_string(),
    }
}

/// A channel's id is the name of a folder.
fn channel(given: &str) -> Result<String, Usage> {
    let id = given.trim();
    let fits = !id.is_empty() && !id.starts_with('.') && !id.ends_with('~');
    let fits = fits && !id.contains(['/', '\\']) && !id.contains(char::is_control);
    fits.then(|| id.to_string())
        .ok_or_else(|| format!("`--channel {given}` can't be the name of a folder"))
}

fn configuration(root: &Path, out: &mut Vec<Diagnostic>) -> Config {
    let bytes = match fs::read(root.join(CONFIG)) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Config::default(),
        Err(error) => {
            out.push(unreadable(CONFIG, &error));
            return Config::default();
        }
    };
    match decoded(CONFIG, &bytes) {
        Ok(text) => {
            let mut all = Vec::new();
            let config = config::read(&Lines::new(CONFIG, text), &mut all);
            // What else a build says of it is not for now.
            all.retain(|diagnostic| diagnostic.severity == Severity::Error);
            out.extend(all);
            config
        }
        Err(diagnostic) => {
            out.push(diagnostic);
            Config::default()
        }
    }
}

fn unreadable(path: &str, error: &dyn std::fmt::Display) -> Diagnostic {
    let message = format!("this can't be read: {error}");
    Diagnostic::new(Code::Unreadable, message).in_file(path)
}

/// All dumps, each once, in the order in which they were named.
fn raws(sources: &[PathBuf], to: &Path, out: &mut Vec<Diagnostic>) -> Vec<Raw> {
    let (mut raws, mut seen) = (Vec::new(), HashSet::new());
    for source in sources {
        for file in files(source, out) {
            let real = fs::canonicalize(&file).unwrap_or_else(|_| file.clone());
            if seen.insert(real.clone()) {
                raws.extend(raw(source, &file, &real, to, out));
            }
        }
    }
    raws
}

/// A file is taken as it is named; of a folder, the `.txt` files below it, by name.
fn files(source: &Path, out: &mut Vec<Diagnostic>) -> Vec<PathBuf> {
    let shown = source.display().to_string();
    match fs::metadata(source) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return vec![source.to_path_buf()],
        Err(error) => {
            out.push(unreadable(&shown, &error));
            return Vec::new();
        }
    }
    let visible = |entry: &DirEntry| {
        let name = entry.file_name().to_string_lossy();
        entry.depth() == 0 || !name.starts_with('.') && !name.ends_with('~')
    };
    let mut files = Vec::new();
    let walk = WalkDir::new(source).follow_links(true).sort_by_file_name();
    for found in walk.into_iter().filter_entry(visible) {
        match found {
            Ok(entry) if entry.file_type().is_file() => {
                let ending = entry.path().extension().and_then(OsStr::to_str);
                if ending.is_some_and(|ending| ending.eq_ignore_ascii_case("txt")) {
                    files.push(entry.into_path());
                }
            }
            Ok(_) => {}
            Err(error) => {
                let path = error.path().unwrap_or(source).display().to_string();
                out.push(unreadable(&path, &error));
            }
        }
    }
    files
}

fn raw(
    source: &Path,
    file: &Path,
    real: &Path,
    to: &Path,
    out: &mut Vec<Diagnostic>,
) -> Option<Raw> {
    let name = file.display().to_string();
    let bytes = match read(file) {
        Ok(bytes) => bytes,
        Err(cause) => {
            out.push(unreadable(&name, &cause));
            return None;
        }
    };
    let folder = |path: &Path| path.parent().map(Path::to_path_buf).unwrap_or_default();
    let (above, below) = match file.strip_prefix(source) {
        Ok(inside) if inside.components().next().is_some() => {
            let top = fs::canonicalize(source).unwrap_or_else(|_| source.to_path_buf());
            (names(&top), names(&folder(inside)))
        }
        _ => (names(&folder(real)), Vec::new()),
    };
    let inside = fs::canonicalize(to)
        .ok()
        .and_then(|to| real.strip_prefix(to).map(names).ok())
        .map(|names| names.join("/"));
    Some(Raw {
        name,
        above,
        below,
        stem: file.file_stem()?.to_string_lossy().into_owned(),
        inside,
        bytes,
    })
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    let size = fs::metadata(file).map_err(|error| error.to_string())?.len();
    if size > LARGEST {
        return Err(format!("it has more than {} MiB", LARGEST / 1024 / 1024));
    }
    fs::read(file).map_err(|error| error.to_string())
}

/// The names of a path.
fn names(path: &Path) -> Vec<String> {
    let normal = path.components().filter_map(|component| match component {
        Component::Normal(name) => Some(name.to_string_lossy().into_owned()),
        _ => None,
    });
    normal.collect()
}

/// The sources that are in the target already.
fn existing(to: &Path) -> Vec<String> {
    let walk = WalkDir::new(to).follow_links(true).sort_by_file_name();
    let found = walk.into_iter().filter_map(Result::ok);
    let files = found.filter(|entry| entry.file_type().is_file());
    let inside = files.filter_map(|entry| {
        let path = names(entry.path().strip_prefix(to).ok()?).join("/");
        (path.ends_with(".md") || path.ends_with(".txt")).then_some(path)
    });
    inside.collect()
}

/// Writes the articles; one that can't be written is an error, and the rest goes on.
fn write(made: &mut Import, to: &Path) {
    let mut failed = Vec::new();
    made.files.retain(|file| {
        let written = fresh::create(&to.join(&file.path), file.text.as_bytes());
        failed.extend(
            written
                .as_ref()
                .err()
                .map(|error| not_written(&file.taken, error)),
        );
        written.is_ok()
    });
    let lost: HashSet<&str> = failed.iter().filter_map(file_of).collect();
    let is_note = |diagnostic: &Diagnostic| diagnostic.code == Code::Imported;
    made.diagnostics
        .retain(|said| !is_note(said) || !file_of(said).is_some_and(|file| lost.contains(file)));
    made.diagnostics.append(&mut failed);
}

fn file_of(diagnostic: &Diagnostic) -> Option<&str> {
    diagnostic.place.as_ref().map(|place| place.file.as_str())
}

fn not_written(taken: &Taken, error: &std::io::Error) -> Diagnostic {
    let to = &taken.to;
    match error.kind() {
        ErrorKind::AlreadyExists => {
            let message = format!("{to} is there already; it is not overwritten");
            Diagnostic::new(Code::UrlClash, message).help("rename the dump, or remove that file")
        }
        _ => Diagnostic::new(Code::Unreadable, format!("{to} can't be written: {error}")),
    }
    .in_file(&taken.from)
}

/// What `--json` prints.
#[derive(Serialize)]
struct Report<'a> {
    files: Vec<&'a Taken>,
    marks: usize,
    left_out: usize,
    errors: usize,
    warnings: usize,
    dry_run: bool,
    diagnostics: &'a [Diagnostic],
}

fn print(given: &Given, made: &Import) {
    let files: Vec<&Taken> = made.files.iter().map(|file| &file.taken).collect();
    let report = Report {
        marks: files.iter().map(|taken| taken.marks).sum(),
        left_out: files.iter().map(|taken| taken.left_out.len()).sum(),
        errors: count(&made.diagnostics, Severity::Error),
        warnings: count(&made.diagnostics, Severity::Warning),
        dry_run: given.dry_run,
        diagnostics: &made.diagnostics,
        files,
    };
    // All of them, however many: the report is what an editor looks through.
    for diagnostic in &made.diagnostics {
        if !given.quiet || diagnostic.severity != Severity::Note {
            anstream::eprintln!("{}\n", paint(diagnostic, true));
        }
    }
    if !given.quiet {
        anstream::eprintln!("{}", closing(&report));
    }
    if given.json {
        let json = serde_json::to_string(&report);
        let _ = writeln!(std::io::stdout(), "{}", json.unwrap_or_default());
    }
}

/// The last line: what was done.
fn closing(report: &Report) -> String {
    let verb = if report.dry_run {
        "would import"
    } else {
        "imported"
    };
    format!(
        "{verb} {}: {} of punctuation restored, {} left out; {}, {}",
        plural(report.files.len(), "dump"),
        plural(report.marks, "mark"),
        plural(report.left_out, "line"),
        plural(report.errors, "error"),
        plural(report.warnings, "warning"),
    )
}

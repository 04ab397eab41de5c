//! The rules of the house: layers, effects, and what code may not do.

use std::fs;
use std::path::{Path, PathBuf};

/// Modules by layer; a module uses only lower layers and its own folder.
const LAYERS: &[(&str, u32)] = &[
    ("base", 0),
    ("config", 1),
    ("source", 1),
    ("sink", 1),
    ("facts", 2),
    ("theme", 2),
    ("site", 3),
    ("press", 4),
    ("build", 5),
    ("new", 5),
    ("import", 5),
    ("serve", 6),
    ("cli", 7),
    ("lib", 8),
    ("main", 8),
];

struct Line {
    file: String,
    module: String,
    number: usize,
    text: String,
}

/// All lines of src/ that are neither comments nor in a test module.
fn lines() -> Vec<Line> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let mut lines = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).expect("a source file");
        let inside = path.strip_prefix(&root).expect("below src");
        let file = inside.to_string_lossy().replace('\\', "/");
        let module = file
            .split('/')
            .next()
            .unwrap_or("")
            .trim_end_matches(".rs")
            .to_string();
        let code = text.split("#[cfg(test)]\nmod tests").next().unwrap_or("");
        for (number, text) in code.lines().enumerate() {
            let comment = text.trim_start().starts_with("//");
            if !comment {
                let (file, module) = (file.clone(), module.clone());
                lines.push(Line {
                    file,
                    module,
                    number: number + 1,
                    text: text.to_string(),
                });
            }
        }
    }
    lines
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        if path.is_dir() {
            collect(&path, files);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            files.push(path);
        }
    }
}

fn layer(module: &str) -> u32 {
    let found = LAYERS.iter().find(|(name, _)| *name == module);
    found
        .unwrap_or_else(|| panic!("src/{module} has no layer: add it to LAYERS"))
        .1
}

/// The modules that a line names by `crate::`, also in `use crate::{a, b}`.
fn used(text: &str) -> Vec<String> {
    let name = |rest: &str| -> String {
        rest.chars()
            .take_while(|c| c.is_alphanumeric() || *c == '_')
            .collect()
    };
    let mut modules = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            Some(group) => modules.extend(group.split(',').map(|part| name(part.trim()))),
            None => modules.push(name(rest)),
        }
    }
    modules.retain(|module| module.starts_with(|c: char| c.is_lowercase()));
    modules
}

fn complain(broken: Vec<String>, rule: &str) {
    assert!(broken.is_empty(), "{rule}:\n{}", broken.join("\n"));
}

fn breaking(breaks: impl Fn(&Line) -> bool) -> Vec<String> {
    let shown = |line: &Line| format!("src/{}:{}: {}", line.file, line.number, line.text.trim());
    lines()
        .iter()
        .filter(|line| breaks(line))
        .map(shown)
        .collect()
}

#[test]
fn modules_use_only_lower_layers() {
    let breaks = |line: &Line| {
        used(&line.text)
            .iter()
            .any(|other| *other != line.module && layer(other) >= layer(&line.module))
    };
    complain(
        breaking(breaks),
        "a module uses only lower layers and its own folder",
    );
}

#[test]
fn theme_and_site_do_not_know_each_other() {
    let breaks = |line: &Line| {
        let other = if line.module == "theme" {
            "site"
        } else {
            "theme"
        };
        ["theme", "site"].contains(&line.module.as_str())
            && used(&line.text).contains(&other.to_string())
    };
    complain(breaking(breaks), "theme and site do not know each other");
}

#[test]
fn nothing_enters_or_leaves_but_by_the_doors() {
    let doors = ["source", "sink", "serve", "new", "cli", "main"];
    let effects = [
        "std::fs",
        "fs::",
        "std::env::",
        "std::process",
        "std::net",
        "SystemTime::now",
        "Instant::now",
        "clock_gettime",
    ];
    let breaks = |line: &Line| {
        !doors.contains(&line.module.as_str())
            && effects.iter().any(|effect| line.text.contains(effect))
            && !line.text.contains("env!(")
    };
    complain(
        breaking(breaks),
        "files, clock and environment are for source, sink and the command line",
    );
}

#[test]
fn nothing_panics_on_purpose() {
    // What serialises is ours alone: there is no input that could make it fail.
    let allowed = "view types serialise";
    let words = [
        ".unwrap()",
        ".expect(",
        "panic!(",
        "todo!(",
        "unimplemented!(",
        "unreachable!(",
    ];
    let breaks = |line: &Line| {
        words.iter().any(|word| line.text.contains(word)) && !line.text.contains(allowed)
    };
    complain(breaking(breaks), "errors are values; a panic is a bug");
}

#[test]
fn every_file_says_what_it_is_for() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut files = Vec::new();
    collect(&root, &mut files);
    let silent = |path: &&PathBuf| {
        !fs::read_to_string(path)
            .expect("a source file")
            .starts_with("//!")
    };
    let silent: Vec<String> = files
        .iter()
        .filter(silent)
        .map(|path| path.display().to_string())
        .collect();
    complain(silent, "a file starts with a word on what it owns");
}

//! Runs a command and says what it took; says what is in a folder.

use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Instant, UNIX_EPOCH};
use wait4::Wait4;

/// The first argument by which this program calls itself.
pub const WORD: &str = "measure-one";

/// What one run took.
#[derive(Debug, Clone, Default)]
pub struct Sample {
    /// Seconds from start to end.
    pub wall: f64,
    /// Seconds of all threads, in the program and in the kernel.
    pub cpu: f64,
    /// The greatest resident memory, in bytes.
    pub peak: u64,
    /// Files that are new or have another time than before.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
}

/// Runs a command to its end. It fails if the command does.
///
/// A process begins with the peak memory of the one that started it, so a small process stands in
/// between: this program, which does nothing else.
pub fn run(command: &[OsString]) -> io::Result<Sample> {
    let own = std::env::current_exe()?;
    let done = Command::new(own)
        .arg(WORD)
        .args(command)
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    if !done.status.success() {
        return Err(io::Error::other(format!("{command:?} failed")));
    }
    let text = String::from_utf8_lossy(&done.stdout);
    let figures = text.trim_end().lines().last().unwrap_or_default();
    let mut figures = figures.split_whitespace().skip(1);
    let mut next = || {
        let figure = figures.next().and_then(|text| text.parse::<f64>().ok());
        figure.ok_or_else(|| io::Error::other("no figures came"))
    };
    Ok(Sample {
        wall: next()?,
        cpu: next()?,
        peak: next()? as u64,
        ..Sample::default()
    })
}

/// The small process: runs the command that the arguments name and prints what it took.
pub fn in_between(mut arguments: impl Iterator<Item = OsString>) -> io::Result<()> {
    let program = arguments.next().unwrap_or_default();
    let started = Instant::now();
    let mut child = Command::new(program).args(arguments).spawn()?;
    let end = child.wait4()?;
    let wall = started.elapsed().as_secs_f64();
    if !end.status.success() {
        return Err(io::Error::other("the command failed"));
    }
    let cpu = (end.rusage.utime + end.rusage.stime).as_secs_f64();
    println!("\n{WORD} {wall} {cpu} {}", end.rusage.maxrss);
    Ok(())
}

/// The files of a folder: by path, the length and the time.
#[derive(Debug, Default)]
pub struct Tree {
    pub files: HashMap<String, (u64, u128)>,
}

impl Tree {
    /// Lists a folder.
    pub fn of(folder: &Path) -> io::Result<Tree> {
        let mut files = HashMap::new();
        for entry in walkdir::WalkDir::new(folder) {
            let entry = entry?;
            if !entry.file_type().is_file() {
                continue;
            }
            let about = entry.metadata()?;
            let time = about.modified()?.duration_since(UNIX_EPOCH);
            let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
            files.insert(
                path.to_string_lossy().into_owned(),
                (about.len(), time.unwrap_or_default().as_nanos()),
            );
        }
        Ok(Tree { files })
    }

    /// All bytes.
    pub fn bytes(&self) -> u64 {
        self.files.values().map(|(bytes, _)| bytes).sum()
    }
}

impl Sample {
    /// Notes what was written between two listings.
    pub fn wrote(&mut self, before: &Tree, after: &Tree) {
        for (path, about) in &after.files {
            if before.files.get(path) != Some(about) {
                self.files += 1;
                self.bytes += about.0;
            }
        }
    }
}

/// Copies a file's bytes into memory; names the file if that fails.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    fs::read(path).map_err(|error| io::Error::other(format!("{}: {error}", path.display())))
}

//! A portal to measure with, in a folder in memory where the system has one.

use crate::corpus::{self, Spec};
use rayon::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

/// How old the files are made: what changed within the last seconds is read again at any start.
const AGE: Duration = Duration::from_secs(3_600);

/// A portal in a folder that goes with it.
pub struct Portal {
    folder: tempfile::TempDir,
    /// What it was made from.
    pub spec: Spec,
    /// What it is called in the report.
    pub name: String,
}

impl Portal {
    /// A portal of so many articles of 2,000 characters.
    pub fn made_up(articles: usize) -> Portal {
        let spec = Spec {
            articles,
            ..Spec::default()
        };
        let folder = folder();
        let root = folder.path();
        for channel in corpus::CHANNELS {
            fs::create_dir_all(root.join("content").join(channel)).expect("a folder");
        }
        write(&root.join("masthead.yaml"), corpus::config().as_bytes());
        (0..articles).into_par_iter().for_each(|n| {
            let (path, text) = corpus::article(&spec, n);
            write(&root.join(path), text.as_bytes());
        });
        Portal {
            folder,
            spec,
            name: report_number(articles),
        }
    }

    /// The portal that the repository is itself.
    pub fn demo() -> Portal {
        let folder = folder();
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        for part in ["masthead.yaml", "content", "data", "static", "templates"] {
            copy(&root.join(part), &folder.path().join(part));
        }
        Portal {
            folder,
            spec: Spec::default(),
            name: "demo".to_string(),
        }
    }

    /// Its root.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// Where the program remembers files.
    pub fn store(&self) -> PathBuf {
        self.root().join(".masthead")
    }
}

fn folder() -> tempfile::TempDir {
    let mut builder = tempfile::Builder::new();
    let builder = builder.prefix("masthead-bench-");
    let memory = builder.tempdir_in("/dev/shm");
    memory.or_else(|_| builder.tempdir()).expect("a folder")
}

fn write(path: &Path, bytes: &[u8]) {
    fs::write(path, bytes).expect("a written file");
    let file = fs::File::options().append(true).open(path);
    let aged = file.and_then(|file| file.set_modified(SystemTime::now() - AGE));
    aged.expect("an old file");
}

fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        write(to, &fs::read(from).expect("a file"));
    } else if let Ok(entries) = fs::read_dir(from) {
        fs::create_dir_all(to).expect("a folder");
        for entry in entries {
            let name = entry.expect("an entry").file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    }
}

/// `100,000`.
pub fn report_number(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

//! What a large portal costs, counted: files that are parsed, rendered and written, and memory.
//! How long it takes is measured in `benches/build.rs`, on a machine that does nothing else.

#![cfg(unix)] // The system counts a process's memory.

#[path = "common/corpus.rs"]
mod corpus;

use corpus::Spec;
use serde_json::Value;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use wait4::Wait4;

const NOW: &str = "2027-01-01T12:00:00+08:00";

/// A portal on a disk, and its output beside it.
struct Portal {
    folder: tempfile::TempDir,
    spec: Spec,
}

impl Portal {
    fn new(articles: usize) -> Portal {
        let folder = tempfile::tempdir().expect("a folder");
        let spec = Spec {
            articles,
            characters: 1_000,
            ..Spec::default()
        };
        corpus::write(&folder.path().join("site"), &spec).expect("a portal");
        Portal { folder, spec }
    }

    fn file(&self, path: &str) -> PathBuf {
        self.folder.path().join("site").join(path)
    }

    /// The figures of a build, and the greatest memory it had in bytes.
    fn build(&self) -> (Value, u64) {
        let at = |name: &str| self.folder.path().join(name);
        let figures = fs::File::create(at("figures.json")).expect("a file");
        let mut child = Command::new(env!("CARGO_BIN_EXE_masthead"))
            .args(["build", "--json", "--as-of", NOW, "--root"])
            .arg(at("site"))
            .arg("--output")
            .arg(at("out"))
            .stdout(Stdio::from(figures))
            .stderr(Stdio::null())
            .spawn()
            .expect("masthead runs");
        let end = child.wait4().expect("masthead ends");
        assert!(end.status.success());
        let text = fs::read_to_string(at("figures.json")).expect("figures");
        let figures = serde_json::from_str(&text).expect("JSON");
        (figures, end.rusage.maxrss)
    }
}

fn append(path: &Path, more: &str) {
    let text = fs::read_to_string(path).expect("a file");
    fs::write(path, text + more).expect("a file");
}

fn check(figures: &Value, parsed: u64, written: impl Fn(u64) -> bool, what: &str) {
    assert_eq!(figures["errors"], 0, "{what}");
    assert_eq!(figures["parsed"], parsed, "{what}: {figures}");
    let wrote = figures["written"].as_u64().expect("a number");
    assert!(written(wrote), "{what}: {wrote} files written");
}

#[test]
fn builds_do_what_changed_and_no_more() {
    let portal = Portal::new(2_000);
    let (first, _) = portal.build();
    check(&first, 2_000, |written| written > 2_000, "the first build");
    let (again, _) = portal.build();
    check(&again, 0, |written| written == 0, "nothing changed");
    assert_eq!(again["rendered"], 0);

    // Half way through the archive; its card stays as it is.
    let (path, _) = corpus::article(&portal.spec, 1_000);
    append(&portal.file(&path), "\n又一句话。\n");
    let (edit, _) = portal.build();
    // Its segment of the search's index has 1,792 articles and some 430 packs: what the sentence
    // brings is in three of them, and others begin with another token now.
    check(&edit, 1, |written| written <= 4 + 60, "an edit");
    assert!(
        edit["rendered"].as_u64().expect("a number") <= 4 + 500,
        "{edit}"
    );

    // A list has its newest page and three feeds. The article joins at most twelve: the home list,
    // a channel, a source, six tags and the people that it names.
    let (path, text) = corpus::article(&portal.spec, 2_000);
    fs::write(portal.file(&path), text).expect("an article");
    let (publish, _) = portal.build();
    check(
        &publish,
        1,
        |written| (10..=4 * 12 + 20).contains(&written),
        "an article more",
    );

    fs::create_dir_all(portal.file("templates")).expect("a folder");
    let template = "{% extends \"theme/article.html\" %}{% block layout %} data-new{% endblock %}";
    fs::write(portal.file("templates/article.html"), template).expect("a template");
    let (template, _) = portal.build();
    let pages = 2_001;
    check(
        &template,
        0,
        |written| (pages..pages + 10).contains(&written),
        "a template",
    );
}

#[test]
fn memory_grows_by_a_few_kilobytes_an_article() {
    let peak = |articles: usize| Portal::new(articles).build().1;
    let (small, large) = (2_000, 8_000);
    let grown = peak(large).saturating_sub(peak(small));
    let each = grown / (large - small) as u64;
    // Some 5.4 kB, of which the postings of the segment of the search that is being made are a part
    // below 32,768 articles.
    assert!((500..9_000).contains(&each), "{each} bytes an article");
}

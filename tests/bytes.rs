//! The same bytes from the real command: with any number of threads, with a cold and a warm cache,
//! on a file system in memory and on one on disk.

mod common;

use common::corpus::{self, Spec};
use common::disk::Files;
use common::tree;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const NOW: &str = "2027-01-01T00:00:00+08:00";

/// A folder on each file system that there is here.
fn places() -> Vec<tempfile::TempDir> {
    let target = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let mut places = vec![target];
    let memory = Path::new("/dev/shm");
    if memory.is_dir() {
        places.push(memory.to_path_buf());
    } else {
        println!("there is no /dev/shm here");
    }
    let folder = |place: &PathBuf| tempfile::tempdir_in(place).expect("a folder");
    places.iter().map(folder).collect()
}

fn build(root: &Path, output: &Path, threads: &str) -> Files {
    let built = Command::new(env!("CARGO_BIN_EXE_masthead"))
        .args(["build", "--as-of", NOW, "--threads", threads, "--root"])
        .arg(root)
        .arg("--output")
        .arg(output)
        .output()
        .expect("masthead runs");
    let said = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{said}");
    tree::read(output)
}

/// Builds a site everywhere and in every way; `touch` is a file whose change renders much anew.
fn is_the_same(name: &str, fill: &dyn Fn(&Path), touch: &str) {
    let mut first: Option<[Files; 2]> = None;
    for place in places() {
        for threads in ["1", "2", "8"] {
            let at = format!("{name}, {threads} threads in {}", place.path().display());
            let root = place.path().join(format!("{name}-{threads}"));
            fill(&root);
            let (output, other) = (root.join("public"), root.join("other"));
            let cold = build(&root, &output, threads);
            // Facts come from the cache now, and nothing lies in this output.
            let warm = build(&root, &other, threads);
            assert_eq!(tree::differing(&cold, &warm), [""; 0], "{at}: warm");
            let mut text = fs::read_to_string(root.join(touch)).expect("a file");
            text.push_str("\n<!-- 改 -->\n");
            fs::write(root.join(touch), text).expect("a file");
            let changed = build(&root, &output, threads);
            fs::remove_dir_all(root.join(".masthead")).expect("removed");
            let again = build(&root, &root.join("third"), threads);
            assert_eq!(tree::differing(&changed, &again), [""; 0], "{at}: changed");
            let [old, new] = first.get_or_insert_with(|| [cold.clone(), changed.clone()]);
            assert_eq!(tree::differing(old, &cold), [""; 0], "{at}");
            assert_eq!(tree::differing(new, &changed), [""; 0], "{at}: changed");
            assert_ne!(tree::differing(old, new), [""; 0], "{at}");
            fs::remove_dir_all(root).expect("removed");
        }
    }
}

#[test]
fn the_demo_portal_has_the_same_bytes_everywhere() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let fill = |root: &Path| {
        for folder in ["content", "data", "templates", "static"] {
            tree::copy(&repository.join(folder), &root.join(folder));
        }
        fs::copy(repository.join("masthead.yaml"), root.join("masthead.yaml")).expect("a file");
    };
    is_the_same("demo", &fill, "templates/base.html");
}

#[test]
fn some_hundred_articles_have_the_same_bytes_everywhere() {
    let spec = Spec {
        articles: 300,
        characters: 200,
        ..Spec::default()
    };
    let fill = |root: &Path| {
        corpus::write(root, &spec).expect("a site");
        let base = include_str!("../templates/base.html");
        fs::create_dir_all(root.join("templates")).expect("a folder");
        fs::write(root.join("templates/base.html"), base).expect("a file");
    };
    is_the_same("corpus", &fill, "templates/base.html");
}

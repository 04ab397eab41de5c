//! The real command on a real disk, killed at random moments, beside another of its kind, with
//! readers that read all the time, on a disk that is full or can't be written to. What readers
//! see stays whole, and the next build leaves the bytes of a clean one.
#![cfg(unix)]

mod common;

use common::corpus::{self, Spec};
use common::disk::{Disk, Files};
use common::editor::Random;
use common::fixture::moment;
use common::links::{Reader, file_at};
use common::tree::{self, Versions};
use masthead::build;
use masthead::source;
use std::collections::BTreeSet;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NOW: &str = "2027-01-01T00:00:00+08:00";

/// How often a property is tried: more with `MASTHEAD_CASES`.
fn cases(usual: usize) -> usize {
    let given = std::env::var("MASTHEAD_CASES").ok();
    given.map_or(usual, |text| text.parse().expect("a number"))
}

/// A site on disk that is edited and built again and again.
struct Site {
    folder: tempfile::TempDir,
    random: Random,
    serial: usize,
}

/// What the next build is to do.
#[derive(Debug, Clone, Copy)]
enum Work {
    /// All of it, into an empty output.
    First,
    /// One article was edited or added.
    Small,
    /// The theme was changed.
    Large,
}

impl Site {
    fn new(articles: usize, seed: u64) -> Site {
        let site = Site {
            folder: tempfile::tempdir().expect("a folder"),
            random: Random(seed),
            serial: articles,
        };
        corpus::write(&site.root(), &spec(articles)).expect("a site");
        site
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("site")
    }

    fn output(&self) -> PathBuf {
        self.root().join("public")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    /// Changes the sources.
    fn edit(&mut self, work: Work) {
        self.serial += 1;
        let n = self.serial;
        match work {
            Work::First => {
                for gone in [self.output(), self.root().join(".masthead")] {
                    fs::remove_dir_all(gone).expect("a folder");
                }
            }
            Work::Small if self.random.below(3) == 0 => {
                let (path, text) = corpus::article(&spec(n), n);
                self.write(&path, &text);
            }
            Work::Small => {
                let channel = self.random.pick(&corpus::CHANNELS);
                let (day, tag) = (1 + self.random.below(28), self.random.below(9));
                let text = format!(
                    "---\ntitle: 第{n}篇\ndate: 2026-12-{day:02} 08:00\ntags: [新{tag}]\n---\n字\n"
                );
                let number = self.random.below(4);
                self.write(&format!("content/{channel}/e{number}.md"), &text);
            }
            Work::Large => {
                let base = include_str!("../templates/base.html");
                let mark = format!("<!-- {n} --></body>");
                self.write("templates/base.html", &base.replace("</body>", &mark));
                self.write("static/site.css", &format!("/* {n} */"));
            }
        }
    }

    fn command(&self, more: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
        command.args(["build", "--as-of", NOW, "--root"]);
        command.arg(self.root()).args(more);
        command.stdout(Stdio::null()).stderr(Stdio::piped());
        command
    }

    /// Builds; gives status and report.
    fn build(&self) -> (i32, String) {
        let output = self.command(&[]).output().expect("masthead runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.code().unwrap_or(-1), said)
    }

    /// What a clean build leaves.
    fn clean(&self) -> Files {
        clean(&self.root())
    }

    /// Holds that the next build leaves what a clean one leaves, and nothing else.
    fn heals(&self, clean: &Files, at: &dyn Fn() -> String) {
        let (status, said) = self.build();
        assert_eq!(status, 0, "{}\n{said}", at());
        let differing = tree::differing(&tree::read(&self.output()), clean);
        assert!(differing.is_empty(), "{}\n{differing:?} differ", at());
        let strays = strays(&self.root());
        assert!(strays.is_empty(), "{}\n{strays:?} are left", at());
    }
}

fn spec(articles: usize) -> Spec {
    Spec {
        articles,
        characters: 200,
        ..Spec::default()
    }
}

fn clean(root: &Path) -> Files {
    let disk = Disk::new();
    let outcome = build::build(&build::Job {
        source: &source::Directory::new(root),
        sink: &disk,
        store: &disk,
        output: "clean",
        now: moment(NOW),
        drafts: false,
        base_url: None,
        check: false,
        progress: &|_, _| {},
        timings: &build::timings::Timings::off(),
    });
    assert_eq!(outcome.tally.errors, 0, "{:?}", outcome.diagnostics);
    disk.into_files()
}

/// Temporary files and folders that a build leaves when it is killed.
fn strays(root: &Path) -> Vec<String> {
    let entries = fs::read_dir(root).expect("the site");
    let names = entries.map(|entry| entry.expect("an entry").file_name());
    let mut strays: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name.starts_with(".public"))
        .collect();
    let store = tree::read(&root.join(".masthead")).into_keys();
    strays.extend(store.filter(|name| name.ends_with(".new") || name.starts_with("unfinished-")));
    strays
}

fn said(child: &mut Child) -> String {
    let mut text = String::new();
    let pipe = child.stderr.take();
    pipe.expect("a pipe")
        .read_to_string(&mut text)
        .expect("text");
    text
}

/// First, small and large builds, each killed at a random moment of the time that its like takes.
#[test]
fn a_build_may_be_killed_at_any_moment() {
    let mut site = Site::new(40, 11);
    let started = Instant::now();
    assert_eq!(site.build().0, 0);
    let first = started.elapsed();
    let mut now = site.clean();
    // How long each kind of work takes here: less where a build came to its end before its moment.
    let mut lasts = [first, first / 3, first];
    let (mut killed, mut between, mut reported) = (0, 0, [0; 3]);
    let cases = cases(40);
    for case in 0..cases {
        let kind = [1, 2, 1, 2, 0][case % 5];
        let work = [Work::First, Work::Small, Work::Large][kind];
        site.edit(work);
        let clean = site.clean();
        let mut versions = Versions::default();
        if kind != 0 {
            versions.add(&now);
        }
        versions.add(&clean);
        let before = tree::read(&site.output());
        let limit = lasts[kind].as_micros() as usize;
        let wait = Duration::from_micros(site.random.below(limit) as u64);
        let mut child = site.command(&["--quiet"]).spawn().expect("masthead runs");
        std::thread::sleep(wait);
        let ended = child.try_wait().expect("a child").is_some();
        child.kill().expect("a kill");
        child.wait().expect("a child");
        let at = || format!("case {case}: {work:?}, killed after {wait:?}");
        let there = tree::read(&site.output());
        if ended {
            lasts[kind] = lasts[kind] * 9 / 10;
        } else {
            lasts[kind] = lasts[kind] * 21 / 20;
            killed += 1;
            reported[kind] += 1;
            between += usize::from(there != before && there != clean);
        }
        match kind {
            0 => drop(versions.hold_any(&there, &at)),
            _ => versions.hold(&there, &at),
        }
        site.heals(&clean, &at);
        now = clean;
    }
    println!("{killed} of {cases} were killed at work ({reported:?} first, small, large),");
    println!("{between} of them between the old site and the new one");
    assert!(
        killed > cases / 8,
        "{killed} of {cases} were killed at work"
    );
}

/// Somebody follows links from the home page while builds are at work.
#[test]
fn readers_meet_a_whole_site_at_all_times() {
    let mut site = Site::new(40, 12);
    assert_eq!(site.build().0, 0);
    let mut pages = 0;
    for round in 0..cases(6) {
        let old = site.clean();
        site.edit([Work::Small, Work::Large][round % 2]);
        let new = site.clean();
        let done = AtomicBool::new(false);
        let read = std::thread::scope(|scope| {
            let readers: Vec<_> = (0..2)
                .map(|_| scope.spawn(|| read_until(&done, &site.output(), &[&old, &new])))
                .collect();
            let (status, said) = site.build();
            done.store(true, Ordering::Relaxed);
            assert_eq!(status, 0, "{said}");
            let read = readers
                .into_iter()
                .map(|reader| reader.join().expect("a reader"));
            read.sum::<usize>()
        });
        pages += read;
    }
    println!("{pages} pages were read");
    assert!(pages > 100, "{pages} pages were read");
}

/// Follows links until a build is done; gives how many files were read. A link may have come to
/// lead nowhere if the page that it is on is another one by now.
fn read_until(done: &AtomicBool, output: &Path, versions: &[&Files]) -> usize {
    let (mut reader, mut count) = (Reader::default(), 0);
    let is_file = |path: &str| output.join(path).is_file();
    let is_known = |path: &str, bytes: &Vec<u8>| {
        let mut versions = versions.iter();
        tree::is_record(path) || versions.any(|files| files.get(path) == Some(bytes))
    };
    while !done.load(Ordering::Relaxed) {
        let mut seen = BTreeSet::new();
        let mut next = vec!["index.html".to_string()];
        while let Some(page) = next.pop().filter(|_| !done.load(Ordering::Relaxed)) {
            let Ok(bytes) = fs::read(output.join(&page)) else {
                continue;
            };
            count += 1;
            assert!(is_known(&page, &bytes), "{page} is torn");
            for path in reader.links(&page, &bytes) {
                match file_at(path, &is_file) {
                    Some(file) if seen.insert(file.clone()) => next.push(file),
                    Some(_) => {}
                    None => {
                        let again = fs::read(output.join(&page)).unwrap_or_default();
                        let leads = again == bytes && file_at(path, &is_file).is_none();
                        assert!(!leads, "{page} leads to {path}, where nothing is");
                    }
                }
            }
        }
    }
    count
}

/// Two at once in one site: the second says that it waits, and does.
#[test]
fn a_second_build_waits_and_says_so() {
    let mut site = Site::new(30, 13);
    assert_eq!(site.build().0, 0);
    let mut first = halted_at_work(&mut site);
    let clean = site.clean();
    let mut second = site.command(&[]).spawn().expect("masthead runs");
    let mut line = String::new();
    {
        use std::io::BufRead;
        let pipe = second.stderr.as_mut().expect("a pipe");
        let mut pipe = std::io::BufReader::with_capacity(1, pipe);
        pipe.read_line(&mut line).expect("a line");
    }
    assert_eq!(
        line,
        "another build is at work in this site; waiting for it\n"
    );
    assert!(
        second.try_wait().expect("a child").is_none(),
        "it did not wait"
    );
    signal("-CONT", &first);
    for child in [&mut first, &mut second] {
        let said = said(child);
        assert_eq!(child.wait().expect("a child").code(), Some(0), "{said}");
    }
    assert!(tree::differing(&tree::read(&site.output()), &clean).is_empty());
    site.heals(&clean, &|| "after both".to_string());
}

/// A build that is stopped while it has the lock of its site.
fn halted_at_work(site: &mut Site) -> Child {
    for _ in 0..20 {
        site.edit(Work::Large);
        let mut child = site.command(&[]).spawn().expect("masthead runs");
        while child.try_wait().expect("a child").is_none() {
            if is_locked(&site.root()) {
                signal("-STOP", &child);
                // It may have come to its end just before.
                if child.try_wait().expect("a child").is_none() && is_locked(&site.root()) {
                    return child;
                }
                signal("-CONT", &child);
            }
        }
    }
    panic!("each build ended before it could be stopped");
}

fn signal(name: &str, child: &Child) {
    let id = child.id().to_string();
    let sent = Command::new("kill").args([name, &id]).status();
    assert!(sent.expect("kill runs").success());
}

fn is_locked(root: &Path) -> bool {
    let file = fs::File::open(root.join(".masthead/lock")).expect("a lock");
    file.try_lock().is_err()
}

/// Something of somebody else's lies where a page or a folder belongs.
#[test]
fn what_lies_in_the_way_is_named() {
    for (is_folder, source) in [
        (true, "content/jinrong/x.md"),
        (false, "content/jinrong/x.md"),
        // A new folder is in the navigation: all pages are new, and the run is staged.
        (true, "content/jinrong/new/x.md"),
        (false, "content/jinrong/new/x.md"),
    ] {
        let site = Site::new(20, 14);
        assert_eq!(site.build().0, 0);
        let now = site.clean();
        let text = "---\ntitle: 新\ndate: 2026-12-02 08:00\n---\n字\n";
        site.write(source, text);
        let clean = site.clean();
        let page = clean.keys().find(|path| path.ends_with("/x/index.html"));
        let page = page.expect("a page").clone();
        let folder = page.trim_end_matches("/index.html");
        let path = site.output().join(if is_folder { &page } else { folder });
        let inside = path.join("theirs.txt");
        let theirs = if is_folder { &inside } else { &path };
        fs::create_dir_all(theirs.parent().expect("a folder")).expect("a folder");
        fs::write(theirs, "theirs").expect("a file");
        let (status, said) = site.build();
        assert_eq!(status, 1, "{said}");
        let named = |what: &str| said.contains(&format!("error[unreadable]: `{folder}{what}"));
        assert!(named("/index.html") || named("` in"), "{said}");
        assert!(said.contains("in the output can't be "), "{said}");
        assert!(said.contains("move it away and build again"), "{said}");
        assert_eq!(fs::read_to_string(theirs).expect("a file"), "theirs");
        let mut versions = Versions::default();
        versions.add(&now);
        versions.add(&clean);
        let mut there = tree::read(&site.output());
        let own = theirs.strip_prefix(site.output()).expect("inside");
        there.remove(&*own.to_string_lossy());
        versions.hold(&there, &|| said.clone());
        match is_folder {
            true => fs::remove_dir_all(&path).expect("removed"),
            false => fs::remove_file(&path).expect("removed"),
        }
        site.heals(&clean, &|| format!("after {}", path.display()));
    }
}

// --- a disk of its own ---

/// Runs a script in a name space of its own, in which small disks can be mounted. `None`, with a
/// printed word, where the system does not permit that.
fn apart(script: &str, root: &Path) -> Option<String> {
    let permitted = Command::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "tmpfs", "/mnt"])
        .output();
    if !permitted.is_ok_and(|output| output.status.success()) {
        println!("skipped: no file system can be mounted here (unshare -rm)");
        return None;
    }
    let output = Command::new("unshare")
        .args(["-rm", "sh", "-eu", "-c", script])
        .env("MASTHEAD", env!("CARGO_BIN_EXE_masthead"))
        .env("NOW", NOW)
        .current_dir(root)
        .output()
        .expect("unshare runs");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    Some(said)
}

/// The site `site` is copied to a disk with some room beside the first output; `site2`, which
/// differs, is copied over it. Copies of the output are left in `then` and `after`.
const FULL: &str = r#"
mkdir -p disk then after
mount -t tmpfs -o size=64m tmpfs disk
cp -a site disk/
build() { "$MASTHEAD" build --as-of "$NOW" --root disk/site "$@"; }
build
cp -a site2/. disk/site/
used=$(df -k --output=used disk | tail -1)
mount -o remount,size=$((used + ROOM))k disk
status=0; build || status=$?
echo "status $status" >&2
cp -a disk/site/public/. then/
mount -o remount,size=64m disk
build
cp -a disk/site/public/. after/
ls -A disk/site disk/site/.masthead >&2
"#;

/// A real disk that is full after so many bytes, where an article was edited and where all pages
/// are new.
#[test]
fn a_full_disk_is_named_and_healed() {
    let mut full = 0;
    for (large, room) in [
        (false, 0),
        (false, 8),
        (false, 60),
        (false, 200),
        (true, 0),
        (true, 100),
        (true, 700),
        (true, 2_000),
    ] {
        let mut site = Site::new(40, 15);
        let now = site.clean();
        let folder = site.folder.path().to_path_buf();
        let second = folder.join("site2");
        let originals = tree::read(&site.root());
        site.edit(if large { Work::Large } else { Work::Small });
        let clean = site.clean();
        tree::copy(&site.root(), &second);
        fs::remove_dir_all(site.root()).expect("removed");
        for (path, bytes) in &originals {
            let path = site.root().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(path, bytes).expect("a file");
        }
        let script = FULL.replace("ROOM", &room.to_string());
        let Some(said) = apart(&script, &folder) else {
            return;
        };
        let mut versions = Versions::default();
        versions.add(&now);
        versions.add(&clean);
        let at = || format!("{room} KiB, large: {large}\n{said}");
        versions.hold(&tree::read(&folder.join("then")), &at);
        let differing = tree::differing(&tree::read(&folder.join("after")), &clean);
        assert!(differing.is_empty(), "{}\n{differing:?} differ", at());
        assert!(
            !said.contains(".new\n") && !said.contains("staging\n"),
            "{}",
            at()
        );
        if said.contains("status 1") {
            full += 1;
            assert!(said.contains("No space left on device"), "{}", at());
            assert!(
                said.contains("make room on the disk and build again"),
                "{}",
                at()
            );
        }
    }
    assert!(full >= 4, "the disk was full {full} times");
}

const READ_ONLY: &str = r#"
mkdir -p out then after
mount -t tmpfs tmpfs out
build() { "$MASTHEAD" build --as-of "$NOW" --root site --output out; }
build
cp site2 site/content/new.md
mount -o remount,ro out
status=0; build || status=$?
echo "status $status" >&2
cp -a out/. then/
mount -o remount,rw out
build
cp -a out/. after/
"#;

/// An output that can't be written to, which is also a mount point and so never exchanged.
#[test]
fn a_read_only_output_is_named_and_healed() {
    let site = Site::new(20, 16);
    let now = site.clean();
    let folder = site.folder.path().to_path_buf();
    let text = "---\ntitle: 新\ndate: 2026-12-02 08:00\n---\n字\n";
    fs::write(folder.join("site2"), text).expect("a file");
    let Some(said) = apart(READ_ONLY, &folder) else {
        return;
    };
    assert!(said.contains("status 1"), "{said}");
    assert!(said.contains("Read-only file system"), "{said}");
    assert!(
        said.contains("make it writable, or choose another folder"),
        "{said}"
    );
    let then = tree::read(&folder.join("then"));
    assert!(tree::differing(&then, &now).is_empty());
    let after = tree::read(&folder.join("after"));
    let differing = tree::differing(&after, &site.clean());
    assert!(differing.is_empty(), "{differing:?} differ");
}

//! Watching a site: what editors and people do to its files, and what is told of it.
//!
//! Each step ends with a sentinel, a file that is written when all should have been told: whatever
//! is told beside it is too much. So nothing has to be waited for that doesn't come.
#![cfg(target_os = "linux")]

use masthead::source::watch::{Event, Settings, Watch, watch};
use masthead::source::{Directory, Source};
use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

const FILE: &str = "content/guoji/bridge.md";
const SENTINEL: &str = "static/sentinel";

/// Long enough for a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(20);

/// What is done to a site, and the paths that are told of.
type Step = (fn(&Site), &'static [&'static str]);

/// A site in a folder of its own, with a few files.
struct Site {
    _folder: tempfile::TempDir,
    root: PathBuf,
}

/// A watch with all that it says.
struct Told {
    _watch: Watch,
    events: Receiver<Event>,
}

impl Site {
    fn new() -> Site {
        Site::at("site")
    }

    fn at(name: &str) -> Site {
        let folder = tempfile::tempdir().expect("a folder");
        let root = folder.path().join(name);
        let site = Site {
            _folder: folder,
            root,
        };
        for path in [
            FILE,
            "content/guoji/harbour.md",
            "static/logo.svg",
            "shared/deep/y.md",
        ] {
            site.write(path);
        }
        site
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    fn write(&self, path: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, "文").unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).expect("a rename");
    }

    fn remove(&self, path: &str) {
        let path = self.path(path);
        let removed = if path.is_dir() && !path.is_symlink() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    fn link(&self, to: &str, path: &str) {
        symlink(to, self.path(path)).expect("a link");
    }

    fn run(&self, command: &str, arguments: &[&str]) {
        let mut run = Command::new(command);
        let run = run.args(arguments).current_dir(&self.root).status();
        assert!(run.expect("it runs").success(), "{command}");
    }

    fn watch(&self, settings: Settings) -> Told {
        watch_at(&self.root, settings)
    }

    /// Holds that each step is told in one event, and nothing else.
    fn check(&self, told: &Told, steps: &[Step]) {
        for (number, (act, expect)) in steps.iter().enumerate() {
            act(self);
            if !expect.is_empty() {
                assert_eq!(told.paths(), *expect, "step {number}");
            }
            self.write(SENTINEL);
            assert_eq!(told.paths(), [SENTINEL], "after step {number}");
        }
    }
}

impl Told {
    fn next(&self) -> Event {
        self.events.recv_timeout(PATIENCE).expect("an event")
    }

    fn paths(&self) -> Vec<String> {
        match self.next() {
            Event::Changed(paths) => paths.into_iter().collect(),
            other => panic!("{other:?}"),
        }
    }
}

/// Bursts of the table end late, so that a busy machine does not cut them in two.
fn slow() -> Settings {
    Settings {
        quiet: Duration::from_millis(80),
        ..Settings::default()
    }
}

fn watch_at(root: &Path, settings: Settings) -> Told {
    let (to, events) = channel();
    let on = move |event| to.send(event).expect("somebody listens");
    Told {
        _watch: watch(root, settings, on).expect("a watch"),
        events,
    }
}

fn steps(steps: &[Step]) {
    let site = Site::new();
    site.check(&site.watch(slow()), steps);
}

#[test]
fn saving_is_told_once_by_the_files_own_name() {
    steps(&[
        // nano, VS Code: written in place.
        (|site| site.write(FILE), &[FILE]),
        // Vim, with `backupcopy=no`: a swap file, a probe, the old file aside, a new one.
        (
            |site| {
                site.write("content/guoji/.bridge.md.swp");
                site.write("content/guoji/.bridge.md.swx");
                site.remove("content/guoji/.bridge.md.swx");
                site.write("content/guoji/4913");
                site.remove("content/guoji/4913");
                site.rename(FILE, "content/guoji/bridge.md~");
                site.write(FILE);
                site.remove("content/guoji/bridge.md~");
                site.remove("content/guoji/.bridge.md.swp");
            },
            &[FILE],
        ),
        // Emacs: a lock that is a link to nothing, a file saved by itself, a backup.
        (
            |site| {
                site.link("editor@desk.4711", "content/guoji/.#bridge.md");
                site.write("content/guoji/#bridge.md#");
                site.rename(FILE, "content/guoji/bridge.md~");
                site.write(FILE);
                site.remove("content/guoji/#bridge.md#");
                site.remove("content/guoji/.#bridge.md");
            },
            &[FILE],
        ),
        // gedit; in static/ hidden files are sources, but not this one.
        (
            |site| {
                site.write("static/.goutputstream-X1Y2Z3");
                site.rename("static/.goutputstream-X1Y2Z3", "static/logo.svg");
            },
            &["static/logo.svg"],
        ),
        // JetBrains.
        (
            |site| {
                site.write("content/guoji/bridge.md___jb_tmp___");
                site.rename(FILE, "content/guoji/bridge.md___jb_old___");
                site.rename("content/guoji/bridge.md___jb_tmp___", FILE);
                site.remove("content/guoji/bridge.md___jb_old___");
            },
            &[FILE],
        ),
        // Many programs.
        (
            |site| {
                site.write("content/guoji/bridge.md.tmp");
                site.rename("content/guoji/bridge.md.tmp", FILE);
            },
            &[FILE],
        ),
        // git checkout.
        (
            |site| {
                site.remove(FILE);
                site.write(FILE);
            },
            &[FILE],
        ),
        (|site| site.run("sed", &["-i", "s/文/字/", FILE]), &[FILE]),
    ]);
}

#[test]
fn files_come_go_and_change_their_attributes() {
    const NEW: &str = "content/guoji/海港 新闻.md";
    steps(&[
        (|site| site.write(NEW), &[NEW]),
        (
            |site| site.rename(NEW, "content/guoji/b.md"),
            &["content/guoji/b.md", NEW],
        ),
        (
            |site| site.remove("content/guoji/b.md"),
            &["content/guoji/b.md"],
        ),
        (
            |site| {
                let mode = fs::Permissions::from_mode(0o600);
                fs::set_permissions(site.path(FILE), mode).expect("rights");
            },
            &[FILE],
        ),
        (
            |site| {
                let file = File::options().append(true).open(site.path(FILE));
                file.and_then(|file| file.set_modified(SystemTime::UNIX_EPOCH))
                    .expect("a time");
            },
            &[FILE],
        ),
        (|site| site.run("mv", &[FILE, "elsewhere.md"]), &[FILE]),
        (|site| site.run("mv", &["elsewhere.md", FILE]), &[FILE]),
        (
            |site| {
                site.write("content/a.md");
                site.write("data/a.yaml");
                site.write("static/.well-known/a");
            },
            &["content/a.md", "data", "static/.well-known"],
        ),
        (|site| site.write("masthead.yaml"), &["masthead.yaml"]),
        (|site| site.write("masthead.yaml"), &["masthead.yaml"]),
        (|site| site.remove("masthead.yaml"), &["masthead.yaml"]),
    ]);
}

#[test]
fn what_is_no_change_of_a_source_is_not_told() {
    let site = Site::new();
    for path in [
        "public/a/index.html",
        ".git/HEAD",
        "target/debug/a",
        ".masthead/facts",
    ] {
        site.write(path);
    }
    site.write("content/.obsidian/a");
    let told = site.watch(slow());
    let nothing: &[&str] = &[];
    site.check(
        &told,
        &[
            (
                |site| {
                    Directory::new(&site.root).list();
                    fs::read(site.path(FILE)).expect("a file");
                },
                nothing,
            ),
            (
                |site| {
                    site.write("public/a/index.html");
                    site.write("public/b");
                    site.rename("public", "public-old");
                    site.write(".git/HEAD");
                    site.write("target/debug/a");
                    site.remove(".masthead");
                    site.write("README.md");
                    site.write("masthead.yaml.tmp");
                },
                nothing,
            ),
            (
                |site| {
                    site.write("content/.obsidian/a");
                    site.write("content/.hidden");
                    site.write("content/guoji/a.md~");
                    site.write("static/.DS_Store");
                },
                nothing,
            ),
            (
                |site| {
                    let name = OsStr::from_bytes(b"\xB4\xF3");
                    fs::write(site.path("content").join(name), "").expect("a file");
                    let folder = site.path("content/guoji").join(name);
                    fs::create_dir(&folder).expect("a folder");
                    fs::write(folder.join("a.md"), "").expect("a file");
                },
                nothing,
            ),
        ],
    );
}

#[test]
fn folders_are_told_as_a_whole_and_watched_from_then_on() {
    steps(&[
        // Written at once: some of it before the new folder can be watched.
        (
            |site| {
                site.write("content/a/a.md");
                site.write("content/a/b/c/d.md");
            },
            &["content/a"],
        ),
        (
            |site| site.write("content/a/b/c/d.md"),
            &["content/a/b/c/d.md"],
        ),
        (
            |site| site.rename("content/a", "content/e"),
            &["content/a", "content/e"],
        ),
        (
            |site| site.write("content/e/b/c/d.md"),
            &["content/e/b/c/d.md"],
        ),
        // Out of the site; what happens there is nothing to it.
        (
            |site| {
                site.rename("content/e", "../e");
                site.write("../e/b/c/d.md");
            },
            &["content/e"],
        ),
        (|site| site.write("../e/b/x.md"), &[]),
        (
            |site| site.rename("../e", "content/guoji/f"),
            &["content/guoji/f"],
        ),
        (
            |site| site.write("content/guoji/f/b/x.md"),
            &["content/guoji/f/b/x.md"],
        ),
        (|site| site.remove("content/guoji"), &["content/guoji"]),
        (|site| site.write(FILE), &["content/guoji"]),
        (|site| site.write(FILE), &[FILE]),
        // The folders of a site may come later than the watch.
        (|site| site.write("templates/base.html"), &["templates"]),
        (
            |site| site.write("templates/base.html"),
            &["templates/base.html"],
        ),
        (|site| site.rename("templates", "themes"), &["templates"]),
        (|site| site.write("themes/base.html"), &[]),
        // Two folders change places.
        (
            |site| {
                site.write("content/keji/k.md");
            },
            &["content/keji"],
        ),
        (
            |site| {
                site.rename("content/keji", "content/x");
                site.rename("content/guoji", "content/keji");
                site.rename("content/x", "content/guoji");
            },
            &["content/guoji", "content/keji", "content/x"],
        ),
        (
            |site| {
                site.write("content/guoji/k.md");
                site.write("content/keji/bridge.md");
            },
            &["content/guoji/k.md", "content/keji/bridge.md"],
        ),
    ]);
}

#[test]
fn a_change_is_told_by_all_names_that_links_give_it() {
    let site = Site::new();
    site.write("data/texts/a.md");
    site.write("../outside/o.md");
    site.write("conf/site.yaml");
    site.link("../data/texts", "content/linked");
    site.link("../shared", "content/shared");
    site.link("../../data/texts/a.md", "content/guoji/one.md");
    site.link("../../outside", "content/outside");
    site.link("..", "content/guoji/up");
    site.link("self", "content/self");
    site.link("conf/site.yaml", "masthead.yaml");
    let told = site.watch(slow());
    site.check(
        &told,
        &[
            (
                |site| site.write("data/texts/a.md"),
                &[
                    "content/guoji/one.md",
                    "content/linked/a.md",
                    "data/texts/a.md",
                ],
            ),
            (
                |site| site.write("content/linked/new.md"),
                &["content/linked/new.md", "data/texts/new.md"],
            ),
            (
                |site| site.write("content/shared/deep/y.md"),
                &["content/shared/deep/y.md"],
            ),
            (
                |site| site.write("shared/more/z.md"),
                &["content/shared/more"],
            ),
            (
                |site| site.write("shared/more/z.md"),
                &["content/shared/more/z.md"],
            ),
            (|site| site.remove("shared"), &["content/shared"]),
            (|site| site.write("shared/deep/y.md"), &["content/shared"]),
            (
                |site| site.write("shared/deep/y.md"),
                &["content/shared/deep/y.md"],
            ),
            (
                |site| {
                    site.write("conf/site.yaml.tmp");
                    site.rename("conf/site.yaml.tmp", "conf/site.yaml");
                },
                &["masthead.yaml"],
            ),
            (|site| site.write("../outside/o.md"), &[]),
            (|site| site.write(FILE), &[FILE]),
            // Links come and go too.
            (|site| site.remove("content/linked"), &["content/linked"]),
            (
                |site| site.write("data/texts/a.md"),
                &["content/guoji/one.md", "data/texts/a.md"],
            ),
            (
                |site| site.link("../shared/deep", "data/deep"),
                &["data/deep"],
            ),
            (
                |site| site.write("shared/deep/y.md"),
                &["content/shared/deep/y.md", "data/deep/y.md"],
            ),
        ],
    );
}

#[test]
fn a_site_may_have_any_name_and_be_reached_by_any_way() {
    let one: &[Step] = &[(|site| site.write(FILE), &[FILE])];
    let site = Site::at("海港 日报 'x'");
    site.check(&site.watch(slow()), one);
    let link = site.root.with_file_name("link");
    symlink(&site.root, &link).expect("a link");
    site.check(&watch_at(&link, slow()), one);
    let here = std::env::current_dir().expect("a folder");
    let up: PathBuf = here.components().skip(1).map(|_| "..").collect();
    let relative = up.join(site.root.strip_prefix("/").expect("absolute"));
    site.check(&watch_at(&relative, slow()), one);
    let missing = watch(&site.path("nowhere"), slow(), |_| {});
    let missing = missing.err().expect("an error");
    assert!(
        missing
            .message
            .contains("nowhere` can't be watched: No such file"),
        "{missing:?}"
    );
    assert!(watch(&site.path(FILE), slow(), |_| {}).is_err());
}

#[test]
fn two_thousand_files_are_one_burst() {
    let site = Site::new();
    let names: BTreeSet<String> = (0..2000)
        .map(|n| format!("content/{}/{n}.md", n % 20))
        .collect();
    names.iter().for_each(|name| site.write(name));
    let told = site.watch(slow());
    for name in &names {
        site.remove(name);
        site.write(name);
    }
    site.write(SENTINEL);
    let mut all = BTreeSet::new();
    let mut events = 0;
    while !all.contains(SENTINEL) {
        all.extend(told.paths());
        events += 1;
    }
    all.remove(SENTINEL);
    assert_eq!(all, names);
    assert!(events <= 2, "{events} events");
}

#[test]
fn a_site_that_is_looked_through_tells_the_same_of_files() {
    let site = Site::new();
    let told = site.watch(Settings {
        poll: Some(Duration::from_millis(10)),
        ..slow()
    });
    site.check(
        &told,
        &[
            (
                |site| site.write("content/guoji/new.md"),
                &["content/guoji/new.md"],
            ),
            (
                |site| {
                    site.write("content/guoji/new.md.tmp");
                    site.rename("content/guoji/new.md.tmp", FILE);
                    site.write("content/guoji/4913");
                },
                &[FILE],
            ),
            (
                |site| site.rename("content/guoji", "content/keji"),
                &[
                    FILE,
                    "content/guoji/harbour.md",
                    "content/guoji/new.md",
                    "content/keji/bridge.md",
                    "content/keji/harbour.md",
                    "content/keji/new.md",
                ],
            ),
            (
                |site| site.link("nothing", "content/dangling.md"),
                &["content/dangling.md"],
            ),
            (|site| site.write("public/a"), &[]),
            (
                |site| site.remove("content/keji/new.md"),
                &["content/keji/new.md"],
            ),
        ],
    );
}

#[test]
fn a_site_that_is_gone_is_trouble_until_it_is_there_again() {
    let site = Site::new();
    let told = site.watch(slow());
    let away = site.root.with_file_name("away");
    fs::rename(&site.root, &away).expect("a rename");
    let mut next = told.next();
    while let Event::Changed(_) = next {
        next = told.next();
    }
    let Event::Trouble(trouble) = next else {
        panic!("{next:?}");
    };
    assert_eq!(
        trouble.message,
        "the folder of the site is gone or was moved"
    );
    assert_eq!(told.next(), Event::Rescan);
    fs::rename(&away, &site.root).expect("a rename");
    let back = told.paths();
    assert!(back.contains(&FILE.to_string()), "{back:?}");
}

#[test]
fn a_watch_can_be_dropped_by_whom_it_tells() {
    let site = Site::new();
    let held: Arc<Mutex<Option<Watch>>> = Arc::default();
    let (to, done) = channel();
    let inner = Arc::clone(&held);
    let on = move |_| {
        drop(inner.lock().expect("no panic").take());
        to.send(()).expect("somebody listens");
    };
    *held.lock().expect("no panic") = Some(watch(&site.root, slow(), on).expect("a watch"));
    site.write(FILE);
    done.recv_timeout(PATIENCE).expect("an event");
    assert!(done.recv_timeout(PATIENCE).is_err(), "told after its end");
}

/// Runs one test of this file in a process of its own, where it finds `ALONE` set.
fn alone(test: &str, through: &[&str]) -> bool {
    if std::env::var_os("ALONE").is_some() {
        return true;
    }
    let program = std::env::current_exe().expect("a path");
    let program = program.to_string_lossy().into_owned();
    let line = [through, &[&program, "--exact", test, "--nocapture"]].concat();
    let run = Command::new(line[0])
        .args(&line[1..])
        .env("ALONE", "1")
        .output();
    let run = run.expect("it runs");
    let text = String::from_utf8_lossy(&[run.stdout, run.stderr].concat()).into_owned();
    assert!(run.status.success(), "{text}");
    false
}

fn count(folder: &str) -> usize {
    fs::read_dir(folder).expect("a folder").count()
}

#[test]
fn nothing_is_left_of_a_dropped_watch() {
    if !alone("nothing_is_left_of_a_dropped_watch", &[]) {
        return;
    }
    let site = Site::new();
    let left = || (count("/proc/self/fd"), count("/proc/self/task"));
    // The first one starts threads for listing, which stay.
    Directory::new(&site.root).list();
    let before = left();
    for _ in 0..20 {
        site.check(
            &site.watch(Settings::default()),
            &[(|site| site.write(FILE), &[FILE])],
        );
        drop(site.watch(Settings {
            poll: Some(PATIENCE),
            ..slow()
        }));
    }
    // A thread that has let go of all may still be on its way out.
    let deadline = std::time::Instant::now() + PATIENCE;
    while left() != before && std::time::Instant::now() < deadline {
        std::thread::yield_now();
    }
    assert_eq!(left(), before);
}

/// A command that lets only so many folders be watched, where a user may make such a place.
fn few_watches(limit: u32) -> Option<Vec<String>> {
    let set = format!("echo {limit} > /proc/sys/user/max_inotify_watches && exec \"$0\" \"$@\"");
    let line = ["unshare", "-Ur", "sh", "-c", &set].map(str::to_string);
    let probe = Command::new(&line[0]).args(&line[1..]).arg("true").output();
    probe
        .is_ok_and(|probe| probe.status.success())
        .then(|| line.to_vec())
}

fn out_of_watches(told: &Told) {
    let Event::Trouble(trouble) = told.next() else {
        panic!("no trouble");
    };
    assert_eq!(trouble.code.name(), "unwatched");
    let help = trouble.help.expect("a help");
    assert!(
        help.contains("sudo sysctl fs.inotify.max_user_watches="),
        "{help}"
    );
}

#[test]
fn where_watches_run_out_the_site_is_looked_through() {
    let name = "where_watches_run_out_the_site_is_looked_through";
    let through = few_watches(6).unwrap_or_default();
    let through: Vec<&str> = through.iter().map(String::as_str).collect();
    if std::env::var_os("ALONE").is_none() && through.is_empty() || !alone(name, &through) {
        return;
    }
    // From the start: the root, content/, eight folders in it.
    let site = Site::new();
    (0..8).for_each(|n| site.write(&format!("content/{n}/a.md")));
    let told = site.watch(slow());
    out_of_watches(&told);
    site.write("content/7/a.md");
    assert_eq!(told.paths(), ["content/7/a.md"]);
    drop(told);
    // Later, with a new folder.
    let site = Site::new();
    let told = site.watch(slow());
    site.check(&told, &[(|site| site.write(FILE), &[FILE])]);
    (0..8).for_each(|n| site.write(&format!("content/{n}/a.md")));
    out_of_watches(&told);
    assert_eq!(told.next(), Event::Rescan);
    site.write("content/6/b.md");
    site.write("content/7/b.md");
    let mut all = told.paths();
    while !all.contains(&"content/7/b.md".to_string()) {
        all.extend(told.paths());
    }
}

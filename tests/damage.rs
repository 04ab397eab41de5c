//! Trust under damage: whatever becomes of cache, manifest and output, and wherever a build comes
//! to a halt, the site that readers see stays whole, and the next build leaves the bytes of a
//! clean one.

mod common;

use common::corpus::{self, Spec};
use common::disk::{Disk, Fails};
use common::editor::{Editor, Random};
use common::fixture::{Bench, moment};
use common::tree::{self, Versions};
use masthead::base::diagnostic::{Code, Diagnostic, Severity};
use masthead::build::timings::Timings;
use masthead::build::{self, Outcome};
use masthead::sink::store::Store;
use masthead::sink::{Sink, TEMPORARY};
use masthead::source::memory::Memory;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How often a property is tried: more with `MASTHEAD_CASES`.
fn cases(usual: u64) -> u64 {
    let given = std::env::var("MASTHEAD_CASES").ok();
    given.map_or(usual, |text| text.parse().expect("a number"))
}

/// Tries a property with all seeds up to `cases`: each on one thread, and as many at once as there
/// are processors.
fn try_all(cases: u64, holds: impl Fn(u64) + Sync) {
    let next = AtomicU64::new(1);
    let work = || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        pool.expect("a pool").install(|| {
            loop {
                match next.fetch_add(1, Ordering::Relaxed) {
                    seed if seed <= cases => holds(seed),
                    _ => return,
                }
            }
        });
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
}

fn build(source: &Memory, now: i64, sink: &dyn Sink, store: &dyn Store) -> Outcome {
    build::build(&build::Job {
        source,
        sink,
        store,
        output: "test",
        now,
        drafts: false,
        base_url: None,
        check: false,
        progress: &|_, _| {},
        timings: &Timings::off(),
    })
}

fn build_on(disk: &Disk, bench: &Bench) -> Outcome {
    build(&bench.source, bench.options.now, disk, disk)
}

fn clean_files(bench: &Bench) -> BTreeMap<String, Vec<u8>> {
    let disk = Disk::new();
    let outcome = build_on(&disk, bench);
    assert!(!outcome.halted, "{:?}", outcome.diagnostics);
    disk.into_files()
}

fn codes(outcome: &Outcome, severity: Severity) -> Vec<Code> {
    let said = outcome.diagnostics.iter();
    let said = said.filter(|said| said.severity == severity);
    said.map(|said| said.code).collect()
}

/// The next build after a halt makes the site what a clean build makes it.
fn heals(halted: &Disk, bench: &Bench, clean: &BTreeMap<String, Vec<u8>>, at: &dyn Fn() -> String) {
    let disk = Disk::failing(halted, Fails::Once, usize::MAX);
    let outcome = build_on(&disk, bench);
    let foreign = codes(&outcome, Severity::Note).contains(&Code::ForeignFile);
    let fails = codes(&outcome, Severity::Error).contains(&Code::Unreadable);
    assert!(!foreign && !fails, "{}\n{:?}", at(), outcome.diagnostics);
    is_as_clean(&disk, clean, &outcome, at);
    let unfinished = disk.names("unfinished-");
    assert!(unfinished.is_empty(), "{}\n{unfinished:?} is left", at());
}

/// What lies there is what a clean build leaves. Where a source has errors, its last good pages may
/// lie there as well; a URL that two claim is such an error, and no edit is too careful for it.
fn is_as_clean(
    disk: &Disk,
    clean: &BTreeMap<String, Vec<u8>>,
    outcome: &Outcome,
    at: &dyn Fn() -> String,
) {
    let files = disk.files();
    let mut differing = tree::differing(&files, clean);
    if outcome.tally.errors > 0 {
        let is_site = |path: &String| clean.contains_key(path) && !tree::is_record(path);
        differing.retain(is_site);
    }
    assert!(differing.is_empty(), "{}\n{differing:?} differ", at());
    let temporary = |path: &&String| path.contains(TEMPORARY);
    assert_eq!(files.keys().find(temporary), None, "{}", at());
}

const WAYS: [Fails; 3] = [Fails::Full, Fails::Killed, Fails::Once];

/// At each single change of output and store a build may come to a halt.
#[test]
fn a_build_may_halt_at_any_change() {
    try_all(cases(5), |seed| {
        let mut editor = Editor::careful(seed);
        let whole = Disk::new();
        build_on(&whole, &editor.bench);
        let mut versions = Versions::default();
        versions.add(&whole.files());
        let edits = [editor.edit(), editor.edit()];
        let clean = clean_files(&editor.bench);
        versions.add(&clean);
        for fails in WAYS {
            for after in 0.. {
                let at = || format!("seed {seed}, {fails:?} after {after}: {edits:?}");
                let disk = Disk::failing(&whole, fails, after);
                let outcome = build_on(&disk, &editor.bench);
                versions.hold(&disk.files(), &at);
                heals(&disk, &editor.bench, &clean, &at);
                if !disk.failed() {
                    assert!(after > 0, "{}", at());
                    break;
                }
                says_so(&outcome, &at);
            }
        }
    });
}

/// What could not be written is an error that names the cause and what to do. What is only kept
/// for the next build's sake may be lost in silence.
fn says_so(outcome: &Outcome, at: &dyn Fn() -> String) {
    let of_files = |said: &&Diagnostic| said.code == Code::Unreadable;
    for said in outcome.diagnostics.iter().filter(of_files) {
        assert!(said.message.contains("can't be "), "{}\n{said:?}", at());
        let help = said.help.as_deref().unwrap_or_default();
        assert!(help.starts_with("make room"), "{}\n{said:?}", at());
    }
}

/// Builds that come to a halt one after the other, with edits in between.
#[test]
fn builds_may_halt_again_and_again() {
    try_all(cases(120), |seed| {
        let mut editor = Editor::careful(seed);
        let mut disk = Disk::new();
        build_on(&disk, &editor.bench);
        let mut versions = Versions::default();
        versions.add(&disk.files());
        let mut history = Vec::new();
        for _ in 0..4 {
            history.push(editor.edit());
            let fails = *editor.random.pick(&WAYS);
            let after = editor.random.below(40);
            history.push(format!("{fails:?} after {after}"));
            let clean = clean_files(&editor.bench);
            versions.add(&clean);
            disk = Disk::failing(&disk, fails, after);
            build_on(&disk, &editor.bench);
            let at = || format!("seed {seed}: {history:?}");
            versions.hold_any(&disk.files(), &at);
        }
        let clean = clean_files(&editor.bench);
        heals(&disk, &editor.bench, &clean, &|| {
            format!("seed {seed}: {history:?}")
        });
    });
}

/// A change so large that it is staged: the old site stays as it is until the new one is whole.
#[test]
fn a_large_build_may_halt_at_any_change() {
    let spec = Spec {
        articles: 120,
        characters: 60,
        ..Spec::default()
    };
    let mut bench = Bench::default();
    bench.options.now = moment("2027-01-01T00:00:00+08:00");
    bench.source.put("masthead.yaml", corpus::config());
    for n in 0..spec.articles {
        let (path, text) = corpus::article(&spec, n);
        bench.source.put(path, text);
    }
    let whole = Disk::new();
    build_on(&whole, &bench);
    bench.source.put(
        "masthead.yaml",
        corpus::config().replacen("title: ", "title: 新", 1),
    );
    let clean = clean_files(&bench);
    let mut random = Random(7);
    let mut after = 0;
    loop {
        let disk = Disk::failing(&whole, *random.pick(&WAYS), after);
        build_on(&disk, &bench);
        let at = || format!("after {after}");
        let files = disk.files().clone();
        assert!(
            files == *whole.files() || files == clean,
            "{}: a mixture",
            at()
        );
        heals(&disk, &bench, &clean, &at);
        if !disk.failed() {
            break;
        }
        after += 1 + random.below(90);
    }
    assert!(after > 256, "only {after} changes");
}

/// What damage does to a blob.
fn damaged(random: &mut Random, whole: &[u8], other: Option<&Vec<u8>>) -> (String, Vec<u8>) {
    let mut bytes = whole.to_vec();
    match random.below(6) {
        0 => {
            bytes.truncate(random.below(whole.len().max(1)));
            (format!("cut at {}", bytes.len()), bytes)
        }
        1 => ("emptied".to_string(), Vec::new()),
        2 => {
            bytes.extend_from_slice(b"more");
            ("longer".to_string(), bytes)
        }
        // Another version of masthead has another salt: the checksum does not fit.
        3 => {
            let other = random.next().to_le_bytes();
            bytes
                .iter_mut()
                .take(8)
                .zip(other)
                .for_each(|(byte, more)| *byte ^= more);
            ("of another version".to_string(), bytes)
        }
        4 if other.is_some() => {
            let bytes = other.cloned().unwrap_or_default();
            ("of another site".to_string(), bytes)
        }
        _ if bytes.is_empty() => ("no longer empty".to_string(), vec![1]),
        _ => {
            let (at, bit) = (random.below(bytes.len()), random.below(8));
            bytes[at] ^= 1 << bit;
            (format!("bit {bit} of byte {at} flipped"), bytes)
        }
    }
}

/// Any blob of the store may be damaged in any way, more than one at once, after a build that
/// ended well or came to a halt.
#[test]
fn a_store_may_be_damaged_in_any_way() {
    let noted = AtomicU64::new(0);
    try_all(cases(300), |seed| {
        let mut editor = Editor::careful(seed);
        let mut stranger = Editor::careful(seed + 1_000_000);
        // Times of two sources are no more equal than those of two disks.
        (0..1_000).for_each(|n| stranger.bench.source.put("static/n.txt", format!("{n}")));
        let (mut disk, other) = (Disk::new(), Disk::new());
        build_on(&disk, &editor.bench);
        build_on(&other, &stranger.bench);
        let mut history = vec![editor.edit()];
        if editor.random.below(4) == 0 {
            let after = editor.random.below(40);
            disk = Disk::failing(&disk, Fails::Killed, after);
            build_on(&disk, &editor.bench);
            disk = Disk::failing(&disk, Fails::Once, usize::MAX);
            history.push(format!("killed after {after}"));
        } else if editor.random.below(2) == 0 {
            build_on(&disk, &editor.bench);
        }
        let mut must_note = false;
        let mut names: Vec<String> = disk.store.blobs().keys().cloned().collect();
        for _ in 0..1 + editor.random.below(2) {
            let name = names.remove(editor.random.below(names.len()));
            let whole = disk.store.blobs()[&name].clone();
            let other = other.store.blobs().get(&name).cloned();
            let (how, bytes) = damaged(&mut editor.random, &whole, other.as_ref());
            // Of facts a build that has nothing to do knows nothing.
            must_note |= bytes != whole && how != "of another site" && name.starts_with("manifest");
            history.push(format!("{name} {how}"));
            disk.store.blobs().insert(name, bytes);
        }
        if editor.random.below(2) == 0 {
            history.push(editor.edit());
        }
        let at = || format!("seed {seed}: {history:?}");
        let outcome = build_on(&disk, &editor.bench);
        let says = codes(&outcome, Severity::Note).contains(&Code::Cache);
        assert!(says || !must_note, "{}\n{:?}", at(), outcome.diagnostics);
        noted.fetch_add(u64::from(says), Ordering::Relaxed);
        is_as_clean(&disk, &clean_files(&editor.bench), &outcome, &at);
        let again = build_on(&disk, &editor.bench);
        let says = codes(&again, Severity::Note).contains(&Code::Cache);
        assert!(!says, "{}\nagain: {:?}", at(), again.diagnostics);
        assert_eq!(
            (again.tally.parsed, again.tally.written),
            (0, 0),
            "{}",
            at()
        );
    });
    let noted = noted.into_inner();
    assert!(noted > cases(300) / 3, "only {noted} notes");
}

/// Each kind of blob by itself, at each of its bytes: what says nothing of the site is dropped
/// with a note, and the bytes are right.
#[test]
fn every_byte_of_every_blob_counts() {
    let mut editor = Editor::careful(4);
    editor.add();
    let whole = Disk::new();
    build_on(&whole, &editor.bench);
    let clean = whole.files().clone();
    let article = "---\ntitle: 新\ndate: 2026-03-01\n---\n字\n";
    let mut edited = editor.bench.source.clone();
    edited.put("content/guoji/new.md", article);
    let blobs = whole.store.blobs().clone();
    let kinds = ["facts", "facts-", "manifest-", "last-"];
    let now = editor.bench.options.now;
    for kind in kinds {
        let own = |name: &&String| match kind {
            "facts" => *name == kind,
            _ => name.starts_with(kind),
        };
        let (name, bytes) = blobs.iter().find(|(name, _)| own(name)).expect(kind);
        let step = (bytes.len() / 60).max(1);
        for at in (0..bytes.len()).step_by(step) {
            let flipped = {
                let mut bytes = bytes.clone();
                bytes[at] ^= 1 << (at % 8);
                bytes
            };
            for damaged in [flipped, bytes[..at].to_vec()] {
                let disk = Disk::failing(&whole, Fails::Once, usize::MAX);
                disk.store.blobs().insert(name.clone(), damaged);
                // A build that has nothing to do would not look at facts.
                if kind.starts_with("facts") {
                    disk.store
                        .blobs()
                        .retain(|name, _| !name.starts_with("last-"));
                }
                let outcome = build(&editor.bench.source, now, &disk, &disk);
                let notes = codes(&outcome, Severity::Note);
                assert_eq!(notes, [Code::Cache], "{name} at {at}");
                assert!(*disk.files() == clean, "{name} at {at}");
                assert_eq!(outcome.tally.written, 0, "{name} at {at}");
            }
        }
    }
}

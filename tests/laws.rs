//! The four laws, and the property that holds all of it: after any sequence of edits, an
//! incremental build leaves exactly the bytes of a clean one, and prints the same warnings.

mod common;

use common::corpus::{self, Spec};
use common::editor::{Editor, Random, difference, is_clean, said};
use common::fixture::{Bench, moment};
use masthead::base::diagnostic::Code;
use masthead::base::fingerprint::Fingerprint;
use masthead::build::{self, ENGINE, Gathered, Input, Outcome, gather};
use masthead::press::Press;
use masthead::serve::Portal;
use masthead::serve::live::{Live, Wishes};
use masthead::sink::store;
use masthead::sink::{PATHS, STAMP};
use masthead::site::Route;
use masthead::site::recall::Recall;
use masthead::site::route::{path_of, url_of};
use masthead::source::memory::Memory;
use masthead::source::{Listing, Source};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

/// The program's own: half the time of a small build is memory.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn corpus_bench(spec: &Spec) -> Bench {
    let mut bench = Bench::default();
    bench.options.now = moment("2027-01-01T00:00:00+08:00");
    bench.source.put("masthead.yaml", corpus::config());
    for n in 0..spec.articles {
        let (path, text) = corpus::article(spec, n);
        bench.source.put(path, text);
    }
    bench
}

/// The fingerprint of every page, by URL.
fn prints(bench: &Bench) -> BTreeMap<String, Fingerprint> {
    with_press(bench, |press| {
        let print = |route: Route| (press.site.url(route), press.sheet(route).print);
        press.site.routes().into_iter().map(print).collect()
    })
}

fn gathered(bench: &Bench) -> Gathered {
    let input = Input {
        source: &bench.source,
        now: bench.options.now,
        drafts: false,
        base_url: None,
    };
    gather(&input, &store::Memory::default())
}

fn with_press<T>(bench: &Bench, take: impl FnOnce(&Press) -> T) -> T {
    let mut gathered = gathered(bench);
    let mut theme = gathered.theme.expect("a theme that loads");
    take(&Press::new(&mut gathered.site, &mut theme, ENGINE))
}

/// Articles whose every field is filled; `field` names what differs.
fn card_site(field: &str) -> Bench {
    let mut bench = Bench::default();
    let fields = [
        ("title", "旧标题", "新标题"),
        ("source", "海报", "晚报"),
        ("summary", "旧摘要", "新摘要"),
        ("tags", "[甲, 乙]", "[甲, 丙]"),
        (
            "image",
            "{src: https://e.org/a.png, alt: 图}",
            "{src: https://e.org/b.png, alt: 图}",
        ),
        ("date", "2026-03-02 08:00", "2026-03-02 09:00"),
        ("highlights", "[🚀 旧]", "[🚀 新]"),
        ("editors", "[张三]", "[张三, 李四]"),
        (
            "corrections",
            "[{date: 2026-04-01, text: 旧}]",
            "[{date: 2026-04-01, text: 新}]",
        ),
        ("extra", "{x: 1}", "{x: 2}"),
        ("updated", "2026-04-02", "2026-04-03"),
    ];
    let mut text = String::from("---\n");
    for (name, old, new) in fields {
        let value = if name == field { new } else { old };
        text.push_str(&format!("{name}: {value}\n"));
    }
    let body = if field == "body" {
        "新正文"
    } else {
        "旧正文"
    };
    bench
        .source
        .put("content/a/2.md", format!("{text}---\n{body}\n"));
    for (n, day) in [(1, "03-01"), (3, "03-03")] {
        let text = format!("---\ntitle: 第{n}篇\ndate: 2026-{day} 08:00\ntags: [甲]\n---\n字\n");
        bench.source.put(format!("content/a/{n}.md"), text);
    }
    bench
}

#[test]
fn card_law() {
    let before = prints(&card_site("nothing"));
    let moved = |field: &str| -> BTreeSet<String> {
        let after = prints(&card_site(field));
        let differs = |url: &&String| before.get(*url) != after.get(*url);
        before
            .keys()
            .chain(after.keys())
            .filter(differs)
            .cloned()
            .collect()
    };
    // What is on no card moves the article's own page and what the search knows of it; of others, only what lists its people or
    // says when it was changed.
    let found = ["0-3/0.bin", "0-3/table-0.bin", "texts/0/1.bin"];
    let mut alone: BTreeSet<String> = found.map(|file| format!("/search/index/{file}")).into();
    alone.insert("/a/2/".to_string());
    // The feeds of the home list and of channels hold whole articles.
    for feed in ["feed.xml", "atom.xml", "feed.json"] {
        alone.extend([format!("/{feed}"), format!("/a/{feed}")]);
    }
    for field in ["highlights", "corrections", "extra", "body"] {
        assert_eq!(moved(field), alone, "{field}");
    }
    let stays = |moved: &BTreeSet<String>| !moved.contains("/a/1/") && !moved.contains("/a/3/");
    assert!(stays(&moved("editors")) && stays(&moved("updated")));
    // What is on the card moves every page that shows it.
    for field in ["title", "source", "summary", "tags", "image", "date"] {
        let moved = moved(field);
        for url in ["/", "/a/", "/a/1/", "/a/3/", "/tags/甲/", "/feed.xml"] {
            assert!(moved.contains(url), "{field} must move {url}: {moved:?}");
        }
    }
}

#[test]
fn equal_fingerprints_mean_equal_bytes() {
    let bytes = |bench: &Bench| {
        bench.build();
        bench.sink.files().clone()
    };
    let (old, old_prints) = (bytes(&card_site("nothing")), prints(&card_site("nothing")));
    for field in ["title", "summary", "tags", "body", "editors", "date"] {
        let (new, new_prints) = (bytes(&card_site(field)), prints(&card_site(field)));
        for (path, text) in new
            .iter()
            .filter(|(path, _)| ![STAMP, PATHS].contains(&path.as_str()))
        {
            let url = url_of(path);
            if old_prints.get(&url) == new_prints.get(&url) {
                assert_eq!(old.get(path), Some(text), "{field}: {path}");
            }
        }
    }
}

/// What publishing the newest article of a site of `size` renders, beside what it may.
fn publish_one(size: usize) -> (Outcome, usize) {
    let spec = Spec {
        articles: size,
        characters: 200,
        ..Spec::default()
    };
    let mut bench = corpus_bench(&spec);
    assert_eq!(bench.build().tally.errors, 0);
    let (path, text) = corpus::article(&spec, size);
    bench.source.put(path.clone(), text);
    let outcome = bench.build();
    let lists = with_press(&bench, |press| {
        let article = press
            .site
            .articles
            .iter()
            .find(|article| article.facts.path == path);
        let article = article.expect("the new article");
        let people: BTreeSet<u32> = article
            .authors
            .iter()
            .chain(&article.editors)
            .copied()
            .collect();
        // Home and channel, and what the article names.
        2 + article.tags.len()
            + people.len()
            + usize::from(article.source.is_some())
            + article.tickers.len()
    });
    (outcome, lists)
}

#[test]
fn stillness_law() {
    // Its own page and its predecessor; the pages of tags, sources, people and securities, and the
    // page for what isn't there; in the archive its day, month and year, those before them, and
    // all years. Beside pages, three feeds per list at most, llms.txt, and five sitemaps: its month's, that of
    // lists, their index, the news, and the last one in plain text.
    let constant = 14;
    // 399 → 400 and 400 → 401 cross the edges of leaves of 20.
    for size in [100, 399, 400, 1_000] {
        let (outcome, lists) = publish_one(size);
        assert!(
            outcome.pages_rendered <= 2 * lists + constant,
            "{} pages of {size} for {lists} lists: {:?}",
            outcome.pages_rendered,
            outcome.ledger
        );
        let is_searched = |url: &&String| url.starts_with("/search/index/");
        let new = outcome.ledger.added.iter().chain(&outcome.ledger.changed);
        let searched = new.filter(is_searched).count();
        let files = outcome.tally.rendered - outcome.pages_rendered - searched;
        assert!(
            files <= 3 * lists + 6,
            "{files} feeds and sitemaps of {size} for {lists} lists"
        );
        assert_eq!(outcome.tally.parsed, 1);
        // Its text, the list of segments, and the newest of these: after an article whose number is
        // no multiple of 16 the others stay.
        let most = if (size + 1) % 16 == 0 { 60 } else { 12 };
        assert!(searched <= most, "{searched} files of the search's index");
        let removed = &outcome.ledger.removed;
        assert!(removed.iter().all(|url| is_searched(&url)), "{removed:?}");
    }
}

#[test]
fn a_leaf_never_changes_when_articles_are_added() {
    let spec = Spec {
        articles: 130,
        characters: 100,
        ..Spec::default()
    };
    let mut bench = corpus_bench(&Spec {
        articles: 70,
        ..spec.clone()
    });
    let mut seen: BTreeMap<String, Fingerprint> = BTreeMap::new();
    for n in 70..spec.articles {
        let (path, text) = corpus::article(&spec, n);
        bench.source.put(path, text);
        if n % 10 != 0 {
            continue;
        }
        let now = prints(&bench);
        let is_leaf = |url: &&String| url.contains("/page/");
        for url in now.keys().filter(is_leaf) {
            // A leaf whose newer leaf is there is final.
            let (list, number) = url.trim_end_matches('/').rsplit_once('/').expect("a leaf");
            let newer = format!("{list}/{}/", number.parse::<u32>().expect("a number") + 2);
            if now.contains_key(&newer) {
                let first = *seen.entry(url.clone()).or_insert(now[url]);
                assert_eq!(first, now[url], "{url} at {n}");
            }
        }
    }
    assert!(seen.len() > 3, "{seen:?}");
}

#[test]
fn any_order_and_any_number_of_threads_give_the_same_bytes() {
    let spec = Spec {
        articles: 120,
        characters: 300,
        ..Spec::default()
    };
    let build = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(threads)
            .build()
            .expect("a pool");
        let bench = corpus_bench(&spec);
        pool.install(|| bench.build());
        bench.sink.files().clone()
    };
    let files = build(1);
    assert!(files.len() > 200);
    for threads in [2, 8] {
        assert_eq!(build(threads), files, "{threads} threads");
    }
    let bench = corpus_bench(&spec);
    with_press(&bench, |press| {
        let mut routes = press.site.routes();
        let mut random = Random(7);
        for at in (1..routes.len()).rev() {
            routes.swap(at, random.below(at + 1));
        }
        for route in routes {
            let bytes = press
                .render(route, &press.sheet(route), &bench.source)
                .expect("a page");
            assert_eq!(
                Some(&bytes),
                files.get(&press.site.path(route)),
                "{route:?}"
            );
        }
    });
}

#[test]
fn routes_urls_and_paths_are_one_to_one() {
    let bench = corpus_bench(&Spec {
        articles: 150,
        characters: 100,
        ..Spec::default()
    });
    with_press(&bench, |press| {
        let mut paths = BTreeSet::new();
        for route in press.site.routes() {
            let url = press.site.url(route);
            assert_eq!(press.site.route(&url), Some(route), "{url}");
            assert_eq!(url_of(&path_of(&url)), url);
            assert!(paths.insert(path_of(&url)), "{url} twice");
        }
        assert_eq!(press.site.route("/no/such/"), None);
    });
}

#[test]
fn no_link_is_published_before_its_page() {
    let bench = corpus_bench(&Spec {
        articles: 150,
        characters: 100,
        ..Spec::default()
    });
    with_press(&bench, |press| {
        let stages = press.site.routes().into_iter().map(Route::stage);
        assert!(stages.is_sorted(), "one stage after the other");
    });
}

#[test]
fn a_second_build_does_nothing() {
    let bench = corpus_bench(&Spec {
        articles: 50,
        ..Spec::default()
    });
    let first = bench.build();
    let second = bench.build();
    let work = |outcome: &Outcome| {
        let tally = &outcome.tally;
        (tally.parsed, tally.rendered, tally.written, tally.removed)
    };
    assert_eq!(
        work(&first),
        (50, first.tally.routes, first.tally.routes, 0)
    );
    assert_eq!(work(&second), (0, 0, 0, 0));
    assert_eq!(second.diagnostics, first.diagnostics);
    assert_eq!(second.tally.unchanged, second.tally.routes);
}

// --- clean = incremental ---

/// How many sequences of edits are tried, and from which seed on: more with `MASTHEAD_CASES` and
/// another `MASTHEAD_SEED`.
fn cases() -> std::ops::Range<u64> {
    let number = |name: &str, usual| {
        let given = std::env::var(name).ok();
        given.map_or(usual, |text| text.parse().expect("a number"))
    };
    let first = number("MASTHEAD_SEED", 1);
    first..first + number("MASTHEAD_CASES", 2_000)
}

/// Builds after a change, which must leave what a clean build leaves; says whether a page is another
/// one now.
fn page_moves(bench: &Bench, page: &str, what: &str) -> bool {
    let before = bench.sink.files().clone();
    let incremental = bench.build();
    let clean = Bench {
        source: bench.source.clone(),
        ..Bench::default()
    };
    let outcome = clean.build();
    let at = || what.to_string();
    is_clean((bench, &incremental), (&clean, &outcome), &before, &at);
    bench.sink.files().get(page) != before.get(page)
}

/// What an earlier build found of links and cards holds for an article as long as nothing around
/// it changes. Each of these changes moves the page of an article whose own file stays as it is, but
/// for a text that nobody sees there, and for a file of the index that its link leads to in vain.
#[test]
fn what_was_found_holds_in_the_same_surroundings() {
    let mut bench = Bench::default();
    let head = |title: &str, more: &str| format!("---\ntitle: {title}\n{more}---\n");
    let mut put = |path: &str, text: String| bench.source.put(path.to_string(), text);
    put(
        "masthead.yaml",
        "title: 报\nchannels: [{id: a, name: 甲}]\n".to_string(),
    );
    put("data/tags.yaml", "港:\n  slug: gang\n".to_string());
    let links = "[一](b.md#jie) [二](/tags/gang/) [三](c.pdf) [四](/old/) [五](d.md) [六](/search/index/texts/0/1.bin)\n\n![图](p.png)\n";
    let own = "date: 2026-03-02\ntags: [港]\nimage: {src: p.png, alt: 图}\n";
    put("content/a/a.md", head("一", own) + links);
    let other = "date: 2026-03-01\naliases: [/old/]\n";
    put("content/a/b.md", head("二", other) + "## 节 {#jie}\n\n字\n");
    put("content/a/d.md", head("三", "date: 2026-02-01\n") + "字\n");
    put("content/a/c.pdf", "%PDF".to_string());
    bench
        .source
        .put("content/a/p.png", common::editor::picture(90));
    bench.build();
    let changes: [(&str, &str, Vec<u8>); 10] = [
        (
            "what the search finds",
            "content/a/b.md",
            (head("二", &format!("{other}noindex: true\n")) + "## 节 {#jie}\n\n字\n").into(),
        ),
        (
            "another text",
            "content/a/d.md",
            (head("三", "date: 2026-02-01\n") + "新\n").into(),
        ),
        (
            "a heading",
            "content/a/b.md",
            (head("二", other) + "## 节 {#jie2}\n").into(),
        ),
        (
            "a slug",
            "content/a/d.md",
            (head("三", "date: 2026-02-01\nslug: e\n") + "字\n").into(),
        ),
        (
            "a draft",
            "content/a/d.md",
            (head("三", "date: 2026-02-01\ndraft: true\n") + "字\n").into(),
        ),
        (
            "an error",
            "content/a/d.md",
            (head("三", "date: never\n") + "字\n").into(),
        ),
        ("a tag", "data/tags.yaml", "港:\n  slug: harbour\n".into()),
        (
            "a channel",
            "masthead.yaml",
            "title: 报\nchannels: [{id: a, name: 乙}]\n".into(),
        ),
        (
            "an alias",
            "content/a/b.md",
            (head("二", "date: 2026-03-01\n") + "## 节 {#jie}\n").into(),
        ),
        (
            "a picture",
            "content/a/p.png",
            common::editor::picture(1000),
        ),
    ];
    for (what, path, bytes) in changes {
        bench.source.put(path, bytes);
        let has_moved = page_moves(&bench, "a/a/index.html", what);
        let stays = ["what the search finds", "another text"].contains(&what);
        assert_eq!(has_moved, !stays, "{what}");
    }
}

/// What an earlier build found of links and cards holds as well where something only comes to the
/// portal, but not where a link leads elsewhere for it.
#[test]
fn what_was_found_holds_where_something_comes_to_it() {
    let head = |title: &str, more: &str| format!("---\ntitle: {title}\n{more}---\n字\n");
    let mut base = Memory::default();
    let channels = "channels: [{id: a, name: 甲}, {id: b, name: 乙}]\n";
    base.put(
        "masthead.yaml",
        format!("title: 报\nsearch: false\n{channels}"),
    );
    let links = "[一](/a/b.md) [二](/a/d) [三](c.pdf) [四](../b/e.md#jie)\n";
    let own = "date: 2026-03-02\ntags: [港, 船]\nsource: 社\n";
    base.put("content/a/a.md", head("一", own) + links);
    base.put("content/a/b.md", head("二", "date: 2026-03-01\n"));
    base.put("content/a/d.md", head("三", "date: 2026-02-01\n"));
    let jie = "## 节 {#jie}\n";
    base.put("content/b/e.md", head("四", "date: 2026-01-01\n") + jie);
    base.put("content/a/c.pdf", "%PDF");
    // Its card has no picture, and its text has one that is cut off.
    let lacks = "date: 2025-12-01\nimage: {src: q.png, alt: 图}\n";
    base.put("content/b/f.md", head("五", lacks) + "![图](r.png)\n");
    let lacks = "date: 2025-11-01\n";
    base.put("content/b/g.md", head("六", lacks) + "![图](r.png)\n");
    let cut = common::editor::picture(90);
    base.put("content/b/r.png", &cut[..cut.len() / 100]);
    let bench = |source: &Memory| Bench {
        source: source.clone(),
        ..Bench::default()
    };
    let settled = |bench: &Bench, recall: Recall| {
        let mut site = gathered(bench).site;
        site.settle(None, recall);
        site
    };
    let recall = || settled(&bench(&base), Recall::default()).take_recall();
    let recall = || recall().expect("what was found");
    let picture = common::editor::picture(90);
    let text = |path: &str, text: String| (path.to_string(), text.into_bytes());
    let newer = || text("content/b/n.md", head("新", "date: 2026-03-05\n"));
    let entitled = |slug: &str, date: &str| head("新", &format!("slug: {slug}\ndate: {date}\n"));
    // What changes, how many articles stay known, and whether the page with the links moves.
    type Change = (&'static str, Vec<(String, Vec<u8>)>, usize, bool);
    let changes: [Change; 12] = [
        ("nothing", vec![], 6, false),
        ("a newer one", vec![newer()], 5, false),
        (
            "older ones, in two places",
            vec![
                text("content/b/n.md", head("新", "date: 2026-02-05\n")),
                text("content/b/o.md", head("旧", "date: 2025-02-05\n")),
            ],
            5,
            false,
        ),
        (
            "a tag and a source that are new",
            vec![text(
                "content/b/n.md",
                head("新", "date: 2026-03-05\ntags: [岸]\nsource: 局\n"),
            )],
            5,
            false,
        ),
        (
            "a picture",
            vec![
                ("content/b/p.png".to_string(), picture.clone()),
                text(
                    "content/b/n.md",
                    head("新", "date: 2026-03-05\nimage: {src: p.png, alt: 图}\n"),
                ),
            ],
            5,
            false,
        ),
        (
            "a newer one, and an edit",
            vec![
                newer(),
                text("content/a/d.md", head("三", "date: 2026-02-01\n") + "新\n"),
            ],
            4,
            false,
        ),
        (
            "a copy under another URL",
            vec![text(
                "content/b/ee.md",
                head("四", "date: 2026-01-01\n") + jie,
            )],
            5,
            false,
        ),
        (
            "a URL that a link tries before its source",
            vec![text("content/a/n.md", entitled("b.md", "2025-01-01"))],
            0,
            true,
        ),
        (
            "the picture that a card lacked",
            vec![("content/b/q.png".to_string(), picture.clone())],
            5,
            false,
        ),
        (
            "a picture that was cut off",
            vec![("content/b/r.png".to_string(), picture.clone())],
            0,
            false,
        ),
        (
            "two that change their places",
            vec![
                text("content/a/b.md", entitled("d", "2026-03-01")),
                text("content/a/d.md", entitled("b", "2026-02-01")),
            ],
            0,
            true,
        ),
        (
            "another heading, and a newer one",
            vec![
                text(
                    "content/b/e.md",
                    head("四", "date: 2026-01-01\n") + "## 节 {#jie2}\n",
                ),
                newer(),
            ],
            0,
            true,
        ),
    ];
    for (what, files, held, moves) in changes {
        let mut bench = bench(&base);
        assert!(!bench.build().halted, "{what}");
        for (path, bytes) in files {
            bench.source.put(path, bytes);
        }
        let has_moved = page_moves(&bench, "a/a/index.html", what);
        assert_eq!(settled(&bench, recall()).held(), held, "{what}");
        assert_eq!(has_moved, moves, "{what}");
    }
}

/// Runs a random sequence of edits and wishes; after each the incremental build must be the clean
/// one.
fn clean_is_incremental(seed: u64) {
    let mut editor = Editor::new(seed);
    let mut history = Vec::new();
    editor.bench.build();
    for _ in 0..4 {
        history.push(editor.edit());
        match editor.random.below(6) {
            0 | 1 => history.push(editor.edit()),
            2 => history.push(editor.wish()),
            3 => history.push(editor.wish() + ", " + &editor.edit()),
            _ => {}
        }
        let before = editor.bench.sink.files().clone();
        let incremental = editor.bench.build();
        let (clean_bench, clean) = editor.clean();
        let at = || format!("seed {seed}: {history:?}");
        is_clean(
            (&editor.bench, &incremental),
            (&clean_bench, &clean),
            &before,
            &at,
        );
    }
}

/// Each sequence on one thread, and as many at once as there are processors.
#[test]
fn incremental_builds_are_clean_builds() {
    let (cases, next) = (cases(), AtomicU64::new(cases().start));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let work = || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        pool.expect("a pool").install(|| {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if !cases.contains(&seed) {
                    return;
                }
                clean_is_incremental(seed);
            }
        });
    };
    std::thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(work))));
}

/// A source that can be listed and not read.
struct Closed<'a>(&'a Memory);

impl Source for Closed<'_> {
    fn list(&self) -> Listing {
        self.0.list()
    }

    fn below(&self, path: &str) -> Listing {
        self.0.below(path)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        panic!("{path} is read although nothing changed")
    }
}

/// Where nothing changed nothing is read, and what is said is the same; a damaged manifest or
/// record, an unfinished run, another output, an end of an embargo: then the build looks again.
#[test]
fn a_build_with_nothing_to_do_only_lists() {
    let mut bench = corpus_bench(&Spec {
        articles: 30,
        characters: 100,
        ..Spec::default()
    });
    let later = "---\ntitle: 乙\ndate: 2027-02-01\ntgas: [x]\n---\n文。\n";
    bench.source.put("content/guoji/later.md", later);
    let first = bench.build();
    let second = build_with(&bench, &Closed(&bench.source));
    assert_eq!(second.diagnostics, first.diagnostics);
    assert!(second.tally.warnings > 0);
    assert_eq!(work_of(&second), [0; 4]);
    assert_eq!(second.tally.unchanged, first.tally.routes);
    let whole = bench.store.blobs().clone();
    let looks_again = |bench: &Bench, why: &str| {
        let looks = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            build_with(bench, &Closed(&bench.source))
        }));
        // What can't be read is reported as a panic of masthead's, or ends the build.
        assert!(
            looks.is_err() || looks.is_ok_and(|o| o.tally.errors > 0),
            "{why}"
        );
    };
    for name in whole
        .keys()
        .filter(|name| name.starts_with("manifest-") || name.starts_with("last-"))
    {
        *bench.store.blobs() = whole.clone();
        bench.store.blobs().get_mut(name).expect("a blob")[20] ^= 1;
        looks_again(&bench, name);
    }
    *bench.store.blobs() = whole.clone();
    bench
        .store
        .blobs()
        .insert("unfinished-test".to_string(), Vec::new());
    looks_again(&bench, "an unfinished run");
    *bench.store.blobs() = whole.clone();
    bench.options.now = moment("2027-03-01T00:00:00+08:00");
    looks_again(&bench, "an embargo that ended");
}

fn work_of(outcome: &Outcome) -> [usize; 4] {
    let tally = &outcome.tally;
    [tally.parsed, tally.rendered, tally.written, tally.removed]
}

// --- preview = build ---

/// A source that is edited while a live site reads it.
#[derive(Clone, Default)]
struct Shared(Arc<RwLock<Memory>>);

impl Source for Shared {
    fn list(&self) -> Listing {
        self.0.read().expect("a source").list()
    }

    fn below(&self, path: &str) -> Listing {
        self.0.read().expect("a source").below(path)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        self.0.read().expect("a source").read(path)
    }
}

impl Shared {
    /// Takes over the files of a bench; gives the paths that changed.
    fn take(&self, bench: &Bench) -> BTreeSet<String> {
        let mut own = self.0.write().expect("a source");
        let (old, new) = (own.clone(), bench.source.clone());
        *own = new.clone();
        let paths = old.paths().chain(new.paths());
        let changed = paths.filter(|path| old.get(path) != new.get(path));
        changed.map(str::to_string).collect()
    }
}

fn live(bench: &Bench, shared: &Shared) -> Live {
    shared.take(bench);
    let now = bench.options.now;
    let wishes = Wishes {
        drafts: false,
        base_url: None,
        now: Box::new(move || now),
    };
    Live::open(Box::new(shared.clone()), &store::Memory::default(), wishes)
}

/// After any edit a live site answers with the bytes that a build writes, has what it has, and
/// says what it says.
#[test]
fn previews_are_clean_builds() {
    let mut work = [0, 0];
    for seed in 1..=120 {
        let mut editor = Editor::new(seed);
        let shared = Shared::default();
        let live = live(&editor.bench, &shared);
        let mut history = Vec::new();
        for _ in 0..8 {
            history.push(editor.edit());
            live.update(&shared.take(&editor.bench));
            let clean_bench = Bench {
                source: editor.bench.source.clone(),
                ..Bench::default()
            };
            let clean = clean_bench.build();
            let at = format!("seed {seed}: {history:?}");
            let theme_is_broken = clean.diagnostics.iter().any(|d| d.code == Code::Template);
            if !theme_is_broken && !clean.halted {
                preview_is(&live, &clean_bench, &at);
                live.sweep(&|| true);
                assert_eq!(live.diagnostics(), said(&clean), "{at}");
            }
        }
        let done = live.work();
        work = [work[0] + done[0], work[1] + done[1]];
    }
    assert!(
        work[0] > 400 && work[1] > 200,
        "both ways are gone: {work:?}"
    );
}

fn preview_is(live: &Live, clean: &Bench, at: &str) {
    let files = clean.sink.files();
    let own = |path: &&String| ![STAMP, PATHS].contains(&path.as_str());
    let want: BTreeSet<String> = files.keys().filter(own).map(|path| url_of(path)).collect();
    let got: BTreeSet<String> = live.urls().into_iter().collect();
    assert_eq!(got, want, "{at}");
    for (path, bytes) in files.iter().filter(|(path, _)| own(path)) {
        let url = url_of(path);
        let answer = live.answer(&url);
        assert_eq!((answer.status, &answer.path), (200, path), "{at}");
        assert_eq!(answer.print, live.print(&url), "{at}");
        let same = answer.body == *bytes;
        assert!(
            same,
            "{at}\n{url} differs:\n{}",
            difference(Some(&answer.body), bytes)
        );
    }
}

/// Changes that reach pages by ways of their own, which random edits seldom take: a build and a
/// preview after each are those of a clean site.
#[test]
fn changes_by_ways_of_their_own_are_clean() {
    let article = |day: u32, more: &str, body: &str| {
        let text = format!("---\ntitle: 第{day}日\ndate: 2026-11-{day:02}\n{more}---\n{body}\n");
        text.into_bytes()
    };
    let video = "> [!video]\n> [看](https://www.bilibili.com/video/BV1xx411c7mD)";
    let picture = |width: u32| {
        let mut png = io::Cursor::new(Vec::new());
        let blank = image::RgbImage::new(width, 600);
        let written = blank.write_to(&mut png, image::ImageFormat::Png);
        written.expect("a picture");
        png.into_inner()
    };
    let aliased = |day: u32, n: u32| article(day, &format!("aliases: [/old{n}]\n"), "文。");
    let text = |text: &str| text.as_bytes().to_vec();
    type Files<'f> = Vec<(&'f str, Vec<u8>)>;
    let cases: [(&str, Files, Files); 5] = [
        (
            "a player for a video",
            vec![("content/a/x.md", article(1, "", video))],
            vec![("masthead.yaml", text("embeds: [bilibili]\n"))],
        ),
        (
            "a video that is there now",
            vec![("content/a/x.md", article(1, "", "> [!video]\n> [](v.mp4)"))],
            vec![("content/a/v.mp4", text("v"))],
        ),
        (
            "a picture in the place of a card",
            vec![
                (
                    "masthead.yaml",
                    text("social_cards: {font: data/hei.ttf}\n"),
                ),
                ("data/hei.ttf", common::font::font("第日0123456789年月 a")),
                ("content/a/x.md", article(1, "", "文。")),
                (
                    "content/a/y.md",
                    article(2, "", "![图](/a/x/social-card.png)"),
                ),
            ],
            vec![("static/a/x/social-card.png", picture(900))],
        ),
        (
            "a file whose name is written in other characters",
            vec![
                ("content/a/\u{e9}.pdf", text("composed")),
                ("content/a/x.md", article(1, "", "[文](/a/e\u{301}.pdf)")),
            ],
            vec![("static/a/e\u{301}.pdf", text("decomposed"))],
        ),
        (
            "an article with an alias and another date",
            vec![
                ("content/a/x.md", aliased(1, 1)),
                ("content/a/y.md", aliased(2, 2)),
                ("content/a/z.md", aliased(3, 3)),
            ],
            vec![("content/a/x.md", aliased(9, 1))],
        ),
    ];
    for (at, files, change) in cases {
        let mut bench = Bench::default();
        for (path, bytes) in files {
            bench.source.put(path, bytes);
        }
        bench.build();
        bench.build();
        let shared = Shared::default();
        let live = live(&bench, &shared);
        for (path, bytes) in change {
            bench.source.put(path, bytes);
        }
        let before = bench.sink.files().clone();
        let incremental = bench.build();
        let clean_bench = Bench {
            source: bench.source.clone(),
            ..Bench::default()
        };
        let clean = clean_bench.build();
        let told = || at.to_string();
        is_clean(
            (&bench, &incremental),
            (&clean_bench, &clean),
            &before,
            &told,
        );
        live.update(&shared.take(&bench));
        preview_is(&live, &clean_bench, at);
    }
}

// --- when something goes wrong ---

/// A source that fails in its own ways.
struct Faulty<'a> {
    inner: &'a Memory,
    panics_at: &'a str,
}

impl Source for Faulty<'_> {
    fn list(&self) -> Listing {
        self.inner.list()
    }

    fn below(&self, path: &str) -> Listing {
        self.inner.below(path)
    }

    fn read(&self, path: &str) -> io::Result<Vec<u8>> {
        assert_ne!(path, self.panics_at, "the roof fell in");
        self.inner.read(path)
    }
}

fn build_with(bench: &Bench, source: &dyn Source) -> Outcome {
    build::build(&build::Job {
        source,
        sink: &bench.sink,
        store: &bench.store,
        output: "test",
        now: bench.options.now,
        drafts: false,
        base_url: None,
        check: false,
        progress: &|_, _| {},
        timings: &build::timings::Timings::off(),
    })
}

#[test]
fn a_panic_costs_one_page_and_is_named() {
    let mut bench = card_site("nothing");
    bench.build();
    // The facts are known; a change of the theme has every page rendered again.
    bench
        .source
        .put("templates/article.html", "{{ title.text }}{{ body }}");
    let faulty = Faulty {
        inner: &bench.source,
        panics_at: "content/a/2.md",
    };
    let outcome = build_with(&bench, &faulty);
    let codes: Vec<Code> = outcome
        .diagnostics
        .iter()
        .map(|diagnostic| diagnostic.code)
        .collect();
    assert_eq!(codes, [Code::Panic]);
    let message = &outcome.diagnostics[0].message;
    assert!(
        message.starts_with("masthead failed at `/a/2/`: "),
        "{message}"
    );
    assert!(message.contains("the roof fell in"), "{message}");
    assert_eq!(
        bench.sink.files().get("a/1/index.html").map(Vec::as_slice),
        Some("第1篇<p>字</p>\n".as_bytes())
    );
    // Once it is mended, the page is made.
    assert_eq!(build_with(&bench, &bench.source).tally.written, 1);
}

#[test]
fn a_damaged_cache_is_dropped_with_a_note() {
    let bench = corpus_bench(&Spec {
        articles: 20,
        characters: 100,
        ..Spec::default()
    });
    bench.build();
    let whole = bench.sink.files().clone();
    let names: Vec<String> = bench.store.blobs().keys().cloned().collect();
    let damaged = |name: &&String| *name != "ledger.json" && !name.starts_with("last-");
    for name in names.iter().filter(damaged) {
        // A build that has nothing to do would not look.
        bench
            .store
            .blobs()
            .retain(|name, _| !name.starts_with("last-"));
        bench.store.blobs().get_mut(name).expect("a blob")[40] ^= 1;
        let outcome = bench.build();
        let codes: Vec<Code> = outcome
            .diagnostics
            .iter()
            .map(|diagnostic| diagnostic.code)
            .collect();
        assert_eq!(codes, [Code::Cache], "{name}");
        assert_eq!(outcome.tally.written, 0, "{name}");
        assert_eq!(*bench.sink.files(), whole, "{name}");
        let again = bench.build();
        assert_eq!(
            (again.diagnostics.len(), again.tally.rendered),
            (0, 0),
            "{name}"
        );
    }
}

#[test]
fn files_of_others_stay_and_are_named_once() {
    use masthead::sink::Sink;
    let mut bench = card_site("nothing");
    bench.sink.put("CNAME", b"news.example").expect("a file");
    bench.sink.put("a/1/index.html", b"mine").expect("a file");
    let first = bench.build();
    let messages: Vec<&str> = first
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "`a/1/index.html` in the output was not written by masthead, and a page belongs there",
            "the output holds files that masthead did not write; they stay: `CNAME`",
        ]
    );
    assert_eq!(
        bench.sink.files().get("a/1/index.html").map(Vec::as_slice),
        Some(b"mine".as_slice())
    );
    bench.sink.remove("a/1/index.html").expect("removed");
    bench
        .source
        .put("content/a/1.md", "---\ntitle: 新\ndate: 2026-03-01\n---\n");
    let second = bench.build();
    assert_eq!(second.diagnostics.len(), 0, "{:?}", second.diagnostics);
    assert!(bench.sink.files().contains_key("a/1/index.html"));
    bench.source.remove("content/a/1.md");
    bench.source.remove("content/a/2.md");
    bench.source.remove("content/a/3.md");
    assert!(bench.build().tally.removed > 5);
    assert_eq!(
        bench.sink.files().get("CNAME").map(Vec::as_slice),
        Some(b"news.example".as_slice())
    );
}

#[test]
fn an_output_that_was_emptied_is_filled_again() {
    let bench = card_site("nothing");
    let first = bench.build();
    bench.sink.files().clear();
    let second = bench.build();
    assert_eq!(second.tally.written, first.tally.written);
    // So is one that holds another build's files.
    bench
        .sink
        .files()
        .insert(STAMP.to_string(), b"another\n".to_vec());
    bench
        .sink
        .files()
        .insert("a/1/index.html".to_string(), b"old".to_vec());
    let third = bench.build();
    assert_eq!((third.tally.written, third.diagnostics.len()), (1, 0));
}

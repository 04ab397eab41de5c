//! `masthead serve` at work: the real command, a real folder, and Chromium where somebody looks.
//!
//! After each edit all URLs are compared with a fresh build of the same files. Nothing sleeps:
//! what is waited for is looked at again and again.
#![cfg(target_os = "linux")]

mod common;

use common::chromium::{Chromium, Tab, is_same, mark};
use common::served::{NOW, Root, Served, Wishes, command, copy, run, until};
use masthead::base::date::{rfc3339, zone};
use masthead::serve::Portal;
use masthead::serve::live::Live;
use masthead::sink::store::Memory;
use masthead::source::Directory;
use serde_json::{Value, json};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::fs;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::process::Command;
use std::time::{Duration, SystemTime};

const CONFIG: &str = "title: 晨星新闻
base_url: https://news.example
timezone: \"+08:00\"
channels: [{id: guoji, name: 国际}, {id: keji, name: 科技}]
";

const BRIDGE: &str = "content/guoji/bridge.md";
const SHIP: &str = "content/guoji/ship.md";
const CHIP: &str = "content/keji/chip.md";

const DUMP: &str = "北岸观察 2026年11月18日 07:12
潮汐电站并网

港务局局长周二宣布，潮汐电站已经并入全市电网。

编辑/何砚

相关标签
潮汐电站 能源
相关文章";

const PICTURE: &str = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";

fn article(title: &str, day: u32, more: &str) -> String {
    format!(
        "---\ntitle: {title}\ndate: 2026-11-{day:02} 08:30\nsource: 海港日报\n{more}---\n正文第一段。\n"
    )
}

fn site() -> Root {
    let about = "---\ntitle: 关于\n---\n我们。\n";
    Root::new(&[
        ("masthead.yaml", CONFIG),
        (
            BRIDGE,
            &article("大桥通车", 20, "tags: [桥梁]\nsummary: 摘要。\n"),
        ),
        (SHIP, &article("新船下水", 19, "tags: [航运, 桥梁]\n")),
        (CHIP, &article("芯片量产", 18, "tags: [芯片]\n")),
        ("content/keji/tide.txt", DUMP),
        ("content/guoji/map.svg", PICTURE),
        ("content/about.md", about),
        (
            "data/tags.yaml",
            "桥梁: {aliases: [大桥], description: 跨海的路}\n",
        ),
        ("static/logo.svg", PICTURE),
    ])
}

/// What is done to a site.
type Step<'a> = (&'a str, &'a dyn Fn(&Root));

/// Takes the steps, and compares all URLs after each.
fn steps(served: &Served, steps: &[Step]) {
    served.is_as_built();
    for (what, act) in steps {
        eprintln!("{what}");
        act(served.root);
        served.is_as_built();
    }
}

// ---------------------------------------------------------------------------------------- start

#[test]
fn it_says_where_and_takes_a_free_port() {
    let root = site();
    // Where another holds the usual port, it is taken as well.
    let _usual = TcpListener::bind((Ipv4Addr::LOCALHOST, 4000));
    let served = Served::by(&root, &["--as-of", NOW], Wishes::default());
    let port: u16 = served.host["127.0.0.1:".len()..].parse().expect("a port");
    assert!((4001..4100).contains(&port), "{}", served.said());
    assert!(
        served
            .said()
            .contains("4 articles, 1 page: http://127.0.0.1:")
    );
    assert_eq!(served.get("/guoji/bridge/").status, 200);

    let taken = port.to_string();
    let usage = |flags: &[&str], expect: &str| {
        let (status, _, said) = run(&root, "serve", flags);
        assert!(said.contains(expect), "{flags:?}: {said}");
        assert_eq!(status, 2, "{flags:?}: {said}");
    };
    usage(
        &["--port", &taken],
        &format!("port {taken} is in use: name another one, as in `--port "),
    );
    usage(
        &["--host", "192.0.2.1"],
        "`--host 127.0.0.1` is for this machine",
    );
    usage(&["--host", "everywhere"], "--host [<ADDRESS>]");
    usage(
        &["--base-url", "harbour"],
        "write it as https://example.org",
    );
    usage(&["--as-of", "soon"], "`--as-of soon` is no moment");
    fs::rename(root.at("content"), root.at("contents")).expect("a rename");
    usage(&[], "is no site: it has no content/");
}

#[test]
fn other_devices_are_let_in_where_it_is_wished() {
    let root = site();
    let flags = ["--port", "0", "--host", "0.0.0.0", "--as-of", NOW];
    let served = Served::by(&root, &flags, Wishes::default());
    assert!(served.host.starts_with("127.0.0.1:"), "{}", served.host);
    let port = served.host.rsplit(':').next().expect("a port").to_string();
    // The whole of 127/8 is this machine; the loopback address alone would not answer there.
    let other = std::net::TcpStream::connect(format!("127.0.0.2:{port}"));
    assert!(other.is_ok(), "{other:?}");
    if served.said().contains("from other devices") {
        served.hears(&format!(":{port}/\n"));
    }
}

#[test]
fn a_site_below_a_path_is_served_below_it() {
    let root = site();
    let wishes = Wishes {
        base_url: Some("https://e.org/news"),
        ..Wishes::default()
    };
    let served = Served::with(&root, wishes);
    assert_eq!(served.base, "/news");
    let home = served.fetch("/");
    assert_eq!(
        (home.status, home.location.as_deref()),
        (307, Some("/news/"))
    );
    assert_eq!(served.fetch("/guoji/").status, 404);
    let bare = served.get("/guoji");
    assert_eq!(
        (bare.status, bare.location.as_deref()),
        (308, Some("/news/guoji/"))
    );
    let page = served.get("/guoji/bridge/").text();
    assert!(page.contains("href=\"/news/guoji/\"") && page.contains("https://e.org/news/"));
    steps(
        &served,
        &[
            ("a title", &|root| {
                root.replace(BRIDGE, "大桥通车", "大桥开放")
            }),
            ("the address", &|root| {
                root.replace("masthead.yaml", "news.example", "other.example/elsewhere")
            }),
        ],
    );
    let missing = served.get("/keji/bridge/");
    assert_eq!(
        near(&missing.text()).as_deref(),
        Some("/news/guoji/bridge/")
    );
}

#[test]
fn drafts_are_shown_where_it_is_wished_and_say_so() {
    let root = site();
    root.write(
        "content/guoji/plan.md",
        article("规划草案", 21, "draft: true\n"),
    );
    let plain = Served::new(&root);
    plain.is_as_built();
    assert_eq!(plain.get("/guoji/plan/").status, 404);
    drop(plain);
    let wishes = Wishes {
        drafts: true,
        ..Wishes::default()
    };
    let served = Served::with(&root, wishes);
    served.is_as_built();
    let mark = "<p class=\"draft\"";
    served.shows("/guoji/plan/", mark);
    assert!(!served.get("/guoji/bridge/").text().contains(mark));
    served.shows("/guoji/", "规划草案");
    steps(
        &served,
        &[
            ("published", &|root| {
                root.replace("content/guoji/plan.md", "draft: true", "draft: false")
            }),
            ("taken back", &|root| {
                root.replace(BRIDGE, "summary:", "draft: true\nsummary:")
            }),
        ],
    );
    served.shows("/guoji/bridge/", mark);
}

/// Where the hint of an error page leads.
fn near(page: &str) -> Option<String> {
    let (_, rest) = page.split_once("<p class=\"near\">")?;
    let (_, rest) = rest.split_once("href=\"")?;
    rest.split('"').next().map(str::to_string)
}

// ---------------------------------------------------------------------------- the same as a build

#[test]
fn all_of_the_demo_is_served_as_a_build_writes_it() {
    let root = Root::new(&[]);
    for part in ["content", "data", "static", "templates", "masthead.yaml"] {
        copy(
            &Path::new(env!("CARGO_MANIFEST_DIR")).join(part),
            &root.at(part),
        );
    }
    let served = Served::new(&root);
    let files = served.is_as_built();
    assert!(files > 400, "{files}");
    let events = served.events(&["/"]);
    assert_eq!(events.trouble(), Vec::<Value>::new());
}

#[test]
fn every_kind_of_file_is_shown_as_it_is_now() {
    let root = site();
    let served = Served::new(&root);
    steps(
        &served,
        &[
            ("a text", &|root| {
                root.replace(BRIDGE, "第一段", "改过的一段")
            }),
            ("a title", &|root| {
                root.replace(BRIDGE, "大桥通车", "大桥开放")
            }),
            ("a new article", &|root| {
                root.write(
                    "content/guoji/港口.md",
                    article("港口扩建", 23, "tags: [港口]\n"),
                );
            }),
            ("a date", &|root| {
                root.replace(BRIDGE, "2026-11-20", "2026-10-02")
            }),
            ("a new channel", &|root| {
                root.write("content/tiyu/sail.md", article("帆船赛开幕", 22, ""));
            }),
            ("another channel", &|root| {
                root.rename(SHIP, "content/tiyu/ship.md")
            }),
            ("another name", &|root| {
                root.rename(CHIP, "content/keji/chips.md")
            }),
            ("a channel that ends", &|root| root.remove("content/tiyu")),
            ("a dump", &|root| {
                root.replace("content/keji/tide.txt", "并网", "并网发电")
            }),
            ("a new dump", &|root| {
                root.write("content/keji/wind.txt", DUMP.replace("潮汐", "风力"));
            }),
            ("a dump deleted", &|root| {
                root.remove("content/keji/tide.txt")
            }),
            ("a link to what isn't there", &|root| {
                root.replace(BRIDGE, "正文", "![图](map.svg) [船](ship.md) 正文");
            }),
            ("it comes", &|root| {
                root.write(SHIP, article("新船下水", 19, "tags: [航运]\n"))
            }),
            ("a picture", &|root| {
                root.write("content/guoji/map.svg", PICTURE.replace("'9'", "'33'"));
            }),
            ("a new picture", &|root| {
                root.write("content/guoji/more.svg", PICTURE)
            }),
            ("a picture moved", &|root| {
                root.rename("content/guoji/more.svg", "content/keji/更多.svg");
            }),
            ("a picture deleted", &|root| {
                root.remove("content/guoji/map.svg")
            }),
            ("a page", &|root| {
                root.replace("content/about.md", "我们", "我们是谁")
            }),
            ("a page that becomes an article", &|root| {
                root.rename("content/about.md", "content/guoji/about.md");
            }),
            ("data of tags", &|root| {
                root.replace("data/tags.yaml", "跨海", "跨江")
            }),
            ("data of a new kind", &|root| {
                root.write("data/weather.json", "{\"today\": \"晴\"}")
            }),
            ("a topic", &|root| {
                root.write("data/topics.yaml", "qiao: {name: 桥梁专题, tags: [桥梁]}\n");
            }),
            ("data deleted", &|root| root.remove("data/tags.yaml")),
            ("the site's name", &|root| {
                root.replace("masthead.yaml", "晨星新闻", "晨星报")
            }),
            ("a channel's name", &|root| {
                root.replace("masthead.yaml", "科技", "新知")
            }),
            ("a template", &|root| {
                root.write(
                    "templates/404.html",
                    "{% extends \"base.html\" %}{% block main %}<p>没有 {{ data.weather.today }}</p>{% endblock %}",
                );
            }),
            ("a variant", &|root| {
                root.write(
                    "templates/article/wide.html",
                    "{% extends \"article.html\" %}",
                );
                root.replace(SHIP, "tags", "template: wide\ntags");
            }),
            ("templates deleted", &|root| {
                root.replace(SHIP, "template: wide\n", "");
                root.remove("templates");
            }),
            ("a style", &|root| {
                root.write("static/site.css", "body { color: teal }")
            }),
            ("a style deleted", &|root| root.remove("static/site.css")),
            ("a file of others", &|root| {
                root.write("static/.well-known/security.txt", "Contact: x");
                root.write("static/deep/页.html", "<p>静态");
            }),
            ("a file renamed", &|root| {
                root.rename("static/logo.svg", "static/徽标.svg")
            }),
            ("no configuration", &|root| root.remove("masthead.yaml")),
            ("a configuration", &|root| {
                root.write("masthead.yaml", CONFIG)
            }),
            ("nothing", &|root| root.remove("content/guoji")),
        ],
    );
}

#[test]
fn what_is_new_is_there_and_what_is_gone_is_missing() {
    let root = site();
    let served = Served::new(&root);
    served.is_as_built();
    assert_eq!(served.get("/tags/隧道/").status, 404);
    root.replace(BRIDGE, "[桥梁]", "[桥梁, 隧道]");
    served.shows("/tags/隧道/", "大桥通车");
    served.shows("/tags/", "隧道");
    root.rename(BRIDGE, "content/keji/bridge.md");
    served.shows("/keji/bridge/", "大桥通车");
    let gone = served.get("/guoji/bridge/");
    assert_eq!(gone.status, 404);
    assert!(gone.text().contains("晨星新闻"), "{}", gone.text());
    assert_eq!(near(&gone.text()).as_deref(), Some("/keji/bridge/"));
    assert_eq!(
        near(&served.get("/guoji/shiq/").text()).as_deref(),
        Some("/guoji/ship/")
    );
    assert_eq!(near(&served.get("/什么/都/没有/").text()), None);
    served.is_as_built();
}

// --------------------------------------------------------------------------------- how it is saved

/// Saves as most editors do: another file is put into the place of the old one.
fn put(root: &Root, path: &str, temporary: &str, text: &str) {
    root.write(temporary, text);
    root.rename(temporary, path);
}

#[test]
fn editors_save_in_their_own_ways() {
    let root = site();
    let served = Served::new(&root);
    let text = |title: &str| article(title, 20, "tags: [桥梁]\n");
    steps(
        &served,
        &[
            ("vim", &|root| {
                root.write("content/guoji/.bridge.md.swp", "b0VIM");
                root.write("content/guoji/4913", "");
                root.remove("content/guoji/4913");
                root.rename(BRIDGE, "content/guoji/bridge.md~");
                root.write(BRIDGE, text("一"));
                root.remove("content/guoji/bridge.md~");
                root.remove("content/guoji/.bridge.md.swp");
            }),
            ("gedit", &|root| {
                put(
                    root,
                    BRIDGE,
                    "content/guoji/.goutputstream-ABCDEF",
                    &text("二"),
                )
            }),
            ("an IDE", &|root| {
                root.write("content/guoji/bridge.md___jb_tmp___", text("三"));
                root.rename(BRIDGE, "content/guoji/bridge.md___jb_old___");
                root.rename("content/guoji/bridge.md___jb_tmp___", BRIDGE);
                root.remove("content/guoji/bridge.md___jb_old___");
            }),
            ("deleted and made", &|root| {
                root.remove(BRIDGE);
                root.write(BRIDGE, text("四"));
            }),
            ("from elsewhere", &|root| {
                fs::write(root.beside("x"), text("五")).expect("a file");
                fs::rename(root.beside("x"), root.at(BRIDGE)).expect("a rename");
            }),
            ("sed", &|root| {
                let sed = Command::new("sed")
                    .args(["-i", "s/五/六/"])
                    .arg(root.at(BRIDGE))
                    .status();
                assert!(sed.expect("it runs").success());
            }),
            ("half, then whole", &|root| {
                root.write(BRIDGE, "---\ntitle: 七");
                root.write(BRIDGE, text("七"));
            }),
        ],
    );
    served.shows("/guoji/bridge/", "<h1>七</h1>");
}

#[test]
fn noise_is_no_update() {
    let root = site();
    let served = Served::new(&root);
    let events = served.events(&["/"]);
    let saves = Cell::new(0);
    let save = |title: &str| {
        let text = article(title, 18, "");
        put(&root, CHIP, "content/keji/.chip.md.swp", &text);
        served.shows("/keji/chip/", title);
        saves.set(saves.get() + 1);
        // Each of them changes the home page, which the stream tells right after.
        events.until(title, |all| {
            let told = all.iter().filter(|news| news["tabs"][0]["reload"] == true);
            (told.count() == saves.get()).then_some(())
        });
        events.revision()
    };
    let first = save("芯片一");
    for name in [
        ".bridge.md.swp",
        ".bridge.md.swx",
        "4913",
        "bridge.md~",
        "#bridge.md#",
        ".DS_Store",
    ] {
        root.write(&format!("content/guoji/{name}"), "noise");
    }
    root.write("public/x.html", "of a build");
    root.write(".masthead/x", "of a build");
    root.write(".git/index", "of git");
    fs::File::open(root.at(SHIP)).expect("a file");
    for name in [".bridge.md.swp", "4913", "bridge.md~"] {
        root.remove(&format!("content/guoji/{name}"));
    }
    assert_eq!(save("芯片二"), first + 1, "{}", served.said());
    assert_eq!(
        served.said().matches(&format!("shown: {CHIP} in ")).count(),
        2
    );
    // Saved without a change.
    let bridge = root.read(BRIDGE);
    put(&root, BRIDGE, "content/guoji/.bridge.md.swp", &bridge);
    assert_eq!(save("芯片三"), first + 2, "{}", served.said());
    served.is_as_built();
}

#[test]
fn a_burst_is_a_few_updates() {
    let root = site();
    let served = Served::new(&root);
    let events = served.events(&["/", "/guoji/bridge/"]);
    for n in 0..2000 {
        let text = format!(
            "---\ntitle: 快讯 {n}\ndate: 2026-10-{:02}\n---\n文。\n",
            n % 28 + 1
        );
        root.write(&format!("content/keji/{}/n{n}.md", n % 7), text);
    }
    served.shows("/keji/n1999/", "快讯 1999");
    let last = "大桥重开";
    root.replace(BRIDGE, "大桥通车", last);
    served.shows("/guoji/bridge/", last);
    let revisions = events.revision();
    assert!((1..=25).contains(&revisions), "{revisions} updates");
    assert!(served.is_as_built() > 2000);
    what_is_kept_is_not_written_again(&served);
    root.remove("content/keji");
    until("all gone", || {
        let count = served.get("/keji/n0/").status;
        (count == 404).then_some(()).ok_or(count.to_string())
    });
    served.is_as_built();
}

/// The facts of all files lie in chunks, of which an edit rewrites one.
fn what_is_kept_is_not_written_again(served: &Served) {
    let chunks = || -> BTreeSet<(String, u64)> {
        let files = fs::read_dir(served.root.at(".masthead")).expect("a folder");
        let files = files.map(|file| file.expect("an entry"));
        let name = |file: &fs::DirEntry| file.file_name().to_string_lossy().into_owned();
        let chunks = files.filter(|file| name(file).starts_with("facts-"));
        chunks
            .filter_map(|file| Some((name(&file), file.metadata().ok()?.ino())))
            .collect()
    };
    let index = || {
        fs::metadata(served.root.at(".masthead/facts"))
            .map(|file| file.ino())
            .ok()
    };
    let kept = |title: &str| {
        let before = index();
        served.root.write(CHIP, article(title, 18, ""));
        served.shows("/keji/chip/", title);
        until("facts kept", || {
            (index() != before).then(chunks).ok_or(String::new())
        })
    };
    // The first may still find all of them new.
    let (before, after) = (kept("芯片一"), kept("芯片二"));
    assert_eq!(
        after.difference(&before).count(),
        1,
        "{before:#?} {after:#?}"
    );
}

#[test]
fn folders_move_in_and_out() {
    let root = site();
    let served = Served::new(&root);
    for n in 0..3 {
        let path = root.beside(&format!("来稿/深/n{n}.md"));
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, article(&format!("来稿 {n}"), n + 1, "")).expect("a file");
    }
    steps(
        &served,
        &[
            ("in", &|root| {
                fs::rename(root.beside("来稿"), root.at("content/来稿")).expect("a rename");
            }),
            ("written in", &|root| {
                root.write("content/来稿/深/n0.md", article("改", 2, ""))
            }),
            ("renamed", &|root| {
                root.rename("content/来稿", "content/guoji/稿 件")
            }),
            ("written in again", &|root| {
                root.write("content/guoji/稿 件/深/n1.md", article("再改", 3, ""));
            }),
            ("out", &|root| {
                fs::rename(root.at("content/guoji"), root.beside("guoji")).expect("a rename");
            }),
            ("back", &|root| {
                fs::rename(root.beside("guoji"), root.at("content/guoji")).expect("a rename");
            }),
            ("two changed places", &|root| {
                root.rename("content/guoji", "content/x");
                root.rename("content/keji", "content/guoji");
                root.rename("content/x", "content/keji");
            }),
            ("all of data", &|root| root.rename("data", "old-data")),
            ("and back", &|root| root.rename("old-data", "data")),
            ("no files", &|root| root.rename("static", "no-static")),
            ("no articles", &|root| root.rename("content", "contents")),
            ("all of them", &|root| root.rename("contents", "content")),
            ("written in at last", &|root| {
                root.write(SHIP, article("再改", 3, ""));
            }),
        ],
    );
}

#[test]
fn where_changes_are_not_told_they_are_looked_for() {
    let root = site();
    let flags = ["--port", "0", "--as-of", NOW, "--poll"];
    let served = Served::by(&root, &flags, Wishes::default());
    served.is_as_built();
    root.replace(BRIDGE, "大桥通车", "大桥开放");
    root.rename(SHIP, "content/keji/ship.md");
    root.remove(CHIP);
    served.is_as_built();
}

#[test]
fn an_embargo_ends_while_it_is_looked_at() {
    let root = site();
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    let soon = now.expect("a time").as_secs() as i64 + 2;
    let soon = rfc3339(soon, &zone("Z").expect("UTC"));
    root.replace(CHIP, "2026-11-18 08:30", &soon);
    let served = Served::by(&root, &["--port", "0"], Wishes::default());
    let events = served.events(&["/"]);
    assert_eq!(served.get("/keji/chip/").status, 404);
    served.shows("/keji/chip/", "芯片量产");
    events.until("home", |all| {
        (all.last()?["tabs"][0]["reload"] == true).then_some(())
    });
}

// ------------------------------------------------------------------------------------ in a browser

fn opened(chromium: &Chromium, served: &Served, url: &str) -> Tab {
    let tab = chromium.tab().expect("a tab");
    tab.open(&served.address(url)).expect("a page");
    mark(&tab);
    tab
}

/// Waits until something holds in whatever page the tab shows.
fn holds(tab: &Tab, condition: &str) {
    until(condition, || match tab.evaluate(condition) {
        Ok(Value::Bool(true)) => Ok(()),
        // A page that is being left has no answer.
        other => Err(format!("{other:?}")),
    });
}

const OVERLAY: &str = "(document.querySelector('masthead-trouble')?.shadowRoot?.textContent ?? '')";

/// Waits until tabs have heard of all that was told before: an article with a mistake, and without.
fn settle(served: &Served, tabs: &[&Tab]) {
    served
        .root
        .write("content/keji/settle.md", "---\ntitle: 停\ndate: x\n---\n");
    for tab in tabs {
        holds(tab, &format!("{OVERLAY}.includes('settle.md')"));
    }
    served.root.remove("content/keji/settle.md");
    for tab in tabs {
        holds(tab, &format!("{OVERLAY} === ''"));
    }
}

#[test]
fn only_tabs_whose_page_changed_reload() {
    let root = site();
    let long = "段落。\n\n".repeat(300);
    root.replace(BRIDGE, "正文第一段。", &format!("{long}正文第一段。"));
    let served = Served::new(&root);
    let chromium = Chromium::launch();
    let tabs =
        ["/guoji/bridge/", "/guoji/", "/keji/chip/"].map(|url| opened(&chromium, &served, url));
    let [edited, list, other] = &tabs;
    edited.evaluate("scrollTo(0, 1234)").expect("scrolled");
    root.replace(BRIDGE, "正文第一段", "改过的一段");
    holds(
        edited,
        "document.body.textContent.includes('改过的一段') && scrollY === 1234",
    );
    assert!(!is_same(edited));
    settle(&served, &[edited, list, other]);
    assert!(is_same(list) && is_same(other), "only the article changed");
    mark(edited);
    root.replace(BRIDGE, "大桥通车", "大桥开放");
    holds(list, "document.body.textContent.includes('大桥开放')");
    holds(
        edited,
        "document.querySelector('h1').textContent.includes('大桥开放') && scrollY === 1234",
    );
    settle(&served, &[list, other]);
    assert!(is_same(other), "an unrelated article");
}

#[test]
fn a_style_is_swapped_and_nothing_is_lost() {
    let root = site();
    let style = |colour: &str| format!("body {{ color: {colour}; min-height: 5000px }}");
    root.write("static/site.css", style("rgb(1, 2, 3)"));
    root.write(
        "templates/404.html",
        "{% extends \"base.html\" %}{% block main %}<input id=field>{% endblock %}",
    );
    let served = Served::new(&root);
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &served, "/404.html");
    tab.evaluate("field.value = '写到一半'; field.focus(); scrollTo(0, 777)")
        .expect("typed");
    for colour in ["rgb(4, 5, 6)", "rgb(7, 8, 9)"] {
        root.write("static/site.css", style(colour));
        holds(
            &tab,
            &format!("getComputedStyle(document.body).color === '{colour}'"),
        );
    }
    // The site's own goes, and the built-in one is there again.
    root.write("static/more.css", "");
    root.remove("static/site.css");
    holds(
        &tab,
        "getComputedStyle(document.body).color !== 'rgb(7, 8, 9)'",
    );
    let kept = "[field.value, document.activeElement.id, window.same]";
    assert_eq!(tab.evaluate(kept), Ok(json!(["写到一半", "field", true])));
    root.write("static/site.css", style("rgb(4, 5, 6)"));
    holds(
        &tab,
        "getComputedStyle(document.body).color === 'rgb(4, 5, 6)'",
    );
    served.is_as_built();
}

#[test]
fn the_browser_follows_the_writer() {
    let root = site();
    let wishes = Wishes {
        follow: true,
        ..Wishes::default()
    };
    let served = Served::with(&root, wishes);
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &served, "/");
    let at = |path: &str| {
        holds(
            &tab,
            &format!("decodeURIComponent(location.pathname) === '{path}'"),
        )
    };
    settle(&served, &[&tab]);
    root.replace(CHIP, "第一段", "改过的一段");
    at("/keji/chip/");
    root.write("content/guoji/港口.md", article("港口扩建", 23, ""));
    at("/guoji/港口/");
    root.rename(BRIDGE, "content/keji/bridge.md");
    at("/keji/bridge/");
    // What is no article, or has no page, leads nowhere.
    root.replace("masthead.yaml", "晨星新闻", "晨星报");
    holds(&tab, "document.title.includes('晨星报')");
    root.remove(SHIP);
    settle(&served, &[&tab]);
    at("/keji/bridge/");
}

#[test]
fn the_overlay_comes_over_the_last_good_page_and_goes() {
    let root = site();
    // A warning is neither shown over the page nor in the way of all being well.
    root.replace(SHIP, "tags", "tgas");
    let served = Served::new(&root);
    let chromium = Chromium::launch();
    let tab = opened(&chromium, &served, "/guoji/bridge/");
    root.replace(BRIDGE, "tags: [桥梁]", "tags: 桥梁");
    for part in [
        "`tags` must be a list",
        "content/guoji/bridge.md:5:7",
        "write `tags: [桥梁]`",
    ] {
        holds(&tab, &format!("{OVERLAY}.includes('{part}')"));
    }
    holds(
        &tab,
        "document.querySelector('h1').textContent === '大桥通车'",
    );
    // Nobody has had this one open: what is wrong is all there is to see.
    root.replace(CHIP, "date: 2026-11-18", "date: gestern");
    let other = opened(&chromium, &served, "/keji/chip/");
    holds(
        &other,
        "document.querySelector('pre')?.textContent.includes('chip.md:3:7')",
    );
    root.replace(BRIDGE, "tags: 桥梁", "tags: [大桥, 海]");
    root.replace(CHIP, "date: gestern", "date: 2026-11-18");
    holds(
        &tab,
        &format!("{OVERLAY} === '' && document.body.textContent.includes('海')"),
    );
    holds(
        &other,
        &format!("{OVERLAY} === '' && document.querySelector('h1').textContent === '芯片量产'"),
    );
    served.hears("all is well again");
    served.hears("content/guoji/ship.md:5:1");
}

// ------------------------------------------------------------------------------------- mistakes

/// A mistake in a file: what is written there, and the place and parts of the report.
struct Mistake<'a> {
    path: &'a str,
    text: String,
    place: &'a str,
    parts: &'a [&'a str],
}

#[test]
fn a_mistake_is_told_with_its_place_and_costs_little() {
    let root = site();
    let served = Served::new(&root);
    served.is_as_built();
    let good = served.get("/guoji/bridge/").body;
    let mistakes = [
        Mistake {
            path: BRIDGE,
            text: article("大桥通车", 20, "tags: [桥梁\n"),
            place: "content/guoji/bridge.md:5",
            parts: &["tags: [桥梁"],
        },
        Mistake {
            path: BRIDGE,
            text: article("大桥通车", 20, "tags: 桥梁\n"),
            place: "content/guoji/bridge.md:5:7",
            parts: &["5 | tags: 桥梁", "write `tags: [桥梁]`"],
        },
        Mistake {
            path: "masthead.yaml",
            text: CONFIG.replace("\"+08:00\"", "Mars"),
            place: "masthead.yaml:3:11",
            parts: &["3 | timezone: Mars", "help: "],
        },
        Mistake {
            path: "masthead.yaml",
            text: format!("{CONFIG}menus: [\n"),
            place: "masthead.yaml:",
            parts: &["menus: ["],
        },
        Mistake {
            path: "data/tags.yaml",
            text: "桥梁: {aliases: 大桥}\n".to_string(),
            place: "data/tags.yaml:1:",
            parts: &["1 | 桥梁: {aliases: 大桥}", "help: "],
        },
        Mistake {
            path: "templates/article.html",
            text: "{% extends \"base.html\" %}\n{% block main %}{{ article. }}{% endblock %}"
                .to_string(),
            place: "templates/article.html:2:",
            parts: &["2 | {% block main %}{{ article. }}"],
        },
        Mistake {
            path: "templates/article.html",
            text: "<p>\n{{ titel.x }}</p>".to_string(),
            place: "templates/article.html:2:",
            parts: &["2 | {{ titel.x }}", "help: "],
        },
    ];
    let events = served.events(&["/guoji/bridge/"]);
    for mistake in mistakes {
        let Mistake {
            path,
            text,
            place,
            parts,
        } = &mistake;
        let before = fs::read(root.at(path)).ok();
        root.write(path, text);
        let of_file = || {
            events.trouble().into_iter().find(|one| {
                one["place"]
                    .as_str()
                    .is_some_and(|at| at.starts_with(place))
            })
        };
        let report = until(&format!("{path}: {text}"), || {
            // A page that can't be made is noticed when it is asked for, or in idle time.
            assert_eq!(
                served.get("/guoji/bridge/").page(),
                Ok(page(&good)),
                "{path}"
            );
            of_file().ok_or_else(|| format!("{:#?}", events.trouble()))
        });
        let report = report["report"].as_str().expect("a report");
        for part in parts.iter().chain([place]) {
            assert!(report.contains(part), "{part}:\n{report}");
        }
        served.hears(place);
        assert_eq!(served.get("/").status, 200);
        match before {
            Some(before) => root.write(path, before),
            None => root.remove(path),
        }
        until("mended", || {
            let trouble = events.trouble();
            trouble
                .is_empty()
                .then_some(())
                .ok_or(format!("{trouble:#?}"))
        });
        served.is_as_built();
    }
}

fn page(body: &[u8]) -> &[u8] {
    let script = b"<script src=\"/_masthead/";
    let at = body
        .windows(script.len())
        .position(|window| window == script);
    &body[..at.expect("a tag")]
}

#[test]
fn a_page_asked_for_in_the_middle_of_a_save_is_no_mistake() {
    let root = site();
    let wishes = masthead::serve::live::Wishes {
        drafts: false,
        base_url: None,
        now: Box::new(|| common::fixture::moment(NOW)),
    };
    let source = Box::new(Directory::new(root.at("")));
    let live = Live::open(source, &Memory::default(), wishes);
    let text = root.read(BRIDGE);
    root.remove(BRIDGE);
    assert_eq!(live.answer("/guoji/bridge/").status, 500);
    root.write(BRIDGE, text);
    assert_eq!(live.update(&[BRIDGE.to_string()].into()), None);
    assert_eq!(live.trouble(), []);
    assert_eq!(live.answer("/guoji/bridge/").status, 200);
}

#[test]
fn it_starts_with_mistakes_and_shows_what_there_is() {
    let root = site();
    root.replace("masthead.yaml", "\"+08:00\"", "Mars");
    root.replace(CHIP, "tags: [芯片]", "tags: 芯片");
    root.write("templates/article.html", "{{ article. }}");
    root.write("data/people.yaml", "[");
    let served = Served::new(&root);
    let events = served.events(&["/"]);
    let places: BTreeSet<String> = events
        .trouble()
        .iter()
        .map(|one| {
            let place = one["place"].as_str().expect("a place");
            place.split(':').next().expect("a file").to_string()
        })
        .collect();
    assert_eq!(
        places.into_iter().collect::<Vec<_>>(),
        [
            CHIP,
            "data/people.yaml",
            "masthead.yaml",
            "templates/article.html"
        ]
    );
    assert_eq!(served.get("/guoji/bridge/").status, 200);
    assert_eq!(served.get("/keji/chip/").status, 500);
    root.write("masthead.yaml", CONFIG);
    root.replace(CHIP, "tags: 芯片", "tags: [芯片]");
    root.remove("templates/article.html");
    root.remove("data/people.yaml");
    served.is_as_built();
    served.hears("all is well again");
    assert_eq!(events.trouble(), Vec::<Value>::new());
}

#[test]
fn what_nobody_has_open_is_looked_at_in_idle_time() {
    let root = site();
    root.replace(CHIP, "tags", "template: wide\ntags");
    root.write(
        "templates/article/wide.html",
        "{% extends \"article.html\" %}",
    );
    let served = Served::new(&root);
    let events = served.events(&["/"]);
    root.write(
        "templates/article/wide.html",
        "{% extends \"article.html\" %}\n{% block main %}{{ page.nothing.at_all }}{% endblock %}",
    );
    let place = "templates/article/wide.html:2:";
    events.until("the sweep", |all| {
        let last = all.last()?["trouble"]["reports"].as_array()?.first()?;
        last["place"].as_str()?.starts_with(place).then_some(())
    });
    served.hears(place);
    root.write(
        "templates/article/wide.html",
        "{% extends \"article.html\" %}",
    );
    until("mended", || {
        events
            .trouble()
            .is_empty()
            .then_some(())
            .ok_or(String::new())
    });
    served.is_as_built();
}

// ------------------------------------------------------------------------------------------- end

#[test]
fn it_ends_at_once_and_the_next_start_parses_nothing() {
    let root = site();
    for signal in ["-INT", "-TERM"] {
        let mut served = Served::new(&root);
        let streams: Vec<_> = (0..3).map(|_| served.events(&["/"])).collect();
        root.replace(BRIDGE, "正文第一段", &format!("{signal} 正文第一段"));
        served.shows("/guoji/bridge/", &format!("{signal} 正文第一段"));
        let (status, took) = served.end(signal);
        assert_eq!(status.code(), Some(0), "{signal}: {status}");
        assert!(took < Duration::from_secs(1), "{signal}: {took:?}");
        drop(streams);
        let (_, json, _) = run(&root, "check", &["--json", "--as-of", NOW]);
        let json: Value = serde_json::from_str(&json).expect("JSON");
        assert_eq!(json["parsed"], 0, "{signal}");
    }
}

#[test]
fn many_edits_leave_nothing_behind() {
    let root = site();
    let served = Served::new(&root);
    let streams: Vec<_> = (0..3)
        .map(|_| served.events(&["/", "/guoji/bridge/"]))
        .collect();
    let edit = |n: u32| {
        let title = format!("第 {n} 版");
        root.write(
            BRIDGE,
            article(&title, n % 20 + 1, &format!("tags: [标签 {n}]\n")),
        );
        if n.is_multiple_of(10) {
            root.write("static/site.css", format!("body {{ order: {n} }}"));
            root.write(
                &format!("content/guoji/n{}.md", n % 40),
                article("新", 3, ""),
            );
        }
        served.shows("/guoji/bridge/", &title);
    };
    (0..40).for_each(edit);
    let before = Held::of(&served);
    (40..300).for_each(edit);
    let after = Held::of(&served);
    assert!(after.threads <= before.threads + 2, "{before:?} {after:?}");
    assert!(after.files <= before.files + 4, "{before:?} {after:?}");
    assert!(
        after.kilobytes < before.kilobytes + 40_000,
        "{before:?} {after:?}"
    );
    assert!(streams.iter().all(|stream| stream.revision() >= 200));
    served.is_as_built();
}

/// What a process holds.
#[derive(Debug)]
struct Held {
    threads: usize,
    files: usize,
    kilobytes: usize,
}

impl Held {
    fn of(served: &Served) -> Held {
        let process = format!("/proc/{}", served.child.id());
        let status = fs::read_to_string(format!("{process}/status")).expect("a status");
        let of = |key: &str| -> usize {
            let line = status.lines().find_map(|line| line.strip_prefix(key));
            let number = line.and_then(|line| line.split_whitespace().next());
            number
                .and_then(|number| number.parse().ok())
                .expect("a number")
        };
        let files = fs::read_dir(format!("{process}/fd")).expect("a folder");
        Held {
            threads: of("Threads:"),
            files: files.count(),
            kilobytes: of("VmRSS:"),
        }
    }
}

// -------------------------------------------------------------------------------------- document

#[test]
fn the_document_has_the_flags_of_the_command() {
    let help = command(&site(), "serve", &["--help"])
        .output()
        .expect("it runs");
    let help = String::from_utf8_lossy(&help.stdout).into_owned();
    let document = include_str!("../docs/content/preview.md");
    let flags = |text: &str| -> BTreeSet<String> {
        let words = text.split(|c: char| !c.is_ascii_lowercase() && c != '-');
        let flags =
            words.filter(|word| word.len() > 3 && word.starts_with("--") && *word != "--help");
        flags.map(str::to_string).collect()
    };
    let rows: Vec<&str> = document
        .lines()
        .filter(|line| line.starts_with("| `-"))
        .collect();
    assert_eq!(flags(&rows.join("\n")), flags(&help), "{help}");
}

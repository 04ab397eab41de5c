//! A portal of 1,000 generated articles, built with the real command: every link leads to a file,
//! feeds and sitemaps are well-formed and hold what they must.

mod common;

use common::corpus::{self, Spec};
use common::links;
use masthead::base::date;
use roxmltree::{Document, Node};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Builds the corpus under `dir`; gives the output folder.
fn built(dir: &Path, arguments: &[&str]) -> std::path::PathBuf {
    corpus::write(
        dir,
        &Spec {
            articles: 1_000,
            ..Spec::default()
        },
    )
    .expect("a corpus");
    let output = dir.join("public");
    let done = Command::new(env!("CARGO_BIN_EXE_masthead"))
        .args([
            "build",
            "--strict",
            "--as-of",
            "2027-01-01T00:00:00+08:00",
            "--root",
        ])
        .arg(dir)
        .args(arguments)
        .output()
        .expect("masthead runs");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    output
}

#[test]
fn every_link_leads_to_a_file_and_every_feed_is_sound() {
    // Kept for `scripts/nu.sh`, and built over at the next run.
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("portal");
    let output = built(&dir, &["--base-url", "https://e.org/news"]);
    assert_eq!(
        links::dead_links(&output, "/news", "https://e.org/news"),
        Vec::<String>::new()
    );
    assert!(links::pages(&output).len() > 1_000);
    let mut feeds = 0;
    for path in xml_files(&output) {
        let text = fs::read_to_string(&path).expect("a file");
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let document =
            Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        match name.as_str() {
            "atom.xml" => {
                check_entries(&text, &path);
                feeds += 1;
            }
            "feed.xml" => {
                check_entries(&text, &path);
                check_feed(&document, &path);
                feeds += 1;
            }
            _ => check_sitemap(&document, &path),
        }
    }
    assert!(feeds > 40, "{feeds} feeds");
    for path in links::files(&output)
        .iter()
        .filter(|path| path.ends_with("feed.json"))
    {
        let text = fs::read_to_string(path).expect("a file");
        let feed: serde_json::Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        check_entries(&text, path);
    }
    let index = fs::read_to_string(output.join("sitemap.xml")).expect("the sitemap index");
    assert!(
        index.matches("<loc>").count() > 100,
        "a sitemap for each month"
    );
    let robots = fs::read_to_string(output.join("robots.txt")).expect("robots.txt");
    assert!(
        robots.contains("Sitemap: https://e.org/news/sitemap.xml"),
        "{robots}"
    );
}

#[test]
fn the_demo_portal_has_no_dead_link() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    let done = Command::new(env!("CARGO_BIN_EXE_masthead"))
        .args([
            "build",
            "--strict",
            "--as-of",
            "2026-11-24T08:00:00+08:00",
            "--root",
        ])
        .arg(root)
        .arg("--output")
        .arg(&output)
        .output()
        .expect("masthead runs");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let address = "https://harbour.example.org";
    assert_eq!(
        links::dead_links(&output, "", address),
        Vec::<String>::new()
    );
    assert!(links::pages(&output).len() > 200);
}

/// A feed as a reader's program reads it: every entry has an id, a title, a link and a date.
fn check_entries(text: &str, path: &Path) {
    let at = path.display();
    let feed =
        feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{at}: {error}"));
    assert!(feed.title.is_some() && !feed.links.is_empty(), "{at}");
    assert!(
        (1..=20).contains(&feed.entries.len()),
        "{at}: {} entries",
        feed.entries.len()
    );
    for entry in feed.entries {
        assert!(
            entry.id.starts_with("https://e.org/news/"),
            "{at}: {}",
            entry.id
        );
        assert!(
            entry.title.is_some_and(|title| !title.content.is_empty()),
            "{at}: {}",
            entry.id
        );
        assert!(entry.published.is_some(), "{at}: {} without date", entry.id);
        assert_eq!(
            entry.links.first().map(|link| link.href.as_str()),
            Some(entry.id.as_str())
        );
    }
}

fn xml_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = links::files(folder);
    all.retain(|path| path.extension().is_some_and(|ending| ending == "xml"));
    all
}

fn child<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children()
        .find(|child| child.has_tag_name(name))?
        .text()
}

/// RSS 2.0 as its specification and its readers want it.
fn check_feed(document: &Document, path: &Path) {
    let at = path.display();
    let root = document.root_element();
    assert_eq!(
        (root.tag_name().name(), root.attribute("version")),
        ("rss", Some("2.0")),
        "{at}"
    );
    let channel = root
        .first_element_child()
        .unwrap_or_else(|| panic!("{at}: no channel"));
    for name in ["title", "link", "description"] {
        assert!(child(&channel, name).is_some(), "{at}: no {name}");
    }
    let own = channel
        .children()
        .find(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "link")))
        .unwrap_or_else(|| panic!("{at}: no atom:link"));
    assert_eq!(own.attribute("rel"), Some("self"), "{at}");
    let items: Vec<Node> = channel
        .children()
        .filter(|node| node.has_tag_name("item"))
        .collect();
    assert!(
        (1..=20).contains(&items.len()),
        "{at}: {} items",
        items.len()
    );
    let mut last = i64::MAX;
    for item in items {
        let link = child(&item, "link").unwrap_or_else(|| panic!("{at}: an item without link"));
        assert!(
            link.starts_with("https://e.org/news/") && link.is_ascii(),
            "{at}: {link}"
        );
        assert_eq!(child(&item, "guid"), Some(link), "{at}");
        assert!(
            child(&item, "title").is_some(),
            "{at}: an item without title"
        );
        let date = child(&item, "pubDate").unwrap_or_else(|| panic!("{at}: an item without date"));
        let moment = rfc822(date).unwrap_or_else(|| panic!("{at}: `{date}` is no RFC 822 date"));
        assert!(moment <= last, "{at}: not newest first");
        last = moment;
    }
}

/// `Tue, 24 Nov 2026 08:00:00 +0800`, and nothing looser.
fn rfc822(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (weekday, rest) = text.split_once(", ")?;
    let parts: Vec<&str> = rest.split(' ').collect();
    let [day, month, year, time, zone] = parts[..] else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let zone = format!("{}:{}", zone.get(..3)?, zone.get(3..5)?);
    let stamp = date::parse(&format!("{year}-{month:02}-{day}T{time}{zone}"))?;
    let moment = stamp.moment(&date::zone("Z")?)?;
    (date::rfc822(moment, &date::zone(&zone)?)
        .split_once(", ")?
        .0
        == weekday)
        .then_some(moment)
}

const SITEMAPS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

fn check_sitemap(document: &Document, path: &Path) {
    let at = path.display();
    let root = document.root_element();
    let entry = match root.tag_name().name() {
        "urlset" => "url",
        "sitemapindex" => "sitemap",
        other => panic!("{at}: <{other}>"),
    };
    assert_eq!(root.tag_name().namespace(), Some(SITEMAPS), "{at}");
    let entries: Vec<Node> = root.children().filter(Node::is_element).collect();
    assert!(
        (1..=50_000).contains(&entries.len()),
        "{at}: {} entries",
        entries.len()
    );
    for node in entries {
        assert!(node.has_tag_name((SITEMAPS, entry)), "{at}");
        let text = |name| {
            let found = node
                .children()
                .find(|child| child.has_tag_name((SITEMAPS, name)))?;
            found.text()
        };
        let address = text("loc").unwrap_or_else(|| panic!("{at}: an entry without loc"));
        assert!(
            address.starts_with("https://e.org/news/") && address.is_ascii(),
            "{at}: {address}"
        );
        if let Some(date) = text("lastmod") {
            let dated = date::parse(date).is_some_and(|stamp| stamp.offset.is_some());
            assert!(dated, "{at}: `{date}` is no W3C date");
        }
    }
}

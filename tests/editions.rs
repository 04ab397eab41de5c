//! Editions: the whole portal in two scripts. Each page has its twin, each edition keeps to
//! itself, and no page of one script has text of the other.

mod common;

use common::fixture::Bench;
use common::links::{Reader, file_at};
use masthead::base::diagnostic::report;
use masthead::base::text::fold;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Files = BTreeMap<String, Vec<u8>>;

/// The demo portal, built with these lines at the end of its configuration.
fn demo(lines: &str) -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut bench = Bench::default();
    let mut folders = vec!["content".to_string(), "data".to_string()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(root.join(&folder)).expect("a folder") {
            let entry = entry.expect("an entry");
            let path = format!("{folder}/{}", entry.file_name().to_string_lossy());
            match entry.path().is_dir() {
                true => folders.push(path),
                false => bench
                    .source
                    .put(path, std::fs::read(entry.path()).expect("a file")),
            }
        }
    }
    let own = std::fs::read_to_string(root.join("masthead.yaml")).expect("masthead.yaml");
    let kept = own.lines().filter(|line| {
        let key = line.split(':').next().unwrap_or("");
        !["language", "editions", "conversion"].contains(&key)
    });
    let kept: Vec<&str> = kept.collect();
    let text = format!("{}\n{lines}", kept.join("\n"));
    bench.source.put("masthead.yaml", text);
    let outcome = bench.build();
    let said = report(&outcome.diagnostics, false);
    assert_eq!(
        (outcome.tally.errors, outcome.tally.warnings),
        (0, 0),
        "{said}"
    );
    bench.sink.files().clone()
}

fn is_page(path: &str) -> bool {
    path.ends_with(".html")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The part of a page from one text to another.
fn between<'t>(page: &'t str, from: &str, to: &str) -> &'t str {
    let rest = page.split_once(from).map_or("", |(_, rest)| rest);
    rest.split_once(to).map_or("", |(part, _)| part)
}

#[test]
fn every_page_has_its_twin_and_leads_there() {
    let files = demo("editions: [zh-Hans, zh-Hant]\n");
    let pages = files.keys().filter(|path| is_page(path));
    let (second, first): (Vec<&String>, Vec<&String>) =
        pages.partition(|path| path.starts_with("hant/"));
    assert!(first.len() > 200, "{}", first.len());
    assert_eq!(first.len(), second.len());
    let address = "https://harbour.example.org";
    for path in first {
        let twin = format!("hant/{path}");
        let (one, other) = (text(&files[path]), text(&files[&twin]));
        if one.contains("http-equiv=\"refresh\"") {
            continue;
        }
        assert!(
            one.contains("<html lang=\"zh-Hans\"") || one.contains("<html lang=\"en\""),
            "{path}"
        );
        assert!(
            other.contains("<html lang=\"zh-Hant\"") || other.contains("<html lang=\"en\""),
            "{twin}"
        );
        // The switch leads to the same page, and back.
        let leads = |page: &str, from: &str| {
            let switch = between(page, "<ul class=\"editions\"", "</ul>");
            let href = between(switch, "href=\"", "\"").to_string();
            let decoded = masthead::base::slug::percent_decoded(&href).unwrap_or_default();
            let is_file = |path: &str| files.contains_key(path);
            file_at(decoded.trim_start_matches('/'), &is_file)
                .unwrap_or_else(|| panic!("{from} leads to {href}"))
        };
        assert_eq!(leads(&one, path), twin);
        assert_eq!(&leads(&other, &twin), path);
        // Search engines are told the same on both.
        let told = |page: &str| -> BTreeSet<String> {
            let lines = page
                .lines()
                .filter(|line| line.contains("hreflang=\"") && line.starts_with("<link"));
            lines.map(str::to_string).collect()
        };
        let (told_one, told_other) = (told(&one), told(&other));
        assert_eq!(told_one, told_other, "{path}");
        let hidden = one.contains("content=\"noindex");
        assert_eq!(
            told_one.len(),
            if hidden { 0 } else { 3 },
            "{path}: {told_one:?}"
        );
        if !hidden {
            let of_first = told_one
                .iter()
                .filter(|line| !line.contains(&format!("{address}/hant/")));
            assert_eq!(
                of_first.count(),
                2,
                "x-default is the first edition: {path}"
            );
        }
    }
    // Feeds and sitemaps are each edition's own.
    for name in [
        "feed.xml",
        "atom.xml",
        "feed.json",
        "sitemap.xml",
        "keji/feed.xml",
    ] {
        let feed = text(&files[&format!("hant/{name}")]);
        let start = format!("{address}/");
        let all = feed.split(&start).skip(1);
        let paths: Vec<&str> = all
            .map(|rest| rest.split(['"', '<', '&', '\\', ' ']).next().unwrap_or(""))
            .collect();
        let is_own = |path: &&&str| path.starts_with("hant/");
        assert!(paths.iter().filter(is_own).count() > 1, "{name}");
        // A picture stands once for both.
        for path in paths.iter().filter(|path| !is_own(path)) {
            let picture = [".svg", ".png", ".jpg", ".webp"];
            assert!(
                picture.iter().any(|end| path.ends_with(end)),
                "{name}: {path}"
            );
        }
    }
    let robots = text(&files["robots.txt"]);
    assert!(
        robots.contains(&format!("{address}/sitemap.xml")),
        "{robots}"
    );
    assert!(
        robots.contains(&format!("{address}/hant/sitemap.xml")),
        "{robots}"
    );
}

#[test]
fn each_edition_keeps_to_itself() {
    let files = demo("editions: [zh-Hans, zh-Hant]\n");
    let mut reader = Reader::default();
    let reached = reader.reach(&files);
    assert_eq!(reached.dead, BTreeSet::new());
    for (path, bytes) in files.iter().filter(|(path, _)| is_page(path)) {
        let twin = match path.strip_prefix("hant/") {
            Some(first) => first.to_string(),
            None => format!("hant/{path}"),
        };
        for link in reader.links(path, bytes).to_vec() {
            let Some(file) = file_at(&link, &|path| files.contains_key(path)) else {
                panic!("{path} leads to {link}");
            };
            let stays = file.starts_with("hant/") == path.starts_with("hant/");
            let common = !is_page(&file) && !file.ends_with(".xml") && !file.ends_with(".json");
            assert!(stays || common || file == twin, "{path} leads to {file}");
        }
    }
}

/// The text of a page outside tags, code and what is marked as another language's.
fn prose(page: &str) -> String {
    let mut prose = String::new();
    let mut open: Vec<String> = Vec::new();
    let body = page.split_once("<body").map_or("", |(_, body)| body);
    let mut rest = body.split_once('>').map_or("", |(_, rest)| rest);
    while let Some((text, after)) = rest.split_once('<') {
        if open.is_empty() {
            prose.push_str(text);
        }
        let (tag, after) = after.split_once('>').unwrap_or((after, ""));
        rest = after;
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect();
        if tag.starts_with('/') {
            if open.last() == Some(&name) {
                open.pop();
            }
        } else if !open.is_empty() {
            if open.last() == Some(&name) {
                open.push(name);
            }
        } else if ["code", "pre", "script", "style", "math"].contains(&name.as_str())
            || tag.contains(" lang=\"")
        {
            open.push(name);
        }
    }
    prose
}

#[test]
fn each_edition_has_one_script() {
    let files = demo("editions: [zh-Hans, zh-Hant]\n");
    // Traditional forms with a Simplified one of their own, and the reverse; forms that are both
    // (后, 里, 面) tell nothing.
    let pairs: Vec<(char, char)> = fold::pairs().collect();
    let traditional: BTreeSet<char> = pairs.iter().map(|(traditional, _)| *traditional).collect();
    let simplified: BTreeSet<char> =
        "国际财经务会发实对说问题业东车门开关时间从们这还进过样让认识讯报论评频鱼龙鸟马"
            .chars()
            .collect();
    let mut seen = 0;
    for (path, bytes) in files.iter().filter(|(path, _)| is_page(path)) {
        let page = text(bytes);
        let prose = prose(&page);
        let wrong: BTreeSet<char> = match path.starts_with("hant/") {
            true => prose.chars().filter(|c| simplified.contains(c)).collect(),
            false => prose
                .chars()
                .filter(|c| traditional.contains(c) && !"乾著藉麼徵覆於".contains(*c))
                .collect(),
        };
        seen += prose.chars().count();
        assert!(wrong.is_empty(), "{path}: {wrong:?}");
    }
    assert!(seen > 100_000, "{seen}");
}

//! Refuses a build that did not make the pages, so that no failure is measured as speed.

use crate::corpus;
use crate::measure::{Tree, read};
use crate::sites::Portal;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// The kinds of pages that both tools make.
pub const SHARED: [&str; 6] = [
    "articles",
    "home list",
    "channel lists",
    "tag lists",
    "all tags",
    "RSS feeds",
];

/// What kind of file a path is.
pub fn kind(path: &str) -> &'static str {
    let parts: Vec<&str> = path.split('/').collect();
    let last = parts.last().copied().unwrap_or_default();
    match parts[0] {
        _ if last.starts_with("sitemap") || parts[0] == "sitemaps" => "sitemaps",
        "tags" | "page" | "index.xml" | "feed.xml" | "index.html" => shared(&parts, last),
        channel if corpus::CHANNELS.contains(&channel) => shared(&parts, last),
        "tickers" => "securities",
        _ => "other files",
    }
}

fn shared(parts: &[&str], last: &str) -> &'static str {
    match (parts, last) {
        (_, "feed.xml" | "index.xml") => "RSS feeds",
        ([_] | ["page", ..], _) => "home list",
        (["tags", "index.html"], _) => "all tags",
        (["tags", ..], _) => "tag lists",
        ([_, "index.html"] | [_, "page", ..], _) => "channel lists",
        _ => "articles",
    }
}

/// The files of each kind.
pub fn kinds(tree: &Tree) -> BTreeMap<&'static str, (usize, u64)> {
    let mut kinds = BTreeMap::new();
    for (path, (bytes, _)) in &tree.files {
        let entry: &mut (usize, u64) = kinds.entry(kind(path)).or_default();
        entry.0 += 1;
        entry.1 += bytes;
    }
    kinds
}

/// Checks the output of masthead.
pub fn masthead(portal: &Portal, output: &Path, tree: &Tree) -> io::Result<()> {
    pages(portal, output, tree, "feed.xml")
}

/// Checks the output of Hugo.
pub fn hugo(portal: &Portal, output: &Path, tree: &Tree) -> io::Result<()> {
    pages(portal, output, tree, "index.xml")
}

fn pages(portal: &Portal, output: &Path, tree: &Tree, feed: &str) -> io::Result<()> {
    let kinds = kinds(tree);
    let made = |kind: &str| kinds.get(kind).map_or(0, |(files, _)| *files);
    expect("article pages", made("articles"), portal.articles)?;
    let tags = portal.tags;
    // Every list has a feed: the home list, the channels, the tags.
    let lists = |folder: &str| {
        let own = |path: &&String| path.starts_with(folder) && path.ends_with(feed);
        tree.files.keys().filter(own).count()
    };
    expect("feeds of tags", lists("tags/"), tags)?;
    let channels: usize = corpus::CHANNELS
        .iter()
        .map(|id| lists(&format!("{id}/")))
        .sum();
    expect("feeds of channels", channels, corpus::CHANNELS.len())?;
    // A list of n articles has n/20 pages, or one less where the newest page holds more.
    at_least(
        "pages of the home list",
        made("home list"),
        (portal.articles / 20).max(2) - 1,
    )?;
    at_least("pages of tags", made("tag lists"), tags)?;
    texts(portal, output)
}

/// A sentence of each of twenty articles stands on its page.
fn texts(portal: &Portal, output: &Path) -> io::Result<()> {
    let step = (portal.articles / 20).max(1);
    for n in (0..portal.articles).step_by(step) {
        let (_, text) = corpus::article(&portal.spec, n);
        let plain = |line: &&str| {
            line.chars().count() > 30
                && !line.contains(['*', '`', '[', '|', '#', '"', '\'', '&', '<', '>', ':'])
        };
        let body = text.splitn(3, "---\n").nth(2).unwrap_or_default();
        let Some(line) = body
            .lines()
            .filter(|line| !line.starts_with(['-', '1', '2', '3', '4', '5', '6']))
            .find(plain)
        else {
            continue;
        };
        let path = format!(
            "{}index.html",
            corpus::url(&portal.spec, n).trim_start_matches('/')
        );
        let page = read(&output.join(&path))?;
        if !String::from_utf8_lossy(&page).contains(line) {
            return Err(io::Error::other(format!("{path} lacks its text: {line}")));
        }
    }
    Ok(())
}

fn expect(what: &str, found: usize, wanted: usize) -> io::Result<()> {
    if found == wanted {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{found} {what} instead of {wanted}"
    )))
}

fn at_least(what: &str, found: usize, wanted: usize) -> io::Result<()> {
    if found >= wanted {
        return Ok(());
    }
    Err(io::Error::other(format!(
        "{found} {what}, less than {wanted}"
    )))
}

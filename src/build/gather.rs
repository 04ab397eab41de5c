//! From a source to a site and its theme.

use super::ENGINE;
use crate::base::date::Moment;
use crate::base::diagnostic::{Code, Diagnostic, Lines};
use crate::base::fingerprint::Fingerprint;
use crate::base::text::decoded;
use crate::base::yaml;
use crate::config;
use crate::facts::{cache, is_source};
use crate::sink::store::Store;
use crate::site::records::{self, Data};
use crate::site::{Parts, Site, assemble};
use crate::source::{CONFIG, Listing, Source};
use crate::theme::{self, Theme};
use std::collections::BTreeMap;

/// What a site is made from.
pub struct Input<'a> {
    /// Where it comes from.
    pub source: &'a dyn Source,
    /// The moment of the build.
    pub now: Moment,
    /// Whether drafts are shown.
    pub drafts: bool,
    /// Stands in for `base_url` of masthead.yaml.
    pub base_url: Option<&'a str>,
}

/// A site, its theme, and what was said on the way.
pub struct Gathered {
    /// The site.
    pub site: Site,
    /// The theme, or what keeps it from being loaded.
    pub theme: Result<Theme, Vec<Diagnostic>>,
    /// How many sources were parsed.
    pub parsed: usize,
    /// What is wrong, other than what the site itself says.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lists, reads and assembles a site.
pub fn gather(input: &Input, store: &dyn Store) -> Gathered {
    let mut listing = input.source.list();
    let mut out = std::mem::take(&mut listing.diagnostics);
    let places = out
        .iter()
        .filter_map(|diagnostic| diagnostic.place.as_ref());
    let mut unreadable: Vec<String> = places.map(|place| place.file.clone()).collect();
    let mut config =
        read(input.source, &listing, CONFIG, &mut out, config::read).unwrap_or_default();
    if let Some(base_url) = input.base_url {
        config.base_url = base_url.to_string();
    }
    let mut gathered = cache::gather(input.source, &listing, store, ENGINE);
    out.append(&mut gathered.diagnostics);
    unreadable.append(&mut gathered.unreadable);
    let theme = theme::load(input.source, &listing, &gathered.digests, &mut out);
    let parts = Parts {
        known: known(input.source, &listing, &mut out),
        data: data(input.source, &listing, &mut out),
        statics: theme.as_ref().map(Theme::statics).unwrap_or_default(),
        attachments: attachments(&gathered.digests),
        facts: gathered.facts,
        unreadable,
        now: input.now,
        drafts: input.drafts,
        config,
    };
    Gathered {
        site: assemble(parts),
        theme,
        parsed: gathered.parsed,
        diagnostics: out,
    }
}

/// Reads one file of the site as text by a function, if it is there.
fn read<T>(
    source: &dyn Source,
    listing: &Listing,
    path: &str,
    out: &mut Vec<Diagnostic>,
    take: impl FnOnce(&Lines, &mut Vec<Diagnostic>) -> T,
) -> Option<T> {
    listing
        .entries
        .binary_search_by(|entry| entry.path.as_str().cmp(path))
        .ok()?;
    let bytes = match source.read(path) {
        Ok(bytes) => bytes,
        Err(error) => {
            let message = format!("this can't be read: {error}");
            out.push(Diagnostic::new(Code::Unreadable, message).in_file(path));
            return None;
        }
    };
    match decoded(path, &bytes) {
        Ok(text) => Some(take(&Lines::new(path, text), out)),
        Err(diagnostic) => {
            out.push(diagnostic);
            None
        }
    }
}

fn known(source: &dyn Source, listing: &Listing, out: &mut Vec<Diagnostic>) -> Data {
    Data {
        records: records::FILES
            .map(|path| read(source, listing, path, out, records::read).unwrap_or_default()),
        topics: read(source, listing, records::TOPICS, out, records::topics).unwrap_or_default(),
        hot: read(source, listing, records::HOT, out, records::hot).unwrap_or_default(),
    }
}

/// Whether a data file is masthead's own, and not one for templates.
fn is_own(path: &str) -> bool {
    records::FILES.contains(&path) || [records::TOPICS, records::HOT].contains(&path)
}

/// Every data file as a value, under its name without folder and ending.
fn data(source: &dyn Source, listing: &Listing, out: &mut Vec<Diagnostic>) -> serde_json::Value {
    let mut all = serde_json::Map::new();
    for entry in &listing.entries {
        let Some(name) = entry.path.strip_prefix("data/") else {
            continue;
        };
        let value = match name.rsplit_once('.') {
            _ if is_own(&entry.path) => continue,
            Some((_, "yaml" | "yml")) => read(source, listing, &entry.path, out, yaml_value),
            Some((_, "json")) => read(source, listing, &entry.path, out, json_value),
            _ => continue,
        };
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        all.insert(stem.replace('/', "_"), value.flatten().unwrap_or_default());
    }
    serde_json::Value::Object(all)
}

fn yaml_value(lines: &Lines, out: &mut Vec<Diagnostic>) -> Option<serde_json::Value> {
    let mut solid = lines.text().lines().map(str::trim_start);
    let first = solid.find(|line| !line.is_empty() && !line.starts_with('#') && *line != "---");
    if first.is_some_and(|line| line.starts_with(['-', '['])) {
        return yaml::anything(lines, out);
    }
    // A mapping's mistakes are named one by one.
    Some(serde_json::Value::Object(
        yaml::document(lines, out).whole(out),
    ))
}

fn json_value(lines: &Lines, out: &mut Vec<Diagnostic>) -> Option<serde_json::Value> {
    match serde_json::from_str(lines.text()) {
        Ok(value) => Some(value),
        Err(error) => {
            let place = lines.place(error.line() as u32, error.column() as u32, 1, "");
            let text = error.to_string();
            let bare = text.split(" at line ").next().unwrap_or(&text);
            out.push(Diagnostic::new(Code::Yaml, format!("this is not JSON: {bare}")).at(place));
            None
        }
    }
}

/// Files under `content/` that are no sources are published beside the articles.
fn attachments(digests: &BTreeMap<String, Fingerprint>) -> Vec<(String, Fingerprint)> {
    let beside = digests
        .iter()
        .filter(|(path, _)| path.starts_with("content/") && !is_source(path));
    beside
        .map(|(path, digest)| (path.clone(), *digest))
        .collect()
}

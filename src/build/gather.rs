//! From a source to a site and its theme.

use super::ENGINE;
use super::timings::{Step, Timings};
use crate::base::date::Moment;
use crate::base::diagnostic::{Code, Diagnostic, Lines, nearest};
use crate::base::fingerprint::Fingerprint;
use crate::base::text::decoded;
use crate::base::yaml;
use crate::config::{self, Config};
use crate::facts::cache::{self, Files};
use crate::facts::font::Font;
use crate::facts::galley::Galleys;
use crate::facts::picture::Seen;
use crate::facts::{Picks, is_source};
use crate::sink::store::Store;
use crate::site::glossary::{self, GLOSSARY};
use crate::site::records::{self, Data};
use crate::site::{Parts, Site, assemble};
use crate::source::{CONFIG, Listing, Source};
use crate::theme::{self, Theme};
use std::collections::BTreeMap;
use std::sync::Arc;

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
    let (listing, off) = (input.source.list(), Timings::off());
    gather_listed(input, store, listing, &Galleys::NONE, &off, || ()).0
}

/// Reads and assembles a site whose files are listed. What is assembled is assembled on one thread,
/// so that others load the theme meanwhile, keep what is known of files for the next run, and do
/// what is to be done `beside`.
pub fn gather_listed<T: Send>(
    input: &Input,
    store: &dyn Store,
    listing: Listing,
    galleys: &Galleys,
    timings: &Timings,
    beside: impl FnOnce() -> T + Send,
) -> (Gathered, T) {
    let mut opened = open_listed(input, store, listing, galleys, timings);
    timings.begin(Step::Assembling);
    let parts = opened.parts(input);
    let (site, (theme, beside)) = rayon::join(
        || assemble(parts),
        || {
            let theme = opened.theme(input.source);
            opened.keep(store);
            // The site has what it needs of them.
            opened.files.files.clear();
            (theme, beside())
        },
    );
    let gathered = Gathered {
        site,
        theme,
        parsed: opened.files.parsed,
        diagnostics: opened.said,
    };
    (gathered, beside)
}

/// All that was read of a site but for its theme.
pub struct Opened {
    /// Its files.
    pub listing: Listing,
    /// What is known of each.
    pub files: cache::Gathered,
    /// Configuration and data.
    pub settings: Settings,
    /// What is wrong, other than with sources.
    pub said: Vec<Diagnostic>,
    /// Files and folders that can't be read.
    unreadable: Vec<String>,
}

/// Configuration and data of a site.
#[derive(Debug, Clone, Default)]
pub struct Settings {
    /// The configuration.
    pub config: Config,
    /// What data files say of names, topics and hot articles.
    pub known: Data,
    /// The other data files.
    pub data: serde_json::Value,
    /// The font of social cards.
    pub font: Option<Arc<Font>>,
}

/// Lists and reads a site, with the help of what is remembered of it.
pub fn open(input: &Input, store: &dyn Store) -> Opened {
    let listing = input.source.list();
    open_listed(input, store, listing, &Galleys::NONE, &Timings::off())
}

fn open_listed(
    input: &Input,
    store: &dyn Store,
    mut listing: Listing,
    galleys: &Galleys,
    timings: &Timings,
) -> Opened {
    timings.begin(Step::Configuration);
    let mut said = std::mem::take(&mut listing.diagnostics);
    let places = said
        .iter()
        .filter_map(|diagnostic| diagnostic.place.as_ref());
    let mut unreadable: Vec<String> = places.map(|place| place.file.clone()).collect();
    let settings = settings(input.source, &listing, input.base_url, &mut said);
    timings.begin(Step::Sources);
    let remembered = cache::remember(store, ENGINE);
    let mut files = cache::look_at(
        input.source,
        &listing,
        remembered,
        Picks::of(&settings.config),
        galleys,
    );
    said.append(&mut files.diagnostics);
    unreadable.append(&mut files.unreadable);
    Opened {
        listing,
        files,
        settings,
        said,
        unreadable,
    }
}

impl Opened {
    /// The theme.
    ///
    /// # Errors
    /// What keeps it from being loaded.
    pub fn theme(&mut self, source: &dyn Source) -> Result<Theme, Vec<Diagnostic>> {
        theme(source, &self.listing, &self.files.files, &mut self.said)
    }

    /// Keeps what is known of files for the next run.
    pub fn keep(&mut self, store: &dyn Store) {
        let cache::Gathered { files, chunks, .. } = &mut self.files;
        if let Err(error) = cache::keep(files, chunks, store, ENGINE) {
            let message = format!("the cache of facts is not kept: {error}");
            let help = super::remedy(error.kind());
            let diagnostic = Diagnostic::new(Code::Unreadable, message).help(help);
            self.said.push(diagnostic);
        }
    }

    /// What a site is assembled from.
    pub fn parts(&self, input: &Input) -> Parts {
        let digests = static_digests(&self.files.files);
        Parts {
            known: self.settings.known.clone(),
            data: self.settings.data.clone(),
            config: self.settings.config.clone(),
            statics: theme::static_names(&self.listing, &digests),
            attachments: attachments(&self.files.files),
            pictures: pictures(&self.files.files),
            font: self.settings.font.clone(),
            facts: self.files.facts(),
            unreadable: self.unreadable.clone(),
            now: input.now,
            drafts: input.drafts,
        }
    }
}

/// Reads configuration and data.
pub fn settings(
    source: &dyn Source,
    listing: &Listing,
    base_url: Option<&str>,
    out: &mut Vec<Diagnostic>,
) -> Settings {
    let config = read(source, listing, CONFIG, out, config::read);
    if config.is_none() && source.read(CONFIG_NOT_READ).is_ok() {
        out.push(not_read(CONFIG_NOT_READ, CONFIG));
    }
    let mut config = config.unwrap_or_default();
    if let Some(base_url) = base_url {
        config.base_url = base_url.to_string();
    }
    Settings {
        font: font(source, listing, &config, out),
        config,
        known: known(source, listing, out),
        data: data(source, listing, out),
    }
}

/// A name that newcomers may give the configuration.
const CONFIG_NOT_READ: &str = "masthead.yml";

/// A file that masthead would read under another name.
fn not_read(path: &str, meant: &str) -> Diagnostic {
    let message = format!("`{path}` is not read as `{meant}`");
    let diagnostic = Diagnostic::new(Code::UnknownName, message).in_file(path);
    diagnostic.help(format!("rename it to `{meant}`"))
}

/// Reads the font of social cards, where the site has them.
fn font(
    source: &dyn Source,
    listing: &Listing,
    config: &Config,
    out: &mut Vec<Diagnostic>,
) -> Option<Arc<Font>> {
    let path = &config.social_cards.as_ref()?.font;
    let complain = |message: String, help: String| {
        let diagnostic = Diagnostic::new(Code::BadValue, message);
        diagnostic.at_key(CONFIG, "social_cards").help(help)
    };
    let paths = || listing.entries.iter().map(|entry| entry.path.as_str());
    if !paths().any(|other| other == path) {
        let near = nearest(path, paths().filter(|path| path.starts_with("data/")));
        let help = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => "copy a font with the characters of your titles there".to_string(),
        };
        out.push(complain(format!("there is no font `{path}`"), help));
        return None;
    }
    let read = source.read(path).map_err(|error| error.to_string());
    match read.and_then(|bytes| Font::read(path, &bytes)) {
        Ok(font) => Some(Arc::new(font)),
        Err(why) => {
            let message = format!("the font `{path}` can't be read: {why}");
            let help = "name an .otf, .ttf or .ttc file".to_string();
            out.push(complain(message, help));
            None
        }
    }
}

/// Loads the theme.
///
/// # Errors
/// Templates that can't be read or don't fit together.
pub fn theme(
    source: &dyn Source,
    listing: &Listing,
    files: &Files,
    out: &mut Vec<Diagnostic>,
) -> Result<Theme, Vec<Diagnostic>> {
    theme::load(source, listing, &static_digests(files), out)
}

/// The hashes of static files, by path.
fn static_digests(files: &Files) -> BTreeMap<String, Fingerprint> {
    let statics = files.iter().filter(|(path, _)| path.starts_with("static/"));
    let digests = statics.map(|(path, known)| (path.clone(), known.digest));
    digests.collect()
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
        glossary: read(source, listing, GLOSSARY, out, glossary::read).unwrap_or_default(),
    }
}

/// The data files that are masthead's own, and not for templates.
fn own() -> impl Iterator<Item = &'static str> {
    let others = [records::TOPICS, records::HOT, GLOSSARY];
    records::FILES.into_iter().chain(others)
}

/// The file of masthead's own that has this name but for its case and ending.
fn like_own(path: &str) -> Option<&'static str> {
    let stem = |path: &str| path.rsplit_once('.').map(|(stem, _)| stem.to_lowercase());
    own().find(|own| stem(own) == stem(path))
}

/// Every data file as a value, under its name without folder and ending.
fn data(source: &dyn Source, listing: &Listing, out: &mut Vec<Diagnostic>) -> serde_json::Value {
    let mut all = serde_json::Map::new();
    for entry in &listing.entries {
        let Some(name) = entry.path.strip_prefix("data/") else {
            continue;
        };
        let value = match name.rsplit_once('.') {
            _ if own().any(|own| own == entry.path) => continue,
            Some((_, "yaml" | "yml")) => read(source, listing, &entry.path, out, yaml_value),
            Some((_, "json")) => read(source, listing, &entry.path, out, json_value),
            _ => continue,
        };
        if let Some(meant) = like_own(&entry.path) {
            out.push(not_read(&entry.path, meant));
        }
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
pub fn attachments(files: &Files) -> Vec<(String, Fingerprint)> {
    let beside = files
        .iter()
        .filter(|(path, _)| path.starts_with("content/") && !is_source(path));
    beside
        .map(|(path, known)| (path.clone(), known.digest))
        .collect()
}

/// Files under `content/` and `static/` that have the names of pictures, and what they say.
pub fn pictures(files: &Files) -> Vec<(String, Fingerprint, Seen)> {
    let published = |path: &str| path.starts_with("content/") || path.starts_with("static/");
    let seen = files.iter().filter(|(path, _)| published(path));
    seen.filter_map(|(path, known)| Some((path.clone(), known.digest, known.picture?)))
        .collect()
}

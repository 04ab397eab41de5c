//! Layer 2: what one source file says.
//!
//! [`facts`] is a pure function of a file's path and bytes. It holds no HTML of the body, knows
//! no other file, no time zone and no clock; what needs those is settled when the site is
//! assembled. [`body`] makes the HTML of the body, read anew when its page is rendered; for most texts
//! it was put aside when they were read ([`galley`]).

pub mod cache;
pub mod dump;
pub mod font;
pub mod front_matter;
pub mod galley;
pub mod highlight;
pub mod markdown;
pub mod picture;
mod raw;
pub mod sanitise;
mod source_text;

pub use source_text::source_text;

use crate::base::date::Stamp;
use crate::base::diagnostic::{Code, Diagnostic, Excerpt, Lines, Place, Severity};
use crate::base::fingerprint::{Fingerprint, of_bytes};
use crate::base::packed::{self, Record, Records};
use crate::base::seldom::{Blank, Seldom};
use crate::base::slug::slug;
use crate::base::text::convert::{Origin, machine_made};
use crate::base::text::count::Count;
use crate::base::text::encoding::decode;
use crate::base::text::extract::{Beside, Extract, extract};
use crate::base::text::script::Script;
use crate::base::text::sentences::{cut, first_sentence};
use crate::base::text::sketch::{Sketch, Sketcher};
use crate::base::text::terms::{Term, terms};
use crate::config::Config;
use crate::config::digests::OFF;
use crate::config::embeds::Host;
use galley::Galleys;
use serde::{Deserialize, Serialize};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// What a source is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A dated text in a channel.
    #[default]
    Article,
    /// A short dated notice; its title may be missing.
    Flash,
    /// A text outside channels and lists, such as the imprint.
    Page,
    /// A page of documentation. No source says so itself: its channel does.
    Doc,
}

/// Who or what made a summary.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// An editor.
    #[default]
    Human,
    /// A language model.
    Ai,
    /// Sentences picked from the text.
    Extractive,
}

/// The summary of an article and how it came about.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Summary {
    /// Its text.
    pub text: String,
    /// Who made it.
    pub method: Method,
    /// The model, where one made it.
    pub model: Option<String>,
    /// Who looked at it.
    pub reviewed_by: Option<String>,
}

/// A picture named in front matter.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Image {
    /// Path or URL as written.
    pub src: String,
    /// What it shows, for those who don't see it.
    pub alt: String,
    /// Whose picture it is.
    pub credit: Option<String>,
    /// What stands below it.
    pub caption: Option<String>,
}

/// A correction or retraction, dated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Correction {
    /// When it was made.
    pub date: Stamp,
    /// What was wrong and is right now.
    pub text: String,
}

/// The front matter of a source, checked; all of its fields. Facts of all articles are held at
/// once, so those that few articles have stand apart, in [`Rare`].
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Meta {
    pub title: Option<String>,
    pub date: Option<Stamp>,
    pub updated: Option<Stamp>,
    pub source: Option<String>,
    pub source_url: Option<String>,
    pub authors: Vec<String>,
    pub editors: Vec<String>,
    pub channel: Option<String>,
    pub tags: Vec<String>,
    pub summary: Option<Box<Summary>>,
    pub highlights: Vec<String>,
    pub image: Option<Box<Image>>,
    pub lead: bool,
    pub kind: Kind,
    pub draft: bool,
    pub noindex: bool,
    /// Whether `$…$` is mathematics.
    pub math: bool,
    /// What few articles have.
    pub more: Seldom<Rare>,
}

/// The fields of front matter that few articles have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Rare {
    /// What is made of the text where no summary or highlights are written: the name of one of the
    /// site's digests, or [`OFF`].
    pub digest: Option<String>,
    pub standfirst: Option<String>,
    pub tickers: Vec<String>,
    pub pin_until: Option<Stamp>,
    pub weight: i64,
    pub template: Option<String>,
    pub slug: Option<String>,
    pub aliases: Vec<String>,
    pub lang: Option<String>,
    pub expires: Option<Stamp>,
    pub canonical: Option<String>,
    pub related: Vec<String>,
    pub corrections: Vec<Correction>,
    /// Set where the article was taken back: a notice stands in its place.
    pub retracted: Option<Correction>,
    /// Anything, as JSON text: postcard can't carry values without a type.
    pub extra: Option<String>,
}

impl Blank for Rare {
    fn blank() -> &'static Rare {
        static BLANK: LazyLock<Rare> = LazyLock::new(Rare::default);
        &BLANK
    }
}

impl Meta {
    /// Whether somebody wrote what the article says in short. A standfirst is a summary that the
    /// writer put above the text.
    pub fn is_told(&self) -> bool {
        self.summary.is_some() || self.more.standfirst.is_some()
    }
}

/// A heading of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading<'a> {
    /// 2 to 6: the title of the page is the only heading of level 1.
    pub level: u8,
    /// Its text.
    pub text: &'a str,
    /// Its `id` in the page.
    pub id: &'a str,
}

/// Headings of a body.
#[derive(Debug)]
pub struct Headings;

impl Record for Headings {
    type Of<'a> = Heading<'a>;
}

/// A link or picture in the body that points into the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link<'a> {
    /// As written: a path to a source, a URL path or `#anchor`.
    pub target: &'a str,
    /// Where it stands.
    pub spot: Spot,
    /// Whether it is a picture.
    pub picture: bool,
}

/// Links of a body.
#[derive(Debug)]
pub struct Links;

impl Record for Links {
    type Of<'a> = Link<'a>;
}

/// A video in the body, and the picture that stands for it until it runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Video {
    /// What it is called.
    pub title: String,
    /// Its file, or its page on another host.
    pub film: Target,
    /// The picture.
    pub picture: Target,
}

/// Where a link of the body leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Target {
    /// Into the site: which of the outline's links it is.
    Own(u32),
    /// Elsewhere.
    Web(String),
}

/// Line, column and width (in characters) of something in a source: a [`Place`] without excerpt,
/// kept for every link of a site of a million articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[allow(missing_docs)]
pub struct Spot {
    pub line: u32,
    pub column: u32,
    pub width: u32,
}

impl Spot {
    /// The place, whose excerpt is still to be filled in from the file.
    pub fn place(self, file: &str, label: &str) -> Place {
        let excerpt = Excerpt {
            text: String::new(),
            start: self.column.saturating_sub(1),
            width: self.width,
            label: label.to_string(),
        };
        Place {
            file: file.to_string(),
            line: self.line,
            column: self.column,
            excerpt: Some(excerpt),
        }
    }
}

/// What the body holds, without its HTML.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Outline {
    /// Headings in order.
    pub headings: Records<Headings>,
    /// Links and pictures into the site, in order.
    pub links: Records<Links>,
    /// Securities that it names: name and code, each code once.
    pub tickers: Seldom<Vec<(String, String)>>,
    /// Han characters and words.
    pub han: u32,
    /// Words of other scripts.
    pub words: u32,
    /// Whether a paragraph or heading may be in another language than the article.
    pub mixed: bool,
    /// Whether it has code in a language that is highlighted.
    pub code: bool,
    /// Whether it has a gallery or a video.
    pub figures: bool,
    /// Its videos that have a picture.
    pub videos: Seldom<Vec<Video>>,
    /// What its body is like, by which copies are told; short texts have none.
    pub sketch: Option<Sketch>,
}

/// How long the beginning of a flash is that stands for it on cards, in Han characters.
const OPENING: u32 = 160;
/// How long the beginning of a page of documentation is that stands for its summary.
const BEGINS: u32 = 70;
/// A shorter body is no copy of another, whatever it says.
const SHORT: u32 = 200;

impl Outline {
    /// Keeps the sketch of a body that is long enough for one.
    fn keep_sketch(&mut self, sketcher: Sketcher) {
        self.sketch = (self.count().total() >= SHORT).then(|| sketcher.finish());
    }

    /// How long it is to read.
    pub fn count(&self) -> Count {
        Count {
            han: self.han,
            words: self.words,
        }
    }
}

/// A short paragraph near an edge of a dump's body, where portals put their promotion.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EdgeLine {
    /// Hash of its text.
    pub hash: u64,
    /// Which paragraph of the body it is, from 0.
    pub paragraph: u32,
    /// Han characters and words in it.
    pub length: u32,
    /// Where it stands in the file.
    pub spot: Spot,
}

/// What a raw dump left open about its date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenYear {
    /// Where the date stands.
    pub spot: Spot,
    /// A weekday that the text names (1 is Monday), as written and where.
    pub weekday: Option<(u8, String, u32)>,
}

/// What only raw dumps have.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Raw {
    /// Set where the date lacks a year that must be inferred.
    pub open_year: Option<OpenYear>,
    /// Short paragraphs near the edges of the body; the site takes out what many dumps have.
    pub edges: Vec<EdgeLine>,
    /// How many paragraphs the body has.
    pub paragraphs: u32,
    /// Template names found in the dump: provenance, never paths.
    pub templates: Vec<String>,
}

impl Blank for Raw {
    fn blank() -> &'static Raw {
        static BLANK: LazyLock<Raw> = LazyLock::new(Raw::default);
        &BLANK
    }
}

/// All that one source file says.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Facts {
    /// Path from the site's root.
    pub path: String,
    /// Hash of the file's bytes.
    pub digest: Fingerprint,
    /// The checked front matter, or what a dump gave for it; its title has moved to `title`.
    pub meta: Meta,
    /// The title, from wherever it came.
    pub title: String,
    /// The folder below `content`, if any: its channel.
    pub folder: Option<String>,
    /// The last part of its URL.
    pub slug: String,
    /// BCP 47 language of the body; `None` where the text doesn't tell.
    pub lang: Option<String>,
    /// What the body holds.
    pub outline: Outline,
    /// Terms of title, summary and key points, for finding kindred articles.
    #[serde(with = "packed::numbers")]
    pub terms: Vec<Term>,
    /// Its most telling sentences, where nobody wrote a summary or highlights.
    pub extract: Option<Box<Extract>>,
    /// Whether none were picked because the site has no use for them.
    pub unpicked: bool,
    /// How a flash begins: cards show it, since flashes have no summary.
    pub opening: Option<Box<str>>,
    /// How a text without a date begins: what is said of a page of documentation that has no
    /// summary.
    pub begins: Option<Box<str>>,
    /// Whether its Traditional text was made by a machine from a Simplified one.
    pub machine: bool,
    /// Set where the year was taken from a folder.
    pub year_inferred: bool,
    /// What a raw dump has beside.
    pub raw: Seldom<Raw>,
    /// What is wrong with the file.
    pub diagnostics: Seldom<Vec<Diagnostic>>,
}

impl Facts {
    /// What its texts are, for editions.
    pub fn origin(&self) -> Origin {
        Origin {
            script: self
                .lang
                .as_deref()
                .map_or(Script::None, Script::of_language),
            machine: self.machine,
        }
    }

    /// The same in as little room as it takes, since facts of all articles are held at once: what
    /// was just parsed has room to spare in its texts and lists, and a copy has none. Allocators
    /// give little of it back where a text shrinks in its place.
    fn compact(&self) -> Facts {
        self.clone()
    }

    /// Whether the file has an error, so that its page is not built.
    pub fn is_broken(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|diagnostic| diagnostic.severity == Severity::Error)
    }
}

/// The largest source, in bytes. In Chinese that is a text three times as long as War and Peace;
/// what is larger is a log or a database with the wrong ending.
pub const LARGEST: u64 = 8 * 1024 * 1024;

/// Endings that writers and other programs give to texts. Only `md` and `txt` are read, since
/// one text must have one name; the others count as sources, or a draft would be published as a
/// file beside the articles.
const ENDINGS: [&str; 8] = [
    "md", "txt", "markdown", "mdown", "mkdn", "mkd", "mdwn", "mdx",
];

/// Whether a path of the site is a source of an article or page.
pub fn is_source(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    let is = |known: &&str| ending.eq_ignore_ascii_case(known);
    path.starts_with("content/") && !ending.contains('/') && ENDINGS.iter().any(is)
}

/// Whether sources of this name are read.
pub fn is_read(path: &str) -> bool {
    path.ends_with(".md") || path.ends_with(".txt")
}

fn wrong_ending(path: &str) -> Diagnostic {
    let (stem, ending) = path.rsplit_once('.').unwrap_or((path, ""));
    let file = stem.rsplit_once('/').map_or(stem, |(_, file)| file);
    let right = match ending.eq_ignore_ascii_case("txt") {
        true => "txt",
        false => "md",
    };
    let message = format!("a source can't end in `.{ending}`, so this one is not read");
    Diagnostic::new(Code::WrongEnding, message)
        .in_file(path)
        .help(format!("rename it to `{file}.{right}`"))
}

/// What a source file says: a function of its path and bytes alone.
pub fn facts(path: &str, bytes: &[u8]) -> Facts {
    facts_for(path, bytes, of_bytes(bytes), Picks::ALL, &Galleys::NONE)
}

/// What a site makes of the telling sentences of articles. Picking them is a good part of reading
/// a text, and is left out where nobody sees what comes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Picks {
    /// Summaries.
    pub summaries: bool,
    /// Points.
    pub points: bool,
    /// Tags, of articles without any.
    pub tags: bool,
}

impl Picks {
    /// All that can be made of them.
    pub const ALL: Picks = Picks {
        summaries: true,
        points: true,
        tags: true,
    };

    /// What a site's configuration asks for.
    pub fn of(config: &Config) -> Picks {
        Picks {
            summaries: config.makes_of_text(|form| form.length),
            points: config.makes_of_text(|form| form.points),
            tags: config.auto_tags,
        }
    }

    /// Whether they are wanted of an article; one that names a form of its own wants them.
    pub fn wants(self, meta: &Meta) -> bool {
        let summary = self.summaries && !meta.is_told();
        let points = self.points && meta.highlights.is_empty();
        let tags = self.tags && meta.tags.is_empty();
        summary || points || tags || meta.more.digest.is_some()
    }
}

/// The same of bytes whose hash is known, for a site that has no use for some of it.
fn facts_for(
    path: &str,
    bytes: &[u8],
    digest: Fingerprint,
    picks: Picks,
    galleys: &Galleys,
) -> Facts {
    let mut facts = Facts {
        path: path.to_string(),
        digest,
        ..Facts::default()
    };
    let name = Name::of(path);
    facts.folder = name.folder.clone();
    facts.slug = slug(&name.stem);
    let mut prose = String::new();
    match decode(path, bytes) {
        _ if !is_read(path) => facts.diagnostics.get_mut().push(wrong_ending(path)),
        Ok(decoded) => {
            facts.diagnostics.get_mut().extend(decoded.said);
            if path.ends_with(".txt") {
                prose = raw::read(&mut facts, &decoded.text, name.year);
            } else {
                prose = read_markdown(&mut facts, &decoded.text, &name, galleys);
            }
            let simplified = facts.lang.as_deref() == Some("zh-Hans") && !facts.outline.mixed;
            facts.machine = !simplified && machine_made([decoded.text.as_ref()]);
        }
        Err(diagnostic) => facts.diagnostics.get_mut().push(diagnostic),
    }
    if let Some(own) = &facts.meta.more.slug {
        facts.slug = slug(own);
    }
    if facts.folder.is_none() && facts.meta.channel.is_none() {
        facts.meta.kind = Kind::Page;
    }
    facts.unpicked = !picks.wants(&facts.meta);
    if !facts.unpicked {
        facts.extract = extracted(&facts, &prose).map(Box::new);
    }
    facts.terms = terms_of(&facts, &prose);
    let dated = facts.meta.date.is_some() || facts.meta.kind == Kind::Page || facts.is_broken();
    if !dated && path.ends_with(".md") {
        facts.diagnostics.get_mut().push(no_date(path));
    }
    facts.compact()
}

/// The terms of title, summary and key points; the first sentence stands in for a summary, since
/// news begin with what matters most.
fn terms_of(facts: &Facts, prose: &str) -> Vec<Term> {
    let summary = facts.meta.summary.as_ref().map(|summary| &*summary.text);
    let told = summary.or(facts.meta.more.standfirst.as_deref());
    let told = told.or_else(|| first_sentence(prose));
    let points = facts.meta.highlights.iter().map(String::as_str);
    terms([Some(&*facts.title), told].into_iter().flatten(), points)
}

/// The most telling sentences of an article that lacks a summary or highlights.
fn extracted(facts: &Facts, prose: &str) -> Option<Extract> {
    let meta = &facts.meta;
    let whole = meta.is_told() && !meta.highlights.is_empty();
    let off = meta.more.digest.as_deref() == Some(OFF);
    if whole || off || meta.kind != Kind::Article || meta.more.retracted.is_some() {
        return None;
    }
    let summary = meta.summary.as_ref().map(|summary| summary.text.as_str());
    let written = summary.into_iter().chain(meta.more.standfirst.as_deref());
    let written: Vec<&str> = written
        .chain(meta.highlights.iter().map(String::as_str))
        .collect();
    let beside = Beside {
        title: &facts.title,
        tags: &meta.tags,
        written: &written,
    };
    extract(prose, &beside)
}

/// What a body is made of beside its source: what the site knows and one file doesn't.
#[derive(Clone, Copy, Default)]
pub struct Around<'a> {
    /// The resolved targets of `facts.outline.links`, in their order.
    pub hrefs: &'a [String],
    /// Paragraphs of a dump that are promotion, by number from 0.
    pub left_out: &'a [u32],
    /// Where the pages of securities are.
    pub tickers: &'a str,
    /// Whether raw HTML stays as it is.
    pub trusted: bool,
    /// The script that the edition is in, where the site has editions.
    pub script: Option<InScript<'a>>,
    /// What is known of the pictures that targets lead to.
    pub pictures: Option<&'a Pictures<'a>>,
    /// Whether a picture at the beginning is the first that readers see.
    pub leads: bool,
    /// Whether code is marked up by its language.
    pub colours: bool,
    /// The hosts of videos whose players may run.
    pub embeds: &'a [&'static Host],
}

impl<'a> Around<'a> {
    /// The language of the page, as far as a text tells it.
    fn language(&self, facts: &'a Facts) -> Option<&'a str> {
        let own = facts.lang.as_deref();
        match self.script {
            Some(script) if own.is_none_or(|own| own.starts_with("zh")) => Some(script.language),
            _ => own,
        }
    }
}

/// What is known of a picture of the site, by where a link leads.
pub type Pictures<'a> = dyn Fn(&str) -> Option<picture::Shown> + 'a;

/// The script of an edition.
#[derive(Clone, Copy)]
pub struct InScript<'a> {
    /// `zh-Hans` or `zh-Hant`.
    pub language: &'a str,
    /// What turns texts into it.
    pub turn: &'a markdown::Turn<'a>,
}

/// The HTML of a source's body in some editions, from one parsing.
///
/// Bytes that are not text give empty bodies: [`facts`] has said so.
pub fn bodies(facts: &Facts, bytes: &[u8], editions: &[Around]) -> Vec<String> {
    let Ok(decoded) = decode(&facts.path, bytes) else {
        return vec![String::new(); editions.len()];
    };
    let text = decoded.text.as_ref();
    if facts.path.ends_with(".txt") {
        return raw::bodies(text, facts.lang.as_deref(), editions);
    }
    let start = front_matter::body_start(text);
    let styles: Vec<markdown::Style> = editions
        .iter()
        .map(|around| markdown::Style {
            lang: around.language(facts).filter(|_| facts.outline.mixed),
            title: Some(&facts.title),
            tickers: around.tickers,
            trusted: around.trusted,
            math: facts.meta.math,
            plain: false,
            turn: around.script.map(|script| script.turn),
            pictures: around.pictures,
            leads: around.leads,
            colours: around.colours,
            embeds: around.embeds,
        })
        .collect();
    let each = styles.iter().zip(editions);
    let each: Vec<(&markdown::Style, &[String])> =
        each.map(|(style, around)| (style, around.hrefs)).collect();
    markdown::html_of_each(&text[start..], &each)
}

/// The HTML of a source's body.
pub fn body(facts: &Facts, bytes: &[u8], around: &Around) -> String {
    bodies(facts, bytes, &[*around]).pop().unwrap_or_default()
}

/// The paragraphs of a source, one a line, as far as summaries and keywords are made of them.
pub fn prose(facts: &Facts, bytes: &[u8]) -> String {
    let Ok(decoded) = decode(&facts.path, bytes) else {
        return String::new();
    };
    let text = decoded.text.as_ref();
    if facts.path.ends_with(".txt") {
        return raw::prose(&dump::parse(text));
    }
    let lines = Lines::new(&facts.path, text);
    let start = front_matter::body_start(text);
    markdown::scan(&lines, start, Some(&facts.title), facts.meta.math).prose
}

/// What a path says.
pub struct Name {
    /// The first folder below `content`.
    pub folder: Option<String>,
    /// The file's name without its ending and without a date at its start.
    pub stem: String,
    /// A folder named by a year.
    pub year: Option<i16>,
    /// A date that the file's name starts with.
    pub date: Option<Stamp>,
}

impl Name {
    /// Of a path from the site's root.
    pub fn of(path: &str) -> Name {
        let inside = path.strip_prefix("content/").unwrap_or(path);
        let mut folders: Vec<&str> = inside.split('/').collect();
        let file = folders.pop().unwrap_or("");
        let mut stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
        if stem == "index" && folders.len() > 1 {
            // content/guoji/bridge/index.md keeps its pictures beside it.
            stem = folders.pop().unwrap_or(stem);
        }
        let year = folders.iter().rev().find_map(|folder| year(folder));
        let (date, stem) = dated(stem);
        Name {
            folder: folders.first().map(|folder| folder.nfc().collect()),
            stem: stem.to_string(),
            year,
            date,
        }
    }
}

/// The year that a folder is named by.
pub fn year(folder: &str) -> Option<i16> {
    let four_digits = folder.len() == 4 && folder.bytes().all(|byte| byte.is_ascii_digit());
    folder
        .parse()
        .ok()
        .filter(|year| four_digits && (1900..2200).contains(year))
}

/// `2026-11-24-bridge` is `bridge` of that day, unless nothing is left of the name.
fn dated(stem: &str) -> (Option<Stamp>, &str) {
    let split = stem.get(..10).and_then(|day| Some((day, stem.get(10..)?)));
    match split.and_then(|(day, rest)| Some((crate::base::date::parse(day)?, rest))) {
        Some((date, rest)) if rest.trim_matches(['-', '_', ' ']).is_empty() => (Some(date), stem),
        Some((date, rest)) => (Some(date), rest.trim_start_matches(['-', '_', ' '])),
        None => (None, stem),
    }
}

/// Reads a Markdown source into `facts`; returns its prose.
fn read_markdown(facts: &mut Facts, text: &str, name: &Name, galleys: &Galleys) -> String {
    let lines = Lines::new(&facts.path, text);
    facts.meta = front_matter::read(&lines, facts.diagnostics.get_mut());
    facts.meta.date = facts.meta.date.or(name.date);
    let start = front_matter::body_start(text);
    let meta = &facts.meta;
    let (title, lang) = (meta.title.as_deref(), meta.more.lang.as_deref());
    let scan = match !meta.math && title != Some("") && galleys.has_room() {
        true => {
            let (scan, galley) = markdown::scan_and_set(&lines, start, title, lang);
            galley.iter().for_each(|galley| galleys.put(facts, galley));
            scan
        }
        false => markdown::scan(&lines, start, title, meta.math),
    };
    facts.lang = lang.or(scan.lang).map(str::to_string);
    let mixed = scan.is_mixed(facts.lang.as_deref());
    facts.diagnostics.get_mut().extend(scan.diagnostics);
    facts.outline = Outline {
        mixed,
        ..scan.outline
    };
    let flash = facts.meta.kind == Kind::Flash;
    facts.opening = flash.then(|| cut(&scan.sample, OPENING).into());
    let undated = facts.meta.date.is_none() && !flash;
    let paragraph = || scan.prose.lines().find(|line| !line.trim().is_empty());
    facts.begins = undated
        .then(paragraph)
        .flatten()
        .map(|text| cut(text, BEGINS).into());
    let own = facts.meta.title.take().filter(|title| !title.is_empty());
    facts.title = match own.or(scan.title) {
        Some(title) => title,
        None if flash => String::new(),
        None => {
            if !facts.is_broken() {
                let said = no_title(&facts.path, &name.stem);
                facts.diagnostics.get_mut().push(said);
            }
            name.stem.clone()
        }
    };
    scan.prose
}

fn no_title(path: &str, stem: &str) -> Diagnostic {
    Diagnostic::new(
        Code::NoTitle,
        format!("no title; the file's name, `{stem}`, stands in for it"),
    )
    .in_file(path)
    .help(if path.ends_with(".txt") {
        "write the title on the first line, or on the one below source and date"
    } else {
        "write `title: …` in the front matter, or start the text with `# …`"
    })
}

fn no_date(path: &str) -> Diagnostic {
    Diagnostic::new(
        Code::NoDate,
        "no date; the article comes last in every list and shows none",
    )
    .in_file(path)
    .help("write `date: 2026-11-24 08:00` in the front matter")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_says_folder_year_day_and_slug() {
        let check =
            |path: &str, folder: Option<&str>, stem: &str, year: Option<i16>, dated: bool| {
                let name = Name::of(path);
                let got = (
                    name.folder.as_deref(),
                    name.stem.as_str(),
                    name.year,
                    name.date.is_some(),
                );
                assert_eq!(got, (folder, stem, year, dated), "{path}");
            };
        check("content/about.md", None, "about", None, false);
        check("content/guoji/x.md", Some("guoji"), "x", None, false);
        check(
            "content/guoji/2025/x.txt",
            Some("guoji"),
            "x",
            Some(2025),
            false,
        );
        check(
            "content/guoji/bridge/index.md",
            Some("guoji"),
            "bridge",
            None,
            false,
        );
        check(
            "content/guoji/index.md",
            Some("guoji"),
            "index",
            None,
            false,
        );
        check(
            "content/guoji/2026-11-24-x.md",
            Some("guoji"),
            "x",
            None,
            true,
        );
        check(
            "content/guoji/2026-11-24.md",
            Some("guoji"),
            "2026-11-24",
            None,
            true,
        );
        check("content/海港/海.md", Some("海港"), "海", None, false);
    }

    #[test]
    fn title_comes_from_front_matter_heading_or_name() {
        let title = |text: &str| facts("content/a/x.md", text.as_bytes()).title;
        assert_eq!(title("---\ntitle: T\n---\n# H\n"), "T");
        assert_eq!(title("# H **b**\n\ntext"), "H b");
        assert_eq!(title("text"), "x");
        assert_eq!(title("海港\n新桥\n===\n"), "海港新桥");
        assert_eq!(title("---\ntitle: 海港\n  新桥\n---\n"), "海港新桥");
        assert_eq!(title("---\ntitle: >\n  Port\n  新桥\n---\n"), "Port 新桥");
        assert_eq!(title("# **“海港”**新桥\n"), "“海港”新桥");
        assert_eq!(title("---\ntitle: |\n  海港\n  新桥\n---\n"), "海港新桥");
        assert_eq!(
            title("---\ntitle: |-\n  Port\n\n  新桥\n---\n"),
            "Port 新桥"
        );
        assert_eq!(title("---\ntitle: \"Port\\nbridge\"\n---\n"), "Port bridge");
    }

    #[test]
    fn empty_values_are_as_good_as_none() {
        let text = "---\ntitle: T\nslug: \"\"\nlang: ''\n---\nThe port opens today.\n";
        let facts = facts("content/a/x.md", text.as_bytes());
        assert!(!facts.is_broken());
        assert_eq!(
            (facts.slug.as_str(), facts.lang.as_deref()),
            ("x", Some("en"))
        );
    }

    #[test]
    fn drafts_of_other_endings_are_sources_and_not_read() {
        for ending in ["MD", "Md", "TXT", "markdown", "MDX", "mkd", "mdown"] {
            let path = format!("content/a/x.{ending}");
            assert!(is_source(&path) && !is_read(&path), "{path}");
            assert!(facts(&path, b"# H").is_broken(), "{path}");
        }
        for path in [
            "content/a/md",
            "content/a.md/x",
            "content/a.mdb",
            "static/a.MD",
        ] {
            assert!(!is_source(path), "{path}");
        }
    }

    #[test]
    fn bytes_that_are_not_text_are_named() {
        let facts = facts("content/a/x.md", b"ab\ncd\xff");
        assert!(facts.is_broken());
        assert_eq!(
            facts.diagnostics[0].message,
            "this file is not UTF-8: byte 0xff at offset 5, line 2"
        );
    }

    #[test]
    #[cfg(target_pointer_width = "64")]
    fn facts_take_little_memory() {
        // A site holds those of all its articles, a million of them.
        assert!(size_of::<Facts>() <= 640, "{}", size_of::<Facts>());
    }

    /// Names, with the room that each has to spare.
    fn spare(facts: &Facts) -> Vec<(&'static str, usize)> {
        let text = |text: &String| text.capacity() - text.len();
        let texts =
            |all: &Vec<String>| all.capacity() - all.len() + all.iter().map(text).sum::<usize>();
        let Facts { meta, outline, .. } = facts;
        vec![
            ("path", text(&facts.path)),
            ("title", text(&facts.title)),
            ("slug", text(&facts.slug)),
            ("folder", facts.folder.as_ref().map_or(0, text)),
            ("lang", facts.lang.as_ref().map_or(0, text)),
            ("terms", facts.terms.capacity() - facts.terms.len()),
            ("source", meta.source.as_ref().map_or(0, text)),
            ("tags", texts(&meta.tags)),
            ("authors", texts(&meta.authors)),
            ("highlights", texts(&meta.highlights)),
            ("aliases", texts(&meta.more.aliases)),
            (
                "summary",
                meta.summary.as_ref().map_or(0, |one| text(&one.text)),
            ),
            (
                "tickers",
                outline.tickers.capacity() - outline.tickers.len(),
            ),
            ("edges", facts.raw.edges.capacity() - facts.raw.edges.len()),
            (
                "diagnostics",
                facts.diagnostics.capacity() - facts.diagnostics.len(),
            ),
        ]
    }

    #[test]
    fn facts_have_no_room_to_spare() {
        let markdown = "---\ntitle: 海港新桥\ndate: 2026-11-24\nsource: 海港日报\n\
            tags: [海港, 桥, 航运]\nauthors: [甲, 乙, 丙]\naliases: [/a/, /b/, /c/]\n\
            summary: 新桥今天通车。\nhighlights:\n- 一\n- 二\n- 三\nx: y\n---\n\
            ## 甲\n\n[a](x.md) [b](y.md) ![c](z.png)\n\n## 乙\n\n$海港航运 (HBR.HK)$\n";
        let dump = "海港新桥\n海港日报 11月24日 08:00\n\n甲。\n\n乙。\n\n丙。\n";
        for (path, text) in [("content/a/x.md", markdown), ("content/a/x.txt", dump)] {
            let facts = facts(path, text.as_bytes());
            for (name, spare) in spare(&facts) {
                assert_eq!(spare, 0, "{path}: {name}");
            }
        }
    }
}

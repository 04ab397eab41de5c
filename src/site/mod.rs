//! Layer 3: the index over the facts of all files.
//!
//! A [`Site`] knows every article's order and lists, and the table of URLs. It holds no body. It is
//! made by [`assemble`], a function of facts, configuration, data and `now`. What follows for one
//! article from all others (where its links lead, its related articles, its card's hash) is found
//! when it is asked for; a build, which asks for all, has it found once ([`Site::settle`]). A
//! preview keeps the site and amends it file by file ([`Site::amend`]): the result is the site
//! that `assemble` would make.

mod amend;
mod assemble;
mod auto_tags;
pub mod calendar;
pub mod card;
mod claims;
mod copies;
pub mod digest;
pub mod docs;
pub mod edition;
mod formers;
pub mod glossary;
pub mod leaves;
mod links;
mod look_alike;
mod names;
pub mod pictures;
pub mod promo;
pub mod recall;
pub mod records;
pub mod related;
pub mod route;
pub mod search;
mod settle;
pub mod topics;
pub mod year;

pub use crate::config::machines::Format;
pub use amend::Anew;
pub use assemble::{Due, Parts, assemble};
pub use edition::InEdition;
pub use route::{Index, List, Route, Stage};
pub use settle::Resolved;

use crate::base::date::{Moment, civil};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::{Fingerprint, key_of};
use crate::config::Config;
use crate::config::seo::Reprints;
use crate::facts::font::Font;
use crate::facts::{Facts, Kind};
use foldhash::{HashMap, HashSet};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use unicode_normalization::UnicodeNormalization;

/// An article in its place in the site.
#[derive(Debug)]
pub struct Article {
    /// What its file says.
    pub facts: Arc<Facts>,
    /// When it was published; `None` where nothing says so.
    pub date: Option<Moment>,
    /// Whether the year of `date` was inferred.
    pub inferred: bool,
    /// When it was last changed in substance.
    pub updated: Option<Moment>,
    /// Number of its channel.
    pub channel: u32,
    /// Number of its source.
    pub source: Option<u32>,
    /// Numbers of the securities that it names.
    pub tickers: Vec<u32>,
    /// Numbers of its tags, in the writer's order; where there are none, of those found in it.
    pub tags: Vec<u32>,
    /// Numbers of its authors.
    pub authors: Vec<u32>,
    /// Numbers of its editors.
    pub editors: Vec<u32>,
    /// Its URL path below the site's root.
    url: String,
}

/// A plain page, or the notice that stands in the place of a retracted article.
#[derive(Debug)]
pub struct Page {
    /// What its file says.
    pub facts: Arc<Facts>,
    url: String,
}

/// A channel, tag, source or person: something with a name and a list of articles.
#[derive(Debug, Default)]
pub struct Named {
    /// What readers see.
    pub name: String,
    /// The last part of its URL.
    pub slug: String,
    /// Its articles, oldest first.
    pub members: Vec<u32>,
    /// The number of a security's tag.
    pub tag: Option<u32>,
    /// What configuration or data say of it.
    pub record: records::Record,
    links: card::Links,
}

/// The index over all facts.
#[derive(Debug)]
pub struct Site {
    /// The configuration.
    pub config: Config,
    /// Articles, oldest first.
    pub articles: Vec<Article>,
    /// Plain pages, by path.
    pub pages: Vec<Page>,
    /// Channels, in the order of the navigation.
    pub channels: Vec<Named>,
    /// Tags, in the order of their oldest articles.
    pub tags: Vec<Named>,
    /// Sources, likewise.
    pub sources: Vec<Named>,
    /// People, likewise.
    pub people: Vec<Named>,
    /// Securities, likewise; the slug is the code in lower case.
    pub tickers: Vec<Named>,
    /// Topics, as data/topics.yaml has them.
    pub topics: Vec<topics::Topic>,
    /// Flashes, oldest first.
    pub flashes: Vec<u32>,
    /// Articles pinned to the top of the home page, newest first.
    pub pinned: Vec<u32>,
    /// What is read most, most first.
    pub hot: Vec<u32>,
    /// Blocks of the home page, and what each is of.
    pub blocks: Vec<(crate::config::Block, List)>,
    /// The days that have articles, oldest first.
    pub days: Vec<calendar::Day>,
    /// The months that have dated articles, oldest first, and the articles of each.
    pub months: Vec<((i16, i8), Range<u32>)>,
    /// Paths of static files below the output.
    pub statics: Vec<String>,
    /// Paths of files beside articles, and the hash of each.
    pub attachments: Vec<(String, Fingerprint)>,
    /// The pictures among these files.
    pub pictures: pictures::Pictures,
    /// The font of social cards, where the site has them.
    pub font: Option<Arc<Font>>,
    /// Old URLs and the articles or pages that they lead to.
    pub redirects: Vec<(String, Route)>,
    /// URLs that lists have under other names, and the lists.
    pub formers: Vec<(String, List)>,
    /// Data files for templates.
    pub data: serde_json::Value,
    /// When it would be another one without any change.
    pub due: Due,
    /// Paths of sources with errors, and of files and folders that can't be read: the last good
    /// pages of what lies there stay.
    pub broken: BTreeSet<String>,
    /// The members of the home list: all articles but the flashes.
    all: Vec<u32>,
    /// Hash of a URL → its route. A hash instead of the URL: 24 bytes an entry instead of 120.
    table: HashMap<u64, Route>,
    /// Routes whose URL is another's.
    clashed: HashSet<Route>,
    /// Which names are files and which are folders, and what is fought over.
    places: claims::Places,
    /// Hash of a source's path → its page or file.
    by_path: HashMap<u64, Route>,
    /// Sources that have no page now, by path, and why.
    shadows: BTreeMap<String, links::Shadow>,
    /// Names by folder, while all dead links are looked at.
    folders: Option<links::Folders>,
    /// Tags, sources, people and securities by their spellings.
    names: [names::Names; 4],
    /// Whether slugs are told apart by a hash: any change of names may be another choice then.
    has_homophones: bool,
    /// Numbers of the channels by their ids, and how many of them are configured or have a folder.
    channel_ids: (HashMap<String, u32>, u32),
    /// What dumps have in common.
    repeated: promo::Repeated,
    /// The articles of each term.
    postings: OnceLock<related::Postings>,
    /// The moment that the site is made for, and whether it shows drafts.
    seen: (Moment, bool),
    /// What data files say of topics and hot articles.
    known: (Vec<records::TopicRecord>, Vec<String>),
    /// What is wrong with each source.
    said: BTreeMap<String, Vec<Diagnostic>>,
    /// What is wrong with URLs.
    clashes: Vec<Diagnostic>,
    /// What is wrong with topics and blocks.
    whole: Vec<Diagnostic>,
    /// What is wrong with the hot list.
    hot_said: Vec<Diagnostic>,
    /// Names that look alike, found when they are asked for.
    look_alikes: OnceLock<Vec<Diagnostic>>,
    /// What each copy is a copy of.
    firsts: OnceLock<HashMap<u32, u32>>,
    /// What was found once for all.
    settled: Option<settle::Settled>,
    /// The scripts that the portal stands in.
    pub editions: Vec<edition::Edition>,
    /// None of them: what the sources say.
    written: edition::Edition,
    /// Channels of documentation and their pages in order.
    docs: OnceLock<docs::Docs>,
    /// How the index of the search is cut.
    search: OnceLock<search::Layout>,
    home_links: card::Links,
}

fn table_key(url: &str) -> u64 {
    key_of(url.as_bytes())
}

impl Site {
    fn article_url(&self, n: u32) -> &str {
        &self.articles[n as usize].url
    }

    fn page_url(&self, n: u32) -> &str {
        &self.pages[n as usize].url
    }

    fn attachment_url(&self, n: u32) -> &str {
        let path = &self.attachments[n as usize].0;
        path.strip_prefix("content/").unwrap_or(path)
    }

    /// The source that a route is the page of.
    pub fn owner(&self, route: Route) -> Option<&str> {
        match route {
            Route::Article(n) | Route::Twin(n) | Route::SocialCard(n) => {
                Some(&self.articles[n as usize].facts.path)
            }
            Route::Page(n) => Some(&self.pages[n as usize].facts.path),
            Route::File(n) => Some(&self.attachments[n as usize].0),
            Route::Picture(n, _) => Some(&self.pictures.all[n as usize].path),
            Route::Redirect(n) => self.owner(self.redirects[n as usize].1),
            _ => None,
        }
    }

    /// Whether a source has errors or can't be read.
    pub fn is_broken(&self, path: &str) -> bool {
        let mut folders = path.match_indices('/').map(|(at, _)| &path[..at]);
        self.broken.contains(path) || folders.any(|folder| self.broken.contains(folder))
    }

    /// Whether the channel whose folder a source lies in is trusted. The folder decides, and not
    /// the channel that a source says it belongs to.
    pub fn trusts(&self, facts: &Facts) -> bool {
        let key = |name: &str| name.nfc().flat_map(char::to_lowercase).collect::<String>();
        let mut guests = self
            .config
            .channels
            .iter()
            .filter(|channel| channel.untrusted);
        let folder = facts.folder.as_deref();
        !folder.is_some_and(|folder| guests.any(|guest| key(&guest.id) == key(folder)))
    }

    /// The month of an article, in the site's zone.
    fn month(&self, article: &Article) -> Option<(i16, i8)> {
        let at = civil(article.date?, &self.config.zone);
        Some((at.year(), at.month()))
    }

    /// The articles without a date: the first ones.
    pub fn undated(&self) -> impl Iterator<Item = u32> {
        let dated = self.months.first().map(|(_, articles)| articles.start);
        0..dated.unwrap_or(self.articles.len() as u32)
    }
}

impl Page {
    /// Whether sitemaps name it.
    fn is_listed(&self) -> bool {
        let meta = &self.facts.meta;
        !meta.noindex && !meta.draft && meta.more.retracted.is_none()
    }
}

impl Article {
    /// Whether search engines are asked to leave it out.
    pub fn is_hidden(&self, reprints: Reprints) -> bool {
        let meta = &self.facts.meta;
        let reprint = meta.source_url.is_some() && reprints == Reprints::Noindex;
        meta.noindex || meta.draft || reprint
    }

    /// Whether the news sitemap may name it: it wants a title.
    fn is_news(&self, reprints: Reprints) -> bool {
        !self.is_hidden(reprints) && !self.facts.title.is_empty()
    }

    /// Its URL path below the site's root, not percent-encoded.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its kind.
    pub fn kind(&self) -> Kind {
        self.facts.meta.kind
    }
}

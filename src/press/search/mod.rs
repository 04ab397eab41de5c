//! The search: its page, and the files of its index.
//!
//! The postings know articles by their numbers, and nothing that readers see; what a result shows
//! (title, address, text) lies in a file for each article. An edition has an index of its own, made
//! of its own texts: where words are changed with the script (软件, 軟體), it finds its readers'.

mod codec;
mod segment;
mod text;
mod tokens;

use super::view::{Choice, Head, SearchView, View};
use super::{Press, Words, bodies, head, word};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::base::text::fold::pairs;
use crate::base::text::ticker::named;
use crate::config::Search;
use crate::facts::{Facts, Method};
use crate::site::search::Find;
use crate::site::{InEdition, List, Named, Route};
use crate::source::Source;
use rayon::prelude::*;
use segment::{Run, Segment, merge};
use serde::Serialize;
use serde_json::{Value, json};
use std::cmp::Reverse;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokens::Tokens;

/// Articles that are indexed in one go: some 8 MB of pairs.
const RUN: usize = 256;
/// Tags, and sources, that the page offers as filters.
const OFFERED: usize = 200;
/// Segments that a preview keeps.
const KEPT: usize = 8;

/// The search page.
pub fn page(site: InEdition, words: &Words) -> SearchView {
    let own = head(
        site,
        "search",
        &word(words, "search"),
        Route::Search(Find::Page),
    );
    let index = site.href(Route::Search(Find::Index));
    let address = site.address(Route::Hub(List::Home));
    let host = address.split("://").nth(1).unwrap_or_default();
    let choice = |named: &Named| choice(site, named);
    let channels = site.channels.iter().map(choice).collect();
    let mut years: Vec<i16> = site.months.iter().map(|((year, _), _)| *year).collect();
    years.dedup();
    let year = |year: &i16| Choice {
        id: year.to_string(),
        name: year.to_string(),
    };
    SearchView {
        page: Head {
            noindex: true,
            crumbs: vec![site.link(List::Home)],
            ..own
        },
        index: index.trim_end_matches("index.json").to_string(),
        host: host.trim_end_matches('/').to_string(),
        channels,
        tags: most_frequent(&site.tags).map(choice).collect(),
        sources: most_frequent(&site.sources).map(choice).collect(),
        years: years.iter().rev().map(year).collect(),
    }
}

fn choice(site: InEdition, named: &Named) -> Choice {
    Choice {
        id: named.slug.clone(),
        name: site.own(&named.name),
    }
}

/// The names that most articles have, most first.
fn most_frequent(all: &[Named]) -> impl Iterator<Item = &Named> {
    let mut alive: Vec<&Named> = all
        .iter()
        .filter(|named| !named.members.is_empty())
        .collect();
    alive.sort_by_key(|named| (Reverse(named.members.len()), &named.name));
    alive.into_iter().take(OFFERED)
}

/// Segments that were made for a build's wave or a preview's reader, the last one last.
#[derive(Debug, Default)]
pub struct Desk(Mutex<Vec<(Fingerprint, Made)>>);

type Made = Arc<Result<Segment, Diagnostic>>;

impl PartialEq for Desk {
    /// It says nothing about pages.
    fn eq(&self, _: &Desk) -> bool {
        true
    }
}

impl Desk {
    fn held(&self) -> MutexGuard<'_, Vec<(Fingerprint, Made)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, print: Fingerprint) -> Option<Made> {
        let mut held = self.held();
        let at = held.iter().position(|(own, _)| *own == print)?;
        let found = held.remove(at);
        let made = found.1.clone();
        held.push(found);
        Some(made)
    }

    fn keep(&self, print: Fingerprint, made: &Made) {
        let mut held = self.held();
        held.retain(|(own, _)| *own != print);
        if held.len() == KEPT {
            held.remove(0);
        }
        held.push((print, made.clone()));
    }

    /// Forgets all segments.
    pub fn clear(&self) {
        self.held().clear();
    }
}

impl Press<'_> {
    /// What a file of the index is made from, as a view.
    pub(super) fn search_view(&self, find: Find) -> View<'static> {
        let print = match find {
            Find::Page => return View::Search(Box::new(page(self.site, &self.words))),
            Find::Text(n) => self.text_print(n),
            Find::Pack(segment, _) | Find::Table(segment, _) | Find::Root(segment) => {
                self.segment_print(segment)
            }
            Find::Pairs => self.engine,
            Find::Index => {
                let mut fold = Fold::new();
                fold.add(&self.search_index());
                fold.finish()
            }
        };
        View::File("", print.to_string())
    }

    /// The bytes of a file of the index.
    pub(super) fn search_bytes(
        &self,
        find: Find,
        source: &dyn Source,
    ) -> Result<Vec<u8>, Diagnostic> {
        let part = |segment: u32, part: &dyn Fn(&Segment) -> Vec<u8>| {
            let made = self.open_segment(segment, source);
            made.as_ref().as_ref().map(part).map_err(Clone::clone)
        };
        match find {
            Find::Text(n) => self.text_file(n, source),
            Find::Pack(at, pack) => part(at, &|segment| segment.pack(pack).to_vec()),
            Find::Table(at, table) => part(at, &|segment| segment.table(table).to_vec()),
            Find::Root(at) => part(at, &|segment| segment.root().to_vec()),
            Find::Pairs => Ok(pairs_file()),
            Find::Index => Ok(self.search_index()),
            Find::Page => Ok(Vec::new()),
        }
    }

    /// The segments and how they are cut.
    fn search_index(&self) -> Vec<u8> {
        #[derive(Serialize)]
        struct Index {
            body: bool,
            segments: Vec<[u32; 3]>,
        }
        let segments = self.site.segments().iter();
        let index = Index {
            body: self.site.config.search == Search::Bodies,
            segments: segments
                .map(|own| [own.articles.start, own.articles.end, own.packs])
                .collect(),
        };
        serde_json::to_vec(&index).unwrap_or_default()
    }

    fn segment_print(&self, segment: u32) -> Fingerprint {
        let mut fold = Fold::new();
        fold.add_print(self.engine)
            .add_print(self.site.segment_print(segment));
        fold.finish()
    }

    /// A segment's postings: from the desk, or made now. A build has each made before its files are
    /// rendered, by all threads.
    pub fn open_segment(&self, at: u32, source: &dyn Source) -> Made {
        let print = self.segment_print(at);
        if let Some(made) = self.desk.find(print) {
            return made;
        }
        let made = Arc::new(self.made_segment(at, source));
        self.desk.keep(print, &made);
        made
    }

    /// Lets go of all postings.
    pub fn close_segments(&self) {
        self.desk.clear();
    }

    fn made_segment(&self, at: u32, source: &dyn Source) -> Result<Segment, Diagnostic> {
        let own = &self.site.segments()[at as usize];
        let numbers: Vec<u32> = own.articles.clone().collect();
        let runs = numbers.par_chunks(RUN).map(|run| {
            let mut tokens = Tokens::default();
            for n in run.iter().filter(|n| self.site.is_found(**n)) {
                let place = (n - own.articles.start) as u16;
                let add = || self.add_tokens(*n, place, source, &mut tokens);
                // A panic is named where the article's own page is made; here it costs one article.
                catch_unwind(AssertUnwindSafe(add)).unwrap_or(Ok(()))?;
            }
            Ok(Run::new(tokens))
        });
        let runs: Result<Vec<Run>, Diagnostic> = runs.collect();
        Ok(merge(runs?, own.articles.len() as u32, own.packs))
    }

    fn add_tokens(
        &self,
        n: u32,
        place: u16,
        source: &dyn Source,
        tokens: &mut Tokens,
    ) -> Result<(), Diagnostic> {
        let site = self.site;
        let article = &site.articles[n as usize];
        let facts = &article.facts;
        let say = |text: &str| site.say(text, facts.origin()).into_owned();
        tokens.add(&say(&title(facts)), place, true);
        for tag in article.tags.iter().map(|n| &site.tags[*n as usize]) {
            tokens.add(&site.own(&tag.name), place, true);
            tokens.add_filter('t', &tag.slug, place);
        }
        let channel = &site.channels[article.channel as usize];
        tokens.add_filter('c', &channel.slug, place);
        if let Some(source) = article.source {
            tokens.add_filter('s', &site.sources[source as usize].slug, place);
        }
        if let Some(year) = site.year(n) {
            tokens.add_filter('y', &year.to_string(), place);
        }
        for text in summary_and_points(facts) {
            tokens.add(&say(&text), place, false);
        }
        if site.config.search == Search::Bodies {
            tokens.add(&self.text_of(n, source)?, place, false);
        }
        Ok(())
    }

    fn text_of(&self, n: u32, source: &dyn Source) -> Result<String, Diagnostic> {
        let html = bodies(&[self], Route::Article(n), source)?.pop();
        Ok(text::text(&html.unwrap_or_default()))
    }

    fn text_print(&self, n: u32) -> Fingerprint {
        let mut fold = Fold::new();
        fold.add_print(self.engine);
        self.site.fold_found(n, &mut fold);
        let (url, [iso, shown]) = (self.site.href(Route::Article(n)), self.times(n));
        [&url, &iso, &shown, self.site.language()]
            .iter()
            .for_each(|text| {
                fold.add(text.as_bytes());
            });
        fold.finish()
    }

    fn times(&self, n: u32) -> [String; 2] {
        let article = &self.site.articles[n as usize];
        let Some(at) = article.date else {
            return Default::default();
        };
        let time = self.site.shown_time(at, article.facts.meta.date);
        [time.iso, time.text]
    }

    /// What a result shows of an article, and the text that is looked through for the query.
    fn text_file(&self, n: u32, source: &dyn Source) -> Result<Vec<u8>, Diagnostic> {
        let site = self.site;
        let article = &site.articles[n as usize];
        let say = |text: &str| site.say(text, article.facts.origin()).into_owned();
        let tags = article.tags.iter().map(|n| site.list_name(List::Tag(*n)));
        let body = match site.config.search {
            Search::Bodies => self.text_of(n, source)?,
            Search::Heads | Search::Off => String::new(),
        };
        let title = say(&title(&article.facts));
        let points = summary_and_points(&article.facts);
        let points: Vec<String> = points.iter().map(|text| say(text)).collect();
        let marks = self.marks(n, &title, &points);
        let [iso, shown] = self.times(n);
        let mut file = vec![
            json!(site.href(Route::Article(n))),
            json!(title),
            json!([iso, shown]),
            json!(site.list_name(List::Channel(article.channel))),
            json!(article.source.map(|n| site.list_name(List::Source(n)))),
            json!(tags.collect::<Vec<_>>()),
            json!(points),
            json!(body),
        ];
        file.extend(marks);
        let json = serde_json::to_string(&file).unwrap_or_default();
        Ok(shorter(json))
    }

    /// What most articles don't need: whether a model made the first point (the summary), and the
    /// languages of title, text and points, where one is another than the page's.
    fn marks(&self, n: u32, title: &str, points: &[String]) -> Vec<Value> {
        let site = self.site;
        let facts = &site.articles[n as usize].facts;
        let summary = facts.meta.summary.as_ref();
        let made = summary.is_some_and(|summary| summary.method == Method::Ai);
        let text = site.language_of_page(facts);
        let points = points.iter().map(|point| site.language_of(point));
        let mut languages: Vec<Option<&str>> = [site.language_of(title), Some(&text)]
            .into_iter()
            .chain(points)
            .map(|own| own.filter(|own| *own != site.language()))
            .collect();
        while languages.last() == Some(&None) {
            languages.pop();
        }
        match (made, languages.is_empty()) {
            (false, true) => Vec::new(),
            (true, true) => vec![json!(1)],
            (made, false) => vec![json!(u8::from(made)), json!(languages)],
        }
    }
}

fn title(facts: &Facts) -> String {
    let title = match facts.title.as_str() {
        "" => facts.opening.as_deref().unwrap_or_default(),
        title => title,
    };
    named(title).into_owned()
}

fn summary_and_points(facts: &Facts) -> Vec<String> {
    let meta = &facts.meta;
    let summary = meta.summary.iter().map(|summary| &summary.text);
    let all = summary.chain(&meta.standfirst).chain(&meta.highlights);
    all.map(|text| named(text).into_owned()).collect()
}

/// Text as UTF-16 where that is shorter than UTF-8: of Han text it is two thirds. Which of the two
/// it is shows in the second byte, since the first character is `[`.
fn shorter(text: String) -> Vec<u8> {
    match text.encode_utf16().count() * 2 < text.len() {
        true => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        false => text.into_bytes(),
    }
}

/// Pairs of a Traditional character and its Simplified form, as UTF-16.
fn pairs_file() -> Vec<u8> {
    let mut text = String::new();
    pairs().for_each(|(traditional, simplified)| text.extend([traditional, simplified]));
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

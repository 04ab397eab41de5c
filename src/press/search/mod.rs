//! The search: its page, and the files of its index.
//!
//! The postings know articles by their numbers, and nothing that readers see; what a result shows
//! (title, address, text) lies in a file for each article and edition. All editions have their
//! postings in common. Since tokens are folded, the texts of an article have nearly all of them in
//! common as well; where words are changed with the script (软件, 軟體), the article has both, and
//! the texts say which of them the edition's readers see.
//!
//! A build takes the texts from the bodies that it makes for the pages ([`Press::note_texts`]); what it
//! makes no page of is read.

mod codec;
mod segment;
mod text;
mod tokens;

use super::view::{Choice, Head, SearchView, View};
use super::{Press, Shown, Words, bodies, head, word};
use crate::base::diagnostic::Diagnostic;
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::base::text::fold::pairs;
use crate::base::text::ticker::named;
use crate::config::Search;
use crate::facts::{Facts, Method};
use crate::site::search::Find;
use crate::site::{InEdition, List, Named, Route, Site};
use crate::source::Source;
use codec::Reader;
use foldhash::HashMap;
use rayon::prelude::*;
use segment::{Run, Segment, merge};
use serde::Serialize;
use serde_json::{Value, json};
use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
pub use text::text;
use tokens::Tokens;

/// Articles that are indexed in one go: some 8 MB of pairs.
const RUN: u32 = 256;
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

/// What is at hand while an index is made.
#[derive(Debug, Default)]
pub struct Desk {
    /// Segments that were made for a build's wave or a preview's reader, the last one last.
    segments: Mutex<Vec<(Fingerprint, Made)>>,
    /// What the pages of a build told of their texts, by the first article of each run.
    drafts: Mutex<HashMap<u32, Draft>>,
}

type Made = Arc<Result<Segment, Diagnostic>>;

/// Articles of a run that are known already, with their texts in each edition.
type Texts = Vec<(u32, Vec<String>)>;

/// What the last build left of a segment.
pub struct Left {
    /// All its packs.
    pub packs: Vec<Vec<u8>>,
    /// The articles that are not as they were.
    pub changed: BTreeSet<u32>,
}

#[derive(Debug)]
enum Draft {
    Begun(Texts),
    Whole(Run),
}

impl PartialEq for Desk {
    /// It says nothing about pages.
    fn eq(&self, _: &Desk) -> bool {
        true
    }
}

impl Desk {
    fn held(&self) -> MutexGuard<'_, Vec<(Fingerprint, Made)>> {
        let held = self.segments.lock();
        held.unwrap_or_else(PoisonError::into_inner)
    }

    fn drafts(&self) -> MutexGuard<'_, HashMap<u32, Draft>> {
        let drafts = self.drafts.lock();
        drafts.unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds the texts of an article, and gives those of its run when they are as many as it has.
    fn add(&self, run: u32, n: u32, texts: Vec<String>, count: usize) -> Option<Texts> {
        let mut drafts = self.drafts();
        let draft = drafts.entry(run);
        let Draft::Begun(all) = draft.or_insert_with(|| Draft::Begun(Vec::new())) else {
            return None;
        };
        if all.iter().all(|(known, _)| *known != n) {
            all.push((n, texts));
        }
        (all.len() == count).then(|| std::mem::take(all))
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
}

/// How many tokens a part of a table has.
pub fn tokens(table: &[u8]) -> usize {
    let (mut reader, mut token) = (Reader::new(table), Vec::new());
    let tokens = std::iter::from_fn(|| reader.token(&mut token));
    tokens.count()
}

/// The articles of a segment in runs.
fn runs(articles: &Range<u32>) -> impl Iterator<Item = Range<u32>> + use<> {
    let end = articles.end;
    let starts = articles.clone().step_by(RUN as usize);
    starts.map(move |start| start..end.min(start + RUN))
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
        body: Option<&str>,
    ) -> Result<Vec<u8>, Diagnostic> {
        let part = |segment: u32, part: &dyn Fn(&Segment) -> Vec<u8>| {
            let made = self.open_segment(segment, source, None);
            made.as_ref().as_ref().map(part).map_err(Clone::clone)
        };
        match find {
            Find::Text(n) => Ok(self.text_file(n, body.unwrap_or_default())),
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
        struct Index<'a> {
            body: bool,
            /// The folder of the postings, which all editions have in common.
            postings: &'a str,
            segments: Vec<[u32; 3]>,
        }
        let segments = self.site.segments().iter();
        let pairs = self.site.href(Route::Search(Find::Pairs));
        let index = Index {
            body: self.site.config.search == Search::Bodies,
            postings: pairs.trim_end_matches("pairs.bin"),
            segments: segments
                .map(|own| [own.articles.start, own.articles.end, own.packs])
                .collect(),
        };
        serde_json::to_vec(&index).unwrap_or_default()
    }

    fn segment_print(&self, segment: u32) -> Fingerprint {
        let mut fold = self.begun_print();
        fold.add_print(self.site.segment_print(segment));
        fold.finish()
    }

    /// A hash that begins with the program and how each edition turns texts.
    fn begun_print(&self) -> Fold {
        let mut fold = Fold::new();
        fold.add_print(self.engine);
        for edition in &self.site.editions {
            fold.add_print(edition.print);
        }
        fold
    }

    /// A segment's postings: from the desk, or made now, with what the last build left of them. A
    /// build has each made before its files are rendered, by all threads.
    pub fn open_segment(&self, at: u32, source: &dyn Source, left: Option<&Left>) -> Made {
        let print = self.segment_print(at);
        if let Some(made) = self.desk.find(print) {
            return made;
        }
        let made = Arc::new(self.made_segment(at, source, left));
        // What can't be read now may be read later.
        if made.is_ok() {
            self.desk.keep(print, &made);
        }
        made
    }

    /// Lets go of all postings.
    pub fn close_segments(&self) {
        self.desk.held().clear();
    }

    /// Lets go of all texts that were noted and not asked for.
    pub fn close_drafts(&self) {
        self.desk.drafts().clear();
    }

    /// Takes note of the texts of an article's body, one for each edition, for the segment that
    /// will be opened next.
    pub fn note_texts(&self, n: u32, texts: Vec<String>) {
        let Some(at) = self.site.segment_of(n).filter(|_| self.site.is_found(n)) else {
            return;
        };
        let start = self.site.segments()[at as usize].articles.start;
        let first = n - (n - start) % RUN;
        let end = self.site.segments()[at as usize].articles.end;
        let run = first..end.min(first + RUN);
        let count = run.clone().filter(|n| self.site.is_found(*n)).count();
        let Some(all) = self.desk.add(first, n, texts, count) else {
            return;
        };
        let read = |_| Ok(Vec::new());
        if let Ok(made) = self.made_run(run, start, all, read) {
            self.desk.drafts().insert(first, Draft::Whole(made));
        }
    }

    fn made_segment(
        &self,
        at: u32,
        source: &dyn Source,
        left: Option<&Left>,
    ) -> Result<Segment, Diagnostic> {
        let own = &self.site.segments()[at as usize];
        let (start, count) = (own.articles.start, own.articles.len() as u32);
        let read = |n| self.read_texts(n, source);
        let kept = left.and_then(|left| {
            let keeps = |place| {
                let n = start + place;
                self.site.is_found(n) && !left.changed.contains(&n)
            };
            Some((Run::of_packs(&left.packs, count, keeps)?, &left.changed))
        });
        if let Some((kept, changed)) = kept {
            let fresh = self.made_run(changed.iter().copied(), start, Vec::new(), read)?;
            return Ok(merge(vec![kept, fresh], count, own.packs));
        }
        let made = |run: Range<u32>| {
            let draft = self.desk.drafts().remove(&run.start);
            match draft {
                Some(Draft::Whole(made)) => Ok(made),
                Some(Draft::Begun(texts)) => self.made_run(run, start, texts, read),
                None => self.made_run(run, start, Vec::new(), read),
            }
        };
        let runs: Vec<Range<u32>> = runs(&own.articles).collect();
        let made: Result<Vec<Run>, Diagnostic> = runs.into_par_iter().map(made).collect();
        Ok(merge(made?, count, own.packs))
    }

    /// The postings of some articles, of a segment that starts at `start`.
    fn made_run(
        &self,
        articles: impl Iterator<Item = u32>,
        start: u32,
        mut known: Texts,
        read: impl Fn(u32) -> Result<Vec<String>, Diagnostic>,
    ) -> Result<Run, Diagnostic> {
        known.sort_unstable_by_key(|(n, _)| *n);
        let mut known = known.into_iter().peekable();
        let mut tokens = Tokens::default();
        for n in articles.filter(|n| self.site.is_found(*n)) {
            let texts = known.next_if(|(own, _)| *own == n).map(|(_, texts)| texts);
            let add = || {
                let texts = texts.map_or_else(|| read(n), Ok)?;
                add_tokens(self.site.site, n, (n - start) as u16, &texts, &mut tokens);
                Ok(())
            };
            // A panic is named where the article's own page is made; here it costs one article.
            catch_unwind(AssertUnwindSafe(add)).unwrap_or(Ok(()))?;
        }
        Ok(Run::new(tokens))
    }

    /// The text of a body in each edition.
    fn read_texts(&self, n: u32, source: &dyn Source) -> Result<Vec<String>, Diagnostic> {
        if self.site.config.search != Search::Bodies {
            return Ok(Vec::new());
        }
        let editions: Vec<InEdition> = self.site.in_editions().collect();
        let route = Route::Article(n);
        let bodies = bodies(&editions, route, source, self.galleys, Shown::AsText)?;
        Ok(bodies.iter().map(|html| text(html)).collect())
    }

    fn text_print(&self, n: u32) -> Fingerprint {
        // A text that is known says that the article's postings are: so it counts here as well
        // what editions there are.
        let mut fold = self.begun_print();
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
    fn text_file(&self, n: u32, body: &str) -> Vec<u8> {
        let site = self.site;
        let article = &site.articles[n as usize];
        let say = |text: &str| site.say(text, article.facts.origin()).into_owned();
        let tags = article.tags.iter().map(|n| site.list_name(List::Tag(*n)));
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
        shorter(json)
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

/// Adds the tokens of an article, whose place in its segment is `place`.
fn add_tokens(site: &Site, n: u32, place: u16, texts: &[String], tokens: &mut Tokens) {
    let article = &site.articles[n as usize];
    let facts = &article.facts;
    let editions: Vec<InEdition> = site.in_editions().collect();
    let mut add = |text: &str, origin, head| {
        let said = editions.iter().map(|one| one.say(text, origin));
        let said: Vec<Cow<str>> = said.collect();
        tokens.add(&said, place, head);
    };
    add(&title(facts), facts.origin(), true);
    for tag in article.tags.iter().map(|n| &site.tags[*n as usize]) {
        add(&tag.name, site.origin(), true);
    }
    for text in summary_and_points(facts) {
        add(&text, facts.origin(), false);
    }
    tokens.add(texts, place, false);
    for tag in article.tags.iter().map(|n| &site.tags[*n as usize]) {
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
    let all = summary.chain(&meta.more.standfirst).chain(&meta.highlights);
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

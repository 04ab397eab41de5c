//! Assembling the site: from the facts of all files to one index.

use super::edition::Edition;
use super::links::{Shadow, path_key};
use super::names::{Names, Sort, enlist, written};
use super::pictures::Pictures;
use super::records::{Data, Record};
use super::route::{List, Route};
use super::{Article, Named, Page, Site, calendar, claims, docs, links, promo, topics, year};
use crate::base::date::{Moment, Stamp, civil};
use crate::base::diagnostic::{Code, Diagnostic, nearest};
use crate::base::fingerprint::Fingerprint;
use crate::base::slug::slug;
use crate::base::text::pinyin::{Reader, letters};
use crate::config::{Block, BlockOf, Config, Slugs};
use crate::facts::font::Font;
use crate::facts::picture::Seen;
use crate::facts::{Facts, Kind};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use rayon::prelude::*;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, OnceLock};

/// How many seconds an article is news, as the protocol of news sitemaps has it.
pub(super) const NEWS_FOR: i64 = 48 * 3600;

/// All that a site is made of.
pub struct Parts {
    /// The configuration.
    pub config: Config,
    /// The facts of all sources, by path.
    pub facts: Vec<Arc<Facts>>,
    /// Paths of files and folders that can't be read.
    pub unreadable: Vec<String>,
    /// What data files say of names, topics and hot articles.
    pub known: Data,
    /// The other data files.
    pub data: serde_json::Value,
    /// Paths of static files.
    pub statics: Vec<String>,
    /// Paths of files beside articles, and the hash of each.
    pub attachments: Vec<(String, Fingerprint)>,
    /// Files with the names of pictures, by path, the hash of each and what it says.
    pub pictures: Vec<(String, Fingerprint, Seen)>,
    /// The font of social cards.
    pub font: Option<Arc<Font>>,
    /// The moment of the build.
    pub now: Moment,
    /// Whether drafts are shown.
    pub drafts: bool,
}

/// An article whose date is known, on its way into the site.
pub(super) struct Dated {
    pub(super) facts: Arc<Facts>,
    pub(super) date: Option<Moment>,
    inferred: bool,
    updated: Option<Moment>,
}

impl Dated {
    /// Articles are in the order of this.
    pub(super) fn key(&self) -> (Moment, &str) {
        (self.date.unwrap_or(Moment::MIN), &self.facts.path)
    }
}

/// What a source becomes.
pub(super) enum Fate {
    Article(Dated),
    Page(Page),
    /// It has no page now.
    Shadow(Shadow),
}

/// When the site would be another one without any change to its files.
#[derive(Debug, Clone, Default)]
pub struct Due {
    /// The next end of an embargo or a pin, expiry, or moment at which an article is no news any
    /// more.
    pub event: Earliest,
    /// When a date without a year may be of another year.
    pub year: Earliest,
}

/// The earliest of some moments.
#[derive(Debug, Clone, Copy, Default)]
pub struct Earliest(pub Option<Moment>);

impl Earliest {
    fn note(&mut self, at: Moment) {
        self.0 = Some(self.0.map_or(at, |earliest| earliest.min(at)));
    }
}

/// What decides the fate of a source.
pub(super) struct Judge<'a> {
    pub(super) config: &'a Config,
    pub(super) now: Moment,
    pub(super) drafts: bool,
}

/// The facts, sorted into what they become.
#[derive(Default)]
struct Sorted {
    articles: Vec<Dated>,
    pages: Vec<Page>,
    shadows: BTreeMap<String, Shadow>,
    broken: BTreeSet<String>,
    due: Due,
    said: BTreeMap<String, Vec<Diagnostic>>,
}

/// Makes the site.
pub fn assemble(parts: Parts) -> Site {
    let Parts {
        config,
        unreadable,
        facts,
        known,
        data,
        statics,
        attachments,
        pictures,
        font,
        now,
        drafts,
    } = parts;
    let repeated = promo::learn(facts.iter().map(Arc::as_ref));
    let judge = Judge {
        config: &config,
        now,
        drafts,
    };
    let mut sorted = sort(facts, &judge);
    sorted.broken.extend(unreadable);
    let pictures = Pictures::find(
        pictures,
        &config,
        (&statics, &attachments),
        &mut sorted.said,
    );
    let mut site = Site {
        pictures,
        font,
        pages: std::mem::take(&mut sorted.pages),
        statics,
        attachments,
        data,
        due: sorted.due,
        broken: std::mem::take(&mut sorted.broken),
        said: std::mem::take(&mut sorted.said),
        shadows: std::mem::take(&mut sorted.shadows),
        names: Sort::ALL.map(|sort| Names::new(sort, config.slugs, &known.records[sort as usize])),
        known: (known.topics, known.hot),
        seen: (now, drafts),
        repeated,
        articles: Vec::new(),
        channels: Vec::new(),
        tags: Vec::new(),
        sources: Vec::new(),
        people: Vec::new(),
        months: Vec::new(),
        days: Vec::new(),
        tickers: Vec::new(),
        topics: Vec::new(),
        flashes: Vec::new(),
        pinned: Vec::new(),
        hot: Vec::new(),
        blocks: Vec::new(),
        redirects: Vec::new(),
        formers: Vec::new(),
        has_homophones: false,
        all: Vec::new(),
        table: HashMap::new(),
        clashed: HashSet::new(),
        places: claims::Places::default(),
        docs: OnceLock::new(),
        search: std::sync::OnceLock::new(),
        by_path: HashMap::new(),
        folders: None,
        channel_ids: (HashMap::new(), 0),
        postings: OnceLock::new(),
        clashes: Vec::new(),
        whole: Vec::new(),
        hot_said: Vec::new(),
        look_alikes: OnceLock::new(),
        firsts: OnceLock::new(),
        settled: None,
        editions: Edition::all(&config, &known.glossary),
        written: Edition::as_written(),
        home_links: Default::default(),
        config,
    };
    enlist_all(&mut site, sorted.articles);
    site.tag_by_itself();
    site.tell_names_apart();
    site.gather_names();
    site.days = calendar::days(&site);
    site.months = calendar::months(&site.days);
    redirects(&mut site);
    site.find_formers();
    claims::claim_urls(&mut site);
    by_path(&mut site);
    site.look_up_hot();
    pin(&mut site);
    site
}

fn page_url(config: &Config, facts: &Facts) -> String {
    let own = source_slug(config, facts);
    match facts.folder.as_deref() {
        Some(folder) => ["/", &slug(folder), "/", &own, "/"].concat(),
        None => ["/", &own, "/"].concat(),
    }
}

/// The last part of the URL of an article or page: as its writer gave it, else its file's name.
fn source_slug<'a>(config: &Config, facts: &'a Facts) -> Cow<'a, str> {
    let own = facts.slug.as_str();
    if config.slugs == Slugs::Unicode || facts.meta.more.slug.is_some() || own.is_ascii() {
        return Cow::Borrowed(own);
    }
    match letters(own, Reader::Thing) {
        letters if letters.is_empty() => Cow::Borrowed(own),
        letters => Cow::Owned(slug(&letters)),
    }
}

fn sort(all: Vec<Arc<Facts>>, judge: &Judge) -> Sorted {
    let mut sorted = Sorted::default();
    for facts in all {
        let own = Arc::clone(&facts);
        let path = || own.path.clone();
        let mut said = Vec::new();
        match judge.fate(facts, &mut said, &mut sorted.due) {
            Fate::Article(dated) => sorted.articles.push(dated),
            Fate::Page(page) => sorted.pages.push(page),
            Fate::Shadow(shadow) => {
                if matches!(shadow, Shadow::Broken(_)) {
                    sorted.broken.insert(path());
                }
                let key = links::normal(&own.path).into_owned();
                sorted.shadows.insert(key, shadow);
            }
        }
        if !said.is_empty() {
            sorted.said.insert(path(), said);
        }
    }
    // They come by path: then the date alone, which lies at hand, decides.
    let articles = &mut sorted.articles;
    if !articles.is_sorted_by(|a, b| a.facts.path <= b.facts.path) {
        articles.par_sort_by(|a, b| a.facts.path.cmp(&b.facts.path));
    }
    articles.par_sort_by_key(|dated| dated.date.unwrap_or(Moment::MIN));
    sorted
}

impl Judge<'_> {
    /// What a source becomes, and what is wrong with it.
    pub(super) fn fate(
        &self,
        facts: Arc<Facts>,
        said: &mut Vec<Diagnostic>,
        due: &mut Due,
    ) -> Fate {
        let facts = docs::settled(self.config, facts);
        said.extend(facts.diagnostics.iter().cloned());
        if facts.is_broken() {
            return Fate::Shadow(Shadow::Broken(broken_url(self.config, &facts)));
        }
        let dated = self.date(facts, said, due);
        if let Some(reason) = self.hidden(&dated, due) {
            return Fate::Shadow(Shadow::Hidden(reason));
        }
        let meta = &dated.facts.meta;
        if meta.kind != Kind::Page && meta.more.retracted.is_none() {
            return Fate::Article(dated);
        }
        let url = match meta.kind {
            Kind::Page => page_url(self.config, &dated.facts),
            _ => folder_url(self.config, &dated.facts, dated.date),
        };
        Fate::Page(Page {
            facts: dated.facts,
            url,
        })
    }

    fn date(&self, facts: Arc<Facts>, said: &mut Vec<Diagnostic>, due: &mut Due) -> Dated {
        let config = self.config;
        let mut inferred = facts.year_inferred;
        let mut stamp = facts.meta.date;
        if let (Some(open), Some(bare)) = (&facts.raw.open_year, stamp) {
            let (guess, warning) = year::infer(&facts, open, bare, config, self.now);
            said.push(warning);
            let again = year::comes_round(bare, config, self.now);
            again.into_iter().for_each(|at| due.year.note(at));
            (stamp, inferred) = (guess, true);
        }
        let moment = |stamp: Option<Stamp>| stamp.and_then(|stamp| stamp.moment(&config.zone));
        let updated = moment(facts.meta.updated);
        Dated {
            date: moment(stamp),
            inferred,
            updated,
            facts,
        }
    }

    /// Why something is not shown now; notes when that will change.
    fn hidden(&self, dated: &Dated, due: &mut Due) -> Option<&'static str> {
        let meta = &dated.facts.meta;
        if meta.draft && !self.drafts {
            return Some("a draft");
        }
        let moment = |stamp: Option<Stamp>| stamp.and_then(|stamp| stamp.moment(&self.config.zone));
        let is_page = meta.kind == Kind::Page;
        if let Some(date) = dated.date.filter(|date| *date > self.now && !is_page) {
            due.event.note(date);
            return Some("not published yet");
        }
        let pin = moment(meta.more.pin_until);
        if let Some(pin) = pin.filter(|pin| *pin > self.now && !is_page) {
            due.event.note(pin);
        }
        let expires = moment(meta.more.expires);
        if expires.is_some_and(|expires| expires <= self.now) {
            return Some("expired");
        }
        expires.into_iter().for_each(|at| due.event.note(at));
        let old = dated.date.map(|date| date.saturating_add(NEWS_FOR));
        let is_news = !is_page && !meta.noindex && meta.more.retracted.is_none();
        let is_news = is_news && !dated.facts.title.is_empty();
        if let Some(old) = old.filter(|old| *old > self.now && is_news) {
            due.event.note(old);
        }
        None
    }
}

/// The URL that a source with errors would have, as far as it can be told.
fn broken_url(config: &Config, facts: &Facts) -> Option<String> {
    if facts.meta.kind == Kind::Page {
        return Some(page_url(config, facts));
    }
    if facts.meta.kind == Kind::Doc {
        return Some(folder_url(config, facts, None));
    }
    let date = facts.meta.date.and_then(|stamp| stamp.moment(&config.zone));
    let dated = ["{year}", "{month}", "{day}"]
        .iter()
        .any(|part| config.permalink.contains(part));
    (date.is_some() || !dated).then(|| folder_url(config, facts, date))
}

/// The URL of an article.
pub(super) fn article_url(config: &Config, dated: &Dated) -> String {
    folder_url(config, &dated.facts, dated.date)
}

/// The URL of an article, by the site's `permalink`.
fn folder_url(config: &Config, facts: &Facts, date: Option<Moment>) -> String {
    let channel = facts
        .meta
        .channel
        .as_deref()
        .or(facts.folder.as_deref())
        .unwrap_or("");
    if config.permalink == "/{channel}/{slug}/" || facts.meta.kind == Kind::Doc {
        return ["/", &slug(channel), "/", &source_slug(config, facts), "/"].concat();
    }
    let day = civil(date.unwrap_or(0), &config.zone);
    config
        .permalink
        .replace("{channel}", &slug(channel))
        .replace("{year}", &format!("{:04}", day.year()))
        .replace("{month}", &format!("{:02}", day.month()))
        .replace("{day}", &format!("{:02}", day.day()))
        .replace("{slug}", &source_slug(config, facts))
}

/// Gives every article its numbers, and every channel, tag, source and person its articles.
fn enlist_all(site: &mut Site, articles: Vec<Dated>) {
    let mut channels = Channels::new(&site.config, &articles);
    site.articles.reserve(articles.len());
    let config = &site.config;
    let url = |dated: &Dated| article_url(config, dated);
    let urls: Vec<String> = articles.par_iter().map(url).collect();
    for (number, (dated, url)) in articles.into_iter().zip(urls).enumerate() {
        let number = number as u32;
        let channel = channels.number(&dated.facts, &mut site.said);
        channels.named[channel as usize].members.push(number);
        let article = site.number_names(dated, channel, url);
        article.each_name(|sort, name| {
            enlist(&mut site.named_mut(sort)[name as usize], number);
        });
        match article.kind() {
            Kind::Flash => site.flashes.push(number),
            Kind::Doc => {}
            _ => site.all.push(number),
        }
        site.articles.push(article);
    }
    site.channels = channels.named;
    site.channel_ids = (channels.ids, channels.known);
}

impl Article {
    /// Tells the number of each of its names; a person may occur twice.
    fn each_name(&self, mut tell: impl FnMut(Sort, u32)) {
        self.tags.iter().for_each(|n| tell(Sort::Tag, *n));
        self.source.iter().for_each(|n| tell(Sort::Source, *n));
        let people = self.authors.iter().chain(&self.editors);
        people.for_each(|n| tell(Sort::Person, *n));
        self.tickers.iter().for_each(|n| tell(Sort::Ticker, *n));
    }
}

impl Site {
    /// All names of a sort.
    pub(super) fn named_mut(&mut self, sort: Sort) -> &mut Vec<Named> {
        match sort {
            Sort::Tag => &mut self.tags,
            Sort::Source => &mut self.sources,
            Sort::Person => &mut self.people,
            Sort::Ticker => &mut self.tickers,
        }
    }

    /// All names of a sort.
    pub(super) fn names_of(&self, sort: Sort) -> &[Named] {
        match sort {
            Sort::Tag => &self.tags,
            Sort::Source => &self.sources,
            Sort::Person => &self.people,
            Sort::Ticker => &self.tickers,
        }
    }

    /// Makes an article at a URL of a source, and numbers its names; their lists stay as they are.
    pub(super) fn number_names(&mut self, dated: Dated, channel: u32, url: String) -> Article {
        let meta = &dated.facts.meta;
        let mut numbers = |sort: Sort, wanted: &mut dyn Iterator<Item = &String>| {
            let names = &mut self.names[sort as usize];
            let named = match sort {
                Sort::Tag => &mut self.tags,
                Sort::Source => &mut self.sources,
                Sort::Person => &mut self.people,
                Sort::Ticker => &mut self.tickers,
            };
            // What a text calls a security comes with its first mention.
            if sort == Sort::Ticker {
                for (spelling, shown) in written(sort, &dated.facts) {
                    names.number(spelling, shown, named);
                }
            }
            let mut numbers = Vec::new();
            for name in wanted {
                let number = names.number(name, None, named);
                if !numbers.contains(&number) {
                    numbers.push(number);
                }
            }
            numbers
        };
        let source = numbers(Sort::Source, &mut meta.source.iter());
        let tags = numbers(Sort::Tag, &mut meta.tags.iter());
        let authors = numbers(Sort::Person, &mut meta.authors.iter());
        let editors = numbers(Sort::Person, &mut meta.editors.iter());
        let codes = dated.facts.outline.tickers.iter().map(|(_, code)| code);
        let tickers = numbers(Sort::Ticker, &mut meta.more.tickers.iter().chain(codes));
        Article {
            url,
            date: dated.date,
            inferred: dated.inferred,
            updated: dated.updated,
            channel,
            source: source.first().copied(),
            tickers,
            tags,
            authors,
            editors,
            facts: dated.facts,
        }
    }

    /// Finds what names tags and other lists: topics, blocks, securities.
    pub(super) fn gather_names(&mut self) {
        self.whole.clear();
        let tags = (&self.names[Sort::Tag as usize], self.tags.as_slice());
        let sources = (&self.names[Sort::Source as usize], self.sources.as_slice());
        for ticker in &mut self.tickers {
            let tag = ticker.record.tag.as_deref();
            ticker.tag = tag.and_then(|tag| tags.0.find(tag, tags.1));
        }
        self.topics = topics::with_tags(self.known.0.clone(), tags, &mut self.whole);
        self.blocks = blocks(
            &self.config,
            &self.channels,
            &self.topics,
            [tags, sources],
            &mut self.whole,
        );
        topics::enlist(self);
    }

    /// Finds the articles of data/hot.json.
    pub(super) fn look_up_hot(&mut self) {
        let (hot, said) = links::hot(self, &self.known.1);
        (self.hot, self.hot_said) = (hot, said);
    }
}

/// The channels: those configured, in their order, then folders that have articles, by name.
struct Channels {
    named: Vec<Named>,
    ids: HashMap<String, u32>,
    /// How many are configured or have a folder; those after are named by articles only.
    known: u32,
}

impl Channels {
    fn new(config: &Config, articles: &[Dated]) -> Channels {
        let mut channels = Channels {
            named: Vec::new(),
            ids: HashMap::new(),
            known: 0,
        };
        for channel in &config.channels {
            let record = Record {
                description: channel.description.clone(),
                id: Some(channel.id.clone()),
                template: channel.template.clone(),
                accent: channel.accent.clone(),
                ..Record::default()
            };
            channels.add(
                &channel.id,
                channel.name.as_deref().unwrap_or(&channel.id),
                record,
            );
        }
        // Many articles, few folders: a hash tells which are new.
        let folders: HashSet<&str> = articles
            .iter()
            .filter_map(|dated| dated.facts.folder.as_deref())
            .collect();
        for folder in BTreeSet::from_iter(folders) {
            channels.add(folder, folder, Record::default());
        }
        channels.known = channels.named.len() as u32;
        channels
    }

    fn add(&mut self, id: &str, name: &str, record: Record) -> u32 {
        let number = self.named.len() as u32;
        if let Some(known) = self.ids.get(id) {
            return *known;
        }
        let slug = slug(id);
        self.named.push(Named {
            name: name.to_string(),
            slug,
            record,
            ..Named::default()
        });
        self.ids.insert(id.to_string(), number);
        number
    }

    /// The channel of an article: the one it names, else its folder's.
    fn number(&mut self, facts: &Facts, said: &mut BTreeMap<String, Vec<Diagnostic>>) -> u32 {
        let folder = facts.folder.as_deref();
        let id = facts.meta.channel.as_deref().or(folder).unwrap_or("");
        let known = self.ids.get(id).copied();
        if let Some(number) = known.filter(|number| *number < self.known) {
            return number;
        }
        let all = || self.ids.iter().filter(|(_, number)| **number < self.known);
        let near = nearest(id, all().map(|(id, _)| id.as_str()));
        let named = all().find(|(_, number)| self.named[**number as usize].name == id);
        let diagnostic =
            Diagnostic::new(Code::UnknownChannel, format!("there is no channel `{id}`"))
                .at_key(&facts.path, "channel");
        let diagnostic = match near.or(named.map(|(id, _)| id.as_str())) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("add `- id: {id}` to `channels` in masthead.yaml")),
        };
        said.entry(facts.path.clone()).or_default().push(diagnostic);
        self.add(id, id, Record::default())
    }
}

/// What each block of the home page is of; a name that nothing has is a warning.
fn blocks(
    config: &Config,
    channels: &[Named],
    topics: &[topics::Topic],
    names: [(&Names, &[Named]); 2],
    out: &mut Vec<Diagnostic>,
) -> Vec<(Block, List)> {
    let [tags, sources] = names;
    let at = |found: Option<usize>| found.map(|at| at as u32);
    let mut found = Vec::new();
    for block in &config.blocks {
        let (kind, name, list) = match &block.of {
            BlockOf::Channel(id) => {
                let at = at(channels.iter().position(|channel| channel.slug == slug(id)));
                ("channel", id, at.map(List::Channel))
            }
            BlockOf::Topic(id) => {
                let at = at(topics.iter().position(|topic| topic.record.id == *id));
                ("topic", id, at.map(List::Topic))
            }
            BlockOf::Tag(name) => ("tag", name, tags.0.find(name, tags.1).map(List::Tag)),
            BlockOf::Source(name) => (
                "source",
                name,
                sources.0.find(name, sources.1).map(List::Source),
            ),
        };
        match list {
            Some(list) => found.push((block.clone(), list)),
            None => {
                let message =
                    format!("a block names the {kind} `{name}`, which the site doesn't have");
                out.push(
                    Diagnostic::new(Code::UnknownName, message)
                        .at_key(crate::source::CONFIG, "blocks")
                        .help("mend its spelling, or take the block out"),
                );
            }
        }
    }
    found
}

/// An alias without a file's ending is a folder, like every page.
fn redirects(site: &mut Site) {
    let articles = site
        .articles
        .iter()
        .enumerate()
        .map(|(n, article)| (Route::Article(n as u32), &article.facts));
    let pages = site
        .pages
        .iter()
        .enumerate()
        .map(|(n, page)| (Route::Page(n as u32), &page.facts));
    let mut redirects = Vec::new();
    for (route, facts) in articles.chain(pages) {
        for alias in &facts.meta.more.aliases {
            let last = alias.rsplit('/').next().unwrap_or("");
            let folder = if last.is_empty() || last.contains('.') {
                ""
            } else {
                "/"
            };
            redirects.push((format!("{alias}{folder}"), route));
        }
    }
    site.redirects = redirects;
}

/// The table of sources and files by path.
fn by_path(site: &mut Site) {
    let key = |(path, route): (&String, Route)| (path_key(path), route);
    let articles = site.articles.par_iter().enumerate();
    let articles = articles.map(|(n, one)| (&one.facts.path, Route::Article(n as u32)));
    let pages = site.pages.par_iter().enumerate();
    let pages = pages.map(|(n, one)| (&one.facts.path, Route::Page(n as u32)));
    let files = site.attachments.par_iter().enumerate();
    let files = files.map(|(n, (path, _))| (path, Route::File(n as u32)));
    let all: Vec<(u64, Route)> = articles.chain(pages).chain(files).map(key).collect();
    site.by_path = all.into_iter().collect();
}

/// Articles whose `pin_until` is still to come stand on top of the home page.
fn pin(site: &mut Site) {
    let all = site.all.iter().rev().copied();
    site.pinned = all
        .filter(|n| site.is_pinned(&site.articles[*n as usize]))
        .collect();
}

impl Site {
    pub(super) fn is_pinned(&self, article: &Article) -> bool {
        let until = article.facts.meta.more.pin_until;
        let until = until.and_then(|stamp| stamp.moment(&self.config.zone));
        until.is_some_and(|until| until > self.seen.0)
    }
}

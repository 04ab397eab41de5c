//! Assembling the site: from the facts of all files to one index.

use super::links::{Links, Where};
use super::names::Names;
use super::records::{Data, Record};
use super::route::{List, Route};
use super::{
    Article, Named, Page, Site, calendar, card, claims, links, promo, related, topics, year,
};
use crate::base::date::{Moment, Stamp, civil};
use crate::base::diagnostic::{Code, Diagnostic, nearest};
use crate::base::fingerprint::Fingerprint;
use crate::base::slug::slug;
use crate::config::{Block, BlockOf, Config};
use crate::facts::{Facts, Kind};
use rayon::prelude::*;
use std::collections::{BTreeSet, HashMap, HashSet};

/// All that a site is made of.
pub struct Parts {
    /// The configuration.
    pub config: Config,
    /// The facts of all sources, by path.
    pub facts: Vec<Facts>,
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
    /// The moment of the build.
    pub now: Moment,
    /// Whether drafts are shown.
    pub drafts: bool,
}

/// An article whose date is known, on its way into the site.
struct Dated {
    facts: Facts,
    date: Option<Moment>,
    inferred: bool,
    updated: Option<Moment>,
}

/// The facts, sorted into what they become.
#[derive(Default)]
struct Sorted {
    articles: Vec<Dated>,
    pages: Vec<Page>,
    /// Sources that have no page now, and why.
    hidden: Vec<(String, Where)>,
    broken: BTreeSet<String>,
    next_event: Option<Moment>,
    diagnostics: Vec<Diagnostic>,
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
        now,
        drafts,
    } = parts;
    let repeated = promo::learn(&facts);
    let mut sorted = sort(facts, &config, now, drafts);
    sorted.broken.extend(unreadable);
    let mut site = Site {
        pages: std::mem::take(&mut sorted.pages),
        statics,
        attachments,
        data,
        next_event: sorted.next_event,
        broken: std::mem::take(&mut sorted.broken),
        diagnostics: std::mem::take(&mut sorted.diagnostics),
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
        card_prints: Vec::new(),
        all: Vec::new(),
        table: HashMap::new(),
        clashed: HashSet::new(),
        config,
    };
    enlist(&mut site, sorted.articles, &known);
    promo::leave_out(&mut site, &repeated);
    topics::enlist(&mut site);
    neighbours(&mut site);
    months(&mut site);
    site.days = calendar::days(&site);
    redirects(&mut site);
    claims::claim_urls(&mut site);
    let links = Links::new(&site, sorted.hidden);
    resolve(&mut site, links, &known.hot, now);
    site.card_prints = (0..site.articles.len() as u32)
        .into_par_iter()
        .map(|n| card::print(&site, n))
        .collect();
    site
}

fn page_url(facts: &Facts) -> String {
    let folder = facts
        .folder
        .as_deref()
        .map(|folder| format!("/{}", slug(folder)));
    format!("{}/{}/", folder.unwrap_or_default(), facts.slug)
}

fn sort(all: Vec<Facts>, config: &Config, now: Moment, drafts: bool) -> Sorted {
    let mut sorted = Sorted::default();
    for mut facts in all {
        sorted.diagnostics.append(&mut facts.diagnostics.clone());
        if facts.is_broken() {
            sorted.broken.insert(facts.path.clone());
            let url = broken_url(config, &facts);
            sorted.hidden.push((facts.path, Where::Broken(url)));
            continue;
        }
        facts.diagnostics = Vec::new();
        let dated = date(facts, config, now, &mut sorted.diagnostics);
        if let Some(reason) = hidden(&dated, config, now, drafts, &mut sorted.next_event) {
            sorted
                .hidden
                .push((dated.facts.path, Where::Hidden(reason)));
        } else if dated.facts.meta.kind == Kind::Page || dated.facts.meta.retracted.is_some() {
            let url = match dated.facts.meta.kind {
                Kind::Page => page_url(&dated.facts),
                _ => folder_url(config, &dated.facts, dated.date),
            };
            sorted.pages.push(Page {
                facts: dated.facts,
                hrefs: Vec::new(),
                left_out: Vec::new(),
                url,
            });
        } else {
            sorted.articles.push(dated);
        }
    }
    let key = |dated: &Dated| (dated.date.unwrap_or(Moment::MIN), dated.facts.path.clone());
    sorted.articles.sort_by_cached_key(key);
    sorted
}

fn date(facts: Facts, config: &Config, now: Moment, out: &mut Vec<Diagnostic>) -> Dated {
    let mut inferred = facts.year_inferred;
    let mut stamp = facts.meta.date;
    if let (Some(open), Some(bare)) = (&facts.open_year, stamp) {
        let (guess, warning) = year::infer(&facts, open, bare, config, now);
        out.push(warning);
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
fn hidden(
    dated: &Dated,
    config: &Config,
    now: Moment,
    drafts: bool,
    next_event: &mut Option<Moment>,
) -> Option<&'static str> {
    if dated.facts.meta.draft && !drafts {
        return Some("a draft");
    }
    let mut due = |at: Moment| *next_event = Some(next_event.map_or(at, |event| event.min(at)));
    let is_page = dated.facts.meta.kind == Kind::Page;
    if let Some(date) = dated.date.filter(|date| *date > now && !is_page) {
        due(date);
        return Some("not published yet");
    }
    let pin = dated
        .facts
        .meta
        .pin_until
        .and_then(|stamp| stamp.moment(&config.zone));
    if let Some(pin) = pin.filter(|pin| *pin > now && !is_page) {
        due(pin);
    }
    let expires = dated
        .facts
        .meta
        .expires
        .and_then(|stamp| stamp.moment(&config.zone))?;
    if expires <= now {
        return Some("expired");
    }
    due(expires);
    None
}

/// The URL that a source with errors would have, as far as it can be told.
fn broken_url(config: &Config, facts: &Facts) -> Option<String> {
    if facts.meta.kind == Kind::Page {
        return Some(page_url(facts));
    }
    let date = facts.meta.date.and_then(|stamp| stamp.moment(&config.zone));
    let dated = ["{year}", "{month}", "{day}"]
        .iter()
        .any(|part| config.permalink.contains(part));
    (date.is_some() || !dated).then(|| folder_url(config, facts, date))
}

/// The URL of an article, by the site's `permalink`.
fn folder_url(config: &Config, facts: &Facts, date: Option<Moment>) -> String {
    let channel = facts
        .meta
        .channel
        .as_deref()
        .or(facts.folder.as_deref())
        .unwrap_or("");
    if config.permalink == "/{channel}/{slug}/" {
        return format!("/{}/{}/", slug(channel), facts.slug);
    }
    let day = civil(date.unwrap_or(0), &config.zone);
    config
        .permalink
        .replace("{channel}", &slug(channel))
        .replace("{year}", &format!("{:04}", day.year()))
        .replace("{month}", &format!("{:02}", day.month()))
        .replace("{day}", &format!("{:02}", day.day()))
        .replace("{slug}", &facts.slug)
}

/// Gives every article its numbers, and every channel, tag, source and person its articles.
fn enlist(site: &mut Site, articles: Vec<Dated>, known: &Data) {
    let [tag_records, source_records, people_records, ticker_records] = &known.records;
    let mut tickers = Names::new(ticker_records);
    let mut tags = Names::new(tag_records);
    let mut sources = Names::new(source_records);
    let mut people = Names::new(people_records);
    let mut channels = Channels::new(&site.config, &articles);
    for (number, dated) in articles.into_iter().enumerate() {
        let number = number as u32;
        let meta = &dated.facts.meta;
        let channel = channels.number(&dated.facts, &mut site.diagnostics);
        channels.named[channel as usize].members.push(number);
        let source = meta.source.as_deref().map(|source| sources.number(source));
        source
            .iter()
            .for_each(|source| sources.enlist(*source, number));
        let own_tags = tags.numbers(&meta.tags);
        own_tags.iter().for_each(|tag| tags.enlist(*tag, number));
        let (authors, editors) = (people.numbers(&meta.authors), people.numbers(&meta.editors));
        authors
            .iter()
            .chain(&editors)
            .for_each(|person| people.enlist(*person, number));
        let named = &dated.facts.outline.tickers;
        named
            .iter()
            .for_each(|(name, code)| tickers.named_first(code, name));
        let codes = meta
            .tickers
            .iter()
            .chain(named.iter().map(|(_, code)| code));
        let codes: Vec<String> = codes.cloned().collect();
        let own_tickers = tickers.numbers(&codes);
        own_tickers
            .iter()
            .for_each(|ticker| tickers.enlist(*ticker, number));
        match meta.kind {
            Kind::Flash => site.flashes.push(number),
            _ => site.all.push(number),
        }
        site.articles.push(Article {
            tickers: own_tickers,
            related: Vec::new(),
            url: folder_url(&site.config, &dated.facts, dated.date),
            date: dated.date,
            inferred: dated.inferred,
            updated: dated.updated,
            channel,
            source,
            tags: own_tags,
            authors,
            editors,
            previous: None,
            next: None,
            hrefs: Vec::new(),
            image: None,
            left_out: Vec::new(),
            facts: dated.facts,
        });
    }
    site.topics = topics::with_tags(known.topics.clone(), &tags, &mut site.diagnostics);
    site.channels = channels.named;
    let names = [&tags, &sources];
    site.blocks = blocks(
        &site.config,
        &site.channels,
        &site.topics,
        names,
        &mut site.diagnostics,
    );
    site.tickers = tickers.finish();
    for ticker in &mut site.tickers {
        ticker.tag = ticker.record.tag.as_deref().and_then(|tag| tags.find(tag));
    }
    site.tags = tags.finish();
    site.sources = sources.finish();
    site.people = people.finish();
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
        let folders: BTreeSet<&str> = articles
            .iter()
            .filter_map(|dated| dated.facts.folder.as_deref())
            .collect();
        for folder in folders {
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
            members: Vec::new(),
            tag: None,
            record,
        });
        self.ids.insert(id.to_string(), number);
        number
    }

    /// The channel of an article: the one it names, else its folder's.
    fn number(&mut self, facts: &Facts, out: &mut Vec<Diagnostic>) -> u32 {
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
        out.push(match near.or(named.map(|(id, _)| id.as_str())) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("add `- id: {id}` to `channels` in masthead.yaml")),
        });
        self.add(id, id, Record::default())
    }
}

/// What each block of the home page is of; a name that nothing has is a warning.
fn blocks(
    config: &Config,
    channels: &[Named],
    topics: &[topics::Topic],
    names: [&Names; 2],
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
            BlockOf::Tag(name) => ("tag", name, tags.find(name).map(List::Tag)),
            BlockOf::Source(name) => ("source", name, sources.find(name).map(List::Source)),
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

fn neighbours(site: &mut Site) {
    for channel in &site.channels {
        for pair in channel.members.windows(2) {
            site.articles[pair[0] as usize].next = Some(pair[1]);
            site.articles[pair[1] as usize].previous = Some(pair[0]);
        }
    }
}

/// Articles are in the order of their dates, so a month is a range of them.
fn months(site: &mut Site) {
    for n in 0..site.articles.len() as u32 {
        let Some(month) = site.month(&site.articles[n as usize]) else {
            continue;
        };
        match site.months.last_mut() {
            Some((last, articles)) if *last == month => articles.end = n + 1,
            _ => site.months.push((month, n..n + 1)),
        }
    }
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
        for alias in &facts.meta.aliases {
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

/// Resolves all links, in parallel; each article's are its own.
fn resolve(site: &mut Site, links: Links, hot: &[String], now: Moment) {
    let of_article = |article: &Article| {
        let mut out = Vec::new();
        let hrefs = links::hrefs(site, &links, &article.facts, &article.url, &mut out);
        let image = links::image(site, &links, &article.facts, &article.url, &mut out);
        (hrefs, image, out)
    };
    let of_articles: Vec<_> = site.articles.par_iter().map(of_article).collect();
    let of_page = |page: &Page| {
        let mut out = Vec::new();
        (
            links::hrefs(site, &links, &page.facts, &page.url, &mut out),
            out,
        )
    };
    let of_pages: Vec<_> = site.pages.iter().map(of_page).collect();
    let of_menus = links::check_menus(site, &links);
    let named: Vec<_> = site
        .articles
        .par_iter()
        .map(|article| links::named_related(site, &links, &article.facts))
        .collect();
    let (hot, of_hot) = links::hot(site, hot);
    drop(links);
    for (article, (hrefs, image, out)) in site.articles.iter_mut().zip(of_articles) {
        (article.hrefs, article.image) = (hrefs, image);
        site.diagnostics.extend(out);
    }
    for (page, (hrefs, out)) in site.pages.iter_mut().zip(of_pages) {
        page.hrefs = hrefs;
        site.diagnostics.extend(out);
    }
    site.diagnostics.extend(of_menus);
    site.diagnostics.extend(of_hot);
    site.hot = hot;
    let found = related::related(site);
    for (n, ((own, out), found)) in named.into_iter().zip(found).enumerate() {
        let mut all = own;
        all.extend(found);
        all.retain(|other| *other != n as u32);
        let mut seen = HashSet::new();
        all.retain(|other| seen.insert(*other));
        all.truncate(related::SHOWN);
        site.articles[n].related = all;
        site.diagnostics.extend(out);
    }
    pin(site, now);
}

/// Articles whose `pin_until` is still to come stand on top of the home page.
fn pin(site: &mut Site, now: Moment) {
    let pinned = |article: &Article| {
        let until = article
            .facts
            .meta
            .pin_until
            .and_then(|stamp| stamp.moment(&site.config.zone));
        until.is_some_and(|until| until > now)
    };
    let all = site.all.iter().rev().copied();
    site.pinned = all
        .filter(|n| pinned(&site.articles[*n as usize]))
        .collect();
}

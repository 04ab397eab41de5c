//! Routes: every page and file that a portal has, and the one table that maps them to URLs.
//!
//! route ↔ URL ↔ output path is a bijection: `/x/` lies in `x/index.html`, `/x.xml` in `x.xml`.

use super::assemble::NEWS_FOR;
use super::calendar::Span;
use super::search::Find;
use super::{Format, Site};
use crate::base::date::{push_padded, push_year};
use crate::base::slug::{percent_encoded, push_encoded};
use crate::config::omit::Pages;
use jiff::civil::Date;
use std::borrow::Cow;
use std::ops::Range;

/// A list of articles that has pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum List {
    /// All articles.
    Home,
    /// The articles of a channel, by its number in [`Site::channels`].
    Channel(u32),
    /// The articles of a tag, by its number in [`Site::tags`].
    Tag(u32),
    /// The articles of a source, by its number in [`Site::sources`].
    Source(u32),
    /// The articles that a person wrote or edited, by his or her number in [`Site::people`].
    Person(u32),
    /// The articles of a topic, by its number in [`Site::topics`].
    Topic(u32),
    /// The articles that name a security, by its number in [`Site::tickers`].
    Ticker(u32),
    /// The flashes.
    Live,
}

/// Addresses of a part of the sitemap of lists and pages; the protocol takes 50,000.
pub const HUBS_OF_A_PART: usize = 40_000;

/// Entries of a file of the news sitemap; the protocol takes no more.
pub const NEWS_OF_A_PART: usize = 1_000;

/// Articles of a plain-text sitemap: the least that any engine takes.
pub const LINES_OF_A_PART: u32 = 10_000;

/// Below this many articles a tag's page is no use to a search engine.
pub const THIN: usize = 2;

/// A page that lists names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Index {
    Tags,
    Sources,
    People,
    Topics,
    Tickers,
}

/// A page or file of the portal. The order is that of publishing: what others link to comes
/// before what links to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Route {
    /// A static file of theme or site, by its number in [`Site::statics`].
    Static(u32),
    /// The channels' colours, as a style sheet.
    Accents,
    /// A file beside an article, by its number in [`Site::attachments`].
    File(u32),
    /// The Markdown of an article, by its number in [`Site::articles`].
    Twin(u32),
    /// A picture in another width, by its number in [`Site::pictures`].
    Picture(u32, u32),
    /// The picture of an article's title, by its number in [`Site::articles`].
    SocialCard(u32),
    /// An article, by its number in [`Site::articles`].
    Article(u32),
    /// A plain page, by its number in [`Site::pages`].
    Page(u32),
    /// An old URL of an article.
    Redirect(u32),
    /// A full page of a list, numbered from the oldest, from 1.
    Leaf(List, u32),
    /// The newest page of a list.
    Hub(List),
    /// A URL that a list has under another name.
    Former(u32),
    /// A day's articles.
    Day(Date),
    /// A month's days, by its first day.
    Month(Date),
    /// A year's months, by its first day.
    Year(Date),
    /// All years.
    Archive,
    /// A page of names.
    Index(Index),
    /// The page for what isn't there.
    NotFound,
    /// A part of the search: its page, or a file of its index.
    Search(Find),
    /// A feed of a list.
    Feed(List, Format),
    /// The sitemap of the articles of a month.
    SitemapMonth(i16, i8),
    /// A part of the sitemap of lists and pages, from 0.
    SitemapHubs(u32),
    /// A part of the sitemap of the news of two days, from 0.
    SitemapNews(u32),
    /// A part of the articles' addresses as plain text, from the oldest, from 0.
    SitemapText(u32),
    /// The sitemap index.
    Sitemap,
    /// robots.txt
    Robots,
    /// llms.txt
    Llms,
    /// The web application manifest.
    Manifest,
    /// How browsers ask the search.
    OpenSearch,
    /// What a host is to say with every file.
    Headers,
    /// Which pages a browser may fetch before a reader asks for them.
    Speculation,
    /// Where a host is to send who asks for an old URL.
    Redirects,
}

/// Groups of routes that are published one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Stage {
    Assets,
    Articles,
    Leaves,
    Hubs,
    Feeds,
}

impl Route {
    /// When it is published.
    pub fn stage(self) -> Stage {
        match self {
            Route::Static(_)
            | Route::Accents
            | Route::File(_)
            | Route::Picture(..)
            | Route::SocialCard(_)
            | Route::Twin(_) => Stage::Assets,
            Route::Article(_)
            | Route::Page(_)
            | Route::Redirect(_)
            | Route::Search(Find::Text(_)) => Stage::Articles,
            Route::Leaf(..) | Route::Day(_) => Stage::Leaves,
            Route::Hub(_)
            | Route::Former(_)
            | Route::Month(_)
            | Route::Year(_)
            | Route::Archive
            | Route::Index(_)
            | Route::NotFound
            | Route::Search(Find::Page) => Stage::Hubs,
            Route::Feed(..)
            | Route::Search(_)
            | Route::SitemapMonth(..)
            | Route::SitemapHubs(_)
            | Route::SitemapNews(_)
            | Route::SitemapText(_)
            | Route::Sitemap
            | Route::Robots
            | Route::Llms
            | Route::Manifest
            | Route::OpenSearch
            | Route::Headers
            | Route::Speculation
            | Route::Redirects => Stage::Feeds,
        }
    }

    /// Whether each edition has its own. Files stand once for all, and so do the postings of the
    /// search.
    pub fn is_in_each_edition(self) -> bool {
        let once = matches!(
            self,
            Route::Static(_)
                | Route::Accents
                | Route::File(_)
                | Route::Picture(..)
                | Route::Twin(_)
                | Route::Robots
                | Route::Search(Find::Pairs)
                | Route::Headers
                | Route::Speculation
                | Route::Redirects
        );
        !once && self.segment().is_none()
    }

    /// The article whose text it shows.
    pub fn article(self) -> Option<u32> {
        match self {
            Route::Article(n) | Route::Search(Find::Text(n)) => Some(n),
            _ => None,
        }
    }

    /// The segment of the search's index that it is a file of. A segment's files are made together.
    pub fn segment(self) -> Option<u32> {
        match self {
            Route::Search(
                Find::Pack(segment, _) | Find::Table(segment, _) | Find::Root(segment),
            ) => Some(segment),
            _ => None,
        }
    }

    /// Whether it is a page of HTML.
    pub fn is_page(self) -> bool {
        match self {
            Route::Search(find) => find == Find::Page,
            _ => !matches!(self.stage(), Stage::Assets | Stage::Feeds),
        }
    }
}

/// The URL of a folder.
fn folder(above: &str, name: &str) -> String {
    [above, name, "/"].concat()
}

/// The output path of a URL.
pub fn path_of(url: &str) -> String {
    let inside = url.strip_prefix('/').unwrap_or(url);
    if inside.is_empty() || inside.ends_with('/') {
        [inside, "index.html"].concat()
    } else {
        inside.to_string()
    }
}

/// Where the archive has a day, month or year: so many `parts` of a date.
fn archive_url(date: Date, parts: usize) -> String {
    let mut url = String::with_capacity("/archive/2026/11/24/".len());
    url.push_str("/archive/");
    push_year(&mut url, date.year());
    for part in [date.month(), date.day()].into_iter().take(parts - 1) {
        url.push('/');
        push_padded(&mut url, part as u32, 2);
    }
    url.push('/');
    url
}

/// Where the Markdown of an article stands.
pub fn twin_of(url: &str) -> String {
    format!("{url}index.md")
}

/// The name of an article's social card, in the folder of its page.
pub(super) const CARD: &str = "social-card.png";

/// Where the social card of an article is.
fn card_of(url: &str) -> String {
    format!("{url}{CARD}")
}

/// The URL of an output path.
pub fn url_of(path: &str) -> String {
    let folder = path
        .strip_suffix("index.html")
        .filter(|f| f.is_empty() || f.ends_with('/'));
    format!("/{}", folder.unwrap_or(path))
}

impl Site {
    /// The URL path of a route below the site's root, not percent-encoded.
    pub fn url(&self, route: Route) -> String {
        self.known_url(route).into_owned()
    }

    /// The same, which articles and pages have at hand.
    pub(super) fn known_url(&self, route: Route) -> Cow<'_, str> {
        let made = match route {
            Route::Article(n) => return Cow::Borrowed(self.article_url(n)),
            Route::Page(n) => return Cow::Borrowed(self.page_url(n)),
            Route::Redirect(n) => return Cow::Borrowed(&self.redirects[n as usize].0),
            Route::Former(n) => return Cow::Borrowed(&self.formers[n as usize].0),
            Route::Static(n) => url_of(&self.statics[n as usize]),
            Route::Accents => "/accents.css".to_string(),
            Route::File(n) => url_of(self.attachment_url(n)),
            Route::Twin(n) => twin_of(self.article_url(n)),
            Route::Picture(n, width) => self.pictures.url(n, width),
            Route::SocialCard(n) => card_of(self.article_url(n)),
            Route::Leaf(list, number) => {
                let mut url = self.list_url(list);
                url.push_str("page/");
                push_padded(&mut url, number, 1);
                url.push('/');
                url
            }
            Route::Hub(list) => self.list_url(list),
            Route::Index(Index::Tags) => "/tags/".to_string(),
            Route::Index(Index::Sources) => "/sources/".to_string(),
            Route::Index(Index::People) => "/people/".to_string(),
            Route::Index(Index::Topics) => "/topics/".to_string(),
            Route::Index(Index::Tickers) => "/tickers/".to_string(),
            Route::NotFound => "/404.html".to_string(),
            Route::Search(find) => self.search_url(find),
            Route::Feed(list, format) => self.list_url(list) + format.file(),
            Route::Day(date) => archive_url(date, 3),
            Route::Month(date) => archive_url(date, 2),
            Route::Year(date) => archive_url(date, 1),
            Route::Archive => "/archive/".to_string(),
            Route::SitemapMonth(year, month) => format!("/sitemap-{year:04}-{month:02}.xml"),
            Route::SitemapHubs(0) => "/sitemap-hubs.xml".to_string(),
            Route::SitemapHubs(part) => format!("/sitemap-hubs-{}.xml", part + 1),
            Route::SitemapNews(0) => "/news-sitemap.xml".to_string(),
            Route::SitemapNews(part) => format!("/news-sitemap-{}.xml", part + 1),
            Route::SitemapText(part) => format!("/sitemap-cn-{}.txt", part + 1),
            Route::Sitemap => "/sitemap.xml".to_string(),
            Route::Robots => "/robots.txt".to_string(),
            Route::Llms => "/llms.txt".to_string(),
            Route::Manifest => "/manifest.webmanifest".to_string(),
            Route::OpenSearch => "/opensearch.xml".to_string(),
            Route::Headers => "/_headers".to_string(),
            Route::Speculation => "/speculation-rules.json".to_string(),
            Route::Redirects => "/_redirects".to_string(),
        };
        Cow::Owned(made)
    }

    fn list_url(&self, list: List) -> String {
        match list {
            List::Home => "/".to_string(),
            List::Channel(n) => folder("/", &self.channels[n as usize].slug),
            List::Tag(n) => folder("/tags/", &self.tags[n as usize].slug),
            List::Source(n) => folder("/sources/", &self.sources[n as usize].slug),
            List::Person(n) => folder("/people/", &self.people[n as usize].slug),
            List::Topic(n) => folder("/topics/", &self.topics[n as usize].named.slug),
            List::Ticker(n) => folder("/tickers/", &self.tickers[n as usize].slug),
            List::Live => "/live/".to_string(),
        }
    }

    /// Whether the portal has pages of a route's sort: `omit` says which it does without. Nothing
    /// else decides that.
    pub fn has(&self, route: Route) -> bool {
        let pages = match route {
            Route::Day(_) => Pages::Days,
            Route::Month(_) | Route::Year(_) | Route::Archive => Pages::Archive,
            Route::Index(Index::Sources)
            | Route::Hub(List::Source(_))
            | Route::Leaf(List::Source(_), _)
            | Route::Feed(List::Source(_), _) => Pages::Sources,
            Route::Index(Index::People)
            | Route::Hub(List::Person(_))
            | Route::Leaf(List::Person(_), _)
            | Route::Feed(List::Person(_), _) => Pages::People,
            _ => return true,
        };
        !self.config.omits(pages)
    }

    /// What a link to a route says: with the base path, percent-encoded. Nothing where the portal
    /// does without the page.
    pub fn href(&self, route: Route) -> String {
        match self.has(route) {
            true => self.href_of(&self.known_url(route)),
            false => String::new(),
        }
    }

    /// What a link to a URL path says.
    pub fn href_of(&self, url: &str) -> String {
        self.href_below("", url)
    }

    /// The same of a URL path below a prefix.
    pub(super) fn href_below(&self, prefix: &str, url: &str) -> String {
        let base = self.config.base_path();
        let mut href = String::with_capacity(base.len() + prefix.len() + url.len());
        href.push_str(base);
        if !prefix.is_empty() {
            push_encoded(&mut href, prefix);
        }
        push_encoded(&mut href, url);
        href
    }

    /// The absolute address of a route.
    pub fn address(&self, route: Route) -> String {
        format!(
            "{}{}",
            self.config.base_url,
            percent_encoded(&self.known_url(route))
        )
    }

    /// The output path of a route.
    pub fn path(&self, route: Route) -> String {
        path_of(&self.known_url(route))
    }

    /// Whether a route has its URL to itself.
    pub fn owns(&self, route: Route) -> bool {
        !self.clashed.contains(&route)
    }

    /// The route of a URL path (not percent-encoded), if the portal has it.
    pub fn route(&self, url: &str) -> Option<Route> {
        if let Some(find) = self.search_part(url) {
            return Some(Route::Search(find));
        }
        if let Some(n) = self.card_at(url) {
            return Some(Route::SocialCard(n));
        }
        let route = *self.table.get(&super::table_key(url))?;
        (self.known_url(route) == url).then_some(route)
    }

    /// The article whose social card is at a URL. The table has no entry for it.
    fn card_at(&self, url: &str) -> Option<u32> {
        let folder = url.strip_suffix(CARD).filter(|_| self.font.is_some())?;
        match self.table.get(&super::table_key(folder)) {
            Some(Route::Article(n)) if self.article_url(*n) == folder => {
                Some(*n).filter(|n| self.has_card(*n))
            }
            _ => None,
        }
    }

    /// Whether a picture is made of an article's title: it names no picture itself, and no file of
    /// the site has the card's place.
    pub fn has_card(&self, n: u32) -> bool {
        let facts = &self.articles[n as usize].facts;
        self.font.is_some()
            && facts.meta.image.is_none()
            && !facts.title.is_empty()
            && self.owns(Route::Article(n))
            && !self.places.holds(&self.path(Route::SocialCard(n)))
    }

    /// All routes, in the order of publishing.
    pub fn routes(&self) -> Vec<Route> {
        let mut routes = Vec::with_capacity(self.articles.len() * 2 + 64);
        routes.extend((0..self.statics.len() as u32).map(Route::Static));
        routes.push(Route::Accents);
        routes.extend((0..self.attachments.len() as u32).map(Route::File));
        if self.config.llms {
            routes.extend((0..self.articles.len() as u32).map(Route::Twin));
        }
        routes.extend(self.pictures.routes());
        if self.font.is_some() {
            let all = 0..self.articles.len() as u32;
            let carded = all.filter(|n| self.has_card(*n));
            routes.extend(carded.map(Route::SocialCard));
        }
        routes.extend((0..self.articles.len() as u32).map(Route::Article));
        routes.extend((0..self.pages.len() as u32).map(Route::Page));
        routes.extend((0..self.redirects.len() as u32).map(Route::Redirect));
        routes.extend(self.search_texts().map(Route::Search));
        let lists = self.lists();
        routes.extend(self.leaves(&lists));
        routes.extend(self.day_routes());
        routes.extend(lists.iter().map(|list| Route::Hub(*list)));
        routes.extend((0..self.formers.len() as u32).map(Route::Former));
        routes.extend(self.archive());
        routes.extend(self.indexes().into_iter().map(Route::Index));
        routes.push(Route::NotFound);
        routes.extend(self.search_page().map(Route::Search));
        let feeds = |list: &List| {
            let list = *list;
            let formats = self.feeds_of(list);
            formats.map(move |format| Route::Feed(list, format))
        };
        routes.extend(lists.iter().flat_map(feeds));
        routes.extend(self.sitemaps());
        routes.extend(self.text_sitemaps());
        routes.extend([Route::Sitemap, Route::Robots, Route::Llms, Route::Manifest]);
        routes.extend(self.search_page().map(|_| Route::OpenSearch));
        if self.config.hosting.is_some() {
            routes.extend([Route::Headers, Route::Speculation, Route::Redirects]);
        }
        routes.extend(self.search_index().map(Route::Search));
        routes.retain(|route| self.owns(*route));
        routes
    }

    /// All leaves, by their newest articles: those that show the same cards are made one after the
    /// other.
    fn leaves(&self, lists: &[List]) -> Vec<Route> {
        let mut leaves = Vec::new();
        for list in lists {
            let (members, cut) = (self.members(*list), self.cut(*list));
            leaves.extend((1..=cut.leaves()).map(|number| {
                let newest = members[cut.leaf(number).end as usize - 1];
                (newest, Route::Leaf(*list, number))
            }));
        }
        leaves.sort_unstable();
        leaves.into_iter().map(|(_, route)| route).collect()
    }

    pub(super) fn day_routes(&self) -> impl Iterator<Item = Route> {
        let days = self.days.iter().map(|(date, _)| Route::Day(*date));
        days.filter(|route| self.has(*route))
    }

    /// Months, years, and the page of all years.
    pub(super) fn archive(&self) -> Vec<Route> {
        let mut routes = Vec::with_capacity(self.months.len() * 2);
        for span in [Span::Month, Span::Year] {
            let mut starts: Vec<Date> = self
                .days
                .iter()
                .map(|(date, _)| span.start(*date))
                .collect();
            starts.dedup();
            let route = if span == Span::Month {
                Route::Month
            } else {
                Route::Year
            };
            routes.extend(starts.into_iter().map(route));
        }
        routes.push(Route::Archive);
        routes.retain(|route| self.has(*route));
        routes
    }

    /// The sitemaps that the index names: one for each month that search engines may see
    /// something of, parts for lists and pages, and the news.
    pub fn sitemaps(&self) -> Vec<Route> {
        let seen = |articles: &Range<u32>| {
            articles
                .clone()
                .any(|n| !self.articles[n as usize].is_hidden(self.config.reprints))
        };
        let months = self.months.iter().filter(|(_, articles)| seen(articles));
        let mut routes: Vec<Route> = months
            .map(|((year, month), _)| Route::SitemapMonth(*year, *month))
            .collect();
        let parts = self.hub_routes().len().div_ceil(HUBS_OF_A_PART) as u32;
        routes.extend((0..parts).map(Route::SitemapHubs));
        // An empty one is allowed, and keeps its address for the next news.
        let parts = self.news().len().div_ceil(NEWS_OF_A_PART).max(1) as u32;
        routes.extend((0..parts).map(Route::SitemapNews));
        routes
    }

    /// The articles of the last two days that have a title, oldest first.
    pub fn news(&self) -> Vec<u32> {
        let since = self.seen.0.saturating_sub(NEWS_FOR);
        let old = |article: &super::Article| article.date.is_none_or(|date| date <= since);
        let first = self.articles.partition_point(old);
        let news = (first..self.articles.len())
            .filter(|n| self.articles[*n].is_news(self.config.reprints));
        news.map(|n| n as u32).collect()
    }

    /// The plain-text sitemaps: those that have any article.
    pub fn text_sitemaps(&self) -> impl Iterator<Item = Route> {
        let parts = (self.articles.len() as u32).div_ceil(LINES_OF_A_PART);
        let seen = |part: &u32| self.text_sitemap(*part).next().is_some();
        (0..parts).filter(seen).map(Route::SitemapText)
    }

    /// The articles of a plain-text sitemap. One that is hidden leaves the others where they are.
    pub fn text_sitemap(&self, part: u32) -> impl Iterator<Item = u32> {
        let end = (self.articles.len() as u32).min((part + 1) * LINES_OF_A_PART);
        let all = part * LINES_OF_A_PART..end;
        all.filter(|n| !self.articles[*n as usize].is_hidden(self.config.reprints))
    }

    /// Lists, pages and what has no month, as sitemaps name them. A tag with a single article is
    /// no use to a search engine.
    pub fn hub_routes(&self) -> Vec<Route> {
        let thin = |list: &List| matches!(list, List::Tag(_)) && self.members(*list).len() < THIN;
        let mut routes: Vec<Route> = self
            .lists()
            .into_iter()
            .filter(|list| !thin(list))
            .map(Route::Hub)
            .collect();
        if !self.is_docs_alone() {
            routes.extend(self.indexes().into_iter().map(Route::Index));
            routes.extend(Some(Route::Archive).filter(|route| self.has(*route)));
        }
        let pages = self.pages.iter().enumerate();
        let pages = pages.filter(|(_, page)| page.is_listed());
        routes.extend(pages.map(|(n, _)| Route::Page(n as u32)));
        let undated = self
            .undated()
            .filter(|n| !self.articles[*n as usize].is_hidden(self.config.reprints));
        routes.extend(undated.map(Route::Article));
        routes.retain(|route| self.owns(*route));
        routes
    }

    /// The pages of names that this site has: topics and securities only where there are any, and
    /// none that it does without.
    pub fn indexes(&self) -> Vec<Index> {
        let mut indexes = vec![Index::Tags, Index::Sources, Index::People];
        indexes.extend((!self.topics.is_empty()).then_some(Index::Topics));
        let named = |ticker: &super::Named| !ticker.members.is_empty();
        indexes.extend(self.tickers.iter().any(named).then_some(Index::Tickers));
        indexes.retain(|index| self.has(Route::Index(*index)));
        indexes
    }

    /// All lists that have pages.
    pub fn lists(&self) -> Vec<List> {
        let named = |names: &[super::Named], list: fn(u32) -> List| -> Vec<List> {
            let alive = names.iter().enumerate();
            let alive = alive.filter(|(_, named)| !named.members.is_empty());
            alive.map(|(n, _)| list(n as u32)).collect()
        };
        let mut lists = vec![List::Home];
        lists.extend((0..self.channels.len() as u32).map(List::Channel));
        lists.extend(named(&self.tags, List::Tag));
        lists.extend(named(&self.sources, List::Source));
        lists.extend(named(&self.people, List::Person));
        lists.extend((0..self.topics.len() as u32).map(List::Topic));
        lists.extend(named(&self.tickers, List::Ticker));
        lists.extend((!self.flashes.is_empty()).then_some(List::Live));
        lists.retain(|list| self.has(Route::Hub(*list)));
        lists
    }
}

impl Site {
    /// The formats that a list has feeds in.
    pub fn feeds_of(&self, list: List) -> impl Iterator<Item = Format> + use<> {
        let has = self.has_feed(list);
        let formats = self.config.feeds.formats.clone().into_iter();
        formats.filter(move |_| has)
    }
}

/// Whether a list of its sort has a feed.
pub(super) fn has_feed(list: List) -> bool {
    !matches!(list, List::Person(_) | List::Ticker(_))
}

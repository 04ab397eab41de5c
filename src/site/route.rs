//! Routes: every page and file that a portal has, and the one table that maps them to URLs.
//!
//! route ↔ URL ↔ output path is a bijection: `/x/` lies in `x/index.html`, `/x.xml` in `x.xml`.

use super::Site;
use crate::base::slug::percent_encoded;

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
}

/// A page that lists names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Index {
    Tags,
    Sources,
    People,
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
    /// A page of names.
    Index(Index),
    /// The page for what isn't there.
    NotFound,
    /// The RSS feed of a list.
    Feed(List),
    /// The sitemap of the articles of a month.
    SitemapMonth(i16, i8),
    /// The sitemap of lists and pages.
    SitemapHubs,
    /// The sitemap index.
    Sitemap,
    /// robots.txt
    Robots,
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
            Route::Static(_) | Route::Accents | Route::File(_) => Stage::Assets,
            Route::Article(_) | Route::Page(_) | Route::Redirect(_) => Stage::Articles,
            Route::Leaf(..) => Stage::Leaves,
            Route::Hub(_) | Route::Index(_) | Route::NotFound => Stage::Hubs,
            Route::Feed(_)
            | Route::SitemapMonth(..)
            | Route::SitemapHubs
            | Route::Sitemap
            | Route::Robots => Stage::Feeds,
        }
    }

    /// Whether it is a page of HTML.
    pub fn is_page(self) -> bool {
        !matches!(self.stage(), Stage::Assets | Stage::Feeds)
    }
}

/// The output path of a URL.
pub fn path_of(url: &str) -> String {
    let inside = url.strip_prefix('/').unwrap_or(url);
    if inside.is_empty() || inside.ends_with('/') {
        format!("{inside}index.html")
    } else {
        inside.to_string()
    }
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
        match route {
            Route::Static(n) => format!("/{}", self.statics[n as usize]),
            Route::Accents => "/accents.css".to_string(),
            Route::File(n) => format!("/{}", self.attachment_url(n)),
            Route::Article(n) => self.article_url(n),
            Route::Page(n) => self.page_url(n),
            Route::Redirect(n) => self.redirects[n as usize].0.clone(),
            Route::Leaf(list, number) => format!("{}page/{number}/", self.list_url(list)),
            Route::Hub(list) => self.list_url(list),
            Route::Index(Index::Tags) => "/tags/".to_string(),
            Route::Index(Index::Sources) => "/sources/".to_string(),
            Route::Index(Index::People) => "/people/".to_string(),
            Route::NotFound => "/404.html".to_string(),
            Route::Feed(list) => format!("{}feed.xml", self.list_url(list)),
            Route::SitemapMonth(year, month) => format!("/sitemap-{year:04}-{month:02}.xml"),
            Route::SitemapHubs => "/sitemap-hubs.xml".to_string(),
            Route::Sitemap => "/sitemap.xml".to_string(),
            Route::Robots => "/robots.txt".to_string(),
        }
    }

    fn list_url(&self, list: List) -> String {
        match list {
            List::Home => "/".to_string(),
            List::Channel(n) => format!("/{}/", self.channels[n as usize].slug),
            List::Tag(n) => format!("/tags/{}/", self.tags[n as usize].slug),
            List::Source(n) => format!("/sources/{}/", self.sources[n as usize].slug),
            List::Person(n) => format!("/people/{}/", self.people[n as usize].slug),
        }
    }

    /// What a link to a route says: with the base path, percent-encoded.
    pub fn href(&self, route: Route) -> String {
        self.href_of(&self.url(route))
    }

    /// What a link to a URL path says.
    pub fn href_of(&self, url: &str) -> String {
        format!("{}{}", self.config.base_path(), percent_encoded(url))
    }

    /// The absolute address of a route.
    pub fn address(&self, route: Route) -> String {
        format!(
            "{}{}",
            self.config.base_url,
            percent_encoded(&self.url(route))
        )
    }

    /// The output path of a route.
    pub fn path(&self, route: Route) -> String {
        path_of(&self.url(route))
    }

    /// Whether a route has its URL to itself.
    pub fn owns(&self, route: Route) -> bool {
        !self.clashed.contains(&route)
    }

    /// The route of a URL path (not percent-encoded), if the portal has it.
    pub fn route(&self, url: &str) -> Option<Route> {
        let route = *self.table.get(&super::table_key(url))?;
        (self.url(route) == url).then_some(route)
    }

    /// All routes, in the order of publishing.
    pub fn routes(&self) -> Vec<Route> {
        let mut routes = Vec::with_capacity(self.articles.len() * 2 + 64);
        routes.extend((0..self.statics.len() as u32).map(Route::Static));
        routes.push(Route::Accents);
        routes.extend((0..self.attachments.len() as u32).map(Route::File));
        routes.extend((0..self.articles.len() as u32).map(Route::Article));
        routes.extend((0..self.pages.len() as u32).map(Route::Page));
        routes.extend((0..self.redirects.len() as u32).map(Route::Redirect));
        let lists = self.lists();
        for list in &lists {
            let leaves = self.leaf_count(*list);
            routes.extend((1..=leaves).map(|number| Route::Leaf(*list, number)));
        }
        routes.extend(lists.iter().map(|list| Route::Hub(*list)));
        routes.extend([Index::Tags, Index::Sources, Index::People].map(Route::Index));
        routes.push(Route::NotFound);
        routes.extend(
            lists
                .iter()
                .filter(|list| has_feed(**list))
                .map(|list| Route::Feed(*list)),
        );
        let months = self
            .months
            .iter()
            .map(|((year, month), _)| Route::SitemapMonth(*year, *month));
        routes.extend(months);
        routes.extend([Route::SitemapHubs, Route::Sitemap, Route::Robots]);
        routes.retain(|route| self.owns(*route));
        routes
    }

    /// All lists.
    pub fn lists(&self) -> Vec<List> {
        let mut lists = vec![List::Home];
        lists.extend((0..self.channels.len() as u32).map(List::Channel));
        lists.extend((0..self.tags.len() as u32).map(List::Tag));
        lists.extend((0..self.sources.len() as u32).map(List::Source));
        lists.extend((0..self.people.len() as u32).map(List::Person));
        lists
    }
}

/// Whether a list has a feed.
pub fn has_feed(list: List) -> bool {
    matches!(list, List::Home | List::Channel(_) | List::Tag(_))
}

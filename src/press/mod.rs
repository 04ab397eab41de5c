//! Layer 4: from a route to its view, and from a view to bytes.
//!
//! [`Press::sheet`] gives a route's view, its template and the fingerprint of both;
//! [`Press::render`] makes the bytes, from the view, the theme and at most one body, read now and
//! dropped after. Neither writes anything.

mod absolute;
mod archive;
mod article;
mod body;
pub mod cards;
pub mod contract;
mod docs;
mod feed;
mod group;
mod home;
mod index;
mod list;
mod machines;
pub mod pictures;
pub mod search;
mod sitemap;
mod topic;
pub mod view;

pub use body::{Shown, bodies};

use crate::base::date::{Moment, civil};
use crate::base::diagnostic::{Code, Diagnostic, nearest};
use crate::base::fingerprint::{Anything, Fingerprint, Fold, of};
use crate::base::text::drop_forbidden;
use crate::config::machines::Hosting;
use crate::config::{Contact, LegalLine, Promo, Search};
use crate::facts::Facts;
use crate::facts::galley::Galleys;
use crate::site::card::Shelf;
use crate::site::pictures::Picture;
use crate::site::search::Find;
use crate::site::{Format, InEdition, Index, List, Route, Site};
use crate::source::Source;
use crate::theme::{Globals, Theme};
use foldhash::HashMap;
use pictures::Darkroom;
use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock, PoisonError, RwLock};
use view::{
    Accent, AccentsView, Beijing, ChannelLink, EditionLink, Head, HeadersView, Moved, Places,
    PublisherView, RedirectView, RedirectsView, RobotsView, SiteView, SpeculationView, View,
};

/// The theme's own words in the site's language.
type Words = serde_json::Value;

/// One of the theme's words; its key where the theme lacks it.
fn word(words: &Words, key: &str) -> String {
    words
        .get(key)
        .and_then(Words::as_str)
        .unwrap_or(key)
        .to_string()
}

/// A site in one of its editions and its theme, ready to print pages.
pub struct Press<'a> {
    /// The site in its edition.
    pub site: InEdition<'a>,
    /// The theme.
    pub theme: &'a Theme,
    words: Arc<Words>,
    salt: Fingerprint,
    engine: Fingerprint,
    desk: Arc<search::Desk>,
    darkroom: Option<Darkroom<'a>>,
    /// Bodies that were set while their facts were read.
    pub galleys: &'a Galleys,
    contents: feed::Contents,
    salts: Salts,
}

/// What the fingerprints of pages begin with, by template: found once for all its pages.
#[derive(Default)]
struct Salts {
    of_templates: RwLock<HashMap<String, Fingerprint>>,
    /// Of articles that name no template of their own, by channel.
    of_channels: Box<[OnceLock<Fingerprint>]>,
}

/// What all pages have in common; it stays the same while articles come and go.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Common {
    editions: Vec<OfEdition>,
}

/// What all pages of an edition have in common.
#[derive(Debug, Clone, PartialEq)]
struct OfEdition {
    words: Arc<Words>,
    /// The hash of what every page depends on: engine, theme, `site`, `data`.
    salt: Fingerprint,
    /// The hash of the program, and of how the edition turns texts.
    engine: Fingerprint,
    desk: Arc<search::Desk>,
}

/// How many cards are kept while pages are made, at least; one takes some 2.7 kB. Pages that show
/// the same cards are made close together.
const SHELF: usize = 2048;
/// In a large portal one of so many is kept: the last articles of a rare tag, and what is kin, are
/// as far apart as the portal is large.
const SHELVED: usize = 16;

/// Sets up a theme's globals for a site, and gives what all pages have in common.
pub fn common(site: &mut Site, theme: &mut Theme, engine: &str) -> Common {
    let numbers = 0..site.editions.len();
    let editions = numbers.map(|number| of_edition(site, number, theme, engine));
    Common {
        editions: editions.collect(),
    }
}

fn of_edition(site: &mut Site, number: usize, theme: &mut Theme, engine: &str) -> OfEdition {
    let shown = site.edition(number);
    let own = site_view(shown);
    let words = theme.words(shown.language());
    let data = shown.own_data(&site.data);
    let mut globals = Globals::new(number);
    globals.set("site", &own);
    globals.set("ui", &words);
    globals.set("data", &data);
    theme.set_globals(globals);
    let mut fold = Fold::new();
    fold.add(engine.as_bytes())
        .add_print(shown.edition.print)
        .add_print(of(&own))
        .add(format!("{:?}", site.config).as_bytes())
        .add(data.to_string().as_bytes());
    let room = match site.is_settled() {
        true => SHELF.max(site.articles.len() / SHELVED),
        false => 0,
    };
    let shelf = Shelf::new(theme.finish_cards(number, &own, &words), room);
    site.editions[number].shelf = Some(shelf);
    OfEdition {
        words: Arc::new(words),
        salt: fold.finish(),
        engine: of(&(engine, site.editions[number].print)),
        desk: Arc::default(),
    }
}

/// Whether any page of an article may show related ones.
pub fn shows_related(site: &Site, theme: &Theme) -> bool {
    let own = site.articles.iter();
    let own = own.filter_map(|one| one.facts.meta.more.template.as_deref());
    let channels = site.channels.iter();
    let named = own.chain(channels.filter_map(|one| one.record.template.as_deref()));
    let variants: BTreeSet<&str> = named.collect();
    let paths = variants.iter().map(|name| format!("article/{name}.html"));
    paths
        .chain(["article.html".to_string()])
        .any(|path| theme.has(&path) && theme.asks_for(&path, "related"))
}

/// A press for each edition of a site whose theme is set up.
pub fn all<'a>(site: &'a Site, theme: &'a Theme, common: &Common) -> Vec<Press<'a>> {
    let numbers = 0..site.editions.len();
    numbers
        .map(|number| Press::with(site.edition(number), theme, common))
        .collect()
}

/// What one route shows.
pub struct Sheet<'a> {
    /// The view.
    pub view: View<'a>,
    /// The template that prints it; empty for a file that is copied.
    pub template: String,
    /// The fingerprint of both, and of what every page depends on.
    pub print: Fingerprint,
}

impl<'a> Press<'a> {
    /// The press of a site's first edition. `engine` says which program renders.
    pub fn new(site: &'a mut Site, theme: &'a mut Theme, engine: &str) -> Press<'a> {
        let common = common(site, theme, engine);
        Press::with(site.edition(0), theme, &common)
    }

    /// The press of an edition whose theme is set up already.
    pub fn with(site: InEdition<'a>, theme: &'a Theme, common: &Common) -> Press<'a> {
        let own = &common.editions[site.edition.number];
        Press {
            site,
            theme,
            words: Arc::clone(&own.words),
            salt: own.salt,
            engine: own.engine,
            desk: Arc::clone(&own.desk),
            darkroom: None,
            galleys: &Galleys::NONE,
            contents: feed::Contents::default(),
            salts: Salts {
                of_channels: site.channels.iter().map(|_| OnceLock::new()).collect(),
                ..Salts::default()
            },
        }
    }

    /// The same press, with a place to make pictures in; without one, each is decoded for every
    /// width that is asked for.
    pub fn with_darkroom(self, darkroom: Option<Darkroom<'a>>) -> Press<'a> {
        Press { darkroom, ..self }
    }

    /// The same press, with bodies that were set while their facts were read.
    pub fn with_galleys(self, galleys: &'a Galleys) -> Press<'a> {
        Press { galleys, ..self }
    }

    /// What a route shows.
    pub fn sheet(&self, route: Route) -> Sheet<'a> {
        let (view, template) = self.view(route);
        let print = match &view {
            // Files are copied: neither theme nor engine has a part in them.
            View::File(..) => of(&view),
            _ if is_folded(route) => self.print(route),
            View::Twin(_) => salted(self.salt(&template), |fold| {
                fold.add_print(of(&view));
                if let Route::Twin(n) = route {
                    machines::fold_twin(self.site, n, fold);
                }
            }),
            view => salted(self.salt(&template), |fold| {
                fold.add_print(of(view));
            }),
        };
        Sheet {
            view,
            template,
            print,
        }
    }

    /// The fingerprint of a route's sheet; for most routes without making the sheet.
    pub fn print(&self, route: Route) -> Fingerprint {
        match route {
            Route::Article(n) => salted(self.article_salt(n), |fold| {
                article::fold(self.site, n, fold);
            }),
            Route::Page(n) => salted(self.salt(&self.page_template(n)), |fold| {
                article::fold_page(self.site, n, fold);
            }),
            Route::Leaf(list, n) => salted(self.salt(&self.list_template(list)), |fold| {
                list::fold_leaf(self.site, list, n, fold);
            }),
            Route::Hub(list) if !has_own_view(list) => {
                salted(self.salt(&self.list_template(list)), |fold| {
                    list::fold_hub(self.site, list, fold);
                })
            }
            Route::Day(date) => salted(self.salt("day.html"), |fold| {
                archive::fold_day(self.site, date, fold);
            }),
            Route::Month(start) => salted(self.salt("month.html"), |fold| {
                archive::fold_month(self.site, start, fold);
            }),
            Route::Feed(list, format) => salted(self.salt(format.file()), |fold| {
                feed::fold_feed(self.site, list, format, fold);
            }),
            Route::SitemapMonth(year, month) => salted(self.salt("sitemap.xml"), |fold| {
                sitemap::fold_month(self.site, (year, month), fold);
            }),
            Route::SitemapText(part) => salted(self.salt("sitemap-cn.txt"), |fold| {
                sitemap::fold_text(self.site, part, fold);
            }),
            route => self.sheet(route).print,
        }
    }

    /// A hash that is another one where template, engine or configuration are.
    fn salt(&self, template: &str) -> Fingerprint {
        let known = &self.salts.of_templates;
        let held = known.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(salt) = held.get(template) {
            return *salt;
        }
        drop(held);
        let salt = salted(self.salt, |fold| {
            fold.add(template.as_bytes())
                .add_print(self.theme.digest_of(template));
        });
        let mut held = known.write().unwrap_or_else(PoisonError::into_inner);
        held.insert(template.to_string(), salt);
        salt
    }

    /// The same of an article's template.
    fn article_salt(&self, n: u32) -> Fingerprint {
        let article = &self.site.articles[n as usize];
        let salt = || self.salt(&self.article_template(n));
        match article.facts.meta.more.template {
            None => *self.salts.of_channels[article.channel as usize].get_or_init(salt),
            Some(_) => salt(),
        }
    }

    fn view(&self, route: Route) -> (View<'a>, String) {
        let site = self.site;
        let named = |template: &str| template.to_string();
        match route {
            Route::Article(n) => (
                View::Article(Box::new(article::article(site, &self.words, n))),
                self.article_template(n),
            ),
            Route::Page(n) => (
                View::Page(Box::new(article::page(site, &self.words, n))),
                self.page_template(n),
            ),
            Route::Hub(List::Home) => (View::Home(Box::new(home::home(site))), named("home.html")),
            Route::Hub(List::Topic(n)) => (
                View::Topic(Box::new(topic::topic(site, &self.words, n))),
                named("topic.html"),
            ),
            Route::Hub(of) => (
                View::List(Box::new(list::hub(site, &self.words, of))),
                self.list_template(of).into_owned(),
            ),
            Route::Leaf(of, n) => (
                View::List(Box::new(list::leaf(site, &self.words, of, n))),
                self.list_template(of).into_owned(),
            ),
            Route::Index(of) => (
                View::Index(index::index(site, &self.words, of)),
                format!("{}.html", index::kind(of)),
            ),
            Route::NotFound => (
                View::NotFound(index::not_found(site, &self.words)),
                named("404.html"),
            ),
            Route::Redirect(_) | Route::Former(_) => (
                View::Redirect(redirect(site, route, site.target(route))),
                named("redirect.html"),
            ),
            Route::Search(find) => (self.search_view(find), named(search_template(find))),
            Route::Feed(of, format) => {
                let feed = feed::feed(site, &self.words, of, format);
                (View::Feed(feed), named(format.file()))
            }
            Route::Archive => (
                View::Archive(archive::archive(site, &self.words)),
                named("archive.html"),
            ),
            Route::Year(start) => (
                View::Archive(archive::year(site, &self.words, start)),
                named("archive.html"),
            ),
            Route::Month(start) => (
                View::Month(archive::month(site, &self.words, start)),
                named("month.html"),
            ),
            Route::Day(date) => (
                View::Day(archive::day(site, &self.words, date)),
                named("day.html"),
            ),
            Route::SitemapMonth(year, month) => (
                View::Sitemap(sitemap::month(site, (year, month))),
                named("sitemap.xml"),
            ),
            Route::SitemapHubs(part) => (
                View::Sitemap(sitemap::hubs(site, part)),
                named("sitemap.xml"),
            ),
            Route::Sitemap => (
                View::Sitemap(sitemap::index(site)),
                named("sitemap-index.xml"),
            ),
            Route::SitemapNews(part) => (
                View::News(sitemap::news(site, part)),
                named("news-sitemap.xml"),
            ),
            Route::SitemapText(part) => (
                View::TextSitemap(sitemap::text(site, part)),
                named("sitemap-cn.txt"),
            ),
            Route::Robots => (View::Robots(robots(site.site)), named("robots.txt")),
            Route::Llms => (View::Llms(machines::llms(site)), named("llms.txt")),
            Route::Twin(n) => (View::Twin(machines::twin(site, n)), named("article.md")),
            Route::Manifest => (
                View::Manifest(machines::manifest(site)),
                named("manifest.webmanifest"),
            ),
            Route::OpenSearch => (
                View::OpenSearch(machines::opensearch(site)),
                named("opensearch.xml"),
            ),
            Route::Headers => {
                let secure = site.config.base_url.starts_with("https://");
                let has_twins = site.config.llms;
                let view = HeadersView { secure, has_twins };
                (View::Headers(view), named("_headers"))
            }
            Route::Speculation => {
                let pages = site.search_page().into_iter();
                let all = pages.flat_map(|find| {
                    let editions = site.site.in_editions();
                    editions.map(move |one| one.href(Route::Search(find)))
                });
                let searches = all.collect();
                (
                    View::Speculation(SpeculationView { searches }),
                    named("speculation-rules.json"),
                )
            }
            Route::Redirects => (View::Redirects(redirects(site.site)), named("_redirects")),
            Route::Accents => (View::Accents(accents(site)), named("accents.css")),
            Route::Static(n) => {
                let name = site.site.statics[n as usize].as_str();
                let print = match self.cleaned(route) {
                    Some(picture) => picture.print,
                    None => self.theme.static_digest(name),
                };
                (View::File(name, print.to_string()), String::new())
            }
            Route::File(n) => {
                let (path, digest) = &site.site.attachments[n as usize];
                let print = match self.cleaned(route) {
                    Some(picture) => picture.print,
                    None => *digest,
                };
                (View::File(path, print.to_string()), String::new())
            }
            Route::SocialCard(n) => {
                let path = site.site.articles[n as usize].facts.path.as_str();
                let print = cards::print(site, n).unwrap_or_default();
                (View::File(path, print.to_string()), String::new())
            }
            Route::Picture(n, width) => {
                let picture = &site.site.pictures.all[n as usize];
                let print = format!("{} {width}", picture.print);
                (View::File(&picture.path, print), String::new())
            }
        }
    }

    /// The article's own variant, else its channel's, else the kind's template.
    fn article_template(&self, n: u32) -> String {
        let article = &self.site.articles[n as usize];
        let channel = &self.site.channels[article.channel as usize].record;
        let names = [
            article.facts.meta.more.template.as_deref(),
            channel.template.as_deref(),
        ];
        self.variant("article", names)
    }

    fn page_template(&self, n: u32) -> String {
        self.variant(
            "page",
            [
                self.site.pages[n as usize]
                    .facts
                    .meta
                    .more
                    .template
                    .as_deref(),
                None,
            ],
        )
    }

    fn list_template(&self, list: List) -> Cow<'static, str> {
        match list {
            List::Channel(n) => {
                let record = &self.site.channels[n as usize].record;
                Cow::Owned(self.variant("channel", [record.template.as_deref(), None]))
            }
            List::Topic(_) => Cow::Borrowed("latest.html"),
            list => Cow::Borrowed(list::template(list)),
        }
    }

    fn variant(&self, kind: &str, names: [Option<&str>; 2]) -> String {
        let paths = names
            .into_iter()
            .flatten()
            .map(|name| format!("{kind}/{name}.html"));
        paths
            .into_iter()
            .find(|path| self.theme.has(path))
            .unwrap_or_else(|| format!("{kind}.html"))
    }

    /// Warnings of template variants and digests that don't exist.
    pub fn unknown_templates(&self) -> Vec<Diagnostic> {
        let mut out = self.site.unknown_digests();
        for article in &self.site.articles {
            self.check_template(&article.facts, "article", &mut out);
        }
        let pages = self.site.pages.iter();
        for page in pages.filter(|page| page.facts.meta.more.retracted.is_none()) {
            self.check_template(&page.facts, "page", &mut out);
        }
        for channel in &self.site.channels {
            let Some(name) = &channel.record.template else {
                continue;
            };
            let found = ["article", "channel"]
                .iter()
                .any(|kind| self.theme.has(&format!("{kind}/{name}.html")));
            if !found {
                let file = crate::source::CONFIG;
                out.push(
                    self.unknown_template(name, "channel")
                        .at_key(file, "channels"),
                );
            }
        }
        out
    }

    /// Warnings of variables that the site's templates ask for and no page has.
    pub fn unknown_variables(&self) -> Vec<Diagnostic> {
        self.theme.unknown_variables(contract::contract).to_vec()
    }

    fn check_template(&self, facts: &Facts, kind: &str, out: &mut Vec<Diagnostic>) {
        if let Some(name) = &facts.meta.more.template
            && !self.theme.has(&format!("{kind}/{name}.html"))
        {
            out.push(
                self.unknown_template(name, kind)
                    .at_key(&facts.path, "template"),
            );
        }
    }

    fn unknown_template(&self, name: &str, kind: &str) -> Diagnostic {
        let variants = self.theme.variants(kind);
        let message = format!("there is no template `{kind}/{name}.html`; `{kind}.html` is used");
        let diagnostic = Diagnostic::new(Code::UnknownTemplate, message);
        match nearest(name, variants.iter().map(String::as_str)) {
            Some(near) => diagnostic.help(format!("did you mean `{near}`?")),
            None => diagnostic.help(format!("add templates/{kind}/{name}.html")),
        }
    }

    /// The bytes of a route.
    ///
    /// # Errors
    /// A template's error, named with the page that was being rendered, or a file that can't be
    /// read (any more).
    pub fn render(
        &self,
        route: Route,
        sheet: &Sheet,
        source: &dyn Source,
    ) -> Result<Vec<u8>, Diagnostic> {
        let body = match self.has_body(route) {
            true => bodies(&[self.site], route, source, self.galleys, Shown::OnPage)?.pop(),
            false => None,
        };
        let body = match route {
            Route::Search(_) => body.map(|html| search::text(&html)),
            _ => body,
        };
        self.render_with(route, sheet, source, body.as_deref())
    }

    /// The bytes of a route whose body is made already: as HTML, or as text for the search.
    ///
    /// # Errors
    /// As of [`Press::render`].
    pub fn render_with(
        &self,
        route: Route,
        sheet: &Sheet,
        source: &dyn Source,
        body: Option<&str>,
    ) -> Result<Vec<u8>, Diagnostic> {
        if let Some(picture) = self.cleaned(route) {
            return pictures::published(picture, source, self.darkroom);
        }
        match route {
            Route::SocialCard(n) => return cards::card(self.site, n, source, self.darkroom),
            Route::Picture(n, width) => {
                let picture = &self.site.pictures.all[n as usize];
                return pictures::in_width(picture, width, source, self.darkroom);
            }
            Route::Static(n) => {
                let name = &self.site.statics[n as usize];
                return self
                    .theme
                    .static_bytes(name, source)
                    .map_err(|error| unreadable(name, &error));
            }
            Route::File(n) => {
                let (path, digest) = &self.site.attachments[n as usize];
                return body::read(path, *digest, source);
            }
            Route::Search(find) if find != Find::Page => {
                return self.search_bytes(find, source, body);
            }
            _ => {}
        }
        let whole = match &sheet.view {
            View::Feed(feed) if self.holds_bodies(route) => {
                Some(View::Feed(feed::with_bodies(self, feed, source)?))
            }
            _ => None,
        };
        let view = whole.as_ref().unwrap_or(&sheet.view);
        let twin = match route {
            Route::Twin(n) => Some(machines::twin_body(self, n, source)?),
            _ => None,
        };
        let body = twin.as_deref().or(body);
        let number = self.site.edition.number;
        let rendered = self.theme.render(number, &sheet.template, view, body);
        let mut bytes = rendered.map_err(|diagnostic| {
            let what = match self.site.owner(route) {
                Some(path) => format!("while rendering {path}"),
                None => format!("while rendering {}", self.site.url(route)),
            };
            diagnostic.note(what)
        })?;
        drop_forbidden(&mut bytes);
        Ok(bytes)
    }

    /// Whether a route is a feed of whole articles.
    fn holds_bodies(&self, route: Route) -> bool {
        matches!(route, Route::Feed(list, _) if feed::is_full(self.site, list))
    }

    /// The picture that a route is the file of, if it is published without its metadata.
    fn cleaned(&self, route: Route) -> Option<&'a Picture> {
        let picture = self.site.site.pictures.of_file(route);
        picture.filter(|picture| picture.is_cleaned)
    }

    /// Whether a route can't be made without decoding or drawing a picture, unless that was done before.
    pub fn is_decoded(&self, route: Route) -> bool {
        let own = || self.cleaned(route).is_some_and(Picture::is_remade);
        matches!(route, Route::Picture(..) | Route::SocialCard(_)) || own()
    }

    /// Whether a route shows the body of a source.
    pub fn has_body(&self, route: Route) -> bool {
        body::of(self.site.site, route).is_some()
    }
}

/// The search page has a template; the files of its index have none.
fn search_template(find: Find) -> &'static str {
    if find == Find::Page {
        "search.html"
    } else {
        ""
    }
}

/// A fingerprint that begins with another.
fn salted(salt: Fingerprint, add: impl FnOnce(&mut Fold)) -> Fingerprint {
    let mut fold = Fold::new();
    fold.add_print(salt);
    add(&mut fold);
    fold.finish()
}

/// Whether a route's fingerprint is taken without its view.
fn is_folded(route: Route) -> bool {
    match route {
        Route::Hub(list) => !has_own_view(list),
        route => matches!(
            route,
            Route::Article(_)
                | Route::Page(_)
                | Route::Leaf(..)
                | Route::Day(_)
                | Route::Month(_)
                | Route::Feed(..)
                | Route::SitemapMonth(..)
                | Route::SitemapText(_)
        ),
    }
}

/// Whether the newest page of a list is none of those that all other lists have.
fn has_own_view(list: List) -> bool {
    matches!(list, List::Home | List::Topic(_))
}

fn unreadable(path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(Code::Unreadable, format!("this can't be read: {error}")).in_file(path)
}

fn site_view(site: InEdition) -> SiteView {
    let config = &site.config;
    let link = |n: u32| {
        let link = site.link(List::Channel(n));
        ChannelLink {
            id: site.channels[n as usize].slug.clone(),
            name: link.name.clone(),
            url: link.url.clone(),
            lang: link.lang,
        }
    };
    let inside = |url: &str| match url.starts_with('/') {
        true => site.href_of(url),
        false => url.to_string(),
    };
    let legal = config.legal.iter().map(|line| LegalLine {
        text: site.own(&line.text),
        url: line.url.as_deref().map(inside),
    });
    let menu = |items: &[crate::config::MenuItem]| {
        let item = |item: &crate::config::MenuItem| crate::config::MenuItem {
            name: site.own(&item.name),
            url: inside(&item.url),
        };
        items.iter().map(item).collect::<Vec<_>>()
    };
    SiteView {
        title: site.list_name(List::Home),
        description: site.own_or(config.description.as_deref()),
        language: site.language().to_string(),
        base_url: config.base_url.clone(),
        origin: config.origin().to_string(),
        home: site.href(Route::Hub(List::Home)),
        root: config.base_path().to_string(),
        channels: (0..site.channels.len() as u32).map(link).collect(),
        menu: menu(&config.main_menu),
        footer: menu(&config.footer_menu),
        contact: Contact {
            address: site.own_or(config.contact.address.as_deref()),
            ..config.contact.clone()
        },
        promo: config.promo.as_ref().map(|promo| Promo {
            title: site.own(&promo.title),
            text: site.own_or(promo.text.as_deref()),
            url: inside(&promo.url),
        }),
        legal: legal.collect(),
        places: places(site),
        publisher: publisher(site),
        policy: config.policy.text(),
        cn: config.cn,
        image: preview(site),
        qr: config.qr,
        feeds: config.feeds.formats.iter().map(|one| one.name()).collect(),
        extra: Anything(site.own_data(&config.extra)),
        generator: concat!("masthead ", env!("CARGO_PKG_VERSION")).to_string(),
    }
}

/// The picture of pages that have none: the configured one, else the publisher's logo. Crawlers
/// take no SVG.
fn preview(site: InEdition) -> Option<String> {
    let logo = site.config.publisher.logo.as_ref();
    let logo = logo.filter(|logo| !logo.ends_with(".svg"));
    let given = site.config.image.as_ref().or(logo)?;
    Some(match given.starts_with('/') {
        true => address(site, &site.href_of(given)),
        false => given.clone(),
    })
}

fn publisher(site: InEdition) -> PublisherView {
    let own = &site.config.publisher;
    let at = |url: &String| match url.starts_with('/') {
        true => address(site, &site.href_of(url)),
        false => url.clone(),
    };
    let icon = || address(site, &format!("{}/favicon.svg", site.config.base_path()));
    PublisherView {
        name: match &own.name {
            Some(name) => site.own(name),
            None => site.list_name(List::Home),
        },
        logo: own.logo.as_ref().map_or_else(icon, at),
        principles: own.principles.as_ref().map(at),
        corrections: own.corrections.as_ref().map(at),
        ethics: own.ethics.as_ref().map(at),
        masthead: own.masthead.as_ref().map(at),
        profiles: own.profiles.clone(),
    }
}

fn places(site: InEdition) -> Places {
    let indexes = site.indexes();
    let index = |index| {
        let has = indexes.contains(&index);
        has.then(|| site.href(Route::Index(index)))
    };
    // Documentation alone has no tags and no archive, or nothing in them.
    let news = |href: Option<String>| href.filter(|_| !site.is_docs_alone());
    Places {
        tags: news(index(Index::Tags)),
        sources: news(index(Index::Sources)),
        people: news(index(Index::People)),
        archive: news(site.way(Route::Archive)),
        search: (site.config.search != Search::Off).then(|| site.href(Route::Search(Find::Page))),
        topics: index(Index::Topics),
        tickers: index(Index::Tickers),
        live: (!site.flashes.is_empty()).then(|| site.href(Route::Hub(List::Live))),
        feed: news(site.way(Route::Feed(List::Home, Format::Rss))),
    }
}

/// What every page has, for a page of this kind and title.
fn head(site: InEdition, kind: &'static str, title: &str, route: Route) -> Head {
    Head {
        kind,
        title: title.to_string(),
        description: None,
        address: site.address(route),
        canonical: None,
        lang: site.language().to_string(),
        locale: locale(site.language()),
        editions: editions(site, route),
        markdown: None,
        rich: false,
        noindex: false,
        channel: None,
        crumbs: Vec::new(),
        feeds: match site.is_docs_alone() {
            true => Vec::new(),
            false => vec![site.feed_link(List::Home)],
        },
        image: None,
        image_width: None,
        image_height: None,
        image_alt: None,
        beijing: None,
    }
}

/// A language as OpenGraph has it: with a region, which scripts of Chinese stand for.
fn locale(language: &str) -> Option<String> {
    let known = match language {
        "zh" | "zh-Hans" => "zh_CN",
        "zh-Hant" => "zh_TW",
        "en" => "en_US",
        "ja" => "ja_JP",
        "ko" => "ko_KR",
        _ => {
            let mut parts = language.split('-');
            let (own, region) = (parts.next()?, parts.next_back()?);
            return (region.len() == 2).then(|| format!("{own}_{}", region.to_uppercase()));
        }
    };
    Some(known.to_string())
}

/// When a page was published and last changed, for Chinese search engines.
fn beijing(site: InEdition, published: Option<Moment>, updated: Option<Moment>) -> Option<Beijing> {
    let zone = jiff::tz::TimeZone::fixed(jiff::tz::offset(8));
    let text = |at: Moment| civil(at, &zone).strftime("%Y-%m-%dT%H:%M:%S").to_string();
    let updated = text(updated.or(published).filter(|_| site.config.cn)?);
    Some(Beijing {
        published: published.map(text),
        updated,
    })
}

/// The same of a list, by the newest of the articles that a page of it shows.
fn beijing_of(site: InEdition, newest: Option<&u32>) -> Option<Beijing> {
    let at = site.articles[*newest? as usize].date;
    let own = beijing(site, None, at)?;
    Some(Beijing {
        published: None,
        ..own
    })
}

/// The same page in each edition; none where there is but one.
fn editions(site: InEdition, route: Route) -> Vec<EditionLink> {
    if site.editions.len() < 2 {
        return Vec::new();
    }
    let link = |one: InEdition| EditionLink {
        name: one.edition.name(),
        language: one.language().to_string(),
        locale: locale(one.language()),
        url: one.href(route),
        address: one.address(route),
        is_this: one.edition.number == site.edition.number,
    };
    site.site.in_editions().map(link).collect()
}

/// What a link leads to, as an address.
fn address(site: InEdition, src: &str) -> String {
    match src.starts_with('/') {
        true => format!("{}{src}", site.config.origin()),
        false => src.to_string(),
    }
}

fn redirect(site: InEdition, route: Route, to: Route) -> RedirectView {
    let title = match to {
        Route::Hub(list) => site.site.list_name(list),
        Route::Article(n) => &site.articles[n as usize].facts.title,
        Route::Page(n) => &site.pages[n as usize].facts.title,
        _ => &site.config.title,
    };
    let head = head(site, "redirect", &site.own(title), route);
    let page = Head {
        canonical: Some(site.address(to)),
        noindex: true,
        ..head
    };
    RedirectView {
        page,
        to: site.href(to),
    }
}

fn robots(site: &Site) -> RobotsView {
    let sitemaps = |one: InEdition| {
        let all = std::iter::once(Route::Sitemap).chain(site.text_sitemaps());
        let own = all.filter(|route| site.owns(*route));
        own.map(|route| one.address(route)).collect::<Vec<String>>()
    };
    RobotsView {
        denied: site.config.ai.denied(),
        sitemaps: site.in_editions().flat_map(sitemaps).collect(),
    }
}

/// The lines of `_redirects`. What a line can't say, the page at the old URL does.
fn redirects(site: &Site) -> RedirectsView {
    let old = (0..site.redirects.len() as u32).map(Route::Redirect);
    let old = old.chain((0..site.formers.len() as u32).map(Route::Former));
    let owned: Vec<Route> = old.filter(|route| site.owns(*route)).collect();
    let lines = |one: InEdition| {
        let moved = |route: &Route| Moved {
            from: one.href(*route),
            to: one.href(site.target(*route)),
        };
        owned.iter().map(moved).collect::<Vec<Moved>>()
    };
    let fits = |moved: &Moved| !moved.from.contains([':', '*']) && moved.from != moved.to;
    RedirectsView {
        status: match site.config.hosting {
            // There a file goes before a line without the sign, and each old URL has a page.
            Some(Hosting::Netlify) => "301!",
            _ => "301",
        },
        redirects: site.in_editions().flat_map(lines).filter(fits).collect(),
    }
}

fn accents(site: InEdition) -> AccentsView {
    let accent = |channel: &crate::site::Named| {
        Some(Accent {
            id: channel.slug.clone(),
            color: channel.record.accent.clone()?,
        })
    };
    AccentsView {
        channels: site.channels.iter().filter_map(accent).collect(),
    }
}

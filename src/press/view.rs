//! The views: all that a page shows, and so the whole contract with themes.
//!
//! Each view is one value. Hashed, it is the page's fingerprint; serialised, its fields are the
//! variables of the page's template. Beside them every template has `site` ([`SiteView`]), `ui`
//! (the theme's own words, from `templates/ui/`) and `data` (the site's data files).
//!
//! `docs/content/templates.md` lists these fields; a test compares it with what the types serialise.

use crate::base::fingerprint::Anything;
use crate::config::{Contact, LegalLine, MenuItem, Promo};
use crate::facts::{Kind, Method};
use crate::site::card::{Anchor, CardImage, CardRef, Link, Time};
use serde::Serialize;
use std::sync::Arc;

/// `site`: the same on every page.
#[derive(Debug, Clone, Serialize)]
pub struct SiteView {
    /// The portal's name.
    pub title: String,
    /// One sentence on it.
    pub description: Option<String>,
    /// BCP 47 language of the portal's own words.
    pub language: String,
    /// Scheme, host and path, without a slash at the end.
    pub base_url: String,
    /// Scheme and host: set before an `url`, it makes an address.
    pub origin: String,
    /// Where the home page is.
    pub home: String,
    /// What stands before the path of a static file: `{{ site.root }}/site.css`.
    pub root: String,
    /// Channels, in the order of the navigation.
    pub channels: Vec<ChannelLink>,
    /// The navigation, where masthead.yaml has one of its own.
    pub menu: Vec<MenuItem>,
    /// The footer's links.
    pub footer: Vec<MenuItem>,
    /// How readers reach the publisher.
    pub contact: Contact,
    /// The promotion that stands in each article.
    pub promo: Option<Promo>,
    /// Licence lines.
    pub legal: Vec<LegalLine>,
    /// Where the pages are that a site may have or not.
    pub places: Places,
    /// `extra` of masthead.yaml.
    pub extra: Anything,
    /// Who publishes it.
    pub publisher: PublisherView,
    /// What pages may load: a content security policy.
    pub policy: Option<String>,
    /// Whether pages have the metadata of Baidu and Toutiao.
    pub cn: bool,
    /// The address of a picture for previews of pages that have none of their own.
    pub image: Option<String>,
    /// Whether articles show their address as a QR code.
    pub qr: bool,
    /// The formats of feeds: `rss`, and `atom` and `json` where they are made. They lie beside one
    /// another, as `feed.xml`, `atom.xml` and `feed.json`.
    pub feeds: Vec<&'static str>,
    /// Name and version of the generator.
    pub generator: String,
}

/// The publisher, for search engines. All but the name are addresses.
#[derive(Debug, Clone, Serialize)]
pub struct PublisherView {
    /// The publisher's name.
    pub name: String,
    /// The logo; the site's icon where it has no other.
    pub logo: String,
    /// The principles of publishing.
    pub principles: Option<String>,
    /// How mistakes are corrected.
    pub corrections: Option<String>,
    /// The page on ethics.
    pub ethics: Option<String>,
    /// The page that names the editors.
    pub masthead: Option<String>,
    /// Profiles elsewhere.
    pub profiles: Vec<String>,
}

/// Where a site's own pages are; none where it has no such page.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct Places {
    pub tags: Option<String>,
    pub sources: Option<String>,
    pub people: Option<String>,
    pub archive: Option<String>,
    pub search: Option<String>,
    pub topics: Option<String>,
    pub tickers: Option<String>,
    pub live: Option<String>,
    pub feed: Option<String>,
}

/// A channel in the navigation.
#[derive(Debug, Clone, Serialize)]
pub struct ChannelLink {
    /// Its folder's name as a slug, as in `page.channel`; for styles.
    pub id: String,
    /// What readers see.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Language of its name, if the name tells.
    pub lang: Option<&'static str>,
}

/// `page`: what every page has.
#[derive(Debug, Clone, Serialize)]
pub struct Head {
    /// The kind of page: `home`, `article`, `tag` …
    pub kind: &'static str,
    /// For the window's title; the portal's name is not in it.
    pub title: String,
    /// For search engines and previews.
    pub description: Option<String>,
    /// Its address.
    pub address: String,
    /// Its address of record, if another one.
    pub canonical: Option<String>,
    /// BCP 47 language of the page.
    pub lang: String,
    /// The same as OpenGraph has it, if it has.
    pub locale: Option<String>,
    /// Whether search engines are asked to leave it out.
    pub noindex: bool,
    /// The channel it belongs to.
    pub channel: Option<String>,
    /// The way from the home page to it, without itself.
    pub crumbs: Vec<Link>,
    /// Feeds of it.
    pub feeds: Vec<Link>,
    /// The address of a picture for previews.
    pub image: Option<String>,
    /// Its width in pixels, where it is known.
    pub image_width: Option<u32>,
    /// Its height in pixels, where it is known.
    pub image_height: Option<u32>,
    /// What the picture shows.
    pub image_alt: Option<String>,
    /// When its articles are from, as Chinese search engines ask for it; with `seo.cn` only.
    pub beijing: Option<Beijing>,
    /// Where the Markdown of an article is, by `llms` of masthead.yaml.
    pub markdown: Option<String>,
    /// Whether the body has highlighted code, a gallery or a video: what rich.css is for.
    pub rich: bool,
    /// The same page in each edition, this one included; empty where the site has but one.
    pub editions: Vec<EditionLink>,
}

/// Times as Chinese search engines ask for them: Beijing's, without an offset.
#[derive(Debug, Clone, Serialize)]
pub struct Beijing {
    /// When an article was published; none of a list.
    pub published: Option<String>,
    /// When the page last changed in substance: a list by its newest article.
    pub updated: String,
}

/// A page in an edition.
#[derive(Debug, Clone, Serialize)]
pub struct EditionLink {
    /// What the edition is called, in its own script.
    pub name: &'static str,
    /// Its BCP 47 language.
    pub language: String,
    /// The same as OpenGraph has it.
    pub locale: Option<String>,
    /// Where the page is.
    pub url: String,
    /// Its address.
    pub address: String,
    /// Whether it is the edition that this page belongs to.
    pub is_this: bool,
}

/// A text and its language.
#[derive(Debug, Clone, Serialize)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Its BCP 47 language, if the text tells.
    pub lang: Option<&'static str>,
}

/// The summary card of an article.
#[derive(Debug, Clone, Serialize)]
pub struct SummaryView {
    /// Its text.
    pub text: String,
    /// The text's language, if it tells.
    pub lang: Option<&'static str>,
    /// Who made it: `human`, `ai` or `extractive`.
    pub method: Method,
    /// The model, where one made it.
    pub model: Option<String>,
    /// Who looked at it.
    pub reviewed_by: Option<String>,
}

/// A heading of a body.
#[derive(Debug, Clone, Serialize)]
pub struct Heading {
    /// 2 to 6: the title of the page is the only heading of level 1.
    pub level: u8,
    /// Its text.
    pub text: String,
    /// Its `id` in the page.
    pub id: String,
}

/// A key point.
#[derive(Debug, Clone, Serialize)]
pub struct Point {
    /// The emoji that leads it.
    pub emoji: Option<String>,
    /// The rest of it.
    pub text: String,
    /// Its language, if the text tells.
    pub lang: Option<&'static str>,
}

/// A video of the body.
#[derive(Debug, Clone, Serialize)]
pub struct VideoView {
    /// What it is called.
    pub title: String,
    /// The address of the picture that stands for it.
    pub picture: String,
    /// The address of its file, if it has one that browsers play.
    pub file: Option<String>,
    /// The address of a player that the page embeds.
    pub player: Option<String>,
    /// The address that the writer links to.
    pub page: String,
}

/// The picture of an article.
#[derive(Debug, Clone, Serialize)]
pub struct ImageView {
    /// Where it is.
    pub src: String,
    /// Its width in pixels, where it is known.
    pub width: Option<u32>,
    /// Its height in pixels, where it is known.
    pub height: Option<u32>,
    /// Where it is in other widths, ready for `srcset`.
    pub srcset: Option<String>,
    /// What it shows.
    pub alt: String,
    /// Whose it is.
    pub credit: Option<String>,
    /// What stands below it.
    pub caption: Option<String>,
}

/// A correction.
#[derive(Debug, Clone, Serialize)]
pub struct CorrectionView {
    /// When it was made.
    pub date: Option<Time>,
    /// What was wrong and is right now.
    pub text: String,
}

/// `article.html`. The body's HTML is `body`, made when the page is rendered.
#[derive(Debug, Clone, Serialize)]
pub struct ArticleView<'a> {
    /// What every page has.
    pub page: Head,
    /// The title.
    pub title: Text,
    /// `article`, `flash` or `doc`.
    pub kind: Kind,
    /// When it was published.
    pub date: Option<Time>,
    /// When it was last changed in substance.
    pub updated: Option<Time>,
    /// Where it comes from.
    pub source: Option<Link>,
    /// Where it first appeared.
    pub source_url: Option<String>,
    /// Who wrote it.
    pub authors: Vec<Link>,
    /// Who edited it.
    pub editors: Vec<Link>,
    /// Its channel.
    pub channel: Link,
    /// Its tags.
    pub tags: Vec<Link>,
    /// Whether the tags are not its writer's, but were found in it.
    pub auto_tags: bool,
    /// The summary.
    pub summary: Option<SummaryView>,
    /// The key points.
    pub highlights: Vec<Point>,
    /// Who made them: `human`, or `extractive` where they were picked from the text.
    pub highlights_method: Method,
    /// The JSON of `<meta name="AIGC">`, where a model made the summary.
    pub aigc: Option<String>,
    /// The paragraph before the body.
    pub standfirst: Option<Text>,
    /// Its picture.
    pub image: Option<ImageView>,
    /// Securities that it names.
    pub tickers: Vec<Ticker>,
    /// Headings of the body, where there are at least three.
    pub toc: Vec<Heading>,
    /// Han characters and words.
    pub words: u32,
    /// Minutes it takes to read.
    pub minutes: u32,
    /// Corrections, oldest first.
    pub corrections: Vec<CorrectionView>,
    /// The videos of the body that have a picture, for search engines.
    pub videos: Vec<VideoView>,
    /// Related articles of the past, nearest first.
    pub related: Vec<CardRef<'a>>,
    /// The article before it in its channel.
    pub previous: Option<CardRef<'a>>,
    /// The article after it in its channel.
    pub next: Option<CardRef<'a>>,
    /// The sections of documentation that it is a page of; of other articles none.
    pub docs: Vec<DocsSection>,
    /// Template names that a raw dump carried: provenance, never paths.
    pub origin_templates: Vec<String>,
    /// Whether it is a draft, shown in the preview only.
    pub draft: bool,
    /// `extra` of the front matter.
    pub extra: Anything,
}

/// A security.
#[derive(Debug, Clone, Serialize)]
pub struct Ticker {
    /// Its name.
    pub name: String,
    /// Its code and market.
    pub code: String,
    /// Market and code, as schema.org asks for it: `XHKG 09988`.
    pub symbol: String,
    /// Where its page is.
    pub url: String,
    /// Where it is quoted.
    pub quote: Option<String>,
}

/// `page.html`. The body's HTML is `body`.
#[derive(Debug, Clone, Serialize)]
pub struct PageView {
    /// What every page has.
    pub page: Head,
    /// The title.
    pub title: Text,
    /// Headings of the body, where there are at least three.
    pub toc: Vec<Heading>,
    /// Set where this is the notice of a retracted article: its body is not to be shown.
    pub retracted: Option<CorrectionView>,
    /// `extra` of the front matter.
    pub extra: Anything,
}

/// The pages of a list around one of them.
#[derive(Debug, Clone, Serialize)]
pub struct Pager {
    /// The number of a leaf, counted from the oldest; `None` on the hub.
    pub number: Option<u32>,
    /// The next older page.
    pub older: Option<String>,
    /// The next newer page.
    pub newer: Option<String>,
    /// The hub.
    pub newest: String,
}

/// Articles under a heading: of a day, a month, a year or a channel.
#[derive(Debug, Clone, Serialize)]
pub struct Group<'a> {
    /// The heading; none where there is a single group.
    pub name: Option<String>,
    /// Where the heading leads.
    pub url: Option<String>,
    /// How many articles the group has in all, where not all are shown.
    pub count: Option<u32>,
    /// The articles, newest first.
    pub cards: Vec<CardRef<'a>>,
}

/// A block of the home page.
#[derive(Debug, Clone, Serialize)]
pub struct Block<'a> {
    /// Its heading.
    pub title: String,
    /// What it is of.
    pub of: Link,
    /// How it looks: `list`, `lead`, `grid` or `rank`.
    pub look: &'static str,
    /// Its latest articles that stand nowhere above.
    pub cards: Vec<CardRef<'a>>,
}

/// A ranking, under an honest label.
#[derive(Debug, Clone, Serialize)]
pub struct Rank<'a> {
    /// `hot` from data/hot.json, or `picks` by the editors' `weight`.
    pub kind: &'static str,
    /// The articles, first first.
    pub cards: Vec<CardRef<'a>>,
}

/// A name with the number of its articles.
#[derive(Debug, Clone, Serialize)]
pub struct Counted {
    /// What it is called.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// The name's language, if it tells.
    pub lang: Option<&'static str>,
    /// How many articles it has.
    pub count: u32,
    /// One sentence on it.
    pub description: Option<String>,
    /// What a person does.
    pub role: Option<String>,
    /// What a tag stands for, as data/tags.yaml says.
    pub sort: Option<String>,
}

/// `home.html`.
#[derive(Debug, Clone, Serialize)]
pub struct HomeView<'a> {
    /// What every page has.
    pub page: Head,
    /// The lead story.
    pub lead: Option<CardRef<'a>>,
    /// The stories beside it.
    pub top: Vec<CardRef<'a>>,
    /// The latest that stand nowhere above, by day.
    pub stream: Vec<Group<'a>>,
    /// The blocks of masthead.yaml, or one for each channel.
    pub blocks: Vec<Block<'a>>,
    /// What is read most, or picked by the editors.
    pub rank: Option<Rank<'a>>,
    /// The latest flashes.
    pub flashes: Vec<CardRef<'a>>,
    /// The topics.
    pub topics: Vec<Counted>,
    /// The tags of the latest articles, most frequent first.
    pub hot_tags: Vec<Counted>,
    /// The pages before.
    pub pager: Pager,
    /// The sections of documentation, where the site has nothing else.
    pub docs: Vec<DocsSection>,
}

/// How many articles a month has.
#[derive(Debug, Clone, Serialize)]
pub struct MonthCount {
    /// The month.
    pub name: String,
    /// How many.
    pub count: u32,
    /// How many, from 0 to 5 by the greatest.
    pub level: u32,
}

/// How often a person has a part.
#[derive(Debug, Clone, Serialize)]
pub struct RoleCount {
    /// `author` or `editor`.
    pub role: &'static str,
    /// In how many articles.
    pub count: u32,
}

/// What stands on the hub of a list only, since it moves.
#[derive(Debug, Clone, Default, Serialize)]
pub struct HubExtras {
    /// How many articles there are.
    pub count: u32,
    /// When the oldest appeared.
    pub first: Option<Time>,
    /// When the newest appeared.
    pub last: Option<Time>,
    /// Tags that share its articles; of a source or person, its most frequent ones.
    pub tags: Vec<Counted>,
    /// The securities that its articles name most often; of channels.
    pub tickers: Vec<Ticker>,
    /// The last twelve months, oldest first; of sources.
    pub cadence: Vec<MonthCount>,
    /// What a person did.
    pub roles: Vec<RoleCount>,
    /// Other names.
    pub aliases: Vec<String>,
}

/// `channel.html`, `tag.html`, `source.html`, `person.html`, `ticker.html`, `live.html`, and
/// `latest.html` for the home list's older pages.
#[derive(Debug, Clone, Serialize)]
pub struct ListView<'a> {
    /// What every page has.
    pub page: Head,
    /// What the list is of.
    pub name: Text,
    /// One sentence on it; on the hub only.
    pub description: Option<String>,
    /// What a tag stands for, from data/tags.yaml.
    pub sort: Option<String>,
    /// What a person does.
    pub role: Option<String>,
    /// Where a source or person is at home, or a security is quoted.
    pub website: Option<String>,
    /// The code of a security.
    pub code: Option<String>,
    /// Its market and code, as schema.org asks for it.
    pub symbol: Option<String>,
    /// The tag of a security; on the hub only.
    pub tag: Option<Link>,
    /// What stands on the hub only.
    pub hub: Option<HubExtras>,
    /// The articles, newest first: in groups by day, month or year where the list's pace asks
    /// for it.
    pub groups: Vec<Group<'a>>,
    /// The pages around.
    pub pager: Pager,
    /// The sections of documentation, where the list is one of them.
    pub docs: Vec<DocsSection>,
}

/// A section of documentation.
#[derive(Debug, Clone, Serialize)]
pub struct DocsSection {
    /// What it is called.
    pub name: String,
    /// Where its own page is.
    pub url: String,
    /// Language of the name, if the name tells.
    pub lang: Option<&'static str>,
    /// What configuration says of it.
    pub description: Option<String>,
    /// Whether its own page is this one.
    pub is_this: bool,
    /// Whether this page is it or one of its pages.
    pub is_open: bool,
    /// Its pages, in their order.
    pub pages: Vec<DocsPage>,
}

/// A page of documentation.
#[derive(Debug, Clone, Serialize)]
pub struct DocsPage {
    /// Its title.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// Language of the title, if the title tells.
    pub lang: Option<&'static str>,
    /// Whether it is this one.
    pub is_this: bool,
}

/// A section of a topic.
#[derive(Debug, Clone, Serialize)]
pub struct Section<'a> {
    /// Its heading.
    pub title: String,
    /// Its latest articles.
    pub cards: Vec<CardRef<'a>>,
}

/// What happened when.
#[derive(Debug, Clone, Serialize)]
pub struct MilestoneView {
    /// The day.
    pub date: Option<Time>,
    /// What happened.
    pub text: String,
    /// Where to read more.
    pub url: Option<String>,
}

/// A fact in short.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct Fact {
    pub label: String,
    pub text: String,
}

/// `topic.html`.
#[derive(Debug, Clone, Serialize)]
pub struct TopicView<'a> {
    /// What every page has.
    pub page: Head,
    /// What it is called.
    pub name: Text,
    /// A sentence or three.
    pub description: Option<String>,
    /// Its picture.
    pub image: Option<CardImage>,
    /// Facts in short.
    pub facts: Vec<Fact>,
    /// What happened when, in the order of data/topics.yaml.
    pub milestones: Vec<MilestoneView>,
    /// Its sections.
    pub sections: Vec<Section<'a>>,
    /// What else stands on the hub of a list.
    pub hub: HubExtras,
    /// Its latest articles.
    pub groups: Vec<Group<'a>>,
    /// The pages around.
    pub pager: Pager,
}

/// A stretch of time with the number of its articles.
#[derive(Debug, Clone, Serialize)]
pub struct Period {
    /// What it is called.
    pub name: String,
    /// Where it is; none where it has no articles.
    pub url: Option<String>,
    /// How many articles it has.
    pub count: u32,
}

/// A year with its months.
#[derive(Debug, Clone, Serialize)]
pub struct YearRow {
    /// The year.
    pub year: Period,
    /// Its twelve months.
    pub months: Vec<Period>,
}

/// `archive.html`: all years, or one.
#[derive(Debug, Clone, Serialize)]
pub struct ArchiveView {
    /// What every page has.
    pub page: Head,
    /// The years, newest first.
    pub years: Vec<YearRow>,
    /// The year before, on the page of one.
    pub previous: Option<Anchor>,
    /// The year after.
    pub next: Option<Anchor>,
}

/// A day in a calendar.
#[derive(Debug, Clone, Serialize)]
pub struct CalendarDay {
    /// 1 to 31; none before the first and after the last.
    pub day: Option<i8>,
    /// Where its articles are; none where the day has no page.
    pub url: Option<String>,
    /// How many it has.
    pub count: u32,
}

/// `month.html`.
#[derive(Debug, Clone, Serialize)]
pub struct MonthView<'a> {
    /// What every page has.
    pub page: Head,
    /// The month.
    pub name: String,
    /// How many articles it has.
    pub count: u32,
    /// Its weeks, Monday first.
    pub weeks: Vec<Vec<CalendarDay>>,
    /// Its days, newest first, each with its newest articles; with all where days have no pages.
    pub groups: Vec<Group<'a>>,
    /// The month before that has articles.
    pub previous: Option<Anchor>,
    /// The month after that has articles.
    pub next: Option<Anchor>,
}

/// `day.html`.
#[derive(Debug, Clone, Serialize)]
pub struct DayView<'a> {
    /// What every page has.
    pub page: Head,
    /// The day.
    pub name: String,
    /// Its articles by channel.
    pub groups: Vec<Group<'a>>,
    /// The day before that has articles.
    pub previous: Option<Anchor>,
    /// The day after that has articles.
    pub next: Option<Anchor>,
}

/// People who do the same.
#[derive(Debug, Clone, Serialize)]
pub struct Role {
    /// What they do; none for those of whom it is not said, who come last.
    pub role: Option<String>,
    /// Their names.
    pub names: Vec<Counted>,
}

/// Tags that stand for things of one sort.
#[derive(Debug, Clone, Serialize)]
pub struct Sort {
    /// What they stand for.
    pub sort: String,
    /// The tags, in the order of the index.
    pub names: Vec<Counted>,
}

/// What readers jump to in an index.
#[derive(Debug, Clone, Serialize)]
pub struct Jump {
    /// A letter, or `#`; of strokes their number.
    pub letter: String,
    /// How many strokes the first character has, where names are in the order of strokes.
    pub strokes: Option<u8>,
    /// Where it leads, as the `id` of an element; none where no name stands under it.
    pub id: Option<String>,
}

/// Names under one initial.
#[derive(Debug, Clone, Serialize)]
pub struct Initial {
    /// A letter, or `#`; of strokes their number.
    pub letter: String,
    /// How many strokes the first character has, where names are in the order of strokes.
    pub strokes: Option<u8>,
    /// An `id` for the element that holds the names.
    pub id: String,
    /// The names.
    pub names: Vec<Counted>,
}

/// `tags.html`, `sources.html`, `people.html`, `topics.html` and `tickers.html`.
#[derive(Debug, Clone, Serialize)]
pub struct IndexView {
    /// What every page has.
    pub page: Head,
    /// The names, most articles first.
    pub names: Vec<Counted>,
    /// The names in the order in which readers of the language look for them, by initial: the
    /// letter of the pinyin, or the strokes of the first character.
    pub initials: Vec<Initial>,
    /// All initials that readers expect, whether any name stands under them or not.
    pub jumps: Vec<Jump>,
    /// Tags by what they stand for, the sort with the most tags first; those of which it is not
    /// said stand in none.
    pub sorts: Vec<Sort>,
    /// People by what they do, as data/people.yaml says; of the others nothing.
    pub roles: Vec<Role>,
}

/// `404.html`.
#[derive(Debug, Clone, Serialize)]
pub struct NotFoundView<'a> {
    /// What every page has.
    pub page: Head,
    /// The latest articles.
    pub latest: Vec<CardRef<'a>>,
}

/// `search.html`.
#[derive(Debug, Clone, Serialize)]
pub struct SearchView {
    /// What every page has.
    pub page: Head,
    /// The folder of the index.
    pub index: String,
    /// Where the site stands, for the search of others: host and path.
    pub host: String,
    /// All channels.
    pub channels: Vec<Choice>,
    /// The most frequent tags.
    pub tags: Vec<Choice>,
    /// The most frequent sources.
    pub sources: Vec<Choice>,
    /// Years with articles, newest first.
    pub years: Vec<Choice>,
}

/// What results can be narrowed down to.
#[derive(Debug, Clone, Serialize)]
pub struct Choice {
    /// As the search page's address has it.
    pub id: String,
    /// What readers see.
    pub name: String,
}

/// `redirect.html`.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectView {
    /// What every page has.
    pub page: Head,
    /// Where it leads.
    pub to: String,
}

/// `feed.xml` (RSS 2.0), `atom.xml` and `feed.json` (JSON Feed 1.1).
#[derive(Debug, Clone, Serialize)]
pub struct FeedView<'a> {
    /// The feed's title.
    pub title: String,
    /// One sentence on it.
    pub description: Option<String>,
    /// The address of the page it is the feed of.
    pub address: String,
    /// Its own address.
    pub own_address: String,
    /// The address of the hub that tells of news, by `feeds.websub` of masthead.yaml.
    pub hub: Option<String>,
    /// When its newest article was published, as RFC 822.
    pub date: Option<String>,
    /// When any of its articles last changed, as RFC 3339.
    pub updated: Option<String>,
    /// Its articles, newest first.
    pub items: Vec<FeedItem<'a>>,
}

/// An article in a feed.
#[derive(Debug, Clone, Serialize)]
pub struct FeedItem<'a> {
    /// Its card.
    pub card: CardRef<'a>,
    /// When it was published, as RFC 822.
    pub date: Option<String>,
    /// When it was published, as RFC 3339.
    pub published: Option<String>,
    /// When it was last changed in substance, as RFC 3339.
    pub updated: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// The address where it first appeared.
    pub source_url: Option<String>,
    /// Its picture.
    pub image: Option<FeedImage>,
    /// The HTML of its body with whole addresses, in feeds that hold whole articles. The body is
    /// made when the feed is rendered: in a view there is none.
    pub content: Option<Arc<str>>,
}

/// The picture of an article in a feed.
#[derive(Debug, Clone, Serialize)]
pub struct FeedImage {
    /// Its address.
    pub address: String,
    /// What it shows.
    pub alt: String,
    /// Its media type, if its name tells.
    pub kind: Option<&'static str>,
}

/// `sitemap.xml` and `sitemap-index.xml`.
#[derive(Debug, Clone, Serialize)]
pub struct SitemapView {
    /// Its entries.
    pub entries: Vec<SitemapEntry>,
}

/// An address in a sitemap.
#[derive(Debug, Clone, Serialize)]
pub struct SitemapEntry {
    /// The address.
    pub address: String,
    /// When it last changed, as RFC 3339.
    pub date: Option<String>,
}

/// `news-sitemap.xml`.
#[derive(Debug, Clone, Serialize)]
pub struct NewsView {
    /// The language of the publication, as the protocol names it: `zh-cn`, `zh-tw`, `en`.
    pub language: String,
    /// Its entries, newest first.
    pub entries: Vec<NewsEntry>,
}

/// An article in the news sitemap.
#[derive(Debug, Clone, Serialize)]
pub struct NewsEntry {
    /// Its address.
    pub address: String,
    /// When it was published, as RFC 3339.
    pub date: String,
    /// Its title.
    pub title: String,
}

/// `sitemap-cn.txt`.
#[derive(Debug, Clone, Serialize)]
pub struct TextSitemapView {
    /// The addresses of articles, oldest first.
    pub addresses: Vec<String>,
}

/// `robots.txt`.
#[derive(Debug, Clone, Serialize)]
pub struct RobotsView {
    /// The programs for AI that are kept out, by `robots.ai` of masthead.yaml.
    pub denied: Vec<&'static str>,
    /// The addresses of the sitemap indexes and the plain-text sitemaps of all editions.
    pub sitemaps: Vec<String>,
}

/// `llms.txt`.
#[derive(Debug, Clone, Serialize)]
pub struct LlmsView<'a> {
    /// The channels, in the order of the navigation.
    pub channels: Vec<Described>,
    /// The latest articles, newest first.
    pub latest: Vec<CardRef<'a>>,
    /// Whether each article stands there as Markdown as well, as `index.md` beside its page.
    pub has_twins: bool,
}

/// A page and what it is.
#[derive(Debug, Clone, Serialize)]
pub struct Described {
    /// What it is called.
    pub name: String,
    /// Its address.
    pub address: String,
    /// One sentence on it.
    pub description: Option<String>,
}

/// `article.md`. The body's Markdown is `body`, made when the file is rendered.
#[derive(Debug, Clone, Serialize)]
pub struct TwinView {
    /// The title.
    pub title: String,
    /// The address of the article's page.
    pub address: String,
    /// When it was published, as RFC 3339, or the day alone.
    pub date: Option<String>,
    /// Where it comes from.
    pub source: Option<String>,
    /// The address where it first appeared.
    pub source_url: Option<String>,
    /// Who wrote it.
    pub authors: Vec<String>,
    /// Its summary.
    pub summary: Option<String>,
    /// Who made the summary.
    pub summary_method: Option<Method>,
}

/// `manifest.webmanifest`.
#[derive(Debug, Clone, Serialize)]
pub struct ManifestView {
    /// The icons among the static files.
    pub icons: Vec<Icon>,
}

/// An icon of the portal.
#[derive(Debug, Clone, Serialize)]
pub struct Icon {
    /// Where it is.
    pub src: String,
    /// `192x192`, or `any`.
    pub sizes: String,
    /// Its media type.
    pub kind: &'static str,
    /// `any` or `maskable`.
    pub purpose: &'static str,
}

/// `opensearch.xml`.
#[derive(Debug, Clone, Serialize)]
pub struct OpenSearchView {
    /// The portal's name in 16 characters at most.
    pub name: String,
    /// The address of the search page.
    pub address: String,
}

/// `_headers`.
#[derive(Debug, Clone, Serialize)]
pub struct HeadersView {
    /// Whether the portal stands behind `https`.
    pub secure: bool,
    /// Whether articles stand there as Markdown as well.
    pub has_twins: bool,
}

/// `speculation-rules.json`.
#[derive(Debug, Clone, Serialize)]
pub struct SpeculationView {
    /// Where the search pages of all editions are.
    pub searches: Vec<String>,
}

/// `_redirects`.
#[derive(Debug, Clone, Serialize)]
pub struct RedirectsView {
    /// The status that the host is to answer with, as it writes it.
    pub status: &'static str,
    /// Old URLs and where each leads.
    pub redirects: Vec<Moved>,
}

/// An old URL.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct Moved {
    pub from: String,
    pub to: String,
}

/// `accents.css`.
#[derive(Debug, Clone, Serialize)]
pub struct AccentsView {
    /// The channels that have a colour.
    pub channels: Vec<Accent>,
}

/// A channel's colour.
#[derive(Debug, Clone, Serialize)]
pub struct Accent {
    /// The channel.
    pub id: String,
    /// `#rrggbb`.
    pub color: String,
}

/// What a route shows.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
#[serde(untagged)]
pub enum View<'a> {
    Article(Box<ArticleView<'a>>),
    Page(Box<PageView>),
    Home(Box<HomeView<'a>>),
    List(Box<ListView<'a>>),
    Topic(Box<TopicView<'a>>),
    Archive(ArchiveView),
    Month(MonthView<'a>),
    Day(DayView<'a>),
    Index(IndexView),
    NotFound(NotFoundView<'a>),
    Search(Box<SearchView>),
    Redirect(RedirectView),
    Feed(FeedView<'a>),
    Sitemap(SitemapView),
    News(NewsView),
    TextSitemap(TextSitemapView),
    Robots(RobotsView),
    Llms(LlmsView<'a>),
    Twin(TwinView),
    Manifest(ManifestView),
    OpenSearch(OpenSearchView),
    Headers(HeadersView),
    Redirects(RedirectsView),
    Speculation(SpeculationView),
    Accents(AccentsView),
    /// A file that is copied: its path and hash.
    File(&'a str, String),
}

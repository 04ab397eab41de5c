//! masthead.yaml: what a site says of itself. Everything has a default.

pub mod digests;
pub mod editions;
pub mod embeds;
pub mod machines;
pub mod omit;
pub mod pictures;
pub mod seo;
pub mod share;

use crate::base::date;
use crate::base::diagnostic::{Code, Diagnostic, Lines};
use crate::base::language::language;
use crate::base::slug::{is_name, percent_encoded};
use crate::base::text::count::Rate;
use crate::base::yaml::{self, Complaints, Mapping, one_of};
use digests::{Digest, Digests};
use jiff::tz::TimeZone;
use pictures::Pictures;
use serde::Serialize;
use std::collections::BTreeMap;
use unicode_normalization::UnicodeNormalization;

/// The languages that the built-in theme speaks.
pub const LANGUAGES: [&str; 3] = ["zh-Hans", "zh-Hant", "en"];

/// A site's configuration.
#[derive(Debug, Clone)]
pub struct Config {
    /// The portal's name.
    pub title: String,
    /// One sentence on it.
    pub description: Option<String>,
    /// Where it will stand: scheme, host and perhaps a path, without a slash at the end.
    pub base_url: String,
    /// BCP 47 language of pages and of the theme's own words.
    pub language: String,
    /// The scripts that the portal stands in; empty where it stands as it is written.
    pub editions: Vec<editions::Edition>,
    /// The zone of dates without an offset.
    pub zone: TimeZone,
    /// Channels in the order of the navigation; folders that are not named here follow.
    pub channels: Vec<Channel>,
    /// Links in the navigation; the channels where it is empty.
    pub main_menu: Vec<MenuItem>,
    /// Links in the footer.
    pub footer_menu: Vec<MenuItem>,
    /// How readers reach the publisher.
    pub contact: Contact,
    /// Blocks of the home page; one per channel where it is empty.
    pub blocks: Vec<Block>,
    /// The promotion that stands in each article.
    pub promo: Option<Promo>,
    /// Licence lines at the foot of every page.
    pub legal: Vec<LegalLine>,
    /// Where a market's securities are quoted: `US` → `https://…/{code}`.
    pub quotes: BTreeMap<String, String>,
    /// What is made of articles that have no summary or highlights.
    pub digests: Digests,
    /// Whether articles without tags get some that the site had before them.
    pub auto_tags: bool,
    /// Who stands for texts that a model made, in the metadata of their pages.
    pub aigc: Aigc,
    /// Who publishes the portal, for search engines.
    pub publisher: seo::Publisher,
    /// Whether pages have the metadata of Baidu and Toutiao.
    pub cn: bool,
    /// The picture that previews elsewhere show of pages without one of their own.
    pub image: Option<String>,
    /// What search engines are told of articles that first appeared elsewhere.
    pub reprints: seo::Reprints,
    /// Whether somebody chose that.
    pub has_reprint_policy: bool,
    /// Whether articles show their address as a QR code.
    pub qr: bool,
    /// The pictures that are made of titles.
    pub social_cards: Option<share::SocialCards>,
    /// What pages may load.
    pub policy: seo::Policy,
    /// The hosts of videos whose players may run in pages.
    pub embeds: Vec<&'static embeds::Host>,
    /// How fast readers are.
    pub reading: Rate,
    /// Articles of a leaf.
    pub page_size: u32,
    /// The article's URL: `/{channel}/{slug}/`, with `{year}`, `{month}` and `{day}` to choose from.
    pub permalink: String,
    /// What URLs are made of names in.
    pub slugs: Slugs,
    /// The pages that it does without.
    pub omit: Vec<omit::Pages>,
    /// What the search page looks in.
    pub search: Search,
    /// Which programs for AI robots.txt lets in.
    pub ai: machines::Ai,
    /// Whether articles stand there as Markdown as well.
    pub llms: bool,
    /// What feeds hold.
    pub feeds: machines::Feeds,
    /// The host that gets `_headers` and `_redirects`.
    pub hosting: Option<machines::Hosting>,
    /// In which widths pictures are made.
    pub pictures: Pictures,
    /// Anything, for templates.
    pub extra: serde_json::Value,
}

/// What the search page looks in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Search {
    /// There is no search page.
    Off,
    /// Titles, tags, summaries and points.
    Heads,
    /// These, and bodies.
    Bodies,
}

/// A channel as configured.
#[derive(Debug, Clone, Default)]
pub struct Channel {
    /// The folder's name.
    pub id: String,
    /// What readers see.
    pub name: Option<String>,
    /// One sentence on it.
    pub description: Option<String>,
    /// The template variant of the channel's pages and of its articles.
    pub template: Option<String>,
    /// Its colour, `#rrggbb`.
    pub accent: Option<String>,
    /// The pages of documentation in their order, as paths below content/.
    pub pages: Vec<String>,
    /// Whether raw HTML in the files of its folder is sanitised: `trust: false`.
    pub untrusted: bool,
    /// The name of the digest of its articles.
    pub digest: Option<String>,
}

impl Channel {
    /// Whether it is documentation: `template: docs`.
    pub fn is_docs(&self) -> bool {
        self.template.as_deref() == Some("docs")
    }
}

/// A link in a menu.
#[derive(Debug, Clone, Serialize)]
pub struct MenuItem {
    /// Its text.
    pub name: String,
    /// A path from the site's root, or an address.
    pub url: String,
}

/// How readers reach the publisher; what is empty is not shown.
#[derive(Debug, Clone, Default, Serialize)]
#[allow(missing_docs)]
pub struct Contact {
    pub email: Option<String>,
    pub phone: Option<String>,
    pub address: Option<String>,
}

/// Who made and who published what a model wrote (GB 45438-2025); the portal publishes it where
/// nobody is named.
#[derive(Debug, Clone, Default)]
#[allow(missing_docs)]
pub struct Aigc {
    pub producer: Option<String>,
    pub propagator: Option<String>,
}

/// What a block of the home page is of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BlockOf {
    Channel(String),
    Tag(String),
    Topic(String),
    Source(String),
}

/// A block of the home page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it is of.
    pub of: BlockOf,
    /// Its heading, where it is not the name of what it is of.
    pub title: Option<String>,
    /// How many articles it shows.
    pub limit: u32,
    /// How it looks: `list`, `lead`, `grid` or `rank`.
    pub look: &'static str,
}

/// A promotion.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct Promo {
    pub title: String,
    pub text: Option<String>,
    pub url: String,
}

/// A licence line, such as the ICP number.
#[derive(Debug, Clone, Serialize)]
#[allow(missing_docs)]
pub struct LegalLine {
    pub text: String,
    pub url: Option<String>,
}

/// How a name becomes a part of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Slugs {
    /// As it is.
    Unicode,
    /// In Latin letters.
    Pinyin,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            title: "masthead".to_string(),
            description: None,
            base_url: "http://localhost:4000".to_string(),
            language: "zh-Hans".to_string(),
            editions: Vec::new(),
            zone: date::zone("+08:00").unwrap_or(TimeZone::UTC),
            channels: Vec::new(),
            main_menu: Vec::new(),
            footer_menu: Vec::new(),
            contact: Contact::default(),
            blocks: Vec::new(),
            promo: None,
            legal: Vec::new(),
            quotes: BTreeMap::new(),
            digests: Digests::default(),
            auto_tags: false,
            aigc: Aigc::default(),
            publisher: seo::Publisher::default(),
            cn: false,
            image: None,
            reprints: seo::Reprints::default(),
            has_reprint_policy: false,
            qr: false,
            social_cards: None,
            policy: seo::Policy::default(),
            embeds: Vec::new(),
            reading: Rate::default(),
            page_size: 20,
            permalink: "/{channel}/{slug}/".to_string(),
            slugs: Slugs::Unicode,
            omit: Vec::new(),
            search: Search::Bodies,
            ai: machines::Ai::default(),
            llms: false,
            feeds: machines::Feeds::default(),
            hosting: None,
            pictures: Pictures::default(),
            extra: serde_json::Value::Null,
        }
    }
}

impl Config {
    /// The path below which the site stands on its host: empty, or `/news`.
    pub fn base_path(&self) -> &str {
        // It is asked for at every link, and nearly every address begins in one of two ways.
        let url = self.base_url.as_str();
        let known = ["https://", "http://"];
        let known = known.iter().find_map(|start| url.strip_prefix(start));
        let host = known.or_else(|| Some(url.split_once("://")?.1));
        let host = host.unwrap_or(url);
        memchr::memchr(b'/', host.as_bytes()).map_or("", |at| &host[at..])
    }

    /// The address of the host alone: `https://news.example`.
    pub fn origin(&self) -> &str {
        &self.base_url[..self.base_url.len() - self.base_path().len()]
    }

    /// Whether any form of a digest that is in use has some of a thing.
    pub fn makes_of_text(&self, amount: impl Fn(&Digest) -> u32) -> bool {
        let channels = self.channels.iter();
        let own = channels.filter_map(|channel| channel.digest.as_deref());
        let mut names = own.chain([self.digests.chosen.as_str()]);
        names.any(|name| {
            let form = self.digests.form(name);
            form.is_some_and(|form| amount(&form) > 0)
        })
    }
}

/// Reads a configuration; what is wrong in it is said, and the default stands in for it.
pub fn read(lines: &Lines, out: &mut Complaints) -> Config {
    let mut keys = yaml::document(lines, out);
    let default = Config::default();
    let digests = digests::read(&mut keys, out);
    let mut menus = keys.mapping("menus", "{main: [{name: …, url: …}]}", out);
    let editions = editions::read(&mut keys, out);
    let language = language(&mut keys, "language", out);
    let first = editions.first().map(|one| one.language.to_string());
    let (cn, image) = seo::seo(&mut keys, out);
    let reprints = seo::reprints(&mut keys, out);
    let mut config = Config {
        title: keys.text("title", out).unwrap_or(default.title),
        description: keys.text("description", out),
        base_url: base_url(&mut keys, out).unwrap_or(default.base_url),
        language: first.or(language.clone()).unwrap_or(default.language),
        editions,
        zone: zone(&mut keys, out).unwrap_or(default.zone),
        channels: channels(&mut keys, &digests, out),
        main_menu: menus
            .as_mut()
            .map_or_else(Vec::new, |menus| menu(menus, "main", out)),
        footer_menu: menus
            .as_mut()
            .map_or_else(Vec::new, |menus| menu(menus, "footer", out)),
        contact: contact(&mut keys, out),
        blocks: blocks(&mut keys, out),
        promo: promo(&mut keys, out),
        legal: legal(&mut keys, out),
        quotes: quotes(&mut keys, out),
        digests,
        auto_tags: keys.boolean("auto_tags", out).unwrap_or(default.auto_tags),
        aigc: aigc(&mut keys, out),
        publisher: seo::publisher(&mut keys, out),
        cn,
        image,
        reprints: reprints.unwrap_or_default(),
        has_reprint_policy: reprints.is_some(),
        qr: share::qr(&mut keys, out),
        social_cards: share::social_cards(&mut keys, out),
        policy: seo::policy(&mut keys, out),
        embeds: embeds::embeds(&mut keys, out),
        reading: reading(&mut keys, out),
        page_size: page_size(&mut keys, out).unwrap_or(default.page_size),
        permalink: permalink(&mut keys, out).unwrap_or(default.permalink),
        slugs: slugs(&mut keys, out).unwrap_or(default.slugs),
        omit: omit::omit(&mut keys, out),
        search: search(&mut keys, out),
        ai: machines::robots(&mut keys, out),
        llms: keys.boolean("llms", out).unwrap_or(default.llms),
        feeds: machines::feeds(&mut keys, out),
        hosting: machines::hosting(&mut keys, out),
        pictures: pictures::read(&mut keys, out),
        extra: keys.anything("extra", out).unwrap_or_default(),
    };
    for host in &config.embeds {
        config.policy.allow_frames(host.origin);
    }
    if let Some(menus) = menus {
        menus.finish(out);
    }
    editions::agrees(&config, language.as_deref(), &keys, out);
    keys.finish(out);
    config
}

fn complain(keys: &Mapping, key: &str, message: String, help: &str) -> Diagnostic {
    let mut diagnostic = Diagnostic::new(Code::BadValue, message).help(help);
    diagnostic.place = keys.place(key, "");
    diagnostic
}

fn in_item(keys: &Mapping, key: &str, item: &Mapping, message: String, help: &str) -> Diagnostic {
    let mut diagnostic = complain(keys, key, message, help);
    diagnostic.place = item.start().or(diagnostic.place);
    diagnostic
}

fn base_url(keys: &mut Mapping, out: &mut Complaints) -> Option<String> {
    let given = keys.text("base_url", out)?;
    let checked = checked_base_url(&given);
    if checked.is_none() {
        let message = format!("`base_url` is not a web address: `{given}`");
        out.push(complain(
            keys,
            "base_url",
            message,
            "write `base_url: https://example.org`",
        ));
    }
    checked
}

/// A base URL without a slash at its end, if it is one.
pub fn checked_base_url(given: &str) -> Option<String> {
    let rest = given
        .strip_prefix("https://")
        .or_else(|| given.strip_prefix("http://"))?;
    let fine = !rest.is_empty() && !rest.starts_with('/') && !given.contains(['?', '#', ' ']);
    let (scheme, rest) = given.split_at(given.len() - rest.len());
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let path = percent_encoded(path.trim_end_matches('/')).replace("%25", "%");
    fine.then(|| format!("{scheme}{host}{path}"))
}

fn zone(keys: &mut Mapping, out: &mut Complaints) -> Option<TimeZone> {
    let given = keys.text("timezone", out)?;
    let zone = date::zone(&given);
    if zone.is_none() {
        let message = format!("`timezone` is not a time zone: `{given}`");
        out.push(complain(
            keys,
            "timezone",
            message,
            "write `+08:00` or `Asia/Shanghai`",
        ));
    }
    zone
}

fn channels(keys: &mut Mapping, digests: &Digests, out: &mut Complaints) -> Vec<Channel> {
    let mut channels = Vec::new();
    for mut item in keys.mappings("channels", "[{id: …}]", out) {
        let id = item.text("id", out);
        let channel = Channel {
            id: id.clone().unwrap_or_default(),
            name: item.text("name", out),
            description: item.text("description", out),
            template: variant(&mut item, "template", out),
            accent: accent(&mut item, out),
            pages: pages(&mut item, out),
            untrusted: item.boolean("trust", out) == Some(false),
            digest: digests::chosen(&mut item, digests, out),
        };
        if item.lacks("id") {
            let message = "a channel has no `id`".to_string();
            let help = "write `id: …`, the name of its folder";
            out.push(in_item(keys, "channels", &item, message, help));
        }
        item.finish(out);
        match id {
            Some(id) if channels.iter().any(|other: &Channel| other.id == id) => {
                let message = format!("the channel `{id}` is given twice");
                out.push(complain(
                    keys,
                    "channels",
                    message,
                    "take one of the two out",
                ));
            }
            Some(_) => channels.push(channel),
            None => {}
        }
    }
    channels
}

/// Paths below content/, in one normal form of Unicode.
fn pages(keys: &mut Mapping, out: &mut Complaints) -> Vec<String> {
    let given = keys.texts("pages", out);
    let inside = |path: &String| path.trim_start_matches('/').nfc().collect();
    given.iter().map(inside).collect()
}

fn variant(keys: &mut Mapping, key: &'static str, out: &mut Complaints) -> Option<String> {
    let given = keys.text(key, out)?;
    if !is_name(&given) {
        let message = format!("`{key}` must be a name, not a path: `{given}`");
        out.push(complain(
            keys,
            key,
            message,
            "write the file's name without folder and `.html`",
        ));
        return None;
    }
    Some(given)
}

/// A colour goes into a style sheet, so it must be one.
fn accent(keys: &mut Mapping, out: &mut Complaints) -> Option<String> {
    let given = keys.text("accent", out)?;
    let digits = given.strip_prefix('#').unwrap_or("");
    if matches!(digits.len(), 3 | 6) && digits.chars().all(|c| c.is_ascii_hexdigit()) {
        return Some(given);
    }
    let message = format!("`accent` is not a colour: `{given}`");
    out.push(complain(
        keys,
        "accent",
        message,
        "write `accent: \"#0a6e4f\"`",
    ));
    None
}

fn menu(keys: &mut Mapping, key: &'static str, out: &mut Complaints) -> Vec<MenuItem> {
    let mut items = Vec::new();
    for mut item in keys.mappings(key, "[{name: …, url: …}]", out) {
        let (name, url) = (item.text("name", out), item.text("url", out));
        if item.lacks("name") || item.lacks("url") {
            let message = "a menu's item needs `name` and `url`".to_string();
            let help = "write `{name: …, url: /about/}`";
            out.push(in_item(keys, key, &item, message, help));
        }
        match (name, url) {
            (Some(name), Some(url)) if is_target(&url) => {
                items.push(MenuItem { name, url });
            }
            (Some(_), Some(url)) => {
                let message = format!("a menu's `url` can't be `{url}`");
                let bare = url.trim_matches('/');
                let help = format!("write `url: /{bare}/`, or a whole address");
                out.push(complain(&item, "url", message, &help));
            }
            _ => {}
        }
        item.finish(out);
    }
    items
}

fn search(keys: &mut Mapping, out: &mut Complaints) -> Search {
    if !keys.is_mapping("search") {
        return match keys.boolean("search", out) {
            Some(false) => Search::Off,
            _ => Search::Bodies,
        };
    }
    let Some(mut inner) = keys.mapping("search", "{body: false}", out) else {
        return Search::Bodies;
    };
    let body = inner.boolean("body", out);
    inner.finish(out);
    match body {
        Some(false) => Search::Heads,
        _ => Search::Bodies,
    }
}

fn contact(keys: &mut Mapping, out: &mut Complaints) -> Contact {
    let Some(mut inner) = keys.mapping("contact", "{email: …}", out) else {
        return Contact::default();
    };
    let contact = Contact {
        email: inner.text("email", out),
        phone: inner.text("phone", out),
        address: inner.text("address", out),
    };
    inner.finish(out);
    contact
}

fn aigc(keys: &mut Mapping, out: &mut Complaints) -> Aigc {
    let Some(mut inner) = keys.mapping("aigc", "{producer: …}", out) else {
        return Aigc::default();
    };
    let aigc = Aigc {
        producer: inner.text("producer", out),
        propagator: inner.text("propagator", out),
    };
    inner.finish(out);
    aigc
}

/// The looks of a block; the first is the default.
const LOOKS: [(&str, &str); 4] = [
    ("list", "list"),
    ("lead", "lead"),
    ("grid", "grid"),
    ("rank", "rank"),
];

fn blocks(keys: &mut Mapping, out: &mut Complaints) -> Vec<Block> {
    let mut blocks = Vec::new();
    for mut item in keys.mappings("blocks", "[{tag: …, limit: 5}]", out) {
        let title = item.text("title", out);
        let of = [
            item.text("channel", out).map(BlockOf::Channel),
            item.text("tag", out).map(BlockOf::Tag),
            item.text("topic", out).map(BlockOf::Topic),
            item.text("source", out).map(BlockOf::Source),
        ];
        let limit = block_limit(&mut item, out);
        let look = one_of(&mut item, "look", &LOOKS, out).unwrap_or("list");
        item.finish(out);
        let mut of = of.into_iter().flatten();
        match (of.next(), of.next()) {
            (Some(of), None) => {
                blocks.push(Block {
                    of,
                    title,
                    limit,
                    look,
                });
            }
            _ => {
                let message = "a block is of one channel, tag, topic or source".to_string();
                out.push(complain(
                    keys,
                    "blocks",
                    message,
                    "write `{tag: …, limit: 5, look: list}`",
                ));
            }
        }
    }
    blocks
}

fn block_limit(keys: &mut Mapping, out: &mut Complaints) -> u32 {
    let limit = keys.integer("limit", out).unwrap_or(5);
    if !(1..=30).contains(&limit) {
        let message = "`limit` goes from 1 to 30".to_string();
        out.push(complain(keys, "limit", message, "write `limit: 5`"));
        return 5;
    }
    limit as u32
}

fn promo(keys: &mut Mapping, out: &mut Complaints) -> Option<Promo> {
    let mut inner = keys.mapping("promo", "{title: …, url: https://…}", out)?;
    let (title, text, url) = (
        inner.text("title", out),
        inner.text("text", out),
        inner.text("url", out),
    );
    inner.finish(out);
    let promo = title.zip(url.filter(|url| is_target(url)));
    if promo.is_none() {
        let message = "`promo` needs `title` and `url`".to_string();
        out.push(complain(
            keys,
            "promo",
            message,
            "write `promo: {title: …, url: https://…}`",
        ));
    }
    promo.map(|(title, url)| Promo { title, text, url })
}

fn legal(keys: &mut Mapping, out: &mut Complaints) -> Vec<LegalLine> {
    let mut lines = Vec::new();
    for mut item in keys.mappings("legal", "[{text: …}]", out) {
        let (text, url) = (item.text("text", out), item.text("url", out));
        item.finish(out);
        match text {
            Some(text) if url.as_deref().is_none_or(is_target) => {
                lines.push(LegalLine { text, url })
            }
            _ => {
                let message =
                    "a line of `legal` needs `text`, and its `url` must be one".to_string();
                out.push(complain(
                    keys,
                    "legal",
                    message,
                    "write `{text: 沪ICP备…号, url: https://…}`",
                ));
            }
        }
    }
    lines
}

/// A path of the site, a web address, a mail address or a number to call: never a script.
pub fn is_target(url: &str) -> bool {
    let path = url.starts_with('/') && !url.starts_with("//");
    path || ["https://", "http://", "mailto:", "tel:"]
        .iter()
        .any(|scheme| url.starts_with(scheme))
}

fn quotes(keys: &mut Mapping, out: &mut Complaints) -> BTreeMap<String, String> {
    let mut quotes = BTreeMap::new();
    let Some(mut inner) = keys.mapping("quotes", "{US: https://example.org/{code}}", out) else {
        return quotes;
    };
    for (market, url) in inner.whole(out) {
        match url
            .as_str()
            .filter(|url| is_target(url) && url.contains("{code}"))
        {
            Some(url) => drop(quotes.insert(market, url.to_string())),
            None => {
                let message =
                    format!("the quote of `{market}` must be an address with `{{code}}` in it");
                out.push(complain(
                    &inner,
                    &market,
                    message,
                    "write `US: https://example.org/{code}`",
                ));
            }
        }
    }
    quotes
}

/// How fast readers are: Han characters and words of other scripts a minute.
fn reading(keys: &mut Mapping, out: &mut Complaints) -> Rate {
    let default = Rate::default();
    let Some(mut inner) = keys.mapping("reading", "{han: 400, latin: 220}", out) else {
        return default;
    };
    let mut rate = |key: &'static str, default: u32| {
        let given = inner.integer(key, out).unwrap_or(i64::from(default));
        if (20..=5000).contains(&given) {
            return given as u32;
        }
        let message = format!("`{key}` goes from 20 to 5000 a minute");
        out.push(complain(
            &inner,
            key,
            message,
            "write `reading: {han: 400, latin: 220}`",
        ));
        default
    };
    let rate = Rate {
        han: rate("han", default.han),
        latin: rate("latin", default.latin),
    };
    inner.finish(out);
    rate
}

fn page_size(keys: &mut Mapping, out: &mut Complaints) -> Option<u32> {
    let given = keys.integer("page_size", out)?;
    if !(2..=200).contains(&given) {
        out.push(complain(
            keys,
            "page_size",
            "`page_size` goes from 2 to 200".into(),
            "write `page_size: 20`",
        ));
        return None;
    }
    u32::try_from(given).ok()
}

fn permalink(keys: &mut Mapping, out: &mut Complaints) -> Option<String> {
    let given = keys.text("permalink", out)?;
    let mut bare = given.clone();
    for part in ["{channel}", "{slug}", "{year}", "{month}", "{day}"] {
        bare = bare.replace(part, "");
    }
    let fine = given.starts_with('/')
        && given.ends_with('/')
        && given.contains("{slug}")
        && !bare.contains(['{', '}', '?', '#', '%', '\\'])
        && !given.contains("..")
        // An empty part would be another host, or the root of the disk.
        && !given.contains("//");
    if !fine {
        let message = format!("`permalink` can't be `{given}`");
        out.push(complain(
            keys,
            "permalink",
            message,
            "write `/{channel}/{slug}/`, perhaps with {year}, {month} and {day}",
        ));
    }
    fine.then_some(given)
}

fn slugs(keys: &mut Mapping, out: &mut Complaints) -> Option<Slugs> {
    let given = keys.text("slugs", out)?;
    match given.as_str() {
        "unicode" => Some(Slugs::Unicode),
        "pinyin" => Some(Slugs::Pinyin),
        _ => {
            let message = format!("`slugs` can't be `{given}`");
            out.push(complain(
                keys,
                "slugs",
                message,
                "write `slugs: unicode` or `slugs: pinyin`",
            ));
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base_urls_lose_their_last_slash() {
        let check = |given: &str, url: Option<&str>, path: &str| {
            let base_url = checked_base_url(given);
            assert_eq!(base_url.as_deref(), url, "{given}");
            let config = Config {
                base_url: base_url.unwrap_or_default(),
                ..Config::default()
            };
            assert_eq!(config.base_path(), path, "{given}");
        };
        check("https://e.org", Some("https://e.org"), "");
        check("https://e.org/", Some("https://e.org"), "");
        check(
            "http://e.org:80/news/a/",
            Some("http://e.org:80/news/a"),
            "/news/a",
        );
        check(
            "https://e.org/新闻/",
            Some("https://e.org/%E6%96%B0%E9%97%BB"),
            "/%E6%96%B0%E9%97%BB",
        );
        check("e.org", None, "");
        check("https:///x", None, "");
    }
}

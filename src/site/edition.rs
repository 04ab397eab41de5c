//! Editions: the whole portal in each of its scripts.
//!
//! A site stands once in memory, as it is written. [`InEdition`] is the site in one edition: the same
//! routes under the edition's prefix, and the same texts in its script. What is made for a page
//! goes through it; what is found out about the site does not.

use super::card::{Anchor, CardRef, Link, Shelf};
use super::route::path_of;
use super::{List, Route, Site};
use crate::base::fingerprint::{Fingerprint, of};
use crate::base::slug::{percent_decoded, push_encoded};
use crate::base::text::convert::{Edition as Texts, Glossary, Origin};
use crate::base::text::script::{Script, language};
use crate::config::Config;
use crate::facts::Facts;
use std::borrow::Cow;
use std::ops::{Deref, Range};

/// One of the scripts that a portal stands in.
pub struct Edition {
    /// Which one: 0 is the first, whose URLs have no prefix.
    pub number: usize,
    /// What stands before its URLs.
    pub prefix: String,
    /// Its language, where the site has editions.
    language: Option<&'static str>,
    /// The hash of how it turns texts.
    pub print: Fingerprint,
    /// What makes its texts, where the site has editions.
    texts: Option<Texts>,
    /// Cards as templates get them.
    pub shelf: Option<Shelf>,
}

impl std::fmt::Debug for Edition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Edition {} in {:?}", self.number, self.language)
    }
}

impl Edition {
    /// The editions of a site: at least one.
    pub fn all(config: &Config, glossary: &Glossary) -> Vec<Edition> {
        let edition = |(number, one): (usize, &crate::config::editions::Edition)| Edition {
            number,
            prefix: one.prefix.clone(),
            language: Some(one.language),
            print: of(&(
                one.language,
                one.scheme().name(),
                &glossary.pairs,
                &glossary.protected,
            )),
            texts: Some(Texts::new(one.scheme(), glossary)),
            shelf: None,
        };
        let mut all: Vec<Edition> = config.editions.iter().enumerate().map(edition).collect();
        if all.is_empty() {
            all.push(Edition::as_written());
        }
        all
    }

    /// The script that texts are turned into, as a language; none where the site has no editions.
    pub fn script(&self) -> Option<&'static str> {
        self.language.map(|language| &language[.."zh-Hans".len()])
    }

    /// What it is called, in its own script.
    pub fn name(&self) -> &'static str {
        match self.language.unwrap_or_default() {
            "zh-Hans-SG" => "简体（新加坡）",
            "zh-Hant-TW" => "繁體（臺灣）",
            "zh-Hant-HK" => "繁體（香港）",
            "zh-Hant-MO" => "繁體（澳門）",
            language if language.starts_with("zh-Hant") => "繁體",
            _ => "简体",
        }
    }

    /// The site as it is written.
    pub fn as_written() -> Edition {
        Edition {
            number: 0,
            prefix: String::new(),
            language: None,
            print: Fingerprint::default(),
            texts: None,
            shelf: None,
        }
    }
}

/// A site in one of its editions.
#[derive(Debug, Clone, Copy)]
pub struct InEdition<'a> {
    /// The site.
    pub site: &'a Site,
    /// The edition.
    pub edition: &'a Edition,
}

impl Deref for InEdition<'_> {
    type Target = Site;

    fn deref(&self) -> &Site {
        self.site
    }
}

impl Site {
    /// The site in one of its editions, by its number in [`Site::editions`].
    pub fn edition(&self, number: usize) -> InEdition<'_> {
        let edition = &self.editions[number];
        InEdition {
            site: self,
            edition,
        }
    }

    /// The site as it is written.
    pub fn as_written(&self) -> InEdition<'_> {
        InEdition {
            site: self,
            edition: &self.written,
        }
    }

    /// The site in each of its editions.
    pub fn in_editions(&self) -> impl Iterator<Item = InEdition<'_>> {
        (0..self.editions.len()).map(|number| self.edition(number))
    }

    /// What its own texts are.
    pub fn origin(&self) -> Origin {
        Origin {
            script: Script::of_language(&self.config.language),
            machine: false,
        }
    }

    /// The numbers of the editions that have a route of their own.
    pub fn editions_of(&self, route: Route) -> Range<usize> {
        match route.is_in_each_edition() {
            true => 0..self.editions.len(),
            false => 0..1,
        }
    }

    /// The edition and the route of a URL path (not percent-encoded), if the portal has it.
    pub fn find(&self, url: &str) -> Option<(usize, Route)> {
        let number = self.edition_of(url);
        let inside = url.strip_prefix(&self.editions[number].prefix)?;
        let route = self.route(inside)?;
        let is_there = self.editions_of(route).contains(&number);
        is_there.then_some((number, route))
    }

    /// The number of the edition whose prefix a URL path has.
    pub fn edition_of(&self, url: &str) -> usize {
        let inside = |edition: &&Edition| {
            let rest = url.strip_prefix(&edition.prefix);
            rest.is_some_and(|rest| rest.starts_with('/'))
        };
        let found = self.editions.iter().skip(1).find(inside);
        found.map_or(0, |edition| edition.number)
    }
}

impl<'a> InEdition<'a> {
    /// The BCP 47 language of the portal's own words.
    pub fn language(&self) -> &'a str {
        match self.edition.language {
            Some(language) => language,
            None => &self.site.config.language,
        }
    }

    /// A text in the edition's script; `own` says what the texts are that it stands among.
    pub fn say<'t>(&self, text: &'t str, own: Origin) -> Cow<'t, str> {
        match &self.edition.texts {
            Some(texts) => texts.text(text, own),
            None => Cow::Borrowed(text),
        }
    }

    /// A block in the edition's script, which markup cuts into pieces.
    pub fn say_block<'t>(&self, pieces: &[&'t str], own: Origin) -> Vec<Cow<'t, str>> {
        match &self.edition.texts {
            Some(texts) => texts.block(pieces, own),
            None => pieces.iter().map(|piece| Cow::Borrowed(*piece)).collect(),
        }
    }

    /// A text of the site's own in the edition's script.
    pub fn own(&self, text: &str) -> String {
        self.say(text, self.site.origin()).into_owned()
    }

    /// A text of the site's own that may be missing.
    pub fn own_or(&self, text: Option<&str>) -> Option<String> {
        text.map(|text| self.own(text))
    }

    /// Data in the edition's script: texts are turned, keys are not.
    pub fn own_data(&self, data: &serde_json::Value) -> serde_json::Value {
        use serde_json::Value;
        match data {
            Value::String(text) => Value::String(self.own(text)),
            Value::Array(items) => items.iter().map(|item| self.own_data(item)).collect(),
            Value::Object(map) => {
                let item = |(key, value): (&String, &Value)| (key.clone(), self.own_data(value));
                map.iter().map(item).collect()
            }
            other => other.clone(),
        }
    }

    /// The language of a text that was turned, if it tells.
    pub fn language_of(&self, text: &str) -> Option<&'static str> {
        let found = language(text)?;
        let own = self.edition.language;
        Some(own.filter(|own| own.starts_with(found)).unwrap_or(found))
    }

    /// The language of a page: that of its text.
    pub fn language_of_page(&self, facts: &Facts) -> String {
        let own = facts.lang.as_deref().unwrap_or(self.language());
        match self.edition.language {
            Some(language) if own.starts_with("zh") => language.to_string(),
            _ => own.to_string(),
        }
    }

    /// The URL path of a route below the site's root, not percent-encoded.
    pub fn url(&self, route: Route) -> String {
        match self.prefix_of(route) {
            "" => self.site.url(route),
            prefix => [prefix, &self.site.known_url(route)].concat(),
        }
    }

    /// What stands before the URL of a route in this edition.
    fn prefix_of(&self, route: Route) -> &'a str {
        match route.is_in_each_edition() {
            true => &self.edition.prefix,
            false => "",
        }
    }

    /// What a link to a route says: with the base path, percent-encoded. Nothing where the portal
    /// does without the page.
    pub fn href(&self, route: Route) -> String {
        self.way(route).unwrap_or_default()
    }

    /// The same; none where the portal does without the page.
    pub fn way(&self, route: Route) -> Option<String> {
        let is_there = self.site.has(route);
        is_there.then(|| {
            let url = self.site.known_url(route);
            self.site.href_below(self.prefix_of(route), &url)
        })
    }

    /// What a link to a URL path of the site says in this edition.
    pub fn href_of(&self, url: &str) -> String {
        self.turned(&self.site.href_of(url)).into_owned()
    }

    /// The absolute address of a route.
    pub fn address(&self, route: Route) -> String {
        let mut address = self.site.config.base_url.clone();
        push_encoded(&mut address, self.prefix_of(route));
        push_encoded(&mut address, &self.site.known_url(route));
        address
    }

    /// The output path of a route.
    pub fn path(&self, route: Route) -> String {
        match self.prefix_of(route) {
            "" => self.site.path(route),
            _ => path_of(&self.url(route)),
        }
    }

    /// Where the links of an article's or page's body lead.
    pub fn hrefs(&self, route: Route) -> Vec<String> {
        let hrefs = self.site.hrefs_of(route);
        hrefs
            .iter()
            .map(|href| self.turned(href).into_owned())
            .collect()
    }

    /// A link into the site, to the page of this edition; files stand once for all editions.
    pub fn turned<'h>(&self, href: &'h str) -> Cow<'h, str> {
        if self.edition.prefix.is_empty() {
            return Cow::Borrowed(href);
        }
        let base = self.site.config.base_path();
        let inside = href.strip_prefix(base);
        let Some(inside) = inside.filter(|inside| inside.starts_with('/')) else {
            return Cow::Borrowed(href);
        };
        let bare = inside.split(['?', '#']).next().unwrap_or(inside);
        let url = percent_decoded(bare).unwrap_or(Cow::Borrowed(bare));
        let is_page = match self.site.route(&url) {
            Some(route) => route.is_in_each_edition(),
            None => self.site.broken_at(&url).is_some(),
        };
        match is_page {
            true => Cow::Owned(format!("{base}{}{inside}", self.edition.prefix)),
            false => Cow::Borrowed(href),
        }
    }

    /// Whether it is the site as it is written, which has the number of the first edition.
    pub(super) fn is_written(&self) -> bool {
        std::ptr::eq(self.edition, &self.site.written)
    }

    /// A link to a list, under its name.
    pub fn link(&self, list: List) -> Link {
        let make = || self.made_anchor(list).into();
        match self.site.links(list) {
            Some(links) => links.page(self, make),
            None => make(),
        }
    }

    /// A link to a list's feed, under the list's name.
    pub fn feed_link(&self, list: List) -> Link {
        let make = || {
            let url = self.href(Route::Feed(list, super::Format::Rss));
            let named = self.made_anchor(list);
            Anchor { url, ..named }.into()
        };
        match self.site.links(list) {
            Some(links) => links.feed(self, make),
            None => make(),
        }
    }

    fn made_anchor(&self, list: List) -> Anchor {
        let name = self.list_name(list);
        Anchor {
            url: self.href(Route::Hub(list)),
            lang: self.language_of(&name),
            name,
        }
    }

    /// The name of a list.
    pub fn list_name(&self, list: List) -> String {
        self.own(self.site.list_name(list))
    }

    /// The card of an article, for a view.
    pub fn card_ref(&self, article: u32) -> CardRef<'a> {
        CardRef {
            site: *self,
            article,
            also: Vec::new(),
        }
    }
}

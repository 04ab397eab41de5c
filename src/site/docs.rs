//! Documentation: channels whose pages stand in an order that the publisher gives, such as help.
//!
//! A channel is one by `template: docs`. Its pages have addresses, cards and a place in the search
//! like articles, and no date: they are in no list but their channel's, which is a single page, and
//! in no feed. What a source becomes by its channel is settled here, in one place: everything else
//! sees facts of [`Kind::Doc`].

use super::links::normal;
use super::{List, Site};
use crate::base::diagnostic::{Code, Diagnostic, nearest};
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::config::{Channel, Config};
use crate::facts::{Facts, Kind};
use std::sync::Arc;

/// All documentation of a site.
#[derive(Debug, Default)]
pub struct Docs {
    /// Its channels that have pages, in the order of the navigation.
    pub sections: Vec<Section>,
    /// The hash of what a navigation shows of it.
    pub print: Fingerprint,
}

/// A channel of documentation.
#[derive(Debug)]
pub struct Section {
    /// The number of the channel.
    pub channel: u32,
    /// Its pages in their order.
    pub pages: Vec<u32>,
}

/// A path as `pages` of masthead.yaml has it.
fn inside(path: &str) -> &str {
    path.strip_prefix("content/").unwrap_or(path)
}

/// The channel of documentation that a source belongs to, and whether masthead.yaml names the
/// source.
fn channel_of<'a>(config: &'a Config, facts: &Facts) -> Option<(&'a Channel, bool)> {
    let docs = || config.channels.iter().filter(|channel| channel.is_docs());
    docs().next()?;
    let path = normal(inside(&facts.path));
    let names = |channel: &&Channel| channel.pages.iter().any(|page| *page == path);
    if let Some(named) = docs().find(names) {
        return Some((named, true));
    }
    let own = facts.meta.channel.as_deref().or(facts.folder.as_deref());
    let own = docs().find(|channel| Some(channel.id.as_str()) == own);
    own.filter(|_| facts.meta.kind == Kind::Article)
        .map(|own| (own, false))
}

/// The facts of a source as its channel has them: those of documentation are made a page of it.
pub(super) fn settled(config: &Config, mut facts: Arc<Facts>) -> Arc<Facts> {
    let Some((channel, is_named)) = channel_of(config, &facts) else {
        return facts;
    };
    let own = Arc::make_mut(&mut facts);
    own.meta.kind = Kind::Doc;
    own.meta.channel = Some(channel.id.clone());
    own.meta.date = None;
    own.meta.lead = false;
    own.year_inferred = false;
    if own.raw.open_year.is_some() {
        own.raw.get_mut().open_year = None;
    }
    own.terms.clear();
    // Not the most telling sentences, but the first: they say what the page is about.
    own.extract = None;
    let begins = own.begins.take().filter(|text| !text.is_empty());
    let more = own.meta.more.get_mut();
    more.pin_until = None;
    more.standfirst = more.standfirst.take().or(begins.map(String::from));
    own.diagnostics
        .get_mut()
        .retain(|said| said.code != Code::NoDate);
    // A folder of a channel's own decides whether its files are trusted.
    let is_channel = |folder: &String| config.channels.iter().any(|one| one.id == *folder);
    if is_named && !own.folder.as_ref().is_some_and(is_channel) {
        own.folder = Some(channel.id.clone());
    }
    facts
}

impl Site {
    /// Whether a channel is documentation.
    pub fn is_docs(&self, channel: u32) -> bool {
        let own = self.config.channels.get(channel as usize);
        own.is_some_and(Channel::is_docs)
    }

    /// All documentation, in its order.
    pub fn docs(&self) -> &Docs {
        self.docs.get_or_init(|| {
            let mut docs = Docs::default();
            let mut fold = Fold::new();
            let channels = 0..self.channels.len() as u32;
            for channel in channels.filter(|channel| self.is_docs(*channel)) {
                let order = &self.config.channels[channel as usize].pages;
                let members = self.channels[channel as usize].members.iter().copied();
                let is_page = |n: &u32| self.articles[*n as usize].kind() == Kind::Doc;
                let mut pages: Vec<u32> = members.filter(is_page).collect();
                // The others follow by path, as they stand already.
                pages.sort_by_cached_key(|n| {
                    let path = normal(inside(&self.articles[*n as usize].facts.path));
                    let at = order.iter().position(|one| *one == path);
                    at.unwrap_or(order.len())
                });
                for article in pages.iter().map(|n| &self.articles[*n as usize]) {
                    fold.add(article.facts.title.as_bytes())
                        .add(article.facts.lang.as_deref().unwrap_or("").as_bytes())
                        .add(article.url.as_bytes());
                }
                if !pages.is_empty() {
                    fold.add(&channel.to_le_bytes());
                    docs.sections.push(Section { channel, pages });
                }
            }
            docs.print = fold.finish();
            docs
        })
    }

    /// Whether there is documentation and nothing else.
    pub fn is_docs_alone(&self) -> bool {
        let mut channels = self.channels.iter().enumerate();
        self.all.is_empty()
            && self.flashes.is_empty()
            && channels.any(|(n, own)| self.is_docs(n as u32) && !own.members.is_empty())
    }

    /// The pages before and after a page of documentation, across its sections.
    pub(super) fn around_doc(&self, n: u32) -> [Option<u32>; 2] {
        let sections = self.docs().sections.iter();
        let pages: Vec<u32> = sections.flat_map(|own| own.pages.iter().copied()).collect();
        let Some(at) = pages.iter().position(|other| *other == n) else {
            return [None, None];
        };
        let before = at.checked_sub(1).and_then(|at| pages.get(at));
        [before.copied(), pages.get(at + 1).copied()]
    }

    /// What is wrong with `pages` of masthead.yaml.
    pub(super) fn docs_said(&self) -> Vec<Diagnostic> {
        let mut said = Vec::new();
        let warn = |message: String| {
            let diagnostic = Diagnostic::new(Code::UnknownName, message);
            diagnostic.at_key(crate::source::CONFIG, "channels")
        };
        for channel in &self.config.channels {
            if !channel.is_docs() && !channel.pages.is_empty() {
                let message = format!(
                    "the channel `{}` has `pages` and is no documentation",
                    channel.id
                );
                said.push(warn(message).help("write `template: docs`, or take `pages` out"));
                continue;
            }
            for page in &channel.pages {
                let path = format!("content/{page}");
                if self.by_path(&path).is_some() || self.shadows.contains_key(&path) {
                    continue;
                }
                let id = &channel.id;
                let message =
                    format!("`pages` of the channel `{id}` names `{page}`, which there is not");
                let all = self.articles.iter().map(|one| inside(&one.facts.path));
                let help = match nearest(page, all) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write its path below content/".to_string(),
                };
                said.push(warn(message).help(help));
            }
        }
        said
    }

    /// Whether a list has a feed.
    pub fn has_feed(&self, list: List) -> bool {
        match list {
            List::Channel(n) => !self.is_docs(n),
            list => super::route::has_feed(list),
        }
    }
}

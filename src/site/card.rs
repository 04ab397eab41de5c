//! The card: all that one page may know of another article (law 1).

use super::calendar::chinese_day;
use super::edition::InEdition;
use super::{Article, List, Named, Route, Site};
use crate::base::date::{Moment, Stamp, local, push_clock, rfc3339_of};
use crate::base::fingerprint::{Fingerprint, of};
use crate::base::text::script::language;
use crate::base::text::ticker::named;
use crate::facts::Method;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::ops::Deref;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use tera::Value;

/// A link: a name and where it leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Anchor {
    /// What it says.
    pub name: String,
    /// Where it leads, ready for `href`; empty where the portal does without the page.
    pub url: String,
    /// The language of the name, if the name tells.
    pub lang: Option<&'static str>,
}

/// A link that many pages and cards have: it is made once, for templates too.
#[derive(Debug, Clone)]
pub struct Link(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    anchor: Anchor,
    value: OnceLock<Value>,
}

impl From<Anchor> for Link {
    fn from(anchor: Anchor) -> Link {
        let value = OnceLock::new();
        Link(Arc::new(Shared { anchor, value }))
    }
}

impl Deref for Link {
    type Target = Anchor;

    fn deref(&self) -> &Anchor {
        &self.0.anchor
    }
}

impl PartialEq for Link {
    fn eq(&self, other: &Link) -> bool {
        **self == **other
    }
}

impl Eq for Link {}

impl Serialize for Link {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            let make = || Value::from_serializable(&self.0.anchor);
            self.0.value.get_or_init(make).serialize(serializer)
        } else {
            self.0.anchor.serialize(serializer)
        }
    }
}

/// The links to a list in each edition, made when they are first asked for.
#[derive(Debug, Clone, Default)]
pub struct Links {
    made: OnceLock<Box<[Made]>>,
    /// The hash of all that they say, as it is written.
    print: OnceLock<Fingerprint>,
}

/// The links to a list and its feed in one edition.
#[derive(Debug, Clone, Default)]
struct Made {
    page: OnceLock<Link>,
    feed: OnceLock<Link>,
}

impl Links {
    fn made(&self, site: &InEdition) -> &Made {
        // The site as it is written comes last.
        let all = || vec![Made::default(); site.editions.len() + 1].into_boxed_slice();
        let own = match site.is_written() {
            true => site.editions.len(),
            false => site.edition.number,
        };
        &self.made.get_or_init(all)[own]
    }

    pub(super) fn page(&self, site: &InEdition, make: impl FnOnce() -> Link) -> Link {
        self.made(site).page.get_or_init(make).clone()
    }

    pub(super) fn feed(&self, site: &InEdition, make: impl FnOnce() -> Link) -> Link {
        self.made(site).feed.get_or_init(make).clone()
    }
}

/// A moment as pages show it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Time {
    /// For `datetime`: RFC 3339, or the day alone where no time is known.
    pub iso: String,
    /// For readers, in the site's language.
    pub text: String,
    /// The day alone, for readers.
    pub day: String,
    /// The time of day alone, where it is known.
    pub clock: Option<String>,
    /// Whether the year was inferred.
    pub inferred: bool,
}

/// A picture on a card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[allow(missing_docs)]
pub struct CardImage {
    pub src: String,
    pub alt: String,
    /// Width and height in pixels, where they are known.
    pub width: Option<u32>,
    pub height: Option<u32>,
    /// Where it is in other widths, ready for `srcset`.
    pub srcset: Option<String>,
}

impl CardImage {
    /// The picture at an address.
    pub fn new(site: &Site, src: String, alt: String) -> CardImage {
        let (width, height, srcset) = site.sizes(&src);
        CardImage {
            src,
            alt,
            width,
            height,
            srcset,
        }
    }
}

/// What a page may know of another article. These fields are what its hash covers and what
/// templates get: there is no second list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Card {
    /// Title; a flash may have none.
    pub title: String,
    /// Where it stands, ready for `href`.
    pub url: String,
    /// Language of the title, if it tells.
    pub lang: Option<&'static str>,
    /// When it was published.
    pub date: Option<Time>,
    /// Its source.
    pub source: Option<Link>,
    /// Its channel.
    pub channel: Link,
    /// The id of its channel, for styles.
    pub channel_id: String,
    /// Summary or standfirst, else what was picked from its text; of a flash, its beginning.
    pub summary: Option<String>,
    /// Language of the summary, if it tells.
    pub summary_lang: Option<&'static str>,
    /// Who made the summary: `human`, `ai` or `extractive`; none where there is none.
    pub summary_method: Option<Method>,
    /// Its tags.
    pub tags: Vec<Link>,
    /// Whether the tags are not its writer's, but were found in it.
    pub auto_tags: bool,
    /// Its picture.
    pub image: Option<CardImage>,
    /// `article` or `flash`.
    pub kind: super::Kind,
    /// Nothing: a list puts the copies here that it shows below the card ([`CardRef::also`]).
    pub also: [(); 0],
}

/// A card in a view: the hash of its fields where the view is fingerprinted, the fields themselves
/// where it goes to a template.
#[derive(Debug, Clone)]
pub struct CardRef<'a> {
    /// The site.
    pub site: InEdition<'a>,
    /// The article's number.
    pub article: u32,
    /// Its copies, where a list shows them below it: what the list says, and not the card (law 1).
    pub also: Vec<u32>,
}

impl Serialize for CardRef<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() && !self.also.is_empty() {
            let of = |n: u32| Value::from_serializable(&self.site.card_ref(n));
            let also: Vec<Value> = self.also.iter().map(|n| of(*n)).collect();
            let mut own = of(self.article).into_map().unwrap_or_default();
            own.insert("also".into(), Value::from(also));
            Value::from(own).serialize(serializer)
        } else if !self.also.is_empty() {
            let prints: Vec<_> = self.also.iter().map(|n| self.site.card_print(*n)).collect();
            (self.site.card_print(self.article), prints).serialize(serializer)
        } else if serializer.is_human_readable() {
            match &self.site.edition.shelf {
                Some(shelf) => shelf.card(self.site, self.article).serialize(serializer),
                None => card(self.site, self.article).serialize(serializer),
            }
        } else {
            self.site.card_print(self.article).serialize(serializer)
        }
    }
}

/// Cards as templates get them. A card is on some dozen pages and the same on each (law 1), so it
/// is made once where that can be told: pages that are made one after the other show the same
/// cards, and a few thousand of them are kept.
pub struct Shelf {
    finish: Box<Finish>,
    /// Article `n` lies in slot `n` modulo their number.
    slots: Vec<Mutex<Option<(u32, Value)>>>,
}

/// What is done to a card before templates get it.
pub type Finish = dyn Fn(Value) -> Value + Send + Sync;

impl std::fmt::Debug for Shelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shelf of {}", self.slots.len())
    }
}

impl Shelf {
    /// A shelf with room for some cards: none where the site may still change.
    pub fn new(finish: Box<Finish>, room: usize) -> Shelf {
        Shelf {
            finish,
            slots: std::iter::repeat_with(Mutex::default).take(room).collect(),
        }
    }

    fn card(&self, site: InEdition, n: u32) -> Value {
        let make = || (self.finish)(Value::from_serializable(&card(site, n)));
        let Some(at) = (n as usize).checked_rem(self.slots.len()) else {
            return make();
        };
        let held = || {
            self.slots[at]
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
        };
        if let Some((_, value)) = held().as_ref().filter(|(own, _)| *own == n) {
            return value.clone();
        }
        let value = make();
        *held() = Some((n, value.clone()));
        value
    }
}

/// The hash of an article's card as it is written: what editions make of it follows from that.
pub fn print(site: &Site, article: u32) -> Fingerprint {
    of(&card(site.as_written(), article))
}

/// An article's card.
pub fn card(site: InEdition, number: u32) -> Card {
    let article = &site.site.articles[number as usize];
    let own = article.facts.origin();
    let meta = &article.facts.meta;
    let (summary, summary_method) = summary(site.site, article).unzip();
    let summary = summary.map(|text| site.say(&text, own).into_owned());
    let image = site.image(number).zip(meta.image.as_ref());
    let title = site.say(&article.facts.title, own).into_owned();
    Card {
        url: site.href(Route::Article(number)),
        lang: site.language_of(&title),
        title,
        date: site.time(article),
        source: article.source.map(|source| site.link(List::Source(source))),
        channel: site.link(List::Channel(article.channel)),
        channel_id: site.channels[article.channel as usize].slug.clone(),
        summary_lang: summary.as_deref().and_then(|text| site.language_of(text)),
        summary,
        summary_method,
        auto_tags: article.has_auto_tags(),
        tags: article
            .tags
            .iter()
            .map(|tag| site.link(List::Tag(*tag)))
            .collect(),
        image: image.map(|(src, image)| {
            let alt = site.say(&image.alt, own).into_owned();
            CardImage::new(site.site, src.into_owned(), alt)
        }),
        kind: meta.kind,
        also: [],
    }
}

/// What a card says of an article beside its title, and who made that.
fn summary<'a>(site: &Site, article: &'a Article) -> Option<(Cow<'a, str>, Method)> {
    let meta = &article.facts.meta;
    let summary = meta.summary.as_ref();
    let summary = summary.map(|summary| (summary.text.as_str(), summary.method));
    let standfirst = || Some((meta.more.standfirst.as_deref()?, Method::Human));
    let opening = || Some((article.facts.opening.as_deref()?, Method::Extractive));
    let written = summary.or_else(standfirst).or_else(opening);
    let written = written.map(|(text, method)| (named(text), method));
    let picked = || {
        Some((
            Cow::Owned(site.picked(article).summary?),
            Method::Extractive,
        ))
    };
    written.or_else(picked)
}

impl Site {
    pub(super) fn links(&self, list: List) -> Option<&Links> {
        match list {
            List::Home => Some(&self.home_links),
            list => Some(&self.named(list)?.links),
        }
    }

    fn named(&self, list: List) -> Option<&Named> {
        match list {
            List::Channel(n) => Some(&self.channels[n as usize]),
            List::Tag(n) => Some(&self.tags[n as usize]),
            List::Source(n) => Some(&self.sources[n as usize]),
            List::Person(n) => Some(&self.people[n as usize]),
            List::Topic(n) => Some(&self.topics[n as usize].named),
            List::Ticker(n) => Some(&self.tickers[n as usize]),
            List::Home | List::Live => None,
        }
    }

    /// The hash of all that a link to a list says as it is written, and of its name in the data.
    pub fn anchor_print(&self, list: List) -> Fingerprint {
        let link = || Anchor {
            name: self.list_name(list).to_string(),
            url: self.href(Route::Hub(list)),
            lang: language(self.list_name(list)),
        };
        match self.named(list) {
            Some(named) => *named.links.print.get_or_init(|| of(&(&named.name, link()))),
            None => of(&link()),
        }
    }

    /// The name of a list.
    pub fn list_name(&self, list: List) -> &str {
        match list {
            List::Home => &self.config.title,
            List::Channel(n) => &self.channels[n as usize].name,
            List::Tag(n) => &self.tags[n as usize].name,
            List::Source(n) => &self.sources[n as usize].name,
            List::Person(n) => &self.people[n as usize].name,
            List::Topic(n) => &self.topics[n as usize].named.name,
            List::Ticker(n) => {
                let ticker = &self.tickers[n as usize];
                ticker.record.name.as_ref().unwrap_or(&ticker.name)
            }
            List::Live => "live",
        }
    }

    /// When an article was published, as pages show it.
    pub fn time(&self, article: &Article) -> Option<Time> {
        let shown = self.shown_time(article.date?, article.facts.meta.date);
        Some(Time {
            inferred: article.inferred,
            ..shown
        })
    }

    /// A moment as pages show it; without a time of day where none is written.
    pub fn shown_time(&self, at: Moment, written: Option<Stamp>) -> Time {
        let (local, offset) = local(at, &self.config.zone);
        let timed = written.is_none_or(|stamp| stamp.time.is_some());
        let clock = timed.then(|| {
            let mut clock = String::with_capacity("08:00".len());
            push_clock(&mut clock, local);
            clock
        });
        let day = if self.config.language.starts_with("zh") {
            chinese_day(local.date())
        } else {
            local.strftime("%-d %b %Y").to_string()
        };
        let text = match &clock {
            Some(clock) => [&day, " ", clock].concat(),
            None => day.clone(),
        };
        let iso = if timed {
            rfc3339_of(local, offset)
        } else {
            local.date().to_string()
        };
        Time {
            iso,
            text,
            day,
            clock,
            inferred: false,
        }
    }
}

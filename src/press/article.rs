//! The article page and the plain page.

use super::docs::sections;
use super::list::ticker;
use super::view::{
    ArticleView, CorrectionView, Heading, ImageView, PageView, Point, SummaryView, Text, VideoView,
};
use super::{Head, Words, address, beijing, cards, head, locale, word};
use crate::base::fingerprint::{Anything, Fingerprint, Fold};
use crate::base::text::convert::Origin;
use crate::base::text::emoji::split_lead;
use crate::base::text::sentences::cut;
use crate::base::text::ticker::named;
use crate::config::embeds::player;
use crate::config::seo::Reprints;
use crate::facts::markdown::figures::is_film;
use crate::facts::{self, Correction, Facts, Kind, Meta, Method, Summary, Target, Video};
use crate::site::{InEdition, List, Route};

/// From this many headings on there is a table of contents.
const TOC_FROM: usize = 3;
/// Characters of a flash's text that stand for its title in the head.
const TITLE: u32 = 40;

/// The view of an article. Of other articles it holds two cards: the one before it and its direct
/// successor (law 2).
pub fn article<'a>(site: InEdition<'a>, words: &Words, n: u32) -> ArticleView<'a> {
    let article = &site.site.articles[n as usize];
    let facts = &article.facts;
    let meta = &facts.meta;
    let say = Say {
        site,
        own: facts.origin(),
    };
    let picked = site.picked(article);
    let points = match meta.highlights.is_empty() {
        true => &picked.points,
        false => &meta.highlights,
    };
    let people = |numbers: &[u32]| {
        numbers
            .iter()
            .map(|n| site.link(List::Person(*n)))
            .collect()
    };
    ArticleView {
        page: article_head(site, words, n, picked.summary.as_deref()),
        title: say.text(&facts.title),
        kind: meta.kind,
        date: site.time(article),
        updated: article.updated.map(|at| site.shown_time(at, meta.updated)),
        source: article.source.map(|source| site.link(List::Source(source))),
        source_url: meta.source_url.clone(),
        authors: people(&article.authors),
        editors: people(&article.editors),
        channel: site.link(List::Channel(article.channel)),
        tags: article
            .tags
            .iter()
            .map(|tag| site.link(List::Tag(*tag)))
            .collect(),
        auto_tags: article.has_auto_tags(),
        summary: say.summary(meta, picked.summary.as_deref()),
        highlights: points.iter().map(|point| say.point(point)).collect(),
        highlights_method: match meta.highlights.is_empty() {
            true => Method::Extractive,
            false => Method::Human,
        },
        aigc: aigc(site, n),
        standfirst: meta.more.standfirst.as_deref().map(|text| say.text(text)),
        image: say.image(n),
        tickers: article.tickers.iter().map(|n| ticker(site, *n)).collect(),
        toc: say.toc(facts),
        words: facts.outline.count().total(),
        minutes: facts.outline.count().minutes(site.config.reading),
        corrections: say.corrections(meta),
        videos: say.videos(n),
        related: site.related(n).iter().map(|n| site.card_ref(*n)).collect(),
        previous: site.previous(n).map(|n| site.card_ref(n)),
        next: site.next(n).map(|n| site.card_ref(n)),
        docs: match article.kind() {
            Kind::Doc => sections(site, Route::Article(n)),
            _ => Vec::new(),
        },
        origin_templates: facts.raw.templates.clone(),
        draft: meta.draft,
        extra: say.extra(meta),
    }
}

/// Folds what the view of an article is made of, without making it: a build looks at the
/// fingerprints of all articles, and makes few of their views. What the file itself says comes from
/// its bytes alone, so that their hash stands for it; configuration is in every fingerprint.
pub fn fold(site: InEdition, n: u32, fold: &mut Fold) {
    let article = &site.articles[n as usize];
    fold_source(site, &article.facts, Route::Article(n), fold);
    fold.add(&article.date.unwrap_or(i64::MIN).to_le_bytes())
        .add(&[u8::from(article.inferred)]);
    fold.add_print(cards::print(site, n).unwrap_or_default());
    let lists = [List::Channel(article.channel)].into_iter();
    let lists = lists.chain(article.source.map(List::Source));
    let lists = lists.chain(article.tags.iter().copied().map(List::Tag));
    let people = article.authors.iter().chain(&article.editors);
    let lists = lists.chain(people.copied().map(List::Person));
    for list in lists.chain(article.tickers.iter().copied().map(List::Ticker)) {
        fold.add_print(site.anchor_print(list));
    }
    for other in site.related(n).iter() {
        fold.add_print(site.card_print(*other));
    }
    if article.kind() == Kind::Doc {
        fold.add_print(site.docs().print);
    }
    for other in [site.previous(n), site.next(n)] {
        fold.add_print(other.map_or(Fingerprint(0), |other| site.card_print(other)));
    }
}

/// Folds what the view of a plain page is made of.
pub fn fold_page(site: InEdition, n: u32, fold: &mut Fold) {
    fold_source(site, &site.pages[n as usize].facts, Route::Page(n), fold);
}

/// A source's bytes, and where its picture and links lead.
pub(super) fn fold_source(site: InEdition, facts: &Facts, route: Route, fold: &mut Fold) {
    let resolved = site.resolved(route);
    fold.add(facts.path.as_bytes())
        .add_print(facts.digest)
        .add(resolved.image.as_deref().unwrap_or("").as_bytes());
    if let Some(image) = &resolved.image {
        fold.add_print(site.picture_print(image));
    }
    fold.add_print(resolved.links);
    if site.site.editions.len() > 1 {
        for href in site.hrefs(route) {
            fold.add(href.as_bytes());
        }
    }
    for paragraph in &resolved.left_out {
        fold.add(&paragraph.to_le_bytes());
    }
}

/// The view of a plain page.
pub fn page(site: InEdition, words: &Words, n: u32) -> PageView {
    let page = &site.site.pages[n as usize];
    let meta = &page.facts.meta;
    let say = Say {
        site,
        own: page.facts.origin(),
    };
    let title = say.say(&page.facts.title);
    let own = head(site, "page", &title, Route::Page(n));
    let lang = site.language_of_page(&page.facts);
    PageView {
        page: Head {
            description: match &meta.more.retracted {
                Some(retracted) => Some(say.say(&retracted.text)),
                None => meta.summary.as_ref().map(|one| say.description(words, one)),
            },
            locale: locale(&lang),
            lang,
            rich: is_rich(&page.facts) && meta.more.retracted.is_none(),
            noindex: meta.noindex || meta.more.retracted.is_some(),
            canonical: meta.more.canonical.clone(),
            crumbs: vec![site.link(List::Home)],
            ..own
        },
        title: say.text(&page.facts.title),
        toc: if meta.more.retracted.is_some() {
            Vec::new()
        } else {
            say.toc(&page.facts)
        },
        retracted: meta.more.retracted.as_ref().map(|one| say.correction(one)),
        extra: say.extra(meta),
    }
}

fn article_head(site: InEdition, words: &Words, n: u32, picked: Option<&str>) -> Head {
    let article = &site.site.articles[n as usize];
    let meta = &article.facts.meta;
    let channel = List::Channel(article.channel);
    let src = site.image(n);
    let own = src.as_deref().map(|src| address(site, src));
    let card = match own {
        Some(_) => None,
        None => cards::link(site, n),
    };
    let (image_width, image_height) = match (&src, &card) {
        (Some(src), _) => {
            let (width, height, _) = site.sizes(src);
            (width, height)
        }
        (None, Some(_)) => (Some(cards::WIDTH), Some(cards::HEIGHT)),
        (None, None) => (None, None),
    };
    let say = Say {
        site,
        own: article.facts.origin(),
    };
    let summary = meta.summary.as_ref().map(|summary| &summary.text);
    let written = summary
        .or(meta.more.standfirst.as_ref())
        .map(String::as_str);
    let said = written.or(picked).or(article.facts.opening.as_deref());
    let said = said.map(|text| say.say(&named(text)));
    let title = match (article.facts.title.as_str(), &said) {
        ("", Some(text)) => cut(text, TITLE),
        (title, _) => say.say(&named(title)),
    };
    let labelled = meta.summary.as_ref().map(|one| say.description(words, one));
    let description = labelled.or(said);
    let alt = match card {
        Some(_) => Some(title.clone()),
        None => meta.image.as_ref().map(|image| say.say(&image.alt)),
    };
    let image = own.or(card);
    let lang = site.language_of_page(&article.facts);
    let elsewhere = || match site.config.reprints {
        Reprints::Canonical => meta.source_url.clone(),
        Reprints::Index | Reprints::Noindex => None,
    };
    let own = head(site, "article", &title, Route::Article(n));
    Head {
        description: description.filter(|text| !text.is_empty()),
        canonical: meta.more.canonical.clone().or_else(elsewhere),
        locale: locale(&lang),
        lang,
        noindex: article.is_hidden(site.config.reprints),
        channel: Some(site.channels[article.channel as usize].slug.clone()),
        crumbs: vec![site.link(List::Home), site.link(channel)],
        feeds: match article.kind() {
            Kind::Doc => own.feeds.clone(),
            _ => vec![site.feed_link(List::Home), site.feed_link(channel)],
        },
        image_alt: alt.filter(|alt| image.is_some() && !alt.is_empty()),
        image,
        image_width,
        image_height,
        beijing: beijing(site, article.date, article.updated),
        rich: is_rich(&article.facts),
        markdown: (site.config.llms).then(|| site.href(Route::Twin(n))),
        ..own
    }
}

/// What an article says, in the script of an edition.
struct Say<'a> {
    site: InEdition<'a>,
    /// What the article's texts are.
    own: Origin,
}

impl Say<'_> {
    fn say(&self, text: &str) -> String {
        self.site.say(text, self.own).into_owned()
    }

    fn text(&self, text: &str) -> Text {
        let text = self.say(&named(text));
        Text {
            lang: self.site.language_of(&text),
            text,
        }
    }

    /// A summary where no markup can say who made it: a model's has the label before it.
    fn description(&self, words: &Words, summary: &Summary) -> String {
        let text = self.say(&named(&summary.text));
        match summary.method {
            Method::Ai => word(words, "ai_description").replace("{text}", &text),
            Method::Human | Method::Extractive => text,
        }
    }

    /// The summary: the written one, else the one that was picked.
    fn summary(&self, meta: &Meta, picked: Option<&str>) -> Option<SummaryView> {
        let Some(summary) = &meta.summary else {
            let Text { text, lang } = self.text(picked?);
            return Some(SummaryView {
                text,
                lang,
                method: Method::Extractive,
                model: None,
                reviewed_by: None,
            });
        };
        let Text { text, lang } = self.text(&summary.text);
        Some(SummaryView {
            text,
            lang,
            method: summary.method,
            model: summary.model.clone(),
            reviewed_by: self.site.own_or(summary.reviewed_by.as_deref()),
        })
    }

    fn point(&self, point: &str) -> Point {
        let (emoji, text) = match split_lead(point) {
            Some((emoji, text)) => (Some(emoji.to_string()), text),
            None => (None, point),
        };
        let Text { text, lang } = self.text(text);
        Point { emoji, text, lang }
    }

    fn image(&self, n: u32) -> Option<ImageView> {
        let image = self.site.articles[n as usize].facts.meta.image.as_ref()?;
        let src = self.site.image(n)?.into_owned();
        let (width, height, srcset) = self.site.sizes(&src);
        Some(ImageView {
            src,
            width,
            height,
            srcset,
            alt: self.say(&image.alt),
            credit: image.credit.as_deref().map(|text| self.say(text)),
            caption: image.caption.as_deref().map(|text| self.say(text)),
        })
    }

    fn toc(&self, facts: &Facts) -> Vec<Heading> {
        let headings = &facts.outline.headings;
        if headings.len() < TOC_FROM {
            return Vec::new();
        }
        let said = |heading: facts::Heading| Heading {
            level: heading.level,
            text: self.say(heading.text),
            id: heading.id.to_string(),
        };
        headings.iter().map(said).collect()
    }

    /// Videos that have all that search engines want of one.
    fn videos(&self, n: u32) -> Vec<VideoView> {
        let facts = &self.site.articles[n as usize].facts;
        if facts.outline.videos.is_empty() {
            return Vec::new();
        }
        let hrefs = self.site.hrefs(Route::Article(n));
        let whole = |target: &Target| match target {
            Target::Own(link) => Some(address(self.site, hrefs.get(*link as usize)?)),
            Target::Web(url) => Some(url.clone()),
        };
        let is_trusted = self.site.trusts(facts);
        let view = |video: &Video| {
            let film = whole(&video.film)?;
            let hosted = player(&film).filter(|_| is_trusted);
            Some(VideoView {
                title: self.say(&video.title),
                picture: whole(&video.picture)?,
                file: is_film(&film).then(|| film.clone()),
                player: hosted
                    .filter(|(host, _)| self.site.config.embeds.contains(host))
                    .map(|(_, player)| player),
                page: film,
            })
        };
        facts.outline.videos.iter().filter_map(view).collect()
    }

    fn corrections(&self, meta: &Meta) -> Vec<CorrectionView> {
        let all = meta.more.corrections.iter();
        all.map(|one| self.correction(one)).collect()
    }

    fn correction(&self, correction: &Correction) -> CorrectionView {
        let at = correction.date.moment(&self.site.config.zone);
        CorrectionView {
            date: at.map(|at| self.site.shown_time(at, Some(correction.date))),
            text: self.say(&correction.text),
        }
    }

    fn extra(&self, meta: &Meta) -> Anything {
        let parsed = meta
            .more
            .extra
            .as_deref()
            .and_then(|text| serde_json::from_str(text).ok());
        Anything(self.site.own_data(&parsed.unwrap_or_default()))
    }
}

/// Whether a body has what rich.css is for.
fn is_rich(facts: &Facts) -> bool {
    facts.outline.code || facts.outline.figures
}

/// The metadata that mainland law wants of a page with a text of a model's (GB 45438-2025): that it
/// was generated (`Label` 1), by whom, and by whom it is spread.
fn aigc(site: InEdition, n: u32) -> Option<String> {
    let meta = &site.articles[n as usize].facts.meta;
    let summary = meta.summary.as_ref()?;
    if summary.method != Method::Ai {
        return None;
    }
    let config = &site.config;
    let producer = config.aigc.producer.as_ref().or(summary.model.as_ref());
    let propagator = config.aigc.propagator.as_ref().unwrap_or(&config.title);
    let id = site.href(Route::Article(n));
    let label = serde_json::json!({
        "Label": "1",
        "ContentProducer": producer.map_or("", String::as_str),
        "ProduceID": id,
        "ReservedCode1": "",
        "ContentPropagator": propagator,
        "PropagateID": id,
        "ReservedCode2": "",
    });
    Some(label.to_string())
}

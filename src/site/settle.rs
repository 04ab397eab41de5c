//! What follows for one article or page from all others.
//!
//! It is found when it is asked for. A build asks for all of it, so it has it found once, in
//! parallel; a preview, which shows a few pages and changes with every edit, does not.

use super::links::Folders;
use super::look_alike::look_alikes;
use super::promo;
use super::recall::{Around, Holds, Matched, One, Recall};
use super::related::{Few, Kinship};
use super::{Article, Page, Route, Site, card, links, related, search};
use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::base::packed::{Records, Text};
use crate::facts::{Facts, Kind};
use foldhash::HashSet;
use rayon::prelude::*;
use std::borrow::Cow;
use std::sync::{Mutex, PoisonError};

/// Where an article's or page's links lead, and what of its dump is promotion.
#[derive(Debug, Clone, Default)]
pub struct Resolved {
    /// What its links into the site lead to, in order; none where an earlier build found that, and
    /// nobody asked for it since ([`Site::hrefs_of`]).
    hrefs: Option<Records<Text>>,
    /// The hash of that, and of the pictures among them.
    pub links: Fingerprint,
    /// What its picture's `src` leads to.
    pub image: Option<String>,
    /// Paragraphs of its dump that are promotion.
    pub left_out: Vec<u32>,
    /// Dead links and what else came out on the way.
    pub said: Vec<Diagnostic>,
}

/// What was found once for all.
#[derive(Debug, Default)]
pub struct Settled {
    articles: Vec<Resolved>,
    pages: Vec<Resolved>,
    /// The related articles as found, and whether an earlier build had found others.
    kinship: (Kinship, bool),
    /// Those that the writer named come first.
    related: Vec<Few>,
    card_prints: Vec<Fingerprint>,
    /// What the next build is to know, where no earlier one knew all of it.
    news: Mutex<Option<News>>,
    /// Of how many articles an earlier build's findings hold.
    held: usize,
}

/// What lies around articles, and the hash of what each of them says.
type News = (Around, Vec<Fingerprint>);

impl Site {
    /// Finds once for all what is otherwise found when it is asked for. `known` are the related
    /// articles that an earlier build found; without it none are found but those that writers
    /// named, for a theme that shows none. `recall` is what that build found of links and cards.
    pub fn settle(&mut self, known: Option<Kinship>, recall: Recall) {
        self.folders = Some(Folders::default());
        let resolve = || {
            let (known, news) = self.recalled(&recall);
            let articles = self
                .articles
                .par_iter()
                .enumerate()
                .map(|(n, one)| self.of_article(one, known.of(n).map(|one| one.links)));
            let articles: Vec<Resolved> = articles.collect();
            let pages = self.pages.par_iter().map(|one| self.of_page(one));
            let pages: Vec<Resolved> = pages.collect();
            (known, news, articles, pages)
        };
        // Copies and look-alikes are found on one thread.
        let ((), (matched, news, articles, pages)) = rayon::join(
            || {
                self.find_firsts();
                self.look_alikes.get_or_init(|| look_alikes(self));
            },
            resolve,
        );
        let kinship = known.map_or_else(Default::default, |known| Kinship::find(self, known));
        let related = (0..self.articles.len())
            .into_par_iter()
            .map(|n| {
                let found = kinship.0.of(n as u32);
                if self.articles[n].facts.meta.more.related.is_empty() {
                    return Few::of(found);
                }
                Few::of(&self.with_named(n as u32, found.to_vec()))
            })
            .collect();
        self.folders = None;
        self.settled = Some(Settled {
            articles,
            pages,
            kinship,
            related,
            card_prints: Vec::new(),
            news: Mutex::new(news),
            held: (0..self.articles.len())
                .filter(|n| matched.of(*n).is_some())
                .count(),
        });
        let print = |n: usize| match matched.of(n) {
            Some(one) => one.card,
            None => card::print(self, n as u32),
        };
        let prints = (0..self.articles.len()).into_par_iter().map(print);
        let prints: Vec<Fingerprint> = prints.collect();
        if let Some(settled) = &mut self.settled {
            settled.card_prints = prints;
        }
    }

    /// What an earlier build found of each article that still holds, and what the next one is to know
    /// if that is not all.
    fn recalled<'r>(&self, recall: &'r Recall) -> (Matched<'r>, Option<News>) {
        let Some((around, owns)) = self.surroundings() else {
            return (Matched::default(), None);
        };
        let holds = recall.holds(&around);
        let known = recall.matched(&owns, holds);
        let around = match holds {
            Holds::Same if recall.is_of(&owns) => return (known, None),
            Holds::Same => recall.around().clone(),
            Holds::Grown | Holds::Nothing => around.into(),
        };
        (known, Some((around, owns)))
    }

    /// What the next build is to know of links and cards, where an earlier one didn't; given once.
    pub fn take_recall(&self) -> Option<Recall> {
        let settled = self.settled.as_ref()?;
        let mut news = settled.news.lock().unwrap_or_else(PoisonError::into_inner);
        let (around, owns) = news.take()?;
        let each = owns.iter().zip(&settled.articles).zip(&settled.card_prints);
        let ones = each.map(|((own, resolved), card)| One {
            own: *own,
            links: match resolved.said.is_empty() && !self.leads_into_index(resolved) {
                true => resolved.links,
                false => Fingerprint(0),
            },
            card: *card,
        });
        Some(Recall::of(around, ones.collect()))
    }

    /// Of how many articles it still holds what an earlier build found of links and cards.
    pub fn held(&self) -> usize {
        self.settled.as_ref().map_or(0, |settled| settled.held)
    }

    /// Whether a link leads to a file of the search's index. Which of these there are depends on
    /// what all articles say.
    fn leads_into_index(&self, resolved: &Resolved) -> bool {
        let base = self.config.base_path();
        let is_inside = |href: &str| href.strip_prefix(base).is_some_and(search::is_inside);
        resolved.hrefs.iter().flat_map(Records::iter).any(is_inside)
    }

    /// The related articles of all, where an earlier build found others.
    pub fn new_kinship(&self) -> Option<&Kinship> {
        let (kinship, is_new) = &self.settled.as_ref()?.kinship;
        is_new.then_some(kinship)
    }

    /// Whether all of it is found.
    pub fn is_settled(&self) -> bool {
        self.settled.is_some()
    }

    /// `links` is what is known of where its links lead; 0 is nothing.
    fn of_article(&self, article: &Article, links: Option<Fingerprint>) -> Resolved {
        let mut resolved = self.of_source(&article.facts, &article.url, links);
        let said = &mut resolved.said;
        resolved.image = links::image(self, &article.facts, &article.url, said);
        said.extend(links::named_related(self, &article.facts).1);
        resolved
    }

    fn of_page(&self, page: &Page) -> Resolved {
        self.of_source(&page.facts, &page.url, None)
    }

    fn of_source(&self, facts: &Facts, url: &str, links: Option<Fingerprint>) -> Resolved {
        let mut said = Vec::new();
        let (hrefs, links) = match links.filter(|links| links.0 != 0) {
            Some(known) => (None, known),
            None => {
                let hrefs = links::hrefs(self, facts, url, &mut said);
                let links = self.links_print(facts, &hrefs);
                (Some(hrefs), links)
            }
        };
        let (left_out, note) = promo::found(facts, &self.repeated);
        said.extend(note);
        Resolved {
            hrefs,
            links,
            image: None,
            left_out,
            said,
        }
    }

    /// The hash of where links lead, of the site as it is written.
    fn links_print(&self, facts: &Facts, hrefs: &Records<Text>) -> Fingerprint {
        let mut fold = Fold::new();
        for (link, href) in facts.outline.links.iter().zip(hrefs.iter()) {
            fold.add(href.as_bytes());
            if link.picture {
                fold.add_print(self.picture_print(href));
            }
        }
        fold.finish()
    }

    /// What the links of an article or page lead to, in order.
    pub fn hrefs_of(&self, route: Route) -> Records<Text> {
        let resolved = self.resolved(route);
        if let Some(hrefs) = &resolved.hrefs {
            return hrefs.clone();
        }
        let (facts, url) = match route {
            Route::Article(n) => {
                let article = &self.articles[n as usize];
                (&article.facts, &article.url)
            }
            Route::Page(n) => {
                let page = &self.pages[n as usize];
                (&page.facts, &page.url)
            }
            _ => return Records::default(),
        };
        // Nothing was to be said of them, or they would be known.
        links::hrefs(self, facts, url, &mut Vec::new())
    }

    /// Where the links of an article or page lead, and what else was found of it.
    pub fn resolved(&self, route: Route) -> Cow<'_, Resolved> {
        let settled = self.settled.as_ref();
        match route {
            Route::Article(n) => match settled {
                Some(settled) => Cow::Borrowed(&settled.articles[n as usize]),
                None => Cow::Owned(self.of_article(&self.articles[n as usize], None)),
            },
            Route::Page(n) => match settled {
                Some(settled) => Cow::Borrowed(&settled.pages[n as usize]),
                None => Cow::Owned(self.of_page(&self.pages[n as usize])),
            },
            _ => Cow::Owned(Resolved::default()),
        }
    }

    /// Where an article's picture is.
    pub fn image(&self, n: u32) -> Option<Cow<'_, str>> {
        if let Some(settled) = &self.settled {
            return settled.articles[n as usize]
                .image
                .as_deref()
                .map(Cow::Borrowed);
        }
        let article = &self.articles[n as usize];
        let image = links::image(self, &article.facts, &article.url, &mut Vec::new());
        image.map(Cow::Owned)
    }

    /// The related articles of an article: those that its writer named, then those found.
    pub fn related(&self, n: u32) -> Cow<'_, [u32]> {
        if let Some(settled) = &self.settled {
            return Cow::Borrowed(settled.related[n as usize].numbers());
        }
        Cow::Owned(self.with_named(n, related::of_article(self, n)))
    }

    /// Puts the articles that the writer named before those found.
    pub(super) fn with_named(&self, n: u32, found: Vec<u32>) -> Vec<u32> {
        let mut all = links::named_related(self, &self.articles[n as usize].facts).0;
        all.extend(found);
        let mut seen = HashSet::from_iter([n]);
        all.retain(|other| seen.insert(*other));
        all.truncate(related::SHOWN);
        all
    }

    /// The hash of an article's card.
    pub fn card_print(&self, n: u32) -> Fingerprint {
        let known = self
            .settled
            .as_ref()
            .and_then(|settled| settled.card_prints.get(n as usize));
        known.copied().unwrap_or_else(|| card::print(self, n))
    }

    /// The article before an article in its channel; the page before one of documentation.
    pub fn previous(&self, n: u32) -> Option<u32> {
        if self.articles[n as usize].kind() == Kind::Doc {
            return self.around_doc(n)[0];
        }
        let members = self.beside(n);
        let at = members.partition_point(|other| *other < n);
        members.get(at.checked_sub(1)?).copied()
    }

    /// The article after an article in its channel: its one direct successor. The page after one
    /// of documentation.
    pub fn next(&self, n: u32) -> Option<u32> {
        if self.articles[n as usize].kind() == Kind::Doc {
            return self.around_doc(n)[1];
        }
        let members = self.beside(n);
        members
            .get(members.partition_point(|other| *other <= n))
            .copied()
    }

    fn beside(&self, n: u32) -> &[u32] {
        &self.channels[self.articles[n as usize].channel as usize].members
    }

    /// What is wrong with one source, as far as it is known without following its links.
    pub fn said_of(&self, path: &str) -> &[Diagnostic] {
        self.said.get(path).map_or(&[], Vec::as_slice)
    }

    /// The errors of sources and URLs, of which there may be none while the site is shown.
    pub fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        let all = self.said.values().flatten().chain(&self.clashes);
        all.filter(|said| said.severity == Severity::Error)
    }

    /// The source with errors whose page would be at a URL.
    pub fn broken_at(&self, url: &str) -> Option<String> {
        let mut broken = self.broken.iter();
        broken
            .find(|path| {
                let shadow = self.shadows.get(&*links::normal(path));
                shadow == Some(&links::Shadow::Broken(Some(url.to_string())))
            })
            .cloned()
    }

    /// The page of a source, if it has one now.
    pub fn page_of(&self, path: &str) -> Option<Route> {
        self.by_path(path)
    }

    /// The URLs of pages in a folder of the portal; `folder` ends with a slash.
    pub fn urls_in(&self, folder: &str) -> Vec<String> {
        let lists = self.lists();
        let lists = lists.into_iter().map(|list| self.url(Route::Hub(list)));
        let articles = self.articles.iter().map(|article| &article.url);
        let pages = self.pages.iter().map(|page| &page.url);
        let inside = |url: &str| {
            let name = url
                .strip_prefix(folder)
                .map(|name| name.trim_end_matches('/'));
            name.is_some_and(|name| !name.is_empty() && !name.contains('/'))
        };
        let sources = articles.chain(pages).filter(|url| inside(url)).cloned();
        sources.chain(lists.filter(|url| inside(url))).collect()
    }

    /// What is wrong with the site as a whole and with its files. What lies behind links is
    /// named where the site is settled.
    pub fn diagnostics(&self) -> Vec<Diagnostic> {
        let mut all: Vec<Diagnostic> = self.said.values().flatten().cloned().collect();
        all.extend(
            self.clashes
                .iter()
                .chain(&self.whole)
                .chain(&self.hot_said)
                .cloned(),
        );
        all.extend(links::check_menus(self));
        all.extend(self.docs_said());
        let alike = self.look_alikes.get_or_init(|| look_alikes(self));
        all.extend(alike.iter().cloned());
        all.extend(self.copies());
        all.extend(self.open_reprints());
        if let Some(settled) = &self.settled {
            let resolved = settled.articles.iter().chain(&settled.pages);
            all.extend(resolved.flat_map(|one| one.said.iter().cloned()));
        }
        all
    }

    /// Says that the site has reprints, and that nobody chose what search engines are told of them:
    /// a choice that is easily missed, and dear to a portal of reprints.
    fn open_reprints(&self) -> Option<Diagnostic> {
        if self.config.has_reprint_policy {
            return None;
        }
        let own = format!("{}/", self.config.origin());
        let is_open = |article: &&Article| {
            let meta = &article.facts.meta;
            let elsewhere = |url: &String| !format!("{url}/").starts_with(&own);
            meta.source_url.as_ref().is_some_and(elsewhere)
                && meta.more.canonical.is_none()
                && !article.is_hidden(self.config.reprints)
        };
        let mut open = self.articles.iter().filter(is_open);
        let first = &open.next()?.facts.path;
        let message = match open.count() + 1 {
            1 => "1 article first appeared elsewhere, and search engines may show it".to_string(),
            n => format!("{n} articles first appeared elsewhere, and search engines may show them"),
        };
        let diagnostic = Diagnostic::new(Code::Reprint, message).at_key(first, "source_url");
        Some(
            diagnostic
                .note("Google asks for `noindex` on reprints")
                .help(
                    "say so in masthead.yaml: `reprint_policy: noindex`, `canonical`, or `index`",
                ),
        )
    }
}

//! Amending a site by one source, so that a preview need not assemble it anew.
//!
//! An article that comes, goes or changes moves the numbers of later articles, its place in its
//! lists and their pages, and the names that it is the oldest of. All this is amended in place;
//! an edit of an article of 100,000 costs less than a millisecond. What reaches further (a new
//! channel, an alias, two that want one URL) is left to [`super::assemble`], which is always right:
//! tests hold the one against the other.

use super::assemble::{Dated, Fate, Judge, article_url};
use super::auto_tags::stays;
use super::claims::{claim, release};
use super::links::{Shadow, normal, path_key};
use super::names::{Names, Sort, written};
use super::{Article, Index, Kind, List, Route, Site, calendar};
use crate::base::diagnostic::Diagnostic;
use crate::facts::Facts;
use crate::site::route::twin_of;
use foldhash::HashSet;
use std::collections::BTreeSet;
use std::sync::{Arc, OnceLock};

/// A site that can't be amended by a change: it has to be assembled anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anew;

/// What a list has in the table of URLs: where it stands, and how many leaves it has.
type Stand = Option<(String, u32)>;

impl Site {
    /// Amends the site by a source that came, went or changed: what it said and says now.
    ///
    /// # Errors
    /// Where the change reaches too far. The site is then of no use any more, and has to be
    /// assembled anew.
    pub fn amend(
        &mut self,
        path: &str,
        old: Option<&Facts>,
        new: Option<Arc<Facts>>,
    ) -> Result<(), Anew> {
        let done = self.amended(path, old, new);
        // Whoever asked for it on the way was told of what was.
        self.docs = OnceLock::new();
        done
    }

    fn amended(
        &mut self,
        path: &str,
        old: Option<&Facts>,
        new: Option<Arc<Facts>>,
    ) -> Result<(), Anew> {
        self.settled = None;
        self.look_alikes = OnceLock::new();
        self.firsts = OnceLock::new();
        for names in &mut self.names {
            names.has_moved();
        }
        self.search = OnceLock::new();
        let route = self.by_path.get(&path_key(path)).copied();
        if route.is_some_and(|route| self.owner(route) != Some(path)) {
            return Err(Anew);
        }
        let aliases = |facts: Option<&Facts>| facts.map(|facts| facts.meta.more.aliases.clone());
        if aliases(old).unwrap_or_default() != aliases(new.as_deref()).unwrap_or_default() {
            return Err(Anew);
        }
        old.iter().for_each(|facts| self.repeated.remove(facts));
        new.iter().for_each(|facts| self.repeated.add(facts));
        let mut said = Vec::new();
        let fate = new.map(|facts| self.fate(facts, &mut said));
        self.note(path, said, fate.as_ref());
        match (route, fate) {
            (Some(Route::Article(n)), Some(Fate::Article(dated))) => {
                if self.articles[n as usize].key() == dated.key() {
                    return self.replace(n, dated);
                }
                // Aliases know articles by their numbers.
                self.has_no_aliases(n)?;
                self.take_out(n)?;
                self.put_in(dated)
            }
            (Some(Route::Page(n)), Some(Fate::Page(page))) => {
                let own = &mut self.pages[n as usize];
                let same = own.url == page.url && own.is_listed() == page.is_listed();
                *own = page;
                if same { Ok(()) } else { Err(Anew) }
            }
            (Some(Route::Article(n)), Some(Fate::Shadow(_)) | None) => {
                self.has_no_aliases(n)?;
                self.take_out(n)
            }
            (None, Some(Fate::Article(dated))) if dated.facts.meta.more.aliases.is_empty() => {
                self.put_in(dated)
            }
            (None, Some(Fate::Shadow(_)) | None) => Ok(()),
            _ => Err(Anew),
        }
    }

    fn fate(&mut self, facts: Arc<Facts>, said: &mut Vec<Diagnostic>) -> Fate {
        let judge = Judge {
            config: &self.config,
            now: self.seen.0,
            drafts: self.seen.1,
        };
        judge.fate(facts, said, &mut self.due)
    }

    /// Notes what is wrong with a source, and whether it has a page.
    fn note(&mut self, path: &str, said: Vec<Diagnostic>, fate: Option<&Fate>) {
        match said.is_empty() {
            true => self.said.remove(path),
            false => self.said.insert(path.to_string(), said),
        };
        self.broken.remove(path);
        let key = normal(path).into_owned();
        match fate {
            Some(Fate::Shadow(shadow)) => {
                if matches!(shadow, Shadow::Broken(_)) {
                    self.broken.insert(path.to_string());
                }
                self.shadows.insert(key, shadow.clone());
            }
            _ => drop(self.shadows.remove(&key)),
        }
    }

    fn has_no_aliases(&self, n: u32) -> Result<(), Anew> {
        let aliases = &self.articles[n as usize].facts.meta.more.aliases;
        if aliases.is_empty() {
            Ok(())
        } else {
            Err(Anew)
        }
    }

    /// The channel of an article, where it and its folder are known ones.
    fn known_channel(&self, facts: &Facts) -> Result<u32, Anew> {
        let (ids, known) = &self.channel_ids;
        let find = |id: &str| ids.get(id).copied().filter(|number| number < known);
        if let Some(folder) = &facts.folder {
            find(folder).ok_or(Anew)?;
        }
        let id = facts.meta.channel.as_deref().or(facts.folder.as_deref());
        find(id.unwrap_or("")).ok_or(Anew)
    }

    /// Puts an article in the place of its older self; its date is the same.
    fn replace(&mut self, n: u32, dated: Dated) -> Result<(), Anew> {
        let channel = self.known_channel(&dated.facts)?;
        if self.articles[n as usize].channel >= self.channel_ids.1 {
            return Err(Anew);
        }
        let older = Arc::clone(&self.articles[n as usize].facts);
        if self.has_homophones && !has_same_names(&older, &dated.facts) {
            return Err(Anew);
        }
        if self.config.auto_tags && !stays(&older, &dated.facts) {
            return Err(Anew);
        }
        let url = article_url(&self.config, &dated);
        let mut article = self.number_names(dated, channel, url);
        let own = &self.articles[n as usize];
        if self.config.auto_tags && own.has_auto_tags() {
            article.tags = own.tags.clone();
        }
        self.release_names(&older);
        let own = &self.articles[n as usize];
        let (before, after) = (lists_of(own), lists_of(&article));
        let moved = (own.url != article.url).then(|| own.url.clone());
        let touched = self.touched(before.union(&after).copied());
        let then = self.then(touched);
        before
            .difference(&after)
            .for_each(|list| self.strike(*list, n));
        after
            .difference(&before)
            .for_each(|list| self.enter(*list, n));
        if let Some(postings) = self.postings.get_mut()
            && self.articles[n as usize].facts.terms != article.facts.terms
        {
            postings.remove(&self.articles[n as usize].facts.terms, n);
            postings.add(&article.facts.terms, n);
        }
        self.articles[n as usize] = article;
        self.pin_again(n);
        if let Some(url) = moved {
            self.release_article(&url)?;
            self.claim_article(n)?;
        }
        self.catch_up(then)
    }

    fn put_in(&mut self, dated: Dated) -> Result<(), Anew> {
        if self.has_homophones || self.config.auto_tags {
            return Err(Anew);
        }
        let channel = self.known_channel(&dated.facts)?;
        let key = dated.key();
        let at = self.articles.partition_point(|other| other.key() < key);
        let n = at as u32;
        let url = article_url(&self.config, &dated);
        let article = self.number_names(dated, channel, url);
        let lists = lists_of(&article);
        let touched = self.touched(lists.iter().copied());
        let then = self.then(touched);
        if at < self.articles.len() {
            self.renumber(|other| Some(if other >= n { other + 1 } else { other }));
        }
        let (month, day) = (self.month(&article), self.day(&article));
        calendar::insert(&mut self.months, month, n);
        calendar::insert(&mut self.days, day, n);
        lists.iter().for_each(|list| self.enter(*list, n));
        self.by_path
            .insert(path_key(&article.facts.path), Route::Article(n));
        if let Some(postings) = self.postings.get_mut() {
            postings.add(&article.facts.terms, n);
        }
        self.articles.insert(at, article);
        self.pin_again(n);
        self.claim_article(n)?;
        self.catch_up(then)
    }

    fn take_out(&mut self, n: u32) -> Result<(), Anew> {
        self.may_leave_its_folder(n)?;
        if self.has_homophones || self.config.auto_tags {
            return Err(Anew);
        }
        let facts = Arc::clone(&self.articles[n as usize].facts);
        self.release_names(&facts);
        let article = &self.articles[n as usize];
        let (lists, url) = (lists_of(article), article.url.clone());
        let path = article.facts.path.clone();
        let touched = self.touched(lists.iter().copied());
        let then = self.then(touched);
        lists.iter().for_each(|list| self.strike(*list, n));
        self.release_article(&url)?;
        self.by_path.remove(&path_key(&path));
        self.pinned.retain(|other| *other != n);
        self.hot.retain(|other| *other != n);
        self.articles.remove(n as usize);
        calendar::remove(&mut self.months, n);
        calendar::remove(&mut self.days, n);
        self.renumber(|other| match other.cmp(&n) {
            std::cmp::Ordering::Less => Some(other),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(other - 1),
        });
        self.catch_up(then)
    }

    fn release_names(&mut self, facts: &Facts) {
        for sort in Sort::ALL {
            let named = std::mem::take(self.named_mut(sort));
            self.names[sort as usize].release(facts, &named);
            *self.named_mut(sort) = named;
        }
    }

    /// A folder that is a channel only because it has articles must keep one.
    fn may_leave_its_folder(&self, n: u32) -> Result<(), Anew> {
        let article = &self.articles[n as usize];
        let folder = article.facts.folder.as_ref().ok_or(Anew)?;
        if article.channel >= self.channel_ids.1 {
            return Err(Anew);
        }
        let number = *self.channel_ids.0.get(folder).ok_or(Anew)?;
        let channel = &self.channels[number as usize];
        let stays = |other: &u32| {
            let other_folder = &self.articles[*other as usize].facts.folder;
            *other != n && other_folder.as_ref() == Some(folder)
        };
        let keeps = channel.record.id.is_some() || channel.members.iter().rev().any(stays);
        if keeps { Ok(()) } else { Err(Anew) }
    }

    fn day(&self, article: &Article) -> Option<jiff::civil::Date> {
        Some(crate::base::date::civil(article.date?, &self.config.zone).date())
    }

    /// Where an article's number changes, it changes everywhere. The numbers keep their order.
    fn renumber(&mut self, number: impl Fn(u32) -> Option<u32>) {
        let names = [&mut self.tags, &mut self.sources, &mut self.people];
        let names = names
            .into_iter()
            .chain([&mut self.tickers, &mut self.channels]);
        let lists = names.flatten().map(|named| &mut named.members);
        let topics = self.topics.iter_mut().map(|topic| &mut topic.named.members);
        let others = [
            &mut self.all,
            &mut self.flashes,
            &mut self.pinned,
            &mut self.hot,
        ];
        for list in lists.chain(topics).chain(others) {
            list.retain_mut(|n| {
                let new = number(*n);
                *n = new.unwrap_or_default();
                new.is_some()
            });
        }
        let route = |route: Route| match route {
            Route::Article(n) => number(n).map_or(route, Route::Article),
            Route::Twin(n) => number(n).map_or(route, Route::Twin),
            route => route,
        };
        let tables = self.table.values_mut().chain(self.by_path.values_mut());
        tables.for_each(|own| *own = route(*own));
        self.redirects
            .iter_mut()
            .for_each(|(_, own)| *own = route(*own));
        self.places.renumber(route);
        self.clashed = self.clashed.iter().map(|own| route(*own)).collect();
        if let Some(postings) = self.postings.get_mut() {
            postings.renumber(&number);
        }
    }

    fn members_mut(&mut self, list: List) -> &mut Vec<u32> {
        match list {
            List::Home => &mut self.all,
            List::Channel(n) => &mut self.channels[n as usize].members,
            List::Tag(n) => &mut self.tags[n as usize].members,
            List::Source(n) => &mut self.sources[n as usize].members,
            List::Person(n) => &mut self.people[n as usize].members,
            List::Topic(n) => &mut self.topics[n as usize].named.members,
            List::Ticker(n) => &mut self.tickers[n as usize].members,
            List::Live => &mut self.flashes,
        }
    }

    fn enter(&mut self, list: List, n: u32) {
        let members = self.members_mut(list);
        if let Err(at) = members.binary_search(&n) {
            members.insert(at, n);
        }
    }

    fn strike(&mut self, list: List, n: u32) {
        let members = self.members_mut(list);
        if let Ok(at) = members.binary_search(&n) {
            members.remove(at);
        }
    }

    fn pin_again(&mut self, n: u32) {
        self.pinned.retain(|other| *other != n);
        let article = &self.articles[n as usize];
        if self.is_pinned(article) && article.kind() != Kind::Flash {
            let at = self.pinned.partition_point(|other| *other > n);
            self.pinned.insert(at, n);
        }
    }

    fn claim(&mut self, route: Route) -> Result<(), Anew> {
        let url = self.url(route);
        match claim(self, &url, route) {
            Some(_) => Err(Anew),
            None => Ok(()),
        }
    }

    fn claim_article(&mut self, n: u32) -> Result<(), Anew> {
        if self.config.llms {
            self.claim(Route::Twin(n))?;
        }
        self.claim(Route::Article(n))
    }

    fn release_article(&mut self, url: &str) -> Result<(), Anew> {
        if self.config.llms {
            self.release(&twin_of(url))?;
        }
        self.release(url)
    }

    fn release(&mut self, url: &str) -> Result<(), Anew> {
        if release(self, url) {
            Ok(())
        } else {
            Err(Anew)
        }
    }
}

/// The sort and number of a list that a name has.
fn sort_of(list: List) -> Option<(Sort, u32)> {
    match list {
        List::Tag(n) => Some((Sort::Tag, n)),
        List::Source(n) => Some((Sort::Source, n)),
        List::Person(n) => Some((Sort::Person, n)),
        List::Ticker(n) => Some((Sort::Ticker, n)),
        List::Home | List::Channel(_) | List::Topic(_) | List::Live => None,
    }
}

fn has_same_names(a: &Facts, b: &Facts) -> bool {
    let same = |sort: Sort| written(sort, a) == written(sort, b);
    Sort::ALL.into_iter().all(same)
}

/// What the table of URLs holds before a change.
struct Then {
    lists: Vec<(List, Stand)>,
    minor: Vec<Route>,
    places: (Vec<Index>, bool),
}

impl Site {
    /// Lists that a change of these reaches: topics gather the articles of tags.
    fn touched(&self, lists: impl Iterator<Item = List>) -> BTreeSet<List> {
        let mut touched: BTreeSet<List> = lists.collect();
        touched.extend((0..self.topics.len() as u32).map(List::Topic));
        touched
    }

    fn then(&self, touched: BTreeSet<List>) -> Then {
        Then {
            lists: touched
                .into_iter()
                .map(|list| (list, self.stand(list)))
                .collect(),
            minor: self.minor_routes(),
            places: self.places_named(),
        }
    }

    /// What every page's navigation names beside the channels.
    fn places_named(&self) -> (Vec<Index>, bool) {
        (self.indexes(), self.flashes.is_empty())
    }

    /// Whether a list is there, with pages or without.
    fn is_alive(&self, list: List) -> bool {
        let always = matches!(list, List::Home | List::Channel(_) | List::Topic(_));
        always || !self.members(list).is_empty()
    }

    fn stand(&self, list: List) -> Stand {
        let is_there = self.is_alive(list) && self.has(Route::Hub(list));
        is_there.then(|| (self.url(Route::Hub(list)), self.leaf_count(list)))
    }

    /// Pages that there is one of for some time or sort.
    fn minor_routes(&self) -> Vec<Route> {
        let mut routes = Vec::with_capacity(self.days.len() + self.months.len() * 3);
        routes.extend(self.day_routes());
        routes.extend(self.archive());
        routes.extend(self.indexes().into_iter().map(Route::Index));
        routes.extend(self.sitemaps());
        routes.extend(self.text_sitemaps());
        routes
    }

    /// Brings names, topics and the table of URLs up to date with the lists.
    fn catch_up(&mut self, then: Then) -> Result<(), Anew> {
        if self
            .postings
            .get()
            .is_some_and(super::related::Postings::is_worn)
        {
            self.postings = OnceLock::new();
        }
        for (list, _) in &then.lists {
            self.reform(*list)?;
        }
        if self.names.iter_mut().any(Names::has_moved) {
            return Err(Anew);
        }
        self.gather_names();
        if self.places_named() != then.places {
            return Err(Anew);
        }
        let mut gone = Vec::new();
        for (list, before) in then.lists {
            let now = self.stand(list);
            if !self.is_alive(list) {
                gone.push(list);
            }
            if before.is_some() != now.is_some() && self.has_formers(list) {
                return Err(Anew);
            }
            self.move_list(list, before, now)?;
        }
        let minor = self.minor_routes();
        if minor != then.minor {
            let (old, new): (HashSet<Route>, HashSet<Route>) = (
                then.minor.into_iter().collect(),
                minor.into_iter().collect(),
            );
            for route in old.difference(&new) {
                self.release(&self.url(*route))?;
            }
            for route in new.difference(&old) {
                self.claim(*route)?;
            }
        }
        self.look_up_hot();
        self.forget_names(&gone);
        Ok(())
    }

    /// Forgets the names of lists that have no articles any more.
    fn forget_names(&mut self, gone: &[List]) {
        for sort in Sort::ALL {
            let number = |list: &List| match (sort, *list) {
                (Sort::Tag, List::Tag(n))
                | (Sort::Source, List::Source(n))
                | (Sort::Person, List::Person(n))
                | (Sort::Ticker, List::Ticker(n)) => Some(n),
                _ => None,
            };
            let gone: Vec<u32> = gone.iter().filter_map(number).collect();
            let mut named = std::mem::take(self.named_mut(sort));
            self.names[sort as usize].forget(&gone, &mut named);
            *self.named_mut(sort) = named;
        }
    }

    /// A name without a record has the form that its oldest article gives it.
    fn reform(&mut self, list: List) -> Result<(), Anew> {
        let (Some((sort, n)), Some(oldest)) = (sort_of(list), self.members(list).first()) else {
            return Ok(());
        };
        // No name came or went, and a slug with a hash is not one that a form has by itself.
        if self.has_homophones {
            return Ok(());
        }
        let facts = Arc::clone(&self.articles[*oldest as usize].facts);
        let mut named = std::mem::take(&mut self.named_mut(sort)[n as usize]);
        let moves = self.names[sort as usize].reform(&mut named, &facts);
        self.named_mut(sort)[n as usize] = named;
        // Its old URL may lead to the new one now, or to something else.
        if moves { Err(Anew) } else { Ok(()) }
    }

    /// Whether a list that comes or goes may have other URLs, which come or go with it.
    fn has_formers(&self, list: List) -> bool {
        let listed = sort_of(list).is_some_and(|(sort, n)| {
            let named = &self.names_of(sort)[n as usize];
            self.names[sort as usize].is_listed(named)
        });
        listed || self.formers.iter().any(|(_, other)| *other == list)
    }

    fn move_list(&mut self, list: List, before: Stand, now: Stand) -> Result<(), Anew> {
        let address = |stand: &Stand| stand.as_ref().map(|(url, _)| url.clone());
        let leaves = |stand: &Stand| stand.as_ref().map_or(0, |(_, leaves)| *leaves);
        let stays = address(&before) == address(&now);
        let kept = if stays {
            leaves(&before).min(leaves(&now))
        } else {
            0
        };
        if let Some((url, leaves)) = before {
            for number in kept + 1..=leaves {
                self.release(&format!("{url}page/{number}/"))?;
            }
            if !stays {
                self.release(&url)?;
                for format in self.feeds_of(list) {
                    self.release(&format!("{url}{}", format.file()))?;
                }
            }
        }
        if let Some((_, leaves)) = now {
            for number in kept + 1..=leaves {
                self.claim(Route::Leaf(list, number))?;
            }
            if !stays {
                self.claim(Route::Hub(list))?;
                for format in self.feeds_of(list) {
                    self.claim(Route::Feed(list, format))?;
                }
            }
        }
        Ok(())
    }
}

impl Article {
    fn key(&self) -> (i64, &str) {
        (self.date.unwrap_or(i64::MIN), &self.facts.path)
    }
}

/// The lists that an article stands in, other than topics.
fn lists_of(article: &Article) -> BTreeSet<List> {
    let mut lists = BTreeSet::from([List::Channel(article.channel)]);
    match article.kind() {
        Kind::Doc => false,
        Kind::Flash => lists.insert(List::Live),
        Kind::Article | Kind::Page => lists.insert(List::Home),
    };
    lists.extend(article.tags.iter().copied().map(List::Tag));
    lists.extend(article.source.map(List::Source));
    let people = article.authors.iter().chain(&article.editors);
    lists.extend(people.copied().map(List::Person));
    lists.extend(article.tickers.iter().copied().map(List::Ticker));
    lists
}

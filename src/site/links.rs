//! Links into the site: from what a writer typed to what a page says.
//!
//! A target may be a path to a source relative to the linking file (`../keji/x.md`), a path from
//! `content/` (`/keji/x.md`), a URL path (`/keji/x/`) or an `#anchor`, which may be the id that code
//! hosts give the heading. It leads to the edition that
//! the reader is in, but for a URL path with an edition's prefix (`/hant/keji/x/`): that edition is
//! meant. What leads nowhere is a warning at its place, and stays as it was written.

use super::{Route, Site, table_key};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::near::{Near, nearest_of};
use crate::base::packed::{Records, Text, Writer};
use crate::base::slug::percent_decoded;
use crate::facts::{Facts, Headings};
use foldhash::{HashMap, HashMapExt, HashSet};
use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// A source that has no page now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shadow {
    /// It is not shown now, and why.
    Hidden(&'static str),
    /// It has errors; the URL that it would have, if that can be told.
    Broken(Option<String>),
}

/// A path as links are looked up by it.
pub fn normal(path: &str) -> Cow<'_, str> {
    match path.is_ascii() || is_nfc_quick(path.chars()) == IsNormalized::Yes {
        true => Cow::Borrowed(path),
        false => Cow::Owned(path.nfc().collect()),
    }
}

/// The key of a path in the table of sources.
pub fn path_key(path: &str) -> u64 {
    table_key(&normal(path))
}

impl Site {
    /// What a source or file is now, by its path.
    pub(super) fn by_path(&self, path: &str) -> Option<Route> {
        let route = *self.by_path.get(&path_key(path))?;
        let own = self.owner(route)?;
        (own == path || normal(own) == path).then_some(route)
    }

    /// Folder and name of each URL of an article, page or list.
    fn url_names(&self) -> impl Iterator<Item = (Cow<'_, str>, Range<usize>)> {
        let articles = self.articles.iter().map(|article| &article.url);
        let pages = self.pages.iter().map(|page| &page.url);
        let lists = self.lists().into_iter();
        let lists = lists.map(|list| Cow::Owned(self.url(Route::Hub(list))));
        let all = articles.chain(pages).map(|url| Cow::Borrowed(url.as_str()));
        all.chain(lists).filter_map(|url| {
            let bare = url.trim_end_matches('/').len();
            let name = url[..bare].rfind('/')? + 1..bare;
            Some((url, name))
        })
    }

    /// The same of the path of each source or file; a slash parts the two.
    fn source_names(&self) -> impl Iterator<Item = (Cow<'_, str>, Range<usize>)> {
        let routes = self.by_path.values();
        let shown = routes.filter_map(|route| self.owner(*route).map(normal));
        let hidden = self.shadows.keys().map(|path| Cow::Borrowed(path.as_str()));
        shown.chain(hidden).filter_map(|path| {
            let name = path.rfind('/')? + 1..path.len();
            Some((path, name))
        })
    }
}

/// The names in each folder, for who looks for many of them.
#[derive(Debug, Default)]
pub struct Folders {
    looks: AtomicUsize,
    urls: OnceLock<HashMap<String, Near>>,
    sources: OnceLock<HashMap<String, Near>>,
}

/// So many dead links are looked for without an index of all names.
const FEW: usize = 32;

/// Names by their folders, which end with a slash.
fn by_folder<'a>(
    names: impl Iterator<Item = (Cow<'a, str>, Range<usize>)>,
) -> HashMap<String, Near> {
    let mut folders: HashMap<String, Vec<String>> = HashMap::new();
    for (path, name) in names {
        let (folder, own) = (&path[..name.start], path[name].to_string());
        match folders.get_mut(folder) {
            Some(names) => names.push(own),
            None => drop(folders.insert(folder.to_string(), vec![own])),
        }
    }
    let folders = folders.into_iter();
    folders
        .map(|(folder, names)| (folder, Near::of(names)))
        .collect()
}

/// The name in a folder that is nearest to another, if one is near enough to be a slip.
fn near_in_folder<'a, I: Iterator<Item = (Cow<'a, str>, Range<usize>)>>(
    index: Option<(&Folders, &OnceLock<HashMap<String, Near>>)>,
    names: impl Fn() -> I,
    folder: &str,
    name: &str,
    may_be: impl Fn(&str) -> bool,
) -> Option<String> {
    let index = index.filter(|(all, _)| all.looks.fetch_add(1, Relaxed) >= FEW);
    if let Some((_, folders)) = index {
        let folders = folders.get_or_init(|| by_folder(names()));
        return folders
            .get(folder)?
            .nearest(name, may_be)
            .map(str::to_string);
    }
    let inside = |(path, own): &(Cow<str>, Range<usize>)| path[..own.start] == *folder;
    let beside: Vec<_> = names().filter(inside).collect();
    let beside = beside
        .iter()
        .map(|(path, own)| &path[own.clone()])
        .collect();
    nearest_of(name, beside, may_be).map(str::to_string)
}

/// What is wrong with a link.
struct Dead {
    message: String,
    help: Option<String>,
}

/// What all links of a source lead to, in order.
pub fn hrefs(site: &Site, facts: &Facts, url: &str, out: &mut Vec<Diagnostic>) -> Records<Text> {
    let mut hrefs = Writer::default();
    let mut own = Anchors::of(&facts.outline.headings);
    for link in facts.outline.links.iter() {
        let found = match own_anchor(link.target) {
            Some((query, fragment)) => own.find(fragment).map(|fragment| {
                let mut href = site.href_of(url);
                href.push_str(query);
                href.push_str(&fragment);
                href
            }),
            None => target(site, facts, url, link.target),
        };
        match found {
            Ok(href) => hrefs.push(&&*href),
            Err(dead) => {
                out.push(warning(dead).at(link.spot.place(&facts.path, "leads nowhere")));
                hrefs.push(&link.target);
            }
        }
    }
    hrefs.finish()
}

/// What a source's picture leads to; an address elsewhere stays as it is.
pub fn image(site: &Site, facts: &Facts, url: &str, out: &mut Vec<Diagnostic>) -> Option<String> {
    let image = facts.meta.image.as_ref()?;
    if !crate::facts::markdown::is_internal(&image.src) {
        return Some(image.src.clone());
    }
    match target(site, facts, url, &image.src) {
        Ok(href) => Some(href),
        Err(dead) => {
            out.push(warning(dead).at_key(&facts.path, "image"));
            None
        }
    }
}

/// The articles that a source names as related, by path or URL.
pub fn named_related(site: &Site, facts: &Facts) -> (Vec<u32>, Vec<Diagnostic>) {
    let (mut found, mut out) = (Vec::new(), Vec::new());
    for path in &facts.meta.more.related {
        match find(site, facts, path) {
            Ok(Found::Route(_, Route::Article(n))) => found.push(n),
            Ok(Found::Broken(_)) => {}
            Ok(Found::Route(..)) => {
                let message = format!("`related` names `{path}`, which is no article");
                out.push(
                    Diagnostic::new(Code::UnknownName, message).at_key(&facts.path, "related"),
                );
            }
            Err(dead) => out.push(warning(dead).at_key(&facts.path, "related")),
        }
    }
    (found, out)
}

/// The articles of data/hot.json.
pub fn hot(site: &Site, paths: &[String]) -> (Vec<u32>, Vec<Diagnostic>) {
    let (mut found, mut out) = (Vec::new(), Vec::new());
    for path in paths {
        let url = percent_decoded(path).unwrap_or(Cow::Borrowed(path));
        match site.find(&url) {
            Some((_, Route::Article(n))) if found.contains(&n) => {}
            Some((_, Route::Article(n))) => found.push(n),
            _ => {
                let message = format!("there is no article `{path}`");
                let diagnostic = Diagnostic::new(Code::UnknownName, message);
                out.push(
                    diagnostic
                        .in_file(super::records::HOT)
                        .help("write the path of its URL"),
                );
            }
        }
    }
    (found, out)
}

/// The links of the menus that lead nowhere.
pub fn check_menus(site: &Site) -> Vec<Diagnostic> {
    let facts = Facts {
        path: crate::source::CONFIG.to_string(),
        ..Facts::default()
    };
    let items = site.config.main_menu.iter().chain(&site.config.footer_menu);
    let inside = items.filter(|item| item.url.starts_with('/') && !item.url.starts_with("//"));
    let dead = |item: &crate::config::MenuItem| match target(site, &facts, "/", &item.url) {
        Ok(href) => names_a_source(site, &item.url).then(|| Dead {
            message: format!("`{}` is a source, and menus take addresses", item.url),
            help: Some(format!(
                "write `{}`",
                href.strip_prefix(site.config.base_path()).unwrap_or(&href)
            )),
        }),
        Err(dead) => Some(dead),
    };
    inside
        .filter_map(dead)
        .map(|dead| warning(dead).at_key(&facts.path, "menus"))
        .collect()
}

/// Whether a link is looked up as the path of a source, and not as a URL.
fn names_a_source(site: &Site, written: &str) -> bool {
    let bare = written.split(['?', '#']).next().unwrap_or(written);
    let path = percent_decoded(bare).unwrap_or(Cow::Borrowed(bare));
    let is_url = site.find(&path).is_some() || site.find(&[&path, "/"].concat()).is_some();
    !is_url && joined("", &path).is_some_and(|path| site.by_path(&path).is_some())
}

fn warning(dead: Dead) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::DeadLink, dead.message);
    Diagnostic {
        help: dead.help,
        ..diagnostic
    }
}

fn target(site: &Site, facts: &Facts, url: &str, written: &str) -> Result<String, Dead> {
    let (bare, fragment) = match memchr::memchr(b'#', written.as_bytes()) {
        Some(at) => (&written[..at], Some(&written[at + 1..])),
        None => (written, None),
    };
    let query = memchr::memchr(b'?', bare.as_bytes());
    let (bare, query) = bare.split_at(query.unwrap_or(bare.len()));
    let with = |mut href: String, fragment: &str| {
        href.push_str(query);
        href.push_str(fragment);
        href
    };
    if bare.is_empty() {
        return Anchors::of(&facts.outline.headings)
            .find(fragment.unwrap_or_default())
            .map(|fragment| with(site.href_of(url), &fragment));
    }
    let path = percent_decoded(bare).unwrap_or(Cow::Borrowed(bare));
    let (edition, route) = match find(site, facts, &path)? {
        Found::Route(edition, route) => (site.edition(edition), route),
        Found::Broken(url) => {
            return Ok(url.map_or_else(|| written.to_string(), |url| site.href_of(&url)));
        }
    };
    let headings = match route {
        Route::Article(n) => &site.articles[n as usize].facts.outline.headings,
        Route::Page(n) => &site.pages[n as usize].facts.outline.headings,
        _ => {
            let fragment = fragment.map(|fragment| format!("#{fragment}"));
            let fragment = fragment.unwrap_or_default();
            return Ok(with(edition.href(route), &fragment));
        }
    };
    let fragment = Anchors::of(headings).find(fragment.unwrap_or_default())?;
    Ok(with(edition.href(route), &fragment))
}

enum Found {
    /// A route, in the edition of this number; 0 where none was named.
    Route(usize, Route),
    Broken(Option<String>),
}

fn find(site: &Site, facts: &Facts, path: &str) -> Result<Found, Dead> {
    if path.starts_with('/') {
        let slashed = || match path.ends_with('/') {
            true => None,
            false => site.find(&[path, "/"].concat()),
        };
        if let Some((edition, route)) = site.find(path).or_else(slashed) {
            return Ok(Found::Route(edition, route));
        }
    }
    let Some(joined) = joined(&facts.path, path) else {
        let message = format!("`{path}` leads out of content/");
        return Err(Dead {
            message,
            help: None,
        });
    };
    if let Some(route) = site.by_path(&joined) {
        return Ok(Found::Route(0, route));
    }
    match site.shadows.get(&joined) {
        Some(Shadow::Broken(url)) => Ok(Found::Broken(url.clone())),
        Some(Shadow::Hidden(reason)) => Err(Dead {
            message: format!("`{path}` leads to an article that has no page: it is {reason}"),
            help: None,
        }),
        None => Err(missing(site, facts, path, &joined)),
    }
}

/// A path as the linking file sees it, from the site's root; `None` where it leaves `content/`.
fn joined(file: &str, path: &str) -> Option<String> {
    let folder = match path.starts_with('/') {
        true => "content",
        false => file.rsplit_once('/').map_or("", |(folder, _)| folder),
    };
    let mut joined = String::with_capacity(folder.len() + path.len() + 1);
    joined.push_str(folder);
    let ends = memchr::memchr_iter(b'/', path.as_bytes()).chain([path.len()]);
    let mut start = 0;
    for end in ends {
        let part = &path[start..end];
        start = end + 1;
        match part {
            "" | "." => {}
            ".." => {
                let above = memchr::memrchr(b'/', joined.as_bytes());
                joined.truncate(above.unwrap_or(0));
            }
            part => {
                if !joined.is_empty() {
                    joined.push('/');
                }
                joined.push_str(part);
            }
        }
    }
    let rest = joined.strip_prefix("content");
    let is_inside = rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    let joined = is_inside.then_some(joined)?;
    Some(match normal(&joined) {
        Cow::Borrowed(_) => joined,
        Cow::Owned(normal) => normal,
    })
}

/// A link to nothing; the help names the nearest page, or the nearest file of the same folder.
fn missing(site: &Site, facts: &Facts, path: &str, joined: &str) -> Dead {
    let message = format!("there is no `{path}`");
    if let Some(help) = near_url(site, path) {
        return Dead {
            message,
            help: Some(help),
        };
    }
    let Some(at) = joined.rfind('/') else {
        return Dead {
            message,
            help: None,
        };
    };
    let (folder, name) = joined.split_at(at + 1);
    let own = facts.path.rsplit('/').next().unwrap_or("");
    let index = site.folders.as_ref().map(|all| (all, &all.sources));
    let names = || site.source_names();
    let near = near_in_folder(index, names, folder, name, |other| other != own);
    let help = near.map(|near| format!("did you mean `{}`?", path.replace(name, &near)));
    Dead { message, help }
}

/// The nearest page in the same folder of the portal.
fn near_url(site: &Site, path: &str) -> Option<String> {
    let (prefix, path) = path.split_at(site.editions[site.edition_of(path)].prefix.len());
    let bare = path.trim_end_matches('/');
    let at = bare.rfind('/').filter(|_| path.starts_with('/'))?;
    let (folder, name) = bare.split_at(at + 1);
    let index = site.folders.as_ref().map(|all| (all, &all.urls));
    let near = near_in_folder(index, || site.url_names(), folder, name, |_| true)?;
    Some(format!("did you mean `{prefix}{folder}{near}/`?"))
}

/// The id that code hosts give a heading: links between documents are read there as well.
fn hosted_id(text: &str) -> String {
    let kept = |c: &char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    let kept = text.chars().filter(kept).flat_map(char::to_lowercase);
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The query and the fragment of a link into the text that it stands in.
fn own_anchor(written: &str) -> Option<(&str, &str)> {
    let (query, fragment) = written.split_once('#').unwrap_or((written, ""));
    (query.is_empty() || query.starts_with('?')).then_some((query, fragment))
}

/// The headings of a text, for links to them.
struct Anchors<'a> {
    headings: &'a Records<Headings>,
    looks: usize,
    index: Option<Named<'a>>,
}

/// Headings by what links may call them.
struct Named<'a> {
    ids: HashSet<&'a str>,
    /// The id of the first one by that of code hosts.
    hosted: HashMap<String, &'a str>,
    near: Near,
}

impl<'a> Anchors<'a> {
    fn of(headings: &'a Records<Headings>) -> Anchors<'a> {
        Anchors {
            headings,
            looks: 0,
            index: None,
        }
    }

    /// `#fragment`, where such a heading exists.
    fn find(&mut self, fragment: &str) -> Result<String, Dead> {
        if fragment.is_empty() {
            return Ok(String::new());
        }
        let id = percent_decoded(fragment).unwrap_or(Cow::Borrowed(fragment));
        let there = |id: &str| Ok(format!("#{}", crate::base::slug::percent_encoded(id)));
        self.looks += 1;
        // Few links are not worth an index of all headings.
        if self.looks > FEW {
            let index = self.index.get_or_insert_with(|| Named::of(self.headings));
            if index.ids.contains(&*id) || id.starts_with("fn-") {
                return there(&id);
            }
            if let Some(heading) = index.hosted.get(&*id) {
                return there(heading);
            }
            return Err(no_heading(&id, index.near.nearest(&id, |_| true)));
        }
        let headings = self.headings;
        if headings.iter().any(|heading| *heading.id == *id) || id.starts_with("fn-") {
            return there(&id);
        }
        let hosted = headings.iter().find(|one| hosted_id(one.text) == *id);
        if let Some(heading) = hosted {
            return there(heading.id);
        }
        let ids = headings.iter().map(|heading| heading.id).collect();
        Err(no_heading(&id, nearest_of(&id, ids, |_| true)))
    }
}

impl<'a> Named<'a> {
    fn of(headings: &'a Records<Headings>) -> Named<'a> {
        let mut hosted = HashMap::new();
        for heading in headings.iter() {
            hosted.entry(hosted_id(heading.text)).or_insert(heading.id);
        }
        let ids: HashSet<&str> = headings.iter().map(|heading| heading.id).collect();
        let near = Near::of(ids.iter().map(|id| (*id).to_string()).collect());
        Named { ids, hosted, near }
    }
}

fn no_heading(id: &str, near: Option<&str>) -> Dead {
    Dead {
        message: format!("there is no heading `#{id}`"),
        help: near.map(|near| format!("did you mean `#{near}`?")),
    }
}

#[cfg(test)]
mod tests {
    use super::{Anchors, FEW, hosted_id, joined, own_anchor};
    use crate::base::packed::Records;
    use crate::facts::{Heading, Headings};

    #[test]
    fn many_dead_anchors_are_told_as_few() {
        let texts: Vec<(String, String)> = (0..20_000)
            .map(|n| (format!("Gangkou: {n}"), format!("gangkou-{n}-kuojian")))
            .collect();
        let all = texts
            .iter()
            .map(|(text, id)| Heading { level: 2, text, id });
        let headings: Records<Headings> = Records::of(all);
        let mut anchors = Anchors::of(&headings);
        for n in 0..20_000 {
            let there = anchors.find(&format!("gangkou-{n}-kuojian"));
            assert!(there.is_ok_and(|found| found == format!("#gangkou-{n}-kuojian")));
            let hosted = anchors.find(&format!("gangkou-{n}"));
            assert!(hosted.is_ok_and(|found| found == format!("#gangkou-{n}-kuojian")));
            let dead = anchors.find(&format!("gangkou-{n}-kuojan")).err();
            let help = dead.and_then(|dead| dead.help);
            let expect = format!("did you mean `#gangkou-{n}-kuojian`?");
            assert_eq!(help, Some(expect));
        }
        assert!(anchors.looks > FEW && anchors.index.is_some());
    }

    #[test]
    fn links_into_the_own_text_are_known() {
        assert_eq!(own_anchor("#a"), Some(("", "a")));
        assert_eq!(own_anchor("?b#a#c"), Some(("?b", "a#c")));
        assert_eq!(own_anchor("b.md#a"), None);
    }

    #[test]
    fn ids_are_those_of_code_hosts() {
        assert_eq!(hosted_id("data/tags.yaml"), "datatagsyaml");
        assert_eq!(hosted_id("LlmsView: llms.txt"), "llmsview-llmstxt");
        assert_eq!(hosted_id("怎样 订阅？"), "怎样-订阅");
    }

    #[test]
    fn paths_are_joined_and_stay_inside() {
        let check = |path: &str, expect: Option<&str>| {
            assert_eq!(
                joined("content/guoji/a.md", path).as_deref(),
                expect,
                "{path}"
            );
        };
        check("b.md", Some("content/guoji/b.md"));
        check("./b.md", Some("content/guoji/b.md"));
        check("../keji/b.md", Some("content/keji/b.md"));
        check("/keji/b.md", Some("content/keji/b.md"));
        check("./../guoji/../c//d.md", Some("content/c/d.md"));
        check("/../content/e.md", Some("content/e.md"));
        check("../潮e\u{301}.md", Some("content/潮é.md"));
        check("../../contents/e.md", None);
        check("../..", None);
        check("../../masthead.yaml", None);
        check("../../../../etc/passwd", None);
    }
}

//! Who has which URL: two things never share one, and no file is a folder as well.

use super::route::{List, Route, Stage, path_of};
use super::search::{self, Find};
use super::{Site, table_key};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::config::Search;
use foldhash::{HashMap, HashSet};
use rayon::prelude::*;

/// Enters every route in the table. Of two that claim one URL, or a file and a folder of one name,
/// the first has it and the other is an error; but a static file quietly replaces a file that
/// masthead would make by itself.
pub fn claim_urls(site: &mut Site) {
    let mut routes = site.routes();
    // An alias takes nothing from what the site makes, and other names of lists quietly give way to
    // whatever is there.
    routes.sort_by_key(|route| match route {
        Route::Former(_) => 2,
        Route::Redirect(_) => 1,
        _ => 0,
    });
    // The folder of the index is claimed as a whole, and cards quietly give way to files of their
    // names.
    routes.retain(|route| match route {
        Route::Search(find) => *find == Find::Page,
        route => !matches!(route, Route::SocialCard(_)),
    });
    site.table.reserve(routes.len());
    site.places.files.reserve(routes.len());
    let folders = site.articles.len() + site.pages.len();
    site.places.folders.reserve(folders);
    for routes in routes.chunks(AT_ONCE) {
        let named = |route: &Route| {
            let url = site.url(*route);
            (*route, Claim::of(&url), url)
        };
        let named: Vec<(Route, Claim, String)> = routes.par_iter().map(named).collect();
        for (route, claim, url) in named {
            if let Some(owner) = claim.enter(site, &url, route) {
                tell(site, url, owner, route);
            }
        }
    }
}

/// Routes whose URLs are made at once, by all threads.
const AT_ONCE: usize = 16_384;

/// Notes that a route's URL is another's, and says so where that is a mistake.
fn tell(site: &mut Site, url: String, owner: Route, route: Route) {
    let owners = site.url(owner);
    site.places.contest(&path_of(&owners));
    site.places.contest(&path_of(&url));
    site.clashed.insert(route);
    let own =
        matches!(route.stage(), Stage::Feeds) || matches!(route, Route::Accents | Route::NotFound);
    let replaced = own && matches!(owner, Route::Static(_));
    // Two lists that clash say so once, for their newest pages.
    let follows = matches!(
        (owner, route),
        (Route::Leaf(..), Route::Leaf(..))
            | (Route::Feed(..), Route::Feed(..))
            | (Route::Twin(_), Route::Twin(_))
    );
    let gives_way = matches!(route, Route::Former(_));
    if !replaced && !follows && !gives_way {
        let diagnostic = clash(site, &url, owner, route);
        site.clashes.push(diagnostic);
    }
}

/// Enters a route in the table; gives who is in the way. Below the prefix of an edition that is
/// the edition as a whole.
pub fn claim(site: &mut Site, url: &str, route: Route) -> Option<Route> {
    Claim::of(url).enter(site, url, route)
}

/// What a URL takes: its key in the table, its file in lower case, and the key of that.
struct Claim {
    key: u64,
    path: String,
    file: u64,
}

impl Claim {
    fn of(url: &str) -> Claim {
        let path = lower(path_of(url));
        Claim {
            key: table_key(url),
            file: table_key(&path),
            path,
        }
    }

    fn enter(&self, site: &mut Site, url: &str, route: Route) -> Option<Route> {
        if site.edition_of(url) != 0 {
            return Some(Route::Hub(List::Home));
        }
        if search::is_inside(url) && site.config.search != Search::Off {
            return Some(Route::Search(Find::Index));
        }
        let owner = site.table.get(&self.key).copied();
        let owner = owner.or_else(|| site.places.claim(self, route));
        if owner.is_none() {
            site.table.insert(self.key, route);
        }
        owner
    }
}

/// Takes a route out of the table; says whether that can be done without looking at all others.
pub fn release(site: &mut Site, url: &str) -> bool {
    site.table.remove(&table_key(url));
    site.places.release(&path_of(url))
}

/// Which names are files and which are folders. Names that differ in case only are one name on
/// many disks.
#[derive(Debug, Default)]
pub struct Places {
    files: HashMap<u64, Route>,
    /// Who came first into a folder, and how many files and folders are in it.
    folders: HashMap<u64, (Route, u32)>,
    /// What more than one route claims.
    contested: HashSet<u64>,
    /// Folders that are new with a claim.
    new: Vec<u64>,
}

impl Places {
    /// Claims a file and the folders above it; gives who is in the way.
    fn claim(&mut self, claim: &Claim, route: Route) -> Option<Route> {
        let own = claim.file;
        let folder = self.folders.get(&own).map(|(first, _)| *first);
        let taken = self.files.get(&own).copied().or(folder);
        if taken.is_some() {
            return taken;
        }
        self.new.clear();
        for folder in above(&claim.path) {
            let key = table_key(folder);
            if let Some((_, count)) = self.folders.get_mut(&key) {
                *count += 1;
                break;
            }
            if let Some(file) = self.files.get(&key) {
                return Some(*file);
            }
            self.new.push(key);
        }
        for folder in self.new.drain(..) {
            self.folders.insert(folder, (route, 1));
        }
        self.files.insert(own, route);
        None
    }

    /// Whether there is a file or folder of this path.
    pub fn holds(&self, path: &str) -> bool {
        let key = table_key(&path.to_lowercase());
        self.files.contains_key(&key) || self.folders.contains_key(&key)
    }

    fn contest(&mut self, path: &str) {
        self.contested.insert(table_key(&path.to_lowercase()));
    }

    /// Gives a file up, and the folders that are empty then; says whether nobody else waits for it.
    fn release(&mut self, path: &str) -> bool {
        let folded = path.to_lowercase();
        let own = table_key(&folded);
        if self.files.remove(&own).is_some() {
            for folder in above(&folded) {
                let key = table_key(folder);
                let left = self.folders.get_mut(&key).map(|(_, count)| {
                    *count -= 1;
                    *count
                });
                if left != Some(0) {
                    break;
                }
                self.folders.remove(&key);
            }
        }
        !self.contested.contains(&own)
    }

    /// Articles whose numbers change.
    pub fn renumber(&mut self, number: impl Fn(Route) -> Route) {
        let folders = self.folders.values_mut().map(|(route, _)| route);
        let routes = self.files.values_mut().chain(folders);
        routes.for_each(|route| *route = number(*route));
    }
}

/// The folders above a path, the nearest first.
fn above(path: &str) -> impl Iterator<Item = &str> {
    let mut rest = path;
    std::iter::from_fn(move || {
        rest = &rest[..memchr::memrchr(b'/', rest.as_bytes())?];
        Some(rest)
    })
}

/// A path in lower case: most are so already.
fn lower(path: String) -> String {
    // Without an early end the loop takes many bytes at once.
    let is_other = |byte: u8| !byte.is_ascii() || byte.is_ascii_uppercase();
    match path.bytes().fold(false, |any, byte| any | is_other(byte)) {
        false => path,
        true => path.to_lowercase(),
    }
}

fn clash(site: &Site, url: &str, first: Route, second: Route) -> Diagnostic {
    let (first_name, second_name) = (claimant(site, first), claimant(site, second));
    let message = match &site.editions[site.edition_of(url)] {
        edition if edition.prefix.is_empty() => {
            format!("{first_name} and {second_name} both claim `{url}`")
        }
        edition => format!(
            "{second_name} claims `{url}`, but below `{}/` is the edition in {}",
            edition.prefix,
            edition.name()
        ),
    };
    let diagnostic = Diagnostic::new(Code::UrlClash, message);
    let owner = site.owner(second).or_else(|| site.owner(first));
    let file = owner.or_else(|| first_article(site, second));
    let diagnostic = match file {
        Some(path) => diagnostic.in_file(path),
        None => diagnostic,
    };
    diagnostic.help(match second {
        _ if matches!(first, Route::Article(_) | Route::Page(_))
            && site.owner(second).is_none() =>
        {
            "rename the file, or give it a `slug` of its own"
        }
        Route::Redirect(_) if matches!(first, Route::Redirect(_)) => {
            "take the alias out of one of the two"
        }
        Route::Redirect(_) => "take the alias out",
        Route::Hub(List::Tag(_)) => "give one of them a `slug` of its own in data/tags.yaml",
        Route::Hub(List::Source(_)) => "give one of them a `slug` of its own in data/sources.yaml",
        Route::Hub(List::Person(_)) => "give one of them a `slug` of its own in data/people.yaml",
        Route::Article(_) | Route::Page(_) => {
            "rename one of the files, or give it a `slug` of its own"
        }
        _ => "rename one of the two",
    })
}

/// The file of the first article of a list.
fn first_article(site: &Site, route: Route) -> Option<&str> {
    let named = match route {
        Route::Hub(List::Channel(n)) => &site.channels[n as usize],
        Route::Hub(List::Tag(n)) => &site.tags[n as usize],
        Route::Hub(List::Source(n)) => &site.sources[n as usize],
        Route::Hub(List::Person(n)) => &site.people[n as usize],
        _ => return None,
    };
    let first = named.members.first()?;
    Some(&site.articles[*first as usize].facts.path)
}

fn claimant(site: &Site, route: Route) -> String {
    match route {
        Route::Hub(list) | Route::Leaf(list, _) | Route::Feed(list, _) => match list {
            List::Home => "the home page".to_string(),
            List::Channel(_) => format!("the channel `{}`", site.list_name(list)),
            List::Tag(_) => format!("the tag `{}`", site.list_name(list)),
            List::Source(_) => format!("the source `{}`", site.list_name(list)),
            List::Person(_) => format!("the person `{}`", site.list_name(list)),
            List::Topic(_) => format!("the topic `{}`", site.list_name(list)),
            List::Ticker(_) => format!("the security `{}`", site.list_name(list)),
            List::Live => "the live page".to_string(),
        },
        Route::Static(n) => format!("static/{}", site.statics[n as usize]),
        Route::Redirect(_) => format!("an alias in {}", site.owner(route).unwrap_or("")),
        route => match site.owner(route) {
            Some(path) => path.to_string(),
            None => format!("the page {}", site.url(route)),
        },
    }
}

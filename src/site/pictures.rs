//! The pictures of a site: which files they are, in which widths each is made, and where these are.
//!
//! All of it follows from the headers of the files and the configuration, so that a page can name a
//! width before anybody made it.

use super::{Route, Site};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, of};
use crate::base::slug::percent_decoded;
use crate::config::Config;
use crate::facts::picture::{Fault, Format, Header, LONGEST_SIDE, MOST_BYTES, MOST_PIXELS};
use crate::facts::picture::{Seen, Shown};
use foldhash::HashMap;
use std::collections::BTreeMap;

/// Counts up when the same file would give other bytes.
const EDITION: u32 = 3;

/// Bytes of a file's name that are kept in the names of its widths: disks take 255 in all.
const LONGEST_STEM: usize = 200;

/// A picture.
#[derive(Debug)]
pub struct Picture {
    /// Path of its file in the site.
    pub path: String,
    /// The hash of its bytes.
    pub digest: Fingerprint,
    /// What its header says.
    pub header: Header,
    /// The widths in which it is made, ascending.
    pub widths: Vec<u32>,
    /// How well it is made, 1 to 100.
    pub quality: u32,
    /// What the bytes in any width are made from: file, quality, and how it is done.
    pub print: Fingerprint,
    /// Whether its own file is published without metadata and the right way up.
    pub is_cleaned: bool,
    /// Its URL path.
    url: String,
}

impl Picture {
    /// Whether its own file can't be published without decoding it.
    pub fn is_remade(&self) -> bool {
        self.is_cleaned && self.header.is_turned()
    }

    /// Its height in a width.
    pub fn height(&self, width: u32) -> u32 {
        let (own, tall) = (u64::from(self.header.width), u64::from(self.header.height));
        let height = (tall * u64::from(width) + own / 2) / own;
        height.clamp(1, u64::from(LONGEST_SIDE)) as u32
    }
}

/// The pictures of a site.
#[derive(Debug, Default)]
pub struct Pictures {
    /// All of them, by path.
    pub all: Vec<Picture>,
    by_file: HashMap<Route, u32>,
}

impl Pictures {
    /// Finds the pictures among static files and files beside articles; says which are none.
    pub(super) fn find(
        seen: Vec<(String, Fingerprint, Seen)>,
        config: &Config,
        (statics, attachments): (&[String], &[(String, Fingerprint)]),
        said: &mut BTreeMap<String, Vec<Diagnostic>>,
    ) -> Pictures {
        let mut pictures = Pictures::default();
        for (path, digest, seen) in seen {
            let inside = path.strip_prefix("static/");
            let file = match inside {
                Some(name) => {
                    let at = statics.binary_search_by(|other| other.as_str().cmp(name));
                    at.map(|n| Route::Static(n as u32))
                }
                None => {
                    let at = attachments.binary_search_by(|(other, _)| other.cmp(&path));
                    at.map(|n| Route::File(n as u32))
                }
            };
            let Ok(file) = file else {
                continue;
            };
            let header = match seen {
                Seen::Picture(header) => header,
                Seen::Faulty(fault) => {
                    let own = said.entry(path.clone()).or_default();
                    own.push(diagnostic(&path, fault));
                    continue;
                }
            };
            let inside = inside.or_else(|| path.strip_prefix("content/"));
            let settings = &config.pictures;
            let number = pictures.all.len() as u32;
            pictures.by_file.insert(file, number);
            pictures.all.push(Picture {
                url: format!("/{}", inside.unwrap_or(&path)),
                digest,
                header,
                widths: match settings.made {
                    true => widths(&header, &settings.widths),
                    false => Vec::new(),
                },
                quality: settings.quality,
                print: of(&(digest, settings.quality, EDITION)),
                is_cleaned: settings.made && (header.has_metadata || header.is_turned()),
                path,
            });
        }
        pictures
    }

    /// All pictures in all widths.
    pub(super) fn routes(&self) -> impl Iterator<Item = Route> {
        let numbered = self.all.iter().enumerate();
        numbered.flat_map(|(n, picture)| {
            let widths = picture.widths.iter();
            widths.map(move |width| Route::Picture(n as u32, *width))
        })
    }

    /// The URL of a picture in a width; other bytes have another one, so that it may be kept for
    /// ever.
    pub(super) fn url(&self, n: u32, width: u32) -> String {
        let picture = &self.all[n as usize];
        let stem = picture.url.rsplit_once('.');
        let stem = stem.map_or(picture.url.as_str(), |(stem, _)| stem);
        let print = of(&(picture.print, &picture.url)).0 as u32;
        let name = stem.rfind('/').map_or(0, |at| at + 1);
        let most = stem.len().min(name + LONGEST_STEM);
        let mut ends = (name..=most).rev();
        let end = ends.find(|at| stem.is_char_boundary(*at)).unwrap_or(name);
        format!("{}.{print:08x}.{width}.webp", &stem[..end])
    }

    /// The picture of a file.
    pub fn of_file(&self, route: Route) -> Option<&Picture> {
        let n = *self.by_file.get(&route)?;
        Some(&self.all[n as usize])
    }
}

/// The configured widths below a picture's own, and its own where it is not larger than all. What
/// is small already, or moves, is not made anew.
fn widths(header: &Header, configured: &[u32]) -> Vec<u32> {
    let (least, most) = match (configured.first(), configured.last()) {
        (Some(least), Some(most)) => (*least, *most),
        _ => return Vec::new(),
    };
    if header.moves || header.width <= least {
        return Vec::new();
    }
    let below = configured.iter().filter(|width| **width < header.width);
    let own = (header.width <= most).then_some(header.width);
    below.copied().chain(own).collect()
}

fn diagnostic(path: &str, fault: Fault) -> Diagnostic {
    let format = Format::of_path(path).map_or("picture", Format::name);
    let (message, help) = match fault {
        Fault::Other(Some(found)) => (
            format!(
                "this is a {} picture under the name of a {format}",
                found.name()
            ),
            format!(
                "give it the ending of a {}, or save it as a {format}",
                found.name()
            ),
        ),
        Fault::Other(None) => (
            format!("this is no {format} picture"),
            format!("save it anew as a {format}"),
        ),
        Fault::Cut => (
            format!("this {format} picture is cut off, or damaged"),
            "copy it here again, or save it anew".to_string(),
        ),
        Fault::Large(width, height) => (
            format!("this picture has {width} × {height} pixels"),
            format!(
                "make it smaller: at most {LONGEST_SIDE} pixels a side, and {} million in all",
                MOST_PIXELS / 1_000_000
            ),
        ),
        Fault::Heavy => (
            format!("this picture has more than {} MiB", MOST_BYTES >> 20),
            "make it smaller, or save it at a lower quality".to_string(),
        ),
    };
    Diagnostic::new(Code::BadPicture, message)
        .in_file(path)
        .note("it is published as it is, in no other size")
        .help(help)
}

impl Site {
    /// The picture that a link leads to.
    fn picture_at(&self, href: &str) -> Option<(u32, &Picture)> {
        if self.pictures.all.is_empty() {
            return None;
        }
        let inside = href.strip_prefix(self.config.base_path())?;
        let bare = inside.split(['?', '#']).next().unwrap_or(inside);
        Format::of_path(bare)?;
        let url = percent_decoded(bare);
        let route = self.route(url.as_deref().unwrap_or(bare))?;
        let n = *self.pictures.by_file.get(&route)?;
        Some((n, &self.pictures.all[n as usize]))
    }

    /// How a page shows the picture that a link leads to; nothing where it is none of the site's.
    pub fn shown_picture(&self, href: &str) -> Option<Shown> {
        let (n, picture) = self.picture_at(href)?;
        let routes = picture
            .widths
            .iter()
            .map(|width| (Route::Picture(n, *width), width));
        let owned = routes.filter(|(route, _)| self.owns(*route));
        let each = owned.map(|(route, width)| format!("{} {width}w", self.href(route)));
        let srcset = each.collect::<Vec<String>>().join(", ");
        Some(Shown {
            width: picture.header.width,
            height: picture.header.height,
            srcset: (!srcset.is_empty()).then_some(srcset),
        })
    }

    /// Width, height and `srcset` of the picture that a link leads to, as far as they are known.
    pub fn sizes(&self, href: &str) -> (Option<u32>, Option<u32>, Option<String>) {
        match self.shown_picture(href) {
            Some(shown) => (Some(shown.width), Some(shown.height), shown.srcset),
            None => (None, None, None),
        }
    }

    /// The hash of what [`Site::shown_picture`] says.
    pub fn picture_print(&self, href: &str) -> Fingerprint {
        of(&self.shown_picture(href))
    }
}

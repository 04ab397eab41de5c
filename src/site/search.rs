//! How the index of the search is cut into segments and files: a function of the articles' facts,
//! so that all its files are known before a body is read.
//!
//! Articles are numbered from the oldest. The index has a segment for each 32,768 of them, which
//! stays as it is for ever; what is left over is cut into ever smaller steps (4,096, 256, 16), one
//! segment for each. So a new article touches a segment of fewer than 16 articles, every
//! sixteenth one of fewer than 256, and so on, and a query meets few segments (four at 10,000
//! articles, at most seven at 100,000). An article that is put in or taken out among older ones
//! moves all later ones by a place, as it does in the leaves of its lists.
//!
//! All editions have their postings in common, and a list of segments and texts of their own.
//!
//! A segment's postings, sorted by token, lie in packs of about the same size. How many there are
//! follows from how long the articles are. A table says which token each pack begins with, a part
//! of it for 128 packs; where it has several parts, a root says the same of these.

use super::{Kind, Route, Site};
use crate::base::date::civil;
use crate::base::fingerprint::{Fingerprint, Fold};
use crate::config::Search;
use std::ops::Range;
use std::sync::OnceLock;

/// Where the files of the index are.
const FOLDER: &str = "/search/index/";
/// The steps in which what is left over is cut.
const STEPS: [u32; 4] = [LARGEST, 4_096, 256, 16];
/// Articles of the largest segments. A list of postings is then never more than 4 kB.
const LARGEST: u32 = 32_768;
/// Packs of a part of the table.
pub const TABLE: u32 = 128;
/// What an article has beside its body, in words: title, summary, tags.
const HEAD: u32 = 60;
/// Texts in a folder.
const SHELF: u32 = 1_000;

/// A part of the search. Segments have numbers, from the oldest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Find {
    /// The text of an article, by its number in [`Site::articles`].
    Text(u32),
    /// Postings: segment and pack.
    Pack(u32, u32),
    /// The tokens that 128 packs begin with: segment and part.
    Table(u32, u32),
    /// The tokens that the parts of a segment's table begin with.
    Root(u32),
    /// Pairs of characters that are one for the search.
    Pairs,
    /// What segments there are.
    Index,
    /// The page.
    Page,
}

/// A segment of the index.
#[derive(Debug)]
pub struct Segment {
    /// Its articles.
    pub articles: Range<u32>,
    /// How many packs it has.
    pub packs: u32,
    print: OnceLock<Fingerprint>,
}

impl Segment {
    /// How many parts its table has.
    pub fn tables(&self) -> u32 {
        self.packs.div_ceil(TABLE)
    }

    /// Whether it has a root.
    pub fn has_root(&self) -> bool {
        self.tables() > 1
    }

    fn name(&self) -> String {
        format!("{}-{}", self.articles.start, self.articles.end)
    }
}

/// The segments of an index, oldest first.
pub type Layout = Vec<Segment>;

/// Whether a URL is in the folder of the index.
pub fn is_inside(url: &str) -> bool {
    url.starts_with(FOLDER)
}

/// The articles of each segment.
fn cuts(count: u32) -> Vec<Range<u32>> {
    let mut cuts = Vec::new();
    let mut start = 0;
    for step in STEPS {
        let whole = (count - start) / step * step;
        let size = if step == LARGEST { step } else { whole.max(1) };
        let end = start + whole;
        while start < end {
            cuts.push(start..start + size);
            start += size;
        }
    }
    if start < count {
        cuts.push(start..count);
    }
    cuts
}

/// Words of a pack, so that it has some 5 kB: the fewer articles there are, the more of a pack are
/// tokens, and not places.
fn words_of_pack(articles: u32) -> u64 {
    match articles {
        0..=16 => 1_500,
        17..=256 => 2_500,
        257..=4_096 => 4_500,
        _ => 7_000,
    }
}

impl Site {
    /// The segments of the index; none where there is no search.
    pub fn segments(&self) -> &[Segment] {
        self.search.get_or_init(|| {
            let count = match self.config.search {
                Search::Off => 0,
                Search::Heads | Search::Bodies => self.articles.len() as u32,
            };
            let segment = |articles: Range<u32>| {
                let words: u64 = articles.clone().map(|n| u64::from(self.words(n))).sum();
                let packs = words.div_ceil(words_of_pack(articles.len() as u32)).max(1);
                Segment {
                    articles,
                    packs: packs as u32,
                    print: OnceLock::new(),
                }
            };
            cuts(count).into_iter().map(segment).collect()
        })
    }

    /// The segment of an article.
    pub fn segment_of(&self, n: u32) -> Option<u32> {
        let segments = self.segments();
        let at = segments.partition_point(|own| own.articles.end <= n);
        (at < segments.len()).then_some(at as u32)
    }

    fn words(&self, n: u32) -> u32 {
        match self.config.search {
            Search::Bodies => HEAD + self.articles[n as usize].facts.outline.count().total(),
            Search::Heads | Search::Off => HEAD,
        }
    }

    /// Whether the search may find an article. One that asks search engines to leave it out is
    /// left out here as well.
    pub fn is_found(&self, n: u32) -> bool {
        !self.articles[n as usize].facts.meta.noindex
    }

    /// The hash of all that a segment's postings are made from.
    pub fn segment_print(&self, segment: u32) -> Fingerprint {
        let segment = &self.segments()[segment as usize];
        *segment.print.get_or_init(|| {
            let mut fold = Fold::new();
            fold.add(&segment.packs.to_le_bytes());
            for n in segment.articles.clone() {
                self.fold_found(n, &mut fold);
            }
            fold.finish()
        })
    }

    /// Adds all that the search knows of an article.
    pub fn fold_found(&self, n: u32, fold: &mut Fold) {
        let article = &self.articles[n as usize];
        fold.add(article.facts.path.as_bytes())
            .add_print(article.facts.digest)
            .add(&[
                u8::from(self.trusts(&article.facts)),
                // A page of documentation without a summary has its beginning for one.
                u8::from(article.kind() == Kind::Doc),
                u8::from(self.config.search == Search::Bodies),
            ]);
        if article.facts.outline.figures {
            // What stands for a video in the text follows from where it leads, and from whose players
            // there are.
            fold.add_print(self.resolved(Route::Article(n)).links)
                .add(format!("{:?}", self.config.embeds).as_bytes());
        }
        if !article.facts.raw.edges.is_empty() {
            // What promotion is follows from other dumps.
            let resolved = self.resolved(Route::Article(n));
            let left_out = resolved.left_out.iter();
            left_out.for_each(|paragraph| {
                fold.add(&paragraph.to_le_bytes());
            });
        }
        let channel = &self.channels[article.channel as usize];
        let source = article.source.map(|n| &self.sources[n as usize]);
        let tags = article.tags.iter().map(|n| &self.tags[*n as usize]);
        for named in std::iter::once(channel).chain(source).chain(tags) {
            fold.add(named.name.as_bytes()).add(named.slug.as_bytes());
        }
        fold.add(&self.year(n).unwrap_or_default().to_le_bytes());
    }

    /// The year of an article, in the site's zone.
    pub fn year(&self, n: u32) -> Option<i16> {
        let at = self.articles[n as usize].date?;
        Some(civil(at, &self.config.zone).year())
    }

    /// The search page, where there is one.
    pub fn search_page(&self) -> Option<Find> {
        (self.config.search != Search::Off).then_some(Find::Page)
    }

    /// The texts of all articles that may be found.
    pub(super) fn search_texts(&self) -> impl Iterator<Item = Find> {
        let texts = self.segments().iter().flat_map(|own| own.articles.clone());
        texts.filter(|n| self.is_found(*n)).map(Find::Text)
    }

    /// All other files of the index.
    pub(super) fn search_index(&self) -> impl Iterator<Item = Find> {
        let segments = self.segments().iter().enumerate();
        let files = segments.flat_map(|(at, segment)| {
            let at = at as u32;
            let packs = (0..segment.packs).map(move |pack| Find::Pack(at, pack));
            let tables = (0..segment.tables()).map(move |part| Find::Table(at, part));
            let root = segment.has_root().then_some(Find::Root(at));
            packs.chain(tables).chain(root)
        });
        let on = self.config.search != Search::Off;
        let ends = [Find::Pairs, Find::Index];
        files.chain(ends.into_iter().filter(move |_| on))
    }

    pub(super) fn search_url(&self, find: Find) -> String {
        let name = |segment: u32| self.segments()[segment as usize].name();
        match find {
            Find::Page => "/search/".to_string(),
            Find::Index => format!("{FOLDER}index.json"),
            Find::Pairs => format!("{FOLDER}pairs.bin"),
            Find::Root(segment) => format!("{FOLDER}{}/root.bin", name(segment)),
            Find::Table(segment, part) => format!("{FOLDER}{}/table-{part}.bin", name(segment)),
            Find::Pack(segment, pack) => format!("{FOLDER}{}/{pack}.bin", name(segment)),
            Find::Text(n) => format!("{FOLDER}texts/{}/{n}.bin", n / SHELF),
        }
    }

    /// The file of the index that a URL names. There are too many of them for the table of URLs,
    /// and an amended article would move too many.
    pub(super) fn search_part(&self, url: &str) -> Option<Find> {
        let inside = url.strip_prefix(FOLDER)?;
        let find = match inside {
            "index.json" => Find::Index,
            "pairs.bin" => Find::Pairs,
            _ => {
                let (folder, file) = inside.rsplit_once('/')?;
                let file = file.strip_suffix(".bin")?;
                match folder.strip_prefix("texts/") {
                    Some(_) => Find::Text(file.parse().ok()?),
                    None => self.file_of_segment(folder, file)?,
                }
            }
        };
        let there = match find {
            Find::Text(n) => n < self.articles.len() as u32 && self.is_found(n),
            _ => true,
        };
        let on = self.config.search != Search::Off;
        (on && there && self.search_url(find) == url).then_some(find)
    }

    fn file_of_segment(&self, folder: &str, file: &str) -> Option<Find> {
        let mut segments = self.segments().iter();
        let at = segments.position(|segment| segment.name() == folder)? as u32;
        let segment = &self.segments()[at as usize];
        if file == "root" {
            return segment.has_root().then_some(Find::Root(at));
        }
        if let Some(part) = file.strip_prefix("table-") {
            let part = part.parse().ok().filter(|part| *part < segment.tables())?;
            return Some(Find::Table(at, part));
        }
        let pack = file.parse().ok().filter(|pack| *pack < segment.packs)?;
        Some(Find::Pack(at, pack))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(count: u32, expect: &str) {
        let shown: Vec<String> = cuts(count)
            .iter()
            .map(|cut| format!("{}-{}", cut.start, cut.end))
            .collect();
        assert_eq!(shown.join(" "), expect, "{count}");
    }

    #[test]
    fn segments_are_large_where_articles_are_old() {
        check(0, "");
        check(1, "0-1");
        check(16, "0-16");
        check(47, "0-32 32-47");
        check(300, "0-256 256-288 288-300");
        check(10_000, "0-8192 8192-9984 9984-10000");
        check(65_536, "0-32768 32768-65536");
    }

    #[test]
    fn segments_follow_each_other_and_are_few() {
        for count in (0..200_000).step_by(37) {
            let cuts = cuts(count);
            let mut end = 0;
            for cut in &cuts {
                assert_eq!(cut.start, end);
                assert!(cut.start < cut.end && cut.len() as u32 <= LARGEST);
                end = cut.end;
            }
            assert_eq!(end, count);
            assert!(cuts.len() as u32 <= count / LARGEST + 4, "{count}");
        }
    }

    #[test]
    fn a_new_article_leaves_all_but_the_newest_segments() {
        for count in 1..5_000 {
            let (before, after) = (cuts(count), cuts(count + 1));
            let stay = before.iter().filter(|cut| after.contains(cut)).count();
            let gone = before.len() - stay;
            let merges = [16, 256, 4_096];
            let merges = merges
                .iter()
                .filter(|step| (count + 1) % *step == 0)
                .count();
            assert!(gone <= merges + 1, "{count}: {before:?} {after:?}");
        }
    }
}

//! The outline of a body: what the facts keep of it.

use super::super::{Heading, Link, Outline, Spot, Target, Video, highlight};
use super::body::texts_from;
use super::events::events;
use super::figures::{self, Figure};
use super::{Headings, Style, galley, is_internal, note_tickers, unlinked};
use crate::base::diagnostic::{Code, Diagnostic, Lines};
use crate::base::packed::Records;
use crate::base::text::count::{Count, Counter};
use crate::base::text::emphasis::mark;
use crate::base::text::extract::PROSE;
use crate::base::text::script::{Counts, ENGLISH, language, words};
use crate::base::text::sketch::Sketcher;
use memchr::{memchr, memchr_iter, memrchr};
use pulldown_cmark::{CodeBlockKind, Event, LinkType, Tag, TagEnd};
use std::ops::Range;

/// What a walk through a body gives.
#[derive(Default)]
pub struct Scan {
    /// Headings, links and counts.
    pub outline: Outline,
    /// The first heading, where it stands at the top and is the title.
    pub title: Option<String>,
    /// The language of the text.
    pub lang: Option<&'static str>,
    /// The languages that paragraphs and headings may be in.
    pub languages: Vec<&'static str>,
    /// How the text begins: what its language is told by.
    pub sample: String,
    /// Paragraphs, one a line, as far as summaries are made of them.
    pub prose: String,
    /// Blocks that are never closed.
    pub diagnostics: Vec<Diagnostic>,
}

/// How much of a text is looked at to tell its language, in bytes.
const SAMPLE: usize = 3_000;

/// The outline of the body that starts at byte `start` of a file.
pub fn scan(lines: &Lines, start: usize, title: Option<&str>, math: bool) -> Scan {
    walk(lines, start, (title, None), math, false).0
}

/// The same, and what the text says of its body by itself, where that is all there is to it.
/// `lang` is the language that the front matter gives.
pub fn scan_and_set(
    lines: &Lines,
    start: usize,
    title: Option<&str>,
    lang: Option<&str>,
) -> (Scan, Option<String>) {
    walk(lines, start, (title, lang), false, true)
}

/// Takes the outline, and with `sets` the galley. The front matter gives title and language.
fn walk(
    lines: &Lines,
    start: usize,
    (title, lang): (Option<&str>, Option<&str>),
    math: bool,
    sets: bool,
) -> (Scan, Option<String>) {
    let text = &lines.text()[start..];
    let marked = mark(text);
    let mut walk = Walk {
        start,
        title,
        ..Walk::new(lines, text)
    };
    walk.scan.prose.reserve(text.len().min(PROSE));
    walk.scan.sample.reserve(text.len().min(SAMPLE));
    let sets = sets && galley::may_be_set(text);
    let mut kept = sets.then(|| Vec::with_capacity(text.len() / 24));
    events(&marked, math, false).for_each(|(event, range)| {
        walk.event(&event, || match marked.is_marked() {
            true => marked.source(range.start)..marked.source(range.end),
            false => range.clone(),
        });
        match &mut kept {
            Some(events) if galley::says_all(&event) && walk.figure.is_none() => events.push(event),
            _ => kept = None,
        }
    });
    let scan = walk.finish();
    let title = title.or(scan.title.as_deref());
    // A first heading without text is the title of what has none.
    let kept = kept.filter(|events| title.is_some() || !begins_with_heading(events));
    let kept = kept.filter(|_| scan.outline.tickers.is_empty());
    let set = kept.and_then(|events| {
        let lang = lang.or(scan.lang);
        let style = Style {
            lang: lang.filter(|_| scan.is_mixed(lang)),
            title,
            colours: true,
            ..Style::of_text()
        };
        galley::set(text, events, &style, scan.outline.links.len())
    });
    (scan, set)
}

fn begins_with_heading(events: &[Event]) -> bool {
    matches!(events.first(), Some(Event::Start(Tag::Heading { .. })))
}

impl Scan {
    /// Whether a paragraph or heading may be in another language than the text.
    pub fn is_mixed(&self, lang: Option<&str>) -> bool {
        lang.is_some() && self.languages.iter().any(|own| Some(*own) != lang)
    }
}

/// What an event adds to the number of open lists, tables, footnotes and pictures.
fn aside(event: &Event) -> i32 {
    match event {
        Event::Start(tag) => i32::from(is_aside(&tag.to_end())),
        Event::End(tag) => -i32::from(is_aside(tag)),
        _ => 0,
    }
}

fn is_aside(tag: &TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::List(_)
            | TagEnd::Table
            | TagEnd::FootnoteDefinition
            | TagEnd::DefinitionList
            | TagEnd::Image
    )
}

struct Walk<'a> {
    lines: &'a Lines<'a>,
    start: usize,
    text: &'a str,
    title: Option<&'a str>,
    scan: Scan,
    headings: Headings,
    /// The headings so far: level, text and id.
    toc: Vec<(u8, String, String)>,
    /// The links so far: target, place, and whether it is a picture.
    links: Vec<(String, Spot, bool)>,
    at: Cursor,
    count: Count,
    counter: Counter,
    sketcher: Sketcher,
    /// The characters of the open paragraph, and of the sample.
    block: Counts,
    sampled: Counts,
    /// How many links, pictures and code blocks are open: in them a security is no link.
    unlinked: i32,
    heading: Option<(u8, Option<String>, String)>,
    links_before_heading: usize,
    code: bool,
    /// How many lists, tables, footnotes and pictures are open, whose text is no prose.
    aside: i32,
    /// The pictures that are open, and whether there was any text in each.
    pictures: Vec<(Spot, bool)>,
    first: bool,
    /// The gallery or video that is open.
    figure: Option<Open>,
    /// Up to where the mark of the last one reaches.
    mark_end: usize,
}

/// The events of a gallery or video, and how many links came before it.
struct Open {
    events: Vec<Event<'static>>,
    ranges: Vec<Range<usize>>,
    depth: u32,
    links: usize,
}

/// A place in the file that only moves forward: a line of 400,000 links is walked once, not once
/// for each link.
#[derive(Default)]
struct Cursor {
    offset: usize,
    line: u32,
    /// Characters before it in its line.
    column: u32,
}

impl Cursor {
    fn move_to(&mut self, text: &str, offset: usize) {
        if offset < self.offset {
            *self = Cursor::default();
        }
        let passed = &text[self.offset..offset];
        self.line += memchr_iter(b'\n', passed.as_bytes()).count() as u32;
        let own = memrchr(b'\n', passed.as_bytes()).map_or(passed, |at| {
            self.column = 0;
            &passed[at + 1..]
        });
        self.column += own.chars().count() as u32;
        self.offset = offset;
    }
}

impl<'a> Walk<'a> {
    fn new(lines: &'a Lines<'a>, text: &'a str) -> Walk<'a> {
        Walk {
            lines,
            start: 0,
            text,
            title: None,
            scan: Scan::default(),
            headings: Headings::default(),
            toc: Vec::new(),
            links: Vec::new(),
            at: Cursor::default(),
            count: Count::default(),
            counter: Counter::default(),
            sketcher: Sketcher::default(),
            block: Counts::default(),
            sampled: Counts::default(),
            unlinked: 0,
            heading: None,
            links_before_heading: 0,
            code: false,
            aside: 0,
            pictures: Vec::new(),
            first: true,
            figure: None,
            mark_end: 0,
        }
    }

    /// Takes note of an event; `range` says where it stands.
    fn event(&mut self, event: &Event, range: impl Fn() -> Range<usize>) {
        if self.figure.is_some() {
            self.note_figure(event, &range());
        }
        self.unlinked += unlinked(event);
        self.aside += aside(event);
        if matches!(event, Event::Start(Tag::Paragraph)) {
            self.block = Counts::default();
        }
        // Pieces of text side by side count as one.
        if !matches!(event, Event::Text(_)) {
            self.counter.end();
        }
        match event {
            Event::Start(Tag::Heading {
                level: given, id, ..
            }) => {
                let id = id.as_ref().map(|id| id.to_string());
                self.heading = Some((*given as u8, id, String::new()));
                self.links_before_heading = self.links.len();
            }
            Event::End(TagEnd::Heading(_)) => self.end_heading(),
            Event::Start(Tag::Link {
                link_type: LinkType::Email,
                ..
            }) => {}
            Event::Start(Tag::Link { dest_url, .. }) => self.link(dest_url, range(), false),
            Event::Start(Tag::Image { dest_url, .. }) => {
                let spot = self.spot(range());
                self.pictures.push((spot, false));
                self.link(dest_url, range(), true);
            }
            Event::End(TagEnd::Image) => self.end_picture(),
            Event::Start(Tag::CodeBlock(kind)) => {
                self.code = true;
                if let CodeBlockKind::Fenced(info) = kind {
                    self.scan.outline.code |= highlight::is_known(highlight::named(info));
                    self.check_fence(range());
                }
                self.first = false;
            }
            Event::End(TagEnd::CodeBlock) => self.code = false,
            // The mark of a gallery or video is no word.
            Event::Text(_) if self.mark_end > 0 && range().start < self.mark_end => {}
            Event::Text(text) => {
                if self.unlinked == 0 && memchr(b'$', text.as_bytes()).is_some() {
                    note_tickers(text, self.scan.outline.tickers.get_mut());
                }
                self.words(text);
            }
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.words(text);
                self.counter.end();
            }
            Event::SoftBreak | Event::HardBreak => self.words(" "),
            Event::End(TagEnd::Paragraph) => {
                self.scan.prose.push('\n');
                // Whether Latin text is English, its words tell when the body is made.
                let lang = std::mem::take(&mut self.block).language(|| ENGLISH);
                self.note_language(lang);
            }
            Event::Start(Tag::BlockQuote(None)) => {
                self.first &= self.heading.is_some();
                self.open_figure(event, range());
            }
            Event::Start(_) | Event::Rule if self.heading.is_none() => self.first = false,
            _ => {}
        }
    }

    /// Notes a quotation that may be a gallery or a video.
    fn open_figure(&mut self, event: &Event, range: Range<usize>) {
        let Some((_, mark)) = figures::named(&self.text[range.clone()]) else {
            return;
        };
        // A block in a block: the outer one is none.
        if let Some(open) = self.figure.take() {
            self.close_figure(&open);
        }
        self.mark_end = range.start + mark;
        self.aside += 1;
        self.figure = Some(Open {
            events: vec![event.clone().into_static()],
            ranges: vec![range],
            depth: 1,
            links: self.links.len(),
        });
    }

    fn note_figure(&mut self, event: &Event, range: &Range<usize>) {
        let Some(open) = &mut self.figure else {
            return;
        };
        open.events.push(event.clone().into_static());
        open.ranges.push(range.clone());
        match event {
            Event::Start(_) => open.depth += 1,
            Event::End(_) => open.depth -= 1,
            _ => {}
        }
        if open.depth > 0 {
            return;
        }
        if let Some(open) = self.figure.take() {
            self.close_figure(&open);
        }
    }

    fn close_figure(&mut self, open: &Open) {
        self.aside -= 1;
        match figures::block(&open.events) {
            None => {}
            Some(Ok(block)) => {
                self.scan.outline.figures = true;
                if block.figure == Figure::Video {
                    for item in &block.items {
                        self.note_video(open, item);
                    }
                }
            }
            Some(Err(wrong)) => {
                let spot = self.spot(open.ranges[wrong.at].clone());
                let place = spot.place(self.lines.file(), "so this is a plain quotation");
                self.scan.diagnostics.push(
                    Diagnostic::new(Code::MarkdownBlock, wrong.message)
                        .at(place)
                        .help(wrong.help),
                );
            }
        }
    }

    /// Keeps a video with a picture: without one, search engines don't take it.
    fn note_video(&mut self, open: &Open, item: &figures::Item) {
        let Some(poster) = &item.poster else {
            return;
        };
        let own = |event: &&Event| {
            matches!(event, Event::Start(
                Tag::Link { link_type, dest_url, .. } | Tag::Image { link_type, dest_url, .. },
            ) if *link_type != LinkType::Email && is_internal(dest_url))
        };
        let target = |at: usize| match &open.events[at] {
            event if own(&event) => {
                let before = open.events[..at].iter().filter(own).count();
                Target::Own((open.links + before) as u32)
            }
            Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                Target::Web(dest_url.to_string())
            }
            _ => Target::Web(String::new()),
        };
        let (film, picture) = (target(item.shown.start), target(poster.start));
        let title = texts_from(&open.events[item.shown.start + 1..], 1).collect();
        self.scan.outline.videos.get_mut().push(Video {
            title,
            film,
            picture,
        });
    }

    fn words(&mut self, text: &str) {
        if let Some((_, has_alt)) = self.pictures.last_mut() {
            *has_alt |= !text.trim().is_empty();
        }
        if let Some((_, _, heading)) = &mut self.heading {
            heading.push_str(text);
        } else if !self.code {
            let mut counts = Counts::default();
            let Walk {
                counter, sketcher, ..
            } = self;
            counter.add_and_tell(text, &mut self.count, &mut counts, |c| sketcher.add(c));
            self.block.join(&counts);
            if self.aside == 0 && self.scan.prose.len() < PROSE {
                self.scan.prose.push_str(text);
            }
            if self.scan.sample.len() < SAMPLE {
                self.scan.sample.push_str(text);
                self.sampled.join(&counts);
            }
        }
    }

    fn note_language(&mut self, lang: Option<&'static str>) {
        if let Some(lang) = lang
            && !self.scan.languages.contains(&lang)
        {
            self.scan.languages.push(lang);
        }
    }

    fn end_heading(&mut self) {
        let Some((level, id, text)) = self.heading.take() else {
            return;
        };
        let is_title = self.first && level == 1 && self.title.is_none_or(|title| title == text);
        self.first = false;
        if is_title && !text.is_empty() {
            self.links.truncate(self.links_before_heading);
            self.scan.title = Some(text);
            return;
        }
        let id = self.headings.id(&text, id.as_deref());
        let level = self.headings.level(level);
        self.count.add(&text);
        let lang = language(&text);
        self.note_language(lang);
        self.toc.push((level, text, id));
    }

    fn end_picture(&mut self) {
        let Some((spot, false)) = self.pictures.pop() else {
            return;
        };
        let place = spot.place(self.lines.file(), "says nothing");
        let message = "this picture has no text, so who can't see it doesn't know what it shows";
        self.scan.diagnostics.push(
            Diagnostic::new(Code::MissingAlt, message)
                .at(place)
                .help("write between the brackets what it shows: `![…](…)`"),
        );
    }

    fn link(&mut self, target: &str, range: Range<usize>, picture: bool) {
        if !is_internal(target) {
            return;
        }
        let written = &self.text[range.clone()];
        let range = match written.rfind(target) {
            Some(at) => range.start + at..range.start + at + target.len(),
            None => range,
        };
        let spot = self.spot(range);
        self.links.push((target.to_string(), spot, picture));
    }

    fn spot(&mut self, range: Range<usize>) -> Spot {
        let text = self.lines.text();
        let (start, end) = (range.start + self.start, range.end + self.start);
        self.at.move_to(text, start);
        let width = text[start..end]
            .lines()
            .next()
            .unwrap_or("")
            .chars()
            .count() as u32;
        Spot {
            line: self.at.line + 1,
            column: self.at.column + 1,
            width,
        }
    }

    fn check_fence(&mut self, range: Range<usize>) {
        let block = &self.text[range.clone()];
        let mut rows = block.trim_end().lines();
        let opening = rows.next().unwrap_or("").trim();
        let mark = opening.chars().next().unwrap_or('`');
        let closing = rows
            .next_back()
            .map_or("", |row| row.trim().trim_start_matches(['>', ' ']));
        let fence: String = opening.chars().take_while(|c| *c == mark).collect();
        let closed = closing.len() >= fence.len() && closing.chars().all(|c| c == mark);
        if !closed {
            let at = range.start + self.start;
            let place = self
                .lines
                .place_of(at..at + opening.len(), "opened here, never closed");
            self.scan.diagnostics.push(
                Diagnostic::new(Code::MarkdownBlock, "this code block is never closed")
                    .at(place)
                    .help(format!(
                        "write {fence} on a line of its own where the code ends"
                    )),
            );
        }
    }

    fn finish(mut self) -> Scan {
        let headings = self.toc.iter().map(|(level, text, id)| Heading {
            level: *level,
            text,
            id,
        });
        self.scan.outline.headings = Records::of(headings);
        let links = self.links.iter().map(|(target, spot, picture)| Link {
            target,
            spot: *spot,
            picture: *picture,
        });
        self.scan.outline.links = Records::of(links);
        self.scan.outline.han = self.count.han;
        self.scan.outline.words = self.count.words;
        self.scan.outline.keep_sketch(self.sketcher);
        self.scan.lang = self.sampled.language(|| words(&self.scan.sample));
        self.scan
    }
}

//! Markdown: CommonMark with tables, footnotes, strikethrough, task lists, alerts, definition
//! lists and heading attributes.
//!
//! A source is walked twice, by the same rules: [`scan`] takes its outline into the facts, and
//! [`html`] makes its body when the page is rendered. The body never has a heading of level 1
//! (the page's title is that), no inline style (the content security policy forbids it), and its
//! links into the site are replaced, in their order, by what the site resolved them to.

use super::{Heading, Link, Outline, Spot, sanitise};
use crate::base::diagnostic::{Code, Diagnostic, Lines};
use crate::base::slug::slug;
use crate::base::text::count::{Count, Counter};
use crate::base::text::script::{Counts, ENGLISH, language, language_of, words};
use crate::base::text::sketch::Sketcher;
use crate::base::text::ticker::mentions;
use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd,
    TextMergeStream, TextMergeWithOffset,
};
use pulldown_latex::config::DisplayMode;
use pulldown_latex::event::{Content, Event as Part};
use std::collections::HashMap;
use std::ops::Range;

/// How a body is to be written.
pub struct Style<'a> {
    /// The article's language; blocks in another one say so. None where there is no such block.
    pub lang: Option<&'a str>,
    /// The page's title: a first heading that repeats it is left out.
    pub title: Option<&'a str>,
    /// Where the pages of securities are: `/tickers/`.
    pub tickers: &'a str,
    /// Whether `$…$` is mathematics.
    pub math: bool,
    /// Whether raw HTML stays as it is.
    pub trusted: bool,
    /// CommonMark and nothing else.
    pub plain: bool,
}

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
    /// How the text begins.
    pub opening: String,
    /// Blocks that are never closed.
    pub diagnostics: Vec<Diagnostic>,
}

/// How much of a text is looked at to tell its language, in bytes.
const SAMPLE: usize = 3_000;

fn options(math: bool) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM;
    options.set(Options::ENABLE_MATH, math);
    options
}

/// Whether a link's target is inside the site.
pub fn is_internal(target: &str) -> bool {
    let head = target.split(['/', '?', '#']).next().unwrap_or("");
    let scheme = head.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
    });
    !target.is_empty() && !scheme && !target.starts_with("//")
}

/// The headings of a page: each has an `id` of its own, and none skips a level.
///
/// Writers start at any level and jump over others; readers of a page by ear walk its levels, so
/// a heading lies one below the nearest one before it that the writer set higher.
#[derive(Default)]
struct Headings {
    ids: HashMap<String, u32>,
    /// Levels, as written, of the headings that the next one may lie under.
    above: Vec<u8>,
}

impl Headings {
    fn id(&mut self, text: &str, given: Option<&str>) -> String {
        let id = given.map_or_else(|| slug(text), str::to_string);
        let seen = self.ids.entry(id.clone()).or_insert(0);
        *seen += 1;
        if *seen == 1 {
            id
        } else {
            format!("{id}-{}", *seen - 1)
        }
    }

    /// The level in the page: 2 to 6, since the title is the only one of level 1.
    fn level(&mut self, written: u8) -> u8 {
        self.above.retain(|above| *above < written);
        self.above.push(written);
        (self.above.len() as u8 + 1).min(6)
    }
}

/// What an event adds to the number of open links, pictures and code blocks: in them a security is
/// no link.
fn unlinked(event: &Event) -> i32 {
    match event {
        Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => 1,
        Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => -1,
        _ => 0,
    }
}

/// The outline of the body that starts at byte `start` of a file.
pub fn scan(lines: &Lines, start: usize, title: Option<&str>, math: bool) -> Scan {
    let text = &lines.text()[start..];
    let mut walk = Walk {
        lines,
        start,
        text,
        title,
        at: Cursor::default(),
        ..Walk::new(lines, text)
    };
    let parser = Parser::new_ext(text, options(math)).into_offset_iter();
    if may_name_securities(text) {
        TextMergeWithOffset::new(parser).for_each(|(event, range)| walk.event(event, range));
    } else {
        parser.for_each(|(event, range)| walk.event(event, range));
    }
    walk.finish()
}

/// Whether `$名称 (代码)$` may stand in a text. Its name and code may be pieces of text that the
/// parser gives one by one; they are joined only where that matters.
fn may_name_securities(text: &str) -> bool {
    text.contains(['$', '&'])
}

struct Walk<'a> {
    lines: &'a Lines<'a>,
    start: usize,
    text: &'a str,
    title: Option<&'a str>,
    scan: Scan,
    headings: Headings,
    at: Cursor,
    count: Count,
    counter: Counter,
    sketcher: Sketcher,
    /// The characters of the open paragraph, and of the sample.
    block: Counts,
    sampled: Counts,
    sample: String,
    /// How many links, pictures and code blocks are open: in them a security is no link.
    unlinked: i32,
    heading: Option<(u8, Option<String>, String)>,
    links_before_heading: usize,
    code: bool,
    first: bool,
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
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count() as u32;
        let own = passed.rfind('\n').map_or(passed, |at| {
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
            at: Cursor::default(),
            count: Count::default(),
            counter: Counter::default(),
            sketcher: Sketcher::default(),
            block: Counts::default(),
            sampled: Counts::default(),
            sample: String::new(),
            unlinked: 0,
            heading: None,
            links_before_heading: 0,
            code: false,
            first: true,
        }
    }

    fn event(&mut self, event: Event<'a>, range: Range<usize>) {
        self.unlinked += unlinked(&event);
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
                self.heading = Some((given as u8, id.map(|id| id.to_string()), String::new()));
                self.links_before_heading = self.scan.outline.links.len();
            }
            Event::End(TagEnd::Heading(_)) => self.end_heading(),
            Event::Start(Tag::Link {
                link_type: LinkType::Email,
                ..
            }) => {}
            Event::Start(Tag::Link { dest_url, .. }) => self.link(&dest_url, range, false),
            Event::Start(Tag::Image { dest_url, .. }) => self.link(&dest_url, range, true),
            Event::Start(Tag::CodeBlock(kind)) => {
                self.code = true;
                if matches!(kind, CodeBlockKind::Fenced(_)) {
                    self.check_fence(range);
                }
                self.first = false;
            }
            Event::End(TagEnd::CodeBlock) => self.code = false,
            Event::Text(text) => {
                if self.unlinked == 0 && text.contains('$') {
                    note_tickers(&text, &mut self.scan.outline.tickers);
                }
                self.words(&text);
            }
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text) => {
                self.words(&text);
                self.counter.end();
            }
            Event::SoftBreak | Event::HardBreak => self.words(" "),
            Event::End(TagEnd::Paragraph) => {
                // Whether Latin text is English, its words tell when the body is made.
                let lang = std::mem::take(&mut self.block).language(|| ENGLISH);
                self.note_language(lang);
            }
            Event::Start(_) | Event::Rule if self.heading.is_none() => self.first = false,
            _ => {}
        }
    }

    fn words(&mut self, text: &str) {
        if let Some((_, _, heading)) = &mut self.heading {
            heading.push_str(text);
        } else if !self.code {
            let mut counts = Counts::default();
            self.counter.add(text, &mut self.count, &mut counts);
            self.sketcher.add(text);
            self.block.join(&counts);
            if self.sample.len() < SAMPLE {
                self.sample.push_str(text);
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
            self.scan.outline.links.truncate(self.links_before_heading);
            self.scan.title = Some(text);
            return;
        }
        let id = self.headings.id(&text, id.as_deref());
        let level = self.headings.level(level);
        self.count.add(&text);
        let lang = language(&text);
        self.note_language(lang);
        self.scan.outline.headings.push(Heading { level, text, id });
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
        self.scan.outline.links.push(Link {
            target: target.to_string(),
            spot,
            picture,
        });
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
        self.scan.outline.han = self.count.han;
        self.scan.outline.words = self.count.words;
        self.scan.outline.keep_sketch(self.sketcher);
        self.scan.lang = self.sampled.language(|| words(&self.sample));
        self.scan.opening = opening(&self.sample);
        self.scan
    }
}

/// The beginning of a text, cut at a sentence's end where one is near.
fn opening(sample: &str) -> String {
    const LONGEST: usize = 160;
    let text = sample.trim();
    let Some((cut, _)) = text.char_indices().nth(LONGEST) else {
        return text.to_string();
    };
    let head = &text[..cut];
    let end = head
        .rfind(['。', '！', '？', '.', '!', '?'])
        .filter(|end| *end > cut / 2);
    match end {
        Some(end) => {
            let mark = head[end..].chars().next().map_or(0, char::len_utf8);
            head[..end + mark].to_string()
        }
        None => format!("{head}…"),
    }
}

/// Notes the securities that a text names, each code once.
pub fn note_tickers(text: &str, into: &mut Vec<(String, String)>) {
    for found in mentions(text) {
        if !into.iter().any(|(_, code)| code == found.code) {
            into.push((found.name.to_string(), found.code.to_string()));
        }
    }
}

/// A text as HTML whose securities are links; `None` where it names none, or where there are no
/// pages of securities.
pub fn linked(text: &str, tickers: &str) -> Option<String> {
    if tickers.is_empty() {
        return None;
    }
    let found = mentions(text);
    let last = found.last()?.end;
    let (mut html, mut at) = (String::with_capacity(text.len() * 2), 0);
    for mention in &found {
        html.push_str(&escaped(&text[at..mention.start]));
        let href = format!("{tickers}{}/", slug(mention.code));
        let (name, code) = (escaped(mention.name), mention.code);
        html.push_str(&format!(
            "<a class=\"ticker\" href=\"{href}\">{name} <span>{code}</span></a>"
        ));
        at = mention.end;
    }
    html.push_str(&escaped(&text[last..]));
    Some(html)
}

/// The HTML of a body. `hrefs` are the resolved targets of the links into the site, in order;
/// a link without one keeps what was written.
pub fn html(text: &str, style: &Style, hrefs: &[String]) -> String {
    let mut html = String::with_capacity(text.len() * 3 / 2);
    if style.plain {
        pulldown_cmark::html::push_html(&mut html, Parser::new(text));
        return html;
    }
    let parser = Parser::new_ext(text, options(style.math));
    let mut events = Vec::with_capacity(text.len() / 24);
    let securities = !style.tickers.is_empty() && may_name_securities(text);
    if securities {
        events.extend(TextMergeStream::new(parser));
    } else {
        events.extend(parser);
    }
    sanitise::remove_unsafe_links(&mut events, style.trusted);
    if !style.trusted {
        sanitise::replace_boxes(&mut events);
    }
    let rewrite = Rewrite {
        style,
        hrefs: hrefs.iter(),
        at: title_end(style, &events),
        events,
        ready: [None, None],
        headings: Headings::default(),
        open: 2,
        unlinked: 0,
        securities,
        aligned: Vec::new(),
        column: 0,
        head: false,
        marked: false,
    };
    pulldown_cmark::html::push_html(&mut html, rewrite);
    if style.trusted {
        html
    } else {
        sanitise::clean(&html)
    }
}

/// Where the body starts after a first heading that is the title.
fn title_end(style: &Style, events: &[Event]) -> usize {
    let Some(Event::Start(Tag::Heading {
        level: HeadingLevel::H1,
        ..
    })) = events.first()
    else {
        return 0;
    };
    let end = events
        .iter()
        .position(|event| matches!(event, Event::End(TagEnd::Heading(_))));
    let text: String = texts(events).collect();
    match end {
        Some(end) if style.title == Some(text.as_str()) => end + 1,
        _ => 0,
    }
}

/// The parser's events as they go into the page.
struct Rewrite<'a, 's> {
    style: &'s Style<'s>,
    hrefs: std::slice::Iter<'s, String>,
    events: Vec<Event<'a>>,
    /// The next one of them.
    at: usize,
    /// What becomes of the one before: two at most.
    ready: [Option<Event<'a>>; 2],
    headings: Headings,
    /// Level of the heading that is open.
    open: u8,
    /// How many links, pictures and code blocks are open.
    unlinked: i32,
    /// Whether the text may name securities.
    securities: bool,
    /// How the columns of the open table are aligned.
    aligned: Vec<Alignment>,
    /// Number of the next cell in its row.
    column: usize,
    /// Whether that row is the table's head.
    head: bool,
    /// Whether the open paragraph has a language of its own.
    marked: bool,
}

impl<'a> Iterator for Rewrite<'a, '_> {
    type Item = Event<'a>;

    fn next(&mut self) -> Option<Event<'a>> {
        loop {
            let [first, second] = &mut self.ready;
            if let Some(event) = first.take() {
                *first = second.take();
                return Some(event);
            }
            let event = std::mem::replace(self.events.get_mut(self.at)?, Event::Rule);
            self.at += 1;
            self.event(event);
        }
    }
}

impl<'a> Rewrite<'a, '_> {
    fn push(&mut self, event: Event<'a>) {
        let free = usize::from(self.ready[0].is_some());
        self.ready[free] = Some(event);
    }

    fn event(&mut self, event: Event<'a>) {
        self.unlinked += unlinked(&event);
        match event {
            Event::Start(Tag::Heading {
                level: given, id, ..
            }) => {
                let text: String = self.rest_of_block().collect();
                let id = self.headings.id(&text, id.as_deref());
                let lang = self.lang_mark(language(&text));
                let level = self.headings.level(given as u8);
                self.open = level;
                self.markup(format!("<h{level} id=\"{}\"{lang}>", escaped(&id)));
            }
            Event::End(TagEnd::Heading(_)) => {
                self.markup(format!("</h{}>\n", self.open));
            }
            Event::Start(Tag::Paragraph) => self.start_paragraph(),
            Event::End(TagEnd::Paragraph) if std::mem::take(&mut self.marked) => {
                self.markup("</p>\n".to_string());
            }
            Event::Start(mut tag @ (Tag::Link { .. } | Tag::Image { .. })) => {
                if let Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }
                | Tag::Image {
                    link_type,
                    dest_url,
                    ..
                } = &mut tag
                {
                    self.resolve(*link_type, dest_url);
                }
                self.push(Event::Start(tag));
            }
            Event::Start(Tag::FootnoteDefinition(name)) => {
                self.push(Event::Start(Tag::FootnoteDefinition(footnote(&name))));
            }
            Event::Text(text) if self.securities && self.unlinked == 0 => {
                match linked(&text, self.style.tickers) {
                    Some(html) => self.push(Event::InlineHtml(CowStr::from(html))),
                    None => self.push(Event::Text(text)),
                }
            }
            // Still parsed as formulas, since the outline's links and headings are counted so.
            Event::InlineMath(formula) if !self.style.trusted => {
                self.push(Event::Text(format!("${formula}$").into()));
            }
            Event::DisplayMath(formula) if !self.style.trusted => {
                self.push(Event::Text(format!("$${formula}$$").into()));
            }
            Event::InlineMath(formula) => self.markup(math(&formula, DisplayMode::Inline)),
            Event::DisplayMath(formula) => self.markup(math(&formula, DisplayMode::Block)),
            Event::FootnoteReference(name) => {
                self.push(Event::FootnoteReference(footnote(&name)));
            }
            event => self.table(event),
        }
    }

    fn markup(&mut self, html: String) {
        self.push(Event::Html(CowStr::from(html)));
    }

    /// The text of the block that the last event started.
    fn rest_of_block(&self) -> impl Iterator<Item = &str> + Clone {
        texts_from(&self.events[self.at..], 1)
    }

    fn start_paragraph(&mut self) {
        let lang = match self.style.lang {
            Some(_) => self.lang_mark(language_of(self.rest_of_block())),
            None => String::new(),
        };
        if lang.is_empty() {
            self.push(Event::Start(Tag::Paragraph));
        } else {
            self.marked = true;
            self.markup(format!("<p{lang}>"));
        }
    }

    /// ` lang="…"` for another language than the article's, else nothing.
    fn lang_mark(&self, own: Option<&'static str>) -> String {
        match (own, self.style.lang) {
            (Some(own), Some(article)) if own != article => format!(" lang=\"{own}\""),
            _ => String::new(),
        }
    }

    fn resolve(&mut self, link_type: LinkType, target: &mut CowStr<'a>) {
        if link_type != LinkType::Email
            && is_internal(target)
            && let Some(href) = self.hrefs.next()
        {
            *target = CowStr::from(href.clone());
        }
    }

    /// Tables scroll in a box of their own, and align by class.
    fn table(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::Table(aligned)) => {
                self.aligned = aligned;
                self.markup("<div class=\"table\" tabindex=\"0\">".to_string());
                self.push(Event::Start(Tag::Table(Vec::new())));
            }
            Event::End(TagEnd::Table) => {
                self.push(event);
                self.markup("</div>\n".to_string());
            }
            Event::Start(Tag::TableHead | Tag::TableRow) => {
                self.column = 0;
                self.head = matches!(event, Event::Start(Tag::TableHead));
                self.push(event);
            }
            Event::Start(Tag::TableCell) => self.start_cell(),
            event => self.push(event),
        }
    }

    fn start_cell(&mut self) {
        let cell = if self.head { "th" } else { "td" };
        let class = match self.aligned.get(self.column) {
            Some(Alignment::Center) => Some("center"),
            Some(Alignment::Right) => Some("end"),
            _ => None,
        };
        self.column += 1;
        match class {
            Some(class) => self.markup(format!("<{cell} class=\"{class}\">")),
            None => self.push(Event::Start(Tag::TableCell)),
        }
    }
}

/// A formula as MathML; one that can't be read stands as it was written.
fn math(formula: &str, display_mode: DisplayMode) -> String {
    let storage = pulldown_latex::Storage::new();
    let parser = pulldown_latex::Parser::new(formula, &storage);
    let config = pulldown_latex::RenderConfig {
        display_mode,
        ..Default::default()
    };
    let mut html = String::new();
    let Ok(mut parts) = parser.collect::<Result<Vec<_>, _>>() else {
        return format!("<code>{}</code>", escaped(formula));
    };
    // The renderer prints the names of operators as they are.
    let names: Vec<Option<String>> = parts.iter().map(operator).collect();
    for (part, name) in parts.iter_mut().zip(&names) {
        if let Some(name) = name {
            *part = Part::Content(Content::Function(name));
        }
    }
    let whole = parts.into_iter().map(Ok::<_, std::convert::Infallible>);
    match pulldown_latex::push_mathml(&mut html, whole, config) {
        Ok(()) => clean(&html),
        Err(_) => format!("<code>{}</code>", escaped(formula)),
    }
}

/// The name of an operator, safe in an element.
fn operator(part: &Part) -> Option<String> {
    match part {
        Part::Content(Content::Function(name)) => Some(escaped(name)),
        _ => None,
    }
}

/// The renderer leaves `<` bare inside operators, and writes colours as inline styles.
fn clean(mathml: &str) -> String {
    let mut out = mathml.replace("><</", ">&lt;</");
    while let Some(start) = out.find(" style=\"") {
        let value = start + " style=\"".len();
        let end = out[value..]
            .find('"')
            .map_or(out.len(), |end| value + end + 1);
        out.replace_range(start..end, "");
    }
    out
}

/// Footnotes get names that are no heading's.
fn footnote<'a>(name: &str) -> CowStr<'a> {
    CowStr::from(format!("fn-{}", slug(name)))
}

/// The text of the first block of some events, in pieces.
fn texts<'e>(events: &'e [Event]) -> impl Iterator<Item = &'e str> + Clone {
    texts_from(events, 0)
}

/// The text up to where the block ends of which `depth` elements are open.
fn texts_from<'e>(events: &'e [Event], depth: i32) -> impl Iterator<Item = &'e str> + Clone {
    let (mut depth, mut over) = (depth, false);
    events.iter().map_while(move |event| {
        if over {
            return None;
        }
        let text = match event {
            Event::Text(part)
            | Event::Code(part)
            | Event::InlineMath(part)
            | Event::DisplayMath(part) => part.as_ref(),
            Event::SoftBreak | Event::HardBreak => " ",
            Event::Start(_) => {
                depth += 1;
                ""
            }
            Event::End(_) => {
                depth -= 1;
                ""
            }
            _ => "",
        };
        over = depth == 0;
        Some(text)
    })
}

/// Text made safe inside an attribute or element.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &str) {
        let style = Style {
            lang: Some("zh-Hans"),
            title: Some("题"),
            tickers: "/tickers/",
            trusted: true,
            math: false,
            plain: false,
        };
        let hrefs = ["/x/".to_string(), "/y.png".to_string()];
        assert_eq!(html(text, &style, &hrefs), expect, "{text}");
    }

    #[test]
    fn bodies_leave_the_first_level_to_the_page() {
        check(
            "# 题\n\n# 甲\n\n## 乙\n",
            "<h2 id=\"甲\">甲</h2>\n<h3 id=\"乙\">乙</h3>\n",
        );
        check(
            "### 甲\n#### 乙\n### 丙\n# 丁\n",
            "<h2 id=\"甲\">甲</h2>\n<h3 id=\"乙\">乙</h3>\n<h2 id=\"丙\">丙</h2>\n<h2 id=\"丁\">丁</h2>\n",
        );
        check(
            "## 甲\n## 甲\n",
            "<h2 id=\"甲\">甲</h2>\n<h2 id=\"甲-1\">甲</h2>\n",
        );
        check("## 甲 {#own}\n", "<h2 id=\"own\">甲</h2>\n");
    }

    #[test]
    fn links_into_the_site_are_replaced_in_order() {
        check(
            "[a](x.md) [b](https://e.org/) ![c](y.png)",
            "<p><a href=\"/x/\">a</a> <a href=\"https://e.org/\">b</a> <img src=\"/y.png\" alt=\"c\" /></p>\n",
        );
    }

    #[test]
    fn other_languages_are_marked() {
        check(
            "開放資料應該讓人閱讀",
            "<p lang=\"zh-Hant\">開放資料應該讓人閱讀</p>\n",
        );
        check("这里开放数据", "<p>这里开放数据</p>\n");
    }

    #[test]
    fn securities_become_links() {
        check(
            "买$海港*航运* (HBR.HK)$，花$5",
            "<p>买$海港<em>航运</em> (HBR.HK)$，花$5</p>\n",
        );
        check(
            "买$海港航运 (HBR.HK)$，`$甲 (A.US)$`",
            "<p>买<a class=\"ticker\" href=\"/tickers/hbr.hk/\">海港航运 <span>HBR.HK</span></a>，\
             <code>$甲 (A.US)$</code></p>\n",
        );
    }

    #[test]
    fn formulas_are_markup_only_where_asked_for() {
        let style = |math| Style {
            lang: None,
            title: None,
            tickers: "/tickers/",
            trusted: true,
            math,
            plain: false,
        };
        assert_eq!(html("$a$ 和 $5", &style(false), &[]), "<p>$a$ 和 $5</p>\n");
        let formula = html("$a^2$", &style(true), &[]);
        assert!(
            formula.contains("<math") && formula.contains("<mi>a</mi>"),
            "{formula}"
        );
        assert!(!formula.contains("style="), "{formula}");
        let careful = html("$a<b\\color{red}{x}$", &style(true), &[]);
        assert!(
            careful.contains("&lt;") && !careful.contains("style="),
            "{careful}"
        );
        let broken = html("$\\left( a$", &style(true), &[]);
        assert_eq!(broken, "<p><code>\\left( a</code></p>\n");
        let operator = html("$\\operatorname{\\<b onclick=x>}$", &style(true), &[]);
        assert!(!operator.contains("<b"), "{operator}");
    }

    #[test]
    fn tables_have_no_inline_style() {
        check(
            "|a|b|\n|-|-:|\n|1|2|\n",
            "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>a</th><th class=\"end\">b</th></tr></thead><tbody>\n\
             <tr><td>1</td><td class=\"end\">2</td></tr>\n</tbody></table>\n</div>\n",
        );
    }

    #[test]
    fn the_outline_has_places() {
        let text = "---\nt: 1\n---\n## 海 [港](a.md)\n\n港 ![图](b.png \"t\") x\n";
        let lines = Lines::new("a.md", text);
        let scan = scan(&lines, 13, None, false);
        let spots: Vec<_> = scan
            .outline
            .links
            .iter()
            .map(|link| (link.target.as_str(), link.spot))
            .collect();
        let spot = |line, column, width| Spot {
            line,
            column,
            width,
        };
        assert_eq!(spots, [("a.md", spot(4, 10, 4)), ("b.png", spot(6, 8, 5))]);
        assert_eq!(scan.outline.headings[0].text, "海 港");
        assert_eq!((scan.outline.han, scan.outline.words), (4, 1));
    }

    #[test]
    fn internal_means_no_scheme() {
        for target in ["a.md", "/x/", "#a", "../b c.md", "a/b:c"] {
            assert!(is_internal(target), "{target}");
        }
        for target in [
            "",
            "https://e.org",
            "mailto:a@b",
            "//cdn.org/x",
            "javascript:x",
        ] {
            assert!(!is_internal(target), "{target}");
        }
    }

    #[test]
    fn outline_and_body_agree_on_formulas_and_securities() {
        let text = "## 能量 $E=mc^2$\n\n$数 (MAT.US)$ [$链 (LNK.US)$](a.md) `$码 (COD.US)$`\n\n# $题 (HEA.US)$\n";
        for (math, trusted) in [(false, true), (true, true), (true, false)] {
            let lines = Lines::new("a.md", text);
            let outline = scan(&lines, 0, None, math).outline;
            let style = Style {
                lang: None,
                title: None,
                tickers: "/t/",
                trusted,
                math,
                plain: false,
            };
            let html = html(text, &style, &[]);
            for heading in &outline.headings {
                assert!(
                    html.contains(&format!("id=\"{}\"", heading.id)),
                    "{heading:?}\n{html}"
                );
            }
            let codes: Vec<&str> = outline
                .tickers
                .iter()
                .map(|(_, code)| code.as_str())
                .collect();
            assert_eq!(
                html.matches("class=\"ticker\"").count(),
                codes.len(),
                "{codes:?}\n{html}"
            );
            assert_eq!(
                codes,
                if math {
                    vec![]
                } else {
                    vec!["MAT.US", "HEA.US"]
                }
            );
        }
    }

    #[test]
    fn open_fences_are_named() {
        let check = |text: &str, complaints: usize| {
            let scan = scan(&Lines::new("a.md", text), 0, None, false);
            assert_eq!(scan.diagnostics.len(), complaints, "{text}");
        };
        check("```\nx\n```\n", 0);
        check("> ```\n> x\n> ```\n", 0);
        check("```rust\nx\n", 1);
        check("~~~\nx\n```\n", 1);
        check("````\nx\n```\n", 1);
        check("```\n", 1);
    }

    proptest::proptest! {
        #[test]
        fn what_is_not_mixed_has_no_block_in_another_language(parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "这里开放数据", "開放資料", "The port is open now ", "新しい橋が", "上海", "port ",
                "*", "**", "`", "\n\n", "\n", "# ", "- ", "> ", "[^1]", "\n[^1]: ", "$x$", "1. ",
                "\n|a|b|\n|-|-|\n|", "<b>", "![", "](a.png)", "```\n",
            ]), 0..30,
        )) {
            let text: String = parts.concat();
            let facts = super::super::facts("content/a/b.md", text.as_bytes());
            let style = |lang| Style {
                lang,
                title: Some(&facts.title),
                tickers: "/t/",
                trusted: true,
                math: false,
                plain: false,
            };
            let lang = facts.lang.as_deref();
            let whole = html(&text, &style(lang), &[]);
            let told = html(&text, &style(lang.filter(|_| facts.outline.mixed)), &[]);
            proptest::prop_assert_eq!(whole, told);
        }
    }
}

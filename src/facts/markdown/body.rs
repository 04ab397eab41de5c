//! The HTML of a body.

use super::super::picture::Shown;
use super::super::{highlight, sanitise};
use super::events::{events, may_name_securities, plain};
use super::figures::{self, Note, arrange, is_film};
use super::formula::mathml;
use super::scripts::turn;
use super::{Headings, NOTE, Style, escaped, is_internal, linked, unlinked};
use crate::base::slug::slug;
use crate::base::text::emphasis::mark;
use crate::base::text::script::{language, language_of};
use crate::config::embeds::player;
use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd,
};
use pulldown_latex::config::DisplayMode;
use std::fmt::Write;

/// How wide a picture in a text is: the column of the built-in theme, else the window.
const SIZES: &str = "(min-width: 46em) 42.75rem, 100vw";
/// The same in a gallery: two stand side by side, or three in a wide window.
const SIZES_IN_GALLERY: &str = "(min-width: 46em) 14rem, 50vw";
/// The size of a video of which none is known.
const FILM: (u32, u32) = (1280, 720);

/// The HTML of a body. `hrefs` are the resolved targets of the links into the site, in order;
/// a link without one keeps what was written.
pub fn html(text: &str, style: &Style, hrefs: &[String]) -> String {
    let mut all = html_of_each(text, &[(style, hrefs)]);
    all.pop().unwrap_or_default()
}

/// The HTML of a body in some styles, from one parsing. All of them agree on what is mathematics
/// and what is trusted.
pub fn html_of_each(text: &str, styles: &[(&Style, &[String])]) -> Vec<String> {
    let Some((first, _)) = styles.first() else {
        return Vec::new();
    };
    let marked = mark(text);
    let mut html = String::with_capacity(text.len() * 3 / 2);
    if first.plain {
        pulldown_cmark::html::push_html(&mut html, plain(&marked));
        return vec![html; styles.len()];
    }
    let mut list = Vec::with_capacity(text.len() / 24);
    let whole = styles.iter().any(|(style, _)| style.turn.is_some());
    // Of each quotation, whether it begins with the mark of a gallery or video.
    let mut named = Vec::new();
    list.extend(events(&marked, first.math, whole).map(|(event, range)| {
        if matches!(event, Event::Start(Tag::BlockQuote(None))) {
            named.push(figures::named(&marked.text[range]).is_some());
        }
        event
    }));
    sanitise::remove_unsafe_links(&mut list, first.trusted);
    let notes = arrange(&mut list, &named);
    let securities = may_name_securities(text);
    let mut lists = vec![list; styles.len()];
    let styles = styles.iter().zip(&mut lists);
    let html = |((style, hrefs), list): (&(&Style, &[String]), &mut Vec<Event>)| {
        let at = title_end(style, list);
        if let Some(turned) = style.turn {
            turn(list, turned);
        }
        printed(
            style,
            hrefs,
            at,
            std::mem::take(list),
            &notes,
            (text.len(), securities),
        )
        .html
    };
    styles.map(html).collect()
}

/// HTML, and how many of the targets that were given for its links were left.
pub struct Consumed {
    pub html: String,
    pub left: usize,
}

/// The HTML of the events of a text that has neither figures nor securities.
pub fn printed_from(
    text: &str,
    mut events: Vec<Event>,
    style: &Style,
    hrefs: &[String],
) -> Consumed {
    sanitise::remove_unsafe_links(&mut events, style.trusted);
    let at = title_end(style, &events);
    printed(style, hrefs, at, events, &[], (text.len(), false))
}

/// Prints events from one of them on. Of the text it is told how long it is, and whether it may
/// name securities.
fn printed(
    style: &Style,
    hrefs: &[String],
    at: usize,
    events: Vec<Event>,
    notes: &[(usize, Note)],
    (length, securities): (usize, bool),
) -> Consumed {
    let mut html = String::with_capacity(length * 3 / 2);
    let mut rewrite = Rewrite {
        style,
        hrefs: hrefs.iter(),
        at,
        events,
        ready: [None, None],
        headings: Headings::default(),
        open: 2,
        unlinked: 0,
        securities: securities && !style.tickers.is_empty(),
        aligned: Vec::new(),
        column: 0,
        head: false,
        marked: false,
        leads: style.leads,
        notes,
        next_note: notes.first().map_or(usize::MAX, |(at, _)| *at),
        in_gallery: false,
    };
    pulldown_cmark::html::push_html(&mut html, rewrite.by_ref());
    let left = rewrite.hrefs.len();
    if !style.trusted {
        html = sanitise::clean(&html);
    }
    Consumed { html, left }
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
    /// Whether a picture that comes now is the first thing that readers see.
    leads: bool,
    /// Where galleries and videos are, as far as they are still to come.
    notes: &'s [(usize, Note)],
    /// The event that the first of them is about.
    next_note: usize,
    in_gallery: bool,
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
            let note = (self.at == self.next_note).then(|| self.note()).flatten();
            let event = std::mem::replace(self.events.get_mut(self.at)?, Event::Rule);
            self.at += 1;
            self.event(event);
            if let Some(Note::Video { poster, caption }) = note {
                self.video(poster, caption);
            }
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
        if matches!(event, Event::Text(_) | Event::Code(_)) {
            self.leads = false;
        }
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
                const ENDS: [&str; 5] = ["</h2>\n", "</h3>\n", "</h4>\n", "</h5>\n", "</h6>\n"];
                self.markup(ENDS[usize::from(self.open.clamp(2, 6)) - 2]);
            }
            Event::Start(Tag::Paragraph) => self.start_paragraph(),
            Event::End(TagEnd::Paragraph) if std::mem::take(&mut self.marked) => {
                self.markup("</p>\n");
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
                if !self.picture(&tag) {
                    self.push(Event::Start(tag));
                }
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
            Event::InlineMath(formula) => self.markup(mathml(&formula, DisplayMode::Inline)),
            Event::DisplayMath(formula) => self.markup(mathml(&formula, DisplayMode::Block)),
            // A sign, since a box of a form would want a label.
            Event::TaskListMarker(done) => {
                let html = match done {
                    true => "<span class=\"task\">☑</span> ",
                    false => "<span class=\"task\">☐</span> ",
                };
                self.push(Event::InlineHtml(html.into()));
            }
            // What scrolls can be reached by the keyboard.
            Event::Start(Tag::CodeBlock(kind)) => {
                let language = match &kind {
                    CodeBlockKind::Fenced(info) => info.split(' ').next().unwrap_or_default(),
                    CodeBlockKind::Indented => "",
                };
                let class = match language {
                    "" => String::new(),
                    name => format!(" class=\"language-{}\"", escaped(name)),
                };
                let opening = format!("<pre tabindex=\"0\"><code{class}>");
                match self.highlighted(highlight::named(language)) {
                    Some(code) => {
                        self.pass_over();
                        self.markup(format!("{opening}{code}</code></pre>\n"));
                    }
                    None => self.markup(opening),
                }
            }
            Event::FootnoteReference(name) => {
                self.push(Event::FootnoteReference(footnote(&name)));
            }
            event => self.table(event),
        }
    }

    fn markup(&mut self, html: impl Into<CowStr<'a>>) {
        self.push(Event::Html(html.into()));
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

    fn highlighted(&self, language: &str) -> Option<String> {
        if !self.style.colours || !highlight::is_known(language) {
            return None;
        }
        let code: String = self.rest_of_block().collect();
        highlight::highlight(language, &code)
    }

    /// Takes the first of the notes.
    fn note(&mut self) -> Option<Note> {
        let ((_, note), rest) = self.notes.split_first()?;
        self.notes = rest;
        self.next_note = rest.first().map_or(usize::MAX, |(at, _)| *at);
        match note {
            Note::Gallery => self.in_gallery = true,
            Note::End => self.in_gallery = false,
            Note::Video { .. } => {}
        }
        Some(*note)
    }

    /// Writes a video, whose link is the next event, and behind it maybe its picture.
    fn video(&mut self, has_poster: bool, has_caption: bool) {
        self.leads = false;
        let (target, title) = self.passed_target();
        let poster = has_poster.then(|| self.passed_target());
        let named = match title.trim() {
            "" => target.as_ref(),
            title => title,
        };
        let (href, name) = (escaped(&target), escaped(named));
        let shown = poster.as_ref().and_then(|(src, _)| self.known(src));
        let (width, height) = shown.map_or(FILM, |shown| (shown.width, shown.height));
        let is_own = is_film(&target);
        let player = player(&target)
            .filter(|(host, _)| self.style.trusted && self.style.embeds.contains(host));
        let mut html = match (&poster, player) {
            (_, Some((_, player))) => format!(
                "<iframe src=\"{}\" title=\"{name}\" width=\"{width}\" height=\"{height}\" \
                 loading=\"lazy\" sandbox=\"allow-scripts allow-same-origin allow-presentation \
                 allow-popups\" allow=\"fullscreen; picture-in-picture\" \
                 referrerpolicy=\"strict-origin-when-cross-origin\"></iframe>",
                escaped(&player)
            ),
            (poster, None) if is_own => {
                let poster = poster.as_ref().map_or_else(String::new, |(src, _)| {
                    format!(" poster=\"{}\"", escaped(src))
                });
                format!(
                    "<video src=\"{href}\" controls preload=\"none\"{poster} width=\"{width}\" \
                     height=\"{height}\" aria-label=\"{name}\"><a href=\"{href}\">{name}</a></video>"
                )
            }
            (poster, None) => {
                let picture = poster.as_ref().map_or_else(String::new, |(src, alt)| {
                    self.img(src, alt, "", "loading=\"lazy\" decoding=\"async\"")
                });
                let host = target.split("//").nth(1).unwrap_or("");
                let host = host.split(['/', '?', '#']).next().unwrap_or("");
                format!(
                    "<a href=\"{href}\" rel=\"noopener\">{picture}<span>▶ {name} <small>{}</small>\
                     </span></a>",
                    escaped(host)
                )
            }
        };
        // A card has its title on it.
        let titled = html.starts_with("<a");
        if !has_caption && !titled {
            let _ = write!(html, "<figcaption>{name}</figcaption>");
        }
        self.markup(html);
    }

    /// Leaves out the link or picture that comes next: where it leads, and its text.
    fn passed_target(&mut self) -> (CowStr<'a>, String) {
        let event = match self.events.get_mut(self.at) {
            Some(event) => std::mem::replace(event, Event::Rule),
            None => Event::Rule,
        };
        self.at += 1;
        self.unlinked += unlinked(&event);
        let text = self.rest_of_block().collect();
        let (Event::Start(Tag::Link {
            link_type,
            mut dest_url,
            ..
        })
        | Event::Start(Tag::Image {
            link_type,
            mut dest_url,
            ..
        })) = event
        else {
            return (CowStr::Borrowed(""), text);
        };
        self.resolve(link_type, &mut dest_url);
        self.pass_over();
        (dest_url, text)
    }

    fn known(&self, src: &str) -> Option<Shown> {
        self.style.pictures.and_then(|known| known(src))
    }

    /// A picture with its size and its other widths, where they are known.
    fn img(&self, src: &str, alt: &str, title: &str, loading: &str) -> String {
        let mut html = format!("<img src=\"{}\" alt=\"{}\"", escaped(src), escaped(alt));
        if !title.is_empty() {
            let _ = write!(html, " title=\"{}\"", escaped(title));
        }
        if let Some(shown) = self.known(src) {
            let (width, height) = (shown.width, shown.height);
            let _ = write!(html, " width=\"{width}\" height=\"{height}\"");
            if let Some(srcset) = &shown.srcset {
                let sizes = match self.in_gallery {
                    true => SIZES_IN_GALLERY,
                    false => SIZES,
                };
                let _ = write!(html, " srcset=\"{}\" sizes=\"{sizes}\"", escaped(srcset));
            }
        }
        let _ = write!(html, " {loading} />");
        html
    }

    /// Writes a picture of the site with its size and its other widths, where they are known.
    fn picture(&mut self, tag: &Tag<'a>) -> bool {
        let Tag::Image {
            dest_url, title, ..
        } = tag
        else {
            return false;
        };
        let leads = std::mem::take(&mut self.leads);
        if !self.in_gallery && self.known(dest_url).is_none() {
            return false;
        }
        let alt: String = self.rest_of_block().collect();
        self.pass_over();
        let loading = match leads {
            true => "fetchpriority=\"high\"",
            false => "loading=\"lazy\" decoding=\"async\"",
        };
        // In a gallery the title is the caption.
        let title = if self.in_gallery { "" } else { title };
        let mut html = self.img(dest_url, &alt, title, loading);
        if self.in_gallery {
            // The whole picture is a click away.
            html = format!("<a href=\"{}\">{html}</a>", escaped(dest_url));
        }
        self.push(Event::InlineHtml(CowStr::from(html)));
        true
    }

    /// Leaves out what is in the element that the last event started. Its links are counted.
    fn pass_over(&mut self) {
        let mut depth = 1;
        while depth > 0
            && let Some(event) = self.events.get_mut(self.at)
        {
            let event = std::mem::replace(event, Event::Rule);
            self.at += 1;
            self.unlinked += unlinked(&event);
            match event {
                Event::Start(
                    Tag::Link {
                        link_type,
                        mut dest_url,
                        ..
                    }
                    | Tag::Image {
                        link_type,
                        mut dest_url,
                        ..
                    },
                ) => {
                    self.resolve(link_type, &mut dest_url);
                    depth += 1;
                }
                Event::Start(_) => depth += 1,
                Event::End(_) => depth -= 1,
                _ => {}
            }
        }
    }

    /// Tables scroll in a box of their own, and align by class.
    fn table(&mut self, event: Event<'a>) {
        match event {
            Event::Start(Tag::Table(aligned)) => {
                self.aligned = aligned;
                self.markup("<div class=\"table\" tabindex=\"0\">");
                self.push(Event::Start(Tag::Table(Vec::new())));
            }
            Event::End(TagEnd::Table) => {
                self.push(event);
                self.markup("</div>\n");
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
        let html = match (self.aligned.get(self.column), self.head) {
            (Some(Alignment::Center), true) => "<th class=\"center\">",
            (Some(Alignment::Center), false) => "<td class=\"center\">",
            (Some(Alignment::Right), true) => "<th class=\"end\">",
            (Some(Alignment::Right), false) => "<td class=\"end\">",
            _ => "",
        };
        self.column += 1;
        match html {
            "" => self.push(Event::Start(Tag::TableCell)),
            html => self.markup(html),
        }
    }
}

/// Footnotes get names that are no heading's.
fn footnote<'a>(name: &str) -> CowStr<'a> {
    CowStr::from(format!("{NOTE}{}", slug(name)))
}

/// The text of the first block of some events, in pieces.
fn texts<'e>(events: &'e [Event]) -> impl Iterator<Item = &'e str> + Clone {
    texts_from(events, 0)
}

/// The text up to where the block ends of which `depth` elements are open.
pub fn texts_from<'e>(events: &'e [Event], depth: i32) -> impl Iterator<Item = &'e str> + Clone {
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

//! The HTML of a body.

use super::super::sanitise;
use super::events::{events, may_name_securities, plain};
use super::formula::mathml;
use super::scripts::turn;
use super::{Headings, Style, escaped, is_internal, linked, unlinked};
use crate::base::slug::slug;
use crate::base::text::emphasis::mark;
use crate::base::text::script::{language, language_of};
use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Tag, TagEnd,
};
use pulldown_latex::config::DisplayMode;
use std::fmt::Write;

/// How wide a picture in a text is: the column of the built-in theme, else the window.
const SIZES: &str = "(min-width: 46em) 42.75rem, 100vw";

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
    list.extend(events(&marked, first.math, whole).map(|(event, _)| event));
    sanitise::remove_unsafe_links(&mut list, first.trusted);
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
            (text.len(), securities),
        )
    };
    styles.map(html).collect()
}

/// Prints events from one of them on. Of the text it is told how long it is, and whether it may
/// name securities.
fn printed(
    style: &Style,
    hrefs: &[String],
    at: usize,
    events: Vec<Event>,
    (length, securities): (usize, bool),
) -> String {
    let mut html = String::with_capacity(length * 3 / 2);
    let rewrite = Rewrite {
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
    /// Whether a picture that comes now is the first thing that readers see.
    leads: bool,
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
                let sign = if done { '☑' } else { '☐' };
                let html = format!("<span class=\"task\">{sign}</span> ");
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
                self.markup(format!("<pre tabindex=\"0\"><code{class}>"));
            }
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

    /// Writes a picture of the site with its size and its other widths, where they are known.
    fn picture(&mut self, tag: &Tag<'a>) -> bool {
        let Tag::Image {
            dest_url, title, ..
        } = tag
        else {
            return false;
        };
        let leads = std::mem::take(&mut self.leads);
        let Some(shown) = self.style.pictures.and_then(|known| known(dest_url)) else {
            return false;
        };
        let alt: String = self.rest_of_block().collect();
        self.pass_over();
        let mut html = format!(
            "<img src=\"{}\" alt=\"{}\"",
            escaped(dest_url),
            escaped(&alt)
        );
        if !title.is_empty() {
            let _ = write!(html, " title=\"{}\"", escaped(title));
        }
        let _ = write!(
            html,
            " width=\"{}\" height=\"{}\"",
            shown.width, shown.height
        );
        if let Some(srcset) = &shown.srcset {
            let _ = write!(html, " srcset=\"{}\" sizes=\"{SIZES}\"", escaped(srcset));
        }
        html.push_str(match leads {
            true => " fetchpriority=\"high\" />",
            false => " loading=\"lazy\" decoding=\"async\" />",
        });
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

/// Footnotes get names that are no heading's.
fn footnote<'a>(name: &str) -> CowStr<'a> {
    CowStr::from(format!("fn-{}", slug(name)))
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

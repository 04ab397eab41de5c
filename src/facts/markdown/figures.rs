//! Galleries and videos: quotations that begin with `[!GALLERY]` or `[!VIDEO]`, as alerts begin
//! with `[!NOTE]`. A program that doesn't know them shows a quotation with pictures and links.
//!
//! A gallery is pictures, each with its caption after it. A video is a link, then maybe a picture
//! that stands for it until it runs, then maybe a caption. What is anything else is a quotation
//! like others, and the writer is told.

use super::events::is_mark;
use super::is_internal;
use pulldown_cmark::{CowStr, Event, Tag, TagEnd};
use std::ops::Range;

/// What a block shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Figure {
    /// Pictures.
    Gallery,
    /// A video.
    Video,
}

/// The marks that open a block.
const MARKS: [(&str, Figure); 2] = [("[!GALLERY]", Figure::Gallery), ("[!VIDEO]", Figure::Video)];
/// Endings of files that browsers play.
const ENDINGS: [&str; 5] = ["mp4", "m4v", "webm", "ogv", "mov"];

/// Where the events of a block are, counted from its start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// What it shows.
    pub figure: Figure,
    /// Its pictures, or its video, and the caption of each.
    pub items: Vec<Item>,
    /// How many events it has.
    pub length: usize,
}

/// A picture or a video.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Item {
    /// The picture, or the link of the video.
    pub shown: Range<usize>,
    /// The picture that stands for the video.
    pub poster: Option<Range<usize>>,
    /// What stands below it.
    pub caption: Range<usize>,
}

/// Why a block is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wrong {
    /// The event that doesn't fit.
    pub at: usize,
    /// What is wrong.
    pub message: &'static str,
    /// What to write.
    pub help: &'static str,
}

const PICTURES: &str = "write a picture on each line, with its caption after it: `![…](…) …`";
const LINK: &str = "write a link to the video on the line below `[!VIDEO]`: `[title](film.mp4)`";

/// The figure that a quotation in a source begins with, and how much of it the mark takes.
pub fn named(source: &str) -> Option<(Figure, usize)> {
    let rest = source.strip_prefix('>')?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    let start = source.len() - rest.len();
    let (mark, figure) = MARKS.into_iter().find(|(mark, _)| {
        let head = rest.as_bytes().get(..mark.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(mark.as_bytes()))
    })?;
    let line = rest[mark.len()..].lines().next().unwrap_or("");
    line.trim()
        .is_empty()
        .then_some((figure, start + mark.len()))
}

/// Whether a target is a file that browsers play.
pub fn is_film(target: &str) -> bool {
    let path = target.split(['?', '#']).next().unwrap_or("");
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ENDINGS.iter().any(|own| own.eq_ignore_ascii_case(ending))
}

/// The block that a quotation is whose start is the first of these events; none where it is a
/// quotation like others.
pub fn block(events: &[Event]) -> Option<Result<Block, Wrong>> {
    let (figure, from) = opened(events)?;
    Some(items(events, figure, from))
}

/// The figure that the mark names, and the first event behind it.
fn opened(events: &[Event]) -> Option<(Figure, usize)> {
    let [
        Event::Start(Tag::BlockQuote(None)),
        Event::Start(Tag::Paragraph),
        ..,
    ] = events
    else {
        return None;
    };
    let longest = MARKS.iter().map(|(mark, _)| mark.len()).max()?;
    let (mut text, mut at) = (String::new(), 2);
    while let Some(Event::Text(piece)) = events.get(at) {
        text.push_str(piece);
        at += 1;
        if text.len() > longest + 1 {
            return None;
        }
    }
    let ends = matches!(
        events.get(at),
        Some(Event::SoftBreak | Event::HardBreak | Event::End(TagEnd::Paragraph))
    );
    let mut marks = MARKS.into_iter();
    let known = marks.find(|(mark, _)| mark.eq_ignore_ascii_case(text.trim_end()));
    known.filter(|_| ends).map(|(_, figure)| (figure, at))
}

fn items(events: &[Event], figure: Figure, from: usize) -> Result<Block, Wrong> {
    let mut items: Vec<Item> = Vec::new();
    let mut at = from;
    // Whether only white space has come since the last paragraph began or the last item ended.
    let mut fresh = true;
    let wrong = |at, message, help| Err(Wrong { at, message, help });
    while let Some(event) = events.get(at) {
        let next = match event {
            Event::Start(Tag::Paragraph) => at + 1,
            Event::Start(_) => past(events, at),
            _ => at + 1,
        };
        match (event, figure) {
            (Event::End(TagEnd::BlockQuote(_)), Figure::Gallery) if items.is_empty() => {
                return wrong(0, "this gallery has no pictures", PICTURES);
            }
            (Event::End(TagEnd::BlockQuote(_)), Figure::Video) if items.is_empty() => {
                return wrong(0, "this video has no link", LINK);
            }
            (Event::End(TagEnd::BlockQuote(_)), _) => {
                return Ok(Block {
                    figure,
                    items,
                    length: at + 1,
                });
            }
            (Event::Start(Tag::Image { .. }), Figure::Gallery) => {
                items.push(Item {
                    shown: at..next,
                    poster: None,
                    caption: next..next,
                });
            }
            (Event::Start(Tag::Link { dest_url, .. }), Figure::Video) if items.is_empty() => {
                let outside = ["http:", "https:"].iter().any(|scheme| {
                    let head = dest_url.get(..scheme.len());
                    head.is_some_and(|head| head.eq_ignore_ascii_case(scheme))
                });
                if !(outside || is_internal(dest_url) && is_film(dest_url)) {
                    let message = "this is no video";
                    let help = "link to a file such as film.mp4, or to a page: `https://…`";
                    return wrong(at, message, help);
                }
                items.push(Item {
                    shown: at..next,
                    poster: None,
                    caption: next..next,
                });
                fresh = true;
            }
            (Event::Start(Tag::Image { .. }), Figure::Video) => match items.last_mut() {
                Some(item) if fresh && item.poster.is_none() => {
                    item.poster = Some(at..next);
                    item.caption = next..next;
                }
                Some(_) => {
                    let message = "a video has one picture, right behind its link";
                    return wrong(at, message, "move it there, or take it out of the block");
                }
                None => return wrong(at, "the link of a video comes first", LINK),
            },
            (Event::SoftBreak | Event::HardBreak, _) => {}
            (Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph), _) => {}
            (Event::Text(text), _) if text.trim().is_empty() => {}
            (_, _) if events[at..next].iter().all(is_inline) => match items.last_mut() {
                Some(item) => {
                    fresh = false;
                    item.caption.end = next;
                    if item.caption.start < at && captionless(&events[item.caption.start..at]) {
                        item.caption.start = at;
                    }
                }
                None if figure == Figure::Gallery => {
                    return wrong(at, "a gallery begins with a picture", PICTURES);
                }
                None => return wrong(at, "a video begins with its link", LINK),
            },
            (_, Figure::Gallery) => {
                return wrong(
                    at,
                    "only pictures and their captions can stand here",
                    PICTURES,
                );
            }
            (_, Figure::Video) => {
                return wrong(at, "only a video and its caption can stand here", LINK);
            }
        }
        at = next;
    }
    wrong(0, "this block has no end", PICTURES)
}

/// Whether nothing is said by some events.
fn captionless(events: &[Event]) -> bool {
    events.iter().all(|event| match event {
        Event::SoftBreak | Event::HardBreak => true,
        Event::Start(Tag::Paragraph) | Event::End(TagEnd::Paragraph) => true,
        Event::Text(text) => text.trim().is_empty(),
        _ => false,
    })
}

/// What may stand in a caption.
fn is_inline(event: &Event) -> bool {
    let is_text = matches!(
        event,
        Event::Text(_)
            | Event::Code(_)
            | Event::InlineMath(_)
            | Event::SoftBreak
            | Event::HardBreak
            | Event::FootnoteReference(_)
    );
    is_text || is_mark(event)
}

/// The first event behind the element that one starts.
fn past(events: &[Event], from: usize) -> usize {
    let mut depth = 0;
    for (at, event) in events.iter().enumerate().skip(from) {
        match event {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return at + 1;
        }
    }
    events.len()
}

/// What the body has to know of the event with this number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Note {
    /// A gallery begins.
    Gallery,
    /// It ends.
    End,
    /// The link of a video follows, and its picture if so said.
    Video {
        /// Whether it has a picture.
        poster: bool,
        /// Whether it has a caption.
        caption: bool,
    },
}

/// Puts the markup of galleries and videos around their events. What depends on where links lead
/// is left to the body; the notes say where, in order. Of each quotation without a kind it is told
/// whether it is [`named`].
pub fn arrange<'a>(events: &mut Vec<Event<'a>>, named: &[bool]) -> Vec<(usize, Note)> {
    let mut notes = Vec::new();
    let quoted = |event: &Event| matches!(event, Event::Start(Tag::BlockQuote(None)));
    if !named.contains(&true) {
        return notes;
    }
    let mut named = named.iter();
    let mut old = std::mem::take(events);
    let mut at = 0;
    events.reserve(old.len());
    while at < old.len() {
        // No block has a quotation in it, so that none is passed over.
        let found = match quoted(&old[at]) && named.next() == Some(&true) {
            true => block(&old[at..]),
            false => None,
        };
        let Some(Ok(block)) = found else {
            events.push(std::mem::replace(&mut old[at], Event::Rule));
            at += 1;
            continue;
        };
        let mut page = Page {
            old: &mut old[at..at + block.length],
            events,
            notes: &mut notes,
        };
        page.print(&block);
        at += block.length;
    }
    notes
}

struct Page<'p, 'a> {
    old: &'p mut [Event<'a>],
    events: &'p mut Vec<Event<'a>>,
    notes: &'p mut Vec<(usize, Note)>,
}

impl Page<'_, '_> {
    fn print(&mut self, block: &Block) {
        match block.figure {
            Figure::Gallery => {
                self.note(Note::Gallery);
                self.markup("<div class=\"gallery\">\n");
                for item in &block.items {
                    self.markup("<figure>");
                    let title = match &self.old[item.shown.start] {
                        Event::Start(Tag::Image { title, .. }) => title.clone(),
                        _ => CowStr::Borrowed(""),
                    };
                    self.take(item.shown.clone());
                    match item.caption.is_empty() {
                        true if title.is_empty() => {}
                        true => {
                            self.markup("<figcaption>");
                            self.events.push(Event::Text(title.into_string().into()));
                            self.markup("</figcaption>");
                        }
                        false => self.caption(item),
                    }
                    self.markup("</figure>\n");
                }
                self.note(Note::End);
                self.markup("</div>\n");
            }
            Figure::Video => {
                for item in &block.items {
                    self.note(Note::Video {
                        poster: item.poster.is_some(),
                        caption: !item.caption.is_empty(),
                    });
                    self.markup("<figure class=\"video\">");
                    self.take(item.shown.clone());
                    if let Some(poster) = item.poster.clone() {
                        self.take(poster);
                    }
                    if !item.caption.is_empty() {
                        self.caption(item);
                    }
                    self.markup("</figure>\n");
                }
            }
        }
    }

    fn note(&mut self, note: Note) {
        self.notes.push((self.events.len(), note));
    }

    fn markup(&mut self, html: &'static str) {
        self.events.push(Event::Html(CowStr::Borrowed(html)));
    }

    fn caption(&mut self, item: &Item) {
        self.markup("<figcaption>");
        for at in item.caption.clone() {
            let event = std::mem::replace(&mut self.old[at], Event::Rule);
            self.events.push(match event {
                // The paragraphs of a caption go on in one line.
                Event::Start(Tag::Paragraph) => continue,
                Event::End(TagEnd::Paragraph) => Event::SoftBreak,
                Event::Text(text) if at == item.caption.start => {
                    Event::Text(text.trim_start().to_string().into())
                }
                event => event,
            });
        }
        self.markup("</figcaption>");
    }

    fn take(&mut self, range: Range<usize>) {
        let taken = self.old[range].iter_mut();
        let taken = taken.map(|event| std::mem::replace(event, Event::Rule));
        self.events.extend(taken);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Style, html, scan};
    use super::*;
    use crate::base::diagnostic::Lines;
    use crate::config::embeds::{HOSTS, Host};
    use crate::facts::picture::Shown;

    fn style<'a>(trusted: bool, embeds: &'a [&'static Host]) -> Style<'a> {
        Style {
            lang: None,
            title: None,
            tickers: "/t/",
            math: false,
            trusted,
            plain: false,
            turn: None,
            pictures: None,
            leads: false,
            colours: false,
            embeds,
        }
    }

    #[test]
    fn pictures_of_a_gallery_have_sizes() {
        let known = |src: &str| {
            (src == "/a.jpg").then(|| Shown {
                width: 800,
                height: 600,
                srcset: Some("/a.480.webp 480w".to_string()),
            })
        };
        let style = Style {
            pictures: Some(&known),
            ..style(true, &[])
        };
        let text = "> [!GALLERY]\n> ![甲](a.jpg \"题\") *一*，\n> 再说\n> ![乙](b.jpg \"二\")";
        let hrefs = ["/a.jpg".to_string(), "/b.jpg".to_string()];
        assert_eq!(
            html(text, &style, &hrefs),
            "<div class=\"gallery\">\n<figure><a href=\"/a.jpg\"><img src=\"/a.jpg\" alt=\"甲\" width=\"800\" height=\"600\" srcset=\"/a.480.webp 480w\" sizes=\"(min-width: 46em) 14rem, 50vw\" loading=\"lazy\" decoding=\"async\" /></a><figcaption><em>一</em>，再说</figcaption></figure>\n<figure><a href=\"/b.jpg\"><img src=\"/b.jpg\" alt=\"乙\" loading=\"lazy\" decoding=\"async\" /></a><figcaption>二</figcaption></figure>\n</div>\n"
        );
    }

    #[test]
    fn players_run_only_where_the_site_and_the_article_are_trusted() {
        let text = "> [!VIDEO]\n> [甲](https://youtu.be/abc)";
        let tube = &HOSTS[4..];
        let hosts: Vec<&'static Host> = HOSTS.iter().collect();
        assert_eq!(tube[0].name, "youtube");
        let own = html(text, &style(true, &hosts), &[]);
        assert!(
            own.contains("<iframe src=\"https://www.youtube-nocookie.com/embed/abc\""),
            "{own}"
        );
        for html in [
            html(text, &style(true, &[]), &[]),
            html(text, &style(false, &hosts), &[]),
            html(text, &style(true, &hosts[..4]), &[]),
        ] {
            assert!(
                !html.contains("iframe") && html.contains("href=\"https://youtu.be/abc\""),
                "{html}"
            );
        }
    }

    #[test]
    fn marks_are_told_from_text() {
        let check = |text: &str, expect: Option<Figure>| {
            assert_eq!(named(text).map(|(figure, _)| figure), expect, "{text}");
        };
        check("> [!GALLERY]\n> ![a](b)", Some(Figure::Gallery));
        check(">[!video]  \n>", Some(Figure::Video));
        check("> [!GALLERY] 题\n", None);
        check("> [!NOTE]\n", None);
        check("[!GALLERY]\n", None);
        check("> 港", None);
    }

    #[test]
    fn a_mark_is_no_word_and_captions_are_no_prose() {
        let text = "港口开放。\n\n> [!GALLERY]\n> ![图](a.png) 清晨\n\n末。\n";
        let scan = scan(&Lines::new("a.md", text), 0, None, false);
        assert_eq!(scan.prose, "港口开放。\n\n末。\n");
        assert_eq!((scan.outline.words, scan.outline.han), (0, 8));
        assert!(scan.outline.figures && scan.diagnostics.is_empty());
    }

    proptest::proptest! {
        /// Links are told in the order of the outline, whatever blocks are made of them; a guest's
        /// body has no frame, and what is open in a gallery is closed in it.
        #[test]
        fn links_keep_their_order(parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "> [!GALLERY]\n", "> [!VIDEO]\n", "> > [!GALLERY]\n", "> [!GALLERY] x\n", "- > [!VIDEO]\n",
                "> ![a](x.png)", "> ![a](x.png \"t\") c", "> [f](f.mp4)", "> [f](f.mp4) ![p](p.png)\n",
                "> [![p](p.png) f](f.mp4)\n", "> *a ![b](c.png)*", "> **", "> # h", "> - l", "\n", "\n\n",
                ">\n", "> ", "![a [b](c.md)](d.png)", "[e](e.md)", "`", "> [y](https://youtu.be/a)\n",
                "> ![a](https://e.org/b.png)\n", "<a@b.org>", "\n> ", "[^1]", "\n[^1]: > [!VIDEO]\n", "中",
            ]), 0..24,
        ), trusted: bool) {
            let text: String = parts.concat();
            let scan = scan(&Lines::new("a.md", &text), 0, None, false);
            let links = &scan.outline.links;
            let hrefs: Vec<String> = (0..links.len()).map(|n| format!("/h{n}/")).collect();
            let hosts: Vec<&'static Host> = HOSTS.iter().collect();
            let html = html(&text, &style(trusted, &hosts), &hrefs);
            let found = hrefs.iter().filter_map(|href| html.find(&format!("\"{href}\"")));
            proptest::prop_assert!(found.collect::<Vec<_>>().is_sorted(), "{}\n{}", text, html);
            proptest::prop_assert!(trusted || !html.contains("<iframe"));
            for video in scan.outline.videos.iter() {
                for (target, picture) in [(&video.film, false), (&video.picture, true)] {
                    if let crate::facts::Target::Own(n) = target {
                        proptest::prop_assert_eq!(links.iter().nth(*n as usize).unwrap().picture, picture);
                    }
                }
            }
            for name in ["figure", "figcaption", "em", "a", "div", "blockquote"] {
                let opened = html.matches(&format!("<{name}>")).count()
                    + html.matches(&format!("<{name} ")).count();
                proptest::prop_assert_eq!(opened, html.matches(&format!("</{name}>")).count(), "{}\n{}", text, html);
            }
            // What is told of a block holds in the page.
            proptest::prop_assert_eq!(
                scan.outline.figures,
                html.contains("class=\"gallery\"") || html.contains("class=\"video\""),
                "{}\n{}", text, html
            );
        }
    }
}

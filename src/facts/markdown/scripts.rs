//! A body in another script: the text of its blocks turned, and nothing else of it.
//!
//! A block is turned as a whole, since what a character becomes, which script a block is in and
//! where a quotation ends show in the text around; marks of emphasis and links inside stand for
//! nothing there. Code, formulas, addresses and tags stay as they are.

use super::body::texts_from;
use crate::base::slug::slug;
use pulldown_cmark::{CowStr, Event, Tag, TagEnd};
use std::borrow::Cow;

/// Turns the text of a block, which markup cuts into pieces.
pub type Turn<'t> = dyn for<'p> Fn(&[&'p str]) -> Vec<Cow<'p, str>> + 't;

/// Turns a block of one piece; `None` where it stays as it is.
pub fn turned(text: &str, turn: &Turn) -> Option<String> {
    match turn(&[text]).pop() {
        Some(Cow::Owned(turned)) => Some(turned),
        _ => None,
    }
}

/// Turns the text of all blocks. Headings keep the `id` that they have as written.
pub fn turn(events: &mut [Event], turn: &Turn) {
    let mut block = Vec::new();
    let mut markup = Markup::default();
    let mut code = 0;
    for at in 0..events.len() {
        if let Event::Start(Tag::Heading { id: None, .. }) = &events[at] {
            let text: String = texts_from(&events[at + 1..], 1).collect();
            if let Event::Start(Tag::Heading { id, .. }) = &mut events[at] {
                *id = Some(CowStr::from(slug(&text)));
            }
        }
        match &mut events[at] {
            Event::Start(Tag::CodeBlock(_)) => code += 1,
            Event::End(TagEnd::CodeBlock) => code -= 1,
            Event::Text(_) if code == 0 => block.push(at),
            Event::Code(_) | Event::InlineMath(_) | Event::HardBreak => block.push(at),
            Event::Html(html) => {
                if let Some(turned) = markup.turned(html, turn) {
                    *html = CowStr::from(turned);
                }
            }
            Event::Start(Tag::Link { title, .. } | Tag::Image { title, .. }) => {
                if let Some(turned) = turned(title, turn) {
                    *title = CowStr::from(turned);
                }
            }
            _ => {}
        }
        if !is_inside_block(&events[at]) {
            turn_block(events, &mut block, turn);
        }
    }
    turn_block(events, &mut block, turn);
}

fn is_inside_block(event: &Event) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ),
        Event::End(tag) => matches!(
            tag,
            TagEnd::Emphasis
                | TagEnd::Strong
                | TagEnd::Strikethrough
                | TagEnd::Link
                | TagEnd::Image
        ),
        Event::Html(_) | Event::Rule => false,
        _ => true,
    }
}

/// Turns a block, whose pieces are these events.
fn turn_block(events: &mut [Event], pieces: &mut Vec<usize>, turn: &Turn) {
    let text = |at: &usize| match &events[*at] {
        Event::Text(text) => text.as_ref(),
        // It keeps what is before from what is after.
        _ => OBJECT,
    };
    let texts: Vec<&str> = pieces.iter().map(text).collect();
    let owned = |turned| match turned {
        Cow::Owned(turned) => Some(turned),
        Cow::Borrowed(_) => None,
    };
    let turned: Vec<Option<String>> = turn(&texts).into_iter().map(owned).collect();
    for (at, turned) in pieces.drain(..).zip(turned) {
        if let (Some(turned), Event::Text(_)) = (turned, &events[at]) {
            events[at] = Event::Text(CowStr::from(turned));
        }
    }
}

/// What stands for code and formulas in the text of a block: the object replacement character.
const OBJECT: &str = "\u{FFFC}";

/// Elements whose text is no prose.
const OPAQUE: [&str; 6] = ["script", "style", "pre", "code", "textarea", "kbd"];

/// Raw HTML, line by line: what is open at the end of a line is open on the next.
#[derive(Default)]
struct Markup {
    in_tag: bool,
    opaque: Option<&'static str>,
}

impl Markup {
    fn turned(&mut self, html: &str, turn: &Turn) -> Option<String> {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        while !rest.is_empty() {
            let end = match self.in_tag {
                true => rest.find('>').map(|at| at + 1),
                false => rest.find('<'),
            };
            let (part, after) = rest.split_at(end.unwrap_or(rest.len()));
            match self.in_tag {
                false if self.opaque.is_none() => {
                    out.push_str(&turned(part, turn).unwrap_or_else(|| part.to_string()));
                }
                _ => out.push_str(part),
            }
            if end.is_some() {
                self.in_tag = !self.in_tag;
            }
            if self.in_tag && end.is_some() {
                self.note(after);
            }
            rest = after;
        }
        (out != html).then_some(out)
    }

    /// Notes the tag that a text starts with.
    fn note(&mut self, tag: &str) {
        let name = |tag: &str| {
            let end = tag[1..].find(|c: char| !c.is_ascii_alphanumeric());
            tag[1..end.map_or(tag.len(), |end| end + 1)].to_ascii_lowercase()
        };
        match self.opaque {
            Some(open) if tag.starts_with("</") && name(&tag[1..]) == open => self.opaque = None,
            Some(_) => {}
            None => {
                let name = name(tag);
                self.opaque = OPAQUE.into_iter().find(|opaque| *opaque == name);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Style, html};
    use std::borrow::Cow;

    fn turn_sea<'p>(pieces: &[&'p str]) -> Vec<Cow<'p, str>> {
        let turned = |piece: &&'p str| match piece.contains('海') {
            true => Cow::Owned(piece.replace('海', "洋")),
            false => Cow::Borrowed(*piece),
        };
        pieces.iter().map(turned).collect()
    }

    fn check(text: &str, expect: &str) {
        let turn: &super::Turn = &turn_sea;
        let style = Style {
            lang: None,
            title: None,
            tickers: "/t/",
            trusted: true,
            math: false,
            plain: false,
            turn: Some(turn),
            pictures: None,
            leads: false,
            colours: false,
            embeds: &[],
        };
        assert_eq!(html(text, &style, &[]), expect, "{text}");
    }

    #[test]
    fn texts_are_turned_and_nothing_else() {
        check(
            "海**海**`海`",
            "<p>洋<strong>洋</strong><code>海</code></p>\n",
        );
        check("# 海\n", "<h2 id=\"海\">洋</h2>\n");
        check(
            "[海](/海 \"海\")",
            "<p><a href=\"/海\" title=\"洋\">洋</a></p>\n"
                .replace("/海", "/%E6%B5%B7")
                .as_str(),
        );
        check("![海](a.png)", "<p><img src=\"a.png\" alt=\"洋\" /></p>\n");
        check(
            "- 海\n- `海`\n",
            "<ul>\n<li>洋</li>\n<li><code>海</code></li>\n</ul>\n",
        );
        check(
            "```\n海\n```\n",
            "<pre tabindex=\"0\"><code>海\n</code></pre>\n",
        );
        check(
            "买$海航 (HBR.HK)$",
            "<p>买<a class=\"ticker\" href=\"/t/hbr.hk/\">洋航 <span>HBR.HK</span></a></p>\n",
        );
    }

    #[test]
    fn raw_html_is_turned_between_its_tags() {
        check(
            "<div\nclass=\"海\">海\n<code>海</code>海</div>\n",
            "<div\nclass=\"海\">洋\n<code>海</code>洋</div>\n",
        );
        check("<pre>\n海\n</pre>\n", "<pre>\n海\n</pre>\n");
        check(
            "一<b title=\"海\">海</b>",
            "<p>一<b title=\"海\">洋</b></p>\n",
        );
    }

    #[test]
    fn blocks_are_turned_as_a_whole() {
        struct Seen(std::cell::RefCell<Vec<String>>);
        impl Seen {
            fn turn<'p>(&self, pieces: &[&'p str]) -> Vec<Cow<'p, str>> {
                if pieces.iter().any(|piece| !piece.is_empty()) {
                    self.0.borrow_mut().push(pieces.join("|"));
                }
                turn_sea(pieces)
            }
        }
        let seen = Seen(std::cell::RefCell::default());
        let turn: &super::Turn = &|pieces| seen.turn(pieces);
        let style = Style {
            lang: None,
            title: None,
            tickers: "",
            trusted: true,
            math: false,
            plain: false,
            turn: Some(turn),
            pictures: None,
            leads: false,
            colours: false,
            embeds: &[],
        };
        html(
            "“**甲**乙\n丙”\n\n- 丁\n- 戊\n\n|己|庚|\n|-|-|\n",
            &style,
            &[],
        );
        assert_eq!(*seen.0.borrow(), ["“|甲|乙丙”", "丁", "戊", "己", "庚"]);
    }
}

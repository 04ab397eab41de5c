//! A body in another script: the text of its blocks turned, and nothing else of it.
//!
//! A block is turned as a whole, since what a character becomes, which script a block is in and
//! where a quotation ends show in the text around; marks of emphasis and links inside stand for
//! nothing there. Code, formulas, addresses and tags stay as they are.

use super::body::texts_from;
use crate::base::slug::slug;
use pulldown_cmark::{CowStr, Event, Tag, TagEnd};

/// Turns the text of a block; `None` where it stays as it is.
pub type Turn<'t> = dyn Fn(&str) -> Option<String> + 't;

/// Stands between the pieces of a block: no text has it.
const BETWEEN: char = '\u{FDD1}';

/// Turns the text of all blocks. Headings keep the `id` that they have as written.
pub fn turn(events: &mut [Event], turn: &Turn) {
    let mut block = Block::default();
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
            Event::Text(text) if code == 0 => block.add(at, text),
            Event::Html(html) => {
                if let Some(turned) = markup.turned(html, turn) {
                    *html = CowStr::from(turned);
                }
            }
            Event::Start(Tag::Link { title, .. } | Tag::Image { title, .. }) => {
                if let Some(turned) = turn(title) {
                    *title = CowStr::from(turned);
                }
            }
            _ => {}
        }
        if !is_inside_block(&events[at]) {
            block.end(events, turn);
        }
    }
    block.end(events, turn);
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

/// The pieces of text of a block.
#[derive(Default)]
struct Block {
    pieces: Vec<usize>,
    text: String,
}

impl Block {
    fn add(&mut self, at: usize, text: &str) {
        if !self.pieces.is_empty() {
            self.text.push(BETWEEN);
        }
        self.pieces.push(at);
        self.text.push_str(text);
    }

    fn end(&mut self, events: &mut [Event], turn: &Turn) {
        if let Some(turned) = turn(&self.text) {
            for (at, piece) in self.pieces.iter().zip(turned.split(BETWEEN)) {
                events[*at] = Event::Text(CowStr::from(piece.to_string()));
            }
        }
        self.pieces.clear();
        self.text.clear();
    }
}

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
                    out.push_str(&turn(part).unwrap_or_else(|| part.to_string()));
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

    fn check(text: &str, expect: &str) {
        let turn = |text: &str| text.contains('海').then(|| text.replace('海', "洋"));
        let style = Style {
            lang: None,
            title: None,
            tickers: "/t/",
            trusted: true,
            math: false,
            plain: false,
            turn: Some(&turn),
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
        check("```\n海\n```\n", "<pre><code>海\n</code></pre>\n");
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
        let seen = std::cell::RefCell::new(Vec::new());
        let turn = |text: &str| {
            if !text.is_empty() {
                seen.borrow_mut().push(text.replace('\u{FDD1}', "|"));
            }
            None
        };
        let style = Style {
            lang: None,
            title: None,
            tickers: "",
            trusted: true,
            math: false,
            plain: false,
            turn: Some(&turn),
        };
        html(
            "“**甲**乙\n丙”\n\n- 丁\n- 戊\n\n|己|庚|\n|-|-|\n",
            &style,
            &[],
        );
        assert_eq!(*seen.borrow(), ["“|甲|乙丙”", "丁", "戊", "己", "庚"]);
    }
}

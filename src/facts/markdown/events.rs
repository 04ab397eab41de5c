//! The parser's events as masthead reads them: with the emphasis that a Chinese writer means, and
//! with lines that join as their script has it.
//!
//! A newline is a space or none by `base/text/lines.rs`. What stands at a line's edge is told
//! through the marks of emphasis and links; code, formulas and pictures are words among others.

use crate::base::text::emphasis::{Marked, unmark};
use crate::base::text::lines::{begins_wide, ends_wide};
use memchr::memchr2;
use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, Options, Parser, Tag, TagEnd, TextMergeWithOffset,
};
use std::collections::VecDeque;
use std::ops::Range;

/// An event and where it stands in the marked text.
pub type Placed<'a> = (Event<'a>, Range<usize>);

/// The events of a body, with tables and all else that masthead knows; with `whole` no text is in
/// pieces.
pub fn events<'a>(marked: &'a Marked, math: bool, whole: bool) -> impl Iterator<Item = Placed<'a>> {
    let parser = Parser::new_ext(&marked.text, options(math)).into_offset_iter();
    let is_marked = marked.is_marked();
    let mut next = 0;
    let bare = parser.map(move |(event, range)| {
        let may_be = match &event {
            // Most texts have none, and each is looked at in every walk.
            Event::Text(_) => is_marked && marked.has_marks(&range, &mut next),
            _ => is_marked,
        };
        match may_be {
            true => (bare(event), range),
            false => (event, range),
        }
    });
    let joined = Joined {
        events: bare,
        wide: true,
        held: VecDeque::new(),
    };
    match whole || may_name_securities(&marked.text) {
        true => Either::Merged(TextMergeWithOffset::new(joined)),
        false => Either::Plain(joined),
    }
}

/// The events of CommonMark alone; its emphasis is ours.
pub fn plain<'a>(marked: &'a Marked) -> impl Iterator<Item = Event<'a>> {
    Parser::new(&marked.text).map(bare)
}

/// Whether `$名称 (代码)$` may stand in a text. Its name and code may be pieces of text that the
/// parser gives one by one; they are joined only where that matters.
pub fn may_name_securities(text: &str) -> bool {
    memchr2(b'$', b'&', text.as_bytes()).is_some()
}

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

/// One of two iterators.
enum Either<A, B> {
    Merged(A),
    Plain(B),
}

impl<T, A: Iterator<Item = T>, B: Iterator<Item = T>> Iterator for Either<A, B> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        match self {
            Either::Merged(events) => events.next(),
            Either::Plain(events) => events.next(),
        }
    }

    fn fold<S, F: FnMut(S, T) -> S>(self, start: S, each: F) -> S {
        match self {
            Either::Merged(events) => events.fold(start, each),
            Either::Plain(events) => events.fold(start, each),
        }
    }
}

/// An event without the marks of emphasis, wherever it may have some.
fn bare(mut event: Event) -> Event {
    let take = |text: &mut CowStr| {
        if let Some(bare) = unmark(text) {
            *text = bare.into();
        }
    };
    match &mut event {
        Event::Text(text)
        | Event::Code(text)
        | Event::Html(text)
        | Event::InlineHtml(text)
        | Event::InlineMath(text)
        | Event::DisplayMath(text)
        | Event::FootnoteReference(text)
        | Event::Start(Tag::FootnoteDefinition(text))
        | Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(text))) => take(text),
        Event::Start(
            Tag::Link {
                dest_url,
                title,
                id,
                ..
            }
            | Tag::Image {
                dest_url,
                title,
                id,
                ..
            },
        ) => [dest_url, title, id].into_iter().for_each(take),
        Event::Start(Tag::Heading {
            id, classes, attrs, ..
        }) => {
            id.iter_mut().chain(classes).for_each(take);
            for (name, value) in attrs {
                take(name);
                value.iter_mut().for_each(take);
            }
        }
        _ => {}
    }
    event
}

/// Events without the line ends that are no spaces.
struct Joined<'a, I> {
    events: I,
    /// Whether what was last seen needs no space after it.
    wide: bool,
    /// Events that were looked at beyond a line's end.
    held: VecDeque<Placed<'a>>,
}

impl<'a, I: Iterator<Item = Placed<'a>>> Iterator for Joined<'a, I> {
    type Item = Placed<'a>;

    fn next(&mut self) -> Option<Placed<'a>> {
        loop {
            let next = match self.held.pop_front() {
                Some(held) => held,
                None => self.events.next()?,
            };
            match (&next.0, self.wide) {
                (Event::SoftBreak, true) if self.goes_on_wide() => continue,
                (Event::Text(text), _) => self.wide = ends_wide(text).unwrap_or(self.wide),
                (event, _) => self.wide = after(event, self.wide),
            }
            return Some(next);
        }
    }
}

impl<'a, I: Iterator<Item = Placed<'a>>> Joined<'a, I> {
    /// Whether the next line begins with what needs no space before it.
    fn goes_on_wide(&mut self) -> bool {
        for at in 0.. {
            if at == self.held.len() {
                match self.events.next() {
                    Some(event) => self.held.push_back(event),
                    None => return true,
                }
            }
            match &self.held[at].0 {
                Event::Text(text) => {
                    if let Some(wide) = begins_wide(text) {
                        return wide;
                    }
                }
                event if is_transparent(event) => {}
                Event::End(_) => return true,
                _ => return false,
            }
        }
        true
    }
}

/// Whether no space is needed after an event that is no text.
fn after(event: &Event, wide: bool) -> bool {
    match event {
        Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => false,
        Event::End(TagEnd::Image) => false,
        Event::SoftBreak | Event::HardBreak | Event::TaskListMarker(_) => wide,
        event if is_transparent(event) => wide,
        // A block begins or ends.
        _ => true,
    }
}

/// Marks around text that take no room in its line.
fn is_transparent(event: &Event) -> bool {
    let is_sign = matches!(event, Event::InlineHtml(_) | Event::FootnoteReference(_));
    is_sign || is_mark(event)
}

/// Emphasis and links, where they begin and end.
pub fn is_mark(event: &Event) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. }
        ),
        Event::End(tag) => matches!(
            tag,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link
        ),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::emphasis::mark;

    fn check(text: &str, expect: &str) {
        let marked = mark(text);
        let mut html = String::new();
        let list = events(&marked, true, false).map(|(event, _)| event);
        pulldown_cmark::html::push_html(&mut html, list);
        let html = html.trim_end().replace("<p>", "").replace("</p>", "");
        assert_eq!(html, expect, "{text}");
    }

    #[test]
    fn lines_join_as_their_script_has_it() {
        // Han, kana, full-width punctuation, in any mixture.
        check("中文\n中文", "中文中文");
        check("臺灣，\n後文", "臺灣，後文");
        check("テスト\nです", "テストです");
        check("中文\n（注）", "中文（注）");
        check("𠮷\n野", "𠮷野");
        // Latin text, digits and code are words among others.
        check("中文\nLatin", "中文\nLatin");
        check("Latin\n中文", "Latin\n中文");
        check("3\n月", "3\n月");
        check("中文\n2026年", "中文\n2026年");
        check("中文\n`码`", "中文\n<code>码</code>");
        check("`码`\n中文", "<code>码</code>\n中文");
        check("one\ntwo", "one\ntwo");
        // Hangul has spaces between words.
        check("새 다리\n開通", "새 다리\n開通");
        check("한국\n中文", "한국\n中文");
        // Hard breaks are the writer's word.
        check("中文  \n中文", "中文<br />\n中文");
        check("中文\\\n中文", "中文<br />\n中文");
    }

    #[test]
    fn marks_around_text_are_looked_through() {
        check("**中文**\n*中文*", "<strong>中文</strong><em>中文</em>");
        check("[中文](/u)\n中文", "<a href=\"/u\">中文</a>中文");
        check("中文\n[Go](/u)", "中文\n<a href=\"/u\">Go</a>");
        check("中文<b>\n</b>中文", "中文<b></b>中文");
        check("中文\n![图](/u)", "中文\n<img src=\"/u\" alt=\"图\" />");
        check("![图](/u)\n中文", "<img src=\"/u\" alt=\"图\" />\n中文");
        check("> 中文\n> 中文", "<blockquote>\n中文中文\n</blockquote>");
    }

    #[test]
    fn shared_punctuation_goes_with_its_text() {
        check("他说\n“好”", "他说“好”");
        check("“好”\n他说", "“好”他说");
        check("中文——\n中文", "中文——中文");
        check("“Yes”\n他说", "“Yes”\n他说");
        check("said “Yes”\n“No”", "said “Yes”\n“No”");
        check("中文\n……", "中文……");
    }

    #[test]
    fn no_space_is_put_between_scripts() {
        check("用AI看海，共3个。", "用AI看海，共3个。");
        check("**用**AI`看`海", "<strong>用</strong>AI<code>看</code>海");
    }
}

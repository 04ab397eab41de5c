//! A body as far as its text alone says it: all of its HTML but where its links lead.
//!
//! Most articles are words, headings, lists, tables and links. What such a text needs of the site
//! is where its links lead, so its HTML is made by the walk that takes its outline, with a mark for
//! each link ([`set`]), and the links are filled in later ([`filled`]). A text with pictures, raw
//! HTML, formulas, figures or securities needs more, and has no such galley.

use super::Style;
use super::body::{Consumed, printed_from};
use memchr::memmem::{find, find_iter};
use pulldown_cmark::{Event, Tag};
use pulldown_cmark_escape::escape_href;

/// What stands for a link: characters that every address may have, and no text is likely to.
const MARK: &str = "masthead~link~here";

/// Whether a text may have a galley, as far as its bytes tell it.
pub fn may_be_set(text: &str) -> bool {
    find(text.as_bytes(), MARK.as_bytes()).is_none()
}

/// Whether an event says all that its HTML needs. The walk itself knows of figures and securities.
pub fn says_all(event: &Event) -> bool {
    !matches!(
        event,
        Event::Html(_) | Event::InlineHtml(_) | Event::Start(Tag::HtmlBlock | Tag::Image { .. })
    )
}

/// The galley of a text from its events; none where its links can't be told from its words.
pub fn set(text: &str, events: Vec<Event>, style: &Style, links: usize) -> Option<String> {
    let marks = vec![MARK.to_string(); links];
    let Consumed { html, left } = printed_from(text, events, style, &marks);
    let marked = find_iter(html.as_bytes(), MARK.as_bytes()).count();
    (left == 0 && marked == links).then_some(html)
}

/// The HTML of a galley whose links lead to `hrefs`.
pub fn filled(galley: &str, hrefs: &[String]) -> String {
    let room = hrefs.iter().map(String::len).sum::<usize>();
    let mut html = String::with_capacity(galley.len() + room);
    let mut rest = galley;
    for href in hrefs {
        let Some(at) = find(rest.as_bytes(), MARK.as_bytes()) else {
            break;
        };
        html.push_str(&rest[..at]);
        // Into a text, nothing fails.
        let _ = escape_href(&mut html, href);
        rest = &rest[at + MARK.len()..];
    }
    html.push_str(rest);
    html
}

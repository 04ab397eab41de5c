//! Securities that a text names, `$名称 (代码)$`: noted, and made links.

use super::escaped;
use crate::base::slug::slug;
use crate::base::text::ticker::mentions;

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

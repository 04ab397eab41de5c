//! What a reader is told where no page is.

use crate::base::diagnostic::nearest as nearest_name;
use crate::site::{InEdition, List, Route, Site};

/// The nearest URL to one that nothing stands at: the same name in another channel, or a name that
/// is like it in the same folder.
pub fn nearest(site: InEdition, url: &str) -> Option<String> {
    let prefix = &site.edition.prefix;
    let near = nearest_of(site.site, url.strip_prefix(prefix)?)?;
    Some(format!("{prefix}{near}"))
}

fn nearest_of(site: &Site, url: &str) -> Option<String> {
    let bare = url.trim_end_matches('/');
    let (folder, name) = bare.rsplit_once('/')?;
    let channels = (0..site.channels.len() as u32).map(List::Channel);
    let moved = channels
        .map(|channel| format!("{}{name}/", site.url(Route::Hub(channel))))
        .find(|moved| site.route(moved).is_some());
    if moved.is_some() {
        return moved;
    }
    let beside: Vec<String> = site.urls_in(&format!("{folder}/"));
    let names = beside
        .iter()
        .filter_map(|url| url.trim_end_matches('/').rsplit('/').next());
    let near = nearest_name(name, names)?;
    beside
        .iter()
        .find(|url| url.trim_end_matches('/').rsplit('/').next() == Some(near))
        .cloned()
}

/// The error page with a link to the nearest URL, at the start of what it says.
pub fn with(mut body: Vec<u8>, site: &Site, near: Option<&str>) -> Vec<u8> {
    let Some(near) = near else { return body };
    let link = format!(
        "<p class=\"near\">→ <a href=\"{}\">{}</a></p>",
        escaped(&site.href_of(near)),
        escaped(near)
    );
    let at = after_tag(&body, b"<main").or_else(|| after_tag(&body, b"<body"));
    let at = at.unwrap_or(body.len());
    body.splice(at..at, link.into_bytes());
    body
}

fn after_tag(body: &[u8], tag: &[u8]) -> Option<usize> {
    let start = body.windows(tag.len()).position(|window| window == tag)?;
    let end = body[start..].iter().position(|byte| *byte == b'>')?;
    Some(start + end + 1)
}

/// The page that stands in for one that can't be made.
pub fn failure(url: &str, report: &str) -> Vec<u8> {
    let (url, report) = (escaped(url), escaped(report));
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<title>{url}</title>\n\
         <style>body {{ margin: 1.5rem; font: 1rem/1.5 system-ui, sans-serif }} \
         h1, pre {{ overflow-wrap: anywhere }} pre {{ white-space: pre-wrap }}</style>\n\
         <h1>{url}</h1>\n<p>This page can't be made now:</p>\n<pre>{report}</pre>\n"
    )
    .into_bytes()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn failures_are_text() {
        let page = failure("/<x>/", "a & b");
        let page = String::from_utf8_lossy(&page);
        assert!(
            page.contains("&lt;x&gt;") && page.contains("a &amp; b"),
            "{page}"
        );
    }

    #[test]
    fn tags_are_found_whole() {
        assert_eq!(after_tag(b"<body class=x>y", b"<body"), Some(14));
        assert_eq!(after_tag(b"<p>", b"<main"), None);
    }
}

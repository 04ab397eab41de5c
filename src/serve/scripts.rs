//! What the preview adds to a page: one script tag, and the scripts behind it.
//!
//! The scripts need nothing but `script-src 'self'` of a content security policy.

use crate::base::slug::percent_encoded;

/// The folder below the base path that is the preview's own.
pub const FOLDER: &str = "/_masthead/";

/// A script of the preview's own folder.
pub fn script(name: &str) -> Option<String> {
    let stream = include_str!("stream.js");
    match name {
        "live.js" => {
            let style = serde_json::Value::from(include_str!("live.css"));
            let live = include_str!("live.js").trim_end();
            Some(format!("{{\n{stream}\n{live}({style});\n}}\n"))
        }
        "worker.js" => Some(format!("{stream}\n{}", include_str!("worker.js"))),
        _ => None,
    }
}

/// Where and when a page is asked for.
pub struct At<'a> {
    /// The base path of the site.
    pub base: &'a str,
    /// The page's URL.
    pub url: &'a str,
    /// As of when its files are.
    pub mark: &'a str,
}

/// The tag, by which a page with this fingerprint tells the server what it shows. It stands after
/// the end of the page, where browsers take it for a part of the body: the bytes before it are
/// those of the build, and none of them has to be understood.
pub fn tag(at: &At<'_>, print: &str) -> String {
    format!(
        "<script src=\"{}{FOLDER}live.js\" data-page=\"{}\" data-print=\"{}\" data-mark=\"{}\" defer></script>\n",
        escaped(at.base),
        escaped(&percent_encoded(at.url)),
        escaped(print),
        escaped(at.mark),
    )
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tag_holds_any_url() {
        let at = At {
            base: "/news",
            url: "/\"><script>&'国/",
            mark: "1.2",
        };
        assert_eq!(
            tag(&at, "0a"),
            "<script src=\"/news/_masthead/live.js\" \
             data-page=\"/%22%3E%3Cscript%3E&amp;'%E5%9B%BD/\" \
             data-print=\"0a\" data-mark=\"1.2\" defer></script>\n"
        );
    }

    #[test]
    fn scripts_are_whole() {
        for name in ["live.js", "worker.js"] {
            let script = script(name).unwrap();
            assert!(script.contains("EventSource"), "{name}");
        }
        assert_eq!(script("live.css"), None);
    }
}

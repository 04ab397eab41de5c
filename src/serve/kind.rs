//! The media type of a file, by its name.

/// Whether a file is a page.
pub fn is_page(path: &str) -> bool {
    of(path) == "text/html"
}

/// The value of `Content-Type`. A charset stands only where the bytes are UTF-8: a file that
/// came as it was may say in itself that it is something else.
pub fn content_type(path: &str, body: &[u8]) -> String {
    let kind = of(path);
    let is_text = kind.starts_with("text/")
        || kind.ends_with("xml")
        || kind.ends_with("json")
        || kind.ends_with("javascript");
    if is_text && std::str::from_utf8(body).is_ok() {
        format!("{kind}; charset=utf-8")
    } else {
        kind.to_string()
    }
}

fn of(path: &str) -> &'static str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let ending = name.rsplit_once('.').map_or("", |(_, ending)| ending);
    match (name, ending.to_ascii_lowercase().as_str()) {
        // The site's own error page may have no file.
        ("", _) => "text/html",
        ("feed.xml", _) => "application/rss+xml",
        ("atom.xml", _) => "application/atom+xml",
        ("feed.json", _) => "application/feed+json",
        ("opensearch.xml", _) => "application/opensearchdescription+xml",
        (_, "xml") => "application/xml",
        (_, "webmanifest") => "application/manifest+json",
        (_, "js" | "mjs") => "text/javascript",
        (_, "ico") => "image/x-icon",
        (_, ending) => mime_guess::from_ext(ending)
            .first_raw()
            .unwrap_or("application/octet-stream"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_have_the_types_that_browsers_and_readers_expect() {
        let table = [
            ("guoji/index.html", "text/html; charset=utf-8"),
            ("OLD.HTM", "text/html; charset=utf-8"),
            ("", "text/html; charset=utf-8"),
            ("site.css", "text/css; charset=utf-8"),
            ("site.js", "text/javascript; charset=utf-8"),
            ("a.mjs", "text/javascript; charset=utf-8"),
            ("search.json", "application/json; charset=utf-8"),
            ("feed.xml", "application/rss+xml; charset=utf-8"),
            ("guoji/atom.xml", "application/atom+xml; charset=utf-8"),
            ("feed.json", "application/feed+json; charset=utf-8"),
            ("sitemap.xml", "application/xml; charset=utf-8"),
            (
                "opensearch.xml",
                "application/opensearchdescription+xml; charset=utf-8",
            ),
            ("guoji/a/index.md", "text/markdown; charset=utf-8"),
            ("robots.txt", "text/plain; charset=utf-8"),
            ("favicon.svg", "image/svg+xml; charset=utf-8"),
            (
                "app.webmanifest",
                "application/manifest+json; charset=utf-8",
            ),
            ("a.png", "image/png"),
            ("a.JPG", "image/jpeg"),
            ("a.jpeg", "image/jpeg"),
            ("a.webp", "image/webp"),
            ("a.avif", "image/avif"),
            ("a.gif", "image/gif"),
            ("favicon.ico", "image/x-icon"),
            ("a.woff2", "font/woff2"),
            ("a.mp4", "video/mp4"),
            ("a.webm", "video/webm"),
            ("a.mp3", "audio/mpeg"),
            ("a.pdf", "application/pdf"),
            ("a.wasm", "application/wasm"),
            ("CNAME", "application/octet-stream"),
            ("a.国", "application/octet-stream"),
        ];
        for (path, expect) in table {
            assert_eq!(content_type(path, b"text"), expect, "{path}");
        }
        assert_eq!(content_type("a.html", b"\xb9\xfa"), "text/html");
    }
}

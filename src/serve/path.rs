//! From the path of a request to a URL of the site, or why there is none.
//!
//! What comes out starts with `/`, is decoded once, and holds no control character, no backslash,
//! no empty part and no `.` or `..`, however they were written. Whatever joins it to a folder
//! stays below that folder.

use crate::base::slug::percent_decoded;

/// Why a path is no URL of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// It is malformed, or made to get out of the site.
    Bad(&'static str),
    /// It lies beside the base path.
    Outside,
    /// It is the root of the host or the base path without its slash: the home page is meant.
    Home,
}

/// The URL below `base` that a raw path of a request means.
///
/// # Errors
/// Why it means none.
pub fn url(base: &str, raw: &str) -> Result<String, Refusal> {
    let path = decoded(raw)?;
    checked(&path)?;
    let base = percent_decoded(base).unwrap_or_default();
    if base.is_empty() {
        return Ok(path);
    }
    if path == "/" || path == base {
        return Err(Refusal::Home);
    }
    match path.strip_prefix(&*base) {
        Some(below) if below.starts_with('/') => Ok(below.to_string()),
        _ => Err(Refusal::Outside),
    }
}

/// Whether a decoded URL is one that the site may be asked for.
///
/// # Errors
/// What is wrong with it.
pub fn checked(url: &str) -> Result<(), Refusal> {
    let Some(inside) = url.strip_prefix('/') else {
        return Err(Refusal::Bad("a path starts with `/`"));
    };
    if url.contains(|c: char| c.is_control()) {
        return Err(Refusal::Bad("a control character in the path"));
    }
    if url.contains('\\') {
        return Err(Refusal::Bad("a backslash in the path"));
    }
    if inside.split('/').any(|part| part == "." || part == "..") {
        return Err(Refusal::Bad("`.` or `..` in the path"));
    }
    // As a path of the file system `//etc` would be `/etc`.
    if url.contains("//") {
        return Err(Refusal::Bad("an empty part in the path"));
    }
    Ok(())
}

/// The text behind escapes, each of which is whole and stands for no separator.
fn decoded(raw: &str) -> Result<String, Refusal> {
    let raw = raw.split(['?', '#']).next().unwrap_or_default();
    for (at, _) in raw.match_indices('%') {
        let hex = raw.as_bytes().get(at + 1..at + 3).unwrap_or_default();
        if hex.len() != 2 || !hex.iter().all(u8::is_ascii_hexdigit) {
            return Err(Refusal::Bad("`%` without two hexadecimal digits"));
        }
        if hex.eq_ignore_ascii_case(b"2f") || hex.eq_ignore_ascii_case(b"5c") {
            return Err(Refusal::Bad("an encoded slash in the path"));
        }
    }
    let path = percent_decoded(raw).ok_or(Refusal::Bad("a path that is not UTF-8"))?;
    Ok(path.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, raw: &str, expect: Result<&str, &str>) {
        let found = url(base, raw).map_err(|refusal| match refusal {
            Refusal::Bad(why) => why,
            Refusal::Outside => "outside",
            Refusal::Home => "home",
        });
        assert_eq!(
            found.as_deref().map_err(|why| *why),
            expect,
            "{base} {raw:?}"
        );
    }

    #[test]
    fn paths_are_urls_below_the_base() {
        check("", "/", Ok("/"));
        check("", "/a/b.html?x=/../#y", Ok("/a/b.html"));
        check("", "/%E5%9B%BD%e9%99%85/", Ok("/国际/"));
        check("", "/国际/", Ok("/国际/"));
        check("", "/a%252e%2e/..b", Ok("/a%2e./..b"));
        check("", "/%3Fa%23", Ok("/?a#"));
        check("/news", "/news/a/", Ok("/a/"));
        check("/news", "/n%65ws/a/", Ok("/a/"));
        check("/news", "/news/", Ok("/"));
        check("/新闻", "/%E6%96%B0%E9%97%BB/a", Ok("/a"));
        check("/%E6%96%B0", "/%E6%96%B0/a", Ok("/a"));
        check("/news", "/news", Err("home"));
        check("/news", "/", Err("home"));
        check("/news", "/newsroom/", Err("outside"));
        check("/news", "/favicon.ico", Err("outside"));
    }

    #[test]
    fn ways_out_are_refused() {
        let dots = Err("`.` or `..` in the path");
        check("", "/../etc/passwd", dots);
        check("", "/a/%2e%2E/b", dots);
        check("", "/a/.%2e", dots);
        check("", "/a/./b", dots);
        check("/news", "/news/../a", dots);
        let slash = Err("an encoded slash in the path");
        check("", "/..%2f..%2Fetc", slash);
        check("", "/..%5cetc", slash);
        check("", "/..\\etc", Err("a backslash in the path"));
        check("", "//etc/passwd", Err("an empty part in the path"));
        check("", "/a//", Err("an empty part in the path"));
        let control = Err("a control character in the path");
        check("", "/a%00.html", control);
        check("", "/a%0d%0aSet-Cookie:x", control);
        check("", "/a%7f", control);
        check("", "/a%C2%85", control);
        let text = Err("a path that is not UTF-8");
        check("", "/%c0%ae%c0%ae/", text);
        check("", "/%e0%80%af", text);
        check("", "/%ED%A0%80", text);
        check("", "/%ff", text);
        check("", "/%E5%9B", text);
        let half = Err("`%` without two hexadecimal digits");
        check("", "/100%", half);
        check("", "/%+1", half);
        check("", "/%国", half);
        check("", "*", Err("a path starts with `/`"));
        check("", "", Err("a path starts with `/`"));
    }
}

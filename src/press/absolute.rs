//! Bodies for feeds: HTML that is read elsewhere, so that every address in it is a whole one.

/// Attributes that hold an address.
const ADDRESSES: [&str; 4] = ["href", "src", "poster", "cite"];

/// The HTML of a page's body with whole addresses. `origin` is scheme and host, `page` the address
/// of the page. What is no tag, and addresses that are whole, stay as they are.
pub fn absolute(html: &str, origin: &str, page: &str) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let length = match from.strip_prefix("<!--") {
            Some(comment) => comment.find("-->").map_or(from.len(), |end| end + 7),
            None if from[1..].starts_with(|c: char| c.is_ascii_alphabetic()) => tag_length(from),
            None => 1,
        };
        let (tag, after) = from.split_at(length);
        match tag.starts_with("<!--") || length == 1 {
            true => out.push_str(tag),
            false => push_tag(&mut out, tag, origin, page),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Where a tag ends: a `>` in quotes is none.
fn tag_length(html: &str) -> usize {
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return at + 1,
            (None, b'"' | b'\'') if html[..at].trim_end().ends_with('=') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    html.len()
}

fn push_tag(out: &mut String, tag: &str, origin: &str, page: &str) {
    let mut rest = tag;
    while let Some(at) = rest.find('=') {
        let name = rest[..at].trim_end();
        let name = name
            .rsplit(|c: char| c.is_ascii_whitespace() || c == '/')
            .next();
        let value = &rest[at + 1..];
        let lead = value.len() - value.trim_start().len();
        let (start, end) = match value.as_bytes().get(lead) {
            Some(quote @ (b'"' | b'\'')) => {
                let start = lead + 1;
                let end = value[start..].find(char::from(*quote));
                (start, end.map_or(value.len(), |end| start + end))
            }
            _ => {
                let ends = |c: char| c.is_ascii_whitespace() || c == '>';
                let end = value[lead..].find(ends);
                (lead, end.map_or(value.len(), |end| lead + end))
            }
        };
        out.push_str(&rest[..at + 1]);
        out.push_str(&value[..start]);
        let written = &value[start..end];
        let name = name.unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            name if ADDRESSES.contains(&name) => push_address(out, written, origin, page),
            "srcset" => push_all(out, written, origin, page),
            _ => out.push_str(written),
        }
        rest = &value[end..];
    }
    out.push_str(rest);
}

/// The addresses of a `srcset`, each with its size.
fn push_all(out: &mut String, written: &str, origin: &str, page: &str) {
    if written.contains("data:") {
        return out.push_str(written);
    }
    for (n, one) in written.split(',').enumerate() {
        out.push_str(if n == 0 { "" } else { ", " });
        push_address(out, one.trim(), origin, page);
    }
}

fn push_address(out: &mut String, written: &str, origin: &str, page: &str) {
    match written.as_bytes() {
        [b'/', b'/', ..] => {
            let scheme = origin.split_once("//").map_or("", |(scheme, _)| scheme);
            out.push_str(scheme);
        }
        [b'/', ..] => out.push_str(origin),
        [] => {}
        _ if crate::facts::markdown::is_internal(written) => out.push_str(page),
        _ => {}
    }
    out.push_str(written);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_whole() {
        let check = |html: &str, expect: &str| {
            let made = absolute(html, "https://e.org", "https://e.org/x/a/");
            assert_eq!(made, expect, "{html}");
        };
        check(
            "<p><a class=\"a\" href=\"/x/b/?q=1\">乙 &lt; = \"/x/\"</a></p>",
            "<p><a class=\"a\" href=\"https://e.org/x/b/?q=1\">乙 &lt; = \"/x/\"</a></p>",
        );
        check("<a href='#fn-1'>", "<a href='https://e.org/x/a/#fn-1'>");
        check(
            "<img src=b.png alt=\"a > b\"/>",
            "<img src=https://e.org/x/a/b.png alt=\"a > b\"/>",
        );
        check(
            "<IMG SRC = \"../b.png\">",
            "<IMG SRC = \"https://e.org/x/a/../b.png\">",
        );
        check(
            "<img srcset=\"/a.png 1x, b.png 2x\">",
            "<img srcset=\"https://e.org/a.png 1x, https://e.org/x/a/b.png 2x\">",
        );
        check("<a href=\"//c.org/x\">", "<a href=\"https://c.org/x\">");
        for same in [
            "a < b, c <d",
            "<!-- <a href=\"/x/\"> --><b>",
            "<a href=\"https://c.org/\">",
            "<a href=\"mailto:a@e.org\">",
            "<p title=\"href='/x/'\">href=\"/y/\"</p>",
            "<a href=\"\">",
            "<a href=\"/x",
            "</p>",
            "<",
        ] {
            let expect = match same {
                "<a href=\"/x" => "<a href=\"https://e.org/x",
                same => same,
            };
            check(same, expect);
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_taken(html in "[<>=\"'/ a-c海-]{0,40}") {
            let once = absolute(&html, "https://e.org", "https://e.org/x/");
            proptest::prop_assert!(once.len() >= html.len() || html.contains("srcset"));
        }
    }
}

//! The text of a body: what readers see of its HTML, block by block.
//!
//! The search looks in what stands on the page and nothing else. So the text is taken from the
//! HTML, where footnotes, promotion and markup have become what they are to readers.

use super::tokens::is_cjk;

/// Elements whose content is no text.
const SILENT: [&str; 4] = ["script", "style", "template", "annotation"];
/// Elements that don't end a line.
const INLINE: [&str; 26] = [
    "a", "abbr", "b", "bdi", "bdo", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "time", "u", "var",
];
/// Longest name of a character that is looked for.
const ENTITY: usize = 10;

/// The text of some HTML: a line for each block, white space as one space, none where a line ends
/// between two Han characters.
pub fn text(html: &str) -> String {
    let mut out = Lines::default();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push(&rest[..at]);
        rest = &rest[at..];
        let (tag, after) = tag(rest);
        rest = after;
        let name = tag.trim_start_matches('/');
        if SILENT.contains(&name) && !tag.starts_with('/') {
            rest = past(rest, name);
        } else if !tag.is_empty() && !INLINE.contains(&name) {
            out.end_line();
        }
    }
    out.push(rest);
    out.end_line();
    out.text
}

/// The name of a tag (with its `/`), in lower case, and what follows the tag; an empty name for
/// comments and for a `<` that is none.
fn tag(html: &str) -> (String, &str) {
    if let Some(comment) = html.strip_prefix("<!--") {
        let end = comment.find("-->").map_or(comment.len(), |at| at + 3);
        return (String::new(), &comment[end..]);
    }
    let inside = &html[1..];
    let end = inside.find(|c: char| c != '/' && !c.is_ascii_alphanumeric());
    let name = &inside[..end.unwrap_or(inside.len())];
    let mut quote = None;
    let close = inside.char_indices().find(|(_, c)| match (quote, *c) {
        (None, '"' | '\'') => {
            quote = Some(*c);
            false
        }
        (Some(open), c) if open == c => {
            quote = None;
            false
        }
        (None, '>') => true,
        _ => false,
    });
    let after = close.map_or("", |(at, _)| &inside[at + 1..]);
    (name.to_ascii_lowercase(), after)
}

/// What follows the end of an element.
fn past<'a>(html: &'a str, name: &str) -> &'a str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        // Of other tags the end is not looked for: there may be many, and none may have one.
        let given = &rest[at + 2..];
        let end = given.find(|c: char| c != '/' && !c.is_ascii_alphanumeric());
        if given[..end.unwrap_or(given.len())].eq_ignore_ascii_case(name) {
            return tag(&rest[at..]).1;
        }
        rest = &rest[at + 2..];
    }
    ""
}

#[derive(Default)]
struct Lines {
    text: String,
    /// White space that is still to be written; whether a line ended in it.
    gap: Option<bool>,
}

impl Lines {
    fn push(&mut self, html: &str) {
        let mut rest = html;
        while !rest.is_empty() {
            let is_special = |c: char| c == '&' || c.is_whitespace();
            let plain = rest.find(is_special).unwrap_or(rest.len());
            if let Some(first) = rest[..plain].chars().next() {
                self.fill_gap(first);
                self.text.push_str(&rest[..plain]);
            }
            rest = &rest[plain..];
            let Some(c) = rest.chars().next() else { break };
            let (c, length) = match c {
                '&' => entity(rest).unwrap_or(('&', 1)),
                c => (c, c.len_utf8()),
            };
            rest = &rest[length..];
            self.add(c);
        }
    }

    fn add(&mut self, c: char) {
        if c.is_whitespace() {
            self.gap = Some(self.gap == Some(true) || c == '\n');
            return;
        }
        self.fill_gap(c);
        self.text.push(c);
    }

    /// Writes the white space that is due before a character.
    fn fill_gap(&mut self, c: char) {
        let last = self.text.chars().next_back();
        if let (Some(breaks), Some(last)) = (self.gap.take(), last) {
            let joins = breaks && is_cjk(last) && is_cjk(c);
            if last != '\n' && !joins {
                self.text.push(' ');
            }
        }
    }

    fn end_line(&mut self) {
        self.gap = None;
        if !self.text.is_empty() && !self.text.ends_with('\n') {
            self.text.push('\n');
        }
    }
}

/// The character that a reference at the start of a text names, and how long that is.
fn entity(text: &str) -> Option<(char, usize)> {
    let end = text.bytes().take(ENTITY).position(|byte| byte == b';')?;
    let name = &text[1..end];
    let number = |digits: &str, base| char::from_u32(u32::from_str_radix(digits, base).ok()?);
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        _ => match name.strip_prefix('#')? {
            hex if hex.starts_with(['x', 'X']) => number(&hex[1..], 16)?,
            decimal => number(decimal, 10)?,
        },
    };
    Some((c, end + 1))
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn many_ends_of_others_are_passed_at_once() {
        let html = format!("前<script>{}</SCRIPT>后", "</\"</b ".repeat(100_000));
        assert_eq!(text(&html), "前后\n");
    }

    #[test]
    fn the_text_is_what_readers_see() {
        let check = |html: &str, expect: &str| assert_eq!(text(html), expect, "{html}");
        check(
            "<p>海<strong>港</strong>开放</p>\n<p>第二段</p>",
            "海港开放\n第二段\n",
        );
        check("<p>一行\n两行 and\nthree</p>", "一行两行 and three\n");
        check("<ul>\n<li>甲</li>\n<li>乙</li>\n</ul>", "甲\n乙\n");
        check(
            "a &lt;b&gt; &amp;amp; &#39;&#x6d77; R&D",
            "a <b> &amp; '海 R&D\n",
        );
        check("<img alt=\"a > b\" src='x'>图", "图\n");
        check(
            "<p>前<script>var x = '</p>';</script>后</p><!-- <p>无 -->",
            "前后\n",
        );
        check("一<br>二", "一\n二\n");
        check("未完 < 了", "未完\n");
        check("", "");
    }
}

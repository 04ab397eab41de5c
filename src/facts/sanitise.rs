//! Bodies from sources that are not trusted: nothing in them runs, loads a frame, sends a form or
//! passes for a part of the page.
//!
//! Links and pictures with another scheme than the few below are taken out before HTML is made, so
//! that their text stays. Then the whole HTML goes through ammonia: raw HTML may open an element
//! in one place and close it in another, so it can't be looked at piece by piece. What masthead
//! itself writes passes, apart from formulas (they stay text) and players of other hosts (a card
//! that leads there stands for each).

use super::highlight;
use super::markdown::is_internal;
use ammonia::Builder;
use pulldown_cmark::{Event, Tag, TagEnd};
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// The schemes that links of untrusted sources may have.
pub const SCHEMES: [&str; 4] = ["http", "https", "mailto", "tel"];

/// Elements that ammonia allows and a guest has no use for: landmarks are the page's own, and its
/// title is the only heading of level 1.
const NOT_FOR_GUESTS: [&str; 10] = [
    "nav", "header", "footer", "article", "aside", "map", "area", "center", "h1", "hgroup",
];

/// Classes that masthead writes into bodies.
const CLASSES: [&str; 15] = [
    "table",
    "center",
    "end",
    "ticker",
    "task",
    "gallery",
    "video",
    "footnote-definition",
    "footnote-definition-label",
    "footnote-reference",
    "markdown-alert-note",
    "markdown-alert-tip",
    "markdown-alert-important",
    "markdown-alert-warning",
    "markdown-alert-caution",
];

/// Whether a target may stand in a link or picture: inside the site, or with one of [`SCHEMES`].
pub fn is_safe(target: &str) -> bool {
    let scheme = target.split_once(':').map(|(scheme, _)| scheme);
    let known = |scheme: &str| {
        SCHEMES
            .iter()
            .any(|known| known.eq_ignore_ascii_case(scheme))
    };
    target.starts_with("//") || is_internal(target) || scheme.is_none_or(known)
}

/// Whether a link or picture of the site's own writers runs a script, which Markdown never needs:
/// who wants one writes HTML. A picture may be `data:`, since nothing runs in pictures.
fn runs(target: &str, picture: bool) -> bool {
    let scheme = target.split_once(':').map_or("", |(scheme, _)| scheme);
    let scripts: &[&str] = match picture {
        true => &["javascript", "vbscript"],
        false => &["javascript", "vbscript", "data"],
    };
    scripts
        .iter()
        .any(|script| scheme.trim().eq_ignore_ascii_case(script))
}

/// Takes out links and pictures that run a script or, from guests, lead to other schemes than
/// [`SCHEMES`]; their text stays.
pub fn remove_unsafe_links(events: &mut Vec<Event>, trusted: bool) {
    let fits = |target: &str, picture: bool| match trusted {
        true => !runs(target, picture),
        false => is_safe(target),
    };
    let opens = |event: &Event| match event {
        Event::Start(Tag::Link { dest_url, .. }) => Some(fits(dest_url, false)),
        Event::Start(Tag::Image { dest_url, .. }) => Some(fits(dest_url, true)),
        _ => None,
    };
    if events.iter().all(|event| opens(event) != Some(false)) {
        return;
    }
    let mut open = Vec::new();
    events.retain(|event| match event {
        Event::End(TagEnd::Link | TagEnd::Image) => open.pop().unwrap_or(true),
        event => {
            let fits = opens(event);
            open.extend(fits);
            fits.unwrap_or(true)
        }
    });
}

/// How many elements may stand inside each other: ammonia's time grows with the square of it.
const DEEPEST: usize = 200;
/// How many attributes a tag may have: each is compared with all others of its tag.
const MOST_ATTRIBUTES: usize = 100;
/// How many bytes of HTML are left as they are, if they have few elements.
const SHORT: usize = 16_000;

/// Elements that have no end.
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose content is no HTML, or not read as such; ammonia takes out most of them.
const RAW: [&str; 12] = [
    "script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes", "noscript",
    "template", "svg", "math",
];

/// The HTML without what a guest may not write.
pub fn clean(html: &str) -> String {
    static BUILDER: OnceLock<Builder> = OnceLock::new();
    let html = flattened(html);
    BUILDER.get_or_init(builder).clean(&html).to_string()
}

/// The HTML with at most [`DEEPEST`] elements inside each other: the text of deeper ones stands in
/// the last. Tags with more than [`MOST_ATTRIBUTES`] are left out. Every element ends inside the
/// one that it began in, since what is left open is opened again in each paragraph after it.
/// Nothing is safe by this; it is only quick to clean.
fn flattened(html: &str) -> Cow<'_, str> {
    let after = memchr::memchr_iter(b'<', html.as_bytes()).map(|at| html.as_bytes().get(at + 1));
    let starts = after.filter(|next| next.is_some_and(u8::is_ascii_alphabetic));
    // Fewer can't be too deep, nor have too many attributes.
    if html.len() <= SHORT && starts.take(DEEPEST + 1).count() <= DEEPEST {
        return Cow::Borrowed(html);
    }
    let mut flat = Flat {
        out: String::with_capacity(html.len()),
        ..Flat::default()
    };
    let mut rest = html;
    while let Some(at) = memchr::memchr(b'<', rest.as_bytes()) {
        flat.out.push_str(&rest[..at]);
        rest = flat.markup(&rest[at..]);
    }
    flat.out.push_str(rest);
    flat.close_to(0);
    Cow::Owned(flat.out)
}

#[derive(Default)]
struct Flat {
    out: String,
    /// The elements that are open, each by its name in lower case.
    open: Vec<String>,
    /// How many of each name were left out, and have their ends still to come.
    left_out: HashMap<String, usize>,
}

impl Flat {
    /// Takes over what stands at a `<`, and says what follows it.
    fn markup<'h>(&mut self, html: &'h str) -> &'h str {
        let past = |end: &str| html.find(end).map_or("", |at| &html[at + end.len()..]);
        let inner = &html[1..];
        let (closes, inner) = match inner.strip_prefix('/') {
            Some(inner) => (true, inner),
            None => (false, inner),
        };
        match inner.bytes().next() {
            Some(first) if first.is_ascii_alphabetic() => {}
            _ if html.starts_with("<!--") => return past("-->"),
            // What a browser takes for a comment.
            Some(b'!' | b'?') => return past(">"),
            _ if closes => return past(">"),
            _ => {
                self.out.push_str("&lt;");
                return inner;
            }
        }
        let is_end = |c: char| matches!(c, '>' | '/') || is_blank(c as u32);
        let name = inner.find(is_end).map_or(inner, |end| &inner[..end]);
        let Some((length, attributes)) = tag_end(&inner[name.len()..]) else {
            return "";
        };
        let (tag, rest) = html.split_at(html.len() - inner.len() + name.len() + length);
        let name = name.to_ascii_lowercase();
        match closes {
            true => self.end(&name),
            false if attributes > MOST_ATTRIBUTES => *self.left_out.entry(name).or_default() += 1,
            false if VOID.contains(&name.as_str()) => self.out.push_str(tag),
            false if RAW.contains(&name.as_str()) => return past_raw(rest, &name),
            false => self.start(name, tag),
        }
        rest
    }

    fn start(&mut self, name: String, tag: &str) {
        // Writers of HTML leave these open.
        if matches!(name.as_str(), "p" | "li" | "dd" | "dt") && self.open.last() == Some(&name) {
            self.close_to(self.open.len() - 1);
        }
        if self.open.len() < DEEPEST {
            self.out.push_str(tag);
            self.open.push(name);
        } else {
            *self.left_out.entry(name).or_default() += 1;
        }
    }

    fn end(&mut self, name: &str) {
        if let Some(count) = self.left_out.get_mut(name).filter(|count| **count > 0) {
            *count -= 1;
        } else if let Some(at) = self.open.iter().rposition(|open| open == name) {
            self.close_to(at);
        }
    }

    /// Ends all elements but the first so many.
    fn close_to(&mut self, kept: usize) {
        for name in self.open.drain(kept..).rev() {
            self.out.push_str("</");
            self.out.push_str(&name);
            self.out.push('>');
        }
    }
}

fn is_blank(c: u32) -> bool {
    matches!(char::from_u32(c), Some(' ' | '\t' | '\n' | '\r' | '\u{c}'))
}

/// What follows the end of an element whose content is no HTML.
fn past_raw<'h>(html: &'h str, name: &str) -> &'h str {
    let mut rest = html;
    while let Some(at) = rest.find("</") {
        rest = &rest[at + 2..];
        let named = rest.get(..name.len());
        if named.is_some_and(|named| named.eq_ignore_ascii_case(name)) {
            return rest.find('>').map_or("", |end| &rest[end + 1..]);
        }
    }
    ""
}

/// How long a tag goes on after its name, as browsers read attributes, and how many it has.
fn tag_end(attributes: &str) -> Option<(usize, usize)> {
    #[derive(Clone, Copy)]
    enum In {
        Between,
        Name,
        AfterName,
        BeforeValue,
        Value,
        Quoted(u8),
    }
    let (mut state, mut count) = (In::Between, 0);
    for (at, byte) in attributes.bytes().enumerate() {
        let blank = is_blank(u32::from(byte));
        state = match (state, byte) {
            (In::Quoted(quote), byte) if byte == quote => In::Between,
            (In::Quoted(_), _) => state,
            (_, b'>') => return Some((at + 1, count)),
            (In::BeforeValue, b'"' | b'\'') => In::Quoted(byte),
            (In::BeforeValue, _) if blank => In::BeforeValue,
            (In::Value, _) if blank => In::Between,
            (In::BeforeValue | In::Value, _) => In::Value,
            (In::Name | In::AfterName, b'=') => In::BeforeValue,
            (In::Name | In::AfterName, _) if blank => In::AfterName,
            (In::Between, _) if blank => In::Between,
            (_, b'/') => In::Between,
            (In::Name, _) => In::Name,
            _ => {
                count += 1;
                In::Name
            }
        };
    }
    None
}

fn builder() -> Builder<'static> {
    let mut builder = Builder::default();
    builder
        .rm_tags(NOT_FOR_GUESTS)
        .rm_clean_content_tags(["script"])
        .add_clean_content_tags([
            "script", "style", "noscript", "template", "iframe", "object", "svg", "math",
            "textarea", "select", "button", "title",
        ])
        .url_schemes(SCHEMES.into_iter().collect::<HashSet<_>>())
        .add_generic_attributes(["class", "id"])
        .add_tag_attributes("div", ["tabindex"])
        .add_tag_attributes("pre", ["tabindex"])
        .add_tag_attributes("details", ["open"])
        .add_tags(["video"])
        .add_tag_attributes(
            "video",
            [
                "src",
                "poster",
                "controls",
                "preload",
                "width",
                "height",
                "aria-label",
            ],
        )
        .add_tag_attributes(
            "img",
            ["srcset", "sizes", "loading", "decoding", "fetchpriority"],
        )
        // Addresses that ammonia doesn't look at.
        .rm_tag_attributes("blockquote", ["cite"])
        .rm_tag_attributes("q", ["cite"])
        .rm_tag_attributes("del", ["cite"])
        .rm_tag_attributes("ins", ["cite"])
        .link_rel(None)
        .attribute_filter(attribute);
    builder
}

/// An `id` could take the place of one that the page's own script looks for, so only headings and
/// footnotes have them.
fn attribute<'a>(element: &str, attribute: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let kept = match attribute {
        "id" => value.starts_with("fn-") || matches!(element, "h2" | "h3" | "h4" | "h5" | "h6"),
        "tabindex" => value == "0",
        // Nothing is loaded before a reader asks for it.
        "preload" => value == "none",
        "srcset" => value.split(',').all(is_of_the_site),
        "class" => return classes(element, value),
        _ => true,
    };
    kept.then_some(Cow::Borrowed(value))
}

/// Whether a part of a `srcset` is a file of the site, as masthead itself writes it.
fn is_of_the_site(part: &str) -> bool {
    let part = part.trim_start_matches(' ');
    let plain = part
        .bytes()
        .all(|byte| matches!(byte, b' '..=b'~') && byte != b'\\');
    part.starts_with('/') && !part.starts_with("//") && plain
}

fn classes<'a>(element: &str, value: &'a str) -> Option<Cow<'a, str>> {
    let known = |class: &&str| {
        CLASSES.contains(class)
            || element == "code" && class.starts_with("language-")
            || element == "span" && highlight::CLASSES.contains(class)
    };
    if value.split(' ').all(|class| known(&class)) {
        return Some(Cow::Borrowed(value));
    }
    let classes: Vec<&str> = value.split(' ').filter(known).collect();
    (!classes.is_empty()).then(|| Cow::Owned(classes.join(" ")))
}

#[cfg(test)]
mod tests {
    use super::super::markdown::{Style, html};

    /// Markdown from a source that isn't trusted, and its HTML.
    const TABLE: &[(&str, &str)] = &[
        // What Markdown makes, passes.
        (
            "**粗** *斜* ~~删~~ `码`",
            "<p><strong>粗</strong> <em>斜</em> <del>删</del> <code>码</code></p>\n",
        ),
        ("## 题 {#own}", "<h2 id=\"own\">题</h2>\n"),
        (
            "|a|b|\n|-|-:|\n|1|2|",
            "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>a</th><th class=\"end\">b</th></tr></thead><tbody>\n<tr><td>1</td><td class=\"end\">2</td></tr>\n</tbody></table>\n</div>\n",
        ),
        (
            "```rust\nlet a = 1 < 2;\n```",
            "<pre tabindex=\"0\"><code class=\"language-rust\">let a = 1 &lt; 2;\n</code></pre>\n",
        ),
        (
            "文[^1]。\n\n[^1]: 注",
            "<p>文<sup class=\"footnote-reference\"><a href=\"#fn-1\">1</a></sup>。</p>\n<div class=\"footnote-definition\" id=\"fn-1\"><sup class=\"footnote-definition-label\">1</sup>\n<p>注</p>\n</div>\n",
        ),
        (
            "> [!NOTE]\n> 注意",
            "<blockquote class=\"markdown-alert-note\">\n<p>注意</p>\n</blockquote>\n",
        ),
        (
            "- [x] 做了\n- [ ] 没做",
            "<ul>\n<li><span class=\"task\">☑</span> 做了</li>\n<li><span class=\"task\">☐</span> 没做</li>\n</ul>\n",
        ),
        (
            "$海港航运 (HBR.HK)$",
            "<p><a class=\"ticker\" href=\"/t/hbr.hk/\">海港航运 <span>HBR.HK</span></a></p>\n",
        ),
        // Links and pictures with schemes of their own.
        (
            "[甲](https://e.org/) [乙](mailto:a@b.org) [丙](tel:110) [丁](//e.org/x) <a@b.org>",
            "<p><a href=\"https://e.org/\">甲</a> <a href=\"mailto:a@b.org\">乙</a> <a href=\"tel:110\">丙</a> <a href=\"//e.org/x\">丁</a> <a href=\"mailto:a@b.org\">a@b.org</a></p>\n",
        ),
        ("[点我](javascript:alert(1))", "<p>点我</p>\n"),
        ("[点我](JaVaScRiPt:alert(1) \"题\")", "<p>点我</p>\n"),
        ("[点我](java&#115;cript:alert(1))", "<p>点我</p>\n"),
        (
            "[点我](&#1;javascript:alert(1))",
            "<p><a href=\"%01javascript:alert(1)\">点我</a></p>\n",
        ),
        (
            "[点我](<java\tscript:alert(1)>)",
            "<p><a href=\"java%09script:alert(1)\">点我</a></p>\n",
        ),
        (
            "[点我](vbscript:x) [点我](data:text/html,x) [点我](file:///etc/passwd)",
            "<p>点我 点我 点我</p>\n",
        ),
        (
            "![图](data:image/svg+xml,x) ![图](javascript:x)",
            "<p>图 图</p>\n",
        ),
        (
            "[![图](javascript:x)](https://e.org/)",
            "<p><a href=\"https://e.org/\">图</a></p>\n",
        ),
        ("<javascript:alert(1)>", "<p>javascript:alert(1)</p>\n"),
        ("[一][二]\n\n[二]: javascript:alert(1)", "<p>一</p>\n"),
        // Raw HTML.
        ("<script>alert(1)</script>后文", "后文"),
        ("前<script>alert(1)</script>后", "<p>前后</p>\n"),
        ("<img src=x onerror=alert(1)>", "<img src=\"x\">"),
        (
            "<a href=\"javascript:alert(1)\" onclick=\"x()\">甲</a>",
            "<p><a>甲</a></p>\n",
        ),
        (
            "<a href=\"java&#10;script:alert(1)\">甲</a>",
            "<p><a>甲</a></p>\n",
        ),
        ("<svg><script>alert(1)</script></svg>甲", "<p>甲</p>\n"),
        (
            "<math><mtext></mtext><style><img src=x onerror=alert(1)></style></math>甲",
            "<p><img src=\"x\">甲</p>\n",
        ),
        ("<iframe src=\"https://e.org\"></iframe>甲", "甲"),
        ("<object data=x>里</object>甲", "<p>甲</p>\n"),
        (
            "<form action=/x><input name=a><button>发</button></form>甲",
            "甲",
        ),
        (
            "<div style=\"position:fixed\" class=\"site-header table\" id=\"search\">甲</div>",
            "<div class=\"table\">甲</div>",
        ),
        ("<h1>大</h1><nav>导</nav>", "大导"),
        (
            "<base href=//e.org><meta http-equiv=refresh content=0><link rel=stylesheet href=x>甲",
            "甲",
        ),
        ("<b>没关", "<p><b>没关</b></p><b>\n</b>"),
        ("</div></main>甲", "甲"),
        ("<!-- 注 -->甲", "甲"),
        (
            "<details open><summary>题</summary>文</details>",
            "<details open=\"\"><summary>题</summary>文</details>",
        ),
        (
            "<img src=\"data:image/png;base64,AA\" alt=图>",
            "<img alt=\"图\">",
        ),
        (
            "<a href=\"https://e.org\" target=_blank>甲</a>",
            "<p><a href=\"https://e.org\">甲</a></p>\n",
        ),
        (
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\"></noscript>甲",
            "<p><img src=\"x\">\"&gt;甲</p>\n",
        ),
        ("甲 &lt;script&gt; 乙", "<p>甲 &lt;script&gt; 乙</p>\n"),
        (
            "<blockquote cite=\"javascript:alert(1)\">甲</blockquote>",
            "<blockquote>甲</blockquote>",
        ),
    ];

    #[test]
    fn the_own_markdown_runs_no_script_and_html_stays() {
        let style = Style {
            tickers: "/t/",
            ..Style::of_text()
        };
        let check = |text: &str, expect: &str| {
            assert_eq!(html(text, &style, &[]).trim_end(), expect, "{text}");
        };
        check("[点我](javascript:alert(1))", "<p>点我</p>");
        check(
            "[点我](VBScript:x) <data:text/html,x>",
            "<p>点我 data:text/html,x</p>",
        );
        check(
            "[群](weixin://x) ![图](data:image/png;base64,AA)",
            "<p><a href=\"weixin://x\">群</a> <img src=\"data:image/png;base64,AA\" alt=\"图\" /></p>",
        );
        check(
            "- [x] 做了",
            "<ul>\n<li><span class=\"task\">☑</span> 做了</li>\n</ul>",
        );
        check("<i onclick=x()>甲</i>", "<p><i onclick=x()>甲</i></p>");
    }

    #[test]
    fn what_is_deep_is_flat_and_quick() {
        let style = Style {
            trusted: false,
            ..Style::of_text()
        };
        let depth = |html: &str| {
            let mut depth = (0_i32, 0);
            for (at, _) in html.match_indices('<') {
                depth.0 += if html[at + 1..].starts_with('/') {
                    -1
                } else {
                    1
                };
                depth.1 = depth.1.max(depth.0);
            }
            depth
        };
        let many = |name: &str| {
            (0..30_000)
                .map(|n| format!("{name}{n} "))
                .collect::<String>()
        };
        let fonts: String = (0..2_000).map(|n| format!("<font color={n}>")).collect();
        for text in [
            format!("{}终", "<div>".repeat(30_000)),
            format!("{}终", "<div><!--</div>-->".repeat(10_000)),
            format!("{}终", "<div title='</div>'></b>".repeat(10_000)),
            format!("{}终", "<b><i></b>".repeat(10_000)),
            format!("甲{}终", "<b><div></b>".repeat(10_000)),
            format!("甲{}终", "<svg><![CDATA[</svg>".repeat(10_000)),
            format!("甲{fonts}{}终", "\n\n乙".repeat(20_000)),
            format!("甲<b {}></b>终", many("a")),
            format!("甲{}终", "<".repeat(30_000)),
            format!("甲{}终", "<b ".repeat(30_000)),
        ] {
            let html = html(&text, &style, &[]);
            assert!(
                html.contains('终') || text.contains("<b <b"),
                "{}",
                &text[..20]
            );
            let (left, most) = depth(&html);
            assert!(left == 0 && most <= 210, "{} {left} {most}", &text[..20]);
        }
    }

    #[test]
    fn what_is_long_and_flat_stays() {
        let style = Style {
            trusted: false,
            ..Style::of_text()
        };
        let of = |text: &str| html(text, &style, &[]);
        let many =
            "段 **落** <u title=\"a>b\">线</u><br>又\n\n<!-- <p>注</p> -->\n\n- 甲\n- 乙\n\n";
        let many_times = many.repeat(300);
        assert_eq!(of(&many_times), of(many).repeat(300));
        let script = "<p>前<script>alert('</p>')</SCRIPT >后<svg><script>alert(1)</script></svg><img src=x onerror=alert(1)>";
        let out = of(&script.repeat(300));
        assert!(!out.contains("alert") && out.contains("前后<img src=\"x\">"));
    }

    #[test]
    fn guests_write_text() {
        // Where `$…$` is mathematics, it is no security.
        let style = |text: &str| Style {
            tickers: "/t/",
            math: text.starts_with("$x"),
            trusted: false,
            ..Style::of_text()
        };
        let failures: Vec<String> = TABLE
            .iter()
            .map(|(text, expect)| (text, expect, html(text, &style(text), &[])))
            .filter(|(_, expect, actual)| expect.trim_end() != actual.trim_end())
            .map(|(text, expect, actual)| {
                format!("{text}\n  expected {expect:?}\n  came out {actual:?}")
            })
            .collect();
        assert!(failures.is_empty(), "{}", failures.join("\n\n"));
    }
}

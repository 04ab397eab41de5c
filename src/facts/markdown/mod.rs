//! Markdown: CommonMark with tables, footnotes, strikethrough, task lists, alerts, definition
//! lists and heading attributes.
//!
//! A source is walked twice, by the same rules: [`scan`] takes its outline into the facts, and
//! [`html`] makes its body when the page is rendered; where a text says all of its body by itself,
//! [`scan_and_set`] does both in one walk. They walk the same events (`events.rs`):
//! emphasis is what a Chinese writer means by it, and lines of Chinese join without a space. The
//! body never has a heading of level 1 (the page's title is that), no inline style (the content
//! security policy forbids it), and its links into the site are replaced, in their order, by what
//! the site resolved them to.

mod body;
mod events;
pub mod figures;
mod formula;
mod galley;
mod outline;
mod scripts;
mod securities;

pub use body::{html, html_of_each};
pub use galley::filled;
pub use outline::{Scan, scan, scan_and_set};
pub use scripts::{Turn, turned};
pub use securities::{linked, note_tickers};

use super::Pictures;
use crate::base::slug::slug;
use crate::config::embeds::Host;
use foldhash::HashMap;
use pulldown_cmark::{Event, Tag, TagEnd};

/// How a body is to be written.
pub struct Style<'a> {
    /// The article's language; blocks in another one say so. None where there is no such block.
    pub lang: Option<&'a str>,
    /// The page's title: a first heading that repeats it is left out.
    pub title: Option<&'a str>,
    /// Where the pages of securities are: `/tickers/`.
    pub tickers: &'a str,
    /// Whether `$…$` is mathematics.
    pub math: bool,
    /// Whether raw HTML stays as it is.
    pub trusted: bool,
    /// CommonMark and nothing else.
    pub plain: bool,
    /// What turns texts into the script of an edition.
    pub turn: Option<&'a Turn<'a>>,
    /// What is known of the pictures that targets lead to.
    pub pictures: Option<&'a Pictures<'a>>,
    /// Whether a picture at the beginning is the first that readers see.
    pub leads: bool,
    /// Whether code is marked up by its language.
    pub colours: bool,
    /// The hosts of videos whose players may run.
    pub embeds: &'a [&'static Host],
}

impl<'a> Style<'a> {
    /// How a body is written as far as its text alone says it: in its own script, with raw HTML,
    /// and without anything that is known elsewhere.
    pub(super) fn of_text() -> Style<'a> {
        Style {
            lang: None,
            title: None,
            tickers: "",
            math: false,
            trusted: true,
            plain: false,
            turn: None,
            pictures: None,
            leads: false,
            colours: false,
            embeds: &[],
        }
    }
}

/// Whether a link's target is inside the site.
pub fn is_internal(target: &str) -> bool {
    let head = target.split(['/', '?', '#']).next().unwrap_or("");
    let scheme = head.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-'))
    });
    !target.is_empty() && !scheme && !target.starts_with("//")
}

/// How the ids of footnotes begin, and those of no heading.
const NOTE: &str = "fn-";

/// The headings of a page: each has an `id` of its own, and none skips a level.
///
/// Writers start at any level and jump over others; readers of a page by ear walk its levels, so
/// a heading lies one below the nearest one before it that the writer set higher.
#[derive(Default)]
struct Headings {
    ids: HashMap<String, u32>,
    /// Levels, as written, of the headings that the next one may lie under.
    above: Vec<u8>,
}

impl Headings {
    fn id(&mut self, text: &str, given: Option<&str>) -> String {
        let mut id = given.map_or_else(|| slug(text), str::to_string);
        if id.starts_with(NOTE) {
            id.insert_str(0, "h-");
        }
        let Some(seen) = self.ids.get(&id).copied() else {
            self.ids.insert(id.clone(), 1);
            return id;
        };
        // A heading further up may be called like that by itself.
        let numbered = |n: u32| format!("{id}-{n}");
        let free = (seen..).find(|n| !self.ids.contains_key(&numbered(*n)));
        let free = free.unwrap_or(seen);
        let own = numbered(free);
        self.ids.insert(id, free + 1);
        self.ids.insert(own.clone(), 1);
        own
    }

    /// The level in the page: 2 to 6, since the title is the only one of level 1.
    fn level(&mut self, written: u8) -> u8 {
        self.above.retain(|above| *above < written);
        self.above.push(written);
        (self.above.len() as u8 + 1).min(6)
    }
}

/// What an event adds to the number of open links, pictures and code blocks: in them a security is
/// no link.
fn unlinked(event: &Event) -> i32 {
    match event {
        Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => 1,
        Event::End(TagEnd::Link | TagEnd::Image | TagEnd::CodeBlock) => -1,
        _ => 0,
    }
}

/// Text made safe inside an attribute or element.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Spot;
    use super::*;
    use crate::base::diagnostic::Lines;

    fn check(text: &str, expect: &str) {
        let style = Style {
            lang: Some("zh-Hans"),
            title: Some("题"),
            tickers: "/tickers/",
            ..Style::of_text()
        };
        let hrefs = ["/x/".to_string(), "/y.png".to_string()];
        assert_eq!(html(text, &style, &hrefs), expect, "{text}");
    }

    #[test]
    fn bodies_leave_the_first_level_to_the_page() {
        check(
            "# 题\n\n# 甲\n\n## 乙\n",
            "<h2 id=\"甲\">甲</h2>\n<h3 id=\"乙\">乙</h3>\n",
        );
        check(
            "### 甲\n#### 乙\n### 丙\n# 丁\n",
            "<h2 id=\"甲\">甲</h2>\n<h3 id=\"乙\">乙</h3>\n<h2 id=\"丙\">丙</h2>\n<h2 id=\"丁\">丁</h2>\n",
        );
        check(
            "## 甲\n## 甲\n",
            "<h2 id=\"甲\">甲</h2>\n<h2 id=\"甲-1\">甲</h2>\n",
        );
        check("## 甲 {#own}\n", "<h2 id=\"own\">甲</h2>\n");
        let ids = |text: &str| {
            let html = html(text, &Style::of_text(), &[]);
            let ids = html.split(" id=\"").skip(1);
            let ids = ids.filter_map(|rest| rest.split('"').next());
            ids.map(str::to_string).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(ids("## 甲\n## 甲\n## 甲-1\n## 甲\n"), "甲 甲-1 甲-1-1 甲-2");
        assert_eq!(ids("## 甲-1\n## 甲\n## 甲\n"), "甲-1 甲 甲-2");
        assert_eq!(ids("## fn-1\n\n文[^1]\n\n[^1]: 注\n"), "h-fn-1 fn-1");
    }

    #[test]
    fn links_into_the_site_are_replaced_in_order() {
        check(
            "[a](x.md) [b](https://e.org/) ![c](y.png)",
            "<p><a href=\"/x/\">a</a> <a href=\"https://e.org/\">b</a> <img src=\"/y.png\" alt=\"c\" /></p>\n",
        );
    }

    #[test]
    fn other_languages_are_marked() {
        check(
            "開放資料應該讓人閱讀",
            "<p lang=\"zh-Hant\">開放資料應該讓人閱讀</p>\n",
        );
        check("这里开放数据", "<p>这里开放数据</p>\n");
    }

    #[test]
    fn securities_become_links() {
        check(
            "买$海港*航运* (HBR.HK)$，花$5",
            "<p>买$海港<em>航运</em> (HBR.HK)$，花$5</p>\n",
        );
        check(
            "买$海港航运 (HBR.HK)$，`$甲 (A.US)$`",
            "<p>买<a class=\"ticker\" href=\"/tickers/hbr.hk/\">海港航运 <span>HBR.HK</span></a>，\
             <code>$甲 (A.US)$</code></p>\n",
        );
    }

    #[test]
    fn formulas_are_markup_only_where_asked_for() {
        let style = |math| Style {
            tickers: "/tickers/",
            math,
            ..Style::of_text()
        };
        assert_eq!(html("$a$ 和 $5", &style(false), &[]), "<p>$a$ 和 $5</p>\n");
        let formula = html("$a^2$", &style(true), &[]);
        assert!(
            formula.contains("<math") && formula.contains("<mi>a</mi>"),
            "{formula}"
        );
        assert!(!formula.contains("style="), "{formula}");
        let careful = html("$a<b\\color{red}{x}$", &style(true), &[]);
        assert!(
            careful.contains("&lt;") && !careful.contains("style="),
            "{careful}"
        );
        let broken = html("$\\left( a$", &style(true), &[]);
        assert_eq!(broken, "<p><code>\\left( a</code></p>\n");
        let operator = html("$\\operatorname{\\<b onclick=x>}$", &style(true), &[]);
        assert!(!operator.contains("<b"), "{operator}");
    }

    #[test]
    fn tables_have_no_inline_style() {
        check(
            "|a|b|\n|-|-:|\n|1|2|\n",
            "<div class=\"table\" tabindex=\"0\"><table><thead><tr><th>a</th><th class=\"end\">b</th></tr></thead><tbody>\n\
             <tr><td>1</td><td class=\"end\">2</td></tr>\n</tbody></table>\n</div>\n",
        );
    }

    #[test]
    fn the_outline_has_places() {
        let text = "---\nt: 1\n---\n## 海 [港](a.md)\n\n港 ![图](b.png \"t\") x\n";
        let lines = Lines::new("a.md", text);
        let scan = scan(&lines, 13, None, false);
        let spots: Vec<_> = scan
            .outline
            .links
            .iter()
            .map(|link| (link.target, link.spot))
            .collect();
        let spot = |line, column, width| Spot {
            line,
            column,
            width,
        };
        assert_eq!(spots, [("a.md", spot(4, 10, 4)), ("b.png", spot(6, 8, 5))]);
        let headings = &scan.outline.headings;
        assert!(headings.iter().map(|one| one.text).eq(["海 港"]));
        assert_eq!((scan.outline.han, scan.outline.words), (4, 1));
    }

    #[test]
    fn internal_means_no_scheme() {
        for target in ["a.md", "/x/", "#a", "../b c.md", "a/b:c"] {
            assert!(is_internal(target), "{target}");
        }
        for target in [
            "",
            "https://e.org",
            "mailto:a@b",
            "//cdn.org/x",
            "javascript:x",
        ] {
            assert!(!is_internal(target), "{target}");
        }
    }

    #[test]
    fn outline_and_body_agree_on_formulas_and_securities() {
        let text = "## 能量 $E=mc^2$\n\n$数 (MAT.US)$ [$链 (LNK.US)$](a.md) `$码 (COD.US)$`\n\n# $题 (HEA.US)$\n";
        for (math, trusted) in [(false, true), (true, true), (true, false)] {
            let lines = Lines::new("a.md", text);
            let outline = scan(&lines, 0, None, math).outline;
            let style = Style {
                lang: None,
                title: None,
                tickers: "/t/",
                trusted,
                math,
                plain: false,
                turn: None,
                pictures: None,
                leads: false,
                colours: false,
                embeds: &[],
            };
            let html = html(text, &style, &[]);
            for heading in outline.headings.iter() {
                assert!(
                    html.contains(&format!("id=\"{}\"", heading.id)),
                    "{heading:?}\n{html}"
                );
            }
            let codes: Vec<&str> = outline
                .tickers
                .iter()
                .map(|(_, code)| code.as_str())
                .collect();
            assert_eq!(
                html.matches("class=\"ticker\"").count(),
                codes.len(),
                "{codes:?}\n{html}"
            );
            assert_eq!(
                codes,
                if math {
                    vec![]
                } else {
                    vec!["MAT.US", "HEA.US"]
                }
            );
        }
    }

    #[test]
    fn open_fences_are_named() {
        let check = |text: &str, complaints: usize| {
            let scan = scan(&Lines::new("a.md", text), 0, None, false);
            assert_eq!(scan.diagnostics.len(), complaints, "{text}");
        };
        check("```\nx\n```\n", 0);
        check("> ```\n> x\n> ```\n", 0);
        check("```rust\nx\n", 1);
        check("~~~\nx\n```\n", 1);
        check("````\nx\n```\n", 1);
        check("```\n", 1);
    }

    proptest::proptest! {
        #[test]
        fn what_is_not_mixed_has_no_block_in_another_language(parts in proptest::collection::vec(
            proptest::sample::select(vec![
                "这里开放数据", "開放資料", "The port is open now ", "新しい橋が", "上海", "port ",
                "*", "**", "`", "\n\n", "\n", "# ", "- ", "> ", "[^1]", "\n[^1]: ", "$x$", "1. ",
                "\n|a|b|\n|-|-|\n|", "<b>", "![", "](a.png)", "```\n",
            ]), 0..30,
        )) {
            let text: String = parts.concat();
            let facts = super::super::facts("content/a/b.md", text.as_bytes());
            let style = |lang| Style {
                lang,
                title: Some(&facts.title),
                tickers: "/t/",
                trusted: true,
                math: false,
                plain: false,
            turn: None,
            pictures: None,
            leads: false,
            colours: false,
            embeds: &[],
            };
            let lang = facts.lang.as_deref();
            let whole = html(&text, &style(lang), &[]);
            let told = html(&text, &style(lang.filter(|_| facts.outline.mixed)), &[]);
            proptest::prop_assert_eq!(whole, told);
        }
    }
}

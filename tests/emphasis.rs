//! Emphasis beside full-width punctuation: what writers mean, case by case, and the published rule,
//! held against comrak, which has it built in.

use masthead::base::diagnostic::Lines;
use masthead::base::text::emphasis::mark;
use masthead::facts::markdown::{Style, html, scan};
use proptest::prelude::*;

fn body(text: &str, plain: bool) -> String {
    let style = Style {
        lang: None,
        title: None,
        tickers: "",
        math: false,
        trusted: true,
        plain,
        turn: None,
        pictures: None,
        leads: false,
        colours: false,
        embeds: &[],
    };
    html(text, &style, &[])
}

/// `tests/emphasis/cases.tsv`: Markdown and the HTML inside its paragraph, one case a line.
fn cases() -> Vec<(&'static str, &'static str)> {
    let lines = include_str!("emphasis/cases.tsv").lines();
    let lines = lines.filter(|line| !line.starts_with("# "));
    lines
        .map(|line| line.split_once('\t').expect("a case has two columns"))
        .collect()
}

#[test]
fn emphasis_is_what_writers_mean() {
    let mut wrong = Vec::new();
    for (text, expect) in cases() {
        let got = body(text, false);
        if got != format!("<p>{expect}</p>\n") {
            wrong.push(format!("{text}\n  {got}  {expect}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(cases().len() >= 300);
}

#[test]
fn headings_counts_and_links_see_the_same_emphasis() {
    for (text, _) in cases() {
        let source = format!("## {text}\n\n{text} [甲](a.md)\n");
        let lines = Lines::new("a.md", &source);
        let outline = scan(&lines, 0, None, false).outline;
        let rendered = body(&source, false);
        for heading in outline.headings.iter() {
            assert!(
                rendered.contains(&format!("id=\"{}\"", heading.id)),
                "{text}"
            );
            assert!(!heading.text.contains(['\u{FDD0}', '\u{FDD1}']), "{text}");
        }
        let link = outline.links.iter().last().expect("the link is there");
        let line = source.lines().nth(2).expect("a third line");
        let column = line.find("a.md").map(|at| line[..at].chars().count() + 1);
        assert_eq!(Some(link.spot.column as usize), column, "{text}");
        assert_eq!((link.spot.line, link.spot.width), (3, 4), "{text}");
    }
}

#[test]
fn tables_quotes_and_lists_hold_emphasis() {
    let check = |text: &str, expect: &str| {
        let html = body(text, false);
        assert!(html.contains(expect), "{text}\n{html}");
    };
    check(
        "|甲|乙|\n|-|-|\n|**“强调”**后|中**（乙）**|\n",
        "<td><strong>“强调”</strong>后</td><td>中<strong>（乙）</strong></td>",
    );
    check(
        "|甲|乙|\n|-|-|\n|中**文**|**乙**|\n",
        "<td>中<strong>文</strong></td><td><strong>乙</strong></td>",
    );
    check(">**强调。**后文\n", "<p><strong>强调。</strong>后文</p>");
    check("- **注意：**内容\n", "<li><strong>注意：</strong>内容</li>");
    check("# **“大”**标题\n", "<strong>“大”</strong>标题</h2>");
    check("甲[^1]\n\n[^1]: **“注”**文\n", "<strong>“注”</strong>文");
    check("**“甲**\n乙”**丙\n", "<strong>“甲</strong>");
}

#[test]
fn marks_are_never_seen() {
    let text = "[中**（文](/中**（文 \"题**（文\")<b title=\"**（文\">`码**（文`</b>\n\n```中**（文\n码**（文\n```\n\
                <div class=\"甲**（乙\">\n甲**（乙\n</div>\n\n\u{FDD0}甲\u{FDD1}乙**“丙”**丁 &#xFDD0;\n";
    let html = body(text, false);
    assert!(!html.contains(['\u{FDD0}', '\u{FDD1}']), "{html}");
    assert!(!html.contains("EF%B7"), "{html}");
    assert!(html.contains("<strong>“丙”</strong>丁"), "{html}");
}

fn comrak(text: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.extension.cjk_friendly_emphasis = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(text, &options)
}

fn comrak_alone(text: &str) -> String {
    let mut options = comrak::Options::default();
    options.extension.strikethrough = true;
    options.render.r#unsafe = true;
    comrak::markdown_to_html(text, &options)
}

fn pulldown_alone(text: &str) -> String {
    let mut html = String::new();
    let options = pulldown_cmark::Options::ENABLE_STRIKETHROUGH;
    pulldown_cmark::html::push_html(&mut html, pulldown_cmark::Parser::new_ext(text, options));
    html
}

/// What HTML means the same.
fn normal(html: &str) -> String {
    html.replace(" />", ">")
        .replace("&quot;", "\"")
        .trim_end()
        .to_string()
}

/// The body as the rule gives it, without what masthead does beyond emphasis.
fn ruled(text: &str) -> String {
    let marked = mark(text);
    let mut html = String::new();
    let options = pulldown_cmark::Options::ENABLE_STRIKETHROUGH;
    let parser = pulldown_cmark::Parser::new_ext(&marked.text, options);
    pulldown_cmark::html::push_html(&mut html, parser);
    masthead::base::text::emphasis::unmark(&html).unwrap_or(html)
}

/// Whether `~~` stands between a letter that is not CJK and such punctuation: pulldown-cmark lets
/// it open there, the rule does not.
fn opens_lax(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric();
    let is_sign = |c: char| c.is_ascii_punctuation() || "“”‘’—…😀".contains(c);
    text.match_indices("~~").any(|(at, run)| {
        let before = text[..at].chars().next_back();
        let after = text[at + run.len()..].chars().next();
        before.is_some_and(is_letter) && after.is_some_and(is_sign)
    })
}

const PIECES: &[&str] = &[
    "*",
    "**",
    "***",
    "~~",
    "*",
    "**",
    "_",
    "__",
    "中",
    "文字",
    "の",
    "カ",
    "한",
    "𠮷",
    "a",
    "x1",
    "“",
    "”",
    "‘",
    "’",
    "（",
    "）",
    "。",
    "，",
    "：",
    "「",
    "」",
    "《",
    "》",
    "(",
    ")",
    ".",
    ":",
    "\"",
    "!",
    "$",
    "%",
    " ",
    "\n",
    "`码`",
    "`a`",
    "[链](/u)",
    "[l](/u)",
    "\\*",
    "\\",
    "😀",
    "—",
    "…",
    "￥",
    "+",
];

fn cases_wanted() -> u32 {
    std::env::var("MASTHEAD_CASES")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(2_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases_wanted(), failure_persistence: None, max_global_rejects: u32::MAX, ..ProptestConfig::default() })]

    #[test]
    fn emphasis_is_by_the_published_rule(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 1..14),
    ) {
        let text = format!("x{}", pieces.concat());
        // Comrak looks through `~` that touches another run, or an escaped one.
        prop_assume!(!["*~", "~*", "_~", "~_", "\\~"].iter().any(|pair| text.contains(pair)));
        prop_assume!(!opens_lax(&text));
        // Where the two parsers differ without the rule, they may differ with it.
        prop_assume!(normal(&comrak_alone(&text)) == normal(&pulldown_alone(&text)));
        prop_assert_eq!(normal(&ruled(&text)), normal(&comrak(&text)), "{}", text);
    }

    #[test]
    fn text_without_cjk_is_left_alone(text in "[ -~\n“”—é]{0,80}") {
        prop_assert!(!mark(&text).is_marked());
    }

    #[test]
    fn offsets_lead_back_to_the_source(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..20),
        noise in prop::collection::vec(0usize..20, 0..3),
    ) {
        let mut pieces: Vec<&str> = pieces;
        for at in noise {
            pieces.insert(at.min(pieces.len()), "\u{FDD0}");
        }
        let text = pieces.concat();
        let marked = mark(&text);
        for (at, c) in marked.text.char_indices() {
            let source = marked.source(at);
            prop_assert!(source <= text.len());
            if !matches!(c, '\u{FDD0}' | '\u{FDD1}' | '\u{FFFC}') {
                prop_assert_eq!(text[source..].chars().next(), Some(c));
            }
        }
        prop_assert_eq!(marked.source(marked.text.len()), text.trim_end_matches('\u{FDD0}').len());
        let bare = masthead::base::text::emphasis::unmark(&marked.text);
        prop_assert_eq!(bare.as_deref().unwrap_or(&marked.text), text.replace('\u{FDD0}', ""));
    }
}

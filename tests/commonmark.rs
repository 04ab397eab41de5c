//! CommonMark 0.31.2 in plain mode: every example of the specification.
//!
//! The specification is not ours to ship; `scripts/tools.sh` fetches it.

use masthead::facts::markdown::{Style, html};
use std::path::Path;

struct Example {
    number: usize,
    markdown: String,
    html: String,
}

/// The examples: between a line of 32 backticks with `example` and one without, cut at a `.`.
fn examples(spec: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let mut examples = Vec::new();
    let mut parts: Option<(String, Option<String>)> = None;
    for line in spec.lines() {
        match (&mut parts, line) {
            (None, line) if line.starts_with(&format!("{fence} example")) => {
                parts = Some((String::new(), None));
            }
            (Some(_), line) if line == fence => {
                let Some((markdown, Some(html))) = parts.take() else {
                    panic!("half an example")
                };
                let visible = |text: String| text.replace('→', "\t");
                let number = examples.len() + 1;
                examples.push(Example {
                    number,
                    markdown: visible(markdown),
                    html: visible(html),
                });
            }
            (Some((_, html @ None)), ".") => *html = Some(String::new()),
            (Some((markdown, html)), line) => {
                let part = html.as_mut().unwrap_or(markdown);
                part.push_str(line);
                part.push('\n');
            }
            (None, _) => {}
        }
    }
    examples
}

/// What HTML means the same: `<br />` and `<br>`, quotes in text, blanks between tags.
fn normal(html: &str) -> String {
    let mut text = html
        .replace(" />", ">")
        .replace("&quot;", "\"")
        .replace("\r\n", "\n");
    for tag in ["li", "blockquote", "ul", "ol", "p", "div", "pre"] {
        text = text.replace(&format!("<{tag}>\n"), &format!("<{tag}>"));
        text = text.replace(&format!("\n</{tag}>"), &format!("</{tag}>"));
        text = text.replace(&format!("</{tag}>\n"), &format!("</{tag}>"));
        text = text.replace(&format!("\n<{tag}>"), &format!("<{tag}>"));
    }
    text.trim_end().to_string()
}

#[test]
fn all_examples_in_plain_mode() {
    let spec = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("target/tools/node_modules/commonmark-spec/spec.txt");
    let spec = std::fs::read_to_string(&spec)
        .unwrap_or_else(|error| panic!("{}: {error}; run scripts/tools.sh first", spec.display()));
    let examples = examples(&spec);
    assert_eq!(examples.len(), 652);
    let style = Style {
        lang: None,
        title: None,
        tickers: "",
        math: false,
        trusted: true,
        plain: true,
        turn: None,
        pictures: None,
        leads: false,
        colours: false,
        embeds: &[],
    };
    let failed: Vec<usize> = examples
        .iter()
        .filter(|example| normal(&html(&example.markdown, &style, &[])) != normal(&example.html))
        .map(|example| example.number)
        .collect();
    assert_eq!(failed, Vec::<usize>::new());
}

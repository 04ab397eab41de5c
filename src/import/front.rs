//! Front matter in writing, such that [`crate::facts::front_matter`] reads the same back.

use crate::base::date::Stamp;
use crate::facts::{Meta, Method, Summary};
use std::collections::BTreeMap;

/// The front matter of an article, with its two lines of `---`. Of the fields those that a dump
/// can have; a text loses the blanks around it, and an empty one is left out.
pub fn front_matter(meta: &Meta) -> String {
    let mut out = String::from("---\n");
    line(&mut out, "title", meta.title.as_deref());
    if let Some(date) = meta.date.filter(|date| date.year.is_some()) {
        out.push_str(&format!("date: {}\n", stamp(date)));
    }
    line(&mut out, "source", meta.source.as_deref());
    line(&mut out, "source_url", meta.source_url.as_deref());
    flow(&mut out, "authors", &meta.authors);
    flow(&mut out, "editors", &meta.editors);
    flow(&mut out, "tags", &meta.tags);
    flow(&mut out, "tickers", &meta.more.tickers);
    if let Some(summary) = &meta.summary {
        write_summary(&mut out, summary);
    }
    block(&mut out, "", "highlights", &meta.highlights);
    line(&mut out, "standfirst", meta.more.standfirst.as_deref());
    line(&mut out, "lang", meta.more.lang.as_deref());
    if let Some(extra) = &meta.more.extra {
        write_extra(&mut out, extra);
    }
    out.push_str("---\n");
    out
}

/// A date as front matter has it: `2026-11-24 08:30`.
pub fn stamp(date: Stamp) -> String {
    let year = date.year.unwrap_or_default();
    let mut text = format!("{year:04}-{:02}-{:02}", date.month, date.day);
    if let Some((hour, minute, second)) = date.time {
        text.push_str(&format!(" {hour:02}:{minute:02}"));
        if second != 0 {
            text.push_str(&format!(":{second:02}"));
        }
        // Only a time can have one.
        if let Some(offset) = date.offset {
            let sign = if offset < 0 { '-' } else { '+' };
            let minutes = offset.unsigned_abs();
            text.push_str(&format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60));
        }
    }
    text
}

fn line(out: &mut String, key: &str, text: Option<&str>) {
    if let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) {
        out.push_str(&format!("{key}: {}\n", scalar(text, false)));
    }
}

fn solid(texts: &[String]) -> Vec<&str> {
    let trimmed = texts.iter().map(|text| text.trim());
    trimmed.filter(|text| !text.is_empty()).collect()
}

/// `tags: [甲, 乙]`
fn flow(out: &mut String, key: &str, texts: &[String]) {
    let items: Vec<String> = solid(texts).iter().map(|text| scalar(text, true)).collect();
    if !items.is_empty() {
        out.push_str(&format!("{key}: [{}]\n", items.join(", ")));
    }
}

fn block(out: &mut String, indent: &str, key: &str, texts: &[String]) {
    let items = solid(texts);
    if !items.is_empty() {
        out.push_str(&format!("{indent}{key}:\n"));
    }
    for item in items {
        out.push_str(&format!("{indent}  - {}\n", scalar(item, false)));
    }
}

fn write_summary(out: &mut String, summary: &Summary) {
    let text = summary.text.trim();
    if text.is_empty() {
        return;
    }
    let method = match summary.method {
        Method::Human => "human",
        Method::Ai => "ai",
        Method::Extractive => "extractive",
    };
    let text = scalar(text, false);
    out.push_str(&format!("summary:\n  text: {text}\n  method: {method}\n"));
    line(out, "  model", summary.model.as_deref());
    line(out, "  reviewed_by", summary.reviewed_by.as_deref());
}

/// Lists of texts; a dump has nothing else there.
fn write_extra(out: &mut String, extra: &str) {
    let lists: Result<BTreeMap<String, Vec<String>>, _> = serde_json::from_str(extra);
    let lists = lists.unwrap_or_default();
    if !lists.is_empty() {
        out.push_str("extra:\n");
    }
    for (key, texts) in &lists {
        block(out, "  ", &scalar(key, true), texts);
    }
}

/// A text as YAML: bare where it can only mean itself, else in quotes.
fn scalar(text: &str, in_flow: bool) -> String {
    if is_plain(text, in_flow) {
        return text.to_string();
    }
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if is_unprintable(c) => out.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// What YAML does not allow as it is, takes for the end of a line, or no editor shows.
fn is_unprintable(c: char) -> bool {
    c.is_control()
        || matches!(
            c,
            '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}'
        )
}

/// Letters, Chinese and harmless marks; nothing that YAML reads as a number, a date or a word of
/// its own. Narrower than YAML's rule, on purpose.
fn is_plain(text: &str, in_flow: bool) -> bool {
    let words = [
        "true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf",
    ];
    let first = text.chars().next().unwrap_or(' ');
    let begins = first.is_ascii_alphabetic() || !first.is_ascii();
    let harmless = |c: char| match c {
        // A full-width comma without quotes is taken for a slip.
        ',' | '(' | ')' | '?' | '!' | '，' | '、' | '；' => !in_flow,
        ' ' | '-' | '.' | '/' | '+' | '_' | '%' | ';' => true,
        c if c.is_ascii() => c.is_ascii_alphanumeric(),
        c => !is_unprintable(c),
    };
    let address = text.starts_with("https://") && !in_flow;
    let harmless = |c: char| harmless(c) || address && ":/=&".contains(c);
    begins && text.chars().all(harmless) && !words.contains(&text.to_ascii_lowercase().as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse;
    use crate::base::diagnostic::Lines;
    use crate::base::seldom::Seldom;
    use crate::facts::Rare;
    use crate::facts::front_matter::read;
    use proptest::prelude::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(scalar(text, false), expect);
    }

    #[test]
    fn texts_are_bare_where_they_can_be() {
        check("潮汐电站并网后，夜间不停电", "潮汐电站并网后，夜间不停电");
        check("🌊 每天 12 小时", "🌊 每天 12 小时");
        check("C++ 与 R", "C++ 与 R");
        check("甲: 乙", "\"甲: 乙\"");
        check("甲 # 乙", "\"甲 # 乙\"");
        check("2026", "\"2026\"");
        check("No", "\"No\"");
        check("他说\"好\\坏\"", "\"他说\\\"好\\\\坏\\\"\"");
        check("- 甲", "\"- 甲\"");
        check("https://e.org/a?b=c", "https://e.org/a?b=c");
        check("甲\u{85}乙", "\"甲\\u0085乙\"");
    }

    #[test]
    fn dates_are_what_writers_type() {
        for text in [
            "2026-11-24",
            "2026-11-24 08:30",
            "2026-11-24 08:30:05",
            "2026-11-24 08:30+08:00",
            "2026-11-24 08:30:05-03:30",
        ] {
            assert_eq!(parse(text).map(stamp).as_deref(), Some(text));
        }
    }

    fn any() -> impl Strategy<Value = String> {
        prop_oneof![
            ".{0,30}",
            "[-?:,\\[\\]{}#&*!|>'\"%@`~ \\n\\t\\\\a1海=.+0-9e_]{0,20}",
            "(yes|no|null|~|true|1e3|0x1F|2026-11-24|---|\\.\\.\\.|- a|a: b|a #b|<<|=|\\.inf|12:30)",
            "[\\x00-\\x1f\\x7f-\\xa0\u{2028}\u{2029}\u{feff}\u{fffe}\u{ffff}海a ]{0,12}",
        ]
    }

    fn all() -> impl Strategy<Value = Vec<String>> {
        prop::collection::vec(any(), 0..4)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1_000))]

        #[test]
        fn what_is_written_is_read_back(
            (title, source, text, standfirst) in (any(), any(), any(), any()),
            (authors, editors, tags, highlights, templates) in (all(), all(), all(), all(), all()),
        ) {
            // Titles and names of sources are one line.
            let [title, source] = [title, source].map(|text| text.replace('\n', " "));
            let kept = |text: &str| Some(text.trim().to_string()).filter(|text| !text.is_empty());
            let kept_all = |texts: &[String]| texts.iter().filter_map(|text| kept(text)).collect::<Vec<_>>();
            let meta = Meta {
                title: Some(title.clone()),
                date: parse("2026-11-24 08:30+08:00"),
                source: Some(source.clone()),
                authors: authors.clone(),
                editors: editors.clone(),
                tags: tags.clone(),
                summary: Some(Box::new(Summary { text: text.clone(), method: Method::Ai, ..Summary::default() })),
                highlights: highlights.clone(),
                more: Seldom::new(Rare {
                    standfirst: Some(standfirst.clone()),
                    extra: Some(serde_json::json!({ "origin_templates": kept_all(&templates) }).to_string()),
                    ..Rare::default()
                }),
                ..Meta::default()
            };
            let file = format!("{}正文。\n", front_matter(&meta));
            let mut out = Vec::new();
            let got = read(&Lines::new("a.md", &file), &mut out);
            prop_assert!(out.is_empty(), "{out:?}\n{file}");
            prop_assert_eq!(got.title, kept(&title), "{}", file);
            prop_assert_eq!(got.date, meta.date);
            prop_assert_eq!(got.source, kept(&source), "{}", file);
            prop_assert_eq!(got.summary.map(|summary| summary.text), kept(&text), "{}", file);
            prop_assert_eq!(got.more.standfirst.clone(), kept(&standfirst), "{}", file);
            for (got, given) in [
                (got.authors, &authors),
                (got.editors, &editors),
                (got.tags, &tags),
                (got.highlights, &highlights),
            ] {
                prop_assert_eq!(got, kept_all(given), "{}", file);
            }
            let extra: serde_json::Value = serde_json::from_str(&got.more.extra.clone().unwrap_or_default()).unwrap_or_default();
            let got = extra.get("origin_templates").cloned().unwrap_or_else(|| serde_json::json!([]));
            prop_assert_eq!(got, serde_json::json!(kept_all(&templates)), "{}", file);
        }
    }
}

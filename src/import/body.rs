//! Paragraphs of plain text as Markdown that shows just that text.

/// The Markdown of a body.
pub fn markdown(paragraphs: &[String]) -> String {
    let blocks: Vec<String> = paragraphs.iter().map(|text| escaped(text)).collect();
    let mut text = blocks.join("\n\n");
    if !text.is_empty() {
        text.push('\n');
    }
    text
}

/// One paragraph on one line. What would mean something in Markdown has a backslash before it;
/// what stands alone and so means nothing, such as one `*`, has none.
fn escaped(text: &str) -> String {
    let marker = marker(text);
    let count = |c: char| text.bytes().filter(|byte| char::from(*byte) == c).count();
    let pairs = ['*', '_', '~', '`'].map(|c| (c, count(c) > 1));
    let mut out = String::with_capacity(text.len() + 8);
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        let special = match c {
            '*' | '~' | '`' => at == 0 || pairs.contains(&(c, true)),
            // Inside a word it is only itself.
            '_' => {
                let word = last.is_alphanumeric() && rest.starts_with(char::is_alphanumeric);
                !word && (at == 0 || pairs.contains(&(c, true)))
            }
            '[' | '<' => true,
            '\\' => rest.is_empty() || rest.starts_with(|c: char| c.is_ascii_punctuation()),
            '&' => is_entity(rest),
            _ => Some(at) == marker,
        };
        if special {
            out.push('\\');
        }
        // A paragraph is one line, whatever stood in it.
        out.push(if matches!(c, '\n' | '\r') { ' ' } else { c });
        last = c;
    }
    out
}

/// The mark at the start of a line that would make it a heading, a list, a quotation, a rule or a
/// definition.
fn marker(text: &str) -> Option<usize> {
    let first = text.chars().next()?;
    let blank = |rest: &str| rest.is_empty() || rest.starts_with(char::is_whitespace);
    let begins = match first {
        '>' | ':' | '=' | '|' => true,
        '#' => blank(text.trim_start_matches('#')),
        '+' => blank(&text[1..]),
        '-' => blank(&text[1..]) || text.chars().all(|c| c == '-' || c.is_whitespace()),
        _ => false,
    };
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let numbered = (1..=9).contains(&digits) && rest.starts_with(['.', ')']) && blank(&rest[1..]);
    match (begins, numbered) {
        (true, _) => Some(0),
        (_, true) => Some(digits),
        _ => None,
    }
}

/// Whether an ampersand before this begins an entity, such as `&amp;`.
fn is_entity(rest: &str) -> bool {
    let end = rest.bytes().take(40).position(|byte| byte == b';');
    let name = end.and_then(|end| rest.get(..end));
    name.is_some_and(|name| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Around, body, facts};
    use proptest::prelude::*;

    fn check(text: &str, expect: &str) {
        assert_eq!(escaped(text), expect, "{text}");
        let shown = shown("content/a/x.md", &format!("---\ntitle: t\n---\n{expect}\n"));
        assert_eq!(shown, text.trim(), "{text}");
    }

    /// The text that a page shows of a source.
    fn shown(path: &str, source: &str) -> String {
        let facts = facts(path, source.as_bytes());
        let around = Around {
            trusted: true,
            tickers: "/tickers/",
            ..Around::default()
        };
        let html = body(&facts, source.as_bytes(), &around);
        let mut text = String::new();
        for part in html.split('<') {
            text.push_str(part.split_once('>').map_or(part, |(_, text)| text));
        }
        let text = text.replace("&lt;", "<").replace("&gt;", ">");
        let text = text.replace("&quot;", "\"").replace("&amp;", "&");
        text.trim_end_matches('\n').to_string()
    }

    #[test]
    fn what_means_something_is_escaped() {
        check("# 甲", "\\# 甲");
        check("#甲# 乙", "#甲# 乙");
        check("- 甲", "\\- 甲");
        check("-3%", "-3%");
        check("---", "\\---");
        check("+3%", "+3%");
        check("3. 甲", "3\\. 甲");
        check("3.5 甲", "3.5 甲");
        check("> 甲", "\\> 甲");
        check("*甲*和**乙**", "\\*甲\\*和\\*\\*乙\\*\\*");
        check("甲*乙", "甲*乙");
        check("3~5天", "3~5天");
        check("~~甲~~", "\\~\\~甲\\~\\~");
        check("snake_case_name", "snake_case_name");
        check("_甲_", "\\_甲\\_");
        check("[甲](b.md) ![图](c.png)", "\\[甲](b.md) !\\[图](c.png)");
        check("[甲]: b.md", "\\[甲]: b.md");
        check("a <b>c</b> 3 < 4", "a \\<b>c\\</b> 3 \\< 4");
        check("R&D &amp; &#8230;", "R&D \\&amp; \\&#8230;");
        check("`甲`", "\\`甲\\`");
        check("```", "\\`\\`\\`");
        check("甲\\*乙\\", "甲\\\\*乙\\\\");
        check("|a|b|", "\\|a|b|");
        check(": 甲", "\\: 甲");
        check("$5 和 $甲$", "$5 和 $甲$");
        check("港口\t吞吐量  同比", "港口\t吞吐量  同比");
    }

    #[test]
    fn securities_stay_links() {
        let text = "买$海港_A*B* (HBR.HK)$，好";
        let source = format!("---\ntitle: t\n---\n{}\n", escaped(text));
        let facts = facts("content/a/x.md", source.as_bytes());
        assert_eq!(
            *facts.outline.tickers,
            [("海港_A*B*".to_string(), "HBR.HK".to_string())]
        );
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2_000))]

        #[test]
        fn the_page_shows_the_text(
            first in "[-+*_~`#>:=|!<&;\\[\\]()\\\\\"'$^{}/0-9a.b 海\\t，]{1,40}",
            // The last two are no characters: `base/text/emphasis.rs` drops them.
            second in "[^\\n\\r\\x00\u{FDD0}\u{FDD1}]{1,40}",
        ) {
            let blank = |c: char| c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}');
            let all: Vec<String> = [first, second]
                .iter()
                .map(|text| text.trim_matches(blank).replace(['\u{2028}', '\u{2029}'], ""))
                .map(|text| text.trim_matches(blank).to_string())
                .filter(|text| !text.is_empty())
                .collect();
            let source = format!("---\ntitle: 甲乙丙丁\n---\n{}", markdown(&all));
            let shown = shown("content/a/x.md", &source);
            // The link of a security shows its name and its code, without the marks around them.
            prop_assume!(!all.iter().any(|text| text.contains(")$")));
            prop_assert_eq!(shown, all.join("\n"), "{}", source);
        }
    }
}

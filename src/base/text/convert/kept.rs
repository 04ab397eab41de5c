//! What stays as it is inside a text that is converted: addresses and code between backticks.
//!
//! Latin letters and digits need no place here, since no dictionary changes them. What is found is
//! a part of a text that a dictionary could change and must not: `https://example.com/wiki/后`.

use std::ops::Range;

/// The parts of a text that stay, in order and apart from each other.
pub fn kept(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some(start) = next(text, at) {
        let end = match text[start..].starts_with('`') {
            true => code_end(text, start),
            false => address_end(text, start),
        };
        if end > start + 1 {
            found.push(start..end);
        }
        at = end.max(start + 1);
    }
    found
}

/// Where the next part may begin.
fn next(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let scheme = rest.find("://").map(|colon| {
        let letters = rest[..colon].bytes().rev();
        colon - letters.take_while(u8::is_ascii_alphanumeric).count()
    });
    let starts = [rest.find('`'), scheme, rest.find("www.")];
    starts.into_iter().flatten().min().map(|start| at + start)
}

/// The end of code, or its start where no second backtick follows.
fn code_end(text: &str, start: usize) -> usize {
    let close = text[start + 1..].find('`');
    close.map_or(start, |length| start + length + 2)
}

/// An address ends before white space and before a Chinese character or sign that follows a letter
/// or digit: in `https://a.cn/x后` it is the sentence that goes on. Behind a sign, as in
/// `https://a.cn/后`, Han characters belong to it.
fn address_end(text: &str, start: usize) -> usize {
    let mut open = false;
    for (at, c) in text[start..].char_indices() {
        match c {
            _ if c.is_ascii_alphanumeric() => open = false,
            '"' | '<' | '>' | '`' => return start + at,
            _ if c.is_ascii_graphic() => open = true,
            _ if open && c.is_alphanumeric() => {}
            _ => return start + at,
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[&str]) {
        let found: Vec<&str> = kept(text).into_iter().map(|part| &text[part]).collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn addresses_and_code_stay() {
        check("见https://a.cn/x后面", &["https://a.cn/x"]);
        check(
            "见 https://zh.example.org/wiki/后里?x=发展 后面",
            &["https://zh.example.org/wiki/后里?x=发展"],
        );
        check(
            "（www.a.cn/发）和http://b.cn。",
            &["www.a.cn/发", "http://b.cn"],
        );
        check("键`后里`和`发`里", &["`后里`", "`发`"]);
        check("一个`后", &[]);
        check("``", &["``"]);
        check("://后 www.", &["://后", "www."]);
        check("后里发展", &[]);
        check("", &[]);
    }

    proptest::proptest! {
        #[test]
        fn parts_are_in_order(text in "[后。 a/`:w.]{0,30}|\\PC{0,30}") {
            let mut end = 0;
            for part in kept(&text) {
                proptest::prop_assert!(part.start >= end && part.end > part.start);
                proptest::prop_assert!(text.get(part.clone()).is_some());
                end = part.end;
            }
        }
    }
}

//! Securities named in a text: `$海港航运 (HBR.HK)$`.
//!
//! A name, a blank or none, a code with its market in brackets of either width, all between two
//! dollar signs. A dollar sign alone starts nothing.

use std::borrow::Cow;

/// A security in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention<'a> {
    /// Where it starts, in bytes: at the first dollar sign.
    pub start: usize,
    /// Where it ends: after the second.
    pub end: usize,
    /// The name.
    pub name: &'a str,
    /// Code and market, such as `HBR.HK`.
    pub code: &'a str,
}

/// The longest name, in bytes.
const LONGEST: usize = 120;

/// The securities that a text names, in order.
pub fn mentions(text: &str) -> Vec<Mention<'_>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('$').map(|offset| at + offset) {
        match mention(text, start) {
            Some(mention) => {
                at = mention.end;
                found.push(mention);
            }
            None => at = start + 1,
        }
    }
    found
}

fn mention(text: &str, start: usize) -> Option<Mention<'_>> {
    let inside = &text[start + 1..];
    let close = inside.find('$').filter(|close| *close <= LONGEST)?;
    let body = inside[..close].strip_suffix([')', '）'])?;
    let open = body.rfind(['(', '（'])?;
    let (name, code) = body.split_at(open);
    let (name, code) = (name.trim(), code.trim_start_matches(['(', '（']).trim());
    let fine = !name.is_empty() && !name.contains(['\n', '<', '>']) && is_ticker(code);
    fine.then_some(Mention {
        start,
        end: start + close + 2,
        name,
        code,
    })
}

/// A text with the bare names of the securities in it: for cards, feeds and descriptions, where
/// no link may be.
pub fn named(text: &str) -> Cow<'_, str> {
    let found = mentions(text);
    let Some(last) = found.last() else {
        return Cow::Borrowed(text);
    };
    let (mut out, mut at) = (String::with_capacity(text.len()), 0);
    for mention in &found {
        out.push_str(&text[at..mention.start]);
        out.push_str(mention.name);
        at = mention.end;
    }
    out.push_str(&text[last.end..]);
    Cow::Owned(out)
}

/// Whether a text is a security's code with its market.
pub fn is_ticker(text: &str) -> bool {
    let Some((code, market)) = text.rsplit_once('.') else {
        return false;
    };
    let fits = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || matches!(c, '.' | '-');
    (1..=12).contains(&code.len())
        && code.chars().all(fits)
        && (1..=4).contains(&market.len())
        && market.chars().all(|c| c.is_ascii_uppercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: &[(&str, &str)]) {
        let found: Vec<_> = mentions(text)
            .iter()
            .map(|found| (found.name, found.code))
            .collect();
        assert_eq!(found, expect, "{text}");
    }

    #[test]
    fn names_and_codes() {
        check("甲$海港航运 (HBR.HK)$乙", &[("海港航运", "HBR.HK")]);
        check("$海港-W（09988.HK）$", &[("海港-W", "09988.HK")]);
        check(
            "$A (A.US)$和$B(BRK.B.US)$",
            &[("A", "A.US"), ("B", "BRK.B.US")],
        );
        check("花了$5，找回$3", &[]);
        check("$5 (半价)$海港 (HBR.HK)$", &[("海港", "HBR.HK")]);
        check("$(HBR.HK)$ $海港 (hbr.hk)$ $海港 (HBR)$ $", &[]);
        check("$海\n港 (HBR.HK)$", &[]);
    }

    #[test]
    fn names_alone_where_no_link_may_be() {
        assert_eq!(
            named("甲$海港航运 (HBR.HK)$乙$A (A.US)$，$5"),
            "甲海港航运乙A，$5"
        );
        assert_eq!(named("没有"), "没有");
    }

    proptest::proptest! {
        #[test]
        fn places_are_right(text in "[$()（）A-Z.海港 \\n]{0,60}") {
            for found in mentions(&text) {
                let whole = &text[found.start..found.end];
                proptest::prop_assert!(whole.starts_with('$') && whole.ends_with('$'));
                proptest::prop_assert!(whole.contains(found.code));
            }
        }
    }
}

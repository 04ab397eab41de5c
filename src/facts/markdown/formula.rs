//! Formulas as MathML.

use super::escaped;
use pulldown_latex::config::DisplayMode;
use pulldown_latex::event::{Content, Event as Part};

/// How many bytes a formula may have, and how many of its groups may stand inside each other: the
/// parser reads each group again for each that it is in.
const LONGEST: usize = 10_000;
const DEEPEST: usize = 100;

/// A formula as MathML; one that can't be read, or is endless, stands as it was written.
pub fn mathml(formula: &str, display_mode: DisplayMode) -> String {
    if formula.len() > LONGEST || depth(formula) > DEEPEST {
        return format!("<code>{}</code>", escaped(formula));
    }
    let storage = pulldown_latex::Storage::new();
    let parser = pulldown_latex::Parser::new(formula, &storage);
    let config = pulldown_latex::RenderConfig {
        display_mode,
        ..Default::default()
    };
    let mut html = String::new();
    let Ok(mut parts) = parser.collect::<Result<Vec<_>, _>>() else {
        return format!("<code>{}</code>", escaped(formula));
    };
    // The renderer prints the names of operators as they are.
    let names: Vec<Option<String>> = parts.iter().map(operator).collect();
    for (part, name) in parts.iter_mut().zip(&names) {
        if let Some(name) = name {
            *part = Part::Content(Content::Function(name));
        }
    }
    let whole = parts.into_iter().map(Ok::<_, std::convert::Infallible>);
    match pulldown_latex::push_mathml(&mut html, whole, config) {
        Ok(()) => clean(&html),
        Err(_) => format!("<code>{}</code>", escaped(formula)),
    }
}

/// How many groups stand inside each other, at most.
fn depth(formula: &str) -> usize {
    let (mut depth, mut most) = (0_usize, 0);
    for (at, byte) in formula.bytes().enumerate() {
        let starts = |word: &str| formula.as_bytes()[at..].starts_with(word.as_bytes());
        match byte {
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'\\' if starts("\\begin") || starts("\\left") => depth += 1,
            b'\\' if starts("\\end") || starts("\\right") => depth = depth.saturating_sub(1),
            _ => {}
        }
        most = most.max(depth);
    }
    most
}

/// The name of an operator, safe in an element.
fn operator(part: &Part) -> Option<String> {
    match part {
        Part::Content(Content::Function(name)) => Some(escaped(name)),
        _ => None,
    }
}

/// The renderer leaves `<` bare inside operators, and writes colours as inline styles.
fn clean(mathml: &str) -> String {
    let whole = mathml.replace("><</", ">&lt;</");
    let mut out = String::with_capacity(whole.len());
    let mut rest = whole.as_str();
    while let Some((before, value)) = rest.split_once(" style=\"") {
        out.push_str(before);
        rest = value.split_once('"').map_or("", |(_, after)| after);
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endless_formulas_stay_text() {
        let of = |formula: &str| mathml(formula, DisplayMode::Inline);
        let nested = |count: usize| format!("{}x{}", "\\sqrt{".repeat(count), "}".repeat(count));
        assert!(of(&nested(99)).starts_with("<math"));
        assert!(of(&nested(101)).starts_with("<code>\\sqrt{"));
        let long = "x+".repeat(10_000);
        for endless in [&nested(15_000), &"\\sqrt{".repeat(15_000), &long] {
            assert_eq!(of(endless), format!("<code>{endless}</code>"));
        }
    }

    #[test]
    fn styles_are_taken_out_in_one_walk() {
        assert_eq!(clean("<mi style=\"a\">x</mi style=\"b"), "<mi>x</mi");
        let many = "<mi style=\"a\">x</mi>".repeat(100_000);
        assert_eq!(clean(&many), "<mi>x</mi>".repeat(100_000));
    }
}

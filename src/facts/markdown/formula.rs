//! Formulas as MathML.

use super::escaped;
use pulldown_latex::config::DisplayMode;
use pulldown_latex::event::{Content, Event as Part};

/// A formula as MathML; one that can't be read stands as it was written.
pub fn mathml(formula: &str, display_mode: DisplayMode) -> String {
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

/// The name of an operator, safe in an element.
fn operator(part: &Part) -> Option<String> {
    match part {
        Part::Content(Content::Function(name)) => Some(escaped(name)),
        _ => None,
    }
}

/// The renderer leaves `<` bare inside operators, and writes colours as inline styles.
fn clean(mathml: &str) -> String {
    let mut out = mathml.replace("><</", ">&lt;</");
    while let Some(start) = out.find(" style=\"") {
        let value = start + " style=\"".len();
        let end = out[value..]
            .find('"')
            .map_or(out.len(), |end| value + end + 1);
        out.replace_range(start..end, "");
    }
    out
}

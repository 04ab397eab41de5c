//! data/glossary.yaml: how a site turns its own words between scripts.

use crate::base::diagnostic::{Code, Diagnostic, Lines};
use crate::base::text::convert::Glossary;
use crate::base::yaml::{self, Complaints};

/// The file.
pub const GLOSSARY: &str = "data/glossary.yaml";

/// Reads the file.
pub fn read(lines: &Lines, out: &mut Complaints) -> Glossary {
    let mut keys = yaml::document(lines, out);
    let mut glossary = Glossary {
        pairs: Vec::new(),
        protected: keys.texts("protected", out),
    };
    if let Some(mut terms) = keys.mapping("terms", "{软件: 軟體}", out) {
        let places: Vec<_> = terms.keys();
        for (simplified, traditional) in terms.whole(out) {
            match traditional.as_str().map(str::trim) {
                Some(text) if !text.is_empty() => {
                    glossary.pairs.push((simplified, text.to_string()));
                }
                _ => {
                    let message = format!("`{simplified}` has no Traditional form");
                    let place = places.iter().find(|key| key.text == simplified);
                    let diagnostic =
                        Diagnostic::new(Code::BadValue, message).help("write `软件: 軟體`");
                    out.push(Diagnostic {
                        place: place.map(|key| key.place.clone()),
                        ..diagnostic
                    });
                }
            }
        }
    }
    keys.finish(out);
    glossary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_and_names_are_read() {
        let text = "terms:\n  软件: 軟體\n  坏: {}\nprotected: [李松仁]\n";
        let mut out = Vec::new();
        let glossary = read(&Lines::new(GLOSSARY, text), &mut out);
        assert_eq!(glossary.pairs, [("软件".to_string(), "軟體".to_string())]);
        assert_eq!(glossary.protected, ["李松仁"]);
        assert_eq!(out.len(), 1);
        assert_eq!(out[0].place.as_ref().map(|place| place.line), Some(3));
    }
}

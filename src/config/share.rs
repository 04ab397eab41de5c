//! `share` and `social_cards`: what articles show where they are passed on.

use super::complain;
use crate::base::yaml::{Complaints, Mapping};

/// Pictures that are made of titles, for articles without a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocialCards {
    /// The font that titles are set in: a file below `data/`, which is not published.
    pub font: String,
}

/// Reads `share`: whether articles show their address as a QR code.
pub fn qr(keys: &mut Mapping, out: &mut Complaints) -> bool {
    let Some(mut inner) = keys.mapping("share", "{qr: true}", out) else {
        return false;
    };
    let qr = inner.boolean("qr", out).unwrap_or(false);
    inner.finish(out);
    qr
}

/// Reads `social_cards`.
pub fn social_cards(keys: &mut Mapping, out: &mut Complaints) -> Option<SocialCards> {
    const HELP: &str = "write `social_cards: {font: data/NAME.otf}`";
    let mut inner = keys.mapping("social_cards", "{font: data/NAME.otf}", out)?;
    let font = inner.text("font", out);
    let lacks = inner.lacks("font");
    inner.finish(out);
    if lacks {
        let message = "`social_cards` needs a `font`".to_string();
        out.push(complain(keys, "social_cards", message, HELP));
    }
    let font = font?;
    if font.starts_with("data/") && !font.contains("..") {
        return Some(SocialCards { font });
    }
    let message = format!("`font` is no file below `data/`: `{font}`");
    out.push(complain(keys, "social_cards", message, HELP));
    None
}

#[cfg(test)]
mod tests {
    use crate::base::diagnostic::Lines;
    use crate::config::read;

    #[test]
    fn a_font_is_a_file_of_the_site() {
        let check = |yaml: &str, font: Option<&str>, expect: usize| {
            let mut said = Vec::new();
            let config = read(&Lines::new("masthead.yaml", yaml), &mut said);
            let found = config.social_cards.map(|cards| cards.font);
            assert_eq!((found.as_deref(), said.len()), (font, expect), "{yaml}");
        };
        check("title: 港\n", None, 0);
        let path = "data/fonts/a.otf";
        check("social_cards: {font: data/fonts/a.otf}\n", Some(path), 0);
        check("social_cards: {font: /usr/share/a.otf}\n", None, 1);
        check("social_cards: {font: a.otf}\n", None, 1);
        check("social_cards: {}\n", None, 1);
        check(
            "social_cards: {font: data/a.otf, size: 3}\n",
            Some("data/a.otf"),
            1,
        );
    }

    #[test]
    fn codes_are_by_choice() {
        let check = |yaml: &str, expect: bool| {
            let config = read(&Lines::new("masthead.yaml", yaml), &mut Vec::new());
            assert_eq!(config.qr, expect, "{yaml}");
        };
        check("title: 港\n", false);
        check("share: {qr: true}\n", true);
        check("share: {qr: false}\n", false);
    }
}

//! A font file of the site: which face of it suits a language, and which characters it has. Draws
//! nothing.

use crate::base::fingerprint::{Fingerprint, of_bytes};
use crate::base::text::emoji::is_pictographic;
use skrifa::string::StringId;
use skrifa::{FontRef, MetadataProvider};

/// Unicode has so many code points.
const CODE_POINTS: usize = 0x11_0000;

/// A font that can be drawn from.
#[derive(Debug, Clone)]
pub struct Font {
    /// Path of its file in the site.
    pub path: String,
    /// The hash of its bytes.
    pub digest: Fingerprint,
    /// A bit for each character that it has, by code point.
    known: Vec<u64>,
}

impl Font {
    /// Reads a font file, or says why it is none. Of a collection all faces have to be readable;
    /// which characters there are, the first says.
    ///
    /// # Errors
    /// Bytes that are no OpenType or TrueType font with outlines.
    pub fn read(path: &str, bytes: &[u8]) -> Result<Font, String> {
        if bytes.starts_with(b"wOF") {
            return Err("it is a web font; take the .otf or .ttf of it".to_string());
        }
        let mut known = vec![0u64; CODE_POINTS / 64];
        let mut faces = FontRef::fonts(bytes);
        let first = faces.next().ok_or("it is no OpenType or TrueType font")?;
        let first = first.map_err(|error| error.to_string())?;
        if first.outline_glyphs().format().is_none() {
            return Err("it has no outlines".to_string());
        }
        for (code, glyph) in first.charmap().mappings() {
            if let (true, Some(word)) = (glyph.to_u32() != 0, known.get_mut(code as usize / 64)) {
                *word |= 1 << (code % 64);
            }
        }
        if let Some(Err(error)) = faces.find(Result::is_err) {
            return Err(error.to_string());
        }
        Ok(Font {
            path: path.to_string(),
            digest: of_bytes(bytes),
            known,
        })
    }

    /// The characters of a text that it lacks, each once. Emoji and what has no shape don't count:
    /// a card leaves them out.
    pub fn lacks(&self, text: &str) -> Vec<char> {
        let mut lacking: Vec<char> = Vec::new();
        for c in text.chars().filter(|c| is_drawn(*c)) {
            let code = c as usize;
            let has = self.known[code / 64] & (1 << (code % 64)) != 0;
            if !has && !lacking.contains(&c) {
                lacking.push(c);
            }
        }
        lacking
    }
}

fn is_drawn(c: char) -> bool {
    let shapeless = c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{2060}'..='\u{2064}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}');
    !shapeless && !is_pictographic(c) && c < '\u{1F000}'
}

/// The face of a file that is drawn for readers of a language: of a collection of Chinese fonts the
/// one whose name ends in `SC`, `TC` or `HK`, else the first.
pub fn face<'a>(bytes: &'a [u8], language: &str) -> Option<FontRef<'a>> {
    let wanted = match language {
        "zh-Hant-HK" | "zh-Hant-MO" => "HK",
        _ if language.starts_with("zh-Hant") => "TC",
        _ if language.starts_with("zh") => "SC",
        _ if language.starts_with("ja") => "JP",
        _ if language.starts_with("ko") => "KR",
        _ => "",
    };
    let faces = FontRef::fonts(bytes).filter_map(Result::ok);
    let is_wanted = |face: &FontRef| {
        let names = face.localized_strings(StringId::FAMILY_NAME);
        let name: String = names
            .english_or_first()
            .map(|name| name.chars().collect())
            .unwrap_or_default();
        name.split(' ').any(|word| word == wanted)
    };
    faces
        .clone()
        .find(is_wanted)
        .or_else(|| faces.clone().next())
}

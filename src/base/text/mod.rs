//! Chinese and other text: its bytes, its script, its punctuation, and what it counts.

pub mod convert;
pub mod count;
pub mod emoji;
pub mod emphasis;
pub mod encoding;
pub mod extract;
pub mod fold;
pub mod keywords;
pub mod lines;
pub mod order;
pub mod pinyin;
pub mod punctuation;
pub mod script;
pub mod sentences;
pub mod sketch;
pub mod strokes;
pub mod terms;
pub mod ticker;

use super::diagnostic::{Code, Diagnostic};

/// The text of a file of the site's own, such as its configuration: UTF-8, a byte order mark dropped.
///
/// # Errors
/// What the bytes are instead, and where.
pub fn decoded<'a>(path: &str, bytes: &'a [u8]) -> Result<&'a str, Diagnostic> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    std::str::from_utf8(bytes).map_err(|error| {
        let before = &bytes[..error.valid_up_to()];
        let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
        let byte = bytes[error.valid_up_to()];
        let message = format!(
            "this file is not UTF-8: byte {byte:#04x} at offset {}, line {line}",
            before.len()
        );
        Diagnostic::new(Code::Encoding, message)
            .in_file(path)
            .help("save it as UTF-8")
    })
}

/// Drops the characters that neither XML 1.0 nor HTML allows: controls but tab and the ends of
/// lines, and U+FFFE and U+FFFF. One of them, and no reader opens a feed.
pub fn drop_forbidden(text: &mut Vec<u8>) {
    let Some(mut at) = first_forbidden(text) else {
        return;
    };
    let mut kept = at;
    while at < text.len() {
        let width = forbidden(&text[at..]);
        if width == 0 {
            text[kept] = text[at];
            kept += 1;
        }
        at += width.max(1);
    }
    text.truncate(kept);
}

/// Where the first forbidden character is. Most texts have none, so blocks are looked through
/// first for bytes that one may begin with, in a way that compilers make vector code of.
fn first_forbidden(text: &[u8]) -> Option<usize> {
    const BLOCK: usize = 128;
    let next = text.get(1..).unwrap_or_default();
    let followers = next.chunks(BLOCK).chain(std::iter::repeat(&[][..]));
    for (number, (block, next)) in text.chunks(BLOCK).zip(followers).enumerate() {
        let begins = |byte: u8| {
            let control = (byte < 0x20) & (byte != b'\n') & (byte != b'\t') & (byte != b'\r');
            control | (byte == 0x7F) | (byte == 0xC2)
        };
        let simple = block.iter().fold(false, |any, byte| any | begins(*byte));
        let pairs = block.iter().zip(next);
        let pair = pairs.fold(false, |any, (a, b)| any | ((*a == 0xEF) & (*b == 0xBF)));
        if simple | pair {
            let start = number * BLOCK;
            let found = (start..start + block.len()).find(|at| forbidden(&text[*at..]) > 0);
            if found.is_some() {
                return found;
            }
        }
    }
    None
}

/// How many bytes a forbidden character at the start of a text takes; 0 where there is none.
fn forbidden(text: &[u8]) -> usize {
    match text {
        [0..=0x08 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F, ..] => 1,
        [0xC2, 0x80..=0x9F, ..] => 2,
        [0xEF, 0xBF, 0xBE | 0xBF, ..] => 3,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::drop_forbidden;

    proptest::proptest! {
        #[test]
        fn blocks_hide_nothing(text in ".{0,300}", at in 0usize..300, which in 0usize..4) {
            let bad = ["\u{1}", "\u{7F}", "\u{85}", "\u{FFFE}"][which];
            let mut text: String = text;
            let at = text.char_indices().map(|(at, _)| at).nth(at).unwrap_or(text.len());
            text.insert_str(at, bad);
            let keeps = |c: &char| {
                !matches!(*c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}'
                    | '\u{7F}'..='\u{9F}' | '\u{FFFE}' | '\u{FFFF}')
            };
            let want: String = text.chars().filter(keeps).collect();
            let mut bytes = text.into_bytes();
            drop_forbidden(&mut bytes);
            proptest::prop_assert_eq!(String::from_utf8(bytes).ok(), Some(want));
        }
    }

    #[test]
    fn no_text_holds_what_xml_forbids() {
        let check = |text: &str, expect: &str| {
            let mut bytes = text.as_bytes().to_vec();
            drop_forbidden(&mut bytes);
            assert_eq!(String::from_utf8_lossy(&bytes), expect, "{text:?}");
        };
        check("海港\t新闻\r\n", "海港\t新闻\r\n");
        check("\0海\u{8}\u{c}港\u{1b}\u{7f}", "海港");
        check("海\u{85}\u{9f}\u{fffe}港\u{ffff}", "海港");
        check(
            "\u{a0}\u{3000}\u{fffd}\u{10ffff}",
            "\u{a0}\u{3000}\u{fffd}\u{10ffff}",
        );
        check("", "");
    }
}

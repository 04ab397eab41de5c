//! Slugs: the part of a URL that names a thing.
//!
//! A slug is the name itself, in NFC and lower case, with what a path or a URL gives a meaning
//! of its own made into `-`. It is never empty, never `.` or `..`, and at most 200 bytes, since
//! file systems take 255.

use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;

/// The longest slug, in bytes.
const LONGEST: usize = 200;

/// The slug of a name.
pub fn slug(name: &str) -> String {
    let name = name.trim();
    let is_own = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if (1..=LONGEST).contains(&name.len()) && name.bytes().all(is_own) {
        return name.to_string();
    }
    let mut out = String::with_capacity(name.len());
    let mut add = |c: char| {
        let kept = if is_reserved(c) { '-' } else { c };
        if kept != '-' || !out.ends_with('-') {
            out.push(kept);
        }
    };
    if name.chars().all(is_simple) {
        name.chars().for_each(|c| add(c.to_ascii_lowercase()));
    } else {
        name.nfc().flat_map(char::to_lowercase).for_each(add);
    }
    let mut trimmed = out.trim_matches(|c| c == '-' || c == '.');
    while trimmed.len() > LONGEST {
        let last = trimmed.char_indices().next_back().map_or(0, |(at, _)| at);
        trimmed = trimmed[..last].trim_end_matches('-');
    }
    match trimmed.len() {
        0 => "-".to_string(),
        whole if whole == out.len() => out,
        _ => trimmed.to_string(),
    }
}

/// A number in four characters that are not mistaken for one another: its lowest 20 bits.
pub fn code(number: u32) -> String {
    const SIGNS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let sign = |place: u32| SIGNS[(number >> (place * 5)) as usize & 31] as char;
    (0..4).rev().map(sign).collect()
}

/// Whether a character is its own NFC form whatever stands beside it, and has no other case than
/// that of ASCII.
fn is_simple(c: char) -> bool {
    c.is_ascii()
        || matches!(
            c,
            '\u{4E00}'..='\u{9FFF}' | '，' | '：' | '？' | '！' | '“' | '”'
        )
}

fn is_reserved(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(
            c,
            '/' | '\\' | '?' | '#' | '%' | ':' | '*' | '"' | '<' | '>' | '|'
        )
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}')
}

/// Whether a text can name a template variant.
pub fn is_name(text: &str) -> bool {
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    !text.is_empty() && text.chars().all(fits)
}

/// Bytes that stand for themselves in a path.
const UNRESERVED: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0;
    while byte < 128 {
        table[byte] = (byte as u8).is_ascii_alphanumeric();
        byte += 1;
    }
    let signs = b"-._~/!$&'()*+,;=:@";
    let mut at = 0;
    while at < signs.len() {
        table[signs[at] as usize] = true;
        at += 1;
    }
    table
};

/// A path or URL with all but unreserved ASCII and `/` written as `%XX`.
pub fn percent_encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    push_encoded(&mut out, path);
    out
}

/// Adds a path or URL in this form.
pub fn push_encoded(out: &mut String, path: &str) {
    let is_plain = |byte: &u8| UNRESERVED[usize::from(*byte)];
    let plain = path.bytes().position(|byte| !is_plain(&byte));
    let (plain, rest) = path.split_at(plain.unwrap_or(path.len()));
    out.push_str(plain);
    if rest.is_empty() {
        return;
    }
    let escaped = rest.bytes().filter(|byte| !is_plain(byte)).count();
    out.reserve(rest.len() + 2 * escaped);
    for byte in rest.bytes() {
        if is_plain(&byte) {
            out.push(byte as char);
        } else {
            push_escape(out, byte);
        }
    }
}

/// A text as a part of a URL's query: all but unreserved characters (RFC 3986, 2.3) as `%XX`.
pub fn query_encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 3);
    for byte in text.bytes() {
        match byte {
            b'-' | b'.' | b'_' | b'~' => out.push(byte as char),
            _ if byte.is_ascii_alphanumeric() => out.push(byte as char),
            _ => push_escape(&mut out, byte),
        }
    }
    out
}

fn push_escape(out: &mut String, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    out.push('%');
    out.push(HEX[usize::from(byte >> 4)] as char);
    out.push(HEX[usize::from(byte & 15)] as char);
}

/// The text behind `%XX` escapes; `None` where the bytes are not UTF-8. A lone `%` stays.
pub fn percent_decoded(path: &str) -> Option<Cow<'_, str>> {
    let bytes = path.as_bytes();
    if memchr::memchr(b'%', bytes).is_none() {
        return Some(Cow::Borrowed(path));
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = (bytes[at] == b'%')
            .then(|| path.get(at + 1..at + 3))
            .flatten();
        match pair.and_then(|hex| u8::from_str_radix(hex, 16).ok()) {
            Some(byte) => {
                out.push(byte);
                at += 3;
            }
            None => {
                out.push(bytes[at]);
                at += 1;
            }
        }
    }
    String::from_utf8(out).ok().map(Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn check(name: &str, expect: &str) {
        assert_eq!(slug(name), expect, "{name:?}");
    }

    #[test]
    fn names_become_slugs() {
        check("阿里巴巴", "阿里巴巴");
        check("Qwen模型", "qwen模型");
        check("  Apple  Intelligence ", "apple-intelligence");
        check(" ai_4 ", "ai_4");
        check("C++", "c++");
        check("../../etc/passwd", "etc-passwd");
        check("50% 折扣?", "50-折扣");
        check("cafe\u{301}", "café");
        check("", "-");
        check("…", "…");
        check("..", "-");
    }

    #[test]
    fn simple_characters_are_what_they_are_taken_for() {
        for c in ('\0'..=char::MAX).filter(|c| is_simple(*c)) {
            assert!(std::iter::once(c).nfc().eq([c]), "{c:?}");
            assert!(c.to_lowercase().eq([c.to_ascii_lowercase()]), "{c:?}");
        }
    }

    #[test]
    fn a_query_has_no_sign_of_its_own_kind() {
        let title = "AT&T 与 C++ = a;b'c #1?";
        let encoded = query_encoded(title);
        assert_eq!(
            encoded,
            "AT%26T%20%E4%B8%8E%20C%2B%2B%20%3D%20a%3Bb%27c%20%231%3F"
        );
        assert_eq!(percent_decoded(&encoded).as_deref(), Some(title));
        assert_eq!(query_encoded("Az09-._~"), "Az09-._~");
    }

    proptest! {
        #[test]
        fn slugs_are_safe_and_stable(name in ".{0,300}") {
            let once = slug(&name);
            prop_assert!(!once.is_empty() && once.len() <= LONGEST && once != ".." && once != ".");
            prop_assert!(!once.contains(['/', '\\', '\0', '?', '#', '%']));
        }

        #[test]
        fn percent_encoding_round_trips(path in ".{0,60}") {
            let encoded = percent_encoded(&path);
            let decoded = percent_decoded(&encoded);
            prop_assert_eq!(decoded.as_deref(), Some(path.as_str()));
        }
    }
}

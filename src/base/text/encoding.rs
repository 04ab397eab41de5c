//! The bytes of an article's source as text, whatever editor saved them.
//!
//! UTF-8 and UTF-16 with a byte order mark are what they say. Else the encoding is told from the
//! bytes: GB 18030 (and so GBK and GB 2312), Big5, the Japanese and Korean ones, windows-1252.
//! What is UTF-8 but for a few bytes is not guessed at: it is damaged, and an error says where.
//! Line ends may be of any kind; in the text they are `\n` or `\r\n`, so lines count the same.

use crate::base::diagnostic::{Code, Diagnostic, Severity};
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, EUC_JP, EUC_KR, SHIFT_JIS, WINDOWS_1252};
use encoding_rs::{DecoderResult, Encoding, GB18030, GBK, UTF_8, UTF_16BE, UTF_16LE};
use memchr::{memchr, memchr_iter};
use std::borrow::Cow;

/// A source's text, and what is to be said of how it was read.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The text, without byte order mark and NUL bytes.
    pub text: Cow<'a, str>,
    /// Which encoding was taken, where it is not UTF-8; how many NUL bytes are left out.
    pub said: Vec<Diagnostic>,
}

/// Reads a source's bytes.
///
/// # Errors
/// The first byte that is no text, with offset and line.
pub fn decode<'a>(path: &str, bytes: &'a [u8]) -> Result<Decoded<'a>, Diagnostic> {
    let (encoding, mark) = Encoding::for_bom(bytes).unwrap_or((UTF_8, 0));
    let body = &bytes[mark..];
    let text = match simdutf8::compat::from_utf8(body) {
        _ if encoding != UTF_8 => Cow::Owned(strict(path, bytes, mark, encoding)?),
        Ok(text) => Cow::Borrowed(text),
        Err(error) if mark > 0 || is_damaged(body) => {
            return Err(broken(path, bytes, mark + error.valid_up_to(), "UTF-8"));
        }
        Err(error) => {
            let at = mark + error.valid_up_to();
            let guess = guess(body).ok_or_else(|| broken(path, bytes, at, "UTF-8"))?;
            return Ok(Decoded {
                text: plain_lines(Cow::Owned(strict(path, bytes, 0, guess)?)),
                said: vec![told(path, guess, "what its bytes look like")],
            });
        }
    };
    let mut said = Vec::new();
    if encoding != UTF_8 {
        said.push(told(path, encoding, "what its byte order mark says"));
    }
    let text = without_nul(path, text, &mut said)?;
    Ok(Decoded {
        text: plain_lines(text),
        said,
    })
}

fn told(path: &str, encoding: &Encoding, reason: &str) -> Diagnostic {
    let name = shown(encoding);
    let message = format!("this file is read as {name}: that is {reason}");
    let mut diagnostic = Diagnostic::new(Code::Encoding, message);
    diagnostic.severity = Severity::Note;
    diagnostic.in_file(path).help("save it as UTF-8")
}

fn shown(encoding: &Encoding) -> &'static str {
    let names = [
        (GB18030, "GB 18030"),
        (BIG5, "Big5"),
        (UTF_16LE, "UTF-16"),
        (UTF_16BE, "UTF-16"),
        (SHIFT_JIS, "Shift JIS"),
        (EUC_JP, "EUC-JP"),
        (EUC_KR, "EUC-KR"),
        (WINDOWS_1252, "Windows-1252"),
    ];
    let found = names.iter().find(|(known, _)| *known == encoding);
    found.map_or("another encoding", |(_, name)| name)
}

fn broken(path: &str, bytes: &[u8], at: usize, name: &str) -> Diagnostic {
    let line = bytes[..at].iter().filter(|byte| **byte == b'\n').count() + 1;
    let what = match bytes.get(at) {
        Some(byte) => format!("byte {byte:#04x} at offset {at}, line {line}"),
        None => format!("it ends within a character, at offset {at}, line {line}"),
    };
    Diagnostic::new(Code::Encoding, format!("this file is not {name}: {what}"))
        .in_file(path)
        .help("save it as UTF-8")
}

/// Whether bytes are UTF-8 with some damage: more characters of several bytes are whole than not.
/// In text of another encoding hardly one in a dozen looks whole by chance.
fn is_damaged(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 2 * broken
}

/// The encoding that bytes look like, if it is one that articles come in.
fn guess(bytes: &[u8]) -> Option<&'static Encoding> {
    if bytes.contains(&0) {
        return None;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    // As if more followed: a text that was cut within a character is named as that.
    detector.feed(bytes, false);
    let guess = detector.guess(None, Utf8Detection::Deny);
    let east = [BIG5, SHIFT_JIS, EUC_JP, EUC_KR];
    let high = bytes.iter().filter(|byte| !byte.is_ascii()).count();
    match guess {
        _ if guess == GBK || guess == GB18030 => Some(GB18030),
        _ if east.contains(&guess) => Some(guess),
        // Western text has quotes and accents here and there. Anything else falls back to this
        // encoding too, so there must be few.
        _ if guess == WINDOWS_1252 && high * 20 <= bytes.len() => Some(guess),
        // A few characters are too little to tell; here they are most likely Chinese.
        _ if high < 16 && decoded(bytes, GB18030).is_ok() => Some(GB18030),
        _ => None,
    }
}

/// Decodes without putting anything in the place of what is not text.
fn strict(
    path: &str,
    bytes: &[u8],
    start: usize,
    encoding: &'static Encoding,
) -> Result<String, Diagnostic> {
    decoded(&bytes[start..], encoding)
        .map_err(|at| broken(path, bytes, start + at, shown(encoding)))
}

/// The text, or the offset of the first bytes that are none.
fn decoded(bytes: &[u8], encoding: &'static Encoding) -> Result<String, usize> {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let size = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
    let mut text = String::with_capacity(size.unwrap_or(bytes.len()));
    let (result, read) = decoder.decode_to_string_without_replacement(bytes, &mut text, true);
    match result {
        DecoderResult::InputEmpty => Ok(text),
        DecoderResult::OutputFull => Err(read),
        DecoderResult::Malformed(length, after) => Err(read
            .saturating_sub(usize::from(length) + usize::from(after))
            .min(bytes.len())),
    }
}

/// A NUL byte is nothing that a writer sees or could mend, so a few are left out with a warning;
/// from one in a hundred characters on the file is no text.
fn without_nul<'a>(
    path: &str,
    text: Cow<'a, str>,
    said: &mut Vec<Diagnostic>,
) -> Result<Cow<'a, str>, Diagnostic> {
    let Some(first) = memchr(0, text.as_bytes()) else {
        return Ok(text);
    };
    let count = text.bytes().filter(|byte| *byte == 0).count();
    let line = text[..first].bytes().filter(|byte| *byte == b'\n').count() + 1;
    let place = format!("the first at offset {first}, line {line}");
    if count * 100 > text.len() {
        let message = format!("this is no text: it holds {count} NUL bytes, {place}");
        return Err(Diagnostic::new(Code::Encoding, message)
            .in_file(path)
            .help("save it as text in UTF-8, or give it another ending"));
    }
    let bytes = if count == 1 {
        "a NUL byte is"
    } else {
        "NUL bytes are"
    };
    let message = format!("{count} {bytes} left out, {place}").replacen("1 a", "a", 1);
    let mut warning = Diagnostic::new(Code::Encoding, message);
    warning.severity = Severity::Warning;
    said.push(warning.in_file(path).help("save it anew"));
    Ok(Cow::Owned(text.replace('\0', "")))
}

/// Carriage returns alone, as old programs write them, become line feeds.
fn plain_lines(text: Cow<'_, str>) -> Cow<'_, str> {
    let lone = |text: &str| {
        let bytes = text.as_bytes();
        memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'))
    };
    if !lone(&text) {
        return text;
    }
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let alone = c == '\r' && chars.peek() != Some(&'\n');
        out.push(if alone { '\n' } else { c });
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANS: &str =
        "港口的新桥将于周六开放，预计每天有三万辆车通过。市长在仪式上说，这座桥让两岸更近。";
    const HANT: &str =
        "港口的新橋將於週六開放，預計每天有三萬輛車通過。市長在儀式上說，這座橋讓兩岸更近。";

    fn check(bytes: &[u8], text: &str, said: &[&str]) {
        let decoded = decode("a.txt", bytes).unwrap_or_else(|error| panic!("{}", error.message));
        assert_eq!(decoded.text, text);
        let messages: Vec<&str> = decoded
            .said
            .iter()
            .map(|diagnostic| diagnostic.message.as_str())
            .collect();
        assert_eq!(messages, said);
    }

    fn fails(bytes: &[u8], message: &str) {
        let error = decode("a.txt", bytes).map(|decoded| decoded.text.into_owned());
        assert_eq!(error.unwrap_err().message, message);
    }

    fn encoded(text: &str, encoding: &'static Encoding) -> Vec<u8> {
        let (bytes, _, lossy) = encoding.encode(text);
        assert!(!lossy, "{text}");
        bytes.into_owned()
    }

    fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
        "\u{FEFF}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(order)
            .collect()
    }

    #[test]
    fn marks_are_believed() {
        let read = "this file is read as UTF-16: that is what its byte order mark says";
        check(HANS.as_bytes(), HANS, &[]);
        check(format!("\u{FEFF}{HANS}").as_bytes(), HANS, &[]);
        check(&utf_16(HANS, u16::to_le_bytes), HANS, &[read]);
        check(&utf_16("𠮷野家", u16::to_be_bytes), "𠮷野家", &[read]);
        check(b"", "", &[]);
    }

    #[test]
    fn other_encodings_are_told_from_the_bytes() {
        let read =
            |name: &str| format!("this file is read as {name}: that is what its bytes look like");
        let known = [
            (HANS, GB18030, "GB 18030"),
            (HANT, GB18030, "GB 18030"),
            (HANT, BIG5, "Big5"),
            ("大桥通车", GB18030, "GB 18030"),
            ("# 大桥通车\n\n新桥开放。\n", GB18030, "GB 18030"),
            (
                "新しい橋が土曜日に開通した。市長は式典で、この橋が両岸を近づけると述べた。",
                SHIFT_JIS,
                "Shift JIS",
            ),
            (
                "The mayor said: “The harbour’s new bridge brings both shores together.”",
                WINDOWS_1252,
                "Windows-1252",
            ),
        ];
        for (text, encoding, name) in known {
            check(&encoded(text, encoding), text, &[&read(name)]);
        }
    }

    #[test]
    fn what_is_no_text_is_named_with_its_place() {
        let mut cut = HANS.as_bytes().to_vec();
        cut.insert(30, b'\n');
        cut.truncate(60);
        fails(
            &cut,
            "this file is not UTF-8: byte 0xe8 at offset 58, line 2",
        );
        fails(
            b"\xEF\xBB\xBFab\n\xFF",
            "this file is not UTF-8: byte 0xff at offset 6, line 2",
        );
        fails(
            b"\xFF\xFEa\0\x00\xD8b\0",
            "this file is not UTF-16: byte 0x00 at offset 4, line 1",
        );
        fails(
            b"\xFF\xFEa\0b",
            "this file is not UTF-16: byte 0x62 at offset 4, line 1",
        );
        fails(
            &[0x89, b'P', b'N', b'G', 0, 0, 0, 13],
            "this file is not UTF-8: byte 0x89 at offset 0, line 1",
        );
        fails(
            b"a\0b\0",
            "this is no text: it holds 2 NUL bytes, the first at offset 1, line 1",
        );
        let mut broken = encoded(&HANS.repeat(3), GB18030);
        broken.extend(b"\n\x81");
        let end = broken.len() - 1;
        fails(
            &broken,
            &format!("this file is not GB 18030: byte 0x81 at offset {end}, line 2"),
        );
    }

    #[test]
    fn a_few_nul_bytes_are_left_out() {
        let text = format!("{HANS}\n{HANS}");
        check(
            format!("{HANS}\n\0{HANS}").as_bytes(),
            &text,
            &[&format!(
                "a NUL byte is left out, the first at offset {}, line 2",
                HANS.len() + 1
            )],
        );
    }

    #[test]
    fn lines_end_in_any_way() {
        check(b"a\rb\r\nc\n\rd\r", "a\nb\r\nc\n\nd\n", &[]);
        check(b"a\r\nb\r\n", "a\r\nb\r\n", &[]);
    }
}

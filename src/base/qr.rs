//! An address as a QR code, drawn as SVG.
//!
//! The coding itself is `qrcodegen`'s. Here an address is cut so that it takes few modules, and the
//! modules are drawn as one path.

use qrcodegen::{Mask, QrCode, QrCodeEcc, QrSegment, Version};
use std::fmt::Write as _;

/// Modules of light around a code, as its standard asks for.
const QUIET: i32 = 4;
/// Pixels of a code that its modules fill as far as they can, each with as many whole pixels.
const PIXELS: i32 = 240;
/// From so many characters on it pays to change the mode: two heads take some 26 bits, and each
/// character saves 2.5.
const WORTH: usize = 12;

/// A text as a code: an `svg` element with a label. None where it is too long, some 2,900 bytes.
pub fn svg(text: &str, label: &str) -> Option<String> {
    let code = code(text)?;
    let side = code.size() + 2 * QUIET;
    let (path, pixels) = (path(&code), side * (PIXELS / side).max(2));
    let mut escaped = String::with_capacity(label.len());
    for c in label.chars() {
        match c {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '"' => escaped.push_str("&quot;"),
            c => escaped.push(c),
        }
    }
    Some(format!(
        "<svg role=\"img\" aria-label=\"{escaped}\" width=\"{pixels}\" height=\"{pixels}\" \
         viewBox=\"0 0 {side} {side}\" shape-rendering=\"crispEdges\">\
         <path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path stroke=\"#000\" d=\"{path}\"/></svg>"
    ))
}

/// The mask is the same for all: to try all eight and take the best takes seven times as long, and
/// readers are told which one it is.
fn code(text: &str) -> Option<QrCode> {
    let mask = Some(Mask::new(0));
    let (least, most, ecc) = (Version::MIN, Version::MAX, QrCodeEcc::Low);
    // A better correction of errors is taken where it fits into the same size.
    QrCode::encode_segments_advanced(&segments(text), ecc, least, most, mask, true).ok()
}

/// Characters that take 5.5 bits instead of 8: also those of which percent-encoded text is made.
fn is_short(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'A'..=b'Z' | b' ' | b'$' | b'%' | b'*' | b'+' | b'-' | b'.' | b'/' | b':')
}

fn segments(text: &str) -> Vec<QrSegment> {
    let bytes = text.as_bytes();
    let (mut all, mut done) = (Vec::new(), 0);
    let mut at = 0;
    while at < bytes.len() {
        let run = bytes[at..].iter().take_while(|byte| is_short(**byte));
        let end = at + run.count();
        if end - at >= WORTH {
            if done < at {
                all.push(QrSegment::make_bytes(&bytes[done..at]));
            }
            all.push(QrSegment::make_alphanumeric(&text[at..end]));
            done = end;
        }
        at = end.max(at + 1);
    }
    if done < bytes.len() {
        all.push(QrSegment::make_bytes(&bytes[done..]));
    }
    all
}

/// The dark modules, as strokes along the middle of their rows.
fn path(code: &QrCode) -> String {
    let size = code.size();
    // A version 6 has some 450 strokes of six or seven letters.
    let mut path = String::with_capacity((size * size) as usize * 2);
    let mut pen: Option<(i32, i32)> = None;
    for y in 0..size {
        let mut x = 0;
        while x < size {
            if !code.get_module(x, y) {
                x += 1;
                continue;
            }
            let start = x;
            while code.get_module(x, y) {
                x += 1;
            }
            // Writing into a string can't fail.
            let _ = match pen {
                Some((from, row)) => write!(path, "m{} {}", start - from, y - row),
                None => write!(path, "M{} {}.5", start + QUIET, y + QUIET),
            };
            let _ = write!(path, "h{}", x - start);
            pen = Some((x, y));
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text that a reader makes of an element, from its path alone.
    fn read(svg: &str) -> String {
        let attribute = |from: &str| {
            let rest = &svg[svg.find(from).unwrap() + from.len()..];
            rest[..rest.find('"').unwrap()].to_string()
        };
        let side: usize = attribute("viewBox=\"0 0 ")
            .split(' ')
            .next()
            .unwrap()
            .parse()
            .unwrap();
        let (mut dark, mut x, mut y) = (vec![false; side * side], 0i32, 0i32);
        for stroke in attribute("stroke=\"#000\" d=\"").split(['M', 'm']).skip(1) {
            let (to, length) = stroke.split_once('h').unwrap();
            let (dx, dy) = to.split_once(' ').unwrap();
            (x, y) = (
                x + dx.parse::<i32>().unwrap(),
                y + dy.trim_end_matches(".5").parse::<i32>().unwrap(),
            );
            for _ in 0..length.parse::<i32>().unwrap() {
                dark[y as usize * side + x as usize] = true;
                x += 1;
            }
        }
        let scale = 3;
        let grey = |x: usize, y: usize| {
            if dark[y / scale * side + x / scale] {
                0
            } else {
                255
            }
        };
        let mut picture =
            rqrr::PreparedImage::prepare_from_greyscale(side * scale, side * scale, grey);
        let grids = picture.detect_grids();
        assert_eq!(grids.len(), 1, "{svg}");
        grids[0].decode().unwrap().1
    }

    #[test]
    fn readers_get_the_address() {
        let long = format!(
            "https://harbour.example.org/hant/{}/",
            "%E6%B8%AF".repeat(60)
        );
        for text in [
            "https://e.org/",
            "http://localhost:4000/keji/a/",
            "https://harbour.example.org/keji/%E6%B8%AF%E5%8F%A3-AI-%E8%AF%8D%E5%85%B8/",
            "https://e.org/A-%20-B/%E6%B8%AF%E6%B8%AF%E6%B8%AF/x?y=1&z=2#s",
            "HTTPS://E.ORG/ABC",
            &long,
        ] {
            assert_eq!(read(&svg(text, "码").unwrap()), text);
        }
    }

    #[test]
    fn a_label_is_text_and_what_is_too_long_is_none() {
        let made = svg("https://e.org/", "<a> & \"b\"").unwrap();
        assert!(
            made.contains("aria-label=\"&lt;a> &amp; &quot;b&quot;\""),
            "{made}"
        );
        assert_eq!(svg(&"a".repeat(3000), ""), None);
    }

    #[test]
    fn percent_encoded_names_make_smaller_codes() {
        let url = format!("https://e.org/{}/", "%E6%B8%AF".repeat(20));
        let plain = QrCode::encode_binary(url.as_bytes(), QrCodeEcc::Low).unwrap();
        assert!(code(&url).unwrap().size() < plain.size());
    }
}

//! Chinese and other text: its bytes, which script it is in, and what it counts.

pub mod count;
pub mod emoji;
pub mod encoding;
pub mod script;
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

//! What the bytes of a picture say of it: its format and size, which way up it is, and which parts
//! of it are metadata. Markers and chunks are read, and no pixel is decoded, so that a header which
//! claims a gigapixel costs nothing.

use image::metadata::Orientation;
use memchr::memchr;
use serde::{Deserialize, Serialize};
use std::ops::Range;

/// Pixels that a picture has at most on a side; WebP takes no more.
pub const LONGEST_SIDE: u32 = 16_383;
/// Pixels that a picture has at most in all.
pub const MOST_PIXELS: u64 = 100_000_000;
/// Bytes that a picture has at most.
pub const MOST_BYTES: usize = 64 * 1024 * 1024;

/// A format of pictures that masthead reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs)]
pub enum Format {
    Jpeg,
    Png,
    Webp,
    Gif,
}

impl Format {
    /// The format that a path claims.
    pub fn of_path(path: &str) -> Option<Format> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let (_, ending) = name.rsplit_once('.')?;
        match ending.to_ascii_lowercase().as_str() {
            "jpg" | "jpeg" => Some(Format::Jpeg),
            "png" => Some(Format::Png),
            "webp" => Some(Format::Webp),
            "gif" => Some(Format::Gif),
            _ => None,
        }
    }

    fn of_bytes(bytes: &[u8]) -> Option<Format> {
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Format::Jpeg)
        } else if bytes.starts_with(PNG) {
            Some(Format::Png)
        } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
            Some(Format::Webp)
        } else if bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a") {
            Some(Format::Gif)
        } else {
            None
        }
    }

    /// What people call it.
    pub fn name(self) -> &'static str {
        match self {
            Format::Jpeg => "JPEG",
            Format::Png => "PNG",
            Format::Webp => "WebP",
            Format::Gif => "GIF",
        }
    }
}

/// What the header of a picture says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Header {
    /// Its format.
    pub format: Format,
    /// Its width, as it is shown.
    pub width: u32,
    /// Its height, as it is shown.
    pub height: u32,
    /// Which way up it lies in its file: 1 to 8, as EXIF counts.
    pub orientation: u8,
    /// Whether there is more in its file than readers see: where and by whom it was taken.
    pub has_metadata: bool,
    /// Whether it moves.
    pub moves: bool,
}

impl Header {
    /// Whether it has to be turned before it is shown.
    pub fn is_turned(&self) -> bool {
        self.orientation != 1
    }

    /// How many pixels it has.
    pub fn pixels(&self) -> u64 {
        u64::from(self.width) * u64::from(self.height)
    }
}

/// What keeps a file from being shown in other sizes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Fault {
    /// It is not what its name claims, but something else.
    Other(Option<Format>),
    /// Its end is missing, or its parts don't follow each other.
    Cut,
    /// It has too many pixels.
    Large(u32, u32),
    /// It has too many bytes.
    Heavy,
}

/// A file with the name of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Seen {
    /// A picture.
    Picture(Header),
    /// No picture, or one that is left as it is.
    Faulty(Fault),
}

/// A picture on a page: its size, and where else it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// Its width in pixels.
    pub width: u32,
    /// Its height in pixels.
    pub height: u32,
    /// The same in WebP, in some widths, ready for `srcset`; none where there is but the one.
    pub srcset: Option<String>,
}

/// Looks at a file; nothing where its name is no picture's.
pub fn look(path: &str, bytes: &[u8]) -> Option<Seen> {
    let claimed = Format::of_path(path)?;
    Some(match header(claimed, bytes) {
        Ok(header) => Seen::Picture(header),
        Err(fault) => Seen::Faulty(fault),
    })
}

fn header(claimed: Format, bytes: &[u8]) -> Result<Header, Fault> {
    let found = Format::of_bytes(bytes);
    if found != Some(claimed) {
        return Err(Fault::Other(found));
    }
    if bytes.len() > MOST_BYTES {
        return Err(Fault::Heavy);
    }
    let anatomy = anatomy(claimed, bytes).ok_or(Fault::Cut)?;
    let (mut width, mut height) = anatomy.size;
    if anatomy.orientation > 4 {
        std::mem::swap(&mut width, &mut height);
    }
    if width == 0 || height == 0 {
        return Err(Fault::Cut);
    }
    let header = Header {
        format: claimed,
        width,
        height,
        orientation: anatomy.orientation,
        has_metadata: anatomy.has_metadata(bytes),
        moves: anatomy.moves,
    };
    if width.max(height) > LONGEST_SIDE || header.pixels() > MOST_PIXELS {
        return Err(Fault::Large(width, height));
    }
    Ok(header)
}

/// A picture without its metadata; every pixel and the profile of its colours stay as they are.
pub fn without_metadata(format: Format, bytes: &[u8]) -> Option<Vec<u8>> {
    let anatomy = anatomy(format, bytes)?;
    let mut kept = Vec::with_capacity(bytes.len());
    for part in anatomy.kept {
        kept.extend_from_slice(&bytes[part]);
    }
    if format == Format::Webp {
        let size = (kept.len() - 8) as u32;
        kept[4..8].copy_from_slice(&size.to_le_bytes());
        if kept.get(12..16) == Some(b"VP8X") {
            kept[20] &= !(WEBP_EXIF | WEBP_XMP);
        }
    }
    Some(kept)
}

/// The parts of a file.
struct Anatomy {
    /// Width and height, as they are stored.
    size: (u32, u32),
    orientation: u8,
    moves: bool,
    /// What is not metadata, in order.
    kept: Vec<Range<usize>>,
}

impl Anatomy {
    fn new(start: usize) -> Anatomy {
        Anatomy {
            size: (0, 0),
            orientation: 1,
            moves: false,
            kept: std::iter::once(0..start).collect(),
        }
    }

    fn keep(&mut self, part: Range<usize>) {
        match self.kept.last_mut() {
            Some(last) if last.end == part.start => last.end = part.end,
            _ => self.kept.push(part),
        }
    }

    fn has_metadata(&self, bytes: &[u8]) -> bool {
        self.kept.iter().map(|part| part.len()).sum::<usize>() < bytes.len()
    }

    fn turn(&mut self, exif: &[u8]) {
        let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        if let Some(orientation) = Orientation::from_exif_chunk(exif) {
            self.orientation = orientation.to_exif();
        }
    }
}

/// The parts of a file of a format; nothing where it ends too early.
fn anatomy(format: Format, bytes: &[u8]) -> Option<Anatomy> {
    match format {
        Format::Jpeg => jpeg(bytes),
        Format::Png => png(bytes),
        Format::Webp => webp(bytes),
        Format::Gif => gif(bytes),
    }
}

fn be16(bytes: &[u8], at: usize) -> Option<u32> {
    let pair = bytes.get(at..at + 2)?;
    Some(u32::from(u16::from_be_bytes(pair.try_into().ok()?)))
}

fn le16(bytes: &[u8], at: usize) -> Option<u32> {
    let pair = bytes.get(at..at + 2)?;
    Some(u32::from(u16::from_le_bytes(pair.try_into().ok()?)))
}

fn be32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn le32(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Segments up to the end of the picture. What cameras put behind it, previews with their own EXIF
/// among it, is metadata too.
fn jpeg(bytes: &[u8]) -> Option<Anatomy> {
    let mut anatomy = Anatomy::new(2);
    let mut at = 2;
    loop {
        let start = at;
        while *bytes.get(at)? == 0xff {
            at += 1;
        }
        if at == start {
            return None;
        }
        let marker = bytes[at];
        at += 1;
        match marker {
            0xd9 => {
                anatomy.keep(start..at);
                return Some(anatomy);
            }
            0x01 | 0xd0..=0xd7 => {
                anatomy.keep(start..at);
                continue;
            }
            _ => {}
        }
        let end = at + be16(bytes, at)? as usize;
        let own = bytes.get(at + 2..end)?;
        match marker {
            0xe1 if own.starts_with(b"Exif\0\0") => anatomy.turn(own),
            0xe2 if own.starts_with(b"ICC_PROFILE\0") => anatomy.keep(start..end),
            // JFIF, and Adobe's word on how colours are coded.
            0xe0 | 0xee => anatomy.keep(start..end),
            0xe1..=0xef | 0xfe => {}
            0xc0..=0xcf => {
                if !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
                    anatomy.size = (be16(own, 3)?, be16(own, 1)?);
                }
                anatomy.keep(start..end);
            }
            _ => anatomy.keep(start..end),
        }
        at = end;
        if marker == 0xda {
            at = end_of_scan(bytes, at)?;
            anatomy.keep(end..at);
        }
    }
}

/// Where the marker after the coded pixels is.
fn end_of_scan(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        at += memchr(0xff, bytes.get(at..)?)?;
        match bytes.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => at += 2,
            0xff => at += 1,
            _ => return Some(at),
        }
    }
}

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// Chunks that a PNG can be shown without, and that are no metadata: they tell of its colours.
const OF_COLOURS: [&[u8]; 10] = [
    b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"pHYs", b"cICP", b"bKGD", b"hIST",
];
const OF_MOVES: [&[u8]; 3] = [b"acTL", b"fcTL", b"fdAT"];

fn png(bytes: &[u8]) -> Option<Anatomy> {
    let mut anatomy = Anatomy::new(PNG.len());
    let mut at = PNG.len();
    loop {
        let length = be32(bytes, at)? as usize;
        let name = bytes.get(at + 4..at + 8)?;
        let own = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        let end = at + 12 + length;
        bytes.get(end - 4..end)?;
        let is_critical = name[0].is_ascii_uppercase();
        match name {
            b"IHDR" => anatomy.size = (be32(own, 0)?, be32(own, 4)?),
            b"eXIf" => anatomy.turn(own),
            b"acTL" => anatomy.moves = true,
            _ => {}
        }
        if is_critical || OF_COLOURS.contains(&name) || OF_MOVES.contains(&name) {
            anatomy.keep(at..end);
        }
        if name == b"IEND" {
            return Some(anatomy);
        }
        at = end;
    }
}

/// Bits in the flags of an extended WebP.
const WEBP_EXIF: u8 = 0x08;
const WEBP_XMP: u8 = 0x04;

fn webp(bytes: &[u8]) -> Option<Anatomy> {
    let whole = le32(bytes, 4)? as usize + 8;
    let bytes = bytes.get(..whole)?;
    let mut anatomy = Anatomy::new(12);
    let mut at = 12;
    while at < bytes.len() {
        let name = bytes.get(at..at + 4)?;
        let length = le32(bytes, at + 4)? as usize;
        let own = bytes.get(at + 8..(at + 8).checked_add(length)?)?;
        let end = (at + 8 + length + length % 2).min(bytes.len());
        let unset = anatomy.size == (0, 0);
        match name {
            b"VP8X" => {
                let side = |at: usize| Some((le32(own, at)? & 0xff_ffff) + 1);
                anatomy.size = (side(4)?, (le32(own, 6)? >> 8) + 1);
            }
            b"VP8 " if unset => anatomy.size = (le16(own, 6)? & 0x3fff, le16(own, 8)? & 0x3fff),
            b"VP8L" if unset => {
                let bits = le32(own, 1)?;
                anatomy.size = ((bits & 0x3fff) + 1, (bits >> 14 & 0x3fff) + 1);
            }
            b"ANIM" => anatomy.moves = true,
            b"EXIF" => anatomy.turn(own),
            _ => {}
        }
        if !matches!(name, b"EXIF" | b"XMP ") {
            anatomy.keep(at..end);
        }
        at = end;
    }
    Some(anatomy)
}

/// A GIF stays as it is: most of them move.
fn gif(bytes: &[u8]) -> Option<Anatomy> {
    let mut anatomy = Anatomy::new(bytes.len());
    anatomy.size = (le16(bytes, 6)?, le16(bytes, 8)?);
    anatomy.moves = true;
    Some(anatomy)
}

//! Pictures in other sizes, and without their metadata.
//!
//! A picture is decoded once for all its widths, at which several threads may work; what came out is
//! kept in the store under the hash of all it is made from, and loaded from there ever after. A
//! decoded picture takes three or four bytes a pixel, so no more than [`BUDGET`] pixels are on the
//! bench at a time.

use super::body::read;
use crate::base::diagnostic::{Code, Diagnostic, Severity};
use crate::base::fingerprint::Fingerprint;
use crate::facts::picture::{Format, LONGEST_SIDE, MOST_PIXELS, without_metadata};
use crate::sink::store::{self, Loaded, Store};
use crate::site::pictures::Picture;
use crate::source::Source;
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{PixelType, ResizeOptions, Resizer};
use foldhash::{HashMap, HashSet};
use image::metadata::Orientation;
use image::{ColorType, DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageReader};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::io::Cursor;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Pixels that are decoded at a time; a picture that has more of them has the bench to itself.
pub const BUDGET: u64 = 48_000_000;
/// What the names of kept pictures begin with.
const KEPT: &str = "picture-";
/// Kept pictures are of this form, whatever version of masthead made them.
const FORM: &str = "pictures 2";
/// How hard lossy WebP is tried, of 6. Five pictures in three widths take 120 ms and 340 kB so, by
/// libwebp's default of 4 306 ms and 326 kB.
const METHOD: i32 = 2;
/// How hard lossless WebP is tried, of 100 and by that method. Three charts take 73 ms and 102 kB so,
/// by 75 and method 4 100 ms and 98 kB, by 10 48 ms and 111 kB.
const EFFORT: f32 = 25.0;
/// The quality of a JPEG that had to be turned.
const TURNED: u8 = 92;
/// A profile of colours has at most so many bytes; those of wide colours have some 500.
const LARGEST_PROFILE: usize = 16 * 1024;

/// Where pictures are decoded: each by one thread, and not too many at a time. Who comes for one that
/// is there already lends a hand with its widths.
#[derive(Debug, Default)]
pub struct Bench {
    held: Mutex<Held>,
    free: Condvar,
    decoded: AtomicUsize,
    drawn: AtomicUsize,
    font: Mutex<Option<(Fingerprint, Arc<Vec<u8>>)>>,
}

#[derive(Debug, Default)]
struct Held {
    /// The pictures on the bench.
    pictures: HashMap<Fingerprint, Spread>,
    pixels: u64,
    most: u64,
}

/// A picture on the bench.
#[derive(Debug, Default)]
struct Spread {
    /// How many threads are at it.
    hands: usize,
    frame: Option<Arc<Frame>>,
    /// Why it can't be decoded; nothing where the thread that was at it gave up.
    fault: Option<Option<Diagnostic>>,
    /// What nobody has begun yet; the last one is next.
    left: Vec<Make>,
    begun: Vec<Make>,
}

impl Bench {
    /// How many pictures were decoded on it.
    pub fn decoded(&self) -> usize {
        self.decoded.load(Ordering::Relaxed)
    }

    /// How many social cards were drawn on it.
    pub fn drawn(&self) -> usize {
        self.drawn.load(Ordering::Relaxed)
    }

    /// The bytes of the font of social cards, which are read once.
    pub(super) fn font(
        &self,
        digest: Fingerprint,
        read: impl FnOnce() -> Result<Arc<Vec<u8>>, Diagnostic>,
    ) -> Result<Arc<Vec<u8>>, Diagnostic> {
        let mut held = self.font.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, bytes)) = held.as_ref().filter(|(own, _)| *own == digest) {
            return Ok(Arc::clone(bytes));
        }
        let bytes = read()?;
        *held = Some((digest, Arc::clone(&bytes)));
        Ok(bytes)
    }

    /// How many pixels were on it at most.
    pub fn most_pixels(&self) -> u64 {
        self.held().most
    }

    fn held(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until a picture has room, and nobody else is at it.
    fn place(&self, print: Fingerprint, pixels: u64) -> Placed<'_> {
        let full = |held: &mut Held| held.pictures.contains_key(&print) || held.is_full_for(pixels);
        let held = self.wait_while(full);
        self.enter(held, print, pixels, Vec::new)
    }

    /// Waits until a picture has room, or is there already.
    fn join(
        &self,
        print: Fingerprint,
        pixels: u64,
        makes: impl FnOnce() -> Vec<Make>,
    ) -> Placed<'_> {
        let full =
            |held: &mut Held| !held.pictures.contains_key(&print) && held.is_full_for(pixels);
        let held = self.wait_while(full);
        self.enter(held, print, pixels, makes)
    }

    fn wait_while(&self, held_up: impl FnMut(&mut Held) -> bool) -> MutexGuard<'_, Held> {
        let waited = self.free.wait_while(self.held(), held_up);
        waited.unwrap_or_else(PoisonError::into_inner)
    }

    fn enter<'a>(
        &'a self,
        mut held: MutexGuard<'a, Held>,
        print: Fingerprint,
        pixels: u64,
        makes: impl FnOnce() -> Vec<Make>,
    ) -> Placed<'a> {
        let is_first = !held.pictures.contains_key(&print);
        if is_first {
            held.pixels += pixels;
            held.most = held.most.max(held.pixels);
            let left = makes();
            let spread = Spread {
                left,
                ..Spread::default()
            };
            held.pictures.insert(print, spread);
        }
        held.pictures.entry(print).or_default().hands += 1;
        Placed {
            bench: self,
            print,
            pixels,
            is_first,
        }
    }
}

impl Held {
    fn is_full_for(&self, pixels: u64) -> bool {
        self.pixels > 0 && self.pixels + pixels > BUDGET
    }
}

/// A thread's place at a picture on the bench, which it leaves in any case; with the last one the
/// picture goes.
struct Placed<'a> {
    bench: &'a Bench,
    print: Fingerprint,
    pixels: u64,
    is_first: bool,
}

impl Placed<'_> {
    /// The decoded picture: who came first decodes it, all others wait.
    fn frame(
        &self,
        decode: impl Fn() -> Result<Frame, Diagnostic>,
    ) -> Result<Arc<Frame>, Diagnostic> {
        if self.is_first {
            let frame = decode().map(Arc::new);
            self.spread(|spread| match &frame {
                Ok(frame) => spread.frame = Some(Arc::clone(frame)),
                Err(fault) => spread.fault = Some(Some(fault.clone())),
            });
            self.bench.free.notify_all();
            return frame;
        }
        let is_open = |held: &mut Held| {
            let spread = held.pictures.get(&self.print);
            spread.is_some_and(|spread| spread.frame.is_none() && spread.fault.is_none())
        };
        drop(self.bench.wait_while(is_open));
        let (frame, fault) = self.spread(|spread| (spread.frame.clone(), spread.fault.clone()));
        match (frame, fault.flatten()) {
            (Some(frame), _) => Ok(frame),
            (None, Some(fault)) => Err(fault),
            (None, None) => decode().map(Arc::new),
        }
    }

    /// What is to be made next.
    fn begin(&self) -> Option<Begun<'_>> {
        let make = self.spread(|spread| {
            let make = spread.left.pop()?;
            spread.begun.push(make);
            Some(make)
        })?;
        Some(Begun { placed: self, make })
    }

    /// Waits until nobody is at it.
    fn wait_for(&self, make: Make) {
        let is_begun = |held: &mut Held| {
            let spread = held.pictures.get(&self.print);
            spread.is_some_and(|spread| spread.begun.contains(&make))
        };
        drop(self.bench.wait_while(is_begun));
    }

    fn spread<T>(&self, look: impl FnOnce(&mut Spread) -> T) -> T {
        look(self.bench.held().pictures.entry(self.print).or_default())
    }
}

impl Drop for Placed<'_> {
    fn drop(&mut self) {
        let mut held = self.bench.held();
        if let Some(spread) = held.pictures.get_mut(&self.print) {
            spread.hands -= 1;
            if self.is_first && spread.frame.is_none() {
                spread.fault.get_or_insert(None);
            }
            if spread.hands == 0 {
                held.pictures.remove(&self.print);
                held.pixels -= self.pixels;
            }
        }
        drop(held);
        self.bench.free.notify_all();
    }
}

/// What a thread is making, until it is kept or can't be made.
struct Begun<'a> {
    placed: &'a Placed<'a>,
    make: Make,
}

impl Drop for Begun<'_> {
    fn drop(&mut self) {
        let own = self.make;
        self.placed
            .spread(|spread| spread.begun.retain(|make| *make != own));
        self.placed.bench.free.notify_all();
    }
}

/// A bench, and where what is made on it is kept.
#[derive(Clone, Copy)]
pub struct Darkroom<'a> {
    /// Where pictures are decoded.
    pub bench: &'a Bench,
    /// Where they are kept.
    pub store: &'a dyn Store,
}

/// What is made of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Make {
    /// It in a width, as WebP.
    Width(u32),
    /// Its own file, the right way up and without metadata.
    Upright,
}

impl Make {
    fn all(picture: &Picture) -> Vec<Make> {
        let mut all: Vec<Make> = picture.widths.iter().copied().map(Make::Width).collect();
        all.extend(picture.is_remade().then_some(Make::Upright));
        all
    }

    fn name(self, picture: &Picture) -> String {
        let print = picture.print;
        match self {
            Make::Width(width) => format!("{KEPT}{print}-{width}"),
            Make::Upright => format!("{KEPT}{print}-upright"),
        }
    }
}

/// A picture in a width.
///
/// # Errors
/// A file that can't be read or decoded.
pub fn in_width(
    picture: &Picture,
    width: u32,
    source: &dyn Source,
    darkroom: Option<Darkroom>,
) -> Result<Vec<u8>, Diagnostic> {
    made(picture, Make::Width(width), source, darkroom)
}

/// The file of a picture as it is published.
///
/// # Errors
/// A file that can't be read or decoded.
pub fn published(
    picture: &Picture,
    source: &dyn Source,
    darkroom: Option<Darkroom>,
) -> Result<Vec<u8>, Diagnostic> {
    if picture.is_remade() {
        return made(picture, Make::Upright, source, darkroom);
    }
    let bytes = read(&picture.path, picture.digest, source)?;
    if !picture.is_cleaned {
        return Ok(bytes);
    }
    without_metadata(picture.header.format, &bytes).ok_or_else(|| failed(picture, "it is cut off"))
}

fn made(
    picture: &Picture,
    make: Make,
    source: &dyn Source,
    darkroom: Option<Darkroom>,
) -> Result<Vec<u8>, Diagnostic> {
    let Some(darkroom) = darkroom else {
        let frame = Frame::of(picture, &read(&picture.path, picture.digest, source)?)?;
        return frame.make(picture, make);
    };
    let kept = || kept(darkroom.store, &make.name(picture));
    if let Some(bytes) = kept() {
        return Ok(bytes);
    }
    // A picture that has to be turned is there twice for a moment.
    let pixels = picture.header.pixels() * (1 + u64::from(picture.is_remade()));
    let makes = || Make::all(picture);
    let placed = darkroom.bench.join(picture.print, pixels, makes);
    if let Some(bytes) = kept() {
        return Ok(bytes);
    }
    let frame = placed.frame(|| {
        let frame = Frame::of(picture, &read(&picture.path, picture.digest, source)?)?;
        darkroom.bench.decoded.fetch_add(1, Ordering::Relaxed);
        Ok(frame)
    })?;
    let mut wanted = None;
    while let Some(begun) = placed.begin() {
        let one = begun.make;
        let name = one.name(picture);
        if one != make && store::is_whole(darkroom.store, &name, FORM) {
            continue;
        }
        let bytes = Blob(frame.make(picture, one)?);
        // What can't be kept is made again when it is asked for, and no worse.
        let _ = store::save(darkroom.store, &name, FORM, &bytes);
        if one == make {
            wanted = Some(bytes.0);
        }
    }
    if let Some(bytes) = wanted {
        return Ok(bytes);
    }
    placed.wait_for(make);
    kept().map_or_else(|| frame.make(picture, make), Ok)
}

/// What is kept under a name, or else is drawn on the bench and kept.
pub(super) fn keep(
    darkroom: Darkroom,
    name: &str,
    print: Fingerprint,
    pixels: u64,
    draw: impl FnOnce() -> Result<Vec<u8>, Diagnostic>,
) -> Result<Vec<u8>, Diagnostic> {
    if let Some(bytes) = kept(darkroom.store, name) {
        return Ok(bytes);
    }
    let _placed = darkroom.bench.place(print, pixels);
    if let Some(bytes) = kept(darkroom.store, name) {
        return Ok(bytes);
    }
    let bytes = Blob(draw()?);
    darkroom.bench.drawn.fetch_add(1, Ordering::Relaxed);
    // What can't be kept is made again when it is asked for, and no worse.
    let _ = store::save(darkroom.store, name, FORM, &bytes);
    Ok(bytes.0)
}

/// Forgets what is kept of pictures that the site doesn't have any more.
pub fn sweep(store: &dyn Store, pictures: &[Picture]) {
    let makes = |picture| {
        Make::all(picture)
            .into_iter()
            .map(|make| make.name(picture))
    };
    let wanted: HashSet<String> = pictures.iter().flat_map(makes).collect();
    let gone = store.names(KEPT);
    for name in gone.iter().filter(|name| !wanted.contains(*name)) {
        store.forget(name);
    }
}

fn kept(store: &dyn Store, name: &str) -> Option<Vec<u8>> {
    match store::load::<Blob>(store, name, FORM) {
        Loaded::Whole(blob) => Some(blob.0),
        Loaded::Absent | Loaded::Damaged => None,
    }
}

/// Bytes that are kept as they are, and not one by one.
struct Blob(Vec<u8>);

impl Serialize for Blob {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.0)
    }
}

impl<'de> Deserialize<'de> for Blob {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Blob, D::Error> {
        let bytes: &[u8] = Deserialize::deserialize(deserializer)?;
        Ok(Blob(bytes.to_vec()))
    }
}

fn failed(picture: &Picture, why: &str) -> Diagnostic {
    let message = format!("this picture can't be decoded: {why}");
    not_made(
        &picture.path,
        message,
        "save it anew, or take it out of the site",
    )
}

/// The error of a picture that was to be made of a file.
pub(super) fn not_made(path: &str, message: String, help: &str) -> Diagnostic {
    let diagnostic = Diagnostic::new(Code::BadPicture, message);
    let diagnostic = diagnostic.in_file(path).help(help);
    Diagnostic {
        severity: Severity::Error,
        ..diagnostic
    }
}

/// A decoded picture, as it lies in its file.
#[derive(Debug)]
struct Frame {
    image: DynamicImage,
    profile: Option<Vec<u8>>,
    flatness: Flatness,
}

/// Whether a picture is a chart or a poster.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Flatness {
    /// A photograph: lossy WebP is much smaller.
    Deep,
    /// Its PNG takes a quarter of a byte a pixel, or less: lossless WebP may be the smaller one.
    Flat,
    /// The same with a palette, that is 256 colours at most: lossless WebP keeps them all, and is the
    /// smaller one.
    Painted,
}

impl Flatness {
    fn of(format: Format, bytes: &[u8], pixels: u64) -> Flatness {
        /// Signature, length and name of the first chunk, width, height, depth.
        const PNG_COLOURS: usize = 25;
        const INDEXED: u8 = 3;
        // Photographs take more than a byte a pixel as PNG, charts a twentieth.
        if format != Format::Png || bytes.len() as u64 * 4 >= pixels {
            return Flatness::Deep;
        }
        match bytes.get(PNG_COLOURS) {
            Some(&INDEXED) => Flatness::Painted,
            _ => Flatness::Flat,
        }
    }
}

impl Frame {
    fn of(picture: &Picture, bytes: &[u8]) -> Result<Frame, Diagnostic> {
        let fail = |error: image::ImageError| failed(picture, &error.to_string());
        let format = match picture.header.format {
            Format::Jpeg => image::ImageFormat::Jpeg,
            Format::Png => image::ImageFormat::Png,
            Format::Webp => image::ImageFormat::WebP,
            Format::Gif => image::ImageFormat::Gif,
        };
        let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
        let mut limits = image::Limits::default();
        limits.max_image_width = Some(LONGEST_SIDE);
        limits.max_image_height = Some(LONGEST_SIDE);
        // Eight bytes a pixel: four colours of 16 bits.
        limits.max_alloc = Some(MOST_PIXELS * 8);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(fail)?;
        let profile = decoder.icc_profile().unwrap_or_default();
        let (width, height) = decoder.dimensions();
        if u64::from(width) * u64::from(height) != picture.header.pixels() {
            return Err(failed(picture, "its headers don't agree on its size"));
        }
        let image = DynamicImage::from_decoder(decoder).map_err(fail)?;
        let image = match image.color().has_alpha() {
            true => DynamicImage::ImageRgba8(image.into_rgba8()),
            false => DynamicImage::ImageRgb8(image.into_rgb8()),
        };
        Ok(Frame {
            image,
            profile: profile.filter(|profile| is_of_use(profile)),
            flatness: Flatness::of(picture.header.format, bytes, picture.header.pixels()),
        })
    }

    fn make(&self, picture: &Picture, make: Make) -> Result<Vec<u8>, Diagnostic> {
        match make {
            Make::Width(width) => self.in_width(picture, width),
            Make::Upright => self.upright(picture),
        }
    }

    /// Scaled as it lies, and turned when it is small.
    fn in_width(&self, picture: &Picture, width: u32) -> Result<Vec<u8>, Diagnostic> {
        let height = picture.height(width);
        let (across, down) = match picture.header.orientation > 4 {
            true => (height, width),
            false => (width, height),
        };
        let mut small = self
            .scaled(across, down)
            .map_err(|why| failed(picture, &why))?;
        small.apply_orientation(orientation(picture));
        let quality = picture.quality;
        // Scaled, its colours are not few any more: of three charts none got smaller.
        let flatness = match width == picture.header.width {
            true => self.flatness,
            false => Flatness::Deep,
        };
        let webp = encoded(&small, quality, flatness);
        let webp = webp.map_err(|why| failed(picture, &why))?;
        Ok(match &self.profile {
            Some(profile) => with_profile(&webp, profile, small.color(), (width, height)),
            None => webp,
        })
    }

    fn scaled(&self, width: u32, height: u32) -> Result<DynamicImage, String> {
        let image = &self.image;
        if (width, height) == (image.width(), image.height()) {
            return Ok(image.clone());
        }
        let pixel = match image.color().has_alpha() {
            true => PixelType::U8x4,
            false => PixelType::U8x3,
        };
        let source = ImageRef::new(image.width(), image.height(), image.as_bytes(), pixel)
            .map_err(|error| error.to_string())?;
        let mut target = Image::new(width, height, pixel);
        // Lanczos, by three lobes.
        Resizer::new()
            .resize(&source, &mut target, &ResizeOptions::new())
            .map_err(|error| error.to_string())?;
        let bytes = target.into_vec();
        let made = match pixel {
            PixelType::U8x4 => image::RgbaImage::from_raw(width, height, bytes).map(Into::into),
            _ => image::RgbImage::from_raw(width, height, bytes).map(Into::into),
        };
        made.ok_or_else(|| "its size is odd".to_string())
    }

    /// The whole picture the right way up, in its own format.
    fn upright(&self, picture: &Picture) -> Result<Vec<u8>, Diagnostic> {
        let mut image = self.image.clone();
        image.apply_orientation(orientation(picture));
        if picture.header.format == Format::Webp {
            let webp = encoded(&image, TURNED.into(), Flatness::Deep)
                .map_err(|why| failed(picture, &why))?;
            let size = (image.width(), image.height());
            return Ok(match &self.profile {
                Some(profile) => with_profile(&webp, profile, image.color(), size),
                None => webp,
            });
        }
        let mut bytes = Vec::new();
        let color: ExtendedColorType = image.color().into();
        let (width, height) = (image.width(), image.height());
        let written = match picture.header.format {
            Format::Jpeg => {
                let mut encoder =
                    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, TURNED);
                self.keep_profile(&mut encoder);
                encoder.write_image(image.as_bytes(), width, height, color)
            }
            _ => {
                let mut encoder = image::codecs::png::PngEncoder::new(&mut bytes);
                self.keep_profile(&mut encoder);
                encoder.write_image(image.as_bytes(), width, height, color)
            }
        };
        written.map_err(|error| failed(picture, &error.to_string()))?;
        Ok(bytes)
    }

    /// A format that takes no profile shows the colours as most screens do.
    fn keep_profile(&self, encoder: &mut impl ImageEncoder) {
        if let Some(profile) = &self.profile {
            let _ = encoder.set_icc_profile(profile.clone());
        }
    }
}

fn orientation(picture: &Picture) -> Orientation {
    Orientation::from_exif(picture.header.orientation).unwrap_or(Orientation::NoTransforms)
}

/// A picture as WebP: lossy, or without any loss where a flat one is smaller so.
fn encoded(image: &DynamicImage, quality: u32, flatness: Flatness) -> Result<Vec<u8>, String> {
    let (bytes, width, height) = (image.as_bytes(), image.width(), image.height());
    let encoder = match image.color().has_alpha() {
        true => webp::Encoder::from_rgba(bytes, width, height),
        false => webp::Encoder::from_rgb(bytes, width, height),
    };
    let encode = |lossless: bool, quality: f32| {
        let mut config =
            webp::WebPConfig::new().map_err(|()| "WebP can't be made here".to_string())?;
        config.lossless = i32::from(lossless);
        config.alpha_compression = i32::from(!lossless);
        config.quality = quality;
        config.method = METHOD;
        let encoded = encoder.encode_advanced(&config);
        encoded.map_err(|error| format!("WebP can't be made of it: {error:?}"))
    };
    if flatness == Flatness::Painted {
        return Ok(encode(true, EFFORT)?.to_vec());
    }
    let lossy = encode(false, quality as f32)?;
    if flatness == Flatness::Flat {
        let lossless = encode(true, EFFORT)?;
        if lossless.len() <= lossy.len() {
            return Ok(lossless.to_vec());
        }
    }
    Ok(lossy.to_vec())
}

/// Whether a profile says more than what browsers take for granted, and fits pixels of red, green
/// and blue: profiles of printers and of grey don't, once a picture is decoded.
fn is_of_use(profile: &[u8]) -> bool {
    let is_plain = |name: &[u8]| memchr::memmem::find(profile, name).is_some();
    profile.get(16..20) == Some(b"RGB ")
        && profile.len() <= LARGEST_PROFILE
        && !is_plain(b"sRGB")
        && !is_plain(b"s\0R\0G\0B")
}

/// A WebP that says which colours it means.
fn with_profile(webp: &[u8], profile: &[u8], color: ColorType, size: (u32, u32)) -> Vec<u8> {
    const HAS_PROFILE: u8 = 0x20;
    const HAS_ALPHA: u8 = 0x10;
    let chunk = |out: &mut Vec<u8>, name: &[u8; 4], bytes: &[u8]| {
        out.extend_from_slice(name);
        out.extend_from_slice(&(bytes.len() as u32).to_le_bytes());
        out.extend_from_slice(bytes);
        out.resize(out.len().next_multiple_of(2), 0);
    };
    let is_extended = webp.get(12..16) == Some(b"VP8X");
    let alpha = match is_extended {
        true => webp.get(20).copied().unwrap_or_default(),
        false => u8::from(color.has_alpha() && webp.get(12..16) == Some(b"VP8L")) * HAS_ALPHA,
    };
    let mut head = vec![alpha | HAS_PROFILE, 0, 0, 0];
    head.extend_from_slice(&(size.0 - 1).to_le_bytes()[..3]);
    head.extend_from_slice(&(size.1 - 1).to_le_bytes()[..3]);
    let mut out = b"RIFF\0\0\0\0WEBP".to_vec();
    chunk(&mut out, b"VP8X", &head);
    chunk(&mut out, b"ICCP", profile);
    let rest = if is_extended { 30 } else { 12 };
    out.extend_from_slice(webp.get(rest..).unwrap_or_default());
    let length = (out.len() - 8) as u32;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::AtomicU64;

    #[test]
    fn pixels_on_the_bench_are_bounded_and_nobody_waits_for_ever() {
        let bench = Bench::default();
        let busy = AtomicUsize::new(0);
        let large = 90_000_000;
        let alone = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for n in 0..24 {
                let (bench, busy, alone) = (&bench, &busy, &alone);
                scope.spawn(move || {
                    let pixels = if n % 8 == 0 { large } else { 20_000_000 };
                    // Every third is the same picture.
                    let placed = bench.place(Fingerprint(n % 3), pixels);
                    let others = busy.fetch_add(1, Ordering::SeqCst);
                    std::thread::yield_now();
                    if pixels == large {
                        alone.fetch_add(u64::from(others == 0), Ordering::SeqCst);
                    }
                    busy.fetch_sub(1, Ordering::SeqCst);
                    drop(placed);
                });
            }
        });
        assert_eq!(alone.load(Ordering::SeqCst), 3);
        assert_eq!(bench.most_pixels(), large);
        assert_eq!(bench.held().pixels, 0);
        assert!(bench.held().pictures.is_empty());
    }

    #[test]
    fn small_pictures_share_the_bench() {
        let bench = Bench::default();
        let first = bench.place(Fingerprint(1), 20_000_000);
        let second = bench.place(Fingerprint(2), 20_000_000);
        assert_eq!(bench.held().pixels, 40_000_000);
        drop((first, second));
        assert_eq!(bench.held().pixels, 0);
    }

    fn frame() -> Result<Frame, Diagnostic> {
        Ok(Frame {
            image: DynamicImage::new_rgb8(1, 1),
            profile: None,
            flatness: Flatness::Deep,
        })
    }

    #[test]
    fn a_png_is_a_chart_by_its_size_and_its_palette() {
        let png = |colour: ExtendedColorType, bytes: &[u8]| {
            let mut png = Vec::new();
            let encoder = image::codecs::png::PngEncoder::new(&mut png);
            encoder.write_image(bytes, 32, 32, colour).unwrap();
            png
        };
        let mut plain = png(ExtendedColorType::Rgb8, &[200; 32 * 32 * 3]);
        let of = |bytes: &[u8], pixels| Flatness::of(Format::Png, bytes, pixels);
        assert_eq!(of(&plain, 32 * 32), Flatness::Flat);
        assert_eq!(of(&plain, 4 * plain.len() as u64), Flatness::Deep);
        assert_eq!(plain[25], 2, "red, green and blue");
        plain[25] = 3;
        assert_eq!(of(&plain, 32 * 32), Flatness::Painted);
        assert_eq!(Flatness::of(Format::Jpeg, &plain, 32 * 32), Flatness::Deep);
        assert_eq!(of(b"", 1), Flatness::Flat);
    }

    #[test]
    fn many_hands_decode_a_picture_once_and_make_each_width_once() {
        let bench = Bench::default();
        let (decoded, all) = (AtomicUsize::new(0), [480, 800, 1200, 1600].map(Make::Width));
        let made = Mutex::new(Vec::new());
        let arrived = std::sync::Barrier::new(8);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    let placed = bench.join(Fingerprint(1), 30_000_000, || all.to_vec());
                    arrived.wait();
                    let decode = || {
                        decoded.fetch_add(1, Ordering::SeqCst);
                        frame()
                    };
                    placed.frame(decode).unwrap();
                    while let Some(begun) = placed.begin() {
                        made.lock().unwrap().push(begun.make);
                    }
                    for make in all {
                        placed.wait_for(make);
                    }
                    assert_eq!(made.lock().unwrap().len(), 4);
                });
            }
        });
        assert_eq!(decoded.load(Ordering::SeqCst), 1);
        assert!(all.iter().all(|make| made.lock().unwrap().contains(make)));
        assert_eq!(bench.most_pixels(), 30_000_000);
        assert_eq!(bench.held().pixels, 0);
        assert!(bench.held().pictures.is_empty());
    }

    #[test]
    fn nobody_waits_for_who_gave_up() {
        let bench = Bench::default();
        let join = || bench.join(Fingerprint(1), 9, Vec::new);
        std::thread::scope(|scope| {
            let (first, second, third) = (join(), join(), join());
            let other = scope.spawn(move || second.frame(frame).is_ok());
            drop(first);
            assert!(other.join().unwrap());
            assert!(third.frame(frame).is_ok());
        });
        let (first, second) = (join(), join());
        let fault = || Err(Diagnostic::new(Code::BadPicture, "cut off".to_string()));
        assert!(first.frame(fault).is_err());
        assert!(second.frame(frame).is_err(), "the same is said once more");
        drop((first, second));
        assert_eq!(bench.held().pixels, 0);
    }
}

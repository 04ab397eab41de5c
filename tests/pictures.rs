//! Pictures: their sizes, their widths, what is left out of them, and what they may cost.

mod common;

use common::fixture::Bench;
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::{ExtendedColorType, GenericImageView, ImageDecoder, ImageEncoder, RgbImage, RgbaImage};
use masthead::base::diagnostic::report;
use masthead::press::pictures::BUDGET;
use masthead::serve::Portal;
use masthead::serve::live::{Live, Wishes};
use masthead::sink::store;
use masthead::source::memory::Memory;
use std::collections::BTreeMap;
use std::io::Cursor;

/// Longitude and latitude as a camera writes them would stand here.
const SECRET: &[u8] = b"GPS 31.2304 N 121.4737 E";

/// EXIF with an orientation and a secret.
fn exif(orientation: u8) -> Vec<u8> {
    let mut exif = b"MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
    exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
    exif.extend(SECRET);
    exif
}

/// Red on the left, blue on the right, so that one sees which way up it is.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let shade = (y * 255 / height) as u8;
        match x < width / 2 {
            true => image::Rgb([255, shade / 4, 0]),
            false => image::Rgb([0, shade / 4, 255]),
        }
    })
}

fn jpeg(width: u32, height: u32, orientation: Option<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let picture = halves(width, height);
    let encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
    let color = ExtendedColorType::Rgb8;
    encoder.write_image(&picture, width, height, color).unwrap();
    if let Some(orientation) = orientation {
        let exif = exif(orientation);
        let mut segment = vec![0xff, 0xe1];
        segment.extend((exif.len() as u16 + 8).to_be_bytes());
        segment.extend(b"Exif\0\0");
        segment.extend(exif);
        bytes.splice(2..2, segment);
        bytes.extend(SECRET);
    }
    bytes
}

fn png(picture: &RgbaImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let (width, height) = picture.dimensions();
    let color = ExtendedColorType::Rgba8;
    let encoder = PngEncoder::new(&mut bytes);
    encoder.write_image(picture, width, height, color).unwrap();
    bytes
}

/// A PNG with a text chunk after its header; nobody looks at the sum of a chunk that goes.
fn with_text(mut png: Vec<u8>) -> Vec<u8> {
    let mut chunk = (SECRET.len() as u32).to_be_bytes().to_vec();
    chunk.extend(b"tEXt");
    chunk.extend(SECRET);
    chunk.extend([0; 4]);
    png.splice(33..33, chunk);
    png
}

const TEMPLATES: [(&str, &str); 3] = [
    (
        "templates/article.html",
        "{% if image %}{{ image | json }}{% endif %}\n{{ body }}",
    ),
    ("templates/page.html", "{{ body }}"),
    (
        "templates/channel.html",
        "{% for group in groups %}{% for card in group.cards %}{{ card.image | json }}\n{% endfor %}{% endfor %}",
    ),
];

fn site(config: &str) -> Bench {
    let mut bench = Bench::default();
    let source = &mut bench.source;
    source.put("masthead.yaml", config);
    for (path, text) in TEMPLATES {
        source.put(path, text);
    }
    source.put(
        "content/guoji/qiao/index.md",
        "---\ntitle: 大桥\ndate: 2026-11-20 08:00\nimage: {src: qiao.jpg, alt: 大桥}\n---\n\
         桥。\n\n![桥&塔](qiao.jpg \"题\")，![标](biao.png)，![外](https://e.org/a.jpg)，![图](/static.png)\n",
    );
    source.put("content/guoji/qiao/qiao.jpg", jpeg(1000, 500, Some(1)));
    let mark = RgbaImage::from_pixel(40, 30, image::Rgba([9, 9, 9, 128]));
    source.put("content/guoji/qiao/biao.png", with_text(png(&mark)));
    let large = RgbaImage::from_pixel(900, 90, image::Rgba([200, 30, 9, 128]));
    source.put("static/static.png", png(&large));
    bench
}

fn text(bench: &Bench, path: &str) -> String {
    let files = bench.sink.files();
    let bytes = files.get(path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(bytes.clone()).unwrap()
}

/// The pictures in the output, with the hashes in their names left out.
fn pictures(bench: &Bench) -> BTreeMap<String, Vec<u8>> {
    let files = bench.sink.files().clone().into_iter();
    let made = files.filter(|(path, _)| path.ends_with(".webp") || path.ends_with(".png"));
    made.map(|(path, bytes)| (plain(&path), bytes)).collect()
}

/// A text without the hashes of pictures.
fn plain(text: &str) -> String {
    let is_hash =
        |part: &&str| part.len() == 8 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    let parts = text
        .split('.')
        .map(|part| if is_hash(&part) { "HASH" } else { part });
    parts.collect::<Vec<&str>>().join(".")
}

fn size(bytes: &[u8]) -> (u32, u32) {
    image::load_from_memory(bytes).unwrap().dimensions()
}

#[test]
fn pages_name_sizes_and_widths() {
    let bench = site("");
    let outcome = bench.build();
    assert_eq!(report(&outcome.diagnostics, false), "");
    let page = plain(&text(&bench, "guoji/qiao/index.html"));
    let srcset = "/guoji/qiao/qiao.HASH.480.webp 480w, /guoji/qiao/qiao.HASH.800.webp 800w, \
                  /guoji/qiao/qiao.HASH.1000.webp 1000w";
    let view = serde_json::json!({
        "src": "/guoji/qiao/qiao.jpg", "width": 1000, "height": 500, "srcset": srcset,
        "alt": "大桥", "credit": null, "caption": null,
    });
    let (first, rest) = page.split_once('\n').unwrap();
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(first).unwrap(),
        view
    );
    let sizes = "sizes=\"(min-width: 46em) 42.75rem, 100vw\"";
    let lazy = "loading=\"lazy\" decoding=\"async\" />";
    let body = format!(
        "<p>桥。</p>\n<p><img src=\"/guoji/qiao/qiao.jpg\" alt=\"桥&amp;塔\" title=\"题\" \
         width=\"1000\" height=\"500\" srcset=\"{srcset}\" {sizes} {lazy}，\
         <img src=\"/guoji/qiao/biao.png\" alt=\"标\" width=\"40\" height=\"30\" {lazy}，\
         <img src=\"https://e.org/a.jpg\" alt=\"外\" />，\
         <img src=\"/static.png\" alt=\"图\" width=\"900\" height=\"90\" \
         srcset=\"/static.HASH.480.webp 480w, /static.HASH.800.webp 800w, /static.HASH.900.webp 900w\" \
         {sizes} {lazy}</p>"
    );
    assert_eq!(rest.trim_end(), body);
    let card = plain(&text(&bench, "guoji/index.html"));
    assert!(card.contains(srcset), "{card}");
    let made = pictures(&bench);
    for (path, expect) in [
        ("guoji/qiao/qiao.HASH.480.webp", (480, 240)),
        ("guoji/qiao/qiao.HASH.1000.webp", (1000, 500)),
        ("static.HASH.800.webp", (800, 80)),
        ("guoji/qiao/biao.png", (40, 30)),
    ] {
        assert_eq!(size(&made[path]), expect, "{path}");
    }
    // A photograph is lossy, a picture of one colour is not.
    assert_eq!(&made["guoji/qiao/qiao.HASH.800.webp"][12..16], b"VP8 ");
    assert_eq!(&made["static.HASH.900.webp"][12..16], b"VP8L");
    let clear = image::load_from_memory(&made["static.HASH.480.webp"]).unwrap();
    let alpha = clear.get_pixel(200, 20).0[3];
    assert!(
        (120..=136).contains(&alpha),
        "it can be seen through: {alpha}"
    );
}

#[test]
fn the_first_thing_on_a_page_is_not_lazy() {
    let mut bench = site("");
    let text_of = |picture: &str| format!("---\ntitle: 题\ndate: 2026-11-20\n---\n{picture}\n");
    let first = "![甲](qiao/biao.png)\n\n![乙](qiao/biao.png)";
    bench.source.put("content/guoji/a.md", text_of(first));
    let later = "文。\n\n![甲](qiao/biao.png)";
    bench.source.put("content/guoji/b.md", text_of(later));
    bench.build();
    let page = text(&bench, "guoji/a/index.html");
    let (one, two) = page.split_once("乙").unwrap();
    assert!(
        one.contains("fetchpriority=\"high\"") && !one.contains("lazy"),
        "{page}"
    );
    assert!(
        two.contains("lazy") && !two.contains("fetchpriority"),
        "{page}"
    );
    let page = text(&bench, "guoji/b/index.html");
    assert!(
        page.contains("lazy") && !page.contains("fetchpriority"),
        "{page}"
    );
}

#[test]
fn pictures_are_the_right_way_up_and_keep_no_secrets() {
    let mut bench = site("");
    bench
        .source
        .put("content/guoji/qiao/qiao.jpg", jpeg(1000, 500, Some(6)));
    bench.build();
    let page = text(&bench, "guoji/qiao/index.html");
    assert!(page.contains("width=\"500\" height=\"1000\""), "{page}");
    let files = bench.sink.files().clone();
    for (path, bytes) in &files {
        assert!(memchr::memmem::find(bytes, b"GPS ").is_none(), "{path}");
    }
    let upright = image::load_from_memory(&files["guoji/qiao/qiao.jpg"]).unwrap();
    let made = pictures(&bench);
    let small = image::load_from_memory(&made["guoji/qiao/qiao.HASH.480.webp"]).unwrap();
    for picture in [upright, small] {
        let (width, height) = picture.dimensions();
        assert!(height == width * 2, "{width} × {height}");
        let red = |y: u32| picture.get_pixel(width / 2, y).0[0] > 128;
        assert!(red(height / 8) && !red(height - height / 8), "left is up");
    }
}

#[test]
fn what_needs_no_turning_loses_no_pixel() {
    let bench = site("");
    bench.build();
    let (with, without) = (jpeg(1000, 500, Some(1)), jpeg(1000, 500, None));
    assert!(with.len() > without.len() + 2 * SECRET.len());
    assert_eq!(bench.sink.files()["guoji/qiao/qiao.jpg"], without);
    let mark = RgbaImage::from_pixel(40, 30, image::Rgba([9, 9, 9, 128]));
    assert_eq!(bench.sink.files()["guoji/qiao/biao.png"], png(&mark));
}

#[test]
fn wide_colours_keep_their_profile() {
    let mut profile = vec![7; 301];
    profile[16..20].copy_from_slice(b"RGB ");
    let (width, height) = (600, 300);
    let mut of_jpeg = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut of_jpeg, 90);
    encoder.set_icc_profile(profile.clone()).unwrap();
    let color = ExtendedColorType::Rgb8;
    encoder
        .write_image(&halves(width, height), width, height, color)
        .unwrap();
    let noise = RgbaImage::from_fn(width, height, |x, y| {
        let own = (x * 7919 + y * 104_729 + x * y) as u8;
        image::Rgba([own, own.wrapping_mul(7), own.wrapping_mul(31), own | 1])
    });
    let mut of_png = Vec::new();
    let mut encoder = PngEncoder::new(&mut of_png);
    encoder.set_icc_profile(profile.clone()).unwrap();
    let color = ExtendedColorType::Rgba8;
    encoder.write_image(&noise, width, height, color).unwrap();
    let mut bench = site("");
    bench.source.put("content/guoji/a.jpg", of_jpeg.clone());
    bench.source.put("content/guoji/b.png", of_png.clone());
    bench.build();
    let made = pictures(&bench);
    for path in ["guoji/a.HASH.480.webp", "guoji/b.HASH.600.webp"] {
        let decoder = image::codecs::webp::WebPDecoder::new(Cursor::new(&made[path]));
        let own = decoder.unwrap().icc_profile().unwrap();
        assert_eq!(own.as_ref(), Some(&profile), "{path}");
        assert_eq!(
            size(&made[path]).0,
            if path.contains("480") { 480 } else { 600 }
        );
    }
    let files = bench.sink.files();
    assert_eq!(files["guoji/a.jpg"], of_jpeg);
    assert_eq!(files["guoji/b.png"], of_png);
}

#[test]
fn pictures_may_stay_as_they_are() {
    let bench = site("pictures: off\n");
    let outcome = bench.build();
    assert_eq!(report(&outcome.diagnostics, false), "");
    let page = text(&bench, "guoji/qiao/index.html");
    assert!(
        page.contains("width=\"1000\" height=\"500\" loading"),
        "{page}"
    );
    assert!(!page.contains("srcset="), "{page}");
    let files = bench.sink.files();
    assert_eq!(files["guoji/qiao/qiao.jpg"], jpeg(1000, 500, Some(1)));
    assert!(!files.keys().any(|path| path.ends_with(".webp")));
    assert_eq!(outcome.pictures_decoded, 0);
}

#[test]
fn widths_and_quality_are_to_choose() {
    let bench = site("pictures: {widths: [640, 320], quality: 40}\n");
    bench.build();
    let made = pictures(&bench);
    let of_bridge = made.keys().filter(|path| path.contains("qiao.HASH"));
    let of_bridge: Vec<&String> = of_bridge.collect();
    assert_eq!(
        of_bridge,
        [
            "guoji/qiao/qiao.HASH.320.webp",
            "guoji/qiao/qiao.HASH.640.webp"
        ]
    );
    let finer = site("pictures: {widths: [640, 320], quality: 90}\n");
    finer.build();
    let path = "guoji/qiao/qiao.HASH.640.webp";
    assert!(pictures(&finer)[path].len() > made[path].len());
    let names = |bench: &Bench| {
        let files = bench.sink.files();
        let names = files.keys().filter(|path| path.ends_with(".webp"));
        names.cloned().collect::<Vec<String>>()
    };
    assert!(
        names(&finer)
            .iter()
            .all(|name| !names(&bench).contains(name))
    );
}

#[test]
fn names_fit_on_a_disk() {
    let mut bench = site("");
    let long = "图".repeat(83);
    let path = format!("content/guoji/{long}.jpg");
    bench.source.put(path, jpeg(500, 100, None));
    assert_eq!(report(&bench.build().diagnostics, false), "");
    let names: Vec<String> = pictures(&bench).into_keys().collect();
    let own = format!("guoji/{}.HASH.500.webp", "图".repeat(66));
    assert!(names.contains(&own), "{names:?}");
}

#[test]
fn each_picture_is_decoded_once() {
    let mut bench = site("");
    let outcome = bench.build();
    assert_eq!(
        outcome.pictures_decoded, 2,
        "one file each, in three widths"
    );
    let before = bench.sink.files().clone();
    bench.options.base_url = Some("https://e.org".to_string());
    let outcome = bench.build();
    assert!(outcome.tally.rendered > 0);
    assert_eq!(outcome.pictures_decoded, 0);
    // Another output, with the help of the same store.
    bench.options.base_url = None;
    bench.sink = Default::default();
    assert_eq!(bench.build().pictures_decoded, 0);
    assert_eq!(*bench.sink.files(), before);
    // What was kept is lost, or damaged.
    bench.sink = Default::default();
    for (name, blob) in bench.store.blobs().iter_mut() {
        if name.starts_with("picture-") {
            let last = blob.len() - 1;
            blob[last] ^= 1;
        }
    }
    assert_eq!(bench.build().pictures_decoded, 2);
    assert_eq!(*bench.sink.files(), before);
    bench.sink = Default::default();
    bench.store = store::Memory::default();
    assert_eq!(bench.build().pictures_decoded, 2);
    assert_eq!(*bench.sink.files(), before);
}

#[test]
fn what_is_not_needed_is_not_kept() {
    let mut bench = site("");
    bench.build();
    let kept = |bench: &Bench| {
        let blobs = bench.store.blobs();
        blobs
            .keys()
            .filter(|name| name.starts_with("picture-"))
            .count()
    };
    assert_eq!(kept(&bench), 6);
    bench.source.remove("static/static.png");
    bench.build();
    assert_eq!(kept(&bench), 3);
}

#[test]
fn an_edit_of_a_picture_is_a_clean_build() {
    let mut bench = site("");
    bench.build();
    let edits: [(&str, Vec<u8>); 4] = [
        ("content/guoji/qiao/qiao.jpg", jpeg(700, 600, Some(8))),
        ("static/static.png", png(&RgbaImage::new(500, 20))),
        ("content/guoji/qiao/qiao.jpg", b"no picture".to_vec()),
        ("content/guoji/qiao/qiao.jpg", jpeg(300, 600, None)),
    ];
    for (path, bytes) in edits {
        bench.source.put(path, bytes);
        let edited = bench.build();
        let clean = Bench {
            source: bench.source.clone(),
            ..Bench::default()
        };
        let outcome = clean.build();
        assert_eq!(*bench.sink.files(), *clean.sink.files());
        assert_eq!(edited.diagnostics, outcome.diagnostics);
    }
}

#[test]
fn threads_do_not_change_a_byte() {
    let mut bench = site("");
    for n in 0..6 {
        let path = format!("content/guoji/qiao/more{n}.jpg");
        bench.source.put(&path, jpeg(600 + n, 300, None));
    }
    let build = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads);
        let bench = Bench {
            source: bench.source.clone(),
            ..Bench::default()
        };
        let outcome = pool.build().unwrap().install(|| bench.build());
        let files = bench.sink.files().clone();
        (files, outcome)
    };
    let (one, first) = build(1);
    let (many, outcome) = build(8);
    assert!(one == many);
    assert_eq!(first.most_pixels, 1000 * 500, "one at a time");
    assert!(outcome.most_pixels <= BUDGET, "{}", outcome.most_pixels);
    assert_eq!(outcome.pictures_decoded, 8);
}

#[test]
fn a_header_that_claims_too_much_is_not_believed() {
    let mut bench = site("");
    let mut huge = png(&RgbaImage::new(16, 16));
    huge[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
    bench
        .source
        .put("content/guoji/qiao/qiao.jpg", jpeg(16, 16, None));
    bench
        .source
        .put("content/guoji/qiao/biao.png", huge.clone());
    let outcome = bench.build();
    let said = report(&outcome.diagnostics, false);
    assert_eq!(
        said,
        "warning[bad-picture]: this picture has 20000 × 20000 pixels
--> content/guoji/qiao/biao.png
 = note: it is published as it is, in no other size
 = help: make it smaller: at most 16383 pixels a side, and 100 million in all

"
    );
    assert_eq!(bench.sink.files()["guoji/qiao/biao.png"], huge);
    assert!(outcome.most_pixels < 100_000, "{}", outcome.most_pixels);
}

#[test]
fn what_is_cut_off_or_false_is_named() {
    let whole = [jpeg(600, 300, Some(6)), png(&RgbaImage::new(600, 300))];
    for (whole, name) in whole.iter().zip(["a.jpg", "a.png"]) {
        for part in [30, 60, 90, 99] {
            let mut bench = site("");
            let path = format!("content/guoji/{name}");
            let cut = whole[..(whole.len() - SECRET.len()) * part / 100].to_vec();
            bench.source.put(&path, cut.clone());
            let said = report(&bench.build().diagnostics, false);
            assert!(
                said.contains("is cut off, or damaged"),
                "{name} {part}: {said}"
            );
            assert!(said.contains(&path), "{said}");
            assert_eq!(bench.sink.files()[&format!("guoji/{name}")], cut);
        }
    }
    let mut bench = site("");
    bench
        .source
        .put("content/guoji/a.png", jpeg(600, 300, None));
    let said = report(&bench.build().diagnostics, false);
    assert!(
        said.contains("this is a JPEG picture under the name of a PNG"),
        "{said}"
    );
}

#[test]
fn pixels_that_make_no_picture_are_an_error_of_each_build() {
    let mut bench = site("");
    let mut broken = png(&RgbaImage::from_pixel(600, 300, image::Rgba([1, 2, 3, 4])));
    let at = memchr::memmem::find(&broken, b"IDAT").unwrap() + 12;
    broken[at] ^= 0xff;
    bench.source.put("content/guoji/a.png", broken);
    for _ in 0..2 {
        let said = report(&bench.build().diagnostics, false);
        assert!(
            said.contains("error[bad-picture]: this picture can't be decoded"),
            "{said}"
        );
    }
    bench.options.check = true;
    bench.sink = Default::default();
    bench.store = store::Memory::default();
    let outcome = bench.build();
    assert_eq!(outcome.pictures_decoded, 0, "a check decodes nothing");
}

#[test]
fn previews_answer_with_the_bytes_of_a_build() {
    let bench = site("");
    bench.build();
    let now = bench.options.now;
    let wishes = || Wishes {
        drafts: false,
        base_url: None,
        now: Box::new(move || now),
    };
    let source = || -> Box<Memory> { Box::new(bench.source.clone()) };
    let bare = Live::open(source(), &store::Memory::default(), wishes());
    let kept = Live::open(source(), &store::Memory::default(), wishes());
    let kept = kept.with_pictures(Box::new(store::Memory::default()));
    let files = bench.sink.files().clone();
    let pictures = files.iter().filter(|(path, _)| {
        [".webp", ".jpg", ".png"]
            .iter()
            .any(|ending| path.ends_with(ending))
    });
    for (path, bytes) in pictures {
        for live in [&bare, &kept] {
            let answer = live.answer(&format!("/{path}"));
            assert_eq!(answer.status, 200, "{path}");
            assert!(answer.body == *bytes, "{path}");
        }
    }
}

#[test]
fn guests_may_not_send_readers_elsewhere_for_a_picture() {
    let mut bench = site("channels: [{id: guoji, trust: false}]\n");
    bench.source.put(
        "content/guoji/a.md",
        "---\ntitle: 题\ndate: 2026-11-20\n---\n文。![图](qiao/qiao.jpg)\
         <img src=\"/a.png\" srcset=\"//e.org/a.png 2x\" alt=\"图\">\n",
    );
    bench.build();
    let page = plain(&text(&bench, "guoji/a/index.html"));
    assert!(
        page.contains("/guoji/qiao/qiao.HASH.480.webp 480w"),
        "{page}"
    );
    assert!(!page.contains("e.org"), "{page}");
}

//! Social cards: who has one, what changes it, and what is said of the font.

mod common;

use common::editor::Editor;
use common::fixture::Bench;
use common::font::font;
use image::GenericImageView;
use masthead::base::diagnostic::report;
use masthead::serve::Portal;
use masthead::serve::live::{Live, Wishes};
use masthead::sink::store;
use masthead::source::memory::Memory;
use std::collections::BTreeSet;

const CONFIG: &str = "title: 海港\nbase_url: https://e.org\nsocial_cards: {font: data/hei.ttf}\n\
                      channels: [{id: gang, name: 港, accent: '#1a5fb4'}]\n";
/// What the titles, the names and the dates of these tests are made of.
const CHARACTERS: &str = "海港新闻开放关于本站東东大桥橋0123456789年月日时，。：“”AI ";

fn article(title: &str, more: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2026-11-20 08:00\n{more}---\n文。\n")
}

fn site(config: &str) -> Bench {
    let mut bench = Bench::default();
    let source = &mut bench.source;
    source.put("masthead.yaml", format!("{CONFIG}{config}"));
    source.put("data/hei.ttf", font(CHARACTERS));
    source.put("content/gang/a.md", article("东海港开放", ""));
    let pictured = article("大桥", "image: {src: /b.png, alt: 桥}\n");
    source.put("content/gang/b.md", pictured);
    source.put(
        "content/gang/c.md",
        "---\nkind: flash\ndate: 2026-11-20 09:00\n---\n文。\n",
    );
    source.put("content/about.md", "---\ntitle: 关于本站\n---\n文。\n");
    let mut picture = std::io::Cursor::new(Vec::new());
    let blank = image::RgbImage::new(300, 200);
    blank
        .write_to(&mut picture, image::ImageFormat::Png)
        .unwrap();
    source.put("static/b.png", picture.into_inner());
    bench
}

fn text(bench: &Bench, path: &str) -> String {
    String::from_utf8(bench.sink.files()[path].clone()).unwrap()
}

fn cards(bench: &Bench) -> BTreeSet<String> {
    let files = bench.sink.files().clone().into_keys();
    files
        .filter(|path| path.ends_with("social-card.png"))
        .collect()
}

fn kept(bench: &Bench) -> usize {
    let blobs = bench.store.blobs();
    blobs
        .keys()
        .filter(|name| name.starts_with("card-"))
        .count()
}

/// The address of the picture that a page names for previews.
fn preview(page: &str) -> Option<String> {
    let rest = page.split_once("property=\"og:image\" content=\"")?.1;
    Some(rest.split_once('"')?.0.to_string())
}

#[test]
fn articles_without_a_picture_have_a_card_and_name_it() {
    let bench = site("");
    let outcome = bench.build();
    assert_eq!(report(&outcome.diagnostics, false), "");
    assert_eq!(outcome.cards_drawn, 1);
    let own = "gang/a/social-card.png".to_string();
    assert_eq!(cards(&bench), BTreeSet::from([own.clone()]));
    let card = image::load_from_memory(&bench.sink.files()[&own]).unwrap();
    assert_eq!(card.dimensions(), (1200, 630));
    // The channel's colour, the paper, and the ink of the first character.
    assert_eq!(card.get_pixel(600, 5).0, [0x1a, 0x5f, 0xb4, 255]);
    assert_eq!(card.get_pixel(10, 300).0, [0xfd, 0xfc, 0xf9, 255]);
    assert_eq!(card.get_pixel(110, 238).0, [0x1b, 0x1b, 0x1a, 255]);
    let page = text(&bench, "gang/a/index.html");
    let named = preview(&page).unwrap();
    assert!(
        named.starts_with("https://e.org/gang/a/social-card.png?"),
        "{named}"
    );
    for part in [
        "<meta property=\"og:image:width\" content=\"1200\">",
        "<meta property=\"og:image:height\" content=\"630\">",
        "<meta property=\"og:image:alt\" content=\"东海港开放\">",
        "<meta name=\"twitter:card\" content=\"summary_large_image\">",
        &format!("<meta itemprop=\"image\" content=\"{named}\">"),
        &format!(
            "\"image\":{{\"@type\":\"ImageObject\",\"url\":\"{named}\",\"width\":1200,\"height\":630"
        ),
    ] {
        assert!(page.contains(part), "no {part}: {page}");
    }
    let page = text(&bench, "gang/b/index.html");
    assert_eq!(preview(&page).as_deref(), Some("https://e.org/b.png"));
    assert!(page.contains("og:image:width\" content=\"300\""), "{page}");
    assert_eq!(preview(&text(&bench, "gang/c/index.html")), None);
    assert_eq!(preview(&text(&bench, "about/index.html")), None);
}

#[test]
fn a_card_changes_with_what_it_shows() {
    let mut bench = site("");
    bench.build();
    let path = "gang/a/social-card.png";
    let before = bench.sink.files()[path].clone();
    let named = preview(&text(&bench, "gang/a/index.html"));
    // Nothing to do, and an edit of the text: no card is drawn.
    assert_eq!(bench.build().cards_drawn, 0);
    bench.source.put(
        "content/gang/a.md",
        article("东海港开放", "").replace("文。", "文章。"),
    );
    assert_eq!(bench.build().cards_drawn, 0);
    assert_eq!(preview(&text(&bench, "gang/a/index.html")), named);
    // Another title: another card under another address, and the old one is forgotten.
    bench
        .source
        .put("content/gang/a.md", article("大海港开放", ""));
    assert_eq!(bench.build().cards_drawn, 1);
    assert_ne!(bench.sink.files()[path], before);
    assert_ne!(preview(&text(&bench, "gang/a/index.html")), named);
    assert_eq!((kept(&bench), cards(&bench).len()), (1, 1));
    // The old one again, and another output: it is drawn once, and loaded then.
    bench
        .source
        .put("content/gang/a.md", article("东海港开放", ""));
    assert_eq!(bench.build().cards_drawn, 1);
    assert_eq!(bench.sink.files()[path], before);
    bench.sink = Default::default();
    assert_eq!(bench.build().cards_drawn, 0);
    assert_eq!(bench.sink.files()[path], before);
    // The font is a part of it, and so is the channel's colour.
    bench
        .source
        .put("data/hei.ttf", font(&format!("{CHARACTERS}甲")));
    assert_eq!(bench.build().cards_drawn, 1);
    bench
        .source
        .put("masthead.yaml", CONFIG.replace("#1a5fb4", "#a00"));
    assert_eq!(bench.build().cards_drawn, 1);
    assert_eq!(kept(&bench), 1);
    // With a picture of its own the card goes.
    let pictured = article("东海港开放", "image: {src: /b.png, alt: 桥}\n");
    bench.source.put("content/gang/a.md", pictured);
    assert_eq!(bench.build().cards_drawn, 0);
    assert_eq!((kept(&bench), cards(&bench).len()), (0, 0));
    // All that is what a clean build leaves.
    bench.source.put("content/gang/a.md", article("大海港", ""));
    bench.build();
    let mut clean = site("");
    clean.source = bench.source;
    clean.build();
    assert_eq!(*clean.sink.files(), *bench.sink.files());
}

#[test]
fn each_edition_has_cards_of_its_own_titles() {
    let bench = site("editions: [zh-Hans, zh-Hant]\n");
    let outcome = bench.build();
    // 开 is 開 there, which the font lacks.
    let said = report(&outcome.diagnostics, false);
    assert!(
        said.contains("warning[missing-glyph]: the font of social cards lacks `開`"),
        "{said}"
    );
    let both = ["gang/a/social-card.png", "hant/gang/a/social-card.png"];
    assert_eq!(cards(&bench), both.map(str::to_string).into());
    let files = bench.sink.files().clone();
    assert_ne!(files[both[0]], files[both[1]]);
    let page = text(&bench, "hant/gang/a/index.html");
    let named = preview(&page).unwrap();
    assert!(
        named.starts_with("https://e.org/hant/gang/a/social-card.png?"),
        "{named}"
    );
    assert!(
        page.contains("og:image:alt\" content=\"東海港開放\""),
        "{page}"
    );
}

#[test]
fn a_file_of_the_same_name_stays() {
    let mut bench = site("");
    bench.source.put("content/gang/a/social-card.png", "own");
    let outcome = bench.build();
    assert_eq!(outcome.cards_drawn, 0);
    assert_eq!(bench.sink.files()["gang/a/social-card.png"], b"own");
    assert_eq!(preview(&text(&bench, "gang/a/index.html")), None);
}

#[test]
fn a_font_that_is_none_is_named_and_halts() {
    let check = |font: Option<&[u8]>, expect: &str| {
        let mut bench = site("");
        bench.source.remove("data/hei.ttf");
        bench.source.put("data/hei.otf", [0u8; 9]);
        if let Some(bytes) = font {
            bench.source.put("data/hei.ttf", bytes);
        }
        let outcome = bench.build();
        let said = report(&outcome.diagnostics, false);
        assert!(outcome.halted && said.contains(expect), "{said}");
        assert!(bench.sink.files().is_empty());
    };
    check(None, "there is no font `data/hei.ttf`");
    check(None, "did you mean `data/hei.otf`?");
    check(
        Some(b"no font at all"),
        "the font `data/hei.ttf` can't be read",
    );
    check(Some(b"wOF2----------"), "it is a web font");
    let whole = font(CHARACTERS);
    check(Some(&whole[..60]), "the font `data/hei.ttf` can't be read");
}

#[test]
fn a_check_draws_nothing_and_says_the_same() {
    let mut bench = site("editions: [zh-Hans, zh-Hant]\n");
    let said = report(&bench.build().diagnostics, false);
    bench.sink = Default::default();
    bench.store = Default::default();
    bench.options.check = true;
    let outcome = bench.build();
    assert_eq!(outcome.cards_drawn, 0);
    assert_eq!(report(&outcome.diagnostics, false), said);
}

#[test]
fn damaged_glyphs_cost_no_more_than_themselves() {
    let whole = font(CHARACTERS);
    for at in (60..whole.len()).step_by(7) {
        let mut bench = site("");
        let mut bytes = whole.clone();
        bytes[at] ^= 0xff;
        bench.source.put("data/hei.ttf", bytes);
        let outcome = bench.build();
        assert!(
            !report(&outcome.diagnostics, false).contains("panic"),
            "{at}"
        );
    }
}

#[test]
fn titles_of_any_length_are_set() {
    let mut bench = site("");
    let long = "海港新闻，开放大桥。".repeat(30);
    let word = "AI".repeat(200);
    for (n, title) in [long, word, "，".repeat(90), "海".to_string()]
        .iter()
        .enumerate()
    {
        let path = format!("content/gang/long-{n}.md");
        bench.source.put(path, article(&format!("\"{title}\""), ""));
    }
    let outcome = bench.build();
    assert_eq!(report(&outcome.diagnostics, false), "");
    assert_eq!(outcome.cards_drawn, 5);
}

#[test]
fn the_preview_shows_what_a_build_writes() {
    let bench = site("editions: [zh-Hans, zh-Hant]\n");
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
    for path in cards(&bench) {
        for live in [&bare, &kept] {
            let answer = live.answer(&format!("/{path}"));
            assert_eq!(answer.status, 200, "{path}");
            assert!(answer.body == bench.sink.files()[&path], "{path}");
        }
    }
}

/// A real font, which scripts/tools.sh installs: outlines of the CFF kind, in a collection.
#[test]
fn a_collection_gives_each_edition_its_own_shapes() {
    let path = "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc";
    let bytes = std::fs::read(path).expect("fonts-noto-cjk is installed by scripts/tools.sh");
    let mut bench = site("editions: [zh-Hans, zh-Hant]\n");
    bench.source.put("data/hei.ttf", bytes);
    // These characters are the same in both scripts, and drawn in two ways.
    let title = "海港直播：“骨”与 AI";
    bench
        .source
        .put("content/gang/a.md", article(&format!("'{title}'"), ""));
    let outcome = bench.build();
    assert_eq!(report(&outcome.diagnostics, false), "");
    let files = bench.sink.files();
    let card = &files["gang/a/social-card.png"];
    assert_ne!(*card, files["hant/gang/a/social-card.png"]);
    assert!(card.len() < 40_000, "{}", card.len());
    let picture = image::load_from_memory(card).unwrap().to_luma8();
    let dark = picture.pixels().filter(|pixel| pixel.0[0] < 80).count();
    assert!((5_000..60_000).contains(&dark), "{dark}");
}

/// Random edits, some of which take the cards out of the site or bring them in.
#[test]
fn cards_of_an_incremental_build_are_those_of_a_clean_one() {
    let mut drawn = 0;
    for seed in 0..8 {
        let mut editor = Editor::careful(seed);
        editor.bench.source.put("data/hei.ttf", font(CHARACTERS));
        editor.bench.build();
        for _ in 0..4 {
            let said = editor.edit();
            if editor.random.below(2) == 0 {
                let config = editor.bench.source.get("masthead.yaml").unwrap_or_default();
                let config = String::from_utf8(config.to_vec()).unwrap();
                let key = "social_cards: {font: data/hei.ttf}\n";
                let config = match config.contains(key) {
                    true => config.replace(key, ""),
                    false => config + key,
                };
                editor.bench.source.put("masthead.yaml", config);
            }
            drawn += editor.bench.build().cards_drawn;
            let (clean, _) = editor.clean();
            let files = editor.bench.sink.files().clone();
            assert!(*clean.sink.files() == files, "seed {seed}: {said}");
        }
    }
    assert!(drawn > 20, "{drawn}");
}

#[test]
fn pages_without_picture_or_card_name_the_configured_one_or_the_logo() {
    let check = |config: &str, expect: Option<&str>| {
        let bench = site(config);
        bench.build();
        // A flash without a title has no card either.
        for path in ["about/index.html", "gang/c/index.html", "index.html"] {
            let page = text(&bench, path);
            assert_eq!(preview(&page).as_deref(), expect, "{config} {path}");
            let small = "<meta name=\"twitter:card\" content=\"summary\">";
            assert!(page.contains(small), "{page}");
            assert!(!page.contains("og:image:width"), "{page}");
        }
        let own = preview(&text(&bench, "gang/b/index.html"));
        assert_eq!(own.as_deref(), Some("https://e.org/b.png"));
    };
    check("", None);
    let share = Some("https://e.org/share.png");
    check("seo: {image: /share.png}\n", share);
    check(
        "seo: {image: 'https://e.org/share.png'}\npublisher: {logo: /logo.png}\n",
        share,
    );
    let logo = Some("https://e.org/logo.png");
    check("publisher: {logo: /logo.png}\n", logo);
    check("publisher: {logo: /logo.svg}\n", None);
}

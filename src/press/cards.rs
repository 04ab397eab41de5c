//! Social cards: a picture of the title for articles that have none of their own.
//!
//! What a card shows is one value (`Shown`); its hash is the card's fingerprint, the name under
//! which it is kept, and a part of the address by which pages name it, so that nobody shows an old
//! one. A card is drawn from outlines: `skrifa` reads them, `ab_glyph_rasterizer` fills them.

use super::address;
use super::body::read;
use super::pictures::{Darkroom, keep, not_made};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::base::fingerprint::{Fingerprint, of};
use crate::base::text::fold::simplified;
use crate::base::text::pinyin::is_word;
use crate::base::text::ticker::named;
use crate::facts::font::{self, Font};
use crate::sink::store::Store;
use crate::site::{InEdition, List, Route, Site};
use crate::source::{CONFIG, Source};
use ab_glyph_rasterizer::{Point, Rasterizer, point};
use foldhash::HashSet;
use rayon::prelude::*;
use serde::Serialize;
use skrifa::instance::{Location, LocationRef, Size};
use skrifa::outline::{DrawSettings, OutlinePen};
use skrifa::{FontRef, MetadataProvider};
use std::sync::Arc;
use unicode_linebreak::linebreaks;

/// Its width in pixels.
pub const WIDTH: u32 = 1200;
/// Its height in pixels.
pub const HEIGHT: u32 = 630;
/// What the names of kept cards begin with.
const KEPT: &str = "card-";
/// Counts up when the same values would give other bytes.
const FORM: u32 = 1;

/// Pixels left and right of the text.
const MARGIN: f32 = 80.0;
/// Sizes of titles, and how many lines may be set in each: the largest that fits is taken.
const SIZES: [(f32, usize); 5] = [(88.0, 2), (76.0, 3), (68.0, 4), (60.0, 4), (52.0, 4)];
/// The height of a line, by its size.
const LEADING: f32 = 1.32;
/// The top of the title, and the line below which the portal's name stands.
const TITLE_TOP: f32 = 152.0;
const RULE: u32 = 530;
/// The bar of the channel's colour.
const BAR: u32 = 18;
/// How bold a font is set that can be had in all weights.
const WEIGHT: f32 = 700.0;

const PAPER: [u8; 3] = [0xfd, 0xfc, 0xf9];
const INK: [u8; 3] = [0x1b, 0x1b, 0x1a];
const MUTED: [u8; 3] = [0x5f, 0x5d, 0x58];
const HAIR: [u8; 3] = [0xdd, 0xd9, 0xd1];
/// The theme's own accent, where a channel has none.
const ACCENT: [u8; 3] = [0xa8, 0x20, 0x1a];

/// All that a card shows.
#[derive(Debug, Serialize)]
struct Shown {
    title: String,
    site: String,
    channel: String,
    accent: [u8; 3],
    date: Option<String>,
    language: String,
    font: Fingerprint,
    form: u32,
}

/// What the card of an article shows; none where it has no card.
fn shown(site: InEdition, n: u32) -> Option<Shown> {
    let font = site.site.font.as_deref().filter(|_| site.has_card(n))?;
    let article = &site.site.articles[n as usize];
    let channel = List::Channel(article.channel);
    let accent = site.channels[article.channel as usize]
        .record
        .accent
        .as_deref();
    Some(Shown {
        title: title(site, n),
        site: site.list_name(List::Home),
        channel: site.link(channel).name.clone(),
        accent: accent.and_then(color).unwrap_or(ACCENT),
        date: site.time(article).map(|time| time.day),
        language: script(site, n),
        font: font.digest,
        form: FORM,
    })
}

/// The language whose shapes are drawn: of an article in Latin script the site's, for the names
/// around the title.
fn script(site: InEdition, n: u32) -> String {
    let own = site.language_of_page(&site.site.articles[n as usize].facts);
    let is_wide = ["zh", "ja", "ko"].iter().any(|wide| own.starts_with(wide));
    match is_wide {
        true => own,
        false => site.language().to_string(),
    }
}

fn title(site: InEdition, n: u32) -> String {
    let facts = &site.site.articles[n as usize].facts;
    site.say(&named(&facts.title), facts.origin()).into_owned()
}

fn color(accent: &str) -> Option<[u8; 3]> {
    let digits = accent.strip_prefix('#')?;
    let whole = match digits.len() {
        3 => digits.chars().flat_map(|c| [c, c]).collect(),
        _ => digits.to_string(),
    };
    let value = u32::from_str_radix(&whole, 16).ok()?;
    let [_, rgb @ ..] = value.to_be_bytes();
    Some(rgb)
}

/// The fingerprint of the card of an article; none where it has no card.
pub fn print(site: InEdition, n: u32) -> Option<Fingerprint> {
    shown(site, n).map(|shown| of(&shown))
}

/// The address by which pages name the card of an article: another one with each change.
pub fn link(site: InEdition, n: u32) -> Option<String> {
    let print = print(site, n)?;
    let href = site.href(Route::SocialCard(n));
    Some(format!("{}?{:08x}", address(site, &href), print.0 as u32))
}

/// The card of an article, as PNG.
///
/// # Errors
/// A font that can't be read.
pub fn card(
    site: InEdition,
    n: u32,
    source: &dyn Source,
    darkroom: Option<Darkroom>,
) -> Result<Vec<u8>, Diagnostic> {
    let (Some(shown), Some(font)) = (shown(site, n), site.site.font.as_deref()) else {
        let message = "this article has no card".to_string();
        return Err(Diagnostic::new(Code::Panic, message));
    };
    let draw = |bytes: &[u8]| {
        let face = font::face(bytes, &shown.language);
        let drawn = face.and_then(|face| drawn(&shown, &face));
        drawn.ok_or_else(|| fault(font, "it can't be drawn from"))
    };
    let bytes = || read(&font.path, font.digest, source);
    let print = of(&shown);
    let Some(darkroom) = darkroom else {
        return draw(&bytes()?);
    };
    let pixels = u64::from(WIDTH * HEIGHT);
    keep(darkroom, &format!("{KEPT}{print}"), print, pixels, || {
        draw(&darkroom.bench.font(font.digest, || bytes().map(Arc::new))?)
    })
}

fn fault(font: &Font, why: &str) -> Diagnostic {
    let message = format!("no social card can be made with this font: {why}");
    let help = "name another one under `social_cards`, or take that key out";
    not_made(&font.path, message, help)
}

/// Forgets the cards that no article has any more.
pub fn sweep(store: &dyn Store, site: &Site) {
    let gone = store.names(KEPT);
    if gone.is_empty() {
        return;
    }
    let names = |n: u32| {
        let prints = site.in_editions().filter_map(move |one| print(one, n));
        prints.map(|print| format!("{KEPT}{print}"))
    };
    let numbers = 0..site.articles.len() as u32;
    let wanted: HashSet<String> = numbers.into_par_iter().flat_map_iter(names).collect();
    for name in gone.iter().filter(|name| !wanted.contains(*name)) {
        store.forget(name);
    }
}

/// What the font lacks, of titles in all editions, and of the names that stand on every card.
pub fn lacking(site: &Site) -> Vec<Diagnostic> {
    let Some(font) = site.font.as_deref() else {
        return Vec::new();
    };
    let told = |lacking: &[char]| {
        let each: Vec<String> = lacking.iter().take(8).map(|c| format!("`{c}`")).collect();
        let message = format!("the font of social cards lacks {}", each.join(", "));
        Diagnostic::new(Code::MissingGlyph, message)
            .note(format!("the font is {}", font.path))
            .help("name a font with these characters under `social_cards`")
    };
    let of_article = |n: u32| {
        let titles = site.in_editions().map(|one| title(one, n));
        let lacking = font.lacks(&titles.collect::<String>());
        let path = &site.articles[n as usize].facts.path;
        (!lacking.is_empty()).then(|| told(&lacking).at_key(path, "title"))
    };
    let numbers = (0..site.articles.len() as u32).into_par_iter();
    let mut all: Vec<Diagnostic> = numbers
        .filter(|n| site.has_card(*n))
        .filter_map(of_article)
        .collect();
    let names = |one: InEdition| {
        let channels = (0..site.channels.len() as u32).map(List::Channel);
        let lists = std::iter::once(List::Home).chain(channels);
        lists.map(|list| one.list_name(list)).collect::<String>()
    };
    let lacking = font.lacks(&site.in_editions().map(names).collect::<String>());
    if !lacking.is_empty() {
        all.push(told(&lacking).at_key(CONFIG, "social_cards"));
    }
    all
}

/// A face, ready to be set and drawn.
struct Face<'a> {
    font: FontRef<'a>,
    location: Location,
}

impl Face<'_> {
    fn width(&self, c: char, size: f32) -> f32 {
        let Some(glyph) = self.font.charmap().map(c) else {
            return 0.0;
        };
        let metrics = self.font.glyph_metrics(Size::new(size), &self.location);
        metrics.advance_width(glyph).unwrap_or_default()
    }

    fn width_of(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|c| self.width(c, size)).sum()
    }
}

/// Pixels by their place in the palette: paper, and three colours from faint to full.
struct Canvas {
    pixels: Vec<u8>,
}

/// How many steps a colour has between the paper and itself.
const STEPS: u8 = 60;

#[derive(Clone, Copy)]
enum Paint {
    Ink,
    Accent,
    Muted,
    Hair,
}

impl Canvas {
    fn fill(&mut self, rows: std::ops::Range<u32>, columns: std::ops::Range<u32>, paint: Paint) {
        for y in rows {
            for x in columns.clone() {
                self.pixels[(y * WIDTH + x) as usize] = paint as u8 * STEPS + STEPS;
            }
        }
    }

    /// Sets a line of text; gives where it ends.
    fn set(&mut self, face: &Face, text: &str, size: f32, at: (f32, f32), paint: Paint) -> f32 {
        let (mut x, baseline) = at;
        let top = (baseline - size * 1.2).max(0.0).floor();
        let height = ((baseline + size * 0.5).min(HEIGHT as f32) - top).max(1.0) as usize;
        let mut ink = Rasterizer::new(WIDTH as usize, height);
        let outlines = face.font.outline_glyphs();
        for c in text.chars() {
            let glyph = face.font.charmap().map(c);
            if let Some(outline) = glyph.and_then(|glyph| outlines.get(glyph)) {
                let location = LocationRef::from(&face.location);
                let settings = DrawSettings::unhinted(Size::new(size), location);
                let mut pen = Pen::new(&mut ink, (x, baseline - top), height);
                // A glyph that is damaged is left out.
                let _ = outline.draw(settings, &mut pen);
            }
            x += face.width(c, size);
        }
        let first = top as usize * WIDTH as usize;
        ink.for_each_pixel(|n, cover| {
            let level = (cover.clamp(0.0, 1.0) * f32::from(STEPS)).round() as u8;
            if level > 0
                && let Some(pixel) = self.pixels.get_mut(first + n)
            {
                *pixel = paint as u8 * STEPS + level;
            }
        });
        x
    }

    fn png(&self, accent: [u8; 3]) -> Option<Vec<u8>> {
        let mut palette = PAPER.to_vec();
        for full in [INK, accent, MUTED, HAIR] {
            for step in 1..=u32::from(STEPS) {
                let mix = |n: usize| {
                    let (from, to) = (u32::from(PAPER[n]), u32::from(full[n]));
                    let all = u32::from(STEPS);
                    ((from * (all - step) + to * step + all / 2) / all) as u8
                };
                palette.extend([mix(0), mix(1), mix(2)]);
            }
        }
        let mut bytes = Vec::new();
        let mut encoder = png::Encoder::new(&mut bytes, WIDTH, HEIGHT);
        encoder.set_color(png::ColorType::Indexed);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_palette(palette);
        // Places in a palette have no neighbours to be guessed from.
        encoder.set_filter(png::Filter::NoFilter);
        encoder.set_compression(png::Compression::Balanced);
        let mut writer = encoder.write_header().ok()?;
        writer.write_image_data(&self.pixels).ok()?;
        writer.finish().ok()?;
        Some(bytes)
    }
}

fn drawn(shown: &Shown, font: &FontRef) -> Option<Vec<u8>> {
    let face = Face {
        font: font.clone(),
        location: font.axes().location([("wght", WEIGHT)]),
    };
    let mut canvas = Canvas {
        pixels: vec![0; (WIDTH * HEIGHT) as usize],
    };
    let right = WIDTH as f32 - MARGIN;
    canvas.fill(0..BAR, 0..WIDTH, Paint::Accent);
    let channel = fitted(&face, &shown.channel, 34.0, right - MARGIN);
    canvas.set(&face, &channel, 34.0, (MARGIN, 108.0), Paint::Accent);
    let (size, lines) = title_lines(&face, &shown.title, right - MARGIN);
    for (n, line) in lines.iter().enumerate() {
        let baseline = TITLE_TOP + size + n as f32 * size * LEADING;
        canvas.set(&face, line, size, (MARGIN, baseline), Paint::Ink);
    }
    canvas.fill(RULE..RULE + 2, MARGIN as u32..right as u32, Paint::Hair);
    let date = shown.date.as_deref().unwrap_or_default();
    let date_width = face.width_of(date, 28.0);
    canvas.set(&face, date, 28.0, (right - date_width, 586.0), Paint::Muted);
    let room = right - MARGIN - date_width - 40.0;
    let name = fitted(&face, &shown.site, 34.0, room);
    canvas.set(&face, &name, 34.0, (MARGIN, 588.0), Paint::Ink);
    canvas.png(shown.accent)
}

/// A text in one line, cut where it is too long.
fn fitted(face: &Face, text: &str, size: f32, room: f32) -> String {
    if face.width_of(text, size) <= room {
        return text.to_string();
    }
    let mut room = room - face.width('…', size);
    let fits = |c: &char| {
        room -= face.width(*c, size);
        room >= 0.0
    };
    let cut: String = text.chars().take_while(fits).collect();
    format!("{}…", cut.trim_end())
}

/// The size of a title and its lines.
fn title_lines(face: &Face, title: &str, room: f32) -> (f32, Vec<String>) {
    let mut last = (0.0, Vec::new());
    for (size, most) in SIZES {
        let pieces = pieces(face, title, size, room);
        let lines = balanced(&pieces, room);
        if lines.len() <= most {
            return (size, lines);
        }
        last = (size, lines);
        last.1.truncate(most);
    }
    // It doesn't fit: the last line says so.
    if let Some(line) = last.1.last_mut() {
        *line = fitted(face, &format!("{line}…………"), last.0, room);
        let bare = line.trim_end_matches('…').trim_end();
        *line = format!("{bare}…");
    }
    last
}

/// A part of a title that no line end may cut.
struct Piece<'t> {
    text: &'t str,
    width: f32,
    /// The blanks at its end, which no line end shows.
    blank: f32,
    /// What it costs to end a line here.
    tear: f32,
}

/// Cuts a title where Unicode lets a line end (UAX #14): never before a full stop or a closing
/// quote, nor after an opening one, nor within a Latin word.
fn pieces<'t>(face: &Face, title: &'t str, size: f32, room: f32) -> Vec<Piece<'t>> {
    let mut pieces = Vec::new();
    let mut from = 0;
    for to in line_ends(title) {
        let text = &title[from..to];
        from = to;
        let bare = text.trim_end();
        let piece = Piece {
            text,
            width: face.width_of(text, size),
            blank: face.width_of(&text[bare.len()..], size),
            tear: tear(&title[..to], &title[to..]),
        };
        // A word that is wider than the card is cut anywhere.
        if piece.width - piece.blank <= room {
            pieces.push(piece);
            continue;
        }
        pieces.extend(text.char_indices().map(|(at, c)| {
            let text = &text[at..at + c.len_utf8()];
            let width = face.width(c, size);
            Piece {
                text,
                width,
                blank: 0.0,
                tear: WITHIN_A_PHRASE,
            }
        }));
    }
    pieces
}

/// What a line end costs that tears a phrase: as much as a line that is a fifth too short.
const WITHIN_A_PHRASE: f32 = 0.04;
/// And one that tears a word: half a line.
const WITHIN_A_WORD: f32 = 0.25;

/// A quotation of so many characters is a name, and not to be torn.
const SHORT: usize = 8;

/// Where lines of a title may end, as byte offsets: where Unicode says so, and before and after
/// quotations in Chinese, whose marks it takes for those of any language.
fn line_ends(title: &str) -> Vec<usize> {
    let is_wide = |c: char| c.is_alphanumeric() && !c.is_ascii();
    let ends_part = |c: char| is_wide(c) || "，。：；！？、）」』》".contains(c);
    let mut before = None;
    let quotes = title.char_indices().filter_map(|(at, c)| {
        let last = before.replace(c)?;
        let opens = matches!(c, '“' | '‘') && ends_part(last);
        let closed = matches!(last, '”' | '’') && is_wide(c);
        (opens || closed).then_some(at)
    });
    let mut all: Vec<usize> = linebreaks(title).map(|(to, _)| to).chain(quotes).collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// What it costs to end a line between two parts of a title: nothing after punctuation, after a
/// blank and at a quotation.
fn tear(before: &str, after: &str) -> f32 {
    let (Some(last), Some(next)) = (before.chars().next_back(), after.chars().next()) else {
        return 0.0;
    };
    if !last.is_alphanumeric() || !next.is_alphanumeric() {
        return 0.0;
    }
    // Particles belong to what is before them.
    let follows = "的了着过们吗呢吧過們嗎".contains(next);
    let pair = String::from_iter([last, next].map(simplified));
    match follows || is_word(&pair) || is_in_a_name(before, after) {
        true => WITHIN_A_WORD,
        false => WITHIN_A_PHRASE,
    }
}

fn is_in_a_name(before: &str, after: &str) -> bool {
    const OPENING: [char; 5] = ['“', '‘', '「', '『', '《'];
    const CLOSING: [char; 5] = ['”', '’', '」', '』', '》'];
    let opened = before.rfind(OPENING).map(|at| &before[at..]);
    let opened = opened.filter(|inside| !inside.contains(CLOSING));
    let closed = after.find(CLOSING).map(|at| &after[..at]);
    let closed = closed.filter(|inside| !inside.contains(OPENING));
    let both = opened.zip(closed);
    both.is_some_and(|(a, b)| a.chars().count() + b.chars().count() <= SHORT)
}

/// As few lines as possible, and of these the most even ones: what a line is shorter than the
/// average counts by its square, and a line end that tears something as much as a piece of a line.
fn balanced(pieces: &[Piece], room: f32) -> Vec<String> {
    let width = |range: &[Piece]| {
        let all: f32 = range.iter().map(|piece| piece.width).sum();
        all - range.last().map_or(0.0, |last| last.blank)
    };
    let least = {
        let (mut lines, mut from) = (1, 0);
        for to in 1..=pieces.len() {
            if width(&pieces[from..to]) > room {
                lines += 1;
                from = to - 1;
            }
        }
        lines
    };
    let even = width(pieces) / least as f32;
    // best[n][to]: the cost of the first `to` pieces in n lines, and where the last line begins.
    let none = (f32::INFINITY, 0);
    let mut best = vec![vec![none; pieces.len() + 1]; least + 1];
    best[0][0] = (0.0, 0);
    for lines in 1..=least {
        for to in 1..=pieces.len() {
            for from in (0..to).rev() {
                let own = width(&pieces[from..to]);
                if own > room {
                    break;
                }
                let off = (own - even) / room;
                let tear = match to < pieces.len() {
                    true => pieces[to - 1].tear,
                    false => 0.0,
                };
                let cost = best[lines - 1][from].0 + off * off + tear;
                if cost < best[lines][to].0 {
                    best[lines][to] = (cost, from);
                }
            }
        }
    }
    let mut lines = Vec::new();
    let mut to = pieces.len();
    for n in (1..=least).rev() {
        let from = best[n][to].1;
        let texts = pieces[from..to].iter().map(|piece| piece.text);
        let line: String = texts.collect();
        lines.push(line.trim().to_string());
        to = from;
    }
    lines.reverse();
    lines.retain(|line| !line.is_empty());
    lines
}

/// Draws outlines, upside down and moved to their place.
struct Pen<'r> {
    ink: &'r mut Rasterizer,
    origin: (f32, f32),
    height: f32,
    first: Point,
    last: Point,
}

impl Pen<'_> {
    fn new(ink: &mut Rasterizer, origin: (f32, f32), height: usize) -> Pen<'_> {
        Pen {
            ink,
            origin,
            height: height as f32,
            first: point(0.0, 0.0),
            last: point(0.0, 0.0),
        }
    }

    /// What lies beside the card is drawn at its edge.
    fn place(&self, x: f32, y: f32) -> Point {
        point(
            (self.origin.0 + x).clamp(0.0, WIDTH as f32 - 1.0),
            (self.origin.1 - y).clamp(0.0, self.height),
        )
    }
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.first = self.place(x, y);
        self.last = self.first;
    }

    fn line_to(&mut self, x: f32, y: f32) {
        let to = self.place(x, y);
        self.ink.draw_line(self.last, to);
        self.last = to;
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        let to = self.place(x, y);
        self.ink.draw_quad(self.last, self.place(cx, cy), to);
        self.last = to;
    }

    fn curve_to(&mut self, ax: f32, ay: f32, bx: f32, by: f32, x: f32, y: f32) {
        let to = self.place(x, y);
        let (a, b) = (self.place(ax, ay), self.place(bx, by));
        self.ink.draw_cubic(self.last, a, b, to);
        self.last = to;
    }

    fn close(&mut self) {
        self.ink.draw_line(self.last, self.first);
        self.last = self.first;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Lines of a title, in a font whose Han are ten wide and all else five.
    fn check(title: &str, room: f32, expect: &[&str]) {
        let mut from = 0;
        let wide = |text: &str| {
            let each = text.chars().map(|c| if c.is_ascii() { 5.0 } else { 10.0 });
            each.sum::<f32>()
        };
        let pieces: Vec<Piece> = line_ends(title)
            .into_iter()
            .map(|to| {
                let text = &title[from..to];
                from = to;
                Piece {
                    text,
                    width: wide(text),
                    blank: wide(&text[text.trim_end().len()..]),
                    tear: tear(&title[..to], &title[to..]),
                }
            })
            .collect();
        assert_eq!(balanced(&pieces, room), expect);
    }

    #[test]
    fn lines_are_even_and_end_where_a_phrase_does() {
        check("海港今日开放", 100.0, &["海港今日开放"]);
        let expect = ["海港今日开放，", "欢迎来到码头"];
        check("海港今日开放，欢迎来到码头", 100.0, &expect);
        // Never a single character in the last line, nor a mark at the beginning of one.
        check(
            "甲丙戊庚壬子寅辰午申戌",
            100.0,
            &["甲丙戊庚壬子", "寅辰午申戌"],
        );
        check(
            "甲丙戊庚壬子寅辰午申。",
            100.0,
            &["甲丙戊庚壬子", "寅辰午申。"],
        );
        check("“甲丙戊庚”寅辰午", 60.0, &["“甲丙戊庚”", "寅辰午"]);
        let expect = ["港口 AI", "Dictionary", "开放"];
        check("港口 AI Dictionary 开放", 60.0, &expect);
    }

    #[test]
    fn words_are_not_torn_in_either_script() {
        check("甲丙戊庚机器人寅辰", 50.0, &["甲丙戊庚", "机器人寅辰"]);
        check("甲丙戊庚機器人寅辰", 50.0, &["甲丙戊庚", "機器人寅辰"]);
        check("甲丙戊了寅辰午", 40.0, &["甲丙戊了", "寅辰午"]);
        let expect = ["一根桩六分钟：", "“海胆”机器人", "替潜水员看完了"];
        check("一根桩六分钟：“海胆”机器人替潜水员看完了", 90.0, &expect);
    }

    #[test]
    fn colours_are_read() {
        assert_eq!(color("#b3261e"), Some([0xb3, 0x26, 0x1e]));
        assert_eq!(color("#fa0"), Some([0xff, 0xaa, 0x00]));
    }
}

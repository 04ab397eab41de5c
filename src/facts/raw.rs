//! From a raw dump to facts and body.

use super::dump::{self, Block, Dump, DumpDate, Guess, WeekdayHint};
use super::front_matter;
use super::markdown::{self, escaped, linked, note_tickers};
use super::{Around, EdgeLine, Facts, Method, OpenYear, Outline, Spot, Summary};
use crate::base::date::Stamp;
use crate::base::diagnostic::{Code, Diagnostic, Lines};
use crate::base::fingerprint::of_bytes;
use crate::base::text::count::{Count, Counter};
use crate::base::text::extract::PROSE;
use crate::base::text::script::{Counts, language};
use crate::base::text::sketch::Sketcher;

/// Reads a dump into `facts`; returns its prose. `year` is that of a folder named by one.
pub fn read(facts: &mut Facts, text: &str, year: Option<i16>) -> String {
    if let Some(format) = front_matter::format(text) {
        let said = no_dump(&facts.path, format);
        facts.diagnostics.get_mut().push(said);
        return String::new();
    }
    let dump = dump::parse(text);
    let lines = Lines::new(&facts.path, text);
    facts
        .diagnostics
        .get_mut()
        .extend(dump.guesses.iter().map(|guess| note(&lines, guess)));
    if !dump.templates.is_empty() {
        let names = dump.templates.join("`, `");
        let message = format!("foreign template names are kept as `origin.templates`: `{names}`");
        facts
            .diagnostics
            .get_mut()
            .push(Diagnostic::new(Code::Guess, message).in_file(&facts.path));
    }
    facts.lang = body_language(&dump).map(str::to_string);
    facts.outline = outline(&dump);
    let raw = facts.raw.get_mut();
    raw.edges = edges(&dump);
    raw.paragraphs = dump.body.len() as u32;
    raw.templates.clone_from(&dump.templates);
    facts.title = match &dump.title {
        Some(title) => title.text.clone(),
        None => {
            let stem = facts.slug.clone();
            let said = super::no_title(&facts.path, &stem);
            facts.diagnostics.get_mut().push(said);
            stem
        }
    };
    match &dump.date {
        Some(date) => set_date(facts, date, dump.weekday.as_ref(), year),
        None if facts.folder.is_none() => {}
        None => facts.diagnostics.get_mut().push(no_date(&facts.path)),
    }
    let prose = prose(&dump);
    set_meta(facts, dump);
    prose
}

/// The last paragraphs of a dump that no summary is made of, if they are short: what many dumps
/// have there is promotion, which one dump can't know.
const LAST: usize = 3;

/// The paragraphs of a dump, one a line, as far as summaries are made of them.
pub fn prose(dump: &Dump) -> String {
    let mut prose = String::new();
    let count = dump.body.len();
    for (at, block) in dump.body.iter().enumerate() {
        let short = block.text.chars().nth(LONGEST as usize).is_none();
        if prose.len() > PROSE || at + LAST >= count && short {
            break;
        }
        prose.extend(block.text.lines());
        prose.push('\n');
    }
    prose
}

/// What is Markdown would have its keys printed as text, and a draft be published.
fn no_dump(path: &str, format: &str) -> Diagnostic {
    let file = path.rsplit('/').next().unwrap_or(path);
    let stem = file.strip_suffix(".txt").unwrap_or(file);
    let message = format!("this is no dump but Markdown: it begins with front matter in {format}");
    let rename = format!("rename it to `{stem}.md`");
    Diagnostic::new(Code::WrongEnding, message)
        .in_file(path)
        .help(match format {
            "YAML" => rename,
            _ => format!("{rename}, and write its front matter as YAML"),
        })
}

fn no_date(path: &str) -> Diagnostic {
    Diagnostic::new(
        Code::NoDate,
        "no date; the article comes last in every list and shows none",
    )
    .in_file(path)
    .help("write source and date on the first line: `海港日报 2026年11月24日 08:00`")
}

fn note(lines: &Lines, guess: &Guess) -> Diagnostic {
    Diagnostic::new(Code::Guess, format!("{}: {}", guess.what, guess.reason)).at(lines.place(
        guess.line,
        guess.column,
        guess.width,
        "",
    ))
}

fn set_date(
    facts: &mut Facts,
    date: &DumpDate,
    weekday: Option<&WeekdayHint>,
    folder: Option<i16>,
) {
    let stamp = Stamp {
        year: date.year,
        month: date.month,
        day: date.day,
        time: date.time,
        offset: date.offset,
    };
    let dated = folder
        .filter(|_| date.year.is_none())
        .and_then(|year| stamp.in_year(year));
    facts.year_inferred = dated.is_some();
    facts.meta.date = Some(dated.unwrap_or(stamp));
    if dated.is_none() && date.year.is_none() {
        facts.raw.get_mut().open_year = Some(OpenYear {
            spot: Spot {
                line: date.line,
                column: date.column,
                width: date.width,
            },
            weekday: weekday.map(|hint| (hint.weekday, hint.text.clone(), hint.line)),
        });
    } else if let Some(year) = folder.filter(|_| dated.is_some()) {
        let message = format!("the date has no year; {year} is taken from the folder's name");
        let spot = Spot {
            line: date.line,
            column: date.column,
            width: date.width,
        };
        facts
            .diagnostics
            .get_mut()
            .push(Diagnostic::new(Code::Guess, message).at(spot.place(&facts.path, "")));
    }
}

fn set_meta(facts: &mut Facts, dump: Dump) {
    let texts = |blocks: Vec<Block>| blocks.into_iter().map(|block| block.text).collect();
    facts.meta.source = dump.source.map(|block| block.text);
    facts.meta.source_url = dump.link.map(|block| block.text);
    // A dump doesn't say who wrote its summary; what portals put there is a model's, and the law
    // wants that said rather than forgotten.
    facts.meta.summary = dump.summary.map(|block| {
        Box::new(Summary {
            text: block.text,
            method: Method::Ai,
            ..Summary::default()
        })
    });
    facts.meta.highlights = texts(dump.points);
    if let Some(block) = dump.standfirst {
        facts.meta.more.get_mut().standfirst = Some(block.text);
    }
    facts.meta.authors = texts(dump.authors);
    facts.meta.editors = texts(dump.editors);
    facts.meta.tags = texts(dump.tags);
}

fn body_language(dump: &Dump) -> Option<&'static str> {
    let mut sample = String::new();
    for block in &dump.body {
        sample.push_str(&block.text);
        if sample.len() > 3_000 {
            break;
        }
    }
    language(&sample)
}

fn outline(dump: &Dump) -> Outline {
    let mut count = Count::default();
    dump.standfirst
        .iter()
        .for_each(|block| count.add(&block.text));
    let mut tickers = Vec::new();
    for block in dump.standfirst.iter().chain(&dump.body) {
        note_tickers(&block.text, &mut tickers);
    }
    let mut sketcher = Sketcher::default();
    for block in &dump.body {
        let by_class = &mut Counts::default();
        Counter::default().add_and_tell(&block.text, &mut count, by_class, |c| sketcher.add(c));
    }
    let mut outline = Outline {
        tickers: tickers.into(),
        han: count.han,
        words: count.words,
        ..Outline::default()
    };
    outline.keep_sketch(sketcher);
    outline
}

/// How many paragraphs from the top, and from the end, may be promotion.
const TOP: usize = 3;
const END: usize = 8;
/// The longest paragraph that may be, in characters.
const LONGEST: u32 = 120;

/// The short paragraphs near the edges. Those alone: a hash of every paragraph of a million dumps
/// would take as much memory as all the rest of the site.
fn edges(dump: &Dump) -> Vec<EdgeLine> {
    let count = dump.body.len();
    let near = dump.body.iter().enumerate();
    near.filter(|(at, _)| *at < TOP || at + END >= count)
        .filter_map(|(at, block)| {
            let width = block.text.chars().take(LONGEST as usize + 1).count() as u32;
            let mut length = Count::default();
            length.add(&block.text);
            (width <= LONGEST).then(|| EdgeLine {
                hash: of_bytes(block.text.as_bytes()).0 as u64,
                paragraph: at as u32,
                length: length.total(),
                spot: Spot {
                    line: block.line,
                    column: 1,
                    width,
                },
            })
        })
        .collect()
}

/// The body of a dump in some editions: its paragraphs, as they are, without those that are
/// promotion.
pub fn bodies(text: &str, lang: Option<&str>, editions: &[Around]) -> Vec<String> {
    let dump = dump::parse(text);
    let body = |around: &Around| body(&dump, lang, text.len(), around);
    editions.iter().map(body).collect()
}

fn body(dump: &Dump, lang: Option<&str>, length: usize, around: &Around) -> String {
    let mut html = String::with_capacity(length + dump.body.len() * 8);
    let lang = around.script.map_or(lang, |script| Some(script.language));
    for (at, block) in dump.body.iter().enumerate() {
        if around.left_out.contains(&(at as u32)) {
            continue;
        }
        let turned = around
            .script
            .and_then(|script| markdown::turned(&block.text, script.turn));
        let text = turned.as_deref().unwrap_or(&block.text);
        let own = language(text).filter(|own| lang.is_some_and(|lang| lang != *own));
        match own {
            Some(own) => html.push_str(&format!("<p lang=\"{own}\">")),
            None => html.push_str("<p>"),
        }
        let linked = linked(text, around.tickers);
        html.push_str(linked.as_deref().unwrap_or(&escaped(text)));
        html.push_str("</p>\n");
    }
    html
}

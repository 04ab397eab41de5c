//! Layer 5: `masthead import`: raw dumps become Markdown that an editor looks through.
//!
//! [`import`] is a function of the dumps' bytes, the site's configuration and the moment. It
//! reads a dump by the same steps as a build ([`facts()`], [`promo`], [`year`]), so both find the
//! same title, date and tags. What it adds is punctuation: half-width marks in Chinese become
//! full-width, which a build never does. Nothing is lost silently: [`Taken`] lists all that was
//! taken, and every line that was left out. Files are read and written by `cli`.

mod body;
mod front;
mod place;
mod report;

pub use front::front_matter;
pub use place::Raw;
pub use report::{Found, LeftOut, Taken};

use crate::base::date::{Moment, Stamp};
use crate::base::diagnostic::{Code, Diagnostic, Lines, Severity};
use crate::base::text::encoding::decode;
use crate::base::text::punctuation::restored;
use crate::base::text::ticker::mentions;
use crate::config::Config;
use crate::facts::dump::{self, Block, Dump};
use crate::facts::{Facts, Meta, Name, facts};
use crate::site::{promo, year};
use place::{Channel, Names};

/// What an import goes by.
pub struct Options<'a> {
    /// The site's configuration: its zone, and its channels.
    pub config: &'a Config,
    /// The moment that tells the year of a date without one.
    pub now: Moment,
    /// The channel of dumps whose folder tells none.
    pub channel: Option<&'a str>,
    /// The files that are there already, from the folder that Markdown goes to.
    pub existing: &'a [String],
    /// That folder, as reports show it: `content`.
    pub to: &'a str,
    /// Leaves punctuation as it is.
    pub keep_punctuation: bool,
}

/// What came out of an import.
#[derive(Default)]
pub struct Import {
    /// The articles, in the order of their dumps.
    pub files: Vec<File>,
    /// What is to be said, in the order of the dumps.
    pub diagnostics: Vec<Diagnostic>,
}

/// An article in Markdown.
pub struct File {
    /// Where it goes, from the folder that Markdown goes to.
    pub path: String,
    /// Front matter and body.
    pub text: String,
    /// What was taken from the dump.
    pub taken: Taken,
}

/// Makes Markdown of dumps.
pub fn import(raws: &[Raw], options: &Options) -> Import {
    let known = place::known(options);
    let channels: Vec<Channel> = raws
        .iter()
        .map(|raw| place::channel(raw, &known, options.channel))
        .collect();
    let read: Vec<Facts> = raws
        .iter()
        .zip(&channels)
        .map(|(raw, channel)| facts(&raw.inner_path(&channel.id), &raw.bytes))
        .collect();
    let repeated = promo::learn(&read);
    let mut names = Names::new(raws, options);
    let mut import = Import::default();
    import.diagnostics.extend(place::by_default(&channels));
    for ((raw, channel), facts) in raws.iter().zip(&channels).zip(&read) {
        let out = &mut import.diagnostics;
        match decode(&raw.name, &raw.bytes) {
            Ok(decoded) if !facts.is_broken() => {
                let text = decoded.text;
                let job = One {
                    raw,
                    channel,
                    facts,
                    lines: Lines::new(&raw.name, &text),
                    dump: dump::parse(&text),
                    left_out: promo::found(facts, &repeated),
                };
                import.files.extend(job.file(options, &mut names, out));
            }
            _ => out.extend(mended(facts, &Lines::new(&raw.name, ""))),
        }
    }
    import
}

/// What was said of a dump, with its own name and its lines.
fn mended(facts: &Facts, lines: &Lines) -> Vec<Diagnostic> {
    let all = facts.diagnostics.iter().cloned();
    all.map(|diagnostic| in_dump(diagnostic, lines)).collect()
}

/// A diagnostic of a build, said of a dump that becomes Markdown.
fn in_dump(mut diagnostic: Diagnostic, lines: &Lines) -> Diagnostic {
    if let Some(place) = &mut diagnostic.place {
        place.file = lines.file().to_string();
        if let Some(excerpt) = place.excerpt.take() {
            *place = lines.place(place.line, place.column, excerpt.width, excerpt.label);
        }
    }
    match diagnostic.code {
        Code::NoDate => diagnostic.help = Some("write `date: …` in its front matter".to_string()),
        Code::NoTitle => diagnostic.help = Some("write `title: …` in its front matter".to_string()),
        Code::YearGuess => {
            diagnostic.notes.clear();
            diagnostic.help = Some("mend `date` in the Markdown if it is another".to_string());
        }
        Code::WrongEnding => {
            let yaml = diagnostic.message.ends_with("YAML");
            let first = if yaml {
                ""
            } else {
                "write its front matter as YAML, and "
            };
            diagnostic.help = Some(format!("{first}put it into content/ as it is"));
        }
        Code::Encoding if diagnostic.severity == Severity::Note => diagnostic.help = None,
        Code::Guess => {
            let kept = "`extra.origin_templates`";
            diagnostic.message = diagnostic.message.replace("`origin.templates`", kept);
        }
        _ => {}
    }
    diagnostic
}

/// Restores punctuation, and counts.
struct Marks {
    wanted: bool,
    count: usize,
}

impl Marks {
    fn text(&mut self, text: &str) -> String {
        if !self.wanted {
            return text.to_string();
        }
        let restored = restored(text);
        self.count += restored.marks;
        restored.text
    }
}

/// One dump on its way to Markdown.
struct One<'a> {
    raw: &'a Raw,
    channel: &'a Channel,
    facts: &'a Facts,
    lines: Lines<'a>,
    dump: Dump,
    /// Paragraphs that many dumps share, and the note on them.
    left_out: (Vec<u32>, Option<Diagnostic>),
}

impl One<'_> {
    fn file(
        mut self,
        options: &Options,
        names: &mut Names,
        out: &mut Vec<Diagnostic>,
    ) -> Option<File> {
        let mut said = mended(self.facts, &self.lines);
        let note = self.left_out.1.take();
        said.extend(note.map(|note| in_dump(note, &self.lines)));
        let mut marks = Marks {
            // Korean sets half-width marks, also beside Han.
            wanted: !options.keep_punctuation && self.facts.lang.as_deref() != Some("ko"),
            count: 0,
        };
        let mut meta = self.meta(options, &mut marks, &mut said);
        let paragraphs = self.paragraphs(&mut marks);
        meta.more.get_mut().tickers = self.tickers();
        let target = names.target(self.raw, self.channel, &meta, &self.facts.slug, &mut said);
        let file = target.map(|path| {
            let shown = format!("{}/{path}", options.to);
            let taken = self.taken(shown, &meta, paragraphs.len(), marks.count);
            said.push(taken.note(&self.raw.name));
            File {
                text: front_matter(&meta) + &body::markdown(&paragraphs),
                path,
                taken,
            }
        });
        out.append(&mut said);
        file
    }

    /// What becomes front matter.
    fn meta(&self, options: &Options, marks: &mut Marks, out: &mut Vec<Diagnostic>) -> Meta {
        let mut meta = self.facts.meta.clone();
        meta.date = self.date(options, out);
        meta.title = self
            .dump
            .title
            .as_ref()
            .map(|title| marks.text(&title.text));
        if let Some(summary) = &mut meta.summary {
            summary.text = marks.text(&summary.text);
        }
        for point in &mut meta.highlights {
            *point = marks.text(point);
        }
        let more = meta.more.get_mut();
        more.standfirst = more.standfirst.take().map(|text| marks.text(&text));
        more.lang.clone_from(&self.facts.lang);
        let templates = &self.facts.raw.templates;
        let origin = || serde_json::json!({ "origin_templates": templates }).to_string();
        more.extra = (!templates.is_empty()).then(origin);
        meta
    }

    /// The date with its year; else the one that the file's name starts with.
    fn date(&self, options: &Options, out: &mut Vec<Diagnostic>) -> Option<Stamp> {
        let facts = self.facts;
        if let (Some(open), Some(bare)) = (&facts.raw.open_year, facts.meta.date) {
            let (stamp, warning) = year::infer(facts, open, bare, options.config, options.now);
            out.push(in_dump(warning, &self.lines));
            return stamp;
        }
        let named = || Name::of(&facts.path).date;
        let date = facts.meta.date.or_else(named);
        if facts.meta.date.is_none() && date.is_some() {
            out.retain(|diagnostic| diagnostic.code != Code::NoDate);
            let message = "the date is taken from the file's name: the text has none";
            out.push(Diagnostic::new(Code::Guess, message).in_file(&self.raw.name));
        }
        date
    }

    /// The paragraphs of the body, without promotion.
    fn paragraphs(&self, marks: &mut Marks) -> Vec<String> {
        self.body().map(|block| marks.text(&block.text)).collect()
    }

    fn body(&self) -> impl Iterator<Item = &Block> {
        let shown = |at: usize| !self.left_out.0.contains(&(at as u32));
        let all = self.dump.body.iter().enumerate();
        all.filter(move |(at, _)| shown(*at))
            .map(|(_, block)| block)
    }

    /// Securities that only the standfirst names: those in the body are found there.
    fn tickers(&self) -> Vec<String> {
        let mut codes: Vec<String> = Vec::new();
        let standfirst = self.dump.standfirst.as_ref().map(|block| &block.text);
        let in_body = |code: &str| {
            let mut all = self.body().flat_map(|block| mentions(&block.text));
            all.any(|mention| mention.code == code)
        };
        for mention in standfirst.iter().flat_map(|text| mentions(text)) {
            if !in_body(mention.code) && !codes.iter().any(|code| code == mention.code) {
                codes.push(mention.code.to_string());
            }
        }
        codes
    }

    fn taken(&self, to: String, meta: &Meta, paragraphs: usize, marks: usize) -> Taken {
        Taken {
            from: self.raw.name.clone(),
            to,
            channel: self.channel.id.clone(),
            channel_by: self.channel.by.clone(),
            date: meta.date.map(|date| Found {
                text: front::stamp(date),
                line: self.dump.date.as_ref().map_or(0, |date| date.line),
            }),
            lang: meta.more.lang.clone(),
            tickers: meta.more.tickers.clone(),
            templates: self.facts.raw.templates.clone(),
            paragraphs,
            marks,
            left_out: report::left_out(self.lines.text(), &self.dump, &self.left_out.0),
            ..report::found(&self.dump, meta)
        }
    }
}

//! Diagnostics: what is wrong with a site, where, and what to type instead.
//!
//! One type for everything that content, configuration and themes can do wrong. Diagnostics are
//! collected, never returned with `?`, and travel with the facts of their file through the cache,
//! so that a cached file repeats its warnings. Painting is `annotate-snippets`' work: it knows
//! how wide characters are.

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::OnceLock;

/// How bad it is. Errors come first in a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The page or file concerned is not built; exit status 1.
    Error,
    /// Built, but likely not as meant; fails with `--strict`.
    Warning,
    /// A decision worth knowing; never fails.
    Note,
}

macro_rules! codes {
    ($($variant:ident $name:literal $severity:ident $meaning:literal;)*) => {
        /// The kinds of diagnostics. Each has a page in `docs/content/errors/` and a file in `tests/errors/`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Code { $(#[doc = $meaning] #[serde(rename = $name)] $variant,)* }

        impl Code {
            /// All codes.
            pub const ALL: &[Code] = &[$(Code::$variant,)*];

            /// The code's name, as reports show it.
            pub fn name(self) -> &'static str {
                match self { $(Code::$variant => $name,)* }
            }

            /// How bad it is, unless a diagnostic says otherwise.
            pub fn severity(self) -> Severity {
                match self { $(Code::$variant => Severity::$severity,)* }
            }
        }
    };
}

codes! {
    BadDate "bad-date" Error "A date that can't be read, or doesn't exist.";
    BadPicture "bad-picture" Warning "A picture that can't be read, or is too large.";
    BadValue "bad-value" Error "A value of the right type that makes no sense there.";
    Cache "cache" Note "The cache or manifest was not believed and is made anew.";
    DeadLink "dead-link" Warning "An internal link or picture that leads nowhere.";
    DuplicateKey "duplicate-key" Error "A key that stands twice.";
    Encoding "encoding" Error "Bytes that are not UTF-8.";
    ForeignFile "foreign-file" Note "A file in the output that masthead did not write.";
    Guess "guess" Note "Something a raw dump leaves open, and how it was settled.";
    Imported "imported" Note "What was taken from a dump that became Markdown, and what was left out.";
    LookAlike "look-alike" Note "Two names that look like one.";
    MarkdownBlock "markdown-block" Warning "A Markdown block that is never closed.";
    MissingAlt "missing-alt" Warning "A picture without a word on what it shows.";
    MissingGlyph "missing-glyph" Warning "A title with characters that the font of social cards lacks.";
    NearDuplicate "near-duplicate" Note "An article that tells the same as another, in the same words.";
    NoDate "no-date" Warning "An article without a date.";
    NoTitle "no-title" Warning "An article without a title.";
    OutdatedCopy "outdated-copy" Warning "A file copied from a built-in one that has changed since.";
    Panic "panic" Error "A bug of masthead, met while it made one page.";
    Reprint "reprint" Warning "Articles that first appeared elsewhere, of which nobody said whether search engines may show them.";
    Tab "tab" Error "A tab where YAML wants spaces.";
    Template "template" Error "A template that can't be read or rendered.";
    UnclosedFrontMatter "unclosed-front-matter" Error "Front matter without its opening or closing line.";
    UnknownChannel "unknown-channel" Warning "A channel that the site doesn't have.";
    UnknownKey "unknown-key" Warning "A key that masthead doesn't know.";
    UnknownName "unknown-name" Warning "A tag, topic, source or article named somewhere that doesn't exist.";
    UnknownTemplate "unknown-template" Warning "A template variant that doesn't exist.";
    UnknownVariable "unknown-variable" Warning "A variable of a template that no page has.";
    Unreadable "unreadable" Error "A file or folder that can't be read or written.";
    Unwatched "unwatched" Warning "A site whose changes the system can't tell of.";
    UrlClash "url-clash" Error "Two things that claim one URL.";
    WrongEnding "wrong-ending" Error "A source whose ending is not read, or is not that of its kind.";
    WrongType "wrong-type" Error "A value of another type than its key takes.";
    Yaml "yaml" Error "Text that is not YAML.";
    YearGuess "year-guess" Warning "A year that was inferred and would change with time.";
}

/// One thing to say about a site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Its kind.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// What is wrong, in the writer's words; lower case, no full stop.
    pub message: String,
    /// Where, if it has a place.
    pub place: Option<Place>,
    /// More to know: what was available, which article was being rendered.
    pub notes: Vec<String>,
    /// What to type.
    pub help: Option<String>,
}

/// A place in a file of the site.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Place {
    /// Path from the site's root, with `/`.
    pub file: String,
    /// Line, from 1; 0 for the file as a whole.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The line with what is marked in it.
    pub excerpt: Option<Excerpt>,
}

/// A line of a file with a marked part.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Excerpt {
    /// The whole line, or its part around the mark where it is very long.
    pub text: String,
    /// Where the mark starts in `text`, in characters from 0.
    pub start: u32,
    /// How many characters are marked.
    pub width: u32,
    /// What stands beside the carets.
    pub label: String,
}

impl Diagnostic {
    /// A diagnostic of this kind, with its usual severity.
    pub fn new(code: Code, message: impl Into<String>) -> Diagnostic {
        Diagnostic {
            code,
            severity: code.severity(),
            message: message.into(),
            place: None,
            notes: Vec::new(),
            help: None,
        }
    }

    /// At this place.
    #[must_use]
    pub fn at(self, place: Place) -> Diagnostic {
        Diagnostic {
            place: Some(place),
            ..self
        }
    }

    /// In this file, as a whole.
    #[must_use]
    pub fn in_file(self, file: &str) -> Diagnostic {
        self.at(Place {
            file: file.to_string(),
            line: 0,
            column: 0,
            excerpt: None,
        })
    }

    /// With what to type.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Diagnostic {
        Diagnostic {
            help: Some(help.into()),
            ..self
        }
    }

    /// With one more thing to know.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Diagnostic {
        self.notes.push(note.into());
        self
    }

    /// At the value of a key of this file, whose line is found when the report is drawn.
    #[must_use]
    pub fn at_key(self, file: &str, key: &str) -> Diagnostic {
        let excerpt = Excerpt {
            text: String::new(),
            start: 0,
            width: 0,
            label: key.to_string(),
        };
        self.at(Place {
            file: file.to_string(),
            line: 0,
            column: 0,
            excerpt: Some(excerpt),
        })
    }

    fn order(&self) -> (Severity, Option<Place>, Code, String) {
        (
            self.severity,
            self.place.clone(),
            self.code,
            self.message.clone(),
        )
    }
}

/// The lines of a file, for places in it.
pub struct Lines<'a> {
    file: &'a str,
    text: &'a str,
    /// Where each line begins, found when a place is first asked for: data files have thousands.
    starts: OnceLock<Vec<usize>>,
}

impl<'a> Lines<'a> {
    /// Of this file, by its path from the site's root, and its text.
    pub fn new(file: &'a str, text: &'a str) -> Lines<'a> {
        Lines {
            file,
            text,
            starts: OnceLock::new(),
        }
    }

    /// The path.
    pub fn file(&self) -> &'a str {
        self.file
    }

    /// The whole text.
    pub fn text(&self) -> &'a str {
        self.text
    }

    fn starts(&self) -> &[usize] {
        self.starts.get_or_init(|| {
            let ends = memchr::memchr_iter(b'\n', self.text.as_bytes());
            std::iter::once(0).chain(ends.map(|end| end + 1)).collect()
        })
    }

    /// The place of `width` characters at a line and column (both from 1).
    pub fn place(&self, line: u32, column: u32, width: u32, label: impl Into<String>) -> Place {
        let start = self.starts().get(line.saturating_sub(1) as usize);
        let rest = start.map_or("", |start| &self.text[*start..]);
        let text = rest.lines().next().unwrap_or("");
        let excerpt = excerpt(text, column.saturating_sub(1), width, label.into());
        Place {
            file: self.file.to_string(),
            line,
            column,
            excerpt: Some(excerpt),
        }
    }

    /// The place of the value of a key that stands at the left edge, or of the whole file.
    pub fn place_of_key(&self, key: &str) -> Place {
        let value_of = |line: &'a str| {
            let rest = line.strip_prefix(key)?.strip_prefix(':')?;
            Some((rest.trim(), line.len() - rest.trim_start().len()))
        };
        let mut lines = self.text.lines().zip(1..);
        let found = lines.find_map(|(line, number)| Some((line, number, value_of(line)?)));
        match found {
            Some((_, number, ("", _))) => self.place(number, 1, key.chars().count() as u32, ""),
            Some((line, number, (value, at))) => {
                let column = line[..at].chars().count() as u32 + 1;
                self.place(number, column, value.chars().count() as u32, "")
            }
            None => Place {
                file: self.file.to_string(),
                line: 0,
                column: 0,
                excerpt: None,
            },
        }
    }

    /// The place of a range of bytes, marked up to the end of its first line.
    pub fn place_of(&self, range: std::ops::Range<usize>, label: impl Into<String>) -> Place {
        let start = floor(self.text, range.start);
        let before = &self.text[..start];
        let line = self.starts().partition_point(|line| *line <= start);
        let line_start = self.starts()[line - 1];
        let line = line as u32;
        let column = before[line_start..].chars().count() as u32 + 1;
        let marked = &self.text[start..floor(self.text, range.end.max(start))];
        let width = marked.lines().next().unwrap_or("").chars().count() as u32;
        self.place(line, column, width, label)
    }
}

fn floor(text: &str, mut at: usize) -> usize {
    at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Lines of an article can be a thousand characters long; the excerpt keeps 40 around the mark,
/// and of a long mark its first 30: a terminal shows 80 columns, and Han takes two each.
fn excerpt(line: &str, start: u32, width: u32, label: String) -> Excerpt {
    const AROUND: u32 = 40;
    const MARKED: u32 = 30;
    let length = line.chars().count() as u32;
    let start = start.min(length);
    let width = if length <= AROUND * 2 {
        width.max(1)
    } else {
        width.clamp(1, MARKED)
    };
    if length <= AROUND * 2 {
        return Excerpt {
            text: line.to_string(),
            start,
            width,
            label,
        };
    }
    let from = start.saturating_sub(AROUND / 2);
    let shown = (start - from) + width + AROUND / 4;
    let kept = line.chars().skip(from as usize).take(shown as usize);
    let lead = if from > 0 { "…" } else { "" };
    let tail = if from + shown < length { "…" } else { "" };
    let text = format!("{lead}{}{tail}", kept.collect::<String>());
    Excerpt {
        text,
        start: start - from + lead.chars().count() as u32,
        width,
        label,
    }
}

/// Puts diagnostics in the order of a report (errors first, then by file and line) and drops
/// exact repetitions.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by_cached_key(Diagnostic::order);
    diagnostics.dedup();
}

/// How many have this severity.
pub fn count(diagnostics: &[Diagnostic], severity: Severity) -> usize {
    diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity == severity)
        .count()
}

/// How many diagnostics a report paints in full.
pub const SHOWN: usize = 20;

/// The report on a run, of sorted diagnostics: at most [`SHOWN`] in full, then counts by code.
pub fn report(diagnostics: &[Diagnostic], color: bool) -> String {
    report_of(diagnostics, SHOWN, color)
}

/// The same with so many `shown` in full.
pub fn report_of(diagnostics: &[Diagnostic], shown: usize, color: bool) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics.iter().take(shown) {
        out.push_str(&paint(diagnostic, color));
        out.push_str("\n\n");
    }
    if let Some(rest) = diagnostics.get(shown..).filter(|rest| !rest.is_empty()) {
        let mut counts: BTreeMap<(Severity, Code), usize> = BTreeMap::new();
        for diagnostic in rest {
            *counts
                .entry((diagnostic.severity, diagnostic.code))
                .or_default() += 1;
        }
        let parts: Vec<String> = counts
            .iter()
            .map(|((_, code), count)| format!("{count} {}", code.name()))
            .collect();
        let _ = writeln!(out, "and {} more: {}\n", rest.len(), parts.join(", "));
    }
    out
}

/// One diagnostic as a terminal shows it, without a newline at its end.
pub fn paint(diagnostic: &Diagnostic, color: bool) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(&diagnostic.message)
        .id(diagnostic.code.name());
    let mut group = Group::with_title(title);
    if let Some(place) = &diagnostic.place {
        group = match &place.excerpt {
            Some(excerpt) => group.element(snippet(place, excerpt)),
            None => group.element(annotate_snippets::Origin::path(&place.file)),
        };
    }
    for note in &diagnostic.notes {
        group = group.element(Level::NOTE.message(note));
    }
    if let Some(help) = &diagnostic.help {
        group = group.element(Level::HELP.message(help));
    }
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let painted = renderer.render(&[group]).to_string();
    match &diagnostic.place {
        Some(place) => with_column(&painted, place),
        None => painted,
    }
}

/// The renderer counts columns in the excerpt, which is only a part of a very long line.
fn with_column(painted: &str, place: &Place) -> String {
    let start = place.excerpt.as_ref().map_or(0, |excerpt| excerpt.start);
    let counted = format!("{}:{}:{}", place.file, place.line, start + 1);
    let meant = format!("{}:{}:{}", place.file, place.line, place.column);
    painted.replacen(&counted, &meant, 1)
}

fn snippet<'a>(
    place: &'a Place,
    excerpt: &'a Excerpt,
) -> Snippet<'a, annotate_snippets::Annotation<'a>> {
    let at = |chars: u32| {
        let found = excerpt.text.char_indices().nth(chars as usize);
        found.map_or(excerpt.text.len(), |(byte, _)| byte)
    };
    let (start, end) = (at(excerpt.start), at(excerpt.start + excerpt.width));
    Snippet::source(excerpt.text.as_str())
        .line_start(place.line as usize)
        .path(&place.file)
        .annotation(
            AnnotationKind::Primary
                .span(start..end)
                .label(&excerpt.label),
        )
}

/// Longer names are not compared: that takes the time of the square of their length.
const LONGEST_NAME: usize = 200;

/// The known name nearest to `name`, if one is near enough to be a slip of the hand or of the
/// number: `alias` for `aliases`. A name of more than 200 characters is near to none.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if name.chars().nth(LONGEST_NAME).is_some() {
        return None;
    }
    let limit = (name.chars().count() / 3).clamp(1, 3);
    let name = name.to_lowercase();
    let distance = |other: &str| match other.strip_prefix(&name) {
        Some("s" | "es") => 1,
        _ => strsim::damerau_levenshtein(&name, other),
    };
    // What is much longer or shorter is far; two letters more may be a plural.
    let length = name.chars().count();
    let is_close = |other: &&str| other.chars().count().abs_diff(length) <= limit.max(2);
    known
        .into_iter()
        .filter(is_close)
        .map(|other| (distance(other), other))
        .filter(|(distance, _)| *distance <= limit)
        .min()
        .map(|(_, other)| other)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample(file: &str, line: u32) -> Diagnostic {
        let text = "---\n标题: 海港 tags: 大桥\n---\n";
        let place = Lines::new(file, text).place(line, 8, 4, "here");
        Diagnostic::new(Code::WrongType, "`tags` must be a list")
            .at(place)
            .help("write `tags: [sea]`")
    }

    #[test]
    fn carets_stand_under_wide_characters() {
        let expect = "\
error[wrong-type]: `tags` must be a list
 --> a.md:2:8
  |
2 | 标题: 海港 tags: 大桥
  |            ^^^^ here
  |
  = help: write `tags: [sea]`";
        assert_eq!(paint(&sample("a.md", 2), false), expect);
    }

    #[test]
    fn a_report_shows_twenty_and_counts_the_rest() {
        let mut all: Vec<Diagnostic> = (0..23).map(|n| sample(&format!("{n:02}.md"), 2)).collect();
        all.push(Diagnostic::new(Code::DeadLink, "a").in_file("z.md"));
        all.push(all[0].clone());
        sort(&mut all);
        let text = report(&all, false);
        assert_eq!(text.matches("error[").count(), 20);
        assert!(
            text.ends_with("and 4 more: 3 wrong-type, 1 dead-link\n\n"),
            "{text}"
        );
    }

    #[test]
    fn names_a_likely_slip() {
        assert_eq!(nearest("tgas", ["tags", "title"]), Some("tags"));
        assert_eq!(nearest("alias", ["aliases", "slug"]), Some("aliases"));
        assert_eq!(nearest("colour", ["tags", "title"]), None);
        let (long, slip) = ("海".repeat(200), "海".repeat(199));
        assert_eq!(nearest(&slip, [long.as_str()]), Some(long.as_str()));
        let (long, slip) = ("海".repeat(60_000), "海".repeat(59_999));
        assert_eq!(nearest(&slip, [long.as_str()]), None);
    }

    #[test]
    fn long_lines_are_cut_around_the_mark() {
        let text = "海".repeat(500);
        let place = Lines::new("a.md", &text).place(1, 300, 2, "x");
        let excerpt = place.excerpt.clone().unwrap();
        assert!(excerpt.text.chars().count() < 100);
        assert_eq!((place.column, excerpt.width), (300, 2));
        let diagnostic = Diagnostic::new(Code::DeadLink, "x").at(place);
        assert!(paint(&diagnostic, false).contains("--> a.md:1:300\n"));
    }
}

//! A raw text dump of a portal's article page, read into facts.
//!
//! Owns the shape of such dumps: `SOURCE DATE`, title, foreign template names, summary, emoji
//! points, standfirst, body, bylines, promotion printed twice, contact, tags, related heading.
//! Every line that is not blank is one paragraph; plain text (title, blank line, paragraphs) is
//! the dump that has nothing else. Promises a pure function of the text: no clock, no zone, no
//! panic, and a [`Guess`] with its reason for every decision a reader may want to overrule. Does
//! not infer the year, change punctuation or script, or decide what a tag or a source is called.

use crate::base::text::script::{Script, is_han, script};

/// A paragraph, name or tag, without the spaces around it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Block {
    /// The text.
    pub text: String,
    /// Its line, from 1.
    pub line: u32,
}

/// The date a dump states, as far as it states it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct DumpDate {
    /// The year, which aggregators often leave out.
    pub year: Option<i16>,
    /// The month, 1 to 12.
    pub month: i8,
    /// The day, valid for the month.
    pub day: i8,
    /// Hour, minute and second.
    pub time: Option<(i8, i8, i8)>,
    /// Its line, from 1.
    pub line: u32,
    /// Its first character in the line, from 1.
    pub column: u32,
    /// How many characters it takes.
    pub width: u32,
}

/// A weekday the text names, with which the year of a date can be tested.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct WeekdayHint {
    /// 1 for Monday to 7 for Sunday.
    pub weekday: u8,
    /// The words that name it.
    pub text: String,
    /// Its line, from 1.
    pub line: u32,
    /// Its first character in the line, from 1.
    pub column: u32,
}

/// One decision that may be wrong.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Guess {
    /// The line it is about, from 1.
    pub line: u32,
    /// The first character it is about, from 1.
    pub column: u32,
    /// How many characters it is about.
    pub width: u32,
    /// What was decided.
    pub what: String,
    /// Why.
    pub reason: String,
}

/// What a dump says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Dump {
    /// Who published the article first.
    pub source: Option<Block>,
    /// When.
    pub date: Option<DumpDate>,
    /// The headline.
    pub title: Option<Block>,
    /// Names of the page's templates: provenance, never paths to open.
    pub templates: Vec<String>,
    /// The paragraph above the points, or the first if it is in the body's other script.
    pub summary: Option<Block>,
    /// Key points, each with its emoji.
    pub points: Vec<Block>,
    /// A first paragraph that the body repeats.
    pub standfirst: Option<Block>,
    /// The paragraphs.
    pub body: Vec<Block>,
    /// Reporters and writers.
    pub authors: Vec<Block>,
    /// Editors.
    pub editors: Vec<Block>,
    /// Promotion, each line once.
    pub promo: Vec<Block>,
    /// Lines with a contact address.
    pub contact: Vec<Block>,
    /// Tags, each once.
    pub tags: Vec<Block>,
    /// The weekday the text names first.
    pub weekday: Option<WeekdayHint>,
    /// Decisions to check, in the order of the text.
    pub guesses: Vec<Guess>,
}

/// Reads a dump. Each step takes its lines out of the rest, and what remains is the body.
pub fn parse(text: &str) -> Dump {
    let mut dump = Dump::default();
    let all = lines(text);
    let mut rest = all.clone();
    take_head(&mut rest, &mut dump);
    take_tags(&mut rest, &mut dump);
    cut_related(&mut rest, &mut dump);
    take_contact(&mut rest, &mut dump);
    let closing = take_bylines(&mut rest, &mut dump);
    rest.retain(|line| !take_source(*line, &mut dump));
    take_promo(&mut rest, closing, &mut dump);
    collapse(&mut rest, &mut dump);
    take_summary(&mut rest, &mut dump);
    take_standfirst(&mut rest, &mut dump);
    dump.body = rest.into_iter().map(block).collect();
    dump.weekday = weekday(&dump, &all);
    dump.guesses.sort_by_key(|guess| (guess.line, guess.column));
    dump
}

/// A line, or a part of one, with the number of characters before it.
#[derive(Clone, Copy)]
struct Line<'a> {
    text: &'a str,
    indent: u32,
    number: u32,
}

fn lines(text: &str) -> Vec<Line<'_>> {
    let raw = (1..).zip(text.split('\n'));
    let lines = raw.map(|(number, text)| {
        strip(Line {
            text,
            indent: 0,
            number,
        })
    });
    lines.filter(|line| !line.text.is_empty()).collect()
}

fn strip(line: Line) -> Line {
    let text = trimmed(line.text);
    let start = line.text.len() - line.text.trim_start_matches(is_blank).len();
    part(line, start, start + text.len())
}

fn part(line: Line, start: usize, end: usize) -> Line {
    let indent = line.indent + width(&line.text[..start]);
    let text = &line.text[start..end];
    Line {
        text,
        indent,
        ..line
    }
}

/// White space in the sense of a page: U+00A0 and U+3000, and the zero-width characters too.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}')
}

fn trimmed(text: &str) -> &str {
    text.trim_matches(is_blank)
}

fn width(text: &str) -> u32 {
    u32::try_from(text.chars().count()).unwrap_or(u32::MAX)
}

fn block(line: Line) -> Block {
    named(line.text, line)
}

fn named(text: &str, line: Line) -> Block {
    let (text, line) = (text.to_owned(), line.number);
    Block { text, line }
}

fn note(dump: &mut Dump, about: Line, what: &str, reason: &str) {
    let (line, column, width) = (about.number, about.indent + 1, width(about.text));
    let (what, reason) = (what.to_owned(), reason.to_owned());
    dump.guesses.push(Guess {
        line,
        column,
        width,
        what,
        reason,
    });
}

// The head: source and date, title, template names.

const SOURCE_LABELS: &str = "来源 來源 文章来源 文章來源 Source";
const DATE_LABELS: &str =
    "发布时间 發布時間 發佈時間 发表时间 發表時間 时间 時間 日期 发布于 發佈於";

/// Source and date stand on the first line, or on one of the two below the title.
fn take_head(rest: &mut Vec<Line>, dump: &mut Dump) {
    take_templates(rest, dump);
    take_meta(rest, dump);
    if !rest.is_empty() {
        dump.title = Some(block(rest.remove(0)));
    }
    take_templates(rest, dump);
    take_meta(rest, dump);
    take_meta(rest, dump);
}

fn take_templates(rest: &mut Vec<Line>, dump: &mut Dump) {
    let templates = rest.iter().take_while(|line| is_template(line.text));
    let count = templates.count();
    let names = rest.drain(..count).map(|line| line.text.to_owned());
    dump.templates.extend(names);
}

fn is_template(text: &str) -> bool {
    let mut ends = [".html", ".htm", ".tpl", ".php", ".jsp"].iter();
    let stem = ends.find_map(|end| text.strip_suffix(end));
    stem.is_some_and(|stem| !stem.is_empty()) && !text.contains("://") && !text.contains(is_blank)
}

fn take_meta(rest: &mut Vec<Line>, dump: &mut Dump) {
    let first = rest.first().copied();
    if first.is_some_and(|line| take_dated(line, dump) || take_source(line, dump)) {
        rest.remove(0);
        take_templates(rest, dump);
    }
}

fn take_source(line: Line, dump: &mut Dump) -> bool {
    let name = labelled(line.text, SOURCE_LABELS).unwrap_or_default();
    let fits = dump.source.is_none() && !name.is_empty() && width(name) <= 30;
    if fits {
        dump.source = Some(named(name, line));
    }
    fits
}

/// Takes a line for `SOURCE DATE`, split at its last date, unless it reads like a headline.
fn take_dated(line: Line, dump: &mut Dump) -> bool {
    let wanted = dump.date.is_none() && width(line.text) <= 100;
    let Some((start, end, date)) = wanted.then(|| last_date(line)).flatten() else {
        return false;
    };
    let (before, after) = (&line.text[..start], line.text[end..].trim_matches(is_joint));
    let fits = is_stamp(before, after, date.time.is_some());
    if fits {
        dump.date = Some(date);
        let tail = part(line, end, line.text.len());
        set_source(tail, source_name(before), after, dump);
    }
    fits
}

/// The source is what stands before the date, else a name after it.
fn set_source(tail: Line, before: &str, after: &str, dump: &mut Dump) {
    let name = labelled(after, SOURCE_LABELS).unwrap_or(after);
    let is_name = width(name) >= 2 && name.starts_with(char::is_alphanumeric);
    let follows = before.is_empty() && is_name;
    let name = if follows { name } else { before };
    if !name.is_empty() {
        dump.source = Some(named(name, tail));
    }
    if !follows && !after.is_empty() {
        let what = format!("`{after}` after the date is dropped");
        note(
            dump,
            strip(tail),
            &what,
            "only a source can stand beside the date",
        );
    }
}

/// `3月9日收评：三大指数齐跌` is a headline, and so is `定于3月9日`; a name of up to 30
/// characters with a time, or a space and a date, is not.
fn is_stamp(before: &str, after: &str, has_time: bool) -> bool {
    let name = source_name(before);
    let source = labelled(after, SOURCE_LABELS);
    let plain = |text: &str| width(text) <= 30 && !text.contains(ends_clause);
    let apart = name.is_empty() || before.ends_with(is_joint);
    let alone = apart && (after.is_empty() || source.is_some());
    plain(name) && plain(source.unwrap_or(after)) && (alone || has_time)
}

fn ends_clause(c: char) -> bool {
    ends_sentence(c) || matches!(c, '，' | ',' | '：')
}

fn is_joint(c: char) -> bool {
    is_blank(c) || "|｜丨·•-—/,，:：".contains(c)
}

fn source_name(before: &str) -> &str {
    let name = before.trim_matches(is_joint);
    let mut labels = DATE_LABELS.split(' ');
    let name = labels
        .find_map(|label| name.strip_suffix(label))
        .unwrap_or(name);
    let name = name.trim_matches(is_joint);
    labelled(name, SOURCE_LABELS).unwrap_or(name)
}

/// The text behind one of the labels and a colon, slash, bar or space.
fn labelled<'a>(text: &'a str, labels: &str) -> Option<&'a str> {
    labels.split(' ').find_map(|label| {
        let after = text.strip_prefix(label)?;
        let name = after.trim_start_matches(is_mark);
        (name.len() < after.len()).then_some(trimmed(name))
    })
}

fn is_mark(c: char) -> bool {
    is_blank(c) || ":：/／|｜丨".contains(c)
}

/// The last date of a line, with its first byte and the byte behind it.
fn last_date(line: Line) -> Option<(usize, usize, DumpDate)> {
    let (mut last, mut at) = (None, 0);
    while let Some(c) = line.text[at..].chars().next() {
        let after_digit = line.text[..at].ends_with(|c: char| c.is_ascii_digit());
        let end = line.text.len();
        match date(part(line, at, end)).filter(|_| !after_digit) {
            Some((length, found)) => {
                last = Some((at, at + length, found));
                at += length;
            }
            None => at += c.len_utf8(),
        }
    }
    last
}

/// The date a line starts with, and its bytes. Without a year, `03-09` counts only with its time.
fn date(line: Line) -> Option<(usize, DumpDate)> {
    let (year, month, day, after) = day(line.text)?;
    let (time, after) = time(after).map_or((None, after), |(time, after)| (Some(time), after));
    let length = line.text.len() - after.len();
    let sure = year.is_some() || time.is_some() || line.text[..length].contains('月');
    let (line, column, width) = (line.number, line.indent + 1, width(&line.text[..length]));
    let date = DumpDate {
        year,
        month,
        day,
        time,
        line,
        column,
        width,
    };
    (sure && !after.starts_with(|c: char| c.is_ascii_digit())).then_some((length, date))
}

/// Year, month and day at the start of a text, and what follows them.
fn day(text: &str) -> Option<(Option<i16>, i8, i8, &str)> {
    let (first, after) = number(text, 4)?;
    let mark = after.chars().next().filter(|c| "年月-/.".contains(*c))?;
    let year = (text.len() - after.len() == 4).then_some(first);
    let from = year.map_or(text, |_| &after[mark.len_utf8()..]);
    let chinese = matches!(mark, '年' | '月');
    let (month, after) = number(from, 2)?;
    let (day, after) = number(after.strip_prefix(if chinese { '月' } else { mark })?, 2)?;
    let close = if chinese {
        after.strip_prefix(['日', '号', '號'])
    } else {
        Some(after)
    };
    let (month, day) = (i8::try_from(month).ok()?, i8::try_from(day).ok()?);
    is_day(year, month, day).then_some((year, month, day, close?))
}

/// ` 18:40`, `T18:40:30`; the text is the one behind the day.
fn time(text: &str) -> Option<((i8, i8, i8), &str)> {
    let text = text.trim_start_matches(|c| is_blank(c) || c == 'T');
    let (hour, after) = below(text, 24)?;
    let (minute, after) = below(after.strip_prefix([':', '：'])?, 60)?;
    let second = after
        .strip_prefix([':', '：'])
        .and_then(|after| below(after, 60));
    let (second, after) = second.unwrap_or((0, after));
    Some(((hour, minute, second), after))
}

fn below(text: &str, limit: i8) -> Option<(i8, &str)> {
    let (number, after) = number(text, 2)?;
    let number = i8::try_from(number).ok().filter(|number| *number < limit)?;
    Some((number, after))
}

fn number(text: &str, most: usize) -> Option<(i16, &str)> {
    let digits = text.bytes().take(most);
    let count = digits.take_while(u8::is_ascii_digit).count();
    Some((text[..count].parse().ok()?, &text[count..]))
}

fn is_day(year: Option<i16>, month: i8, day: i8) -> bool {
    let leap = year.is_none_or(|year| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0));
    let days = match month {
        2 => 28 + i8::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    };
    (1..=days).contains(&day) && year.is_none_or(|year| (1900..2200).contains(&year))
}

// The foot: tags, related heading, contact, bylines, promotion.

const TAG_HEADINGS: &str = "相关标签 相關標籤 文章标签 文章標籤 标签 標籤 关键词 關鍵詞 Tags tags";
const RELATED_HEADINGS: &str = "相关文章 相關文章 相关阅读 相關閱讀 相关新闻 相關新聞 延伸阅读 \
    延伸閱讀 推荐阅读 推薦閱讀 Related related";

/// Tags stand behind their heading or below it.
fn take_tags(rest: &mut Vec<Line>, dump: &mut Dump) {
    let mut at = 0;
    while at < rest.len() {
        let Some(tail) = tag_line(rest[at]) else {
            at += 1;
            continue;
        };
        rest.remove(at);
        push_tags(tail, dump);
        let count = if tail.text.is_empty() {
            tag_lines(&rest[at..])
        } else {
            0
        };
        rest.drain(at..at + count)
            .for_each(|line| push_tags(line, dump));
    }
}

/// One line of tags; if it is a single tag, the short lines that follow are tags too.
fn tag_lines(below: &[Line]) -> usize {
    let first = below.iter().take_while(|line| is_label(**line)).take(1);
    let single = first.clone().any(|line| tags(*line).len() == 1);
    let more = below
        .iter()
        .skip(1)
        .take_while(|line| single && is_tag(**line));
    first.chain(more).count()
}

/// What follows a tag heading on its own line.
fn tag_line(line: Line) -> Option<Line> {
    let mut headings = TAG_HEADINGS.split(' ');
    let heading = headings.find(|heading| line.text.starts_with(heading))?;
    let after = &line.text[heading.len()..];
    let text = after.trim_start_matches(is_mark);
    let spaced = text.len() < after.len() && width(heading) == 4 && !heading.is_ascii();
    let end = line.text.len();
    let tail = part(line, end - text.len(), end);
    let marked = after.starts_with([':', '：']) || spaced;
    (after.is_empty() || marked && is_label(tail)).then_some(tail)
}

fn is_label(line: Line) -> bool {
    width(line.text) <= 200 && !line.text.ends_with(ends_sentence) && !is_related(line.text)
}

fn is_tag(line: Line) -> bool {
    let other = bylines(line.text).is_some() || is_contact(line.text);
    width(line.text) <= 16 && is_label(line) && !other && !line.text.contains(ends_clause)
}

fn push_tags(line: Line, dump: &mut Dump) {
    let tags = tags(line);
    for pair in tags.windows(2) {
        note_split(line, pair[0], pair[1], dump);
    }
    for tag in tags {
        if dump.tags.iter().all(|known| known.text != tag.text) {
            dump.tags.push(block(tag));
        }
    }
}

/// A space separates tags only where nothing clearer does.
fn tags(line: Line) -> Vec<Line> {
    let text = line.text;
    let clear = text.char_indices().any(|(at, c)| is_clear(text, at, c));
    let (mut tags, mut start) = (Vec::new(), 0);
    for (at, c) in text.char_indices().chain([(text.len(), '/')]) {
        if is_clear(text, at, c) || "/／".contains(c) || !clear && is_blank(c) {
            tags.push(strip(part(line, start, at)));
            start = at + c.len_utf8();
        }
    }
    tags.retain(|tag| !tag.text.is_empty());
    tags
}

/// `#` separates tags, but not in `C#` and `F#`.
fn is_clear(text: &str, at: usize, c: char) -> bool {
    let sharp = text[..at].ends_with(['C', 'F']) && !text.starts_with(['#', '＃']);
    "、，,|｜；;".contains(c) || "#＃".contains(c) && !sharp
}

fn note_split(line: Line, a: Line, b: Line, dump: &mut Dump) {
    let end = a.indent - line.indent + width(a.text);
    let spaced =
        line.indent + end + 1 == b.indent && line.text.chars().nth(end as usize) == Some(' ');
    if spaced && is_latin(a.text) && matches!(script(b.text), Script::Latin | Script::None) {
        let what = format!("`{}` and `{}` are taken as two tags", a.text, b.text);
        let reason = "a space separates tags here, but Latin words are probably one tag";
        let both = format!("{} {}", a.text, b.text);
        note(dump, Line { text: &both, ..a }, &what, reason);
    }
}

fn is_related(text: &str) -> bool {
    let text = text.trim_end_matches(is_mark);
    RELATED_HEADINGS.split(' ').any(|heading| text == heading)
}

fn cut_related(rest: &mut Vec<Line>, dump: &mut Dump) {
    let end = rest.iter().position(|line| is_related(line.text));
    let related = rest.split_off(end.unwrap_or(rest.len()));
    let lines = match related.len() {
        0 | 1 => return,
        2 => "1 line".to_owned(),
        count => format!("{} lines", count - 1),
    };
    let what = format!("{lines} after `{}` dropped", related[0].text);
    note(dump, related[0], &what, "the heading ends the article");
}

const CONTACT_LABELS: &str = "联系邮箱 聯繫郵箱 聯絡郵箱 联系方式 聯繫方式 聯絡方式 联系我们 \
    聯繫我們 聯絡我們 投稿邮箱 投稿郵箱 电子邮箱 電子郵箱 邮箱 郵箱 E-mail Email email Contact";

fn take_contact(rest: &mut Vec<Line>, dump: &mut Dump) {
    let lines = rest.extract_if(.., |line| is_contact(line.text));
    dump.contact = lines.map(block).collect();
}

/// A label alone or with a colon, an address or a number behind it; or an address alone.
fn is_contact(text: &str) -> bool {
    let address = text
        .split_once('@')
        .is_some_and(|(_, host)| host.contains('.'));
    let number = text.chars().filter(char::is_ascii_digit).count() >= 5;
    let marked = address || number || text.contains([':', '：']);
    let label = labelled(text, CONTACT_LABELS).is_some() && marked;
    let alone = address && text.is_ascii() && !text.contains(' ');
    width(text) <= 80 && (label || alone || CONTACT_LABELS.split(' ').any(|label| text == label))
}

const EDITOR_LABELS: &str = "责任编辑 責任編輯 责编 責編 编辑 編輯 校对 校對 Editor";
const AUTHOR_LABELS: &str = "本报记者 本報記者 记者 記者 作者 撰文 撰稿 文 Author Reporter";

/// Takes the bylines out and returns the line of the last one.
fn take_bylines(rest: &mut Vec<Line>, dump: &mut Dump) -> Option<u32> {
    let mut last = None;
    for line in rest.extract_if(.., |line| bylines(line.text).is_some()) {
        last = Some(line.number);
        for (is_editor, list) in bylines(line.text).unwrap_or_default() {
            let names = names(list);
            let people = names.iter().map(|name| named(name, line));
            match is_editor {
                true => dump.editors.extend(people),
                false => dump.authors.extend(people),
            }
        }
    }
    last
}

/// The roles and names of a line like `（記者：甲、乙　責編/丙）`, or `None` if it is not one.
fn bylines(text: &str) -> Option<Vec<(bool, &str)>> {
    let mut text = text.trim_matches(|c| "（）()【】[]".contains(c));
    let mut found = Vec::new();
    while !text.is_empty() && width(text) <= 60 {
        let (is_editor, after, limit) = byline_label(text)?;
        let end = next_label(after).unwrap_or(after.len());
        let list = after[..end].trim_end_matches(|c| is_blank(c) || ";；，,|｜丨".contains(c));
        let people = names(list);
        if people.is_empty() || !people.iter().all(|name| is_name(name, limit)) {
            return None;
        }
        found.push((is_editor, list));
        text = &after[end..];
    }
    (text.is_empty() && !found.is_empty()).then_some(found)
}

/// Whether the text starts with an editor's or an author's label, what follows, and how long a
/// Han name may be there: `记者 从医院获悉` has only a space and is a sentence.
fn byline_label(text: &str) -> Option<(bool, &str, u32)> {
    let role = |labels, is_editor| Some((is_editor, labelled(text, labels)?));
    let (is_editor, after) = role(EDITOR_LABELS, true).or_else(|| role(AUTHOR_LABELS, false))?;
    let before = &text[..text.len() - after.len()];
    let marked = before.contains([':', '：', '/', '／', '|', '｜', '丨']);
    let weak = before.starts_with('文') || before.is_ascii();
    (marked || !weak).then_some((is_editor, after, if marked { 12 } else { 4 }))
}

fn next_label(text: &str) -> Option<usize> {
    let mut starts = text.char_indices().map(|(at, _)| at).skip(1);
    let apart = |c| is_blank(c) || ";；，,、|｜丨".contains(c);
    starts.find(|at| text[..*at].ends_with(apart) && byline_label(&text[*at..]).is_some())
}

fn is_name(name: &str, limit: u32) -> bool {
    let han = name.contains(is_han) && !name.contains('·');
    let fits = width(name) <= if han { limit } else { 40 };
    fits && !name.contains(ends_clause) && name.contains(char::is_alphabetic)
}

/// The names of a list. Spaces separate only where nothing clearer does, and neither the words of
/// a Latin name nor a two-character name set with a space.
fn names(list: &str) -> Vec<String> {
    let clear = |c| "、，,/／;；&".contains(c);
    let spaced = !list.contains(clear);
    let mut names: Vec<String> = Vec::new();
    for word in list
        .split(|c| clear(c) || spaced && is_blank(c))
        .map(trimmed)
    {
        match names.last_mut().filter(|_| spaced) {
            _ if matches!(word, "" | "报道" | "報道" | "報導") => {}
            Some(last) if is_latin(last) && is_latin(word) => *last = format!("{last} {word}"),
            Some(last) if width(last) == 1 && width(word) == 1 => last.push_str(word),
            _ => names.push(word.to_owned()),
        }
    }
    names
}

fn is_latin(text: &str) -> bool {
    script(text) == Script::Latin
}

/// Takes promotion out of the foot of the article.
fn take_promo(rest: &mut Vec<Line>, closing: Option<u32>, dump: &mut Dump) {
    let mut tail = &*rest.split_off(promo_start(rest, closing));
    while let Some(first) = tail.first().copied() {
        note_promo(tail, dump);
        dump.promo.push(block(first));
        tail = &tail[copies(tail)..];
    }
}

/// Promotion is a short line printed twice or more and the pitch below it, repeated to the end.
/// Right below a byline that closes the article, or far enough down, a pitch may have more lines.
fn promo_start(rest: &[Line], closing: Option<u32>) -> usize {
    let article = |line: &&Line| closing.is_some_and(|number| line.number < number);
    let above = rest.iter().take_while(article).count();
    let closed = |at| above > 0 && at >= above && (at == above || above * 2 >= rest.len());
    let starts =
        |at: &usize| is_printed_twice(&rest[*at..]) && (closed(*at) || is_promo(&rest[*at..]));
    (1..rest.len()).find(starts).unwrap_or(rest.len())
}

fn note_promo(tail: &[Line], dump: &mut Dump) {
    if is_printed_twice(tail) {
        let what = format!("`{}` and what follows are taken as promotion", tail[0].text);
        note(
            dump,
            tail[0],
            &what,
            "the line is printed twice below the article",
        );
    }
}

fn is_printed_twice(lines: &[Line]) -> bool {
    let short = |line: &Line| width(line.text) <= 40 && !line.text.ends_with(ends_sentence);
    matches!(lines, [a, b, ..] if a.text == b.text && short(a))
}

fn copies(lines: &[Line]) -> usize {
    lines
        .iter()
        .take_while(|line| line.text == lines[0].text)
        .count()
}

fn is_promo(mut lines: &[Line]) -> bool {
    while is_printed_twice(lines) {
        lines = &lines[copies(lines)..];
        let pitch = usize::from(!lines.is_empty() && !is_printed_twice(lines));
        lines = &lines[pitch..];
    }
    lines.is_empty()
}

/// Drops a line that repeats the one above it, or the title.
fn collapse(rest: &mut Vec<Line>, dump: &mut Dump) {
    let title = dump.title.clone().unwrap_or_default().text;
    let mut last = title.as_str();
    rest.retain(|line| {
        let again = line.text == last;
        last = line.text;
        if again {
            let reason = "it repeats the line above word for word";
            note(dump, *line, "the line is dropped", reason);
        }
        !again
    });
}

// The top of the text: summary, points, standfirst.

fn take_summary(rest: &mut Vec<Line>, dump: &mut Dump) {
    let start = rest.iter().take_while(|line| !is_point(line.text)).count();
    let points = rest[start..].iter().take_while(|line| is_point(line.text));
    let count = points.count();
    let reason = if start <= 1 && count >= 2 {
        dump.points = rest.drain(start..start + count).map(block).collect();
        (start == 1).then(|| format!("it stands before the {count} emoji points"))
    } else {
        other_script(rest)
    };
    if let Some(reason) = reason {
        let line = rest.remove(0);
        dump.summary = Some(block(line));
        note(dump, line, "the paragraph is taken as the summary", &reason);
    }
}

/// Why a first paragraph of 20 characters or more is the summary of a body in the other script.
fn other_script(rest: &[Line]) -> Option<String> {
    let (first, body) = rest.split_first()?;
    let body: String = body.iter().map(|line| line.text).collect();
    let (one, other) = match (script(first.text), script(&body)) {
        (Script::Hans, Script::Hant) => ("Simplified", "Traditional"),
        (Script::Hant, Script::Hans) => ("Traditional", "Simplified"),
        _ => return None,
    };
    let reason = format!("it is in {one} characters and the body in {other}");
    (width(first.text) >= 20).then_some(reason)
}

/// A paragraph led by an emoji: pictograph, keycap or flag with its joiners, then text.
fn is_point(text: &str) -> bool {
    let keycap = text
        .get(1..)
        .is_some_and(|text| text.starts_with(['\u{FE0F}', '\u{20E3}']));
    let rest = text.trim_start_matches(|c| is_emoji(c) || is_blank(c));
    (keycap || rest.len() < text.len()) && !rest.is_empty()
}

fn is_emoji(c: char) -> bool {
    matches!(c, '\u{231A}' | '\u{231B}' | '\u{23CF}' | '\u{23E9}'..='\u{23FA}' | '\u{25AA}'
        | '\u{25AB}' | '\u{25B6}' | '\u{25C0}' | '\u{25FB}'..='\u{25FE}' | '\u{2600}'..='\u{27BF}'
        | '\u{2B05}'..='\u{2B07}' | '\u{2B1B}' | '\u{2B1C}' | '\u{2B50}' | '\u{2B55}'
        | '\u{1F000}'..='\u{1FAFF}' | '\u{200D}' | '\u{FE0F}' | '\u{20E3}'
        | '\u{E0020}'..='\u{E007F}')
}

/// A digest of the body is at most 12 sentences, which also bounds the comparison.
fn take_standfirst(rest: &mut Vec<Line>, dump: &mut Dump) {
    let count = recurring(rest);
    if count >= 2 {
        let line = rest.remove(0);
        dump.standfirst = Some(block(line));
        let reason = format!("{count} of its sentences recur in the body");
        note(
            dump,
            line,
            "the paragraph is taken as the standfirst",
            &reason,
        );
    }
}

/// How many sentences of the first line recur below it.
fn recurring(lines: &[Line]) -> usize {
    let mut sentences = lines.iter().map(|line| sentences(line.text));
    let own = sentences
        .next()
        .filter(|own| own.len() <= 12)
        .unwrap_or_default();
    let body: Vec<_> = sentences.flatten().collect();
    let recurs = |own: &&Vec<_>| body.iter().any(|other| likeness(own, other) >= 0.6);
    own.iter().filter(recurs).count()
}

/// The sorted pairs of neighbouring letters of each sentence that has at least 8 letters.
fn sentences(text: &str) -> Vec<Vec<(char, char)>> {
    let sentences = text.split(ends_sentence).flat_map(|part| part.split(". "));
    sentences
        .map(pairs)
        .filter(|pairs| pairs.len() >= 7)
        .collect()
}

fn ends_sentence(c: char) -> bool {
    matches!(c, '。' | '！' | '？' | '!' | '?' | '；' | '…')
}

fn pairs(sentence: &str) -> Vec<(char, char)> {
    let letters = || sentence.chars().filter(|c| c.is_alphanumeric());
    let mut pairs: Vec<_> = letters().zip(letters().skip(1)).collect();
    pairs.sort_unstable();
    pairs
}

/// The F1 of two sorted lists of pairs: 1 for the same sentence, 0 for nothing in common.
fn likeness(a: &[(char, char)], b: &[(char, char)]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        common += usize::from(a[i] == b[j]);
        (i, j) = (i + usize::from(a[i] <= b[j]), j + usize::from(b[j] <= a[i]));
    }
    2.0 * common as f64 / (a.len() + b.len()).max(1) as f64
}

// The weekday.

const WEEKS: &[&str] = &["周", "週", "星期", "礼拜", "禮拜"];
const DAYS: &str = "一二三四五六日天";

/// The first weekday named, in the body if it names one: a title may be older than its text.
fn weekday(dump: &Dump, all: &[Line]) -> Option<WeekdayHint> {
    let top = dump
        .standfirst
        .iter()
        .chain(&dump.title)
        .chain(&dump.summary);
    dump.body.iter().chain(top).find_map(|block| {
        let at = all
            .binary_search_by_key(&block.line, |line| line.number)
            .ok()?;
        let (start, text, weekday) = named_weekday(all[at].text)?;
        let (line, column) = (block.line, part(all[at], start, start).indent + 1);
        Some(WeekdayHint {
            weekday,
            text: text.to_owned(),
            line,
            column,
        })
    })
}

fn named_weekday(text: &str) -> Option<(usize, &str, u8)> {
    let mut from = 0;
    text.match_indices(['周', '週', '星', '礼', '禮'])
        .find_map(|(at, _)| {
            let (name, weekday) = day_name(&text[at..]).filter(|_| at >= from)?;
            let (before, after) = (&text[..at], &text[at + name.len()..]);
            let range = range(after);
            from = at + name.len() + range;
            (range == 0 && is_one_day(before, name, after)).then_some((at, name, weekday))
        })
}

fn day_name(text: &str) -> Option<(&str, u8)> {
    let week = WEEKS.iter().find(|week| text.starts_with(**week))?;
    let day = text[week.len()..].chars().next()?;
    let weekday = (1..).zip(DAYS.chars()).find(|(_, c)| *c == day)?.0;
    Some((&text[..week.len() + day.len_utf8()], weekday.min(7)))
}

/// How many bytes of `至周五` follow: such a range names opening hours, not a day.
fn range(after: &str) -> usize {
    let Some(second) = after.strip_prefix(['至', '到', '-', '—', '~', '～']) else {
        return 0;
    };
    let day = second
        .chars()
        .next()
        .filter(|c| DAYS.contains(*c))
        .map(char::len_utf8);
    let length = day_name(second).map(|(name, _)| name.len()).or(day);
    length.map_or(0, |length| after.len() - second.len() + length)
}

/// Not `每周三`, `上周三`, `一周一次`, `周六福`, nor the 周天 that is not a Sunday.
fn is_one_day(before: &str, name: &str, after: &str) -> bool {
    let other = [
        "一次", "一回", "一遍", "一趟", "一鸣", "一鳴", "一围", "一圍", "一良", "六福", "日均",
    ];
    let habit = before
        .ends_with(|c| "每上下逢隔双雙单單个個几幾数數半圆圓一二两兩三四五六七八九十".contains(c));
    let tail = [&name[name.len() - 3..], after].concat();
    let sky = name.starts_with(['周', '週']) && name.ends_with('天');
    let plain =
        !after.starts_with(is_han) || after.starts_with(|c| "早上下中晚凌傍夜的".contains(c));
    !habit && !other.iter().any(|word| tail.starts_with(word)) && (!sky || plain)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// All facts a dump has, each with its line.
    fn shown(dump: &Dump) -> String {
        let date = dump.date.iter().map(|d| {
            let year = d.year.map_or(String::new(), |year| format!("{year}-"));
            let time = d
                .time
                .map_or(String::new(), |(h, m, s)| format!(" {h}:{m}:{s}"));
            format!(
                "{year}{}-{}{time} @{}:{}+{}",
                d.month, d.day, d.line, d.column, d.width
            )
        });
        let day = dump.weekday.iter();
        let day = day.map(|d| format!("{}={} @{}:{}", d.text, d.weekday, d.line, d.column));
        let place = |g: &Guess| format!("@{}:{}+{}", g.line, g.column, g.width);
        let guesses = dump.guesses.iter();
        let guesses = guesses.map(|g| format!("{} {}: {}", place(g), g.what, g.reason));
        let one = |block: &Option<Block>| many(block.as_slice());
        let facts = [
            ("date", date.collect()),
            ("templates", dump.templates.clone()),
            ("source", one(&dump.source)),
            ("title", one(&dump.title)),
            ("summary", one(&dump.summary)),
            ("points", many(&dump.points)),
            ("standfirst", one(&dump.standfirst)),
            ("body", many(&dump.body)),
            ("authors", many(&dump.authors)),
            ("editors", many(&dump.editors)),
            ("promo", many(&dump.promo)),
            ("contact", many(&dump.contact)),
            ("tags", many(&dump.tags)),
            ("weekday", day.collect()),
            ("guesses", guesses.collect::<Vec<_>>()),
        ];
        let facts = facts.iter().filter(|(_, list)| !list.is_empty());
        let facts = facts.map(|(name, list)| format!("{name}[{}]", list.join(" & ")));
        facts.collect()
    }

    fn many(blocks: &[Block]) -> Vec<String> {
        let shown = blocks.iter().map(|b| format!("{} @{}", b.text, b.line));
        shown.collect()
    }

    fn check(input: &str, expect: &str) {
        assert_eq!(shown(&parse(input)), expect, "{input}");
    }

    macro_rules! dumps {
        ($($name:ident: $($input:literal => $expect:literal)+)+) => {
            $(#[test] fn $name() { $(check($input, $expect);)+ })+
        };
    }

    dumps! {
        the_first_line_is_split_at_its_last_date:
            "港闻 03月09日 18:40\n新桥开放"
            => "date[3-9 18:40:0 @1:4+12]source[港闻 @1]title[新桥开放 @2]"
            "早报 3.9 版 2025年3月9日 18:40:30\n新桥开放"
            => "date[2025-3-9 18:40:30 @1:10+18]source[早报 3.9 版 @1]title[新桥开放 @2]"
            "来源：36氪 | 2025-03-09\n新桥开放"
            => "date[2025-3-9 @1:10+10]source[36氪 @1]title[新桥开放 @2]"
            "2025/03/09 18:40 来源：港闻\n新桥开放"
            => "date[2025-3-9 18:40:0 @1:1+16]source[港闻 @1]title[新桥开放 @2]"
            "发布时间：03-09 18:40\n新桥开放" => "date[3-9 18:40:0 @1:6+11]title[新桥开放 @2]"
            "港聞\u{3000}2025-03-09T18:40:00+08:00\n新橋開放"
            => "date[2025-3-9 18:40:0 @1:4+19]source[港聞 @1]title[新橋開放 @2]\
             guesses[@1:23+6 `+08:00` after the date is dropped: only a source can stand beside the date]"

        a_headline_with_a_date_is_no_source_line:
            "3月9日收评：三大指数齐跌\n\n正文。"
            => "title[3月9日收评：三大指数齐跌 @1]body[正文。 @3]"
            "新桥开放\n港闻 2024年2月29日\n\n正文。"
            => "date[2024-2-29 @2:4+10]source[港闻 @2]title[新桥开放 @1]body[正文。 @4]"
            "新桥开放\n来源：港闻\n03月09日\n正文。"
            => "date[3-9 @3:1+6]source[港闻 @2]title[新桥开放 @1]body[正文。 @4]"
            "新桥 2-30 号\n港闻 2025-02-30 18:40"
            => "title[新桥 2-30 号 @1]body[港闻 2025-02-30 18:40 @2]"
            "新桥开放\n开放定于3月9日" => "title[新桥开放 @1]body[开放定于3月9日 @2]"

        template_names_are_kept_and_never_text:
            "港闻 03月09日\r\n新桥开放\r\nindex_a.html\r\n../../wap/tpl_b1.htm\r\n\u{A0}\r\n\u{3000}\u{3000}正文见 a.html。\r\n\
             \u{200B}\r\nhttps://港.test/c.html\r\n"
            => "date[3-9 @1:4+6]templates[index_a.html & ../../wap/tpl_b1.htm]source[港闻 @1]\
             title[新桥开放 @2]body[正文见 a.html。 @6 & https://港.test/c.html @8]"

        plain_text_is_a_title_and_paragraphs:
            "" => ""
            " \n\u{3000}\n" => ""
            "\u{FEFF}新桥开放\n\n第一段。\n\n第二段。\n"
            => "title[新桥开放 @1]body[第一段。 @3 & 第二段。 @5]"
            "A New Bridge\n\nThe harbour bridge opens today.\n\n\
             It took six years. It cost little."
            => "title[A New Bridge @1]body[The harbour bridge opens today. @3 & \
             It took six years. It cost little. @5]"
            "新桥开放\n\n新桥开放\n\n第一段。\n第一段。\n"
            => "title[新桥开放 @1]body[第一段。 @5]\
             guesses[@3:1+4 the line is dropped: it repeats the line above word for word & \
             @6:1+4 the line is dropped: it repeats the line above word for word]"

        emoji_points_and_the_paragraph_above_them_leave_the_body:
            "新桥开放\n\n摘要一段。\n\n🚀 通车\n\n1\u{FE0F}\u{20E3} 免费\n\n❤\u{FE0F} 欢迎\n\n\
             正文。"
            => "title[新桥开放 @1]summary[摘要一段。 @3]points[🚀 通车 @5 & \
             1\u{FE0F}\u{20E3} 免费 @7 & ❤\u{FE0F} 欢迎 @9]body[正文。 @11]\
             guesses[@3:1+5 the paragraph is taken as the summary: it stands before the 3 emoji points]"
            "新桥开放\n🚀通车\n👩\u{200D}🔧 检修\n正文。\n\n💡 文中一句。"
            => "title[新桥开放 @1]points[🚀通车 @2 & 👩\u{200D}🔧 检修 @3]body[正文。 @4 & \
             💡 文中一句。 @6]"
            "新桥开放\n正文一。\n正文二。\n🚀 通车\n💡 免费"
            => "title[新桥开放 @1]body[正文一。 @2 & 正文二。 @3 & 🚀 通车 @4 & 💡 免费 @5]"

        a_first_paragraph_in_the_other_script_is_the_summary:
            "新橋開放\n\n港口的新桥将于本月开放，预计每天有三万辆车通过。\n\n\
             港口的新橋將於本月開放。\n\n預計每天有三萬輛車通過。"
            => "title[新橋開放 @1]summary[港口的新桥将于本月开放，预计每天有三万辆车通过。 @3]\
             body[港口的新橋將於本月開放。 @5 & 預計每天有三萬輛車通過。 @7]\
             guesses[@3:1+24 the paragraph is taken as the summary: it is in Simplified characters and the body in Traditional]"
            "新橋開放\n\n港口新桥周末开通。\n\n港口的新橋將於本月開放。"
            => "title[新橋開放 @1]body[港口新桥周末开通。 @3 & 港口的新橋將於本月開放。 @5]"

        a_first_paragraph_that_the_body_repeats_is_the_standfirst:
            "新桥开放\n\n\
             港口的新桥周末正式通车，全长三公里。市长表示，过桥费用三年内全部免除。\n\n\
             港口的新桥周末正式通车，全长约三公里。\n\n市长林某表示，过桥费用三年内全部免除。"
            => "title[新桥开放 @1]\
             standfirst[港口的新桥周末正式通车，全长三公里。市长表示，过桥费用三年内全部免除。 @3]\
             body[港口的新桥周末正式通车，全长约三公里。 @5 & \
             市长林某表示，过桥费用三年内全部免除。 @7]\
             guesses[@3:1+35 the paragraph is taken as the standfirst: 2 of its sentences recur in the body]"
            "新桥开放\n\n港口的新桥周末正式通车，全长三公里。市民都很高兴，纷纷前来拍照留念。\n\
             \n港口的新桥周末正式通车，全长约三公里。"
            => "title[新桥开放 @1]\
             body[港口的新桥周末正式通车，全长三公里。市民都很高兴，纷纷前来拍照留念。 @3 & \
             港口的新桥周末正式通车，全长约三公里。 @5]"

        bylines_give_authors_and_editors:
            "新橋開放\n正文。\n編輯/Jo" => "title[新橋開放 @1]body[正文。 @2]editors[Jo @3]"
            "新桥开放\n（本报记者 王海 李 江 报道）\n正文。\n\
             责任编辑：陈山、Jane Doe\u{3000}校对：林木"
            => "title[新桥开放 @1]body[正文。 @3]authors[王海 @2 & 李江 @2]editors[陈山 @4 & \
             Jane Doe @4 & 林木 @4]"
            "新桥开放\n文/Jane Doe 王海\n记者 从医院获悉\n编辑部说，不会。\n责编 王海/李江"
            => "title[新桥开放 @1]body[记者 从医院获悉 @3 & 编辑部说，不会。 @4]\
             authors[Jane Doe @2 & 王海 @2]editors[王海 @5 & 李江 @5]"
            "新桥开放\n作者说：没有。\n记者：王海 编辑：李江\n来源：港闻"
            => "source[港闻 @4]title[新桥开放 @1]body[作者说：没有。 @2]authors[王海 @3]\
             editors[李江 @3]"

        promotion_is_printed_twice_below_the_article:
            "新桥开放\n正文一。\n正文二。\n编辑：王海\nHarbour App\n\nHarbour App\n\n\
             读新闻，用海港。\n\n还有夜间模式。\n海港\n海港\n一座城的助手\n相关标签\n桥"
            => "title[新桥开放 @1]body[正文一。 @2 & 正文二。 @3]editors[王海 @4]\
             promo[Harbour App @5 & 读新闻，用海港。 @9 & 还有夜间模式。 @11 & 海港 @12 & \
             一座城的助手 @14]tags[桥 @16]\
             guesses[@5:1+11 `Harbour App` and what follows are taken as promotion: the line is printed twice below the article & \
             @12:1+2 `海港` and what follows are taken as promotion: the line is printed twice below the article]"
            "新桥开放\n正文。\n海港\n海港\n一座城的助手"
            => "title[新桥开放 @1]body[正文。 @2]promo[海港 @3 & 一座城的助手 @5]\
             guesses[@3:1+2 `海港` and what follows are taken as promotion: the line is printed twice below the article]"
            "新桥开放\n海港\n海港\n一座城的助手"
            => "title[新桥开放 @1]body[海港 @2 & 一座城的助手 @4]\
             guesses[@3:1+2 the line is dropped: it repeats the line above word for word]"
            "新桥开放\n副歌\n副歌\n正文一。\n正文二。"
            => "title[新桥开放 @1]body[副歌 @2 & 正文一。 @4 & 正文二。 @5]\
             guesses[@3:1+2 the line is dropped: it repeats the line above word for word]"

        contact_lines_need_an_address_or_a_mark:
            "新桥开放\n正文。\n联系邮箱 desk@harbour.test\n投稿邮箱：见首页\n\
             desk@harbour.test\n联系我们"
            => "title[新桥开放 @1]body[正文。 @2]contact[联系邮箱 desk@harbour.test @3 & \
             投稿邮箱：见首页 @4 & desk@harbour.test @5 & 联系我们 @6]"
            "新桥开放\n联系方式被泄露。\nEmail newsletters are back\n联系方式 各不相同"
            => "title[新桥开放 @1]body[联系方式被泄露。 @2 & Email newsletters are back @3 & \
             联系方式 各不相同 @4]"

        tags_follow_their_heading:
            "新桥开放\n正文。\n相关标签\n\n桥 AI\u{3000}Rust语言 开源 桥"
            => "title[新桥开放 @1]body[正文。 @2]tags[桥 @5 & AI @5 & Rust语言 @5 & 开源 @5]"
            "新桥开放\n正文。\n标签：Harbour Bridge、桥，C#|开源/云\n相關標籤 海港 橋"
            => "title[新桥开放 @1]body[正文。 @2]tags[Harbour Bridge @3 & 桥 @3 & C# @3 & \
             开源 @3 & 云 @3 & 海港 @4 & 橋 @4]"
            "新桥开放\n正文。\nTags\n#Harbour Bridge #桥"
            => "title[新桥开放 @1]body[正文。 @2]tags[Harbour Bridge @4 & 桥 @4]"
            "新桥开放\n正文。\n相关标签\n  Harbour Bridge 2 桥"
            => "title[新桥开放 @1]body[正文。 @2]tags[Harbour @4 & Bridge @4 & 2 @4 & 桥 @4]\
             guesses[@4:3+14 `Harbour` and `Bridge` are taken as two tags: a space separates tags here, but Latin words are probably one tag & \
             @4:11+8 `Bridge` and `2` are taken as two tags: a space separates tags here, but Latin words are probably one tag]"
            "新桥开放\n正文。\n标签\n海港\n桥\n编辑：王海\n相关标签\n相关文章"
            => "title[新桥开放 @1]body[正文。 @2]editors[王海 @6]tags[海港 @4 & 桥 @5]"
            "新桥开放\n标签：这个词近来很热。"
            => "title[新桥开放 @1]body[标签：这个词近来很热。 @2]"

        the_related_heading_ends_the_article:
            "新桥开放\n正文。\n相关阅读：\n旧桥拆除\n渡轮停运\n相关标签\n桥"
            => "title[新桥开放 @1]body[正文。 @2]tags[桥 @7]\
             guesses[@3:1+5 2 lines after `相关阅读：` dropped: the heading ends the article]"
            "新桥开放\n正文。\n相關文章" => "title[新桥开放 @1]body[正文。 @2]"
            "新桥开放\n正文。\nRelated\n旧桥拆除"
            => "title[新桥开放 @1]body[正文。 @2]\
             guesses[@3:1+7 1 line after `Related` dropped: the heading ends the article]"

        a_weekday_is_one_day_and_the_body_comes_first:
            "新橋周一開放\n\n他每週三上班，上周五休息，週二至週四值班，一周一次。\n\u{3000}\u{3000}新橋將於星期天開放。"
            => "title[新橋周一開放 @1]\
             body[他每週三上班，上周五休息，週二至週四值班，一周一次。 @3 & \
             新橋將於星期天開放。 @4]weekday[星期天=7 @4:7]"
            "周六福与周一围周五到港\n正文。"
            => "title[周六福与周一围周五到港 @1]body[正文。 @2]weekday[周五=5 @1:8]"
            "周天子的礼物\n周天，晴。"
            => "title[周天子的礼物 @1]body[周天，晴。 @2]weekday[周天=7 @2:1]"
            "新桥周日开放\n正文。" => "title[新桥周日开放 @1]body[正文。 @2]weekday[周日=7 @1:3]"
            "礼拜三的风\n周一到五，每隔个周六"
            => "title[礼拜三的风 @1]body[周一到五，每隔个周六 @2]weekday[礼拜三=3 @1:1]"
    }

    /// Cuts and splices at random places; the seed is fixed, so a failure repeats.
    #[test]
    fn no_text_breaks_it() {
        let text = "港闻 2025年3月9日 18:40\n新橋開放\na.html\n\u{A0}\n💡 一\n1️⃣ 二\n桥通车了，\
            都很高兴。桥通车了，都很高兴？週三至周五。\n海港\n海港\n編輯/Jo 责编：\n邮箱 a@b.c\n\
            标签：\nC# #AI/桥 é x\n相关文章\n旧\n";
        let chars: Vec<char> = text.chars().collect();
        let mut seed = 0x9E37_79B9_u64;
        let mut random = |below: usize| {
            seed ^= seed << 13;
            seed ^= seed >> 7;
            seed ^= seed << 17;
            usize::try_from(seed % 1_000_003).unwrap() % below
        };
        for _ in 0..5_000 {
            let pieces = (0..1 + random(6)).flat_map(|_| {
                let start = random(chars.len());
                let length = random(chars.len() - start + 1) / (1 + random(8));
                &chars[start..start + length]
            });
            let input: String = pieces.collect();
            let dump = parse(&input);
            let blocks = dump.body.iter().chain(&dump.tags).chain(&dump.promo);
            let blank = |b: &Block| trimmed(&b.text).is_empty();
            assert!(!blocks.clone().any(blank), "{input}");
            let count = u32::try_from(input.split('\n').count()).unwrap();
            assert!(blocks.map(|b| b.line).all(|line| line <= count), "{input}");
        }
    }
}

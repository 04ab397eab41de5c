//! The head of a dump: source and date, title, template names.

use super::date::last_date;
use super::{Dump, Line, block, ends_clause, is_blank, labelled, named, note, part, strip, width};

const SOURCE_LABELS: &str = "来源 來源 文章来源 文章來源 Source";
const DATE_LABELS: &str =
    "发布时间 發布時間 發佈時間 发表时间 發表時間 时间 時間 日期 发布于 發佈於";

/// Source and date stand on the first line, or on one of the two below the title.
pub(super) fn take_head(rest: &mut Vec<Line>, dump: &mut Dump) {
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

pub(super) fn take_source(line: Line, dump: &mut Dump) -> bool {
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

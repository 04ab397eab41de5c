//! The head of a dump: source and date, title, template names.

use super::date::last_date;
use super::fields::{Field, fields, is_joint};
use super::people::take_people;
use super::{
    Dump, Line, block, ends_clause, ends_sentence, is_blank, labelled, named, note, part, strip,
    width,
};

const SOURCE_LABELS: &str = "来源 來源 文章来源 文章來源 信息来源 資訊來源 消息来源 消息來源 稿源 转自 \
    轉自 出处 出處 出典 Source";
const DATE_LABELS: &str = "发布时间 發布時間 發佈時間 发表时间 發表時間 更新时间 更新時間 时间 時間 日期 \
    发布于 發佈於 发表于 發表於 更新于 更新於 最后更新 最後更新 发布 發佈 更新 配信 公開日 Published \
    Updated Posted Date";
const LINK_LABELS: &str = "原文链接 原文鏈接 原文網址 原文网址 原文地址 来源链接 來源鏈接 链接 鏈接 阅读原文 \
    閱讀原文 元記事 Original Link URL";

/// A longer first line that ends like a sentence is a paragraph, not a headline.
const LONGEST_TITLE: u32 = 80;

/// Source and date stand on the first line, or on one of the two below the title.
pub(super) fn take_head(rest: &mut Vec<Line>, dump: &mut Dump) {
    take_templates(rest, dump);
    take_meta(rest, dump);
    take_first_link(rest, dump);
    let is_title =
        |line: &&Line| width(line.text) <= LONGEST_TITLE || !line.text.ends_with(ends_sentence);
    if rest.first().filter(is_title).is_some() {
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
    let mut fields = fields(line.text, true).into_iter();
    let Some(Field::Source(name)) = fields.next().filter(|_| dump.source.is_none()) else {
        return false;
    };
    let others: Vec<Field> = fields.collect();
    let fits = !name.is_empty() && width(name) <= 30 && others.iter().all(is_plain);
    if fits {
        dump.source = Some(named(name, line));
        take_fields(line, others, dump);
    }
    fits
}

/// `Source` needs its mark: a headline may start with the word.
pub(super) fn source_label(text: &str) -> Option<&str> {
    let name = labelled(text, SOURCE_LABELS)?;
    let marked = text[..text.len() - name.len()].contains([':', '：', '/', '／', '|', '｜', '丨']);
    (marked || !text.is_ascii()).then_some(name)
}

/// Takes a line that is a labelled address.
pub(super) fn take_link(line: Line, dump: &mut Dump) -> bool {
    let link = labelled(line.text, LINK_LABELS).filter(|link| is_link(link));
    if let Some(link) = link.filter(|_| dump.link.is_none()) {
        dump.link = Some(named(link, line));
    }
    link.is_some()
}

fn is_link(text: &str) -> bool {
    let host = ["https://", "http://"]
        .iter()
        .find_map(|scheme| text.strip_prefix(scheme));
    host.is_some_and(|host| host.contains('.') && !host.contains(char::is_whitespace))
}

/// An address where the headline belongs is no headline.
fn take_first_link(rest: &mut Vec<Line>, dump: &mut Dump) {
    if let Some(line) = rest.first().copied().filter(|line| is_link(line.text)) {
        rest.remove(0);
        dump.link = Some(block(line));
        let reason = "it stands where the headline belongs";
        note(
            dump,
            line,
            "the line is taken as the article's address",
            reason,
        );
    }
}

/// Takes a line for `SOURCE DATE`, split at its last date, unless it reads like a headline.
fn take_dated(line: Line, dump: &mut Dump) -> bool {
    let wanted = dump.date.is_none() && width(line.text) <= 100;
    let Some((start, end, date)) = wanted.then(|| last_date(line)).flatten() else {
        return false;
    };
    let (before, tail) = (&line.text[..start], &line.text[end..]);
    let beside = Beside {
        close: !before.is_empty() && !before.ends_with(is_joint),
        before: fields(source_name(before), false),
        after: fields(tail, true),
    };
    let apart = beside.after.is_empty() || tail.starts_with(is_joint);
    let fits = apart && beside.is_stamp(date.time.is_some());
    if fits {
        dump.date = Some(date);
        note_earlier(line, start, dump);
        let tail = part(line, end, line.text.len());
        beside.take(tail, dump);
    }
    fits
}

fn note_earlier(line: Line, end: usize, dump: &mut Dump) {
    let before = part(line, 0, end);
    if let Some((start, end, _)) = last_date(before) {
        let earlier = part(before, start, end);
        let what = format!("`{}` is dropped", earlier.text);
        note(dump, earlier, &what, "the last date of the line counts");
    }
}

/// What stands beside a date.
struct Beside<'a> {
    before: Vec<Field<'a>>,
    /// Whether nothing parts it from the date.
    close: bool,
    after: Vec<Field<'a>>,
}

impl Beside<'_> {
    /// `3月9日收评：三大指数齐跌` is a headline, and so is `定于3月9日`; a name of up to 30
    /// characters with a time, or a space and a date, is not.
    fn is_stamp(&self, has_time: bool) -> bool {
        let bare = |field: &Field| matches!(field, Field::Bare(_));
        let apart = self.before.is_empty() || !self.close;
        let alone = apart && !self.after.iter().any(bare);
        let mut all = self.before.iter().chain(&self.after);
        all.all(is_plain) && (alone || has_time)
    }

    /// The source is what says so, else what stands before the date, else a name after it.
    fn take(self, tail: Line, dump: &mut Dump) {
        let labelled = |field: &Field| matches!(field, Field::Source(_));
        let given = self.before.iter().chain(&self.after).any(labelled);
        let follows = |field: &Field| match field {
            Field::Bare(name) => width(name) >= 2 && name.starts_with(char::is_alphanumeric),
            _ => false,
        };
        let first = |fields: &[Field], is: &dyn Fn(&Field) -> bool| match given {
            true => fields.iter().position(labelled),
            false => fields.iter().position(is),
        };
        let (mut before, mut after) = (self.before, self.after);
        let at = first(&before, &|field| matches!(field, Field::Bare(_)));
        let source = match at.map(|at| before.remove(at)) {
            Some(field) => Some(field),
            None => first(&after, &follows).map(|at| after.remove(at)),
        };
        if let Some(Field::Source(name) | Field::Bare(name)) = source {
            dump.source = Some(named(name, tail));
        }
        before.extend(after);
        take_fields(strip(tail), before, dump);
    }
}

fn is_plain(field: &Field) -> bool {
    match field {
        Field::Source(text) | Field::Bare(text) => width(text) <= 30 && !text.contains(ends_clause),
        Field::People(_) | Field::Count(_) => true,
    }
}

/// Takes the people among the fields of a line; others have no place beside a date.
fn take_fields(line: Line, fields: Vec<Field>, dump: &mut Dump) {
    for field in fields {
        match field {
            Field::People(people) => take_people(line, people, dump),
            Field::Source(text) | Field::Count(text) | Field::Bare(text) => {
                let what = format!("`{text}` is dropped");
                let reason = "only source and people can stand beside the date";
                note(dump, line, &what, reason);
            }
        }
    }
}

/// What stands before a date, without its labels and earlier dates.
fn source_name(before: &str) -> &str {
    let mut name = before.trim_matches(is_joint);
    loop {
        let mut labels = DATE_LABELS.split(' ');
        let label = labels.find_map(|label| name.strip_suffix(label));
        if let Some(bare) = label.or_else(|| name.strip_suffix(" on")) {
            name = bare.trim_matches(is_joint);
            continue;
        }
        let whole = Line {
            text: name,
            indent: 0,
            number: 0,
        };
        name = match last_date(whole) {
            Some((start, end, _)) if end == name.len() => name[..start].trim_matches(is_joint),
            _ => return name,
        };
    }
}

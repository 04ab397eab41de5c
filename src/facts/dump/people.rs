//! The bylines of a dump: who wrote it, and who edited it.

use super::{Dump, Line, ends_clause, is_blank, is_latin, labelled, named, trimmed, width};
use crate::base::text::script::is_han;

const EDITOR_LABELS: &str = "责任编辑 責任編輯 责编 責編 编辑 編輯 編集 校对 校對 值班编辑 值班編輯 审核 審核 \
    监制 監製 主编 主編 Editor Edited Editing";
const AUTHOR_LABELS: &str = "本报记者 本報記者 本网记者 本網記者 记者 記者 作者 撰文 撰稿 图文 圖文 文 Author \
    Reporter Reporting Written";
/// Labels that a sentence may start with too, so they need a colon, slash or bar.
const WEAK_LABELS: &[&str] = &[
    "文", "图文", "圖文", "审核", "審核", "监制", "監製", "主编", "主編",
];

/// Takes the bylines out and returns the line of the last one.
pub(super) fn take_bylines(rest: &mut Vec<Line>, dump: &mut Dump) -> Option<u32> {
    let mut last = None;
    for line in rest.extract_if(.., |line| bylines(line.text).is_some()) {
        last = Some(line.number);
        take_people(line, bylines(line.text).unwrap_or_default(), dump);
    }
    last
}

/// Takes the names of lists, each with whether they are editors.
pub(super) fn take_people(line: Line, lists: Vec<(bool, &str)>, dump: &mut Dump) {
    for (is_editor, list) in lists {
        let names = names(list);
        let people = names.iter().map(|name| named(name, line));
        match is_editor {
            true => dump.editors.extend(people),
            false => dump.authors.extend(people),
        }
    }
}

/// The roles and names of a line like `（記者：甲、乙　責編/丙）`, or `None` if it is not one.
pub(super) fn bylines(text: &str) -> Option<Vec<(bool, &str)>> {
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
pub(super) fn byline_label(text: &str) -> Option<(bool, &str, u32)> {
    if let Some(names) = english_label(text) {
        return Some(names);
    }
    let role = |labels, is_editor| Some((is_editor, labelled(text, labels)?));
    let far = correspondent(text).map(|after| (false, after));
    let (is_editor, after) = role(EDITOR_LABELS, true)
        .or_else(|| role(AUTHOR_LABELS, false))
        .or(far)?;
    let before = &text[..text.len() - after.len()];
    let marked = before.contains([':', '：', '/', '／', '|', '｜', '丨']);
    let label = before.trim_end_matches(is_blank);
    let weak = WEAK_LABELS.contains(&label) || before.is_ascii();
    (marked || !weak).then_some((is_editor, after, if marked { 12 } else { 4 }))
}

/// `By Jane Doe`, `Edited by Jane Doe`: names, and nothing that is not capitalised.
fn english_label(text: &str) -> Option<(bool, &str, u32)> {
    let labels = [
        ("By ", false),
        ("BY ", false),
        ("Written by ", false),
        ("Reporting by ", false),
        ("Editing by ", true),
        ("Edited by ", true),
    ];
    let (is_editor, after) = labels
        .iter()
        .find_map(|(label, is_editor)| Some((*is_editor, text.strip_prefix(label)?)))?;
    let list = &after[..after.find([';', '|']).unwrap_or(after.len())];
    let is_capital = |word: &str| word == "and" || word.starts_with(char::is_uppercase);
    let words = list.split_whitespace().count();
    let fits = words >= 2 && list.split_whitespace().all(is_capital);
    fits.then_some((is_editor, after, 40))
}

/// What follows `本报驻海港记者`.
fn correspondent(text: &str) -> Option<&str> {
    let own = [
        "本报",
        "本報",
        "本刊",
        "本网",
        "本網",
        "特约",
        "特約",
        "新华社",
    ];
    let rest = own.iter().find_map(|name| text.strip_prefix(name))?;
    let (at, name) = rest.match_indices(['记', '記']).next()?;
    let after = rest[at + name.len()..].strip_prefix('者')?;
    let marked = after.starts_with(|c| is_blank(c) || ":：".contains(c));
    let near = width(&rest[..at]) <= 8 && !rest[..at].contains(ends_clause);
    (marked && near).then(|| after.trim_start_matches(|c| is_blank(c) || ":：".contains(c)))
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

/// `报道`, `北京报道`: not a name.
fn is_report(word: &str) -> bool {
    let ends = ["报道", "報道", "報導", "摄", "攝", "综合报道"];
    ends.iter().any(|end| word.ends_with(end)) && width(word) <= 6
}

/// The names of a list. Spaces separate only where nothing clearer does, and neither the words of
/// a Latin name nor a two-character name set with a space.
fn names(list: &str) -> Vec<String> {
    let clear = |c| "、，,/／;；&".contains(c);
    let spaced = !list.contains(clear);
    let mut names: Vec<String> = Vec::new();
    let list = if is_latin(list) {
        list.replace(" and ", ", ")
    } else {
        list.to_owned()
    };
    let spaced = spaced && !list.contains(clear);
    for word in list
        .split(|c| clear(c) || spaced && is_blank(c))
        .map(trimmed)
    {
        match names.last_mut().filter(|_| spaced) {
            _ if word.is_empty() || is_report(word) => {}
            Some(last) if is_latin(last) && is_latin(word) => *last = format!("{last} {word}"),
            Some(last) if width(last) == 1 && width(word) == 1 => last.push_str(word),
            _ => names.push(word.to_owned()),
        }
    }
    names
}

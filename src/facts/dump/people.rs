//! The bylines of a dump: who wrote it, and who edited it.

use super::{Dump, Line, ends_clause, is_blank, is_latin, labelled, named, trimmed, width};
use crate::base::text::script::is_han;

const EDITOR_LABELS: &str = "责任编辑 責任編輯 责编 責編 编辑 編輯 校对 校對 Editor";
const AUTHOR_LABELS: &str = "本报记者 本報記者 记者 記者 作者 撰文 撰稿 文 Author Reporter";

/// Takes the bylines out and returns the line of the last one.
pub(super) fn take_bylines(rest: &mut Vec<Line>, dump: &mut Dump) -> Option<u32> {
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

//! The tags of a dump: behind their heading, or below it.

use super::foot::{is_contact, is_related};
use super::people::bylines;
use super::{
    Dump, Line, block, ends_clause, ends_sentence, is_blank, is_latin, is_mark, note, part, strip,
    width,
};
use crate::base::text::script::{Script, script};

const TAG_HEADINGS: &str = "相关标签 相關標籤 文章标签 文章標籤 标签 標籤 关键词 關鍵詞 关键字 關鍵字 \
    相关话题 相關話題 タグ Tags tags Tag Keywords Topics";

/// Tags stand behind their heading or below it.
pub(super) fn take_tags(rest: &mut Vec<Line>, dump: &mut Dump) {
    let mut at = 0;
    while at < rest.len() {
        let Some(tail) = tag_line(rest[at]) else {
            if at > 0 && is_hashtags(rest[at].text) {
                let line = rest.remove(at);
                let reason = "each of its words starts with `#`";
                note(dump, line, "the line is taken as tags", reason);
                push_tags(line, dump);
            } else {
                at += 1;
            }
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

/// `#海港 #大桥`, `#海港# #大桥#`: two or more, and nothing else.
fn is_hashtags(text: &str) -> bool {
    let words = || text.split(is_blank).filter(|word| !word.is_empty());
    let is_hashtag = |word: &str| {
        let name = word.trim_matches(['#', '＃']);
        word.starts_with(['#', '＃']) && name.starts_with(char::is_alphanumeric)
    };
    words().count() >= 2 && words().all(is_hashtag)
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

/// `#` separates tags, but not in `C#` and `F#`, unless all of them are set as `#C#`.
fn is_clear(text: &str, at: usize, c: char) -> bool {
    let letter = text[..at].ends_with(['C', 'F']);
    let ends = |word: &str| word.starts_with('#') && word.ends_with('#');
    let sharp = letter && !text.split_whitespace().all(ends);
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

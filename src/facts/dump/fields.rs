//! What a line beside the date of a dump is made of: source, people, and counts of readers.
//!
//! A field ends where the next label begins, or at a wide gap. Whose name stands in a field without
//! a label is for `head` to decide.

use super::head::source_label;
use super::people::{byline_label, bylines};
use super::{is_blank, is_mark};

const COUNTS: &[&str] = &[
    "阅读量",
    "閱讀量",
    "阅读数",
    "阅读",
    "閱讀",
    "浏览量",
    "瀏覽量",
    "浏览",
    "瀏覽",
    "点击量",
    "点击",
    "點擊",
    "评论",
    "評論",
    "人气",
    "人氣",
    "点赞",
    "收藏",
    "分享",
    "字号",
    "字號",
    "Views",
];

/// A field, by what it says of itself.
pub(super) enum Field<'a> {
    /// A source with its label.
    Source(&'a str),
    /// Names, each list with whether they are editors.
    People(Vec<(bool, &'a str)>),
    /// How many have read it, and the like.
    Count(&'a str),
    /// Something without a label.
    Bare(&'a str),
}

/// The fields of a text; `gaps` says whether wide gaps part them too.
pub(super) fn fields(text: &str, gaps: bool) -> Vec<Field<'_>> {
    let mut fields = Vec::new();
    let mut rest = text.trim_matches(is_joint);
    while !rest.is_empty() {
        let (field, after) = rest.split_at(end(rest, gaps));
        fields.push(read(field.trim_matches(is_joint)));
        rest = after.trim_matches(is_joint);
    }
    fields
}

/// What stands between a date and the names beside it.
pub(super) fn is_joint(c: char) -> bool {
    is_blank(c) || "|｜丨·•-—/,，:：".contains(c)
}

fn read(field: &str) -> Field<'_> {
    if is_count(field) {
        return Field::Count(field);
    }
    match (source_label(field), bylines(field)) {
        (Some(name), _) => Field::Source(name),
        (None, Some(people)) => Field::People(people),
        (None, None) => Field::Bare(field),
    }
}

/// Where the first field of a text ends.
fn end(text: &str, gaps: bool) -> usize {
    let mut starts = text.char_indices().skip(1).map(|(at, _)| at);
    let is_end = |at: &usize| {
        let (before, after) = text.split_at(*at);
        before.ends_with(|c| is_blank(c) || "|｜丨;；".contains(c)) && is_labelled(after)
            || gaps && is_gap(after)
    };
    starts.find(is_end).unwrap_or(text.len())
}

fn is_labelled(text: &str) -> bool {
    source_label(text).is_some() || byline_label(text).is_some() || counted(text).is_some()
}

/// Two blanks, or one as wide as two.
fn is_gap(text: &str) -> bool {
    let mut chars = text.chars();
    let first = chars.next().filter(|c| is_blank(*c));
    first.is_some_and(|first| first == '\u{3000}' || chars.next().is_some_and(is_blank))
}

/// `阅读 1234`, `评论(0)`, `1234次阅读`.
fn is_count(text: &str) -> bool {
    let figures =
        |c: char| c.is_ascii_digit() || is_mark(c) || "()（）.,+万萬次人大中小kKwW".contains(c);
    let turned = || {
        let bare = COUNTS.iter().find_map(|label| text.strip_suffix(label));
        bare.filter(|bare| bare.starts_with(|c: char| c.is_ascii_digit()))
    };
    let rest = counted(text).or_else(turned);
    rest.is_some_and(|rest| rest.chars().all(figures))
}

/// What follows the label of a count, if that is a figure or a size.
fn counted(text: &str) -> Option<&str> {
    let after = COUNTS.iter().find_map(|label| text.strip_prefix(label))?;
    let value = after.trim_start_matches(|c| is_mark(c) || "(（".contains(c));
    let apart = value.len() < after.len() && value.starts_with(['大', '中', '小']);
    let fits = value.is_empty() || apart || value.starts_with(|c: char| c.is_ascii_digit());
    fits.then_some(after)
}

//! The weekday that a dump names first: with it the year of its date can be tested.

use super::{Dump, Line, WeekdayHint, part, width};
use crate::base::text::script::is_han;

const WEEKS: &[&str] = &["周", "週", "星期", "礼拜", "禮拜"];
const DAYS: &str = "一二三四五六日天";

/// The names in English, from Monday.
pub(super) const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The weekday beside the date, else the first one named, in the body if it names one: a title may
/// be older than its text.
pub(super) fn weekday(dump: &Dump, all: &[Line]) -> Option<WeekdayHint> {
    beside_date(dump, all).or_else(|| in_text(dump, all))
}

fn beside_date(dump: &Dump, all: &[Line]) -> Option<WeekdayHint> {
    let date = dump.date.as_ref()?;
    let of_line = all.iter().filter(|line| line.number == date.line);
    of_line.into_iter().find_map(|line| {
        let skipped = date.column.checked_sub(line.indent + 1)?;
        let chars = line.text.chars();
        let text: String = chars
            .skip(skipped as usize)
            .take(date.width as usize)
            .collect();
        let starts = text.char_indices().map(|(at, _)| at);
        let (at, name, weekday) = starts
            .into_iter()
            .find_map(|at| day_name(&text[at..]).map(|(name, day)| (at, name, day)))?;
        Some(WeekdayHint {
            weekday,
            text: name.to_owned(),
            line: date.line,
            column: date.column + width(&text[..at]),
        })
    })
}

fn in_text(dump: &Dump, all: &[Line]) -> Option<WeekdayHint> {
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
    chinese(text).or_else(|| english(text))
}

/// `on Wednesday`; without `on` it may be any Wednesday.
fn english(text: &str) -> Option<(usize, &str, u8)> {
    text.match_indices(" on ").find_map(|(at, on)| {
        let from = at + on.len();
        let (day, name) = (1..)
            .zip(WEEKDAYS)
            .find(|(_, name)| text[from..].starts_with(name))?;
        let end = from + name.len();
        let whole = !text[end..].starts_with(char::is_alphabetic);
        whole.then_some((from, &text[from..end], day))
    })
}

fn chinese(text: &str) -> Option<(usize, &str, u8)> {
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

/// The weekday that a text starts with, and its number.
pub(super) fn day_name(text: &str) -> Option<(&str, u8)> {
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
    let near = after
        .char_indices()
        .nth(2)
        .map_or(after.len(), |(at, _)| at);
    let tail = [&name[name.len() - 3..], &after[..near]].concat();
    let sky = name.starts_with(['周', '週']) && name.ends_with('天');
    let plain =
        !after.starts_with(is_han) || after.starts_with(|c| "早上下中晚凌傍夜的".contains(c));
    !habit && !other.iter().any(|word| tail.starts_with(word)) && (!sky || plain)
}

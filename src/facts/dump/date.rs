//! Dates in a line of a dump, as far as they are stated.

use super::weekday::{WEEKDAYS, day_name};
use super::{DumpDate, Line, is_blank, part, width};

/// The last date of a line, with its first byte and the byte behind it.
pub(super) fn last_date(line: Line) -> Option<(usize, usize, DumpDate)> {
    let (mut last, mut at) = (None, 0);
    while let Some(c) = line.text[at..].chars().next() {
        let word = |d: char| d.is_ascii_digit() || d.is_ascii_alphabetic() && c.is_alphabetic();
        let after_digit = line.text[..at].ends_with(word);
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

/// The date a line starts with, and its bytes. Without a year, `03-09` and `March 9` count only
/// with their time.
fn date(line: Line) -> Option<(usize, DumpDate)> {
    let (length, date) = any_date(line)?;
    let sure = date.year.is_some() || date.time.is_some() || line.text[..length].contains('月');
    sure.then_some((length, date))
}

/// The date a line starts with, however little sets it off from other figures.
pub(super) fn any_date(line: Line) -> Option<(usize, DumpDate)> {
    let (year, month, day, after) = day(line.text).or_else(|| english_day(line.text))?;
    let after = without_weekday(after);
    let (time, after) = time(after).map_or((None, after), |(time, after)| (Some(time), after));
    let (offset, after) = time
        .and_then(|_| offset(after))
        .map_or((None, after), |(offset, after)| (Some(offset), after));
    let length = line.text.len() - after.len();
    let (line, column, width) = (line.number, line.indent + 1, width(&line.text[..length]));
    let date = DumpDate {
        year,
        month,
        day,
        time,
        offset,
        line,
        column,
        width,
    };
    let whole = !after.starts_with(|c: char| c.is_ascii_digit());
    whole.then_some((length, date))
}

/// What follows the weekday behind a date: ` 星期日`, `（周日）`, `（日）`, ` Sunday`.
fn without_weekday(text: &str) -> &str {
    let bare = text.trim_start_matches(|c| is_blank(c) || matches!(c, ',' | '，'));
    let inner = bare.strip_prefix(['(', '（', '[', '【']);
    let name = inner.unwrap_or(bare);
    let short = || {
        inner.and_then(|inner| inner.strip_prefix(|c| "一二三四五六日天月火水木金土".contains(c)))
    };
    let named = day_name(name).map(|(day, _)| &name[day.len()..]);
    let Some(after) = named.or_else(|| english_weekday(name)).or_else(short) else {
        return text;
    };
    let after = match inner {
        Some(_) => after.strip_prefix([')', '）', ']', '】']),
        None => Some(after).filter(|after| ends_word(after)),
    };
    after.unwrap_or(text)
}

/// Not `周六福`, and no `Sunlight`; but `周日上午8时`.
fn ends_word(after: &str) -> bool {
    !after.starts_with(char::is_alphabetic) || chinese_half(after).0.is_some()
}

fn english_weekday(text: &str) -> Option<&str> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic());
    let (word, after) = text.split_at(end.unwrap_or(text.len()));
    let is = |day: &str| day == word || word.len() == 3 && day.starts_with(word);
    let is_day = WEEKDAYS.iter().any(|day| is(day));
    is_day.then(|| after.strip_prefix('.').unwrap_or(after))
}

/// Year, month and day at the start of a text, and what follows them.
fn day(text: &str) -> Option<(Option<i16>, i8, i8, &str)> {
    let (first, after) = number(text, 4)?;
    let mark = after.chars().next().filter(|c| "年月-/.".contains(*c))?;
    let long = width(&text[..text.len() - after.len()]) == 4;
    let year = long.then_some(first);
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

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `March 9, 2025`, `Mar. 9`, `9 March 2025`; the day first only with a year.
fn english_day(text: &str) -> Option<(Option<i16>, i8, i8, &str)> {
    let (month, day, after) = match month(text) {
        Some((month, after)) => {
            let (day, after) = number(after.strip_prefix(' ')?, 2)?;
            (month, day, ordinal(after))
        }
        None => {
            let (day, after) = number(text, 2)?;
            let (month, after) = month(ordinal(after).strip_prefix(' ')?)?;
            (month, day, after)
        }
    };
    let spaced = after.strip_prefix(',').unwrap_or(after);
    let year = spaced
        .strip_prefix(' ')
        .and_then(|text| number(text, 4))
        .filter(|(year, after)| *year >= 1900 && !after.starts_with(':'));
    let day = i8::try_from(day).ok()?;
    let month_first = text.starts_with(|c: char| c.is_alphabetic());
    let (year, after) = year.map_or((None, after), |(year, after)| (Some(year), after));
    let fits = is_day(year, month, day) && (month_first || year.is_some());
    fits.then_some((year, month, day, after))
}

/// The month whose name or first three or four letters start a text, and what follows.
fn month(text: &str) -> Option<(i8, &str)> {
    let end = text.find(|c: char| !c.is_ascii_alphabetic())?;
    let (word, after) = text.split_at(end);
    let is = |name: &&str| *name == word || (3..=4).contains(&word.len()) && name.starts_with(word);
    let at = MONTHS.iter().position(is)?;
    Some((at as i8 + 1, after.strip_prefix('.').unwrap_or(after)))
}

fn ordinal(text: &str) -> &str {
    let ends = ["st", "nd", "rd", "th"];
    ends.iter()
        .find_map(|end| text.strip_prefix(end))
        .unwrap_or(text)
}

/// ` 18:40`, `T18:40:30`, `下午6时40分`, `, 6:40 p.m.`; the text is the one behind the day.
fn time(text: &str) -> Option<((i8, i8, i8), &str)> {
    let text = text.trim_start_matches(|c| is_blank(c) || matches!(c, 'T' | ',' | '，'));
    let text = text.strip_prefix("at ").unwrap_or(text);
    let (half, text) = chinese_half(text);
    let (hour, after) = below(text, 24)?;
    let (minute, after) = below(after.strip_prefix([':', '：', '时', '時', '点', '點'])?, 60)?;
    let after = after.strip_prefix('分').unwrap_or(after);
    let second = after
        .strip_prefix([':', '：'])
        .and_then(|after| below(after, 60))
        .or_else(|| below(after, 60).filter(|(_, after)| after.starts_with('秒')));
    let (second, after) = second.unwrap_or((0, after));
    let after = after.strip_prefix('秒').unwrap_or(after);
    let (half, after) = half.map_or_else(|| latin_half(after), |half| (Some(half), after));
    let hour = match half {
        Some(true) if hour < 12 => hour + 12,
        Some(false) if hour == 12 => 0,
        _ => hour,
    };
    Some(((hour, minute, second), after))
}

/// Whether a text starts with the name of the day's second half, or of its first.
fn chinese_half(text: &str) -> (Option<bool>, &str) {
    let halves = [
        ("下午", true),
        ("晚上", true),
        ("晚间", true),
        ("晚間", true),
        ("午後", true),
        ("上午", false),
        ("早上", false),
        ("凌晨", false),
        ("清晨", false),
        ("午前", false),
    ];
    let found = halves
        .iter()
        .find_map(|(name, later)| Some((Some(*later), text.strip_prefix(name)?)));
    found.map_or((None, text), |(half, after)| {
        (half, after.trim_start_matches(is_blank))
    })
}

fn latin_half(text: &str) -> (Option<bool>, &str) {
    let bare = text.trim_start_matches(' ');
    let halves = [
        ("PM", true),
        ("pm", true),
        ("p.m.", true),
        ("P.M.", true),
        ("AM", false),
        ("am", false),
        ("a.m.", false),
        ("A.M.", false),
    ];
    let found = halves
        .iter()
        .find_map(|(name, later)| Some((*later, bare.strip_prefix(name)?)));
    match found {
        Some((later, after)) if !after.starts_with(char::is_alphanumeric) => (Some(later), after),
        _ => (None, text),
    }
}

/// `+08:00`, `Z`, ` (UTC+8)`: minutes from UTC.
fn offset(text: &str) -> Option<(i16, &str)> {
    if let Some(after) = text.strip_prefix('Z') {
        return Some((0, after));
    }
    let bare = text.trim_start_matches([' ', '(', '（']);
    let bare = bare
        .strip_prefix("UTC")
        .or_else(|| bare.strip_prefix("GMT"));
    let named = bare.is_some();
    let text = bare.unwrap_or(text);
    let Some(signed) = text.strip_prefix(['+', '-']) else {
        let close = |after: &'_ str| after.trim_start_matches([')', '）']).len();
        return named.then(|| (0, &text[text.len() - close(text)..]));
    };
    let (hours, after) = number(signed, 2).filter(|(hours, _)| *hours <= 14)?;
    let minutes = number(after.strip_prefix(':').unwrap_or(after), 2);
    let (minutes, after) = minutes.unwrap_or((0, after));
    let total = hours * 60 + minutes;
    let total = if text.starts_with('-') { -total } else { total };
    let closed = if named {
        after.trim_start_matches([')', '）'])
    } else {
        after
    };
    (minutes < 60).then_some((total, closed))
}

fn below(text: &str, limit: i8) -> Option<(i8, &str)> {
    let (number, after) = number(text, 2)?;
    let number = i8::try_from(number).ok().filter(|number| *number < limit)?;
    Some((number, after))
}

/// A number of at most so many digits, which may be full-width.
fn number(text: &str, most: usize) -> Option<(i16, &str)> {
    let mut number = None;
    let mut rest = text;
    for c in text.chars().take(most) {
        let digit = match c {
            '0'..='9' => c as i16 - '0' as i16,
            '０'..='９' => (c as u32 - '０' as u32) as i16,
            _ => break,
        };
        number = Some(number.unwrap_or(0) * 10 + digit);
        rest = &rest[c.len_utf8()..];
    }
    Some((number?, rest))
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

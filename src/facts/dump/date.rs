//! Dates in a line of a dump, as far as they are stated.

use super::{DumpDate, Line, is_blank, part, width};

/// The last date of a line, with its first byte and the byte behind it.
pub(super) fn last_date(line: Line) -> Option<(usize, usize, DumpDate)> {
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

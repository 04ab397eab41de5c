//! Dates as writers type them, and the moments they mean.
//!
//! A [`Stamp`] is what stands in the text; it becomes a moment only with the site's time zone
//! (and, where it lacks a year, with one that was inferred). There is no clock here.

use jiff::civil::{Date, DateTime};
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

/// A date as written: perhaps without year, time or zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The year, where one is written.
    pub year: Option<i16>,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31, and a day that the month has in some year.
    pub day: i8,
    /// Hour, minute and second; `None` for a bare date.
    pub time: Option<(i8, i8, i8)>,
    /// Offset from UTC in minutes, where one is written.
    pub offset: Option<i16>,
}

/// Seconds since 1970-01-01T00:00:00Z.
pub type Moment = i64;

impl Stamp {
    /// The stamp with this year, if the day exists in it.
    pub fn in_year(self, year: i16) -> Option<Stamp> {
        Date::new(year, self.month, self.day).ok()?;
        Some(Stamp {
            year: Some(year),
            ..self
        })
    }

    /// The day, where the year is known.
    pub fn day(self) -> Option<Date> {
        Date::new(self.year?, self.month, self.day).ok()
    }

    /// The moment meant, read in `zone` where no offset is written. `None` without a year.
    pub fn moment(self, zone: &TimeZone) -> Option<Moment> {
        let (hour, minute, second) = self.time.unwrap_or((0, 0, 0));
        let civil = self.day()?.at(hour, minute, second, 0);
        match self.offset {
            Some(minutes) => {
                let offset = Offset::from_seconds(i32::from(minutes) * 60).ok()?;
                offset.to_timestamp(civil).ok().map(|at| at.as_second())
            }
            None => zone.to_timestamp(civil).ok().map(|at| at.as_second()),
        }
    }
}

/// Reads a date in any of the forms that writers use:
/// `2026-11-24`, `2026-11-24 08:00[:00]`, RFC 3339, `2026/11/24`, `2026年11月24日 08:00`.
pub fn parse(text: &str) -> Option<Stamp> {
    let mut rest = Digits(text.trim());
    let year = rest.number(4, 4)?;
    let mark = rest.one_of(&['-', '/', '.', '年'])?;
    let month = rest.number(1, 2)?;
    rest.exactly(if mark == '年' { '月' } else { mark })?;
    let day = rest.number(1, 2)?;
    if mark == '年' {
        rest.exactly('日')?;
    }
    Date::new(year, month as i8, day as i8).ok()?;
    let (time, offset) = rest.time_and_offset()?;
    Some(Stamp {
        year: Some(year),
        month: month as i8,
        day: day as i8,
        time,
        offset,
    })
}

/// Whether a text has the form of a date, though no such day or hour may exist.
pub fn is_dateish(text: &str) -> bool {
    let mut numbers = text
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty());
    let year_first = numbers.next().is_some_and(|year| year.len() == 4);
    let marks = |c: char| c.is_ascii_digit() || "-/.年月日:：TtZz+ \u{3000}".contains(c);
    year_first && numbers.count() >= 2 && text.chars().all(marks)
}

struct Digits<'a>(&'a str);

impl Digits<'_> {
    fn number(&mut self, least: usize, most: usize) -> Option<i16> {
        let width = self
            .0
            .bytes()
            .take(most)
            .take_while(u8::is_ascii_digit)
            .count();
        if width < least {
            return None;
        }
        let (digits, rest) = self.0.split_at(width);
        self.0 = rest;
        digits.parse().ok()
    }

    fn one_of(&mut self, marks: &[char]) -> Option<char> {
        let mark = self.0.chars().next().filter(|c| marks.contains(c))?;
        self.0 = &self.0[mark.len_utf8()..];
        Some(mark)
    }

    fn exactly(&mut self, mark: char) -> Option<char> {
        self.one_of(&[mark])
    }

    #[allow(clippy::type_complexity)]
    fn time_and_offset(&mut self) -> Option<(Option<(i8, i8, i8)>, Option<i16>)> {
        if self.0.is_empty() {
            return Some((None, None));
        }
        if self.one_of(&['T', 't', ' ', '\u{3000}']).is_some() {
            self.0 = self.0.trim_start();
        }
        let hour = self.number(1, 2).filter(|hour| *hour < 24)?;
        self.one_of(&[':', '：'])?;
        let minute = self.number(2, 2).filter(|minute| *minute < 60)?;
        let second = match self.one_of(&[':', '：']) {
            Some(_) => self.number(2, 2).filter(|second| *second < 60)?,
            None => 0,
        };
        if self.exactly('.').is_some() {
            self.number(1, 4)?;
            while self.number(1, 4).is_some() {}
        }
        self.0 = self.0.trim_start();
        let offset = self.offset()?;
        let time = (hour as i8, minute as i8, second as i8);
        self.0.is_empty().then_some((Some(time), offset))
    }

    fn offset(&mut self) -> Option<Option<i16>> {
        let Some(sign) = self.one_of(&['Z', 'z', '+', '-']) else {
            return Some(None);
        };
        if matches!(sign, 'Z' | 'z') {
            return Some(Some(0));
        }
        let hours = self.number(2, 2).filter(|hours| *hours <= 14)?;
        self.exactly(':');
        let minutes = self.number(2, 2).filter(|minutes| *minutes < 60)?;
        let total = hours * 60 + minutes;
        Some(Some(if sign == '-' { -total } else { total }))
    }
}

/// A time zone by IANA name (`Asia/Shanghai`) or fixed offset (`+08:00`, `Z`).
pub fn zone(text: &str) -> Option<TimeZone> {
    let mut rest = Digits(text.trim());
    if let Some(Some(minutes)) = rest.offset().filter(|_| rest.0.is_empty()) {
        return Offset::from_seconds(i32::from(minutes) * 60)
            .ok()
            .map(TimeZone::fixed);
    }
    TimeZone::get(text.trim()).ok()
}

/// The civil time of a moment in a zone.
pub fn civil(at: Moment, zone: &TimeZone) -> DateTime {
    zone.to_datetime(timestamp(at))
}

/// RFC 3339 with the zone's offset: `2026-11-24T08:00:00+08:00`.
pub fn rfc3339(at: Moment, zone: &TimeZone) -> String {
    let (local, offset) = local(at, zone);
    rfc3339_of(local, offset)
}

/// The civil time of a moment in a zone, and how far that is from UTC.
pub fn local(at: Moment, zone: &TimeZone) -> (DateTime, Offset) {
    let at = timestamp(at);
    let offset = zone.to_offset(at);
    (offset.to_datetime(at), offset)
}

/// RFC 3339 of what [`local`] gives.
pub fn rfc3339_of(local: DateTime, offset: Offset) -> String {
    let mut out = String::with_capacity("2026-11-24T08:00:00+08:00".len());
    push_date(&mut out, local.date(), '-');
    out.push('T');
    push_clock(&mut out, local);
    out.push(':');
    push_padded(&mut out, local.second() as u32, 2);
    let seconds = offset.seconds();
    out.push(if seconds < 0 { '-' } else { '+' });
    let seconds = seconds.unsigned_abs();
    push_padded(&mut out, seconds / 3600, 2);
    out.push(':');
    push_padded(&mut out, seconds / 60 % 60, 2);
    if !seconds.is_multiple_of(60) {
        out.push(':');
        push_padded(&mut out, seconds % 60, 2);
    }
    out
}

/// Adds a date of four, two and two digits with a sign between them.
pub fn push_date(out: &mut String, date: Date, between: char) {
    push_year(out, date.year());
    out.push(between);
    push_padded(out, date.month() as u32, 2);
    out.push(between);
    push_padded(out, date.day() as u32, 2);
}

/// Adds a year of four characters.
pub fn push_year(out: &mut String, year: i16) {
    let is_before = year < 0;
    if is_before {
        out.push('-');
    }
    push_padded(
        out,
        u32::from(year.unsigned_abs()),
        4 - usize::from(is_before),
    );
}

/// Adds hours and minutes.
pub fn push_clock(out: &mut String, at: DateTime) {
    push_padded(out, at.hour() as u32, 2);
    out.push(':');
    push_padded(out, at.minute() as u32, 2);
}

/// Adds a number with noughts before it up to a width.
pub fn push_padded(out: &mut String, number: u32, width: usize) {
    // Nearly all are parts of dates.
    match (width, number) {
        (2, ..100) => return out.push_str(pair(number)),
        (4, ..10_000) => {
            out.push_str(pair(number / 100));
            return out.push_str(pair(number % 100));
        }
        _ => {}
    }
    let mut digits = [b'0'; 10];
    let (mut rest, mut at) = (number, digits.len());
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let from = at.min(digits.len() - width);
    // Digits are text.
    out.push_str(str::from_utf8(&digits[from..]).unwrap_or_default());
}

/// Two digits.
fn pair(number: u32) -> &'static str {
    const PAIRS: [u8; 200] = {
        let mut pairs = [b'0'; 200];
        let mut number = 0;
        while number < 100 {
            pairs[2 * number] = b'0' + (number / 10) as u8;
            pairs[2 * number + 1] = b'0' + (number % 10) as u8;
            number += 1;
        }
        pairs
    };
    const TEXT: &str = match str::from_utf8(&PAIRS) {
        Ok(text) => text,
        Err(_) => "",
    };
    let at = 2 * number as usize;
    &TEXT[at..at + 2]
}

/// RFC 822 with a four-digit year, as RSS wants it: `Tue, 24 Nov 2026 08:00:00 +0800`.
pub fn rfc822(at: Moment, zone: &TimeZone) -> String {
    timestamp(at)
        .to_zoned_datetime(zone.clone())
        .strftime("%a, %d %b %Y %H:%M:%S %z")
        .to_string()
}

fn timestamp(at: Moment) -> jiff::Timestamp {
    jiff::Timestamp::from_second(at).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let zone = zone("+08:00").unwrap();
        let got = parse(text)
            .and_then(|stamp| stamp.moment(&zone))
            .map(|at| rfc3339(at, &zone));
        assert_eq!(got.as_deref(), expect, "{text}");
    }

    #[test]
    fn reads_what_writers_type() {
        check("2026-11-24", Some("2026-11-24T00:00:00+08:00"));
        check("2026-11-24 08:30", Some("2026-11-24T08:30:00+08:00"));
        check("2026/1/4 8:30", Some("2026-01-04T08:30:00+08:00"));
        check("2026年11月24日 08:30", Some("2026-11-24T08:30:00+08:00"));
        check("2026年11月24日08:30", Some("2026-11-24T08:30:00+08:00"));
        check("2026-11-24T08:30:05Z", Some("2026-11-24T16:30:05+08:00"));
        check(
            "2026-11-24T08:30:05.123456789-05:00",
            Some("2026-11-24T21:30:05+08:00"),
        );
        check("2026-11-31", None);
        check("2026-13-01", None);
        check("2026-11-24 25:00", None);
        check("2026-11-24 soon", None);
        check("yesterday", None);
        check("24.11.2026", None);
        check("", None);
    }

    #[test]
    fn moments_are_written_as_strftime_writes_them() {
        let zones = [
            "Asia/Shanghai",
            "America/St_Johns",
            "Europe/Amsterdam",
            "+08:00",
            "-03:30",
            "Z",
        ];
        let starts = [
            -4_000_000_000,
            -62_167_219_200,
            0,
            1_764_000_000,
            253_000_000_000,
        ];
        let near = starts
            .into_iter()
            .flat_map(|at| (0..9).map(move |n| at + n * 3_456_789));
        let far = (-80_000_000_000_i64..260_000_000_000).step_by(97_654_321);
        let moments: Vec<Moment> = near.chain(far).collect();
        for name in zones {
            let zone = zone(name).unwrap();
            for at in &moments {
                let zoned = timestamp(*at).to_zoned_datetime(zone.clone());
                let expect = zoned.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
                assert_eq!(rfc3339(*at, &zone), expect, "{name} {at}");
                assert_eq!(civil(*at, &zone), zoned.datetime(), "{name} {at}");
            }
        }
        let day = jiff::civil::date(812, 3, 4);
        let mut out = String::new();
        push_date(&mut out, day, '/');
        push_padded(&mut out, 12, 1);
        push_padded(&mut out, 0, 1);
        assert_eq!(out, "0812/03/04120");
    }

    #[test]
    fn knows_zones_by_name_and_offset() {
        let shanghai = zone("Asia/Shanghai").unwrap();
        assert_eq!(rfc822(0, &shanghai), "Thu, 01 Jan 1970 08:00:00 +0800");
        assert!(zone("Mars/Olympus").is_none());
        assert_eq!(
            rfc3339(0, &zone("-03:30").unwrap()),
            "1969-12-31T20:30:00-03:30"
        );
    }
}

//! The year that a raw dump's date lacks.
//!
//! A weekday that the text names is asked first: news speak of the day before, of the same day,
//! or of a day or two earlier, so the year in which that weekday lies nearest before the date is
//! taken. Without one it is the nearest date that is not after `now`. Either way the answer hangs
//! on `now` and would be another one next year: the report says so, and how to settle it.

use crate::base::date::{Moment, Stamp, civil};
use crate::base::diagnostic::{Code, Diagnostic};
use crate::config::Config;
use crate::facts::{Facts, OpenYear};

/// How many years back a weekday may lead.
const YEARS: i16 = 6;

/// A dump's date with its year, and the warning that goes with it.
pub fn infer(
    facts: &Facts,
    open: &OpenYear,
    stamp: Stamp,
    config: &Config,
    now: Moment,
) -> (Option<Stamp>, Diagnostic) {
    let this_year = civil(now, &config.zone).year();
    let fits = |year: &i16| {
        let dated = stamp
            .in_year(*year)
            .and_then(|stamp| stamp.moment(&config.zone));
        dated.is_some_and(|at| at <= now)
    };
    let years: Vec<i16> = (this_year - YEARS..=this_year).rev().filter(fits).collect();
    let by_weekday = open.weekday.as_ref().and_then(|(weekday, _, _)| {
        years
            .iter()
            .copied()
            .min_by_key(|year| distance(stamp, *year, *weekday))
    });
    let year = by_weekday.or(years.first().copied());
    let reason = match (&open.weekday, by_weekday) {
        (Some((_, name, line)), Some(_)) => {
            format!("the text names {name} on line {line}, which fits that year best")
        }
        _ => "the nearest such date that is not after the build's".to_string(),
    };
    (
        year.and_then(|year| stamp.in_year(year)),
        warning(facts, open, year, &reason),
    )
}

/// When another year may fit a date that lacks one: when it comes round again.
pub fn comes_round(stamp: Stamp, config: &Config, now: Moment) -> Option<Moment> {
    let this_year = civil(now, &config.zone).year();
    // A 29 February may be eight years away.
    let moments = (this_year..=this_year + 8).filter_map(|year| {
        let dated = stamp.in_year(year)?;
        dated.moment(&config.zone)
    });
    moments.filter(|at| *at > now).min()
}

/// How unlikely a year is: the days from the named weekday to the date. A date in the morning
/// seldom speaks of the same day.
fn distance(stamp: Stamp, year: i16, weekday: u8) -> u8 {
    let Some(day) = stamp.in_year(year).and_then(Stamp::day) else {
        return u8::MAX;
    };
    let own = day.weekday().to_monday_one_offset() as u8;
    let days = (own + 7 - weekday) % 7;
    let morning = stamp.time.is_some_and(|(hour, _, _)| hour < 12);
    match days {
        0 if morning => 7,
        0 => 1,
        days => days,
    }
}

fn warning(facts: &Facts, open: &OpenYear, year: Option<i16>, reason: &str) -> Diagnostic {
    let Some(year) = year else {
        return Diagnostic::new(Code::YearGuess, "the date has no year, and none fits")
            .at(open.spot.place(&facts.path, "no year here"))
            .help("write the year before the month");
    };
    let (folder, name) = facts
        .path
        .rsplit_once('/')
        .unwrap_or(("content", &facts.path));
    // A folder may be named by a year in which the day doesn't exist.
    let outer = folder
        .rsplit_once('/')
        .filter(|(_, year)| year.parse::<i16>().is_ok());
    let folder = outer.map_or(folder, |(outer, _)| outer);
    Diagnostic::new(
        Code::YearGuess,
        format!("the date has no year; {year} is taken: {reason}"),
    )
    .at(open.spot.place(&facts.path, "no year here"))
    .note("next year's build may take another one")
    .help(format!(
        "move the file to {folder}/{year}/{name}, or write {year} before the month"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::date::parse;
    use crate::facts::Spot;

    fn check(now: &str, date: (i8, i8, i8), weekday: Option<u8>, expect: Option<i16>) {
        let config = Config::default();
        let now = parse(now).unwrap().moment(&config.zone).unwrap();
        let (month, day, hour) = date;
        let stamp = Stamp {
            year: None,
            month,
            day,
            time: Some((hour, 12, 0)),
            offset: None,
        };
        let weekday = weekday.map(|weekday| (weekday, "週三".to_string(), 9));
        let open = OpenYear {
            spot: Spot::default(),
            weekday,
        };
        let (got, _) = infer(&Facts::default(), &open, stamp, &config, now);
        assert_eq!(got.and_then(|stamp| stamp.year), expect, "{now} {date:?}");
    }

    #[test]
    fn the_weekday_is_asked_first() {
        // 12 June is a Thursday in 2025, a Wednesday in 2024, a Friday in 2026.
        check("2025-06-12 12:00", (6, 12, 7), Some(3), Some(2025));
        check("2026-11-24 12:00", (6, 12, 7), Some(3), Some(2025));
        check("2024-12-01 12:00", (6, 12, 20), Some(3), Some(2024));
    }

    #[test]
    fn dates_come_round() {
        let config = Config::default();
        let moment = |text: &str| parse(text).unwrap().moment(&config.zone).unwrap();
        let check = |now: &str, (month, day): (i8, i8), expect: &str| {
            let stamp = Stamp {
                year: None,
                month,
                day,
                time: Some((7, 12, 0)),
                offset: None,
            };
            let got = comes_round(stamp, &config, moment(now));
            assert_eq!(got, Some(moment(expect)), "{now}");
        };
        check("2026-11-24 12:00", (6, 12), "2027-06-12 07:12");
        check("2026-11-24 12:00", (12, 1), "2026-12-01 07:12");
        check("2026-11-24 12:00", (2, 29), "2028-02-29 07:12");
    }

    #[test]
    fn else_the_nearest_date_that_is_not_to_come() {
        check("2025-06-12 12:00", (6, 12, 7), None, Some(2025));
        check("2025-06-12 06:00", (6, 12, 7), None, Some(2024));
        check("2025-06-12 12:00", (12, 31, 7), None, Some(2024));
        check("2025-06-12 12:00", (2, 29, 7), None, Some(2024));
    }
}

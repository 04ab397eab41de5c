//! The archive: years, months with a calendar, and days by channel. What is over stays as it is.

use super::group::{fold_cards, folded};
use super::view::{ArchiveView, CalendarDay, DayView, Group, Head, MonthView, Period, YearRow};
use super::{Words, head, word};
use crate::base::fingerprint::Fold;
use crate::site::calendar::{Day, Span, count};
use crate::site::card::{Anchor, CardRef, Link};
use crate::site::{InEdition, List, Route};
use jiff::ToSpan;
use jiff::civil::Date;
use std::ops::Range;

/// Articles of a day that a month's page shows where the day has a page of its own.
const OF_DAY: usize = 10;

/// All years.
pub fn archive(site: InEdition, words: &Words) -> ArchiveView {
    let mut starts: Vec<Date> = site
        .days
        .iter()
        .map(|(date, _)| Span::Year.start(*date))
        .collect();
    starts.dedup();
    let own = head(site, "archive", &title(words), Route::Archive);
    ArchiveView {
        page: Head {
            crumbs: vec![site.link(List::Home)],
            ..own
        },
        years: starts
            .into_iter()
            .rev()
            .map(|start| year_row(site, start))
            .collect(),
        previous: None,
        next: None,
    }
}

/// One year.
pub fn year(site: InEdition, words: &Words, start: Date) -> ArchiveView {
    let (previous, next) = neighbours(site, Span::Year, start);
    let own = head(
        site,
        "archive",
        &site.label(Span::Year, start),
        Route::Year(start),
    );
    ArchiveView {
        page: Head {
            crumbs: crumbs(site, words),
            ..own
        },
        years: vec![year_row(site, start)],
        previous,
        next,
    }
}

fn title(words: &Words) -> String {
    word(words, "archive")
}

fn crumbs(site: InEdition, words: &Words) -> Vec<Link> {
    let archive = Anchor {
        name: title(words),
        url: site.href(Route::Archive),
        lang: None,
    };
    vec![site.link(List::Home), archive.into()]
}

fn anchor(site: InEdition, span: Span, date: Date) -> Anchor {
    Anchor {
        name: site.label(span, date),
        url: site.href(span.route(date)),
        lang: None,
    }
}

fn year_row(site: InEdition, start: Date) -> YearRow {
    let month = |month: i8| {
        let first = start.with().month(month).build().unwrap_or(start);
        let days = site.days_between(first, first.last_of_month());
        let Anchor { name, url, .. } = anchor(site, Span::Month, first);
        Period {
            name,
            url: (!days.is_empty()).then_some(url),
            count: count(days),
        }
    };
    let Anchor { name, url, .. } = anchor(site, Span::Year, start);
    let days = site.days_between(start, start.last_of_year());
    YearRow {
        year: Period {
            name,
            url: Some(url),
            count: count(days),
        },
        months: (1..=12).map(month).collect(),
    }
}

/// The stretches of time before and after one that have articles.
fn neighbours(site: InEdition, span: Span, start: Date) -> (Option<Anchor>, Option<Anchor>) {
    let [before, after] = beside(site, span, start);
    let shown = |start: Date| anchor(site, span, start);
    (before.map(shown), after.map(shown))
}

/// The first days of these stretches.
fn beside(site: InEdition, span: Span, start: Date) -> [Option<Date>; 2] {
    let at = site.days.partition_point(|(date, _)| *date < start);
    let before = at.checked_sub(1).and_then(|at| site.days.get(at));
    let after = site.days[at..]
        .iter()
        .find(|(date, _)| span.start(*date) > start);
    [before, after].map(|day| day.map(|(date, _)| span.start(*date)))
}

/// Folds what a page of the archive has of a stretch of time and of those beside it. Labels and
/// addresses follow from the dates and the configuration.
fn fold_span(site: InEdition, span: Span, start: Date, fold: &mut Fold) {
    let beside = beside(site, span, start);
    for date in [Some(start)].into_iter().chain(beside) {
        let (year, month, day) = date.map_or((0, 0, 0), |date| {
            (date.year(), date.month() as u8, date.day() as u8)
        });
        let [low, high] = year.to_le_bytes();
        fold.add(&[low, high, month, day]);
    }
}

/// Folds what the view of a month is made of.
pub fn fold_month(site: InEdition, start: Date, fold: &mut Fold) {
    fold_span(site, Span::Month, start, fold);
    let days = site.days_between(start, start.last_of_month());
    for (date, articles) in days {
        let count = (articles.len() as u32).to_le_bytes();
        fold.add(&[date.day() as u8]).add(&count);
    }
    fold_cards(site, &newest_of(site, days), fold);
}

/// Folds what the view of a day is made of.
pub fn fold_day(site: InEdition, date: Date, fold: &mut Fold) {
    fold_span(site, Span::Day, date, fold);
    let shown: Vec<u32> = of_day(site, date).rev().collect();
    // Channels come in their order.
    for n in &shown {
        let channel = site.articles[*n as usize].channel;
        fold.add(&channel.to_le_bytes());
    }
    fold_cards(site, &shown, fold);
}

/// The articles of a day.
fn of_day(site: InEdition, date: Date) -> Range<u32> {
    let found = site.days_between(date, date).first();
    found.map_or(0..0, |(_, articles)| articles.clone())
}

/// The newest articles of each of some days; all of them where the day has no page.
fn newest_of(site: InEdition, days: &[Day]) -> Vec<u32> {
    let newest = days.iter().rev().flat_map(|(date, articles)| {
        let shown = match site.has(Route::Day(*date)) {
            true => OF_DAY,
            false => articles.len(),
        };
        articles.clone().rev().take(shown)
    });
    newest.collect()
}

/// One month: a calendar, and its days with their newest articles.
pub fn month<'a>(site: InEdition<'a>, words: &Words, start: Date) -> MonthView<'a> {
    let days = site.days_between(start, start.last_of_month());
    let (previous, next) = neighbours(site, Span::Month, start);
    let mut crumbs = crumbs(site, words);
    crumbs.push(anchor(site, Span::Year, Span::Year.start(start)).into());
    let name = site.label(Span::Month, start);
    MonthView {
        page: Head {
            crumbs,
            ..head(site, "month", &name, Route::Month(start))
        },
        name,
        count: count(days),
        weeks: weeks(site, start, days),
        groups: of_days(site, days),
        previous,
        next,
    }
}

/// The days of a month, each with its newest articles; a day that has nothing but copies of other
/// days is in the calendar.
fn of_days<'a>(site: InEdition<'a>, days: &[Day]) -> Vec<Group<'a>> {
    let cards = folded(site, &newest_of(site, days));
    let day_of = |card: &CardRef| site.day_of(card.article);
    let group = |cards: &[CardRef<'a>]| {
        let date = cards.first().and_then(day_of)?;
        Some(Group {
            name: Some(site.label(Span::Day, date)),
            url: site.way(Route::Day(date)),
            count: Some(count(site.days_between(date, date))),
            cards: cards.to_vec(),
        })
    };
    let days = cards.chunk_by(|a, b| day_of(a) == day_of(b));
    days.filter_map(group).collect()
}

/// The weeks of a month, Monday first; days of other months are empty.
fn weeks(site: InEdition, start: Date, days: &[Day]) -> Vec<Vec<CalendarDay>> {
    let empty = || CalendarDay {
        day: None,
        url: None,
        count: 0,
    };
    let lead = start.weekday().to_monday_zero_offset() as usize;
    let mut cells: Vec<CalendarDay> = (0..lead).map(|_| empty()).collect();
    for offset in 0..i64::from(start.days_in_month()) {
        let date = start.checked_add(offset.days()).unwrap_or(start);
        let found = days.iter().find(|(day, _)| *day == date);
        cells.push(CalendarDay {
            day: Some(date.day()),
            url: found.and_then(|_| site.way(Route::Day(date))),
            count: found.map_or(0, |(_, articles)| articles.len() as u32),
        });
    }
    while !cells.len().is_multiple_of(7) {
        cells.push(empty());
    }
    cells.chunks(7).map(<[CalendarDay]>::to_vec).collect()
}

/// One day, by channel.
pub fn day<'a>(site: InEdition<'a>, words: &Words, date: Date) -> DayView<'a> {
    let (previous, next) = neighbours(site, Span::Day, date);
    let mut crumbs = crumbs(site, words);
    crumbs.push(anchor(site, Span::Year, Span::Year.start(date)).into());
    crumbs.push(anchor(site, Span::Month, Span::Month.start(date)).into());
    let name = site.label(Span::Day, date);
    let shown: Vec<u32> = of_day(site, date).rev().collect();
    let shown = folded(site, &shown);
    let group = |channel: u32| {
        let own = |card: &&CardRef| site.articles[card.article as usize].channel == channel;
        let cards: Vec<_> = shown.iter().filter(own).cloned().collect();
        let link = site.link(List::Channel(channel));
        (!cards.is_empty()).then(|| Group {
            name: Some(link.name.clone()),
            url: Some(link.url.clone()),
            count: None,
            cards,
        })
    };
    DayView {
        page: Head {
            crumbs,
            ..head(site, "day", &name, Route::Day(date))
        },
        name,
        groups: (0..site.channels.len() as u32).filter_map(group).collect(),
        previous,
        next,
    }
}

//! Days, months and years as readers see them, and the articles of each.

use super::{Route, Site};
use crate::base::date::{civil, push_padded};
use jiff::civil::Date;
use std::ops::Range;

/// A day that has articles, and their numbers: articles are in the order of their dates.
pub type Day = (Date, Range<u32>);

/// The days of a site's articles, oldest first; those without a date are in none.
pub fn days(site: &Site) -> Vec<Day> {
    let mut days: Vec<Day> = Vec::new();
    for (n, article) in site.articles.iter().enumerate() {
        let Some(at) = article.date else { continue };
        let (date, n) = (civil(at, &site.config.zone).date(), n as u32);
        match days.last_mut() {
            Some((last, articles)) if *last == date => articles.end = n + 1,
            _ => days.push((date, n..n + 1)),
        }
    }
    days
}

/// The months of these days, oldest first, and the articles of each.
pub(super) fn months(days: &[Day]) -> Vec<((i16, i8), Range<u32>)> {
    let mut months: Vec<((i16, i8), Range<u32>)> = Vec::new();
    for (date, articles) in days {
        let month = (date.year(), date.month());
        match months.last_mut() {
            Some((last, all)) if *last == month => all.end = articles.end,
            _ => months.push((month, articles.clone())),
        }
    }
    months
}

/// Makes room for article `n` in a stretch of time, and moves the later ones up.
pub(super) fn insert<K: Ord + Copy>(stretches: &mut Vec<(K, Range<u32>)>, key: Option<K>, n: u32) {
    let at = stretches.partition_point(|(other, _)| key.is_some_and(|key| *other < key));
    let found = stretches
        .get(at)
        .is_some_and(|(other, _)| Some(*other) == key);
    if let Some(key) = key.filter(|_| !found) {
        stretches.insert(at, (key, n..n));
    }
    if key.is_some() {
        stretches[at].1.end += 1;
    }
    let later = at + usize::from(key.is_some());
    for (_, articles) in &mut stretches[later..] {
        *articles = articles.start + 1..articles.end + 1;
    }
}

/// Takes article `n` out of its stretch of time, and moves the later ones down.
pub(super) fn remove<K: Ord + Copy>(stretches: &mut Vec<(K, Range<u32>)>, n: u32) {
    let at = stretches.partition_point(|(_, articles)| articles.end <= n);
    for (_, articles) in &mut stretches[at..] {
        articles.end -= 1;
        if articles.start > n {
            articles.start -= 1;
        }
    }
    stretches.retain(|(_, articles)| !articles.is_empty());
}

/// What stretch of time a heading stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Span {
    Day,
    Month,
    Year,
}

impl Span {
    /// The first day of the stretch that a date lies in.
    pub fn start(self, date: Date) -> Date {
        match self {
            Span::Day => date,
            Span::Month => date.first_of_month(),
            Span::Year => date.first_of_year(),
        }
    }
}

impl Span {
    /// The archive's page of the stretch that starts on a date.
    pub fn route(self, start: Date) -> Route {
        match self {
            Span::Day => Route::Day(start),
            Span::Month => Route::Month(start),
            Span::Year => Route::Year(start),
        }
    }
}

const WEEKDAYS_HANS: [&str; 7] = [
    "星期一",
    "星期二",
    "星期三",
    "星期四",
    "星期五",
    "星期六",
    "星期日",
];

/// A day for Chinese readers.
pub(super) fn chinese_day(date: Date) -> String {
    chinese(date, 3)
}

/// So many `parts` of a date for Chinese readers.
fn chinese(date: Date, parts: usize) -> String {
    let all = [(date.month(), "月"), (date.day(), "日")];
    let mut out = String::with_capacity("2026年11月24日 星期一".len());
    if date.year() < 0 {
        out.push('-');
    }
    push_padded(&mut out, u32::from(date.year().unsigned_abs()), 1);
    out.push('年');
    for (part, unit) in all.into_iter().take(parts - 1) {
        push_padded(&mut out, part as u32, 1);
        out.push_str(unit);
    }
    out
}

impl Site {
    /// A day, month or year for readers, in the site's language.
    pub fn label(&self, span: Span, date: Date) -> String {
        if !self.config.language.starts_with("zh") {
            let form = match span {
                Span::Day => "%A, %-d %B %Y",
                Span::Month => "%B %Y",
                Span::Year => "%Y",
            };
            return date.strftime(form).to_string();
        }
        match span {
            Span::Day => {
                let weekday = date.weekday().to_monday_zero_offset() as usize;
                let mut label = chinese_day(date);
                label.push(' ');
                label.push_str(WEEKDAYS_HANS[weekday]);
                label
            }
            Span::Month => chinese(date, 2),
            Span::Year => chinese(date, 1),
        }
    }

    /// The day of an article, in the site's zone.
    pub fn day_of(&self, article: u32) -> Option<Date> {
        let at = self.articles[article as usize].date?;
        Some(civil(at, &self.config.zone).date())
    }

    /// The days of a stretch of time, as a range in [`Site::days`].
    pub fn days_between(&self, first: Date, last: Date) -> &[Day] {
        let start = self.days.partition_point(|(date, _)| *date < first);
        let end = self.days.partition_point(|(date, _)| *date <= last);
        &self.days[start..end]
    }
}

/// How many articles there are on some days.
pub fn count(days: &[Day]) -> u32 {
    days.iter().map(|(_, articles)| articles.len() as u32).sum()
}

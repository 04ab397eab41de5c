//! The dateline that opens an agency's report: `新华社北京3月5日电`.
//!
//! It stays in the body, where readers expect it. Where nothing else says so, it tells source and
//! date.

use super::date::any_date;
use super::{Dump, DumpDate, Line, is_blank, named, note, part};
use crate::base::text::script::is_han;

/// How far into a paragraph a dateline reaches, in characters.
const REACH: usize = 60;

/// Takes source and date, as far as they are missing, from the first paragraph's dateline.
pub(super) fn read_dateline(all: &[Line], dump: &mut Dump) {
    let Some(first) = dump.standfirst.iter().chain(&dump.body).next() else {
        return;
    };
    let Some(line) = all
        .iter()
        .find(|line| line.number == first.line && line.text == first.text)
    else {
        return;
    };
    let end = line
        .text
        .char_indices()
        .nth(REACH)
        .map_or(line.text.len(), |(at, _)| at);
    let line = part(*line, 0, end);
    let Some((agency, date)) = chinese(line).or_else(|| english(line)) else {
        return;
    };
    let reason = "the dateline of the first paragraph names it, and nothing else does";
    if let Some(agency) = agency.filter(|_| dump.source.is_none()) {
        dump.source = Some(named(agency.text, agency));
        let what = format!("`{}` is taken as the source", agency.text);
        note(dump, agency, &what, reason);
    }
    if let Some((written, date)) = date.filter(|_| dump.date.is_none()) {
        dump.date = Some(date);
        let what = format!("`{}` is taken as the date", written.text);
        note(dump, written, &what, reason);
    }
}

type Dateline<'a> = (Option<Line<'a>>, Option<(Line<'a>, DumpDate)>);

/// `新华社北京3月5日电`, `（中央社台北5日電）`, `【海港网3月5日讯】`.
fn chinese(line: Line<'_>) -> Option<Dateline<'_>> {
    let text = line.text;
    let lead = |c: char| is_blank(c) || "【（(［[据據".contains(c);
    let start = text.len() - text.trim_start_matches(lead).len();
    let days = text.match_indices('日').map(|(at, day)| at + day.len());
    let end = days.into_iter().find(|end| is_report(&text[*end..]))?;
    let before = &text[start..end];
    // A sentence that ends before it is no dateline.
    if before.contains(|c| "。，！？；,".contains(c)) {
        return None;
    }
    let dated = before
        .char_indices()
        .find_map(|(at, _)| {
            let (length, date) = any_date(part(line, start + at, end))?;
            Some((part(line, start + at, start + at + length), date))
        })
        .filter(|(written, _)| written.text.contains('月'));
    let agency = agency(before).map(|length| part(line, start, start + length));
    let digits = before
        .trim_end_matches('日')
        .ends_with(|c: char| c.is_numeric());
    digits.then_some((agency, dated))
}

fn is_report(after: &str) -> bool {
    let after = after.trim_start_matches(['专', '專', '综', '合', '綜']);
    after.starts_with(['电', '電', '讯', '訊'])
}

/// The bytes of an agency's name: up to 社, 网, 报 or 台, or one of the two that have none.
fn agency(text: &str) -> Option<usize> {
    if let Some(name) = ["路透", "彭博"]
        .iter()
        .find(|name| text.starts_with(**name))
    {
        let long = text[name.len()..].starts_with('社');
        return Some(name.len() + if long { '社'.len_utf8() } else { 0 });
    }
    let (at, last) = text
        .char_indices()
        .take(8)
        .take_while(|(_, c)| is_han(*c))
        .find(|(_, c)| "社网網报報台臺".contains(*c))?;
    (at > 0 && !text.starts_with('本')).then_some(at + last.len_utf8())
}

/// `LONDON, March 5 (Reuters) - `.
fn english(line: Line<'_>) -> Option<Dateline<'_>> {
    let text = line.text;
    let open = text.find('(')?;
    let close = open + text[open..].find(')')?;
    let dashed = text[close + 1..].trim_start().starts_with(['-', '–', '—']);
    let name = &text[open + 1..close];
    let city = text.split([' ', ',']).next().unwrap_or("");
    let fits = city.len() > 1
        && city.bytes().all(|byte| byte.is_ascii_uppercase())
        && (2..=24).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphabetic() || byte == b' ');
    let dated = text[..open].char_indices().find_map(|(at, c)| {
        let begins = c.is_ascii_uppercase() && text[..at].ends_with(' ');
        let (length, date) = any_date(part(line, at, open)).filter(|_| begins)?;
        Some((part(line, at, at + length), date))
    });
    (dashed && fits).then(|| (Some(part(line, open + 1, close)), dated))
}

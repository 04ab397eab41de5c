//! Articles under headings of time, as a list's pace asks for it.

use super::view::Group;
use crate::base::fingerprint::Fold;
use crate::site::calendar::Span;
use crate::site::card::CardRef;
use crate::site::{InEdition, List};
use foldhash::{HashMap, HashMapExt, HashSet, HashSetExt};
use jiff::ToSpan;

/// A list of at least so many articles a day, over two weeks, has a heading for each day.
const A_DAY: usize = 3;
/// A list of at least so many articles a month has one for each month.
const A_MONTH: usize = 3;

/// Groups the articles of a page. The pace is that of the list as far as it goes on this page
/// (`so_far`, oldest first), so that a full page stays as it is.
pub fn by_pace<'a>(
    site: InEdition<'a>,
    list: List,
    so_far: &[u32],
    shown: &[u32],
) -> Vec<Group<'a>> {
    match span_of(site, list, so_far) {
        None => plain(site, shown),
        Some(span) => by_span(site, span, shown),
    }
}

/// The stretches of time that a page of a list has headings for.
pub fn span_of(site: InEdition, list: List, so_far: &[u32]) -> Option<Span> {
    match list {
        List::Channel(_) | List::Ticker(_) => None,
        List::Home | List::Live => Some(Span::Day),
        _ => Some(pace(site, so_far)),
    }
}

/// The cards of a page, newest first. A copy stands below its first where both are on the page; so
/// a full page stays as it is, whatever comes later.
pub fn folded<'a>(site: InEdition<'a>, shown: &[u32]) -> Vec<CardRef<'a>> {
    let above = above(site, shown);
    let mut cards: Vec<CardRef> = shown.iter().map(|n| site.card_ref(*n)).collect();
    for (at, place) in above.iter().enumerate() {
        if let Some(place) = place {
            cards[*place].also.push(shown[at]);
        }
    }
    let kept = cards.into_iter().zip(&above);
    kept.filter(|(_, above)| above.is_none())
        .map(|(card, _)| card)
        .collect()
}

/// Folds what [`folded`] is made of: the cards, and which stands below which.
pub fn fold_cards(site: InEdition, shown: &[u32], fold: &mut Fold) {
    fold.add(&(shown.len() as u32).to_le_bytes());
    for n in shown {
        fold.add_print(site.card_print(*n));
    }
    for (at, story) in stories(site, shown).into_iter().enumerate() {
        if story != at {
            fold.add(&(at as u32).to_le_bytes());
            fold.add(&(story as u32).to_le_bytes());
        }
    }
}

/// For each article of a page the place of the one that it stands below.
pub fn above(site: InEdition, shown: &[u32]) -> Vec<Option<usize>> {
    let stories = stories(site, shown).into_iter().enumerate();
    stories
        .map(|(at, story)| (story != at).then_some(story))
        .collect()
}

/// For each article of a page the place of the oldest one there that tells the same; its own where
/// none does. Copies of one that is not on the page tell the same as well.
pub fn stories(site: InEdition, shown: &[u32]) -> Vec<usize> {
    let mut stories: Vec<usize> = (0..shown.len()).collect();
    if shown.iter().all(|n| site.first(*n).is_none()) {
        return stories;
    }
    let mut order: Vec<usize> = (0..shown.len()).collect();
    order.sort_unstable_by_key(|at| shown[*at]);
    let mut known: HashMap<u32, usize> = HashMap::new();
    for at in order {
        let n = shown[at];
        if let Some(first) = site.first(n) {
            stories[at] = *known.entry(first).or_insert(at);
        }
        known.entry(n).or_insert(stories[at]);
    }
    stories
}

/// The first articles of a list that tell so many stories.
pub fn enough(site: InEdition, list: &[u32], most: usize) -> Vec<u32> {
    let mut told: HashSet<usize> = HashSet::new();
    let mut fits = |story: &usize| told.contains(story) || told.len() < most && told.insert(*story);
    let count = stories(site, list)
        .iter()
        .take_while(|story| fits(story))
        .count();
    list[..count].to_vec()
}

/// One group without a heading.
pub fn plain<'a>(site: InEdition<'a>, shown: &[u32]) -> Vec<Group<'a>> {
    let cards = folded(site, shown);
    vec![Group {
        name: None,
        url: None,
        count: None,
        cards,
    }]
}

fn pace(site: InEdition, so_far: &[u32]) -> Span {
    let Some(last) = so_far.last().and_then(|n| site.day_of(*n)) else {
        return Span::Year;
    };
    // Articles are in the order of their dates, so those after a day are those after a number.
    let since = |days: i64| {
        let first = last.checked_sub(days.days()).unwrap_or(last);
        let later = site.days.partition_point(|(date, _)| *date <= first);
        let later = site.days.get(later).map(|(_, articles)| articles.start);
        let before = later.map_or(so_far.len(), |later| so_far.partition_point(|n| *n < later));
        so_far.len() - before
    };
    if since(14) >= A_DAY * 14 {
        Span::Day
    } else if since(90) >= A_MONTH * 3 {
        Span::Month
    } else {
        Span::Year
    }
}

/// Groups articles, newest first, by stretches of time; those without a date come last.
pub fn by_span<'a>(site: InEdition<'a>, span: Span, shown: &[u32]) -> Vec<Group<'a>> {
    let start = |n: &u32| site.day_of(*n).map(|day| span.start(day));
    let mut groups = Vec::new();
    let cards = folded(site, shown);
    for part in cards.chunk_by(|a, b| start(&a.article) == start(&b.article)) {
        let first = part.first().and_then(|card| start(&card.article));
        groups.push(Group {
            name: first.map(|date| site.label(span, date)),
            url: first.and_then(|date| site.way(span.route(date))),
            count: None,
            cards: part.to_vec(),
        });
    }
    groups
}

//! The nearest of many names to a misspelt one.
//!
//! [`nearest`] compares with each name, which is dear where a portal has thousands of names and
//! thousands of dead links. So of many names only those are compared that stand beside the misspelt one
//! in the order of names, read from the front or from the end: most slips leave one of the two as
//! it was. [`Near`] is for who looks for many, and finds what [`nearest_of`] finds.

use super::diagnostic::nearest;
use rayon::prelude::*;
use std::cmp::Ordering;

/// Of more names not all are compared.
const MANY: usize = 256;
/// How many are compared before a name and after it, in each order.
const BESIDE: usize = 32;

/// The order of names as they are read from the end.
fn from_end(a: &str, b: &str) -> Ordering {
    a.bytes().rev().cmp(b.bytes().rev())
}

/// The name nearest to `name`, if one is near enough to be a slip; `known` has each name once.
pub fn nearest_of<'a>(
    name: &str,
    known: Vec<&'a str>,
    may_be: impl Fn(&str) -> bool,
) -> Option<&'a str> {
    if known.len() <= MANY {
        return nearest(name, known.into_iter().filter(|other| may_be(other)));
    }
    let lower = name.to_lowercase();
    let mut close = beside(known.clone(), &lower, Ord::cmp);
    close.extend(beside(known, &lower, from_end));
    nearest(name, close.into_iter().filter(|other| may_be(other)))
}

/// The names that stand beside one in some order, without putting all of them in order.
fn beside<'a>(
    names: Vec<&'a str>,
    name: &str,
    order: impl Fn(&str, &str) -> Ordering,
) -> Vec<&'a str> {
    let sort = |a: &&str, b: &&str| order(a, b);
    let is_before = |other: &&str| order(other, name) == Ordering::Less;
    let (mut before, mut after): (Vec<&str>, Vec<&str>) = names.into_iter().partition(is_before);
    if let Some(at) = before.len().checked_sub(BESIDE + 1) {
        before.select_nth_unstable_by(at, sort);
        before.drain(..=at);
    }
    if after.len() > BESIDE {
        after.select_nth_unstable_by(BESIDE, sort);
        after.truncate(BESIDE);
    }
    before.append(&mut after);
    before
}

/// Names in both orders.
#[derive(Debug)]
pub struct Near {
    names: Vec<String>,
    by_end: Vec<u32>,
}

impl Near {
    /// Names, each of them once.
    pub fn of(mut names: Vec<String>) -> Near {
        names.par_sort_unstable();
        let mut by_end: Vec<u32> = (0..names.len() as u32).collect();
        if names.len() > MANY {
            by_end.par_sort_unstable_by(|a, b| from_end(&names[*a as usize], &names[*b as usize]));
        }
        Near { names, by_end }
    }

    /// The name nearest to `name`, as [`nearest_of`] finds it.
    pub fn nearest(&self, name: &str, may_be: impl Fn(&str) -> bool) -> Option<&str> {
        let all = self.names.iter().map(String::as_str);
        if self.names.len() <= MANY {
            return nearest(name, all.filter(|other| may_be(other)));
        }
        let lower = name.to_lowercase();
        let around = |at: usize| at.saturating_sub(BESIDE)..self.names.len().min(at + BESIDE);
        let at = self.names.partition_point(|other| *other < lower);
        let by_start = self.names[around(at)].iter();
        let is_before =
            |other: &u32| from_end(&self.names[*other as usize], &lower) == Ordering::Less;
        let at = self.by_end.partition_point(is_before);
        let by_end = self.by_end[around(at)].iter();
        let close = by_start.chain(by_end.map(|other| &self.names[*other as usize]));
        let close = close.map(String::as_str);
        nearest(name, close.filter(|other| may_be(other)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_slip_is_found_among_many() {
        let names: Vec<String> = (0..5_000).map(|n| format!("gangkou-{n}-kuojian")).collect();
        let near = Near::of(names.clone());
        let known: Vec<&str> = names.iter().map(String::as_str).collect();
        for (slip, meant) in [
            ("gangkou-4711-kuojan", "gangkou-4711-kuojian"),
            ("gankou-4711-kuojian", "gangkou-4711-kuojian"),
            ("Gangkou-4711-kuojians", "gangkou-4711-kuojian"),
        ] {
            assert_eq!(near.nearest(slip, |_| true), Some(meant));
            assert_eq!(nearest_of(slip, known.clone(), |_| true), Some(meant));
        }
        assert_eq!(near.nearest("something-else", |_| true), None);
        let not = |other: &str| other != "gangkou-4711-kuojian";
        assert_ne!(
            near.nearest("gangkou-4711-kuojan", not),
            Some("gangkou-4711-kuojian")
        );
    }

    #[test]
    fn of_many_names_few_are_compared() {
        let near = Near::of((0..9_000).map(|n| format!("gangkou-{n}-kuojian")).collect());
        let compared = std::cell::Cell::new(0);
        let count = |_: &str| {
            compared.set(compared.get() + 1);
            true
        };
        near.nearest("gangkou-4711-kuojan", count);
        assert!((1..=4 * BESIDE).contains(&compared.get()));
    }

    proptest! {
        #[test]
        fn who_looks_for_many_finds_the_same(
            names in prop::collection::btree_set("[ab港口]{1,7}", 0..700),
            slips in prop::collection::vec("[abA港口x]{0,7}", 1..6),
        ) {
            let names: BTreeSet<String> = names;
            let near = Near::of(names.iter().cloned().collect());
            for slip in &slips {
                let known: Vec<&str> = names.iter().map(String::as_str).collect();
                let found = nearest_of(slip, known.clone(), |_| true);
                prop_assert_eq!(near.nearest(slip, |_| true), found);
                if names.len() <= MANY {
                    prop_assert_eq!(found, nearest(slip, known));
                }
            }
        }
    }
}

//! Lists that don't renumber.
//!
//! A list of n articles has a hub with the newest 20 to 39 of them, and before it full leaves of
//! 20, numbered from the oldest. With pages counted from the newest, one article in a site of a
//! million would shift some 56,000 pages; so it touches two per list.
//!
//! A leaf links to the next newer leaf. That link appears one article after the newer leaf does
//! (until then it leads to the hub), so that one article never touches the hub and two leaves.

use super::{List, Site};

/// How a list of articles is cut into pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// How many articles there are.
    pub length: u32,
    /// Articles of a leaf.
    pub size: u32,
}

impl Cut {
    /// How many leaves there are.
    pub fn leaves(self) -> u32 {
        (self.length / self.size).saturating_sub(1)
    }

    /// The articles of a leaf (from 1), as positions from the oldest.
    pub fn leaf(self, number: u32) -> std::ops::Range<u32> {
        (number - 1) * self.size..number * self.size
    }

    /// The articles of the hub, as positions from the oldest.
    pub fn hub(self) -> std::ops::Range<u32> {
        self.leaves() * self.size..self.length
    }

    /// The newer leaf that a leaf links to; `None` where it links to the hub.
    pub fn newer(self, number: u32) -> Option<u32> {
        let next = number + 1;
        let seen = next < self.leaves()
            || (next == self.leaves() && !self.length.is_multiple_of(self.size));
        seen.then_some(next)
    }
}

impl Site {
    /// The articles of a list, oldest first.
    pub fn members(&self, list: List) -> &[u32] {
        match list {
            List::Home => &self.all,
            List::Channel(n) => &self.channels[n as usize].members,
            List::Tag(n) => &self.tags[n as usize].members,
            List::Source(n) => &self.sources[n as usize].members,
            List::Person(n) => &self.people[n as usize].members,
            List::Topic(n) => &self.topics[n as usize].named.members,
            List::Ticker(n) => &self.tickers[n as usize].members,
            List::Live => &self.flashes,
        }
    }

    /// How a list is cut into pages: documentation not at all.
    pub fn cut(&self, list: List) -> Cut {
        let length = self.members(list).len() as u32;
        let is_whole = matches!(list, List::Channel(n) if self.is_docs(n));
        let size = if is_whole {
            length.max(1)
        } else {
            self.config.page_size
        };
        Cut { length, size }
    }

    /// How many leaves a list has.
    pub fn leaf_count(&self, list: List) -> u32 {
        self.cut(list).leaves()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(length: u32, leaves: u32, hub: std::ops::Range<u32>) {
        let cut = Cut { length, size: 20 };
        assert_eq!((cut.leaves(), cut.hub()), (leaves, hub), "{length}");
    }

    #[test]
    fn hubs_hold_twenty_to_thirty_nine() {
        check(0, 0, 0..0);
        check(39, 0, 0..39);
        check(40, 1, 20..40);
        check(59, 1, 20..59);
        check(60, 2, 40..60);
    }

    proptest::proptest! {
        #[test]
        fn pages_partition_the_list(length in 0u32..500, size in 1u32..40) {
            let cut = Cut { length, size };
            let mut seen: Vec<u32> = (1..=cut.leaves()).flat_map(|n| cut.leaf(n)).collect();
            seen.extend(cut.hub());
            proptest::prop_assert!(seen.into_iter().eq(0..length));
        }

        #[test]
        fn one_article_touches_the_hub_and_one_leaf(length in 0u32..500, size in 2u32..40) {
            let (old, new) = (Cut { length, size }, Cut { length: length + 1, size });
            let look = |cut: Cut, n: u32| (n <= cut.leaves()).then(|| (cut.leaf(n), cut.newer(n)));
            let touched = (1..=new.leaves()).filter(|n| look(old, *n) != look(new, *n)).count();
            proptest::prop_assert!(touched <= 1, "{touched} leaves at {length}");
        }
    }
}

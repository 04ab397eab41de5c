//! Looking through a site for changes, where the system can't tell of them.

use crate::source::names::is_noise;
use crate::source::{Directory, Entry, Listing, Source};
use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

/// Looking may take this part of a core: a tenth.
const SHARE: u32 = 10;

/// A site and how it was when it was last looked through.
pub(super) struct Poll {
    site: Directory,
    before: Listing,
    interval: Duration,
    cost: Duration,
}

impl Poll {
    pub(super) fn new(root: &Path, interval: Duration) -> Poll {
        let site = Directory::new(root);
        let start = Instant::now();
        Poll {
            before: site.list(),
            site,
            interval,
            cost: start.elapsed(),
        }
    }

    /// How long to wait before the next look.
    pub(super) fn pause(&self) -> Duration {
        self.interval.max(self.cost * SHARE)
    }

    /// What is other than it was.
    pub(super) fn look(&mut self) -> BTreeSet<String> {
        let start = Instant::now();
        let now = self.site.list();
        self.cost = start.elapsed();
        let mut changed = difference(&self.before.entries, &now.entries);
        changed.extend(&places(&self.before) ^ &places(&now));
        changed.retain(|path| !is_noise(path.rsplit('/').next().unwrap_or_default()));
        self.before = now;
        changed
    }
}

/// Files and folders that can't be read.
fn places(listing: &Listing) -> BTreeSet<String> {
    let places = listing.diagnostics.iter();
    let places = places.filter_map(|one| one.place.as_ref());
    places.map(|place| place.file.clone()).collect()
}

/// The paths in which two sorted lists differ.
fn difference(before: &[Entry], now: &[Entry]) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    let (mut old, mut new) = (before.iter().peekable(), now.iter().peekable());
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => return out,
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (Some(a), Some(b)) => a.path.cmp(&b.path),
        };
        let a = if order.is_le() { old.next() } else { None };
        let b = if order.is_ge() { new.next() } else { None };
        let state = |entry: &Entry| (entry.size, entry.modified);
        if a.map(state) != b.map(state) {
            out.extend(a.or(b).map(|entry| entry.path.clone()));
        }
    }
}

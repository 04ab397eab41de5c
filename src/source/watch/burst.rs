//! What changed within one burst, and when it is over.

use super::Event;
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// With more changed than this, looking at everything is as quick as looking at each.
const MOST: usize = 20_000;

/// Changes that have not been told yet.
pub(super) struct Burst {
    quiet: Duration,
    longest: Duration,
    paths: BTreeSet<String>,
    lost: bool,
    /// When the first and the last change came.
    times: Option<(Instant, Instant)>,
}

impl Burst {
    pub(super) fn new(quiet: Duration, longest: Duration) -> Burst {
        Burst {
            quiet,
            longest,
            paths: BTreeSet::new(),
            lost: false,
            times: None,
        }
    }

    pub(super) fn add(&mut self, paths: BTreeSet<String>, now: Instant) {
        if paths.is_empty() {
            return;
        }
        self.came(now);
        self.paths.extend(paths);
        self.lost |= self.paths.len() > MOST;
        if self.lost {
            self.paths.clear();
        }
    }

    pub(super) fn lose(&mut self, now: Instant) {
        self.came(now);
        self.lost = true;
        self.paths.clear();
    }

    fn came(&mut self, now: Instant) {
        let first = self.times.map_or(now, |(first, _)| first);
        self.times = Some((first, now));
    }

    /// When it is to be told, if there is anything to tell.
    pub(super) fn due(&self) -> Option<Instant> {
        let (first, last) = self.times?;
        Some((last + self.quiet).min(first + self.longest))
    }

    /// What to tell, if the burst is over by now.
    pub(super) fn take(&mut self, now: Instant) -> Option<Event> {
        self.due().filter(|due| *due <= now)?;
        self.times = None;
        let paths = std::mem::take(&mut self.paths);
        if std::mem::take(&mut self.lost) {
            return Some(Event::Rescan);
        }
        Some(Event::Changed(outermost(paths)))
    }
}

/// Without what lies below another one: a folder stands for all that is in it.
fn outermost(mut paths: BTreeSet<String>) -> BTreeSet<String> {
    let all = paths.clone();
    paths.retain(|path| {
        let mut above = path.match_indices('/').map(|(at, _)| &path[..at]);
        !above.any(|above| all.contains(above))
    });
    paths
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUIET: Duration = Duration::from_millis(15);
    const LONGEST: Duration = Duration::from_millis(100);

    fn set(paths: &[&str]) -> BTreeSet<String> {
        paths.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_burst_ends_when_it_is_quiet_or_has_lasted_too_long() {
        let start = Instant::now();
        let at = |millis| start + Duration::from_millis(millis);
        let mut burst = Burst::new(QUIET, LONGEST);
        assert_eq!(burst.due(), None);
        burst.add(set(&["content/a"]), at(0));
        burst.add(set(&[]), at(10));
        assert_eq!(burst.due(), Some(at(15)));
        burst.add(set(&["content/b"]), at(10));
        assert_eq!((burst.due(), burst.take(at(24))), (Some(at(25)), None));
        burst.add(set(&["content/a"]), at(95));
        assert_eq!(burst.due(), Some(at(100)));
        let told = Some(Event::Changed(set(&["content/a", "content/b"])));
        assert_eq!((burst.take(at(100)), burst.due()), (told, None));
    }

    #[test]
    fn a_folder_stands_for_all_that_is_in_it() {
        let paths = set(&[
            "content/a",
            "content/a b",
            "content/a/x",
            "content/a/y/z",
            "data/a",
        ]);
        let expect = set(&["content/a", "content/a b", "data/a"]);
        assert_eq!(outermost(paths), expect);
    }

    #[test]
    fn more_than_can_be_remembered_is_everything() {
        let mut burst = Burst::new(QUIET, LONGEST);
        let now = Instant::now();
        for round in 0..3 {
            let many = (0..MOST).map(|n| format!("content/{round}-{n}")).collect();
            burst.add(many, now);
        }
        assert_eq!(burst.paths.len(), 0);
        assert_eq!(burst.take(now + QUIET), Some(Event::Rescan));
        assert_eq!(burst.take(now + LONGEST), None);
    }
}

//! The hub between those who change the site and those who look at it.
//!
//! It holds the present, not a queue: whoever listens is told that there is something new, and
//! finds out what by comparing. So nobody's updates pile up, none gets lost, and the hub doesn't
//! know who listens.

use crate::serve::Update;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;
use tokio::sync::watch;

/// Takes updates and the wish to stop, from any thread.
#[derive(Clone)]
pub struct Hub {
    now: Arc<watch::Sender<Arc<Now>>>,
}

/// What is known now.
#[derive(Clone, Default)]
pub(crate) struct Now {
    /// Which run of the server this is: revisions of another one mean nothing.
    life: u64,
    pub(crate) revision: u64,
    /// The revision in which each file changed last.
    files: HashMap<String, u64>,
    /// The last of them.
    files_changed: u64,
    follow: Option<(u64, String)>,
    stopped: bool,
}

/// How far somebody has seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seen {
    /// He doesn't say.
    Unknown,
    /// A run of the server that has ended.
    OtherLife,
    /// Up to a revision.
    Until(u64),
}

impl Default for Hub {
    fn default() -> Hub {
        Hub::new()
    }
}

impl Hub {
    /// A hub that knows of no update yet.
    pub fn new() -> Hub {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let life = since.map_or(0, |since| since.as_micros() as u64);
        let now = Now {
            life,
            ..Now::default()
        };
        Hub {
            now: Arc::new(watch::Sender::new(Arc::new(now))),
        }
    }

    /// Tells all open tabs. The portal must answer by the new state already.
    pub fn publish(&self, update: Update) {
        self.now.send_modify(|now| Arc::make_mut(now).take(update));
    }

    /// Ends [`super::http::serve`].
    pub fn stop(&self) {
        self.now
            .send_modify(|now| Arc::make_mut(now).stopped = true);
    }

    pub(crate) fn now(&self) -> Arc<Now> {
        self.now.borrow().clone()
    }

    pub(crate) fn listener(&self) -> watch::Receiver<Arc<Now>> {
        self.now.subscribe()
    }

    pub(crate) async fn stopped(&self) {
        // An error would mean that the sender is gone, and this holds it.
        let _ = self.listener().wait_for(|now| now.stopped).await;
    }
}

impl Now {
    fn take(&mut self, update: Update) {
        self.revision = update.revision.max(self.revision + 1);
        if !update.files.is_empty() {
            self.files_changed = self.revision;
        }
        for file in update.files {
            self.files.insert(file, self.revision);
        }
        if let Some(url) = update.follow {
            self.follow = Some((self.revision, url));
        }
    }

    /// A word for how far somebody has seen who sees this.
    pub(crate) fn mark(&self) -> String {
        self.mark_of(self.revision)
    }

    /// The same for what counts in a page that is fetched now: it holds its files as of now, and
    /// stays the same while they do.
    pub(crate) fn files_mark(&self) -> String {
        self.mark_of(self.files_changed)
    }

    fn mark_of(&self, revision: u64) -> String {
        format!("{:x}.{revision}", self.life)
    }

    /// What a mark says.
    pub(crate) fn seen(&self, mark: &str) -> Seen {
        let Some((life, revision)) = mark.split_once('.') else {
            return Seen::Unknown;
        };
        match revision.parse() {
            Ok(revision) if u64::from_str_radix(life, 16) == Ok(self.life) => Seen::Until(revision),
            Ok(_) => Seen::OtherLife,
            Err(_) => Seen::Unknown,
        }
    }

    /// Files that changed since, in order; `*` for any of them.
    pub(crate) fn files_since(&self, seen: Seen) -> Vec<String> {
        let seen = match seen {
            Seen::Unknown => return Vec::new(),
            Seen::OtherLife => return vec!["*".to_string()],
            Seen::Until(seen) => seen,
        };
        let newer = |(file, at): (&String, &u64)| (*at > seen).then(|| file.clone());
        let mut files: Vec<String> = self.files.iter().filter_map(newer).collect();
        files.sort();
        files
    }

    /// Where to follow, if that came up since.
    pub(crate) fn follow_since(&self, seen: Seen) -> Option<&str> {
        let (at, url) = self.follow.as_ref()?;
        matches!(seen, Seen::Until(seen) if *at > seen).then_some(url.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn update(files: &[&str], follow: Option<&str>) -> Update {
        Update {
            revision: 0,
            files: files.iter().map(|file| file.to_string()).collect(),
            follow: follow.map(str::to_string),
        }
    }

    #[test]
    fn who_comes_late_learns_what_changed_since() {
        let hub = Hub::new();
        let first = hub.now().mark();
        hub.publish(update(&["/a.css", "/b.css"], None));
        let second = hub.now().files_mark();
        hub.publish(update(&[], Some("/x/")));
        hub.publish(update(&["/a.css"], None));
        let now = hub.now();
        let files = |mark: &str| now.files_since(now.seen(mark));
        assert_eq!(files(&first), ["/a.css", "/b.css"]);
        assert_eq!(files(&second), ["/a.css"]);
        assert!(files(&now.mark()).is_empty());
        assert!(files("").is_empty());
        assert_eq!(files("1.99"), ["*"]);
        assert_eq!(now.follow_since(now.seen(&second)), Some("/x/"));
        assert_eq!(now.follow_since(now.seen(&now.mark())), None);
        assert_eq!(now.follow_since(Seen::Unknown), None);
    }

    #[test]
    fn revisions_count_up_whatever_they_are_said_to_be() {
        let hub = Hub::new();
        for (said, expect) in [(1, 1), (1, 2), (7, 7), (0, 8)] {
            hub.publish(Update {
                revision: said,
                ..Update::default()
            });
            assert_eq!(hub.now().revision, expect);
        }
    }
}

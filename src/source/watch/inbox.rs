//! What the thread that listens has heard and the other has not yet looked at.

use notify::event::{AccessKind, AccessMode, ModifyKind};
use notify::{ErrorKind, EventKind};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

/// More than this is not remembered singly: about 10 MB.
const MOST: usize = 50_000;

/// What was heard, each path once, however often.
#[derive(Default)]
pub(super) struct News {
    /// Paths, and whether there may be another thing at them than before: a file that is only
    /// written to stays what it is.
    pub(super) paths: BTreeMap<PathBuf, bool>,
    /// Whether something was missed.
    pub(super) lost: bool,
    /// What keeps the system from telling more.
    pub(super) error: Option<notify::Error>,
    stopped: bool,
}

/// Where the one thread puts its news and the other waits for them.
#[derive(Default)]
pub(super) struct Inbox {
    news: Mutex<News>,
    bell: Condvar,
}

impl Inbox {
    pub(super) fn put(&self, heard: notify::Result<notify::Event>) {
        let mut news = self.open();
        match heard {
            Ok(event) if event.need_rescan() => news.lost = true,
            Ok(event) => {
                let Some(other) = matters(&event.kind) else {
                    return;
                };
                for path in event.paths {
                    *news.paths.entry(path).or_default() |= other;
                }
            }
            Err(error) if matches!(error.kind, ErrorKind::MaxFilesWatch) => {
                news.error = Some(error);
            }
            Err(_) => news.lost = true,
        }
        news.lost |= news.paths.len() > MOST;
        if news.lost {
            news.paths.clear();
        }
        self.bell.notify_one();
    }

    pub(super) fn stop(&self) {
        self.open().stopped = true;
        self.bell.notify_one();
    }

    /// The news, as soon as there are any; none at all at this moment; nothing if it is over.
    pub(super) fn wait(&self, until: Option<Instant>) -> Option<News> {
        let mut news = self.open();
        while !news.stopped && !news.lost && news.error.is_none() && news.paths.is_empty() {
            let Some(until) = until else {
                news = self.bell.wait(news).unwrap_or_else(PoisonError::into_inner);
                continue;
            };
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                break;
            }
            let waited = self.bell.wait_timeout(news, left);
            news = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
        (!news.stopped).then(|| std::mem::take(&mut *news))
    }

    fn open(&self) -> MutexGuard<'_, News> {
        self.news.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether an event is a change at all, and if so, whether of more than a file's bytes. That a
/// file was opened or read is none: the build itself reads them.
fn matters(kind: &EventKind) -> Option<bool> {
    match kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => Some(false),
        EventKind::Access(_) => None,
        EventKind::Modify(ModifyKind::Data(_)) => Some(false),
        _ => Some(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::Event;
    use notify::event::{AccessKind::Open, CreateKind, DataChange, Flag, MetadataKind};

    fn heard(kind: EventKind) -> notify::Result<Event> {
        Ok(Event::new(kind).add_path(PathBuf::from("/site/content/a.md")))
    }

    fn check(kind: EventKind, expect: Option<bool>) {
        let inbox = Inbox::default();
        inbox.put(heard(kind));
        let news = inbox.wait(Some(Instant::now())).expect("not over");
        let found = news.paths.values().next().copied();
        assert_eq!((found, news.lost), (expect, false), "{kind:?}");
    }

    #[test]
    fn reading_is_no_change() {
        check(EventKind::Access(Open(AccessMode::Any)), None);
        check(EventKind::Access(AccessKind::Close(AccessMode::Read)), None);
        check(EventKind::Access(AccessKind::Read), None);
        let written = AccessKind::Close(AccessMode::Write);
        check(EventKind::Access(written), Some(false));
        let data = ModifyKind::Data(DataChange::Any);
        check(EventKind::Modify(data), Some(false));
        let metadata = ModifyKind::Metadata(MetadataKind::Any);
        check(EventKind::Modify(metadata), Some(true));
        check(EventKind::Create(CreateKind::File), Some(true));
    }

    #[test]
    fn what_is_lost_is_said_and_not_kept() {
        let inbox = Inbox::default();
        inbox.put(heard(EventKind::Create(CreateKind::File)));
        inbox.put(Ok(Event::new(EventKind::Other).set_flag(Flag::Rescan)));
        inbox.put(heard(EventKind::Create(CreateKind::File)));
        let news = inbox.wait(None).expect("not over");
        assert_eq!((news.lost, news.paths.len()), (true, 0));
        inbox.put(Err(notify::Error::new(ErrorKind::MaxFilesWatch)));
        assert!(inbox.wait(None).is_some_and(|news| news.error.is_some()));
        inbox.stop();
        assert!(inbox.wait(None).is_none());
    }
}

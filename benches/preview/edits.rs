//! How long it takes from the save of a file until a tab is told to load its page again.

use crate::browser::{self, Tab};
use crate::corpus::{self, Spec};
use crate::portal::Portal;
use crate::report::{Report, Row};
use crate::server::Server;
use std::fs;
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

/// What is done to a portal.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A paragraph more in an article.
    Body,
    /// Another title of an article.
    Title,
    /// Two tags more of an article: a new one, and one that other articles have.
    Tags,
    /// An article newer than all others; the tab shows its channel.
    New,
    /// A paragraph more, saved as editors do: a new file is put into the place of the old one.
    Rename,
}

/// All kinds.
pub const KINDS: [Kind; 5] = [Kind::Body, Kind::Title, Kind::Tags, Kind::New, Kind::Rename];

impl Kind {
    /// What it is called in the report.
    fn name(self) -> &'static str {
        match self {
            Kind::Body => "body",
            Kind::Title => "title",
            Kind::Tags => "tags",
            Kind::New => "new article",
            Kind::Rename => "body, by rename",
        }
    }
}

/// An edit: a file's new text, the page of the tab, and what the page shows afterwards.
pub struct Edit {
    kind: Kind,
    /// The file, from the root.
    pub path: String,
    /// What the file was before.
    before: String,
    text: String,
    url: String,
    shows: String,
}

/// How long an edit took.
pub struct Took {
    /// Until the tab was told.
    told: Duration,
    /// Until the tab had the new page.
    shown: Duration,
}

/// Edits of all kinds in a mixed order, then some of them after a pause in which the server looks
/// at pages that nobody has open.
pub fn measure(portal: &Portal, each: usize, pauses: usize, report: &mut Report) {
    let server = Server::start(portal);
    browser::get(server.address, "/");
    let mut chance = Chance(7);
    let mut order: Vec<Kind> = KINDS.iter().flat_map(|kind| vec![*kind; each]).collect();
    for at in (1..order.len()).rev() {
        order.swap(at, chance.below(at + 1));
    }
    let (mut took, mut deleted) = (Vec::new(), Vec::new());
    for (count, kind) in order.into_iter().enumerate() {
        let edit = Edit::new(&portal.spec, kind, count, &mut chance);
        took.push((kind, edit.carry_out(portal.root(), &server)));
        if kind == Kind::New && count.is_multiple_of(4) {
            deleted.push(edit.take_back(portal.root(), &server).told);
        }
    }
    for kind in KINDS {
        let own = took.iter().filter(|(other, _)| *other == kind);
        let row = Row::new(portal, "edit", kind.name());
        report.add(row.took(own.map(|(_, took)| took.told).collect()));
    }
    report.add(Row::new(portal, "edit", "deleted article").took(deleted));
    let all = |of: fn(&Took) -> Duration| took.iter().map(|(_, took)| of(took)).collect();
    report.add(Row::new(portal, "edit", "all").took(all(|took| took.told)));
    report
        .add(Row::new(portal, "edit", "all, until the page is there").took(all(|took| took.shown)));
    let mut took = Vec::new();
    for count in 0..pauses {
        let kind = KINDS[count % KINDS.len()];
        let edit = Edit::new(&portal.spec, kind, each * KINDS.len() + count, &mut chance);
        thread::sleep(Duration::from_millis(500 + chance.below(2_500) as u64));
        took.push(edit.carry_out(portal.root(), &server).told);
    }
    report.add(Row::new(portal, "edit", "all, after a pause of 0.5 to 3 s").took(took));
}

impl Edit {
    /// An edit that no other `count` makes.
    pub fn new(spec: &Spec, kind: Kind, count: usize, chance: &mut Chance) -> Edit {
        let mark = format!("第{count}改");
        // "Old" is anything but the newest tenth.
        let n = match kind {
            Kind::New => spec.articles + count,
            _ => chance.below((spec.articles * 9 / 10).max(1)),
        };
        let (path, before) = corpus::article(spec, n);
        let text = before.clone();
        let text = match kind {
            Kind::Body | Kind::Rename => format!("{text}\n{mark}：这一段是刚刚写的。\n"),
            Kind::Title => retitled(&text, &mark),
            Kind::New => dated(&retitled(&text, &mark), count),
            Kind::Tags => {
                let ranks = (0..spec.tags()).map(corpus::tag);
                let mut others = ranks.filter(|other| !text.contains(other.as_str()));
                let other = others.nth(count % 7).unwrap_or_default();
                text.replacen("tags: [", &format!("tags: [{mark}, {other}, "), 1)
            }
        };
        let url = match kind {
            Kind::New => format!("/{}/", corpus::channel(spec, n)),
            _ => corpus::url(spec, n),
        };
        Edit {
            kind,
            path,
            before,
            text,
            url,
            shows: mark,
        }
    }

    /// Saves the file while a tab is open at the page, and waits for the page.
    pub fn carry_out(&self, root: &Path, server: &Server) -> Took {
        let page = browser::get(server.address, &self.url);
        let is_shown = page.text.contains(&self.shows);
        assert!(!is_shown, "{} has it before", self.url);
        let mut tab = Tab::open(server.address, &page);
        let path = root.join(&self.path);
        let saved = Instant::now();
        if self.kind == Kind::Rename {
            let name = path.file_name().and_then(|name| name.to_str());
            let beside = path.with_file_name(format!(".{}.tmp", name.unwrap_or_default()));
            fs::write(&beside, &self.text).expect("a written file");
            fs::rename(&beside, &path).expect("a file put in place");
        } else {
            fs::write(&path, &self.text).expect("a written file");
        }
        self.seen(server, &mut tab, saved, true)
    }

    /// Deletes a new file, or writes what an old one was before, while a tab is open at the page,
    /// and waits for the page.
    pub fn take_back(&self, root: &Path, server: &Server) -> Took {
        let page = browser::get(server.address, &self.url);
        let mut tab = Tab::open(server.address, &page);
        let deleted = Instant::now();
        let path = root.join(&self.path);
        match self.kind {
            Kind::New => fs::remove_file(path).expect("a deleted file"),
            _ => fs::write(path, &self.before).expect("a written file"),
        }
        self.seen(server, &mut tab, deleted, false)
    }

    /// Waits until the page shows the edit, or no longer. Where the machine is busy, a file may be
    /// seen half written: then the tab is told once more.
    fn seen(&self, server: &Server, tab: &mut Tab, since: Instant, shows: bool) -> Took {
        loop {
            tab.told();
            let told = since.elapsed();
            let page = browser::get(server.address, &self.url);
            let shown = since.elapsed();
            if page.text.contains(&self.shows) == shows {
                return Took { told, shown };
            }
            eprintln!("{} was seen half done", self.path);
        }
    }
}

fn retitled(text: &str, mark: &str) -> String {
    text.replacen("title: ", &format!("title: {mark} "), 1)
}

/// Dated a second later for each count, after all articles of the corpus.
fn dated(text: &str, count: usize) -> String {
    let (day, hour) = (1 + count / 86_400, count / 3_600 % 24);
    let (minute, second) = (count / 60 % 60, count % 60);
    let date = format!("date: 2026-01-{day:02}T{hour:02}:{minute:02}:{second:02}+08:00");
    let lines = text.lines().filter(|line| !line.starts_with("updated: "));
    let lines = lines.map(|line| match line.starts_with("date: ") {
        true => date.as_str(),
        false => line,
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// Numbers by chance, the same in each run (xorshift).
pub struct Chance(pub u64);

impl Chance {
    /// A number below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % limit
    }
}

//! Where the time of a build went: by stage, by template, and the slowest pages.
//!
//! A build has no clock; whoever wants to know lends it one ([`Clock`]). Without a clock nothing is
//! read and nothing is kept. With one, a stage reads it once and a file that is made four times.
//! What is kept does not grow with the site: sums, and the slowest pages so far. It has no part in
//! what is built.

use crate::site::route;
use serde::{Serialize, Serializer};
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// How many pages are named as the slowest.
const SLOWEST: usize = 10;

/// What tells the time while a site is built.
pub trait Clock: Sync {
    /// The time since any moment, which is the same one in all answers.
    fn wall(&self) -> Duration;

    /// What all threads together have taken of the processors, if the system says so.
    fn cpu(&self) -> Option<Duration>;
}

/// The stages of a build, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Asking which files there are, with size and time.
    Listing,
    /// Comparing them with what the last build was made from.
    Comparing,
    /// Reading configuration and data.
    Configuration,
    /// Reading and parsing sources, or what is remembered of them.
    Sources,
    /// Making the site of facts; beside it, reading templates and the manifest, and keeping what is
    /// known of files for the next build.
    Assembling,
    /// Resolving links, and finding what is related.
    Settling,
    /// Making fingerprints, and comparing them with what the output holds.
    Planning,
    /// Making and writing the files of one kind.
    Files(route::Stage),
    /// Making and writing all files but assets, where their order is free: the run is staged.
    Pages,
    /// Deleting, exchanging, keeping the manifest, putting the report in order.
    Finishing,
}

impl Step {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Step::Listing => "listing",
            Step::Comparing => "comparing",
            Step::Configuration => "configuration",
            Step::Sources => "sources",
            Step::Assembling => "assembling",
            Step::Settling => "settling",
            Step::Planning => "planning",
            Step::Files(route::Stage::Assets) => "assets",
            Step::Files(route::Stage::Articles) => "articles",
            Step::Files(route::Stage::Leaves) => "leaves",
            Step::Files(route::Stage::Hubs) => "hubs",
            Step::Files(route::Stage::Feeds) => "feeds",
            Step::Pages => "pages",
            Step::Finishing => "finishing",
        }
    }
}

/// Takes the times of one build.
pub struct Timings<'a> {
    clock: Option<&'a dyn Clock>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    /// When the last of the stages began.
    since: (Duration, Option<Duration>),
    report: Report,
    /// By name: how many pages, and their time.
    templates: HashMap<String, (usize, Duration)>,
}

/// A file that was made.
pub struct Made<'a> {
    /// Its URL.
    pub url: &'a dyn Fn() -> String,
    /// The source that it is the page of.
    pub source: Option<&'a str>,
    /// The template that printed it; empty for a file that is copied.
    pub template: &'a str,
    /// What its bytes took.
    pub making: Duration,
    /// What it took to compare and to write them.
    pub writing: Duration,
}

/// Where the time went.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Report {
    /// The stages, in the order that they ran; nothing lies between them.
    pub stages: Vec<StageTime>,
    /// The templates, slowest first.
    pub templates: Vec<TemplateTime>,
    /// The slowest pages, slowest first.
    pub slowest: Vec<PageTime>,
}

/// What a stage took.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct StageTime {
    /// Its name.
    pub stage: &'static str,
    /// From its start to its end.
    #[serde(rename = "wall_ms", serialize_with = "ms")]
    pub wall: Duration,
    /// What all threads took of the processors.
    #[serde(rename = "cpu_ms", serialize_with = "maybe_ms")]
    pub cpu: Option<Duration>,
    /// The sum over files of making their bytes.
    #[serde(rename = "making_ms", serialize_with = "ms")]
    pub making: Duration,
    /// The sum over files of comparing and writing their bytes.
    #[serde(rename = "writing_ms", serialize_with = "ms")]
    pub writing: Duration,
    /// How many files were made.
    pub files: usize,
}

/// What the pages of a template took.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TemplateTime {
    /// Its name.
    pub template: String,
    /// How many pages it printed.
    pub pages: usize,
    /// The sum over pages of making their bytes.
    #[serde(rename = "total_ms", serialize_with = "ms")]
    pub total: Duration,
    /// The same by page.
    #[serde(rename = "mean_ms", serialize_with = "ms")]
    pub mean: Duration,
}

/// What a page took.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PageTime {
    /// Its URL.
    pub url: String,
    /// The source that it is the page of.
    pub source: Option<String>,
    /// The template that printed it.
    pub template: String,
    /// What its bytes took.
    #[serde(rename = "making_ms", serialize_with = "ms")]
    pub making: Duration,
}

impl<'a> Timings<'a> {
    /// Takes times by a clock.
    pub fn by(clock: &'a dyn Clock) -> Timings<'a> {
        Timings {
            clock: Some(clock),
            ..Timings::off()
        }
    }

    /// Takes none.
    pub fn off() -> Timings<'a> {
        Timings {
            clock: None,
            taken: Mutex::default(),
        }
    }

    /// A stage begins, and the one before it ends.
    pub fn begin(&self, step: Step) {
        let Some(clock) = self.clock else { return };
        let mut taken = self.taken();
        taken.end_stage(clock);
        // Files are written in waves, so that a stage may come again.
        let stages = &mut taken.report.stages;
        let again = stages.iter().position(|stage| stage.stage == step.name());
        let stage = match again {
            Some(at) => stages.remove(at),
            None => StageTime {
                stage: step.name(),
                ..StageTime::default()
            },
        };
        stages.push(stage);
    }

    /// Does something, and says how long it took; no time at all without a clock.
    pub fn timed<T>(&self, work: impl FnOnce() -> T) -> (T, Duration) {
        let Some(clock) = self.clock else {
            return (work(), Duration::ZERO);
        };
        let started = clock.wall();
        let done = work();
        (done, clock.wall().saturating_sub(started))
    }

    /// A file was made, in the stage that runs.
    pub fn file(&self, made: &Made) {
        if self.clock.is_some() {
            self.taken().add(made);
        }
    }

    /// Ends the last stage, and reports; nothing without a clock.
    pub fn report(&self) -> Option<Report> {
        let clock = self.clock?;
        let mut taken = self.taken();
        taken.end_stage(clock);
        let of_template = |(template, (pages, total)): (&String, &(usize, Duration))| {
            let mean = total.div_f64(*pages as f64);
            TemplateTime {
                template: template.clone(),
                pages: *pages,
                total: *total,
                mean,
            }
        };
        let mut templates: Vec<TemplateTime> = taken.templates.iter().map(of_template).collect();
        templates.sort_by_cached_key(|one| (Reverse(one.total), one.template.clone()));
        Some(Report {
            templates,
            ..taken.report.clone()
        })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    fn end_stage(&mut self, clock: &dyn Clock) {
        let now = (clock.wall(), clock.cpu());
        let (wall, cpu) = std::mem::replace(&mut self.since, now);
        if let Some(stage) = self.report.stages.last_mut() {
            stage.wall += now.0.saturating_sub(wall);
            let used = now.1.zip(cpu).map(|(now, then)| now.saturating_sub(then));
            stage.cpu = used.map(|used| stage.cpu.unwrap_or_default() + used);
        }
    }

    fn add(&mut self, made: &Made) {
        if let Some(stage) = self.report.stages.last_mut() {
            stage.making += made.making;
            stage.writing += made.writing;
            stage.files += 1;
        }
        if made.template.is_empty() {
            return;
        }
        match self.templates.get_mut(made.template) {
            Some((pages, total)) => {
                *pages += 1;
                *total += made.making;
            }
            None => {
                let name = made.template.to_string();
                self.templates.insert(name, (1, made.making));
            }
        }
        self.add_slow(made);
    }

    /// Pages come from many threads in any order; the slowest are the same ones in each.
    fn add_slow(&mut self, made: &Made) {
        let slowest = &mut self.report.slowest;
        let is_full = slowest.len() == SLOWEST;
        if is_full
            && slowest
                .last()
                .is_some_and(|least| made.making < least.making)
        {
            return;
        }
        let page = PageTime {
            url: (made.url)(),
            source: made.source.map(str::to_string),
            template: made.template.to_string(),
            making: made.making,
        };
        let key = |page: &PageTime| (Reverse(page.making), page.url.clone());
        let at = slowest.partition_point(|other| key(other) < key(&page));
        slowest.insert(at, page);
        slowest.truncate(SLOWEST);
    }
}

/// Milliseconds, to the microsecond.
fn ms<S: Serializer>(time: &Duration, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_f64(time.as_micros() as f64 / 1000.0)
}

fn maybe_ms<S: Serializer>(time: &Option<Duration>, to: S) -> Result<S::Ok, S::Error> {
    match time {
        Some(time) => ms(time, to),
        None => to.serialize_none(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::build::{Job, build};
    use crate::{sink, source};
    use std::sync::atomic::{AtomicU32, Ordering};

    /// Each reading is a millisecond later than the one before.
    #[derive(Default)]
    struct Ticking(AtomicU32);

    impl Clock for Ticking {
        fn wall(&self) -> Duration {
            millis(self.0.fetch_add(1, Ordering::Relaxed))
        }

        fn cpu(&self) -> Option<Duration> {
            Some(millis(self.0.load(Ordering::Relaxed) * 2))
        }
    }

    fn millis(count: u32) -> Duration {
        Duration::from_millis(count.into())
    }

    fn made(timings: &Timings, url: &str, template: &str, making: u32) {
        timings.file(&Made {
            url: &|| url.to_string(),
            source: None,
            template,
            making: millis(making),
            writing: millis(1),
        });
    }

    #[test]
    fn stages_follow_one_another_and_sum_up_their_files() {
        let clock = Ticking::default();
        let timings = Timings::by(&clock);
        timings.begin(Step::Listing);
        timings.begin(Step::Files(route::Stage::Articles));
        let ((), took) = timings.timed(|| ());
        assert_eq!(took, millis(1));
        made(&timings, "/a/", "article.html", 5);
        made(&timings, "/b.png", "", 7);
        let stages = timings.report().map(|report| report.stages);
        let listing = StageTime {
            stage: "listing",
            wall: millis(1),
            cpu: Some(millis(2)),
            ..StageTime::default()
        };
        let articles = StageTime {
            stage: "articles",
            wall: millis(3),
            cpu: Some(millis(6)),
            making: millis(12),
            writing: millis(2),
            files: 2,
        };
        assert_eq!(stages, Some(vec![listing, articles]));
    }

    #[test]
    fn templates_and_pages_come_slowest_first() {
        let clock = Ticking::default();
        let timings = Timings::by(&clock);
        timings.begin(Step::Files(route::Stage::Hubs));
        for n in [3, 11, 7, 1, 12, 5, 9, 2, 10, 4, 8, 6] {
            made(&timings, &format!("/{n:02}/"), "list.html", n);
        }
        made(&timings, "/a/", "b.html", 9);
        made(&timings, "/b/", "a.html", 9);
        let report = timings.report().expect("a report");
        let shown = |one: &TemplateTime| format!("{} {:?}", one.template, (one.pages, one.mean));
        let templates: Vec<String> = report.templates.iter().map(shown).collect();
        assert_eq!(
            templates,
            [
                "list.html (12, 6.5ms)",
                "a.html (1, 9ms)",
                "b.html (1, 9ms)"
            ]
        );
        let urls: Vec<&str> = report
            .slowest
            .iter()
            .map(|page| page.url.as_str())
            .collect();
        let expected = "/12/ /11/ /10/ /09/ /a/ /b/ /08/ /07/ /06/ /05/";
        assert_eq!(urls.join(" "), expected);
    }

    #[test]
    fn without_a_clock_there_is_nothing() {
        let timings = Timings::off();
        timings.begin(Step::Listing);
        assert_eq!(timings.timed(|| 7), (7, Duration::ZERO));
        let unasked = || panic!("nobody wants to know");
        timings.file(&Made {
            url: &unasked,
            source: None,
            template: "a.html",
            making: Duration::ZERO,
            writing: Duration::ZERO,
        });
        assert_eq!(timings.report(), None);
    }

    /// Builds on one thread by a ticking clock; gives the report and the number of readings.
    fn built(
        source: &source::memory::Memory,
        store: &sink::store::Memory,
        output: &sink::memory::Memory,
    ) -> (Report, u32) {
        let clock = Ticking::default();
        let timings = Timings::by(&clock);
        let one = rayon::ThreadPoolBuilder::new().num_threads(1).build();
        one.expect("a thread").install(|| {
            build(&Job {
                source,
                sink: output,
                store,
                output: "test",
                now: 1_780_000_000,
                drafts: false,
                base_url: None,
                check: false,
                progress: &|_, _| {},
                timings: &timings,
            })
        });
        let report = timings.report().expect("a report");
        (report, clock.0.into_inner())
    }

    #[test]
    fn a_build_says_where_its_time_went() {
        let mut source = source::memory::Memory::new();
        source.put(
            "content/a/x.md",
            "---\ntitle: X\ndate: 2026-01-01\n---\n字\n",
        );
        let (store, output) = Default::default();
        let (report, readings) = built(&source, &store, &output);
        let names: Vec<&str> = report.stages.iter().map(|stage| stage.stage).collect();
        assert_eq!(
            names.join(" "),
            "listing comparing configuration sources assembling settling planning \
             assets pages finishing"
        );
        let document = include_str!("../../docs/content/performance.md");
        for name in &names {
            assert!(document.contains(&format!("| `{name}` |")), "{name}");
        }
        // One reading for each stage and the end, four for each file.
        let files: usize = report.stages.iter().map(|stage| stage.files).sum();
        assert_eq!(files, output.files().len() - 2, "all but stamp and paths");
        assert_eq!(readings as usize, names.len() + 1 + 4 * files);
        let wall: Duration = report.stages.iter().map(|stage| stage.wall).sum();
        assert_eq!(wall, millis(readings - 1));
        let mut stages = report.stages.iter();
        let pages = stages.find(|stage| stage.stage == "pages");
        let pages = pages.expect("a stage for pages");
        let each = millis(pages.files as u32);
        assert_eq!(pages.wall, each * 4 + millis(1));
        assert_eq!((pages.making, pages.writing), (each, each));
        let first = report.slowest.first().expect("a page");
        assert_eq!((first.url.as_str(), first.making), ("/", millis(1)));
        let of_article = report.templates.iter();
        let of_article = of_article.filter(|one| one.template == "article.html");
        assert_eq!(of_article.map(|one| one.pages).sum::<usize>(), 1);
    }

    #[test]
    fn a_build_with_nothing_to_do_lists_and_compares() {
        let mut source = source::memory::Memory::new();
        source.put(
            "content/a/x.md",
            "---\ntitle: X\ndate: 2026-01-01\n---\n字\n",
        );
        let (store, output) = Default::default();
        built(&source, &store, &output);
        let (report, readings) = built(&source, &store, &output);
        let names: Vec<&str> = report.stages.iter().map(|stage| stage.stage).collect();
        assert_eq!(
            (names.join(" ").as_str(), readings),
            ("listing comparing", 3)
        );
        assert!(report.templates.is_empty() && report.slowest.is_empty());
    }
}

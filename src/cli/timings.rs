//! Where the time of a build went, as tables on the terminal; and the clock that tells it.

use crate::build::timings::{Clock, PageTime, Report, StageTime, TemplateTime};
use std::time::{Duration, Instant};
use unicode_width::UnicodeWidthStr;

/// How many templates are shown.
const TEMPLATES: usize = 10;

/// The time since the command was started.
pub struct Since(pub Instant);

impl Clock for Since {
    fn wall(&self) -> Duration {
        self.0.elapsed()
    }

    fn cpu(&self) -> Option<Duration> {
        cpu()
    }
}

#[cfg(unix)]
fn cpu() -> Option<Duration> {
    use rustix::time::{ClockId, clock_gettime};
    Duration::try_from(clock_gettime(ClockId::ProcessCPUTime)).ok()
}

#[cfg(not(unix))]
fn cpu() -> Option<Duration> {
    None
}

/// A report as tables, all times in milliseconds.
pub fn tables(report: &Report) -> String {
    let mut out = String::from("stages, in ms\n");
    let head = ["wall", "cpu", "making", "writing", "files", "stage"];
    let all = total(report);
    let rows = report.stages.iter().chain([&all]).map(of_stage);
    out += &table(&head, 5, rows.collect());
    if report.templates.is_empty() {
        return out;
    }
    out += "\ntemplates, in ms of all threads\n";
    let rows = report.templates.iter().take(TEMPLATES).map(of_template);
    out += &table(&["total", "mean", "pages", "template"], 3, rows.collect());
    out += "\nslowest pages, in ms\n";
    let rows = report.slowest.iter().map(of_page);
    out += &table(&["making", "template", "page", "source"], 1, rows.collect());
    out
}

/// All stages together.
fn total(report: &Report) -> StageTime {
    let stages = report.stages.iter();
    StageTime {
        stage: "all",
        wall: stages.clone().map(|stage| stage.wall).sum(),
        cpu: stages.clone().map(|stage| stage.cpu).sum(),
        making: stages.clone().map(|stage| stage.making).sum(),
        writing: stages.clone().map(|stage| stage.writing).sum(),
        files: stages.map(|stage| stage.files).sum(),
    }
}

fn of_stage(stage: &StageTime) -> Vec<String> {
    let of_files = |text: String| match stage.files {
        0 => String::new(),
        _ => text,
    };
    vec![
        ms(stage.wall),
        stage.cpu.map(ms).unwrap_or_default(),
        of_files(ms(stage.making)),
        of_files(ms(stage.writing)),
        of_files(stage.files.to_string()),
        stage.stage.to_string(),
    ]
}

fn of_template(one: &TemplateTime) -> Vec<String> {
    vec![
        ms(one.total),
        ms(one.mean),
        one.pages.to_string(),
        one.template.clone(),
    ]
}

fn of_page(page: &PageTime) -> Vec<String> {
    vec![
        ms(page.making),
        page.template.clone(),
        page.url.clone(),
        page.source.clone().unwrap_or_default(),
    ]
}

/// To ten microseconds: a page takes some hundred.
fn ms(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1000.0)
}

/// Rows under a head; so many columns of numbers come first, and stand to the right.
fn table(head: &[&str], numbers: usize, rows: Vec<Vec<String>>) -> String {
    let mut all = vec![head.iter().map(|cell| cell.to_string()).collect::<Vec<_>>()];
    all.extend(rows);
    let width = |column: usize| all.iter().map(|row| row[column].width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let mut out = String::new();
    for row in &all {
        let mut line = String::new();
        for (column, cell) in row.iter().enumerate() {
            let space = " ".repeat(widths[column] - cell.width());
            let cell = match column < numbers {
                true => format!("{space}{cell}"),
                false => format!("{cell}{space}"),
            };
            line += "  ";
            line += &cell;
        }
        out += line.trim_end();
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn micros(count: u64) -> Duration {
        Duration::from_micros(count)
    }

    fn page(url: &str, source: Option<&str>, template: &str, making: u64) -> PageTime {
        PageTime {
            url: url.to_string(),
            source: source.map(str::to_string),
            template: template.to_string(),
            making: micros(making),
        }
    }

    #[test]
    fn columns_stand_by_their_width_on_the_screen() {
        let report = Report {
            stages: vec![
                StageTime {
                    stage: "listing",
                    wall: micros(1_234),
                    cpu: Some(micros(996)),
                    ..StageTime::default()
                },
                StageTime {
                    stage: "articles",
                    wall: micros(1_000_000),
                    cpu: Some(micros(1_900_000)),
                    making: micros(1_800_000),
                    writing: micros(100_000),
                    files: 9_000,
                },
            ],
            templates: vec![TemplateTime {
                template: "article/长文.html".to_string(),
                pages: 9_000,
                total: micros(1_800_000),
                mean: micros(200),
            }],
            slowest: vec![
                page("/tags/海/", None, "tag.html", 12_346),
                page("/a/x/", Some("content/a/x.md"), "article/长文.html", 2_000),
            ],
        };
        let expected = "\
stages, in ms
     wall      cpu   making  writing  files  stage
     1.23     1.00                           listing
  1000.00  1900.00  1800.00   100.00   9000  articles
  1001.23  1901.00  1800.00   100.00   9000  all

templates, in ms of all threads
    total  mean  pages  template
  1800.00  0.20   9000  article/长文.html

slowest pages, in ms
  making  template           page       source
   12.35  tag.html           /tags/海/
    2.00  article/长文.html  /a/x/      content/a/x.md
";
        let shown = tables(&report);
        assert_eq!(shown, expected, "{shown}");
    }

    #[test]
    fn a_build_with_nothing_to_do_has_stages_only() {
        let listing = StageTime {
            stage: "listing",
            wall: micros(10),
            ..StageTime::default()
        };
        let report = Report {
            stages: vec![listing],
            ..Report::default()
        };
        let expected = "\
stages, in ms
  wall  cpu  making  writing  files  stage
  0.01                               listing
  0.01                               all
";
        assert_eq!(tables(&report), expected);
    }
}

//! A site that is edited at random, and what must hold of it after each edit.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use super::fixture::{Bench, moment};
use masthead::base::diagnostic::{Code, Diagnostic, Severity};
use masthead::build::Outcome;
use masthead::sink::manifest;
use masthead::sink::{PATHS, STAMP};
use std::collections::{BTreeMap, BTreeSet};

/// A small generator of random numbers (splitmix64), so that a failure can be had again.
#[derive(Debug, Clone)]
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    pub fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }
}

const TAGS: [&str; 9] = [
    "海港",
    "AI",
    "ai",
    "大桥",
    "开源",
    "開源",
    "权力公式",
    "权利公式",
    "Ｃ++",
];
const ALIASES: [&str; 4] = ["/old/", "/old/2/", "/guoji/a1/", "/tags/ai/"];
const EDITIONS: [&str; 3] = [
    "",
    "editions: [zh-Hans, zh-Hant]\n",
    "editions: [zh-Hant, zh-Hans]\nconversion: {zh-Hant: s2tw}\n",
];
const AUTO: [&str; 3] = ["", "auto_tags: true\n", "auto_tags: true\n"];
const DIGESTS: [&str; 4] = ["", "", "highlights: brief\n", "highlights: off\n"];
const MACHINES: [&str; 4] = [
    "",
    "",
    "llms: true\nhosting: netlify\n",
    "llms: true\nfeeds: {content: summary}\n",
];
/// Pages that the portal does without.
const OMIT: [&str; 5] = [
    "",
    "",
    "omit: [days]\n",
    "omit: [archive, people]\n",
    "omit: [days, sources, people]\n",
];
/// A channel of documentation, with pages from elsewhere.
const DOCS: [&str; 3] = [
    "",
    "",
    "  - {id: caijing, template: docs, pages: [keji/a2.md, page-1.md, caijing/a3.md]}\n",
];
/// Sentences of a text that is long enough to be excerpted.
const SENTENCES: [&str; 10] = [
    "澜江大桥今天上午六点正式通车，第一批车辆从北岸驶上桥面，两岸的路程缩短到六分钟。",
    "市交通局预计，大桥通车后每天有三万辆车过江，海港一侧的轮渡客流会减少一半左右。",
    "“我们等了十九年，这座桥终于通了。”北岸的一位摊主说，她每天凌晨三点推车出门。",
    "開源社區在海港舉行年會，來自十二個城市的開發者展示了各自的模型與工具。",
    "工程师用 AI 检查每一根拉索的照片，发现的三处裂纹都在通车以前修好了。",
    "建设方介绍，大桥全长四公里，设双向六条车道，工程比原来的计划提前两个月完成。",
    "南岸的房租在三个月里涨了两成，一些小店已经搬到更远的街上，商户的看法并不一致。",
    "市政府表示，明年春天将公布两岸新的公交线路，并且在桥头各建一座可停四百辆车的停车场。",
    "专家提醒，通车以后的前三个月，两岸各个路口的拥堵可能比从前还要严重一些。",
    "轮渡公司说，船票不会涨价，夜里的班次也会保留，海港与南岸之间每小时仍有四班船。",
];
const CHANNELS: [&str; 3] = ["guoji", "keji", "caijing"];

/// A site that is edited at random.
pub struct Editor {
    pub random: Random,
    pub bench: Bench,
    serial: usize,
    /// Whether edits may be mistakes.
    slips: bool,
}

impl Editor {
    /// A site of some articles, whose edits follow from a seed.
    pub fn new(seed: u64) -> Editor {
        Editor::with(seed, true)
    }

    /// The same, with edits that are no mistakes.
    pub fn careful(seed: u64) -> Editor {
        Editor::with(seed, false)
    }

    fn with(seed: u64, slips: bool) -> Editor {
        let mut editor = Editor {
            random: Random(seed),
            bench: Bench::default(),
            serial: 0,
            slips,
        };
        let editions = *editor.random.pick(&EDITIONS);
        let (auto, digest) = (*editor.random.pick(&AUTO), *editor.random.pick(&DIGESTS));
        let machines = *editor.random.pick(&MACHINES);
        let docs = *editor.random.pick(&DOCS);
        let omit = editor.omit();
        let channels = if docs.is_empty() { "" } else { "channels:\n" };
        let config = format!(
            "title: 港\npage_size: 3\n{editions}{auto}{digest}{machines}{omit}{channels}{docs}"
        );
        editor.bench.source.put("masthead.yaml", config.clone());
        if editor.random.below(4) == 0 {
            let pinyin = format!("{config}slugs: pinyin\n");
            editor.bench.source.put("masthead.yaml", pinyin);
            let tags = "开源: {aliases: [open source]}\nA.I.: {merge_into: AI}\n";
            editor.bench.source.put("data/tags.yaml", tags);
        }
        for _ in 0..editor.random.below(9) {
            editor.add();
        }
        editor
    }

    /// What to do without. It draws nothing, so that what a seed does otherwise stays the same.
    fn omit(&self) -> &'static str {
        self.random.clone().pick::<&str>(&OMIT)
    }

    fn articles(&self) -> Vec<String> {
        let paths = self.bench.source.paths();
        paths
            .filter(|path| path.starts_with("content/"))
            .map(str::to_string)
            .collect()
    }

    fn article(&mut self) -> String {
        let random = &mut self.random;
        let day = 1 + random.below(28);
        let tags: Vec<&str> = (0..random.below(4)).map(|_| *random.pick(&TAGS)).collect();
        let mut text = format!(
            "---\ntitle: 第{}{}\ndate: 2026-{:02}-{day:02} 08:00\n",
            random.below(50),
            random.pick(&["篇", "条发现", "條發現", "座大桥", "個開源模型", "场 AI 课"]),
            1 + random.below(12)
        );
        text.push_str(&format!("tags: [{}]\n", tags.join(", ")));
        match random.below(15) {
            0 => text.push_str("source: 海港日报\neditors: [何砚]\n"),
            1 => text.push_str("draft: true\n"),
            2 => text.push_str(&format!("aliases: [{}]\n", random.pick(&ALIASES))),
            3 => text.push_str("expires: 2026-12-30\nlead: true\n"),
            4 if self.slips => text.push_str("tgas: [x]\n"),
            5 => text.push_str("template: wide\nsummary: 摘要。\n"),
            6 => text.push_str(&format!("slug: {}\n", random.pick(&["same", "a1", "a2"]))),
            13 => text.push_str("extra: {x: 1}\nsource: 晚报\n"),
            7 => text.push_str("kind: flash\n"),
            8 => text.push_str("retracted: {date: 2026-06-01, text: 误}\n"),
            9 => text.push_str("related: [/guoji/a1.md]\nupdated: 2026-12-20\n"),
            10 => text.push_str("pin_until: 2026-12-01\nweight: 5\ntickers: [HBR.HK]\n"),
            11 => text.push_str("noindex: true\nmath: true\n"),
            _ => text.push_str("channel: keji\n"),
        }
        if random.below(6) == 0 {
            text.push_str("highlights: [海港与大桥, 开源的ＡＩ]\n");
        }
        text.push_str("---\n正文。\n");
        if random.below(4) == 0 {
            let from = random.below(SENTENCES.len());
            let sentences = SENTENCES.iter().cycle().skip(from).take(9);
            sentences.for_each(|sentence| text.push_str(&format!("\n{sentence}\n")));
        }
        if self.random.below(3) == 0 {
            text.push_str("\n后面的头发发现了**里面**的 `代码`。\n\n後面的頭髮發現了。\n");
        }
        if self.random.below(2) == 0 {
            let others = self.articles();
            if !others.is_empty() {
                let other = self.random.pick(&others).replacen("content/", "/", 1);
                text.push_str(&format!("\n见[那一篇]({other})。\n"));
            }
        }
        if self.random.below(4) == 0 {
            text.push_str("\n买$海港航运 (HBR.HK)$，或$甲 (A.US)$。\n");
        }
        if self.random.below(6) == 0 {
            text.push_str("\n![图](/guoji/p1.png)\n");
        }
        // These draw nothing, so that what a seed does otherwise stays the same.
        let length = text.len();
        if length % 5 == 0 {
            text.push_str(&format!("\n```json\n{{\"港\": {}}}\n```\n", length % 3));
        }
        if length % 7 == 0 {
            text.push_str("\n> [!GALLERY]\n> ![图](https://e.org/p.png) 说明\n");
        }
        if length % 8 == 0 {
            text.push_str(
                "\n> [!VIDEO]\n> [片](https://youtu.be/abc)\n> ![图](https://e.org/p.png)\n",
            );
        }
        match self.random.below(24) {
            0 | 1 if self.slips => text.replace("date: 2026-", "date: 2026-99-"),
            2 if self.slips => text.replace("tags: [", "tags: x["),
            3 if self.slips => text.replacen("---", "", 2),
            _ => text,
        }
    }

    /// A raw dump, with a line of promotion that all of them share.
    fn dump(&mut self) -> String {
        let (n, day) = (self.serial, 1 + self.random.below(28));
        format!(
            "海报 2026年3月{day}日 08:00\n快报{n}\n\n第{n}条的正文在此。\n\n关注海报客户端，每天早晚两次要闻推送。\n"
        )
    }

    /// Adds an article, a page or a dump.
    pub fn add(&mut self) {
        self.serial += 1;
        let channel = *self.random.pick(&CHANNELS);
        let text = self.article();
        let path = match self.random.below(10) {
            0 => format!("content/page-{}.md", self.serial),
            3 => format!("content/{channel}/b{}/index.md", self.serial),
            1 | 2 => {
                let dump = self.dump();
                let path = format!("content/{channel}/d{}.txt", self.serial);
                self.bench.source.put(path, dump);
                return;
            }
            _ => format!("content/{channel}/a{}.md", self.serial),
        };
        self.bench.source.put(path, text);
    }

    /// One edit; says what it was.
    pub fn edit(&mut self) -> String {
        let articles = self.articles();
        let some = (!articles.is_empty()).then(|| self.random.pick(&articles).clone());
        match (self.random.below(18), some) {
            (0..=2, _) | (_, None) => {
                self.add();
                "add".to_string()
            }
            (3 | 4, Some(path)) => {
                self.bench.source.remove(&path);
                format!("delete {path}")
            }
            (5 | 6, Some(path)) => {
                self.serial += 1;
                let bytes = self.bench.source.remove(&path).unwrap_or_default();
                let to = format!(
                    "content/{}/r{}.md",
                    self.random.pick(&CHANNELS),
                    self.serial
                );
                self.bench.source.put(to.clone(), bytes);
                format!("rename {path} to {to}")
            }
            (7, Some(path)) => {
                let mut bytes = self.bench.source.get(&path).unwrap_or_default().to_vec();
                bytes.extend("\n又一段。\n".as_bytes());
                self.bench.source.put(path.clone(), bytes);
                format!("edit the body of {path}")
            }
            (8, _) => {
                let names = ["港", "湾"];
                let size = 2 + self.random.below(3);
                let omit = self.omit();
                let text = format!(
                    "title: {}\npage_size: {size}\n{omit}{}{}{}{}channels:\n  - {{id: keji, name: 科技, trust: false}}\n{}blocks:\n  - {{tag: 海港}}\n  - {{channel: keji, look: grid}}\n",
                    self.random.pick(&names),
                    self.random.pick(&EDITIONS),
                    self.random.pick(&AUTO),
                    self.random.pick(&DIGESTS),
                    self.random.pick(&MACHINES),
                    self.random.pick(&DOCS)
                );
                self.bench.source.put("masthead.yaml", text);
                "change configuration".to_string()
            }
            (9, _) if self.random.below(2) == 0 => {
                let topics = [
                    "甲:\n  name: 甲\n  tags: [海港, AI]\n",
                    "甲:\n  name: 乙\n  tags: [大桥]\n  sections: [{title: 一, tags: [大桥]}]\n",
                ];
                let text = *self.random.pick(&topics);
                self.bench.source.put("data/topics.yaml", text);
                self.bench
                    .source
                    .put("data/hot.json", "[\"/guoji/a1/\", \"/keji/a2/\"]");
                "change topics and rankings".to_string()
            }
            (9, _) if self.random.below(3) == 0 => {
                let texts = ["protected: [发现]\n", "terms: {发现: 發見}\n", ""];
                let text = *self.random.pick(&texts);
                self.bench.source.put("data/glossary.yaml", text);
                "change the glossary".to_string()
            }
            (9, _) => {
                let texts = ["AI:\n  aliases: [大桥]\n", "AI:\n  description: 甲\n", ""];
                let text = *self.random.pick(&texts);
                self.bench.source.put("data/tags.yaml", text);
                "change data".to_string()
            }
            (10, _) => {
                let texts = [
                    "<p>{{ title.text }}</p>{{ body }}",
                    "<b>{{ title.text }}</b>{{ body }}",
                    "{% if data.shown %}{{ data.shown?.x or 0 }}{% endif %}{{ body }}",
                    // Not every version of the data has it.
                    "{% if data.shown %}{{ data.shown.x }}{% endif %}{{ body }}",
                    "{% if x %}",
                ];
                let some = texts.len() - 2 * usize::from(!self.slips);
                let text = *self.random.pick(&texts[..some]);
                self.bench.source.put("templates/article.html", text);
                "change a template".to_string()
            }
            (11, _) => {
                self.bench.source.remove("templates/article.html");
                "remove a template".to_string()
            }
            (12, _) => self.change_static(),
            (13, _) => self.change_attachment(),
            (14, _) => self.change_data(),
            (15, _) => {
                let text = *self.random.pick(&["<p>甲</p>", "<p>乙</p>"]);
                self.bench.source.put("templates/tag.html", text);
                "change the template of tags".to_string()
            }
            (_, Some(path)) => {
                let text = match path.ends_with(".txt") {
                    true => self.dump(),
                    false => self.article(),
                };
                self.bench.source.put(path.clone(), text);
                format!("rewrite {path}")
            }
        }
    }

    fn change_static(&mut self) -> String {
        let path = *self
            .random
            .pick(&["static/x.txt", "static/site.css", "static/old/x.txt"]);
        let n = self.random.below(4);
        if n == 3 {
            self.bench.source.remove(path);
            return format!("remove {path}");
        }
        self.bench.source.put(path, format!("{n}"));
        format!("change {path}")
    }

    fn change_attachment(&mut self) -> String {
        let path = format!("content/guoji/p{}.png", 1 + self.random.below(2));
        if self.bench.source.remove(&path).is_some() && self.random.below(2) == 0 {
            return format!("remove {path}");
        }
        // Too small for other widths, in two widths, and none at all.
        let bytes = match self.random.below(3) {
            0 => picture(16),
            1 => picture(600),
            _ => b"no picture".to_vec(),
        };
        self.bench.source.put(path.clone(), bytes);
        format!("change {path}")
    }

    fn change_data(&mut self) -> String {
        let texts = ["x: 1\n", "x: 2\n", "y: [1]\n", "x: [\n"];
        let some = texts.len() - usize::from(!self.slips);
        let text = *self.random.pick(&texts[..some]);
        self.bench.source.put("data/shown.yaml", text);
        "change a data file of templates".to_string()
    }

    /// Another wish for the build, or something that happens to its output and its store; says
    /// what it was.
    pub fn wish(&mut self) -> String {
        let options = &mut self.bench.options;
        match self.random.below(8) {
            0 | 1 => {
                options.drafts = !options.drafts;
                format!("drafts: {}", options.drafts)
            }
            2..=4 => {
                let days = ["2026-03-01", "2026-11-24", "2026-12-15", "2027-01-02"];
                let day = self.random.pick(&days);
                options.now = moment(&format!("{day}T08:00:00+08:00"));
                format!("as of {day}")
            }
            5 => {
                options.base_url = match options.base_url {
                    None => Some("https://e.org/news".to_string()),
                    Some(_) => None,
                };
                format!("base_url: {:?}", options.base_url)
            }
            6 => {
                let mut blobs = self.bench.store.blobs();
                let names: Vec<String> = blobs.keys().cloned().collect();
                let name = self.random.pick(&names).clone();
                blobs.remove(&name);
                format!("lose {name}")
            }
            _ => {
                self.bench.sink.files().clear();
                "empty the output".to_string()
            }
        }
    }

    /// A clean build of the site as it stands, by the same wishes.
    pub fn clean(&self) -> (Bench, Outcome) {
        let clean = Bench {
            source: self.bench.source.clone(),
            options: self.bench.options.clone(),
            ..Bench::default()
        };
        let outcome = clean.build();
        (clean, outcome)
    }
}

/// What was said of the site: not what was said of cache and manifest.
pub fn said(outcome: &Outcome) -> Vec<Diagnostic> {
    outcome
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.code != Code::Cache)
        .cloned()
        .collect()
}

/// An incremental build left what a clean one leaves, and said the same; `before` is what was
/// there before it.
pub fn is_clean(
    (bench, outcome): (&Bench, &Outcome),
    (clean, clean_outcome): (&Bench, &Outcome),
    before: &BTreeMap<String, Vec<u8>>,
    at: &dyn Fn() -> String,
) {
    assert!(
        said(outcome) == said(clean_outcome),
        "{}\n{:?}\n{:?}",
        at(),
        said(outcome),
        said(clean_outcome)
    );
    assert_eq!(outcome.halted, clean_outcome.halted, "{}", at());
    if outcome.halted {
        assert!(
            *bench.sink.files() == *before,
            "{}: a halted build wrote",
            at()
        );
        return;
    }
    // A template that fails at a page leaves the last good one.
    let fails = |said: &Diagnostic| said.code == Code::Template;
    if !clean_outcome.diagnostics.iter().any(fails) {
        compare(bench, clean, clean_outcome, at);
    }
}

/// All bytes of the two are equal, but for the last good pages of what is broken now.
pub fn compare(incremental: &Bench, clean: &Bench, outcome: &Outcome, at: &dyn Fn() -> String) {
    let errors = outcome.diagnostics.iter();
    let errors = errors.filter(|diagnostic| diagnostic.severity == Severity::Error);
    let broken: BTreeSet<&str> = errors
        .filter_map(|diagnostic| Some(diagnostic.place.as_ref()?.file.as_str()))
        .collect();
    let (got, want) = (incremental.sink.files(), clean.sink.files());
    let stamped = |path: &str| [STAMP, PATHS].contains(&path);
    // What is made of all the others comes last: it says least of what differs.
    let (stamps, pages): (Vec<_>, Vec<_>) = want.iter().partition(|(path, _)| stamped(path));
    for (path, bytes) in pages.into_iter().chain(stamps) {
        let same = got.get(path) == Some(bytes) || (stamped(path) && !broken.is_empty());
        assert!(
            same,
            "{}\n{path} differs:\n{}",
            at(),
            difference(got.get(path), bytes)
        );
    }
    let mut extra: Vec<&String> = got
        .keys()
        .filter(|path| !want.contains_key(*path))
        .collect();
    if !broken.is_empty() && !extra.is_empty() {
        let found = manifest::find(&incremental.store, "test", None);
        let stays = |path: &str| match found.manifest.files.get(path) {
            Some(file) if file.is_stray() => true,
            Some(file) => file
                .owner
                .as_deref()
                .is_some_and(|owner| broken.contains(owner)),
            None => false,
        };
        extra.retain(|path| !stays(path));
    }
    assert!(extra.is_empty(), "{}\nleft over: {extra:?}", at());
}

/// The first line in which a file is not what it should be.
pub fn difference(got: Option<&Vec<u8>>, want: &[u8]) -> String {
    let Some(got) = got else {
        return "it is missing".to_string();
    };
    let (got, want) = (String::from_utf8_lossy(got), String::from_utf8_lossy(want));
    let lines = got.lines().zip(want.lines()).find(|(a, b)| a != b);
    lines.map_or("one is longer".to_string(), |(a, b)| {
        format!("  {a}\n  {b}")
    })
}

/// A PNG of a width.
pub fn picture(width: u32) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let blank = image::RgbImage::new(width, 4);
    blank
        .write_to(&mut bytes, image::ImageFormat::Png)
        .expect("a picture");
    bytes.into_inner()
}

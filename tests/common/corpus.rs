//! A made-up portal, as large as a test wants: the same seed gives the same bytes on any machine.
//!
//! Article `n` is a pure function of the spec and `n`, so a test that needs one more article, or
//! a single one out of a million, makes just that: `article(&spec, spec.articles)` is the next to
//! be published, newer than all that `write` wrote. Articles link only to earlier ones, hence no
//! link is dead. No floating point, no clock, no crates: only a seed and integers.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use words::*;

/// The folders of the eight channels.
pub const CHANNELS: [&str; 8] = [
    "guoji", "guonei", "caijing", "keji", "tiyu", "wenyu", "shehui", "jiaoyu",
];

/// What portal to make.
#[derive(Clone, Debug)]
pub struct Spec {
    /// How many articles `write` makes.
    pub articles: usize,
    /// Another seed gives another portal.
    pub seed: u64,
    /// The mean length of a body, in characters. Single articles have half to one and a half.
    pub characters: usize,
}

impl Default for Spec {
    fn default() -> Self {
        Spec {
            articles: 100,
            seed: 1,
            characters: 2000,
        }
    }
}

impl Spec {
    /// The number of different tags: one for 40 articles, but at least 12.
    pub fn tags(&self) -> usize {
        (self.articles / 40).max(12)
    }
}

/// Writes `masthead.yaml` and all articles below `root`.
pub fn write(root: &Path, spec: &Spec) -> io::Result<()> {
    for channel in CHANNELS {
        fs::create_dir_all(root.join("content").join(channel))?;
    }
    fs::write(root.join("masthead.yaml"), config())?;
    for n in 0..spec.articles {
        let (path, text) = article(spec, n);
        fs::write(root.join(path), text)?;
    }
    Ok(())
}

/// The text of `masthead.yaml`.
pub fn config() -> &'static str {
    "title: 晨星新闻\nbase_url: https://news.example\ntimezone: \"+08:00\"\n"
}

/// The path of article `n` below the root, with `/` on any system, and its text.
pub fn article(spec: &Spec, n: usize) -> (String, String) {
    let mut rng = Rng::new(spec.seed, n as u64);
    let english = is_english(n);
    let mut text = String::with_capacity(spec.characters * 3 + 1024);
    front_matter(&mut text, spec, n, &mut rng);
    body(&mut text, spec, n, &mut rng, english);
    (format!("content/{}/{}.md", channel(spec, n), slug(n)), text)
}

/// The address of article `n`, with the default permalinks.
pub fn url(spec: &Spec, n: usize) -> String {
    format!("/{}/{}/", channel(spec, n), slug(n))
}

/// The channel of article `n`. It needs a number generator of its own, since links to `n` ask
/// for it without making the article.
pub fn channel(spec: &Spec, n: usize) -> &'static str {
    Rng::new(spec.seed ^ 0xC4A2, n as u64).pick(&CHANNELS)
}

/// The name of the tag that is the `rank`th most frequent, from 0.
pub fn tag(rank: usize) -> String {
    let Some(rest) = rank.checked_sub(TAGS.len()) else {
        return TAGS[rank].to_string();
    };
    let (place, rest) = (PLACES[rest % PLACES.len()], rest / PLACES.len());
    let (field, rest) = (FIELDS[rest % FIELDS.len()], rest / FIELDS.len());
    let (kind, rest) = (KINDS[rest % KINDS.len()], rest / KINDS.len());
    match rest {
        0 => format!("{place}{field}{kind}"),
        more => format!("{place}{field}{kind}{more}"),
    }
}

fn slug(n: usize) -> String {
    format!("a-{n:06}")
}

/// Every tenth article is in English.
fn is_english(n: usize) -> bool {
    n % 10 == 9
}

// ---------------------------------------------------------------------------------- front matter

fn front_matter(out: &mut String, spec: &Spec, n: usize, rng: &mut Rng) {
    let english = is_english(n);
    let title = if english {
        english_title(rng)
    } else {
        chinese_title(rng)
    };
    let second = date_seconds(spec, n, rng);
    let _ = write!(out, "---\ntitle: {title}\ndate: {}\n", rfc3339(second));
    if rng.one_in(12) {
        let _ = writeln!(
            out,
            "updated: {}",
            rfc3339(second + 600 + rng.below(86_400))
        );
    }
    let source = if english {
        rng.pick(&ENGLISH_SOURCES)
    } else {
        rng.pick(&SOURCES)
    };
    let _ = writeln!(out, "source: {source}");
    if rng.one_in(2) {
        let people: Vec<String> = (0..1 + rng.below(2)).map(|_| person(rng)).collect();
        let _ = writeln!(out, "authors: [{}]", distinct(people).join(", "));
    }
    if rng.one_in(3) {
        let _ = writeln!(out, "editors: [{}]", person(rng));
    }
    let tags = (0..2 + rng.below(5))
        .map(|_| tag(rng.zipf(spec.tags())))
        .collect();
    let _ = writeln!(out, "tags: [{}]", distinct_tags(tags, spec).join(", "));
    if english {
        out.push_str("lang: en\n");
    }
    if rng.one_in(2) {
        summary(out, rng, english);
    }
    if rng.one_in(3) {
        out.push_str("highlights:\n");
        for _ in 0..2 + rng.below(3) {
            let _ = writeln!(out, "  - {} {}", rng.pick(&EMOJI), plain(rng, english));
        }
    }
    if rng.one_in(15) {
        let codes = (0..1 + rng.below(2))
            .map(|_| rng.pick(&TICKERS).to_string())
            .collect();
        let _ = writeln!(out, "tickers: [{}]", distinct(codes).join(", "));
    }
    out.push_str("---\n\n");
}

fn summary(out: &mut String, rng: &mut Rng, english: bool) {
    let text = (0..2).map(|_| plain(rng, english)).collect::<Vec<_>>();
    let text = text.join(if english { " " } else { "" });
    if rng.one_in(3) {
        let _ = writeln!(
            out,
            "summary:\n  text: {text}\n  method: ai\n  reviewed_by: {}",
            person(rng)
        );
    } else {
        let _ = writeln!(out, "summary: {text}");
    }
}

/// Two to six different tags. Where Zipf's law gave one name twice, the list is shorter; it is
/// filled up to two with the most frequent.
fn distinct_tags(drawn: Vec<String>, spec: &Spec) -> Vec<String> {
    let mut tags = distinct(drawn);
    let mut rank = 0;
    while tags.len() < 2 && rank < spec.tags() {
        tags.push(tag(rank));
        tags = distinct(tags);
        rank += 1;
    }
    tags
}

fn distinct(names: Vec<String>) -> Vec<String> {
    let mut kept: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        if !kept.contains(&name) {
            kept.push(name);
        }
    }
    kept
}

fn person(rng: &mut Rng) -> String {
    format!("{}{}", rng.pick(&SURNAMES), rng.pick(&GIVEN_NAMES))
}

/// Ten years from the start of 2016, divided evenly: a later number is a later time.
fn date_seconds(spec: &Spec, n: usize, rng: &mut Rng) -> u64 {
    const START: u64 = 1_451_577_600; // 2016-01-01T00:00:00+08:00
    const TEN_YEARS: u64 = 3_653 * 86_400;
    let articles = spec.articles.max(1) as u64;
    let at = |n: u64| TEN_YEARS / articles * n + TEN_YEARS % articles * n / articles;
    let (this, next) = (at(n as u64), at(n as u64 + 1));
    START + this + rng.below((next - this).max(1))
}

/// Seconds since 1970 as local time at +08:00 (days to a date after Howard Hinnant).
fn rfc3339(second: u64) -> String {
    let local = second + 8 * 3600;
    let (days, rest) = (local / 86_400, local % 86_400);
    let z = days + 719_468;
    let (era, day_of_era) = (z / 146_097, z % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153; // 0 is March
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    let year = year_of_era + era * 400 + u64::from(month <= 2);
    let (hour, minute, second) = (rest / 3600, rest / 60 % 60, rest % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+08:00")
}

// ------------------------------------------------------------------------------------------ body

/// Paragraphs, with one other block after each few, until the length is reached.
fn body(out: &mut String, spec: &Spec, n: usize, rng: &mut Rng, english: bool) {
    let start = out.len();
    // A Chinese character is three bytes. What is begun is finished, which adds some 250.
    let unit = if english { 1 } else { 3 };
    let characters = spec.characters / 2 + rng.below(spec.characters as u64 + 1) as usize;
    let bytes = unit * characters.saturating_sub(250);
    let mut notes = 0;
    let mut blocks = 0;
    while blocks == 0 || out.len() - start < bytes {
        for _ in 0..1 + rng.below(3) {
            paragraph(out, spec, n, rng, english, &mut notes);
        }
        match (blocks + rng.below(2)) % 6 {
            0 | 2 => heading(out, rng, english),
            1 => list(out, rng, english),
            3 => quotation(out, rng, english),
            4 => table(out, rng, english),
            _ if rng.one_in(3) => code(out, rng),
            _ => {}
        }
        blocks += 1;
    }
    paragraph(out, spec, n, rng, english, &mut notes);
    for note in 1..=notes {
        let _ = writeln!(out, "[^{note}]: {}", plain(rng, english));
    }
}

fn paragraph(
    out: &mut String,
    spec: &Spec,
    n: usize,
    rng: &mut Rng,
    english: bool,
    notes: &mut u64,
) {
    let sentences = 2 + rng.below(4);
    for at in 0..sentences {
        if at > 0 && english {
            out.push(' ');
        }
        out.push_str(&sentence(rng, english));
        if n > 0 && rng.one_in(14) {
            link(out, spec, n, rng, english);
        }
        if *notes < 3 && rng.one_in(60) {
            *notes += 1;
            let _ = write!(out, "[^{notes}]");
        }
    }
    out.push_str("\n\n");
}

/// A link to an earlier article, half of them by its source file and half by its address. Most
/// lead to one of the last 200, as on a real portal.
fn link(out: &mut String, spec: &Spec, n: usize, rng: &mut Rng, english: bool) {
    let back = if rng.one_in(4) { n } else { n.min(200) };
    let to = n - 1 - rng.below(back as u64) as usize;
    let target = if rng.one_in(2) {
        format!("../{}/{}.md", channel(spec, to), slug(to))
    } else {
        url(spec, to)
    };
    if english {
        let _ = write!(out, " [See the earlier report]({target}).");
    } else {
        let _ = write!(
            out,
            "（[{}]({target})）",
            rng.pick(&["此前报道", "相关报道", "延伸阅读"])
        );
    }
}

fn heading(out: &mut String, rng: &mut Rng, english: bool) {
    let level = if rng.one_in(3) { "###" } else { "##" };
    let title = if english {
        english_title(rng)
    } else {
        chinese_title(rng)
    };
    let _ = write!(out, "{level} {title}\n\n");
}

fn list(out: &mut String, rng: &mut Rng, english: bool) {
    let numbered = rng.one_in(3);
    for item in 1..=3 + rng.below(3) {
        if numbered {
            let _ = writeln!(out, "{item}. {}", plain(rng, english));
        } else {
            let _ = writeln!(out, "- {}", plain(rng, english));
        }
    }
    out.push('\n');
}

fn quotation(out: &mut String, rng: &mut Rng, english: bool) {
    let _ = write!(
        out,
        "> {}\n>\n> —— {}\n\n",
        plain(rng, english),
        person(rng)
    );
}

fn table(out: &mut String, rng: &mut Rng, english: bool) {
    out.push_str(if english {
        "| Region | Share | Change |\n"
    } else {
        "| 地区 | 占比 | 同比 |\n"
    });
    out.push_str("|:---|---:|---:|\n");
    for _ in 0..3 + rng.below(3) {
        let place = rng.pick(if english { &ENGLISH_PLACES } else { &PLACES });
        let (share, change) = (rng.below(100), rng.below(300));
        let _ = writeln!(
            out,
            "| {place} | {share}% | +{}.{}% |",
            change / 10,
            change % 10
        );
    }
    out.push('\n');
}

fn code(out: &mut String, rng: &mut Rng) {
    let (low, high) = (rng.below(100), 100 + rng.below(900));
    let _ = match rng.below(3) {
        0 => write!(
            out,
            "```python\nfor n in range({low}, {high}):\n    print(n & 1, \"<b>\")\n```\n\n"
        ),
        1 => write!(
            out,
            "```rust\nlet sum: u64 = ({low}..{high}).sum();\n```\n\n"
        ),
        _ => write!(out, "```\n$ wc -l < news.txt\n{high}\n```\n\n"),
    };
}

// ------------------------------------------------------------------------------------- sentences

/// A sentence with some emphasis, code or numbers in it.
fn sentence(rng: &mut Rng, english: bool) -> String {
    let text = plain(rng, english);
    match rng.below(12) {
        0 if english => format!("{text} **{}** comes first.", rng.pick(&ENGLISH_NOUNS)),
        0 => format!("{text}其中**{}**最受关注。", rng.pick(&OBJECTS)),
        1 if english => format!("{text} The field is called `{}`.", rng.pick(&ENGLISH_NOUNS)),
        1 => format!(
            "{text}*{}*的{}也在其列。",
            rng.pick(&PLACES),
            rng.pick(&OBJECTS)
        ),
        _ => text,
    }
}

/// A sentence without markup, fit for front matter too: no `: `, no ` #`, no leading sign.
fn plain(rng: &mut Rng, english: bool) -> String {
    if english {
        english_sentence(rng)
    } else {
        chinese_sentence(rng)
    }
}

fn chinese_title(rng: &mut Rng) -> String {
    let (place, field) = (rng.pick(&PLACES), rng.pick(&FIELDS));
    let (subject, verb, object) = (rng.pick(&SUBJECTS), rng.pick(&VERBS), rng.pick(&OBJECTS));
    match rng.below(5) {
        0 => format!("{place}{field}：{subject}{verb}{object}"),
        1 => format!("{subject}{verb}{object}，{place}{field}迎来变化"),
        2 => format!("“{object}”背后：{place}如何{verb}{field}"),
        3 => format!("{place}{verb} {} 项{object}", 2 + rng.below(98)),
        _ => format!("{field}周报｜{subject}{verb}{place}{object}"),
    }
}

fn chinese_sentence(rng: &mut Rng) -> String {
    let (time, place, field) = (rng.pick(&TIMES), rng.pick(&PLACES), rng.pick(&FIELDS));
    let (subject, verb, object) = (rng.pick(&SUBJECTS), rng.pick(&VERBS), rng.pick(&OBJECTS));
    let (how, other, act) = (rng.pick(&MANNERS), rng.pick(&OBJECTS), rng.pick(&VERBS));
    let link = rng.pick(&CONNECTIVES);
    match rng.below(10) {
        0 => format!("{time}，{place}{subject}{how}{verb}{field}{object}，{link}{act}{other}。"),
        1 => format!("{subject}表示，{link}将{how}{verb}{object}，并{act}{place}的{other}。"),
        2 => {
            let percent = rng.below(500);
            let (whole, part) = (percent / 10, percent % 10);
            format!("数据显示，{place}{field}{object}同比增长 {whole}.{part}%，高于{time}的水平。")
        }
        3 => format!("“{link}{verb}{object}，才能{act}{other}。”{place}{subject}负责人说。"),
        4 => format!(
            "从{object}到{other}，从{place}到{}，{field}正在{how}改变。",
            rng.pick(&PLACES)
        ),
        5 => format!("《{field}{object}指南》{time}发布；{subject}{how}{verb}其中的{other}。"),
        6 => format!(
            "{object}、{other}和{field}{}，都是{subject}{time}要{act}的。",
            rng.pick(&OBJECTS)
        ),
        7 => format!("{link}{place}的{object}能否{how}{act}？{subject}认为，关键在于{other}。"),
        8 => format!(
            "{subject}（{place}）{time}宣布{verb} {} 亿元，用于{field}{object}。",
            1 + rng.below(900)
        ),
        _ => format!("{time}{how}{verb}的，{link}还有{place}的{field}{object}。"),
    }
}

fn english_title(rng: &mut Rng) -> String {
    let (place, noun) = (rng.pick(&ENGLISH_PLACES), rng.pick(&ENGLISH_NOUNS));
    let (verb, other) = (rng.pick(&ENGLISH_VERBS), rng.pick(&ENGLISH_NOUNS));
    match rng.below(3) {
        0 => format!("{place} {verb} new {noun} for {other}"),
        1 => format!("How {place} {verb} its {noun}"),
        _ => format!("Why the {noun} of {place} {verb} {other}"),
    }
}

fn english_sentence(rng: &mut Rng) -> String {
    let (place, noun) = (rng.pick(&ENGLISH_PLACES), rng.pick(&ENGLISH_NOUNS));
    let (verb, other) = (rng.pick(&ENGLISH_VERBS), rng.pick(&ENGLISH_NOUNS));
    match rng.below(4) {
        0 => {
            format!("Officials in {place} said that the {noun} {verb} more {other} than last year.")
        }
        1 => format!(
            "The {noun}, which {verb} {other}, grew by {} percent in {place}.",
            rng.below(90)
        ),
        2 => format!(
            "\u{201c}Nobody {verb} {noun} like {place},\u{201d} one expert on {other} noted."
        ),
        _ => format!("In {place}, the {noun} quietly {verb} both {other} and trust."),
    }
}

// --------------------------------------------------------------------------------------- numbers

/// splitmix64: small, quick, and as good as a word list needs.
struct Rng(u64);

impl Rng {
    /// Mixed twice, so that neighbouring numbers don't give shifted copies of one sequence.
    fn new(seed: u64, stream: u64) -> Self {
        let mut rng = Rng(seed ^ stream.wrapping_mul(0xD6E8_FEB8_6659_FD93));
        Rng(rng.next() ^ stream)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `limit`, which is at least 1.
    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(limit)) >> 64) as u64
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn pick<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len() as u64) as usize]
    }

    /// A rank from 0 below `count`, the first twice as likely as the second, three times as the
    /// third (Zipf's law): an octave drawn evenly, a place in it, kept with the octave's start
    /// over the place. Exact, and without a table or a logarithm.
    fn zipf(&mut self, count: usize) -> usize {
        let octaves = u64::from(usize::BITS - count.leading_zeros());
        loop {
            let start = 1u64 << self.below(octaves);
            let place = start + self.below(start);
            if place <= count as u64 && self.below(place) < start {
                return place as usize - 1;
            }
        }
    }
}

// ----------------------------------------------------------------------------------------- words

/// Kept from rustfmt, which would give each word a line of its own.
#[rustfmt::skip]
mod words {
    /// The most frequent tags by name; further ones are made of place, field and kind.
    pub const TAGS: [&str; 40] = [
        "人工智能", "经济", "AI", "半导体", "新能源", "股市", "大模型", "芯片", "房地产",
        "电动汽车", "央行", "开源", "教育", "医疗", "航天", "5G", "机器人", "自动驾驶", "足球",
        "电影", "气候", "外贸", "高考", "云计算", "量子计算", "阿里巴巴", "腾讯", "华为",
        "OpenAI", "C++", "Web 3.0", "A/B测试", "重庆", "长沙", "高铁", "电商", "隐私", "网络安全",
        "生物医药", "碳中和",
    ];

    pub const KINDS: [&str; 12] = [
        "", "政策", "企业", "市场", "人才", "投资", "展会", "标准", "论坛", "园区", "指数",
        "协会",
    ];

    pub const PLACES: [&str; 48] = [
        "北京", "上海", "广州", "深圳", "杭州", "南京", "成都", "重庆", "武汉", "西安", "天津",
        "苏州", "长沙", "青岛", "大连", "厦门", "宁波", "郑州", "合肥", "昆明", "贵阳", "兰州",
        "海口", "拉萨", "香港", "澳门", "台北", "东京", "首尔", "新加坡", "曼谷", "雅加达",
        "孟买", "迪拜", "伦敦", "巴黎", "柏林", "马德里", "罗马", "莫斯科", "纽约", "硅谷",
        "华盛顿", "多伦多", "圣保罗", "开罗", "内罗毕", "悉尼",
    ];

    pub const FIELDS: [&str; 48] = [
        "科技", "金融", "教育", "医疗", "交通", "能源", "农业", "制造", "零售", "物流", "旅游",
        "文化", "体育", "环保", "航空", "航运", "通信", "软件", "游戏", "影视", "出版", "餐饮",
        "住房", "养老", "托育", "就业", "外贸", "消费", "保险", "证券", "基金", "数据", "算力",
        "材料", "化工", "钢铁", "纺织", "食品", "水利", "林业", "渔业", "气象", "考古", "博物馆",
        "社区", "电竞", "机床", "储能",
    ];

    pub const SUBJECTS: [&str; 40] = [
        "有关部门", "研究团队", "多家企业", "市政府", "监管机构", "行业协会", "高校", "投资者",
        "消费者", "初创公司", "专家", "医院", "工程师", "教师", "村民", "志愿者", "平台", "银行",
        "车企", "供应商", "开发者", "记者", "分析师", "运营商", "实验室", "基金会", "委员会",
        "代表团", "俱乐部", "出版社", "博物馆", "航空公司", "电力公司", "社区", "年轻人",
        "老年人", "外资机构", "科研人员", "创业者", "法院",
    ];

    pub const VERBS: [&str; 48] = [
        "推出", "发布", "启动", "扩大", "调整", "完善", "优化", "建设", "改造", "推动", "支持",
        "鼓励", "规范", "加快", "减少", "提高", "降低", "保护", "引进", "出口", "研发", "测试",
        "开放", "整合", "收购", "签署", "讨论", "评估", "公布", "落实", "试点", "升级", "淘汰",
        "补贴", "监测", "修复", "设计", "采购", "分享", "探索", "布局", "放宽", "收紧", "延长",
        "缩短", "重启", "关注", "回应",
    ];

    pub const OBJECTS: [&str; 60] = [
        "新规", "项目", "计划", "方案", "平台", "产品", "服务", "标准", "系统", "模型", "芯片",
        "电池", "车型", "线路", "校区", "病房", "课程", "岗位", "基金", "债券", "贷款", "利率",
        "价格", "关税", "订单", "产能", "供应链", "基础设施", "数据中心", "充电桩", "生产线",
        "实验", "论文", "专利", "展览", "赛事", "影片", "唱片", "图书", "古籍", "遗址", "湿地",
        "森林", "河流", "航班", "港口", "卫星", "火箭", "机器人", "传感器", "操作系统",
        "开源社区", "应用", "账户", "隐私条款", "合作协议", "人才政策", "医保目录", "气候目标",
        "国际合作",
    ];

    pub const TIMES: [&str; 24] = [
        "今天", "昨天", "近日", "本周", "上周", "本月", "上月", "今年", "去年", "近年来",
        "第一季度", "上半年", "第三季度", "年底前", "春节期间", "暑期", "两年前", "十年来",
        "当地时间周一", "当地时间周五", "清晨", "傍晚", "下个月", "未来五年",
    ];

    pub const MANNERS: [&str; 24] = [
        "正式", "逐步", "全面", "率先", "联合", "再次", "首次", "持续", "迅速", "稳步", "公开",
        "悄然", "大幅", "小幅", "同步", "积极", "谨慎", "优先", "分批", "有序", "深入", "主动",
        "明显", "共同",
    ];

    pub const CONNECTIVES: [&str; 20] = [
        "同时", "因此", "不过", "此外", "随后", "其实", "显然", "与此同时", "总体来看",
        "值得注意的是", "换句话说", "事实上", "接下来", "目前", "另一方面", "尤其是", "相比之下",
        "更重要的是", "长远来看", "只有",
    ];

    pub const SOURCES: [&str; 28] = [
        "晨星社", "南方快报", "东海日报", "江城晚报", "北国新闻网", "经济前沿", "科技观察",
        "财经早知道", "体育周刊", "文娱现场", "教育在线", "健康时报网", "环球瞭望", "城市频道",
        "长江评论", "黄河新闻", "海峡通讯", "西部网", "证券参考", "芯片视界", "汽车之声",
        "航天爱好者", "美食地图", "读书会", "气象台", "法治播报", "农村大众网", "老城故事",
    ];

    pub const ENGLISH_SOURCES: [&str; 6] = [
        "Harbour Wire", "Morning Star Daily", "The Chip Letter", "Pacific Post",
        "Open Source Weekly", "Reel",
    ];

    pub const SURNAMES: [&str; 24] = [
        "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高",
        "林", "何", "郭", "马", "罗", "单", "仇", "解", "欧阳",
    ];

    pub const GIVEN_NAMES: [&str; 20] = [
        "伟", "芳", "娜", "敏", "静", "磊", "洋", "艳", "勇", "军", "建国", "晓明", "思远",
        "雨桐", "子涵", "浩然", "欣怡", "志强", "海燕", "文博",
    ];

    pub const TICKERS: [&str; 10] = [
        "BABA.US", "09988.HK", "00700.HK", "600519.SH", "000001.SZ", "AAPL.US", "NVDA.US",
        "TSLA.US", "03690.HK", "688981.SH",
    ];

    pub const EMOJI: [&str; 8] = [
        "🚀", "💡", "💰", "📈", "🌏", "⚽", "🎬", "🔬",
    ];

    pub const ENGLISH_PLACES: [&str; 12] = [
        "Beijing", "Shanghai", "Shenzhen", "Hong Kong", "Singapore", "Tokyo", "Seoul", "London",
        "Paris", "Berlin", "Nairobi", "Sydney",
    ];

    pub const ENGLISH_NOUNS: [&str; 28] = [
        "harbour", "market", "model", "chip", "battery", "school", "hospital", "railway", "river",
        "satellite", "novel", "museum", "league", "budget", "tariff", "contract", "network",
        "library", "laboratory", "orchestra", "forest", "vaccine", "airport", "newsroom",
        "engine", "index", "archive", "standard",
    ];

    pub const ENGLISH_VERBS: [&str; 16] = [
        "builds", "opens", "tests", "expands", "restores", "measures", "buys", "shares",
        "protects", "follows", "redraws", "questions", "funds", "moves", "needs", "welcomes",
    ];
}

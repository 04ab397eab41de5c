//! One tag, source or person for all spellings of its name, however the site is edited.

mod common;

use common::editor::Random;
use common::fixture::moment;
use masthead::base::diagnostic::Lines;
use masthead::config;
use masthead::facts::{Facts, facts};
use masthead::site::records::{self, Data};
use masthead::site::{List, Parts, Route, Site, assemble};
use std::collections::BTreeMap;
use std::sync::Arc;

const TAGS: [&str; 12] = [
    "开源",
    "開源",
    "AI",
    "Ａｉ",
    "人工智能",
    "权力",
    "权利",
    "港口",
    "公办教育",
    "公辦教育",
    "公办角域",
    "kaiyuan",
];
const PEOPLE: [&str; 4] = ["单雄", "單雄", "山熊", "曾国"];

const DATA: &str = "\
开源: {slug: open-source, aliases: [open source, 自由软件]}
人工智能: {aliases: [AI], merge_into: 智能}
港口: {pinyin: gang kou}
";

/// The sources of a site, and what is written in them.
#[derive(Default)]
struct Sources {
    facts: BTreeMap<String, Arc<Facts>>,
}

impl Sources {
    fn put(&mut self, path: &str, text: &str) -> (Option<Arc<Facts>>, Arc<Facts>) {
        let new = Arc::new(facts(path, text.as_bytes()));
        (self.facts.insert(path.to_string(), Arc::clone(&new)), new)
    }

    fn site(&self, settings: &str, tags: &str) -> Site {
        let mut out = Vec::new();
        let read =
            |file: &str, text: &str, out: &mut Vec<_>| records::read(&Lines::new(file, text), out);
        let records = [
            read("data/tags.yaml", tags, &mut out),
            records::Records::new(),
            records::Records::new(),
            records::Records::new(),
        ];
        let config = config::read(&Lines::new("masthead.yaml", settings), &mut out);
        assert_eq!(out, []);
        assemble(Parts {
            config,
            facts: self.facts.values().cloned().collect(),
            unreadable: Vec::new(),
            known: Data {
                records,
                ..Data::default()
            },
            data: serde_json::Value::Null,
            statics: Vec::new(),
            attachments: Vec::new(),
            font: None,
            pictures: Vec::new(),
            now: moment("2026-11-24T08:00:00+08:00"),
            drafts: false,
        })
    }
}

fn article(day: usize, tags: &[&str], editor: &str) -> String {
    let tags = tags.join(", ");
    format!(
        "---\ntitle: 题\ndate: 2026-10-{day:02} 08:00\ntags: [{tags}]\neditors: [{editor}]\n---\n文。\n"
    )
}

/// All that names decide: URLs, what stands there, and the articles of each list.
fn told(site: &Site) -> BTreeMap<String, String> {
    let tell = |route: Route| {
        let what = match route {
            Route::Hub(list @ (List::Tag(_) | List::Source(_) | List::Person(_))) => {
                format!("{} {:?}", site.list_name(list), site.members(list))
            }
            Route::Former(n) => format!("to {}", site.url(Route::Hub(site.formers[n as usize].1))),
            _ => String::new(),
        };
        (site.url(route), what)
    };
    // A name is one whether it has a page or not.
    let alive = site.people.iter().filter(|one| !one.members.is_empty());
    let person = |one: &masthead::site::Named| {
        let what = format!("{} {:?}", one.name, one.members);
        (format!("person {}", one.slug), what)
    };
    let routes = site.routes().into_iter().map(tell);
    routes.chain(alive.map(person)).collect()
}

fn tags(site: &Site) -> Vec<String> {
    let told = told(site).into_iter();
    let tags = told.filter(|(url, _)| url.starts_with("/tags/") && url.len() > 6);
    tags.filter(|(url, what)| !url.contains("xml") && !url.contains("json") && !what.is_empty())
        .map(|(url, what)| format!("{url} {what}"))
        .collect()
}

#[test]
fn an_amended_site_has_the_names_of_a_new_one() {
    let mut amended = 0;
    for seed in 0..60 {
        let mut random = Random(seed);
        let settings = ["slugs: unicode\n", "slugs: pinyin\n"][random.below(2)];
        let omit = ["", "omit: [people, days]\n", "omit: [archive]\n"][seed as usize % 3];
        let settings = &format!("{settings}{omit}");
        let data = ["", DATA][random.below(2)];
        let mut sources = Sources::default();
        let mut site = sources.site(settings, data);
        for _ in 0..40 {
            let path = format!("content/guoji/a{}.md", random.below(6));
            let chosen: Vec<&str> = (0..random.below(4)).map(|_| *random.pick(&TAGS)).collect();
            let (old, new) = if random.below(4) == 0 {
                (sources.facts.remove(&path), None)
            } else {
                let text = article(1 + random.below(9), &chosen, random.pick::<&str>(&PEOPLE));
                let (old, new) = sources.put(&path, &text);
                (old, Some(new))
            };
            let anew = sources.site(settings, data);
            match site.amend(&path, old.as_deref(), new) {
                Ok(()) => amended += 1,
                Err(_) => site = sources.site(settings, data),
            }
            assert_eq!(told(&site), told(&anew), "seed {seed}, {settings}{data}");
        }
    }
    assert!(amended > 300, "{amended} of 2400 edits were amended");
}

#[test]
fn the_name_shown_is_that_of_the_oldest_whatever_the_counts() {
    let mut sources = Sources::default();
    sources.put("content/guoji/a.md", &article(2, &["開源"], "何砚"));
    for n in 3..9 {
        let path = format!("content/guoji/b{n}.md");
        sources.put(&path, &article(n, &["开源"], "何砚"));
        let site = sources.site("", "");
        assert_eq!(site.tags.len(), 1);
        assert_eq!(site.tags[0].name, "開源");
        assert_eq!(tags(&site)[0], "/tags/开源/ to /tags/開源/");
    }
    sources.put("content/guoji/c.md", &article(1, &["开源"], "何砚"));
    let site = sources.site("", "");
    assert_eq!(site.tags[0].name, "开源");
    assert!(tags(&site).contains(&"/tags/開源/ to /tags/开源/".to_string()));
    let site = sources.site("", "開源: {description: 公開}\n");
    assert_eq!(site.tags[0].name, "開源");
}

#[test]
fn names_are_merged_and_their_urls_lead_on() {
    let mut sources = Sources::default();
    let written = ["AI", "人工智能", "自由软件", "ｏｐｅｎ　source"];
    sources.put("content/guoji/a.md", &article(1, &written, "何砚"));
    let site = sources.site("", DATA);
    let names: Vec<&str> = site.tags.iter().map(|tag| tag.name.as_str()).collect();
    assert_eq!(names, ["智能", "开源"]);
    assert_eq!(
        tags(&site),
        [
            "/tags/ai/ to /tags/智能/",
            "/tags/open-source/ 开源 [0]",
            "/tags/人工智能/ to /tags/智能/",
            "/tags/开源/ to /tags/open-source/",
            "/tags/智能/ 智能 [0]",
            "/tags/自由软件/ to /tags/open-source/",
            "/tags/ｏｐｅｎ-source/ to /tags/open-source/",
        ]
    );
}

#[test]
fn what_is_really_there_goes_before_another_name() {
    let mut sources = Sources::default();
    sources.put("content/guoji/a.md", &article(1, &["AI", "智能"], "何砚"));
    let text = article(2, &[], "何砚").replace("title", "aliases: [/tags/ai/]\ntitle");
    sources.put("content/guoji/b.md", &text);
    let site = sources.site("", "智能: {aliases: [AI, 智慧]}\n");
    assert_eq!(site.diagnostics(), []);
    let route = site.route("/tags/ai/");
    assert!(matches!(route, Some(Route::Redirect(_))), "{route:?}");
    assert!(site.route("/tags/智慧/").is_some());
}

#[test]
fn pinyin_slugs_stay_when_articles_come() {
    let slugs = |sources: &Sources, data: &str| -> Vec<String> {
        let site = sources.site("slugs: pinyin\n", data);
        let slug = |tag: &masthead::site::Named| format!("{} {}", tag.name, tag.slug);
        let mut slugs: Vec<String> = site.tags.iter().map(slug).collect();
        slugs.sort();
        slugs
    };
    let mut sources = Sources::default();
    sources.put("content/guoji/a.md", &article(5, &["权利"], "何砚"));
    let first = slugs(&sources, "");
    sources.put("content/guoji/b.md", &article(9, &["权力"], "何砚"));
    sources.put("content/guoji/c.md", &article(1, &["权力"], "何砚"));
    let both = slugs(&sources, "");
    assert_eq!(both[0], "权利 quanli-p0jq");
    assert_eq!(first[0], both[0]);
    assert_eq!(both[1], "权力 quanli");
    // Where no word of the list has the reading, the older name keeps it.
    let mut sources = Sources::default();
    sources.put("content/guoji/a.md", &article(5, &["公办教育"], "何砚"));
    sources.put("content/guoji/b.md", &article(6, &["公办角域"], "何砚"));
    let found = slugs(&sources, "");
    assert_eq!(found[0], "公办教育 gongbanjiaoyu");
    assert!(found[1].starts_with("公办角域 gongbanjiaoyu-"), "{found:?}");
    let given = "公办角域: {pinyin: gong ban jiao yu}\n";
    let found = slugs(&sources, given);
    assert_eq!(found[1], "公办角域 gongbanjiaoyu");
    assert!(found[0].starts_with("公办教育 gongbanjiaoyu-"), "{found:?}");
}

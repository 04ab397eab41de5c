//! Automatic tags: what an article gets was written by an article before it, and stays as it is
//! whatever comes later.

mod common;

use common::editor::Random;
use common::fixture::{Bench, moment};
use masthead::build::{Input, gather};
use masthead::sink::store;
use masthead::site::List;
use std::collections::BTreeMap;

const WORDS: [&str; 8] = [
    "大桥",
    "大橋",
    "大桥工程",
    "开源",
    "AI",
    "ＡＩ芯片",
    "海港",
    "工程",
];

/// Tags of each article by path, and which of them stand there by themselves.
fn tags(bench: &Bench) -> BTreeMap<String, (Vec<String>, bool)> {
    let input = Input {
        source: &bench.source,
        now: bench.options.now,
        drafts: false,
        base_url: None,
    };
    let site = gather(&input, &store::Memory::default()).site;
    let articles = site.articles.iter().map(|article| {
        let names = article.tags.iter().map(|tag| List::Tag(*tag));
        let names = names.map(|list| site.list_name(list).to_string()).collect();
        (article.facts.path.clone(), (names, article.has_auto_tags()))
    });
    articles.collect()
}

fn article(random: &mut Random, n: usize) -> String {
    let tags: Vec<&str> = (0..random.below(3)).map(|_| *random.pick(&WORDS)).collect();
    let title: String = (0..3).map(|_| *random.pick(&WORDS)).collect();
    let hour = n % 24;
    let day = 1 + n / 24;
    let tags = tags.join(", ");
    format!(
        "---\ntitle: 说{title}\ndate: 2026-01-{day:02} {hour:02}:00\ntags: [{tags}]\n---\n文。\n"
    )
}

#[test]
fn later_articles_change_no_automatic_tag() {
    let mut given_by_itself = 0;
    for seed in 0..40 {
        let mut random = Random(seed);
        let mut bench = Bench::default();
        bench.options.now = moment("2026-12-01T08:00:00+08:00");
        let config = "title: 港\nauto_tags: true\n";
        bench.source.put("masthead.yaml", config);
        let mut seen = BTreeMap::new();
        let mut written: Vec<String> = Vec::new();
        for n in 0..12 {
            let path = format!("content/guoji/{n}.md");
            bench.source.put(path.clone(), article(&mut random, n));
            let now = tags(&bench);
            for (path, tags) in &seen {
                assert_eq!(now.get(path), Some(tags), "seed {seed}, {path} after {n}");
            }
            let (own, is_auto) = now[&path].clone();
            if is_auto {
                given_by_itself += 1;
                assert!(own.len() <= 5);
                let known = |tag: &String| written.contains(tag);
                assert!(own.iter().all(known), "{own:?} of {written:?}");
            } else {
                written.extend(own);
            }
            seen = now;
        }
    }
    assert!(given_by_itself > 100, "{given_by_itself}");
}

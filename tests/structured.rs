//! What pages tell machines: structured data, OpenGraph, what Chinese search engines ask for, and
//! the content security policy, on every kind of page.

mod common;

use common::chromium::{Chromium, console};
use common::fixture::Bench;
use common::server::Server;
use masthead::base::date::{civil, parse, zone};
use masthead::base::diagnostic::report;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

const ORIGIN: &str = "https://e.org";

const CONFIG: &str = "\
title: 门户 \"晨星\"
description: 一句话 <b>
base_url: https://e.org/news
page_size: 2
channels: [{id: guoji, name: 国际 & 远方, description: 远方}]
contact: {email: a@e.org, phone: '1'}
publisher: {name: 晨星社, logo: /logo.png, principles: /about/, corrections: /about/,
  masthead: 'https://we.example/', profiles: ['https://s.example/we']}
editions: [zh-Hans, zh-Hant]
";

const DATA: [(&str, &str); 5] = [
    (
        "data/tags.yaml",
        "航运: {aliases: [海运], kind: 概念, description: 船与港}\n",
    ),
    ("data/sources.yaml", "海报: {url: 'https://s.example'}\n"),
    (
        "data/people.yaml",
        "张三: {role: 记者, bio: 写海, url: 'https://z.example', aliases: [阿三]}\n",
    ),
    (
        "data/tickers.yaml",
        "09988.HK: {name: 甲公司, description: 造船}\n",
    ),
    (
        "data/topics.yaml",
        "dahai:\n  name: 大海专题\n  description: 海上的事\n  image: {src: /guoji/a.png, alt: 海}\n  \
         tags: [航运]\n",
    ),
];

/// A title that tries to end the element it stands in.
const TITLE: &str = "他说\"停\"</script><script>alert(1)</script><!-- ' \\ & 完";

fn full(n: u32) -> String {
    format!(
        "---
title: '第{n}篇：他说\"停\"</script><script>alert(1)</script><!-- '' \\ & 完'
date: 2026-11-0{n} 08:30
updated: 2026-11-20 09:00
source: 海报
source_url: https://s.example/{n}
authors: [张三, 李四]
editors: [王五]
tags: [航运, '\"港\"']
tickers: [09988.HK, A.US]
summary: {{text: 这是\"摘要\"</script>, method: ai}}
image: {{src: a.png, alt: '图\"一\"', credit: 某人, caption: 说明}}
corrections: [{{date: 2026-11-21, text: 更正在此}}]
---
正文说的是船与港，一共有好几句话。
"
    )
}

/// A site with every kind of page, and all that an article can have.
fn site(more: &str) -> Bench {
    let mut bench = Bench::default();
    let mut put = |path: &str, text: &str| bench.source.put(path, text);
    put("masthead.yaml", &format!("{CONFIG}{more}"));
    DATA.iter().for_each(|(path, text)| put(path, text));
    put("content/guoji/a.png", "png");
    put("static/logo.png", "png");
    for n in 1..=5 {
        put(&format!("content/guoji/full{n}.md"), &full(n));
        let flash =
            format!("---\nkind: flash\ndate: 2026-11-1{n} 07:0{n}\n---\n第{n}条快讯说了“港”。\n");
        put(&format!("content/guoji/flash{n}.md"), &flash);
    }
    put(
        "content/keji/plain.md",
        "---\ntitle: 平常\ndate: 2026-10-02\n---\n一句。\n",
    );
    put(
        "content/keji/undated.md",
        "---\ntitle: 没有日期\n---\n一句。\n",
    );
    put(
        "content/keji/english.md",
        "---\ntitle: \"Bridge \\\"open\\\"\"\ndate: 2026-10-03 10:00\nlang: en\n---\nThe bridge is open now.\n",
    );
    put(
        "content/keji/taken.md",
        "---\ntitle: 撤回\ndate: 2026-10-04\nretracted: {date: 2026-10-05, text: 有误}\n---\n旧文。\n",
    );
    for name in ["about", "contact", "help"] {
        let text = format!("---\ntitle: {name}\nsummary: 说明\n---\n文。\n");
        put(&format!("content/{name}.md"), &text);
    }
    bench
}

type Pages = BTreeMap<String, String>;

/// All pages of HTML but those that only lead on.
fn pages(bench: &Bench) -> Pages {
    let outcome = bench.build();
    assert_eq!(
        outcome.tally.errors,
        0,
        "{}",
        report(&outcome.diagnostics, false)
    );
    let files = bench.sink.files();
    let pages = files.iter().filter(|(path, _)| path.ends_with(".html"));
    let pages = pages.map(|(path, bytes)| (path.clone(), String::from_utf8_lossy(bytes).into()));
    pages
        .filter(|(_, html): &(String, String)| !html.contains("http-equiv=\"refresh\""))
        .collect()
}

/// The nodes of a page's structured data, each by its type.
fn nodes(html: &str) -> Vec<Value> {
    let open = "<script type=\"application/ld+json\">";
    let mut nodes = Vec::new();
    for part in html.split(open).skip(1) {
        let (text, _) = part.split_once("</script>").expect("an end");
        let node: Value =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        match node.get("@graph").and_then(Value::as_array) {
            Some(graph) => nodes.extend(graph.iter().cloned()),
            None => nodes.push(node),
        }
    }
    nodes
}

fn node(html: &str, kind: &str) -> Value {
    let mut found = nodes(html).into_iter().filter(|node| node["@type"] == kind);
    let node = found.next().unwrap_or_else(|| panic!("no {kind}"));
    assert!(found.next().is_none(), "two of {kind}");
    node
}

/// The `meta` elements of a page: property, name or itemprop, and content.
fn metas(html: &str) -> Vec<(String, String)> {
    let head = html.split("</head>").next().unwrap_or("");
    let attribute = |tag: &str, name: &str| {
        let rest = tag.split_once(&format!(" {name}=\""))?.1;
        Some(unescaped(rest.split('"').next()?))
    };
    let meta = |tag: &str| {
        let names = ["property", "name", "itemprop", "http-equiv"];
        let name = names.iter().find_map(|name| attribute(tag, name))?;
        Some((name, attribute(tag, "content")?))
    };
    let tags = head.split("<meta").skip(1);
    tags.filter_map(|tag| meta(tag.split('>').next()?))
        .collect()
}

fn unescaped(text: &str) -> String {
    let all = [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#39;", "'"),
        ("&#x27;", "'"),
        ("&#x2F;", "/"),
        ("&amp;", "&"),
    ];
    all.iter()
        .fold(text.to_string(), |text, (from, to)| text.replace(from, to))
}

fn meta<'m>(metas: &'m [(String, String)], name: &str) -> Vec<&'m str> {
    let own = metas.iter().filter(|(own, _)| own == name);
    own.map(|(_, content)| content.as_str()).collect()
}

/// What a node of a type must have.
fn wanted(kind: &str) -> &'static [&'static str] {
    match kind {
        "NewsArticle" => &[
            "@id",
            "url",
            "mainEntityOfPage",
            "headline",
            "author",
            "publisher",
            "inLanguage",
            "articleSection",
            "wordCount",
            "timeRequired",
            "isAccessibleForFree",
            "isPartOf",
        ],
        "BreadcrumbList" => &["itemListElement"],
        "ListItem" => &["position"],
        "WebSite" => &["@id", "name"],
        "NewsMediaOrganization" => &["@id", "name"],
        "CollectionPage" => &["@id", "url", "name", "inLanguage", "isPartOf"],
        "ItemList" => &["itemListElement", "numberOfItems"],
        "ProfilePage" => &["@id", "url", "name", "mainEntity", "dateModified"],
        "LiveBlogPosting" => &[
            "@id",
            "url",
            "headline",
            "liveBlogUpdate",
            "coverageStartTime",
            "coverageEndTime",
            "datePublished",
            "dateModified",
            "author",
            "publisher",
        ],
        "BlogPosting" => &["headline", "url", "datePublished", "articleBody"],
        "WebPage" | "AboutPage" | "ContactPage" | "SearchResultsPage" => &["@id"],
        "SearchAction" => &["target", "query-input"],
        "EntryPoint" => &["urlTemplate"],
        "ImageObject" => &["url"],
        "Person" | "Organization" | "Corporation" | "Thing" => &["name"],
        "CreativeWork" => &["text", "digitalSourceType"],
        "CorrectionComment" => &["text", "datePublished"],
        other => panic!("what is a {other}?"),
    }
}

/// What is wrong with a node and all that is in it.
fn faults(node: &Value, at: &str, out: &mut Vec<String>) {
    match node {
        Value::Null => out.push(format!("{at} is null")),
        Value::String(text) if text.trim().is_empty() => out.push(format!("{at} is empty")),
        Value::Array(items) => {
            if items.is_empty() {
                out.push(format!("{at} is empty"));
            }
            for (n, item) in items.iter().enumerate() {
                faults(item, &format!("{at}[{n}]"), out);
            }
        }
        Value::Object(map) => {
            if let Some(kind) = map.get("@type").and_then(Value::as_str) {
                let lacks = wanted(kind).iter().filter(|key| !map.contains_key(**key));
                out.extend(lacks.map(|key| format!("{at}: {kind} lacks {key}")));
            } else if map.keys().ne(["@id"]) {
                out.push(format!("{at} has no type"));
            }
            for (key, value) in map {
                let at = format!("{at}.{key}");
                if let Some(text) = value.as_str() {
                    fault_of_text(key, text, &at, out);
                }
                faults(value, &at, out);
            }
        }
        _ => {}
    }
}

fn fault_of_text(key: &str, text: &str, at: &str, out: &mut Vec<String>) {
    let dates = [
        "datePublished",
        "dateModified",
        "coverageStartTime",
        "coverageEndTime",
    ];
    let addresses = [
        "@id",
        "url",
        "item",
        "isBasedOn",
        "image",
        "urlTemplate",
        "sameAs",
        "masthead",
        "publishingPrinciples",
        "correctionsPolicy",
        "mainEntityOfPage",
    ];
    if dates.contains(&key) && !is_date(text) {
        out.push(format!("{at} is no date: {text}"));
    }
    if addresses.contains(&key) && !is_address(text) {
        out.push(format!("{at} is no address: {text}"));
    }
}

/// RFC 3339 with an offset; the day alone where no time is known.
fn is_date(text: &str) -> bool {
    let known = parse(text).is_some_and(|stamp| stamp.day().is_some());
    let offset = text.ends_with("+08:00") || text.ends_with('Z');
    known && (text.len() == 10 || (text.len() >= 20 && offset))
}

fn is_address(text: &str) -> bool {
    let rest = text.strip_prefix("https://").unwrap_or("");
    let plain = rest
        .bytes()
        .all(|b| b.is_ascii_graphic() && !matches!(b, b'"' | b'<' | b'>'));
    plain && rest.contains(['.']) && !rest[8.min(rest.len())..].contains("//")
}

/// The types that a page's nodes have.
fn kinds(html: &str) -> Vec<String> {
    let kinds = nodes(html).into_iter();
    kinds
        .map(|node| node["@type"].as_str().unwrap_or("none").to_string())
        .collect()
}

#[test]
fn every_page_says_what_it_is() {
    let bench = site("");
    let pages = pages(&bench);
    let mut wrong = Vec::new();
    for (path, html) in &pages {
        for node in nodes(html) {
            faults(&node, path, &mut wrong);
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let list = ["CollectionPage", "BreadcrumbList"];
    for (path, wanted) in [
        ("index.html", &["WebSite", "NewsMediaOrganization"][..]),
        ("page/1/index.html", &list),
        ("guoji/index.html", &list),
        ("guoji/page/1/index.html", &list),
        ("guoji/full1/index.html", &["NewsArticle", "BreadcrumbList"]),
        (
            "guoji/flash1/index.html",
            &["NewsArticle", "BreadcrumbList"],
        ),
        (
            "keji/undated/index.html",
            &["NewsArticle", "BreadcrumbList"],
        ),
        ("tags/航运/index.html", &list),
        ("tags/航运/page/1/index.html", &list),
        ("sources/海报/index.html", &list),
        ("people/张三/index.html", &["ProfilePage", "BreadcrumbList"]),
        ("people/张三/page/1/index.html", &list),
        ("topics/dahai/index.html", &list),
        ("topics/dahai/page/1/index.html", &list),
        ("tickers/09988.hk/index.html", &list),
        ("live/index.html", &["LiveBlogPosting", "BreadcrumbList"]),
        (
            "live/page/1/index.html",
            &["LiveBlogPosting", "BreadcrumbList"],
        ),
        ("archive/index.html", &list),
        ("archive/2026/index.html", &list),
        ("archive/2026/11/index.html", &list),
        ("archive/2026/11/05/index.html", &list),
        ("tags/index.html", &list),
        ("sources/index.html", &list),
        ("people/index.html", &list),
        ("topics/index.html", &list),
        ("tickers/index.html", &list),
        ("about/index.html", &["AboutPage", "BreadcrumbList"]),
        ("contact/index.html", &["ContactPage", "BreadcrumbList"]),
        ("help/index.html", &["WebPage", "BreadcrumbList"]),
        ("keji/taken/index.html", &["WebPage", "BreadcrumbList"]),
        (
            "search/index.html",
            &["SearchResultsPage", "BreadcrumbList"],
        ),
        ("404.html", &[]),
    ] {
        let html = pages
            .get(path)
            .unwrap_or_else(|| panic!("no {path}: {:#?}", pages.keys()));
        assert_eq!(kinds(html), wanted, "{path}");
        if path != "404.html" {
            let twin = &pages[&format!("hant/{path}")];
            assert_eq!(kinds(twin), wanted, "hant/{path}");
        }
    }
}

#[test]
fn an_article_says_all_that_is_known_of_it() {
    let pages = pages(&site(""));
    let html = &pages["guoji/full3/index.html"];
    let own = node(html, "NewsArticle");
    let address = "https://e.org/news/guoji/full3/";
    assert_eq!(own["headline"], format!("第3篇：{TITLE}"));
    assert_eq!(own["url"], address);
    assert_eq!(own["mainEntityOfPage"]["@id"], address);
    assert_eq!(own["datePublished"], "2026-11-03T08:30:00+08:00");
    assert_eq!(own["dateModified"], "2026-11-20T09:00:00+08:00");
    assert_eq!(own["image"]["url"], "https://e.org/news/guoji/a.png");
    assert_eq!(own["image"]["creditText"], "某人");
    let people = own["author"].as_array().expect("authors");
    assert_eq!((people.len(), &people[0]["name"]), (2, &"张三".into()));
    assert_eq!(
        people[0]["url"],
        "https://e.org/news/people/%E5%BC%A0%E4%B8%89/"
    );
    assert_eq!(own["editor"][0]["name"], "王五");
    assert_eq!(own["publisher"]["@type"], "NewsMediaOrganization");
    assert_eq!(own["publisher"]["name"], "晨星社");
    assert_eq!(
        own["publisher"]["logo"]["url"],
        "https://e.org/news/logo.png"
    );
    assert_eq!(own["sourceOrganization"]["name"], "海报");
    assert_eq!(own["isBasedOn"], "https://s.example/3");
    assert_eq!(own["inLanguage"], "zh-Hans");
    assert_eq!(own["articleSection"], "国际 & 远方");
    assert_eq!(own["keywords"], serde_json::json!(["航运", "\"港\""]));
    assert_eq!(own["timeRequired"], "PT1M");
    assert_eq!(own["isAccessibleForFree"], true);
    let abstract_ = &own["abstract"];
    assert_eq!(abstract_["text"], "这是\"摘要\"</script>");
    let made = "https://schema.org/TrainedAlgorithmicMediaDigitalSource";
    assert_eq!(abstract_["digitalSourceType"], made);
    assert_eq!(own["mentions"][0]["tickerSymbol"], "XHKG 09988");
    assert_eq!(own["mentions"][1]["tickerSymbol"], "A.US");
    assert_eq!(own["correction"][0]["text"], "更正在此");
    assert_eq!(own["correction"][0]["datePublished"], "2026-11-21");
    let way = node(html, "BreadcrumbList");
    let way = way["itemListElement"].as_array().expect("a way").clone();
    let urls: Vec<&str> = way.iter().filter_map(|one| one["item"].as_str()).collect();
    assert_eq!(
        urls,
        ["https://e.org/news/", "https://e.org/news/guoji/", address]
    );
    let places: Vec<u64> = way
        .iter()
        .filter_map(|one| one["position"].as_u64())
        .collect();
    assert_eq!(places, [1, 2, 3]);

    let twin = node(&pages["hant/guoji/full3/index.html"], "NewsArticle");
    assert_eq!(twin["inLanguage"], "zh-Hant");
    assert_eq!(twin["url"], "https://e.org/news/hant/guoji/full3/");

    let plain = node(&pages["keji/plain/index.html"], "NewsArticle");
    assert_eq!(plain["datePublished"], "2026-10-02");
    assert_eq!(plain["author"]["name"], "晨星社");
    for absent in [
        "image",
        "abstract",
        "keywords",
        "editor",
        "isBasedOn",
        "correction",
    ] {
        assert_eq!(plain[absent], Value::Null, "{absent}");
    }
    let undated = node(&pages["keji/undated/index.html"], "NewsArticle");
    assert_eq!(undated["datePublished"], Value::Null);
    let flash = node(&pages["guoji/flash2/index.html"], "NewsArticle");
    assert_eq!(flash["headline"], "第2条快讯说了“港”。");
}

#[test]
fn lists_name_what_stands_on_them() {
    let pages = pages(&site(""));
    let list = node(&pages["guoji/page/1/index.html"], "CollectionPage");
    let items = &list["mainEntity"];
    assert_eq!(items["numberOfItems"], 2);
    assert_eq!(items["itemListElement"][1]["position"], 2);
    let url = items["itemListElement"][0]["url"].as_str().expect("a URL");
    assert!(url.starts_with("https://e.org/news/guoji/full"), "{url}");
    let ticker = node(&pages["tickers/09988.hk/index.html"], "CollectionPage");
    assert_eq!(ticker["about"]["tickerSymbol"], "XHKG 09988");
    let person = node(&pages["people/张三/index.html"], "ProfilePage");
    let own = &person["mainEntity"];
    assert_eq!(
        (&own["jobTitle"], &own["description"]),
        (&"记者".into(), &"写海".into())
    );
    assert_eq!(
        (&own["sameAs"], &own["alternateName"][0]),
        (&"https://z.example".into(), &"阿三".into())
    );
    let live = node(&pages["live/index.html"], "LiveBlogPosting");
    assert_eq!(live["coverageEndTime"], "2026-11-15T07:05:00+08:00");
    assert_eq!(
        live["liveBlogUpdate"][0]["articleBody"],
        "第5条快讯说了“港”。"
    );
    let home = nodes(&pages["index.html"]);
    let find = &home[0]["potentialAction"]["target"]["urlTemplate"];
    assert_eq!(find, "https://e.org/news/search/?q={search_term_string}");
    assert_eq!(home[1]["publishingPrinciples"], "https://e.org/news/about/");
    assert_eq!(home[1]["masthead"], "https://we.example/");
    let off = self::pages(&site("search: false\n"));
    assert_eq!(nodes(&off["index.html"])[0]["potentialAction"], Value::Null);
}

#[test]
fn no_text_ends_the_element_it_stands_in() {
    for (path, html) in pages(&site("seo: {cn: true}\n")) {
        assert!(!html.contains("<script>alert"), "{path}");
        let opened = html.matches("<script").count();
        assert_eq!(opened, html.matches("</script>").count(), "{path}");
    }
}

#[test]
fn previews_have_what_they_show() {
    let pages = pages(&site(""));
    for (path, html) in &pages {
        let metas = metas(html);
        for (name, content) in &metas {
            assert!(!content.trim().is_empty(), "{path}: {name} is empty");
        }
        for name in [
            "og:type",
            "og:title",
            "og:url",
            "og:site_name",
            "og:locale",
            "twitter:card",
            "robots",
            "Content-Security-Policy",
        ] {
            assert_eq!(meta(&metas, name).len(), 1, "{path}: {name}");
        }
        let canonical = html
            .split("rel=\"canonical\" href=\"")
            .nth(1)
            .expect("canonical");
        let canonical = canonical.split('"').next().unwrap_or("");
        assert_eq!(meta(&metas, "og:url"), [canonical], "{path}");
        assert!(canonical.starts_with(ORIGIN), "{path}");
    }
    let own = metas(&pages["guoji/full3/index.html"]);
    for (name, content) in [
        ("og:type", "article"),
        ("og:title", &format!("第3篇：{TITLE}")),
        ("og:locale", "zh_CN"),
        ("og:locale:alternate", "zh_TW"),
        ("og:image", "https://e.org/news/guoji/a.png"),
        ("og:image:alt", "图\"一\""),
        ("image", "https://e.org/news/guoji/a.png"),
        ("article:published_time", "2026-11-03T08:30:00+08:00"),
        ("article:modified_time", "2026-11-20T09:00:00+08:00"),
        ("article:section", "国际 & 远方"),
        ("twitter:card", "summary_large_image"),
        ("robots", "max-image-preview:large"),
    ] {
        assert_eq!(meta(&own, name), [content], "{name}");
    }
    assert_eq!(meta(&own, "article:tag"), ["航运", "\"港\""]);
    assert_eq!(meta(&own, "article:author").len(), 2);
    // One for search engines, one for readers of microdata.
    let said = meta(&own, "og:description")[0];
    assert_eq!(meta(&own, "description"), [said, said]);
    let twin = metas(&pages["hant/guoji/full3/index.html"]);
    assert_eq!(meta(&twin, "og:locale"), ["zh_TW"]);
    assert_eq!(meta(&twin, "og:locale:alternate"), ["zh_CN"]);
    let english = metas(&pages["keji/english/index.html"]);
    assert_eq!(meta(&english, "og:locale"), ["en_US"]);
    assert_eq!(meta(&english, "twitter:card"), ["summary"]);
    let flash = metas(&pages["guoji/flash2/index.html"]);
    assert_eq!(meta(&flash, "og:title"), ["第2条快讯说了“港”。"]);
}

#[test]
fn chinese_engines_get_the_times_of_beijing() {
    let off = pages(&site(""));
    let named = ["bytedance:", "applicable-device", "no-siteapp", "cambrian"];
    for (path, html) in &off {
        assert!(named.iter().all(|name| !html.contains(name)), "{path}");
    }
    // The site's own zone is another one.
    let on = pages(&site("seo: {cn: true}\ntimezone: '+00:00'\n"));
    let html = &on["guoji/full3/index.html"];
    let own = metas(html);
    assert_eq!(
        meta(&own, "bytedance:published_time"),
        ["2026-11-03T16:30:00+08:00"]
    );
    assert_eq!(
        meta(&own, "bytedance:updated_time"),
        ["2026-11-20T17:00:00+08:00"]
    );
    assert_eq!(meta(&own, "applicable-device"), ["pc,mobile"]);
    assert_eq!(meta(&own, "Cache-Control"), ["no-transform", "no-siteapp"]);
    let baidu = |html: &str| {
        let own = nodes(html).into_iter();
        let mut own = own.filter(|node| {
            node["@context"]
                .as_str()
                .is_some_and(|at| at.contains("baidu"))
        });
        own.next().expect("Baidu's node")
    };
    let node = baidu(html);
    assert_eq!(node["pubDate"], "2026-11-03T16:30:00");
    assert_eq!(node["upDate"], "2026-11-20T17:00:00");
    assert_eq!(node["images"][0], "https://e.org/news/guoji/a.png");
    for path in ["index.html", "guoji/index.html", "topics/dahai/index.html"] {
        let node = baidu(&on[path]);
        assert_eq!(node["upDate"].as_str().map(str::len), Some(19), "{path}");
        assert_eq!(node["pubDate"], Value::Null, "{path}");
    }
    let leaf = baidu(&on["guoji/page/1/index.html"]);
    assert_eq!(leaf["upDate"], "2026-11-02T16:30:00");
}

#[test]
fn reprints_are_told_as_the_site_says() {
    let path = "guoji/full3/index.html";
    let address = "https://e.org/news/guoji/full3/";
    for (policy, robots, canonical, listed) in [
        ("index", "max-image-preview:large", address, true),
        ("noindex", "noindex,follow", address, false),
        (
            "canonical",
            "max-image-preview:large",
            "https://s.example/3",
            true,
        ),
    ] {
        let bench = site(&format!("reprint_policy: {policy}\n"));
        let pages = pages(&bench);
        let html = &pages[path];
        assert_eq!(meta(&metas(html), "robots"), [robots], "{policy}");
        let link = format!("<link rel=\"canonical\" href=\"{canonical}\">");
        assert!(html.contains(&link), "{policy}");
        let twins = html.contains("hreflang=\"x-default\"");
        assert_eq!(twins, policy == "index", "{policy}");
        let files = bench.sink.files();
        let sitemaps = files.iter().filter(|(path, _)| path.contains("sitemap"));
        let mut sitemaps = sitemaps.map(|(_, bytes)| String::from_utf8_lossy(bytes));
        let found = sitemaps.any(|text| text.contains(&format!("<loc>{address}</loc>")));
        assert_eq!(found, listed, "{policy}");
        // What is the portal's own stays as it is, and so do searches on the portal.
        assert!(
            meta(&metas(&pages["keji/plain/index.html"]), "robots") == ["max-image-preview:large"]
        );
        let texts = files.keys().filter(|path| path.starts_with("search/"));
        assert!(texts.count() > 5, "{policy}");
    }
}

#[test]
fn pages_hold_nothing_that_their_policy_forbids() {
    let pages = pages(&site("seo: {cn: true}\n"));
    for (path, html) in &pages {
        let policy = meta(&metas(html), "Content-Security-Policy").concat();
        assert!(policy.contains("default-src 'none'"), "{path}: {policy}");
        for part in html.split("<script").skip(1) {
            let tag = part.split('>').next().unwrap_or("");
            let fine = tag.contains(" src=\"/") || tag.contains("application/ld+json");
            assert!(fine, "{path}: <script{tag}>");
        }
        for found in [
            " style=\"",
            "<style",
            " onclick=",
            " onload=",
            "javascript:",
        ] {
            assert!(!html.contains(found), "{path}: {found}");
        }
    }
    let none = self::pages(&site("csp: false\n"));
    assert!(
        none.values()
            .all(|html| !html.contains("Content-Security-Policy"))
    );
    let own = self::pages(&site("csp: {script-src: \"'self' https://hm.example\"}\n"));
    let policy = meta(&metas(&own["index.html"]), "Content-Security-Policy").concat();
    assert!(
        policy.contains("script-src 'self' https://hm.example;"),
        "{policy}"
    );
}

#[test]
fn no_browser_complains_of_the_policy() {
    let mut bench = site("");
    let body = "---\ntitle: 什么都有\ndate: 2026-11-22 08:00\n---\n\
                ![图](a.png)\n\n| 甲 | 乙 |\n|:--|--:|\n| 一 | 2 |\n\n$$x^2$$\n\n```rust\nfn a() {}\n```\n";
    bench.source.put("content/guoji/all.md", body);
    let svg = "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>";
    bench.source.put("content/guoji/a.svg", svg);
    drop(pages(&bench));
    let folder = tempfile::tempdir().expect("a folder");
    for (path, bytes) in bench.sink.files().iter() {
        let path = folder.path().join("news").join(path);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }
    let server = Server::new(folder.path(), |_| None);
    let chromium = Chromium::launch();
    let mut said = BTreeSet::new();
    for url in [
        "",
        "guoji/",
        "guoji/all/",
        "guoji/full3/",
        "live/",
        "topics/dahai/",
        "tags/",
        "search/?q=一共",
        "archive/2026/11/",
        "about/",
        "404.html",
        "hant/",
    ] {
        let tab = chromium.tab().expect("a tab");
        tab.open(&server.address(&format!("/news/{url}")))
            .expect("a page");
        if url.starts_with("search") {
            let found = "new Promise((done) => { const look = () => \
                         document.querySelector('.found li') ? done(true) : setTimeout(look, 5); look(); })";
            tab.evaluate(found).expect("results");
        }
        let styled = "getComputedStyle(document.querySelector('main')).display !== 'inline' \
                      && [...document.styleSheets].length > 1";
        assert_eq!(tab.evaluate(styled).expect("styles"), true, "{url}");
        let events = tab.events();
        said.extend(
            events
                .iter()
                .filter_map(console)
                .map(|line| format!("{url}: {line}")),
        );
    }
    // The pictures of this site are no pictures, which browsers don't mention.
    assert!(said.is_empty(), "{said:#?}");
}

#[test]
fn a_flash_without_a_title_is_named_by_its_text() {
    let html = &pages(&site(""))["guoji/flash4/index.html"];
    assert!(html.contains("<title>第4条快讯说了“港”。 - "), "{html}");
    let date = parse("2026-11-14T07:04:00+08:00").and_then(|stamp| stamp.moment(&zone("Z")?));
    let at = civil(date.expect("a moment"), &zone("+08:00").expect("a zone"));
    assert!(html.contains(&format!("content=\"{}T07:04:00+08:00\"", at.date())));
}

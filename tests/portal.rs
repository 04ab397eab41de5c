//! A portal of 1,000 generated articles, built with the real command: every link leads to a file,
//! feeds and sitemaps are well-formed and hold what they must.

mod common;

use common::corpus::{self, Spec};
use common::fixture::{Bench, moment};
use common::links;
use masthead::base::date;
use roxmltree::{Document, Node};
use std::fs;
use std::path::Path;
use std::process::Command;

/// Builds the corpus under `dir`; gives the output folder.
fn built(dir: &Path, arguments: &[&str]) -> std::path::PathBuf {
    corpus::write(
        dir,
        &Spec {
            articles: 1_000,
            ..Spec::default()
        },
    )
    .expect("a corpus");
    let output = dir.join("public");
    let done = Command::new(env!("CARGO_BIN_EXE_masthead"))
        .args([
            "build",
            "--strict",
            "--as-of",
            "2027-01-01T00:00:00+08:00",
            "--root",
        ])
        .arg(dir)
        .args(arguments)
        .output()
        .expect("masthead runs");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    output
}

#[test]
fn every_link_leads_to_a_file_and_every_feed_is_sound() {
    // Kept for `scripts/nu.sh`, and built over at the next run.
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("portal");
    let output = built(&dir, &["--base-url", "https://e.org/news"]);
    assert_eq!(
        links::dead_links(&output, "/news", "https://e.org/news"),
        Vec::<String>::new()
    );
    assert!(links::pages(&output).len() > 1_000);
    let mut feeds = 0;
    for path in xml_files(&output) {
        let text = fs::read_to_string(&path).expect("a file");
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let document =
            Document::parse(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        match name.as_str() {
            "atom.xml" => {
                check_entries(&text, &path);
                feeds += 1;
            }
            "feed.xml" => {
                check_entries(&text, &path);
                check_feed(&document, &path);
                feeds += 1;
            }
            "opensearch.xml" => assert!(text.contains("/search/?q={searchTerms}")),
            _ if name.starts_with("news-") => check_news(&document, &path, "zh-cn"),
            _ => check_sitemap(&document, &path),
        }
    }
    assert!(feeds > 40, "{feeds} feeds");
    for path in links::files(&output)
        .iter()
        .filter(|path| path.ends_with("feed.json"))
    {
        let text = fs::read_to_string(path).expect("a file");
        let feed: serde_json::Value = serde_json::from_str(&text)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(feed["version"], "https://jsonfeed.org/version/1.1");
        check_entries(&text, path);
    }
    let index = fs::read_to_string(output.join("sitemap.xml")).expect("the sitemap index");
    assert!(
        index.matches("<loc>").count() > 100,
        "a sitemap for each month"
    );
    let robots = fs::read_to_string(output.join("robots.txt")).expect("robots.txt");
    assert!(
        robots.contains("Sitemap: https://e.org/news/sitemap.xml"),
        "{robots}"
    );
}

/// A site of an article each hour, as seen at a moment.
fn hourly(articles: u32, config: &str) -> Bench {
    let mut bench = Bench::default();
    bench.options.now = moment("2026-11-24T08:00:00+08:00");
    bench.source.put(
        "masthead.yaml",
        format!("title: 报\nbase_url: https://e.org\n{config}"),
    );
    let newest = bench.options.now;
    for n in 0..articles {
        let at = date::rfc3339(
            newest - i64::from(n) * 3600,
            &date::zone("+08:00").expect("a zone"),
        );
        let text = format!("---\ntitle: 第{n}篇\ndate: {at}\n---\n文。\n");
        bench.source.put(format!("content/新闻/{n}.md"), text);
    }
    bench
}

fn file(bench: &Bench, path: &str) -> String {
    let files = bench.sink.files();
    let bytes = files.get(path).unwrap_or_else(|| panic!("no {path}"));
    String::from_utf8(bytes.clone()).expect("text")
}

#[test]
fn news_is_of_two_days_and_says_when_it_ends() {
    let mut bench = hourly(60, "editions: [zh-Hans, zh-Hant]\n");
    let first = bench.build();
    for (path, language) in [("", "zh-cn"), ("hant/", "zh-tw")] {
        let path = format!("{path}news-sitemap.xml");
        let news = file(&bench, &path);
        assert_eq!(news.matches("<url>").count(), 48, "{news}");
        let document = Document::parse(&news).expect("XML");
        check_news(&document, Path::new(&path), language);
    }
    assert!(file(&bench, "hant/news-sitemap.xml").contains("https://e.org/hant/"));
    // The oldest of them is 47 hours old.
    let next = "2026-11-24T09:00:00+08:00";
    assert_eq!(first.tally.next_event.as_deref(), Some(next));
    bench.options.now = moment(next);
    let second = bench.build();
    let news = file(&bench, "news-sitemap.xml");
    assert_eq!(news.matches("<url>").count(), 47, "{news}");
    assert_eq!(
        second.ledger.changed,
        ["/news-sitemap.xml", "/hant/news-sitemap.xml"]
    );
    bench.options.now = moment("2026-11-30T08:00:00+08:00");
    let third = bench.build();
    assert_eq!(file(&bench, "news-sitemap.xml").matches("<url>").count(), 0);
    assert_eq!(third.tally.next_event, None);
}

#[test]
fn news_of_more_than_a_thousand_articles_is_in_parts() {
    let mut bench = hourly(0, "");
    for n in 0..1_001 {
        let (hour, minute) = (n / 60, n % 60);
        let text =
            format!("---\ntitle: 快讯{n}\ndate: 2026-11-23 {hour:02}:{minute:02}\n---\n文。\n");
        bench.source.put(format!("content/a/{n}.md"), text);
    }
    bench.build();
    let (first, second) = (
        file(&bench, "news-sitemap.xml"),
        file(&bench, "news-sitemap-2.xml"),
    );
    assert_eq!(first.matches("<url>").count(), 1_000);
    assert_eq!(second.matches("<url>").count(), 1);
    assert!(first.contains("快讯1000<") && second.contains("快讯0<"));
    let index = file(&bench, "sitemap.xml");
    assert!(index.contains("/news-sitemap.xml<") && index.contains("/news-sitemap-2.xml<"));
}

#[test]
fn plain_text_sitemaps_are_full_from_the_oldest_on() {
    let mut bench = hourly(30, "editions: [zh-Hans, zh-Hant]\n");
    let hidden = "---\ntitle: 藏\ndate: 2026-11-20\nnoindex: true\n---\n文。\n";
    bench.source.put("content/新闻/hidden.md", hidden);
    bench.build();
    let text = file(&bench, "sitemap-cn-1.txt");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 30, "{text}");
    let fine = |line: &&str| line.starts_with("https://e.org/%E6%96%B0") && line.is_ascii();
    assert!(lines.iter().all(fine), "{text}");
    assert!(
        lines[0].ends_with("/29/") && lines[29].ends_with("/0/"),
        "{text}"
    );
    let robots = file(&bench, "robots.txt");
    for path in [
        "sitemap.xml",
        "sitemap-cn-1.txt",
        "hant/sitemap.xml",
        "hant/sitemap-cn-1.txt",
    ] {
        let line = format!("Sitemap: https://e.org/{path}\n");
        assert!(robots.contains(&line), "{robots}");
    }
}

#[test]
fn robots_keep_out_what_the_publisher_wants() {
    let groups = |ai: &str| {
        let bench = hourly(1, &format!("robots: {{ai: {ai}}}\n"));
        bench.build();
        file(&bench, "robots.txt")
    };
    let (allow, search, deny) = (groups("allow"), groups("search-only"), groups("deny"));
    assert_eq!(allow.matches("User-agent: ").count(), 1, "{allow}");
    assert!(!allow.contains("Disallow"), "{allow}");
    let shut = |text: &str, name: &str| {
        let (shut, _) = text.split_once("Disallow: /\n").expect("a group");
        shut.contains(&format!("User-agent: {name}\n"))
    };
    for name in [
        "GPTBot",
        "Google-Extended",
        "CCBot",
        "ClaudeBot",
        "Bytespider",
    ] {
        assert!(shut(&search, name) && shut(&deny, name), "{name}");
    }
    for name in ["OAI-SearchBot", "PerplexityBot"] {
        assert!(!search.contains(name) && shut(&deny, name), "{name}");
    }
    assert!(deny.contains("User-agent: *\nAllow: /\n"), "{deny}");
}

#[test]
fn hosts_get_their_headers_and_redirects() {
    let built = |hosting: &str| {
        let mut bench = hourly(1, &format!("editions: [zh-Hans, zh-Hant]\n{hosting}"));
        let text =
            "---\ntitle: 改\ndate: 2026-11-20\naliases: [/旧址/, /a:b/]\ntags: [海运]\n---\n文。\n";
        bench.source.put("content/新闻/new.md", text);
        bench
            .source
            .put("data/tags.yaml", "航运: {aliases: [海运], slug: hangyun}\n");
        bench.build();
        bench
    };
    let none = built("");
    let is_there = |name: &str| none.sink.files().contains_key(name);
    assert!(!is_there("_headers") && !is_there("_redirects"));
    for (host, status) in [("cloudflare", "301"), ("netlify", "301!")] {
        let bench = built(&format!("hosting: {host}\n"));
        let redirects = file(&bench, "_redirects");
        let lines: Vec<&str> = redirects.lines().collect();
        let old = |prefix: &str| {
            let to = "/%E6%96%B0%E9%97%BB/new/";
            format!("{prefix}/%E6%97%A7%E5%9D%80/ {prefix}{to} {status}")
        };
        let tag = format!("/tags/%E6%B5%B7%E8%BF%90/ /tags/hangyun/ {status}");
        for line in [old(""), old("/hant"), tag] {
            assert!(lines.contains(&line.as_str()), "no {line}: {redirects}");
        }
        assert!(!redirects.contains("a:b"), "{redirects}");
        let headers = file(&bench, "_headers");
        let (first, rest) = headers.split_once("\n/").expect("two rules");
        assert!(first.starts_with("/*\n  Content-Security-Policy: default-src 'none';"));
        // A host joins the values of all rules that fit, so none is given twice.
        let names: Vec<&str> = first
            .lines()
            .skip(1)
            .filter_map(|line| line.trim().split(':').next())
            .collect();
        assert!(names.contains(&"Strict-Transport-Security"), "{names:?}");
        for name in names {
            assert!(
                !rest.contains(&format!("  {name}:")),
                "{name} twice: {headers}"
            );
        }
        let rules = headers.lines().filter(|line| line.starts_with('/')).count();
        assert!(rules <= 100 && headers.lines().all(|line| line.len() <= 2_000));
        assert!(headers.ends_with('\n'), "{headers}");
        let rules = file(&bench, "speculation-rules.json");
        let rules: serde_json::Value = serde_json::from_str(&rules).expect("JSON");
        let expect = serde_json::json!({"prefetch": [{
            "where": {"and": [
                {"href_matches": "/*"},
                {"not": {"href_matches": "/*.xml"}},
                {"not": {"href_matches": "/search/*"}},
                {"not": {"href_matches": "/hant/search/*"}},
            ]},
            "eagerness": "moderate",
        }]});
        assert_eq!(rules, expect);
    }
}

/// A site of one article that has all that a feed can tell.
fn told(config: &str) -> Bench {
    let mut bench = hourly(0, config);
    let text = "---\ntitle: 桥 & <路>\ndate: 2026-11-20\nsource: 海报\nsource_url: https://h.org/1\n\
                authors: [张三]\nsummary: 摘要。\ntags: [航运]\nimage: {src: a.jpg, alt: 图}\n---\n\
                见[乙](b.md#x)、[节](#jie)。\n\n![图](a.jpg)\n\n<a href=\"/x/?a=1&amp;b=2\">原文</a> ]]> &\n\n## 节 {#jie}\n";
    bench.source.put("content/a/a.md", text);
    let other = "---\ntitle: 乙\ndate: 2026-11-19\n---\n## x\n";
    bench.source.put("content/a/b.md", other);
    bench.source.put("content/a/a.jpg", "jpg");
    bench
}

fn feed(bench: &Bench, path: &str) -> feed_rs::model::Feed {
    feed_rs::parser::parse(file(bench, path).as_bytes()).unwrap_or_else(|e| panic!("{path}: {e}"))
}

#[test]
fn feeds_hold_whole_articles() {
    let bench = told("feeds: {websub: https://hub.example.org/}\n");
    assert_eq!(bench.build().tally.errors, 0);
    let body = "<p>见<a href=\"https://e.org/a/b/#x\">乙</a>、<a href=\"https://e.org/a/a/#jie\">节</a>。</p>\n\
                <p><img src=\"https://e.org/a/a.jpg\" alt=\"图\" /></p>\n\
                <p><a href=\"https://e.org/x/?a=1&amp;b=2\">原文</a> ]]&gt; &amp;</p>\n<h2 id=\"jie\">节</h2>";
    for path in [
        "feed.xml",
        "atom.xml",
        "feed.json",
        "a/feed.xml",
        "a/atom.xml",
        "a/feed.json",
    ] {
        let feed = feed(&bench, path);
        let entry = &feed.entries[0];
        let content = entry
            .content
            .as_ref()
            .and_then(|content| content.body.as_deref());
        assert_eq!(content, Some(body), "{path}");
        assert_eq!(
            entry.title.as_ref().map(|t| t.content.as_str()),
            Some("桥 & <路>"),
            "{path}"
        );
        let summary = entry.summary.as_ref().map(|text| text.content.as_str());
        assert_eq!(summary, Some("摘要。"), "{path}");
        assert!(format!("{:?}", entry.authors).contains("张三"), "{path}");
    }
    for path in [
        "tags/航运/feed.xml",
        "sources/海报/atom.xml",
        "tags/航运/feed.json",
    ] {
        assert!(!file(&bench, path).contains("原文"), "{path}");
    }
    let rss = file(&bench, "feed.xml");
    for part in [
        "<atom:link href=\"https://hub.example.org/\" rel=\"hub\"/>",
        "<source url=\"https://h.org/1\">海报</source>",
        "<media:content url=\"https://e.org/a/a.jpg\" medium=\"image\" type=\"image/jpeg\">",
    ] {
        assert!(rss.contains(part), "{rss}");
    }
    let atom = file(&bench, "atom.xml");
    for part in [
        "<link rel=\"hub\" href=\"https://hub.example.org/\"/>",
        "<link rel=\"via\" href=\"https://h.org/1\" title=\"海报\"/>",
        "<link rel=\"enclosure\" href=\"https://e.org/a/a.jpg\" type=\"image/jpeg\"/>",
    ] {
        assert!(atom.contains(part), "{atom}");
    }
    let json: serde_json::Value = serde_json::from_str(&file(&bench, "feed.json")).expect("JSON");
    assert_eq!(json["hubs"][0]["url"], "https://hub.example.org/");
    assert_eq!(json["items"][0]["external_url"], "https://h.org/1");
}

#[test]
fn feeds_hold_summaries_where_the_site_says_so() {
    let mut bench = told("feeds: {content: summary}\n");
    bench.build();
    for path in ["feed.xml", "atom.xml", "feed.json"] {
        assert!(!file(&bench, path).contains("原文"), "{path}");
        assert_eq!(feed(&bench, path).entries.len(), 2, "{path}");
    }
    // What they don't hold doesn't change them.
    let text = "---\ntitle: 乙\ndate: 2026-11-19\n---\n## x\n\n新的。\n";
    bench.source.put("content/a/b.md", text);
    let changed = bench.build().ledger.changed;
    assert!(
        changed.iter().all(|url| !url.contains("feed")),
        "{changed:?}"
    );
}

#[test]
fn an_edit_of_a_body_reaches_the_feeds_that_hold_it() {
    let mut bench = told("editions: [zh-Hans, zh-Hant]\n");
    bench.build();
    let text = "---\ntitle: 乙\ndate: 2026-11-19\n---\n## x\n\n新的货轮。\n";
    bench.source.put("content/a/b.md", text);
    bench.build();
    assert!(file(&bench, "feed.xml").contains("新的货轮。"));
    let hant = file(&bench, "hant/a/feed.json");
    assert!(
        hant.contains("新的貨輪。") && hant.contains("https://e.org/hant/a/b/#x"),
        "{hant}"
    );
}

#[test]
fn articles_stand_there_as_markdown_where_the_site_wants_it() {
    let mut bench = told("editions: [zh-Hans, zh-Hant]\nllms: true\n");
    assert_eq!(bench.build().tally.errors, 0);
    let twin = file(&bench, "a/a/index.md");
    for part in [
        "# 桥 & <路>\n",
        "- 来源: 海报\n- 原文链接: <https://h.org/1>\n- 作者: 张三\n- 网页: <https://e.org/a/a/>\n",
        "\n> 摘要。\n",
        "见[乙](https://e.org/a/b/#x)、[节](https://e.org/a/a/#jie)。",
        "![图](https://e.org/a/a.jpg)",
    ] {
        assert!(twin.contains(part), "no {part} in {twin}");
    }
    let link = "<link rel=\"alternate\" type=\"text/markdown\" href=\"/a/a/index.md\">";
    for page in ["a/a/index.html", "hant/a/a/index.html"] {
        assert!(file(&bench, page).contains(link), "{page}");
    }
    assert!(!bench.sink.files().contains_key("hant/a/a/index.md"));
    let llms = file(&bench, "llms.txt");
    assert!(llms.starts_with("# 报\n"), "{llms}");
    assert!(
        llms.contains("- [桥 & <路>](https://e.org/a/a/index.md): 摘要。\n"),
        "{llms}"
    );
    assert!(file(&bench, "hant/llms.txt").contains("(https://e.org/hant/a/)"));
    // What is edited changes its own, and that alone.
    let other = "---\ntitle: 乙\ndate: 2026-11-19\n---\n## x\n\n新的。\n";
    bench.source.put("content/a/b.md", other);
    let changed = bench.build().ledger.changed;
    let twins: Vec<&String> = changed.iter().filter(|url| url.ends_with(".md")).collect();
    assert_eq!(twins, ["/a/b/index.md"]);
    assert!(file(&bench, "a/b/index.md").ends_with("新的。\n"));
    bench.source.remove("content/a/b.md");
    bench.build();
    assert!(!bench.sink.files().contains_key("a/b/index.md"));
    let without = told("");
    without.build();
    assert!(!without.sink.files().contains_key("a/a/index.md"));
    let llms = file(&without, "llms.txt");
    assert!(
        llms.contains("- [桥 & <路>](https://e.org/a/a/): 摘要。\n"),
        "{llms}"
    );
}

#[test]
fn browsers_find_the_manifest_and_the_search() {
    let mut bench = hourly(
        1,
        "editions: [zh-Hans, zh-Hant]\nbase_url: https://e.org/x\n",
    );
    bench.source.put(
        "masthead.yaml",
        "title: 海港\nbase_url: https://e.org/x\neditions: [zh-Hans, zh-Hant]\n",
    );
    for name in [
        "icon-192.png",
        "icon-maskable-512.png",
        "icon-large.png",
        "ads.txt",
    ] {
        bench.source.put(format!("static/{name}"), name);
    }
    bench.build();
    let manifest = |path: &str| -> serde_json::Value {
        serde_json::from_str(&file(&bench, path)).expect("JSON")
    };
    let first = manifest("manifest.webmanifest");
    assert_eq!(first["start_url"], "/x/");
    assert_eq!(
        manifest("hant/manifest.webmanifest")["start_url"],
        "/x/hant/"
    );
    let icons = first["icons"].as_array().expect("icons");
    let told = |icon: &serde_json::Value| {
        let text = |key: &str| icon[key].as_str().unwrap_or_default().to_string();
        [text("src"), text("sizes"), text("purpose")]
    };
    let icons: Vec<[String; 3]> = icons.iter().map(told).collect();
    let expect = [
        ["/x/favicon.svg", "any", "any"],
        ["/x/icon-192.png", "192x192", "any"],
        ["/x/icon-maskable-512.png", "512x512", "maskable"],
    ];
    assert_eq!(icons, expect, "{first}");
    let page = file(&bench, "hant/index.html");
    assert!(page.contains("<link rel=\"manifest\" href=\"/x/hant/manifest.webmanifest\">"));
    assert!(page.contains("href=\"/x/hant/opensearch.xml\">"));
    let search = file(&bench, "hant/opensearch.xml");
    assert!(
        search.contains("template=\"https://e.org/x/hant/search/?q={searchTerms}\""),
        "{search}"
    );
    assert_eq!(file(&bench, "ads.txt"), "ads.txt");
    let without = hourly(1, "search: false\n");
    without.build();
    assert!(!without.sink.files().contains_key("opensearch.xml"));
    assert!(!file(&without, "index.html").contains("opensearch"));
}

#[test]
fn the_demo_portal_has_no_dead_link() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Path::new(env!("CARGO_TARGET_TMPDIR")).join("demo");
    let done = Command::new(env!("CARGO_BIN_EXE_masthead"))
        .args([
            "build",
            "--strict",
            "--as-of",
            "2026-11-24T08:00:00+08:00",
            "--root",
        ])
        .arg(root)
        .arg("--output")
        .arg(&output)
        .output()
        .expect("masthead runs");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let address = "https://harbour.example.org";
    assert_eq!(
        links::dead_links(&output, "", address),
        Vec::<String>::new()
    );
    assert!(links::pages(&output).len() > 200);
}

/// A portal of every theme's part: people and sources, blocks, flashes, securities, a market.
fn omitting(omit: &[&str], more: &str) -> Bench {
    let mut bench = Bench::default();
    bench.options.now = moment("2027-01-01T00:00:00+08:00");
    let config = format!(
        "title: 报\nbase_url: https://e.org\nhosting: netlify\nllms: true\nomit: [{}]\n{more}\
         channels:\n  - {{id: caijing, template: market}}\n  - {{id: keji, template: wire}}\n\
         blocks:\n  - {{source: 晨星社}}\n  - {{source: 晨星社, title: 通讯社}}\n  - {{channel: keji}}\n",
        omit.join(", ")
    );
    bench.source.put("masthead.yaml", config);
    let spec = Spec {
        articles: 150,
        characters: 200,
        ..Spec::default()
    };
    for n in 0..spec.articles {
        let (path, text) = corpus::article(&spec, n);
        bench.source.put(path, text);
    }
    for n in 0..2 {
        let flash =
            format!("---\nkind: flash\ndate: 2026-12-3{n} 08:00\nsource: 晨星社\n---\n快讯。\n");
        bench.source.put(format!("content/keji/f{n}.md"), flash);
    }
    bench
}

#[test]
fn what_a_portal_does_without_is_linked_from_nowhere() {
    let folders = ["archive", "people", "sources"];
    let each: [&[&str]; 5] = [
        &["days"],
        &["archive"],
        &["people"],
        &["sources"],
        &["archive", "days", "people", "sources"],
    ];
    for (number, omit) in each.into_iter().enumerate() {
        let more = match number % 2 {
            0 => "editions: [zh-Hans, zh-Hant]\n",
            _ => "",
        };
        let bench = omitting(omit, more);
        let outcome = bench.build();
        assert_eq!(
            outcome.tally.errors, 0,
            "{omit:?}: {:?}",
            outcome.diagnostics
        );
        let name = format!("omit-{number}");
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        if dir.exists() {
            fs::remove_dir_all(&dir).expect("an old output");
        }
        for (path, bytes) in bench.sink.files().iter() {
            let file = dir.join(path);
            fs::create_dir_all(file.parent().expect("a folder")).expect("a folder");
            fs::write(file, bytes).expect("a file");
            let text = String::from_utf8_lossy(bytes);
            assert!(!text.contains("href=\"\""), "{omit:?}: {path}");
            for folder in folders {
                let inside = path.starts_with(&format!("{folder}/"));
                let named = path != ".masthead-paths" && text.contains(&format!("/{folder}/"));
                let omitted = omit.contains(&folder);
                assert!(!omitted || !inside && !named, "{omit:?}: {path}");
            }
        }
        let dead = links::dead_links(&dir, "/", "https://e.org");
        assert_eq!(dead, Vec::<String>::new(), "{omit:?}");
        for folder in folders {
            let is_there = dir.join(folder).join("index.html").is_file();
            assert_eq!(is_there, !omit.contains(&folder), "{omit:?}: {folder}");
        }
    }
}

#[test]
fn a_month_without_days_leads_to_all_its_articles() {
    let articles = 100;
    let linked = |config: &str| {
        let bench = hourly(articles, config);
        bench.build();
        let month = file(&bench, "archive/2026/11/index.html");
        let links = |n: &u32| month.contains(&format!("/{n}/\""));
        assert_eq!(
            month.contains("/archive/2026/11/2"),
            bench
                .sink
                .files()
                .contains_key("archive/2026/11/24/index.html")
        );
        (0..articles).filter(links).count()
    };
    // The newest day has nine, the four before it ten of 24 each, and the last one the rest.
    assert!(linked("") < 60, "days have pages of their own");
    assert_eq!(linked("omit: [days]\n"), articles as usize);
}

/// A feed as a reader's program reads it: every entry has an id, a title, a link and a date.
fn check_entries(text: &str, path: &Path) {
    let at = path.display();
    let feed =
        feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{at}: {error}"));
    assert!(feed.title.is_some() && !feed.links.is_empty(), "{at}");
    assert!(
        (1..=20).contains(&feed.entries.len()),
        "{at}: {} entries",
        feed.entries.len()
    );
    for entry in feed.entries {
        assert!(
            entry.id.starts_with("https://e.org/news/"),
            "{at}: {}",
            entry.id
        );
        assert!(
            entry.title.is_some_and(|title| !title.content.is_empty()),
            "{at}: {}",
            entry.id
        );
        assert!(entry.published.is_some(), "{at}: {} without date", entry.id);
        assert_eq!(
            entry.links.first().map(|link| link.href.as_str()),
            Some(entry.id.as_str())
        );
    }
}

fn xml_files(folder: &Path) -> Vec<std::path::PathBuf> {
    let mut all = links::files(folder);
    all.retain(|path| path.extension().is_some_and(|ending| ending == "xml"));
    all
}

fn child<'a>(node: &Node<'a, '_>, name: &str) -> Option<&'a str> {
    node.children()
        .find(|child| child.has_tag_name(name))?
        .text()
}

/// RSS 2.0 as its specification and its readers want it.
fn check_feed(document: &Document, path: &Path) {
    let at = path.display();
    let root = document.root_element();
    assert_eq!(
        (root.tag_name().name(), root.attribute("version")),
        ("rss", Some("2.0")),
        "{at}"
    );
    let channel = root
        .first_element_child()
        .unwrap_or_else(|| panic!("{at}: no channel"));
    for name in ["title", "link", "description"] {
        assert!(child(&channel, name).is_some(), "{at}: no {name}");
    }
    let own = channel
        .children()
        .find(|node| node.has_tag_name(("http://www.w3.org/2005/Atom", "link")))
        .unwrap_or_else(|| panic!("{at}: no atom:link"));
    assert_eq!(own.attribute("rel"), Some("self"), "{at}");
    let items: Vec<Node> = channel
        .children()
        .filter(|node| node.has_tag_name("item"))
        .collect();
    assert!(
        (1..=20).contains(&items.len()),
        "{at}: {} items",
        items.len()
    );
    let mut last = i64::MAX;
    for item in items {
        let link = child(&item, "link").unwrap_or_else(|| panic!("{at}: an item without link"));
        assert!(
            link.starts_with("https://e.org/news/") && link.is_ascii(),
            "{at}: {link}"
        );
        assert_eq!(child(&item, "guid"), Some(link), "{at}");
        assert!(
            child(&item, "title").is_some(),
            "{at}: an item without title"
        );
        let date = child(&item, "pubDate").unwrap_or_else(|| panic!("{at}: an item without date"));
        let moment = rfc822(date).unwrap_or_else(|| panic!("{at}: `{date}` is no RFC 822 date"));
        assert!(moment <= last, "{at}: not newest first");
        last = moment;
    }
}

/// `Tue, 24 Nov 2026 08:00:00 +0800`, and nothing looser.
fn rfc822(text: &str) -> Option<i64> {
    const MONTHS: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let (weekday, rest) = text.split_once(", ")?;
    let parts: Vec<&str> = rest.split(' ').collect();
    let [day, month, year, time, zone] = parts[..] else {
        return None;
    };
    let month = MONTHS.iter().position(|name| *name == month)? + 1;
    let zone = format!("{}:{}", zone.get(..3)?, zone.get(3..5)?);
    let stamp = date::parse(&format!("{year}-{month:02}-{day}T{time}{zone}"))?;
    let moment = stamp.moment(&date::zone("Z")?)?;
    (date::rfc822(moment, &date::zone(&zone)?)
        .split_once(", ")?
        .0
        == weekday)
        .then_some(moment)
}

/// The news sitemap as its protocol wants it.
fn check_news(document: &Document, path: &Path, language: &str) {
    const NEWS: &str = "http://www.google.com/schemas/sitemap-news/0.9";
    let at = path.display();
    let root = document.root_element();
    assert!(root.has_tag_name((SITEMAPS, "urlset")), "{at}");
    for url in root.children().filter(Node::is_element) {
        let all: Vec<Node> = url.descendants().collect();
        let text = |space: &str, name: &str| {
            let found = all.iter().find(|node| node.has_tag_name((space, name)));
            let text = found.and_then(|node| node.text()).unwrap_or_default();
            assert!(!text.is_empty(), "{at}: no {name}");
            text.to_string()
        };
        assert!(text(SITEMAPS, "loc").starts_with("https://e.org/"), "{at}");
        assert_eq!(text(NEWS, "language"), language, "{at}");
        for name in ["name", "title"] {
            text(NEWS, name);
        }
        let date = text(NEWS, "publication_date");
        let dated = date::parse(&date).is_some_and(|stamp| stamp.offset.is_some());
        assert!(dated, "{at}: `{date}` is no W3C date");
    }
}

const SITEMAPS: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

fn check_sitemap(document: &Document, path: &Path) {
    let at = path.display();
    let root = document.root_element();
    let entry = match root.tag_name().name() {
        "urlset" => "url",
        "sitemapindex" => "sitemap",
        other => panic!("{at}: <{other}>"),
    };
    assert_eq!(root.tag_name().namespace(), Some(SITEMAPS), "{at}");
    let entries: Vec<Node> = root.children().filter(Node::is_element).collect();
    assert!(
        (1..=50_000).contains(&entries.len()),
        "{at}: {} entries",
        entries.len()
    );
    for node in entries {
        assert!(node.has_tag_name((SITEMAPS, entry)), "{at}");
        let text = |name| {
            let found = node
                .children()
                .find(|child| child.has_tag_name((SITEMAPS, name)))?;
            found.text()
        };
        let address = text("loc").unwrap_or_else(|| panic!("{at}: an entry without loc"));
        assert!(
            address.starts_with("https://e.org/news/") && address.is_ascii(),
            "{at}: {address}"
        );
        if let Some(date) = text("lastmod") {
            let dated = date::parse(date).is_some_and(|stamp| stamp.offset.is_some());
            assert!(dated, "{at}: `{date}` is no W3C date");
        }
    }
}

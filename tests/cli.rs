//! The command, run as people run it.

use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const NOW: &str = "2026-11-24T12:00:00+08:00";

fn masthead(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_masthead"))
        .args(arguments)
        .output()
        .expect("masthead runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A site in a folder of its own.
struct Site(tempfile::TempDir);

impl Site {
    fn new(files: &[(&str, &str)]) -> Site {
        let site = Site(tempfile::tempdir().expect("a folder"));
        files.iter().for_each(|(path, text)| site.write(path, text));
        site
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn read(&self, path: &str) -> String {
        let path = self.root().join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    fn run(&self, command: &str, more: &[&str]) -> (i32, String, String) {
        let root = self.root().to_string_lossy().into_owned();
        let mut arguments = vec![command, "--root", &root, "--as-of", NOW];
        arguments.extend(more);
        let output = masthead(&arguments);
        (
            output.status.code().unwrap_or(-1),
            text(&output.stdout),
            text(&output.stderr),
        )
    }

    fn json(&self, command: &str, more: &[&str]) -> Value {
        let (_, out, err) = self.run(command, &[&["--json"], more].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}\n{out}\n{err}"))
    }
}

const DUMP: &str = "北岸观察 11月18日 07:12
港務局:潮汐電站併網後,夜間用電不再靠柴油
index_tide2.html
../../../tide_core/tpl_static/wap/tpl_keji1.html

\u{a0}

东礁潮汐电站已经并网发电。文章介绍了电站的建设经过,说明夜间用电不再依靠柴油机组,并谈到今后三年的扩建计划。

🌊 东礁潮汐电站并网,每天发电十二小时。

🔋 储能舱让夜间用电不再依靠柴油机组。

📈 今后三年还要建四座同样的电站。

港務局局長週二在東礁宣佈,潮汐電站已經併入全市電網。他說,儲能艙讓夜間用電不再依靠柴油機組。今後三年還要再建四座同樣的電站。

港務局局長週二在東礁宣佈,潮汐電站經過半年試運行,已經併入全市電網。

他說,儲能艙充滿之後,可以讓夜間用電不再依靠柴油機組,漁港的冷庫也能整夜供電。

按照計劃,今後三年還要再建四座同樣的電站,總投資為十二億元。

編輯/何硯

潮汐閱讀

潮汐閱讀

写作助手,多种模板,让创作更轻松。

联系邮箱 news@harbour.example

相关标签

潮汐电站 AI 能源模型 开源
相关文章";

#[test]
fn a_raw_dump_becomes_a_page() {
    let site = Site::new(&[("content/keji/tide.txt", DUMP)]);
    let (status, _, err) = site.run("build", &[]);
    assert_eq!(status, 0, "{err}");
    let page = site.read("public/keji/tide/index.html");
    let once = |what: &str| assert_eq!(page.matches(what).count(), 1, "{what}\n{page}");
    let has = |what: &str| assert!(page.contains(what), "{what}\n{page}");
    let lacks = |what: &str| assert!(!page.contains(what), "{what}\n{page}");
    has("<h1");
    has("潮汐電站併網後");
    has("datetime=\"2026-11-18T07:12:00+08:00\"");
    has("data-inferred=\"year\"");
    has("href=\"/sources/%E5%8C%97%E5%B2%B8%E8%A7%82%E5%AF%9F/\"");
    has("东礁潮汐电站已经并网发电。");
    [
        "每天发电十二小时。",
        "储能舱让夜间用电",
        "今后三年还要建四座",
    ]
    .into_iter()
    .for_each(has);
    ["經過半年試運行", "儲能艙充滿之後", "總投資為十二億元"]
        .into_iter()
        .for_each(once);
    has("href=\"/people/%E4%BD%95%E7%A1%AF/\"");
    has("href=\"/tags/%E6%BD%AE%E6%B1%90%E7%94%B5%E7%AB%99/\"");
    has("href=\"/tags/ai/\"");
    [
        "潮汐閱讀",
        "写作助手",
        "index_tide2",
        "tpl_keji1",
        "news@harbour",
        "相关文章",
    ]
    .into_iter()
    .for_each(lacks);
    has("lang=\"zh-Hans\"");
    has("<html lang=\"zh-Hant\">");
    for list in [
        "tags/潮汐电站/index.html",
        "tags/潮汐电站/feed.xml",
        "sources/北岸观察/index.html",
    ] {
        assert!(
            site.read(&format!("public/{list}")).contains("/keji/tide/"),
            "{list}"
        );
    }
    assert!(
        err.contains("warning[year-guess]: the date has no year; 2026 is taken"),
        "{err}"
    );
    assert!(err.contains("content/keji/2026/tide.txt"), "{err}");
}

#[test]
fn a_folder_named_by_the_year_settles_the_year() {
    let site = Site::new(&[("content/keji/2025/tide.txt", DUMP)]);
    let (status, _, err) = site.run("build", &["--strict"]);
    assert_eq!(status, 0, "{err}");
    let page = site.read("public/keji/tide/index.html");
    assert!(page.contains("datetime=\"2025-11-18T07:12:00+08:00\""));
}

#[test]
fn json_says_what_the_last_line_says() {
    let site = Site::new(&[(
        "content/a/x.md",
        "---\ntitle: X\ndate: 2026-01-01\ntgas: [x]\n---\n",
    )]);
    let first = site.json("build", &[]);
    assert_eq!(
        (&first["articles"], &first["parsed"], &first["warnings"]),
        (&1.into(), &1.into(), &1.into())
    );
    assert_eq!(first["rendered"], first["routes"]);
    assert_eq!(first["diagnostics"][0]["code"], "unknown-key");
    assert_eq!(first["diagnostics"][0]["place"]["line"], 4);
    let second = site.json("build", &[]);
    for key in ["parsed", "rendered", "written", "removed"] {
        assert_eq!(second[key], 0, "{key}");
    }
    assert_eq!(second["unchanged"], second["routes"]);
    let keys = [
        "articles",
        "routes",
        "parsed",
        "rendered",
        "written",
        "removed",
        "unchanged",
        "warnings",
        "errors",
        "seconds",
        "next_event",
    ];
    assert!(keys.iter().all(|key| first.get(key).is_some()), "{first}");
}

#[test]
fn status_is_zero_one_or_two() {
    let site = Site::new(&[(
        "content/a/x.md",
        "---\ntitle: X\ndate: 2026-01-01\ntgas: [x]\n---\n",
    )]);
    assert_eq!(site.run("build", &[]).0, 0);
    assert_eq!(site.run("build", &["--strict"]).0, 1);
    site.write("content/a/y.md", "---\ntitle: Y\ndate: soon\n---\n");
    assert_eq!(site.run("build", &[]).0, 1);
    assert!(
        site.root().join("public/a/x/index.html").exists(),
        "the rest is built"
    );
    assert_eq!(site.run("build", &["--as-of", "soon"]).0, 2);
    assert_eq!(site.run("build", &["--base-url", "here"]).0, 2);
    assert_eq!(site.run("bild", &[]).0, 2);
    assert_eq!(
        site.run(
            "build",
            &["--output", &site.root().join("content").to_string_lossy()]
        )
        .0,
        2
    );
    let nowhere = Site::new(&[]);
    let (status, _, err) = nowhere.run("build", &[]);
    assert_eq!(status, 2);
    assert!(
        err.contains("it has no content/; `masthead new DIR` makes one"),
        "{err}"
    );
}

#[test]
fn a_site_that_cannot_be_locked_is_not_built() {
    let site = Site::new(&[("content/a/x.md", ARTICLE), (".masthead", "a file")]);
    let (status, _, err) = site.run("build", &[]);
    assert_eq!(status, 2);
    assert!(err.contains("error: the site can't be locked: `"), "{err}");
    assert!(err.contains("/.masthead/lock` can't be written: "), "{err}");
    assert!(err.contains("move it away and build again"), "{err}");
    assert!(!site.root().join("public").exists());
    assert_eq!(site.run("check", &[]).0, 0);
}

#[test]
fn check_writes_nothing() {
    let site = Site::new(&[(
        "content/a/x.md",
        "---\ntitle: X\ndate: 2026-01-01\n---\n[y](y.md)\n",
    )]);
    let (status, _, err) = site.run("check", &[]);
    assert_eq!(status, 0, "{err}");
    assert!(
        err.contains("warning[dead-link]: there is no `y.md`"),
        "{err}"
    );
    let left: Vec<_> = fs::read_dir(site.root()).expect("a folder").collect();
    assert_eq!(left.len(), 1, "only content/ is there");
}

#[test]
fn characters_of_several_forms_are_listed() {
    let site = Site::new(&[(
        "content/a/x.md",
        "---\ntitle: 港口的发展\ndate: 2026-01-01\n---\n皇后在收市后公布。\n",
    )]);
    let (status, out, err) = site.run("check", &["--scripts"]);
    assert_eq!(status, 0, "{err}");
    let expect = "content/a/x.md:5:6: 后 may be 後 后: 皇后在收市[后]公布。\n";
    assert_eq!(out, expect);
    assert_eq!(site.json("check", &["--scripts"])["scripts"][0]["line"], 5);
    assert_eq!(site.run("check", &[]).1, "");
}

#[test]
fn a_new_site_builds_without_a_word() {
    let dir = tempfile::tempdir().expect("a folder");
    let root = dir.path().join("我的 站");
    let root = root.to_string_lossy();
    assert_eq!(masthead(&["new", &root]).status.code(), Some(0));
    let built = masthead(&["build", "--strict", "--root", &root]);
    let err = text(&built.stderr);
    assert_eq!(built.status.code(), Some(0), "{err}");
    assert_eq!(err.lines().count(), 1, "{err}");
    assert!(
        Path::new(&*root)
            .join("public/tags/公告/index.html")
            .exists()
    );
    let again = masthead(&["new", &root]);
    assert_eq!(again.status.code(), Some(2));
    assert!(text(&again.stderr).contains("it is not empty"));
}

#[test]
fn the_ledger_says_what_changed_and_what_moved() {
    let article = |title: &str| format!("---\ntitle: {title}\ndate: 2026-01-01\n---\n");
    let site = Site::new(&[
        ("content/a/x.md", &article("X")),
        ("content/a/y.md", &article("Y")),
    ]);
    site.run("build", &[]);
    site.write(
        "content/a/x.md",
        &article("X").replace("date", "slug: z\ndate"),
    );
    fs::remove_file(site.root().join("content/a/y.md")).expect("removed");
    let (_, _, err) = site.run("build", &[]);
    assert!(err.contains("moved: /a/x/ is now /a/z/; to redirect readers, add `aliases: [/a/x/]` to content/a/x.md"), "{err}");
    let ledger: Value =
        serde_json::from_str(&site.read(".masthead/ledger.json")).expect("a ledger");
    // What the search knows has files of its own.
    let pages = |what: &str| -> Vec<&str> {
        let urls = ledger[what].as_array().expect("a list").iter();
        let urls = urls.filter_map(Value::as_str);
        urls.filter(|url| !url.starts_with("/search/index/"))
            .collect()
    };
    assert_eq!(pages("added"), ["/a/z/"]);
    assert_eq!(pages("removed"), ["/a/x/", "/a/y/"]);
    assert!(!site.root().join("public/a/y").exists());
}

#[test]
fn a_file_of_others_stays_where_the_store_is_lost() {
    let article = "---\ntitle: X\ndate: 2026-01-01\n---\n";
    let site = Site::new(&[("content/a/x.md", article)]);
    site.run("build", &[]);
    site.write("public/a/y/index.html", "theirs");
    site.write("content/a/y.md", article);
    let (code, _, err) = site.run("build", &[]);
    assert_eq!(code, 1, "{err}");
    fs::remove_dir_all(site.root().join(".masthead")).expect("removed");
    let (code, _, err) = site.run("build", &[]);
    assert_eq!(code, 1, "{err}");
    assert!(err.contains("was not written by masthead"), "{err}");
    assert_eq!(site.read("public/a/y/index.html"), "theirs");
    // What is masthead's is known again.
    assert!(site.read("public/a/x/index.html").contains("X"));
    fs::remove_file(site.root().join("public/a/y/index.html")).expect("removed");
    let (code, _, err) = site.run("build", &[]);
    assert_eq!(code, 0, "{err}");
}

#[test]
fn an_article_in_editions_moves_once() {
    let article = "---\ntitle: X\ndate: 2026-01-01\n---\n";
    let site = Site::new(&[
        (
            "masthead.yaml",
            "editions: [zh-Hans, zh-Hant]\nllms: true\n",
        ),
        ("content/a/x.md", article),
    ]);
    site.run("build", &[]);
    site.write("content/a/x.md", &article.replace("date", "slug: z\ndate"));
    let (_, _, err) = site.run("build", &[]);
    let moved: Vec<&str> = err
        .lines()
        .filter(|line| line.starts_with("moved: "))
        .collect();
    assert_eq!(moved.len(), 1, "{err}");
    assert!(moved[0].starts_with("moved: /a/x/ is now /a/z/;"), "{err}");
}

#[test]
fn verbose_shows_all_that_is_wrong() {
    let body: String = (0..30).map(|n| format!("[x](/no-{n}/)\n\n")).collect();
    let article = format!("---\ntitle: X\ndate: 2026-01-01\n---\n{body}");
    let site = Site::new(&[("content/a/x.md", &article)]);
    let (_, _, err) = site.run("build", &[]);
    assert_eq!(err.matches("warning[dead-link]").count(), 20, "{err}");
    assert!(err.contains("and 10 more: 10 dead-link"), "{err}");
    assert!(err.contains("`-v` shows all of them"), "{err}");
    let (_, _, err) = site.run("build", &["-v"]);
    assert_eq!(err.matches("warning[dead-link]").count(), 30, "{err}");
    assert!(!err.contains("`-v` shows all of them"), "{err}");
}

#[test]
fn unchanged_files_are_not_touched() {
    let site = Site::new(&[
        (
            "content/a/x.md",
            "---\ntitle: X\ndate: 2026-01-01\n---\n字\n",
        ),
        (
            "content/b/y.md",
            "---\ntitle: Y\ndate: 2026-01-02\n---\n字\n",
        ),
    ]);
    site.run("build", &[]);
    let stamp = |path: &str| {
        fs::metadata(site.root().join(path))
            .and_then(|m| m.modified())
            .expect("a file")
    };
    let before = (stamp("public/a/x/index.html"), stamp("public/site.css"));
    // A template that comes to the same bytes is rendered, and nothing is written.
    let built_in = include_str!("../templates/article.html");
    site.write("templates/article.html", built_in);
    let again = site.json("build", &[]);
    assert_eq!(again["rendered"], 2, "the pages of that template: {again}");
    assert_eq!(
        (&again["written"], &again["warnings"]),
        (&0.into(), &0.into())
    );
    assert_eq!(
        before,
        (stamp("public/a/x/index.html"), stamp("public/site.css"))
    );
}

#[cfg(unix)]
#[test]
fn other_bytes_of_the_same_size_and_time_are_noticed() {
    let site = Site::new(&[("content/a/x.md", ARTICLE)]);
    let path = site.root().join("content/a/x.md");
    let age = || {
        let file = fs::File::options().write(true).open(&path);
        let aged = file.and_then(|file| file.set_modified(std::time::SystemTime::UNIX_EPOCH));
        aged.expect("an old file");
    };
    age();
    site.run("build", &[]);
    // As an archive does that knows but one time, of which another version is unpacked.
    site.write("content/a/x.md", &ARTICLE.replace('甲', "乙"));
    age();
    assert_eq!(site.json("build", &[])["parsed"], 1);
    assert!(site.read("public/a/x/index.html").contains('乙'));
}

#[test]
fn a_killed_build_is_mended_by_the_next() {
    let site = Site::new(&[(
        "content/a/x.md",
        "---\ntitle: X\ndate: 2026-01-01\n---\n字\n",
    )]);
    site.run("build", &[]);
    let whole = site.read("public/a/x/index.html");
    // What a killed run leaves: its journal, torn bytes, a page that was never meant to stay.
    let journal = |site: &Site| {
        let folder = fs::read_dir(site.root().join(".masthead")).expect("the store");
        let names = folder
            .flatten()
            .map(|entry| entry.file_name().to_string_lossy().into_owned());
        names
            .into_iter()
            .find(|name| name.starts_with("manifest-"))
            .expect("a manifest")
    };
    let name = journal(&site).replace("manifest-", "unfinished-");
    fs::write(site.root().join(".masthead").join(name), b"torn").expect("a journal");
    site.write("public/a/x/index.html", "<html>to");
    let again = site.json("build", &[]);
    assert_eq!(again["written"], 1, "{again}");
    assert_eq!(site.read("public/a/x/index.html"), whole);
    assert_eq!(site.json("build", &[])["rendered"], 0);
}

#[test]
fn a_large_change_is_staged_and_leaves_what_is_not_ours() {
    let site = Site::new(&[]);
    for n in 0..150 {
        let text = format!("---\ntitle: 第{n}篇\ndate: 2026-01-01\ntags: [t{n}]\n---\n字\n");
        site.write(&format!("content/a/x{n}.md"), &text);
    }
    site.run("build", &[]);
    site.write("public/CNAME", "news.example");
    site.write(
        "templates/base.html",
        "{% block main %}{% endblock %}{% block title %}{% endblock %}",
    );
    let base = include_str!("../templates/base.html").replace("</body>", "<!-- new --></body>");
    site.write("templates/base.html", &base);
    let built = site.json("build", &[]);
    assert!(built["written"].as_u64() > Some(300), "{built}");
    assert!(site.read("public/a/x1/index.html").contains("<!-- new -->"));
    assert_eq!(site.read("public/CNAME"), "news.example");
    let beside: Vec<String> = fs::read_dir(site.root())
        .expect("the root")
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains("staging"))
        .collect();
    assert!(beside.is_empty(), "{beside:?}");
}

#[test]
fn threads_do_not_change_a_byte() {
    let build = |threads: &str| {
        let site = Site::new(&[("content/keji/tide.txt", DUMP)]);
        assert_eq!(site.run("build", &["--threads", threads]).0, 0);
        site.read("public/.masthead-stamp")
    };
    assert_eq!(build("1"), build("8"));
}

const ARTICLE: &str = "---\ntitle: 甲\ndate: 2026-01-01\n---\n字\n";

#[test]
fn a_mistake_in_the_configuration_writes_nothing() {
    let site = Site::new(&[("content/a/x.md", ARTICLE)]);
    site.write("masthead.yaml", "base_url: https://e.org\n");
    site.run("build", &[]);
    let stamp = site.read("public/.masthead-stamp");
    site.write("masthead.yaml", "base_url: e.org\ntitle: 新\n");
    let (status, _, err) = site.run("build", &[]);
    assert_eq!(status, 1);
    assert!(err.contains("nothing was written"), "{err}");
    assert_eq!(site.read("public/.masthead-stamp"), stamp);
    site.write("masthead.yaml", "base_url: https://e.org\ntitle: 新\n");
    assert_eq!(site.run("build", &[]).0, 0);
    assert!(site.read("public/index.html").contains("新"));
}

#[test]
fn the_store_is_safe_to_delete() {
    let site = Site::new(&[("content/a/x.md", ARTICLE), ("content/a/y.md", ARTICLE)]);
    site.run("build", &[]);
    site.write("public/CNAME", "news.example");
    fs::remove_dir_all(site.root().join(".masthead")).expect("removed");
    fs::remove_file(site.root().join("content/a/y.md")).expect("removed");
    let (status, _, err) = site.run("build", &[]);
    assert_eq!(status, 0, "{err}");
    assert!(
        !site.root().join("public/a/y").exists(),
        "a page that was taken down is gone"
    );
    assert!(site.root().join("public/a/x/index.html").exists());
    assert_eq!(site.read("public/CNAME"), "news.example");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_keeps_its_page() {
    let site = Site::new(&[("content/a/x.md", ARTICLE), ("content/b/y.md", ARTICLE)]);
    site.run("build", &[]);
    let path = site.root().join("content/a/x.md");
    fs::remove_file(&path).expect("removed");
    std::os::unix::fs::symlink("nowhere.md", &path).expect("a link to nothing");
    let (status, _, err) = site.run("build", &[]);
    assert_eq!(status, 1, "{err}");
    assert!(err.contains("error[unreadable]"), "{err}");
    assert!(site.root().join("public/a/x/index.html").exists());
    fs::remove_file(&path).expect("removed");
    site.run("build", &[]);
    assert!(!site.root().join("public/a/x").exists());
}

#[cfg(unix)]
#[test]
fn links_out_of_the_site_are_not_followed() {
    let outside = Site::new(&[("secret/key.txt", "secret"), ("one.md", ARTICLE)]);
    let site = Site::new(&[("content/a/x.md", ARTICLE)]);
    let link = |from: &str, to: &str| {
        let to = outside.root().join(to);
        std::os::unix::fs::symlink(to, site.root().join(from)).expect("a link");
    };
    link("content/a/folder", "secret");
    link("content/a/one.md", "one.md");
    let (status, _, err) = site.run("build", &[]);
    assert_eq!(status, 1);
    assert_eq!(
        err.matches("this link leads out of the site").count(),
        2,
        "{err}"
    );
    assert!(!site.root().join("public/a/folder").exists());
    assert!(!site.root().join("public/a/one").exists());
    assert!(site.root().join("public/a/x/index.html").exists());
    // A link inside the site is as good as the file.
    let inside = site.root().join("content/a/x.md");
    fs::remove_file(site.root().join("content/a/folder")).expect("removed");
    fs::remove_file(site.root().join("content/a/one.md")).expect("removed");
    std::os::unix::fs::symlink(inside, site.root().join("content/a/z.md")).expect("a link");
    assert_eq!(site.run("build", &[]).0, 0);
    assert!(site.root().join("public/a/z/index.html").exists());
}

#[test]
fn a_file_that_becomes_a_folder_is_exchanged() {
    let site = Site::new(&[("content/a/x.md", ARTICLE), ("static/map", "file")]);
    site.run("build", &[]);
    assert_eq!(site.read("public/map"), "file");
    fs::remove_file(site.root().join("static/map")).expect("removed");
    site.write("static/map/index.txt", "folder");
    let (status, _, err) = site.run("build", &[]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(site.read("public/map/index.txt"), "folder");
    site.write(
        "content/a/y.md",
        "---\ntitle: 乙\ndate: 2026-01-01\nslug: feed.xml\n---\n字\n",
    );
    let (status, _, err) = site.run("build", &[]);
    assert_eq!(status, 1);
    assert!(err.contains("error[url-clash]"), "{err}");
}

#[test]
fn many_pictures_of_like_names_are_written_at_once() {
    let site = Site::new(&[("content/a/x.md", ARTICLE)]);
    site.run("build", &[]);
    let long = "a-very-long-name-that-all-of-these-pictures-share-to-the-last-letters";
    for n in 0..200 {
        site.write(&format!("content/a/{long}-{n}.svg"), "<svg/>");
    }
    let (status, _, err) = site.run("build", &[]);
    assert_eq!(status, 0, "{err}");
    let there = fs::read_dir(site.root().join("public/a")).expect("a folder");
    let names = there
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned());
    assert_eq!(names.filter(|name| name.ends_with(".svg")).count(), 200);
}

#[test]
fn two_builds_at_once_take_turns() {
    let site = Site::new(&[]);
    for n in 0..60 {
        site.write(&format!("content/a/x{n}.md"), ARTICLE);
    }
    let results: Vec<(i32, String)> = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..4)
            .map(|_| {
                scope.spawn(|| {
                    let (status, _, err) = site.run("build", &[]);
                    (status, err)
                })
            })
            .collect();
        runs.into_iter()
            .map(|run| run.join().expect("a run"))
            .collect()
    });
    assert!(
        results.iter().all(|(status, _)| *status == 0),
        "{results:?}"
    );
    assert_eq!(site.json("build", &[])["rendered"], 0);
}

#[test]
fn timings_say_where_the_time_went_when_asked() {
    let site = Site::new(&[("content/a/x.md", ARTICLE)]);
    let heads = |err: &str| -> Vec<String> {
        let is_head = |line: &&str| line.contains(", in ms");
        err.lines().filter(is_head).map(str::to_string).collect()
    };
    let (status, _, err) = site.run("build", &["--timings"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(
        heads(&err),
        [
            "stages, in ms",
            "templates, in ms of all threads",
            "slowest pages, in ms"
        ]
    );
    let last = err.lines().last().unwrap_or("");
    assert!(last.starts_with("built 1 article"), "{err}");
    assert!(err.lines().any(|line| line.ends_with("  all")), "{err}");
    let (_, _, err) = site.run("build", &[]);
    assert_eq!(err.lines().count(), 1, "{err}");
    let (_, _, err) = site.run("build", &["--timings"]);
    assert_eq!(heads(&err), ["stages, in ms"], "nothing was made: {err}");
    let (_, _, err) = site.run("build", &["--timings", "--quiet"]);
    assert_eq!(err, "");
}

#[test]
fn json_has_timings_when_asked() {
    let site = Site::new(&[("content/a/x.md", ARTICLE)]);
    let timings = &site.json("build", &["--timings"])["timings"];
    let first = &timings["stages"][0];
    assert_eq!(
        (&first["stage"], &first["files"]),
        (&"listing".into(), &0.into())
    );
    assert!(
        first["wall_ms"].is_f64() && first["cpu_ms"].is_f64(),
        "{first}"
    );
    let templates = timings["templates"].as_array().expect("templates");
    let of_article = |one: &&Value| one["template"] == "article.html";
    let of_article = templates.iter().find(of_article).expect("that of articles");
    assert_eq!(of_article["pages"], 1);
    assert_eq!(of_article["total_ms"], of_article["mean_ms"]);
    let slowest = timings["slowest"].as_array().expect("pages");
    assert_eq!(slowest.len(), 10);
    let order = slowest.iter().map(|page| page["making_ms"].as_f64());
    assert!(order.is_sorted_by(|a, b| a >= b), "{timings}");
    assert!(site.json("build", &[]).get("timings").is_none());
}

#[test]
fn new_words_are_weighed_by_how_few_articles_have_them() {
    // Each article: its topic in three places, and what all of them say as often or more often.
    let article = |topic: &str, other: &str| {
        format!(
            "记者走访{topic}。昨天{topic}有变，记者得知。记者又问：{topic}何时好？\n\n\
             “快了，”管理员表示；专家也表示乐观。居民则表示担心，记者记下。{other}\n"
        )
    };
    let shared = "港务局在场。问港务局，答不知。只有港务局知道。";
    let topics = [
        ("鲸落馆", ""),
        ("盐田路", shared),
        ("缆车站", shared),
        ("灯塔湾", shared),
        ("渔市街", ""),
        ("水族苑", ""),
        ("风电场", ""),
        ("造船坞", ""),
        ("候鸟洲", ""),
        ("石桥镇", ""),
        ("榕树巷", ""),
        ("陶瓷村", ""),
    ];
    let texts: Vec<(String, String)> = (1..)
        .zip(topics)
        .map(|(n, (topic, other))| {
            let front = format!("title: 第{n}篇\ndate: 2026-11-{n:02}\n");
            let tags = if n > 4 { "tags: [城事]\n" } else { "" };
            let text = article(topic, other);
            let path = format!("content/a/{n:02}.md");
            (path, format!("---\n{front}{tags}---\n{text}"))
        })
        .collect();
    let files: Vec<(&str, &str)> = texts
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let json = Site::new(&files).json("check", &["--tags"]);
    let names = |n: usize| -> Vec<&str> {
        let tags = json["suggestions"][n]["tags"].as_array().expect("tags");
        tags.iter().filter_map(|one| one["tag"].as_str()).collect()
    };
    let expect: [&[&str]; 4] = [
        &["鲸落馆"],
        &["盐田路", "港务局"],
        &["缆车站", "港务局"],
        &["灯塔湾", "港务局"],
    ];
    for (n, expect) in expect.iter().enumerate() {
        assert_eq!(names(n), *expect, "{json}");
    }
}

#[test]
fn tags_are_suggested_and_nothing_is_tagged() {
    let words = "蔡崇信谈到航运。随后蔡崇信表示，船期不变。记者问蔡崇信，他没有回答。";
    let site = Site::new(&[
        (
            "content/a/1.md",
            "---\ntitle: 旧闻\ndate: 2026-11-01\ntags: [开源, 航运]\n---\n旧闻。\n",
        ),
        (
            "content/a/2.md",
            &format!("---\ntitle: 開源之路\ndate: 2026-11-02\n---\n{words}\n"),
        ),
        (
            "content/a/3.md",
            "---\ntitle: 夜市\ndate: 2026-11-03\n---\n无事。\n",
        ),
        ("data/tags.yaml", "夜市: {kind: 地点}\n"),
    ]);
    let before = site.read("content/a/2.md");
    let (status, _, said) = site.run("check", &["--tags"]);
    assert_eq!(status, 0, "{said}");
    let expect = "tags for content/a/2.md:\n  开源 (tag, in the title)\n  \
                  蔡崇信 (new word, 3 times in the text, in 1 of 3 articles)\n\
                  tags for content/a/3.md:\n  夜市 (tag, in the title)\n";
    assert!(said.contains(expect), "{said}");
    let json = site.json("check", &["--tags"]);
    assert_eq!(json["suggestions"][0]["tags"][0]["tag"], "开源");
    assert!(site.json("check", &[])["suggestions"].is_null());
    assert_eq!(site.read("content/a/2.md"), before);
    assert!(!site.root().join("public").exists());
}

#[test]
fn built_in_files_are_copied_to_be_changed() {
    let site = Site::new(&[
        (
            "content/guoji/a.md",
            "---\ntitle: 新航线\ndate: 2026-11-20 08:00\n---\n新航线。\n",
        ),
        ("content/about.md", "---\ntitle: 关于我们\n---\n我们。\n"),
    ]);
    let root = site.root().to_string_lossy().into_owned();
    let theme = |arguments: &[&str]| {
        let output = masthead(&[&["theme"], arguments].concat());
        (
            output.status.code(),
            text(&output.stdout),
            text(&output.stderr),
        )
    };
    let all: Vec<String> = theme(&["list", "--root", &root])
        .1
        .lines()
        .map(str::to_string)
        .collect();
    assert!(all.contains(&"templates/article.html".to_string()));
    site.run("build", &["--output", &format!("{root}/built-in")]);

    // All of them, and the portal is the same but for the style sheets and scripts themselves.
    let (status, _, said) = theme(
        &[
            &["eject", "--root", &root][..],
            &all.iter().map(String::as_str).collect::<Vec<_>>(),
        ]
        .concat(),
    );
    assert_eq!(status, Some(0), "{said}");
    let (status, _, said) = site.run(
        "build",
        &["--strict", "--output", &format!("{root}/copied")],
    );
    assert_eq!(status, 0, "{said}");
    let pages = files(&site.root().join("built-in"));
    let copied = files(&site.root().join("copied"));
    assert_eq!(
        pages.keys().collect::<Vec<_>>(),
        copied.keys().collect::<Vec<_>>()
    );
    for (path, bytes) in pages.iter().filter(|(path, _)| !path.contains("masthead")) {
        let mut bare = copied[path].as_slice();
        let first = bare.iter().position(|byte| *byte == b'\n');
        if let Some(end) = first.filter(|end| text(&bare[..*end]).contains("masthead theme: ")) {
            bare = &bare[end + 1..];
        }
        assert!(bare == bytes.as_slice(), "{path}");
    }

    // None is written over, and a copy can be changed.
    let (status, _, said) = theme(&["eject", "404.html", "--root", &root]);
    assert_eq!(status, Some(1));
    assert!(
        said.contains("templates/404.html: the site has its own already"),
        "{said}"
    );
    let (status, _, said) = theme(&["eject", "404.htm", "--root", &root]);
    assert_eq!(status, Some(2));
    assert!(said.contains("did you mean `404.html`?"), "{said}");
    assert_eq!(
        theme(&["show", "404.html"]).1,
        site.read("templates/404.html")
    );
    assert!(
        theme(&["list", "--root", &root])
            .1
            .contains("templates/404.html (the site has its own)")
    );
}

/// The files below a folder.
fn files(root: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut all = std::collections::BTreeMap::new();
    let mut folders = vec![root.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path
                .strip_prefix(root)
                .expect("below it")
                .to_string_lossy()
                .into_owned();
            all.insert(name, fs::read(&path).expect("a file"));
        }
    }
    all
}

//! `masthead import`: raw dumps become Markdown, and a build of it shows what one of the dumps
//! would show.

mod common;

use common::fixture::{Bench, moment};
use masthead::base::diagnostic::Severity;
use masthead::base::text::encoding::decode;
use masthead::base::text::punctuation::restored;
use masthead::build::{Input, gather};
use masthead::config::Config;
use masthead::facts::{Around, Facts, body, facts};
use masthead::import::{Import, Options, Raw, import};
use masthead::sink::store::Memory;
use masthead::site::Route;
use masthead::site::Site as Portal;
use proptest::prelude::*;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::process::Command;

const NOW: &str = "2026-11-24T12:00:00+08:00";

const TRADITIONAL: &str = "北岸觀察 11月18日 07:12
港務局:潮汐電站併網後,夜間用電不再靠柴油
index_tide2.html

东礁潮汐电站已经并网发电(一期),夜间用电不再依靠柴油机组。

🌊 东礁潮汐电站并网, 每天发电十二小时。

🔋 储能舱(BESS)让夜间用电不再依靠柴油。

港務局局長週二在東礁宣佈:潮汐電站經過半年試運行,已經併入全市電網。

他引用手冊裡的話,Hello, tide (2024),又說07:12起供電1,200千瓦。

編輯/何硯

潮汐閱讀

潮汐閱讀

写作助手,多种模板,让创作更轻松。

联系邮箱 news@harbour.example

相关标签

潮汐电站 AI Model 开源
相关文章
渡轮加开一班";

const TRADITIONAL_MD: &str = "---
title: 港務局：潮汐電站併網後，夜間用電不再靠柴油
date: 2026-11-18 07:12
source: 北岸觀察
editors: [何硯]
tags: [潮汐电站, AI, Model, 开源]
summary:
  text: 东礁潮汐电站已经并网发电（一期），夜间用电不再依靠柴油机组。
  method: ai
highlights:
  - 🌊 东礁潮汐电站并网，每天发电十二小时。
  - 🔋 储能舱（BESS）让夜间用电不再依靠柴油。
lang: zh-Hant
extra:
  origin_templates:
    - index_tide2.html
---
港務局局長週二在東礁宣佈：潮汐電站經過半年試運行，已經併入全市電網。

他引用手冊裡的話，Hello, tide (2024)，又說07:12起供電1,200千瓦。
";

const SIMPLIFIED: &str = "海港日报 2026年11月20日 08:30:05
六港签约: 绿色航运走廊
原文链接:https://harbour.example/a?b=1,2

# 六座港口 *今天* 签约(首航明年三月)。

1. 买$海港航运 (HBR.HK)$,见[名单](list.md)

记者：顾南舟、石一";

const SIMPLIFIED_MD: &str = "---
title: 六港签约：绿色航运走廊
date: 2026-11-20 08:30:05
source: 海港日报
source_url: https://harbour.example/a?b=1,2
authors: [顾南舟, 石一]
lang: zh-Hans
---
\\# 六座港口 \\*今天\\* 签约（首航明年三月）。

1\\. 买$海港航运 (HBR.HK)$，见\\[名单](list.md)
";

const LEGACY: &str = "河口晚报 2025-03-01
渡轮停航:大风八级

因大风,渡轮停航。明天恢复吗?看天气。";

const LEGACY_MD: &str = "---
title: 渡轮停航：大风八级
date: 2025-03-01
source: 河口晚报
lang: zh-Hans
---
因大风，渡轮停航。明天恢复吗？看天气。
";

/// A site in a folder of its own, with dumps beside it.
struct Site(tempfile::TempDir);

impl Site {
    fn new(files: &[(&str, &str)]) -> Site {
        let site = Site(tempfile::tempdir().expect("a folder"));
        fs::create_dir(site.root().join("content")).expect("a folder");
        for (path, text) in files {
            site.write(path, text.as_bytes());
        }
        site
    }

    fn root(&self) -> &Path {
        self.0.path()
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, bytes).expect("a file");
    }

    fn read(&self, path: &str) -> String {
        let path = self.root().join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// Runs masthead in the site's root.
    fn run(&self, arguments: &[&str]) -> (i32, String, String) {
        let output = Command::new(env!("CARGO_BIN_EXE_masthead"))
            .current_dir(self.root())
            .args(arguments)
            .output()
            .expect("masthead runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let status = output.status.code().unwrap_or(-1);
        (status, text(&output.stdout), text(&output.stderr))
    }

    fn import(&self, arguments: &[&str]) -> (i32, String, String) {
        self.run(&[&["import", "--as-of", NOW], arguments].concat())
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let (_, out, err) = self.import(&[&["--json"], arguments].concat());
        serde_json::from_str(&out).unwrap_or_else(|error| panic!("{error}\n{out}\n{err}"))
    }

    /// All files below `content`.
    fn content(&self) -> Vec<String> {
        let mut paths = Vec::new();
        let root = self.root().join("content");
        for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
            let entry = entry.expect("an entry");
            if entry.file_type().is_file() {
                let path = entry.path().strip_prefix(&root).expect("below content");
                paths.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
        paths
    }
}

fn gb18030(text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding_rs::GB18030.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

fn three() -> Site {
    let site = Site::new(&[
        ("in/keji/tide.txt", TRADITIONAL),
        ("in/guoji/2026-11-20-six-ports.txt", SIMPLIFIED),
    ]);
    site.write("in/guoji/ferry.txt", &gb18030(LEGACY));
    site.write("masthead.yaml", b"reprint_policy: index\n");
    site
}

#[test]
fn dumps_become_markdown() {
    let site = three();
    let (status, _, err) = site.import(&["in"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(site.read("content/keji/2026/tide.md"), TRADITIONAL_MD);
    assert_eq!(site.read("content/guoji/2026/six-ports.md"), SIMPLIFIED_MD);
    assert_eq!(site.read("content/guoji/2025/ferry.md"), LEGACY_MD);
    assert_eq!(site.content().len(), 3, "no temporary file is left");
    assert_eq!(site.read("in/keji/tide.txt"), TRADITIONAL, "the dump stays");
    let (status, _, err) = site.run(&["build", "--as-of", NOW, "--strict"]);
    assert_eq!(status, 0, "{err}");
    let page = site.read("public/keji/tide/index.html");
    for shown in [
        "港務局：潮汐電站併網後，夜間用電不再靠柴油",
        "2026-11-18T07:12:00+08:00",
        "每天发电十二小时。",
        "Hello, tide (2024)，又說07:12起供電1,200千瓦。",
    ] {
        assert!(page.contains(shown), "{shown}\n{page}");
    }
    assert!(!page.contains("data-inferred"), "the year is settled");
    let page = site.read("public/guoji/six-ports/index.html");
    assert!(
        page.contains("<p># 六座港口 *今天* 签约（首航明年三月）。</p>"),
        "{page}"
    );
    assert!(
        page.contains("1. 买<a class=\"ticker\" href=\"/tickers/hbr.hk/\">"),
        "{page}"
    );
    assert!(page.contains("，见[名单](list.md)</p>"), "{page}");
}

#[test]
fn the_report_says_what_was_taken_and_what_was_left_out() {
    let site = three();
    let (status, out, err) = site.import(&["in"]);
    assert_eq!((status, out.as_str()), (0, ""), "{err}");
    let expect = "\
note[imported]: this dump becomes content/keji/2026/tide.md
--> in/keji/tide.txt
 = note: channel: keji, by its folder
 = note: title: 港務局：潮汐電站併網後，夜間用電不再靠柴油 (line 2)
 = note: date: 2026-11-18 07:12 (line 1)
 = note: source: 北岸觀察 (line 1)
 = note: summary: 东礁潮汐电站已经并网发电（一期），夜间用电不再依靠柴油机组。 (line 5)
 = note: editors: 何硯 (line 15)
 = note: tags: 潮汐电站, AI, Model, 开源 (line 27)
 = note: highlights: 🌊 东礁潮汐电站并网，每天发电十二小时。, 🔋 储能舱（BESS）让夜间用电不再依靠柴油。 (lines 7 to 9)
 = note: templates: index_tide2.html
 = note: body: 2 paragraphs
 = note: 12 marks of punctuation restored
 = note: left out: `潮汐閱讀` (line 17): promotion
 = note: left out: `潮汐閱讀` (line 19): promotion
 = note: left out: `写作助手,多种模板,让创作更轻松。` (line 21): promotion
 = note: left out: `联系邮箱 news@harbour.example` (line 23): a contact address
 = note: left out: `相关标签` (line 25): a heading or a label
 = note: left out: `相关文章` (line 28): after the end of the article
 = note: left out: `渡轮加开一班` (line 29): after the end of the article
";
    let plain = err.replace(" \n", "\n");
    assert!(plain.contains(expect), "{err}");
    for said in [
        "warning[year-guess]: the date has no year; 2026 is taken",
        " = help: mend `date` in the Markdown if it is another",
        "`AI` and `Model` are taken as two tags",
        "note[encoding]: this file is read as GB 18030",
        "imported 3 dumps: 19 marks of punctuation restored, 7 lines left out; 0 errors, 1 warning",
    ] {
        assert!(err.contains(said), "{said}\n{err}");
    }
    let quiet = three().import(&["-q", "in"]).2;
    assert!(
        quiet.contains("warning[year-guess]") && !quiet.contains("note["),
        "{quiet}"
    );
    assert!(!quiet.contains("imported 3"), "{quiet}");
}

#[test]
fn programs_get_the_report_as_json() {
    let site = three();
    let report = site.json(&["--dry-run", "in"]);
    assert_eq!(
        site.content(),
        Vec::<String>::new(),
        "a dry run writes nothing"
    );
    assert_eq!(report["dry_run"], true);
    assert_eq!(
        (&report["marks"], &report["left_out"]),
        (&19.into(), &7.into())
    );
    assert_eq!(
        (&report["errors"], &report["warnings"]),
        (&0.into(), &1.into())
    );
    let tide = &report["files"][2];
    assert_eq!(tide["from"], "in/keji/tide.txt");
    assert_eq!(tide["to"], "content/keji/2026/tide.md");
    assert_eq!(
        tide["date"],
        serde_json::json!({"text": "2026-11-18 07:12", "line": 1})
    );
    assert_eq!(tide["left_out"][3]["line"], 23);
    assert_eq!(tide["left_out"][3]["reason"], "a contact address");
    let codes: Vec<&str> = report["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|diagnostic| diagnostic["code"].as_str())
        .collect();
    assert_eq!(codes.iter().filter(|code| **code == "imported").count(), 3);
    assert_eq!(codes[0], "year-guess");
}

#[test]
fn punctuation_stays_where_that_is_asked_for() {
    let site = three();
    assert_eq!(
        site.import(&["--keep-punctuation", "in/keji/tide.txt"]).0,
        0
    );
    let text = site.read("content/news/2026/tide.md");
    assert!(
        text.contains("title: \"港務局:潮汐電站併網後,夜間用電不再靠柴油\"\n"),
        "{text}"
    );
    assert!(text.contains("宣佈:潮汐電站經過半年試運行,已經"), "{text}");
}

#[test]
fn a_build_never_restores_punctuation() {
    let site = Site::new(&[("content/keji/tide.txt", TRADITIONAL)]);
    let (status, _, err) = site.run(&["build", "--as-of", NOW]);
    assert_eq!(status, 0, "{err}");
    let page = site.read("public/keji/tide/index.html");
    for typed in [
        "港務局:潮汐電站併網後,夜間用電不再靠柴油",
        "并网发电(一期),夜间用电",
        "东礁潮汐电站并网, 每天",
        "港務局局長週二在東礁宣佈:潮汐電站經過半年試運行,已經併入全市電網。",
    ] {
        assert!(page.contains(typed), "{typed}\n{page}");
    }
}

#[test]
fn lines_of_five_dumps_are_promotion() {
    let dump = |n: u32| {
        format!(
            "海港日报 2026-11-1{n} 08:00\n第{n}号泊位启用\n\n第{n}号泊位今天启用。\n\n{n}艘货轮从这里出发。\n\n下载海港客户端,读更多港口新闻,还有天气和潮汐。"
        )
    };
    let four = Site::new(&[]);
    let five = Site::new(&[]);
    for n in 1..=5 {
        let path = format!("in/guoji/berth-{n}.txt");
        five.write(&path, dump(n).as_bytes());
        if n < 5 {
            four.write(&path, dump(n).as_bytes());
        }
    }
    let (status, _, err) = five.import(&["in"]);
    assert_eq!(status, 0, "{err}");
    let text = five.read("content/guoji/2026/berth-3.md");
    assert!(
        text.ends_with("---\n第3号泊位今天启用。\n\n3艘货轮从这里出发。\n"),
        "{text}"
    );
    let left = "left out: `下载海港客户端,读更多港口新闻,还有天气和潮汐。` (line 8): it stands in many dumps";
    assert_eq!(err.matches(left).count(), 5, "{err}");
    assert!(
        err.contains("this line stands in 5 dumps; it is left out as promotion"),
        "{err}"
    );
    assert_eq!(four.import(&["in"]).0, 0);
    let text = four.read("content/guoji/2026/berth-3.md");
    assert!(
        text.ends_with("\n\n下载海港客户端，读更多港口新闻，还有天气和潮汐。\n"),
        "{text}"
    );
}

#[test]
fn what_is_there_is_never_overwritten() {
    let site = three();
    site.write("content/guoji/2025/ferry.md", b"mine");
    let (status, _, err) = site.import(&["in"]);
    assert_eq!(status, 1, "{err}");
    let said =
        "error[url-clash]: content/guoji/2025/ferry.md is there already; it is not overwritten";
    assert!(err.contains(said), "{err}");
    assert_eq!(site.read("content/guoji/2025/ferry.md"), "mine");
    assert_eq!(
        site.read("content/keji/2026/tide.md"),
        TRADITIONAL_MD,
        "the rest goes on"
    );
    let before = site.content();
    let (status, _, err) = site.import(&["in"]);
    assert_eq!(
        (status, err.matches("error[url-clash]").count()),
        (1, 3),
        "{err}"
    );
    assert_eq!(site.content(), before);
    site.write("content/keji/old/tide.txt", b"x");
    site.write("more/keji/tide.txt", LEGACY.as_bytes());
    let err = site.import(&["more"]).2;
    let said = "is there already, and content/keji/2025/tide.md would claim its URL";
    assert!(err.contains(said), "{err}");
}

#[test]
fn dumps_of_one_name_get_names_of_their_own() {
    let site = Site::new(&[
        ("a/guoji/ferry.txt", LEGACY),
        ("b/guoji/ferry.txt", SIMPLIFIED),
    ]);
    let (status, _, err) = site.import(&["a", "b", "a/guoji/ferry.txt"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(
        site.content(),
        ["guoji/2025/ferry.md", "guoji/2026/ferry-2.md"]
    );
    let said = "`ferry` is the name of a/guoji/ferry.txt already; this one is `ferry-2`";
    assert!(err.contains(said), "{err}");
}

#[test]
fn a_channel_is_told_or_guessed() {
    let config = "title: 港\nchannels:\n  - {id: yaowen, name: 要闻}\n  - {id: keji, name: 科技}\n";
    let site = Site::new(&[
        ("masthead.yaml", config),
        ("in/loose.txt", LEGACY),
        ("in/2024/year.txt", "海港日报 3月1日\n一年\n\n三月的海。"),
        ("in/bendi/x.txt", LEGACY),
        (
            "old/keji/2023/y.text",
            "海港日报 3月1日\n又一年\n\n三月的海。",
        ),
        ("old/keji/z.txt", LEGACY),
    ]);
    let (status, _, err) = site.import(&["in", "old/keji/2023/y.text", "old/keji"]);
    assert_eq!(status, 0, "{err}");
    let expect = [
        "bendi/2025/x.md",
        "keji/2023/y.md",
        "keji/2025/z.md",
        "yaowen/2024/year.md",
        "yaowen/2025/loose.md",
    ];
    assert_eq!(site.content(), expect, "{err}");
    let said = "note[guess]: 2 dumps are in no folder that is a channel; `yaowen` is taken";
    assert!(err.contains(said), "{err}");
    let site = Site::new(&[("in/loose.txt", LEGACY)]);
    let (status, _, err) = site.import(&["--channel", "keji", "--to", "out", "in"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(site.read("out/keji/2025/loose.md"), LEGACY_MD);
    assert!(!err.contains("is taken"), "{err}");
}

#[test]
fn a_dump_of_the_site_itself_is_named() {
    let site = Site::new(&[("content/guoji/ferry.txt", LEGACY)]);
    let (status, _, err) = site.import(&["content/guoji/ferry.txt"]);
    assert_eq!(status, 0, "{err}");
    assert_eq!(site.read("content/guoji/2025/ferry.md"), LEGACY_MD);
    let said = "warning[url-clash]: this dump and content/guoji/2025/ferry.md claim the same URL";
    assert!(err.contains(said), "{err}");
}

#[test]
fn the_name_may_tell_the_date_and_the_title_the_name() {
    let site = Site::new(&[
        ("in/a/2026-11-02-fog.txt", "雾中的海港\n\n今天有雾。"),
        ("in/a/index.txt", "海图室开放\n\n海图室周末开放。"),
    ]);
    let (status, _, err) = site.import(&["in"]);
    assert_eq!(status, 0, "{err}");
    let text = site.read("content/a/2026/fog.md");
    assert!(text.contains("date: 2026-11-02\n"), "{text}");
    assert!(
        err.contains("the date is taken from the file's name"),
        "{err}"
    );
    assert!(
        site.read("content/a/海图室开放.md")
            .starts_with("---\ntitle: 海图室开放\nlang")
    );
    let said = "warning[no-date]: no date";
    assert_eq!(err.matches(said).count(), 1, "{err}");
}

#[test]
fn mistakes_are_named_and_the_rest_goes_on() {
    let site = three();
    site.write(
        "in/guoji/bad.txt",
        b"\xE6\xB5\xB7\xE6\xB8\xAF\xE6\xB5\xB7\xFF\n",
    );
    let (status, _, err) = site.import(&["in", "nowhere"]);
    assert_eq!(status, 1, "{err}");
    assert!(
        err.contains("error[encoding]: this file is not UTF-8"),
        "{err}"
    );
    assert!(
        err.contains("error[unreadable]: this can't be read"),
        "{err}"
    );
    assert_eq!(site.content().len(), 3);
    let usage = |arguments: &[&str]| site.import(arguments).0;
    assert_eq!(usage(&[]), 2);
    assert_eq!(usage(&["--channel", "a/b", "in"]), 2);
    assert_eq!(usage(&["--as-of", "soon", "in"]), 2);
    assert_eq!(usage(&["--root", "in", "in"]), 2);
    site.write("masthead.yaml", b"timezone: Mars\n");
    let (status, _, err) = site.import(&["--to", "out", "in"]);
    assert_eq!(status, 1, "{err}");
    assert!(!site.root().join("out").exists(), "{err}");
}

#[test]
fn markdown_with_front_matter_is_no_dump() {
    let check = |head: &str, format: &str, help: &str| {
        let text = format!("{head}\n因大风，渡轮停航。\n");
        let import = imported(&[raw("dumps/guoji/post.md", text.as_bytes())], false);
        assert!(import.files.is_empty(), "{head}");
        let said: Vec<_> = import.diagnostics.iter().collect();
        let error = said.iter().find(|one| one.severity == Severity::Error);
        let error = error.unwrap_or_else(|| panic!("{head}: {said:?}"));
        assert!(error.message.ends_with(format), "{}", error.message);
        assert_eq!(error.help.as_deref(), Some(help), "{head}");
    };
    let yaml = "put it into content/ as it is";
    let other = "write its front matter as YAML, and put it into content/ as it is";
    check("---\ntitle: 渡轮停航\ndraft: true\n---", "YAML", yaml);
    check("+++\ntitle = \"渡轮停航\"\n+++", "TOML", other);
    check("{\"title\": \"渡轮停航\"}", "JSON", other);
    let rule = imported(
        &[raw(
            "dumps/guoji/a.txt",
            "---\n渡轮停航\n---\n因大风。".as_bytes(),
        )],
        false,
    );
    assert_eq!(rule.files.len(), 1);
}

#[test]
fn the_document_has_the_flags_of_the_command() {
    let site = Site::new(&[]);
    let (_, help, _) = site.run(&["import", "--help"]);
    let document =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/content/import.md"))
            .expect("the document");
    let flags = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_ascii_lowercase() && c != '-');
        let mut flags: Vec<String> = words
            .filter(|word| word.len() > 3 && word.starts_with("--") && *word != "--help")
            .map(str::to_string)
            .collect();
        flags.sort();
        flags.dedup();
        flags
    };
    let rows: Vec<&str> = document
        .lines()
        .filter(|line| line.starts_with("| `-"))
        .collect();
    assert_eq!(flags(&rows.join("\n")), flags(&help), "{help}");
}

#[test]
fn what_the_document_shows_is_so() {
    let document = include_str!("../docs/content/import.md");
    let rows = document.lines().filter_map(|line| {
        let cells: Vec<&str> = line.strip_prefix("| `")?.split(" | ").collect();
        let typed = cells[0]
            .strip_suffix('`')
            .filter(|typed| !typed.starts_with('-'))?;
        let becomes = cells.get(1)?.trim_end_matches(" |").trim_matches('`');
        Some((typed, becomes))
    });
    let mut count = 0;
    for (typed, becomes) in rows {
        count += 1;
        let expect = if becomes == "the same" {
            typed
        } else {
            becomes
        };
        assert_eq!(restored(typed).text, expect);
    }
    assert_eq!(count, 7);
}

/// All dumps of `tests/dumps`, as sources of a site.
fn all_dumps() -> Vec<(String, Vec<u8>)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/dumps");
    let mut dumps = Vec::new();
    for entry in fs::read_dir(root).expect("the folder of dumps") {
        let path = entry.expect("an entry").path();
        let text = fs::read_to_string(&path).expect("a test file");
        let (_, rest) = text.split_once("\n-- dump").expect("a section `dump`");
        let (options, rest) = rest.split_once("--\n").expect("a line `-- dump --`");
        let dump = rest.split_once("\n-- facts --\n").expect("facts").0;
        let folder = if options.contains("/2025/") {
            "2025/"
        } else {
            ""
        };
        let dump = match options.contains("crlf") {
            true => dump.replace('\n', "\r\n"),
            false => dump.to_string(),
        };
        let stem = path.file_stem().expect("a name").to_string_lossy();
        dumps.push((
            format!("content/guoji/{folder}{stem}.txt"),
            dump.into_bytes(),
        ));
    }
    dumps
}

fn raw(path: &str, bytes: &[u8]) -> Raw {
    let mut folders: Vec<String> = path.split('/').skip(1).map(str::to_string).collect();
    let file = folders.pop().expect("a name");
    Raw {
        name: path.to_string(),
        above: Vec::new(),
        below: folders,
        stem: file.trim_end_matches(".txt").to_string(),
        inside: None,
        bytes: bytes.to_vec(),
    }
}

fn imported(raws: &[Raw], keep_punctuation: bool) -> Import {
    import(
        raws,
        &Options {
            config: &Config::default(),
            now: moment(NOW),
            channel: None,
            existing: &[],
            to: "content",
            keep_punctuation,
        },
    )
}

fn portal(files: &[(String, Vec<u8>)]) -> Portal {
    let mut bench = Bench::default();
    for (path, bytes) in files {
        bench.source.put(path.as_str(), bytes.clone());
    }
    let input = Input {
        source: &bench.source,
        now: moment(NOW),
        drafts: false,
        base_url: None,
    };
    let site = gather(&input, &Memory::default()).site;
    let said = site.diagnostics();
    let errors = said.iter().filter(|said| said.severity == Severity::Error);
    assert_eq!(errors.count(), 0);
    site
}

/// What an article shows above its body.
fn head(site: &Portal, n: usize) -> Vec<String> {
    let article = &site.articles[n];
    let name = |at: &u32| site.tags[*at as usize].name.clone();
    let meta = &article.facts.meta;
    let mut head = vec![
        restored(&article.facts.title).text,
        format!("{:?}", article.date),
        article.tags.iter().map(name).collect::<Vec<_>>().join(" "),
    ];
    head.extend(meta.source.clone());
    head.extend(meta.source_url.clone());
    head.extend(meta.authors.iter().chain(&meta.editors).cloned());
    head.extend(
        meta.summary
            .iter()
            .map(|summary| format!("{summary:?}").replace(", ", "，")),
    );
    head.extend(
        meta.highlights
            .iter()
            .chain(&meta.more.standfirst)
            .map(|text| restored(text).text),
    );
    head
}

fn html(facts: &Facts, bytes: &[u8], left_out: &[u32]) -> String {
    let around = Around {
        left_out,
        tickers: "/tickers/",
        trusted: true,
        ..Around::default()
    };
    body(facts, bytes, &around).replace("&quot;", "\"")
}

#[test]
fn every_dump_says_the_same_as_markdown() {
    let dumps = all_dumps();
    assert!(dumps.len() >= 41, "{} dumps", dumps.len());
    let raws: Vec<Raw> = dumps.iter().map(|(path, bytes)| raw(path, bytes)).collect();
    let before = portal(&dumps);
    for keep in [true, false] {
        let made = imported(&raws, keep);
        assert_eq!(made.files.len(), dumps.len());
        let files: Vec<(String, Vec<u8>)> = made
            .files
            .iter()
            .map(|file| {
                (
                    format!("content/{}", file.path),
                    file.text.clone().into_bytes(),
                )
            })
            .collect();
        let after = portal(&files);
        assert_eq!(after.articles.len(), before.articles.len());
        for (n, article) in before.articles.iter().enumerate() {
            let slug = &article.facts.slug;
            let same = |other: &masthead::site::Article| other.facts.slug == *slug;
            let m = after.articles.iter().position(same).expect("the article");
            assert_eq!(head(&before, n), head(&after, m), "{slug}");
            let bytes = |files: &[(String, Vec<u8>)], path: &str| {
                let found = files.iter().find(|(own, _)| own == path);
                found.expect("the file").1.clone()
            };
            let other = &after.articles[m].facts;
            if keep {
                let old = html(
                    &article.facts,
                    &bytes(&dumps, &article.facts.path),
                    &before.resolved(Route::Article(n as u32)).left_out,
                );
                assert_eq!(html(other, &bytes(&files, &other.path), &[]), old, "{slug}");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// Whatever a dump holds, its Markdown shows it; with its punctuation restored, it shows that.
    #[test]
    fn any_dump_shows_the_same_as_markdown(
        lines in prop::collection::vec(
            prop_oneof![
                "[-+*_~`#>:=|!<&;\\[\\]()\\\\\"'$^{}/0-9a. 海港，,\\t]{0,30}",
                "[海港今天开放,:;?!()。 A-Za-z0-9]{0,40}",
                ".{0,30}",
                "(海港日报 2026-11-20 08:00|相关标签|编辑/何砚|🌊 一条要点|---|```|# 甲|> 乙|<p>海</p>|&nbsp;)",
            ],
            0..14,
        ),
    ) {
        let text = lines.join("\n");
        let path = "content/guoji/x.txt";
        let raws = [raw(path, text.as_bytes())];
        let before = facts(path, text.as_bytes());
        prop_assume!(!before.is_broken());
        let korean = before.lang.as_deref() == Some("ko");
        for keep in [true, false] {
            let made = imported(&raws, keep);
            prop_assert_eq!(made.files.len(), 1);
            let file = &made.files[0];
            let after = facts(&format!("content/{}", file.path), file.text.as_bytes());
            let errors = after.diagnostics.iter().filter(|said| said.severity == Severity::Error);
            prop_assert_eq!(errors.count(), 0, "{:?}\n{}", &after.diagnostics, &file.text);
            prop_assert_eq!(&before.meta.tags.iter().map(|tag| tag.trim()).collect::<Vec<_>>(), &after.meta.tags);
            let dump = masthead::facts::dump::parse(&decode(path, text.as_bytes()).expect("text").text);
            let shown = html(&after, file.text.as_bytes(), &[]);
            let paragraphs: Vec<&str> = shown
                .split("</p>\n")
                .filter(|part| !part.is_empty())
                .map(|part| part.split_once('>').map_or(part, |(_, text)| text))
                .collect();
            let expect: Vec<String> = dump
                .body
                .iter()
                .map(|block| match keep || korean {
                    true => block.text.clone(),
                    false => restored(&block.text).text,
                })
                .map(|text| masthead::facts::markdown::linked(&text, "/tickers/")
                    .unwrap_or_else(|| masthead::facts::markdown::escaped(&text))
                    .replace("&quot;", "\""))
                .collect();
            prop_assert_eq!(paragraphs, expect, "{}", &file.text);
        }
    }
}

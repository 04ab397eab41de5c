//! Strange files on a real disk: each gives a right page or says what is wrong, and never keeps
//! the rest from being built.
#![cfg(unix)]

use masthead::base::date;
use masthead::base::diagnostic::{Code, Diagnostic};
use masthead::build::timings::Timings;
use masthead::build::{self, Job};
use masthead::sink;
use masthead::sink::store;
use masthead::source::Directory;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};

/// A site in a folder of its own, with one article that is as it should be.
struct Site {
    folder: tempfile::TempDir,
}

/// What building it gave.
struct Built {
    diagnostics: Vec<Diagnostic>,
    root: PathBuf,
}

impl Site {
    fn new() -> Site {
        let site = Site {
            folder: tempfile::tempdir().expect("a folder"),
        };
        site.write("templates/article.html", "{{ title.text }}\n{{ body }}");
        site.article("content/guoji/good.md", "好文章");
        site
    }

    fn path(&self, path: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join("site").join(path)
    }

    fn write(&self, path: impl AsRef<Path>, text: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    fn article(&self, path: impl AsRef<Path>, body: &str) {
        self.write(
            path,
            &format!("---\ntitle: 题\ndate: 2026-11-20\n---\n{body}\n"),
        );
    }

    fn link(&self, to: impl AsRef<Path>, path: &str) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        symlink(to, path).expect("a link");
    }

    /// Builds it, and holds that the good article has its page.
    fn build(&self) -> Built {
        let root = self.path("public");
        let outcome = build::build(&Job {
            source: &Directory::new(self.path("")),
            sink: &sink::Directory::new(&root),
            store: &store::Memory::default(),
            output: "test",
            now: date::parse("2026-11-24")
                .and_then(|stamp| stamp.moment(&date::zone("Z")?))
                .expect("a moment"),
            drafts: false,
            base_url: None,
            check: false,
            progress: &|_, _| {},
            timings: &Timings::off(),
        });
        let mut diagnostics = outcome.diagnostics;
        // The built-in theme is not what is tested here.
        diagnostics.retain(|diagnostic| diagnostic.code != Code::Template);
        let built = Built { diagnostics, root };
        built.page("guoji/good", "好文章");
        built
    }
}

impl Built {
    fn page(&self, url: &str, text: &str) {
        let path = self.root.join(url).join("index.html");
        let html = fs::read_to_string(&path);
        let html = html.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert!(html.contains(text), "{url}: {text}\n{html}");
    }

    fn lacks(&self, path: &str) {
        assert!(!self.root.join(path).exists(), "{path} is there");
    }

    /// All that was said, as `code file: message`.
    fn says(&self, expect: &[&str]) {
        let line = |diagnostic: &Diagnostic| {
            let file = diagnostic.place.as_ref().map_or("", |place| &place.file);
            format!("{} {file}: {}", diagnostic.code.name(), diagnostic.message)
        };
        let mut said: Vec<String> = self.diagnostics.iter().map(line).collect();
        said.sort();
        assert_eq!(said, expect);
    }
}

#[test]
fn nothing_strange_says_nothing() {
    Site::new().build().says(&[]);
}

#[test]
fn links_that_lead_nowhere_or_in_circles() {
    let site = Site::new();
    site.link("nothing-there.md", "content/guoji/dangling.md");
    site.link("self.md", "content/guoji/self.md");
    site.link("..", "content/guoji/up");
    // Emacs marks a file that is being edited so.
    site.link("editor@desk.4711:1764000000", "content/guoji/.#good.md");
    site.build().says(&[
        "unreadable content/guoji/dangling.md: this can't be read: No such file or directory (os error 2)",
        "unreadable content/guoji/self.md: this can't be read: Too many levels of symbolic links (os error 40)",
        "unreadable content/guoji/up: this link leads back to a folder that it is in",
    ]);
}

#[test]
fn links_out_of_the_site_are_not_followed() {
    let site = Site::new();
    let outside = site.folder.path().join("outside");
    fs::create_dir_all(&outside).expect("a folder");
    fs::write(outside.join("secret.md"), "# 秘密\n").expect("a file");
    site.link(outside.join("secret.md"), "content/guoji/secret.md");
    site.link(&outside, "content/outside");
    site.link("/etc/passwd", "content/guoji/passwd.svg");
    let built = site.build();
    built.says(&[
        "unreadable content/guoji/passwd.svg: this link leads out of the site",
        "unreadable content/guoji/secret.md: this link leads out of the site",
        "unreadable content/outside: this link leads out of the site",
    ]);
    built.lacks("guoji/secret");
    built.lacks("outside");
    built.lacks("guoji/passwd.svg");
}

#[test]
fn links_inside_the_site_are_files_like_others() {
    let site = Site::new();
    site.article("data/shared.md", "同一篇");
    site.link("../../data/shared.md", "content/guoji/linked.md");
    let built = site.build();
    built.says(&[]);
    built.page("guoji/linked", "同一篇");
}

#[test]
fn a_folder_named_like_an_article_is_a_folder() {
    let site = Site::new();
    fs::create_dir_all(site.path("content/guoji/empty.md")).expect("a folder");
    site.article("content/guoji/full.md/inner.md", "里面");
    site.article("content/guoji/own.md/index.md", "自己");
    let built = site.build();
    built.says(&[]);
    built.page("guoji/inner", "里面");
    built.page("guoji/own.md", "自己");
}

#[test]
fn names_in_either_form_of_unicode() {
    let site = Site::new();
    site.article("content/guoji/cafe\u{301}.md", "咖啡");
    site.article(
        "content/guoji/link.md",
        "[去](caf\u{e9}.md) ![图](u\u{308}.svg)",
    );
    site.write("content/guoji/\u{fc}.svg", "图");
    let built = site.build();
    built.says(&[]);
    built.page("guoji/caf\u{e9}", "咖啡");
    built.page("guoji/link", "href=\"/guoji/caf%C3%A9/\"");
    built.page("guoji/link", "src=\"/guoji/%C3%BC.svg\"");
}

#[test]
fn names_with_characters_that_urls_know() {
    let site = Site::new();
    let names = [
        "a b", "c#d", "e%20f", "g?h", "i&j", "k'l", "m\"n", "o<p", "q:r", "s\nt", "u\\v",
    ];
    let mut links = String::new();
    for name in names {
        site.article(
            format!("content/guoji/{name}.md"),
            &format!("文 {}", name.replace('<', "")),
        );
        let encoded: String = name.bytes().map(|byte| format!("%{byte:02X}")).collect();
        links.push_str(&format!("[{}]({encoded}.md)\n\n", "去"));
        site.write(format!("content/guoji/{name}.svg"), "图");
        links.push_str(&format!("![图]({encoded}.svg)\n\n"));
    }
    site.article("content/guoji/links.md", &links);
    let built = site.build();
    built.says(&[]);
    let slugs = [
        "a-b", "c-d", "e-20f", "g-h", "i&j", "k'l", "m-n", "o-p", "q-r", "s-t", "u-v",
    ];
    for slug in slugs {
        built.page(&format!("guoji/{slug}"), "文");
    }
    for src in ["a%20b", "c%23d", "e%2520f", "g%3Fh", "s%0At"] {
        built.page("guoji/links", &format!("src=\"/guoji/{src}.svg\""));
    }
    for name in names {
        let path = built.root.join(format!("guoji/{name}.svg"));
        assert!(path.is_file(), "{}", path.display());
    }
}

#[test]
fn names_that_differ_in_case_only() {
    let site = Site::new();
    site.article("content/guoji/Bridge.md", "大");
    site.article("content/guoji/bridge.md", "小");
    site.write("content/guoji/Photo.SVG", "大");
    site.write("content/guoji/photo.svg", "小");
    site.write("static/Logo.svg", "大");
    site.write("static/logo.svg", "小");
    let built = site.build();
    built.says(&[
        "url-clash : static/Logo.svg and static/logo.svg both claim `/logo.svg`",
        "url-clash content/guoji/bridge.md: content/guoji/Bridge.md and content/guoji/bridge.md both claim `/guoji/bridge/`",
        "url-clash content/guoji/photo.svg: content/guoji/Photo.SVG and content/guoji/photo.svg both claim `/guoji/photo.svg`",
    ]);
    built.page("guoji/bridge", "大");
}

#[test]
fn very_long_names() {
    let site = Site::new();
    let long = "海".repeat(84);
    site.article(format!("content/guoji/{long}.md"), "很长");
    site.write(format!("content/guoji/{}.svg", "图".repeat(83)), "图");
    site.write(format!("static/{}.svg", "a".repeat(251)), "图");
    let alias = format!("/{}/", "长".repeat(86));
    let text = format!("---\ntitle: 题\ndate: 2026-11-20\naliases: [{alias}]\n---\n别名\n");
    site.write("content/guoji/alias.md", &text);
    let built = site.build();
    built.says(&[&format!(
        "bad-value content/guoji/alias.md: the alias `{alias}` is not a path of this site"
    )]);
    fs::remove_file(site.path("content/guoji/alias.md")).expect("a file");
    built.page(&format!("guoji/{}", "海".repeat(66)), "很长");
    let picture = built.root.join(format!("guoji/{}.svg", "图".repeat(83)));
    assert!(picture.is_file());
    assert!(
        built
            .root
            .join(format!("{}.svg", "a".repeat(251)))
            .is_file()
    );
    // A second build goes file by file, and writes beside before it renames.
    site.write(format!("static/{}.svg", "a".repeat(251)), "新图");
    site.build().says(&[]);
}

#[test]
fn names_that_are_not_text() {
    let site = Site::new();
    let path = site
        .path("content/guoji")
        .join(OsStr::from_bytes(b"\xB4\xF3.md"));
    fs::write(path, "# 大\n").expect("a file");
    let built = site.build();
    assert_eq!(built.diagnostics.len(), 1);
    assert!(built.diagnostics[0].message.contains("is not UTF-8"));
}

#[test]
fn a_pipe_is_not_waited_for() {
    let site = Site::new();
    let path = site.path("content/guoji/pipe.md");
    let made = std::process::Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo runs").success());
    site.build().says(&[]);
}

//! Nothing that comes from outside runs as a script: hundreds of attempts (`xss/vectors.txt`), each
//! as Markdown, as HTML, in every field of the front matter, as a dump and in data files, are built
//! into a site and opened in Chromium.
//!
//! The content security policy is switched off for it: it is the second wall, and this is about
//! the first. A page fails if a script runs, if an element of it could run one later, if an address
//! in it is none of the web, and if it asks for `/pwned`.

mod common;

use common::chromium::{Chromium, Tab};
use common::links;
use common::server::Server;
use masthead::base::slug::percent_encoded;
use roxmltree::Document;
use serde_json::json;
use std::collections::{BTreeSet, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;
use std::thread;

const NOW: &str = "2026-11-24T12:00:00+08:00";
/// Tabs that are open at a time, and pages in each of them.
const TABS: usize = 2;
const BATCH: usize = 16;

/// An attempt.
struct Vector {
    number: usize,
    /// Whether it is Markdown without HTML.
    markdown: bool,
    text: String,
}

impl Vector {
    /// Its text on one line.
    fn line(&self) -> String {
        self.text.replace(['\n', '\r'], " ")
    }

    /// Its text as a string of YAML.
    fn quoted(&self) -> String {
        quoted(&self.text)
    }

    /// Its text as a part of an address, without what an address can't hold.
    fn part(&self) -> String {
        let text = self
            .text
            .replace(|c: char| c.is_whitespace() || c.is_control(), "+");
        text.replace("//", "/-/").replace("..", "-")
    }
}

/// A string as YAML, in its double quotes.
fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if c.is_control() || matches!(c as u32 & 0xFFFF, 0xFFFE | 0xFFFF | 0xFEFF) => {
                out.push_str(&format!("\\U{:08X}", c as u32));
            }
            c => out.push(c),
        }
    }
    out + "\""
}

/// A key of a data file as it stands there; `None` where its quotes can't hold it.
fn key(text: &str) -> Option<String> {
    let quote = ['"', '\'']
        .into_iter()
        .find(|quote| !text.contains(*quote))?;
    let plain = !text.contains(|c: char| c.is_control() || quoted(&c.to_string()).len() > 9);
    plain.then(|| format!("{quote}{text}{quote}"))
}

fn vectors() -> Vec<Vector> {
    let file = include_str!("xss/vectors.txt");
    let mut kind = "";
    let mut vectors = Vec::new();
    for line in file.lines().filter(|line| !line.trim().is_empty()) {
        match line.strip_prefix("@ ") {
            Some(heading) => kind = heading,
            None if kind.is_empty() => {}
            None => {
                let number = vectors.len() + 1;
                vectors.push(Vector {
                    number,
                    markdown: kind.starts_with("Markdown"),
                    text: unescaped(line).replace('§', &number.to_string()),
                });
            }
        }
    }
    vectors
}

fn unescaped(line: &str) -> String {
    let mut parts = line.split('\\');
    let mut text = parts.next().unwrap_or_default().to_string();
    while let Some(part) = parts.next() {
        let (c, rest) = match part.chars().next() {
            None => ('\\', parts.next().unwrap_or_default()),
            Some('u') => {
                let (code, rest) = part[2..].split_once('}').expect("a closed escape");
                let code = u32::from_str_radix(code, 16).expect("a hexadecimal number");
                (char::from_u32(code).expect("a character"), rest)
            }
            Some('n') => ('\n', &part[1..]),
            Some('r') => ('\r', &part[1..]),
            Some('t') => ('\t', &part[1..]),
            Some('0') => ('\0', &part[1..]),
            Some(other) => panic!("no such escape: \\{other} in {line}"),
        };
        text.push(c);
        text.push_str(rest);
    }
    text
}

/// A folder with a site that holds every attempt everywhere.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Site {
        Site {
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    /// `host` is where `/pwned` is.
    fn fill(&self, vectors: &[Vector], host: &str) {
        let site = self;
        let hostile = quoted("\"'></title><img src=x onerror=alert(0)>");
        site.write("masthead.yaml", &configuration(&hostile));
        let mut data = [const { String::new() }; 4];
        for vector in vectors {
            let vector = Vector {
                text: vector.text.replace("HOST", host),
                ..*vector
            };
            site.articles(&vector);
            records(&vector, &mut data);
        }
        let names = ["tags", "sources", "people", "topics"];
        for (name, text) in names.iter().zip(&data) {
            site.write(&format!("data/{name}.yaml"), text);
        }
    }

    fn root(&self) -> &Path {
        self.folder.path()
    }

    fn output(&self) -> PathBuf {
        self.root().join("public")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.root().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }

    fn articles(&self, vector: &Vector) {
        let number = format!("{:03}", vector.number);
        let date = format!("date: 2026-11-{:02} 08:00", vector.number % 20 + 1);
        let text = &vector.text;
        let write = |name: &str, head: &str, body: &str| {
            let path = format!("content/{name}-{number}.md");
            self.write(&path, &format!("---\n{date}\n{head}---\n{body}\n"));
        };
        write("wire/block", "title: 块\n", text);
        // The channel that it gives itself makes nothing trusted.
        let channel = ["", "channel: own\n"][vector.number % 2];
        let head = format!("kind: flash\nmath: true\n{channel}");
        write("wire/places", &head, &places(vector));
        write("wire/front", &front(vector), "港口今天。");
        write("wire/urls", &urls(vector), "港口今天。");
        write("wire/refused", &refused(vector), "港口今天。");
        self.write(&format!("content/wire/dump-{number}.txt"), &dump(vector));
        // What is the site's own may hold HTML, but only where HTML is meant.
        if vector.number.is_multiple_of(4) {
            write("own/front", &front(vector), "港口今天。");
        }
        if vector.markdown {
            write("own/markdown", "title: 块\nmath: true\n", text);
        }
        if vector.number.is_multiple_of(8) {
            let quoted = vector.quoted();
            let head =
                format!("title: {quoted}\nretracted: {{date: 2026-11-23, text: {quoted}}}\n");
            write("wire/back", &head, text);
            write("page", &format!("title: {quoted}\nsummary: {quoted}\n"), "");
        }
    }

    /// Builds it, whatever complaints there are: most attempts are worth one.
    fn build(&self) {
        let done = Command::new(env!("CARGO_BIN_EXE_masthead"))
            .args(["build", "--as-of", NOW, "--root"])
            .arg(self.root())
            .output()
            .expect("masthead runs");
        let said = String::from_utf8_lossy(&done.stderr);
        assert!(self.output().join("site.css").is_file(), "{said}");
    }
}

fn configuration(hostile: &str) -> String {
    format!(
        "title: {hostile}\ndescription: {hostile}\nbase_url: https://e.org\npage_size: 50\n\
         channels:\n\
         \x20 - {{id: wire, name: {hostile}, description: {hostile}, trust: false}}\n\
         \x20 - {{id: own, name: 本报}}\n\
         menus:\n\
         \x20 footer:\n\
         \x20   - {{name: {hostile}, url: \"/x\\\" onclick=\\\"alert(0)\"}}\n\
         contact: {{email: {hostile}, phone: {hostile}, address: {hostile}}}\n\
         promo: {{title: {hostile}, text: {hostile}, url: \"https://e.org/\\\" onclick=\\\"alert(0)\"}}\n\
         legal: [{{text: {hostile}, url: \"https://e.org/\\\" onclick=\\\"alert(0)\"}}]\n\
         extra: {{icp: {hostile}, notices: [{hostile}]}}\n"
    )
}

/// The places of a Markdown text.
fn places(vector: &Vector) -> String {
    let v = vector.line();
    format!(
        "港口 {v} 今天 `{v}`。\n\n## {v}\n\n## 港 {{#{v}}}\n\n### 港 {{.{v} {v}}}\n\n- {v}\n- [ ] {v}\n\n\
         > [!NOTE]\n> {v}\n\n|{v}|乙|\n|:-:|-:|\n|`{v}`|{v}|\n\n\
         [甲]({v}) [乙](<{v}>) [丙](x \"{v}\") [丁](x '{v}') ![{v}](x) ![戊](<{v}> \"{v}\") [己] <{v}> 注[^{v}]\n\n\
         [己]: {v} \"{v}\"\n\n[^{v}]: {v}\n\n```{v}\n{v}\n```\n\n词\n: {v}\n\n\
         $港 (A.US)$ ${v} (B.US)$ ${v}$ $\\text{{{v}}}$\n\n**{v}** ~~{v}~~\n\n\
         <b title=\"{v}\">港</b> <a href=\"{v}\">港</a> <a href='{v}'>港</a> <img alt={v}>\n"
    )
}

fn front(vector: &Vector) -> String {
    let v = vector.quoted();
    format!(
        "title: {v}\nsource: {v}\nauthors: [{v}]\neditors: [{v}]\ntags: [{v}]\nlang: {v}\n\
         summary: {{text: {v}, method: ai, model: {v}, reviewed_by: {v}}}\n\
         highlights: [{v}, {}]\nstandfirst: {v}\n\
         image: {{src: {v}, alt: {v}, credit: {v}, caption: {v}}}\n\
         corrections: [{{date: 2026-11-23, text: {v}}}]\nextra: {{a: {v}, b: [{v}]}}\n",
        quoted(&format!("🚢 {}", vector.text))
    )
}

fn urls(vector: &Vector) -> String {
    let (v, part) = (vector.quoted(), vector.part());
    let address = quoted(&format!("https://e.org/?{part}"));
    format!(
        "title: 址\nslug: {}\nsource_url: {address}\ncanonical: {address}\naliases: [{}]\n\
         image: {{src: {address}, alt: {v}, credit: {v}, caption: {v}}}\n",
        quoted(&format!("址{}", vector.text)),
        quoted(&format!("/old/{part}/")),
    )
}

/// A field that most attempts don't fit into; where one does, its page is looked at like others.
fn refused(vector: &Vector) -> String {
    let v = vector.quoted();
    let field = match vector.number % 5 {
        // A channel of its own stands on every page, so few are enough.
        _ if vector.number % 60 == 7 => format!("channel: {v}"),
        0 => format!("source_url: {v}"),
        1 => format!("canonical: {v}"),
        2 => format!("aliases: [{}]", quoted(&format!("/{}", vector.text))),
        3 => format!("tickers: [{v}]"),
        _ => format!("template: {v}"),
    };
    format!("title: 拒\n{field}\n")
}

/// A dump with the attempt in each kind of its lines.
fn dump(vector: &Vector) -> String {
    let v = vector.line();
    let short = |most: usize| {
        if v.chars().count() <= most {
            v.as_str()
        } else {
            "港闻"
        }
    };
    let template = v.replace(char::is_whitespace, "");
    format!(
        "{} 2026年11月18日 07:12\n{v}\n{template}.html\n\n摘要 {v}\n\n🚢 {v}\n\n🔋 {v} 二\n\n\
         {v}\n\n港口 {v} 今天。\n\n$港 (A.US)$ {v} $<{} (B.US)$\n\n作者：{}\n编辑/{}\n{v}\n{v}\n{v} 三\n\
         联系邮箱 desk@e.test {v}\n相关标签\n{}\n相关文章\n{v}\n",
        short(25),
        short(12),
        short(12),
        short(12),
        short(15),
    )
}

/// What data files say of tags, sources, people and topics.
fn records(vector: &Vector, into: &mut [String; 4]) {
    let v = vector.quoted();
    // An address that is none halts the build, so only what is one can be tried.
    let address = quoted(&format!("https://e.org/?{}", vector.part()));
    let [tags, sources, people, topics] = into;
    let Some(name) = key(vector.text.trim()) else {
        return;
    };
    tags.push_str(&format!("{name}: {{description: {v}, kind: {v}}}\n"));
    sources.push_str(&format!("{name}: {{description: {v}, url: {address}}}\n"));
    people.push_str(&format!(
        "{name}: {{bio: {v}, role: {v}, url: {address}}}\n"
    ));
    if vector.number.is_multiple_of(8) {
        topics.push_str(&format!(
            "{name}:\n  name: {v}\n  description: {v}\n  tags: [{v}]\n  image: {{src: {address}, alt: {v}}}\n\
             \x20 sections: [{{title: {v}, tags: [{v}]}}]\n  facts: [{{label: {v}, text: {v}}}]\n\
             \x20 milestones: [{{date: 2026-11-20, text: {v}, url: {address}}}]\n"
        ));
    }
}

/// What is served beside the site: a page for frames, and what `/pwned` is, which tells if it runs.
fn beside(target: &str) -> Option<(&'static str, Vec<u8>)> {
    if target == "/frames" {
        return Some(("text/html", b"<!doctype html><title>-</title>".to_vec()));
    }
    if target == "/site.js" {
        return Some((
            "text/javascript",
            include_bytes!("../static/site.js").into(),
        ));
    }
    // How the site looks is nothing to this test, and takes longer than all the rest.
    if target.ends_with(".css") && !target.contains("pwned") {
        return Some(("text/css", Vec::new()));
    }
    let path = target.split('?').next()?.strip_prefix("/pwned")?;
    let (kind, text) = match path {
        ".js" => ("text/javascript", "alert('/pwned.js')"),
        ".html" => ("text/html", "<script>alert('/pwned.html')</script>"),
        ".css" => ("text/css", "body{background:url(/pwned?style)}"),
        ".svg" => (
            "image/svg+xml",
            "<svg xmlns='http://www.w3.org/2000/svg' id='x'><script>alert('/pwned.svg')</script></svg>",
        ),
        _ => ("text/plain", ""),
    };
    Some((kind, text.into()))
}

/// A tab that tells of every script, at an empty page of the server's.
fn watchful(chromium: &Chromium, server: &Server) -> Result<Tab, String> {
    let tab = chromium.tab()?;
    tab.call("Page.setBypassCSP", json!({"enabled": true}))?;
    tab.call("Runtime.addBinding", json!({"name": "told"}))?;
    tab.before_each_page(include_str!("xss/hooks.js"))?;
    tab.open(&server.address("/frames"))?;
    let inspect = include_str!("xss/inspect.js");
    tab.evaluate(&format!("window.inspect = {inspect}; true"))?;
    Ok(tab)
}

/// What is wrong with some pages: a line with the page's path and one with the failure, each.
fn failures(tab: &Tab, paths: &[String]) -> Result<Vec<String>, String> {
    let pages: Vec<_> = paths
        .iter()
        .map(|path| json!([path, path.starts_with("/own/markdown")]))
        .collect();
    let lines = tab.evaluate(&format!("inspect({})", json!(pages)))?;
    let lines = lines.as_array().into_iter().flatten();
    let mut found: Vec<String> = lines
        .filter_map(|line| Some(line.as_str()?.into()))
        .collect();
    for event in tab.events() {
        let parameters = &event["params"];
        match event["method"].as_str() {
            Some("Runtime.bindingCalled") => {
                found.extend(parameters["payload"].as_str().map(str::to_string));
            }
            Some("Runtime.exceptionThrown") => {
                found.push(parameters["exceptionDetails"].to_string());
            }
            Some("Page.javascriptDialogOpening" | "Page.windowOpen" | "Page.downloadWillBegin") => {
                found.push(event.to_string());
            }
            _ => {}
        }
    }
    Ok(found)
}

/// What is wrong with all of these pages, and what they asked for that they mustn't.
fn all_failures(server: &Server, paths: &[String]) -> BTreeSet<String> {
    let chromium = Chromium::launch();
    let batches = Mutex::new(paths.chunks(BATCH));
    let found = Mutex::new(BTreeSet::new());
    thread::scope(|scope| {
        for _ in 0..TABS {
            let tab = watchful(&chromium, server).expect("a tab");
            let (batches, found) = (&batches, &found);
            scope.spawn(move || {
                let next = || batches.lock().expect("a lock").next();
                while let Some(batch) = next() {
                    let lines = failures(&tab, batch)
                        .unwrap_or_else(|error| vec![format!("{}: {error}", batch.join(" "))]);
                    found.lock().expect("a lock").extend(lines);
                }
            });
        }
    });
    let asked = server.asked().into_iter();
    let mut found = found.into_inner().expect("a lock");
    found.extend(asked.filter(|path| path.starts_with("/pwned")));
    found
}

/// Paths of the output's files with an ending, as a browser asks for them.
fn paths(output: &Path, ending: &str) -> Vec<String> {
    let path = |file: PathBuf| {
        let inside = file.strip_prefix(output).ok()?.to_str()?;
        let fits = inside.ends_with(ending);
        fits.then(|| format!("/{}", percent_encoded(inside).replace("/index.html", "/")))
    };
    links::files(output).into_iter().filter_map(path).collect()
}

/// How many pages of a kind there are for one that is opened: 1,900 of 4,300 take 40 s on two cores.
/// Articles without HTML take turns; lists show the same cards, and names stand on their index too.
fn of_each(path: &str) -> (&'static str, usize) {
    match path.split('/').collect::<Vec<_>>()[..] {
        ["", "wire" | "own", name, ""] if name.starts_with("front-") => ("front", 3),
        ["", "wire", name, ""] if name.starts_with("dump-") => ("dump", 3),
        ["", "wire", name, ""] if name.starts_with("%E5%9D%80") => ("addresses", 3),
        ["", kind @ ("tags" | "sources" | "people"), _, ""] => match kind {
            "tags" => ("tags", 16),
            "sources" => ("sources", 16),
            _ => ("people", 16),
        },
        ["", "page" | "topics", _, ""] | ["", _, "page", _, ""] => ("leaves", 4),
        ["", "old", ..] => ("redirects", 8),
        _ => ("others", 1),
    }
}

/// The pages that are opened.
fn opened(output: &Path) -> Vec<String> {
    let mut pages = paths(output, ".html");
    let mut seen: HashMap<&str, usize> = HashMap::new();
    pages.retain(|path| {
        let (kind, of) = of_each(path);
        // Where the kinds begin differs, so that they take turns.
        let at = seen.entry(kind).or_insert(kind.len());
        *at += 1;
        at.is_multiple_of(of)
    });
    pages.extend(paths(output, ".xml").into_iter().step_by(32));
    pages
}

#[test]
fn nothing_that_comes_from_outside_runs() {
    let vectors = vectors();
    assert!(vectors.len() > 400, "{} attempts", vectors.len());
    let site = Site::new();
    let server = Server::new(site.output(), beside);
    site.fill(&vectors, &server.host());
    site.build();
    check_machine_files(&site.output());
    let pages = opened(&site.output());
    let of = |kind: &str| pages.iter().filter(|path| path.starts_with(kind)).count();
    let (wire, own) = (of("/wire/"), of("/own/"));
    assert!(wire + own > vectors.len() * 3, "{wire} and {own} articles");
    let mut failed: Vec<String> = all_failures(&server, &pages).into_iter().collect();
    failed.extend(search_failures(&server, &vectors));
    assert!(
        failed.is_empty(),
        "{} failures:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// Asks the search page for what `texts` say, one after the other: how many results it shows in all,
/// and what in them could run.
const SEARCH: &str = "async (texts) => {
    const page = document.getElementById('Search');
    let [shown, found] = [0, []];
    for (const text of texts) {
        history.replaceState(null, '', `?q=${encodeURIComponent(text)}`);
        const done = new Promise((done) => page.addEventListener('found', done, { once: true }));
        dispatchEvent(new PopStateEvent('popstate'));
        const { detail } = await done;
        if (detail.error) found.push(`${text}: ${detail.error}`);
        shown += detail.results?.length ?? 0;
        for (const element of page.querySelectorAll('[role=status] *, ol *')) {
            const plain = /^(LI|H2|A|P|SPAN|TIME|MARK)$/.test(element.tagName);
            const names = element.getAttributeNames();
            const known = names.every((name) => /^(class|href|datetime|lang)$/.test(name));
            const lang = /^[a-zA-Z-]*$/.test(element.lang) && names.length < 3;
            const web = !element.href || /^http:$/.test(new URL(element.href).protocol);
            if (!plain || !known || !lang || !web) {
                found.push(`${text}: ${element.outerHTML.slice(0, 160)}`);
            }
        }
    }
    return [String(shown), ...found];
}";

/// What is wrong with the results of the search for each vector.
fn search_failures(server: &Server, vectors: &[Vector]) -> Vec<String> {
    let chromium = Chromium::launch();
    let tab = watchful(&chromium, server).expect("a tab");
    tab.open(&server.address("/search/")).expect("the page");
    let texts: Vec<String> = vectors.iter().step_by(3).map(Vector::line).collect();
    let lines = tab
        .evaluate(&format!("({SEARCH})({})", json!(texts)))
        .expect("answers");
    let mut lines: Vec<String> = lines
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|line| Some(line.as_str()?.to_string()))
        .collect();
    let shown: usize = lines.remove(0).parse().expect("a number");
    assert!(shown > texts.len(), "{shown} results");
    let told = tab.events();
    let told = told.iter().filter(|event| {
        let method = event["method"].as_str().unwrap_or_default();
        ["Runtime.bindingCalled", "Runtime.exceptionThrown"].contains(&method)
    });
    lines.extend(told.map(|event| format!("search: {}", event["params"])));
    lines
}

/// What programs read holds nothing that they can't: characters that XML forbids, for one.
fn check_machine_files(output: &Path) {
    let mut failed = Vec::new();
    for path in links::files(output) {
        let text = || fs::read_to_string(&path).expect("a text");
        let error = match path.extension().and_then(|ending| ending.to_str()) {
            Some("xml") => Document::parse(&text())
                .err()
                .map(|error| error.to_string()),
            Some("json") => serde_json::from_str::<serde_json::Value>(&text())
                .err()
                .map(|error| error.to_string()),
            _ => None,
        };
        failed.extend(error.map(|error| format!("{}: {error}", path.display())));
    }
    assert!(
        failed.is_empty(),
        "{} failures:\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// A test that can't fail tests nothing: here each way works, under a policy that would forbid it.
#[test]
fn whatever_runs_is_noticed() {
    const WAYS: &[(&str, &str)] = &[
        ("<script>alert(1)</script>", "ran alert(1)"),
        ("<script src=/pwned.js></script>", "ran alert(/pwned.js)"),
        ("<script>window.pwned = 1</script>", "set pwned = 1"),
        ("<script>console.log(1)</script>", "console.log(1)"),
        ("<img src=x onerror=alert(1)>", "ran alert(1)"),
        ("<svg onload=alert(1)></svg>", "ran alert(1)"),
        ("<p onmouseover=alert(1)>港", "ran alert(1)"),
        ("<details ontoggle=prompt(1)>港</details>", "ran prompt(1)"),
        ("<button onfocus=confirm(1)>港</button>", "ran confirm(1)"),
        (
            "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
            "ran alert(1)",
        ),
        (
            "<iframe src='javascript:parent.alert(1)'></iframe>",
            "ran alert(1)",
        ),
        (
            "<svg><set onbegin=alert(1) attributeName=x to=0 /></svg>",
            "ran alert(1)",
        ),
        (
            "<a href='java&Tab;script:alert(1)'>港</a>",
            "href leads to javascript:",
        ),
        ("<a href='data:text/html,x'>港</a>", "href leads to data:"),
        ("<a href=x ping=/x>港</a>", "attribute ping"),
        (
            "<form action='javascript:alert(1)'></form>",
            "action leads to javascript:",
        ),
        ("<p style='background:url(x)'>港", "style: <p"),
        ("<object data=x></object>", "element: <object"),
        ("<base href=x>", "element: <base"),
        (
            "<meta http-equiv=refresh content='9; url=//e.org'>",
            "meta: <meta",
        ),
        (
            "<div><template shadowrootmode=open>x</template></div>",
            "shadow root",
        ),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    let server = Server::new(folder.path(), beside);
    let policy = "<meta http-equiv=Content-Security-Policy content=\"script-src 'none'\">";
    let write = |name: &str, body: &str| {
        let page = format!("<!doctype html><head>{policy}</head><body>{body}");
        fs::write(folder.path().join(name), page).expect("a file");
        format!("/{name}")
    };
    let name = |at: usize| format!("{at}.html");
    let mut pages: Vec<String> = (0..)
        .zip(WAYS)
        .map(|(at, (body, _))| write(&name(at), body))
        .collect();
    pages.push(write(
        "harmless.html",
        "<p>港 <a href=x>港</a> <img src=x alt=港>",
    ));
    let found = all_failures(&server, &pages);
    for (at, (body, expect)) in (0..).zip(WAYS) {
        let page = format!("/{}", name(at));
        let of_page = |line: &&String| {
            line.contains(&page) || line.contains("about:srcdoc") && body.contains("srcdoc")
        };
        let told = found
            .iter()
            .filter(of_page)
            .any(|line| line.contains(expect));
        assert!(told, "{body}: no `{expect}` in {found:#?}");
    }
    assert!(found.contains("/pwned.js"), "{found:#?}");
    assert!(
        !found.iter().any(|line| line.contains("harmless")),
        "{found:#?}"
    );
}

//! The contract with designers and writers: what `docs/content/templates.md`, `docs/content/front-matter.md` and
//! `docs/content/configuration.md` say is what the program does, both ways.
//!
//! A table of templates.md is a type; a page's view is walked along these types, so that a field
//! which only one of the two has is named with its path. Keys are found in the source text (the
//! calls that ask for them end in `, out)`) and by the complaints of mappings that are asked for
//! a key that can't be known.

mod common;

use common::fixture::Bench;
use masthead::base::diagnostic::{Code, Diagnostic, Lines, report};
use masthead::build::{ENGINE, Input, gather};
use masthead::facts::front_matter;
use masthead::press::Press;
use masthead::sink::store;
use masthead::site::search::Find;
use masthead::site::{Route, records};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::io::Cursor;
use std::path::Path;

/// What a table says of a field.
#[derive(Debug, Clone, PartialEq)]
enum Type {
    Text,
    Number,
    Boolean,
    Anything,
    /// Made when the page is rendered: no part of the view.
    Html,
    Table(String),
    List(Box<Type>),
    Optional(Box<Type>),
}

impl Type {
    /// Whether it is made when the page is rendered.
    fn is_html(&self) -> bool {
        match self {
            Type::Html => true,
            Type::Optional(inner) => inner.is_html(),
            _ => false,
        }
    }
}

/// The tables of templates.md by name, and which of them each template gets.
#[derive(Default)]
struct Contract {
    tables: BTreeMap<String, BTreeMap<String, Type>>,
    templates: BTreeMap<String, String>,
}

/// A walk through views: what is wrong, and what was met with a value in it.
#[derive(Default)]
struct Walk {
    wrong: BTreeSet<String>,
    /// Table and field, of those that were met and not empty.
    filled: BTreeSet<(String, String)>,
    met: BTreeSet<String>,
}

fn document(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// The texts in backticks.
fn quoted(text: &str) -> Vec<String> {
    let parts = text.split('`').skip(1).step_by(2);
    parts.map(str::to_string).collect()
}

/// The cells of a row whose first cell is a name in backticks.
fn cells(line: &str) -> Option<Vec<&str>> {
    let cells: Vec<&str> = line.strip_prefix('|')?.split('|').map(str::trim).collect();
    cells.first()?.starts_with('`').then_some(cells)
}

fn contract() -> Contract {
    let mut contract = Contract::default();
    let mut current = None;
    for line in document("docs/content/templates.md").lines() {
        if let Some(heading) = line.strip_prefix('#') {
            let mut names = quoted(heading).into_iter();
            current = names.next();
            for template in names {
                let name = current.clone().expect("a name before its templates");
                contract.templates.insert(template, name);
            }
        } else if let (Some(table), Some(cells)) = (&current, cells(line)) {
            let field = cells[0].trim_matches('`').to_string();
            let table = contract.tables.entry(table.clone()).or_default();
            assert!(
                table.insert(field, type_of(cells[1])).is_none(),
                "twice: {line}"
            );
        }
    }
    contract
}

fn type_of(text: &str) -> Type {
    if let Some(inner) = text.strip_suffix(" or none") {
        return Type::Optional(Box::new(type_of(inner)));
    }
    if let Some(inner) = text.strip_prefix("list of ") {
        return Type::List(Box::new(type_of(inner)));
    }
    let link = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("](#"));
    match (text, link) {
        ("text", _) => Type::Text,
        ("number", _) => Type::Number,
        ("boolean", _) => Type::Boolean,
        ("anything", _) => Type::Anything,
        ("HTML", _) => Type::Html,
        (_, Some((name, anchor))) => {
            assert_eq!(anchor.trim_end_matches(')'), name.to_lowercase(), "{text}");
            Type::Table(name.to_string())
        }
        _ => panic!("docs/content/templates.md: what type is `{text}`?"),
    }
}

impl Walk {
    fn table(&mut self, contract: &Contract, name: &str, value: &Value, path: &str) {
        let Some(table) = contract.tables.get(name) else {
            self.wrong
                .insert(format!("docs/content/templates.md has no table `{name}`"));
            return;
        };
        self.met.insert(name.to_string());
        let Some(fields) = value.as_object() else {
            self.wrong
                .insert(format!("{path} is no `{name}` but {value}"));
            return;
        };
        for field in fields.keys().filter(|field| !table.contains_key(*field)) {
            self.wrong.insert(format!(
                "docs/content/templates.md, table `{name}`, lacks `{field}`, which the view has as {path}.{field}"
            ));
        }
        for (field, kind) in table.iter().filter(|(_, kind)| !kind.is_html()) {
            match fields.get(field) {
                Some(value) => {
                    let filled = self.value(contract, kind, value, &format!("{path}.{field}"));
                    if filled {
                        self.filled.insert((name.to_string(), field.clone()));
                    }
                }
                None => {
                    self.wrong.insert(format!(
                        "the view lacks {path}.{field}, which docs/content/templates.md has in table `{name}`"
                    ));
                }
            }
        }
    }

    /// Whether the value was there and not empty.
    fn value(&mut self, contract: &Contract, kind: &Type, value: &Value, path: &str) -> bool {
        let fits = match (kind, value) {
            (Type::Optional(_), Value::Null) => return false,
            (Type::Optional(inner), value) => return self.value(contract, inner, value, path),
            (Type::List(inner), Value::Array(items)) => {
                let path = format!("{path}[]");
                for item in items {
                    self.value(contract, inner, item, &path);
                }
                return !items.is_empty();
            }
            (Type::Table(name), value) => {
                self.table(contract, name, value, path);
                return true;
            }
            (Type::Text, value) => value.is_string(),
            (Type::Number, value) => value.is_number(),
            (Type::Boolean, value) => value.is_boolean(),
            (Type::Anything, value) => return !value.is_null(),
            _ => false,
        };
        if !fits {
            self.wrong.insert(format!(
                "{path} is {value}, not {kind:?} as docs/content/templates.md says"
            ));
        }
        true
    }
}

/// The configuration of the full site.
const CONFIG: &str = "\
embeds: [youtube]
title: 门户
description: 一句话
base_url: https://e.org/news
page_size: 4
channels:
  - {id: guoji, name: 国际新闻, description: 远方, accent: '#b3261e'}
  - {id: help, name: 帮助中心, description: 怎样读, template: docs, pages: [help/b.md]}
menus: {main: [{name: 国际, url: /guoji/}], footer: [{name: 关于, url: /about/}]}
contact: {email: a@e.org, phone: '1', address: 某街}
blocks: [{channel: guoji, title: 远方, limit: 3, look: grid}, {tag: 航运}]
promo: {title: 订阅, text: 每天一封, url: https://e.org/letter}
legal: [{text: 备案号, url: https://e.org/legal}]
quotes: {US: 'https://e.org/q/{code}'}
editions: [zh-Hans, zh-Hant]
publisher: {name: 社, logo: /a.png, principles: /about/, corrections: /about/, ethics: /about/,
  masthead: /about/, profiles: [https://e.org/we]}
seo: {cn: true}
robots: {ai: deny}
hosting: netlify
llms: true
feeds: {content: full, websub: https://hub.example.org/}
extra: {icp: x}
";

/// The data files of the full site.
const DATA: [(&str, &str); 7] = [
    (
        "data/tags.yaml",
        "航运: {aliases: [海运], kind: 概念, description: 船与港, pinyin: hang yun}\n",
    ),
    (
        "data/sources.yaml",
        "海报: {url: https://e.org, description: 日报}\n",
    ),
    (
        "data/people.yaml",
        "张三: {role: 记者, bio: 写海, url: https://e.org}\n",
    ),
    (
        "data/tickers.yaml",
        "A.US: {name: 甲公司, description: 造船, tag: 航运, url: https://e.org/a}\n",
    ),
    (
        "data/topics.yaml",
        "dahai:\n  name: 大海专题\n  description: 海上的事\n  image: {src: /guoji/a.png, alt: 海}\n  \
         tags: [海运]\n  sections: [{title: 船, tags: [航运]}]\n  \
         milestones: [{date: 2026-11-02, text: 开港, url: /guoji/2/}]\n  \
         facts: [{label: 长, text: 四公里}]\n",
    ),
    ("data/hot.json", "[\"/guoji/3/\", \"/guoji/2/\"]\n"),
    ("data/rates.yaml", "usd: 7\n"),
];

/// A dump that carries a template's name, and a line that the others end with as well.
fn dump(n: u32) -> String {
    format!(
        "\
北岸观察 2026年10月1{n}日 07:12
index_tide2.html
第{n}座潮汐电站并网

第{n}座潮汐电站已经并网发电，每天发电十二小时，储能舱让夜间用电不再吃紧。

今后{n}年，附近的海湾还要建四座这样的电站，总投资约为十二亿元。

点击上方蓝字，关注潮汐周刊，每天读海港新闻。
"
    )
}

/// An article of the full site, with all that an article can have.
fn full_article(n: u32) -> String {
    let (hour, draft, other) = (n % 4, n == 10, n % 9 + 1);
    format!(
        "---
title: 第{n}篇报道
date: 2026-11-{n:02} 08:00
updated: 2026-11-2{hour}
source: 海报
source_url: https://e.org/a
authors: [张三]
editors: [李编辑]
tags: [航运]
summary: {{text: 这是摘要, method: ai, model: m, reviewed_by: 李}}
highlights: [🚀 这个要点]
standfirst: 导语在这里
tickers: [A.US]
image: {{src: a.png, alt: 图, credit: 某, caption: 说明}}
aliases: [/old-{n}/]
related: [{other}.md]
corrections: [{{date: 2026-11-20, text: 更正}}]
extra: {{x: 1}}
draft: {draft}
canonical: https://e.org/c
---
## 甲
## 乙
## 丙
[链](1.md)

> [!VIDEO]
> [片](https://e.org/a.mp4)
> ![图](a.png)

> [!VIDEO]
> [片](https://youtu.be/abc)
> ![图](a.png)
"
    )
}

/// A site that makes every kind of page, with every field filled somewhere.
fn full_site() -> Bench {
    let mut bench = Bench::default();
    bench.options.drafts = true;
    let mut picture = Cursor::new(Vec::new());
    let blank = image::RgbImage::new(500, 9);
    let written = blank.write_to(&mut picture, image::ImageFormat::Png);
    written.expect("a picture");
    bench
        .source
        .put("content/guoji/a.png", picture.into_inner());
    let mut put = |path: &str, text: &str| bench.source.put(path, text);
    put("masthead.yaml", CONFIG);
    DATA.iter().for_each(|(path, text)| put(path, text));
    put(
        "content/about.md",
        "---\ntitle: 关于本站\nsummary: 说明\ncanonical: https://e.org/x\nextra: {x: 1}\n---\n\
         ## 甲\n## 乙\n## 丙\n[链](guoji/3.md)\n",
    );
    for n in 1..=10 {
        put(&format!("content/guoji/{n}.md"), &full_article(n));
    }
    // The archive knows years and months before and after.
    for date in ["2024-05-01", "2025-03-01", "2026-10-01"] {
        let text = format!("---\ntitle: 旧闻\ndate: {date}\n---\n旧闻。\n");
        put(&format!("content/guoji/{date}-old.md"), &text);
    }
    put(
        "content/guoji/taken.md",
        "---\ntitle: 撤回的报道\ndate: 2026-11-02\n\
         retracted: {date: 2026-11-03, text: 数字有误}\n---\n旧文。\n",
    );
    for n in 1..=5 {
        put(&format!("content/keji/tide{n}.txt"), &dump(n));
    }
    // Copies, which lists fold.
    let long: String = ('一'..'仿').collect();
    for n in 1..=4 {
        let text = format!("---\ntitle: 电讯{n}\ndate: 2026-09-0{n}\n---\n{long}\n");
        put(&format!("content/keji/wire{n}.md"), &text);
    }
    for (name, title) in [("a", "Ask"), ("b", "登录")] {
        let path = format!("content/help/{name}.md");
        put(&path, &format!("# {title}\n\n请先登录。\n"));
    }
    put(
        "content/keji/news.md",
        "---\ntitle: 今天的新闻\ndate: 2026-11-24 07:00\n---\n新闻。\n",
    );
    put(
        "content/keji/bare.md",
        "---\nkind: flash\n---\nShort and plain.\n",
    );
    bench
}

/// The global `site`, as a template sees it.
fn global_site(bench: &mut Bench) -> Value {
    bench
        .source
        .put("templates/robots.txt", "{{ site | json }}");
    let outcome = bench.build();
    let files = bench.sink.files();
    let text = files.get("robots.txt").map(Vec::as_slice);
    serde_json::from_slice(text.unwrap_or_default())
        .unwrap_or_else(|error| panic!("{error}: {}", report(&outcome.diagnostics, false)))
}

/// Walks the views of all pages of a site.
fn look(bench: &mut Bench, contract: &Contract, walk: &mut Walk) -> BTreeSet<String> {
    let input = Input {
        source: &bench.source,
        now: bench.options.now,
        drafts: bench.options.drafts,
        base_url: None,
    };
    let mut gathered = gather(&input, &store::Memory::default());
    let mut theme = gathered.theme.expect("the built-in theme");
    let press = Press::new(&mut gathered.site, &mut theme, ENGINE);
    let mut templates = BTreeSet::new();
    let made = |route: &Route| match route {
        Route::Static(_) | Route::File(_) | Route::Picture(..) => false,
        // The index of the search is printed by no template.
        Route::Search(find) => *find == Find::Page,
        _ => true,
    };
    for route in press.site.routes().into_iter().filter(made) {
        let sheet = press.sheet(route);
        let view = serde_json::to_value(&sheet.view).expect("a view");
        let kind = sheet.template.split('/').next().unwrap_or_default();
        let template = match sheet.template.contains('/') {
            true => format!("{kind}.html"),
            false => sheet.template.clone(),
        };
        match contract.templates.get(&template) {
            Some(name) => walk.table(contract, name, &view, &sheet.template),
            None => {
                let lacks = format!(
                    "docs/content/templates.md has no table for `{}`",
                    sheet.template
                );
                walk.wrong.insert(lacks);
            }
        }
        templates.insert(template);
    }
    walk.table(contract, "SiteView", &global_site(bench), "site");
    templates
}

fn complain(wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<String> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn templates_get_what_their_document_says() {
    let (contract, mut walk) = (contract(), Walk::default());
    let mut seen = look(&mut full_site(), &contract, &mut walk);
    let mut empty = Bench::default(); // no article, no configuration
    seen.extend(look(&mut empty, &contract, &mut walk));
    let mut docs = Bench::default(); // documentation and nothing else
    let source = &mut docs.source;
    source.put("masthead.yaml", "channels: [{id: a, template: docs}]\n");
    source.put("content/a/x.md", "# 甲\n");
    look(&mut docs, &contract, &mut walk);
    let mut traditional = Bench::default(); // names in the order of strokes
    let source = &mut traditional.source;
    source.put("masthead.yaml", "language: zh-Hant\n");
    source.put(
        "content/guoji/a.md",
        "---\ntitle: 甲\ndate: 2026-11-02\ntags: [海]\n---\n文。\n",
    );
    look(&mut traditional, &contract, &mut walk);
    let unseen = |template: &&String| !seen.contains(*template);
    for template in contract.templates.keys().filter(unseen) {
        let no_page = format!("no page of the test's site is printed by `{template}`");
        walk.wrong.insert(no_page);
    }
    for (name, table) in &contract.tables {
        if !walk.met.contains(name) {
            let no_use =
                format!("docs/content/templates.md has a table `{name}` that no view uses");
            walk.wrong.insert(no_use);
            continue;
        }
        let key = |field: &String| (name.clone(), field.clone());
        let empty = |(field, kind): &(&String, &Type)| {
            !kind.is_html() && !walk.filled.contains(&key(field))
        };
        for (field, _) in table.iter().filter(empty) {
            walk.wrong.insert(format!(
                "`{field}` of table `{name}` is empty in all pages of the test's site: fill it there"
            ));
        }
    }
    complain(walk.wrong);
}

/// Where the types of views are, and the files with types that they name.
const TYPES: [&str; 4] = [
    "src/press/view.rs",
    "src/site/card.rs",
    "src/facts/mod.rs",
    "src/config.rs",
];

/// Fields that are made when a page is rendered, or on the way to it, and are in no type.
const MADE: [(&str, &str, &str, &str); 7] = [
    (
        "SiteView",
        "foot",
        "HTML",
        "what the component `foot` makes, once for all pages; missing where that component fails or asks for more than `site`, `ui` and `data`",
    ),
    ("ArticleView", "body", "HTML", "the body"),
    ("PageView", "body", "HTML", "the body"),
    ("TwinView", "body", "HTML", "the body as Markdown"),
    ("FeedItem", "content", "HTML or none", "the body"),
    (
        "Card",
        "html",
        "HTML",
        "what the component `card` makes of it",
    ),
    ("Card", "also", "list of Card", "its near-duplicates"),
];

/// A field of a type: its name, what it is, and its comment.
type Field = (String, String, String);

/// The public fields of all structs, by the struct's name.
fn structs() -> BTreeMap<String, Vec<Field>> {
    let mut structs: BTreeMap<String, Vec<Field>> = BTreeMap::new();
    for file in TYPES {
        let (mut current, mut comment) = (None, String::new());
        for line in document(file).lines() {
            if let Some(rest) = line.strip_prefix("pub struct ") {
                let end = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(0);
                // A type of the views stands before one of the same name elsewhere.
                let is_new = line.ends_with('{') && !structs.contains_key(&rest[..end]);
                current = is_new.then(|| rest[..end].to_string());
            } else if line.starts_with('}') {
                current = None;
            } else if let Some(text) = line.trim_start().strip_prefix("///") {
                comment = format!("{comment}{text}");
                continue;
            } else if let (Some(name), Some(field)) = (&current, line.strip_prefix("    pub ")) {
                let field = field.split_once(": ").expect("a field and its type");
                let kind = described(field.1.trim_end_matches(','));
                let comment = comment.trim().trim_end_matches('.');
                let own = structs.entry(name.clone()).or_default();
                own.push((field.0.to_string(), kind, comment.to_string()));
            }
            comment.clear();
        }
    }
    for (name, field, kind, meaning) in MADE {
        let own = structs.get_mut(name).expect(name);
        own.retain(|(known, ..)| known != field);
        own.push((field.to_string(), kind.to_string(), meaning.to_string()));
    }
    structs
}

/// A type of Rust in the words of the document.
fn described(kind: &str) -> String {
    let kind = kind
        .replace("<'a>", "")
        .replace("'a ", "")
        .replace("'static ", "");
    let inside = |outer: &str| Some(kind.strip_prefix(outer)?.strip_suffix('>')?.to_string());
    if let Some(inner) = inside("Option<") {
        return format!("{} or none", described(&inner));
    }
    if let Some(inner) = inside("Vec<") {
        return format!("list of {}", described(&inner));
    }
    match kind.rsplit("::").next().unwrap_or(&kind) {
        "String" | "&str" | "Kind" | "Method" => "text".to_string(),
        "u8" | "u16" | "u32" | "i8" | "usize" => "number".to_string(),
        "bool" => "boolean".to_string(),
        "Anything" => "anything".to_string(),
        "Link" => "Anchor".to_string(),
        "CardRef" => "Card".to_string(),
        name => name.to_string(),
    }
}

/// A type with a link to its table.
fn linked(kind: &str) -> String {
    if let Some(inner) = kind.strip_suffix(" or none") {
        return format!("{} or none", linked(inner));
    }
    if let Some(inner) = kind.strip_prefix("list of ") {
        return format!("list of {}", linked(inner));
    }
    match kind {
        "text" | "number" | "boolean" | "anything" | "HTML" => kind.to_string(),
        name => format!("[{name}](#{})", name.to_lowercase()),
    }
}

/// templates.md with the tables that the types ask for, and the same for the program. What a field
/// means is kept; that of a new one is its comment.
fn made_of_types() -> (String, String) {
    let (structs, text) = (structs(), document("docs/content/templates.md"));
    let (mut out, mut list) = (String::new(), String::new());
    let mut lines = text.lines().peekable();
    let mut current: Option<&Vec<Field>> = None;
    while let Some(line) = lines.next() {
        if let Some(heading) = line.strip_prefix('#') {
            let names = quoted(heading);
            current = names.first().and_then(|name| structs.get(name));
            if current.is_some() {
                list.push_str(&format!("{}\n", names.join(" ")));
            }
        }
        out.push_str(&format!("{line}\n"));
        if let Some(fields) = current.filter(|_| line.starts_with("|---")) {
            let mut meanings = BTreeMap::new();
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                let cells: Vec<&str> = row.splitn(4, '|').map(str::trim).collect();
                let meaning = cells[3].trim_end_matches('|').trim();
                meanings.insert(cells[1].trim_matches('`'), meaning);
            }
            for (name, kind, comment) in fields {
                let meaning = meanings
                    .get(name.as_str())
                    .unwrap_or(&comment.as_str())
                    .to_string();
                out.push_str(&format!("| `{name}` | {} | {meaning} |\n", linked(kind)));
                list.push_str(&format!("  {name} {kind}\n"));
            }
        }
    }
    (out, list)
}

#[test]
fn tables_are_made_of_the_types() {
    let (text, list) = made_of_types();
    let mut wrong = Vec::new();
    for (name, made) in [
        ("docs/content/templates.md", text),
        ("src/press/contract.txt", list),
    ] {
        if std::env::var_os("UPDATE").is_some() {
            let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
            std::fs::write(path, made).expect(name);
            continue;
        }
        let now = document(name);
        let differs = now
            .lines()
            .zip(made.lines())
            .find(|(now, made)| now != made);
        if now != made {
            wrong.push(format!(
                "{name} is not what the types say; UPDATE=1 rewrites it: {differs:?}"
            ));
        }
    }
    complain(wrong);
}

/// What a site with these templates is told of their variables.
fn told_of(templates: &[(&str, &str)]) -> Vec<String> {
    let mut bench = Bench::default(); // templates are looked through without any page
    for (name, text) in templates {
        bench.source.put(format!("templates/{name}"), *text);
    }
    let outcome = bench.build();
    let told = outcome.diagnostics.iter();
    let told = told.filter(|one| one.code == Code::UnknownVariable);
    assert!(!outcome.halted, "{}", report(&outcome.diagnostics, false));
    told.map(|one| one.message.clone()).collect()
}

#[test]
fn no_variable_of_the_built_in_theme_is_unknown() {
    let all = masthead::theme::eject::all();
    let texts: Vec<(&str, &str)> = all
        .iter()
        .filter_map(|one| {
            let name = one.path.strip_prefix("templates/")?;
            Some((name, std::str::from_utf8(one.bytes).ok()?))
        })
        .collect();
    let none: Vec<String> = Vec::new();
    assert_eq!(told_of(&texts), none, "all at once");
    for one in texts.iter().filter(|(name, _)| !name.starts_with("ui/")) {
        assert_eq!(told_of(std::slice::from_ref(one)), none, "{}", one.0);
    }
}

#[test]
fn variables_that_are_no_more_are_told_and_no_others() {
    let told = |name: &str, text: &str| told_of(&[(name, text)]).join("; ");
    let fine = [
        (
            "tag.html",
            "{% if page.titel is defined %}{{ page.titel }}{% endif %}",
        ),
        (
            "tag.html",
            "{{ page?.titel or 1 }}{{ hub.old?.x or 1 }}{{ old?.x or 1 }}{{ old | default(value=1) }}",
        ),
        (
            "tag.html",
            "{{ groups[0].cards[0].title }}{{ page['x'] or 1 }}{{ site.title[:2] }}",
        ),
        (
            "tag.html",
            "{% raw %}{{ old }}{% endraw %}{# {{ old }} #}{{ 'old' ~ \"old\" }}",
        ),
        (
            "tag.html",
            "{% for a, b in data.rates %}{{ a.x }}{{ b.y }}{{ loop.index }}{% endfor %}",
        ),
        (
            "tag.html",
            "{{ [one.name for one in page.crumbs if one.url] | json }}",
        ),
        (
            "tag.html",
            "{{ {\"name\": name.text, \"x\": {\"of\": sort} } | jsonld }}",
        ),
        (
            "tag.html",
            "{% set first = groups | first %}{{ first.cards | length }}",
        ),
        (
            "tag.html",
            "{% set x %}a{% endset %}{% set_global y = x %}{{ x }}{{ y }}",
        ),
        (
            "tag.html",
            "{{ ui.count | replace(from=\"{n}\", to=hub.count | str) if hub else none }}",
        ),
        (
            "tag.html",
            "{{ 1 if page.kind == \"tag\" and not hub is defined else 2 }}",
        ),
        (
            "mine.html",
            "{% component mine(x, y=1, @site) %}{{ x.a }}{{ y }}{{ site.title }}{% endcomponent mine %}",
        ),
        (
            "article.html",
            "{{ extra?.a }}{{ body }}{{ extra.x }}{% include \"part.html\" %}",
        ),
        (
            "article/a.html",
            "{% set own = title %}{% if draft %}{% set title = date %}{% endif %}{{ title?.iso }}{{ own.text }}",
        ),
    ];
    for (name, text) in fine {
        let part = (
            "part.html",
            "{{ title.text }}{% for x in toc %}{{ x.id }}{% endfor %}",
        );
        let told = told_of(&[part, (name, text)]);
        assert_eq!(told, Vec::<String>::new(), "{text}");
    }
    let check =
        |name: &str, text: &str, expect: &str| assert_eq!(told(name, text), expect, "{text}");
    check(
        "topic/x.html",
        "{{ gone }}",
        "there is no variable `gone` on these pages",
    );
    check(
        "page/x.html",
        "{{ tags }}",
        "there is no variable `tags` on these pages",
    );
    check(
        "article/x.html",
        "{{ page.titel }}",
        "`page.titel` has no `titel`"
            .replace("page.titel` has", "page` has")
            .as_str(),
    );
    check(
        "article/x.html",
        "{% for t in tags %}{{ t.slug }}{% endfor %}",
        "`t` has no `slug`",
    );
    check(
        "article/x.html",
        "{{ [one.slug for one in tags] }}",
        "`one` has no `slug`",
    );
    check(
        "article/x.html",
        "{% set a = image %}{% if a.credits %}{% endif %}",
        "`a` has no `credits`",
    );
    check(
        "article/x.html",
        "{{ <anchor of={chanel} /> }}",
        "there is no variable `chanel` on these pages",
    );
    check(
        "article/x.html",
        "{{ ui.latests }}{{ site.places.rss }}",
        "`ui` has no `latests`; `site.places` has no `rss`",
    );
    check(
        "article/x.html",
        "{{ related[0].image.credit }}",
        "`related.image` has no `credit`",
    );
    check(
        "x.html",
        "{% component card(of) %}{% if of.sumary %}1{% endif %}{% endcomponent card %}",
        "`of` has no `sumary`",
    );
}

/// Fenced blocks of a document and the file that each is: the language `markdown` is an article,
/// others name their path in a comment on their first line.
fn examples(text: &str) -> Vec<(String, String)> {
    let blocks = text.split("\n```").skip(1).step_by(2);
    let named = |block: &str| {
        let (language, body) = block.split_once('\n').expect("a block of lines");
        if language == "markdown" {
            return ("content/guoji/example.md".to_string(), body.to_string());
        }
        let first = body.lines().next().unwrap_or("");
        let path = first.trim_matches(|c: char| !c.is_alphanumeric());
        assert!(path.contains('.'), "an example without a path: {first}");
        // JSON has no comments.
        let body = match language {
            "json" => body.split_once('\n').map_or("", |(_, rest)| rest),
            _ => body,
        };
        (path.to_string(), body.to_string())
    };
    blocks.map(named).collect()
}

#[test]
fn examples_are_fine() {
    let mut wrong = Vec::new();
    let documents = [
        ("templates", 1),
        ("recipes", 5),
        ("front-matter", 2),
        ("configuration", 2),
        ("start", 2),
    ];
    for (name, least) in documents {
        let examples = examples(&document(&format!("docs/content/{name}.md")));
        assert!(
            examples.len() >= least,
            "docs/content/{name}.md has too few examples"
        );
        for (path, text) in examples {
            let mut bench = full_site();
            bench.source.put("content/guoji/bridge.jpg", "jpg");
            bench.source.put("content/help/start.md", "# 开始\n");
            bench.source.put("content/help/account.md", "# 账号\n");
            bench.source.put("templates/channel/guoji1.html", "");
            bench.source.put(path.clone(), text);
            let outcome = bench.build();
            let own = |diagnostic: &&Diagnostic| {
                let place = diagnostic.place.as_ref();
                place.is_none_or(|place| place.file == path) || diagnostic.code == Code::Template
            };
            let said: Vec<Diagnostic> = outcome.diagnostics.iter().filter(own).cloned().collect();
            if !said.is_empty() {
                let said = report(&said, false);
                wrong.push(format!("docs/content/{name}.md, example {path}:\n{said}"));
            }
        }
    }
    complain(wrong);
}

/// A build of docs/ follows the links between the documents there; these are beside it.
#[test]
fn links_of_the_documents_lead_to_files() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut dead = Vec::new();
    for name in [
        "README.md",
        "ARCHITECTURE.md",
        "CONTRIBUTING.md",
        "CHANGELOG.md",
    ] {
        for target in document(name).split("](").skip(1) {
            let target = target.split([')', '#']).next().unwrap_or_default();
            if !target.is_empty() && !target.contains(':') && !root.join(target).exists() {
                dead.push(format!("{name}: {target}"));
            }
        }
    }
    complain(dead);
}

/// The keys in the tables of a document's section; of the whole document where it is empty.
fn documented(text: &str, section: &str) -> BTreeSet<String> {
    let mut inside = section.is_empty();
    let mut keys = BTreeSet::new();
    for line in text.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            inside = section.is_empty() || heading == section;
        }
        if let Some(cells) = cells(line).filter(|cells| inside && cells.len() >= 5) {
            keys.insert(cells[0].trim_matches('`').to_string());
        }
    }
    keys
}

/// The keys that a source file asks its mappings for: texts in calls that end in `, out)`.
fn asked(file: &str) -> BTreeSet<String> {
    let text = document(file);
    let code = text.split("#[cfg(test)]").next().unwrap_or("");
    let is_name = |c: char| c.is_ascii_lowercase() || c == '_';
    let mut keys = BTreeSet::new();
    for (at, _) in code.match_indices('"') {
        let rest = &code[at + 1..];
        let name = &rest[..rest.find(|c| !is_name(c)).unwrap_or(0)];
        let after = rest[name.len()..].strip_prefix("\",");
        let arguments = after.and_then(|after| after.split(')').next());
        let last =
            arguments.and_then(|list| list.trim_end().trim_end_matches(',').rsplit(',').next());
        if !name.is_empty() && last.is_some_and(|last| last.trim() == "out") {
            keys.insert(name.to_string());
        }
    }
    assert!(!keys.is_empty(), "{file} asks for no keys");
    keys
}

/// YAML with `inner` below the mappings and lists of `parent`: `menus.main[].`
fn nested(parent: &str, inner: &str) -> String {
    let (mut text, mut indent) = (String::new(), 0);
    for part in parent.split('.').filter(|part| !part.is_empty()) {
        let name = part.trim_end_matches("[]");
        text.push_str(&format!("{}{name}:\n", " ".repeat(indent)));
        indent += if part.ends_with("[]") { 4 } else { 2 };
    }
    let mark = if parent.ends_with("[].") { "- " } else { "" };
    let lead = " ".repeat(indent - mark.len());
    format!("{text}{lead}{mark}{inner}\n")
}

/// What a reader says of unknown keys.
fn unknown(read: &dyn Fn(&str) -> Vec<Diagnostic>, parent: &str, inner: &str) -> Vec<Diagnostic> {
    let mut said = read(&nested(parent, inner));
    said.retain(|diagnostic| diagnostic.code == Code::UnknownKey);
    said
}

/// Compares documented keys with what `read` knows, mapping by mapping.
fn compare(name: &str, keys: &BTreeSet<String>, read: &dyn Fn(&str) -> Vec<Diagnostic>) {
    let mut mappings: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for key in keys {
        let (parent, leaf) = key.split_at(key.rfind('.').map_or(0, |at| at + 1));
        mappings.entry(parent).or_default().insert(leaf);
    }
    let mut wrong = Vec::new();
    for (parent, leaves) in mappings {
        for leaf in &leaves {
            if !unknown(read, parent, &format!("{leaf}: ~")).is_empty() {
                wrong.push(format!(
                    "{name} has `{parent}{leaf}`, which the code does not know"
                ));
            }
        }
        // A mapping that takes `extra` points there and doesn't list its keys: see `asked`.
        let said = unknown(read, parent, "zzzzzzzz: ~");
        let help = said.iter().filter_map(|said| said.help.as_deref());
        let lists: Vec<&str> = help
            .filter_map(|help| help.strip_prefix("known here: "))
            .collect();
        assert!(
            !said.is_empty() && (parent.is_empty() || !lists.is_empty()),
            "{name}: {parent}"
        );
        for known in lists.iter().flat_map(|list| list.split(", ")) {
            if !leaves.contains(known) {
                wrong.push(format!(
                    "{name} lacks `{parent}{known}`, which the code asks for"
                ));
            }
        }
    }
    complain(wrong);
}

/// Keys that are asked for in a source file and stand nowhere in a document.
fn lacking(name: &str, keys: &BTreeSet<String>, file: &str) {
    let leaves: BTreeSet<&str> = keys
        .iter()
        .filter_map(|key| key.rsplit('.').next())
        .collect();
    let lacks = |key: &String| format!("{name} lacks `{key}`, which {file} asks for");
    let asked = asked(file);
    complain(
        asked
            .iter()
            .filter(|key| !leaves.contains(key.as_str()))
            .map(lacks),
    );
}

#[test]
fn front_matter_has_the_keys_of_its_document() {
    let name = "docs/content/front-matter.md";
    let keys = documented(&document(name), "Fields");
    lacking(name, &keys, "src/facts/front_matter.rs");
    compare(name, &keys, &|yaml| {
        let (text, mut out) = (format!("---\n{yaml}---\n"), Vec::new());
        front_matter::read(&Lines::new("content/a/x.md", &text), &mut out);
        out
    });
}

#[test]
fn configuration_and_data_have_the_keys_of_their_document() {
    let name = "docs/content/configuration.md";
    let text = document(name);
    let keys = documented(&text, "masthead.yaml");
    lacking(name, &keys, "src/config.rs");
    lacking(name, &keys, "src/config/editions.rs");
    lacking(name, &keys, "src/config/digests.rs");
    lacking(name, &keys, "src/config/seo.rs");
    lacking(name, &keys, "src/config/machines.rs");
    compare(name, &keys, &|yaml| {
        let mut out = Vec::new();
        masthead::config::read(&Lines::new("masthead.yaml", yaml), &mut out);
        out
    });
    lacking(name, &documented(&text, ""), "src/site/records.rs");
    lacking(name, &documented(&text, ""), "src/site/glossary.rs");
    for file in records::FILES.into_iter().chain([records::TOPICS]) {
        let named = |key: &String| format!("name.{key}");
        let keys: BTreeSet<String> = documented(&text, file).iter().map(named).collect();
        assert!(!keys.is_empty(), "{name} has no table under `## {file}`");
        compare(name, &keys, &|yaml| {
            let mut out = Vec::new();
            let lines = Lines::new(file, yaml);
            match file {
                records::TOPICS => drop(records::topics(&lines, &mut out)),
                _ => drop(records::read(&lines, &mut out)),
            }
            out
        });
    }
}

//! The search of the demo portal in Chromium, in both of its editions: whatever stands in a body is
//! found, in the script that it is written in and in the other.

mod common;

use common::chromium::{Chromium, Tab, console};
use common::search::{Dice, ask, chinese_part, text_of};
use common::served::{NOW, Root, run};
use common::server::{POLICY, Server};
use std::fs;
use std::path::Path;

const PARTS: usize = 200;
fn copy(from: &Path, to: &Path) {
    if from.is_file() {
        fs::copy(from, to).expect("a copy");
        return;
    }
    fs::create_dir_all(to).expect("a folder");
    for entry in fs::read_dir(from).expect("a folder") {
        let name = entry.expect("an entry").file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}

/// An article: its number in the index, and its body as it is written.
struct Article {
    n: usize,
    body: String,
}

/// The articles that the search knows, by the address in its files.
fn articles(root: &Root) -> Vec<Article> {
    let mut sources = Vec::new();
    let mut folders = vec![root.at("content")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                false => sources.push(path),
            }
        }
    }
    let slug = |path: &Path| {
        path.file_stem()
            .map(|stem| stem.to_string_lossy().into_owned())
    };
    let mut found = Vec::new();
    // Those that are not to be found have a number and no text.
    for n in 0..sources.len() {
        let Some(text) = text_of(&root.at("public"), "", n) else {
            continue;
        };
        let own = text.url.trim_end_matches('/').rsplit('/').next();
        let source = sources.iter().find(|path| slug(path).as_deref() == own);
        let Some(source) = source.filter(|path| path.extension().is_some_and(|end| end == "md"))
        else {
            continue;
        };
        let written = fs::read_to_string(source).expect("a source");
        let body = written.splitn(3, "---\n").nth(2).unwrap_or_default();
        // What stands for a picture is not seen, and not searched.
        let seen = body.lines().filter(|line| !line.contains("!["));
        let body = seen.collect::<Vec<_>>().join("\n");
        found.push(Article { n, body });
    }
    found
}

/// The same place in the text of the other edition.
fn in_other_script(root: &Root, n: usize, part: &str) -> Vec<String> {
    let texts = ["", "hant/"].map(|edition| {
        let text = text_of(&root.at("public"), edition, n).expect("a text");
        text.body.lines().map(str::to_string).collect::<Vec<_>>()
    });
    assert_eq!(texts[0].len(), texts[1].len(), "lines of {n}");
    let letters = |line: &str| line.chars().collect::<Vec<char>>();
    let part = letters(part);
    let mut found = Vec::new();
    for (one, other) in texts[0].iter().zip(&texts[1]) {
        let lines = [letters(one), letters(other)];
        if lines[0].len() != lines[1].len() {
            continue;
        }
        for line in &lines {
            let at = line.windows(part.len()).position(|window| window == part);
            if let Some(at) = at {
                found.extend(
                    lines
                        .each_ref()
                        .map(|line| line[at..at + part.len()].iter().collect()),
                );
            }
        }
    }
    found
}

fn check(tab: &Tab, edition: &str, query: &str, n: usize) {
    let answer = ask(tab, query);
    assert!(
        answer.shown.contains(&n) || answer.rest.contains(&n),
        "{query} of {n} in /{edition}: {answer:?}"
    );
    assert!(
        answer.marks >= answer.shown.len(),
        "{query} in /{edition}: {answer:?}"
    );
}

#[test]
fn both_editions_find_what_stands_in_the_demo_in_both_scripts() {
    let root = Root::new(&[]);
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["masthead.yaml", "content", "data"] {
        copy(&repository.join(name), &root.at(name));
    }
    let (status, _, said) = run(&root, "build", &["--as-of", NOW]);
    assert_eq!(status, 0, "{said}");
    let articles = articles(&root);
    assert!(articles.len() > 50, "{} articles", articles.len());
    let server = Server::with_policy(root.at("public"), POLICY, |_| None);
    let chromium = Chromium::launch();
    let tabs = ["", "hant/"].map(|edition| {
        let tab = chromium.tab().expect("a tab");
        let address = server.address(&format!("/{edition}search/"));
        tab.open(&address).expect("the page");
        (edition, tab)
    });
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let (mut asked, mut other) = (0, 0);
    while asked < PARTS {
        let Article { n, body } = &articles[dice.below(articles.len())];
        let Some(part) = chinese_part(body, &mut dice) else {
            continue;
        };
        asked += 1;
        let mut queries = in_other_script(&root, *n, &part);
        queries.push(part.clone());
        queries.sort();
        queries.dedup();
        other += usize::from(queries.len() > 1);
        for query in &queries {
            for (edition, tab) in &tabs {
                check(tab, edition, query, *n);
            }
        }
    }
    println!("{other} of {asked} differ in the other script");
    assert!(other * 2 > asked, "{other} of {asked}");
    for (_, tab) in &tabs {
        let mut said: Vec<String> = tab.events().iter().filter_map(console).collect();
        // Chromium says so of addresses that change faster than a reader types.
        said.retain(|line| !line.contains("Throttling navigation"));
        assert!(said.is_empty(), "{said:#?}");
    }
}

//! Sites in, pages out: see `tests/common/fixture.rs` for the form of the files.

mod common;

use common::fixture;
use masthead::base::diagnostic::Code;
use std::path::Path;

#[test]
fn sites() {
    fixture::run_all("sites");
}

#[test]
fn errors() {
    fixture::run_all("errors");
}

#[test]
fn every_code_has_its_test_and_its_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let names: Vec<&str> = Code::ALL.iter().map(|code| code.name()).collect();
    let missing = |folder: &str| -> Vec<String> {
        let path = |name: &&str| format!("{folder}/{name}.md");
        names
            .iter()
            .map(path)
            .filter(|path| !root.join(path).is_file())
            .collect()
    };
    assert_eq!(missing("docs/content/errors"), Vec::<String>::new());
    // These can't be brought about by content; `tests/laws.rs`, `tests/cli.rs` and
    // `tests/import.rs`, `tests/watch.rs` test them.
    let by_program = [
        "panic",
        "cache",
        "foreign-file",
        "imported",
        "unreadable",
        "unwatched",
    ];
    let untested: Vec<String> = missing("tests/errors")
        .into_iter()
        .filter(|path| {
            !by_program
                .iter()
                .any(|name| path.ends_with(&format!("/{name}.md")))
        })
        .collect();
    assert_eq!(untested, Vec::<String>::new());
}

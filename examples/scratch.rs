//! scratch
#[path = "../tests/common/corpus.rs"]
mod corpus;
use masthead::{
    base::date,
    build::{Input, gather},
    facts::cache,
    sink::store::Folder,
    source::{self, Source},
};
use std::time::Instant;
fn main() {
    let n: usize = std::env::args().nth(1).unwrap().parse().unwrap();
    let root = std::path::PathBuf::from(format!("/dev/shm/c{n}"));
    if !root.exists() {
        corpus::write(
            &root,
            &corpus::Spec {
                articles: n,
                ..Default::default()
            },
        )
        .unwrap();
    }
    let source = source::Directory::new(&root);
    let store = Folder::new(root.join(".masthead"));
    let zone = date::zone("Z").unwrap();
    let now = date::parse("2027-01-01T00:00:00Z")
        .and_then(|at| at.moment(&zone))
        .unwrap();
    let t = Instant::now();
    let l = source.list();
    println!("list {:?} {}", t.elapsed(), l.entries.len());
    for round in 0..2 {
        let t = Instant::now();
        let g = cache::gather(&source, &l, &store, masthead::build::ENGINE);
        println!("cache {:?}", t.elapsed());
        drop(g);
        let t = Instant::now();
        let g = gather(
            &Input {
                source: &source,
                now,
                drafts: false,
                base_url: None,
            },
            &store,
        );
        println!("gather {:?}", t.elapsed());
        let t = Instant::now();
        drop(g);
        println!("drop {:?} {round}", t.elapsed());
    }
}

//! How long it takes from the start of the program until the home page is there.

use crate::browser;
use crate::corpus;
use crate::portal::Portal;
use crate::report::{Report, Row};
use crate::server::Server;
use std::fs;
use std::time::{Duration, Instant};

/// Starts with nothing remembered, and with what an earlier run left.
pub fn measure(portal: &Portal, starts: usize, report: &mut Report) {
    let mut cold = Vec::new();
    for _ in 0..starts {
        let _ = fs::remove_dir_all(portal.store());
        cold.push(home(portal).1);
    }
    let (server, _) = home(portal);
    server.kept(portal);
    let kept = vec![server.started.elapsed()];
    drop(server);
    let mut warm = Vec::new();
    let mut article = Vec::new();
    for _ in 0..starts {
        let (server, took) = home(portal);
        warm.push(took);
        if portal.name != "demo" {
            let url = corpus::url(&portal.spec, portal.spec.articles / 2);
            let started = Instant::now();
            browser::get(server.address, &url);
            article.push(started.elapsed());
        }
    }
    report.add(Row::new(portal, "start", "cold").took(cold));
    report.add(Row::new(portal, "start", "cold, until facts are kept").took(kept));
    report.add(Row::new(portal, "start", "warm").took(warm));
    report.add(Row::new(portal, "start", "first article page").took(article));
}

/// A server, and how long it took until the home page was there.
fn home(portal: &Portal) -> (Server, Duration) {
    let server = Server::start(portal);
    browser::get(server.address, "/");
    let took = server.started.elapsed();
    (server, took)
}

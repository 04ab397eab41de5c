//! `masthead serve`: the preview, and what it says on the terminal.

use super::{DONE, Serve, command};
use crate::base::diagnostic::{Diagnostic, Severity, report};
use crate::serve::http::{self, Limits, Options};
use crate::serve::hub::Hub;
use crate::serve::live::{Live, Wishes};
use crate::serve::session::{self, News};
use crate::sink::store::Folder;
use crate::source::{self, WatchSettings};
use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Serves a site until Ctrl-C.
pub fn serve(wishes: &Serve) -> Result<u8, String> {
    let started = Instant::now();
    command::is_site(&wishes.root)?;
    let moment = wishes.as_of.as_deref().map(command::as_of).transpose()?;
    let base_url = wishes.base_url.as_deref().map(command::base_url);
    let settings = WatchSettings {
        poll: wishes.poll.then_some(Duration::from_secs(1)),
        ..WatchSettings::default()
    };
    let watched = session::watched(&wishes.root, settings).map_err(|said| said.message)?;
    let store = Folder::new(wishes.root.join(command::STORE));
    let live = Live::open(
        Box::new(source::Directory::new(&wishes.root)),
        &store,
        Wishes {
            drafts: wishes.drafts,
            base_url: base_url.transpose()?,
            now: Box::new(move || moment.unwrap_or_else(command::now)),
        },
    );
    let live = Arc::new(live.with_pictures(Box::new(store.clone())));
    let hub = Hub::new();
    let options = Options {
        host: wishes.host.unwrap_or(Ipv4Addr::LOCALHOST.into()),
        port: wishes.port,
        follow: wishes.follow,
        limits: Limits::default(),
    };
    let quiet = wishes.quiet;
    let mut running = None;
    http::serve(
        Arc::clone(&live) as Arc<_>,
        hub.clone(),
        &options,
        |address, home| {
            if !quiet {
                greet(&live, address, &home, started.elapsed());
            }
            if wishes.open
                && let Err(error) = opener::open_browser(&home)
            {
                anstream::eprintln!("the browser can't be opened: {error}");
            }
            let say = move |news| tell(news, quiet);
            running = session::start(watched, Arc::clone(&live), hub, store, say).ok();
        },
    )?;
    if let Some(running) = running {
        running.end();
    }
    Ok(DONE)
}

fn greet(live: &Live, address: SocketAddr, home: &str, took: Duration) {
    let (articles, pages) = live.size();
    let of = |count: usize, what: &str| command::plural(count, what);
    anstream::eprintln!(
        "{}, {}: {home} after {:.2} s; Ctrl-C ends it",
        of(articles, "article"),
        of(pages, "page"),
        took.as_secs_f64()
    );
    if let Some(ip) = seen_from_outside(address.ip()) {
        let path = home.splitn(4, '/').nth(3).unwrap_or("");
        anstream::eprintln!("from other devices: http://{ip}:{}/{path}", address.port());
    }
}

/// The address of this machine in its network. No packet is sent for it.
fn seen_from_outside(bound: IpAddr) -> Option<IpAddr> {
    if !bound.is_unspecified() {
        return None;
    }
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(("192.0.2.1", 9)).ok()?;
    let ip = socket.local_addr().ok()?.ip();
    (!ip.is_loopback() && !ip.is_unspecified()).then_some(ip)
}

fn tell(news: News, quiet: bool) {
    match news {
        // What masthead guessed at a dump is for a build to tell.
        News::Wrong(mut said) => {
            said.retain(|one: &Diagnostic| one.severity != Severity::Note);
            anstream::eprint!("{}", report(&said, true));
        }
        News::Updated(..) | News::Mended if quiet => {}
        News::Updated(paths, took) => {
            anstream::eprintln!("{} in {} ms", changed(&paths), took.as_millis());
        }
        News::Mended => anstream::eprintln!("all is well again"),
    }
}

fn changed(paths: &BTreeSet<String>) -> String {
    match paths.len() {
        1 => format!("shown: {}", paths.first().map_or("", String::as_str)),
        count => format!("shown: {count} changes"),
    }
}

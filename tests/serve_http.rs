//! The preview as HTTP: paths, names, methods, types, parts, conditions; streams; and the slow,
//! the many and the broken.

mod common;

use common::fake::{Fake, Preview};
use masthead::serve::http::{Limits, Options};
use masthead::serve::path::{self, Refusal};
use masthead::serve::{Trouble, Update};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{IpAddr, Ipv4Addr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

const HOME: &str = "<!doctype html><title>首页</title><p>首页</body></html>\n";

fn site(base: &str) -> Arc<Fake> {
    let long = "港口".repeat(100);
    Fake::new(
        base,
        &[
            ("/", HOME),
            ("/国际/", "<!doctype html><p>国际"),
            ("/cut.html", "<p>港口\n"),
            ("/site.css", "body { color: black }"),
            ("/feed.xml", "<rss/>"),
            ("/a.mp4", "0123456789"),
            ("/a?b.txt", long.as_str()),
            ("/empty.txt", ""),
        ],
    )
}

/// A response.
#[derive(Debug)]
struct Reply {
    status: u16,
    head: String,
    body: Vec<u8>,
}

impl Reply {
    fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(": ")?;
            key.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    fn text(&self) -> &str {
        std::str::from_utf8(&self.body).expect("UTF-8")
    }
}

fn connected(preview: &Preview) -> TcpStream {
    TcpStream::connect(preview.address).expect("a connection")
}

/// Sends bytes and reads until the server closes.
fn exchange(preview: &Preview, request: &[u8]) -> Reply {
    let mut stream = connected(preview);
    stream.write_all(request).expect("sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("a response");
    let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
    let end = end.unwrap_or_else(|| panic!("no head: {:?}", String::from_utf8_lossy(&bytes)));
    let head = String::from_utf8(bytes[..end].to_vec()).expect("a head");
    let status = head
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    Reply {
        status: status.expect("a status"),
        head,
        body: bytes[end + 4..].to_vec(),
    }
}

fn asked(preview: &Preview, method: &str, target: &str, headers: &str) -> Reply {
    let request = format!(
        "{method} {target} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    );
    exchange(preview, request.as_bytes())
}

fn get(preview: &Preview, target: &str) -> Reply {
    asked(preview, "GET", target, "")
}

#[test]
fn paths() {
    let preview = Preview::new(site(""));
    let check = |target: &str, status: u16, location: Option<&str>| {
        let reply = get(&preview, target);
        assert_eq!(reply.status, status, "{target}");
        assert_eq!(reply.header("location"), location, "{target}");
    };
    check("/", 200, None);
    check("/?x=1", 200, None);
    check("/%E5%9B%BD%E9%99%85/", 200, None);
    check("/国际/", 200, None);
    check("/国际", 308, Some("/%E5%9B%BD%E9%99%85/"));
    check("/国际?x=1", 308, Some("/%E5%9B%BD%E9%99%85/?x=1"));
    check("/site.css?v=2", 200, None);
    check("/a%3Fb.txt", 200, None);
    check("/a?b.txt", 404, None);
    check("/nothing", 404, None);
    check("/_masthead/live.js", 200, None);
    check("/_masthead/worker.js", 200, None);
    check("/_masthead/other.js", 404, None);
    for refused in [
        "/../a",
        "/a/..",
        "/%2e%2e/a",
        "/.%2E/",
        "/./a",
        "/a%00",
        "/a%0d%0ab",
        "/a\\b",
        "/a%5cb",
        "/a%2fb",
        "//etc/passwd",
        "/%c0%ae",
        "/%ff",
        "/100%",
        "/%E5%9B",
    ] {
        check(refused, 400, None);
    }
    check("/bug", 500, None);
    check("/", 200, None);
    // A target with a name in it, as proxies write it.
    check("http://localhost/", 200, None);
    check("http://evil.test/", 403, None);
}

#[test]
fn below_a_base_path() {
    let preview = Preview::new(site("/news"));
    assert!(preview.home.ends_with("/news/"), "{}", preview.home);
    let check = |target: &str, status: u16, location: Option<&str>| {
        let reply = get(&preview, target);
        assert_eq!(reply.status, status, "{target}");
        assert_eq!(reply.header("location"), location, "{target}");
    };
    check("/news/", 200, None);
    check("/news/site.css", 200, None);
    check("/news/_masthead/live.js", 200, None);
    check("/", 307, Some("/news/"));
    check("/news", 307, Some("/news/"));
    check("/newsroom/", 404, None);
    check("/site.css", 404, None);
    check("/_masthead/live.js", 404, None);
    check("/news/国际", 308, Some("/news/%E5%9B%BD%E9%99%85/"));
    let page = get(&preview, "/news/");
    let script = "<script src=\"/news/_masthead/live.js\" data-page=\"/\"";
    assert!(page.text().contains(script), "{}", page.text());
}

#[test]
fn names_of_the_machine() {
    let preview = Preview::new(site(""));
    let check = |host: &str, status: u16| {
        let request = format!("GET / HTTP/1.1\r\n{host}Connection: close\r\n\r\n");
        let reply = exchange(&preview, request.as_bytes());
        assert_eq!(reply.status, status, "{host}: {}", reply.head);
        reply
    };
    for host in ["localhost:4000", "127.0.0.1", "[::1]:4000", "LocalHost"] {
        check(&format!("Host: {host}\r\n"), 200);
    }
    let refused = check("Host: evil.test:4000\r\n", 403);
    assert!(refused.text().contains("localhost, 127.0.0.1 and [::1]"));
    check("Host: 192.168.1.2\r\n", 403);
    check("Host: localhost.evil.test\r\n", 403);
    check("Host: a@localhost\r\n", 400);
    check("Host: localhost\r\nHost: evil.test\r\n", 400);
    check("", 400);
    let bare = exchange(&preview, b"GET / HTTP/1.0\r\n\r\n");
    assert_eq!(bare.status, 400);
}

#[test]
fn methods() {
    let preview = Preview::new(site(""));
    for method in [
        "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND",
    ] {
        for target in ["/", "/_masthead/events", "/nothing"] {
            let reply = asked(&preview, method, target, "Content-Length: 0\r\n");
            assert_eq!(reply.status, 405, "{method} {target}");
            assert_eq!(reply.header("allow"), Some("GET, HEAD"));
        }
    }
    for target in [
        "/",
        "/site.css",
        "/nothing",
        "/a%00",
        "/国际",
        "/_masthead/live.js",
    ] {
        let (get, head) = (get(&preview, target), asked(&preview, "HEAD", target, ""));
        assert_eq!(get.status, head.status, "{target}");
        assert!(head.body.is_empty(), "{target}");
        for name in ["content-length", "content-type", "etag", "location"] {
            assert_eq!(get.header(name), head.header(name), "{target}: {name}");
        }
    }
    assert_eq!(asked(&preview, "HEAD", "/_masthead/events", "").status, 200);
}

#[test]
fn headers() {
    let preview = Preview::new(site(""));
    for (target, kind) in [
        ("/", "text/html; charset=utf-8"),
        ("/nothing", "text/html; charset=utf-8"),
        ("/site.css", "text/css; charset=utf-8"),
        ("/feed.xml", "application/rss+xml; charset=utf-8"),
        ("/a.mp4", "video/mp4"),
        ("/_masthead/live.js", "text/javascript; charset=utf-8"),
        ("/a%00", "text/plain; charset=utf-8"),
    ] {
        let reply = asked(&preview, "GET", target, "Origin: http://evil.test\r\n");
        assert_eq!(reply.header("content-type"), Some(kind), "{target}");
        assert_eq!(reply.header("x-content-type-options"), Some("nosniff"));
        assert_eq!(reply.header("cache-control"), Some("no-cache"));
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
}

#[test]
fn a_page_is_what_a_build_writes_and_one_tag() {
    let preview = Preview::new(site(""));
    let built = |target: &str, bytes: &str| {
        let reply = get(&preview, target);
        let tag = reply
            .text()
            .strip_prefix(bytes)
            .expect("the page first")
            .to_string();
        assert!(
            tag.starts_with("<script src=\"/_masthead/live.js\" "),
            "{tag}"
        );
        assert!(tag.ends_with(" defer></script>\n"), "{tag}");
        assert_eq!(tag.matches('<').count(), 2, "{tag}");
        tag
    };
    built("/", HOME);
    built("/cut.html", "<p>港口\n");
    let tag = built("/国际/", "<!doctype html><p>国际");
    assert!(tag.contains("data-page=\"/%E5%9B%BD%E9%99%85/\""), "{tag}");
    let missing = get(&preview, "/%22%3E%3Cscript%3E");
    assert_eq!(missing.text().matches("<script").count(), 1);
    assert_eq!(get(&preview, "/site.css").text(), "body { color: black }");
}

#[test]
fn conditions() {
    let preview = Preview::new(site(""));
    let check = |target: &str, condition: &str, status: u16| {
        let reply = asked(
            &preview,
            "GET",
            target,
            &format!("If-None-Match: {condition}\r\n"),
        );
        assert_eq!(reply.status, status, "{target}: {condition}");
        if status == 304 {
            assert!(reply.body.is_empty() && reply.header("etag").is_some());
        }
    };
    for target in ["/", "/site.css", "/_masthead/live.js"] {
        let tag = get(&preview, target)
            .header("etag")
            .expect("a tag")
            .to_string();
        check(target, &tag, 304);
        check(target, &format!("W/{tag}"), 304);
        check(target, &format!("\"other\", {tag}"), 304);
        check(target, "*", 304);
        check(target, "\"other\"", 200);
        check(target, tag.trim_matches('"'), 200);
        // An update that touches no file leaves pages as they are.
        preview.publish(&[], None);
        check(target, &tag, 304);
    }
    check("/nothing", "*", 404);
    let tag = get(&preview, "/")
        .header("etag")
        .expect("a tag")
        .to_string();
    preview.edit("/", "<p>新");
    check("/", &tag, 200);
}

#[test]
fn parts() {
    let preview = Preview::new(site(""));
    let tag = get(&preview, "/a.mp4")
        .header("etag")
        .expect("a tag")
        .to_string();
    let check = |headers: &str, status: u16, range: Option<&str>, body: &str| {
        let reply = asked(&preview, "GET", "/a.mp4", headers);
        assert_eq!(reply.status, status, "{headers}");
        assert_eq!(reply.header("content-range"), range, "{headers}");
        assert_eq!(reply.text(), body, "{headers}");
    };
    let whole = "0123456789";
    check("", 200, None, whole);
    check("Range: bytes=0-3\r\n", 206, Some("bytes 0-3/10"), "0123");
    check("Range: bytes=7-\r\n", 206, Some("bytes 7-9/10"), "789");
    check("Range: bytes=-2\r\n", 206, Some("bytes 8-9/10"), "89");
    check("Range: bytes=10-\r\n", 416, Some("bytes */10"), "");
    check("Range: bytes=0-1,3-4\r\n", 200, None, whole);
    check("Range: pages=1\r\n", 200, None, whole);
    let fits = format!("Range: bytes=0-0\r\nIf-Range: {tag}\r\n");
    check(&fits, 206, Some("bytes 0-0/10"), "0");
    check(
        "Range: bytes=0-0\r\nIf-Range: \"other\"\r\n",
        200,
        None,
        whole,
    );
    let date = "Range: bytes=0-0\r\nIf-Range: Tue, 24 Nov 2026 04:00:00 GMT\r\n";
    check(date, 200, None, whole);
    let known = format!("Range: bytes=0-0\r\nIf-None-Match: {tag}\r\n");
    check(&known, 304, None, "");
    let range = "Range: bytes=0-0\r\n";
    assert_eq!(asked(&preview, "HEAD", "/a.mp4", range).status, 200);
    assert_eq!(asked(&preview, "GET", "/", range).status, 200);
    assert_eq!(asked(&preview, "GET", "/empty.txt", range).status, 416);
    let header = |target| {
        get(&preview, target)
            .header("accept-ranges")
            .map(str::to_string)
    };
    assert_eq!(header("/a.mp4").as_deref(), Some("bytes"));
    assert_eq!(header("/"), None);
}

/// A stream of events.
struct Events(BufReader<TcpStream>);

impl Events {
    fn new(preview: &Preview, query: &str) -> Events {
        let mut stream = connected(preview);
        let head = format!("GET /_masthead/events?{query} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream.write_all(head.as_bytes()).expect("sent");
        Events(BufReader::new(stream))
    }

    /// The next message.
    fn next(&mut self) -> Value {
        let mut line = String::new();
        loop {
            line.clear();
            assert_ne!(self.0.read_line(&mut line).expect("a line"), 0, "it ended");
            if let Some(data) = line.strip_prefix("data: ") {
                return serde_json::from_str(data).expect("JSON");
            }
        }
    }

    fn rest(mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        let _ = self.0.read_to_end(&mut rest);
        rest
    }
}

/// What a page says of itself, as a query.
fn tab(preview: &Preview, page: &str) -> String {
    let reply = get(preview, page);
    let of = |key: &str| {
        let (_, rest) = reply
            .text()
            .split_once(&format!("{key}=\""))
            .expect("a key");
        rest.split('"').next().expect("a value").to_string()
    };
    let (page, print, mark) = (of("data-page"), of("data-print"), of("data-mark"));
    format!(
        "page={}&print={print}&mark={mark}",
        page.replace('%', "%25")
    )
}

#[test]
fn of_three_tabs_the_one_whose_page_changed_reloads() {
    let preview = Preview::new(site(""));
    let tabs = ["/", "/国际/", "/cut.html"].map(|page| tab(&preview, page));
    let mut alone = tabs.clone().map(|tab| Events::new(&preview, &tab));
    let mut together = Events::new(&preview, &tabs.join("&"));
    for events in alone.iter_mut().chain([&mut together]) {
        let first = events.next();
        assert_eq!(first["tabs"], json!([]), "{first}");
        assert_eq!(first["trouble"], json!({"total": 0, "reports": []}));
    }
    preview.edit("/国际/", "<p>新");
    for (at, events) in alone.iter_mut().enumerate() {
        let reloads = if at == 1 {
            json!([{"tab": 0, "reload": true, "files": []}])
        } else {
            json!([])
        };
        let news = events.next();
        assert_eq!(news["tabs"], reloads, "{at}: {news}");
        assert!(news.get("trouble").is_none() && news.get("follow").is_none());
    }
    let news = together.next();
    assert_eq!(
        news["tabs"],
        json!([{"tab": 1, "reload": true, "files": []}])
    );
    // Told once is told; the others go on.
    preview.edit("/", "<p>新");
    let news = together.next();
    assert_eq!(
        news["tabs"],
        json!([{"tab": 0, "reload": true, "files": []}])
    );
    assert_eq!(alone[1].next()["tabs"], json!([]));
}

#[test]
fn a_tab_that_comes_late_is_told_at_once() {
    let preview = Preview::new(site(""));
    let stale = tab(&preview, "/");
    preview.edit("/", "<p>新");
    let news = Events::new(&preview, &stale).next();
    assert_eq!(
        news["tabs"],
        json!([{"tab": 0, "reload": true, "files": []}])
    );

    let before = tab(&preview, "/国际/");
    preview.edit("/site.css", "body {}");
    let files = json!([{"tab": 0, "reload": false, "files": ["/site.css"]}]);
    assert_eq!(Events::new(&preview, &before).next()["tabs"], files);
    let after = tab(&preview, "/国际/");
    assert_eq!(Events::new(&preview, &after).next()["tabs"], json!([]));
    // The page of an earlier run of the server: which files changed since, nobody knows.
    let other = after.replace("mark=", "mark=1");
    let any = json!([{"tab": 0, "reload": false, "files": ["*"]}]);
    assert_eq!(Events::new(&preview, &other).next()["tabs"], any);

    let missing = tab(&preview, "/new/");
    let mut events = Events::new(&preview, &missing);
    assert_eq!(events.next()["tabs"], json!([]));
    preview.edit("/new/", "<p>有了");
    assert_eq!(events.next()["tabs"][0]["reload"], json!(true));
}

#[test]
fn trouble_comes_and_goes() {
    let preview = Preview::new(site(""));
    let trouble = |severity: &'static str, message: &str| Trouble {
        severity,
        message: message.to_string(),
        place: "content/a.md:3:7".to_string(),
        report: "error: …".to_string(),
    };
    let (warning, error) = (
        trouble("warning", "tags twice"),
        trouble("error", "no title"),
    );
    preview.fake.complain(&[warning.clone(), error]);
    let mut events = Events::new(&preview, "page=/");
    let first = events.next();
    let order: Vec<&Value> = (0..2)
        .map(|at| &first["trouble"]["reports"][at]["severity"])
        .collect();
    assert_eq!(order, ["error", "warning"], "{first}");
    preview.publish(&[], None);
    assert!(events.next().get("trouble").is_none());
    preview.fake.complain(&vec![warning; 60]);
    preview.publish(&[], None);
    let many = events.next();
    assert_eq!(many["trouble"]["total"], json!(60));
    assert_eq!(
        many["trouble"]["reports"].as_array().map(Vec::len),
        Some(50)
    );
    preview.fake.complain(&[]);
    preview.publish(&[], None);
    assert_eq!(events.next()["trouble"]["total"], json!(0));
}

#[test]
fn only_who_follows_is_led() {
    for follow in [true, false] {
        let options = Options {
            port: Some(0),
            follow,
            ..Options::default()
        };
        let preview = Preview::with(site("/news"), options).expect("a preview");
        let mut stream = connected(&preview);
        let head = "GET /news/_masthead/events?page=/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
        stream.write_all(head.as_bytes()).expect("sent");
        let mut events = Events(BufReader::new(stream));
        assert!(events.next().get("follow").is_none());
        preview.publish(&[], Some("/国际/"));
        let followed = events.next().get("follow").cloned();
        assert_eq!(followed, follow.then(|| json!("/news/%E5%9B%BD%E9%99%85/")));
        preview.publish(&[], None);
        assert!(events.next().get("follow").is_none());
    }
}

#[test]
fn foreign_pages_hear_nothing() {
    let preview = Preview::new(site(""));
    for origin in ["http://evil.test", "http://localhost:3000", "null"] {
        let headers = format!("Origin: {origin}\r\n");
        let reply = asked(&preview, "GET", "/_masthead/events?page=/", &headers);
        assert_eq!(reply.status, 403, "{origin}");
    }
}

#[test]
fn a_port_in_use_is_passed_by_or_complained_about() {
    // Whoever holds it, this test or another program, it is in use.
    let held = TcpListener::bind((Ipv4Addr::LOCALHOST, 4000));
    let usual = Preview::with(site(""), Options::default()).expect("a preview");
    assert!(
        (4001..4100).contains(&usual.address.port()),
        "{}",
        usual.home
    );
    let named = |port| Options {
        port: Some(port),
        ..Options::default()
    };
    let port = usual.address.port();
    let error = Preview::with(site(""), named(port))
        .err()
        .expect("an error");
    let expect = format!(
        "port {port} is in use: name another one, as in `--port {}`",
        port + 1
    );
    assert!(error.starts_with(&expect), "{error}");
    let nowhere = Options {
        host: IpAddr::from([192, 0, 2, 1]),
        ..named(0)
    };
    let error = Preview::with(site(""), nowhere).err().expect("an error");
    assert!(error.contains("`--host 127.0.0.1`"), "{error}");
    drop(held);
}

/// Each of them holds the only place that there is, until the server has had enough of it.
#[test]
fn the_slow_are_shown_out() {
    let fake = site("");
    fake.put("/big.bin", &vec![7; 64 << 20]);
    let brief = Duration::from_millis(200);
    let limits = Limits {
        connections: 1,
        head: brief,
        stall: brief,
        ..Limits::default()
    };
    let options = Options {
        port: Some(0),
        limits,
        ..Options::default()
    };
    let preview = Preview::with(fake, options).expect("a preview");
    let whole = "GET /big.bin HTTP/1.1\r\nHost: localhost\r\n\r\n";
    for begun in ["", "GET / HTTP/1.1\r\nHost: loc", whole] {
        let mut slow = connected(&preview);
        slow.write_all(begun.as_bytes()).expect("sent");
        assert_eq!(get(&preview, "/").status, 200, "{begun:?}");
    }
    // A connection that was used and then kept.
    let mut kept = connected(&preview);
    kept.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .expect("sent");
    kept.read_exact(&mut [0; 15]).expect("a response");
    assert_eq!(get(&preview, "/").status, 200);
}

fn threads() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("Threads:"));
    line.and_then(|number| number.trim().parse().ok())
        .unwrap_or(0)
}

/// Reads a response of a kept connection, and gives its status.
fn status(stream: &mut BufReader<TcpStream>) -> u16 {
    let (mut first, mut length) = (String::new(), 0);
    stream.read_line(&mut first).expect("a status");
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).expect("a header");
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length: ") {
            length = value.parse().expect("a length");
        }
    }
    std::io::copy(&mut stream.take(length), &mut std::io::sink()).expect("a body");
    let status = first
        .split(' ')
        .nth(1)
        .and_then(|status| status.parse().ok());
    status.unwrap_or_else(|| panic!("no status: {first:?}"))
}

#[test]
fn five_hundred_connections_and_ten_thousand_requests() {
    let preview = Preview::new(site(""));
    let mut open: Vec<_> = (0..500)
        .map(|_| BufReader::new(connected(&preview)))
        .collect();
    for stream in &mut open {
        let request = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET /site.css HTTP/1.1\r\nHost: l";
        stream.get_mut().write_all(request).expect("sent");
    }
    // All of them have their page, and stand in the middle of the next request.
    assert!(open.iter_mut().all(|stream| status(stream) == 200));
    let with_all = threads();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let mut stream = BufReader::new(connected(&preview));
                for at in 0..2500 {
                    let target = ["/", "/site.css", "/nothing", "/国际"][at % 4];
                    let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
                    stream
                        .get_mut()
                        .write_all(request.as_bytes())
                        .expect("sent");
                    assert_eq!(status(&mut stream), [200, 200, 404, 308][at % 4]);
                }
            });
        }
    });
    for stream in &mut open {
        stream
            .get_mut()
            .write_all(b"ocalhost\r\n\r\n")
            .expect("sent");
    }
    assert!(open.iter_mut().all(|stream| status(stream) == 200));
    let most = preview.fake.most.load(Ordering::SeqCst);
    assert!(most <= Limits::default().answers, "{most} at a time");
    // Other tests run in the same process, with few threads each.
    assert!(with_all < 200, "{with_all} threads");
}

#[test]
fn a_stop_waits_for_nobody() {
    let mut preview = Preview::new(site(""));
    let mut open: Vec<_> = (0..5).map(|_| Events::new(&preview, "page=/")).collect();
    for events in &mut open {
        events.next();
    }
    let mut half = connected(&preview);
    half.write_all(b"GET / HT").expect("sent");
    assert_eq!(preview.stop(), Ok(()));
    for events in open {
        events.rest();
    }
    assert!(TcpStream::connect(preview.address).is_err());
}

/// Not a test by itself: what `ctrl_c_ends_it` starts and interrupts.
#[test]
fn serve_until_interrupted() {
    if std::env::var_os("MASTHEAD_SERVES").is_some() {
        let mut preview = Preview::new(site(""));
        println!("\nat {}", preview.address);
        assert_eq!(preview.wait(), Ok(()));
        println!("\nended");
    }
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_it() {
    let mut child = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", "serve_until_interrupted", "--nocapture"])
        .env("MASTHEAD_SERVES", "1")
        .stdout(Stdio::piped())
        .spawn()
        .expect("a process");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    let address = output.find_map(|line| Some(line.ok()?.strip_prefix("at ")?.to_string()));
    let mut stream = TcpStream::connect(address.expect("an address")).expect("a connection");
    let head = "GET /_masthead/events?page=/ HTTP/1.1\r\nHost: localhost\r\n\r\n";
    stream.write_all(head.as_bytes()).expect("sent");
    let mut events = Events(BufReader::new(stream));
    events.next();
    let id = child.id().to_string();
    let sent = Command::new("sh")
        .args(["-c", "kill -INT $0", &id])
        .status();
    assert!(sent.expect("a shell").success());
    assert!(child.wait().expect("an end").success());
    assert!(output.any(|line| line.is_ok_and(|line| line == "ended")));
    events.rest();
}

/// Random numbers that are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % below as u64) as usize
    }

    /// A path, likely a bad one.
    fn path(&mut self, out: &mut String) {
        const PARTS: &[&str] = &[
            "/",
            "/",
            "/",
            "a",
            "news",
            "国际",
            ".",
            "..",
            "%2e",
            "%2E",
            "%2f",
            "%5C",
            "%5c",
            "\\",
            "%00",
            "%",
            "%2",
            "%25",
            "%252e",
            "%c0%ae",
            "%E5%9B%BD",
            "%e5",
            "%9b",
            "%ff",
            "?",
            "#",
            "%0d%0a",
            "\u{0}",
            "\u{85}",
            "%C2%85",
            "%u002e",
            "//",
            "/../",
            "/./",
            " ",
            "~",
            ":",
            "é",
        ];
        out.clear();
        if self.roll(8) > 0 {
            out.push('/');
        }
        for _ in 0..self.roll(9) {
            match self.roll(8) {
                0 => out.push(char::from(self.roll(128) as u8)),
                1 => out.push_str(&format!("%{:02x}", self.roll(256))),
                _ => out.push_str(PARTS[self.roll(PARTS.len())]),
            }
        }
    }
}

#[test]
fn no_path_leads_out_of_the_site() {
    let (mut dice, mut raw) = (Dice(0x6d61_7374_6865_6164), String::new());
    let (mut urls, mut bad) = (0, 0);
    for _ in 0..1_500_000 {
        dice.path(&mut raw);
        let base = ["", "/news", "/国际"][dice.roll(3)];
        match path::url(base, &raw) {
            Ok(url) => {
                urls += 1;
                assert!(url.starts_with('/'), "{raw:?} is {url:?}");
                assert!(
                    !url.contains(|c: char| c == '\\' || c.is_control()),
                    "{raw:?}"
                );
                assert!(!url.contains("//"), "{raw:?} is {url:?}");
                assert!(
                    !url.split('/').any(|part| part == ".." || part == "."),
                    "{raw:?}"
                );
                assert!(url.len() <= raw.len(), "{raw:?} is {url:?}");
                assert_eq!(path::checked(&url), Ok(()));
            }
            Err(Refusal::Bad(_)) => bad += 1,
            Err(_) => {}
        }
    }
    assert!(urls > 100_000 && bad > 100_000, "{urls} good, {bad} bad");
}

#[test]
fn no_request_does_harm() {
    let preview = Preview::new(site(""));
    let (mut dice, mut raw) = (Dice(7), String::new());
    let mut stream = BufReader::new(connected(&preview));
    let mut seen = std::collections::BTreeMap::new();
    for _ in 0..10_000 {
        dice.path(&mut raw);
        let target = raw.replace(['\r', '\n'], "%0a");
        let request = format!("GET {target} HTTP/1.1\r\nHost: localhost\r\n\r\n");
        stream
            .get_mut()
            .write_all(request.as_bytes())
            .expect("sent");
        let status = status(&mut stream);
        *seen.entry(status).or_insert(0) += 1;
        // A head that can't be read ends the connection; so may another refusal.
        if status == 400 {
            stream = BufReader::new(connected(&preview));
        }
    }
    // A target without a slash may be a name, and no name of this machine.
    let known = [200, 308, 400, 403, 404];
    assert!(seen.keys().all(|status| known.contains(status)), "{seen:?}");
    assert!(seen[&404] > 500 && seen[&400] > 500, "{seen:?}");
    let wrong = preview.fake.wrong.lock().expect("a lock");
    assert!(wrong.is_empty(), "{wrong:?}");
}

#[test]
fn updates_come_from_any_thread() {
    let preview = Preview::new(site(""));
    let mut events = Events::new(&preview, &tab(&preview, "/"));
    events.next();
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..250 {
                    preview.hub.publish(Update::default());
                }
            });
        }
    });
    preview.edit("/", "<p>末");
    // However many updates one message stands for, the last change is told.
    while events.next()["tabs"] == json!([]) {}
}

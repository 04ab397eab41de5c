//! A site on disk, the real command that serves it, and the comparison of the two: what is served
//! is what a build of the same files writes.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use super::fixture::moment;
use masthead::base::slug::percent_encoded;
use masthead::build::timings::Timings;
use masthead::build::{self, Job};
use masthead::sink::memory::Memory;
use masthead::sink::store;
use masthead::site::route::url_of;
use masthead::source::Directory;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// The moment that all sites are shown at.
pub const NOW: &str = "2026-11-24T12:00:00+08:00";

/// How long anything may take on a busy machine.
const LIMIT: Duration = Duration::from_secs(15);

/// How long to wait before looking again.
const AGAIN: Duration = Duration::from_millis(10);

/// Looks again and again until there is what is wanted.
pub fn until<T>(what: &str, mut look: impl FnMut() -> Result<T, String>) -> T {
    let late = Instant::now() + LIMIT;
    loop {
        match look() {
            Ok(found) => return found,
            Err(why) if Instant::now() > late => panic!("{what}: {why}"),
            Err(_) => thread::sleep(AGAIN),
        }
    }
}

/// A site in a folder whose name has spaces and Chinese in it.
pub struct Root {
    folder: tempfile::TempDir,
    path: PathBuf,
}

impl Root {
    pub fn new(files: &[(&str, &str)]) -> Root {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("晨星 新闻 portal");
        fs::create_dir_all(path.join("content")).expect("a folder");
        let root = Root { folder, path };
        files.iter().for_each(|(path, text)| root.write(path, text));
        root
    }

    /// A path below the site's root.
    pub fn at(&self, path: &str) -> PathBuf {
        self.path.join(path)
    }

    /// A path beside the site.
    pub fn beside(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.at(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        fs::write(&path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    pub fn read(&self, path: &str) -> String {
        fs::read_to_string(self.at(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Writes a file with some of its text replaced.
    pub fn replace(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert!(text.contains(old), "{path} has no {old}");
        self.write(path, text.replace(old, new));
    }

    pub fn rename(&self, from: &str, to: &str) {
        let to = self.at(to);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::rename(self.at(from), to).unwrap_or_else(|error| panic!("{from}: {error}"));
    }

    pub fn remove(&self, path: &str) {
        let at = self.at(path);
        let removed = match at.is_dir() {
            true => fs::remove_dir_all(at),
            false => fs::remove_file(at),
        };
        removed.unwrap_or_else(|error| panic!("{path}: {error}"));
    }

    /// The files that a build of the site leaves, by URL, with nothing remembered.
    pub fn built(&self, wishes: &Wishes) -> BTreeMap<String, Vec<u8>> {
        let sink = Memory::new();
        let outcome = build::build(&Job {
            source: &Directory::new(&self.path),
            sink: &sink,
            store: &store::Memory::default(),
            output: "0",
            now: moment(NOW),
            drafts: wishes.drafts,
            base_url: wishes.base_url,
            check: false,
            progress: &|_, _| {},
            timings: &Timings::off(),
        });
        assert!(!outcome.halted, "{:?}", outcome.diagnostics);
        let files = std::mem::take(&mut *sink.files());
        files
            .into_iter()
            .filter(|(path, _)| !path.starts_with(".masthead"))
            .map(|(path, bytes)| (url_of(&path), bytes))
            .collect()
    }
}

/// How a site is served.
#[derive(Default, Clone)]
pub struct Wishes {
    pub drafts: bool,
    pub base_url: Option<&'static str>,
    pub follow: bool,
}

/// The command at work; it is killed when this is dropped.
pub struct Served<'a> {
    pub root: &'a Root,
    pub child: Child,
    /// Host and port.
    pub host: String,
    /// The base path.
    pub base: String,
    said: Arc<Mutex<String>>,
    wishes: Wishes,
    /// All URLs that there ever were.
    known: Mutex<BTreeSet<String>>,
    client: Mutex<Option<BufReader<TcpStream>>>,
}

/// A reply.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub location: Option<String>,
    pub body: Vec<u8>,
}

impl Reply {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body without the one tag of the preview.
    pub fn page(&self) -> Result<&[u8], String> {
        let script = b"<script src=\"";
        let starts = self.body.windows(script.len());
        let at = starts.enumerate().rfind(|(_, window)| window == script);
        let (page, tag) = self.body.split_at(at.ok_or("no script tag")?.0);
        let tag = String::from_utf8_lossy(tag);
        let own = tag.contains("/_masthead/live.js\" data-page=\"")
            && tag.ends_with(" defer></script>\n")
            && tag.matches('<').count() == 2;
        own.then_some(page).ok_or(format!("no tag: {tag}"))
    }
}

/// The command with a site that it is about; the flags of the site's moment are for the caller.
pub fn command(root: &Root, name: &str, flags: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_masthead"));
    command
        .args([name, "--root"])
        .arg(&root.path)
        .args(flags)
        .stdin(Stdio::null());
    command
}

/// Runs the command to its end: exit status, stdout and stderr.
pub fn run(root: &Root, name: &str, flags: &[&str]) -> (i32, String, String) {
    let output = command(root, name, flags).output().expect("masthead runs");
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let status = output.status.code().unwrap_or(-1);
    (status, text(&output.stdout), text(&output.stderr))
}

impl<'a> Served<'a> {
    /// Serves at a free port, and waits until it says where.
    pub fn new(root: &'a Root) -> Served<'a> {
        Served::with(root, Wishes::default())
    }

    pub fn with(root: &'a Root, wishes: Wishes) -> Served<'a> {
        let mut flags = vec!["--port", "0", "--as-of", NOW];
        let base_url = wishes.base_url.iter();
        flags.extend(base_url.flat_map(|url| ["--base-url", url]));
        flags.extend(wishes.drafts.then_some("--drafts"));
        flags.extend(wishes.follow.then_some("--follow"));
        Served::by(root, &flags, wishes)
    }

    /// Serves by these flags.
    pub fn by(root: &'a Root, flags: &[&str], wishes: Wishes) -> Served<'a> {
        let mut command = command(root, "serve", flags);
        let piped = command.stdout(Stdio::null()).stderr(Stdio::piped());
        let mut child = piped.spawn().expect("masthead runs");
        let mut stderr = child.stderr.take().expect("a pipe");
        let said = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&said);
        thread::spawn(move || {
            let mut bytes = [0; 4096];
            let mut all = Vec::new();
            while let Ok(count @ 1..) = stderr.read(&mut bytes) {
                all.extend_from_slice(&bytes[..count]);
                *heard.lock().expect("a lock") = String::from_utf8_lossy(&all).into_owned();
            }
        });
        let home = until("a URL", || {
            let said = said.lock().expect("a lock").clone();
            let line = said.lines().find(|line| line.contains("Ctrl-C ends it"));
            let found = line.and_then(|line| line.split(' ').find(|word| word.starts_with("http")));
            found.map(str::to_string).ok_or(said)
        });
        let address = home.strip_prefix("http://").expect("a URL");
        let (host, base) = address.split_once('/').expect("a path");
        Served {
            root,
            child,
            host: host.to_string(),
            base: format!("/{base}").trim_end_matches('/').to_string(),
            said,
            wishes,
            known: Mutex::default(),
            client: Mutex::default(),
        }
    }

    /// The address of a URL.
    pub fn address(&self, url: &str) -> String {
        format!("http://{}{}{}", self.host, self.base, percent_encoded(url))
    }

    /// All that it said on the terminal.
    pub fn said(&self) -> String {
        self.said.lock().expect("a lock").clone()
    }

    /// Waits until it has said something.
    pub fn hears(&self, what: &str) {
        until(what, || {
            let said = self.said();
            said.contains(what).then_some(()).ok_or(said)
        });
    }

    /// What stands at a URL of the site.
    pub fn get(&self, url: &str) -> Reply {
        self.fetch(&format!("{}{}", self.base, percent_encoded(url)))
    }

    /// What a path of the host leads to.
    pub fn fetch(&self, path: &str) -> Reply {
        let mut client = self.client.lock().expect("a lock");
        if let Some(reply) = client.as_mut().and_then(|client| ask(client, path)) {
            return reply;
        }
        let stream = TcpStream::connect(&self.host).expect("a connection");
        stream.set_read_timeout(Some(LIMIT)).expect("a limit");
        let client = client.insert(BufReader::new(stream));
        ask(client, path).unwrap_or_else(|| panic!("{path}: no answer; {}", self.said()))
    }

    /// Waits until a page holds a text.
    pub fn shows(&self, url: &str, text: &str) {
        until(&format!("{url} shows {text}"), || {
            let reply = self.get(url);
            let found = reply.status == 200 && reply.text().contains(text);
            found.then_some(()).ok_or(reply.text())
        });
    }

    /// Waits until what is served at all URLs is what a fresh build writes, and what was served
    /// once and is no more is not found. Gives how many files there are.
    pub fn is_as_built(&self) -> usize {
        let built = self.root.built(&self.wishes);
        let mut known = self.known.lock().expect("a lock");
        known.extend(built.keys().cloned());
        let missing = built.get("/404.html");
        let mut last = None;
        until("as built", || {
            // What differed a moment ago is looked at first.
            let first: Vec<String> = last.iter().cloned().collect();
            for url in first.iter().chain(&*known) {
                let same = match built.get(url) {
                    Some(bytes) => self.is_same(url, bytes),
                    None => self.is_gone(url, missing.map_or(b"", Vec::as_slice)),
                };
                same.inspect_err(|_| last = Some(url.clone()))?;
            }
            Ok(())
        });
        built.len()
    }

    fn is_same(&self, url: &str, bytes: &[u8]) -> Result<(), String> {
        let reply = self.get(url);
        let is_page = url.ends_with('/') || url.ends_with(".html");
        let body = match is_page {
            true => reply.page().map_err(|why| format!("{url}: {why}"))?,
            false => &reply.body,
        };
        if reply.status == 200 && body == bytes {
            return Ok(());
        }
        let differs = difference(bytes, body);
        Err(format!("{url}: {}, {differs}", reply.status))
    }

    fn is_gone(&self, url: &str, missing: &[u8]) -> Result<(), String> {
        let reply = self.get(url);
        let page = reply.page().map_err(|why| format!("{url}: {why}"))?;
        // The hint stands inside the error page.
        let start = page.iter().zip(missing).take_while(|(a, b)| a == b).count();
        let end = page.iter().rev().zip(missing.iter().rev());
        let end = end.take_while(|(a, b)| a == b).count();
        match reply.status == 404 && start + end >= missing.len() && !missing.is_empty() {
            true => Ok(()),
            false => Err(format!("{url} is {}, and should be gone", reply.status)),
        }
    }

    /// The stream of a browser that has these pages open.
    pub fn events(&self, pages: &[&str]) -> Events {
        let tabs: Vec<String> = pages.iter().map(|page| self.tab(page)).collect();
        let mut stream = TcpStream::connect(&self.host).expect("a connection");
        let query = tabs.join("&");
        let head = format!(
            "GET {}/_masthead/events?{query} HTTP/1.1\r\nHost: {}\r\n\r\n",
            self.base, self.host
        );
        stream.write_all(head.as_bytes()).expect("sent");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hearing = Arc::clone(&heard);
        thread::spawn(move || {
            for line in BufReader::new(stream).lines().map_while(Result::ok) {
                let news = line.strip_prefix("data: ").map(serde_json::from_str);
                hearing
                    .lock()
                    .expect("a lock")
                    .extend(news.and_then(Result::ok));
            }
        });
        let events = Events(heard);
        events.until("the first message", |news| news.first().map(drop));
        events
    }

    /// What a page says of itself, as a query.
    fn tab(&self, page: &str) -> String {
        let text = self.get(page).text();
        let (_, tag) = text.rsplit_once("data-page=").expect("a tag");
        let of = |key: &str| {
            let (_, rest) = tag.split_once(&format!("{key}=\"")).expect("a key");
            rest.split('"').next().expect("a value")
        };
        let page = percent_encoded(page).replace('%', "%25");
        format!(
            "page={page}&print={}&mark={}",
            of("data-print"),
            of("data-mark")
        )
    }

    /// Sends a signal, and waits for the end: the status, and how long it took.
    #[cfg(unix)]
    pub fn end(&mut self, signal: &str) -> (ExitStatus, Duration) {
        let started = Instant::now();
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([signal, &id]).status();
        assert!(sent.expect("it runs").success());
        let status = until("an end", || {
            let ended = self.child.try_wait().expect("a child");
            ended.ok_or_else(|| "it goes on".to_string())
        });
        (status, started.elapsed())
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn ask(client: &mut BufReader<TcpStream>, path: &str) -> Option<Reply> {
    let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    client.get_mut().write_all(head.as_bytes()).ok()?;
    let mut line = String::new();
    client.read_line(&mut line).ok()?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let (mut length, mut location) = (0, None);
    loop {
        line.clear();
        client.read_line(&mut line).ok()?;
        let Some((key, value)) = line.trim_end().split_once(": ") else {
            break;
        };
        match key {
            "content-length" => length = value.parse().ok()?,
            "location" => location = Some(value.to_string()),
            _ => {}
        }
    }
    let mut body = vec![0; length];
    client.read_exact(&mut body).ok()?;
    Some(Reply {
        status,
        location,
        body,
    })
}

/// Where two texts part.
fn difference(expect: &[u8], found: &[u8]) -> String {
    let (expect, found) = (
        String::from_utf8_lossy(expect),
        String::from_utf8_lossy(found),
    );
    let mut lines = expect.lines().zip(found.lines()).enumerate();
    match lines.find(|(_, (a, b))| a != b) {
        Some((at, (a, b))) => format!("line {}:\n- {a}\n+ {b}", at + 1),
        None => format!("{} bytes and not {}", found.len(), expect.len()),
    }
}

/// All that a stream has told.
pub struct Events(Arc<Mutex<Vec<Value>>>);

impl Events {
    pub fn all(&self) -> Vec<Value> {
        self.0.lock().expect("a lock").clone()
    }

    /// Waits until something holds of all that was told.
    pub fn until<T>(&self, what: &str, look: impl Fn(&[Value]) -> Option<T>) -> T {
        until(what, || {
            let all = self.all();
            look(&all).ok_or_else(|| format!("{:#?}", all.last()))
        })
    }

    /// The revision that was told last.
    pub fn revision(&self) -> u64 {
        let all = self.all();
        let mark = all.last().and_then(|news| news["mark"].as_str());
        let revision = mark.and_then(|mark| mark.rsplit('.').next());
        revision
            .and_then(|revision| revision.parse().ok())
            .expect("a mark")
    }

    /// The reports that were told last.
    pub fn trouble(&self) -> Vec<Value> {
        let all = self.all();
        let last = all.iter().rev().find_map(|news| news.get("trouble"));
        let reports = last.and_then(|trouble| trouble["reports"].as_array());
        reports.cloned().unwrap_or_default()
    }
}

/// Copies a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("a folder") {
            let name = entry.expect("an entry").file_name();
            copy(&from.join(&name), &to.join(&name));
        }
    } else {
        fs::copy(from, to).unwrap_or_else(|error| panic!("{}: {error}", from.display()));
    }
}

//! Serves a folder to a browser on this machine: files with their types, `index.html` for folders,
//! and what a test adds. A thread for each connection.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use masthead::base::slug::percent_decoded;
use std::io::{BufRead, BufReader, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::{fs, thread};

/// The strictest policy that the theme lives by.
pub const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
                          connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'self'";

/// What a test serves beside the folder: for a path with its query, a type and bytes.
pub type Beside = dyn Fn(&str) -> Option<(&'static str, Vec<u8>)> + Send + Sync;

/// A running server; it ends when it is dropped.
pub struct Server {
    shared: Arc<Shared>,
    port: u16,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    root: PathBuf,
    beside: Box<Beside>,
    /// The content security policy of all answers.
    policy: &'static str,
    asked: Mutex<Vec<String>>,
    ending: AtomicBool,
}

impl Server {
    /// Serves `root` at a free port.
    pub fn new(
        root: impl Into<PathBuf>,
        beside: impl Fn(&str) -> Option<(&'static str, Vec<u8>)> + Send + Sync + 'static,
    ) -> Server {
        Server::with_policy(root, "", beside)
    }

    /// Serves `root` under a content security policy.
    pub fn with_policy(
        root: impl Into<PathBuf>,
        policy: &'static str,
        beside: impl Fn(&str) -> Option<(&'static str, Vec<u8>)> + Send + Sync + 'static,
    ) -> Server {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let shared = Arc::new(Shared {
            root: root.into(),
            beside: Box::new(beside),
            policy,
            asked: Mutex::default(),
            ending: AtomicBool::new(false),
        });
        let own = shared.clone();
        let listening = thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                if own.ending.load(Ordering::SeqCst) {
                    break;
                }
                let shared = own.clone();
                // A browser that goes away in the middle of an answer is no failure.
                thread::spawn(move || drop(answers(&shared, stream)));
            }
        });
        Server {
            shared,
            port,
            listening: Some(listening),
        }
    }

    /// Host and port.
    pub fn host(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// The address of a path.
    pub fn address(&self, path: &str) -> String {
        format!("http://{}{path}", self.host())
    }

    /// The paths with queries that were asked for since this was last called.
    pub fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.shared.asked.lock().expect("a lock"))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.shared.ending.store(true, Ordering::SeqCst);
        // The connection wakes the thread that waits for one.
        let woken = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port)).is_ok();
        if let Some(listening) = self.listening.take().filter(|_| woken) {
            let _ = listening.join();
        }
    }
}

fn answers(shared: &Shared, stream: TcpStream) -> std::io::Result<()> {
    let mut lines = BufReader::new(&stream).lines();
    while let Some(first) = lines.next().transpose()? {
        while lines
            .next()
            .transpose()?
            .is_some_and(|line| !line.is_empty())
        {}
        let Some(target) = first.split(' ').nth(1) else {
            break;
        };
        let mut asked = shared.asked.lock().expect("a lock");
        asked.push(target.to_string());
        drop(asked);
        // What a test adds doesn't change while it is served; what lies in the folder may.
        let (status, kind, kept, bytes) = match (shared.beside)(target) {
            Some((kind, bytes)) => ("200 OK", kind, "max-age=600", bytes),
            None => match file(shared, target) {
                Some((kind, bytes)) => ("200 OK", kind, "no-store", bytes),
                None => (
                    "404 Not Found",
                    "text/plain",
                    "no-store",
                    b"not found".to_vec(),
                ),
            },
        };
        let policy = match shared.policy {
            "" => String::new(),
            policy => format!("content-security-policy: {policy}\r\n"),
        };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncache-control: {kept}\r\n{policy}\
             content-length: {}\r\n\r\n",
            bytes.len()
        );
        let mut stream = &stream;
        stream.write_all(&[head.as_bytes(), &bytes].concat())?;
    }
    Ok(())
}

fn file(shared: &Shared, target: &str) -> Option<(&'static str, Vec<u8>)> {
    let path = target.split(['?', '#']).next()?;
    let path = percent_decoded(path)?;
    let inside = path.strip_prefix('/')?;
    if inside.split('/').any(|part| part == "..") {
        return None;
    }
    let mut file = shared.root.join(inside);
    if file.is_dir() {
        file.push("index.html");
    }
    let kind = kind(file.extension()?.to_str()?);
    fs::read(&file).ok().map(|bytes| (kind, bytes))
}

fn kind(extension: &str) -> &'static str {
    match extension {
        "html" => "text/html; charset=utf-8",
        "css" => "text/css",
        "js" | "mjs" => "text/javascript",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "xml" => "application/xml",
        "png" => "image/png",
        "jpg" => "image/jpeg",
        "webp" => "image/webp",
        "avif" => "image/avif",
        "woff2" => "font/woff2",
        "ico" => "image/x-icon",
        "wasm" => "application/wasm",
        "txt" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

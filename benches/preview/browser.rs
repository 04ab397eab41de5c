//! As much of a browser as it takes: a page, and the stream of a tab that shows it.

use masthead::base::slug::percent_encoded;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// How long a word is waited for before the run is given up.
const PATIENCE: Duration = Duration::from_secs(60);

/// A page as it was answered.
pub struct Page {
    /// Its text, with the tag of the preview.
    pub text: String,
}

/// Fetches a page.
pub fn get(server: SocketAddr, url: &str) -> Page {
    let mut stream = ask(server, &percent_encoded(url));
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).expect("a whole answer");
    let answer = String::from_utf8(answer).expect("a page of text");
    let (head, text) = answer.split_once("\r\n\r\n").expect("a head");
    assert!(head.starts_with("HTTP/1.1 200 "), "{url}: {head}");
    let text = text.to_string();
    let is_whole = text.contains("</html>") && text.contains("/_masthead/live.js");
    assert!(is_whole, "{url} is not whole");
    Page { text }
}

fn ask(server: SocketAddr, target: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server).expect("a connection");
    stream.set_nodelay(true).expect("a socket");
    stream.set_read_timeout(Some(PATIENCE)).expect("a socket");
    let request = format!("GET {target} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("a request");
    stream
}

impl Page {
    /// What the preview's tag says.
    fn data(&self, name: &str) -> &str {
        let tag = self.text.rfind("data-page=").map(|at| &self.text[at..]);
        let start = format!("data-{name}=\"");
        let value = tag.and_then(|tag| tag.split(&start).nth(1));
        value
            .and_then(|value| value.split('"').next())
            .expect("a tag of the preview")
    }
}

/// The stream of a tab.
pub struct Tab {
    lines: BufReader<TcpStream>,
}

impl Tab {
    /// Opens the stream that a page asks for; nothing is new yet.
    pub fn open(server: SocketAddr, page: &Page) -> Tab {
        let [url, print, mark] = ["page", "print", "mark"].map(|name| page.data(name));
        let url = url.replace("&amp;", "&").replace('%', "%25");
        let query = format!("page={url}&print={print}&mark={mark}");
        let stream = ask(server, &format!("/_masthead/events?{query}"));
        let mut tab = Tab {
            lines: BufReader::new(stream),
        };
        let first = tab.next();
        let tabs = first["tabs"].as_array().expect("tabs");
        assert!(tabs.is_empty(), "the page is old already: {first}");
        tab
    }

    /// Waits until it is told to load the page again.
    pub fn told(&mut self) {
        while self.next()["tabs"][0]["reload"] != Value::Bool(true) {}
    }

    /// The next message.
    fn next(&mut self) -> Value {
        loop {
            let mut line = String::new();
            let length = self.lines.read_line(&mut line).expect("an event in time");
            assert!(length > 0, "the stream ended");
            if let Some(message) = line.strip_prefix("data: ") {
                return serde_json::from_str(message).expect("a message");
            }
        }
    }
}

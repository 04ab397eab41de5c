//! A site of a few texts, and a preview that serves it.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use masthead::base::fingerprint::of_bytes;
use masthead::base::slug::percent_encoded;
use masthead::serve::http::{Options, serve};
use masthead::serve::hub::Hub;
use masthead::serve::{Answer, Portal, Trouble, Update};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex, RwLock};
use std::thread::{self, JoinHandle};

const MISSING: &str = "<!doctype html><title>404</title><p id=missing>没有这一页";

/// The site: bytes by URL.
#[derive(Default)]
pub struct Fake {
    base: String,
    files: RwLock<BTreeMap<String, Vec<u8>>>,
    trouble: RwLock<Vec<Trouble>>,
    /// URLs that it was asked for and mustn't be.
    pub wrong: Mutex<Vec<String>>,
    asked: AtomicUsize,
    /// The most questions at a time.
    pub most: AtomicUsize,
}

impl Fake {
    pub fn new(base: &str, files: &[(&str, &str)]) -> Arc<Fake> {
        let fake = Fake {
            base: base.to_string(),
            ..Fake::default()
        };
        for (url, text) in files {
            fake.put(url, text.as_bytes());
        }
        Arc::new(fake)
    }

    pub fn put(&self, url: &str, bytes: &[u8]) {
        let mut files = self.files.write().expect("a lock");
        files.insert(url.to_string(), bytes.to_vec());
    }

    pub fn complain(&self, trouble: &[Trouble]) {
        *self.trouble.write().expect("a lock") = trouble.to_vec();
    }

    fn stands(&self, url: &str) -> Answer {
        let files = self.files.read().expect("a lock");
        if files.contains_key(&format!("{url}/")) {
            let location = Some(format!("{}{}/", self.base, percent_encoded(url)));
            return Answer {
                status: 308,
                location,
                ..Answer::default()
            };
        }
        let (status, body) = match files.get(url) {
            Some(body) => (200, body.clone()),
            None => (404, MISSING.as_bytes().to_vec()),
        };
        let path = match url.strip_prefix('/') {
            Some(path) if status == 200 && url.ends_with('/') => format!("{path}index.html"),
            Some(path) if status == 200 => path.to_string(),
            _ => "404.html".to_string(),
        };
        Answer {
            status,
            path,
            print: of_bytes(&body).to_string(),
            body,
            location: None,
        }
    }
}

impl Portal for Fake {
    fn base_path(&self) -> String {
        self.base.clone()
    }

    fn answer(&self, url: &str) -> Answer {
        let now = self.asked.fetch_add(1, Ordering::SeqCst) + 1;
        self.most.fetch_max(now, Ordering::SeqCst);
        let part = |part: &str| part == ".." || part == ".";
        if !url.starts_with('/')
            || url.contains(|c: char| c.is_control() || c == '\\')
            || url.contains("//")
            || url.split('/').any(part)
        {
            self.wrong.lock().expect("a lock").push(url.to_string());
        }
        assert_ne!(url, "/bug", "a bug, as this test wants it");
        let answer = self.stands(url);
        self.asked.fetch_sub(1, Ordering::SeqCst);
        answer
    }

    fn print(&self, url: &str) -> String {
        self.stands(url).print
    }

    fn trouble(&self) -> Vec<Trouble> {
        self.trouble.read().expect("a lock").clone()
    }
}

/// A running preview; it ends when it is dropped.
pub struct Preview {
    pub fake: Arc<Fake>,
    pub hub: Hub,
    pub address: SocketAddr,
    pub home: String,
    serving: Option<JoinHandle<Result<(), String>>>,
}

impl Preview {
    /// Serves at a free port.
    pub fn new(fake: Arc<Fake>) -> Preview {
        let options = Options {
            port: Some(0),
            ..Options::default()
        };
        Preview::with(fake, options).expect("a preview")
    }

    pub fn with(fake: Arc<Fake>, options: Options) -> Result<Preview, String> {
        let hub = Hub::new();
        let (sender, ready) = channel();
        let (portal, own) = (fake.clone(), hub.clone());
        let serving = thread::spawn(move || {
            serve(portal, own, &options, |address, home| {
                sender.send((address, home)).expect("a listener");
            })
        });
        let Ok((address, home)) = ready.recv() else {
            let error = serving.join().expect("no panic").err();
            return Err(error.expect("an error where it isn't ready"));
        };
        Ok(Preview {
            fake,
            hub,
            address,
            home,
            serving: Some(serving),
        })
    }

    /// The address of a URL.
    pub fn at(&self, url: &str) -> String {
        format!(
            "{}{}",
            self.home.trim_end_matches('/'),
            percent_encoded(url)
        )
    }

    /// Changes a file and tells of it: of a page, or of a file that pages name.
    pub fn edit(&self, url: &str, text: &str) {
        self.fake.put(url, text.as_bytes());
        let files = if url.ends_with('/') {
            Vec::new()
        } else {
            vec![url.to_string()]
        };
        self.publish(&files, None);
    }

    pub fn publish(&self, files: &[String], follow: Option<&str>) {
        self.hub.publish(Update {
            revision: 0,
            files: files.to_vec(),
            follow: follow.map(str::to_string),
        });
    }

    /// Stops, and says how it ended.
    pub fn stop(&mut self) -> Result<(), String> {
        self.hub.stop();
        self.wait()
    }

    /// Waits for the end.
    pub fn wait(&mut self) -> Result<(), String> {
        match self.serving.take() {
            Some(serving) => serving.join().expect("no panic"),
            None => Ok(()),
        }
    }
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.stop();
    }
}

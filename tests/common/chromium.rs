//! Drives a headless Chromium by its DevTools protocol, over a pipe and with nothing but the
//! standard library.
//!
//! Commands, answers and events are JSON texts with a zero byte after each. One thread reads; it
//! hands answers to the calls that wait for them and events to their [`Tab`]. Nothing sleeps: what
//! is waited for is an answer or an event, and after [`LIMIT`] the wait is an error. Chromium
//! reaches this machine only, whatever a page asks for.
#![allow(dead_code)] // each test binary that includes this file uses its own part of it

use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

/// How long an answer or event may take.
const LIMIT: Duration = Duration::from_secs(30);

/// The switches, and the pipe at the file descriptors that Chromium wants: `$0` is the program,
/// `$1` the folder of its profile.
const START: &str = r#"exec "$0" --headless --no-sandbox --disable-gpu --disable-quic \
    --disable-dev-shm-usage --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --hide-scrollbars \
    --host-resolver-rules="MAP * ~NOTFOUND, EXCLUDE 127.0.0.1" \
    --user-data-dir="$1" --remote-debugging-pipe 3<&0 4>&1 </dev/null >/dev/null 2>&1"#;

/// A running browser; it is closed when it is dropped.
pub struct Chromium {
    child: Child,
    wire: Arc<Wire>,
    ended: Receiver<()>,
    /// Gone after the browser: fields are dropped after `drop`.
    _profile: tempfile::TempDir,
}

/// A page of it.
pub struct Tab {
    wire: Arc<Wire>,
    session: String,
    target: String,
    events: Receiver<Value>,
    /// Events that came while something else was waited for.
    seen: RefCell<Vec<Value>>,
}

struct Wire {
    input: Mutex<ChildStdin>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: u64,
    answers: HashMap<u64, Sender<Value>>,
    sessions: HashMap<String, Sender<Value>>,
    ended: bool,
}

impl Chromium {
    /// Starts the browser.
    pub fn launch() -> Chromium {
        let profile = tempfile::tempdir().expect("a folder");
        let mut child = Command::new("sh")
            .args(["-c", START])
            .arg(program())
            .arg(profile.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("a shell");
        let wire = Arc::new(Wire {
            input: Mutex::new(child.stdin.take().expect("a pipe")),
            state: Mutex::default(),
        });
        let (end, ended) = channel();
        let output = BufReader::new(child.stdout.take().expect("a pipe"));
        let reading = wire.clone();
        thread::spawn(move || {
            for message in output.split(0).map_while(Result::ok) {
                if let Ok(message) = serde_json::from_slice(&message) {
                    reading.take(message);
                }
            }
            // Whoever waits now waits in vain, and is told so.
            let mut state = reading.state.lock().expect("a lock");
            *state = State {
                ended: true,
                ..State::default()
            };
            drop(state);
            let _ = end.send(());
        });
        Chromium {
            child,
            wire,
            ended,
            _profile: profile,
        }
    }

    /// Opens an empty page, whose events are noted from now on.
    ///
    /// # Errors
    /// What Chromium says.
    pub fn tab(&self) -> Result<Tab, String> {
        let call = |method, parameters| self.wire.call(None, method, parameters);
        let target = call("Target.createTarget", json!({"url": "about:blank"}))?;
        let target = text(&target["targetId"]);
        let attach = json!({"targetId": target, "flatten": true});
        let session = text(&call("Target.attachToTarget", attach)?["sessionId"]);
        let (sender, events) = channel();
        let mut state = self.wire.state.lock().expect("a lock");
        state.sessions.insert(session.clone(), sender);
        drop(state);
        let tab = Tab {
            wire: self.wire.clone(),
            session,
            target,
            events,
            seen: RefCell::default(),
        };
        for domain in ["Page", "Runtime", "Log"] {
            tab.call(&format!("{domain}.enable"), json!({}))?;
        }
        tab.call("Page.setLifecycleEventsEnabled", json!({"enabled": true}))?;
        // Each tab believes that it is the one in front: its frames are drawn, its focus moves.
        tab.call(
            "Emulation.setFocusEmulationEnabled",
            json!({"enabled": true}),
        )?;
        Ok(tab)
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        // Asked to close, Chromium waits for its own children; killed, it would leave them behind.
        let _ = self.wire.send(None, "Browser.close", json!({}), None);
        if self.ended.recv_timeout(LIMIT).is_err() {
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Writes into a page what a reload would wipe out.
pub fn mark(tab: &Tab) {
    tab.evaluate("window.same = true").expect("a mark");
}

/// Whether a page is the one that was marked.
pub fn is_same(tab: &Tab) -> bool {
    tab.evaluate("window.same === true").expect("a value") == Value::Bool(true)
}

impl Tab {
    /// Calls a method of the protocol.
    ///
    /// # Errors
    /// What Chromium says, or that it says nothing.
    pub fn call(&self, method: &str, parameters: Value) -> Result<Value, String> {
        self.wire.call(Some(&self.session), method, parameters)
    }

    /// Opens a page and waits until it is loaded, with all that it is made of.
    ///
    /// # Errors
    /// As of [`Tab::call`]; and a page that isn't there.
    pub fn open(&self, address: &str) -> Result<(), String> {
        let answer = self.call("Page.navigate", json!({"url": address}))?;
        if let Some(error) = answer["errorText"].as_str() {
            return Err(format!("{address}: {error}"));
        }
        let loader = answer["loaderId"].clone();
        self.wait(|event| {
            event["method"] == "Page.lifecycleEvent"
                && event["params"]["name"] == "load"
                && event["params"]["loaderId"] == loader
        })
        .map(drop)
        .map_err(|error| format!("{address}: {error}"))
    }

    /// Waits for an event from now on, and gives it.
    ///
    /// # Errors
    /// Where it doesn't come.
    pub fn wait(&self, wanted: impl Fn(&Value) -> bool) -> Result<Value, String> {
        loop {
            let event = self
                .events
                .recv_timeout(LIMIT)
                .map_err(|error| match error {
                    RecvTimeoutError::Timeout => format!("nothing for {LIMIT:?}"),
                    RecvTimeoutError::Disconnected => "Chromium ended".to_string(),
                })?;
            let found = wanted(&event).then(|| event.clone());
            self.seen.borrow_mut().push(event);
            if let Some(found) = found {
                return Ok(found);
            }
        }
    }

    /// The events that came since this was last called.
    pub fn events(&self) -> Vec<Value> {
        let mut seen = self.seen.borrow_mut();
        seen.extend(self.events.try_iter());
        std::mem::take(&mut seen)
    }

    /// The value of an expression in the page; of a promise what it comes to.
    ///
    /// # Errors
    /// What it throws.
    pub fn evaluate(&self, expression: &str) -> Result<Value, String> {
        let parameters =
            json!({"expression": expression, "awaitPromise": true, "returnByValue": true});
        let answer = self.call("Runtime.evaluate", parameters)?;
        match answer["exceptionDetails"].as_object() {
            Some(details) => Err(thrown(&json!(details))),
            None => Ok(answer["result"]["value"].clone()),
        }
    }

    /// A script that runs in every page and frame before their own.
    ///
    /// # Errors
    /// As of [`Tab::call`].
    pub fn before_each_page(&self, script: &str) -> Result<(), String> {
        let parameters = json!({"source": script});
        self.call("Page.addScriptToEvaluateOnNewDocument", parameters)
            .map(drop)
    }

    /// Sets width and height in CSS pixels.
    ///
    /// # Errors
    /// As of [`Tab::call`].
    pub fn resize(&self, width: u32, height: u32) -> Result<(), String> {
        let screen = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600,
        });
        self.call("Emulation.setDeviceMetricsOverride", screen)
            .map(drop)
    }

    /// Sets what the reader prefers: `light` or `dark`.
    ///
    /// # Errors
    /// As of [`Tab::call`].
    pub fn prefer(&self, scheme: &str) -> Result<(), String> {
        let feature = json!({"name": "prefers-color-scheme", "value": scheme});
        self.call("Emulation.setEmulatedMedia", json!({"features": [feature]}))
            .map(drop)
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        let parameters = json!({"targetId": self.target});
        let _ = self.wire.send(None, "Target.closeTarget", parameters, None);
    }
}

/// The console of a tab is empty.
pub fn check_console(tab: &Tab) {
    let said: Vec<String> = tab.events().iter().filter_map(console).collect();
    assert!(said.is_empty(), "{said:#?}");
}

/// What an event says on the console: messages, errors and what was thrown.
pub fn console(event: &Value) -> Option<String> {
    let parameters = &event["params"];
    match event["method"].as_str()? {
        "Runtime.consoleAPICalled" => {
            let said = parameters["args"].as_array()?.iter().map(|said| {
                let value = said.get("value").map(text);
                value.unwrap_or_else(|| text(&said["description"]))
            });
            let said: Vec<String> = said.collect();
            Some(format!("{}: {}", text(&parameters["type"]), said.join(" ")))
        }
        "Runtime.exceptionThrown" => Some(thrown(&parameters["exceptionDetails"])),
        "Log.entryAdded" => {
            let entry = &parameters["entry"];
            let (level, said, of) = (&entry["level"], &entry["text"], &entry["url"]);
            Some(format!("{}: {} {}", text(level), text(said), text(of)))
        }
        _ => None,
    }
}

fn thrown(details: &Value) -> String {
    match &details["exception"]["description"] {
        Value::String(description) => description.clone(),
        _ => text(&details["text"]),
    }
}

/// A string as it is, anything else as JSON.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value => value.to_string(),
    }
}

fn program() -> &'static str {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let is_there = |name: &&&str| {
        std::env::split_paths(&folders).any(|folder| Path::new(&folder).join(name).is_file())
    };
    ["chromium", "chromium-browser", "google-chrome"]
        .iter()
        .find(is_there)
        .expect("Chromium is missing: run scripts/tools.sh")
}

impl Wire {
    fn call(
        &self,
        session: Option<&str>,
        method: &str,
        parameters: Value,
    ) -> Result<Value, String> {
        let (sender, answer) = channel();
        self.send(session, method, parameters, Some(sender))?;
        let answer = answer
            .recv_timeout(LIMIT)
            .map_err(|_| format!("{method}: no answer"))?;
        match answer.get("error") {
            Some(error) => Err(format!("{method}: {}", text(&error["message"]))),
            None => Ok(answer["result"].clone()),
        }
    }

    fn send(
        &self,
        session: Option<&str>,
        method: &str,
        parameters: Value,
        answer: Option<Sender<Value>>,
    ) -> Result<(), String> {
        let mut state = self.state.lock().expect("a lock");
        if state.ended {
            return Err(format!("{method}: Chromium ended"));
        }
        state.last += 1;
        let id = state.last;
        if let Some(answer) = answer {
            state.answers.insert(id, answer);
        }
        drop(state);
        let mut message = json!({"id": id, "method": method, "params": parameters});
        if let Some(session) = session {
            message["sessionId"] = json!(session);
        }
        self.input
            .lock()
            .expect("a lock")
            .write_all(format!("{message}\0").as_bytes())
            .map_err(|error| format!("{method}: {error}"))
    }

    fn take(&self, message: Value) {
        let session = message["sessionId"].as_str();
        // An open dialogue stops its page, and every call to it: it is closed, and still told of.
        if message["method"] == "Page.javascriptDialogOpening" {
            let parameters = json!({"accept": true});
            let _ = self.send(session, "Page.handleJavaScriptDialog", parameters, None);
        }
        let mut state = self.state.lock().expect("a lock");
        if let Some(id) = message["id"].as_u64() {
            if let Some(answer) = state.answers.remove(&id) {
                let _ = answer.send(message);
            }
        } else if let Some(events) = session.and_then(|session| state.sessions.get(session)) {
            let _ = events.send(message);
        }
    }
}

//! The program itself, serving a portal.

use crate::portal::Portal;
use std::fs;
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::process::{Child, ChildStderr, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How long a server may take to be there, or a cache to be written.
const PATIENCE: Duration = Duration::from_secs(300);

/// A running `masthead serve`; it ends when it is dropped.
pub struct Server {
    child: Child,
    /// Where it listens.
    pub address: SocketAddr,
    /// When it was started.
    pub started: Instant,
}

impl Server {
    /// Starts it, or the program that `MASTHEAD` names, and waits until it says where it listens.
    pub fn start(portal: &Portal) -> Server {
        let other = std::env::var_os("MASTHEAD");
        let program = other.unwrap_or_else(|| env!("CARGO_BIN_EXE_masthead").into());
        let mut command = Command::new(program);
        command.args(["serve", "--port", "0", "--root"]);
        command.arg(portal.root());
        command.stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::piped());
        let started = Instant::now();
        let mut child = command.spawn().expect("the program");
        let said = child.stderr.take().expect("a pipe");
        let address = address(BufReader::new(said));
        Server {
            child,
            address,
            started,
        }
    }

    /// Waits until what it knows of files is kept for the next start.
    pub fn kept(&self, portal: &Portal) {
        let index = portal.store().join("facts");
        let until = Instant::now() + PATIENCE;
        while !index.exists() {
            assert!(Instant::now() < until, "the server keeps no facts");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What the system says of the process; nothing where it has no `/proc`.
    pub fn weight(&self) -> Option<Weight> {
        let folder = format!("/proc/{}", self.child.id());
        let status = fs::read_to_string(format!("{folder}/status")).ok()?;
        let number = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            line.split_whitespace().next()?.parse::<usize>().ok()
        };
        Some(Weight {
            kib: number("VmRSS:")?,
            threads: number("Threads:")?,
            files: fs::read_dir(format!("{folder}/fd")).ok()?.count(),
        })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a process holds.
#[derive(Debug, Clone, Copy)]
pub struct Weight {
    /// Memory in use (resident set), in KiB.
    pub kib: usize,
    /// Threads.
    pub threads: usize,
    /// Open files and connections.
    pub files: usize,
}

/// From `…: http://127.0.0.1:4000/ after 0.02 s; …`. What is said later is read, so that the
/// server can go on speaking, and shown where it is a mistake.
fn address(mut said: BufReader<ChildStderr>) -> SocketAddr {
    let mut all = String::new();
    loop {
        let mut line = String::new();
        let length = said.read_line(&mut line).expect("what the server says");
        all.push_str(&line);
        assert!(length > 0, "the server ended: {all}");
        if let Some((_, rest)) = line.split_once("http://") {
            let host = rest.split('/').next().unwrap_or_default();
            thread::spawn(move || said.lines().map_while(Result::ok).for_each(show));
            return host.parse().expect("an address");
        }
    }
}

fn show(line: String) {
    if line.starts_with("error") || line.contains("panicked") {
        eprintln!("the server says: {line}");
    }
}

//! What the machine is, without its name.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Cores, processor, memory, file system, kernel, versions.
pub fn describe(dir: &Path) -> Vec<(&'static str, String)> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let run = |program: &str, argument: &str| {
        let done = Command::new(program).arg(argument).output().ok();
        let text = done.map(|done| String::from_utf8_lossy(&done.stdout).trim().to_string());
        text.unwrap_or_default()
    };
    vec![
        ("date", jiff::Timestamp::now().to_string()[..10].to_string()),
        ("cores", cores.to_string()),
        ("processor", field("/proc/cpuinfo", "model name")),
        ("memory", field("/proc/meminfo", "MemTotal")),
        ("file system", file_system(dir)),
        ("kernel", line("/proc/sys/kernel/osrelease")),
        ("compiler", run("rustc", "--version")),
        ("masthead", run(crate::MASTHEAD, "--version")),
    ]
}

/// The load of the last minute: other work on the machine makes times longer.
pub fn load() -> String {
    let load = line("/proc/loadavg");
    load.split(' ').next().unwrap_or_default().to_string()
}

fn line(path: &str) -> String {
    fs::read_to_string(path)
        .unwrap_or_default()
        .trim()
        .to_string()
}

fn field(path: &str, name: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    let line = text.lines().find(|line| line.starts_with(name));
    let value = line.and_then(|line| line.split_once(':'));
    value.map_or(String::new(), |(_, value)| value.trim().to_string())
}

/// The kind of file system on which a folder lies.
pub fn file_system(folder: &Path) -> String {
    let folder = fs::canonicalize(folder).unwrap_or_default();
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mut best = (0, String::new());
    for line in mounts.lines() {
        let mut words = line.split(' ').skip(1);
        let (Some(at), Some(kind)) = (words.next(), words.next()) else {
            continue;
        };
        if folder.starts_with(at) && at.len() >= best.0 {
            best = (at.len(), kind.to_string());
        }
    }
    best.1
}

/// Bytes that are free where a folder lies. In memory no more than the memory that is free.
pub fn free(folder: &Path) -> u64 {
    let disk = rustix::fs::statvfs(folder).map_or(0, |about| about.f_bavail * about.f_frsize);
    if file_system(folder) != "tmpfs" {
        return disk;
    }
    let text = field("/proc/meminfo", "MemAvailable");
    let kilobytes: u64 = text.trim_end_matches(" kB").parse().unwrap_or(0);
    disk.min(kilobytes * 1024)
}

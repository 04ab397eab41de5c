//! What a run was made on.

use std::fs;
use std::path::Path;

/// Cores, processor, file system and version, in a line.
pub fn machine(root: &Path) -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let kind = if cfg!(debug_assertions) {
        "not optimised"
    } else {
        "release"
    };
    format!(
        "{cores} cores ({}), {}, {}, masthead {} ({kind})",
        processor(),
        std::env::consts::OS,
        file_system(root),
        env!("CARGO_PKG_VERSION"),
    )
}

fn processor() -> String {
    let all = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = all.lines().find(|line| line.starts_with("model name"));
    let model = model.and_then(|line| line.split(": ").nth(1));
    model.unwrap_or(std::env::consts::ARCH).to_string()
}

/// How many processes wanted a core within the last minute.
pub fn load() -> String {
    let all = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    all.split(' ').next().unwrap_or("unknown").to_string()
}

/// That of the longest mount point above a folder.
fn file_system(root: &Path) -> String {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    let mounts = mounts.lines().filter_map(|line| {
        let mut words = line.split(' ').skip(1);
        let (point, kind) = (words.next()?, words.next()?);
        root.starts_with(point).then_some((point.len(), kind))
    });
    let kind = mounts.max().map(|(_, kind)| kind);
    kind.unwrap_or("file system unknown").to_string()
}

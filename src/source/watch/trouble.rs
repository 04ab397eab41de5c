//! What to say where a site can't be watched, and what to type against it.

use crate::base::diagnostic::{Code, Diagnostic};
use notify::ErrorKind;
use rustix::io::Errno;
use std::fs;
use std::io;
use std::path::Path;

/// Every folder of a site takes one of these; the kernel's default may be 8,192.
const WATCHES: u64 = 524_288;

/// Every program that watches takes one of these; the default is 128 for each user.
const INSTANCES: u64 = 1024;

/// The site's folder can't be watched at all.
pub(super) fn no_folder(root: &Path, error: &io::Error) -> Diagnostic {
    let message = format!("`{}` can't be watched: {error}", root.display());
    Diagnostic::new(Code::Unreadable, message)
}

/// The system does not tell of changes, or no longer.
pub(super) fn unwatched(error: &notify::Error) -> Diagnostic {
    match &error.kind {
        ErrorKind::MaxFilesWatch => short_of("folders", "fs.inotify.max_user_watches", WATCHES),
        ErrorKind::Io(io) if is(io, Errno::MFILE) => {
            short_of("programs", "fs.inotify.max_user_instances", INSTANCES)
        }
        ErrorKind::PathNotFound => warning("the folder of the site is gone or was moved"),
        _ => warning(&format!("the system can't watch the site: {error}")),
    }
}

/// Whether this is an error that concerns the system and not one path.
pub(super) fn is_of_the_system(error: &notify::Error) -> bool {
    match &error.kind {
        ErrorKind::MaxFilesWatch => true,
        ErrorKind::Io(io) => {
            let system = [Errno::NOSPC, Errno::MFILE, Errno::NFILE, Errno::NOMEM];
            system.iter().any(|errno| is(io, *errno))
        }
        _ => false,
    }
}

fn is(error: &io::Error, errno: Errno) -> bool {
    error.raw_os_error() == Some(errno.raw_os_error())
}

fn short_of(what: &str, key: &str, enough: u64) -> Diagnostic {
    let path = format!("/proc/sys/{}", key.replace('.', "/"));
    let limit = fs::read_to_string(path).ok();
    let limit = limit.and_then(|text| text.trim().parse::<u64>().ok());
    let enough = limit.map_or(enough, |limit| enough.max(limit.saturating_mul(2)));
    let shown = limit.map_or(String::new(), |limit| format!(" (`{key}` is {limit})"));
    let keep = format!("echo {key}={enough} | sudo tee /etc/sysctl.d/60-{what}.conf");
    warning(&format!("the system can't watch more {what}{shown}")).help(format!(
        "type `sudo sysctl {key}={enough}`, and start again; to keep it: `{keep}`"
    ))
}

fn warning(message: &str) -> Diagnostic {
    Diagnostic::new(Code::Unwatched, message)
        .note("the site is looked through every second instead, which takes longer to see a change")
}

#[cfg(test)]
mod tests {
    use super::*;
    use notify::Error;

    fn check(error: &Error, expect: &[&str]) {
        let said = unwatched(error);
        let text = crate::base::diagnostic::paint(&said, false);
        for part in expect {
            assert!(text.contains(part), "{part}: {text}");
        }
    }

    #[test]
    fn what_runs_out_is_named_with_what_to_type() {
        let none_left = Error::new(ErrorKind::MaxFilesWatch);
        let expect = [
            "warning[unwatched]: the system can't watch more folders",
            "looked through every second",
            "sudo sysctl fs.inotify.max_user_watches=",
            "| sudo tee /etc/sysctl.d/",
        ];
        check(&none_left, &expect);
        assert!(is_of_the_system(&none_left));
        let os = |errno: Errno| Error::io(io::Error::from_raw_os_error(errno.raw_os_error()));
        check(
            &os(Errno::MFILE),
            &["sudo sysctl fs.inotify.max_user_instances="],
        );
        check(&os(Errno::NOSYS), &["the system can't watch the site: "]);
        check(
            &Error::path_not_found(),
            &["the folder of the site is gone"],
        );
        assert!(is_of_the_system(&os(Errno::MFILE)));
        assert!(!is_of_the_system(&os(Errno::ACCESS)));
        assert!(!is_of_the_system(&Error::path_not_found()));
    }
}

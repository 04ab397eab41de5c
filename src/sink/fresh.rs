//! A new file in a folder of people's own work: whole or not at all, and never over another.

use super::TEMPORARY;
use std::fs::{self, File};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// Writes a file that is not there yet, with the folders above it.
///
/// # Errors
/// `AlreadyExists` where something has its name, which is left as it is; else whatever keeps it
/// from being written.
pub fn create(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::symlink_metadata(path).is_ok() {
        return Err(ErrorKind::AlreadyExists.into());
    }
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    // Its name starts with a dot, so a build that runs now passes it over.
    let temporary = folder.join(format!("{TEMPORARY}import-{}", std::process::id()));
    let written = write(&temporary, bytes).and_then(|()| put(&temporary, path));
    if written.is_err() {
        let _ = fs::remove_file(&temporary);
    }
    written
}

fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = File::create(path)?;
    file.write_all(bytes)?;
    file.sync_all()
}

/// Renames, unless something came to have the name meanwhile.
#[cfg(target_os = "linux")]
fn put(from: &Path, to: &Path) -> io::Result<()> {
    use rustix::fs::{CWD, RenameFlags, renameat_with};
    match renameat_with(CWD, from, CWD, to, RenameFlags::NOREPLACE).map_err(io::Error::from) {
        // Not every file system can.
        Err(error) if error.kind() != ErrorKind::AlreadyExists => fs::rename(from, to),
        result => result,
    }
}

#[cfg(not(target_os = "linux"))]
fn put(from: &Path, to: &Path) -> io::Result<()> {
    fs::rename(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_there_stays() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/c.md");
        create(&path, b"1").unwrap();
        let again = create(&path, b"2").unwrap_err();
        assert_eq!(again.kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read(&path).unwrap(), b"1");
        let left = fs::read_dir(dir.path().join("a/b")).unwrap().count();
        assert_eq!(left, 1, "no temporary file is left");
    }
}

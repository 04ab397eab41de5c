//! Bytes that a run puts aside and takes up again. They need not outlast it.

use std::fs::{self, File};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

/// A place for bytes that are wanted again later in the same run.
pub trait Scratch: Send + Sync {
    /// Puts bytes aside, and says where.
    ///
    /// # Errors
    /// Whatever keeps them from being written.
    fn put(&self, bytes: &[u8]) -> io::Result<u64>;

    /// The bytes that were put aside somewhere.
    ///
    /// # Errors
    /// Whatever keeps them from being read.
    fn take(&self, at: u64, length: usize) -> io::Result<Vec<u8>>;

    /// How many bytes may be put aside, so that there is room for other things as well.
    fn room(&self) -> u64;
}

/// A file that has no name any more, and goes with the process.
pub struct Unnamed {
    file: File,
    end: AtomicU64,
    room: u64,
}

/// One part in so many of what is free on a disk may be taken: the output wants the rest.
const SHARE: u64 = 4;

impl Unnamed {
    /// A file that had this name for a moment. Who is killed in it leaves the empty file.
    ///
    /// # Errors
    /// Whatever keeps the file from being made, or from losing its name.
    pub fn at(path: &Path) -> io::Result<Unnamed> {
        let mut options = File::options();
        let options = options.read(true).write(true).create(true).truncate(true);
        let file = options.open(path)?;
        fs::remove_file(path)?;
        let end = AtomicU64::new(0);
        let room = free(&file)? / SHARE;
        Ok(Unnamed { file, end, room })
    }
}

impl Scratch for Unnamed {
    fn put(&self, bytes: &[u8]) -> io::Result<u64> {
        let at = self.end.fetch_add(bytes.len() as u64, Ordering::Relaxed);
        write_at(&self.file, bytes, at)?;
        Ok(at)
    }

    fn take(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; length];
        read_at(&self.file, &mut bytes, at)?;
        Ok(bytes)
    }

    fn room(&self) -> u64 {
        self.room
    }
}

/// How many bytes are free where a file lies.
#[cfg(unix)]
fn free(file: &File) -> io::Result<u64> {
    let disk = rustix::fs::fstatvfs(file)?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Nobody tells: no more than what hardly any disk lacks.
#[cfg(windows)]
fn free(_file: &File) -> io::Result<u64> {
    Ok(4 << 30)
}

#[cfg(unix)]
fn write_at(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, at)
}

#[cfg(unix)]
fn read_at(file: &File, bytes: &mut [u8], at: u64) -> io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, at)
}

#[cfg(windows)]
fn write_at(file: &File, mut bytes: &[u8], mut at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_write(bytes, at)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => {
                bytes = &bytes[written..];
                at += written as u64;
            }
        }
    }
    Ok(())
}

#[cfg(windows)]
fn read_at(file: &File, mut bytes: &mut [u8], mut at: u64) -> io::Result<()> {
    use std::os::windows::fs::FileExt;
    while !bytes.is_empty() {
        match file.seek_read(bytes, at)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                bytes = &mut bytes[read..];
                at += read as u64;
            }
        }
    }
    Ok(())
}

/// A place in memory.
#[derive(Debug, Default)]
pub struct InMemory(Mutex<Vec<u8>>);

impl Scratch for InMemory {
    fn put(&self, bytes: &[u8]) -> io::Result<u64> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.len() as u64;
        all.extend_from_slice(bytes);
        Ok(at)
    }

    fn take(&self, at: u64, length: usize) -> io::Result<Vec<u8>> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let bytes = all.get(at as usize..at as usize + length);
        Ok(bytes.ok_or(io::ErrorKind::UnexpectedEof)?.to_vec())
    }

    fn room(&self) -> u64 {
        u64::MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rayon::prelude::*;

    #[test]
    fn what_was_put_aside_is_taken_up_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("bodies.new");
        let unnamed = Unnamed::at(&path).expect("a file");
        assert!(!path.exists());
        let all: [&dyn Scratch; 2] = [&unnamed, &InMemory::default()];
        for scratch in all {
            let texts: Vec<String> = (0..500).map(|n| format!("{n} ").repeat(n)).collect();
            let put = |text: &String| scratch.put(text.as_bytes()).expect("put");
            let places: Vec<u64> = texts.par_iter().map(put).collect();
            for (text, at) in texts.iter().zip(places) {
                let taken = scratch.take(at, text.len()).expect("taken");
                assert_eq!(taken, text.as_bytes());
            }
            assert!(scratch.take(1 << 40, 1).is_err());
        }
    }
}

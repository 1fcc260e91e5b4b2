//! Files of `/proc` and `/sys/fs/cgroup`, read with few system calls: an invocation waits for each of them.
//!
//! `std::fs::read_to_string` begins with 32 bytes, because the kernel gives no size for these files:
//! it takes ten calls for a process's status.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::FileExt;
use std::path::Path;

/// More than the longest that is read at each invocation, a process's status.
const USUAL: usize = 4096;

/// The whole of a file.
///
/// # Errors
/// It cannot be read, or is no text.
pub fn read(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let mut text = vec![0; USUAL];
    let mut length = 0;
    loop {
        match file.read(&mut text[length..])? {
            0 => break,
            read => length += read,
        }
        if length == text.len() {
            text.resize(2 * length, 0);
        }
    }
    text.truncate(length);
    String::from_utf8(text).map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))
}

/// A control file that is kept open and read anew with one call. Not for v1's `cgroup.procs`, whose
/// open file shows a list that is up to a second old.
pub struct Kept {
    file: File,
}

impl Kept {
    /// # Errors
    /// It cannot be opened.
    pub fn open(path: &Path) -> io::Result<Self> {
        File::open(path).map(Self::new)
    }

    pub fn new(file: File) -> Self {
        Self { file }
    }

    /// The number that is all of it.
    pub fn number(&self) -> Option<u64> {
        self.read(|text| text.trim().parse().ok())
    }

    /// The number behind `key`, in a file of `key value` lines.
    pub fn number_of(&self, key: &str) -> Option<u64> {
        self.read(|text| keyed(text, key))
    }

    /// # Errors
    /// The kernel refuses.
    pub fn write(&self, value: &[u8]) -> io::Result<()> {
        self.file.write_all_at(value, 0)
    }

    fn read<R>(&self, parse: impl FnOnce(&str) -> Option<R>) -> Option<R> {
        let mut text = [0; USUAL];
        let length = self.file.read_at(&mut text, 0).ok()?;
        parse(std::str::from_utf8(&text[..length]).ok()?)
    }
}

fn keyed(text: &str, key: &str) -> Option<u64> {
    text.lines()
        .filter_map(|line| line.split_once(' '))
        .find(|(name, _)| *name == key)
        .and_then(|(_, value)| value.trim().parse().ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keyed_numbers_are_found_by_their_whole_name() {
        let text = "oom 3\noom_kill 2\noom_kill_disable 0\n";
        assert_eq!(keyed(text, "oom_kill"), Some(2));
        assert_eq!(keyed(text, "kill"), None);
    }

    #[test]
    fn a_file_longer_than_usual_is_read_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("long");
        for length in [0, 1, USUAL - 1, USUAL, USUAL + 1, 5 * USUAL] {
            std::fs::write(&path, "x".repeat(length)).unwrap();
            assert_eq!(read(&path).unwrap().len(), length);
        }
        assert!(
            read(Path::new("/proc/self/status"))
                .unwrap()
                .contains("VmHWM:")
        );
    }

    #[test]
    fn a_kept_file_shows_what_is_in_it_now() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("usage");
        std::fs::write(&path, "12\n").unwrap();
        let kept = Kept::open(&path).unwrap();
        assert_eq!(kept.number(), Some(12));
        std::fs::write(&path, "oom_kill 345\n").unwrap();
        assert_eq!(
            (kept.number(), kept.number_of("oom_kill")),
            (None, Some(345))
        );
    }
}

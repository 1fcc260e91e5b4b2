//! Messages in /tmp, for as long as the queue is out of reach.
//!
//! One message is one file that gets its name when it is whole, so a process that is killed leaves no half of
//! one behind. /tmp outlives a crash of the function or of this process, and the next process reads what it finds.

use crate::queue::Message;
use analytics_events::{Batch, MAX_MESSAGE_BYTES};
use serde::de::IgnoredAny;
use std::collections::VecDeque;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

const WHOLE: &str = "batch";
const HALF: &str = "part";
/// What a file takes at least.
const BLOCK: u64 = 4096;

/// A folder of messages, within a bound of bytes.
pub struct Spill {
    folder: PathBuf,
    max_bytes: u64,
    /// Looked for when it is first needed, which is not in INIT.
    found: Option<Found>,
    broken: bool,
    written: u32,
}

#[derive(Default)]
struct Found {
    /// Files that are not being sent, oldest first.
    waiting: VecDeque<PathBuf>,
    bytes: u64,
}

impl Spill {
    pub const fn new(folder: PathBuf, max_bytes: u64) -> Self {
        Self {
            folder,
            max_bytes,
            found: None,
            broken: false,
            written: 0,
        }
    }

    /// Whether a message of any size fits.
    pub fn has_room(&mut self) -> bool {
        let bytes = self.found().bytes;
        !self.broken && bytes + size(MAX_MESSAGE_BYTES as u64) <= self.max_bytes
    }

    pub fn is_empty(&mut self) -> bool {
        self.found().waiting.is_empty()
    }

    /// Writes a message down.
    ///
    /// # Errors
    /// The file system's. After one nothing more is written.
    pub fn put(&mut self, message: &Message) -> io::Result<()> {
        self.found();
        let written = self.write(&message.body);
        self.broken |= written.is_err();
        let path = written?;
        let found = self.found();
        found.bytes += size(message.body.len() as u64);
        found.waiting.push_back(path);
        Ok(())
    }

    /// The oldest message. Its file stays until [`remove`](Self::remove).
    pub fn take(&mut self) -> Option<Message> {
        while let Some(path) = self.found().waiting.pop_front() {
            if let Some(message) = read(&path) {
                return Some(message);
            }
            // Not ours, or spoilt: whatever it was cannot be sent.
            self.remove(&path);
        }
        None
    }

    /// A message that was taken could not be sent.
    pub fn put_back(&mut self, path: PathBuf) {
        self.found().waiting.push_front(path);
    }

    /// A message that was taken was sent.
    pub fn remove(&mut self, path: &Path) {
        let bytes = fs::metadata(path).map_or(0, |data| size(data.len()));
        if fs::remove_file(path).is_ok() {
            let found = self.found();
            found.bytes = found.bytes.saturating_sub(bytes);
        }
    }

    fn found(&mut self) -> &mut Found {
        let folder = &self.folder;
        self.found.get_or_insert_with(|| find(folder))
    }

    fn write(&mut self, body: &str) -> io::Result<PathBuf> {
        fs::create_dir_all(&self.folder)?;
        self.written += 1;
        let millis = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |elapsed| elapsed.as_millis());
        // In the order of time; the rest is for processes that share a folder.
        let name = format!("{millis:015}-{:06}-{}", self.written, std::process::id());
        let half = self.folder.join(&name).with_extension(HALF);
        let whole = half.with_extension(WHOLE);
        fs::write(&half, body)
            .and_then(|()| fs::rename(&half, &whole))
            .inspect_err(|_| drop(fs::remove_file(&half)))?;
        Ok(whole)
    }
}

fn find(folder: &Path) -> Found {
    let mut found = Found::default();
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        if path.extension().is_some_and(|extension| extension == WHOLE) {
            found.bytes += fs::metadata(&path).map_or(0, |data| size(data.len()));
            found.waiting.push_back(path);
        } else if path.extension().is_some_and(|extension| extension == HALF) {
            let _ = fs::remove_file(path);
        }
    }
    found
}

fn read(path: &Path) -> Option<Message> {
    let bytes = fs::metadata(path).ok()?.len();
    if bytes > MAX_MESSAGE_BYTES as u64 {
        return None;
    }
    let body = fs::read_to_string(path).ok()?;
    let batch: Batch<IgnoredAny, IgnoredAny> = serde_json::from_str(&body).ok()?;
    Some(Message {
        events: batch.events.len() as u64,
        body,
        file: Some(path.to_owned()),
    })
}

/// What a file of so many bytes takes.
const fn size(bytes: u64) -> u64 {
    bytes.div_ceil(BLOCK) * BLOCK
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::tests::{event, queue};

    fn message(ids: &[&str]) -> Message {
        let queue = queue(1_000_000);
        let events: Vec<_> = ids.iter().map(|id| event(id)).collect();
        queue.offer_events(&events);
        queue.seal().unwrap()
    }

    fn spill(folder: &tempfile::TempDir) -> Spill {
        Spill::new(folder.path().join("spill"), 1024 * 1024)
    }

    #[test]
    fn what_was_put_comes_back_in_order_also_in_another_process() {
        let folder = tempfile::tempdir().unwrap();
        let (first, second) = (message(&["1"]), message(&["2", "3"]));
        let mut before = spill(&folder);
        before.put(&first).unwrap();
        before.put(&second).unwrap();
        let mut after = spill(&folder);
        let taken = after.take().unwrap();
        assert_eq!((&taken.body, taken.events), (&first.body, 1));
        after.remove(taken.file.as_deref().unwrap());
        let taken = after.take().unwrap();
        assert_eq!((&taken.body, taken.events), (&second.body, 2));
        assert!(after.is_empty());
    }

    #[test]
    fn a_message_that_was_not_sent_is_still_there() {
        let folder = tempfile::tempdir().unwrap();
        let mut one = spill(&folder);
        one.put(&message(&["1"])).unwrap();
        let taken = one.take().unwrap();
        assert!(one.is_empty());
        assert!(
            !spill(&folder).is_empty(),
            "a crash in between loses nothing"
        );
        one.put_back(taken.file.unwrap());
        assert!(one.take().is_some());
    }

    #[test]
    fn the_bound_holds_and_what_was_sent_makes_room() {
        let folder = tempfile::tempdir().unwrap();
        let mut spill = Spill::new(folder.path().into(), 220 * 1024);
        let message = message(&["1"]);
        let mut count = 0;
        while spill.has_room() {
            spill.put(&message).unwrap();
            count += 1;
        }
        assert_eq!(
            count, 6,
            "204,800 bytes of 225,280 are kept free, a file takes 4,096"
        );
        let taken = spill.take().unwrap();
        spill.remove(taken.file.as_deref().unwrap());
        assert!(spill.has_room());
    }

    #[test]
    fn halves_and_garbage_are_cleared_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("spill");
        fs::create_dir(&path).unwrap();
        fs::write(path.join("1.part"), "{\"schema\":").unwrap();
        fs::write(path.join("2.batch"), [0xff, 0xfe]).unwrap();
        fs::write(path.join("3.batch"), "{}").unwrap();
        fs::write(path.join("4.batch"), vec![b' '; MAX_MESSAGE_BYTES + 1]).unwrap();
        let mut spill = spill(&folder);
        assert_eq!(spill.take(), None);
        assert_eq!(spill.found().bytes, 0);
        assert_eq!(fs::read_dir(&path).unwrap().count(), 0);
    }

    #[test]
    fn a_folder_that_cannot_be_made_breaks_it_for_good() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("spill"), "a file").unwrap();
        let mut spill = spill(&folder);
        assert!(spill.put(&message(&["1"])).is_err());
        assert!(!spill.has_room());
    }
}

//! Stopping everything in a cgroup between two invocations.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::Path;
use std::time::Duration;

use super::Version;
use crate::error::{Context, Result};

/// How long v1 may take to say FROZEN (it takes 0.2 ms); a process inside an uninterruptible
/// system call can keep it from getting there, and then the function is as good as frozen.
const PATIENCE: (u32, Duration) = (500, Duration::from_micros(50));

pub struct Freezer {
    version: Version,
    control: File,
}

impl Freezer {
    pub fn open(version: Version, directory: &Path) -> Result<Self> {
        let path = directory.join(match version {
            Version::V1 => "freezer.state",
            Version::V2 => "cgroup.freeze",
        });
        let control = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .context(|| format!("open {}", path.display()))?;
        Ok(Self { version, control })
    }

    pub fn set(&self, frozen: bool) -> bool {
        let word: &[u8] = match (self.version, frozen) {
            (Version::V1, true) => b"FROZEN",
            (Version::V1, false) => b"THAWED",
            (Version::V2, true) => b"1",
            (Version::V2, false) => b"0",
        };
        if let Err(error) = self.control.write_at(word, 0) {
            tracing::debug!(%error, frozen, "the freezer refuses");
            return false;
        }
        if frozen && self.version == Version::V1 {
            self.await_v1();
        }
        true
    }

    fn await_v1(&self) {
        let (tries, pause) = PATIENCE;
        for _ in 0..tries {
            let mut state = [0; 16];
            let read = self.control.read_at(&mut state, 0).unwrap_or(0);
            if state[..read].starts_with(b"FROZEN") {
                return;
            }
            std::thread::sleep(pause);
        }
        tracing::debug!("the v1 freezer is still freezing");
    }
}

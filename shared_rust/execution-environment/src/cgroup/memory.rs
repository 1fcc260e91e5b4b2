//! Memory limit, peak and out-of-memory kills.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use super::{Version, read_keyed, write_control};
use crate::error::Result;

pub struct Memory {
    version: Version,
    directory: PathBuf,
    /// Kept open: on v2 a reset only counts for the descriptor that it was written to.
    peak: Option<File>,
}

impl Memory {
    pub fn new(version: Version, directory: PathBuf) -> Self {
        let file = match version {
            Version::V1 => "memory.max_usage_in_bytes",
            Version::V2 => "memory.peak",
        };
        let path = directory.join(file);
        // Kernels before 6.12 let nobody write to v2's.
        let peak = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .or_else(|_| File::open(&path));
        Self {
            version,
            directory,
            peak: peak.ok(),
        }
    }

    pub fn set_limit(&self, bytes: u64) -> Result<()> {
        let (limit, swap, swap_value) = match self.version {
            // v1 limits memory and swap together, so that limit follows the first.
            Version::V1 => (
                "memory.limit_in_bytes",
                "memory.memsw.limit_in_bytes",
                bytes,
            ),
            Version::V2 => ("memory.max", "memory.swap.max", 0),
        };
        write_control(&self.directory.join(limit), &bytes.to_string())?;
        let swap = self.directory.join(swap);
        if swap.exists() {
            // AWS has no swap: running out must not turn into running slowly.
            write_control(&swap, &swap_value.to_string())?;
        }
        Ok(())
    }

    pub fn kills(&self) -> u64 {
        let file = match self.version {
            Version::V1 => "memory.oom_control",
            Version::V2 => "memory.events",
        };
        read_keyed(&self.directory.join(file), "oom_kill").unwrap_or(0)
    }

    /// The highest use since the last reset.
    pub fn peak_kb(&self) -> Option<u64> {
        let mut text = [0; 32];
        let read = self.peak.as_ref()?.read_at(&mut text, 0).ok()?;
        let bytes: u64 = std::str::from_utf8(&text[..read])
            .ok()?
            .trim()
            .parse()
            .ok()?;
        Some(bytes >> 10)
    }

    /// Starts the peak anew, where the kernel can.
    pub fn reset_peak(&self) {
        if let Some(Err(error)) = self.peak.as_ref().map(|peak| peak.write_at(b"0", 0)) {
            tracing::debug!(%error, "the peak of memory use goes on from before");
        }
    }
}

//! Memory limit, peak and out-of-memory kills.

use std::fs::OpenOptions;
use std::path::PathBuf;

use super::{Version, write_control};
use crate::error::Result;
use crate::kernel_file::Kept;

pub struct Memory {
    version: Version,
    directory: PathBuf,
    /// On v2 a reset only counts for the descriptor that it was written to.
    peak: Option<Kept>,
    kills: Option<Kept>,
}

impl Memory {
    pub fn new(version: Version, directory: PathBuf) -> Self {
        let (peak, kills) = match version {
            Version::V1 => ("memory.max_usage_in_bytes", "memory.oom_control"),
            Version::V2 => ("memory.peak", "memory.events"),
        };
        let path = directory.join(peak);
        // Kernels before 6.12 let nobody write to v2's.
        let peak = OpenOptions::new()
            .read(true)
            .write(true)
            .open(&path)
            .map(Kept::new)
            .or_else(|_| Kept::open(&path));
        Self {
            version,
            kills: Kept::open(&directory.join(kills)).ok(),
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
        let kills = self.kills.as_ref();
        kills
            .and_then(|kills| kills.number_of("oom_kill"))
            .unwrap_or(0)
    }

    /// The highest use since the last reset.
    pub fn peak_kb(&self) -> Option<u64> {
        self.peak.as_ref()?.number().map(|bytes| bytes >> 10)
    }

    /// Starts the peak anew, where the kernel can.
    pub fn reset_peak(&self) {
        if let Some(Err(error)) = self.peak.as_ref().map(|peak| peak.write(b"0")) {
            tracing::debug!(%error, "the peak of memory use goes on from before");
        }
    }
}

//! CPU share and CPU time.

use std::path::{Path, PathBuf};

use super::{Version, write_control};
use crate::error::{Context, Result};
use crate::kernel_file::Kept;

/// The length of a quota period. With 20 ms the duration of CPU-bound work falls linearly with
/// memory from about 50 ms of work on; 50 and 100 ms periods are clearly worse, and a 1 ms quota
/// (the kernel's least) with a longer period only serves up to 256 MB.
const PERIOD_US: u64 = 20_000;
/// The kernel takes no quota below 1 ms.
const LEAST_QUOTA_US: u64 = 1_000;
/// A function with 1,769 MB has one vCPU (AWS Lambda Developer Guide, "Configure memory").
const MB_PER_VCPU: u64 = 1_769;
const MOST_VCPUS: u64 = 6;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Share {
    /// No limit: INIT.
    Full,
    /// The part of a vCPU that so many MB buy: INVOKE.
    OfMemory(u64),
}

impl Share {
    /// CPU time a period in microseconds; `None` is no limit.
    pub fn quota_us(self) -> Option<u64> {
        match self {
            Self::Full => None,
            Self::OfMemory(megabytes) => Some(
                (PERIOD_US * megabytes / MB_PER_VCPU).clamp(LEAST_QUOTA_US, PERIOD_US * MOST_VCPUS),
            ),
        }
    }
}

pub struct Cpu {
    version: Version,
    /// Where the quota is set; v2 counts the time even without the controller.
    pub control: Option<PathBuf>,
    /// What tells the time.
    used: Kept,
}

/// Gives the environments together eight times the weight of an ordinary process.
///
/// The share of a function is a guarantee on AWS. Here a compiler or a browser would take its part
/// of it and lengthen every measured duration; the quota keeps functions from taking more than theirs.
pub fn prefer(version: Version, parent: &Path) {
    let (file, weight) = match version {
        Version::V1 => ("cpu.shares", "8192"),
        Version::V2 => ("cpu.weight", "800"),
    };
    if let Err(error) = write_control(&parent.join(file), weight) {
        tracing::debug!(%error, "functions compete with everything else as equals");
    }
}

impl Cpu {
    /// `accounting` is where the time is read: the directory of `control`, but for v1's separate `cpuacct`.
    pub fn new(version: Version, control: Option<PathBuf>, accounting: &Path) -> Result<Self> {
        let path = accounting.join(match version {
            Version::V1 => "cpuacct.usage",
            Version::V2 => "cpu.stat",
        });
        let used = Kept::open(&path).context(|| format!("open {}", path.display()))?;
        Ok(Self {
            version,
            control,
            used,
        })
    }

    pub fn set_share(&self, share: Share) -> Result<()> {
        let Some(control) = &self.control else {
            return Ok(());
        };
        let quota = share.quota_us();
        match self.version {
            Version::V1 => {
                write_control(&control.join("cpu.cfs_period_us"), &PERIOD_US.to_string())?;
                let value = quota.map_or("-1".into(), |quota| quota.to_string());
                write_control(&control.join("cpu.cfs_quota_us"), &value)
            }
            Version::V2 => {
                let value = quota.map_or("max".into(), |quota| quota.to_string());
                write_control(&control.join("cpu.max"), &format!("{value} {PERIOD_US}"))
            }
        }
    }

    pub fn used_us(&self) -> Option<u64> {
        match self.version {
            Version::V1 => self.used.number().map(|ns| ns / 1_000),
            Version::V2 => self.used.number_of("usage_usec"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_share_is_memory_over_1769_of_a_vcpu() {
        assert_eq!(Share::OfMemory(1769).quota_us(), Some(20_000));
        assert_eq!(Share::OfMemory(3538).quota_us(), Some(40_000));
        assert_eq!(Share::OfMemory(128).quota_us(), Some(1_447));
        let ratio = |a, b| {
            Share::OfMemory(a).quota_us().unwrap() as f64
                / Share::OfMemory(b).quota_us().unwrap() as f64
        };
        assert!((ratio(1024, 128) - 8.0).abs() < 0.01);
    }

    #[test]
    fn the_kernels_least_and_six_vcpus_are_the_ends() {
        assert_eq!(Share::OfMemory(1).quota_us(), Some(LEAST_QUOTA_US));
        assert_eq!(Share::OfMemory(20_000).quota_us(), Some(120_000));
        assert_eq!(Share::Full.quota_us(), None);
    }
}

//! CPU share, CPU time, memory limit, process limit and freezing of one environment, by cgroups.
//!
//! `v1` and `v2` find their hierarchies and make the directories; what they have in common is here.
//! A controller that cannot be had is left out and named in [`Cgroup::notes`].

mod cpu;
mod directory;
mod freezer;
mod memory;
mod sweep;
mod v1;
mod v2;

use std::fs;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::path::{Path, PathBuf};

use cpu::Cpu;
pub use cpu::Share;
use directory::Directory;
use freezer::Freezer;
use memory::Memory;
pub use sweep::sweep;

use crate::error::{Error, Result};

/// AWS allows 1,024 processes and threads.
const MAX_PROCESSES: u32 = 1024;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    V1,
    V2,
}

impl Version {
    pub fn name(self) -> &'static str {
        match self {
            Self::V1 => "cgroup v1",
            Self::V2 => "cgroup v2",
        }
    }
}

/// One environment's cgroup: a directory in each hierarchy that is used.
///
/// All descriptors are opened when it is made, since pid 1 of the sandbox, which has to thaw and
/// remove it when the supervisor is gone, no longer sees `/sys/fs/cgroup`.
pub struct Cgroup {
    version: Version,
    directories: Vec<Directory>,
    /// The directory that `clone3` puts a new process into (v2 only).
    birthplace: Option<OwnedFd>,
    cpu: Option<Cpu>,
    memory: Option<Memory>,
    freezer: Option<Freezer>,
    limits_processes: bool,
    pub notes: Vec<String>,
}

impl Cgroup {
    /// Makes the cgroup `id` below `parent` in whichever version the machine has.
    ///
    /// # Errors
    /// The name is not a plain one, or no hierarchy can be written to: the sentence says why.
    pub fn create(parent: &str, id: &str) -> Result<Self> {
        check_name(parent)?;
        let root = Path::new("/sys/fs/cgroup");
        if root.join("cgroup.controllers").exists() {
            v2::create(root, parent, id)
        } else {
            v1::create(root, parent, id)
        }
    }

    /// Moves the calling process in. The first move waits for an RCU grace period (5 to 18 ms), so
    /// this is done by a process that nobody waits for.
    ///
    /// # Errors
    /// A hierarchy refuses.
    pub fn join(&self) -> Result<()> {
        self.directories.iter().try_for_each(Directory::join)
    }

    pub fn birthplace(&self) -> Option<BorrowedFd<'_>> {
        self.birthplace.as_ref().map(AsFd::as_fd)
    }

    /// Sets the CPU share; `Share::Full` lifts the limit.
    ///
    /// # Errors
    /// The kernel refuses the value.
    pub fn set_cpu_share(&self, share: Share) -> Result<()> {
        self.cpu.as_ref().map_or(Ok(()), |cpu| cpu.set_share(share))
    }

    /// CPU time of everything that ever ran inside, in microseconds.
    pub fn cpu_us(&self) -> Option<u64> {
        self.cpu.as_ref().and_then(Cpu::used_us)
    }

    /// # Errors
    /// The kernel refuses the value.
    pub fn limit_memory(&self, megabytes: u64) -> Result<()> {
        self.memory
            .as_ref()
            .map_or(Ok(()), |memory| memory.set_limit(megabytes << 20))
    }

    /// How many processes the kernel has killed for want of memory.
    pub fn out_of_memory_kills(&self) -> u64 {
        self.memory.as_ref().map_or(0, Memory::kills)
    }

    /// The highest memory use, page cache included, in KiB.
    pub fn peak_kb(&self) -> Option<u64> {
        self.memory.as_ref().and_then(Memory::peak_kb)
    }

    /// Forgets the peak of processes that are dead.
    pub fn reset_peak(&self) {
        if let Some(memory) = &self.memory {
            memory.reset_peak();
        }
    }

    /// Stops or continues everything inside; `false` when there is no freezer.
    pub fn freeze(&self, frozen: bool) -> bool {
        self.freezer
            .as_ref()
            .is_some_and(|freezer| freezer.set(frozen))
    }

    pub fn has_freezer(&self) -> bool {
        self.freezer.is_some()
    }

    pub fn limits_processes(&self) -> bool {
        self.limits_processes
    }

    pub fn controls_cpu(&self) -> Option<Version> {
        self.cpu.as_ref()?.control.as_ref().map(|_| self.version)
    }

    pub fn controls_memory(&self) -> Option<Version> {
        self.memory.as_ref().map(|_| self.version)
    }

    /// Process ids (as seen from the caller's pid namespace) inside.
    pub fn processes(&self) -> Vec<i32> {
        self.directories
            .first()
            .map(Directory::processes)
            .unwrap_or_default()
    }

    /// Removes the directories; everything inside must be dead. Called by whoever goes last.
    pub fn remove(&self) {
        self.directories.iter().for_each(Directory::remove);
    }
}

fn check_name(name: &str) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    if !name.is_empty() && !name.starts_with('.') && name.chars().all(plain) {
        Ok(())
    } else {
        Err(Error::Cgroup(format!(
            "{name:?} is no name for a cgroup: use letters, digits, '-', '_' and '.'"
        )))
    }
}

/// Writes a control file and names it when the kernel refuses.
fn write_control(path: &Path, value: &str) -> Result<()> {
    fs::write(path, value)
        .map_err(|error| Error::Cgroup(format!("write {value:?} to {}: {error}", path.display())))
}

fn limit_processes(file: PathBuf) -> Result<()> {
    write_control(&file, &MAX_PROCESSES.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_could_climb_out_are_refused() {
        for name in ["", "..", "a/b", ".hidden", "a b"] {
            assert!(check_name(name).is_err(), "{name:?}");
        }
        assert!(check_name("workshop-3f.2_x").is_ok());
    }
}

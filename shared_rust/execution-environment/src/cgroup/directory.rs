//! One cgroup directory, reachable from inside the sandbox too.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::errno::Errno;
use nix::unistd::{UnlinkatFlags, unlinkat};

use crate::error::{Context, Result};
use crate::kernel_file;

/// A dead process leaves its cgroup a little after its parent has heard of the death.
const REMOVAL: (u32, Duration) = (400, Duration::from_millis(1));

pub struct Directory {
    path: PathBuf,
    parent: File,
    name: String,
    procs: File,
}

impl Directory {
    /// Makes `id` below `parent`, and `parent` itself where it is missing.
    pub fn create(parent: &Path, id: &str) -> Result<Self> {
        let path = parent.join(id);
        fs::create_dir_all(&path).context(|| format!("make {}", path.display()))?;
        let procs = path.join("cgroup.procs");
        Ok(Self {
            parent: File::open(parent).context(|| format!("open {}", parent.display()))?,
            name: id.to_owned(),
            procs: OpenOptions::new()
                .write(true)
                .open(&procs)
                .context(|| format!("open {}", procs.display()))?,
            path,
        })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn join(&self) -> Result<()> {
        (&self.procs)
            .write_all(b"0")
            .context(|| format!("join {}", self.path.display()))
    }

    pub fn processes(&self) -> Vec<i32> {
        processes_in(&self.path)
    }

    /// Removes by descriptor, because pid 1 does not see the path.
    pub fn remove(&self) {
        let (tries, pause) = REMOVAL;
        for _ in 0..tries {
            match unlinkat(&self.parent, self.name.as_str(), UnlinkatFlags::RemoveDir) {
                Err(Errno::EBUSY) => std::thread::sleep(pause),
                Ok(()) | Err(Errno::ENOENT) => return,
                Err(error) => {
                    tracing::warn!(%error, path = %self.path.display(), "a cgroup cannot be removed");
                    return;
                }
            }
        }
        tracing::warn!(path = %self.path.display(), "a cgroup stays busy and is left behind");
    }
}

pub fn processes_in(directory: &Path) -> Vec<i32> {
    let text = kernel_file::read(&directory.join("cgroup.procs")).unwrap_or_default();
    text.lines().filter_map(|line| line.parse().ok()).collect()
}

//! Removing what a crashed parent left behind.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use serde::Serialize;

use super::check_name;
use super::directory::processes_in;
use crate::error::Result;

const PATIENCE: Duration = Duration::from_secs(5);

/// What a sweep did.
#[derive(Debug, Default, Serialize)]
pub struct Swept {
    pub processes_killed: usize,
    pub cgroups_removed: usize,
    /// Directories that could not be removed.
    pub left: Vec<PathBuf>,
}

/// Kills every process in the cgroups below `parent`, in every hierarchy, and removes the cgroups.
///
/// # Errors
/// `parent` is not a plain name.
pub fn sweep(parent: &str) -> Result<Swept> {
    check_name(parent)?;
    let mut swept = Swept::default();
    let mut killed = BTreeSet::new();
    let tops = tops(Path::new("/sys/fs/cgroup"), parent);
    let until = Instant::now() + PATIENCE;
    loop {
        let mut alive = false;
        for directory in tops.iter().flat_map(|top| tree(top)) {
            thaw(&directory);
            for pid in processes_in(&directory) {
                alive = true;
                killed.insert(pid);
                // It may be gone by now.
                let _ = kill(Pid::from_raw(pid), Signal::SIGKILL);
            }
        }
        if !alive || Instant::now() > until {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    swept.processes_killed = killed.len();
    for directory in tops.iter().flat_map(|top| tree(top)) {
        match fs::remove_dir(&directory) {
            Ok(()) => swept.cgroups_removed += 1,
            // Whoever lived there took it away meanwhile.
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(_) => swept.left.push(directory),
        }
    }
    Ok(swept)
}

/// `parent` in the v2 root and in each v1 hierarchy, links followed once.
fn tops(root: &Path, parent: &str) -> BTreeSet<PathBuf> {
    let hierarchies = fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    hierarchies
        .chain([root.to_owned()])
        .filter_map(|hierarchy| hierarchy.join(parent).canonicalize().ok())
        .filter(|top| top.join("cgroup.procs").exists())
        .collect()
}

/// The cgroups below and including `top`, children first.
fn tree(top: &Path) -> Vec<PathBuf> {
    let children = fs::read_dir(top).into_iter().flatten().flatten();
    let mut all: Vec<PathBuf> = children
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .flat_map(|child| tree(&child))
        .collect();
    all.push(top.to_owned());
    all
}

fn thaw(directory: &Path) {
    // One of the two exists, or neither: a frozen process would not die.
    for (file, word) in [("freezer.state", "THAWED"), ("cgroup.freeze", "0")] {
        let path = directory.join(file);
        if path.exists() {
            let _ = fs::write(path, word);
        }
    }
}

//! cgroup v2: one hierarchy for everything.

use std::fs::{self, File};
use std::os::fd::OwnedFd;
use std::path::Path;

use super::cpu::prefer;
use super::directory::processes_in;
use super::{Cgroup, Cpu, Directory, Freezer, Memory, Version, limit_processes, write_control};
use crate::error::{Context, Result};

const CONTROLLERS: [&str; 3] = ["cpu", "memory", "pids"];
/// Where the processes of a container's root cgroup are moved (see [`delegate`]).
const LEAF: &str = "execution-environment-host";

pub fn create(root: &Path, parent: &str, id: &str) -> Result<Cgroup> {
    let parent = root.join(parent);
    delegate(root);
    fs::create_dir_all(&parent).context(|| format!("make {}", parent.display()))?;
    enable(&parent).unwrap_or_else(|error| tracing::debug!(%error, "some controllers are missing"));
    let directory = Directory::create(&parent, id)?;
    let path = directory.path().to_owned();
    let mut notes = Vec::new();
    let has = |controller: &str| path.join(format!("{controller}.max")).exists();
    let mut need = |controller: &str, without: &str| {
        let found = has(controller);
        if !found {
            notes.push(format!(
                "{without} (no {controller} controller in {}: write +{controller} to the \
                 cgroup.subtree_control files above it, or run in a container with --privileged --cgroupns=private)",
                parent.display()
            ));
        }
        found
    };
    let enforced = need("cpu", "the CPU share of the memory size is not enforced");
    if enforced {
        prefer(Version::V2, &parent);
    }
    let cpu = Cpu::new(Version::V2, enforced.then(|| path.clone()), &path).ok();
    let memory = need("memory", "no memory limit").then(|| Memory::new(Version::V2, path.clone()));
    let limits_processes = need("pids", "the number of processes is not limited by cgroup")
        && limit_processes(path.join("pids.max")).is_ok();
    Ok(Cgroup {
        version: Version::V2,
        birthplace: Some(OwnedFd::from(
            File::open(&path).context(|| format!("open {}", path.display()))?,
        )),
        freezer: Freezer::open(Version::V2, &path).ok(),
        directories: vec![directory],
        cpu,
        memory,
        limits_processes,
        notes,
    })
}

/// Hands the controllers of the topmost cgroup down.
///
/// In a container that cgroup is not the machine's root, and processes live in it. As Docker-in-Docker's
/// entry point does, they are moved into a leaf beside ours first; their limits do not change. First,
/// because the kernel refuses only `memory` as long as they are there ("no internal processes"): `cpu`
/// and `pids` it grants, but makes the cgroup a threaded one, which then holds no other processes below it.
fn delegate(root: &Path) {
    if missing(root).is_empty() {
        return;
    }
    // The machine's root has no type, and may hold processes.
    if root.join("cgroup.type").exists() {
        empty(root);
    }
    if let Err(error) = enable(root) {
        tracing::debug!(%error, "cgroup v2 controllers are not handed down");
    }
}

/// Moves the processes of a cgroup into a leaf of it.
fn empty(directory: &Path) {
    let leaf = directory.join(LEAF);
    if let Err(error) = fs::create_dir_all(&leaf) {
        tracing::debug!(%error, path = %leaf.display(), "processes stay in the topmost cgroup");
        return;
    }
    for pid in processes_in(directory) {
        // Processes come and go, and kernel threads refuse: what matters is whether `enable` works.
        let _ = fs::write(leaf.join("cgroup.procs"), pid.to_string());
    }
}

/// Hands down each controller that is there; an error if the kernel refuses one.
fn enable(directory: &Path) -> Result<()> {
    missing(directory)
        .into_iter()
        .map(|controller| {
            write_control(
                &directory.join("cgroup.subtree_control"),
                &format!("+{controller}"),
            )
        })
        .fold(Ok(()), Result::and)
}

/// The controllers that are there and not handed down.
fn missing(directory: &Path) -> Vec<&'static str> {
    let words = |file: &str| fs::read_to_string(directory.join(file)).unwrap_or_default();
    let (available, handed_down) = (words("cgroup.controllers"), words("cgroup.subtree_control"));
    let has = |text: &str, controller: &str| text.split_whitespace().any(|name| name == controller);
    CONTROLLERS
        .into_iter()
        .filter(|controller| has(&available, controller) && !has(&handed_down, controller))
        .collect()
}

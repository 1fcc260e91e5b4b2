//! cgroup v1: one hierarchy a controller.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::cpu::prefer;
use super::{Cgroup, Cpu, Directory, Freezer, Memory, Version, limit_processes};
use crate::error::{Error, Result};

/// A v2 hierarchy that many v1 systems mount beside the controllers. It has no controllers, but its
/// freezer takes 20 µs where v1's takes 170.
const UNIFIED: &str = "unified";

pub fn create(root: &Path, parent: &str, id: &str) -> Result<Cgroup> {
    let mut maker = Maker {
        root,
        parent,
        id,
        made: BTreeSet::new(),
        cgroup: Cgroup {
            version: Version::V1,
            directories: Vec::new(),
            birthplace: None,
            cpu: None,
            memory: None,
            freezer: None,
            limits_processes: false,
            notes: Vec::new(),
        },
    };
    maker.add_controllers();
    let cgroup = maker.cgroup;
    if cgroup.directories.is_empty() {
        return Err(Error::Cgroup(cgroup.notes.join("; ")));
    }
    Ok(cgroup)
}

struct Maker<'a> {
    root: &'a Path,
    parent: &'a str,
    id: &'a str,
    /// Hierarchies that already have the directory: `cpu` and `cpuacct` are often one.
    made: BTreeSet<PathBuf>,
    cgroup: Cgroup,
}

impl Maker<'_> {
    fn add_controllers(&mut self) {
        // The memory hierarchy first: its list of processes is the one that is read.
        if let Some(directory) = self.directory("memory", "no memory limit") {
            self.cgroup.memory = Some(Memory::new(Version::V1, directory));
        }
        let control = self.directory("cpu", "the CPU share of the memory size is not enforced");
        let accounting = self.directory("cpuacct", "CPU time is not measured");
        if let Some(parent) = control.as_deref().and_then(Path::parent) {
            prefer(Version::V1, parent);
        }
        self.cgroup.cpu = accounting
            .and_then(|accounting| self.noted(Cpu::new(Version::V1, control, &accounting)));
        if let Some(directory) =
            self.directory("pids", "the number of processes is not limited by cgroup")
        {
            self.cgroup.limits_processes = self
                .noted(limit_processes(directory.join("pids.max")))
                .is_some();
        }
        self.cgroup.freezer = self.freezer();
    }

    fn freezer(&mut self) -> Option<Freezer> {
        if self.root.join(UNIFIED).join("cgroup.procs").exists()
            && let Some(directory) = self.directory(UNIFIED, "no v2 freezer")
            && let Ok(freezer) = Freezer::open(Version::V2, &directory)
        {
            return Some(freezer);
        }
        let directory = self.directory("freezer", "frozen by SIGSTOP between invocations")?;
        let freezer = Freezer::open(Version::V1, &directory);
        self.noted(freezer)
    }

    fn directory(&mut self, controller: &str, without: &str) -> Option<PathBuf> {
        let hierarchy = self.root.join(controller);
        let made = hierarchy
            .canonicalize()
            .map_err(|error| Error::Cgroup(format!("{}: {error}", hierarchy.display())))
            .and_then(|hierarchy| self.directory_in(&hierarchy));
        match made {
            Ok(path) => Some(path),
            Err(error) => {
                self.cgroup.notes.push(format!("{without} ({error})"));
                None
            }
        }
    }

    fn directory_in(&mut self, hierarchy: &Path) -> Result<PathBuf> {
        let parent = hierarchy.join(self.parent);
        if self.made.contains(hierarchy) {
            return Ok(parent.join(self.id));
        }
        let directory = Directory::create(&parent, self.id)?;
        let path = directory.path().to_owned();
        self.cgroup.directories.push(directory);
        self.made.insert(hierarchy.to_owned());
        Ok(path)
    }

    fn noted<T>(&mut self, result: Result<T>) -> Option<T> {
        result
            .map_err(|error| self.cgroup.notes.push(error.to_string()))
            .ok()
    }
}

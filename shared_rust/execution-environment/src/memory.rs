//! How much memory the function has used at most.

use std::path::Path;

use crate::environment::Environment;
use crate::kernel_file;

impl Environment {
    /// The sum of the peaks (`VmHWM`) of the processes inside, in KiB, without this process and
    /// without pid 1.
    ///
    /// The cgroup's own peak counts page cache too, which a read-only deployment package fills; it
    /// is the answer only when a process has `died` and taken its figure along.
    pub fn peak_memory_kb(&self, died: bool) -> Option<u64> {
        let pids = match &self.cgroup {
            Some(cgroup) => cgroup.processes(),
            None => descendants(self.init.pid.as_raw()),
        };
        let sum: u64 = pids.iter().filter_map(|pid| process_peak_kb(*pid)).sum();
        let limit_kb = self.spec.memory_mb << 10;
        let of_cgroup = || {
            self.cgroup
                .as_ref()
                .and_then(crate::cgroup::Cgroup::peak_kb)
        };
        if died && !self.state.lock().exits.is_empty() {
            return of_cgroup()
                .or((sum > 0).then_some(sum))
                .map(|kb| kb.min(limit_kb));
        }
        (sum > 0).then_some(sum)
    }
}

fn process_peak_kb(pid: i32) -> Option<u64> {
    peak_in(&kernel_file::read(Path::new(&format!("/proc/{pid}/status"))).ok()?)
}

fn peak_in(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// The children of a process, and theirs.
fn descendants(pid: i32) -> Vec<i32> {
    let path = format!("/proc/{pid}/task/{pid}/children");
    let text = kernel_file::read(Path::new(&path)).unwrap_or_default();
    text.split_whitespace()
        .filter_map(|child| child.parse().ok())
        .flat_map(|child| [vec![child], descendants(child)].concat())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_is_read_from_a_status_file() {
        assert_eq!(
            peak_in("Name:\tx\nVmHWM:\t    1234 kB\nVmRSS:\t 99 kB\n"),
            Some(1234)
        );
        assert_eq!(peak_in("Name:\tkernel thread\n"), None);
        assert!(process_peak_kb(std::process::id() as i32).unwrap() > 0);
    }
}

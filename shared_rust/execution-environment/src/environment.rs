//! One execution environment: its parts, shared by the threads that serve it.

use std::sync::Once;

use crate::cgroup::Cgroup;
use crate::init::Init;
use crate::logs::Logs;
use crate::monitor::Monitor;
use crate::protocol::Reporter;
use crate::spec::Spec;
use crate::state::State;
use crate::telemetry::Telemetry;

pub struct Environment {
    pub spec: Spec,
    pub cgroup: Option<Cgroup>,
    pub init: Init,
    pub state: Monitor<State>,
    pub reporter: Reporter,
    pub logs: Logs,
    pub telemetry: Telemetry,
    /// File names in `/opt/extensions`, sorted.
    pub extensions: Vec<String>,
    pub destroyed: Once,
}

impl Environment {
    /// CPU time of the function and its extensions so far; `None` without a cgroup.
    pub fn cpu_us(&self) -> Option<u64> {
        self.cgroup.as_ref().and_then(Cgroup::cpu_us)
    }

    pub fn out_of_memory_kills(&self) -> u64 {
        self.cgroup.as_ref().map_or(0, Cgroup::out_of_memory_kills)
    }

    /// Ends everything inside at once and removes the cgroups. The process should exit then. Whoever comes
    /// second waits until that is done.
    pub fn destroy(&self) {
        self.destroyed
            .call_once(|| crate::sandbox::destroy(&self.init, self.cgroup.as_ref()));
    }
}

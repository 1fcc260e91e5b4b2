//! Nothing inside runs between two invocations.

use crate::clock::monotonic_us;
use crate::environment::Environment;
use crate::init::Command;

/// SIGSTOP takes microseconds; this is only so that a broken pid 1 does not hang everything.
const STOP_PATIENCE_US: u64 = 1_000_000;

impl Environment {
    pub fn freeze(&self) {
        if !self.spec.freeze || self.state.lock().frozen {
            return;
        }
        self.telemetry.pause();
        self.set_frozen(true);
    }

    pub fn thaw(&self) {
        if !self.state.lock().frozen {
            return;
        }
        self.set_frozen(false);
        self.telemetry.resume();
    }

    fn set_frozen(&self, frozen: bool) {
        // Not by `update`: nobody waits for these, and the threads that wait for a request would wake.
        {
            let mut state = self.state.lock();
            state.frozen = frozen;
            state.stopped = false;
        }
        if self
            .cgroup
            .as_ref()
            .is_some_and(|cgroup| cgroup.freeze(frozen))
        {
            return;
        }
        if let Err(error) = self.init.channel.send(&Command::Stop(frozen), &[]) {
            tracing::warn!(%error, "pid 1 does not take orders");
            return;
        }
        let until = monotonic_us() + STOP_PATIENCE_US;
        self.state
            .wait_until(until, |state| state.stopped.then_some(()));
    }
}

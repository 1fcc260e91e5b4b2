//! The end: SHUTDOWN for extensions, and killing what does not go by itself.

use super::{Lifecycle, events};
use crate::cgroup::Share;
use crate::clock::{monotonic_us, unix_ms};
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::init::{Command, Role};

/// What extensions have for SHUTDOWN.
const LIMIT_US: u64 = 2_000_000;
/// What the last telemetry has before that.
const FLUSH_US: u64 = 300_000;
/// SIGKILL to 1,024 processes at full CPU takes milliseconds; in an emulator it takes ten seconds.
const KILL_PATIENCE_US: u64 = 60_000_000;

impl Lifecycle {
    /// The SHUTDOWN phase; everything is dead afterwards.
    pub fn shut_down(&mut self) {
        if self.initialised {
            self.environment.tell_shutdown("spindown");
            self.environment.drain_logs();
        }
        self.initialised = false;
    }
}

impl Environment {
    /// Ends all processes, after the extensions have been told, and gets ready for another INIT.
    ///
    /// # Errors
    /// Something inside does not die.
    pub fn reset(&self, reason: &str) -> Result<()> {
        self.tell_shutdown(reason);
        // Dying takes CPU time too, and a frozen process does not die.
        self.share_cpu(Share::Full)?;
        self.thaw();
        self.state.update(|state| {
            state.generation += 1;
            state.killed = false;
            state.parked = false;
        });
        self.init.channel.send(&Command::KillAll, &[])?;
        let until = monotonic_us() + KILL_PATIENCE_US;
        self.state
            .wait_until(until, |state| state.killed.then_some(()))
            .ok_or_else(|| Error::Sandbox("its processes cannot be killed".into()))?;
        self.flush_logs();
        if let Some(cgroup) = &self.cgroup {
            cgroup.reset_peak();
        }
        self.state.update(|state| state.start_generation());
        self.init.channel.send(&Command::Park, &[])
    }

    /// Tells the external extensions that it is over and gives them 2 s; without any, nothing waits.
    fn tell_shutdown(&self, reason: &str) {
        if !self.state.lock().extensions.is_empty() {
            // Before SHUTDOWN, since an extension may leave as soon as it hears of that.
            self.telemetry.flush(monotonic_us() + FLUSH_US);
        }
        let event = events::shutdown(reason, unix_ms() + LIMIT_US / 1_000);
        let (told, runtime) = self.state.update(|state| {
            let mut told = 0;
            for extension in state
                .extensions
                .values_mut()
                .filter(|extension| extension.wants("SHUTDOWN"))
            {
                extension.waiting = false;
                extension.queue.clear();
                extension.queue.push_back(event.clone());
                told += 1;
            }
            let runtime = state
                .processes
                .iter()
                .find(|(_, role)| **role == Role::Runtime);
            (told, runtime.map(|(pid, _)| *pid))
        });
        if told == 0 {
            return;
        }
        let until = monotonic_us() + LIMIT_US;
        if let Some(pid) = runtime {
            // With an external extension the runtime gets a chance to clean up too. It may be dead.
            let _ = self.init.channel.send(&Command::Terminate(pid), &[]);
        }
        self.state.wait_until(until, |state| {
            let alive = state
                .processes
                .values()
                .any(|role| matches!(role, Role::Extension(_)));
            (!alive).then_some(())
        });
    }
}

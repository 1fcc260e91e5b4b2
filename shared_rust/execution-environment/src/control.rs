//! What pid 1 tells, written into the shared state.

use crate::environment::Environment;
use crate::init::{Notice, Received, Role};
use crate::state::State;

impl Environment {
    /// Follows pid 1 until it is gone.
    pub fn follow_init(&self) {
        loop {
            match self.init.channel.receive::<Notice>() {
                Ok(Some(received)) => self.state.update(|state| note(state, received)),
                Ok(None) => return,
                Err(error) => {
                    tracing::error!(%error, "pid 1 cannot be understood");
                    return;
                }
            }
        }
    }
}

fn note(
    state: &mut State,
    Received {
        message,
        descriptors,
    }: Received<Notice>,
) {
    match message {
        Notice::Parked => state.parked = true,
        Notice::Executing { pid, role, at_us } => {
            state.started_us.get_or_insert(at_us);
            state.runtime_started |= role == Role::Runtime;
            state.processes.insert(pid, role);
        }
        Notice::ExecFailed {
            role,
            program,
            error,
        } => {
            tracing::debug!(?role, program, error, "exec failed");
            state
                .exec_failure
                .get_or_insert((role, format!("fork/exec {program}: {error}")));
        }
        Notice::Exited { pid, ending } => {
            // Orphans of the function's own making are nobody's business.
            if let Some(role) = state.processes.remove(&pid) {
                state.exits.push((role, ending));
            }
        }
        Notice::Stopped => state.stopped = true,
        Notice::Killed => state.killed = true,
        Notice::Socket => state.sockets.extend(descriptors),
        Notice::Failed { message } => {
            tracing::error!(message, "pid 1 has failed");
            state.exec_failure.get_or_insert((Role::Runtime, message));
        }
        Notice::Ready { .. } => {}
    }
}

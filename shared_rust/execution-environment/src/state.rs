//! What the threads of one environment share: who waits for what, and what has happened.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::os::fd::OwnedFd;

use crate::init::{Ending, Role};

/// The state of the current generation of processes.
///
/// A kill starts a new generation; whoever still waits on behalf of an old process sees the number
/// change and leaves, instead of taking an event that is meant for the next one.
#[derive(Default)]
pub struct State {
    pub generation: u64,
    pub runtime: Runtime,
    /// By the identifier that registration gave out.
    pub extensions: BTreeMap<String, Extension>,
    /// The processes that were launched, by their pid inside.
    pub processes: HashMap<i32, Role>,
    /// `exec` of the first program of this generation.
    pub started_us: Option<u64>,
    pub runtime_started: bool,
    pub exits: Vec<(Role, Ending)>,
    /// Which program could not be started, and why.
    pub exec_failure: Option<(Role, String)>,
    pub parked: bool,
    pub killed: bool,
    pub stopped: bool,
    /// Sockets of the sandbox's network that pid 1 has passed out.
    pub sockets: Vec<OwnedFd>,
    pub frozen: bool,
}

#[derive(Default)]
pub struct Runtime {
    /// It has asked for the next event and waits.
    pub waiting: bool,
    /// Which `next` request waits: a later one takes the place of an earlier.
    pub ticket: u64,
    /// When its last `next` arrived.
    pub next_us: u64,
    /// Ready to be taken by the waiting `next`.
    pub pending: Option<Event>,
    /// The request that it works on.
    pub current: Option<String>,
    /// When that was handed out.
    pub handed_out_us: Option<u64>,
    pub answer: Option<Answer>,
    /// It has answered `current`.
    pub answered: bool,
    pub init_error: Option<ReportedError>,
}

/// One invocation as the runtime gets it.
pub struct Event {
    pub request_id: String,
    pub payload: Vec<u8>,
    pub deadline_ms: u64,
    pub trace_id: String,
    pub function_arn: String,
    pub client_context: Option<String>,
    pub cognito_identity: Option<String>,
}

pub struct Answer {
    pub error_type: Option<String>,
    pub payload: Vec<u8>,
}

/// An error that a runtime or an extension has posted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportedError {
    pub error_type: String,
    pub payload: Vec<u8>,
}

#[derive(Default)]
pub struct Extension {
    pub name: String,
    pub events: Vec<String>,
    /// It runs inside the runtime's process.
    pub internal: bool,
    pub waiting: bool,
    pub ticket: u64,
    pub next_us: u64,
    pub queue: VecDeque<String>,
    pub error: Option<ReportedError>,
}

impl Extension {
    pub fn wants(&self, event: &str) -> bool {
        self.events.iter().any(|wanted| wanted == event)
    }
}

impl State {
    /// Forgets everything about the processes, which are dead.
    pub fn start_generation(&mut self) {
        *self = Self {
            generation: self.generation + 1,
            parked: self.parked,
            ..Self::default()
        };
    }

    /// The runtime and all extensions wait for an event: INIT or INVOKE is over.
    pub fn all_waiting(&self) -> bool {
        self.runtime.waiting && self.extensions.values().all(|extension| extension.waiting)
    }

    /// When the last of them asked for its next event.
    pub fn last_next_us(&self) -> u64 {
        self.extensions
            .values()
            .map(|extension| extension.next_us)
            .fold(self.runtime.next_us, u64::max)
    }

    /// The processes that were launched as extensions have all registered.
    pub fn registered_external(&self) -> usize {
        self.extensions
            .values()
            .filter(|extension| !extension.internal)
            .count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_ends_with_the_slowest() {
        let mut state = State::default();
        state.runtime.waiting = true;
        state.runtime.next_us = 5;
        let extension = Extension {
            next_us: 9,
            ..Extension::default()
        };
        state.extensions.insert("x".into(), extension);
        assert!(!state.all_waiting());
        state
            .extensions
            .values_mut()
            .for_each(|extension| extension.waiting = true);
        assert!(state.all_waiting());
        assert_eq!(state.last_next_us(), 9);
    }

    #[test]
    fn a_new_generation_forgets_the_old_processes() {
        let mut state = State::default();
        state.runtime.waiting = true;
        state.processes.insert(2, Role::Runtime);
        state.start_generation();
        assert_eq!(state.generation, 1);
        assert!(!state.runtime.waiting && state.processes.is_empty());
    }
}

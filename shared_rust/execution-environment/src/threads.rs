//! Threads with small stacks: fifty environments have a dozen threads each.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::error::{Context, Result};

const STACK: usize = 128 * 1024;

/// # Errors
/// The machine has no room for another thread.
pub fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    thread::Builder::new()
        .name(name.to_owned())
        .stack_size(STACK)
        .spawn(work)
        .map(drop)
        .context(|| format!("start the {name} thread"))
}

/// At most so many threads of one kind: what runs inside must not exhaust the supervisor.
#[derive(Clone)]
pub struct Gate {
    free: Arc<AtomicUsize>,
}

impl Gate {
    pub fn new(places: usize) -> Self {
        Self {
            free: Arc::new(AtomicUsize::new(places)),
        }
    }

    /// Does `work` in a thread, or drops it when there is no place.
    pub fn spawn(&self, name: &str, work: impl FnOnce() + Send + 'static) {
        let take = |free: usize| free.checked_sub(1);
        if self
            .free
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, take)
            .is_err()
        {
            tracing::warn!(name, "too many connections: one is refused");
            return;
        }
        let place = Place(Arc::clone(&self.free));
        let started = spawn(name, move || {
            let _place = place;
            work();
        });
        if let Err(error) = started {
            tracing::warn!(%error, "a connection is refused");
        }
    }
}

/// Given back when the thread ends, and when it could not be started.
struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    #[test]
    fn a_full_gate_refuses_and_opens_again() {
        let gate = Gate::new(1);
        let (release, wait) = mpsc::channel::<()>();
        let (done, finished) = mpsc::channel();
        gate.spawn("first", move || assert!(wait.recv().is_err()));
        let refused = done.clone();
        gate.spawn("second", move || refused.send(2).unwrap());
        drop(release);
        while gate.free.load(Ordering::Acquire) == 0 {
            thread::yield_now();
        }
        gate.spawn("third", move || done.send(3).unwrap());
        assert_eq!(finished.recv().unwrap(), 3);
    }
}

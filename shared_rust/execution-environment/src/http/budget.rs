//! How much of all requests' bodies is held at once.
//!
//! The supervisor's memory is outside the function's limit: half-sent requests must not fill it.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

#[derive(Clone)]
pub struct Budget {
    free: Arc<AtomicUsize>,
}

impl Budget {
    pub fn new(bytes: usize) -> Self {
        Self {
            free: Arc::new(AtomicUsize::new(bytes)),
        }
    }

    pub fn charge(&self) -> Charge {
        Charge {
            budget: self.clone(),
            taken: 0,
        }
    }
}

/// What one request holds of the budget; given back when it is dropped.
pub struct Charge {
    budget: Budget,
    taken: usize,
}

impl Charge {
    /// Takes `bytes` more, unless others hold too much.
    pub fn take(&mut self, bytes: usize) -> bool {
        let take = |free: usize| free.checked_sub(bytes);
        let taken = self
            .budget
            .free
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, take);
        if taken.is_ok() {
            self.taken += bytes;
        }
        taken.is_ok()
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.budget.free.fetch_add(self.taken, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_dropped_can_be_taken_again() {
        let budget = Budget::new(10);
        let (mut one, mut other) = (budget.charge(), budget.charge());
        assert!(one.take(6) && !other.take(5) && other.take(4));
        drop(one);
        assert!(other.take(6) && !other.take(1));
    }
}

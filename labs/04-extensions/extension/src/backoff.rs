//! How long to wait after a failure: exponential, with full jitter.

use std::time::Duration;

const FIRST: Duration = Duration::from_millis(100);
const LONGEST: Duration = Duration::from_secs(20);

/// Counts failures in a row.
#[derive(Debug, Default)]
pub struct Backoff {
    failures: u32,
}

impl Backoff {
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    pub const fn succeeded(&mut self) {
        self.failures = 0;
    }

    /// The wait after one more failure: anything up to the bound, so that environments do not come back together.
    pub fn failed(&mut self) -> Duration {
        self.failures = self.failures.saturating_add(1);
        self.bound().mul_f64(fastrand::f64())
    }

    fn bound(&self) -> Duration {
        let doublings = self.failures.saturating_sub(1).min(16);
        FIRST.saturating_mul(1 << doublings).min(LONGEST)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bound_doubles_up_to_a_limit() {
        let mut backoff = Backoff::default();
        let mut bounds = Vec::new();
        for _ in 0..40 {
            let wait = backoff.failed();
            assert!(wait <= backoff.bound());
            bounds.push(backoff.bound());
        }
        assert_eq!(bounds[..3], [FIRST, FIRST * 2, FIRST * 4]);
        assert_eq!(bounds.last(), Some(&LONGEST));
        backoff.succeeded();
        assert!(backoff.failed() <= FIRST);
    }

    #[test]
    fn two_environments_wait_differently() {
        let waits: Vec<_> = (0..8).map(|_| Backoff { failures: 9 }.failed()).collect();
        assert!(waits.iter().any(|wait| *wait != waits[0]), "{waits:?}");
    }
}

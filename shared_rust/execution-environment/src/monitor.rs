//! A mutex with its condition variable: state that threads wait on.

use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::clock::monotonic_us;

/// Never.
pub const FOREVER: u64 = u64::MAX;

#[derive(Default)]
pub struct Monitor<T> {
    state: Mutex<T>,
    changed: Condvar,
}

impl<T> Monitor<T> {
    /// Looks at the state; nobody is woken.
    pub fn lock(&self) -> MutexGuard<'_, T> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes the state and wakes everyone who waits on it.
    pub fn update<R>(&self, change: impl FnOnce(&mut T) -> R) -> R {
        let result = change(&mut self.lock());
        self.wake();
        result
    }

    /// Wakes everyone who waits, after a change that was made under [`lock`](Self::lock).
    pub fn wake(&self) {
        self.changed.notify_all();
    }

    /// Waits until `ready` gives something, or until the monotonic time `deadline_us`.
    ///
    /// `ready` sees the state a last time at the deadline, so what came in time is never lost.
    pub fn wait_until<R>(
        &self,
        deadline_us: u64,
        mut ready: impl FnMut(&mut T) -> Option<R>,
    ) -> Option<R> {
        let mut state = self.lock();
        loop {
            if let Some(result) = ready(&mut state) {
                return Some(result);
            }
            let left = deadline_us.saturating_sub(monotonic_us());
            if left == 0 {
                return None;
            }
            // An hour at most: the sum of now and a far deadline must not overflow.
            let pause = Duration::from_micros(left.min(3_600_000_000));
            state = self
                .changed
                .wait_timeout(state, pause)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn a_waiter_sees_the_update_of_another_thread() {
        let monitor = Arc::new(Monitor::<Option<u32>>::default());
        let other = Arc::clone(&monitor);
        let thread = std::thread::spawn(move || other.update(|value| *value = Some(7)));
        assert_eq!(monitor.wait_until(FOREVER, |value| value.take()), Some(7));
        thread.join().unwrap();
    }

    #[test]
    fn a_deadline_in_the_past_still_looks_once() {
        let monitor = Monitor::<u32>::default();
        assert_eq!(
            monitor.wait_until(0, |value| (*value == 0).then_some(())),
            Some(())
        );
        assert_eq!(
            monitor.wait_until(0, |value| (*value == 1).then_some(())),
            None
        );
    }
}

//! The Telemetry API's inside: what happened, kept for the extensions that subscribed.
//!
//! Records are kept from the start of INIT, so that a subscriber also gets what came before its
//! subscription; without any subscriber at the end of INIT they are no longer made.

mod delivery;
mod subscription;

use std::sync::Arc;

use serde_json::{Value, json};

use crate::clock::{monotonic_us, rfc3339_ms};
use crate::monitor::{FOREVER, Monitor};
use subscription::{Batch, Subscription};
pub use subscription::{Refused, Request};

/// Records kept before anyone has subscribed.
const MAX_HISTORY: usize = 10_000;
/// How long a freeze waits for a delivery that is under way.
const DELIVERY_PATIENCE_US: u64 = 200_000;

pub type Record = Arc<str>;

#[derive(Default)]
pub struct Telemetry {
    inner: Monitor<Inner>,
}

#[derive(Default)]
struct Inner {
    /// INIT is under way: subscriptions are taken and everything is kept for them.
    open: bool,
    history: Vec<(&'static str, Record)>,
    subscriptions: Vec<Subscription>,
    paused: bool,
    delivering: bool,
    flushing: bool,
}

impl Telemetry {
    /// A new INIT: new subscribers, nothing from before.
    pub fn open(&self) {
        self.inner.update(|inner| {
            *inner = Inner {
                open: true,
                ..Inner::default()
            };
        });
    }

    /// The end of INIT: no more subscriptions.
    pub fn close(&self) {
        self.inner.update(|inner| {
            inner.open = false;
            inner.history = Vec::new();
        });
    }

    /// `platform.*`, with the record that `fields` makes when anyone listens.
    pub fn platform(&self, event: &'static str, fields: impl FnOnce() -> Value) {
        self.record(
            "platform",
            || json!({"time": rfc3339_ms(), "type": event, "record": fields()}),
        );
    }

    /// A line of `function` or `extension`: its time and what it says.
    pub fn record_with(&self, kind: &'static str, fields: impl FnOnce() -> (String, Value)) {
        self.record(kind, || {
            let (time, record) = fields();
            json!({"time": time, "type": kind, "record": record})
        });
    }

    fn record(&self, kind: &'static str, make: impl FnOnce() -> Value) {
        let listened = |inner: &Inner| inner.open || !inner.subscriptions.is_empty();
        if !listened(&self.inner.lock()) {
            return;
        }
        let record: Record = make().to_string().into();
        let now = monotonic_us();
        self.inner.update(|inner| {
            if inner.open && inner.history.len() < MAX_HISTORY {
                inner.history.push((kind, Arc::clone(&record)));
            }
            for subscription in &mut inner.subscriptions {
                subscription.offer(kind, &record, now);
            }
        });
    }

    /// Subscribes an extension, which also gets what happened before.
    ///
    /// # Errors
    /// Why it is refused; INIT may be over.
    pub fn subscribe(&self, extension: &str, request: &Request) -> Result<(), Refused> {
        let mut subscription = Subscription::new(extension, request)?;
        self.inner.update(|inner| {
            if !inner.open {
                return Err(Refused::TooLate);
            }
            let now = monotonic_us();
            for (kind, record) in &inner.history {
                subscription.offer(kind, record, now);
            }
            inner
                .subscriptions
                .retain(|other| other.extension != extension);
            inner.subscriptions.push(subscription);
            Ok(())
        })
    }

    /// Before a freeze: no delivery starts until [`resume`](Self::resume), and one under way ends.
    pub fn pause(&self) {
        self.inner.lock().paused = true;
        let until = monotonic_us() + DELIVERY_PATIENCE_US;
        self.inner
            .wait_until(until, |inner| (!inner.delivering).then_some(()));
    }

    /// Wakes the deliverer only where somebody listens: it would take CPU from the function.
    pub fn resume(&self) {
        let listened = {
            let mut inner = self.inner.lock();
            inner.paused = false;
            !inner.subscriptions.is_empty()
        };
        if listened {
            self.inner.wake();
        }
    }

    /// Delivers everything at once, whatever the buffering says; waits until `until_us` for it.
    pub fn flush(&self, until_us: u64) {
        self.inner.update(|inner| inner.flushing = true);
        self.inner.wait_until(until_us, |inner| {
            let empty = inner.subscriptions.iter().all(Subscription::is_empty);
            (empty && !inner.delivering).then_some(())
        });
        self.inner.update(|inner| inner.flushing = false);
    }

    /// Waits for the next batch that is due and may be delivered.
    fn next_batch(&self) -> Batch {
        loop {
            let mut due_us = FOREVER;
            let batch = self.inner.wait_until(FOREVER, |inner| {
                if inner.paused {
                    return None;
                }
                let now = monotonic_us();
                let flushing = inner.flushing;
                due_us = FOREVER;
                for subscription in &mut inner.subscriptions {
                    match subscription.due_us(now, flushing) {
                        Some(due) if due <= now => {
                            inner.delivering = true;
                            return Some(Some(subscription.take()));
                        }
                        Some(due) => due_us = due_us.min(due),
                        None => {}
                    }
                }
                // A time is set: leave, and come back when it is reached.
                (due_us != FOREVER).then_some(None)
            });
            match batch {
                Some(Some(batch)) => return batch,
                _ => self.sleep_until(due_us),
            }
        }
    }

    /// Sleeps until a time, or until it should be reconsidered.
    fn sleep_until(&self, due_us: u64) {
        let mut first = true;
        self.inner.wait_until(due_us, |_| {
            let woken = !first;
            first = false;
            woken.then_some(())
        });
    }

    fn delivered(&self) {
        self.inner.update(|inner| inner.delivering = false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        serde_json::from_value(json!({
            "schemaVersion": "2022-12-13", "types": ["platform"], "buffering": {"timeoutMs": 25},
            "destination": {"protocol": "HTTP", "URI": "http://sandbox.localdomain:4243/x"}
        }))
        .unwrap()
    }

    #[test]
    fn a_subscriber_gets_what_came_before_it_and_only_its_types() {
        let telemetry = Telemetry::default();
        telemetry.open();
        telemetry.platform("platform.initStart", || json!({}));
        telemetry.record_with("function", || (rfc3339_ms(), json!("a line")));
        telemetry.subscribe("ext", &request()).unwrap();
        telemetry.platform("platform.initReport", || json!({}));
        let batch = telemetry.next_batch();
        assert_eq!((batch.port, batch.path.as_str()), (4243, "/x"));
        assert_eq!(batch.records.len(), 2);
        assert!(batch.records[0].contains("platform.initStart"));
    }

    #[test]
    fn after_init_nobody_may_subscribe_and_nothing_is_kept() {
        let telemetry = Telemetry::default();
        telemetry.open();
        telemetry.close();
        telemetry.platform("platform.start", || unreachable!("nobody listens"));
        assert!(matches!(
            telemetry.subscribe("ext", &request()),
            Err(Refused::TooLate)
        ));
    }
}

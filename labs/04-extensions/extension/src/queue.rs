//! What waits in memory, within a bound of bytes.

use crate::config::{Config, Thresholds};
use crate::locked::locked;
use analytics_events::{Batch, Event, FunctionName, MAX_MESSAGE_BYTES, Name, Report, SCHEMA};
use serde::Serialize;
use serde_json::value::{RawValue, to_raw_value};
use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::Notify;
use tokio::time::Instant;

/// What an item costs beside its text: its place in the queue and the allocator's own.
const ITEM_OVERHEAD: usize = 48;
/// The longest a batch is without events and reports.
const ENVELOPE_BYTES: usize = 2 * 1024;

/// Events and reports that are not in a message yet.
pub struct Queue {
    state: Mutex<State>,
    changed: Notify,
    envelope: Envelope,
    thresholds: Thresholds,
    max_bytes: usize,
}

/// Where the events of this environment come from.
struct Envelope {
    function: FunctionName,
    version: Name,
    memory_mb: u32,
    environment: Name,
}

#[derive(Default)]
struct State {
    events: VecDeque<Box<RawValue>>,
    reports: VecDeque<Box<RawValue>>,
    bytes: usize,
    /// When the oldest item came.
    since: Option<Instant>,
    /// Since the last batch.
    dropped: u64,
    sequence: u64,
}

/// A message's body, and how many events are lost with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub body: String,
    pub events: u64,
    /// Where it also is, when it was spilled.
    pub file: Option<PathBuf>,
}

impl Queue {
    pub fn new(config: &Config) -> Self {
        Self {
            state: Mutex::default(),
            changed: Notify::new(),
            envelope: Envelope {
                function: config.function.clone(),
                version: config.version.clone(),
                memory_mb: config.memory_mb,
                environment: config.environment.clone(),
            },
            thresholds: config.thresholds,
            max_bytes: config.queue_bytes,
        }
    }

    /// Takes what there is room for, and counts the rest.
    pub fn offer_events(&self, events: &[Event]) {
        let mut state = locked(&self.state);
        for event in events {
            if !state.push(event, self.max_bytes, |state| &mut state.events) {
                state.dropped += 1;
            }
        }
        drop(state);
        self.changed.notify_one();
    }

    /// Reports without room are left out: they say how a function did, not what its users did.
    pub fn offer_report(&self, report: &Report) {
        locked(&self.state).push(report, self.max_bytes, |state| &mut state.reports);
        self.changed.notify_one();
    }

    /// Counts events of a message that could not be kept.
    pub fn count_dropped(&self, events: u64) {
        locked(&self.state).dropped += events;
    }

    /// Waits until something was offered.
    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    /// When a message should be made of what waits; `None` when nothing waits.
    pub fn due(&self) -> Option<Instant> {
        let state = locked(&self.state);
        let since = state.since?;
        let enough = state.items() >= self.thresholds.items || state.bytes >= self.thresholds.bytes;
        Some(
            since
                + if enough {
                    Duration::ZERO
                } else {
                    self.thresholds.age
                },
        )
    }

    /// It is time to make room, also when nothing can be sent.
    pub fn is_half_full(&self) -> bool {
        locked(&self.state).bytes >= self.max_bytes / 2
    }

    /// The oldest items as one message; `None` when there is nothing to say.
    pub fn seal(&self) -> Option<Message> {
        let mut state = locked(&self.state);
        if state.items() == 0 && state.dropped == 0 {
            return None;
        }
        let mut room = MAX_MESSAGE_BYTES - ENVELOPE_BYTES;
        let reports = state.take(&mut room, |state| &mut state.reports);
        let events = state.take(&mut room, |state| &mut state.events);
        if state.items() == 0 {
            state.since = None;
        }
        state.sequence += 1;
        let count = u64::try_from(events.len()).unwrap_or(u64::MAX);
        let batch = Batch {
            schema: SCHEMA,
            function: self.envelope.function.clone(),
            version: self.envelope.version.clone(),
            memory_mb: self.envelope.memory_mb,
            environment: self.envelope.environment.clone(),
            sequence: state.sequence,
            events,
            reports,
            dropped: std::mem::take(&mut state.dropped),
        };
        drop(state);
        let body = serde_json::to_string(&batch).ok()?;
        Some(Message {
            body,
            events: count,
            file: None,
        })
    }
}

type Items = fn(&mut State) -> &mut VecDeque<Box<RawValue>>;

impl State {
    fn items(&self) -> usize {
        self.events.len() + self.reports.len()
    }

    fn push(&mut self, item: &impl Serialize, max_bytes: usize, items: Items) -> bool {
        let Ok(json) = to_raw_value(item) else {
            return false;
        };
        let bytes = self.bytes + json.get().len() + ITEM_OVERHEAD;
        if bytes > max_bytes {
            return false;
        }
        self.bytes = bytes;
        items(self).push_back(json);
        self.since.get_or_insert_with(Instant::now);
        true
    }

    fn take(&mut self, room: &mut usize, items: Items) -> Vec<Box<RawValue>> {
        let mut taken = Vec::new();
        while let Some(item) = items(self).pop_front() {
            // One more for the comma.
            let length = item.get().len() + 1;
            if length > *room {
                items(self).push_front(item);
                break;
            }
            *room -= length;
            self.bytes -= item.get().len() + ITEM_OVERHEAD;
            taken.push(item);
        }
        taken
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use analytics_events::{EventId, parse};
    use std::sync::Arc;

    pub fn queue(max_bytes: usize) -> Arc<Queue> {
        let mut config = crate::config::tests::config();
        config.queue_bytes = max_bytes;
        config.thresholds = Thresholds {
            items: 3,
            bytes: 100_000,
            age: Duration::from_secs(30),
        };
        Arc::new(Queue::new(&config))
    }

    pub fn sealed(queue: &Queue) -> Batch {
        serde_json::from_str(&queue.seal().unwrap().body).unwrap()
    }

    pub fn event(id: &str) -> Event {
        let json = r#"{"request_id":"r","time":"2026-01-31T12:00:00Z","action":"listBuckets","status":200,
            "duration_ms":1,"bytes":2}"#;
        let posted = parse(json.as_bytes()).unwrap().remove(0);
        posted.with_id(|_| EventId::new(id)).unwrap()
    }

    #[test]
    fn a_message_is_made_by_count_or_by_age() {
        let queue = queue(10_000);
        assert_eq!(queue.due(), None);
        queue.offer_events(&[event("1")]);
        let later = queue.due().unwrap();
        assert!(later > Instant::now() + Duration::from_secs(20));
        queue.offer_events(&[event("2"), event("3")]);
        assert!(queue.due().unwrap() <= Instant::now());
        assert_eq!(sealed(&queue).events.len(), 3);
        assert_eq!(queue.due(), None);
    }

    #[test]
    fn messages_keep_the_order_and_their_size() {
        let queue = queue(10_000_000);
        let events: Vec<_> = (0..3_000)
            .map(|number| event(&number.to_string()))
            .collect();
        queue.offer_events(&events);
        let mut seen = Vec::new();
        for sequence in 1.. {
            let Some(message) = queue.seal() else { break };
            assert!(message.body.len() <= MAX_MESSAGE_BYTES);
            let batch: Batch = serde_json::from_str(&message.body).unwrap();
            assert_eq!(batch.sequence, sequence);
            assert_eq!(batch.events.len() as u64, message.events);
            seen.extend(batch.events);
        }
        assert_eq!(seen, events);
        assert_eq!(locked(&queue.state).bytes, 0);
    }

    #[test]
    fn what_has_no_room_is_counted_once() {
        let queue = queue(1_000);
        let events: Vec<_> = (0..50).map(|number| event(&number.to_string())).collect();
        queue.offer_events(&events);
        assert!(locked(&queue.state).bytes <= 1_000);
        assert!(queue.is_half_full());
        let batch = sealed(&queue);
        assert_eq!(batch.events.len() as u64 + batch.dropped, 50);
        assert_eq!(queue.seal(), None);
    }

    #[test]
    fn a_loss_is_told_even_when_nothing_else_is() {
        let queue = queue(1_000);
        queue.count_dropped(7);
        assert_eq!(sealed(&queue).dropped, 7);
    }
}

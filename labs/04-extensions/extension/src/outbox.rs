//! What is to be sent: in memory first, and on the disk when that fills.

use crate::queue::{Message, Queue};
use crate::spill::Spill;
use crate::sqs::{MAX_CALL_BYTES, MAX_CALL_MESSAGES};
use std::collections::VecDeque;
use std::sync::Arc;
use tokio::time::Instant;

/// Makes calls' worth of messages of the queue, and keeps those that could not be sent.
pub struct Outbox {
    queue: Arc<Queue>,
    spill: Spill,
    /// In messages already, but not in a call.
    ready: VecDeque<Message>,
}

/// Which items a call is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Which {
    /// Those that have waited long enough, or are enough.
    Due,
    All,
}

impl Outbox {
    pub const fn new(queue: Arc<Queue>, spill: Spill) -> Self {
        Self {
            queue,
            spill,
            ready: VecDeque::new(),
        }
    }

    /// A call's worth of messages. What was spilled comes after what is in memory, which fills.
    pub fn call(&mut self, which: Which) -> Vec<Message> {
        let mut call = Vec::new();
        let mut bytes = 0;
        while call.len() < MAX_CALL_MESSAGES {
            let Some(message) = self.next_message(which) else {
                break;
            };
            bytes += message.body.len();
            if bytes > MAX_CALL_BYTES {
                self.keep(message);
                break;
            }
            call.push(message);
        }
        call
    }

    fn next_message(&mut self, which: Which) -> Option<Message> {
        let due = || self.queue.due().is_some_and(|due| due <= Instant::now());
        let sealed = || (which == Which::All || due()).then(|| self.queue.seal());
        let waiting = self.ready.pop_front();
        waiting
            .or_else(|| sealed().flatten())
            .or_else(|| self.spill.take())
    }

    /// SQS has it.
    pub fn sent(&mut self, message: &Message) {
        if let Some(file) = &message.file {
            self.spill.remove(file);
        }
    }

    /// SQS will never have it: the next batch says so.
    pub fn refused(&mut self, message: &Message) {
        self.queue.count_dropped(message.events);
        self.sent(message);
    }

    /// For another call. What is on the disk need not be kept in memory.
    pub fn keep(&mut self, message: Message) {
        match message.file {
            Some(file) => self.spill.put_back(file),
            None => self.ready.push_front(message),
        }
    }

    /// Moves messages to the disk when memory fills.
    pub fn make_room(&mut self) {
        while self.queue.is_half_full() && self.spill.has_room() {
            let Some(message) = self.ready.pop_front().or_else(|| self.queue.seal()) else {
                return;
            };
            if let Err(error) = self.spill.put(&message) {
                tracing::warn!(%error, "analytics: nothing can be kept in /tmp");
                self.ready.push_front(message);
                return;
            }
        }
    }

    /// Gives up all that is left, and counts its events.
    pub fn abandon(&mut self) -> u64 {
        let mut events = 0;
        while let Some(message) = self.next_message(Which::All) {
            events += message.events;
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::queue::tests::{event, queue};
    use analytics_events::Batch;

    fn outbox(folder: &tempfile::TempDir, queue_bytes: usize) -> (Outbox, Arc<Queue>) {
        let queue = queue(queue_bytes);
        let spill = Spill::new(folder.path().join("spill"), 1024 * 1024);
        (Outbox::new(Arc::clone(&queue), spill), queue)
    }

    fn offer(queue: &Queue, ids: std::ops::Range<u32>) {
        let events: Vec<_> = ids.map(|id| event(&id.to_string())).collect();
        queue.offer_events(&events);
    }

    fn ids(call: &[Message]) -> Vec<u32> {
        call.iter()
            .flat_map(|message| serde_json::from_str::<Batch>(&message.body).unwrap().events)
            .map(|event| event.event_id.parse().unwrap())
            .collect()
    }

    #[test]
    fn a_call_has_what_is_due_or_all() {
        let folder = tempfile::tempdir().unwrap();
        let (mut outbox, queue) = outbox(&folder, 1_000_000);
        offer(&queue, 0..2);
        assert!(outbox.call(Which::Due).is_empty());
        assert_eq!(ids(&outbox.call(Which::All)), [0, 1]);
    }

    #[test]
    fn a_call_is_within_the_bounds_and_nothing_is_lost_between_calls() {
        let folder = tempfile::tempdir().unwrap();
        let (mut outbox, queue) = outbox(&folder, 10_000_000);
        offer(&queue, 0..5_000);
        let mut seen = Vec::new();
        loop {
            let call = outbox.call(Which::All);
            if call.is_empty() {
                break;
            }
            let bytes: usize = call.iter().map(|message| message.body.len()).sum();
            assert!(bytes <= MAX_CALL_BYTES);
            seen.extend(ids(&call));
        }
        assert_eq!(seen, (0..5_000).collect::<Vec<_>>());
    }

    #[test]
    fn memory_goes_to_the_disk_and_comes_back_once_it_was_sent() {
        let folder = tempfile::tempdir().unwrap();
        let (mut outbox, queue) = outbox(&folder, 3_000);
        offer(&queue, 0..8);
        let call = outbox.call(Which::All);
        call.into_iter()
            .rev()
            .for_each(|message| outbox.keep(message));
        offer(&queue, 8..16);
        outbox.make_room();
        assert!(!queue.is_half_full());
        let call = outbox.call(Which::All);
        assert_eq!(ids(&call), (0..16).collect::<Vec<_>>());
        assert!(call.iter().all(|message| message.file.is_some()));
        call.iter().for_each(|message| outbox.sent(message));
        assert_eq!(outbox.abandon(), 0);
    }

    #[test]
    fn what_is_given_up_is_counted_wherever_it_is() {
        let folder = tempfile::tempdir().unwrap();
        let (mut outbox, queue) = outbox(&folder, 4_000);
        offer(&queue, 0..8);
        outbox.make_room();
        offer(&queue, 8..10);
        assert_eq!(outbox.abandon(), 10);
    }

    #[test]
    fn what_is_refused_is_told_by_the_next_batch() {
        let folder = tempfile::tempdir().unwrap();
        let (mut outbox, queue) = outbox(&folder, 4_000);
        offer(&queue, 0..3);
        let call = outbox.call(Which::Due);
        outbox.refused(&call[0]);
        let next = outbox.call(Which::All);
        let batch: Batch = serde_json::from_str(&next[0].body).unwrap();
        assert_eq!(batch.dropped, 3);
    }
}

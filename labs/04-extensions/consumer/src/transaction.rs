//! Events that are counted together, or not at all.

use crate::counter::{Counter, Sums};
use analytics_events::{Event, EventId};
use std::collections::{BTreeMap, HashSet};

/// The writes of one transaction: DynamoDB takes no more.
const MAX_WRITES: usize = 100;

/// A marker for each event and the sums to add, each event and each counter once.
#[derive(Debug, Clone, Default)]
pub struct Transaction {
    events: Vec<Event>,
    sums: BTreeMap<Counter, Sums>,
}

impl Transaction {
    /// As few transactions as hold all events, doubles among them left out.
    pub fn of(events: impl IntoIterator<Item = Event>) -> Vec<Self> {
        let mut seen = HashSet::new();
        let mut made: Vec<Self> = Vec::new();
        for event in events {
            if !seen.insert(event.event_id.clone()) {
                continue;
            }
            match made.last_mut() {
                Some(last) if last.has_room_for(&event) => last.add(event),
                _ => made.push(Self::single(event)),
            }
        }
        made
    }

    /// The ids of its events, in the order in which their markers are written.
    pub fn event_ids(&self) -> impl ExactSizeIterator<Item = &EventId> {
        self.events.iter().map(|event| &event.event_id)
    }

    /// What is added to which counter.
    pub const fn sums(&self) -> &BTreeMap<Counter, Sums> {
        &self.sums
    }

    /// What is left without some of its events, by their places: nothing, or one transaction.
    pub fn without(self, places: &HashSet<usize>) -> Vec<Self> {
        let events = self.events.into_iter().enumerate();
        Self::of(events.filter_map(|(place, event)| (!places.contains(&place)).then_some(event)))
    }

    /// Two halves; itself where it has but one event.
    pub fn split(mut self) -> Vec<Self> {
        let rest = self.events.split_off(self.events.len().div_ceil(2));
        let mut halves = Self::of(self.events);
        halves.extend(Self::of(rest));
        halves
    }

    fn single(event: Event) -> Self {
        let mut made = Self::default();
        made.add(event);
        made
    }

    fn has_room_for(&self, event: &Event) -> bool {
        let counter = usize::from(!self.sums.contains_key(&Counter::of(&event.what)));
        self.events.len() + self.sums.len() + 1 + counter <= MAX_WRITES
    }

    fn add(&mut self, event: Event) {
        *self.sums.entry(Counter::of(&event.what)).or_default() += Sums::of(&event.what);
        self.events.push(event);
    }
}

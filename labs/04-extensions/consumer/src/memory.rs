//! Counters in memory, for tests: what a table does, with trouble on demand.

use crate::counter::{Counter, Sums};
use crate::store::{Store, WriteError};
use crate::transaction::Transaction;
use analytics_events::EventId;
use std::collections::{BTreeMap, HashSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// What the next write meets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    None,
    Contended,
    /// The service fails.
    Failed,
    /// It is written, and the answer gets lost.
    AnswerLost,
}

/// A table of counters and one of markers.
#[derive(Default)]
pub struct MemoryStore {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    counters: BTreeMap<Counter, Sums>,
    markers: HashSet<EventId>,
    troubles: Vec<Trouble>,
    /// Sizes of the transactions that were written.
    written: Vec<usize>,
}

impl MemoryStore {
    /// The next writes meet these, the last one first.
    pub fn expect(&self, troubles: Vec<Trouble>) {
        self.lock().troubles = troubles;
    }

    pub fn counters(&self) -> BTreeMap<Counter, Sums> {
        self.lock().counters.clone()
    }

    /// Writes of each transaction so far.
    pub fn written(&self) -> Vec<usize> {
        self.lock().written.clone()
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn write(&mut self, transaction: &Transaction) -> Result<(), WriteError> {
        let ids: Vec<_> = transaction.event_ids().cloned().collect();
        let places = ids.iter().enumerate();
        let doubles: HashSet<_> = places
            .filter_map(|(place, id)| self.markers.contains(id).then_some(place))
            .collect();
        if !doubles.is_empty() {
            return Err(WriteError::Doubles(doubles));
        }
        self.written.push(ids.len() + transaction.sums().len());
        self.markers.extend(ids);
        for (counter, sums) in transaction.sums() {
            *self.counters.entry(counter.clone()).or_default() += *sums;
        }
        Ok(())
    }
}

impl Store for MemoryStore {
    async fn write(&self, transaction: &Transaction) -> Result<(), WriteError> {
        let failed = || WriteError::Failed("told to fail".to_owned());
        let mut state = self.lock();
        match state.troubles.pop().unwrap_or(Trouble::None) {
            Trouble::None => state.write(transaction),
            Trouble::Contended => Err(WriteError::Contended),
            Trouble::Failed => Err(failed()),
            Trouble::AnswerLost => state.write(transaction).and_then(|()| Err(failed())),
        }
    }

    async fn pause(&self, _attempt: u32) {}
}

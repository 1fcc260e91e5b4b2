//! Where counters are kept.

use crate::transaction::Transaction;
use std::collections::HashSet;

/// Why a transaction wrote nothing.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Events that were counted before, by their places in the transaction.
    #[error("{} events were counted before", .0.len())]
    Doubles(HashSet<usize>),
    /// Somebody else writes the same counters, or the table asks to slow down.
    #[error("too much is written at once")]
    Contended,
    #[error("{0}")]
    Failed(String),
}

/// Counters, and markers for the events that are in them.
pub trait Store: Sync {
    /// Writes all of a transaction or nothing of it.
    fn write(
        &self,
        transaction: &Transaction,
    ) -> impl Future<Output = Result<(), WriteError>> + Send;

    /// Waits before an attempt, the first being number 1.
    fn pause(&self, attempt: u32) -> impl Future<Output = ()> + Send;
}

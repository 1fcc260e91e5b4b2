//! Counting events, each once.

use crate::store::{Store, WriteError};
use crate::transaction::Transaction;
use analytics_events::Event;

/// Past these the message goes back to the queue, which waits longer than a function should.
const MAX_ATTEMPTS: u32 = 6;

/// Not all events could be counted; those that were have their markers, so that it may be tried again.
#[derive(Debug, thiserror::Error)]
#[error("not counted: {0}")]
pub struct Uncounted(#[from] WriteError);

/// Counts events that are not counted yet.
///
/// # Errors
/// The store failed, or stayed contended past the attempts.
pub async fn count(store: &impl Store, events: Vec<Event>) -> Result<(), Uncounted> {
    let mut pending: Vec<_> = first_attempt(Transaction::of(events));
    while let Some((transaction, attempt)) = pending.pop() {
        match store.write(&transaction).await {
            Ok(()) => {}
            // Fewer events each time, so this comes to an end by itself.
            Err(WriteError::Doubles(places)) if !places.is_empty() => {
                let rest = transaction.without(&places);
                pending.extend(rest.into_iter().map(|rest| (rest, attempt)));
            }
            // Halves have fewer counters that somebody else may be writing.
            Err(WriteError::Contended) if attempt < MAX_ATTEMPTS => {
                store.pause(attempt).await;
                let halves = transaction.split();
                pending.extend(halves.into_iter().map(|half| (half, attempt + 1)));
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(())
}

fn first_attempt(transactions: Vec<Transaction>) -> Vec<(Transaction, u32)> {
    transactions
        .into_iter()
        .map(|transaction| (transaction, 1))
        .collect()
}

//! Counts usage events: who did what to which bucket, day by day.
//!
//! The queue delivers each message at least once, and the extension sends each event at least once. Each is counted
//! exactly once all the same: a transaction adds to the counters and leaves a marker for every event that it
//! counted, or does neither.

#[cfg(feature = "aws")]
pub mod aws;
mod count;
mod counter;
pub mod memory;
mod queue;
mod store;
mod transaction;

pub use count::{Uncounted, count};
pub use counter::{Counter, Sums};
pub use queue::{Answer, Message, Messages, handle};
pub use store::{Store, WriteError};
pub use transaction::Transaction;

//! One extension for functions in any language.
//!
//! Functions post usage events to it over loopback; it sends them to SQS in batches while later invocations run,
//! and the rest on SHUTDOWN. It also serves secrets from a cache. Whatever goes wrong in here is its own trouble:
//! a function neither fails nor waits for it.

pub mod aws;
pub mod config;
pub mod events;
pub mod http;
pub mod lifecycle;
pub mod outbox;
pub mod queue;
pub mod secrets;
pub mod sender;
pub mod spill;
pub mod sqs;
pub mod telemetry;

mod backoff;
mod locked;
mod start;

pub use start::run;

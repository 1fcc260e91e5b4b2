//! The protocol over stdin and stdout: one line of JSON a frame, raw payload bytes behind it.
//!
//! README.md is its reference; these types are its definition.

mod incoming;
mod outgoing;

pub use incoming::{Incoming, Invoke, Requests};
pub use outgoing::{InitStatus, Isolation, Outgoing, ReportStatus, Reporter, Source};

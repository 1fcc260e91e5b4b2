//! Usage events: who did what to which bucket, how long it took and how many bytes the answer had.
//!
//! Functions post [`Posted`] events to the extension over loopback. The extension gives each an id and sends
//! them in [`Batch`]es to a queue, at least once; the consumer counts each [`Event`] once by that id.
//! Every text has a bound, so that memory and message sizes have one too.

mod batch;
mod event;
mod moment;
mod posted;
mod text;

pub use batch::{Batch, MAX_MESSAGE_BYTES, Phase, PhaseName, Report, ReportKind, SCHEMA};
pub use event::{Event, What};
pub use moment::Moment;
pub use posted::{MAX_BODY_BYTES, Posted, parse};
pub use text::{
    Action, BucketName, EventId, FunctionName, Name, OutOfBounds, RequestId, RoleName, Text,
    UserName,
};

/// Why an event or a batch was refused. Says where, never what it held.
#[derive(Debug, thiserror::Error)]
pub enum Invalid {
    #[error("not an event or an array of events: {0}")]
    Json(#[from] serde_json::Error),
    #[error("a body must be at most {MAX_BODY_BYTES} bytes")]
    TooLong,
}

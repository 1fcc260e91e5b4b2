//! What the queue carries: the events and invocations of one execution environment.

use crate::event::Event;
use crate::moment::Moment;
use crate::text::{FunctionName, Name, RequestId};
use serde::{Deserialize, Serialize};

/// The version of the format. A consumer refuses those that it does not know.
pub const SCHEMA: u32 = 1;

/// The longest message. SQS takes 1 MiB for a message and for all of a call, and bills each 64 KiB.
pub const MAX_MESSAGE_BYTES: usize = 200 * 1024;

/// One message of the queue. Who has events and reports as JSON already may put in that instead.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Batch<E = Event, R = Report> {
    pub schema: u32,
    pub function: FunctionName,
    pub version: Name,
    pub memory_mb: u32,
    /// The log stream, or where that is not known a random id.
    pub environment: Name,
    /// Numbers an environment's batches from 1. One that is missing was lost.
    pub sequence: u64,
    pub events: Vec<E>,
    pub reports: Vec<R>,
    /// Events that there was no room for, since the batch before.
    pub dropped: u64,
}

/// What the platform said of an invocation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    pub request_id: RequestId,
    pub kind: ReportKind,
    pub duration_ms: f64,
    pub billed_ms: f64,
    pub max_memory_mb: u32,
    /// Of a cold start's INIT.
    pub init_ms: Option<f64>,
    /// `success`, `error`, `failure` or `timeout`.
    pub status: Name,
    /// When what began, for a timeline.
    #[serde(default)]
    pub phases: Vec<Phase>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReportKind {
    Invoke,
}

/// A part of an invocation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Phase {
    pub name: PhaseName,
    pub start: Moment,
    pub duration_ms: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhaseName {
    /// Extensions and runtime, to the last one's first request for an event.
    Init,
    /// The runtime's part of INIT.
    RuntimeInit,
    /// From the event's delivery to the runtime's request for another.
    Invoke,
    /// From there until the extensions ask for another too.
    Extensions,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_batch_reads_as_agreed() {
        let value = json!({
            "schema": 1, "function": "f", "version": "$LATEST", "memory_mb": 128,
            "environment": "2026/01/31/[$LATEST]abc", "sequence": 1,
            "events": [{
                "event_id": "r/0", "request_id": "r", "time": "2026-01-31T12:00:00.000Z", "user": null,
                "role": null, "action": "listBuckets", "bucket": null, "status": 200, "duration_ms": 1.5, "bytes": 2
            }],
            "reports": [{
                "request_id": "r", "kind": "invoke", "duration_ms": 2.5, "billed_ms": 3.0, "max_memory_mb": 20,
                "init_ms": 10.5, "status": "success",
                "phases": [{"name": "runtime_init", "start": "2026-01-31T12:00:00.000Z", "duration_ms": 9.0}]
            }],
            "dropped": 0
        });
        let batch: Batch = serde_json::from_value(value.clone()).unwrap();
        assert_eq!(serde_json::to_value(&batch).unwrap(), value);
    }

    #[test]
    fn phases_may_be_missing() {
        let report = json!({
            "request_id": "r", "kind": "invoke", "duration_ms": 2.5, "billed_ms": 3, "max_memory_mb": 20,
            "init_ms": null, "status": "success"
        });
        assert_eq!(serde_json::from_value::<Report>(report).unwrap().phases, []);
    }
}

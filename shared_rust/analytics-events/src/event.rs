//! One thing that a user did.

use crate::moment::Moment;
use crate::text::{Action, BucketName, EventId, RequestId, RoleName, UserName};
use serde::{Deserialize, Serialize};

/// An event with its id, as the queue carries it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Event {
    /// Counted once, however often it arrives.
    pub event_id: EventId,
    #[serde(flatten)]
    pub what: What,
}

/// What happened. Fields that are not listed are not kept.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct What {
    /// The invocation that it happened in.
    pub request_id: RequestId,
    pub time: Moment,
    pub user: Option<UserName>,
    pub role: Option<RoleName>,
    pub action: Action,
    pub bucket: Option<BucketName>,
    #[serde(deserialize_with = "status")]
    pub status: u16,
    #[serde(deserialize_with = "duration")]
    pub duration_ms: f64,
    /// Of the answer's body.
    pub bytes: u64,
}

impl What {
    /// The answer was an error of the client's or the server's.
    pub const fn failed(&self) -> bool {
        self.status >= 400
    }
}

fn status<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<u16, D::Error> {
    let status = u16::deserialize(deserializer)?;
    if (100..=599).contains(&status) {
        Ok(status)
    } else {
        Err(serde::de::Error::custom("expected a status of 100 to 599"))
    }
}

/// A day is more than any invocation lasts, and a sum of such numbers stays exact enough.
fn duration<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    let milliseconds = f64::deserialize(deserializer)?;
    if (0.0..=86_400_000.0).contains(&milliseconds) {
        Ok(milliseconds)
    } else {
        Err(serde::de::Error::custom(
            "expected a duration of 0 to 86400000 ms",
        ))
    }
}

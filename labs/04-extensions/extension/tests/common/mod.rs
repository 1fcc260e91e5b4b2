//! The platform and AWS as the extension sees them, and the extension itself as a process of its own.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test program uses another part"
)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "nothing of this ships")]

mod aws;
mod client;
mod extension;
mod platform;

use std::time::Duration;
use tokio::time::{Instant, sleep};

pub use aws::Fate;
pub use client::Client;
pub use extension::Extension;
pub use platform::Platform;

/// Much longer than anything here takes on a busy machine.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something is the case.
pub async fn eventually(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "not within {PATIENCE:?}: {what}");
        sleep(Duration::from_millis(5)).await;
    }
}

/// An event as a function posts it.
pub fn event(id: &str) -> String {
    format!(
        r#"{{"event_id":"{id}","request_id":"r","time":"2026-01-31T12:00:00.000Z","user":"ada","role":"admin",
            "action":"listObjects","bucket":"b-1","status":200,"duration_ms":1.5,"bytes":42}}"#
    )
}

/// An array of events with numbers for ids.
pub fn events(ids: std::ops::Range<usize>) -> String {
    let events: Vec<_> = ids.map(|id| event(&id.to_string())).collect();
    format!("[{}]", events.join(","))
}

//! One extension's subscription: what it wants, where to, and how much is buffered.

use std::collections::VecDeque;

use serde::Deserialize;
use serde_json::json;

use super::Record;
use crate::clock::rfc3339_ms;

const KINDS: [&str; 3] = ["platform", "function", "extension"];
/// Bytes that may wait for one subscriber; beyond it records are dropped and counted.
const MAX_WAITING_BYTES: usize = 4 * 1024 * 1024;

/// The body of `PUT /2022-07-01/telemetry`.
#[derive(Debug, Deserialize)]
pub struct Request {
    pub types: Vec<String>,
    #[serde(default)]
    buffering: Buffering,
    destination: Destination,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Buffering {
    timeout_ms: u64,
    max_bytes: usize,
    max_items: usize,
}

impl Default for Buffering {
    fn default() -> Self {
        Self {
            timeout_ms: 1_000,
            max_bytes: 262_144,
            max_items: 10_000,
        }
    }
}

#[derive(Debug, Deserialize)]
struct Destination {
    protocol: String,
    #[serde(rename = "URI")]
    uri: String,
}

#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("Telemetry API subscription is only possible during INIT")]
    TooLate,
    #[error("{0}")]
    Invalid(String),
}

pub struct Subscription {
    pub extension: String,
    types: Vec<String>,
    buffering: Buffering,
    port: u16,
    path: String,
    waiting: VecDeque<Record>,
    waiting_bytes: usize,
    /// When the oldest record came.
    since_us: u64,
    dropped: (usize, usize),
}

/// Records on their way to a subscriber.
pub struct Batch {
    pub port: u16,
    pub path: String,
    pub records: Vec<Record>,
}

impl Subscription {
    pub fn new(extension: &str, request: &Request) -> Result<Self, Refused> {
        let invalid = |message: &str| Err(Refused::Invalid(message.to_owned()));
        if request.types.is_empty()
            || !request
                .types
                .iter()
                .all(|kind| KINDS.contains(&kind.as_str()))
        {
            return invalid("types must name some of platform, function, extension");
        }
        let Buffering {
            timeout_ms,
            max_bytes,
            max_items,
        } = request.buffering;
        if !(25..=30_000).contains(&timeout_ms) {
            return invalid("buffering.timeoutMs must be from 25 to 30000");
        }
        if !(262_144..=1_048_576).contains(&max_bytes) || !(1_000..=10_000).contains(&max_items) {
            return invalid(
                "buffering.maxBytes must be from 262144 to 1048576, maxItems from 1000 to 10000",
            );
        }
        if !request.destination.protocol.eq_ignore_ascii_case("HTTP") {
            return invalid("destination.protocol must be HTTP");
        }
        let Some((port, path)) = address(&request.destination.uri) else {
            return invalid("destination.URI must be http://sandbox.localdomain:PORT[/path]");
        };
        Ok(Self {
            extension: extension.to_owned(),
            types: request.types.clone(),
            buffering: request.buffering,
            port,
            path,
            waiting: VecDeque::new(),
            waiting_bytes: 0,
            since_us: 0,
            dropped: (0, 0),
        })
    }

    pub fn offer(&mut self, kind: &str, record: &Record, now_us: u64) {
        if !self.types.iter().any(|wanted| wanted == kind) {
            return;
        }
        if self.waiting_bytes + record.len() > MAX_WAITING_BYTES {
            self.dropped.0 += 1;
            self.dropped.1 += record.len();
            return;
        }
        if self.waiting.is_empty() {
            self.since_us = now_us;
        }
        self.waiting_bytes += record.len();
        self.waiting.push_back(record.clone());
    }

    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// When what waits should be delivered; `None` when nothing does.
    pub fn due_us(&self, now_us: u64, flushing: bool) -> Option<u64> {
        let full = self.waiting.len() >= self.buffering.max_items
            || self.waiting_bytes >= self.buffering.max_bytes;
        if self.waiting.is_empty() {
            None
        } else if full || flushing {
            Some(now_us)
        } else {
            Some(self.since_us + self.buffering.timeout_ms * 1_000)
        }
    }

    /// Takes one delivery's worth.
    pub fn take(&mut self) -> Batch {
        let mut records = Vec::new();
        let mut bytes = 0;
        while let Some(record) = self.waiting.front() {
            let full = records.len() >= self.buffering.max_items
                || bytes + record.len() > self.buffering.max_bytes;
            if full && !records.is_empty() {
                break;
            }
            bytes += record.len();
            records.extend(self.waiting.pop_front());
        }
        self.waiting_bytes -= bytes;
        let (count, lost) = std::mem::take(&mut self.dropped);
        if count > 0 {
            let record = json!({"time": rfc3339_ms(), "type": "platform.logsDropped", "record": {
                "reason": "Consumer seems to have fallen behind as it has not acknowledged receipt of logs.",
                "droppedRecords": count, "droppedBytes": lost}});
            records.push(record.to_string().into());
        }
        Batch {
            port: self.port,
            path: self.path.clone(),
            records,
        }
    }
}

/// Port and path of a destination inside the sandbox.
fn address(uri: &str) -> Option<(u16, String)> {
    let rest = uri.strip_prefix("http://")?;
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let (host, port) = authority.split_once(':').unwrap_or((authority, "80"));
    let inside = ["sandbox.localdomain", "sandbox", "localhost", "127.0.0.1"].contains(&host);
    inside.then_some(())?;
    Some((port.parse().ok()?, format!("/{path}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscription() -> Subscription {
        let request = serde_json::from_value(json!({
            "types": ["function"], "destination": {"protocol": "HTTP", "URI": "http://sandbox:80"}
        }))
        .unwrap();
        Subscription::new("ext", &request).unwrap()
    }

    #[test]
    fn a_destination_is_inside_the_sandbox() {
        assert_eq!(
            address("http://sandbox.localdomain:8080/a/b"),
            Some((8080, "/a/b".into()))
        );
        assert_eq!(address("http://sandbox:80"), Some((80, "/".into())));
        assert_eq!(address("http://example.com:80/"), None);
        assert_eq!(address("https://sandbox:80/"), None);
    }

    #[test]
    fn a_batch_is_due_at_the_timeout_or_when_full() {
        let mut subscription = subscription();
        assert_eq!(subscription.due_us(5, false), None);
        subscription.offer("function", &"x".into(), 5);
        assert_eq!(subscription.due_us(5, false), Some(1_000_005));
        assert_eq!(subscription.due_us(5, true), Some(5));
        for _ in 0..10_000 {
            subscription.offer("function", &"x".into(), 6);
        }
        assert_eq!(subscription.due_us(7, false), Some(7));
        assert_eq!(subscription.take().records.len(), 10_000);
        assert_eq!(subscription.take().records.len(), 1);
        assert!(subscription.is_empty());
    }

    #[test]
    fn what_is_dropped_is_told() {
        let mut subscription = subscription();
        let large: Record = "x".repeat(MAX_WAITING_BYTES - 1).into();
        subscription.offer("function", &large, 0);
        subscription.offer("function", &"yyy".into(), 0);
        let batch = subscription.take();
        assert!(
            batch.records[1].contains("\"droppedRecords\":1"),
            "{}",
            batch.records[1]
        );
    }

    #[test]
    fn bad_subscriptions_are_refused_with_a_reason() {
        for (field, value) in [
            ("types", json!(["everything"])),
            ("types", json!([])),
            ("buffering", json!({"timeoutMs": 1})),
            ("buffering", json!({"maxBytes": 1})),
            (
                "destination",
                json!({"protocol": "TCP", "URI": "http://sandbox:80"}),
            ),
            (
                "destination",
                json!({"protocol": "HTTP", "URI": "http://example.com:80"}),
            ),
        ] {
            let mut body = json!({"types": ["platform"], "destination": {"protocol": "HTTP", "URI": "http://sandbox:80"}});
            body[field] = value;
            let request = serde_json::from_value(body).unwrap();
            assert!(
                matches!(Subscription::new("e", &request), Err(Refused::Invalid(_))),
                "{field}"
            );
        }
    }
}

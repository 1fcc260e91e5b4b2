//! Each event is counted once, whatever the queue and the table do.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use analytics_consumer::memory::{MemoryStore, Trouble};
use analytics_consumer::{Answer, Counter, Message, Messages, Sums, count, handle};
use analytics_events::Event;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

const USERS: [Option<&str>; 3] = [Some("ada"), Some("a#b"), None];
const BUCKETS: [Option<&str>; 3] = [Some("acme-logs"), Some("acme-invoices"), None];
const ACTIONS: [&str; 2] = ["getBucket", "listObjects"];

fn event(id: usize) -> Event {
    serde_json::from_value(json!({
        "event_id": format!("request-{id}/0"), "request_id": format!("request-{id}"),
        "time": format!("2026-01-{:02}T12:00:00.000Z", 1 + id % 2), "role": "admin",
        "user": USERS[id % 3], "bucket": BUCKETS[id / 3 % 3], "action": ACTIONS[id / 9 % 2],
        "status": if id.is_multiple_of(5) { 404 } else { 200 }, "duration_ms": 0.1 + id as f64, "bytes": id,
    }))
    .unwrap()
}

fn expected(ids: impl IntoIterator<Item = usize>) -> BTreeMap<Counter, Sums> {
    let mut counters: BTreeMap<Counter, Sums> = BTreeMap::new();
    for id in ids {
        let what = event(id).what;
        *counters.entry(Counter::of(&what)).or_default() += Sums::of(&what);
    }
    counters
}

fn message(id: &str, events: &[Event]) -> Message {
    let batch = json!({
        "schema": 1, "function": "f", "version": "$LATEST", "memory_mb": 128, "environment": "e", "sequence": 1,
        "events": events, "reports": [], "dropped": 0
    });
    Message {
        message_id: id.to_owned(),
        body: batch.to_string(),
    }
}

fn run<T>(future: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.build().unwrap().block_on(future)
}

fn counted(store: &MemoryStore, ids: impl IntoIterator<Item = usize>) -> bool {
    run(count(store, ids.into_iter().map(event).collect())).is_ok()
}

fn failures(answer: &Answer) -> Value {
    serde_json::to_value(answer).unwrap()["batchItemFailures"].clone()
}

#[test]
fn transactions_are_as_large_as_dynamodb_takes() {
    let store = MemoryStore::default();
    assert!(counted(&store, 0..500));
    assert_eq!(store.counters(), expected(0..500));
    assert!(store.written().iter().all(|writes| *writes <= 100));
    // 18 counters in each of them.
    assert_eq!(store.written().len(), 500_usize.div_ceil(82));
}

#[test]
fn doubles_in_a_message_and_from_before_are_dropped() {
    let store = MemoryStore::default();
    assert!(counted(&store, [1, 2, 2, 3]));
    assert!(counted(&store, [3, 4, 1]));
    assert!(counted(&store, [1, 2]));
    assert_eq!(store.counters(), expected(1..5));
}

#[test]
fn contention_splits_a_transaction_and_passes() {
    let store = MemoryStore::default();
    store.expect(vec![Trouble::Contended; 3]);
    assert!(counted(&store, 0..64));
    assert_eq!(store.counters(), expected(0..64));
    assert!(store.written().len() > 1);
}

#[test]
fn contention_that_stays_ends() {
    let store = MemoryStore::default();
    store.expect(vec![Trouble::Contended; 10_000]);
    assert!(!counted(&store, 0..64));
    assert_eq!(store.counters(), BTreeMap::new());
}

#[test]
fn a_message_that_fails_keeps_none_of_the_others_back() {
    let store = MemoryStore::default();
    store.expect(vec![Trouble::None, Trouble::Failed, Trouble::None]);
    let other_schema = message("d", &[event(9)])
        .body
        .replace("\"schema\":1", "\"schema\":2");
    let records = vec![
        message("a", &[event(1)]),
        message("b", &[event(2)]),
        Message {
            message_id: "c".to_owned(),
            body: "garbage".to_owned(),
        },
        Message {
            message_id: "d".to_owned(),
            body: other_schema,
        },
        message("e", &[event(3)]),
    ];
    let answer = run(handle(&store, Messages { records }));
    assert_eq!(
        failures(&answer),
        json!([{"itemIdentifier": "b"}, {"itemIdentifier": "c"}, {"itemIdentifier": "d"}])
    );
    assert_eq!(store.counters(), expected([1, 3]));
}

#[test]
fn the_queues_event_reads_as_lambda_sends_it() {
    let store = MemoryStore::default();
    let event = json!({"Records": [{
        "messageId": "m", "receiptHandle": "r", "body": "{}", "attributes": {"ApproximateReceiveCount": "1"},
        "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs",
        "eventSourceARN": "arn:aws:sqs:us-east-1:123456789012:q", "awsRegion": "us-east-1"
    }]});
    let messages = serde_json::from_value(event).unwrap();
    let answer = run(handle(&store, messages));
    assert_eq!(failures(&answer), json!([{"itemIdentifier": "m"}]));
}

fn trouble() -> impl Strategy<Value = Trouble> {
    prop_oneof![
        4 => Just(Trouble::None),
        2 => Just(Trouble::Contended),
        1 => Just(Trouble::Failed),
        1 => Just(Trouble::AnswerLost),
    ]
}

proptest! {
    /// Any order, any doubles, any trouble: the same counts, once every message has got through.
    #[test]
    fn each_event_is_counted_once(
        deliveries in prop::collection::vec(prop::collection::vec(0_usize..60, 0..150), 1..8),
        troubles in prop::collection::vec(trouble(), 0..40),
    ) {
        let store = MemoryStore::default();
        store.expect(troubles);
        let ids: BTreeSet<_> = deliveries.iter().flatten().copied().collect();
        let mut left: Vec<_> = deliveries.iter().enumerate().map(|(id, events)| {
            let events: Vec<_> = events.iter().copied().map(event).collect();
            message(&id.to_string(), &events)
        }).collect();
        for _ in 0..100 {
            let bodies: BTreeMap<_, _> =
                left.iter().map(|message| (message.message_id.clone(), message.body.clone())).collect();
            let answer = run(handle(&store, Messages { records: left }));
            left = answer.batch_item_failures.iter().map(|failure| Message {
                message_id: failure.item_identifier.clone(),
                body: bodies[&failure.item_identifier].clone(),
            }).collect();
            if left.is_empty() {
                break;
            }
        }
        prop_assert!(left.is_empty());
        prop_assert_eq!(store.counters(), expected(ids));
    }
}

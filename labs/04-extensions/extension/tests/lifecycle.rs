//! What the platform sees of the extension.

mod common;

use common::{Extension, Fate, Platform, events, eventually};
use serde_json::json;
use std::sync::atomic::Ordering;
use std::time::Duration;

#[tokio::test]
async fn the_next_event_is_asked_for_while_a_call_hangs() {
    let platform = Platform::start().await;
    platform.aws.fates(|_| Fate::Silent);
    let extension = Extension::start(&platform, &[("ANALYTICS_SEND_ITEMS", "1")]).await;
    for request in 1..=5 {
        platform.invoke(&request.to_string());
        assert_eq!(extension.client().await.post(&events(0..1)).await, 202);
        // A function's answer would be held until now.
        platform.asked(request + 1).await;
    }
    eventually("a call hangs", || {
        platform.aws.calls.load(Ordering::SeqCst) == 1
    })
    .await;
}

#[tokio::test]
async fn nothing_is_called_in_init() {
    let platform = Platform::start().await;
    let _extension = Extension::start(&platform, &[]).await;
    platform.invoke("r");
    platform.asked(2).await;
    assert_eq!(platform.aws.calls.load(Ordering::SeqCst), 0);
    assert_eq!(platform.aws.secret_calls.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn a_batch_has_the_platforms_report() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[]).await;
    platform.invoke("r-1");
    platform.asked(2).await;
    platform
        .tell(&json!([
            {"time": "2026-01-31T12:00:00.000Z", "type": "platform.start", "record": {"requestId": "r-1"}},
            {"time": "2026-01-31T12:00:00.010Z", "type": "platform.report", "record": {"requestId": "r-1",
             "status": "success", "metrics": {"durationMs": 10.25, "billedDurationMs": 11, "maxMemoryUsedMB": 33}}}
        ]))
        .await;
    platform.shut_down(Duration::from_secs(2));
    assert!(extension.ended().await);
    let batch = platform.aws.batches().remove(0);
    assert!(batch.events.is_empty());
    let report = &batch.reports[0];
    assert_eq!(
        (report.request_id.as_str(), report.duration_ms),
        ("r-1", 10.25)
    );
}

#[tokio::test]
async fn without_telemetry_it_says_so_once_and_goes_on() {
    let platform = Platform::start().await;
    platform.without_telemetry();
    let extension = Extension::start(&platform, &[]).await;
    extension.client().await.post(&events(0..3)).await;
    for request in 1..=3 {
        platform.invoke(&request.to_string());
        platform.asked(request + 1).await;
    }
    platform.shut_down(Duration::from_secs(2));
    assert!(extension.ended().await);
    assert_eq!(platform.aws.ids().len(), 3);
    assert_eq!(extension.said("no Telemetry API here"), 1);
}

#[tokio::test]
async fn without_a_queue_functions_are_answered_all_the_same() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[("ANALYTICS_QUEUE_URL", "")]).await;
    assert_eq!(extension.client().await.post(&events(0..3)).await, 202);
    platform.shut_down(Duration::from_secs(2));
    assert!(extension.ended().await);
    assert_eq!(platform.aws.calls.load(Ordering::SeqCst), 0);
    assert_eq!(extension.said("ANALYTICS_QUEUE_URL is not set"), 1);
}

#[tokio::test]
async fn taken_ports_are_said_and_are_no_crash() {
    let platform = Platform::start().await;
    let taken = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let extension = Extension::start(&platform, &[("ANALYTICS_PORT", &port)]).await;
    platform.shut_down(Duration::from_secs(2));
    assert!(extension.ended().await);
    assert_eq!(extension.said("cannot listen"), 1);
}

//! What functions may throw at it: nothing of it disturbs the next good event, or takes memory without bound.

mod common;

use common::{Client, Extension, Fate, Platform, events, eventually};
use std::time::Duration;

/// What the process may have at most, in KiB; the layer's own aim is 12 MB.
const MEMORY_KIB: u64 = 16 * 1024;

async fn still_works(platform: &Platform, extension: &Extension) {
    assert_eq!(extension.client().await.post(&events(0..1)).await, 202);
    platform.shut_down(Duration::from_secs(2));
    assert!(extension.ended().await);
    assert!(platform.aws.ids().contains(&0));
}

#[tokio::test]
async fn garbage_is_answered_with_a_problem() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[]).await;
    let mut client = extension.client().await;
    for body in [
        "",
        "{",
        "null",
        "7",
        "[[]]",
        "{\"action\":1}",
        "\u{0}\u{1}",
        "[{}]",
    ] {
        let (status, problem) = client.call("POST", "/events", "", body.as_bytes()).await;
        assert_eq!(status, 400, "{body:?}");
        assert!(problem.contains("\"status\":400"), "{problem}");
    }
    assert_eq!(client.call("POST", "/events", "", b"[]").await.0, 202);
    assert_eq!(client.call("GET", "/events", "", b"").await.0, 405);
    assert_eq!(client.call("POST", "/other", "", b"").await.0, 404);
    assert_eq!(
        client
            .call("POST", "/events", "", "[".repeat(60_000).as_bytes())
            .await
            .0,
        400
    );
    let mut client = extension.client().await;
    client
        .send(b"\x16\x03\x01\x02\x00\x01\x00 this is TLS, or so\r\n\r\n")
        .await;
    assert_eq!(client.answer().await.0, 400);
    still_works(&platform, &extension).await;
}

#[tokio::test]
async fn bodies_of_10_mb_are_refused_unread() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[]).await;
    let body = vec![b'x'; 10 * 1024 * 1024];
    for _ in 0..10 {
        let (status, _) = extension
            .client()
            .await
            .call("POST", "/events", "", &body)
            .await;
        assert_eq!(status, 413);
    }
    // And one that does not say how long it is.
    let mut client = extension.client().await;
    client
        .send(b"POST /events HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n")
        .await;
    assert_eq!(client.answer().await.0, 411);
    assert!(
        extension.peak_memory_kib() < MEMORY_KIB,
        "{}",
        extension.peak_memory_kib()
    );
    still_works(&platform, &extension).await;
}

#[tokio::test]
async fn connections_have_a_bound_and_come_back() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[]).await;
    let mut held: Vec<Client> = Vec::new();
    for _ in 0..24 {
        let mut client = extension.client().await;
        assert_eq!(client.post("[]").await, 202);
        held.push(client);
    }
    let (status, _) = extension.client().await.answer().await;
    assert_eq!(status, 503);
    drop(held);
    // The places are free as soon as the extension has seen the connections' ends.
    for _ in 0..600 {
        let mut client = extension.client().await;
        client
            .send(b"POST /events HTTP/1.1\r\ncontent-length: 2\r\n\r\n[]")
            .await;
        if client.answer().await.0 == 202 {
            return still_works(&platform, &extension).await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("the places do not come back");
}

#[tokio::test]
async fn a_request_that_stops_half_way_is_given_up() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[]).await;
    let mut client = extension.client().await;
    client
        .send(b"POST /events HTTP/1.1\r\ncontent-length: 100\r\n\r\n[")
        .await;
    assert_eq!(client.answer().await.0, 408);
    still_works(&platform, &extension).await;
}

/// 25,000 events, 5,000 a second where the machine can.
async fn flood(extension: &Extension) -> usize {
    let mut clients = Vec::new();
    for _ in 0..4 {
        clients.push(extension.client().await);
    }
    let mut pace = tokio::time::interval(Duration::from_millis(10));
    for start in (0..25_000).step_by(50) {
        pace.tick().await;
        let client = &mut clients[start / 50 % 4];
        assert_eq!(client.post(&events(start..start + 50)).await, 202);
    }
    25_000
}

#[tokio::test]
async fn five_thousand_events_a_second_all_arrive() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[]).await;
    let count = flood(&extension).await;
    eventually("most have come", || platform.aws.ids().len() > count / 2).await;
    let peak = extension.peak_memory_kib();
    platform.shut_down(Duration::from_secs(2));
    assert!(extension.ended().await);
    assert_eq!(
        platform.aws.ids().len() as u64 + platform.aws.dropped(),
        count as u64
    );
    assert_eq!(platform.aws.dropped(), 0);
    assert!(peak < MEMORY_KIB, "{peak}");
}

#[tokio::test]
async fn five_thousand_events_a_second_without_the_queue_keep_the_bound() {
    let platform = Platform::start().await;
    platform.aws.fates(|call| {
        if call % 2 == 0 {
            Fate::Silent
        } else {
            Fate::Failed
        }
    });
    let extension = Extension::start(&platform, &[("ANALYTICS_SPILL_BYTES", "3000000")]).await;
    flood(&extension).await;
    assert!(extension.spilled() > 10);
    assert!(
        extension.peak_memory_kib() < MEMORY_KIB,
        "{}",
        extension.peak_memory_kib()
    );
    assert_eq!(platform.aws.message_count(), 0);
}

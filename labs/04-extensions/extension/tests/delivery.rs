//! Events reach the queue, whatever the queue does.

mod common;

use common::{Extension, Fate, Platform, events, eventually};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const AT_ONCE: (&str, &str) = ("ANALYTICS_SEND_ITEMS", "1");
const PLENTY: Duration = Duration::from_secs(2);

#[tokio::test]
async fn a_batch_is_sent_when_it_is_large_enough() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[("ANALYTICS_SEND_ITEMS", "20")]).await;
    let mut client = extension.client().await;
    for id in 0..19 {
        assert_eq!(client.post(&events(id..id + 1)).await, 202);
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(platform.aws.message_count(), 0);
    assert_eq!(client.post(&events(19..20)).await, 202);
    eventually("one message has them all", || {
        platform.aws.ids().len() == 20
    })
    .await;
    let batch = platform.aws.batches().remove(0);
    assert_eq!((batch.function.as_str(), batch.memory_mb), ("buckets", 128));
    assert_eq!(
        (batch.sequence, batch.events.len(), batch.dropped),
        (1, 20, 0)
    );
}

#[tokio::test]
async fn a_batch_is_sent_when_it_is_old_enough() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[("ANALYTICS_SEND_AGE_MS", "100")]).await;
    extension.client().await.post(&events(0..1)).await;
    eventually("the event has come", || platform.aws.ids().len() == 1).await;
}

#[tokio::test]
async fn shutdown_sends_what_is_left_and_ends() {
    let platform = Platform::start().await;
    let extension = Extension::start(&platform, &[]).await;
    let mut client = extension.client().await;
    for start in (0..2_000).step_by(100) {
        client.post(&events(start..start + 100)).await;
    }
    client.post(&events(2_000..2_007)).await;
    platform.shut_down(PLENTY);
    assert!(extension.ended().await);
    assert_eq!(platform.aws.ids(), (0..2_007).collect());
    assert_eq!(platform.aws.dropped(), 0);
}

#[tokio::test]
async fn a_fifth_of_all_calls_failing_loses_nothing() {
    let platform = Platform::start().await;
    // Each kind of failure in turn, one call in five.
    let kinds = [Fate::Failed, Fate::HalfTaken, Fate::TakenUnsaid];
    platform.aws.fates(move |call| {
        if call % 5 == 4 {
            kinds[call / 5 % 3]
        } else {
            Fate::Taken
        }
    });
    let extension = Extension::start(&platform, &[("ANALYTICS_SEND_ITEMS", "10")]).await;
    let mut client = extension.client().await;
    for id in 0..1_000 {
        assert_eq!(client.post(&events(id..id + 1)).await, 202);
        if id % 10 == 9 {
            // Time to send, so that it takes more than one or two calls.
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }
    eventually("enough has been sent", || {
        platform.aws.calls.load(Ordering::SeqCst) > 15
    })
    .await;
    platform.shut_down(PLENTY);
    assert!(extension.ended().await);
    assert_eq!(platform.aws.ids(), (0..1_000).collect());
    assert_eq!(platform.aws.dropped(), 0);
    assert!(
        platform.aws.events().len() > 1_000,
        "what SQS took and denied comes twice"
    );
}

fn out_of_reach(platform: &Platform) -> Arc<AtomicBool> {
    let out = Arc::new(AtomicBool::new(true));
    let is_out = Arc::clone(&out);
    platform.aws.fates(move |_| {
        if is_out.load(Ordering::SeqCst) {
            Fate::Failed
        } else {
            Fate::Taken
        }
    });
    out
}

#[tokio::test]
async fn a_queue_out_of_reach_fills_the_disk_and_not_the_memory() {
    let platform = Platform::start().await;
    let out = out_of_reach(&platform);
    let extension =
        Extension::start(&platform, &[AT_ONCE, ("ANALYTICS_QUEUE_BYTES", "40000")]).await;
    let mut client = extension.client().await;
    for start in (0..3_000).step_by(20) {
        assert_eq!(client.post(&events(start..start + 20)).await, 202);
    }
    assert!(extension.spilled() > 5, "{}", extension.spilled());
    out.store(false, Ordering::SeqCst);
    eventually("all have come", || platform.aws.ids().len() == 3_000).await;
    eventually("the disk is empty", || extension.spilled() == 0).await;
    assert_eq!(platform.aws.dropped(), 0);
    assert_eq!(extension.said("takes no messages"), 1);
    eventually("it is said", || extension.said("takes messages again") == 1).await;
}

#[tokio::test]
async fn what_a_killed_process_has_spilled_is_sent_by_the_next() {
    let platform = Platform::start().await;
    let out = out_of_reach(&platform);
    let small = [AT_ONCE, ("ANALYTICS_QUEUE_BYTES", "40000")];
    let extension = Extension::start(&platform, &small).await;
    let mut client = extension.client().await;
    for start in (0..1_000).step_by(20) {
        client.post(&events(start..start + 20)).await;
    }
    let spilled = extension.spilled();
    assert!(spilled > 0);
    let folder = extension.kill().await;
    // Half a file, as a process leaves it that is killed while it writes.
    std::fs::write(folder.path().join("spill/0.part"), "{\"schema\":1,").unwrap();
    out.store(false, Ordering::SeqCst);
    let next = Extension::start_in(folder, &platform, &small).await;
    eventually("the disk is empty", || next.spilled() == 0).await;
    assert!(platform.aws.message_count() >= spilled);
    let ids = platform.aws.ids();
    assert!(ids.len() > 500 && ids.contains(&0), "{}", ids.len());
}

#[tokio::test]
async fn what_has_no_room_anywhere_is_counted() {
    let platform = Platform::start().await;
    let out = out_of_reach(&platform);
    let tiny = [
        AT_ONCE,
        ("ANALYTICS_QUEUE_BYTES", "20000"),
        ("ANALYTICS_SPILL_BYTES", "230000"),
    ];
    let extension = Extension::start(&platform, &tiny).await;
    let mut client = extension.client().await;
    for start in (0..2_000).step_by(20) {
        assert_eq!(client.post(&events(start..start + 20)).await, 202);
    }
    out.store(false, Ordering::SeqCst);
    eventually("what was kept has come", || {
        extension.spilled() == 0 && platform.aws.dropped() > 0
    })
    .await;
    platform.shut_down(PLENTY);
    assert!(extension.ended().await);
    let came = platform.aws.ids().len() as u64;
    assert_eq!(came + platform.aws.dropped(), 2_000);
}

#[tokio::test]
async fn an_end_without_the_queue_says_what_is_lost() {
    let platform = Platform::start().await;
    platform.aws.fates(|_| Fate::Silent);
    let extension = Extension::start(&platform, &[]).await;
    extension.client().await.post(&events(0..7)).await;
    platform.shut_down(PLENTY);
    assert!(extension.ended().await);
    assert_eq!(extension.said("not sent before the environment's end"), 1);
    assert!(
        extension.logs().contains("\"events\":7"),
        "{}",
        extension.logs()
    );
}

use super::*;
use hyper::body::Bytes;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Answers with a number that grows with each call.
struct Counting {
    calls: AtomicUsize,
    status: u16,
}

impl Source for Arc<Counting> {
    async fn fetch(&self, _body: String) -> Result<Answer, aws::Error> {
        // So that requests that come together are all here before the first is answered.
        tokio::time::sleep(Duration::from_millis(20)).await;
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        if self.status == 0 {
            return Err(aws::Error::NoCredentials);
        }
        Ok(Answer {
            status: self.status,
            body: Bytes::from(call.to_string()),
        })
    }
}

fn secrets(status: u16, ttl: Duration) -> (Arc<Secrets<Arc<Counting>>>, Arc<Counting>) {
    let source = Arc::new(Counting {
        calls: AtomicUsize::new(0),
        status,
    });
    let secrets = Secrets::new(Arc::clone(&source), Some("token".to_owned()), ttl);
    (Arc::new(secrets), source)
}

async fn get(secrets: &Secrets<Arc<Counting>>, query: &str) -> (u16, String) {
    let response = secrets.get(&Query::parse(query).unwrap()).await;
    (response.status, String::from_utf8(response.body).unwrap())
}

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test]
async fn a_secret_is_fetched_once_also_by_many_at_a_time() {
    let (secrets, source) = secrets(200, MINUTE);
    let tasks: Vec<_> = (0..10)
        .map(|_| {
            let secrets = Arc::clone(&secrets);
            tokio::spawn(async move { get(&secrets, "secretId=a").await })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), (200, "0".to_owned()));
    }
    assert_eq!(source.calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn it_is_fetched_again_after_its_time_or_on_request() {
    let (secrets, _) = secrets(200, Duration::from_millis(1_500));
    assert_eq!(get(&secrets, "secretId=a").await.1, "0");
    assert_eq!(get(&secrets, "secretId=a&refreshNow=true").await.1, "1");
    assert_eq!(get(&secrets, "secretId=a").await.1, "1");
    tokio::time::sleep(Duration::from_millis(1_600)).await;
    assert_eq!(get(&secrets, "secretId=a").await.1, "2");
}

#[tokio::test]
async fn errors_are_passed_on_and_not_kept() {
    let (refusing, source) = secrets(400, MINUTE);
    assert_eq!(get(&refusing, "secretId=a").await, (400, "0".to_owned()));
    assert_eq!(get(&refusing, "secretId=a").await, (400, "1".to_owned()));
    assert_eq!(source.calls.load(Ordering::SeqCst), 2);
    let (silent, _) = secrets(0, MINUTE);
    assert_eq!(get(&silent, "secretId=a").await.0, 502);
}

#[test]
fn tokens_are_compared_whole() {
    assert!(same(b"token", b"token"));
    for other in ["", "toke", "tokenn", "Token"] {
        assert!(!same(other.as_bytes(), b"token"), "{other}");
    }
}

//! SQS and Secrets Manager.

use analytics_events::{Batch, Event};
use analytics_extension::http::{Request, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// What becomes of a call to SQS.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Taken,
    /// 503 for the whole call.
    Failed,
    /// Each second message is not taken.
    HalfTaken,
    /// The messages are taken, and the answer says they were not.
    TakenUnsaid,
    /// No answer, ever.
    Silent,
}

type Fates = Box<dyn FnMut(usize) -> Fate + Send>;

#[derive(Default)]
pub struct Aws {
    messages: Mutex<Vec<String>>,
    pub calls: AtomicUsize,
    fates: Mutex<Option<Fates>>,
    secret: Mutex<(u16, String)>,
    pub secret_calls: AtomicUsize,
}

impl Aws {
    /// Decides each call's fate by its number.
    pub fn fates(&self, fates: impl FnMut(usize) -> Fate + Send + 'static) {
        *self.fates.lock().unwrap() = Some(Box::new(fates));
    }

    /// What Secrets Manager answers from now on.
    pub fn answer_secrets(&self, status: u16, body: &str) {
        *self.secret.lock().unwrap() = (status, body.to_owned());
    }

    pub fn batches(&self) -> Vec<Batch> {
        let messages = self.messages.lock().unwrap();
        messages
            .iter()
            .map(|body| serde_json::from_str(body).unwrap())
            .collect()
    }

    pub fn message_count(&self) -> usize {
        self.messages.lock().unwrap().len()
    }

    /// All events that have come, doubles too.
    pub fn events(&self) -> Vec<Event> {
        self.batches()
            .into_iter()
            .flat_map(|batch| batch.events)
            .collect()
    }

    /// The numbers that are the events' ids, without doubles.
    pub fn ids(&self) -> BTreeSet<usize> {
        self.events()
            .iter()
            .filter_map(|event| event.event_id.parse().ok())
            .collect()
    }

    pub fn dropped(&self) -> u64 {
        self.batches().iter().map(|batch| batch.dropped).sum()
    }

    pub async fn answer(&self, request: &Request) -> Response {
        let authorization = request.header("authorization").unwrap_or_default();
        assert!(
            authorization.starts_with("AWS4-HMAC-SHA256 Credential=AKID/"),
            "{authorization}"
        );
        match request.header("x-amz-target") {
            Some("AmazonSQS.SendMessageBatch") => self.take_batch(&request.body).await,
            Some("secretsmanager.GetSecretValue") => {
                self.secret_calls.fetch_add(1, Ordering::SeqCst);
                let (status, body) = self.secret.lock().unwrap().clone();
                Response::json(status, body.into_bytes())
            }
            other => Response::problem(400, &format!("{other:?}")),
        }
    }

    async fn take_batch(&self, body: &[u8]) -> Response {
        let call = self.calls.fetch_add(1, Ordering::SeqCst);
        let fate = self
            .fates
            .lock()
            .unwrap()
            .as_mut()
            .map_or(Fate::Taken, |fates| fates(call));
        if fate == Fate::Silent {
            std::future::pending::<()>().await;
        }
        if fate == Fate::Failed {
            return Response::json(
                503,
                br#"{"__type":"com.amazonaws.sqs#ServiceUnavailable"}"#.to_vec(),
            );
        }
        let call: Value = serde_json::from_slice(body).unwrap();
        let (mut taken, mut failed) = (Vec::new(), Vec::new());
        let entries = call["Entries"].as_array().unwrap();
        assert!((1..=10).contains(&entries.len()));
        for (index, entry) in entries.iter().enumerate() {
            if fate == Fate::HalfTaken && index % 2 == 0 {
                failed.push(
                    json!({"Id": entry["Id"], "SenderFault": false, "Code": "InternalError"}),
                );
                continue;
            }
            let message = entry["MessageBody"].as_str().unwrap();
            assert!(message.len() <= 200 * 1024);
            self.messages.lock().unwrap().push(message.to_owned());
            taken.push(json!({"Id": entry["Id"], "MessageId": "m"}));
        }
        if fate == Fate::TakenUnsaid {
            return Response::json(500, b"{}".to_vec());
        }
        Response::json(
            200,
            json!({"Successful": taken, "Failed": failed})
                .to_string()
                .into_bytes(),
        )
    }
}

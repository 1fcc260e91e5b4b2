//! `SendMessageBatch`: one call for up to ten messages.

use crate::aws::{self, Answer, Aws, Service};
use crate::queue::Message;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use std::time::Duration;

/// SQS's own bounds of a call.
pub const MAX_CALL_MESSAGES: usize = 10;
/// SQS took 256 KiB before it took 1 MiB, and so do things that stand in for it.
pub const MAX_CALL_BYTES: usize = 256 * 1024;

/// The queue that batches go to.
pub struct Sqs {
    aws: Arc<Aws>,
    service: Service,
    queue_url: String,
}

/// What became of a call's messages.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub sent: Vec<Message>,
    /// To be sent again.
    pub failed: Vec<Message>,
    /// SQS will never take them.
    pub refused: Vec<Message>,
    /// The first failure's reason.
    pub reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Call<'a> {
    queue_url: &'a str,
    entries: Vec<Entry<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Entry<'a> {
    id: String,
    message_body: &'a str,
}

#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
struct Answered {
    successful: Vec<Taken>,
    failed: Vec<Failed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Taken {
    id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Failed {
    id: String,
    #[serde(default)]
    sender_fault: bool,
    #[serde(default)]
    code: String,
}

impl Sqs {
    pub fn new(
        aws: Arc<Aws>,
        queue_url: String,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Self {
        Self {
            aws,
            service: Service::sqs(&queue_url, variable),
            queue_url,
        }
    }

    /// Sends messages that are within the bounds of a call. What became of them, [`Outcome::of`] tells.
    ///
    /// # Errors
    /// There was no answer.
    pub async fn send(
        &self,
        messages: &[Message],
        patience: Duration,
    ) -> Result<Answer, aws::Error> {
        let entries = messages.iter().enumerate().map(|(index, message)| Entry {
            id: index.to_string(),
            message_body: &message.body,
        });
        let call = Call {
            queue_url: &self.queue_url,
            entries: entries.collect(),
        };
        let body = serde_json::to_vec(&call).unwrap_or_default();
        self.aws
            .call(&self.service, "AmazonSQS.SendMessageBatch", body, patience)
            .await
    }
}

impl Outcome {
    /// A message counts as sent only when SQS has said so.
    pub fn of(messages: Vec<Message>, answer: Result<Answer, aws::Error>) -> Self {
        let answered = match answer {
            Ok(answer) if answer.status == 200 => {
                serde_json::from_slice::<Answered>(&answer.body).unwrap_or_default()
            }
            Ok(answer) => return Self::failed(messages, refusal(&answer)),
            Err(error) => return Self::failed(messages, error.to_string()),
        };
        let mut outcome = Self::default();
        for (index, message) in messages.into_iter().enumerate() {
            let id = index.to_string();
            if answered.successful.iter().any(|taken| taken.id == id) {
                outcome.sent.push(message);
                continue;
            }
            let failed = answered.failed.iter().find(|failed| failed.id == id);
            let reason = failed.map_or("not in SQS's answer", |failed| &failed.code);
            outcome.reason.get_or_insert_with(|| reason.to_owned());
            if failed.is_some_and(|failed| failed.sender_fault) {
                outcome.refused.push(message);
            } else {
                outcome.failed.push(message);
            }
        }
        outcome
    }

    fn failed(messages: Vec<Message>, reason: String) -> Self {
        Self {
            failed: messages,
            reason: Some(reason),
            ..Self::default()
        }
    }
}

/// The status and AWS's name for the error; its message may be long.
fn refusal(answer: &Answer) -> String {
    #[derive(Deserialize)]
    struct Body {
        #[serde(rename = "__type")]
        kind: String,
    }
    let kind = serde_json::from_slice::<Body>(&answer.body).map(|body| body.kind);
    match kind
        .as_deref()
        .map(|kind| kind.rsplit('#').next().unwrap_or(kind))
    {
        Ok(kind) => format!("{} {kind}", answer.status),
        Err(_) => answer.status.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn messages(count: usize) -> Vec<Message> {
        (0..count)
            .map(|number| Message {
                body: number.to_string(),
                events: 1,
                file: None,
            })
            .collect()
    }

    fn answer(status: u16, body: serde_json::Value) -> Result<Answer, aws::Error> {
        Ok(Answer {
            status,
            body: body.to_string().into(),
        })
    }

    fn bodies(messages: &[Message]) -> Vec<&str> {
        messages
            .iter()
            .map(|message| message.body.as_str())
            .collect()
    }

    #[test]
    fn each_message_has_its_own_fate() {
        let body = json!({
            "Successful": [{"Id": "0"}, {"Id": "3"}],
            "Failed": [{"Id": "1", "SenderFault": false, "Code": "ServiceUnavailable"},
                       {"Id": "2", "SenderFault": true, "Code": "InvalidMessageContents"}]
        });
        let outcome = Outcome::of(messages(5), answer(200, body));
        assert_eq!(bodies(&outcome.sent), ["0", "3"]);
        assert_eq!(bodies(&outcome.failed), ["1", "4"]);
        assert_eq!(bodies(&outcome.refused), ["2"]);
        assert_eq!(outcome.reason.as_deref(), Some("ServiceUnavailable"));
    }

    #[test]
    fn a_failed_call_fails_all() {
        let kind = json!({"__type": "com.amazonaws.sqs#QueueDoesNotExist", "message": "long"});
        let failed = Outcome::of(messages(2), answer(400, kind));
        assert_eq!(bodies(&failed.failed), ["0", "1"]);
        assert_eq!(failed.reason.as_deref(), Some("400 QueueDoesNotExist"));
        let failed = Outcome::of(messages(1), answer(503, json!("busy")));
        assert_eq!(failed.reason.as_deref(), Some("503"));
        let failed = Outcome::of(messages(1), Err(aws::Error::NoCredentials));
        assert_eq!(failed.failed.len(), 1);
    }

    #[test]
    fn an_answer_that_cannot_be_read_is_no_success() {
        assert_eq!(
            Outcome::of(messages(1), answer(200, json!("fine")))
                .failed
                .len(),
            1
        );
        assert_eq!(
            Outcome::of(messages(1), answer(200, json!({})))
                .failed
                .len(),
            1
        );
    }
}

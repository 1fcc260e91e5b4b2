//! Messages of the queue in, what has to be delivered again out.

use crate::count::count;
use crate::store::Store;
use analytics_events::{Batch, SCHEMA};
use serde::{Deserialize, Serialize};

/// The event of an SQS event source, as far as it is read.
#[derive(Debug, Deserialize)]
pub struct Messages {
    #[serde(rename = "Records")]
    pub records: Vec<Message>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Message {
    pub message_id: String,
    pub body: String,
}

/// A partial batch response: the messages that stay in the queue.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    pub batch_item_failures: Vec<Failure>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Failure {
    pub item_identifier: String,
}

/// Counts what is in the messages. One that fails, or cannot be read, keeps none of the others back.
pub async fn handle(store: &impl Store, messages: Messages) -> Answer {
    let mut answer = Answer::default();
    for message in messages.records {
        if let Err(error) = take(store, &message.body).await {
            // The error says where, never what the message held.
            tracing::warn!(message_id = message.message_id, error, "message left");
            answer.batch_item_failures.push(Failure {
                item_identifier: message.message_id,
            });
        }
    }
    answer
}

async fn take(store: &impl Store, body: &str) -> Result<(), String> {
    let batch: Batch = serde_json::from_str(body).map_err(|error| error.to_string())?;
    if batch.schema != SCHEMA {
        return Err(format!("schema {} is not known, {SCHEMA} is", batch.schema));
    }
    tracing::info!(
        function = batch.function.as_str(),
        environment = batch.environment.as_str(),
        sequence = batch.sequence,
        events = batch.events.len(),
        reports = batch.reports.len(),
        dropped = batch.dropped,
        "batch"
    );
    let counted = count(store, batch.events).await;
    counted.map_err(|error| error.to_string())
}

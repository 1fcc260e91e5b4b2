//! Counters in DynamoDB.

use crate::counter::{Counter, Sums};
use crate::store::{Store, WriteError};
use crate::transaction::Transaction;
use analytics_events::EventId;
use aws_sdk_dynamodb::Client;
use aws_sdk_dynamodb::error::{BuildError, DisplayErrorContext, SdkError};
use aws_sdk_dynamodb::operation::transact_write_items::TransactWriteItemsError;
use aws_sdk_dynamodb::types::{AttributeValue, CancellationReason, Put, TransactWriteItem, Update};
use std::collections::HashSet;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Longer than a message can live: four days in the queue, fourteen in the dead-letter queue.
const MARKERS_ARE_KEPT: Duration = Duration::from_secs(30 * 24 * 3600);
const FIRST_PAUSE: Duration = Duration::from_millis(50);

const UPDATE: &str = "SET #user = :user, #bucket = :bucket, #action = :action \
    ADD #count :count, #errors :errors, #bytes :bytes, #duration_us :duration_us";

/// A table of counters (`day`, `counter`) and one of markers (`event_id`, with a TTL in `expires_at`).
pub struct DynamoStore {
    client: Client,
    counters: String,
    markers: String,
}

impl DynamoStore {
    pub const fn new(client: Client, counters: String, markers: String) -> Self {
        Self {
            client,
            counters,
            markers,
        }
    }

    fn writes(&self, transaction: &Transaction) -> Result<Vec<TransactWriteItem>, BuildError> {
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let expires_at = (now + MARKERS_ARE_KEPT).as_secs();
        let markers = transaction.event_ids().map(|id| {
            let put = self.marker(id, expires_at)?;
            Ok(TransactWriteItem::builder().put(put).build())
        });
        let updates = transaction.sums().iter().map(|(counter, sums)| {
            let update = self.addition(counter, *sums)?;
            Ok(TransactWriteItem::builder().update(update).build())
        });
        // Markers come first: a cancelled transaction names its writes by their places.
        markers.chain(updates).collect()
    }

    fn marker(&self, id: &EventId, expires_at: u64) -> Result<Put, BuildError> {
        Put::builder()
            .table_name(&self.markers)
            .item("event_id", AttributeValue::S(id.to_string()))
            .item("expires_at", number(expires_at))
            .condition_expression("attribute_not_exists(event_id)")
            .build()
    }

    fn addition(&self, counter: &Counter, sums: Sums) -> Result<Update, BuildError> {
        let text = |text: &Option<String>| {
            let text = text.clone();
            text.map_or(AttributeValue::Null(true), AttributeValue::S)
        };
        let values = [
            ("user", text(&counter.user)),
            ("bucket", text(&counter.bucket)),
            ("action", AttributeValue::S(counter.action.clone())),
            ("count", number(sums.count)),
            ("errors", number(sums.errors)),
            ("bytes", number(sums.bytes)),
            ("duration_us", number(sums.duration_us)),
        ];
        let update = Update::builder()
            .table_name(&self.counters)
            .key("day", AttributeValue::S(counter.day.clone()))
            .key("counter", AttributeValue::S(counter.sort_key()))
            .update_expression(UPDATE);
        let update = values.into_iter().fold(update, |update, (name, value)| {
            update
                .expression_attribute_names(format!("#{name}"), name)
                .expression_attribute_values(format!(":{name}"), value)
        });
        update.build()
    }
}

impl Store for DynamoStore {
    async fn write(&self, transaction: &Transaction) -> Result<(), WriteError> {
        let writes = self.writes(transaction).map_err(failed)?;
        let call = self
            .client
            .transact_write_items()
            .set_transact_items(Some(writes));
        // Boxed: SDK calls are deep futures.
        let answer = Box::pin(call.send()).await;
        answer.map(drop).map_err(write_error)
    }

    /// Twice as long each time, and a random part of it, so that two that met do not meet again.
    async fn pause(&self, attempt: u32) {
        let longest = FIRST_PAUSE * 2_u32.saturating_pow(attempt.saturating_sub(1)).min(32);
        tokio::time::sleep(longest.mul_f64(fastrand::f64())).await;
    }
}

fn number(value: u64) -> AttributeValue {
    AttributeValue::N(value.to_string())
}

fn failed(error: impl std::error::Error) -> WriteError {
    WriteError::Failed(DisplayErrorContext(&error).to_string())
}

fn write_error(error: SdkError<TransactWriteItemsError>) -> WriteError {
    match error.as_service_error() {
        Some(TransactWriteItemsError::TransactionCanceledException(cancelled)) => {
            cancellation(cancelled.cancellation_reasons())
        }
        Some(TransactWriteItemsError::TransactionInProgressException(_)) => WriteError::Contended,
        _ => failed(error),
    }
}

/// There is a reason for each write, in their order; `None` for those that were not the cause.
fn cancellation(reasons: &[CancellationReason]) -> WriteError {
    let codes: Vec<_> = reasons
        .iter()
        .map(|reason| reason.code().unwrap_or("None"))
        .collect();
    let at = |code: &str| -> HashSet<usize> {
        let places = codes.iter().enumerate();
        places
            .filter_map(|(place, found)| (*found == code).then_some(place))
            .collect()
    };
    let doubles = at("ConditionalCheckFailed");
    if !doubles.is_empty() {
        return WriteError::Doubles(doubles);
    }
    let passing = [
        "TransactionConflict",
        "ThrottlingError",
        "ProvisionedThroughputExceeded",
    ];
    if codes.iter().any(|code| passing.contains(code)) {
        WriteError::Contended
    } else {
        WriteError::Failed(format!("the transaction was cancelled: {codes:?}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cancelled(codes: &[&str]) -> WriteError {
        let reasons = codes.iter().map(|code| {
            let reason = CancellationReason::builder().code(*code);
            reason.build()
        });
        cancellation(&reasons.collect::<Vec<_>>())
    }

    #[test]
    fn reasons_tell_doubles_from_contention() {
        let mixed = cancelled(&["None", "ConditionalCheckFailed", "TransactionConflict"]);
        assert!(matches!(mixed, WriteError::Doubles(places) if places == HashSet::from([1])));
        let conflict = cancelled(&["None", "TransactionConflict"]);
        assert!(matches!(conflict, WriteError::Contended));
        assert!(matches!(
            cancelled(&["ValidationError"]),
            WriteError::Failed(_)
        ));
    }
}

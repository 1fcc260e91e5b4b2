//! Usage events, for lab 04's extension: who did what to which bucket.

use crate::web::{Request, Response};
use analytics_client::Poster;
use analytics_events::{Action, BucketName, Event, EventId, Moment, RequestId, Text, What};
use lambda_runtime::Error;
use std::collections::BTreeMap;
use std::time::Instant;

/// Operations of the API by method and resource path; all wrappers have this one table.
const OPERATIONS: &str = include_str!("../../04-extensions/wrappers/analytics/operations.json");
const UNKNOWN: &str = "unknown";

/// Where events go, and what they call a request.
pub struct Events {
    poster: Poster,
    operations: BTreeMap<String, Action>,
}

impl Events {
    pub fn from_environment() -> Result<Self, Error> {
        Ok(Self {
            poster: Poster::from_environment(),
            operations: serde_json::from_str(OPERATIONS)?,
        })
    }

    /// Posts what was just answered. A request that no event can tell of is left out.
    pub async fn post(&self, request: &Request, response: &Response, id: &str, started: Instant) {
        if let Some(event) = self.event(request, response, id, started) {
            self.poster.post(&event).await;
        }
    }

    fn event(
        &self,
        request: &Request,
        response: &Response,
        id: &str,
        started: Instant,
    ) -> Option<Event> {
        let (method, resource) = request.route();
        let operation = self.operations.get(&format!("{method} {resource}"));
        let caller = request.event().caller();
        let what = What {
            request_id: RequestId::new(id).ok()?,
            time: Moment::now(),
            user: text(caller.username.as_deref()),
            role: text(caller.role.as_deref()),
            action: operation.cloned().or_else(|| Action::new(UNKNOWN).ok())?,
            bucket: request
                .bucket()
                .ok()
                .and_then(|name| BucketName::new(name).ok()),
            status: response.status(),
            duration_ms: started.elapsed().as_secs_f64() * 1e3,
            bytes: response.body().len() as u64,
        };
        Some(Event {
            event_id: EventId::new(&format!("{id}/0")).ok()?,
            what,
        })
    }
}

fn text<const MAX: usize>(text: Option<&str>) -> Option<Text<MAX>> {
    Text::new(text?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use lambda_runtime::Context;
    use serde_json::{Value, json};

    fn event(request: Value) -> Value {
        let request = Request::new(
            serde_json::from_value(request).unwrap(),
            &Context::default(),
        );
        let response =
            Response::json(200, &json!({"text": "ä"})).unwrap_or_else(|_| Response::empty(500));
        let events = Events::from_environment().unwrap();
        let made = events.event(&request, &response, "lambda-id", Instant::now());
        let mut shown = serde_json::to_value(made.unwrap()).unwrap();
        for passing in ["time", "duration_ms"] {
            shown.as_object_mut().unwrap().remove(passing).unwrap();
        }
        shown
    }

    #[test]
    fn who_did_what_to_which_bucket() {
        let request = json!({
            "httpMethod": "GET", "resource": "/buckets/{bucket}/usage", "pathParameters": {"bucket": "acme-logs"},
            "requestContext": {"requestId": "api-id", "authorizer": {"username": "ada", "role": "admin", "integrationLatency": 3}}
        });
        let expected = json!({
            "event_id": "lambda-id/0", "request_id": "lambda-id", "user": "ada", "role": "admin",
            "action": "getUsage", "bucket": "acme-logs", "status": 200, "bytes": 13
        });
        assert_eq!(event(request), expected);
    }

    #[test]
    fn what_is_missing_or_cannot_be_is_null() {
        for bucket in ["ab", "a/b", &"x".repeat(300)] {
            let request = json!({
                "httpMethod": "PATCH", "resource": "/", "pathParameters": {"bucket": bucket},
                "requestContext": {"authorizer": null}
            });
            let event = event(request);
            for name in ["user", "role", "bucket"] {
                assert_eq!(event[name], Value::Null, "{name}");
            }
            assert_eq!(event["action"], "unknown");
        }
    }
}

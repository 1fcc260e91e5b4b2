//! The Extensions API: register, subscribe to telemetry, ask for events.

use http::{Method, Request};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Bytes;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::Deserialize;
use serde_json::json;
use std::time::Duration;

/// Lambda looks for it in `/opt/extensions` by this name.
pub const NAME: &str = "analytics";
const MAX_ANSWER_BYTES: usize = 64 * 1024;

/// A registered extension.
pub struct Extension {
    api: Api,
    id: String,
}

/// What Lambda tells an extension.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "eventType")]
pub enum Event {
    #[serde(rename = "INVOKE", rename_all = "camelCase")]
    Invoke { request_id: String },
    #[serde(rename = "SHUTDOWN", rename_all = "camelCase")]
    Shutdown {
        /// In milliseconds since 1970.
        deadline_ms: u64,
    },
}

/// Whether the platform will deliver telemetry.
#[derive(Debug, PartialEq, Eq)]
pub enum Subscription {
    Taken,
    /// Emulators answer so.
    NotSupported,
}

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("the Extensions API does not answer: {0}")]
    Transport(String),
    #[error("the Extensions API answers {0}")]
    Status(u16),
    #[error("the Extensions API's answer cannot be read: {0}")]
    Answer(String),
}

impl Extension {
    /// # Errors
    /// Lambda does not take it.
    pub async fn register(runtime_api: &str) -> Result<Self, Error> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let api = Api {
            base: format!("http://{runtime_api}"),
            client: Client::builder(TokioExecutor::new()).build(connector),
        };
        let body = json!({"events": ["INVOKE", "SHUTDOWN"]});
        let header = ("lambda-extension-name", NAME);
        let answer = api
            .call(
                Method::POST,
                "/2020-01-01/extension/register",
                header,
                &body.to_string(),
            )
            .await?;
        let id = answer.id.filter(|_| answer.status == 200);
        Ok(Self {
            api,
            id: id.ok_or(Error::Status(answer.status))?,
        })
    }

    /// Asks for platform records at a port of this environment.
    ///
    /// # Errors
    /// The platform refuses it.
    pub async fn subscribe(&self, port: u16) -> Result<Subscription, Error> {
        let body = json!({
            "schemaVersion": "2022-12-13", "types": ["platform"],
            "buffering": {"timeoutMs": 1_000, "maxBytes": 262_144, "maxItems": 1_000},
            "destination": {"protocol": "HTTP", "URI": format!("http://sandbox.localdomain:{port}/")}
        });
        let answer = self
            .api
            .call(
                Method::PUT,
                "/2022-07-01/telemetry",
                self.header(),
                &body.to_string(),
            )
            .await?;
        match answer.status {
            200 => Ok(Subscription::Taken),
            202 => Ok(Subscription::NotSupported),
            status => Err(Error::Status(status)),
        }
    }

    /// Waits for the next event. Meanwhile the environment may be frozen.
    ///
    /// # Errors
    /// There was no answer, or one that cannot be read.
    pub async fn next(&self) -> Result<Event, Error> {
        let answer = self
            .api
            .call(
                Method::GET,
                "/2020-01-01/extension/event/next",
                self.header(),
                "",
            )
            .await?;
        if answer.status != 200 {
            return Err(Error::Status(answer.status));
        }
        serde_json::from_slice(&answer.body).map_err(|error| Error::Answer(error.to_string()))
    }

    fn header(&self) -> (&'static str, &str) {
        ("lambda-extension-identifier", &self.id)
    }
}

impl Event {
    /// The time that a SHUTDOWN leaves, by the clock's `now_ms`; never more than the platform's 2 s.
    pub fn time_left(deadline_ms: u64, now_ms: u64) -> Duration {
        Duration::from_millis(deadline_ms.saturating_sub(now_ms).min(2_000))
    }
}

struct Api {
    base: String,
    client: Client<HttpConnector, Full<Bytes>>,
}

struct Answer {
    status: u16,
    id: Option<String>,
    body: Bytes,
}

impl Api {
    async fn call(
        &self,
        method: Method,
        path: &str,
        (name, value): (&str, &str),
        body: &str,
    ) -> Result<Answer, Error> {
        let request = Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.base))
            .header(name, value)
            .header("content-type", "application/json")
            .body(Full::new(Bytes::copy_from_slice(body.as_bytes())))
            .map_err(|error| Error::Transport(error.to_string()))?;
        let response = self
            .client
            .request(request)
            .await
            .map_err(|error| Error::Transport(error.to_string()))?;
        let id = response.headers().get("lambda-extension-identifier");
        let id = id.and_then(|value| value.to_str().ok()).map(str::to_owned);
        let status = response.status().as_u16();
        let body = Limited::new(response.into_body(), MAX_ANSWER_BYTES)
            .collect()
            .await
            .map_err(|error| Error::Transport(error.to_string()))?;
        Ok(Answer {
            status,
            id,
            body: body.to_bytes(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_read_as_lambda_writes_them() {
        let invoke = r#"{"eventType":"INVOKE","deadlineMs":676051,"requestId":"3da1","invokedFunctionArn":"arn",
            "tracing":{"type":"X-Amzn-Trace-Id","value":"Root=1"}}"#;
        let event: Event = serde_json::from_str(invoke).unwrap();
        assert_eq!(
            event,
            Event::Invoke {
                request_id: "3da1".to_owned()
            }
        );
        let shutdown =
            r#"{"eventType":"SHUTDOWN","shutdownReason":"spindown","deadlineMs":676051}"#;
        let event: Event = serde_json::from_str(shutdown).unwrap();
        assert_eq!(
            event,
            Event::Shutdown {
                deadline_ms: 676_051
            }
        );
    }

    #[test]
    fn a_clock_that_is_off_does_not_lengthen_the_end() {
        assert_eq!(Event::time_left(10_000, 9_000), Duration::from_secs(1));
        assert_eq!(Event::time_left(10_000, 20_000), Duration::ZERO);
        assert_eq!(Event::time_left(u64::MAX, 0), Duration::from_secs(2));
    }
}

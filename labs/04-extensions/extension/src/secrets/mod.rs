//! `GET /secretsmanager/get`: secrets from a cache, by the API of AWS's own "Parameters and Secrets" extension.
//!
//! So a function in any language needs no SDK call for them in its cold start, and may use AWS's layer instead.
//! What a secret holds is never part of a log line.

mod attempts;
mod cache;
mod query;

use crate::aws::{self, Answer, Aws, Service};
use crate::http::{Handler, Request, Response};
use crate::locked::locked;
use cache::Cache;
use query::Query;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

const TOKEN_HEADER: &str = "x-aws-parameters-secrets-token";
/// As long as the labs' SDK clients wait.
const PATIENCE: Duration = Duration::from_secs(6);

/// Where secrets come from.
pub trait Source: Send + Sync + 'static {
    fn fetch(&self, body: String) -> impl Future<Output = Result<Answer, aws::Error>> + Send;
}

/// The handler of the secrets' port.
pub struct Secrets<S> {
    source: S,
    token: Option<String>,
    cache: Mutex<Cache>,
    /// Held while a secret is fetched, so that requests that come together share one call.
    fetching: tokio::sync::Mutex<()>,
}

/// Secrets Manager itself.
pub struct SecretsManager {
    pub aws: Arc<Aws>,
    pub service: Service,
}

impl Source for SecretsManager {
    async fn fetch(&self, body: String) -> Result<Answer, aws::Error> {
        let target = "secretsmanager.GetSecretValue";
        self.aws
            .call(&self.service, target, body.into_bytes(), PATIENCE)
            .await
    }
}

impl<S: Source> Secrets<S> {
    /// Without a `token` nobody can show that they may ask, and nobody is answered.
    pub fn new(source: S, token: Option<String>, ttl: Duration) -> Self {
        Self {
            source,
            token,
            cache: Mutex::new(Cache::new(ttl)),
            fetching: tokio::sync::Mutex::new(()),
        }
    }

    async fn get(&self, query: &Query) -> Response {
        if let Some(body) = self.cached(query) {
            return Response::json(200, body);
        }
        let fetching = self.fetching.lock().await;
        // Somebody else may have fetched it meanwhile.
        if let Some(body) = self.cached(query) {
            return Response::json(200, body);
        }
        let answer = attempts::fetch(&self.source, &query.to_call()).await;
        drop(fetching);
        match answer {
            // Kept, it would be everybody's for as long as a secret.
            Ok(answer) if answer.status == 200 && !is_json(&answer.body) => {
                Response::problem(502, "Secrets Manager's answer cannot be read")
            }
            Ok(answer) => {
                let body = answer.body.to_vec();
                if answer.status == 200 {
                    locked(&self.cache).put(query.clone(), body.clone(), Instant::now());
                }
                Response::json(answer.status, body)
            }
            Err(error) => {
                tracing::warn!(%error, "analytics: a secret could not be fetched");
                let status = match error {
                    aws::Error::Transport(_) => 503,
                    aws::Error::TooLate(_) => 504,
                    _ => 502,
                };
                Response::problem(status, "Secrets Manager could not be asked")
            }
        }
    }

    fn cached(&self, query: &Query) -> Option<Vec<u8>> {
        if query.refresh_now {
            return None;
        }
        locked(&self.cache).get(query, Instant::now())
    }

    fn may_ask(&self, request: &Request) -> bool {
        let shown = request.header(TOKEN_HEADER).unwrap_or_default();
        self.token
            .as_deref()
            .is_some_and(|token| same(shown.as_bytes(), token.as_bytes()))
    }
}

impl<S: Source> Handler for Secrets<S> {
    async fn answer(&self, request: Request) -> Response {
        if request.path != "/secretsmanager/get" {
            return Response::problem(404, "no such route");
        }
        if request.method != "GET" {
            return Response::only("GET");
        }
        if !self.may_ask(&request) {
            return Response::problem(
                401,
                "X-Aws-Parameters-Secrets-Token must be the session's token",
            );
        }
        match Query::parse(&request.query) {
            Ok(query) => self.get(&query).await,
            Err(detail) => Response::problem(400, detail),
        }
    }
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<serde::de::IgnoredAny>(body).is_ok()
}

/// Compares all bytes, whether or not the first differ.
fn same(one: &[u8], other: &[u8]) -> bool {
    let differences = one.iter().zip(other).fold(0, |seen, (a, b)| seen | (a ^ b));
    one.len() == other.len() && std::hint::black_box(differences) == 0
}

#[cfg(test)]
mod tests;

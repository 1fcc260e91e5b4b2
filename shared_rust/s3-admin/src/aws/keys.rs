//! Signing keys in Secrets Manager, kept for a while.

use super::errors::service_error;
use crate::ports::{ErrorKind, Keys, Service, ServiceError};
use crate::token::SigningKeys;
use async_trait::async_trait;
use aws_config::SdkConfig;
use aws_sdk_secretsmanager::Client;
use std::time::{Duration, Instant};
use tokio::sync::Mutex;

/// How long keys are used before they are fetched again.
const FRESH: Duration = Duration::from_secs(300);
/// How soon a token with an unknown key id makes them be fetched again: keys may just have been rotated, but
/// made-up ids must not turn every request into a call.
const UNKNOWN_KEY_FRESH: Duration = Duration::from_secs(5);

/// The secret that holds the signing keys.
pub struct SecretKeys {
    client: Client,
    secret: String,
    cached: Mutex<Option<(Instant, SigningKeys)>>,
}

impl SecretKeys {
    pub fn new(config: &SdkConfig, secret: impl Into<String>) -> Self {
        Self {
            client: Client::new(config),
            secret: secret.into(),
            cached: Mutex::new(None),
        }
    }

    async fn get_if(
        &self,
        good: impl Fn(Duration, &SigningKeys) -> bool + Send,
    ) -> Result<SigningKeys, ServiceError> {
        let mut cached = self.cached.lock().await;
        if let Some((fetched, keys)) = cached.as_ref()
            && good(fetched.elapsed(), keys)
        {
            return Ok(keys.clone());
        }
        let keys = self.fetch().await?;
        *cached = Some((Instant::now(), keys.clone()));
        Ok(keys)
    }

    async fn fetch(&self) -> Result<SigningKeys, ServiceError> {
        let answer = self
            .client
            .get_secret_value()
            .secret_id(&self.secret)
            .send()
            .await;
        let answer = answer.map_err(|error| service_error(Service::SecretsManager, &error))?;
        let keys = answer.secret_string().and_then(SigningKeys::from_json);
        keys.ok_or(ServiceError {
            service: Service::SecretsManager,
            kind: ErrorKind::Garbled,
        })
    }
}

#[async_trait]
impl Keys for SecretKeys {
    async fn to_sign(&self) -> Result<SigningKeys, ServiceError> {
        self.get_if(|age, _| age < FRESH).await
    }

    async fn to_check(&self, kid: &str) -> Result<SigningKeys, ServiceError> {
        let good = |age, keys: &SigningKeys| {
            age < if keys.by_id(kid).is_some() {
                FRESH
            } else {
                UNKNOWN_KEY_FRESH
            }
        };
        self.get_if(good).await
    }
}

//! What the environment's variables say.

use analytics_events::{FunctionName, Name};
use std::path::PathBuf;
use std::time::Duration;

/// Settings, all of which but Lambda's own have a default.
#[derive(Debug, Clone)]
pub struct Config {
    /// Host and port of the Runtime and Extensions API.
    pub runtime_api: String,
    pub function: FunctionName,
    pub version: Name,
    pub memory_mb: u32,
    pub environment: Name,
    pub events_port: u16,
    /// Without one there is nothing to send to, and events are not kept.
    pub queue_url: Option<String>,
    pub thresholds: Thresholds,
    /// The bound of what waits in memory.
    pub queue_bytes: usize,
    pub spill_folder: PathBuf,
    pub spill_bytes: u64,
    pub secrets_port: u16,
    pub secrets_ttl: Duration,
    /// What a function proves with that it is in the same environment.
    pub secrets_token: Option<String>,
}

/// When what waits is sent, whichever comes first.
#[derive(Debug, Clone, Copy)]
pub struct Thresholds {
    pub items: usize,
    pub bytes: usize,
    pub age: Duration,
}

#[derive(Debug, thiserror::Error)]
#[error("{0} is not set")]
pub struct Missing(&'static str);

impl Config {
    /// # Errors
    /// Lambda's own variables are missing.
    pub fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self, Missing> {
        let text = |name| variable(name).filter(|value| !value.is_empty());
        let number = |name, default: u64| {
            text(name)
                .and_then(|value| value.parse().ok())
                .unwrap_or(default)
        };
        let port = |name, default| {
            text(name)
                .and_then(|value| value.parse().ok())
                .unwrap_or(default)
        };
        let size = |name, default| usize::try_from(number(name, default)).unwrap_or(usize::MAX);
        let name = |name| text(name).and_then(|value| Name::new(&value).ok());
        let function = text("AWS_LAMBDA_FUNCTION_NAME")
            .and_then(|value| FunctionName::new(&value).ok())
            .ok_or(Missing("AWS_LAMBDA_FUNCTION_NAME"))?;
        let random = format!("{:032x}", fastrand::u128(..));
        Ok(Self {
            runtime_api: text("AWS_LAMBDA_RUNTIME_API").ok_or(Missing("AWS_LAMBDA_RUNTIME_API"))?,
            version: name("AWS_LAMBDA_FUNCTION_VERSION")
                .ok_or(Missing("AWS_LAMBDA_FUNCTION_VERSION"))?,
            memory_mb: memory(text("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")),
            // Lambda keeps the log stream's name from extensions; a random id does as well.
            environment: name("AWS_LAMBDA_LOG_STREAM_NAME")
                .or_else(|| Name::new(&random).ok())
                .ok_or(Missing("AWS_LAMBDA_LOG_STREAM_NAME"))?,
            events_port: port("ANALYTICS_PORT", 2779),
            queue_url: text("ANALYTICS_QUEUE_URL"),
            thresholds: Thresholds {
                items: size("ANALYTICS_SEND_ITEMS", 250).max(1),
                bytes: size("ANALYTICS_SEND_BYTES", 96 * 1024),
                age: Duration::from_millis(number("ANALYTICS_SEND_AGE_MS", 30_000)),
            },
            queue_bytes: size("ANALYTICS_QUEUE_BYTES", 2 * 1024 * 1024),
            // Named by the function, because a machine without isolation has one /tmp for all.
            spill_folder: text("ANALYTICS_SPILL_FOLDER").map_or_else(
                || PathBuf::from(format!("/tmp/analytics-spill-{function}")),
                PathBuf::from,
            ),
            spill_bytes: number("ANALYTICS_SPILL_BYTES", 16 * 1024 * 1024),
            secrets_port: port("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", 2773),
            secrets_ttl: Duration::from_secs(number("SECRETS_MANAGER_TTL", 300)),
            secrets_token: text("AWS_SESSION_TOKEN"),
            function,
        })
    }
}

fn memory(text: Option<String>) -> u32 {
    text.and_then(|value| value.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
pub mod tests {
    use super::*;

    pub fn config() -> Config {
        Config::from_variables(lambda).unwrap()
    }

    fn lambda(name: &str) -> Option<String> {
        let value = match name {
            "AWS_LAMBDA_RUNTIME_API" => "127.0.0.1:9001",
            "AWS_LAMBDA_FUNCTION_NAME" => "buckets",
            "AWS_LAMBDA_FUNCTION_VERSION" => "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE" => "512",
            _ => return None,
        };
        Some(value.to_owned())
    }

    #[test]
    fn lambdas_own_variables_are_enough() {
        let config = Config::from_variables(lambda).unwrap();
        assert_eq!((config.events_port, config.secrets_port), (2779, 2773));
        assert_eq!(config.memory_mb, 512);
        assert_eq!(config.queue_url, None);
        assert_eq!(config.environment.len(), 32);
    }

    #[test]
    fn nonsense_leaves_the_default() {
        let config = Config::from_variables(|name| match name {
            "ANALYTICS_PORT" | "SECRETS_MANAGER_TTL" => Some("soon".to_owned()),
            "ANALYTICS_QUEUE_URL" => Some(String::new()),
            _ => lambda(name),
        })
        .unwrap();
        assert_eq!(config.events_port, 2779);
        assert_eq!(config.secrets_ttl, Duration::from_secs(300));
        assert_eq!(config.queue_url, None);
    }

    #[test]
    fn outside_of_lambda_it_says_what_is_missing() {
        let error = Config::from_variables(|_| None).unwrap_err();
        assert_eq!(error.to_string(), "AWS_LAMBDA_FUNCTION_NAME is not set");
    }
}

//! Logs: one JSON object a line.

use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Writes JSON lines to standard output, at the level that `LoggingConfig` sets. Libraries log warnings and errors only,
/// whatever the level: what the SDK says at `DEBUG` is about requests and their headers.
pub fn init() {
    let level = std::env::var("AWS_LAMBDA_LOG_LEVEL")
        .ok()
        .and_then(|name| name.parse::<LevelFilter>().ok());
    let level = level.unwrap_or(LevelFilter::INFO);
    let ours = [
        "s3_admin",
        "rust_rewrite",
        "authorizer",
        "sessions",
        "buckets",
        "objects",
        "usage",
        "audit",
        "lifecycle",
        "tags",
        "analytics_consumer",
        "consumer",
    ];
    let filter = Targets::new()
        .with_default(level.min(LevelFilter::WARN))
        .with_targets(ours.map(|name| (name, level)));
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(false)
        .with_span_list(false);
    tracing_subscriber::registry()
        .with(lines)
        .with(filter)
        .init();
}

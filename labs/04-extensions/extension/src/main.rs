//! The layer's binary: `extensions/analytics`.

use analytics_extension::config::Config;
use std::process::ExitCode;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::prelude::*;

fn main() -> ExitCode {
    // Only its own lines: those of the libraries below may hold headers, and so credentials.
    let own_lines = Targets::new().with_target("analytics_extension", LevelFilter::INFO);
    tracing_subscriber::registry()
        .with(tracing_subscriber::fmt::layer().json().flatten_event(true))
        .with(own_lines)
        .init();
    let config = match Config::from_variables(|name| std::env::var(name).ok()) {
        Ok(config) => config,
        Err(error) => {
            tracing::error!(%error, "analytics: not started by Lambda");
            return ExitCode::FAILURE;
        }
    };
    // One thread: what it does at a time is little, and each further one costs INIT and memory.
    match tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime.block_on(analytics_extension::run(config)),
        Err(error) => {
            tracing::error!(%error, "analytics: no runtime");
            ExitCode::FAILURE
        }
    }
}

//! An external extension: it writes what it is told into /var/trace/events, as the Python one does.
//!
//! On SHUTDOWN `lambda-extension` 1.1 calls the handler and then asks for another event, which never comes: the
//! process stays until it is killed, 2 s later. So the handler ends it.

use std::fs::OpenOptions;
use std::io::{self, Write};

use lambda_extension::{
    Error, Extension, LambdaEvent, LambdaTelemetry, LambdaTelemetryRecord, LogBuffering, NextEvent,
    SharedService, service_fn,
};

// One thread: the crate binds its telemetry port anew after each connection, and with several threads the answer to
// one batch may be there before the port for the next.
#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    note("extension registering")?;
    let extension = Extension::new()
        .with_events_processor(service_fn(told))
        .with_telemetry_types(&["platform", "function"])
        .with_telemetry_buffering(LogBuffering {
            timeout_ms: 25,
            max_bytes: 262_144,
            max_items: 1_000,
        })
        .with_telemetry_processor(SharedService::new(service_fn(recorded)))
        .register()
        .await?;
    note(&format!(
        "extension registered {} {} {}",
        extension.function_name, extension.function_version, extension.handler,
    ))?;
    extension.run().await
}

async fn told(event: LambdaEvent) -> Result<(), Error> {
    match event.next {
        NextEvent::Invoke(invoke) => {
            note(&format!("extension INVOKE {}", invoke.request_id))?;
            Ok(())
        }
        NextEvent::Shutdown(shutdown) => {
            note(&format!("extension SHUTDOWN {}", shutdown.shutdown_reason))?;
            std::process::exit(0)
        }
    }
}

async fn recorded(records: Vec<LambdaTelemetry>) -> Result<(), Error> {
    for record in records {
        match record.record {
            LambdaTelemetryRecord::Function(line) => {
                note(&format!("telemetry function {}", line.trim_end()))?
            }
            LambdaTelemetryRecord::PlatformInitStart { .. } => {
                note("telemetry platform.initStart")?
            }
            LambdaTelemetryRecord::PlatformInitReport { .. } => {
                note("telemetry platform.initReport")?
            }
            LambdaTelemetryRecord::PlatformStart { request_id, .. } => {
                note(&format!("telemetry platform.start {request_id}"))?;
            }
            LambdaTelemetryRecord::PlatformRuntimeDone { request_id, .. } => {
                note(&format!("telemetry platform.runtimeDone {request_id}"))?;
            }
            LambdaTelemetryRecord::PlatformReport { request_id, .. } => {
                note(&format!("telemetry platform.report {request_id}"))?;
            }
            _ => {}
        }
    }
    Ok(())
}

/// One write a line: the function writes into the same file.
fn note(text: &str) -> io::Result<()> {
    let mut events = OpenOptions::new()
        .create(true)
        .append(true)
        .open("/var/trace/events")?;
    events.write_all(format!("{text}\n").as_bytes())
}

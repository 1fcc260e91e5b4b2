//! From the first line to the last: what is listened to, when it is registered, how it ends.

use crate::aws::{Aws, Service};
use crate::config::Config;
use crate::events::Events;
use crate::http::{Handler, Limits, serve};
use crate::lifecycle::{Event, Extension, Subscription};
use crate::outbox::Outbox;
use crate::queue::Queue;
use crate::secrets::{Secrets, SecretsManager};
use crate::sender::Sender;
use crate::spill::Spill;
use crate::sqs::Sqs;
use crate::telemetry::{self, Telemetry};
use analytics_events::MAX_BODY_BYTES;
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{Instant, sleep};

/// Kept back of the time that SHUTDOWN leaves, so that the end is this process's own.
const MARGIN: Duration = Duration::from_millis(300);
/// How long the last invocation's report is waited for.
const REPORT_PATIENCE: Duration = Duration::from_millis(100);

/// Runs until SHUTDOWN.
pub async fn run(config: Config) -> ExitCode {
    let variable = |name: &str| std::env::var(name).ok();
    let aws = Arc::new(Aws::from_variables(variable));
    let queue = Arc::new(Queue::new(&config));
    let telemetry = Arc::new(Telemetry::new(Arc::clone(&queue)));

    // Before the registration, so that functions reach them in their own INIT.
    let events = Events::new(Arc::clone(&queue));
    listen("events", config.events_port, MAX_BODY_BYTES, events).await;
    let secrets_manager = SecretsManager {
        aws: Arc::clone(&aws),
        service: Service::secrets_manager(variable),
    };
    let secrets = Secrets::new(
        secrets_manager,
        config.secrets_token.clone(),
        config.secrets_ttl,
    );
    listen("secrets", config.secrets_port, 0, secrets).await;

    let extension = match Extension::register(&config.runtime_api).await {
        Ok(extension) => extension,
        Err(error) => {
            tracing::error!(%error, "analytics: not registered");
            return ExitCode::FAILURE;
        }
    };
    let subscribed = subscribe(&extension, &telemetry).await;

    let (shutdown, deadline) = watch::channel(None);
    let sender = config.queue_url.clone().map(|queue_url| {
        let spill = Spill::new(config.spill_folder.clone(), config.spill_bytes);
        let outbox = Outbox::new(Arc::clone(&queue), spill);
        let sender = Sender::new(queue, outbox, Sqs::new(aws, queue_url, variable));
        tokio::spawn(sender.run(deadline))
    });
    if sender.is_none() {
        tracing::warn!("analytics: ANALYTICS_QUEUE_URL is not set, events are not kept");
    }

    let (last_request, left) = until_shutdown(&extension).await;
    let end = Instant::now() + left.saturating_sub(MARGIN);
    if let Some(request_id) = last_request.filter(|_| subscribed) {
        let report_by = end.min(Instant::now() + REPORT_PATIENCE);
        while !telemetry.has_reported(&request_id) && Instant::now() < report_by {
            sleep(Duration::from_millis(5)).await;
        }
    }
    let _ = shutdown.send(Some(end));
    if let Some(sender) = sender {
        match sender.await {
            Ok(0) => {}
            Ok(events) => {
                tracing::warn!(events, "analytics: not sent before the environment's end")
            }
            Err(error) => {
                tracing::error!(%error, "analytics: sending has ended early, events are lost")
            }
        }
    }
    ExitCode::SUCCESS
}

/// Asks for events at once, always: a function's answer is held until every extension has asked.
async fn until_shutdown(extension: &Extension) -> (Option<String>, Duration) {
    let mut last_request = None;
    let mut pause = Duration::from_millis(10);
    loop {
        match extension.next().await {
            Ok(Event::Invoke { request_id }) => last_request = Some(request_id),
            Ok(Event::Shutdown { deadline_ms }) => {
                return (last_request, Event::time_left(deadline_ms, now_ms()));
            }
            Err(error) => {
                // Leaving would be a crash of the function. So it goes on asking, less and less often.
                tracing::warn!(%error, "analytics: no event");
                sleep(pause).await;
                pause = (pause * 2).min(Duration::from_secs(5));
                continue;
            }
        }
        pause = Duration::from_millis(10);
    }
}

/// The platform calls by the environment's own name, which need not be the loopback's address.
async fn subscribe(extension: &Extension, telemetry: &Arc<Telemetry>) -> bool {
    let listener = match TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).await {
        Ok(listener) => listener,
        Err(error) => {
            tracing::warn!(%error, "analytics: no port for telemetry");
            return false;
        }
    };
    let port = listener.local_addr().map_or(0, |address| address.port());
    tokio::spawn(serve(
        listener,
        limits(telemetry::MAX_BODY_BYTES),
        Arc::clone(telemetry),
    ));
    match extension.subscribe(port).await {
        Ok(Subscription::Taken) => return true,
        Ok(Subscription::NotSupported) => {
            tracing::info!("analytics: no Telemetry API here, batches come without reports");
        }
        Err(error) => {
            tracing::warn!(%error, "analytics: no telemetry, batches come without reports")
        }
    }
    false
}

/// A port that is taken is said and left at that: the function works without.
async fn listen(what: &'static str, port: u16, body_bytes: usize, handler: impl Handler) {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await {
        Ok(listener) => {
            tokio::spawn(serve(listener, limits(body_bytes), Arc::new(handler)));
        }
        Err(error) => tracing::warn!(%error, port, what, "analytics: cannot listen"),
    }
}

const fn limits(body_bytes: usize) -> Limits {
    Limits {
        connections: 24,
        body_bytes,
    }
}

fn now_ms() -> u64 {
    let elapsed = SystemTime::now().duration_since(UNIX_EPOCH);
    elapsed.map_or(0, |elapsed| {
        u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX)
    })
}

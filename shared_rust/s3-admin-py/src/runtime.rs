//! One async runtime and one S3 client for the process.

use crate::errors::Failure;
use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use s3_admin::aws::{S3, config};
use std::pin::pin;
use std::sync::OnceLock;
use std::time::{Duration, Instant};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::OnceCell;

/// How often a waiting call looks for signals, Ctrl-C above all.
const SIGNAL_INTERVAL: Duration = Duration::from_millis(100);

static RUNTIME: OnceLock<Runtime> = OnceLock::new();
static S3_CLIENT: OnceCell<S3> = OnceCell::const_new();

/// The runtime lives on the threads that call: a Lambda function has less than one CPU most of the time, and
/// a thread of its own would only add switches.
fn runtime() -> PyResult<&'static Runtime> {
    if let Some(runtime) = RUNTIME.get() {
        return Ok(runtime);
    }
    let made = Builder::new_current_thread().enable_all().build();
    let made = made.map_err(|error| {
        PyRuntimeError::new_err(format!("cannot start the async runtime: {error}"))
    })?;
    Ok(RUNTIME.get_or_init(|| made))
}

/// The S3 client, made at its first use.
pub async fn s3() -> &'static S3 {
    S3_CLIENT
        .get_or_init(|| async { S3::new(&config().await) })
        .await
}

/// Runs `work` with the GIL released, until it is done, its deadline has passed or a signal handler raises.
/// Work that is given up is dropped, and its connections with it.
pub fn block_on<T: Send>(
    py: Python<'_>,
    work: impl Future<Output = Result<T, Failure>> + Send,
    deadline: Option<Instant>,
) -> PyResult<T> {
    let runtime = runtime()?;
    let mut work = pin!(work);
    loop {
        let patience = deadline.map_or(SIGNAL_INTERVAL, |deadline| {
            deadline
                .saturating_duration_since(Instant::now())
                .min(SIGNAL_INTERVAL)
        });
        let waiting = work.as_mut();
        let done =
            py.detach(|| runtime.block_on(async { tokio::time::timeout(patience, waiting).await }));
        match done {
            Ok(answer) => return answer.map_err(|failure| failure.raise(py)),
            Err(_) if deadline.is_some_and(|deadline| Instant::now() >= deadline) => {
                return Err(Failure::OutOfTime.raise(py));
            }
            Err(_) => py.check_signals()?,
        }
    }
}

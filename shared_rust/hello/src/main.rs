//! Answers `{"spun_ms": n}` after `{"spin_ms": n}` of CPU time, at once without it.
//!
//! With nothing to do it is the yardstick for cold starts: what Lambda and the runtime client cost by themselves.
//! With work to do it shows what share of a CPU a memory size gets.

use std::time::Duration;

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use nix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let spin_ms = event.payload["spin_ms"].as_u64().unwrap_or(0);
    spin(Duration::from_millis(spin_ms))?;
    Ok(json!({ "spun_ms": spin_ms }))
}

/// Burns CPU time of this thread, not wall time: a throttled thread spins for longer.
fn spin(work: Duration) -> Result<(), Error> {
    let end = thread_cpu_time()? + work;
    while thread_cpu_time()? < end {
        std::hint::black_box(0);
    }
    Ok(())
}

fn thread_cpu_time() -> Result<Duration, Error> {
    let time = clock_gettime(ClockId::CLOCK_THREAD_CPUTIME_ID)?;
    Ok(Duration::from(time))
}

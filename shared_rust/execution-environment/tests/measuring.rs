//! The instrument: CPU share, CPU time, memory, and INIT at full speed.
//!
//! Only shapes and ratios are asserted, one test at a time and with several tries: the machine may
//! be busy, and other people's work only ever adds.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use std::sync::{Mutex, MutexGuard, PoisonError};

use common::{Environment, Package, slowdown};
use serde_json::json;

fn alone() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

fn spin_ms(environment: &mut Environment, cpu_ms: u64) -> f64 {
    environment
        .invoke(json!({"do": "spin", "ms": cpu_ms}))
        .duration_ms()
}

#[test]
fn the_same_work_takes_eight_times_longer_with_an_eighth_of_the_memory() {
    let _turn = alone();
    let package = Package::probe();
    let mut small = Environment::start(&package, json!({"memory_mb": 128, "timeout_ms": 60_000}));
    if !small.has("cpu", "the CPU share") {
        return;
    }
    let mut large = Environment::start(&package, json!({"memory_mb": 1024, "timeout_ms": 60_000}));
    let (mut slow, mut fast) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..10 * slowdown() {
        slow = slow.min(spin_ms(&mut small, 150));
        fast = fast.min(spin_ms(&mut large, 150));
        if (6.0..10.0).contains(&(slow / fast)) {
            return;
        }
    }
    panic!("{slow} ms with 128 MB and {fast} ms with 1024 MB");
}

/// Duration of CPU-bound work, over the CPU time that it took divided by the share of a vCPU: ideally 1.
#[test]
fn durations_are_cpu_time_over_the_share_of_the_memory_size() {
    let _turn = alone();
    let package = Package::probe();
    for memory_mb in [128, 512, 1769] {
        let spec = json!({"memory_mb": memory_mb, "timeout_ms": 60_000});
        let mut environment = Environment::start(&package, spec);
        if !environment.has("cpu", "durations over the share") {
            return;
        }
        let mut best = f64::INFINITY;
        for _ in 0..10 * slowdown() {
            let spun = environment.invoke(json!({"do": "spin", "ms": 200}));
            let cpu_ms = spun.report["cpu_us"].as_f64().unwrap() / 1_000.0;
            let ideal_ms = cpu_ms * 1769.0 / f64::from(memory_mb);
            best = best.min(spun.duration_ms() / ideal_ms);
            if best < 1.1 {
                break;
            }
        }
        eprintln!("FIGURE {memory_mb} MB: {best:.3}");
        assert!((0.85..1.35).contains(&best), "{memory_mb} MB: {best}");
    }
}

#[test]
fn the_first_event_is_throttled_and_init_is_not() {
    let _turn = alone();
    let package = Package::probe();
    let spec = json!({"memory_mb": 128, "timeout_ms": 60_000, "env": {"PROBE_INIT": "spin:150"}});
    let mut tried = Vec::new();
    for _ in 0..5 {
        let mut environment = Environment::start(&package, spec.clone());
        if !environment.has("cpu", "INIT at full CPU") {
            return;
        }
        let init_ms = environment.init["init_us"].as_f64().unwrap() / 1_000.0;
        let first_ms = spin_ms(&mut environment, 150);
        if first_ms > 3.0 * init_ms {
            return;
        }
        tried.push((init_ms, first_ms));
    }
    panic!("init and first duration in ms: {tried:?}");
}

#[test]
fn cpu_time_is_that_of_the_work() {
    let _turn = alone();
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({"memory_mb": 1769}));
    if !environment.has("cpu", "CPU time") {
        return;
    }
    // The least of several: what else the machine does only ever adds.
    let mut cpu_ms = |event: serde_json::Value| {
        let once = |_| {
            let done = environment.invoke(event.clone());
            assert!(
                done.duration_ms() >= event["ms"].as_f64().unwrap(),
                "{done:?}"
            );
            done.report["cpu_us"].as_f64().unwrap() / 1_000.0
        };
        (0..5).map(once).fold(f64::INFINITY, f64::min)
    };
    let nothing = cpu_ms(json!({"do": "sleep", "ms": 0}));
    let idle = cpu_ms(json!({"do": "sleep", "ms": 200})) - nothing;
    let busy = cpu_ms(json!({"do": "spin", "ms": 200})) - nothing;
    let said = format!("{nothing} ms for nothing; beyond that {idle} for sleep, {busy} for work");
    assert!(idle < 50.0, "{said}");
    assert!((190.0..400.0).contains(&busy), "{said}");
}

#[test]
fn memory_peaks_are_the_functions_and_too_much_is_out_of_memory() {
    let _turn = alone();
    let package = Package::probe();
    let mut environment =
        Environment::start(&package, json!({"memory_mb": 256, "timeout_ms": 60_000}));
    if !environment.has("memory", "out of memory") {
        return;
    }
    let small = environment.invoke(json!({}));
    let some = environment.invoke(json!({"do": "allocate", "mb": 100}));
    let peak_mb = |report: &serde_json::Value| report["peak_kb"].as_u64().unwrap() / 1024;
    assert!(peak_mb(&small.report) < 50, "{small:?}");
    assert!((100..150).contains(&peak_mb(&some.report)), "{some:?}");
    let too_much = environment.invoke(json!({"do": "allocate", "mb": 400}));
    assert_eq!(too_much.response["error_type"], "Runtime.OutOfMemory");
    let message = "RequestId: 8f5a-id Error: Runtime exited with error: signal: killed";
    assert_eq!(too_much.json()["errorMessage"], message);
    assert!(peak_mb(&too_much.report) > 200, "{too_much:?}");
    let after = environment.invoke(json!({}));
    assert_eq!(after.report["status"], "success");
    assert!(peak_mb(&after.report) < 50, "{after:?}");
}

#[test]
fn an_init_within_an_invocation_is_throttled_as_the_invocation() {
    let _turn = alone();
    let package = Package::probe();
    let spec = json!({"memory_mb": 128, "timeout_ms": 60_000, "env": {"PROBE_INIT": "spin:150"}});
    let mut environment = Environment::start(&package, spec);
    if !environment.has("cpu", "a suppressed INIT") {
        return;
    }
    let first = environment.init["init_us"].as_f64().unwrap();
    environment.invoke(json!({"do": "exit", "code": 1}));
    let next = environment.invoke(json!({}));
    let again = next.messages.iter().find(|said| said["type"] == "init");
    let again = again.unwrap()["init_us"].as_f64().unwrap();
    // 13.8 times without noise; both of them get longer on a busy machine.
    assert!(again > 2.0 * first, "{first} and {again} microseconds");
    assert!(next.report["duration_us"].as_f64().unwrap() >= again);
}

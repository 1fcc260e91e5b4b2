//! A good function beside hostile ones: all its invocations succeed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use std::sync::atomic::{AtomicBool, Ordering};

use common::{Environment, Package};
use serde_json::{Value, json};

/// Events and what becomes of them; each in an environment of its own.
fn hostile() -> Vec<(Value, &'static [&'static str])> {
    let sh = |script: &str| json!({"do": "sh", "script": script});
    vec![
        (json!({"do": "fork-bomb"}), &["success", "error", "timeout"]),
        (sh(":(){ :|:& };:"), &["success", "error", "timeout"]),
        (json!({"do": "fill-tmp"}), &["success", "error", "timeout"]),
        (
            json!({"do": "allocate", "mb": 1_000}),
            &["error", "success", "timeout"],
        ),
        (json!({"do": "garbage"}), &["success"]),
        (
            json!({"do": "hold-bodies", "count": 300, "bytes": 100_000}),
            &["error", "success", "timeout"],
        ),
        (
            json!({"do": "print", "bytes": 20_000_000, "line": 1_000}),
            &["success", "timeout"],
        ),
        (
            json!({"do": "print-binary", "bytes": 5_000_000}),
            &["success", "timeout"],
        ),
        (json!({"do": "open-files"}), &["success"]),
        (json!({"do": "exit", "code": 1}), &["error"]),
        (sh("kill -STOP $PPID"), &["timeout"]),
        (sh("kill -9 -1"), &["error"]),
        (
            sh("setsid sleep 3600 >/dev/null 2>&1 & exit 0"),
            &["success"],
        ),
    ]
}

#[test]
fn a_neighbour_of_hostile_functions_is_not_disturbed() {
    let package = Package::probe();
    let over = AtomicBool::new(false);
    let served = std::thread::scope(|scope| {
        let good = scope.spawn(|| {
            let mut environment = Environment::start(&package, json!({"timeout_ms": 30_000}));
            let mut served = 0;
            while !over.load(Ordering::Acquire) {
                let done = environment.invoke(json!({"n": served}));
                assert_eq!(done.report["status"], "success", "{done:?}");
                assert_eq!(done.json(), json!({"n": served}));
                served += 1;
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
            environment.shut_down();
            served
        });
        let bad = scope.spawn(|| {
            // Told even when an assertion fails, or the good one would go on for ever.
            let _end = SetAtEnd(&over);
            for (event, expected) in hostile() {
                let spec = json!({"memory_mb": 256, "timeout_ms": 2_000});
                let mut environment = Environment::start(&package, spec);
                let done = environment.invoke(event.clone());
                let status = done.report["status"].as_str().unwrap();
                assert!(expected.contains(&status), "{event}: {:?}", done.report);
                environment.shut_down();
                assert!(environment.cgroups().is_empty(), "{event}");
            }
        });
        bad.join().unwrap();
        good.join().unwrap()
    });
    assert!(served > 20, "{served} invocations");
}

struct SetAtEnd<'a>(&'a AtomicBool);

impl Drop for SetAtEnd<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Release);
    }
}

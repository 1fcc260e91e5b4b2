//! Functions that misbehave, and the environment that survives them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use common::{Environment, Package};
use serde_json::json;

#[test]
fn a_fork_bomb_is_limited_and_cleaned_up() {
    let package = Package::probe();
    let mut environment =
        Environment::start(&package, json!({"memory_mb": 1769, "timeout_ms": 60_000}));
    if !environment.has("memory", "the process limit") {
        return;
    }
    let bomb = environment.invoke(json!({"do": "fork-bomb"}));
    let started: usize = bomb.json().as_u64().unwrap() as usize;
    assert!((100..1_024).contains(&started), "{started} processes");
    let exit = environment.invoke(json!({"do": "exit", "code": 1}));
    assert_eq!(exit.report["error_type"], "Runtime.ExitError");
    let clean = environment.invoke(json!({"do": "look"})).json();
    assert_eq!(clean["processes"].as_array().unwrap().len(), 2);
}

#[test]
fn tmp_has_its_size() {
    let package = Package::probe();
    let mut environment = Environment::start(
        &package,
        json!({"memory_mb": 512, "tmp_mb": 64, "timeout_ms": 60_000}),
    );
    let filled = environment.invoke(json!({"do": "fill-tmp"}));
    let megabytes = filled.json().as_u64().unwrap();
    assert!((60..=64).contains(&megabytes), "{megabytes}");
    assert_eq!(environment.invoke(json!({})).report["status"], "success");
}

#[test]
fn garbage_on_the_runtime_api_is_survived() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    for _ in 0..3 {
        let done = environment.invoke(json!({"do": "garbage"}));
        assert_eq!(done.report["status"], "success", "{done:?}");
    }
}

#[test]
fn a_flood_of_output_is_passed_on_without_being_kept() {
    let package = Package::probe();
    let mut environment =
        Environment::start(&package, json!({"memory_mb": 1769, "timeout_ms": 120_000}));
    let bytes = 100_000_000;
    let flood = environment.invoke(json!({"do": "print", "bytes": bytes, "line": 9_999}));
    assert_eq!(flood.report["status"], "success");
    assert_eq!(flood.lines().len(), bytes / 10_000);
    let status =
        std::fs::read_to_string(format!("/proc/{}/status", environment.process.id())).unwrap();
    let peak = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    let peak_kb: u64 = peak.split_whitespace().next().unwrap().parse().unwrap();
    assert!(peak_kb < 30_000, "the supervisor took {peak_kb} KiB");
}

#[test]
fn ignoring_sigterm_does_not_help() {
    let package = Package::script(
        "#!/bin/sh\ntrap '' TERM INT HUP\n(trap '' TERM; while :; do :; done) &\nexec /opt/bootstrap\n",
    );
    let layer = Package::probe();
    let spec = json!({"layers": [layer.path()], "timeout_ms": 1_500});
    let mut environment = Environment::start(&package, spec);
    let late = environment.invoke(json!({"do": "sleep", "ms": 60_000}));
    assert_eq!(late.report["status"], "timeout");
    assert_eq!(environment.invoke(json!({})).report["status"], "success");
    environment.shut_down();
    assert!(environment.cgroups().is_empty());
}

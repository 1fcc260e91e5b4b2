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
fn a_flood_of_output_is_passed_on_without_being_kept() {
    let package = Package::probe();
    let mut environment =
        Environment::start(&package, json!({"memory_mb": 1769, "timeout_ms": 120_000}));
    let bytes = 100_000_000;
    let flood = environment.invoke(json!({"do": "print", "bytes": bytes, "line": 9_999}));
    assert_eq!(flood.report["status"], "success");
    assert_eq!(flood.lines().len(), bytes / 10_000);
    let peak_kb = environment.peak_kb();
    assert!(peak_kb < 30_000, "the supervisor took {peak_kb} KiB");
}

#[test]
fn a_flood_without_newlines_is_split_and_binary_does_not_stop_it() {
    let package = Package::probe();
    let mut environment =
        Environment::start(&package, json!({"memory_mb": 1769, "timeout_ms": 120_000}));
    let flood = environment.invoke(json!({"do": "print-binary", "bytes": 20_000_000}));
    assert_eq!(flood.report["status"], "success");
    // What comes last waits for its newline, up to the report.
    let expected = flood.json().as_u64().unwrap().div_ceil(256 * 1024);
    assert_eq!(flood.lines().len() as u64, expected);
    let peak_kb = environment.peak_kb();
    assert!(peak_kb < 30_000, "the supervisor took {peak_kb} KiB");
}

#[test]
fn many_short_lines_all_arrive() {
    let package = Package::probe();
    let mut environment =
        Environment::start(&package, json!({"memory_mb": 1769, "timeout_ms": 120_000}));
    let tiny = environment.invoke(json!({"do": "print", "bytes": 200_000, "line": 1}));
    assert_eq!(tiny.report["status"], "success");
    assert_eq!(tiny.lines().len(), 100_000);
}

/// To touch all its memory takes a function 2 s on an idle machine, whatever its size (its CPU share
/// grows with it), and many times that on a busy one.
const AMPLE_MS: u64 = 120_000;

#[test]
fn too_much_memory_is_aws_own_error() {
    let package = Package::probe();
    let spec = json!({"memory_mb": 128, "timeout_ms": AMPLE_MS});
    let mut environment = Environment::start(&package, spec);
    if !environment.has("memory", "the memory limit") {
        return;
    }
    let greedy = environment.invoke(json!({"do": "allocate", "mb": 400}));
    assert_eq!(greedy.response["error_type"], "Runtime.OutOfMemory");
    assert_eq!(
        greedy.json()["errorMessage"],
        "RequestId: 8f5a-id Error: Runtime exited with error: signal: killed"
    );
    // A child that is killed is the function's own affair.
    let script = "dd if=/dev/zero of=/dev/null bs=400M count=1";
    let child = environment.invoke(json!({"do": "sh", "script": script}));
    assert_eq!(child.report["status"], "success", "{child:?}");
    assert_ne!(child.json()["code"], 0, "{}", child.json());
}

#[test]
fn too_much_memory_in_init_is_aws_own_error() {
    let package = Package::probe();
    let spec = json!({
        "memory_mb": 128, "env": {"PROBE_INIT": "allocate:400"},
        "timeout_ms": AMPLE_MS, "init_timeout_ms": AMPLE_MS,
    });
    let mut environment = Environment::start(&package, spec);
    if !environment.has("memory", "the memory limit in INIT") {
        return;
    }
    assert_eq!(environment.init["error_type"], "Runtime.OutOfMemory");
    let again = environment.invoke(json!({}));
    assert_eq!(again.response["error_type"], "Runtime.OutOfMemory");
}

#[test]
fn ignoring_sigterm_does_not_help() {
    let package = Package::script(
        "#!/bin/sh\ntrap '' TERM INT HUP\n(trap '' TERM; while :; do :; done) &\nexec /opt/bootstrap\n",
    );
    let layer = Package::probe();
    // A whole core, of which the loop takes its part from INIT too.
    let spec = json!({"layers": [layer.path()], "memory_mb": 1769, "timeout_ms": 1_500});
    let mut environment = Environment::start(&package, spec);
    let late = environment.invoke(json!({"do": "sleep", "ms": 60_000}));
    assert_eq!(late.report["status"], "timeout");
    assert_eq!(environment.invoke(json!({})).report["status"], "success");
    environment.shut_down();
    assert!(environment.cgroups().is_empty());
}

#[test]
fn what_is_stopped_is_ended_by_the_time_out() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({"timeout_ms": 1_000}));
    let script = "sleep 3600 & kill -STOP $!; kill -STOP $PPID";
    let stopped = environment.invoke(json!({"do": "sh", "script": script}));
    assert_eq!(stopped.response["error_type"], "Sandbox.Timedout");
    assert_eq!(environment.invoke(json!({})).report["status"], "success");
}

#[test]
fn no_output_and_no_descriptors_are_the_functions_own_affair() {
    let package = Package::script("#!/bin/sh\nexec /opt/bootstrap >&- 2>&-\n");
    let layer = Package::probe();
    let mut environment = Environment::start(&package, json!({"layers": [layer.path()]}));
    let opened = environment.invoke(json!({"do": "open-files"}));
    assert!(opened.json().as_u64().unwrap() < 1_024, "{opened:?}");
    assert_eq!(environment.invoke(json!({})).report["status"], "success");
}

#[test]
fn a_daemon_does_not_outlive_its_environment() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    let script =
        "(setsid sh -c 'trap \"\" TERM HUP; (sleep 3600 & sleep 3601) &' >/dev/null 2>&1 &)";
    let daemon = environment.invoke(json!({"do": "sh", "script": script}));
    assert_eq!(daemon.json()["code"], 0, "{daemon:?}");
    let pids = environment.processes();
    environment.invoke(json!({"do": "exit", "code": 1}));
    let clean = environment.invoke(json!({"do": "look"})).json();
    assert_eq!(clean["processes"].as_array().unwrap().len(), 2);
    environment.shut_down();
    common::eventually("the end of all processes", || {
        common::alive(&pids).is_empty()
    });
}

//! Extensions that end, hang or misbehave at each stage.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use common::{Environment, Package, lines};
use serde_json::{Value, json};

fn start(wishes: &str) -> (Environment, [Package; 2]) {
    let (package, layer) = (Package::probe(), Package::extensions(&["broken"]));
    let spec = json!({
        "layers": [layer.path()], "env": {"PROBE_EXTENSION": wishes},
        "init_timeout_ms": 2_000, "timeout_ms": 2_500, "memory_mb": 1769,
    });
    (Environment::start(&package, spec), [package, layer])
}

#[test]
fn an_end_in_init_fails_it_at_once() {
    for stage in ["exit-at-start", "exit"] {
        let (mut environment, _directories) = start(stage);
        assert_eq!(environment.init["status"], "error", "{stage}");
        assert_eq!(environment.init["error_type"], "Extension.Crash", "{stage}");
        let failed = environment.invoke(json!({}));
        assert_eq!(failed.response["error_type"], "Extension.Crash", "{stage}");
        environment.shut_down();
        assert!(environment.cgroups().is_empty());
    }
}

#[test]
fn a_hang_in_init_meets_its_limit_and_then_the_time_out() {
    for stage in ["hang-at-start", "hang"] {
        let (mut environment, _directories) = start(stage);
        assert_eq!(environment.init["status"], "timeout", "{stage}");
        assert_eq!(
            environment.init["error_type"], "Sandbox.Timedout",
            "{stage}"
        );
        let late = environment.invoke(json!({}));
        assert_eq!(late.response["error_type"], "Sandbox.Timedout", "{stage}");
        assert_eq!(late.report["status"], "timeout", "{stage}");
    }
}

#[test]
fn an_end_or_a_hang_within_an_invocation_fails_that_one() {
    for (stage, kind, status) in [
        ("exit-in-invoke", "Extension.Crash", "error"),
        ("hang-in-invoke", "Sandbox.Timedout", "timeout"),
    ] {
        let (mut environment, _directories) = start(stage);
        for _ in 0..2 {
            // Whether the function's answer or the extension's end comes first is a race.
            let failed = environment.invoke(json!({"do": "linger", "ms": 100}));
            assert_eq!(failed.report["error_type"], kind, "{stage}: {failed:?}");
            assert_eq!(failed.report["status"], status, "{stage}: {failed:?}");
        }
    }
}

#[test]
fn an_end_after_the_answer_leaves_the_answer() {
    let (mut environment, _directories) = start("tail:0,exit-in-invoke");
    let failed = environment.invoke(json!({"n": 1}));
    if failed.response["error_type"].is_null() {
        assert_eq!(failed.json(), json!({"n": 1}));
    }
    assert_eq!(failed.report["error_type"], "Extension.Crash");
}

#[test]
fn an_end_in_shutdown_is_no_matter() {
    let (mut environment, _directories) = start("exit-in-shutdown");
    environment.invoke(json!({}));
    environment.shut_down();
    assert!(environment.cgroups().is_empty());
}

#[test]
fn wrong_registrations_are_refused_by_name() {
    let (mut environment, _directories) = start("misregister");
    assert_eq!(environment.init["status"], "success");
    let kinds: Vec<Value> = lines(&environment.before)
        .into_iter()
        .filter_map(|line| line.strip_prefix("refused ")?.split_once(' '))
        .map(|(_, answer)| serde_json::from_str::<Value>(answer).unwrap()["errorType"].clone())
        .collect();
    let expected = json!([
        "Extension.InvalidExtensionName",
        "Extension.InvalidEventType",
        "InvalidRequestFormat",
        "Extension.InvalidEventType",
        "Extension.InvalidExtensionState",
    ]);
    assert_eq!(json!(kinds), expected);
    assert_eq!(environment.invoke(json!({})).report["status"], "success");
}

#[test]
fn the_eleventh_extension_is_refused() {
    let (environment, _directories) = start("crowd");
    // Those that have registered never ask for an event.
    assert_eq!(environment.init["status"], "timeout");
    let refused = lines(&environment.before)
        .iter()
        .filter(|line| line.starts_with("refused ") && line.contains("Extension.TooManyExtensions"))
        .count();
    assert_eq!(refused, 10, "{:?}", environment.before);
}

#[test]
fn a_flood_from_an_extension_is_passed_on_without_being_kept() {
    let (package, layer) = (Package::probe(), Package::extensions(&["loud"]));
    let spec = json!({
        "layers": [layer.path()], "env": {"PROBE_EXTENSION": "flood:100000000"},
        "timeout_ms": 120_000, "memory_mb": 1769,
    });
    let mut environment = Environment::start(&package, spec);
    let flood = environment.invoke(json!({}));
    assert_eq!(flood.report["status"], "success");
    let printed: usize = flood.lines().iter().map(|line| line.len()).sum();
    assert!(printed >= 100_000_000, "{printed}");
    let peak_kb = environment.peak_kb();
    assert!(peak_kb < 30_000, "the supervisor took {peak_kb} KiB");
}

#[test]
fn a_program_that_cannot_start_is_a_launch_error() {
    let (package, layer) = (Package::probe(), Package::empty());
    let broken = Package::script("#!/no/such/interpreter\n");
    std::fs::create_dir(layer.path().join("extensions")).unwrap();
    let to = layer.path().join("extensions/broken");
    std::fs::copy(broken.path().join("bootstrap"), to).unwrap();
    let mut environment = Environment::start(&package, json!({"layers": [layer.path()]}));
    assert_eq!(environment.init["error_type"], "Extension.LaunchError");
    let failed = environment.invoke(json!({}));
    assert_eq!(failed.response["error_type"], "Extension.LaunchError");
    let message = failed.json()["errorMessage"].as_str().unwrap().to_owned();
    assert!(
        message.contains("fork/exec /opt/extensions/broken: no such file"),
        "{message}"
    );
}

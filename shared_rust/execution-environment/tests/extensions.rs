//! The Extensions and Telemetry APIs, through an external extension.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use common::{Environment, Package, lines};
use serde_json::{Value, json};

fn with_extensions(wishes: &str, names: &[&str]) -> (Environment, Package, Package) {
    let (package, layer) = (Package::probe(), Package::extensions(names));
    let spec = json!({"layers": [layer.path()], "env": {"PROBE_EXTENSION": wishes}});
    (Environment::start(&package, spec), package, layer)
}

#[test]
fn an_extension_registers_and_gets_its_events() {
    let (mut environment, _package, _layer) = with_extensions("", &["watcher"]);
    assert_eq!(environment.init["status"], "success");
    let ready = "EXTENSION\tName: watcher\tState: Ready\tEvents: [INVOKE, SHUTDOWN]";
    assert!(
        lines(&environment.before).contains(&ready),
        "{:?}",
        environment.before
    );
    let mut messages = environment.invoke(json!({"n": 1})).messages;
    messages.extend(environment.shut_down());
    let events = events(&messages);
    assert_eq!(events.len(), 2, "{messages:?}");
    assert_eq!(
        (&events[0]["eventType"], &events[0]["requestId"]),
        (&json!("INVOKE"), &json!("8f5a-id"))
    );
    assert_eq!(events[1]["eventType"], "SHUTDOWN");
    assert_eq!(events[1]["shutdownReason"], "spindown");
}

#[test]
fn the_account_is_told_only_to_one_that_asks() {
    for (wishes, account) in [
        ("tell", Value::Null),
        ("tell,account", json!("000000000000")),
    ] {
        let (mut environment, _package, _layer) = with_extensions(wishes, &["watcher"]);
        let mut messages = std::mem::take(&mut environment.before);
        messages.extend(environment.shut_down());
        let told = lines(&messages)
            .into_iter()
            .find_map(|line| line.strip_prefix("registered "))
            .unwrap();
        let told: Value = serde_json::from_str(told).unwrap();
        assert_eq!(told["functionName"], "probe", "{told}");
        assert_eq!(told["accountId"], account, "{told}");
    }
}

#[test]
fn an_extensions_tail_counts_but_does_not_hold_the_response() {
    let (mut environment, _package, _layer) = with_extensions("tail:300", &["slow"]);
    environment.send(
        &json!({"type": "invoke", "request_id": "a", "payload_len": 2}),
        b"{}",
    );
    let began = std::time::Instant::now();
    let answered = loop {
        let (message, _) = environment.read().unwrap();
        if message["type"] == "response" {
            break began.elapsed();
        }
    };
    let report = environment.read_until("report").pop().unwrap();
    let total = report["duration_us"].as_u64().unwrap();
    assert!(total >= 300_000, "{report}");
    assert!(
        answered.as_micros() < u128::from(total),
        "{answered:?} {report}"
    );
}

#[test]
fn a_failing_extension_fails_init_and_the_invocation() {
    for (wishes, kind) in [
        ("exit", "Extension.Crash"),
        ("init-error", "Extension.InitError"),
    ] {
        let (mut environment, _package, _layer) = with_extensions(wishes, &["broken"]);
        assert_eq!(environment.init["status"], "error");
        assert_eq!(environment.init["error_type"], kind);
        let failed = environment.invoke(json!({}));
        assert_eq!(failed.response["error_type"], kind);
        assert!(
            failed.json()["errorMessage"]
                .as_str()
                .unwrap()
                .contains("broken"),
            "{failed:?}"
        );
    }
}

#[test]
fn an_extension_that_stays_is_killed() {
    let (mut environment, _package, _layer) = with_extensions("stay", &["stubborn"]);
    environment.invoke(json!({}));
    let began = std::time::Instant::now();
    environment.shut_down();
    assert!(began.elapsed().as_secs() < 30);
    assert!(environment.cgroups().is_empty());
}

#[test]
fn extensions_are_told_why_it_is_over() {
    let (package, layer) = (Package::probe(), Package::extensions(&["watcher"]));
    let spec = json!({"layers": [layer.path()], "timeout_ms": 1_500});
    let mut environment = Environment::start(&package, spec);
    environment.invoke(json!({"do": "sleep", "ms": 60_000}));
    let next = environment.invoke(json!({}));
    let reasons: Vec<Value> = events(&next.messages)
        .iter()
        .map(|event| event["shutdownReason"].clone())
        .collect();
    assert!(reasons.contains(&json!("timeout")), "{:?}", next.messages);
}

#[test]
fn the_callers_trace_id_reaches_an_extension_and_telemetry() {
    let (mut environment, _package, _layer) = with_extensions("telemetry", &["collector"]);
    let mut messages = environment
        .invoke_with(json!({"trace_id": "Root=1-5"}), b"{}")
        .messages;
    messages.extend(environment.shut_down());
    let expected = json!({"type": "X-Amzn-Trace-Id", "value": "Root=1-5"});
    assert_eq!(events(&messages)[0]["tracing"], expected);
    let start = lines(&messages)
        .into_iter()
        .find_map(|line| line.strip_prefix("telemetry platform.start "))
        .unwrap();
    let start: Value = serde_json::from_str(start).unwrap();
    assert_eq!(start["tracing"], expected);
}

#[test]
fn telemetry_tells_of_every_phase_to_two_environments_on_one_port() {
    let (mut one, _p1, _l1) = with_extensions("telemetry", &["collector"]);
    let (mut two, _p2, _l2) = with_extensions("telemetry", &["collector"]);
    for environment in [&mut one, &mut two] {
        let mut messages = std::mem::take(&mut environment.before);
        for _ in 0..2 {
            messages.extend(
                environment
                    .invoke(json!({"do": "print", "bytes": 10, "line": 9}))
                    .messages,
            );
        }
        messages.extend(environment.shut_down());
        for report in lines(&messages)
            .into_iter()
            .filter_map(|line| line.strip_prefix("telemetry platform.report "))
        {
            let metrics = &serde_json::from_str::<Value>(report).unwrap()["metrics"];
            assert!(metrics["billedDurationMs"].is_u64(), "{metrics}");
        }
        let told: Vec<&str> = lines(&messages)
            .into_iter()
            .filter_map(|line| line.strip_prefix("telemetry ")?.split(' ').next())
            .collect();
        let expected = [
            "platform.initStart",
            "platform.telemetrySubscription",
            "platform.initRuntimeDone",
            "platform.initReport",
            "platform.extension",
            "platform.start",
            "platform.runtimeDone",
            "platform.report",
            "function",
        ];
        for kind in expected {
            assert!(told.contains(&kind), "{kind} is missing: {told:?}");
        }
        assert_eq!(
            told.iter()
                .filter(|kind| **kind == "platform.report")
                .count(),
            2,
            "{told:?}"
        );
    }
}

fn events(messages: &[Value]) -> Vec<Value> {
    let texts = lines(messages)
        .into_iter()
        .filter_map(|line| line.strip_prefix("event "));
    texts
        .map(|text| serde_json::from_str(text).unwrap())
        .collect()
}

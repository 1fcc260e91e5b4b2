//! INIT, INVOKE, reuse, failures and recovery, as a caller sees them.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use common::{Environment, Package, lines};
use serde_json::{Value, json};

#[test]
fn a_cold_start_reports_init_once_and_the_environment_is_reused() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    assert_eq!(environment.init["status"], "success");
    assert!(lines(&environment.before).contains(&"probe starts"));
    let first = environment.invoke(json!({"n": 1}));
    assert_eq!(first.json(), json!({"n": 1}));
    assert_eq!(first.report["status"], "success");
    assert_eq!(first.report["init_us"], environment.init["init_us"]);
    let second = environment.invoke(json!({"n": 2}));
    assert!(second.report.get("init_us").is_none());
    assert!(second.lines().is_empty(), "{:?}", second.lines());
    assert!(environment.shut_down().is_empty());
}

#[test]
fn payload_bytes_are_preserved_both_ways() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    let every_byte: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    for payload in [
        &b"{ \"a\" :\t1.0e5 }\n\n"[..],
        b"",
        b"\"\\u0000\"",
        &every_byte,
    ] {
        assert_eq!(environment.invoke_bytes(payload).payload, payload);
    }
}

#[test]
fn the_runtime_gets_everything_about_the_event() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({"timeout_ms": 5_000}));
    let fields = json!({
        "trace_id": "Root=1-5", "client_context": {"client": 1}, "cognito_identity": "{\"id\":2}",
        "function_arn": "arn:aws:lambda:us-east-1:000000000000:function:probe:live",
    });
    let headers = environment
        .invoke_with(fields, b"{\"do\":\"headers\"}")
        .json();
    assert_eq!(headers["lambda-runtime-aws-request-id"], "8f5a-id");
    assert_eq!(headers["lambda-runtime-trace-id"], "Root=1-5");
    assert_eq!(headers["lambda-runtime-client-context"], "{\"client\":1}");
    assert_eq!(headers["lambda-runtime-cognito-identity"], "{\"id\":2}");
    let arn = headers["lambda-runtime-invoked-function-arn"]
        .as_str()
        .unwrap();
    assert!(arn.ends_with(":probe:live"));
    let deadline: u128 = headers["lambda-runtime-deadline-ms"]
        .as_str()
        .unwrap()
        .parse()
        .unwrap();
    let now = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    assert!(
        deadline > now && deadline <= now + 5_000,
        "{deadline} at {now}"
    );
}

#[test]
fn a_handlers_error_is_passed_through_and_the_environment_stays() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    let failed = environment.invoke(json!({"do": "fail"}));
    assert_eq!(failed.response["error_type"], "Probe.Failed");
    assert_eq!(failed.json()["errorType"], "Probe");
    assert_eq!(failed.report["status"], "error");
    let next = environment.invoke(json!({}));
    assert!(!inits_again(&next.messages));
}

#[test]
fn a_time_out_ends_at_the_limit_and_init_is_done_again() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({"timeout_ms": 3_000}));
    let late = environment.invoke(json!({"do": "sleep", "ms": 60_000}));
    assert_eq!(late.response["error_type"], "Sandbox.Timedout");
    assert_eq!(
        late.json()["errorMessage"],
        "RequestId: 8f5a-id Error: Task timed out after 3.00 seconds"
    );
    assert_eq!(
        (&late.report["status"], &late.report["duration_us"]),
        (&json!("timeout"), &json!(3_000_000))
    );
    let next = environment.invoke(json!({}));
    assert_eq!(next.report["status"], "success");
    assert!(inits_again(&next.messages));
    assert!(next.report.get("init_us").is_none());
}

#[test]
fn work_after_the_answer_counts_and_may_time_out() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({"timeout_ms": 2_000}));
    let lingering = environment.invoke(json!({"do": "linger", "ms": 120}));
    assert_eq!(lingering.report["status"], "success");
    assert!(lingering.duration_ms() >= 120.0, "{lingering:?}");
    let late = environment.invoke(json!({"do": "linger", "ms": 60_000}));
    assert_eq!(late.response["error_type"], Value::Null);
    assert_eq!(late.report["status"], "timeout");
}

#[test]
fn exits_are_told_as_aws_does() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    let cases = [
        (
            json!({"do": "exit", "code": 3}),
            "with error: exit status 3",
        ),
        (
            json!({"do": "exit", "code": 0}),
            "without providing a reason",
        ),
        (
            json!({"do": "signal", "number": 9}),
            "with error: signal: killed",
        ),
        (
            json!({"do": "signal", "number": 15}),
            "with error: signal: terminated",
        ),
    ];
    for (event, words) in cases {
        let ended = environment.invoke(event);
        assert_eq!(ended.response["error_type"], "Runtime.ExitError");
        let message = format!("RequestId: 8f5a-id Error: Runtime exited {words}");
        assert_eq!(ended.json()["errorMessage"], message);
        assert_eq!(ended.report["error_type"], "Runtime.ExitError");
    }
    assert_eq!(environment.invoke(json!({})).report["status"], "success");
}

#[test]
fn an_init_error_is_passed_through_by_the_invocation_that_tries_again() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({"env": {"PROBE_INIT": "error"}}));
    assert_eq!(environment.init["status"], "error");
    assert_eq!(environment.init["error_type"], "Runtime.ProbeInit");
    let failed = environment.invoke(json!({}));
    assert!(inits_again(&failed.messages));
    assert_eq!(failed.response["error_type"], "Runtime.ProbeInit");
    assert_eq!(
        failed.payload,
        b"{\"errorMessage\": \"not today\",  \"errorType\": \"ProbeInit\"}"
    );
}

#[test]
fn a_function_recovers_from_a_failed_init() {
    let package = Package::probe();
    let mut environment =
        Environment::start(&package, json!({"env": {"PROBE_INIT": "error-once"}}));
    assert_eq!(environment.init["status"], "error");
    let first = environment.invoke(json!({"n": 1}));
    assert_eq!(
        (first.json(), &first.report["status"]),
        (json!({"n": 1}), &json!("success"))
    );
    let again = first
        .messages
        .iter()
        .find(|message| message["type"] == "init")
        .unwrap();
    assert_eq!(
        (&again["status"], &again["suppressed"]),
        (&json!("success"), &json!(true))
    );
    // INIT was at the expense of the invocation.
    assert!(first.report["duration_us"].as_u64() >= again["init_us"].as_u64());
}

#[test]
fn an_init_that_exits_or_hangs_is_told() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({"env": {"PROBE_INIT": "exit:7"}}));
    assert_eq!(
        (&environment.init["status"], &environment.init["error_type"]),
        (&json!("error"), &json!("Runtime.ExitError"))
    );
    let failed = environment.invoke(json!({}));
    assert_eq!(
        failed.json()["errorMessage"],
        "RequestId: 8f5a-id Error: Runtime exited with error: exit status 7"
    );

    let hanging = json!({"env": {"PROBE_INIT": "hang"}, "init_timeout_ms": 200, "timeout_ms": 400});
    let mut environment = Environment::start(&package, hanging);
    assert_eq!(environment.init["status"], "timeout");
    assert!(
        lines(&environment.before)
            .iter()
            .any(|line| line.starts_with("INIT_REPORT Init Duration:"))
    );
    let failed = environment.invoke(json!({}));
    assert_eq!(failed.response["error_type"], "Sandbox.Timedout");
    let peak_kb = failed.report["peak_kb"].as_u64();
    assert!(peak_kb > Some(0), "its INIT has used memory: {failed:?}");
}

#[test]
fn a_program_that_cannot_start_is_an_invalid_entrypoint() {
    let package = Package::empty();
    let mut environment = Environment::start(&package, json!({}));
    assert_eq!(environment.init["error_type"], "Runtime.InvalidEntrypoint");
    let failed = environment.invoke(json!({}));
    let message = failed.json()["errorMessage"].as_str().unwrap().to_owned();
    assert!(
        message.contains("fork/exec /var/task/bootstrap: no such file"),
        "{message}"
    );
}

#[test]
fn the_limit_of_an_answer_is_six_megabytes_and_a_hundred_bytes() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({"memory_mb": 1769}));
    let limit = 6 * 1024 * 1024 + 100;
    let fits = environment.invoke(json!({"do": "answer", "bytes": limit}));
    assert_eq!(
        (fits.payload.len(), &fits.response["error_type"]),
        (limit, &Value::Null)
    );
    let large = environment.invoke(json!({"do": "answer", "bytes": limit + 1}));
    assert_eq!(
        large.response["error_type"],
        "Function.ResponseSizeTooLarge"
    );
    assert_eq!(large.json()["errorType"], "Function.ResponseSizeTooLarge");
    assert_eq!(large.report["status"], "error");
}

#[test]
fn the_lines_of_an_invocation_come_before_its_report_and_long_ones_are_split() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({"memory_mb": 1769}));
    let printed = environment.invoke(json!({"do": "print", "bytes": 10_000, "line": 99}));
    assert_eq!(printed.lines().len(), 100);
    let long = environment.invoke(json!({"do": "print", "bytes": 300_000, "line": 299_999}));
    let lengths: Vec<usize> = long.lines().iter().map(|line| line.len()).collect();
    assert_eq!(lengths, [262_144, 299_999 - 262_144]);
}

#[test]
fn queued_invocations_are_done_in_order() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    for n in 0..5 {
        let payload = n.to_string();
        let message =
            json!({"type": "invoke", "request_id": payload, "payload_len": payload.len()});
        environment.send(&message, payload.as_bytes());
    }
    for n in 0..5 {
        let done = environment.finish();
        assert_eq!(
            (&done.report["request_id"], done.payload),
            (&json!(n.to_string()), n.to_string().into_bytes())
        );
    }
}

#[test]
fn bad_input_is_fatal_with_a_sentence() {
    let package = Package::probe();
    for (changes, words) in [
        (json!({"memory_mb": 1}), "memory_mb is 1"),
        (json!({"code": "/no/such/directory"}), "/no/such/directory"),
        (json!({"memory": 5}), "unknown field"),
        (
            json!({"mounts": [{"source": "/usr", "target": "/usr/new"}]}),
            "/usr/new",
        ),
        (
            json!({"forward": [{"listen": "127.0.0.1:9001", "connect": "127.0.0.1:1"}]}),
            "9001",
        ),
    ] {
        let mut environment = Environment::spawn(&package, changes);
        let said = environment.read_until("fatal");
        let message = said.last().unwrap()["message"].as_str().unwrap();
        assert!(message.contains(words), "{message}");
        assert!(!environment.process.wait().unwrap().success());
        assert!(environment.cgroups().is_empty());
    }
}

fn inits_again(messages: &[Value]) -> bool {
    messages
        .iter()
        .any(|message| message["type"] == "init" && message["suppressed"] == true)
}

//! Public host names that lead to a forwarded port, on low ports, with and without root.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::thread;

use common::{Environment, Package, of_kind, talk};
use nix::unistd::geteuid;
use serde_json::{Value, json};

/// Any unprivileged user will do.
const NOBODY: u32 = 65_534;
const EVENTS: [&str; 3] = [
    r#"{"do": "fetch", "address": "bucket.s3.eu-west-1.example.com:443"}"#,
    r#"{"do": "fetch", "address": "elsewhere.test:443"}"#,
    r#"{"do": "resolve", "name": "s3.example.com"}"#,
];

/// Answers every connection with what it said, in capitals.
fn server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    thread::spawn(move || {
        for mut connection in listener.incoming().flatten() {
            let mut said = String::new();
            connection.read_to_string(&mut said).unwrap();
            connection
                .write_all(said.to_uppercase().as_bytes())
                .unwrap();
        }
    });
    address
}

fn changes() -> Value {
    json!({"dns": ["Example.com"], "forward": [{"listen": "127.0.0.1:443", "connect": server()}]})
}

#[test]
fn names_under_a_suffix_lead_to_the_forwarded_port_and_others_do_not_exist() {
    let mut environment = Environment::start(&Package::probe(), changes());
    let reached = environment.invoke_bytes(EVENTS[0].as_bytes());
    assert_eq!(reached.payload, b"HELLO");
    let elsewhere = environment.invoke_bytes(EVENTS[1].as_bytes());
    let message = elsewhere.json()["errorMessage"].to_string();
    assert_eq!(elsewhere.response["error_type"], "Probe.Failed");
    assert!(message.contains("not known"), "{message}");
    let addresses = environment.invoke_bytes(EVENTS[2].as_bytes()).json();
    assert_eq!(addresses, json!(["127.0.0.1"]));
}

#[test]
fn a_forward_costs_the_round_trips_that_it_is_told() {
    let duration_ms = |round_trip_us: u64| {
        let mut changes = changes();
        changes["forward"][0]["round_trip_us"] = round_trip_us.into();
        let mut environment = Environment::start(&Package::probe(), changes);
        let invocation = environment.invoke_bytes(EVENTS[0].as_bytes());
        assert_eq!(invocation.payload, b"HELLO");
        invocation.duration_ms()
    };
    let (near, far) = (duration_ms(0), duration_ms(400_000));
    // One for TCP's handshake, one for question and answer; nothing sleeps shorter than it is told.
    assert!(far >= 800.0 && near < far, "{near} ms, {far} ms");
}

#[test]
fn without_the_field_no_name_is_served() {
    let mut environment = Environment::start(&Package::probe(), json!({}));
    let invocation = environment.invoke_bytes(EVENTS[2].as_bytes());
    assert_eq!(invocation.response["error_type"], "Probe.Failed");
}

#[test]
fn without_root_it_is_the_same() {
    if !geteuid().is_root() {
        eprintln!("SKIPPED without root: the other tests run so already");
        return;
    }
    let package = Package::probe();
    let place = Package::empty();
    let program = place.path().join("execution-environment");
    std::fs::copy(common::PROGRAM, &program).unwrap();
    let mut spec = json!({
        "type": "create", "function_name": "probe", "handler": "none", "argv": ["/var/task/bootstrap"],
        "function_arn": "arn", "code": package.path(), "memory_mb": 256, "timeout_ms": 5_000,
    });
    for (field, value) in changes().as_object().unwrap() {
        spec[field] = value.clone();
    }
    let mut said = format!("{spec}\n");
    for event in EVENTS {
        let invoke = json!({"type": "invoke", "request_id": "a", "payload_len": event.len()});
        said.push_str(&format!("{invoke}\n{event}"));
    }
    said.push_str("{\"type\": \"shutdown\"}\n");
    let answers = talk(
        Command::new(&program).uid(NOBODY).gid(NOBODY),
        said.as_bytes(),
    );
    if let Some(fatal) = of_kind(&answers, "fatal").first() {
        let message = fatal["message"].as_str().unwrap();
        assert!(message.contains("user.max_user_namespaces"), "{message}");
        eprintln!("SKIPPED without root: {message}");
        return;
    }
    let isolation = &of_kind(&answers, "created")[0]["isolation"];
    assert_eq!(isolation["namespaces"], "user namespace");
    let responses = of_kind(&answers, "response");
    let errors: Vec<&Value> = responses
        .iter()
        .map(|response| &response["error_type"])
        .collect();
    assert_eq!(
        errors,
        [&Value::Null, &json!("Probe.Failed"), &Value::Null],
        "{answers:?}"
    );
    assert_eq!(responses[0]["payload_len"], "HELLO".len());
    assert_eq!(responses[2]["payload_len"], r#"["127.0.0.1"]"#.len());
}

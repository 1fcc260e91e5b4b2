//! A runtime that does not keep to the Runtime API.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use common::{Environment, Package};
use serde_json::{Value, json};

const RESPONSE: &str = "POST /2018-06-01/runtime/invocation/{id}/response HTTP/1.1\r\n";

/// What the API answers to these bytes; the invocation itself succeeds.
fn answer_to(environment: &mut Environment, event: Value) -> String {
    let done = environment.invoke(event);
    assert_eq!(done.report["status"], "success", "{done:?}");
    done.json().as_str().unwrap().to_owned()
}

fn raw(send: &str) -> Value {
    json!({"do": "raw", "send": send})
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
fn what_is_no_request_is_refused() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    for send in [
        "nonsense\r\n\r\n",
        "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ] {
        let answer = answer_to(&mut environment, raw(send));
        assert!(
            answer.starts_with("HTTP/1.1 400 Bad Request\r\n"),
            "{send}: {answer}"
        );
    }
    let many = format!("GET /x HTTP/1.1\r\n{}\r\n", "X-A: b\r\n".repeat(100));
    let answer = answer_to(&mut environment, raw(&many));
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let huge = json!({"do": "raw", "send": "GET /x HTTP/1.1\r\nX-Huge: ", "pad": 200_000});
    let answer = answer_to(&mut environment, huge);
    // It may be gone before the refusal is read.
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 400 "),
        "{answer}"
    );
}

#[test]
fn wrong_ids_and_wrong_turns_are_refused_as_on_aws() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    let wrong =
        "POST /2018-06-01/runtime/invocation/other/response HTTP/1.1\r\nContent-Length: 1\r\n\r\nx";
    let answer = answer_to(&mut environment, raw(wrong));
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let early = raw("GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\n\r\n");
    let answer = answer_to(&mut environment, early);
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    let late = raw("POST /2018-06-01/runtime/init/error HTTP/1.1\r\nContent-Length: 1\r\n\r\nx");
    let answer = answer_to(&mut environment, late);
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
}

#[test]
fn the_first_of_two_responses_counts() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    let twice = raw(&format!("{RESPONSE}Content-Length: 5\r\n\r\nfirst"));
    let done = environment.invoke(twice);
    // The probe answers a second time with what it was told.
    assert_eq!(
        (&done.payload[..], &done.report["status"]),
        (&b"first"[..], &json!("success"))
    );
    assert_eq!(environment.invoke(json!({"n": 1})).json(), json!({"n": 1}));
}

#[test]
fn a_response_that_breaks_off_is_none() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    let half = format!("{RESPONSE}Content-Length: 100\r\n\r\nhalf");
    let done = environment.invoke(json!({"do": "raw", "send": half, "close": true}));
    assert_eq!(
        (done.json(), &done.report["status"]),
        (json!(""), &json!("success"))
    );
    // One that goes on forever is ended by nobody but the time-out.
    let slow = json!({"do": "raw", "send": half, "wait_ms": 60_000});
    let mut environment = Environment::start(&package, json!({"timeout_ms": 1_000}));
    assert_eq!(
        environment.invoke(slow).response["error_type"],
        "Sandbox.Timedout"
    );
    assert_eq!(environment.invoke(json!({})).report["status"], "success");
}

#[test]
fn a_stream_is_delivered_whole_and_its_trailers_tell_of_an_error() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    let head = format!(
        "{RESPONSE}Transfer-Encoding: chunked\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n"
    );
    let good = environment.invoke(raw(&format!("{head}\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n")));
    assert_eq!(
        (&good.payload[..], &good.report["status"]),
        (&b"abcde"[..], &json!("success"))
    );
    let bad = environment.invoke(raw(&format!(
        "{head}Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n\r\n\
         3\r\nabc\r\n0\r\nLambda-Runtime-Function-Error-Type: Stream.Broke\r\n\
         Lambda-Runtime-Function-Error-Body: eyJhIjoxfQ==\r\n\r\n"
    )));
    assert_eq!(bad.response["error_type"], "Stream.Broke");
    assert_eq!(
        (bad.json(), &bad.report["status"]),
        (json!({"a": 1}), &json!("error"))
    );
}

#[test]
fn half_sent_bodies_do_not_fill_the_supervisor() {
    let package = Package::probe();
    let spec = json!({"memory_mb": 1769, "timeout_ms": 60_000});
    let mut environment = Environment::start(&package, spec);
    let held = environment.invoke(json!({"do": "hold-bodies", "count": 60, "bytes": 6_000_000}));
    assert_eq!(held.report["status"], "success", "{held:?}");
    let peak_kb = environment.peak_kb();
    assert!(peak_kb < 64_000, "the supervisor took {peak_kb} KiB");
    // The function itself is still served beside them.
    assert_eq!(environment.invoke(json!({})).report["status"], "success");
}

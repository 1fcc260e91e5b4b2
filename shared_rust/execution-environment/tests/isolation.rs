//! What a function sees of the machine, and of other functions.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use std::io::{Read, Write};
use std::net::TcpListener;

use common::{Environment, Package};
use serde_json::json;

#[test]
fn the_sandbox_shows_the_function_and_nothing_of_the_machine() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    let looked = environment.invoke(json!({"do": "look"}));
    assert_eq!(looked.report["status"], "success", "{looked:?}");
    let seen = looked.json();
    let root: Vec<&str> = seen["root"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|name| name.as_str())
        .collect();
    for hidden in ["home", "sys", "work", ".host", "mnt"] {
        assert!(!root.contains(&hidden), "{hidden} in {root:?}");
    }
    assert_eq!(
        seen["processes"].as_array().unwrap().len(),
        2,
        "{}",
        seen["processes"]
    );
    assert_eq!(seen["hostname"], "sandbox");
    let only_tmp = json!([false, false, false, false, false, false, true]);
    assert_eq!(seen["writable"], only_tmp);
    // stdin, stdout, stderr and the directory that is being read.
    assert!(
        seen["descriptors"].as_u64().unwrap() <= 4,
        "{}",
        seen["descriptors"]
    );
    let status = seen["status"].as_str().unwrap();
    assert!(status.contains("Uid:\t993\t993\t993\t993"), "{status}");
    assert!(status.contains("CapEff:\t0000000000000000"), "{status}");
    assert!(status.contains("NoNewPrivs:\t1"), "{status}");
    assert_eq!(
        seen["environment"]["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"],
        "256"
    );
}

#[test]
fn two_environments_listen_on_the_same_port() {
    let package = Package::probe();
    let mut one = Environment::start(&package, json!({}));
    let mut other = Environment::start(&package, json!({}));
    for environment in [&mut one, &mut other] {
        let listening = environment.invoke(json!({"do": "listen", "port": 8125}));
        assert_eq!(listening.report["status"], "success", "{listening:?}");
    }
    let again = one.invoke(json!({"do": "listen", "port": 8125}));
    assert_eq!(
        again.report["status"], "error",
        "the same port twice in one environment"
    );
}

#[test]
fn only_a_forwarded_port_leads_outside() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap().to_string();
    let served = std::thread::spawn(move || {
        let (mut stream, _) = server.accept().unwrap();
        let mut got = String::new();
        stream.read_to_string(&mut got).unwrap();
        stream.write_all(format!("heard {got}").as_bytes()).unwrap();
    });
    let package = Package::probe();
    let forward = json!({"forward": [{"listen": "127.0.0.1:4566", "connect": address}]});
    let mut environment = Environment::start(&package, forward);
    let direct = environment.invoke(json!({"do": "fetch", "address": address}));
    assert_eq!(
        direct.report["status"], "error",
        "the machine's loopback is in reach: {direct:?}"
    );
    let through = environment.invoke(json!({"do": "fetch", "address": "127.0.0.1:4566"}));
    assert_eq!(String::from_utf8_lossy(&through.payload), "heard hello");
    served.join().unwrap();
}

#[test]
fn layers_are_merged_and_mounts_nest() {
    let package = Package::probe();
    let (first, second) = (Package::script("first"), Package::script("second"));
    std::fs::write(first.path().join("only-first"), "").unwrap();
    let inner = Package::empty();
    std::fs::create_dir_all(first.path().join("inner")).unwrap();
    std::fs::write(inner.path().join("deep"), "found").unwrap();
    let script = Package::script(
        "#!/bin/sh\ncat /opt/bootstrap; echo; ls /opt; cat /var/lang/inner/deep; echo; exit 0\n",
    );
    drop(package);
    let spec = json!({
        "layers": [first.path(), second.path()],
        "mounts": [{"source": first.path(), "target": "/var/lang"},
                   {"source": inner.path(), "target": "/var/lang/inner", "read_only": true}],
    });
    let environment = Environment::start(&script, spec);
    let lines = common::lines(&environment.before);
    assert_eq!(
        lines[..4],
        ["second", "bootstrap", "inner", "only-first"],
        "{lines:?}"
    );
    assert!(lines.contains(&"found"), "{lines:?}");
}

#[test]
fn nothing_runs_between_invocations() {
    let package = Package::script(
        "#!/bin/sh\nwhile :; do echo tick; sleep 0.02; done & \nexec /opt/bootstrap\n",
    );
    let layer = Package::probe();
    let mut environment = Environment::start(&package, json!({"layers": [layer.path()]}));
    let event = json!({"do": "sleep", "ms": 100 * common::slowdown()});
    let before = environment.invoke(event.clone()).lines().len();
    common::pause(500);
    let ticks = environment.invoke(event).lines().len();
    // The pause is five times as long as an invocation.
    let frozen = 1..2 + 3 * before;
    assert!(frozen.contains(&ticks), "{before} ticks, then {ticks}");
}

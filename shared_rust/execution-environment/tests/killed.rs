//! The supervisor killed in each phase: pid 1 leaves nothing behind.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use common::{Environment, Package, alive, eventually, pause};
use serde_json::{Value, json};

/// What is on this machine and names the package: mounts, and files beside it.
fn traces(package: &Package) -> Vec<String> {
    let place = package.path().to_string_lossy().into_owned();
    let mounts = std::fs::read_to_string("/proc/self/mountinfo").unwrap();
    let mounts = mounts.lines().filter(|line| line.contains(&place));
    let files = std::fs::read_dir(package.path()).unwrap().flatten();
    let files = files.map(|file| file.file_name().to_string_lossy().into_owned());
    let files = files.filter(|name| name != "bootstrap");
    mounts.map(str::to_owned).chain(files).collect()
}

fn kill(environment: &mut Environment, package: &Package) {
    let pids = environment.processes();
    assert!(!pids.is_empty());
    environment.process.kill().unwrap();
    environment.process.wait().unwrap();
    eventually("the end of all processes", || alive(&pids).is_empty());
    // Namespaces live as long as a process in them or a mount of them.
    eventually("the removal of the cgroups", || {
        environment.cgroups().is_empty()
    });
    assert_eq!(traces(package), Vec::<String>::new());
}

fn send_event(environment: &mut Environment, event: Value) {
    let event = event.to_string();
    let invoke = json!({"type": "invoke", "request_id": "x", "payload_len": event.len()});
    environment.send(&invoke, event.as_bytes());
}

#[test]
fn in_init() {
    let package = Package::probe();
    let hang = json!({"env": {"PROBE_INIT": "hang"}});
    let mut environment = Environment::spawn(&package, hang);
    environment.read_until("log");
    kill(&mut environment, &package);
}

#[test]
fn before_init() {
    let package = Package::probe();
    let mut environment = Environment::spawn(&package, json!({}));
    eventually("pid 1", || !environment.processes().is_empty());
    kill(&mut environment, &package);
}

#[test]
fn in_invoke() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    environment.invoke(json!({"do": "daemon"}));
    send_event(&mut environment, json!({"do": "spin", "ms": 60_000}));
    pause(200);
    kill(&mut environment, &package);
}

#[test]
fn while_frozen() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    environment.invoke(json!({"do": "daemon"}));
    pause(200);
    kill(&mut environment, &package);
}

#[test]
fn in_shutdown() {
    let (package, layer) = (Package::probe(), Package::extensions(&["stubborn"]));
    let spec = json!({"layers": [layer.path()], "env": {"PROBE_EXTENSION": "stay"}});
    let mut environment = Environment::start(&package, spec);
    environment.invoke(json!({"do": "daemon"}));
    environment.send(&json!({"type": "shutdown"}), b"");
    let said = environment.read_until("log");
    assert!(
        said.last().unwrap()["line"]
            .as_str()
            .unwrap()
            .contains("SHUTDOWN"),
        "{said:?}"
    );
    kill(&mut environment, &package);
}

//! However an environment ends, nothing of it is left.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use std::fs;
use std::io::Write;
use std::process::{Command, Stdio};

use common::{Environment, Package, alive, cgroups, children, eventually, pause};
use serde_json::{Value, json};

/// A warm environment with a process that the function has left behind, and all its processes.
fn warm(package: &Package) -> (Environment, Vec<u32>) {
    let mut environment = Environment::start(package, json!({}));
    environment.invoke(json!({"do": "daemon"}));
    let pids = children(environment.process.id());
    assert!(
        pids.len() >= 3,
        "pid 1, the runtime and its child: {pids:?}"
    );
    (environment, pids)
}

fn nothing_is_left(environment: &Environment, pids: &[u32]) {
    eventually("the end of all processes", || alive(pids).is_empty());
    eventually("the removal of the cgroups", || {
        environment.cgroups().is_empty()
    });
}

#[test]
fn shutdown_leaves_nothing() {
    let package = Package::probe();
    let (mut environment, pids) = warm(&package);
    environment.shut_down();
    assert!(alive(&pids).is_empty() && environment.cgroups().is_empty());
}

#[test]
fn an_end_right_after_an_exit_logs_no_error() {
    let package = Package::probe();
    let exit = json!({"do": "exit", "code": 3}).to_string();
    let spec = json!({
        "type": "create", "function_name": "probe", "handler": "none", "argv": ["/var/task/bootstrap"],
        "function_arn": "arn", "code": package.path(), "memory_mb": 256, "timeout_ms": 5_000,
    });
    let invoke = json!({"type": "invoke", "request_id": "a", "payload_len": exit.len()});
    let end = json!({"type": "shutdown"});
    // What pid 1 has not read when it is killed is chance.
    for _ in 0..10 {
        let mut process = Command::new(common::PROGRAM)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = process.stdin.take().unwrap();
        write!(input, "{spec}\n{invoke}\n{exit}{end}\n").unwrap();
        // Stdin stays open: its end would end the environment before its time.
        let output = process.wait_with_output().unwrap();
        drop(input);
        let (said, told) = (
            String::from_utf8_lossy(&output.stdout),
            String::from_utf8_lossy(&output.stderr),
        );
        assert!(said.contains("Runtime.ExitError"), "{said}");
        assert!(!told.contains("ERROR"), "{told}");
    }
}

#[test]
fn the_end_of_stdin_leaves_nothing() {
    let package = Package::probe();
    let (mut environment, pids) = warm(&package);
    environment.close_stdin();
    assert!(environment.process.wait().unwrap().success());
    nothing_is_left(&environment, &pids);
}

#[test]
fn the_end_of_stdin_within_an_invocation_ends_it() {
    let package = Package::probe();
    let (mut environment, pids) = warm(&package);
    let event = b"{\"do\":\"sleep\",\"ms\":60000}";
    environment.send(
        &json!({"type": "invoke", "request_id": "x", "payload_len": event.len()}),
        event,
    );
    environment.close_stdin();
    environment.process.wait().unwrap();
    nothing_is_left(&environment, &pids);
}

#[test]
fn a_killed_supervisor_leaves_nothing() {
    let package = Package::probe();
    let (mut environment, pids) = warm(&package);
    // Frozen by now, which makes it harder.
    pause(100);
    environment.process.kill().unwrap();
    environment.process.wait().unwrap();
    nothing_is_left(&environment, &pids);
}

#[test]
fn a_dead_parent_takes_the_environment_along() {
    let package = Package::probe();
    let group = format!("ee-test-orphan-{}", std::process::id());
    let spec = json!({
        "type": "create", "function_name": "probe", "handler": "none", "argv": ["/var/task/bootstrap"],
        "function_arn": "arn", "code": package.path(), "memory_mb": 256, "timeout_ms": 5_000, "cgroup_parent": group,
    });
    // The shell's child keeps the writing end of stdin open, so only the death itself can tell.
    let script = format!(
        "mkfifo $1/in; sleep 3600 > $1/in & echo $!; \"$2\" < $1/in & echo $!; echo '{spec}' > $1/in; \
         for i in $(seq 3000); do grep -q created $1/out && break; sleep 0.1; done; kill -9 $$"
    );
    let place = Package::empty();
    let output = Command::new("/bin/sh")
        .args(["-c", &script, "sh"])
        .arg(place.path())
        .arg(common::PROGRAM)
        .stderr(Stdio::null())
        .stdout(fs::File::create(place.path().join("out")).unwrap())
        .status();
    assert!(!output.unwrap().success());
    let said = fs::read_to_string(place.path().join("out")).unwrap();
    let mut numbers = said.lines().filter_map(|line| line.parse::<u32>().ok());
    let (holder, supervisor) = (numbers.next().unwrap(), numbers.next().unwrap());
    assert!(said.contains("\"created\""), "{said}");
    eventually("the end of the environment", || {
        alive(&[supervisor]).is_empty() || zombie(supervisor)
    });
    eventually("the removal of the cgroups", || cgroups(&group).is_empty());
    let _ = Command::new("kill").arg(holder.to_string()).status();
    sweep(&group);
}

/// Where nobody reaps orphans, a dead one stays listed.
fn zombie(pid: u32) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat")).is_ok_and(|stat| stat.contains(") Z "))
}

fn sweep(group: &str) -> Value {
    let output = Command::new(common::PROGRAM)
        .args(["sweep", "--cgroup-parent", group])
        .output()
        .unwrap();
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn a_sweep_kills_and_removes_what_is_there() {
    let package = Package::probe();
    let (environment, pids) = warm(&package);
    if !environment.has("memory", "sweep") {
        return;
    }
    let swept = sweep(&environment.group);
    assert!(swept["processes_killed"].as_u64().unwrap() >= 2, "{swept}");
    assert!(environment.cgroups().is_empty(), "{swept}");
    // Pid 1 and the supervisor are in no cgroup; everything else is dead.
    eventually("the end of the function", || alive(&pids).len() <= 1);
    assert_eq!(sweep("ee-test-never-made")["processes_killed"], 0);
}

#[test]
fn a_check_says_what_is_to_be_had_and_leaves_nothing() {
    let group = format!("ee-test-check-{}", std::process::id());
    let output = Command::new(common::PROGRAM)
        .args(["check", "--cgroup-parent", &group])
        .output()
        .unwrap();
    let said: Value = serde_json::from_slice(&output.stdout).unwrap();
    for field in ["cpu", "memory", "namespaces", "freeze"] {
        assert!(said[field].is_string(), "{said}");
    }
    assert!(cgroups(&group).is_empty());
    sweep(&group);
}

#[test]
fn a_bad_command_line_is_refused() {
    for arguments in [
        &["sweep"][..],
        &["fly"],
        &["--nonsense"],
        &["check", "--cgroup-parent", "../up"],
    ] {
        let output = Command::new(common::PROGRAM)
            .args(arguments)
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        let refused = !output.status.success() && said.contains("\"fatal\"");
        // A bad name only costs the cgroup, and check says so.
        assert!(
            refused || said.contains("is no name for a cgroup"),
            "{arguments:?}: {said}"
        );
    }
}

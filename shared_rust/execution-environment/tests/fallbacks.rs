//! Machines that do not offer everything: no root, no controllers, no cgroup at all.

mod common;

use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use common::Package;
use nix::unistd::geteuid;
use serde_json::{Value, json};

/// Any unprivileged user will do.
const NOBODY: u32 = 65_534;

fn conversation(package: &Package, group: Option<&str>) -> Vec<u8> {
    let spec = json!({
        "type": "create", "function_name": "probe", "handler": "none", "argv": ["/var/task/bootstrap"],
        "function_arn": "arn", "code": package.path(), "memory_mb": 256, "timeout_ms": 5_000, "cgroup_parent": group,
    });
    let look = "{\"do\":\"look\"}";
    let invoke = json!({"type": "invoke", "request_id": "a", "payload_len": look.len()});
    let again = json!({"type": "invoke", "request_id": "b", "payload_len": 0});
    format!(
        "{spec}\n{invoke}\n{look}{again}\n{}\n",
        json!({"type": "shutdown"})
    )
    .into_bytes()
}

fn talk(command: &mut Command, said: &[u8]) -> Vec<Value> {
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open to the end: closing it would end the environment.
    let mut input = process.stdin.take().unwrap();
    input.write_all(said).unwrap();
    let Output { stdout, .. } = process.wait_with_output().unwrap();
    drop(input);
    let text = String::from_utf8_lossy(&stdout).into_owned();
    // A payload without newline is followed by the next message on the same line.
    let starts = text
        .split("{\"type\":")
        .skip(1)
        .map(|rest| format!("{{\"type\":{rest}"));
    starts.map(|frame| first_value(&frame)).collect()
}

fn first_value(frame: &str) -> Value {
    let mut values = serde_json::Deserializer::from_str(frame).into_iter();
    values.next().unwrap().unwrap()
}

fn of_kind<'a>(said: &'a [Value], kind: &str) -> Vec<&'a Value> {
    said.iter()
        .filter(|message| message["type"] == kind)
        .collect()
}

#[test]
fn without_root_everything_works_but_cgroups() {
    if !geteuid().is_root() {
        eprintln!("SKIPPED without root: the other tests run so already");
        return;
    }
    let package = Package::probe();
    let place = Package::empty();
    let program = place.path().join("execution-environment");
    std::fs::copy(common::PROGRAM, &program).unwrap();
    let said = talk(
        Command::new(&program).uid(NOBODY).gid(NOBODY),
        &conversation(&package, Some("ee-test-nobody")),
    );
    if let Some(fatal) = of_kind(&said, "fatal").first() {
        let message = fatal["message"].as_str().unwrap();
        assert!(message.contains("user.max_user_namespaces"), "{message}");
        eprintln!("SKIPPED without root: {message}");
        return;
    }
    let isolation = &of_kind(&said, "created")[0]["isolation"];
    assert_eq!(isolation["namespaces"], "user namespace");
    assert_eq!(
        (&isolation["cpu"], &isolation["freeze"]),
        (&json!("none"), &json!("SIGSTOP"))
    );
    let notes = isolation["notes"].as_array().unwrap();
    assert!(
        notes
            .iter()
            .any(|note| note.as_str().unwrap().contains("no cgroup")),
        "{notes:?}"
    );
    assert_eq!(of_kind(&said, "init")[0]["status"], "success");
    let reports = of_kind(&said, "report");
    assert_eq!(reports.len(), 2, "{said:?}");
    assert!(
        reports
            .iter()
            .all(|report| report["status"] == "success" && report["cpu_us"].is_null())
    );
    assert!(reports[0]["peak_kb"].as_u64().unwrap() > 0);
}

#[test]
fn without_a_cgroup_it_says_so_and_still_works() {
    let package = Package::probe();
    let said = talk(
        &mut Command::new(common::PROGRAM),
        &conversation(&package, None),
    );
    let isolation = &of_kind(&said, "created")[0]["isolation"];
    assert_eq!(
        (&isolation["cpu"], &isolation["memory"]),
        (&json!("none"), &json!("none"))
    );
    assert_eq!(of_kind(&said, "report").len(), 2);
}

#[test]
fn a_v2_hierarchy_without_controllers_still_freezes_and_counts_cpu_time() {
    let unified = Path::new("/sys/fs/cgroup/unified");
    if !geteuid().is_root() || !unified.join("cgroup.procs").exists() {
        eprintln!(
            "SKIPPED v2 without controllers: needs root and {}",
            unified.display()
        );
        return;
    }
    let package = Package::probe();
    let group = format!("ee-test-v2-{}", std::process::id());
    // In a mount namespace of its own the machine looks as if it had nothing but v2.
    let script = "mount --bind /sys/fs/cgroup/unified /sys/fs/cgroup && exec \"$0\"";
    let mut command = Command::new("unshare");
    command.args(["--mount", "/bin/sh", "-c", script, common::PROGRAM]);
    let said = talk(&mut command, &conversation(&package, Some(&group)));
    let isolation = &of_kind(&said, "created")[0]["isolation"];
    assert_eq!(
        (&isolation["freeze"], &isolation["cpu"]),
        (&json!("cgroup"), &json!("none"))
    );
    let reports = of_kind(&said, "report");
    assert!(
        reports
            .iter()
            .all(|report| report["cpu_us"].as_u64().is_some_and(|cpu| cpu > 0)),
        "{said:?}"
    );
    assert!(common::cgroups(&group).is_empty());
    let _ = std::fs::remove_dir(unified.join(&group));
}

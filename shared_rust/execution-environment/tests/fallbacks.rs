//! Machines that do not offer everything: no root, no controllers, no cgroup at all.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;

use common::{Package, conversation, of_kind, talk};
use nix::unistd::geteuid;
use serde_json::json;

/// Any unprivileged user will do.
const NOBODY: u32 = 65_534;

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
    // Nobody's processes are moved where there is nothing to be gained.
    assert!(!unified.join("execution-environment-host").exists());
    let _ = std::fs::remove_dir(unified.join(&group));
}

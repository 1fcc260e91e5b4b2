//! An environment whose cgroup and namespaces are made before anyone knows what for.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use std::process::{Command, Stdio};

use common::{Package, cgroups, conversation, of_kind, talk};

fn ahead(group: &str) -> Command {
    let mut command = Command::new(common::PROGRAM);
    command.args(["--cgroup-parent", group]);
    command
}

fn sweep(group: &str) {
    let mut command = Command::new(common::PROGRAM);
    command
        .args(["sweep", "--cgroup-parent", group])
        .stdout(Stdio::null());
    assert!(command.status().unwrap().success());
}

#[test]
fn it_works_like_any_other() {
    let package = Package::probe();
    let group = format!("ee-test-ahead-{}", std::process::id());
    let said = talk(&mut ahead(&group), &conversation(&package, Some(&group)));
    assert_eq!(of_kind(&said, "report").len(), 2, "{said:?}");
    assert!(cgroups(&group).is_empty());
    sweep(&group);
}

#[test]
fn it_cannot_be_made_into_one_with_another_cgroup() {
    let package = Package::probe();
    let group = format!("ee-test-other-{}", std::process::id());
    let said = talk(
        &mut ahead(&group),
        &conversation(&package, Some("elsewhere")),
    );
    let message = of_kind(&said, "fatal")[0]["message"]
        .as_str()
        .unwrap()
        .to_owned();
    assert!(
        message.contains("elsewhere") && message.contains(&group),
        "{message}"
    );
    assert!(cgroups(&group).is_empty());
    sweep(&group);
}

#[test]
fn one_that_is_never_needed_leaves_nothing() {
    let group = format!("ee-test-unused-{}", std::process::id());
    let said = talk(&mut ahead(&group), b"");
    assert!(said.is_empty(), "{said:?}");
    assert!(cgroups(&group).is_empty());
    sweep(&group);
}

//! Ways out of the sandbox, all closed.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop at the first surprise"
)]

mod common;

use common::{Environment, Package};
use serde_json::json;

#[test]
fn every_way_out_is_refused() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    for (what, script) in [
        (
            "write the code",
            "echo x > /var/task/new || echo x >> /var/task/bootstrap",
        ),
        ("write a layer", "echo x > /opt/new"),
        (
            "write the machine's programs",
            "echo x > /usr/bin/new || echo x >> /etc/hosts",
        ),
        (
            "write a kernel setting",
            "echo x > /proc/sys/kernel/hostname",
        ),
        ("write the kernel's trigger", "echo b > /proc/sysrq-trigger"),
        ("kill pid 1", "kill -9 1"),
        ("read pid 1's memory", "head -c 1 /proc/1/mem"),
        ("see pid 1's files", "ls /proc/1/root/"),
        ("mount", "mount -t tmpfs none /tmp"),
        ("unmount", "umount /var/task"),
        ("reach the cgroups", "ls /sys/fs/cgroup"),
        (
            "mount the cgroups",
            "mkdir -p /tmp/c && mount -t cgroup -o freezer none /tmp/c",
        ),
        ("raise the memory limit of open files", "ulimit -n 2048"),
        ("become root", "su -c id || setpriv --reuid=0 id"),
        ("make a device", "mknod /tmp/mem c 1 1"),
        ("name the machine", "hostname new"),
    ] {
        let tried = environment.invoke(json!({"do": "sh", "script": script}));
        assert_eq!(tried.report["status"], "success", "{what}: {tried:?}");
        assert_ne!(tried.json()["code"], 0, "{what}: {}", tried.json());
    }
    let files: Vec<_> = std::fs::read_dir(package.path()).unwrap().collect();
    assert_eq!(files.len(), 1, "{files:?}");
}

#[test]
fn a_namespace_of_its_own_gives_no_power_over_the_sandbox() {
    let package = Package::probe();
    let mut environment = Environment::start(&package, json!({}));
    // A function may get a user namespace; mounts that are locked in it stay as they are.
    let script = "unshare -Urm sh -c 'mount -o remount,rw,bind /var/task; echo x > /var/task/new; \
                  umount /proc; kill -9 1; mount -t cgroup -o freezer none /mnt; true'";
    environment.invoke(json!({"do": "sh", "script": script}));
    assert!(!package.path().join("new").exists());
    let next = environment.invoke(json!({"do": "look"}));
    assert_eq!(
        next.json()["writable"],
        json!([false, false, false, false, false, false, true])
    );
}

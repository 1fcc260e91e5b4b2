//! Drives the built program over its protocol.

// Each test file is a crate of its own and uses a part of this.
#![allow(dead_code)]

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_execution-environment");

/// How many times longer everything may take here: an emulator says so by `EXECUTION_ENVIRONMENT_TEST_SLOWDOWN`.
pub fn slowdown() -> u64 {
    let said = std::env::var("EXECUTION_ENVIRONMENT_TEST_SLOWDOWN");
    said.map_or(1, |times| times.parse().unwrap())
}

/// Lambda's longest time-out: more is refused.
const LONGEST_MS: u64 = 900_000;

/// So long, and in an emulator so much longer.
pub fn pause(ms: u64) {
    std::thread::sleep(Duration::from_millis(ms * slowdown()));
}

/// A directory that the sandbox's user can read, with the probe as its bootstrap.
pub struct Package {
    directory: TempDir,
}

impl Package {
    pub fn probe() -> Self {
        let package = Self::empty();
        package.add("bootstrap", &example("probe"));
        package
    }

    pub fn script(text: &str) -> Self {
        let package = Self::empty();
        let path = package.path().join("bootstrap");
        fs::write(&path, text).unwrap();
        executable(&path);
        package
    }

    /// A layer with the probe as an extension of each name.
    pub fn extensions(names: &[&str]) -> Self {
        let package = Self::empty();
        for name in names {
            package.add(&format!("extensions/{name}"), &example("probe_extension"));
        }
        package
    }

    pub fn empty() -> Self {
        let directory = TempDir::new().unwrap();
        fs::set_permissions(directory.path(), fs::Permissions::from_mode(0o755)).unwrap();
        Self { directory }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    fn add(&self, name: &str, from: &Path) {
        let to = self.path().join(name);
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, &to).unwrap();
        executable(&to);
    }
}

fn executable(path: &Path) {
    fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
}

fn example(name: &str) -> PathBuf {
    Path::new(PROGRAM)
        .parent()
        .unwrap()
        .join("examples")
        .join(name)
}

pub struct Environment {
    pub process: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
    pub created: Value,
    pub init: Value,
    /// What was read before `init`.
    pub before: Vec<Value>,
    pub group: String,
}

/// One invocation's messages.
#[derive(Debug)]
pub struct Invocation {
    pub response: Value,
    pub payload: Vec<u8>,
    pub report: Value,
    pub messages: Vec<Value>,
}

impl Invocation {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.payload).unwrap()
    }

    pub fn duration_ms(&self) -> f64 {
        self.report["duration_us"].as_f64().unwrap() / 1_000.0
    }

    pub fn lines(&self) -> Vec<&str> {
        lines(&self.messages)
    }
}

pub fn lines(messages: &[Value]) -> Vec<&str> {
    messages
        .iter()
        .filter_map(|message| message["line"].as_str())
        .collect()
}

impl Environment {
    /// The probe with 256 MB and 5 s, changed as `changes` says; read up to its `init`.
    pub fn start(package: &Package, changes: Value) -> Self {
        let mut environment = Self::spawn(package, changes);
        let before = environment.read_until("init");
        environment.created = before[0].clone();
        assert_eq!(environment.created["type"], "created", "{before:?}");
        environment.init = before.last().cloned().unwrap();
        environment.before = before;
        environment
    }

    /// Sends `create` and reads nothing yet.
    pub fn spawn(package: &Package, changes: Value) -> Self {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let group = format!("ee-test-{}-{count}", std::process::id());
        let mut spec = json!({
            "type": "create", "function_name": "probe", "handler": "none", "argv": ["/var/task/bootstrap"],
            "function_arn": "arn:aws:lambda:us-east-1:000000000000:function:probe",
            "code": package.path(), "memory_mb": 256, "timeout_ms": 60_000, "cgroup_parent": group,
        });
        for (field, value) in changes.as_object().unwrap() {
            spec[field] = value.clone();
        }
        for (limit, usual_ms) in [("timeout_ms", 60_000), ("init_timeout_ms", 10_000)] {
            let scaled_ms = spec[limit].as_u64().unwrap_or(usual_ms) * slowdown();
            spec[limit] = json!(scaled_ms.min(LONGEST_MS));
        }
        let mut process = Command::new(PROGRAM)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut environment = Self {
            input: process.stdin.take(),
            output: BufReader::new(process.stdout.take().unwrap()),
            process,
            created: Value::Null,
            init: Value::Null,
            before: Vec::new(),
            group,
        };
        environment.send(&spec, b"");
        environment
    }

    pub fn send(&mut self, message: &Value, payload: &[u8]) {
        let input = self.input.as_mut().unwrap();
        writeln!(input, "{message}").unwrap();
        input.write_all(payload).unwrap();
        input.flush().unwrap();
    }

    /// The next message and its payload; `None` at the end.
    pub fn read(&mut self) -> Option<(Value, Vec<u8>)> {
        let mut line = String::new();
        if self.output.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        let message: Value = serde_json::from_str(&line).unwrap();
        let mut payload = vec![0; message["payload_len"].as_u64().unwrap_or(0) as usize];
        self.output.read_exact(&mut payload).unwrap();
        Some((message, payload))
    }

    pub fn read_until(&mut self, kind: &str) -> Vec<Value> {
        let mut messages = Vec::new();
        while let Some((message, _)) = self.read() {
            let last = message["type"] == kind || message["type"] == "fatal";
            messages.push(message);
            if last {
                break;
            }
        }
        messages
    }

    pub fn invoke(&mut self, event: Value) -> Invocation {
        self.invoke_bytes(event.to_string().as_bytes())
    }

    pub fn invoke_bytes(&mut self, payload: &[u8]) -> Invocation {
        self.invoke_with(json!({}), payload)
    }

    pub fn invoke_with(&mut self, fields: Value, payload: &[u8]) -> Invocation {
        let mut message =
            json!({"type": "invoke", "request_id": "8f5a-id", "payload_len": payload.len()});
        for (field, value) in fields.as_object().unwrap() {
            message[field] = value.clone();
        }
        self.send(&message, payload);
        self.finish()
    }

    /// Reads one invocation to its report.
    pub fn finish(&mut self) -> Invocation {
        let mut messages = Vec::new();
        let mut response = (Value::Null, Vec::new());
        loop {
            let Some((message, payload)) = self.read() else {
                panic!("the environment ended within an invocation: {messages:?}");
            };
            match message["type"].as_str() {
                Some("response") => response = (message, payload),
                Some("report") => {
                    assert!(
                        !response.0.is_null(),
                        "a report before its response: {messages:?}"
                    );
                    return Invocation {
                        response: response.0,
                        payload: response.1,
                        report: message,
                        messages,
                    };
                }
                _ => messages.push(message),
            }
        }
    }

    pub fn close_stdin(&mut self) {
        self.input = None;
    }

    /// SHUTDOWN; gives what was said on the way.
    pub fn shut_down(&mut self) -> Vec<Value> {
        self.send(&json!({"type": "shutdown"}), b"");
        let said = self.read_until("nothing");
        assert!(self.process.wait().unwrap().success());
        said
    }

    /// All its processes, as this machine sees them.
    pub fn processes(&self) -> Vec<u32> {
        children(self.process.id())
    }

    /// The most memory that the supervisor itself has had.
    pub fn peak_kb(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id())).unwrap();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let number = peak.unwrap().split_whitespace().next().unwrap();
        number.parse().unwrap()
    }

    /// This environment's cgroups that still exist.
    pub fn cgroups(&self) -> Vec<PathBuf> {
        cgroups(&self.group)
    }

    /// Does the function run with limits? Otherwise says what is left out, and why.
    pub fn has(&self, what: &str, test: &str) -> bool {
        let isolation = &self.created["isolation"];
        let there = isolation[what] != "none";
        if !there {
            eprintln!(
                "SKIPPED {test}: no {what} control here: {}",
                isolation["notes"]
            );
        }
        there
    }
}

/// `create`, two invocations and `shutdown`, said in one go.
pub fn conversation(package: &Package, group: Option<&str>) -> Vec<u8> {
    let spec = json!({
        "type": "create", "function_name": "probe", "handler": "none", "argv": ["/var/task/bootstrap"],
        "function_arn": "arn", "code": package.path(), "memory_mb": 256, "timeout_ms": 5_000 * slowdown(),
        "init_timeout_ms": 10_000 * slowdown(), "cgroup_parent": group,
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

/// Everything that is said back; payloads are skipped.
pub fn talk(command: &mut Command, said: &[u8]) -> Vec<Value> {
    let mut process = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    // Kept open to the end: closing it would end the environment.
    let mut input = process.stdin.take().unwrap();
    // One that has refused the first message does not read the rest.
    let _ = input.write_all(said);
    if said.is_empty() {
        drop(input);
        assert!(process.wait().unwrap().success());
        return Vec::new();
    }
    let std::process::Output { stdout, .. } = process.wait_with_output().unwrap();
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

pub fn of_kind<'a>(said: &'a [Value], kind: &str) -> Vec<&'a Value> {
    said.iter()
        .filter(|message| message["type"] == kind)
        .collect()
}

pub fn cgroups(group: &str) -> Vec<PathBuf> {
    let root = Path::new("/sys/fs/cgroup");
    let hierarchies = fs::read_dir(root)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.path());
    hierarchies
        .chain([root.to_owned()])
        .flat_map(|hierarchy| {
            fs::read_dir(hierarchy.join(group))
                .into_iter()
                .flatten()
                .flatten()
        })
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect()
}

impl Drop for Environment {
    fn drop(&mut self) {
        self.input = None;
        let _ = self.process.kill();
        let _ = self.process.wait();
        // Pid 1 removes what is below; the parent cgroup is the parent's, here the test's.
        for _ in 0..200 * slowdown() {
            if self.cgroups().is_empty() {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let _ = Command::new(PROGRAM)
            .args(["sweep", "--cgroup-parent", &self.group])
            .stdout(Stdio::null())
            .status();
    }
}

/// Waits until something holds; these are waits for other processes, so they are generous.
pub fn eventually(what: &str, mut holds: impl FnMut() -> bool) {
    for _ in 0..1_000 * slowdown() {
        if holds() {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("{what} does not come true");
}

/// Processes on this machine that were started by the environment `supervisor`.
pub fn children(supervisor: u32) -> Vec<u32> {
    let text = fs::read_to_string(format!("/proc/{supervisor}/task/{supervisor}/children"))
        .unwrap_or_default();
    let direct: Vec<u32> = text
        .split_whitespace()
        .filter_map(|pid| pid.parse().ok())
        .collect();
    direct
        .iter()
        .flat_map(|pid| [vec![*pid], children(*pid)].concat())
        .collect()
}

pub fn alive(pids: &[u32]) -> Vec<u32> {
    let running = |pid: &&u32| Path::new(&format!("/proc/{pid}")).exists();
    pids.iter().filter(running).copied().collect()
}

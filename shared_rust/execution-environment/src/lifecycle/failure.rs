//! Why INIT or an invocation failed, in AWS's words.

use serde_json::json;

use crate::init::{Ending, Role};
use crate::state::{ReportedError, State};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Failure {
    Timeout {
        limit_ms: u64,
    },
    /// The runtime ended.
    Exit(Ending),
    /// The kernel killed the runtime for want of memory.
    OutOfMemory,
    /// The runtime posted `init/error`.
    Init(ReportedError),
    /// The program could not be started.
    Entrypoint(String),
    /// An extension's program could not be started.
    ExtensionLaunch(String),
    /// An extension ended.
    ExtensionExit {
        name: String,
        ending: Ending,
    },
    /// An extension posted `init/error` or `exit/error`.
    Extension {
        name: String,
        error: ReportedError,
    },
}

impl Failure {
    /// What has gone wrong so far, the first cause first. `oom_killed`: the kernel has killed for
    /// want of memory since this phase began.
    pub fn in_state(state: &State, oom_killed: impl FnOnce() -> bool) -> Option<Self> {
        if let Some(error) = &state.runtime.init_error {
            return Some(Self::Init(error.clone()));
        }
        match &state.exec_failure {
            Some((Role::Runtime, message)) => return Some(Self::Entrypoint(message.clone())),
            Some((Role::Extension(_), message)) => {
                return Some(Self::ExtensionLaunch(message.clone()));
            }
            None => {}
        }
        for extension in state.extensions.values() {
            if let Some(error) = &extension.error {
                return Some(Self::Extension {
                    name: extension.name.clone(),
                    error: error.clone(),
                });
            }
        }
        let (role, ending) = state.exits.first()?;
        Some(match (role, ending) {
            (Role::Extension(name), ending) => Self::ExtensionExit {
                name: name.clone(),
                ending: *ending,
            },
            (Role::Runtime, Ending::Signal(libc::SIGKILL)) if oom_killed() => Self::OutOfMemory,
            (Role::Runtime, ending) => Self::Exit(*ending),
        })
    }

    pub fn error_type(&self) -> &str {
        match self {
            Self::Timeout { .. } => "Sandbox.Timedout",
            Self::Exit(_) => "Runtime.ExitError",
            Self::OutOfMemory => "Runtime.OutOfMemory",
            Self::Init(error) => &error.error_type,
            Self::Entrypoint(_) => "Runtime.InvalidEntrypoint",
            Self::ExtensionLaunch(_) => "Extension.LaunchError",
            Self::ExtensionExit { .. } => "Extension.Crash",
            Self::Extension { error, .. } => &error.error_type,
        }
    }

    /// The body of the function's answer. An init error's own body is passed through.
    pub fn payload(&self, request_id: &str) -> Vec<u8> {
        let message = match self {
            Self::Init(error) if !error.payload.is_empty() => return error.payload.clone(),
            Self::Init(_) => "Error: initialization failed".to_owned(),
            Self::Timeout { limit_ms } => {
                format!(
                    "Error: Task timed out after {:.2} seconds",
                    *limit_ms as f64 / 1_000.0
                )
            }
            Self::OutOfMemory => "Error: Runtime exited with error: signal: killed".to_owned(),
            Self::Exit(ending) => format!("Error: Runtime exited {}", told(*ending)),
            Self::Entrypoint(message) | Self::ExtensionLaunch(message) => {
                format!("Error: {message}")
            }
            Self::ExtensionExit { name, ending } => {
                format!("Error: extension {name} exited {}", told(*ending))
            }
            Self::Extension { name, error } => {
                let said = String::from_utf8_lossy(&error.payload);
                format!(
                    "Error: extension {name} reported {}: {said}",
                    error.error_type
                )
            }
        };
        let message = format!("RequestId: {request_id} {message}");
        json!({"errorType": self.error_type(), "errorMessage": message})
            .to_string()
            .into_bytes()
    }
}

/// As Go's `os/exec` words it, in which AWS's own supervisor is written.
fn told(ending: Ending) -> String {
    match ending {
        Ending::Code(0) => "without providing a reason".into(),
        Ending::Code(code) => format!("with error: exit status {code}"),
        Ending::Signal(number) => format!("with error: signal: {}", signal_name(number)),
    }
}

fn signal_name(number: i32) -> String {
    let name = match number {
        libc::SIGABRT => "aborted",
        libc::SIGALRM => "alarm clock",
        libc::SIGBUS => "bus error",
        libc::SIGFPE => "floating point exception",
        libc::SIGHUP => "hangup",
        libc::SIGILL => "illegal instruction",
        libc::SIGINT => "interrupt",
        libc::SIGKILL => "killed",
        libc::SIGPIPE => "broken pipe",
        libc::SIGQUIT => "quit",
        libc::SIGSEGV => "segmentation fault",
        libc::SIGTERM => "terminated",
        libc::SIGTRAP => "trace/breakpoint trap",
        libc::SIGUSR1 => "user defined signal 1",
        libc::SIGUSR2 => "user defined signal 2",
        libc::SIGXCPU => "CPU time limit exceeded",
        _ => return format!("signal {number}"),
    };
    name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(failure: &Failure) -> String {
        let body: serde_json::Value = serde_json::from_slice(&failure.payload("ID")).unwrap();
        assert_eq!(body["errorType"], failure.error_type());
        body["errorMessage"].as_str().unwrap().to_owned()
    }

    #[test]
    fn failures_are_worded_as_aws_does() {
        let cases = [
            (
                Failure::Timeout { limit_ms: 3_000 },
                "RequestId: ID Error: Task timed out after 3.00 seconds",
            ),
            (
                Failure::Timeout { limit_ms: 2_555 },
                "RequestId: ID Error: Task timed out after 2.56 seconds",
            ),
            (
                Failure::Exit(Ending::Code(1)),
                "RequestId: ID Error: Runtime exited with error: exit status 1",
            ),
            (
                Failure::Exit(Ending::Code(0)),
                "RequestId: ID Error: Runtime exited without providing a reason",
            ),
            (
                Failure::Exit(Ending::Signal(9)),
                "RequestId: ID Error: Runtime exited with error: signal: killed",
            ),
            (
                Failure::OutOfMemory,
                "RequestId: ID Error: Runtime exited with error: signal: killed",
            ),
        ];
        for (failure, expected) in cases {
            assert_eq!(message(&failure), expected);
        }
    }

    #[test]
    fn an_init_error_passes_through_untouched() {
        let error = ReportedError {
            error_type: "Runtime.ImportModuleError".into(),
            payload: b"{ \"errorMessage\" : \"no module\" }".to_vec(),
        };
        let failure = Failure::Init(error);
        assert_eq!(
            failure.payload("ID"),
            b"{ \"errorMessage\" : \"no module\" }"
        );
    }

    #[test]
    fn only_a_killed_runtime_is_out_of_memory() {
        let mut state = State::default();
        assert_eq!(Failure::in_state(&state, || true), None);
        state.exits.push((Role::Runtime, Ending::Code(1)));
        assert_eq!(
            Failure::in_state(&state, || true),
            Some(Failure::Exit(Ending::Code(1)))
        );
        state.exits = vec![(Role::Runtime, Ending::Signal(libc::SIGKILL))];
        assert_eq!(
            Failure::in_state(&state, || true),
            Some(Failure::OutOfMemory)
        );
        assert_eq!(
            Failure::in_state(&state, || false),
            Some(Failure::Exit(Ending::Signal(libc::SIGKILL)))
        );
    }
}

//! One AWS Lambda execution environment as one process. README.md has the protocol.

mod api;
mod cgroup;
mod check;
mod clock;
mod control;
mod delay;
mod environment;
mod error;
mod forward;
mod freeze;
mod http;
mod init;
mod kernel_file;
mod lifecycle;
mod logs;
mod memory;
mod monitor;
mod namespace;
mod protocol;
mod resolver;
mod sandbox;
mod spec;
mod state;
mod supervisor;
mod telemetry;
mod threads;
mod variables;

use std::io::{self, Write};
use std::os::fd::AsFd;

use tracing_subscriber::filter::LevelFilter;

use error::{Error, Result};
use protocol::{Outgoing, Reporter};

const HELP: &str = "\
One AWS Lambda execution environment, driven over stdin and stdout (see README.md).

execution-environment [--cgroup-parent NAME]
    One environment. With the option its cgroups and namespaces are made ahead of the create message.
execution-environment check [--cgroup-parent NAME]
    Prints what isolation this machine offers, as JSON.
execution-environment sweep --cgroup-parent NAME
    Kills and removes what a crashed parent has left in that cgroup, and prints it as JSON.

EXECUTION_ENVIRONMENT_LOG=error|warn|info|debug sets how much is told on stderr (warn).
";

enum Action {
    Run,
    Check,
    Sweep,
    Help,
}

fn main() {
    start_tracing();
    if let Err(error) = arguments().and_then(|(action, parent)| act(&action, parent.as_deref())) {
        fail(&error);
    }
}

fn arguments() -> Result<(Action, Option<String>)> {
    use lexopt::prelude::{Long, Value};
    let usage = |error: lexopt::Error| Error::Usage(error.to_string());
    let mut parser = lexopt::Parser::from_env();
    let (mut action, mut parent) = (Action::Run, None);
    while let Some(argument) = parser.next().map_err(usage)? {
        match argument {
            Long("cgroup-parent") => {
                let name = parser.value().map_err(usage)?;
                parent = Some(name.to_string_lossy().into_owned());
            }
            Long("help") => action = Action::Help,
            Value(word) if word == "check" => action = Action::Check,
            Value(word) if word == "sweep" => action = Action::Sweep,
            other => return Err(usage(other.unexpected())),
        }
    }
    Ok((action, parent))
}

fn act(action: &Action, parent: Option<&str>) -> Result<()> {
    match (action, parent) {
        (Action::Run, parent) => supervisor::run(parent),
        (Action::Check, parent) => print(&check::isolation(parent)?),
        (Action::Sweep, Some(parent)) => print(&cgroup::sweep(parent)?),
        (Action::Sweep, None) => Err(Error::Usage("sweep needs --cgroup-parent NAME".into())),
        (Action::Help, _) => {
            // Nobody is left to tell when stdout is closed.
            let _ = io::stdout().write_all(HELP.as_bytes());
            Ok(())
        }
    }
}

fn print(value: &impl serde::Serialize) -> Result<()> {
    let text =
        serde_json::to_string_pretty(value).map_err(|error| Error::Protocol(error.to_string()))?;
    let _ = writeln!(io::stdout(), "{text}");
    Ok(())
}

/// The last frame of an environment that cannot go on.
fn fail(error: &Error) -> ! {
    let message = error.to_string();
    if let Ok(reporter) = Reporter::new(io::stdout().as_fd()) {
        reporter.send(&Outgoing::Fatal { message: &message });
    }
    std::process::exit(if matches!(error, Error::Usage(_)) {
        2
    } else {
        1
    })
}

fn start_tracing() {
    let level = std::env::var("EXECUTION_ENVIRONMENT_LOG").ok();
    let level = level
        .and_then(|level| level.parse().ok())
        .unwrap_or(LevelFilter::WARN);
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_writer(io::stderr)
        .init();
}

//! INIT: extensions and the runtime are started, at full CPU unless it is part of an invocation.

use serde_json::json;

use super::Lifecycle;
use super::failure::Failure;
use crate::cgroup::Share;
use crate::clock::monotonic_us;
use crate::environment::Environment;
use crate::error::{Error, Result};
use crate::init::{Command, Program, Role};
use crate::protocol::{InitStatus, Outgoing};
use crate::variables;

/// A launcher joins its cgroups in about 20 ms.
const PARKING_PATIENCE_US: u64 = 5_000_000;
/// A runtime that has posted an init error exits by itself, with its last lines of log.
const LAST_WORDS_US: u64 = 200_000;

/// What INIT took.
#[derive(Debug, Clone, Copy)]
pub struct InitFigures {
    pub init_us: u64,
    pub cpu_us: Option<u64>,
}

impl Lifecycle {
    /// INIT ahead of any invocation. Its failure is only reported: INIT is done again inside the
    /// next invocation.
    pub fn first_init(&mut self) -> Result<()> {
        let limit_ms = self.environment.spec.init_timeout_ms;
        let deadline = monotonic_us() + limit_ms * 1_000;
        match self.init(deadline, limit_ms, false)? {
            Ok(figures) => self.cold = Some(figures),
            Err(_) => self.environment.reset("failure")?,
        }
        Ok(())
    }

    /// One INIT, up to the monotonic `deadline_us`; afterwards the CPU share of INVOKE is set. After
    /// a failure the caller resets the environment, when it has read what there is to read.
    pub fn init(
        &mut self,
        deadline_us: u64,
        limit_ms: u64,
        suppressed: bool,
    ) -> Result<std::result::Result<InitFigures, Failure>> {
        let environment = &*self.environment;
        let oom_before = environment.out_of_memory_kills();
        let cpu_before = environment.cpu_us();
        environment.telemetry.open();
        self.tell_start();
        let of_memory = Share::OfMemory(environment.spec.memory_mb);
        environment.share_cpu(if suppressed { of_memory } else { Share::Full })?;
        environment.launch_all(deadline_us, oom_before)?;
        let result = environment.state.wait_until(deadline_us, |state| {
            // A failure first: an extension may report one and ask for its next event all the same.
            let oom_killed = || environment.out_of_memory_kills() > oom_before;
            if let Some(failure) = Failure::in_state(state, oom_killed) {
                return Some(Err(failure));
            }
            // A `next` can overtake the message that the process has started: both must be there.
            let began = state
                .started_us
                .filter(|_| state.all_waiting() && state.runtime_started)?;
            Some(Ok(state.last_next_us().saturating_sub(began)))
        });
        let cpu_us = difference(environment.cpu_us(), cpu_before);
        let result = result.unwrap_or(Err(Failure::Timeout { limit_ms }));
        let took_us = match &result {
            Ok(init_us) => *init_us,
            Err(_) => environment.since_start(),
        };
        environment.share_cpu(of_memory)?;
        if let Err(Failure::Init(_)) = &result {
            let until = monotonic_us() + LAST_WORDS_US;
            environment
                .state
                .wait_until(until, |state| (!state.exits.is_empty()).then_some(()));
        }
        environment.drain_logs();
        let figures = InitFigures {
            init_us: took_us,
            cpu_us,
        };
        self.tell_end(&figures, result.as_ref().err(), suppressed);
        self.environment.telemetry.close();
        self.initialised = result.is_ok();
        Ok(result.map(|_| figures))
    }

    fn tell_start(&self) {
        let spec = &self.environment.spec;
        self.environment.telemetry.platform("platform.initStart", || {
            json!({
                "initializationType": "on-demand", "phase": "init", "runtimeVersion": spec.runtime,
                "functionName": spec.function_name, "functionVersion": spec.function_version,
            })
        });
    }

    fn tell_end(&self, figures: &InitFigures, failure: Option<&Failure>, suppressed: bool) {
        let environment = &self.environment;
        let error_type = failure.map(Failure::error_type);
        let (status, word) = match failure {
            None => (InitStatus::Success, "success"),
            Some(Failure::Timeout { .. }) => (InitStatus::Timeout, "timeout"),
            Some(_) => (InitStatus::Error, "error"),
        };
        let phase = if suppressed { "invoke" } else { "init" };
        let duration_ms = figures.init_us as f64 / 1_000.0;
        environment.log_extensions();
        if failure.is_some() {
            let cause = error_type
                .filter(|_| status != InitStatus::Timeout)
                .map(|kind| format!("\tError Type: {kind}"))
                .unwrap_or_default();
            environment.log_platform(&format!(
                "INIT_REPORT Init Duration: {duration_ms:.2} ms\tPhase: {phase}\tStatus: {word}{cause}"
            ));
        }
        for event in ["platform.initRuntimeDone", "platform.initReport"] {
            environment.telemetry.platform(event, || {
                let mut record =
                    json!({"initializationType": "on-demand", "phase": phase, "status": word});
                if event == "platform.initReport" {
                    record["metrics"] = json!({"durationMs": duration_ms});
                }
                if let Some(kind) = error_type {
                    record["errorType"] = kind.into();
                }
                record
            });
        }
        environment.reporter.send(&Outgoing::Init {
            status,
            init_us: figures.init_us,
            cpu_us: figures.cpu_us,
            error_type,
            suppressed,
        });
    }
}

impl Environment {
    /// Starts the extensions, waits until they have registered, and starts the runtime.
    fn launch_all(&self, deadline_us: u64, oom_before: u64) -> Result<()> {
        let until = monotonic_us() + PARKING_PATIENCE_US;
        self.state
            .wait_until(until, |state| state.parked.then_some(()))
            .ok_or_else(|| Error::Sandbox("no launcher has come up".into()))?;
        for name in &self.extensions {
            self.launch(
                Role::Extension(name.clone()),
                vec![format!("/opt/extensions/{name}")],
            )?;
        }
        let external = self.extensions.len();
        if external > 0 {
            self.state.wait_until(deadline_us, |state| {
                let failed =
                    Failure::in_state(state, || self.out_of_memory_kills() > oom_before).is_some();
                (failed || state.registered_external() >= external).then_some(())
            });
        }
        self.state.update(|state| state.parked = false);
        self.launch(Role::Runtime, self.spec.argv.clone())
    }

    fn launch(&self, role: Role, argv: Vec<String>) -> Result<()> {
        let env = variables::for_program(&self.spec, &role);
        self.init
            .channel
            .send(&Command::Launch(Program { role, argv, env }), &[])
    }

    fn since_start(&self) -> u64 {
        let began = self.state.lock().started_us;
        began.map_or(0, |began| monotonic_us().saturating_sub(began))
    }

    /// One line for each extension that has registered, as AWS logs it.
    fn log_extensions(&self) {
        let lines: Vec<(String, Vec<String>, bool)> = self
            .state
            .lock()
            .extensions
            .values()
            .map(|extension| {
                (
                    extension.name.clone(),
                    extension.events.clone(),
                    extension.waiting,
                )
            })
            .collect();
        for (name, events, ready) in lines {
            let state = if ready { "Ready" } else { "Registered" };
            self.log_platform(&format!(
                "EXTENSION\tName: {name}\tState: {state}\tEvents: [{}]",
                events.join(", ")
            ));
            self.telemetry.platform(
                "platform.extension",
                || json!({"name": name, "state": state, "events": events}),
            );
        }
    }

    pub fn share_cpu(&self, share: Share) -> Result<()> {
        self.cgroup
            .as_ref()
            .map_or(Ok(()), |cgroup| cgroup.set_cpu_share(share))
    }
}

/// What was used between two readings of the CPU clock.
pub fn difference(after: Option<u64>, before: Option<u64>) -> Option<u64> {
    Some(after?.saturating_sub(before?))
}

//! INVOKE: one event, from hand-out to the `next` of the runtime and of every extension.

use serde_json::json;

use super::failure::Failure;
use super::init_phase::{InitFigures, difference};
use super::{Lifecycle, events};
use crate::clock::{monotonic_us, unix_ms};
use crate::environment::Environment;
use crate::error::Result;
use crate::protocol::{Invoke, Outgoing, ReportStatus};
use crate::state::{Answer, Event};

/// What an invocation came to.
struct Outcome {
    duration_us: u64,
    /// The error type of the function's own answer, if it gave one and it was an error.
    handler_error: Option<String>,
    /// A response has been sent.
    answered: bool,
    failure: Option<Failure>,
}

/// The figures of an invocation that is under way.
struct Measure {
    received_us: u64,
    cpu_before: Option<u64>,
    oom_before: u64,
    limit_ms: u64,
}

impl Lifecycle {
    /// # Errors
    /// What is inside cannot be controlled any more.
    pub fn invoke(&mut self, invoke: Invoke) -> Result<()> {
        let environment = std::sync::Arc::clone(&self.environment);
        let measure = Measure {
            received_us: monotonic_us(),
            cpu_before: environment.cpu_us(),
            oom_before: environment.out_of_memory_kills(),
            limit_ms: environment.spec.timeout_ms,
        };
        let request_id = invoke.request_id.clone();
        let outcome = self.attempt(invoke, &measure)?;
        let cpu_us = difference(environment.cpu_us(), measure.cpu_before);
        let peak_kb = environment.peak_memory_kb(outcome.failure.is_some());
        environment.flush_logs();
        if let Some(failure) = outcome.failure.as_ref().filter(|_| !outcome.answered) {
            environment.respond(
                &request_id,
                Some(failure.error_type()),
                &failure.payload(&request_id),
            );
        }
        self.report(&request_id, &outcome, &measure, cpu_us, peak_kb);
        if let Some(failure) = &outcome.failure {
            let timed_out = self.initialised && matches!(failure, Failure::Timeout { .. });
            environment.reset(if timed_out { "timeout" } else { "failure" })?;
            self.initialised = false;
        }
        Ok(())
    }

    /// INIT again where the last one failed, at the expense of this invocation; then the event.
    fn attempt(&mut self, invoke: Invoke, measure: &Measure) -> Result<Outcome> {
        let began = monotonic_us();
        let deadline = began + measure.limit_ms * 1_000;
        if !self.initialised {
            self.cold = None;
            if let Err(failure) = self.init(deadline, measure.limit_ms, true)? {
                return Ok(Outcome {
                    duration_us: (monotonic_us() - began).min(measure.limit_ms * 1_000),
                    handler_error: None,
                    answered: false,
                    failure: Some(failure),
                });
            }
        }
        let spent_us = monotonic_us() - began;
        Ok(self.environment.carry_out(invoke, measure, spent_us))
    }

    fn report(
        &mut self,
        request_id: &str,
        outcome: &Outcome,
        measure: &Measure,
        cpu_us: Option<u64>,
        peak_kb: Option<u64>,
    ) {
        let cold: Option<InitFigures> = self.cold.take();
        let failure = outcome.failure.as_ref();
        // The first word counts: a runtime may end after its answer was refused.
        let answered = outcome.handler_error.as_deref();
        let error_type = answered.or(failure.map(Failure::error_type));
        let (status, word) = match (failure, error_type) {
            (Some(Failure::Timeout { .. }), _) => (ReportStatus::Timeout, "timeout"),
            (_, Some(_)) => (ReportStatus::Error, "error"),
            _ => (ReportStatus::Success, "success"),
        };
        let environment = &self.environment;
        environment.telemetry.platform("platform.report", || {
            let duration_ms = outcome.duration_us as f64 / 1_000.0;
            let init_ms = cold.map_or(0.0, |cold| cold.init_us as f64 / 1_000.0);
            // A whole number: clients with types take no 3.0 for it.
            let billed_ms = (duration_ms + init_ms).ceil() as u64;
            let mut record = json!({"requestId": request_id, "status": word, "metrics": {
                "durationMs": duration_ms, "billedDurationMs": billed_ms,
                "memorySizeMB": environment.spec.memory_mb,
                "maxMemoryUsedMB": peak_kb.unwrap_or(0).div_ceil(1024),
            }});
            if cold.is_some() {
                record["metrics"]["initDurationMs"] = init_ms.into();
            }
            if let Some(kind) = error_type {
                record["errorType"] = kind.into();
            }
            record
        });
        environment.reporter.send(&Outgoing::Report {
            request_id,
            status,
            error_type,
            duration_us: outcome.duration_us,
            cpu_us,
            init_us: cold.map(|cold| cold.init_us),
            init_cpu_us: cold.and_then(|cold| cold.cpu_us),
            peak_kb,
            wall_us: monotonic_us() - measure.received_us,
        });
    }
}

impl Environment {
    /// Hands the event out and waits for the answer and for everyone's `next`. `spent_us` of the
    /// time-out is gone already.
    fn carry_out(&self, invoke: Invoke, measure: &Measure, spent_us: u64) -> Outcome {
        let request_id = invoke.request_id.clone();
        let left_us = (measure.limit_ms * 1_000).saturating_sub(spent_us);
        let handed_over = self.hand_over(invoke, left_us);
        let deadline = handed_over + left_us;
        let began = |at: Option<u64>| at.unwrap_or(handed_over).saturating_sub(spent_us);
        let failed = |state: &_| {
            Failure::in_state(state, || self.out_of_memory_kills() > measure.oom_before)
        };
        let timeout = Failure::Timeout {
            limit_ms: measure.limit_ms,
        };
        let mut outcome = Outcome {
            duration_us: 0,
            handler_error: None,
            answered: false,
            failure: None,
        };
        let answer = self
            .state
            .wait_until(deadline, |state| match state.runtime.answer.take() {
                Some(answer) => Some(Ok(answer)),
                None => failed(state).map(Err),
            });
        match answer.unwrap_or(Err(timeout.clone())) {
            Ok(Answer {
                error_type,
                payload,
            }) => {
                self.drain_logs();
                self.respond(&request_id, error_type.as_deref(), &payload);
                if !self.state.lock().extensions.is_empty() {
                    // The report may be long in coming.
                    self.reporter.flush();
                }
                outcome.answered = true;
                outcome.handler_error = error_type;
                self.tell_done(&request_id, outcome.handler_error.as_deref());
                let end = self.state.wait_until(deadline, |state| {
                    let end = || state.all_waiting().then(|| Ok(state.last_next_us()));
                    failed(state).map(Err).or_else(end)
                });
                let end = end.unwrap_or(Err(timeout));
                outcome.duration_us = end.as_ref().map_or_else(|_| monotonic_us(), |end| *end);
                outcome.failure = end.err();
            }
            Err(failure) => {
                outcome.duration_us = monotonic_us();
                self.tell_done(&request_id, Some(failure.error_type()));
                outcome.failure = Some(failure);
            }
        }
        let handed_out = self.state.lock().runtime.handed_out_us;
        outcome.duration_us = outcome.duration_us.saturating_sub(began(handed_out));
        if matches!(outcome.failure, Some(Failure::Timeout { .. })) {
            // What came after is this process's work, not the function's.
            outcome.duration_us = measure.limit_ms * 1_000;
        }
        outcome
    }

    /// Puts the event where the runtime's `next` takes it, and tells the extensions.
    fn hand_over(&self, invoke: Invoke, left_us: u64) -> u64 {
        let deadline_ms = unix_ms() + left_us.div_ceil(1_000);
        let trace_id = invoke.trace_id.unwrap_or_else(events::trace_id);
        let function_arn = invoke
            .function_arn
            .unwrap_or_else(|| self.spec.function_arn.clone());
        let event = events::invoke(&invoke.request_id, deadline_ms, &function_arn, &trace_id);
        self.telemetry.platform("platform.start", || {
            json!({"requestId": invoke.request_id, "version": self.spec.function_version,
                   "tracing": {"type": "X-Amzn-Trace-Id", "value": trace_id}})
        });
        self.state.update(|state| {
            for extension in state.extensions.values_mut() {
                if extension.wants("INVOKE") {
                    extension.waiting = false;
                    extension.queue.push_back(event.clone());
                }
            }
            let runtime = &mut state.runtime;
            runtime.waiting = false;
            runtime.answer = None;
            runtime.handed_out_us = None;
            runtime.pending = Some(Event {
                request_id: invoke.request_id,
                payload: invoke.payload,
                deadline_ms,
                trace_id,
                function_arn,
                client_context: invoke.client_context.map(document),
                cognito_identity: invoke.cognito_identity.map(document),
            });
            monotonic_us()
        })
    }

    fn respond(&self, request_id: &str, error_type: Option<&str>, payload: &[u8]) {
        let message = Outgoing::Response {
            request_id,
            error_type,
            payload_len: payload.len(),
        };
        self.reporter.hold(&message, payload);
    }

    fn tell_done(&self, request_id: &str, error_type: Option<&str>) {
        self.telemetry.platform("platform.runtimeDone", || {
            let handed_out = self.state.lock().runtime.handed_out_us;
            let spent_us = handed_out.map_or(0, |at| monotonic_us().saturating_sub(at));
            let status = match error_type {
                None => "success",
                Some("Sandbox.Timedout") => "timeout",
                Some(_) => "error",
            };
            let mut record = json!({"requestId": request_id, "status": status,
                "metrics": {"durationMs": spent_us as f64 / 1_000.0}});
            if let Some(kind) = error_type {
                record["errorType"] = kind.into();
            }
            record
        });
    }
}

/// A JSON document as a header carries it.
fn document(value: serde_json::Value) -> String {
    match value {
        serde_json::Value::String(text) => text,
        other => other.to_string(),
    }
}

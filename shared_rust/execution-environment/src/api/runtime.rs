//! The Runtime API: a function's runtime asks for events and posts answers.

use base64::Engine;
use base64::engine::general_purpose::STANDARD as BASE64;

use super::Outcome;
use crate::clock::monotonic_us;
use crate::environment::Environment;
use crate::http::{Request, Response};
use crate::monitor::FOREVER;
use crate::state::{Answer, Event, ReportedError};

/// 6 MB and what AWS adds for its envelope.
const MAX_RESPONSE: usize = 6 * 1024 * 1024 + 100;
/// A streamed response may be longer (20 MB by default on AWS).
const MAX_STREAMED: usize = 20 * 1024 * 1024;

const ERROR_TYPE: &str = "Lambda-Runtime-Function-Error-Type";

/// One byte more is kept than is allowed, to tell the two apart.
pub fn response_limit(request: &Request) -> usize {
    let streamed = request
        .header("Lambda-Runtime-Function-Response-Mode")
        .is_some_and(|mode| mode.eq_ignore_ascii_case("streaming"));
    if streamed { MAX_STREAMED } else { MAX_RESPONSE }
}

/// `GET …/invocation/next`: waits until there is something to do.
pub fn next(environment: &Environment, request: &Request) -> Outcome {
    let state = &environment.state;
    let started = state.update(|state| {
        let runtime = &mut state.runtime;
        if runtime.current.is_some() && !runtime.answered {
            return None;
        }
        runtime.current = None;
        runtime.waiting = true;
        runtime.next_us = request.arrived_us;
        runtime.ticket += 1;
        Some((state.generation, runtime.ticket))
    });
    let Some(mine) = started else {
        return Outcome::Answer(forbidden("Running", "Ready"));
    };
    let event = state.wait_until(FOREVER, |state| {
        if (state.generation, state.runtime.ticket) != mine {
            return Some(None);
        }
        let event = state.runtime.pending.take()?;
        let runtime = &mut state.runtime;
        runtime.waiting = false;
        runtime.answered = false;
        runtime.current = Some(event.request_id.clone());
        runtime.handed_out_us = Some(monotonic_us());
        Some(Some(event))
    });
    match event.flatten() {
        Some(event) => Outcome::Answer(handed_out(event)),
        None => Outcome::Close,
    }
}

fn handed_out(event: Event) -> Response {
    let mut response = Response::new(200, event.payload)
        .header("Lambda-Runtime-Aws-Request-Id", event.request_id)
        .header("Lambda-Runtime-Deadline-Ms", event.deadline_ms.to_string())
        .header("Lambda-Runtime-Invoked-Function-Arn", event.function_arn)
        .header("Lambda-Runtime-Trace-Id", event.trace_id);
    if let Some(context) = event.client_context {
        response = response.header("Lambda-Runtime-Client-Context", context);
    }
    if let Some(identity) = event.cognito_identity {
        response = response.header("Lambda-Runtime-Cognito-Identity", identity);
    }
    response
}

/// `POST …/invocation/{id}/response`.
pub fn response(environment: &Environment, id: &str, request: Request) -> Response {
    let limit = response_limit(&request);
    if request.body_len > limit {
        return too_large(environment, id, request.body_len, limit);
    }
    // A stream that broke off in the middle says so in its trailers.
    let error_type = request.header(ERROR_TYPE).map(str::to_owned);
    let payload = match (
        &error_type,
        request.header("Lambda-Runtime-Function-Error-Body"),
    ) {
        (Some(_), Some(body)) => BASE64.decode(body).unwrap_or(request.body),
        _ => request.body,
    };
    answer(
        environment,
        id,
        Answer {
            error_type,
            payload,
        },
    )
    .unwrap_or_else(Response::accepted)
}

fn too_large(environment: &Environment, id: &str, length: usize, limit: usize) -> Response {
    let error_type = "Function.ResponseSizeTooLarge";
    let message = format!(
        "Response payload size ({length} bytes) exceeded maximum allowed payload size ({limit} bytes)."
    );
    let payload = serde_json::json!({"errorMessage": message, "errorType": error_type});
    let refused = answer(
        environment,
        id,
        Answer {
            error_type: Some(error_type.to_owned()),
            payload: payload.to_string().into_bytes(),
        },
    );
    refused.unwrap_or_else(|| {
        let message = format!("Exceeded maximum allowed payload size ({limit} bytes).");
        Response::error(413, "RequestEntityTooLarge", &message)
    })
}

/// `POST …/invocation/{id}/error`: the handler failed; its payload is passed through.
pub fn error(environment: &Environment, id: &str, request: Request) -> Response {
    let error_type = request.header(ERROR_TYPE).unwrap_or("Unhandled").to_owned();
    let reported = Answer {
        error_type: Some(error_type),
        payload: request.body,
    };
    answer(environment, id, reported).unwrap_or_else(Response::accepted)
}

/// Takes the answer to the current event; otherwise what to say to the runtime.
fn answer(environment: &Environment, id: &str, answer: Answer) -> Option<Response> {
    environment.state.update(|state| {
        let runtime = &mut state.runtime;
        if runtime.current.as_deref() != Some(id) {
            return Some(Response::error(
                400,
                "InvalidRequestID",
                "Invalid request ID",
            ));
        }
        if runtime.answered {
            return Some(forbidden("InvocationResponse", "InvocationResponse"));
        }
        runtime.answered = true;
        runtime.answer = Some(answer);
        None
    })
}

/// `POST …/init/error`.
pub fn init_error(environment: &Environment, request: Request) -> Response {
    let error_type = request
        .header(ERROR_TYPE)
        .unwrap_or("Runtime.Unknown")
        .to_owned();
    environment.state.update(|state| {
        // Later than INIT it means nothing.
        if state.runtime.ticket > 0 {
            return forbidden("Ready", "InitError");
        }
        state.runtime.init_error = Some(ReportedError {
            error_type,
            payload: request.body,
        });
        Response::accepted()
    })
}

fn forbidden(from: &str, to: &str) -> Response {
    let message = format!(
        "State transition from {from} to {to} failed for runtime. Error: State transition is not allowed"
    );
    Response::error(403, "InvalidStateTransition", &message)
}

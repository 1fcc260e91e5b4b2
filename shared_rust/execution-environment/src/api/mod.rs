//! The three HTTP APIs of an execution environment, on one port inside the sandbox.

mod extensions;
mod runtime;
mod telemetry;

use std::io;
use std::net::TcpListener;
use std::sync::Arc;

use crate::environment::Environment;
use crate::http::{Budget, Connection, Request, Response};
use crate::threads::Gate;

/// More than any runtime needs; a function that opens sockets without end is refused.
const MAX_CONNECTIONS: usize = 256;
/// Bodies other than a response: errors, registrations.
const MAX_SMALL_BODY: usize = 1024 * 1024;

/// Of all bodies at once: the longest response, and some.
const MAX_HELD: usize = 32 * 1024 * 1024;

/// What becomes of a request.
enum Outcome {
    Answer(Response),
    /// The processes that it came from are dead or dying, or a later request took its place.
    Close,
}

/// Serves every connection until the listener breaks.
pub fn listen(environment: &Arc<Environment>, listener: &TcpListener) {
    let gate = Gate::new(MAX_CONNECTIONS);
    let budget = Budget::new(MAX_HELD);
    for stream in listener.incoming().flatten() {
        let environment = Arc::clone(environment);
        let connection = Connection::new(stream, budget.clone());
        gate.spawn("api", move || serve(&environment, connection));
    }
}

fn serve(environment: &Environment, mut connection: Connection) {
    loop {
        match connection.next_request(body_limit) {
            Ok(Some(request)) => {
                let Outcome::Answer(response) = route(environment, request) else {
                    return;
                };
                if response.write(connection.stream()).is_err() {
                    return;
                }
            }
            Ok(None) => return,
            Err(error) => {
                tracing::debug!(%error, "a connection to the API ends");
                if error.kind() == io::ErrorKind::InvalidData {
                    let refusal = Response::error(400, "InvalidRequestFormat", &error.to_string());
                    // Who does not listen is not told.
                    let _ = refusal.write(connection.stream());
                }
                return;
            }
        }
    }
}

fn body_limit(request: &Request) -> usize {
    if request.path.ends_with("/response") {
        runtime::response_limit(request)
    } else {
        MAX_SMALL_BODY
    }
}

fn route(environment: &Environment, request: Request) -> Outcome {
    let path = request.path.clone();
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    match (request.method.as_str(), parts.as_slice()) {
        ("GET", ["2018-06-01", "runtime", "invocation", "next"]) => {
            runtime::next(environment, &request)
        }
        ("POST", ["2018-06-01", "runtime", "invocation", id, "response"]) => {
            Outcome::Answer(runtime::response(environment, id, request))
        }
        ("POST", ["2018-06-01", "runtime", "invocation", id, "error"]) => {
            Outcome::Answer(runtime::error(environment, id, request))
        }
        ("POST", ["2018-06-01", "runtime", "init", "error"]) => {
            Outcome::Answer(runtime::init_error(environment, request))
        }
        ("POST", ["2020-01-01", "extension", "register"]) => {
            Outcome::Answer(extensions::register(environment, &request))
        }
        ("GET", ["2020-01-01", "extension", "event", "next"]) => {
            extensions::next(environment, &request)
        }
        (
            "POST",
            [
                "2020-01-01",
                "extension",
                phase @ ("init" | "exit"),
                "error",
            ],
        ) => Outcome::Answer(extensions::error(environment, phase, request)),
        ("PUT", ["2022-07-01", "telemetry"]) => {
            Outcome::Answer(telemetry::subscribe(environment, &request))
        }
        (method, _) => Outcome::Answer(Response::error(
            404,
            "Runtime.NotFound",
            &format!("no {method} {path} in this API"),
        )),
    }
}

//! The Extensions API: processes beside the runtime, and threads inside it.

use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use super::Outcome;
use crate::environment::Environment;
use crate::http::{Request, Response};
use crate::monitor::FOREVER;
use crate::state::{Extension, ReportedError};

/// External and internal together, as on AWS.
const MAX_EXTENSIONS: usize = 10;

const IDENTIFIER: &str = "Lambda-Extension-Identifier";

const STATE: &str = "Extension.InvalidExtensionState";

#[derive(Deserialize, Default)]
struct Registration {
    #[serde(default)]
    events: Vec<String>,
}

/// `POST …/register`.
pub fn register(environment: &Environment, request: &Request) -> Response {
    let Some(name) = request
        .header("Lambda-Extension-Name")
        .filter(|name| !name.is_empty())
    else {
        return Response::error(
            400,
            "Extension.InvalidExtensionName",
            "Invalid extension name",
        );
    };
    let Ok(registration) = serde_json::from_slice::<Registration>(&request.body) else {
        return Response::error(
            400,
            "InvalidRequestFormat",
            "the body must be {\"events\": [...]}",
        );
    };
    let external = environment.extensions.iter().any(|known| known == name);
    if let Err(refusal) = check_events(&registration.events, external) {
        return refusal;
    }
    let identifier = Uuid::new_v4().to_string();
    let refusal = environment.state.update(|state| {
        if state.runtime.waiting || state.runtime.ticket > 0 {
            return Some((STATE, "registration is only possible during INIT"));
        }
        if state
            .extensions
            .values()
            .any(|extension| extension.name == name)
        {
            return Some((STATE, "this extension has registered already"));
        }
        if state.extensions.len() >= MAX_EXTENSIONS {
            return Some((
                "Extension.TooManyExtensions",
                "Extension limit (10) reached: remove some",
            ));
        }
        let extension = Extension {
            name: name.to_owned(),
            events: registration.events.clone(),
            internal: !external,
            ..Extension::default()
        };
        state.extensions.insert(identifier.clone(), extension);
        None
    });
    if let Some((kind, reason)) = refusal {
        return Response::error(403, kind, reason);
    }
    let spec = &environment.spec;
    let mut about = json!({
        "functionName": spec.function_name, "functionVersion": spec.function_version, "handler": spec.handler,
    });
    if asks_for_account(request) {
        let account = spec.function_arn.split(':').nth(4);
        about["accountId"] = account.unwrap_or_default().into();
    }
    Response::new(200, about.to_string()).header(IDENTIFIER, identifier)
}

/// Only one that asks is told the account, as AWS documents it.
fn asks_for_account(request: &Request) -> bool {
    let features = request.header("Lambda-Extension-Accept-Feature");
    let mut features = features.unwrap_or_default().split(',');
    features.any(|feature| feature.trim() == "accountId")
}

/// Only an external extension is told of SHUTDOWN: an internal one goes with its runtime.
fn check_events(events: &[String], external: bool) -> Result<(), Response> {
    let allowed: &[&str] = if external {
        &["INVOKE", "SHUTDOWN"]
    } else {
        &["INVOKE"]
    };
    match events
        .iter()
        .find(|event| !allowed.contains(&event.as_str()))
    {
        None => Ok(()),
        Some(event) => Err(Response::error(
            400,
            "Extension.InvalidEventType",
            &format!("{event} is not an event for this kind of extension"),
        )),
    }
}

/// `GET …/event/next`: waits until there is an event for this extension.
pub fn next(environment: &Environment, request: &Request) -> Outcome {
    let identifier = request.header(IDENTIFIER).unwrap_or_default();
    let state = &environment.state;
    let started = state.update(|state| {
        let extension = state.extensions.get_mut(identifier)?;
        extension.waiting = extension.queue.is_empty();
        extension.next_us = request.arrived_us;
        extension.ticket += 1;
        Some((state.generation, extension.ticket))
    });
    let Some((generation, ticket)) = started else {
        return Outcome::Answer(unknown());
    };
    let event = state.wait_until(FOREVER, |state| {
        let current = state.generation;
        let extension = state
            .extensions
            .get_mut(identifier)
            .filter(|extension| (current, extension.ticket) == (generation, ticket));
        match extension {
            None => Some(None),
            Some(extension) => {
                let event = extension.queue.pop_front()?;
                extension.waiting = false;
                Some(Some(event))
            }
        }
    });
    match event.flatten() {
        Some(event) => Outcome::Answer(Response::new(200, event).header(
            "Lambda-Extension-Event-Identifier",
            Uuid::new_v4().to_string(),
        )),
        None => Outcome::Close,
    }
}

/// `POST …/init/error` and `…/exit/error`: the environment cannot go on.
pub fn error(environment: &Environment, phase: &str, request: Request) -> Response {
    let identifier = request.header(IDENTIFIER).unwrap_or_default().to_owned();
    let default = if phase == "init" {
        "Extension.InitError"
    } else {
        "Extension.ExitError"
    };
    let error_type = request
        .header("Lambda-Extension-Function-Error-Type")
        .unwrap_or(default)
        .to_owned();
    environment
        .state
        .update(|state| match state.extensions.get_mut(&identifier) {
            None => unknown(),
            Some(extension) => {
                extension.error = Some(ReportedError {
                    error_type,
                    payload: request.body,
                });
                Response::accepted()
            }
        })
}

fn unknown() -> Response {
    Response::error(
        403,
        "Extension.UnknownExtensionIdentifier",
        "unknown Lambda-Extension-Identifier",
    )
}

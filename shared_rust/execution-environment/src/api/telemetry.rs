//! The Telemetry API's door.

use serde_json::json;

use crate::environment::Environment;
use crate::http::{Request, Response};
use crate::telemetry;

/// `PUT /2022-07-01/telemetry`.
pub fn subscribe(environment: &Environment, request: &Request) -> Response {
    let identifier = request
        .header("Lambda-Extension-Identifier")
        .unwrap_or_default();
    let name = environment
        .state
        .lock()
        .extensions
        .get(identifier)
        .map(|extension| extension.name.clone());
    let Some(name) = name else {
        let message = "unknown Lambda-Extension-Identifier";
        return Response::error(403, "Extension.UnknownExtensionIdentifier", message);
    };
    let wanted: telemetry::Request = match serde_json::from_slice(&request.body) {
        Ok(wanted) => wanted,
        Err(error) => return Response::error(400, "ValidationError", &error.to_string()),
    };
    match environment.telemetry.subscribe(&name, &wanted) {
        Err(refused @ telemetry::Refused::TooLate) => {
            Response::error(403, "Telemetry.NotSupported", &refused.to_string())
        }
        Err(refused) => Response::error(400, "ValidationError", &refused.to_string()),
        Ok(()) => {
            let types = wanted.types;
            environment.log_platform(&format!(
                "TELEMETRY\tName: {name}\tState: Subscribed\tTypes: [{}]",
                types.join(", ")
            ));
            environment.telemetry.platform(
                "platform.telemetrySubscription",
                || json!({"name": name, "state": "Subscribed", "types": types}),
            );
            Response::new(200, "\"OK\"")
        }
    }
}

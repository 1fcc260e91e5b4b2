//! The events that extensions get, and trace ids.

use serde_json::json;
use uuid::Uuid;

use crate::clock::unix_ms;

pub fn invoke(request_id: &str, deadline_ms: u64, function_arn: &str, trace_id: &str) -> String {
    json!({
        "eventType": "INVOKE", "deadlineMs": deadline_ms, "requestId": request_id,
        "invokedFunctionArn": function_arn,
        "tracing": {"type": "X-Amzn-Trace-Id", "value": trace_id},
    })
    .to_string()
}

/// `reason` is `spindown`, `timeout` or `failure`.
pub fn shutdown(reason: &str, deadline_ms: u64) -> String {
    json!({"eventType": "SHUTDOWN", "shutdownReason": reason, "deadlineMs": deadline_ms})
        .to_string()
}

/// A trace id that is not sampled, for callers that bring none.
pub fn trace_id() -> String {
    let random = Uuid::new_v4().simple().to_string();
    let parent = Uuid::new_v4().simple().to_string();
    let seconds = unix_ms() / 1_000;
    format!(
        "Root=1-{seconds:08x}-{};Parent={};Sampled=0",
        &random[..24],
        &parent[..16]
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_id_has_the_shape_that_x_ray_reads() {
        let id = trace_id();
        let root = id.strip_prefix("Root=1-").unwrap();
        assert_eq!(root.find(';'), Some(8 + 1 + 24));
        assert!(id.ends_with(";Sampled=0"), "{id}");
    }
}

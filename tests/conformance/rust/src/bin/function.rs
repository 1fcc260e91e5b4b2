//! A function that does what its event says: `{"do": "fail"}` and so on. Any other event comes back.

use std::time::Duration;

use lambda_runtime::{Context, Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(handle)).await
}

async fn handle(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let LambdaEvent { payload, context } = event;
    let number = payload["n"].as_u64().unwrap_or_default();
    match payload["do"].as_str() {
        Some("fail") => Err("café".into()),
        Some("parse") => Ok(json!("no number".parse::<u8>()?)),
        Some("panic") => panic!("gone"),
        Some("exit") => std::process::exit(i32::try_from(number)?),
        Some("abort") => std::process::abort(),
        Some("sleep") => {
            tokio::time::sleep(Duration::from_secs(number)).await;
            Ok(Value::Null)
        }
        Some("repeat") => Ok("x".repeat(usize::try_from(number)?).into()),
        Some("context") => Ok(told(&context)),
        Some("caller") => Ok(json!([context.xray_trace_id, context.identity])),
        _ => Ok(payload),
    }
}

fn told(context: &Context) -> Value {
    let settings = &context.env_config;
    json!({
        "id": context.request_id,
        "deadline is set": context.deadline > 0,
        "arn": context.invoked_function_arn,
        "function": [json!(settings.function_name), json!(settings.version), json!(settings.memory)],
        "logs": [settings.log_group, settings.log_stream],
        "client": context.client_context,
    })
}

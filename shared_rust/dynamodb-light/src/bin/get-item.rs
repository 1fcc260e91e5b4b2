//! One GetItem: the smallest call with the SDK, to tell what TLS adds to it.

use aws_sdk_dynamodb::types::AttributeValue;
use dynamodb_light::Table;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> Result<(), Error> {
    dynamodb_light::log();
    let table = &Table::from_environment().await?;
    run(service_fn(move |_event: LambdaEvent<Value>| handle(table))).await
}

async fn handle(table: &Table) -> Result<Value, Error> {
    let text = |value: &str| AttributeValue::S(value.to_owned());
    let answer = table
        .client
        .get_item()
        .table_name(&table.name)
        .key("pk", text("one"))
        .key("sk", text("light"))
        .send()
        .await?;
    Ok(json!({ "found": answer.item.is_some() }))
}

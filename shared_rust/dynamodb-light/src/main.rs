//! Writes five items in one batch and reads them back in another, as the "light" workload of
//! cebert/aws-lambda-performance-benchmarks does, whose figures on AWS are in `workshop/report/published`.

use std::collections::HashMap;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_dynamodb::types::{AttributeValue, KeysAndAttributes, PutRequest, WriteRequest};
use dynamodb_light::Table;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use serde_json::{Value, json};

type Item = HashMap<String, AttributeValue>;

const ITEMS: u64 = 5;
const WORKLOAD: &str = "light";
const DAY_MS: u64 = 86_400_000;

#[tokio::main]
async fn main() -> Result<(), Error> {
    dynamodb_light::log();
    let table = &Table::from_environment().await?;
    run(service_fn(move |_event: LambdaEvent<Value>| handle(table))).await
}

async fn handle(table: &Table) -> Result<Value, Error> {
    let now_ms = u64::try_from(SystemTime::now().duration_since(UNIX_EPOCH)?.as_millis())?;
    let written: Vec<Item> = (0..ITEMS).map(|number| item(now_ms, number)).collect();
    write(table, &written).await?;
    let read = read(table, &written).await?;
    let matching = written
        .iter()
        .filter(|item| read.iter().any(|found| found == *item))
        .count();
    if matching != written.len() {
        return Err(format!("{matching} of {ITEMS} items came back as they were written").into());
    }
    Ok(json!({ "items_written": written.len(), "items_read": read.len() }))
}

fn item(now_ms: u64, number: u64) -> Item {
    let text = |value: &str| AttributeValue::S(value.to_owned());
    let integer = |value: u64| AttributeValue::N(value.to_string());
    let attributes = [
        ("pk", text(&format!("test-{now_ms}-{number}"))),
        ("sk", text(WORKLOAD)),
        ("timestamp", integer(now_ms + number)),
        ("ttl", integer((now_ms + DAY_MS) / 1000)),
        ("workload", text(WORKLOAD)),
        ("runtime", text("rust")),
        ("architecture", text(std::env::consts::ARCH)),
        (
            "data",
            text(&format!("benchmark test data - item {number}")),
        ),
    ];
    attributes
        .map(|(name, value)| (name.to_owned(), value))
        .into()
}

async fn write(table: &Table, items: &[Item]) -> Result<(), Error> {
    let requests = items
        .iter()
        .map(|item| {
            let put = PutRequest::builder().set_item(Some(item.clone())).build()?;
            Ok(WriteRequest::builder().put_request(put).build())
        })
        .collect::<Result<Vec<_>, Error>>()?;
    table
        .client
        .batch_write_item()
        .request_items(&table.name, requests)
        .send()
        .await?;
    Ok(())
}

async fn read(table: &Table, items: &[Item]) -> Result<Vec<Item>, Error> {
    let is_key = |name: &str| matches!(name, "pk" | "sk");
    let key = |item: &Item| {
        item.clone()
            .into_iter()
            .filter(|(name, _)| is_key(name))
            .collect()
    };
    let keys = KeysAndAttributes::builder()
        .set_keys(Some(items.iter().map(key).collect()))
        .build()?;
    let answer = table
        .client
        .batch_get_item()
        .request_items(&table.name, keys)
        .send()
        .await?;
    let found = answer
        .responses
        .and_then(|mut tables| tables.remove(&table.name));
    Ok(found.unwrap_or_default())
}

//! Consumer of the analytics queue.

use analytics_consumer::aws::DynamoStore;
use analytics_consumer::{Messages, handle};
use aws_sdk_dynamodb::Client;
use lambda_runtime::{Error, LambdaEvent, service_fn};
use rust_rewrite::{environment, logging};
use s3_admin::aws::config;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let store = &DynamoStore::new(
        Client::new(&config().await),
        environment::required("COUNTERS_TABLE")?,
        environment::required("MARKERS_TABLE")?,
    );
    lambda_runtime::run(service_fn(move |event: LambdaEvent<Messages>| async move {
        Ok::<_, Error>(handle(store, event.payload).await)
    }))
    .await
}

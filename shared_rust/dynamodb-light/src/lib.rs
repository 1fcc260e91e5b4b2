//! What the benchmark functions share: a client made in INIT, the table's name, the log.

use std::env;

use aws_sdk_dynamodb::Client;
use lambda_runtime::Error;

/// The table that the function's environment names.
pub struct Table {
    pub client: Client,
    pub name: String,
}

impl Table {
    /// Makes the client and sends nothing: the first call pays for its connection. Fails without `TABLE_NAME`.
    pub async fn from_environment() -> Result<Self, Error> {
        let name = env::var("TABLE_NAME").map_err(|_| "TABLE_NAME is not set")?;
        let client = Client::new(&s3_admin::aws::config().await);
        Ok(Self { client, name })
    }
}

/// Log lines as the published benchmark writes them.
pub fn log() {
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_target(false)
        .without_time()
        .init();
}

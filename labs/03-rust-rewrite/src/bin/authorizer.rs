//! REQUEST authorizer of the API: who is calling, and what may they do.

use lambda_runtime::{Error, LambdaEvent, service_fn};
use rust_rewrite::{environment, logging};
use s3_admin::authorization::identify;
use s3_admin::aws::{DynamoUsers, SecretKeys, config};
use s3_admin::policy::{AuthorizerAnswer, allow};
use s3_admin::timestamp::Timestamp;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The event of a REQUEST authorizer, as far as it is read.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AuthorizerEvent {
    method_arn: String,
    #[serde(default)]
    multi_value_headers: Option<BTreeMap<String, Vec<String>>>,
}

impl AuthorizerEvent {
    /// The `Authorization` header, if there is exactly one.
    fn authorization(&self) -> Option<&str> {
        let headers = self.multi_value_headers.iter().flatten();
        let mut values = headers
            .filter(|(name, _)| name.eq_ignore_ascii_case("authorization"))
            .flat_map(|(_, values)| values);
        let first = values.next()?;
        values.next().is_none().then_some(first)
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config = config().await;
    let users = &DynamoUsers::new(&config, environment::required("USERS_TABLE")?);
    let keys = &SecretKeys::new(&config, environment::required("TOKEN_KEYS_SECRET")?);
    lambda_runtime::run(service_fn(
        move |event: LambdaEvent<AuthorizerEvent>| async move {
            authorize(users, keys, &event.payload).await
        },
    ))
    .await
}

async fn authorize(
    users: &DynamoUsers,
    keys: &SecretKeys,
    event: &AuthorizerEvent,
) -> Result<AuthorizerAnswer, Error> {
    // API Gateway makes a 401 of exactly this message, and a 500 of any other.
    let unauthorized = || Error::from("Unauthorized");
    let header = event.authorization().ok_or_else(unauthorized)?;
    let identity = identify(header, users, keys, Timestamp::now()).await?;
    let role = identity.as_ref().map(|identity| identity.role.as_str());
    tracing::info!(
        role,
        "{}",
        if identity.is_some() {
            "authorized"
        } else {
            "refused"
        }
    );
    identity
        .and_then(|identity| allow(&identity, &event.method_arn))
        .ok_or_else(unauthorized)
}

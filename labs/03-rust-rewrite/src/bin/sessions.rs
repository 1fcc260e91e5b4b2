//! `POST /sessions`: signing in.

use lambda_runtime::Error;
use rust_rewrite::web::{Request, Response, serve};
use rust_rewrite::{environment, logging};
use s3_admin::Problem;
use s3_admin::aws::{DynamoUsers, SecretKeys, config};
use s3_admin::body::{check_fields, required_text};
use s3_admin::credentials::{PASSWORD_LENGTH, USERNAME_LENGTH};
use s3_admin::sessions;
use s3_admin::timestamp::Timestamp;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let config = config().await;
    let users = DynamoUsers::new(&config, environment::required("USERS_TABLE")?);
    let keys = SecretKeys::new(&config, environment::required("TOKEN_KEYS_SECRET")?);
    serve(&[("/sessions", &["POST"])], async |request| {
        sign_in(&users, &keys, request).await
    })
    .await
}

async fn sign_in(
    users: &DynamoUsers,
    keys: &SecretKeys,
    request: &Request,
) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    let body = request.json_object()?;
    check_fields(&body, &["username", "password"])?;
    let username = required_text(&body, "username", USERNAME_LENGTH)?;
    let password = required_text(&body, "password", PASSWORD_LENGTH)?;
    let session = sessions::sign_in(users, keys, username, password, Timestamp::now()).await?;
    Response::json(201, &session)
}

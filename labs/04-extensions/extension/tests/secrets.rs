//! Secrets over loopback, as a function asks for them.

mod common;

use common::{Extension, Platform};
use std::sync::atomic::Ordering;

const HEADER: &str = "x-aws-parameters-secrets-token: session-token-5b1f\r\n";
const PATH: &str =
    "/secretsmanager/get?secretId=arn%3Aaws%3Asecretsmanager%3Aeu-west-1%3A1%3Asecret%3Akeys";
const VALUE: &str = r#"{"ARN":"arn","Name":"keys","SecretString":"hunter2-0c51","VersionId":"v1"}"#;

async fn get(extension: &Extension, headers: &str, path: &str) -> (u16, String) {
    let mut client = common::Client::connect(extension.secrets_port).await;
    client.call("GET", path, headers, b"").await
}

#[tokio::test]
async fn a_secret_is_fetched_once_for_many_requests() {
    let platform = Platform::start().await;
    platform.aws.answer_secrets(200, VALUE);
    let extension = Extension::start(&platform, &[]).await;
    for _ in 0..20 {
        assert_eq!(get(&extension, HEADER, PATH).await, (200, VALUE.to_owned()));
    }
    assert_eq!(platform.aws.secret_calls.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn without_time_to_live_each_request_is_a_call() {
    let platform = Platform::start().await;
    platform.aws.answer_secrets(200, VALUE);
    let extension = Extension::start(&platform, &[("SECRETS_MANAGER_TTL", "0")]).await;
    for _ in 0..3 {
        assert_eq!(get(&extension, HEADER, PATH).await.0, 200);
    }
    assert_eq!(platform.aws.secret_calls.load(Ordering::SeqCst), 3);
}

#[tokio::test]
async fn only_who_shows_the_sessions_token_is_answered() {
    let platform = Platform::start().await;
    platform.aws.answer_secrets(200, VALUE);
    let extension = Extension::start(&platform, &[]).await;
    assert_eq!(get(&extension, HEADER, PATH).await.0, 200);
    for headers in [
        "",
        "x-aws-parameters-secrets-token: \r\n",
        "x-aws-parameters-secrets-token: session-token-5b1\r\n",
        "x-aws-parameters-secrets-token: session-token-5b1g\r\n",
    ] {
        let (status, body) = get(&extension, headers, PATH).await;
        assert_eq!(status, 401, "{headers}");
        assert!(!body.contains("hunter2") && !body.contains("session-token"));
    }
    let none = Platform::start().await;
    let open = Extension::start(&none, &[("AWS_SESSION_TOKEN", "")]).await;
    let (status, _) = get(&open, "x-aws-parameters-secrets-token: \r\n", PATH).await;
    assert_eq!(status, 401, "no token is not an empty one");
}

#[tokio::test]
async fn errors_are_passed_on() {
    let platform = Platform::start().await;
    let missing = r#"{"__type":"ResourceNotFoundException","Message":"no such secret"}"#;
    platform.aws.answer_secrets(400, missing);
    let extension = Extension::start(&platform, &[]).await;
    assert_eq!(
        get(&extension, HEADER, PATH).await,
        (400, missing.to_owned())
    );
    assert_eq!(get(&extension, HEADER, "/secretsmanager/get").await.0, 400);
    assert_eq!(
        get(&extension, HEADER, "/systemsmanager/parameters/get?name=a")
            .await
            .0,
        404
    );
    platform.aws.answer_secrets(200, VALUE);
    assert_eq!(
        get(&extension, HEADER, PATH).await.0,
        200,
        "an error is not kept"
    );
}

#[tokio::test]
async fn a_service_out_of_reach_is_503() {
    let platform = Platform::start().await;
    let nowhere = [("AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://127.0.0.1:1")];
    let extension = Extension::start(&platform, &nowhere).await;
    assert_eq!(get(&extension, HEADER, PATH).await.0, 503);
}

#[tokio::test]
async fn nothing_secret_is_logged() {
    let platform = Platform::start().await;
    platform.aws.answer_secrets(200, VALUE);
    let loud = [("RUST_LOG", "trace"), ("AWS_LAMBDA_LOG_LEVEL", "TRACE")];
    let extension = Extension::start(&platform, &loud).await;
    get(&extension, HEADER, PATH).await;
    get(
        &extension,
        "x-aws-parameters-secrets-token: wrong\r\n",
        PATH,
    )
    .await;
    platform.aws.answer_secrets(500, VALUE);
    get(&extension, HEADER, &format!("{PATH}&refreshNow=true")).await;
    platform.shut_down(std::time::Duration::from_secs(2));
    assert!(extension.ended().await);
    for secret in ["hunter2", "session-token", "secret-key"] {
        assert_eq!(extension.said(secret), 0, "{}", extension.logs());
    }
}

//! `/buckets/{bucket}/lifecycle`: read, replace and remove the rules.

use lambda_runtime::Error;
use rust_rewrite::logging;
use rust_rewrite::web::{Request, Response, Routes, no_route, serve};
use s3_admin::Problem;
use s3_admin::aws::{S3, config};
use s3_admin::lifecycle::{
    Rule, delete_lifecycle_rules, lifecycle_rules, parse_rules, put_lifecycle_rules,
};
use serde::Serialize;

const ROUTES: Routes = &[("/buckets/{bucket}/lifecycle", &["DELETE", "GET", "PUT"])];

#[derive(Serialize)]
struct Lifecycle {
    rules: Vec<Rule>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let s3 = S3::new(&config().await);
    serve(ROUTES, async |request| match request.route() {
        ("GET", _) => show(&s3, request).await,
        ("PUT", _) => replace(&s3, request).await,
        ("DELETE", _) => delete(&s3, request).await,
        _ => Err(no_route()),
    })
    .await
}

async fn show(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    let rules = lifecycle_rules(s3, request.bucket()?).await?;
    Response::json(200, &Lifecycle { rules })
}

async fn replace(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    let rules = parse_rules(&request.json_object()?)?;
    put_lifecycle_rules(s3, request.bucket()?, &rules).await?;
    Response::json(200, &Lifecycle { rules })
}

async fn delete(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    delete_lifecycle_rules(s3, request.bucket()?).await?;
    Ok(Response::empty(204))
}

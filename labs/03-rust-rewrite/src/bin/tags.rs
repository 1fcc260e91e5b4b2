//! `/buckets/{bucket}/tags`: read, replace and remove the tags.

use lambda_runtime::Error;
use rust_rewrite::logging;
use rust_rewrite::web::{Request, Response, Routes, no_route, serve};
use s3_admin::Problem;
use s3_admin::aws::{S3, config};
use s3_admin::buckets::{bucket_tags, check_tags, delete_bucket_tags, put_bucket_tags};
use serde_json::Value;

const ROUTES: Routes = &[("/buckets/{bucket}/tags", &["DELETE", "GET", "PUT"])];

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
    Response::json(200, &bucket_tags(s3, request.bucket()?).await?)
}

async fn replace(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    let tags = check_tags(&Value::Object(request.json_object()?))?;
    put_bucket_tags(s3, request.bucket()?, &tags).await?;
    Response::json(200, &tags)
}

async fn delete(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    delete_bucket_tags(s3, request.bucket()?).await?;
    Ok(Response::empty(204))
}

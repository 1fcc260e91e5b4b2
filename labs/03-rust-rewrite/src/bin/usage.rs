//! `GET /buckets/{bucket}/usage`: where a bucket's bytes are.

use lambda_runtime::Error;
use rust_rewrite::logging;
use rust_rewrite::web::{Request, Response, serve};
use s3_admin::Problem;
use s3_admin::aws::{S3, config};
use s3_admin::usage::{UsageOptions, walk};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let s3 = S3::new(&config().await);
    serve(&[("/buckets/{bucket}/usage", &["GET"])], async |request| {
        usage(&s3, request).await
    })
    .await
}

async fn usage(s3: &S3, request: &Request) -> Result<Response, Problem> {
    let options = UsageOptions::from_query(&request.query)?;
    let bucket = request.bucket()?;
    let report = walk(s3, bucket, &options, Some(request.deadline)).await;
    let report = report.map_err(|error| error.about_bucket(bucket))?;
    Response::json(200, &report)
}

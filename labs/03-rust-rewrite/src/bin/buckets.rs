//! `/buckets` and `/buckets/{bucket}`: the list of buckets, and one bucket with its settings.

use lambda_runtime::Error;
use rust_rewrite::logging;
use rust_rewrite::web::{Request, Response, Routes, no_route, serve};
use s3_admin::Problem;
use s3_admin::aws::{S3, config};
use s3_admin::buckets::{ListedBucket, bucket_details, list_buckets};
use serde::Serialize;

const ROUTES: Routes = &[("/buckets", &["GET"]), ("/buckets/{bucket}", &["GET"])];

#[derive(Serialize)]
struct BucketList {
    buckets: Vec<ListedBucket>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let s3 = S3::new(&config().await);
    serve(ROUTES, async |request| match request.route() {
        ("GET", "/buckets") => list(&s3, request).await,
        ("GET", "/buckets/{bucket}") => details(&s3, request).await,
        _ => Err(no_route()),
    })
    .await
}

async fn list(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    Response::json(
        200,
        &BucketList {
            buckets: list_buckets(s3).await?,
        },
    )
}

async fn details(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    let bucket = request.bucket()?;
    let details = bucket_details(s3, bucket).await;
    Response::json(200, &details.map_err(|error| error.about_bucket(bucket))?)
}

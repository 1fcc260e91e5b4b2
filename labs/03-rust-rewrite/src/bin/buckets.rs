//! `/buckets` and `/buckets/{bucket}`: list, create, details, delete.

use lambda_runtime::Error;
use rust_rewrite::logging;
use rust_rewrite::web::{Request, Response, Routes, no_route, serve};
use s3_admin::Problem;
use s3_admin::aws::{S3, config};
use s3_admin::buckets::{
    ListedBucket, NewBucket, bucket_details, create_bucket, delete_bucket, list_buckets,
};
use serde::Serialize;

const ROUTES: Routes = &[
    ("/buckets", &["GET", "POST"]),
    ("/buckets/{bucket}", &["DELETE", "GET"]),
];

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
        ("POST", "/buckets") => create(&s3, request).await,
        ("GET", "/buckets/{bucket}") => details(&s3, request).await,
        ("DELETE", "/buckets/{bucket}") => delete(&s3, request).await,
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

async fn create(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    let new = NewBucket::parse(&request.json_object()?)?;
    create_bucket(s3, &new).await?;
    let details = bucket_details(s3, &new.name).await?;
    // Relative to the request, so that it holds behind any stage or domain name.
    Ok(Response::json(201, &details)?.with_header("Location", format!("buckets/{}", new.name)))
}

async fn delete(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    delete_bucket(s3, request.bucket()?).await?;
    Ok(Response::empty(204))
}

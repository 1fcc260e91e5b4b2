//! Objects of a bucket: listing, metadata, deleting, presigned URLs.

use lambda_runtime::Error;
use rust_rewrite::logging;
use rust_rewrite::web::{Request, Response, Routes, no_route, serve};
use s3_admin::Problem;
use s3_admin::aws::{S3, config};
use s3_admin::objects;

const ROUTES: Routes = &[
    ("/buckets/{bucket}/objects", &["GET"]),
    ("/buckets/{bucket}/object", &["DELETE", "GET"]),
    ("/buckets/{bucket}/object-url", &["POST"]),
];

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let s3 = S3::new(&config().await);
    serve(ROUTES, async |request| match request.route() {
        ("GET", "/buckets/{bucket}/objects") => list(&s3, request).await,
        ("GET", "/buckets/{bucket}/object") => details(&s3, request).await,
        ("DELETE", "/buckets/{bucket}/object") => delete(&s3, request).await,
        ("POST", "/buckets/{bucket}/object-url") => create_url(&s3, request).await,
        _ => Err(no_route()),
    })
    .await
}

async fn list(s3: &S3, request: &Request) -> Result<Response, Problem> {
    let page = objects::list_request(&request.query)?;
    Response::json(
        200,
        &objects::list_objects(s3, request.bucket()?, page).await?,
    )
}

async fn details(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&["key"])?;
    let key = request.query.key()?;
    Response::json(
        200,
        &objects::object_details(s3, request.bucket()?, key).await?,
    )
}

async fn delete(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&["key", "version_id"])?;
    let key = request.query.key()?;
    let version_id = request.query.short_text("version_id", 1024)?;
    objects::delete_object(s3, request.bucket()?, key, version_id).await?;
    Ok(Response::empty(204))
}

async fn create_url(s3: &S3, request: &Request) -> Result<Response, Problem> {
    let (key, method, seconds) = objects::url_request(&request.query)?;
    Response::json(
        201,
        &objects::object_url(s3, request.bucket()?, key, method, seconds).await?,
    )
}

//! `GET /audit`: what is amiss with the buckets' settings.

use lambda_runtime::Error;
use rust_rewrite::logging;
use rust_rewrite::web::{Request, Response, serve};
use s3_admin::Problem;
use s3_admin::audit::{AuditedBucket, audit_buckets};
use s3_admin::aws::{S3, config};
use serde::Serialize;

#[derive(Serialize)]
struct Audit {
    buckets: Vec<AuditedBucket>,
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    let s3 = S3::new(&config().await);
    serve(&[("/audit", &["GET"])], async |request| {
        audit(&s3, request).await
    })
    .await
}

async fn audit(s3: &S3, request: &Request) -> Result<Response, Problem> {
    request.query.check_names(&[])?;
    Response::json(
        200,
        &Audit {
            buckets: audit_buckets(s3).await?,
        },
    )
}

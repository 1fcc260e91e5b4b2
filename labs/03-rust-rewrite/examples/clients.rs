//! `GET /buckets` with its client made in one of three ways, for `./poe bench labs --only first-call`.
//!
//! The variable `CLIENTS` chooses: `lazy` makes it for the first request, `eager` in INIT, as `src/bin/buckets.rs`
//! does, and `primed` also makes a call with it there, so that the connection is up before the first request.

use lambda_runtime::Error;
use rust_rewrite::web::{Response, serve};
use rust_rewrite::{environment, logging};
use s3_admin::Problem;
use s3_admin::aws::{S3, config};
use s3_admin::buckets::{ListedBucket, list_buckets};
use s3_admin::ports::Buckets;
use serde::Serialize;
use tokio::sync::OnceCell;

#[derive(Serialize)]
struct BucketList {
    buckets: Vec<ListedBucket>,
}

static CLIENT: OnceCell<S3> = OnceCell::const_new();

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    logging::init();
    match environment::required("CLIENTS")?.as_str() {
        "lazy" => {}
        "eager" => _ = client().await,
        "primed" => {
            // What fails here fails again, and is answered, in the request.
            if let Err(error) = client().await.list().await {
                tracing::warn!(%error, "priming failed");
            }
        }
        other => return Err(format!("CLIENTS is {other}, not lazy, eager or primed").into()),
    }
    serve(&[("/buckets", &["GET"])], async |_| {
        list(client().await).await
    })
    .await
}

async fn client() -> &'static S3 {
    CLIENT.get_or_init(async || S3::new(&config().await)).await
}

async fn list(s3: &S3) -> Result<Response, Problem> {
    Response::json(
        200,
        &BucketList {
            buckets: list_buckets(s3).await?,
        },
    )
}

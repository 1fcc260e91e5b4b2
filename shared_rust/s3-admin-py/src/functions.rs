//! The functions of the module; what they take and give is documented in `_core.pyi`.

use crate::errors::Failure;
use crate::runtime::{block_on, s3};
use pyo3::prelude::*;
use pythonize::pythonize;
use s3_admin::usage::{UsageOptions, walk};
use s3_admin::{Problem, audit, buckets, params};
use serde::Serialize;
use std::time::{Duration, Instant};

/// Makes the S3 client, so that the first call does not pay for it.
#[pyfunction]
pub fn warm_up(py: Python<'_>) -> PyResult<()> {
    let work = async {
        s3().await;
        Ok(())
    };
    block_on(py, work, None)
}

/// All buckets by name, each with its region.
#[pyfunction]
#[pyo3(signature = (*, timeout = None))]
pub fn list_buckets(py: Python<'_>, timeout: Option<f64>) -> PyResult<Bound<'_, PyAny>> {
    let deadline = deadline(timeout).map_err(|failure| failure.raise(py))?;
    let work = async { Ok(buckets::list_buckets(s3().await).await?) };
    to_python(py, &block_on(py, work, deadline)?)
}

/// One bucket with its settings.
#[pyfunction]
#[pyo3(signature = (bucket, *, timeout = None))]
pub fn bucket_details<'py>(
    py: Python<'py>,
    bucket: &str,
    timeout: Option<f64>,
) -> PyResult<Bound<'py, PyAny>> {
    let deadline = deadline(timeout).map_err(|failure| failure.raise(py))?;
    let work = async {
        params::bucket_name(bucket)?;
        buckets::bucket_details(s3().await, bucket)
            .await
            .map_err(Failure::about(bucket))
    };
    to_python(py, &block_on(py, work, deadline)?)
}

/// What is amiss with the buckets' settings.
#[pyfunction]
#[pyo3(signature = (*, timeout = None))]
pub fn audit_buckets(py: Python<'_>, timeout: Option<f64>) -> PyResult<Bound<'_, PyAny>> {
    let deadline = deadline(timeout).map_err(|failure| failure.raise(py))?;
    let work = async { Ok(audit::audit_buckets(s3().await).await?) };
    to_python(py, &block_on(py, work, deadline)?)
}

/// Sums up the objects of a bucket.
#[pyfunction]
#[pyo3(signature = (
    bucket, *, prefix = "", depth = 1, top = 10, delimiter = "/", after = None, cursor = None, timeout = None
))]
#[expect(clippy::too_many_arguments, reason = "keyword arguments in Python")]
pub fn usage<'py>(
    py: Python<'py>,
    bucket: &str,
    prefix: &str,
    depth: usize,
    top: usize,
    delimiter: &str,
    after: Option<String>,
    cursor: Option<&str>,
    timeout: Option<f64>,
) -> PyResult<Bound<'py, PyAny>> {
    let options = UsageOptions {
        prefix: prefix.to_owned(),
        depth,
        top,
        delimiter: delimiter.to_owned(),
        after,
    };
    let deadline = deadline(timeout).map_err(|failure| failure.raise(py))?;
    let work = async {
        let options = options.checked()?.starting_at(cursor)?;
        params::bucket_name(bucket)?;
        walk(s3().await, bucket, &options, deadline)
            .await
            .map_err(Failure::about(bucket))
    };
    to_python(py, &block_on(py, work, deadline)?)
}

fn deadline(timeout: Option<f64>) -> Result<Option<Instant>, Failure> {
    let Some(seconds) = timeout else {
        return Ok(None);
    };
    let wait = Duration::try_from_secs_f64(seconds).ok();
    let deadline = wait.and_then(|wait| Instant::now().checked_add(wait));
    let invalid =
        || Problem::bad_request("'timeout' must be a number of seconds, 0 or more").into();
    deadline.map(Some).ok_or_else(invalid)
}

fn to_python<'py>(py: Python<'py>, answer: &impl Serialize) -> PyResult<Bound<'py, PyAny>> {
    Ok(pythonize(py, answer)?)
}
